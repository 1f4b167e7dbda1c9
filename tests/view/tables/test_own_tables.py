"""Own tables are checked, and held against ours: what differs is shown, and no fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.view.tables import own_tables
from tests.rows.test_releases import write_release

HEADER = "row,owner,owned,share_percent,status,valid_from,source\n"


@pytest.fixture
def own(small_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in ("view.tables.chosen_tables", "triples.checks"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: small_ontology)
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def test_the_same_fact_with_another_number_is_shown_with_ours(own: Path) -> None:
    rows = "mine-1,lynas,kuantan,40,stated,2012,digest\n"
    (own / "ownership.csv").write_text(HEADER + rows, encoding="utf-8")
    report = own_tables.check(own)
    assert report.ok
    assert report.headline().endswith("no faults found; 1 fact differs from others")
    text = report.to_text(full=True)
    assert "Sources that disagree (1 fact)" in text
    assert "ownership/lynas-kuantan" in text
    assert "ownership/mine-1" in text
    assert [each for each in text.splitlines() if "(yours)" in each] == [
        each for each in text.splitlines() if "ownership/mine-1" in each
    ]


def test_what_a_later_edition_replaces_is_shown_as_such(own: Path) -> None:
    (own / "sources.csv").write_text(
        "id,publisher,title,published,accessed,kind,tier\n"
        "old,Lynas,Annual report,2020,2026-11-24,company,1\n",
        encoding="utf-8",
    )
    rows = "mine-1,lynas,kuantan,80,stated,2012,old\n"
    (own / "ownership.csv").write_text(HEADER + rows, encoding="utf-8")
    text = own_tables.check(own).to_text(full=True)
    assert "superseded by ownership/lynas-kuantan" in text


def test_the_same_id_for_another_thing_is_a_fault_that_names_ours(own: Path) -> None:
    (own / "facilities.csv").write_text(
        "id,name,country,source\nkuantan,Our new mine,MYS,annual\n", encoding="utf-8"
    )
    report = own_tables.check(own)
    assert report.conflicts is None
    assert [str(each).partition(":2: ")[2] for each in report.faults] == [
        'the key "kuantan" stands in facilities.csv:2 for "Kuantan plant" already; give the row a '
        "key of its own; monazite contribute changes one of ours"
    ]


def test_a_release_is_checked_as_one(own: Path, tmp_path: Path) -> None:
    folder = write_release(tmp_path / "release")
    (folder / "tables" / "persons.csv").write_bytes(b"")
    (fault,) = own_tables.check(folder).faults
    assert "it has 0 bytes, and 15 were released" in str(fault)
