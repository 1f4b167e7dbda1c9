"""Bring your own: files imported, new tables, checks, contributions, records summed."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest

import monazite
from monazite import aggregate_trade, contribute
from monazite.store import checks
from monazite.view import own_tables
from tests.cli.conftest import Run
from tests.data.customs import records
from tests.data.customs.records import made, write
from tests.data.importers.importing import EXAMPLES

pytestmark = pytest.mark.whole


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
    for words in (("check",), ("show", "mountain-pass", "--data")):
        done = run(*words, str(EXAMPLES / "comext.dat"))
        assert (done.code, "monazite import comext" in done.err) == (2, True)
        done = run(*words, BACI)
        assert done.code in {1, 2}
        assert "monazite import baci" in done.out + done.err


def test_nothing_is_fetched_unasked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> Path:
        raise AssertionError("fetched")

    monkeypatch.setattr("monazite.data.importers.imported.fetch", never)
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

    monkeypatch.setattr("monazite.data.importers.imported.fetch", get)
    own = tmp_path / "own"
    address = "https://api.worldbank.org/v2/wgi.csv"
    done = run("import", "wgi", address, "--fetch", "--yes", "-o", str(own))
    assert done.code == 0
    assert address in (own / "sources.csv").read_text(encoding="utf-8")


def test_a_file_gets_the_table_and_stdout_the_help(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "persons.csv"
    talk = run("new-table", "persons", "-o", str(tmp_path / "talk.csv")).out
    assert talk.startswith("persons: A person"), "the name is that of the table, not of the help"
    done = run("new-table", "persons", "-o", str(file), "-f", "csv")
    assert file.read_text(encoding="utf-8").startswith("id,name,names,source,")
    assert done.out.splitlines()[0] == "column,must,what stands in it,example"
    assert done.err == f"{file}: fill it in, and ask: monazite check {tmp_path}.\n"


def test_an_empty_table_with_its_help_checks_clean(
    run: Run, tmp_path: Path, small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("view.own_tables", "store.checks"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: small_ontology)
    (tmp_path / "own").mkdir()
    for name in ("capacity.xlsx", "persons.csv"):
        run("new-table", name.partition(".")[0], "-o", str(tmp_path / "own" / name))
    done = run("check", str(tmp_path / "own"))
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith("no faults found; 0 facts differ from others.\n")


@pytest.fixture
def own(cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of the reader's own, beside a cut of ours, with a file that is none."""
    for module in (checks, own_tables):
        monkeypatch.setattr(module, "ontology_folder", lambda: cut)
    folder = tmp_path / "own"
    folder.mkdir()
    header = "row,owner,owned,share_percent,status,valid_from,source\n"
    rows = "own-1,mp-materials,lynas,1,stated,2026,monazite-compilation\n"
    (folder / "ownership.csv").write_text(header + rows, encoding="utf-8")
    (folder / "prices.ods").touch()
    return folder


@pytest.fixture
def faulty(small_ontology: Path) -> Path:
    """Tables with one fault, whose text a spreadsheet would run."""
    file = small_ontology / "tables" / "facilities.csv"
    with file.open("a", encoding="utf-8") as lines:
        lines.write("new-plant,New plant,,=1+1,,,annual,\n")
    return small_ontology


def test_faults_as_json_csv_and_markdown(run: Run, faulty: Path) -> None:
    (fault,) = json.loads(run("check", str(faulty), "-f", "json").out)
    assert (fault["file"], fault["line"]) == ("facilities.csv", "4")
    header, row = csv.reader(io.StringIO(run("check", str(faulty), "-f", "csv").out))
    assert dict(zip(header, row, strict=True)) == fault
    assert "| facilities.csv" in run("check", str(faulty), "-f", "markdown").out


def test_own_tables_are_checked_together_with_ours(run: Run, own: Path) -> None:
    done = run("check", str(own))
    assert (done.code, done.out) == (0, "")
    unread, said = done.err.splitlines()
    assert unread.startswith("Not read: prices.ods; ")
    assert said.startswith("1 row in 1 table, checked together with ")


def test_many_faults_are_counted_in_every_format(run: Run, own: Path) -> None:
    with (own / "ownership.csv").open("a", encoding="utf-8") as file:
        file.writelines(
            f"many-{n},lynas,o{n},x,stated,2026,monazite-compilation\n" for n in range(500)
        )
    done = run("check", str(own))
    assert done.code == 1
    assert done.out.count("\n") == 22
    assert "(and so on 479 more lines)" in done.out
    assert done.err.endswith(" of ours: 1,000 faults.\n")
    for fmt in ("json", "csv", "markdown"):
        assert "(and so on 479 more lines)" in run("check", str(own), "-f", fmt).out


HEADER = "row,owner,owned,share_percent,status,valid_from,source\n"
NEW = "mine-1,lynas,kuantan-east,51,stated,2026-02,annual\n"


@pytest.fixture
def contributed(small_ontology: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("monazite.export.contribution.ontology_folder", lambda: small_ontology)
    folder = tmp_path / "contributed"
    folder.mkdir()
    (folder / "ownership.csv").write_text(HEADER + NEW, encoding="utf-8")
    return folder


def test_a_file_gets_the_patch_and_stdout_what_it_changes(
    run: Run, contributed: Path, tmp_path: Path
) -> None:
    place = tmp_path / "contributed.patch"
    done = run("contribute", str(contributed), "-o", str(place), "-f", "json")
    assert place.read_text(encoding="utf-8") == contribute(contributed).patch
    (change,) = json.loads(done.out)["changes"]
    assert (change["row"], change["change"]) == ("ownership/mine-1", "added")
    assert json.loads(done.out) == contribute(contributed).to_dict()
    shown = run("contribute", str(contributed), "-o", str(place))
    assert "owner lynas; owned kuantan-east; share_percent 51" in shown.prose


def test_faults_write_no_patch(run: Run, contributed: Path, tmp_path: Path) -> None:
    place = tmp_path / "contributed.patch"
    (contributed / "ownership.csv").write_text(HEADER + NEW.replace("annual", ""), encoding="utf-8")
    done = run("contribute", str(contributed), "-o", str(place))
    assert done.code == 1
    assert not place.exists()
    assert done.err.startswith(f"{contributed / 'ownership.csv'}:2: the row has no source; ")
    found = json.loads(run("contribute", str(contributed), "-f", "json").out)
    assert [fault["line"] for fault in found["faults"]] == [2]


def test_terms_of_what_an_import_wrote_are_said(run: Run, contributed: Path) -> None:
    header = "id,publisher,title,kind,tier,licence,via\n"
    terms = "internal use. Rows must not be given on in bulk without permission."
    lines = (
        f"comtrade-1,United Nations,Trade,intergovernmental,2,{terms},monazite import comtrade\n",
        "by-hand,United Nations,Trade,intergovernmental,2,facts only,\n",
    )
    (contributed / "sources.csv").write_text(header + "".join(lines), encoding="utf-8")
    rows = NEW.replace("annual", "comtrade-1") + NEW.replace("mine-1", "b").replace("51", "49")
    (contributed / "ownership.csv").write_text(
        HEADER + rows.replace("annual", "by-hand"), encoding="utf-8"
    )
    done = run("contribute", str(contributed))
    said = f"1 record comes from comtrade-1. See whether you may give them on; its terms: {terms}"
    assert done.code == 0
    assert done.err.splitlines()[1:] == [said]
    assert done.out.splitlines()[1] == f"# {said}"


def test_it_prints_what_was_summed_and_writes_the_tables(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path("records/a.csv"), [*made(40), ("99", "CHN", "USA", "2024", "1", "1", "A", "B")])
    words = ("trade", "aggregate", "records/*.csv", "--system", "hs2022")
    done = run(*words)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("41 records of 1 file in ")
    assert "no code of ours  99" in done.out
    assert "take --whole-years" in " ".join(done.out.split())
    assert "take --whole-years" not in " ".join(run(*words, "--whole-years").out.split())
    found = aggregate_trade("records/*.csv", system="hs2022")
    told = run(*words, "-f", "json")
    assert json.loads(told.out) == json.loads(found.to_json())
    assert json.loads(told.out)["sha256"] == found.sha256
    assert run(*words, "-f", "csv", "-o", "-").out == found.to_csv()
    written = run(*words, "-o", "own")
    assert (written.code, written.out) == (0, done.out)
    assert written.err.startswith("own: ")
    names = sorted(each.name for each in Path("own").iterdir())
    assert names == ["organisations.csv", "sources.csv", "supply_links.csv", "trade.csv"]
    again = run(*words, "-o", "own").assert_refused()
    assert again.startswith("own holds organisations.csv, sources.csv, supply_links.csv, trade.csv")
    renamed = [("mass" if each == "kg" else each) for each in records.HEADER]
    write(Path("b.csv"), made(3), renamed)
    said = run("trade", "aggregate", "b.csv").assert_refused()
    assert said.startswith(f"{tmp_path}/b.csv is no file of customs records: it has no column kg")
    assert run("trade", "aggregate", "b.csv", "--column", "kg=mass", "--system", "hs2022").code == 0


MANY = re.compile(
    r"\b1 (?:\w+ )?(?:rows|records|facts|files|tables|lines|sums|faults|sources|fields|columns|"
    r"months|countries|flows|questions|names|changes)\b"
)
RECORD = "code,exporter,importer,date,kg\n850511,CHN,USA,2024,{}\n"
WGI = "codeindyr,code,countryname,year,indicator,estimate\nx,LUX,Luxembourg,2025,pv,-0.4\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("ownership", HEADER + NEW, "contribute own"),
        ("ownership", HEADER + NEW, "contribute own -o own.patch"),
        ("ownership", HEADER + NEW, "check own"),
        ("ownership", f"{HEADER}mine-1\n", "check own"),
        ("a", RECORD.format(7), "trade aggregate own/a.csv --system hs2022 -o to"),
        ("a", RECORD.format(-3), "trade aggregate own/a.csv --system hs2022"),
        ("a", WGI, "import wgi own/a.csv -o to"),
    ],
)
def test_no_command_says_one_rows(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    small_ontology: Path,
    name: str,
    text: str,
    line: str,
) -> None:
    pytest.importorskip("duckdb")
    for module in ("export.contribution", "store.checks"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: small_ontology)
    monkeypatch.chdir(tmp_path)
    Path("own").mkdir()
    Path("own", f"{name}.csv").write_text(text, encoding="utf-8")
    done = run(*line.split())
    told = done.out + done.err
    assert re.search(r"\b1\b", told), "something is counted once"
    assert not MANY.findall(told)
