"""What is in it: the data set, alignments and checks, from Python as from the command."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import pytest

import monazite as mz
from monazite.errors import UnknownNameError, UnreadableError
from tests.cli.conftest import Run
from tests.conftest import view_in_memory


def test_the_data_set_is_what_the_command_describes(run: Run) -> None:
    found = mz.load().info("Dy")
    words = ("info", "-e", "Dy")
    assert json.loads(run(*words, "-f", "json").out) == json.loads(found.to_json())
    assert run(*words).out == found.to_text(width=80)
    assert run(*words, "-f", "turtle").out == found.to_turtle()
    assert hash(found) == hash(deepcopy(found))
    assert repr(found).startswith("<DatasetDescription ")
    assert len(repr(found)) < 200
    assert set(found.to_dataframe()["table"]) >= {"facilities", "policies"}


def test_alignments_are_what_the_command_lists(run: Run) -> None:
    found = mz.load().alignments("Policy")
    words = ("alignments", "Policy")
    assert json.loads(run(*words, "-f", "json").out) == json.loads(found.to_json())
    assert run(*words).out == found.to_text(width=80)
    assert run(*words, "-f", "sssom").out == found.to_sssom()
    assert {found, mz.load().alignments("Policy")} == {found}
    assert (len(found), repr(found)) == (len(list(found)), f"<Alignments {len(found)} of Policy>")
    assert len(found.to_dataframe()) == len(found)
    with pytest.raises(UnknownNameError, match="No alignment speaks of"):
        view_in_memory().alignments("Polcy")


def test_a_check_needs_no_view(run: Run, small_ontology: Path) -> None:
    file = small_ontology / "tables" / "facilities.csv"
    with file.open("a", encoding="utf-8") as lines:
        lines.write("new-plant,New plant,,XXX,,,annual,\n")
    found = mz.check(small_ontology)
    assert found == mz.check(str(small_ontology))
    assert not found.ok
    assert json.loads(run("check", str(small_ontology), "-f", "json").out) == json.loads(
        found.to_json()
    )
    assert run("check", str(small_ontology)).out == found.to_text()
    assert (len({found}), len(found), len(found.to_dataframe())) == (1, 1, 1)
    assert repr(found).endswith(" tables: 1 fault>")
    with pytest.raises(UnreadableError):
        mz.check("/nowhere")


def test_the_reference_is_a_page() -> None:
    assert mz.reference().startswith("<!doctype html>")
