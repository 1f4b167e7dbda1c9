"""``monazite import``: 0 written, 2 not, and the example that makes a country a market."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import monazite
from tests.cli.conftest import Run
from tests.imports.importing import EXAMPLES
from tests.test_readme import blocks, fits, run_shell, steps

BACI = str(EXAMPLES / "BACI_HS22_Y2024_V202601.csv")


def test_tables_and_terms(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    done = run("import", "baci", BACI, "-o", str(folder), "--accessed", "2026-11-27")
    assert done.code == 0
    assert "baci        8" in done.out
    assert "Terms: Etalab 2.0. Rows may be given on, also for money" in done.err
    assert f"any command with --data {folder}" in done.err
    again = run("import", "baci", BACI, "-o", str(folder), "--accessed", "2026-11-27", "-f", "json")
    found = monazite.import_file("baci", BACI, folder, accessed="2026-11-27")
    assert json.loads(again.out) == json.loads(found.to_json())
    csv = run("import", "baci", BACI, "-o", str(folder), "-f", "csv").out
    assert csv.startswith("table,rows\nbaci,8\n")
    code = run("import", "baci", BACI, "-o", str(tmp_path / "b"), "--code", "870380", "-f", "json")
    assert json.loads(code.out)["tables"][0] == {"table": "baci", "rows": 1}


def test_which_command_reads_a_file(run: Run, tmp_path: Path) -> None:
    told = run("import", BACI).assert_refused()
    assert "looks like a file of CEPII (BACI): read it with monazite import baci" in told
    assert "kinds are baci" in run("import", str(tmp_path)).assert_refused()
    assert "neither a kind of import nor a file" in run("import", "nosuch").assert_refused()
    assert "Name the file" in run("import", "wgi").assert_refused()
    assert "no kind" in run("import", "nosuch", BACI).assert_refused()
    for words in (("check",), ("show", "mountain-pass", "--data")):
        done = run(*words, str(EXAMPLES / "comext.dat"))
        assert (done.code, "monazite import comext" in done.err) == (2, True)
        done = run(*words, BACI)
        assert done.code in {1, 2}
        assert "monazite import baci" in done.out + done.err


def test_faults_and_folders_of_others(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("codeindyr,code,year,indicator,estimate\nx,LUX,20,pv,x\n", encoding="utf-8")
    done = run("import", "wgi", str(file), "-o", str(tmp_path / "own"))
    assert (done.code, done.out) == (2, "")
    assert f'{file}:2: in column "year", "20" is no year' in done.err
    told = run("import", "wgi", str(EXAMPLES / "wgi-long.csv"), "-o", str(tmp_path))
    assert "name a folder of its own" in told.assert_refused()


def test_nothing_is_fetched_unasked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Path:
        raise AssertionError("fetched")

    monkeypatch.setattr("monazite.imports.fetching.fetch", never)
    done = run("import", "wgi", "--fetch")
    assert done.code == 2
    assert done.err.startswith("Fetch https://api.worldbank.org/v2/")
    assert done.err.endswith("Nothing was fetched: say yes, or --yes.\n")
    assert "a key of your own" in run("import", "comtrade", "--fetch").assert_refused()
    assert "contract" in run("import", "ftm", "--fetch", "--yes").assert_refused()
    elsewhere = run("import", "wgi", "https://example.org/x", "--fetch", "--yes")
    assert "is fetched from api.worldbank.org alone" in elsewhere.assert_refused()


def test_what_is_fetched_is_imported(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def get(address: str, folder: Path) -> Path:
        assert address == "https://api.worldbank.org/v2/wgi.csv"
        return Path(shutil.copy(EXAMPLES / "wgi-long.csv", folder))

    monkeypatch.setattr("monazite.imports.fetching.fetch", get)
    own = tmp_path / "own"
    address = "https://api.worldbank.org/v2/wgi.csv"
    done = run("import", "wgi", address, "--fetch", "--yes", "-o", str(own))
    assert done.code == 0
    assert address in (own / "sources.csv").read_text(encoding="utf-8")


@pytest.mark.whole
def test_a_country_becomes_a_market(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "imports")
    for block in blocks(EXAMPLES / "README.md", "console"):
        for command, pasted in steps(block):
            printed = run_shell(command, tmp_path / "imports")
            assert fits(pasted, printed), f"{command}\n{printed}"
