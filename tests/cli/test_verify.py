"""monazite verify: the same, what differs and why, or no briefing at all."""

from __future__ import annotations

import json
import re
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
from monazite.pages.brief.seal import open_page, seal_page
from monazite.shipped import ontology_folder
from tests.cli.conftest import Run
from tests.cli.contract import check_result
from tests.sharing import only_whole

HOUSE = Path(__file__).resolve().parents[2] / "examples" / "house-style"
ASKED = ("brief", "-e", "Dy", "-m", "LAO")


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
def test_python_gives_the_verdict_of_the_command(page: Path, run: Run) -> None:
    verdict = mz.verify(page)
    assert verdict.same
    assert run("verify", str(page), "--full").out == "\n".join((*verdict.sentences, ""))
    assert {verdict, verdict} == {mz.verify(str(page))}
    assert repr(verdict).startswith("<Verdict Same, byte for byte: rendered anew ")
    assert len(repr(verdict)) < 200
    assert len(verdict.to_dataframe()) == len(verdict.sentences)
    check_result("verify", verdict)
    assert list(verdict.to_dict()) == ["view", "same", "compared", "signer", "sentences"]


@pytest.mark.whole
@pytest.mark.parametrize("kind", ["pdf", "docx", "pptx"])
def test_a_document_is_rendered_anew_in_the_style_of_its_house(
    kind: str, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / f"brief.{kind}"
    styled = ("--template", str(HOUSE))
    assert run(*ASKED, "-f", kind, "-o", str(file), *styled).code == 0
    done = run("verify", str(file), *styled)
    assert (done.code, done.err) == (0, "")
    assert done.prose.startswith("Same, byte for byte: rendered anew from the tables")
    other = run("verify", str(file))
    assert other.code == 1
    assert "verify it with --template" in other.prose
    file.write_bytes(file.read_bytes() + b" ")
    done = run("verify", str(file), *styled)
    assert (done.code, done.err) == (1, "")
    assert "the file was altered after the file was written" in done.prose


def test_a_page_of_the_first_version_says_its_approval_in_per_cent(page: Path, run: Run) -> None:
    opened = open_page(page.read_text(encoding="utf-8"), "page")
    assert (opened.record["format"], opened.record["question"]["approval"]) == (3, 0.5)
    opened.record["format"] = 1
    opened.record["question"]["approval"] = 50
    page.write_text(seal_page(opened.page, opened.record, opened.trig), "utf-8")
    done = run("verify", str(page))
    assert done.code == 0
    assert done.out.startswith("Same in every number, sentence and link, as the tables have them")
    opened.record["question"]["approval"] = 101
    page.write_text(seal_page(opened.page, opened.record, opened.trig), "utf-8")
    assert "carries no question" in run("verify", str(page)).assert_refused()


FALSE = {
    "an added paragraph": ("<main>", "<main><p>The ministry agrees.</p>", "The ministry agrees."),
    "a style that hides the table": (
        "</style>\n</head>",
        "table{display:none}</style>\n</head>",
        "",
    ),
    "changed links": ('<a href="https://', '<a href="https://example.com/https://', "links to"),
    "a refresh": (
        '<meta charset="utf-8">',
        '<meta charset="utf-8"><meta http-equiv="refresh" content="0;url=https://example.com">',
        "refresh",
    ),
}


@pytest.mark.parametrize("false", ["an added paragraph", *only_whole(*[*FALSE][1:])])
def test_a_false_page_that_is_sealed_again_is_found(false: str, page: Path, run: Run) -> None:
    opened = open_page(page.read_text(encoding="utf-8"), "page")
    old, new, said = FALSE[false]
    altered = opened.page.replace(old, new)
    assert altered != opened.page
    page.write_text(seal_page(altered, opened.record, opened.trig), encoding="utf-8")
    done = run("verify", str(page))
    assert (done.code, done.err) == (1, "")
    assert said in done.out
    assert "Tables and code are the same: the page was altered" in done.out


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
def test_a_page_of_a_house_is_rendered_anew_in_its_style(run: Run, tmp_path: Path) -> None:
    page, style = tmp_path / "brief.html", tmp_path / "style"
    style.mkdir()
    (style / "brief.css").write_text("h1{color:red}", encoding="utf-8")
    for house, code in ((HOUSE, 2), (style, 1)):
        assert run(*ASKED, "-o", str(page), "--template", str(house)).code == 0
        done = run("verify", str(page), "--template", str(house))
        assert done.code == 0
        assert done.out.startswith("Same, byte for byte")
        done = run("verify", str(page))
        assert done.code == code
        assert "--template" in done.out + done.err
        assert "its style is not what this version writes" in done.prose or code == 2
    assert (
        "was written with the house style"
        in run("verify", str(page), "--template", str(HOUSE)).assert_refused()
    )


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


@pytest.mark.whole
def test_newer_tables_with_the_same_facts_for_it_are_the_same(page: Path, run: Run) -> None:
    """The counts of facts stand on the page and in its network; so does the hash of the tables."""
    opened = open_page(page.read_text(encoding="utf-8"), "page")
    now = opened.record["tables"]
    older = re.sub(r"[\d,]+ of [\d,]+ facts", "9,001 of 9,001 facts", opened.page)
    older = older.replace(f"tables {now}", "tables aaaaaaaaaaaa")
    assert len(re.findall("9,001 of 9,001 facts; [^;<]*; tables aaaaaaaaaaaa", older)) > 1
    record = {**opened.record, "tables": "aaaaaaaaaaaa"}
    page.write_text(seal_page(older, record, opened.trig), encoding="utf-8")
    done = run("verify", str(page))
    assert (done.code, done.err) == (0, "")
    assert "The tables are others: it was written from aaaaaaaaaaaa" in done.prose
    assert "Not compared: the counts of its facts, 9,001 of 9,001 facts; these" in done.prose
    false = older.replace("release of 24", "release of 25")
    assert false != older
    page.write_text(seal_page(false, record, opened.trig), encoding="utf-8")
    assert run("verify", str(page)).code == 1


def test_an_altered_number_is_found(page: Path, run: Run) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("84 %") > 0
    head, found, rest = text.partition("<td")
    page.write_text(head + found + rest.replace("84 %", "48 %", 1), encoding="utf-8")
    done = run("verify", str(page))
    assert done.code == 1
    assert "its seal does not fit" in done.out
    assert "The page does not show what it records" in done.out
    assert 'The page shows what the tables do not say: "48 %' in done.out


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
    assert "the tables say" in " ".join(done.out.split())
    assert "the record was altered" in done.out


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
        (lambda record: record["view"].pop("tier"), "carries no view that can be asked"),
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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no briefing"),
        (b"<html><body>hello</body></html>", "holds no briefing"),
        (b"\xff\xfe\x00", "is no HTML in UTF-8"),
        (b"PK\x03\x04", "is damaged, and cannot be unpacked"),
        (b"# A brief\n", "holds no briefing"),
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
    zero = run("verify", "/dev/zero").assert_refused()
    assert "/dev/zero cannot be read: it is a device and no file" in zero
    monkeypatch.setattr("monazite.pages.brief.seal.MAX_BYTES", 10)
    file = tmp_path / "large.html"
    file.write_bytes(b"a" * 11)
    assert "larger than a briefing" in run("verify", str(file)).assert_refused()
