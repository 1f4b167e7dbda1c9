"""Whose tables a view has, own tables held against ours, and what changed between releases."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from monazite.core.errors import FaultyTablesError, MonaziteError, UnknownNameError, UnreadableError
from monazite.data.columns import read_schema
from monazite.view import own_tables
from monazite.view.opening import load
from monazite.view.own_tables import are_folders, choose_tables, compared_tables, record_changes
from tests.analysis.test_changes import turned
from tests.data.test_releases import write_release


@pytest.fixture
def ours(cut: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in ("view.own_tables", "data.releases"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: cut)
    return cut


def test_a_copy_of_our_tables_is_ours_and_needs_no_record(ours: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(ours / "tables", tmp_path / "tables"))
    assert choose_tables(copy).ontology == choose_tables(None).ontology == ours
    assert choose_tables(copy).sentence == ""
    with (copy / "persons.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(UnreadableError, match="is no release of the tables"):
        choose_tables(copy)


def test_what_goes_with_a_release_alone_is_refused_without(ours: Path, tmp_path: Path) -> None:
    refused: tuple[tuple[type[MonaziteError], Callable[[], object]], ...] = (
        (UnknownNameError, lambda: load(tables=tmp_path, ontology=ours)),
        (UnreadableError, lambda: load(tables=tmp_path)),
        (UnreadableError, lambda: load(tables=tmp_path / "none")),
    )
    for kind, ask in refused:
        with pytest.raises(kind):
            ask()


def test_what_is_compared_is_said_to_be_no_release(ours: Path, tmp_path: Path) -> None:
    assert compared_tables("2026-11-24") is None
    assert compared_tables("x" * 5000) is None
    assert compared_tables(str(ours)) == choose_tables(None)
    with pytest.raises(UnreadableError, match="holds no full set of tables"):
        compared_tables(str(tmp_path))
    (tmp_path / "sources.csv").touch()
    found = compared_tables(str(tmp_path))
    assert found is not None
    assert found.sentence.endswith(": no release, as they stand.")


HEADER = "row,owner,owned,share_percent,status,valid_from,source\n"


@pytest.fixture
def own(small_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in ("view.own_tables", "store.checks"):
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


@pytest.fixture
def newer(small_ontology: Path, tmp_path: Path) -> Path:
    """The small ontology with a row more, a row less and a row that says another thing."""
    copy = Path(shutil.copytree(small_ontology, tmp_path / "newer"))
    ownership, capacity = (copy / "tables" / f"{name}.csv" for name in ("ownership", "capacity"))
    text = ownership.read_text(encoding="utf-8")
    row = "us-kuantan,lynas,kuantan-east,51,stated,2026,,,annual,,,\n"
    ownership.write_text(text.replace(",100,", ",90,") + row, encoding="utf-8")
    lines = capacity.read_text(encoding="utf-8").splitlines(keepends=True)
    capacity.write_text("".join(lines[:-1]), encoding="utf-8")
    return copy


def test_the_rows_are_told_and_the_way_back_is_the_way_there_turned_round(
    small_ontology: Path, newer: Path
) -> None:
    schema = read_schema(newer)
    there = record_changes(small_ontology, newer, schema)
    assert [(each.kind, each.row) for each in there] == [
        ("removed", "capacity/kuantan-2025"),
        ("changed", "ownership/lynas-kuantan"),
        ("added", "ownership/us-kuantan"),
    ]
    assert there[1].sentences == ("share_percent: 100, now 90",)
    assert [*map(turned, there)] == record_changes(newer, small_ontology, schema)
    assert record_changes(newer, newer, schema) == []


def test_tables_that_cannot_be_read_are_no_difference(small_ontology: Path, newer: Path) -> None:
    (newer / "tables" / "capacity.csv").write_bytes(b"\xff")
    with pytest.raises(FaultyTablesError, match=r"capacity.csv:1: the text is not UTF-8"):
        record_changes(small_ontology, newer, read_schema(small_ontology))


def test_two_folders_are_two_releases_and_one_is_a_mistake(cut: Path) -> None:
    assert are_folders(str(cut), str(cut))
    assert not are_folders("2025", "2026")
    assert not are_folders("2025", None)
    with pytest.raises(UnknownNameError, match="is a folder, and what it is compared with is none"):
        are_folders(str(cut), "2026")


def test_what_rows_say_together_is_compared_on_one_day(cut: Path, tmp_path: Path) -> None:
    newer = Path(shutil.copytree(cut, tmp_path / "newer"))
    persons = newer / "tables" / "persons.csv"
    with persons.open("a", encoding="utf-8") as file:
        header = (cut / "tables" / "persons.csv").read_text("utf-8").partition("\n")[0].split(",")
        cells = {"id": "ann", "name": "Ann", "source": "monazite-compilation"}
        file.write(",".join(cells.get(name, "") for name in header) + "\n")
    view = load(ontology=cut, cache=False)
    found = view.diff(str(cut), str(newer))
    assert [(each.group, each.kind, each.rows) for each in found] == [
        ("records", "added", ("persons/ann",))
    ]
    assert found.view is not None
    assert found.before.endswith(str(cut))
    assert len(view.diff(str(newer), str(newer))) == 0
