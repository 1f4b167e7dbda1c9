"""Ranges that were drawn with a release: they stand beside its own losses, and beside no other."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from monazite.findings.losses.released_ranges import (
    ABOUT,
    COLUMNS,
    QUESTION_COLUMNS,
    QUESTIONS,
    ReleasedRanges,
    hash_of_file,
)
from monazite.findings.losses.result import Chokepoints
from tests.conftest import view_in_memory
from tests.draw_ranges import FOLDER, model_hash

NAMES = ("Sm",)


def report() -> Chokepoints:
    found = view_in_memory().chokepoints("Sm", year=2024)
    return replace(
        found, draws=None, chokepoints=tuple(x.with_range(None) for x in found.chokepoints)
    )


def told(folder: Path, **changes: object) -> None:
    """Write what the ranges are, with some of it changed."""
    names = ("Sm.csv", QUESTIONS)
    said: dict[str, object] = {"event": "outage", "horizon": "short-run", "year": 2024}
    said |= {"draws": 100, "seed": 0, "tables": "abc", "model": ""}
    said["files"] = {name: hash_of_file((folder / name).read_bytes()) for name in names}
    (folder / ABOUT).write_text(json.dumps(said | changes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ranges of samarium: of each line between half of its loss and its loss."""
    lines = [",".join(COLUMNS)]
    for line in report().chokepoints:
        loss = line.loss or 0.0
        numbers = (loss, loss / 2, loss, loss, line.home_first or 0.0, 0.0, 1.0)
        lines.append(",".join(["WLD", line.id, *(f"{x:.7f}" for x in numbers), "Assay: X"]))
    (tmp_path / "Sm.csv").write_text("\n".join(lines))
    head, row = ",".join(QUESTION_COLUMNS), "Sm,WLD,3,0.2000,1.0,2.0,3.0"
    (tmp_path / QUESTIONS).write_text(f"{head}\n{row}\n")
    told(tmp_path)
    return tmp_path


def test_ranges_stand_beside_the_losses_that_they_were_drawn_for(folder: Path) -> None:
    found = ReleasedRanges(folder, "abc").beside(report(), NAMES)
    assert found.draws is not None
    assert (found.draws.count, found.draws.rejected, found.draws.shipped) == (100, 3, True)
    for line in found.chokepoints:
        assert line.loss_high == pytest.approx(line.loss, abs=1e-6)
        assert (line.home_first_low, line.home_first_high) == (0.0, 1.0)
        assert line.moved_by == "Assay: X"


def test_nothing_stands_beside_other_tables_losses_or_questions(folder: Path) -> None:
    asked = report()
    assert ReleasedRanges(folder, "other").beside(asked, NAMES) == asked
    assert ReleasedRanges(folder, "abc").beside(asked, ("Dy",)) == asked
    assert asked.base is not None
    later = replace(asked, base=replace(asked.base, horizon="medium-run"))
    assert ReleasedRanges(folder, "abc").beside(later, NAMES) == later
    first, *others = asked.chokepoints
    moved = replace(asked, chokepoints=(replace(first, loss=0.5), *others))
    assert ReleasedRanges(folder, "abc").beside(moved, NAMES) == moved
    (folder / ABOUT).write_text("{")
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked
    (folder / ABOUT).unlink()
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked


@pytest.mark.parametrize("draws", [None, [], {}, "many"])
def test_what_no_release_wrote_is_no_range(folder: Path, draws: object) -> None:
    asked = report()
    told(folder, draws=draws)
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked
    (folder / ABOUT).write_text("[" * 200_000)
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked


@pytest.mark.parametrize("name", ["Sm.csv", QUESTIONS])
def test_a_changed_digit_is_no_range(folder: Path, name: str) -> None:
    asked, file = report(), folder / name
    file.write_bytes(file.read_bytes().replace(b"0", b"9", 1))
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked
    file.unlink()
    os.mkfifo(file)
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked


def test_a_view_that_leaves_rows_out_has_no_released_range() -> None:
    view = view_in_memory()
    assert view.released is not None
    assert replace(view, filters=replace(view.filters, tier=2)).released is None
    assert replace(view, data=Path("tables")).released is None


def test_the_shipped_ranges_are_of_these_tables_and_this_model() -> None:
    """If this fails: ``python -m tests.draw_ranges``, as CONTRIBUTING says."""
    about = json.loads((FOLDER / ABOUT).read_text("utf-8"))
    assert about["tables"] == view_in_memory().describe()["tables"]
    assert about["model"] == model_hash()


@pytest.mark.parametrize("asked", [("Dy", "USA"), ("Nd", "JPN"), ("MREE", "EUE"), ("La", "WLD")])
def test_the_first_answer_of_the_shipped_tables_has_its_ranges(asked: tuple[str, str]) -> None:
    found = view_in_memory().chokepoints(*asked)
    assert found.draws is not None
    for line in found.chokepoints:
        assert (line.loss is None) == (line.loss_low is None)
        if line.loss_low is not None and line.loss_high is not None:
            assert line.loss_low <= line.loss_high <= 1 + 1e-9
