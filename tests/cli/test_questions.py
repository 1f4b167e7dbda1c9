"""Every question of the registry: its example runs, and all who ask it get the same answer."""

from __future__ import annotations

import doctest
import json
from typing import Any

import pytest

import monazite
from monazite.asking.question import askers, by_group, find_question, questions
from monazite.cli.app import GROUPS
from monazite.core.package import question_names
from monazite.core.results import NotKnown
from monazite.server.assistants.answers import answer_tool
from monazite.server.assistants.tools import offers
from monazite.server.findings import answer_finding, served_verbs
from monazite.view.view import View
from tests.cli.conftest import Run
from tests.cli.contract import faults_of
from tests.cli.test_every_command import assert_is_a_value
from tests.conftest import view_in_memory
from tests.model.evidence_by_hand import CUT
from tests.sharing import only_whole

ASKED: dict[str, dict[str, Any]] = {
    "after": {"element": "Sm", "line": "China separation", "year": 2024},
    "alignments": {"term": "Policy"},
    "ask": {"words": "who owns"},
    "backtest": {"episode": "2010"},
    "balance": {"element": "Dy", "year": 2023},
    "centrality": {"element": "Dy", "kind": "firms"},
    "centrality_over_years": {"element": "Dy"},
    "check_scenario": {"name": "kuantan-closed"},
    "chokepoints": {"element": "Dy", "event": "licence", "approval": 0.2},
    "claims": {"text": "c18"},
    "concentration": {"stage": "mine", "series": True},
    "conflicts": {"name": "China", "kind": "all"},
    "cuts": {"element": "Dy", "market": "USA", "left": 0.5},
    "diff": {"date1": "2014-12-31", "date2": "2016-06-30", "element": "Dy"},
    "doubt": {"element": "Dy", "exact": 1, "trials": 0},
    "draws": {"element": "Sm", "count": 2, "year": 2024},
    "fixes": {"element": "Dy", "market": "USA", "what": "mine/MMR"},
    "hindcast": {},
    "indices": {"element": "Dy", "market": "Japan"},
    "info": {"element": "Dy"},
    "pairs": {"element": "Sm", "year": 2024},
    "parents": {"name": "ngualla"},
    "policies": {"to": "JPN", "by": "CHN"},
    "replace": {"element": "Dy", "market": "DEU", "by": 2028, "country": "CHN"},
    "reproduce": {},
    "rules": {"element": "Dy", "by": "CHN"},
    "scenario": {"name": "kuantan-closed", "months": 12},
    "scenario_list": {},
    "scenarios": {"months": 3},
    "show": {"name": "白云鄂博"},
    "timeline": {"policy": "mofcom-2025-61"},
}
"""What is asked of each question, by the names of its parameters outside Python."""
BESIDE = ("after", "draws", "fixes", "pairs")  # what a command prints beside another answer
LONG = (
    *("after", "backtest", "centrality", "centrality_over_years", "chokepoints", "conflicts"),
    *("cuts", "doubt", "draws", "fixes", "hindcast", "pairs", "replace", "reproduce", "scenarios"),
)
CASES = [*only_whole(*LONG), *sorted({*question_names()} - {*LONG})]


def words_of(name: str, given: dict[str, Any]) -> list[str]:
    """The words of the command line that ask a question."""
    command, *flags = askers()[name].split()
    words = [command, *flags] + (["2018:2024"] if flags == ["--years"] else [])
    for each in find_question(name).params:
        if each.outside in given:
            value = given[each.outside]
            text = str(100 * value if each.told.percent else value)
            flag = [f"--{each.flag}"]
            words += [text] if each.told.position else flag if value is True else [*flag, text]
    return words


@pytest.mark.parametrize("name", CASES)
def test_all_who_ask_it_get_the_same_answer(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    # That cut takes a minute, and its example in Python works it out anew.
    found_cut = "monazite.analysis.robustness.evidence_cut.find_evidence_cut"
    monkeypatch.setattr(found_cut, lambda *_, **__: CUT)
    asked, given, view = find_question(name), ASKED[name], view_in_memory()
    found = asked.ask_outside(view, given)
    assert_is_a_value(found)
    assert faults_of(name, json.loads(found.to_json())) == []
    first = found if asked.first is None else getattr(found, asked.first[0])(asked.first[1])
    assert answer_finding(view, {"name": name, "values": given}) == first.to_json().encode()
    if asked.title:
        told = json.loads(answer_tool(view, {"tool": name, "arguments": given}))
        assert told["headline"] == found.headline()
        assert {*told["answer"]} == {*found.content()}
    if name not in BESIDE:
        words = words_of(name, given)
        assert run(*words, "-f", "json").out == first.to_json()
        assert run(*words, "-f", "csv").out == first.to_csv()


UNKNOWN = {
    "after": ("Ho", "mine/CHN"),
    "doubt": ("Y", ""),
    "draws": ("Eu", "2"),
    "fixes": ("Ce", ""),
    "pairs": ("Gd", ""),
    "replace": ("La", ""),
}
"""Questions of losses, of elements whose use no record gives."""


@pytest.mark.parametrize("name", UNKNOWN)
def test_where_no_use_is_known_all_who_ask_of_losses_get_the_sentence_why(
    name: str, run: Run
) -> None:
    element, word = UNKNOWN[name]
    asked, given, view = find_question(name), {"element": element}, view_in_memory()
    given |= {"line": word} if name == "after" else {}
    found = asked.ask_outside(view, given)
    assert isinstance(found, NotKnown)
    sentence = f"We found no figures for how much {element} is used"
    assert found.why.startswith(sentence)
    assert faults_of(name, json.loads(found.to_json())) == []
    assert answer_finding(view, {"name": name, "values": given}) == found.to_json().encode()
    if asked.title:
        told = json.loads(answer_tool(view, {"tool": name, "arguments": given}))
        assert (told["known"], told["answer"], told["not_known"]) == (False, None, [found.why])
    command, *flags = askers()[name].split()
    value = word or "first" if name == "fixes" else word
    words = [command, "-e", element, *flags, *filter(None, [value if flags else ""])]
    for fmt in ("table", "json", "csv"):
        ended = run(*words, "-f", fmt)
        assert ended.code == 0, ended
        assert sentence in " ".join(f"{ended.out} {ended.err}".split())
        if fmt == "json":
            assert faults_of(command, json.loads(ended.out)) == []


@pytest.mark.parametrize("name", CASES)
def test_its_example_in_python_prints_what_it_says(name: str) -> None:
    asked = find_question(name)
    example = doctest.DocTestParser().get_doctest(asked.documentation, {}, name, None, None)
    assert len(example.examples) > 1
    assert doctest.DocTestRunner().run(example).failed == 0


def test_a_question_is_there_for_all_who_may_ask_it() -> None:
    for asked in questions().values():
        assert asked.verb in vars(View.__mro__[-2])
        takes_a_file = any(each.told.file for each in asked.params)
        assert (asked.verb in served_verbs()) != takes_a_file
        assert (asked.verb in offers()) == bool(asked.title)
        told = {*asked.signature.return_annotation.split(" | ")} - {"OrNotKnown"}
        assert told <= {*monazite.__all__}
        assert asked.group or askers()[asked.verb] != asked.verb, "no command asks it"
    assert {group for group, _ in by_group()} <= {*GROUPS}
