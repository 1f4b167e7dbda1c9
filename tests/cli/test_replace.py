"""``monazite replace``: the question of Germany, its picture, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import view_in_memory


def test_the_question_of_germany_is_answered_in_one_command(run: Run) -> None:
    done = run("replace", "-e", "Dy", "--from", "CHN", "-m", "DEU", "--by", "2028")
    assert done.code == 0
    assert done.prose.startswith("Dy for Germany without China, by the end of 2028")
    for said in ("with what runs today", "if all begins when its owner says", "Caremag", "odds"):
        assert said in done.prose


def test_json_is_that_of_the_view(run: Run) -> None:
    done = run("replace", "-e", "Dy", "-m", "DEU", "--by", "2028", "-f", "json")
    found = view_in_memory().replace("Dy", "DEU", by=2028)
    assert done.out == found.to_json()
    assert json.loads(done.out)["covered"]["value"] == found.asked.covered.value


def test_the_picture_is_written_beside_the_table(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "years.svg"
    done = run("replace", "-e", "Dy", "-m", "DEU", "--svg", str(place))
    assert (done.code, done.err) == (0, f"The figure is in {place}.\n")
    assert place.read_text("utf-8").startswith("<svg")
    alone = run("replace", "-e", "Dy", "-m", "DEU", "--svg", "-")
    assert alone.out == place.read_text("utf-8")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("-m", "CHN"), "China cannot be replaced for itself: name another market."),
        (("--from", "Atlantis"), 'There is no name "Atlantis"'),
        (("--by", "2099"), "2099"),
        (("-e", "MREE"), "ask for one of NdPr, Dy, Tb."),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(
    run: Run, asked: tuple[str, ...], said: str
) -> None:
    done = run("replace", *asked)
    assert done.code == 2
    assert done.out == ""
    assert said in " ".join(done.err.split())
