"""monazite verify: the same, what differs and why, or no briefing at all."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import monazite as mz
from monazite.pages.brief.seal import open_page, seal_page
from monazite.shipped import ontology_folder
from tests.cli.conftest import Run
from tests.cli.contract import check_result

ASKED = ("brief", "-e", "Dy", "-m", "BRA")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The page, written once by whoever asks first."""
    return []


@pytest.fixture
def page(written: list[str], run: Run, tmp_path: Path) -> Path:
    file = tmp_path / "brief.html"
    if not written:
        assert run(*ASKED, "-o", str(file)).code == 0
        written.append(file.read_text(encoding="utf-8"))
    file.write_text(written[0], encoding="utf-8")
    return file


def test_a_page_that_nobody_touched_is_the_same(page: Path, run: Run) -> None:
    done = run("verify", str(page))
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"Same: every number follows from the \d+ rows it carries, .+\n", done.out)


def test_python_gives_the_verdict_of_the_command(page: Path, run: Run) -> None:
    verdict = mz.verify(page)
    assert verdict.same
    assert run("verify", str(page)).out == "".join(f"{each}\n" for each in verdict.sentences)
    assert {verdict, verdict} == {mz.verify(str(page))}
    assert repr(verdict).startswith("<Verdict Same: every number follows from the ")
    assert len(repr(verdict)) < 200
    assert len(verdict.to_dataframe()) == len(verdict.sentences)
    check_result("verify", verdict)
    assert list(verdict.to_dict()) == ["view", "same", "sentences"]


def test_a_page_of_the_first_version_says_its_approval_in_per_cent(page: Path, run: Run) -> None:
    opened = open_page(page.read_text(encoding="utf-8"), "page")
    assert (opened.record["format"], opened.record["question"]["approval"]) == (2, 0.5)
    opened.record["format"] = 1
    opened.record["question"]["approval"] = 50
    body = page.read_text(encoding="utf-8").split('<script type="application/trig"')[0]
    page.write_text(seal_page(f"{body}</body></html>\n", opened.record, opened.trig), "utf-8")
    assert run("verify", str(page)).code == 0
    opened.record["question"]["approval"] = 101
    page.write_text(seal_page(f"{body}</body></html>\n", opened.record, opened.trig), "utf-8")
    assert "carries no question" in run("verify", str(page)).assert_refused()


@pytest.mark.whole
def test_a_row_of_ones_own_that_changed_is_named(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    head = (ontology_folder() / "tables" / "stocks.csv").read_text(encoding="utf-8").split("\n")[0]
    row = "bra-dy,countries,BRA,dysprosium,2026-01,30,days,days,stock-held,,Dy,30,usgs-mcs-2026,,,"
    table = own / "stocks.csv"
    table.write_text(f"{head}\n{row}\n", encoding="utf-8")
    page = tmp_path / "brief.html"
    asked = ("brief", "-e", "Dy", "-m", "BRA", "--data", str(own), "--no-cache")
    assert run(*asked, "-o", str(page)).code == 0
    assert "name them with --data" in run("verify", str(page)).assert_refused()
    table.write_text(f"{head}\n{row.replace('30', '90')}\n", encoding="utf-8")
    done = run("verify", str(page), "--data", str(own), "--no-cache")
    assert done.code == 1
    assert "stocks/bra-dy says something else in the tables." in done.out
    assert "30 days (2026-01)" in done.out
    assert "90 days (2026-01)" in done.out
    assert "The tables are others: it was written from " in done.out
    assert "altered" not in done.out


def test_an_altered_number_is_found(page: Path, run: Run) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("84 %") > 0
    head, found, rest = text.partition("<td")
    page.write_text(head + found + rest.replace("84 %", "48 %", 1), encoding="utf-8")
    done = run("verify", str(page))
    assert done.code == 1
    assert "its seal does not fit" in done.out
    assert "The page does not show what it records" in done.out


def test_an_altered_number_with_everything_sealed_again_is_found(page: Path, run: Run) -> None:
    text = page.read_text(encoding="utf-8")
    opened = open_page(text, "page")
    body = text.split('<script type="application/trig"')[0].replace("84 %", "48 %")
    record = json.loads(json.dumps(opened.record, ensure_ascii=False).replace("84 %", "48 %"))
    page.write_text(seal_page(f"{body}</body></html>\n", record, opened.trig), encoding="utf-8")
    done = run("verify", str(page))
    assert done.code == 1
    assert "seal" not in done.out
    assert "48 %" in done.out
    assert "the tables say" in done.out
    assert "the record was altered" in done.out


def test_an_altered_row_is_named(page: Path, run: Run) -> None:
    text = page.read_text(encoding="utf-8")
    opened = open_page(text, "page")
    body = text.split('<script type="application/trig"')[0]
    trig = opened.trig.replace("ns:percent 85", "ns:percent 58", 1)
    trig = trig if trig != opened.trig else re.sub(r'"2025"', '"2052"', opened.trig, count=1)
    assert trig != opened.trig
    page.write_text(seal_page(f"{body}</body></html>\n", opened.record, trig), encoding="utf-8")
    done = run("verify", str(page))
    assert done.code == 1
    assert "says something else in the tables." in done.out
    assert "the rows that it carries were altered" in done.out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda record: record.pop("question"), "carries no question that can be asked"),
        (lambda record: record["question"].update(horizon="for ever"), "carries no question"),
        (lambda record: record["question"].update(element=["Dy"]), "carries no question"),
        (lambda record: record["question"].update(year="2024"), "carries no question"),
        (lambda record: record["question"].update(approval=50), "carries no question"),
        (lambda record: record["view"].update(without="all"), "carries no view that can be asked"),
        (lambda record: record["view"].update(tier=9), "There is no tier 9"),
        (lambda record: record["view"].update(data="mine"), "name them with --data"),
    ],
)
def test_a_record_that_cannot_be_asked_is_refused(
    change: object, said: str, page: Path, run: Run
) -> None:
    text = page.read_text(encoding="utf-8")
    opened = open_page(text, "page")
    change(opened.record)  # type: ignore[operator]
    body = text.split('<script type="application/trig"')[0]
    page.write_text(seal_page(f"{body}</body>", opened.record, opened.trig), encoding="utf-8")
    assert said in run("verify", str(page)).assert_refused()


def test_a_question_that_the_tables_no_longer_answer_differs(page: Path, run: Run) -> None:
    text = page.read_text(encoding="utf-8")
    opened = open_page(text, "page")
    opened.record["question"]["element"] = "Unobtainium"
    body = text.split('<script type="application/trig"')[0]
    page.write_text(seal_page(f"{body}</body>", opened.record, opened.trig), encoding="utf-8")
    done = run("verify", str(page))
    assert done.code == 1
    assert done.out.startswith("It cannot be worked out again: ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no briefing"),
        (b"<html><body>hello</body></html>", "holds no briefing"),
        (b"\xff\xfe\x00", "is no HTML in UTF-8"),
        (b"PK\x03\x04", "holds no briefing"),
    ],
)
def test_what_is_no_brief_is_refused(content: bytes, said: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(content)
    assert said in run("verify", str(file)).assert_refused()


def test_what_is_not_there_or_too_large_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "cannot be read" in run("verify", str(tmp_path / "none.html")).assert_refused()
    monkeypatch.setattr("monazite.pages.brief.seal.MAX_BYTES", 10)
    file = tmp_path / "large.html"
    file.write_bytes(b"a" * 11)
    assert "larger than a briefing" in run("verify", str(file)).assert_refused()
