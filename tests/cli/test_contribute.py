"""``monazite contribute``: a patch, what it changes, or what has to be mended first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monazite import contribute
from tests.cli.conftest import Run

HEADER = "row,owner,owned,share_percent,status,valid_from,source\n"
NEW = "mine-1,lynas,kuantan-east,51,stated,2026-02,annual\n"


@pytest.fixture
def own(small_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("monazite.exchange.contribution.ontology_folder", lambda: small_ontology)
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "ownership.csv").write_text(HEADER + NEW, encoding="utf-8")
    return folder


def test_the_patch_is_the_data_and_how_much_it_changes_is_talk(run: Run, own: Path) -> None:
    done = run("contribute", str(own))
    assert (done.code, done.out) == (0, contribute(own).patch)
    assert done.err == (
        "1 record added, 0 changed, in 1 table: no faults found; 0 facts differ from others.\n"
    )


def test_a_file_gets_the_patch_and_stdout_what_it_changes(
    run: Run, own: Path, tmp_path: Path
) -> None:
    place = tmp_path / "own.patch"
    done = run("contribute", str(own), "-o", str(place), "-f", "json")
    assert place.read_text(encoding="utf-8") == contribute(own).patch
    (change,) = json.loads(done.out)["changes"]
    assert (change["row"], change["change"]) == ("ownership/mine-1", "added")
    assert json.loads(done.out) == contribute(own).to_dict()
    shown = run("contribute", str(own), "-o", str(place))
    assert "owner lynas; owned kuantan-east; share_percent 51" in shown.prose


def test_faults_write_no_patch(run: Run, own: Path, tmp_path: Path) -> None:
    place = tmp_path / "own.patch"
    (own / "ownership.csv").write_text(HEADER + NEW.replace("annual", ""), encoding="utf-8")
    done = run("contribute", str(own), "-o", str(place))
    assert done.code == 1
    assert not place.exists()
    assert done.err.startswith(f"{own / 'ownership.csv'}:2: the row has no source; ")
    found = json.loads(run("contribute", str(own), "-f", "json").out)
    assert [fault["line"] for fault in found["faults"]] == [2]


def test_what_is_no_patch_is_not_written_over(run: Run, own: Path) -> None:
    table = own / "ownership.csv"
    said = run("contribute", str(own), "-o", str(table)).assert_refused()
    assert said.startswith("A patch is .patch or .diff, not")
    assert table.read_text(encoding="utf-8") == HEADER + NEW


def test_nothing_to_change_is_a_no(run: Run, own: Path) -> None:
    (own / "ownership.csv").write_text(HEADER, encoding="utf-8")
    done = run("contribute", str(own))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("0 records added, 0 changed, in 0 tables: ")


def test_terms_of_what_an_import_wrote_are_said(run: Run, own: Path) -> None:
    header = "id,publisher,title,kind,tier,licence,via\n"
    terms = "internal use. Rows must not be given on in bulk without permission."
    lines = (
        f"comtrade-1,United Nations,Trade,intergovernmental,2,{terms},monazite import comtrade\n",
        "by-hand,United Nations,Trade,intergovernmental,2,facts only,\n",
    )
    (own / "sources.csv").write_text(header + "".join(lines), encoding="utf-8")
    rows = NEW.replace("annual", "comtrade-1") + NEW.replace("mine-1", "b").replace("51", "49")
    (own / "ownership.csv").write_text(HEADER + rows.replace("annual", "by-hand"), encoding="utf-8")
    done = run("contribute", str(own))
    said = f"1 record comes from comtrade-1. See whether you may give them on; its terms: {terms}"
    assert done.code == 0
    assert done.err.splitlines()[1:] == [said]
    assert done.out.splitlines()[1] == f"# {said}"
