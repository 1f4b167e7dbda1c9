"""``monazite brief`` and ``verify``: whole files, the same again, what was altered and why."""

from __future__ import annotations

import json
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

import monazite as mz
from monazite.core.package import ontology_folder
from monazite.report.brief.seal import open_page, seal_page
from tests.cli.conftest import Run

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
    assert (opened.record["question"]["market"], opened.record["question"]["approval"]) == (
        "LAO",
        0.5,
    )
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


HOUSE = Path(__file__).resolve().parents[2] / "examples" / "house-style"


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


@pytest.mark.usefixtures("anew")
def test_a_page_that_nobody_touched_is_the_same(page: Path, run: Run) -> None:
    done = run("verify", str(page))
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(
        r"Same, byte for byte: rendered anew from the tables, with the \d+ records it carries.",
        done.prose,
    )


@pytest.mark.whole
def test_a_document_is_rendered_anew_in_the_style_of_its_house(run: Run, tmp_path: Path) -> None:
    kind = "docx"
    file = tmp_path / f"brief.{kind}"
    styled = ("--template", str(HOUSE))
    assert run(*ASKED, "-f", kind, "-o", str(file), *styled).code == 0
    done = run("verify", str(file), *styled)
    assert (done.code, done.err) == (0, "")
    assert done.prose.startswith("Same, byte for byte: rendered anew from the tables")
    other = run("verify", str(file))
    assert "name the folder that it was written with in --template" in other.assert_refused()
    file.write_bytes(file.read_bytes() + b" ")
    done = run("verify", str(file), *styled)
    assert (done.code, done.err) == (1, "")
    assert "the file was altered after it was written" in done.prose


def test_a_false_page_that_is_sealed_again_is_found(page: Path, run: Run) -> None:
    opened = open_page(page.read_text(encoding="utf-8"), "page")
    altered = opened.page.replace("<main>", "<main><p>The ministry agrees.</p>")
    page.write_text(seal_page(altered, opened.record, opened.trig), encoding="utf-8")
    done = run("verify", str(page))
    assert (done.code, done.err) == (1, "")
    assert 'shows what the tables do not say: "The ministry agrees."' in done.prose
    assert "Tables and code are the same: the page was altered" in done.prose


@pytest.mark.whole
def test_a_signed_page_tells_who_issued_it(page: Path, run: Run, tmp_path: Path) -> None:
    one, two = tmp_path / "one.pem", tmp_path / "two.pem"
    for file, seed in ((one, b"monazite" * 4), (two, b"cerianit" * 4)):
        key = Ed25519PrivateKey.from_private_bytes(seed)
        lines = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        file.write_bytes(key.private_bytes(lines[0], PrivateFormat.PKCS8, NoEncryption()))
        file.with_suffix(".pub").write_bytes(key.public_key().public_bytes(*lines))
    mine, other = one.with_suffix(".pub"), two.with_suffix(".pub")
    done = run("verify", str(page), "--signer", str(mine))
    assert done.code == 1
    assert "Nobody has signed the page" in done.out
    signed = tmp_path / "signed.html"
    assert run(*ASKED, "-o", str(signed), "--sign", str(one)).code == 0
    done = run("verify", str(signed), "--signer", str(mine))
    assert done.code == 0
    assert done.out.startswith("Same, byte for byte")
    assert "Issued by the signer that was named: SHA256:" in done.prose
    verdict = mz.verify(signed, signer=other)
    assert not verdict.same
    assert verdict.compared == "bytes"
    assert "Signed by another than was named" in verdict.sentences[-1]
    assert (
        "--sign signs the page"
        in run(*ASKED, "--markdown", "-", "--sign", str(one)).assert_refused()
    )
    assert "is a public key" in run(*ASKED, "-o", "-", "--sign", str(mine)).assert_refused()


@pytest.mark.whole
def test_a_row_of_ones_own_that_changed_is_named(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    head = (ontology_folder() / "tables" / "stocks.csv").read_text(encoding="utf-8").split("\n")[0]
    row = "lao-dy,countries,LAO,dysprosium,2026-01,30,days,days,stock-held,,Dy,30,usgs-mcs-2026,,,"
    table = own / "stocks.csv"
    table.write_text(f"{head}\n{row}\n", encoding="utf-8")
    page = tmp_path / "brief.html"
    asked = ("brief", "-e", "Dy", "-m", "LAO", "--data", str(own), "--no-cache")
    assert run(*asked, "-o", str(page)).code == 0
    assert "name them with --data" in run("verify", str(page)).assert_refused()
    table.write_text(f"{head}\n{row.replace('30', '90')}\n", encoding="utf-8")
    done = run("verify", str(page), "--data", str(own), "--no-cache")
    assert done.code == 1
    assert "stocks/lao-dy says something else in the tables." in done.out
    assert "30 days (2026-01)" in done.out
    assert "90 days (2026-01)" in done.out
    assert "The tables are others: it was written from " in done.out
    assert "altered" not in done.out


def test_an_altered_number_with_everything_sealed_again_is_found(page: Path, run: Run) -> None:
    text = page.read_text(encoding="utf-8")
    opened = open_page(text, "page")
    altered = opened.page.replace("84 %", "48 %")
    record = json.loads(json.dumps(opened.record, ensure_ascii=False).replace("84 %", "48 %"))
    page.write_text(seal_page(altered, record, opened.trig), encoding="utf-8")
    done = run("verify", str(page))
    assert done.code == 1
    assert "seal" not in done.out
    assert "48 %" in done.out
    assert "shows what the tables do not say" in " ".join(done.out.split())


def test_an_altered_row_is_named(page: Path, run: Run) -> None:
    text = page.read_text(encoding="utf-8")
    opened = open_page(text, "page")
    trig = opened.trig.replace("ns:percent 85", "ns:percent 58", 1)
    trig = trig if trig != opened.trig else re.sub(r'"2025"', '"2052"', opened.trig, count=1)
    assert trig != opened.trig
    page.write_text(seal_page(opened.page, opened.record, trig), encoding="utf-8")
    done = run("verify", str(page))
    assert done.code == 1
    assert "says something else in the tables." in done.out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda record: record.pop("question"), "carries no question that can be asked"),
        (lambda record: record["question"].update(horizon="for ever"), "carries no question"),
        (lambda record: record["question"].update(year="2024"), "carries no question"),
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
    page.write_text(seal_page(opened.page, opened.record, opened.trig), encoding="utf-8")
    assert said in run("verify", str(page)).assert_refused()


def test_a_question_that_the_tables_no_longer_answer_differs(page: Path, run: Run) -> None:
    text = page.read_text(encoding="utf-8")
    opened = open_page(text, "page")
    opened.record["question"]["element"] = "Unobtainium"
    page.write_text(seal_page(opened.page, opened.record, opened.trig), encoding="utf-8")
    done = run("verify", str(page))
    assert done.code == 1
    assert done.out.startswith("It cannot be worked out again: ")
    opened.record["question"]["element"] = "Dy\x1b[31m\u202e"
    page.write_text(seal_page(opened.page, opened.record, opened.trig), encoding="utf-8")
    out = run("verify", str(page)).out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_what_is_not_there_or_too_large_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monazite.report.brief.seal.MAX_BYTES", 10)
    file = tmp_path / "large.html"
    file.write_bytes(b"a" * 11)
    assert "larger than a briefing" in run("verify", str(file)).assert_refused()
