"""Doubt from the command line: what it asks for, what it writes, and bad input."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.findings.evidence_by_hand import CUT
from tests.results import assert_is_what_the_command_prints


def test_the_options_reach_the_cut_and_the_view_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def find(network: Any, facts: Any, schema: Any, question: Any, **more: Any) -> Any:
        asked.update(more, market=network.graph["market"], element=facts.symbol)
        asked.update(horizon=question.horizon, event=question.event)
        return CUT

    monkeypatch.setattr("monazite.findings.doubt.evidence_cut.find_evidence_cut", find)
    done = run(
        *("doubt", "-e", "Sm", "--exact", "3", "--trials", "9", "--threshold", "93.7"),
        *("--horizon", "immediate", "--year", "2023", "-f", "json"),
    )
    assert done.code == 0
    assert asked.pop("step") is not None
    assert asked.pop("threshold") == pytest.approx(0.937)
    assert asked == {
        "element": "Sm",
        "market": "WLD",
        "horizon": "immediate",
        "event": "outage",
        "year": 2023,
        "size": 3,
        "bound": 9,
    }
    found = json.loads(done.out)
    assert found["first"] == "mine/A"
    assert found["view"]["without"] == []


@pytest.mark.whole
def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    done = run("doubt", "-e", "Sm", "--exact", "1", "--trials", "0", "--top", "4", "-f", "json")
    found = view_in_memory().doubt("Sm", exact=1, trials=0)
    assert_is_what_the_command_prints(found.top(4), done.out)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-e", "Xx"], "Xx"),
        (["-m", "Atlantis"], "Atlantis"),
        (["-f", "yaml"], 'There is no format "yaml"'),
        (["--horizon", "soon"], 'There is no horizon "soon"'),
        (["--without", "nothing-like-this"], "nothing-like-this"),
        (["-e", "Sm", "-m", "USA"], "what the United States loses is not known"),
    ],
)
def test_bad_input_is_one_sentence(words: list[str], said: str, run: Run) -> None:
    assert said in run("doubt", *words).assert_refused()
