"""``monazite release``, and ``--tables`` that takes it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.keys import write_keys

QUESTION = ("policies", "--by", "JPN", "-f")


@pytest.fixture
def tables(cut: Path, on_cut: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tables of a cut that all commands ask, in a folder of their own."""
    for module in ("exchange.release", "triples.checks"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: cut)
    return Path(shutil.copytree(cut / "tables", tmp_path / "tables"))


def test_the_same_tables_answer_byte_for_byte_the_same(
    run: Run, tables: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "release"
    assert run("release", str(tables), "-o", str(folder)).code == 0
    for fmt in ("table", "json"):
        alone = run(*QUESTION, fmt)
        named = run(*QUESTION, fmt, "--tables", str(tables))
        assert (named.out, named.err) == (alone.out, alone.err)
        released = run(*QUESTION, fmt, "--tables", str(folder), "--unsigned-tables")
        assert released.out == alone.out
        assert "release of 2026-11-24, not signed: who issued it is not known." in released.err


def test_newer_rows_are_answered_with_their_day_and_signer(
    run: Run, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private, public = write_keys(tmp_path)
    persons = tables / "persons.csv"
    persons.write_text(persons.read_text("utf-8").replace("Howard Lutnick", "Howard W. Lutnick"))
    folder = tmp_path / "release"
    words = ("--issued", "2026-12-24", "--sign", str(private))
    done = run("release", str(tables), "-o", str(folder), *words, "-f", "json")
    assert json.loads(done.out)["issued"] == "2026-12-24"
    monkeypatch.setenv("MONAZITE_TABLES", str(folder))
    found = run("show", "howard-lutnick", "--tables-key", str(public))
    assert found.out.startswith("Howard W. Lutnick")
    assert "Data: release of 24 Dec 2026, " in found.prose
    assert "signed by the key that was named: SHA256:" in found.err
    monkeypatch.delenv("MONAZITE_TABLES")
    assert run("show", "howard-lutnick").out.startswith("Howard Lutnick")
    own = tmp_path / "own"
    own.mkdir()
    row = "id,name,source\nhoward-lutnick,Another,monazite-compilation\n"
    (own / "persons.csv").write_text(row, encoding="utf-8")
    monkeypatch.setenv("MONAZITE_TABLES", str(folder))
    assert 'for "Howard W. Lutnick" already' in run("check", str(own)).out
    monkeypatch.delenv("MONAZITE_TABLES")
    assert 'for "Howard Lutnick" already' in run("check", str(own)).out
    shown = run("check", str(folder))
    assert "signed by the key SHA256:" in shown.err


def test_a_release_that_nobody_signed_or_somebody_altered_is_refused(
    run: Run, tables: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "release"
    run("release", str(tables), "-o", str(folder))
    said = run("info", "--tables", str(folder)).assert_refused()
    assert said.endswith("is not signed; take it all the same with --unsigned-tables")
    with (folder / "tables" / "persons.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    done = run("info", "--tables", str(folder))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 2)
    assert "no release" in run("info", "--tables", str(tmp_path)).assert_refused()


def test_nothing_of_others_is_written_over(run: Run, tables: Path) -> None:
    before = sorted(tables.iterdir())
    said = run("release", "-o", str(tables)).assert_refused()
    assert said == f"{tables} is there and not empty; name a new folder."
    assert sorted(tables.iterdir()) == before


def test_without_a_place_only_what_it_would_hold_is_told(run: Run, tables: Path) -> None:
    done = run("release", str(tables))
    assert done.out.startswith("Release of 2026-11-24: ")
    assert "not signed" in done.out
