"""What is taken of files: a line that stands twice in a file is taken once, and counted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.imports.collected import REPEATED, key_of, whole_key
from monazite.imports.imported import import_file
from tests.imports.importing import EXAMPLES, left

KINDS = {
    "baci": "BACI_HS22_Y2024_V202601.csv",
    "comtrade": "comtrade.csv",
    "comext": "comext.dat",
    "us-census": "us-ports.csv",
    "usitc": "usitc.csv",
    "japan-customs": "japan-customs.csv",
    "usgs-mcs": "mcs2023-raree_world.csv",
    "world-mining-data": "world-mining-data.csv",
    "wgi": "wgi-wide.csv",
    "ftm": "entities.ftm.json",
}


def said(folder: Path) -> dict[str, list[str]]:
    """The tables of a folder, less what names the source."""
    names = sorted({*folder.iterdir()} - {folder / "sources.csv"})
    (_, source) = (folder / "sources.csv").read_text(encoding="utf-8").splitlines()
    own = source.partition(",")[0]
    return {
        file.name: file.read_text(encoding="utf-8").replace(own, "").splitlines() for file in names
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_that_stands_twice_is_taken_once(kind: str, tmp_path: Path) -> None:
    for file in EXAMPLES.glob("*_codes_*.csv"):
        shutil.copy(file, tmp_path)
    once = import_file(kind, EXAMPLES / KINDS[kind], tmp_path / "once", again=True)
    lines = (EXAMPLES / KINDS[kind]).read_text(encoding="utf-8").splitlines(keepends=True)
    below = (
        0 if kind == "ftm" else 1 + next(at for at, line in enumerate(lines) if _is_header(line))
    )
    (tmp_path / KINDS[kind]).write_text("".join(lines + lines[below:]), encoding="utf-8")
    twice = import_file(kind, tmp_path / KINDS[kind], tmp_path / "twice", again=True)
    assert said(tmp_path / "twice") == said(tmp_path / "once")
    assert twice.counts == once.counts
    assert left(twice)[REPEATED] > 0
    assert REPEATED not in left(once)


ALIKE = st.text("aA-. é甲\ud800", max_size=6) | st.text("aA", min_size=78, max_size=83)


@given(ALIKE, ALIKE)
def test_two_ids_are_never_one_key(one: str, other: str) -> None:
    keys = [whole_key(f"ftm-{each}") for each in (one, other)]
    assert (keys[0] == keys[1]) is (one == other)
    assert all(key_of(key) == key and len(key) <= 80 for key in keys)


def test_an_id_that_can_be_a_key_is_one() -> None:
    for each in ("ftm-nk-abc1", "ftm-a.b", "a" * 80):
        assert whole_key(each, "whatever") == each
    assert whole_key("a" * 81)[:68] == "a" * 67 + "-"


def _is_header(line: str) -> bool:
    """Whether no title stands there: those of the examples have other marks."""
    return line.count(",") > 3 and "invented" not in line.casefold()
