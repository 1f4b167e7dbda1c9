"""One door: a finding has its verb, its command, its tests and its row in the README, or fails.

What is missing is said in a sentence each, so that one can work down the list.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import monazite
from monazite.result import Frozen, Result
from tests.cli.test_every_command import VERBS
from tests.mirror import TESTS, is_tested, mirrored
from tests.reference_pages import build
from tests.results import is_own, own_results
from tests.test_readme_tables import ASKED

SERVES = {
    **dict.fromkeys(("describe", "line", "rows", "facts", "network"), "what all start from"),
    **dict.fromkeys(("evidence", "sources"), "who says the rows of a result"),
    "catalogue": "the formats of info for catalogues of data",
    "centrality_html": "the option --page of centrality",
    "exposure_html": "the option --output of exposure, where its file ends in .html",
    "exposure_xlsx": "the same, where it ends in .xlsx",
    "open_here": "serve, mcp and sweeps, whose workers open the tables",
    "store_of": "pages and claims that look beyond the filters of the view",
    "reason": "the option --reason of query",
    "balance_html": "the option --html of balance",
    "balance_programme": "the option --write-lp of balance",
    "balance_svg": "the option --svg of balance",
    "replacement_figure": "the option --svg of replace",
    "scenario_figure": "the option --output of scenario, where its file ends in .svg or .png",
    "scenario_html": "the option --output of scenario, where its file ends in .html",
    "timeline_html": "the option --html of timeline",
    "timeline_svg": "the option --svg of timeline",
}
"""Methods of the view that are no verb of their own, with what they serve."""
PARTS = {
    "CutsAndFixes": "cuts --fix writes two results, one below the other",
    "Triples": "an Answer to CONSTRUCT and DESCRIBE",
    "YesOrNo": "an Answer to ASK",
}
"""Results that no verb names, with what they are."""
BLOCKS = {
    "find_backbone": "the picture of GraphPage",
    "find_candidates": "what may fail, of Chokepoints, JointFailures and EvidenceCut",
    "find_marginal_values": "the margins of AfterFailure",
    "find_mapped_flows": "the trade on the map, a Figure",
    "find_mapped_sites": "the points of the map, a Figure",
    "find_routes": "disjoint routes, of Chokepoints and Cuts",
    "find_shifts": "the shifts of AfterFailure",
    "find_sites": "the candidates of Replacement",
    "find_slips": "how plans slipped, of Replacement",
    "find_structure": "the structure of Cuts",
    "find_superseded": "rows that newer editions replace, of Conflicts",
    "find_things": "what may fail, each once, of JointFailures and Draws",
    "find_verdict": "the verdict of a claim, of Claims",
    "find_claims": "the claims that choose_claims puts into Claims",
    "find_short_card": "the card of an EntityCard, which a reader sees first",
    "find_own_conflicts": "those of own rows, of Report and Contribution",
    "find_conflicts": "the conflicts that View.conflicts puts into Conflicts",
}
"""Findings that return no result, with the result whose part they are."""
SEARCHES = {
    "MonthsRun": "months under way: each month adds its numbers",
    "OverturningSearch": "a search under way: it counts what it has tried",
    "_CutSearch": "a search under way: it counts what it has tried",
}
"""Dataclasses of findings that change while they work, with what they are; no verb returns one."""
SHARED = {field.name for field in dataclasses.fields(Result)} | {
    *("records", "row_keys", "content", "tables", "to_dict", "to_dataframe"),
}

Functions = Mapping[str, Callable[..., object]]


def names_for(function: Callable[..., object]) -> dict[str, object]:
    """What an annotation of a function may name: also what is imported for annotations only."""
    return names_in(function.__module__)


@cache
def names_in(home: str) -> dict[str, object]:
    """The same of all functions of a module, read once."""
    module = sys.modules[home]
    names = dict(vars(module))
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            exec(compile(ast.Module(node.body, []), module.__name__, "exec"), names)
    return names


def returned_by(functions: Functions) -> dict[type, set[str]]:
    """The results that functions return, with the names of the functions."""
    found: dict[type, set[str]] = {}
    for name, function in functions.items():
        hints = typing.get_type_hints(function, names_for(function))
        for kind in (hints["return"], *typing.get_args(hints["return"])):
            if isinstance(kind, type) and issubclass(kind, Result):
                found.setdefault(kind, set()).add(name)
    return found


def commands_of(verb: str) -> set[str]:
    """The commands that ask a verb."""
    return {name for name in build.commands() if verb in VERBS.get(name, (name,))}


def missing_of_result(kind: type, verbs: Functions) -> Iterator[str]:
    """What a result lacks, in sentences."""
    if kind.__name__ in PARTS:
        return
    home = kind.__module__.removeprefix("monazite.").replace(".", "/") + ".py"
    asking = returned_by(verbs).get(kind)
    if not asking:
        yield (
            f"{kind.__name__} ({home}) is returned by no verb: write a method of View in the file "
            "of graph/monazite/view for its row of README, or say in PARTS what it is."
        )
    if kind.__name__ not in monazite.__all__:
        yield (
            f"{kind.__name__} cannot be imported for annotations: add it to "
            "graph/monazite/__init__.py."
        )
    if not is_tested(home):
        wanted = mirrored(home).relative_to(TESTS.parent).as_posix()
        yield f"{kind.__name__} ({home}) has no test of its numbers: write {wanted}."


def findings() -> Iterator[ast.Module]:
    """The modules of the findings, parsed."""
    folder = Path(monazite.__file__).parent / "findings"
    for file in sorted(folder.rglob("*.py")):
        yield ast.parse(file.read_text(encoding="utf-8"))


def missing_of_finding(name: str, returns: str) -> Iterator[str]:
    """What a function ``find_...`` lacks, in a sentence."""
    if returns not in own_results() and name not in BLOCKS:
        yield (
            f"{name} returns {returns}, which is no Result: make it a frozen subclass of "
            "monazite.result.Result, or say in BLOCKS of which result it is a part."
        )


def test_every_finding_returns_a_result() -> None:
    found = {
        each.name: ast.unparse(each.returns) if each.returns else "nothing"
        for module in findings()
        for each in module.body
        if isinstance(each, ast.FunctionDef) and each.name.startswith("find_")
    }
    lacks = [said for name, told in found.items() for said in missing_of_finding(name, told)]
    assert not lacks, "\n".join(lacks)
    assert [name for name in BLOCKS if found.get(name, "") in ("", *own_results())] == []
    assert [*missing_of_finding("find_new", "list[New]")] != []


def test_what_findings_hand_over_is_frozen() -> None:
    thawed = {
        node.name
        for module in findings()
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
        for each in node.decorator_list
        if "dataclass" in ast.unparse(each) and "frozen=True" not in ast.unparse(each)
    }
    assert thawed == {*SEARCHES}, "write @dataclass(frozen=True), or say in SEARCHES what it is"


def missing_of_verb(verb: str) -> Iterator[str]:
    """What a verb of the view lacks, in sentences."""
    if verb in SERVES:
        return
    commands = commands_of(verb)
    if not commands:
        yield (
            f"View.{verb} has no command: write graph/monazite/cli/{verb}.py and add it to "
            "graph/monazite/cli/app.py, name the command that asks it in VERBS of "
            "tests/cli/test_options.py, or say in SERVES what it serves."
        )
    for command in sorted(commands):
        yield from missing_of_command(command)


def missing_of_command(command: str) -> Iterator[str]:
    """What a command lacks, in sentences."""
    file = TESTS / "cli" / f"test_{command.replace('-', '_')}.py"
    if not file.is_file():
        yield f"monazite {command} has no test: write tests/cli/{file.name}."
    if command not in set().union(*ASKED.values()):
        yield f'monazite {command} stands in no row of the table "you ask" of README.md.'


def view_verbs() -> Functions:
    found: Functions = build.verbs()
    return found


def all_functions() -> Functions:
    """Verbs and public functions, but for ``graph``, which returns nothing.

    What it takes is a class of networkx with a parameter, which only a type checker can read.
    """
    functions: Functions = build.functions()
    return {**view_verbs(), **{name: functions[name] for name in functions if name != "graph"}}


def test_every_result_has_its_verb_its_name_and_its_test() -> None:
    functions = all_functions()
    lacks = [each for kind in own_results().values() for each in missing_of_result(kind, functions)]
    assert not lacks, "\n".join(lacks)
    assert {*PARTS} <= {*own_results()}


def test_every_verb_has_its_command_with_a_test_and_a_row_of_the_readme() -> None:
    lacks = {each for verb in view_verbs() for each in missing_of_verb(verb)}
    lacks |= {each for command in build.commands() for each in missing_of_command(command)}
    assert not lacks, "\n".join(sorted(lacks))
    assert {*SERVES} <= {*view_verbs()}, "no exception without its need"


def test_what_is_missing_is_said() -> None:
    fields = [("share", float)]
    New = dataclasses.make_dataclass("New", fields, bases=(Result,), frozen=True)  # noqa: N806
    New.__module__ = "monazite.findings.new.new"
    said = [*missing_of_result(New, {}), *missing_of_verb("new"), *missing_of_command("new")]
    assert [re.findall(r" (?:is|cannot|has|stands) [\w ]+", each)[0].strip() for each in said] == [
        "is returned by no verb",
        "cannot be imported for annotations",
        "has no test of its numbers",
        "has no command",
        "has no test",
        "stands in no row of the table",
    ]


def test_verbs_tell_their_types() -> None:
    for name, verb in all_functions().items():
        hints = typing.get_type_hints(verb, names_for(verb))
        assert {*hints} == {*build.parameters_of(verb), "return"}, name


@pytest.mark.parametrize("name", sorted(own_results()))
def test_a_result_is_a_frozen_value_with_what_all_have(name: str) -> None:
    kind = own_results()[name]
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert kind.__hash__ not in (None, object.__hash__)
    unwritten = [each for each in ("content", "tables") if each not in own_members(kind)]
    assert unwritten == []
    assert {each for each in SHARED if not hasattr(kind, each)} <= {*fields_of(kind)}
    assert mutable_fields(kind) == []


def own_members(kind: type) -> set[str]:
    """The names that a result or what it is made from defines, short of ``Result``."""
    return {name for each in kind.__mro__ if is_own(each) for name in vars(each)}


def fields_of(kind: type[Result]) -> dict[str, str]:
    return {each.name: str(each.type) for each in dataclasses.fields(kind)}


def mutable_fields(kind: type[Result]) -> list[str]:
    """Fields declared as something that can be changed; a mapping is frozen when it is kept."""
    told = fields_of(kind).items()
    return [name for name, text in told if re.match(r"(list|dict|set)\b", text)]


def test_whatever_a_finding_hands_over_its_result_is_frozen_and_hashes() -> None:
    for name, kind in own_results().items():
        if kind.__post_init__ is not Result.__post_init__:
            continue
        held: dict[str, Any] = {each: {"key": [1, {2}]} for each in fields_of(kind)}
        made = kind(**held)
        assert hash(made) == hash(kind(**held)), name
        assert all(isinstance(getattr(made, each), Frozen) for each in held), name
