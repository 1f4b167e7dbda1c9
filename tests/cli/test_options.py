"""A command has the options and defaults of the verb of its name: one door, two handles."""

from __future__ import annotations

import csv
import inspect
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import monazite
from monazite.tables import FORMATS
from monazite.view import View
from tests.cli.conftest import Run
from tests.reference_pages import build

VERBS = {
    "centrality": ("centrality", "centrality_over_years"),
    "chokepoints": ("chokepoints", "draws", "pairs", "after"),
    "concentration": ("concentration", "indices"),
    "cuts": ("cuts", "fixes"),
    "import": ("import_file",),
    "new-table": ("new_table",),
    "policies": ("policies", "rules"),
    "scenario": ("scenario", "scenarios", "scenario_list", "check_scenario"),
    "trade": ("aggregate_trade",),
}
"""Commands that ask more than the verb of their name."""
WRITING = {
    "*": {"fmt", "output", "full"},
    "balance": {"top", "assumptions", "svg", "html", "write_lp"},
    "centrality": {"page"},
    "brief": {"pdf", "docx", "pptx", "markdown", "template", "sign"},
    "chokepoints": {"top", "assumptions", "graph", "full", "all_links"},
    "doubt": {"top"},
    "exposure": {"blank", "matches_out", "questions"},
    "figure": {"dark", "dpi"},
    "explore": {"file"},
    "graph": {"embed", "svg", "png", "scale", "width", "file", "show", "top"},
    "import": {"fetch", "output", "yes"},
    "query": {"list_them", "prefixes", "records"},
    "reference": {"file"},
    "replace": {"svg"},
    "scenario": {"beside"},
    "show": {"limit", "full"},
    "timeline": {"svg", "html"},
    "verify": {"no_cache"},
}
"""Options that only say how what was found is written."""
PER_CENT = {("brief", "approval"), ("chokepoints", "approval"), ("cuts", "left")}
RENAMED = {
    ("chokepoints", "draws"): "count",
    ("cuts", "fix"): "what",
    ("export", "fmt"): "format",
    ("query", "param"): "parameters",
}
CHOOSES = {
    "centrality": {"years"},
    "chokepoints": {"pairs", "count", "after"},
    "concentration": {"indices"},
    "cuts": {"what"},
    "policies": {"rules"},
    "scenario": {"action"},
    "trade": {"action"},
}
"""Options that choose the verb."""
NEEDS_NO_VIEW = {
    *("check", "contribute", "import", "new-table", "reference", "release", "trade", "verify"),
}
SERVES = {"mcp", "serve"}
"""Commands that answer questions until they are stopped: they are no verb and write nothing."""
ONLY_IN_PYTHON = {
    "days",  # of exposure: --valid with commas
    "questionnaire",  # of exposure: --questions FILE writes it
    "given",
    "network",
    "report",
    "findings",
    "heading",
    "progress",
    "step",
    "cache",
    "ontology",
}


def verbs_of(command: str) -> dict[str, Callable[..., object] | None]:
    names = VERBS.get(command, (command,))
    home = monazite if command in NEEDS_NO_VIEW else View
    return {name: getattr(home, name, None) for name in names}


def options_of(command: str) -> dict[str, Any]:
    writing = WRITING["*"] | WRITING.get(command, set())
    return {
        RENAMED.get((command, option.name), option.name): option
        for option in build.options_of(build.commands()[command])
        if (command, option.name) in RENAMED or option.name not in writing
    }


def parameters_of(verb: Callable[..., object]) -> dict[str, inspect.Parameter]:
    return {
        name: each
        for name, each in inspect.signature(verb).parameters.items()
        if name not in {"self", *ONLY_IN_PYTHON}
    }


def differences(command: str) -> Iterator[str]:
    verbs = verbs_of(command)
    yield from (f"{command}: no verb {name}" for name, verb in verbs.items() if verb is None)
    found = {name: parameters_of(verb) for name, verb in verbs.items() if verb is not None}
    options = options_of(command)
    for name, option in options.items():
        having = {verb: each[name] for verb, each in found.items() if name in each}
        if not having and found and name not in CHOOSES.get(command, ()):
            yield f"{command} --{name}: no parameter"
        for verb, parameter in having.items():
            default = option.default
            if (command, name) in PER_CENT:
                default = default / 100
            if name not in CHOOSES.get(command, ()) and not same(default, parameter):
                yield f"{command} --{name}: {default} is {parameter.default} in {verb}"
    for verb, parameters in found.items():
        told = {*options} | CHOOSES.get(command, set()) | WRITING.get(command, set())
        for name in {*parameters} - told:
            yield f"{verb}({name}): no option"


def same(default: object, parameter: inspect.Parameter) -> bool:
    """Tell whether a default is the same; what is not given is None, empty, stdin, or required."""
    nothing = (None, "", "-", (), inspect.Parameter.empty)
    return default == parameter.default or (default in nothing and parameter.default in nothing)


def test_commands_and_verbs_take_the_same() -> None:
    found = {each for command in {*build.commands()} - SERVES for each in differences(command)}
    assert sorted(found) == []


FOLDERS = {"import"}
"""Commands that write a folder, which stdout cannot be."""
TABLES_NOWHERE = {"brief", "explore", "export", "figure", "graph", "reference", "verify"}
"""Commands that write a page, a picture, a file of others or sentences, and no tables."""


@pytest.mark.parametrize("command", sorted({*build.commands()} - SERVES))
def test_where_to_and_in_which_format_is_said_alike(command: str) -> None:
    options = {each.name: each for each in build.commands()[command].params}
    place = options["output"]
    assert {*place.opts} >= {"--output", "-o"}
    assert command in FOLDERS or "- is stdout" in place.help
    if command in TABLES_NOWHERE:
        return
    fmt = options["fmt"]
    assert {*fmt.opts} == {"--format", "-f"}
    assert [word for word in FORMATS if word not in fmt.help] == []
    context = typer.Context(build.commands()[command])
    assert fmt.process_value(context, "md") == "markdown"


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_file_gets_what_stdout_would(fmt: str, run: Run, tmp_path: Path) -> None:
    words = ("policies", "--by", "JPN", "-f", fmt)
    shown = run(*words)
    assert shown.out
    assert run(*words, "-o", "-").out == shown.out
    written = run(*words, "-o", str(tmp_path / "acts"))
    assert (written.code, written.out) == (0, "")
    assert (tmp_path / "acts").read_text(encoding="utf-8") == shown.out


def test_csv_and_tsv_have_the_same_cells(run: Run) -> None:
    words = ("parents", "mountain-pass", "-f")
    commas = csv.reader(io.StringIO(run(*words, "csv").out))
    tabs = csv.reader(io.StringIO(run(*words, "tsv").out), "excel-tab")
    assert [*commas] == [*tabs]


def test_a_place_is_named_once(run: Run) -> None:
    said = run("graph", "a.html", "-o", "b.html").assert_refused()
    assert said == "Two places are named, a.html and b.html; name one."
