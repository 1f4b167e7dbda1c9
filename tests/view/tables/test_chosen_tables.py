"""Whose tables a view has: ours byte for byte, or those of a release that was checked."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from monazite.errors import FaultyTablesError, MonaziteError, UnknownNameError, UnreadableError
from monazite.view import load
from monazite.view.tables.chosen_tables import choose_tables, compared_tables
from tests.rows.test_releases import write_release


@pytest.fixture
def ours(cut: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in ("view.tables.chosen_tables", "triples.released_tables"):
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
        (UnknownNameError, lambda: load(unsigned_tables=True)),
        (UnknownNameError, lambda: load(tables_key=tmp_path)),
        (UnknownNameError, lambda: load(tables=tmp_path, ontology=ours)),
        (UnreadableError, lambda: load(tables=tmp_path)),
        (UnreadableError, lambda: load(tables=tmp_path / "none")),
    )
    for kind, ask in refused:
        with pytest.raises(kind):
            ask()
    with pytest.raises(FaultyTablesError, match="the release is not signed"):
        load(tables=write_release(tmp_path / "release"))


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
