"""monazite brief: one question in, whole files out, and a sentence where that cannot be."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from monazite.pages.brief.briefing import BriefQuestion, command_of
from monazite.pages.brief.seal import open_page
from tests.cli.conftest import Run
from tests.cli.contract import check_result
from tests.conftest import view_in_memory
from tests.mirror import TESTS

RECORD = '<script type="application/json"'
ASKED = ("brief", "-e", "Dy", "-m", "LAO")


@pytest.mark.whole
def test_the_page_is_whole_and_the_same_in_another_process(
    run: Run, run_process: Run, tmp_path: Path
) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "brief.css").write_text(":root{--accent:#123456}", encoding="utf-8")
    asked = (*ASKED, "--template", str(house))
    page = tmp_path / "brief.html"
    beside = {"--docx": tmp_path / "brief.docx"} if find_spec("docx") else {}
    words = [str(word) for pair in beside.items() for word in pair]
    done = run(*asked, "-o", str(page), *words, "--markdown", "-")
    told = "".join(f"The brief is in {file}.\n" for file in (page, *beside.values()))
    assert (done.code, done.err) == (0, told)
    assert all(file.read_bytes().startswith(b"PK") for file in beside.values())
    assert "What can stop dysprosium for Laos?" in done.out.splitlines()[2]
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "--accent:#123456" in text
    opened = open_page(text, "page")
    assert opened.fits
    assert opened.record["question"] == {
        "element": "Dy",
        "market": "LAO",
        "horizon": "short-run",
        "event": "outage",
        "approval": 0.5,
        "year": None,
    }
    assert opened.record["left_out"] == []
    said = opened.record["says"]
    assert {f"row-{row.split('/')[0]}:" for row in said["rows"]} <= set(
        re.findall(r"row-[a-z_]+:", opened.trig)
    )
    again = run_process(*asked, "-o", "-", PYTHONHASHSEED="7")
    assert again.code == 0
    other = open_page(again.out, "other")
    del opened.record["code"], other.record["code"]  # whoever edits a module meanwhile changes it
    assert (other.record, other.trig) == (opened.record, opened.trig)
    assert again.out.split(RECORD)[0] == text.split(RECORD)[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-e", "Dy"], "Name a file to write"),
        (["-e", "Dy", "-f", "table", "-o", "-"], 'There is no format "table"'),
        (["-e", "Dy", "-f", "pdf", "-o", "a.pdf", "--pdf", "b.pdf"], "Two places are named"),
        (["-e", "Dy", "-f", "md", "-o", "-", "--sign", "k.pem"], "--sign signs the page"),
        (["-e", "Dy", "-o", "-", "--horizon", "short"], 'no horizon "short"'),
        (["-e", "Dy", "-o", "-", "--event", "outrage"], 'did you mean "outage"?'),
        (["-e", "Unobtainium", "-o", "-"], "Unobtainium"),
        (["-e", "Dy", "-o", "nowhere/brief.html"], "cannot be written"),
        (["-e", "Dy", "-o", "-", "--template", "nowhere"], "is no folder"),
        (["-e", "Dy", "-o", "-", "--tier", "9"], "There is no tier 9"),
        (["-e", "Dy", "-o", "-", "--redact"], "name it with --bom"),
        (["-e", "Dy", "-o", "-", "--bom", "none.csv"], "none.csv cannot be read"),
    ],
)
def test_what_cannot_be_is_told(words: list[str], said: str, run: Run) -> None:
    assert said in run("brief", *words).assert_refused()


def test_the_format_is_named_as_everywhere(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "brief.md"
    shown = run(*ASKED, "-f", "md", "-o", "-")
    assert (shown.code, shown.err) == (0, "")
    assert run(*ASKED, "--format", "markdown", "-o", str(text)).code == 0
    assert text.read_text(encoding="utf-8") == shown.out == run(*ASKED, "--markdown", "-").out


@pytest.mark.whole
def test_parts_on_a_bill_which_is_not_in_the_file(run: Run, tmp_path: Path) -> None:
    page, text = tmp_path / "brief.html", tmp_path / "brief.md"
    bill = str(TESTS.parent / "examples" / "bills" / "drive-unit.xlsx")
    own = ("--bom", bill, "--redact")
    assert run(*ASKED, *own, "-o", str(page), "--markdown", str(text)).code == 0
    told = text.read_text(encoding="utf-8")
    assert "## Your bill: product 1" in told
    assert "part 4 (row 8) stops first: its stock lasts 12.7 days" in told
    assert "## What to ask first about your bill" in told
    opened = open_page(page.read_text(encoding="utf-8"), "page")
    assert opened.record["bill"]["redact"]
    assert "--bom BOM --redact" in opened.record["command"]
    assert not re.search("Rotorwerk|inner layer|EDU-15", opened.blank)
    assert (
        "was written with --bom, of a bill that is private"
        in run("verify", str(page)).assert_refused()
    )
    assert run("verify", str(page), "--bom", bill).prose.startswith("Same, byte for byte")


def test_a_faulty_template_writes_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "brief.html").write_text("{{ page.titel }}", encoding="utf-8")
    page, text = tmp_path / "out.html", tmp_path / "out.md"
    words = ["-e", "Dy", "-m", "LAO", "-o", str(page), "--markdown", str(text)]
    done = run("brief", *words, "--template", str(tmp_path))
    assert "asks for what a brief has not" in done.assert_refused()
    assert not page.exists()
    assert not text.exists()


def test_a_missing_engine_is_told_before_any_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    page, pdf = tmp_path / "a.html", tmp_path / "a.pdf"
    done = run("brief", "-e", "Dy", "-o", str(page), "--pdf", str(pdf))
    assert "pip install 'monazite[brief]'" in done.assert_refused()
    assert list(tmp_path.iterdir()) == []


def test_the_command_repeats_the_view() -> None:
    view = view_in_memory(tier=2, known="2026-01-01", without=("table:baci",))
    asked = BriefQuestion("Dy", "USA", "free", "licence", 0.3, 2024)
    assert command_of(asked, view.summary) == (
        "monazite brief -e Dy -m USA --horizon free --event licence --approval 30 --year 2024 "
        "--known 2026-01-01 --tier 2 --without table:baci -o brief.html"
    )


@pytest.mark.whole
@pytest.mark.usefixtures("anew")
def test_python_writes_the_very_files_of_the_command(run: Run, tmp_path: Path) -> None:
    page, text = tmp_path / "brief.html", tmp_path / "brief.md"
    done = run(
        *ASKED, "--event", "licence", "--approval", "30", "-o", str(page), "--markdown", str(text)
    )
    assert done.code == 0, done.err
    found = view_in_memory().brief("Dy", "LAO", event="licence", approval=0.3)
    assert found.html() == page.read_text(encoding="utf-8")
    assert found.markdown() == text.read_text(encoding="utf-8")
    assert found == view_in_memory().brief("Dy", "LAO", event="licence", approval=0.3)
    assert {found, found} == {found}
    assert repr(found).startswith("<Briefing What can stop dysprosium for Laos? ")
    assert len(repr(found)) < 200
    assert found.row_keys == found.brief.rows
    assert len(found.to_dataframe()) == len(found.brief.sources)
    check_result("brief", found)
    assert found.to_dict()["rows"] == list(found.row_keys)
    assert "<caption>" in found._repr_html_()
