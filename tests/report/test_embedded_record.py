"""The record that PDF, DOCX and PPTX carry: read within bounds, compared, or refused."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest

from monazite.core.errors import UnreadableError
from monazite.report.brief.embedded_record import (
    KINDS,
    MAX_MEMBERS,
    MEMBER,
    as_xml,
    open_document,
    shown_texts,
    written_record,
)
from monazite.report.brief.verification import Anew, Verdict, judge, read_claims
from tests.report.documents import make
from tests.report.sealed import RECORD, TRIG

PACKAGES = ("docx", "pptx")


@cache
def document(kind: str, change: str = "", **changes: Any) -> bytes:
    """A whole document; its record has these changes, and ``96 %`` for ``69 %`` if asked."""
    written = written_record({**RECORD, "page": kind, **changes}, TRIG)
    return make(kind, written=written.replace("69 %", change or "69 %"))


def verdict(content: bytes, kind: str) -> Verdict:
    """What is said of a document."""
    opened = open_document(content, "a file")
    anew = document(kind)
    again = Anew(anew.decode("latin-1"), shown_texts(anew), "rendered anew", "It was altered.")
    claims = read_claims(opened, "a file", RECORD["made_with"])
    return judge(opened, again, claims, RECORD, ())


def repacked(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A package whose members are changed, or left out where None is returned."""
    written = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(written, "w", ZIP_DEFLATED) as kept:
        for name in given.namelist():
            member = change(name, given.read(name))
            if member is not None:
                kept.writestr(name, member)
    return written.getvalue()


def packed(*members: tuple[str, bytes], packing: int = ZIP_DEFLATED) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", packing) as kept:
        for name, content in members:
            kept.writestr(name, content)
    return written.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_that_nobody_touched_is_the_same(kind: str) -> None:
    content = document(kind)
    opened = open_document(content, "a file")
    assert (opened.kind, opened.trig, opened.record["says"]) == (kind, TRIG, RECORD["says"])
    found = verdict(content, kind)
    assert (found.same, found.compared) == (True, "bytes")
    assert found.sentences == ("Same, byte for byte: rendered anew.",)


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_that_was_changed_in_the_record_makes_another_file(kind: str) -> None:
    found = verdict(document(kind, "96 %"), kind)
    assert (found.same, found.compared) == (False, "bytes")
    assert found.sentences[0].startswith("Rendered anew it is another file from byte ")


@pytest.mark.parametrize("kind", PACKAGES)
def test_a_number_that_was_changed_in_what_is_shown_is_named(kind: str) -> None:
    altered = repacked(
        document(kind),
        lambda name, held: held if name == MEMBER else held.replace(b">100 %<", b">1 %<"),
    )
    found = verdict(altered, kind)
    assert not found.same
    said = 'The file shows what the tables do not say: "1 %".'
    assert (found.sentences[0], found.sentences[-1]) == (said, "It was altered.")


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_that_no_text_explains_are_another_file(kind: str) -> None:
    found = verdict(document(kind) + b" ", kind)
    assert not found.same
    assert found.sentences[0].startswith("Rendered anew it is another file from byte ")


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_of_another_version_is_compared_byte_for_byte_all_the_same(kind: str) -> None:
    found = verdict(document(kind, version="0.9.0"), kind)
    assert (found.same, found.exit_code) == (False, 1)
    assert "It was written by Monazite 0.9.0; this is 1.0.0." in found.sentences


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_without_a_record_is_refused(kind: str) -> None:
    with pytest.raises(UnreadableError, match="holds no briefing that can be checked"):
        open_document(make(kind), "a file")


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_document_is_read_or_refused_in_a_sentence(kind: str) -> None:
    whole = document(kind)
    refused = []
    for place in range(0, len(whole), len(whole) // 150):
        for damaged in (whole[:place], whole[:place] + b"\xff\x00<" + whole[place + 3 :]):
            if damaged.startswith((b"%PDF-", b"PK\x03\x04")):
                try:
                    open_document(damaged, "a file")
                except UnreadableError as told:
                    refused.append(str(told))
    assert len(refused) > 20
    assert all(told.startswith("a file ") for told in refused)


@pytest.mark.parametrize("kind", PACKAGES)
def test_a_package_that_unpacks_to_too_much_is_refused(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = document(kind)
    monkeypatch.setattr("monazite.report.brief.embedded_record.MAX_UNPACKED", 200_000)
    large = packed((MEMBER, b" " * 200_001), ("word/document.xml", b""))
    with pytest.raises(UnreadableError, match="larger than a briefing can be"):
        open_document(large, "a file")
    two = packed((MEMBER, b" " * 150_000), ("word/document.xml", b" " * 150_000))
    with pytest.raises(UnreadableError, match="larger than a briefing can be"):
        open_document(two, "a file")
    many = packed(*((f"{number}", b"") for number in range(MAX_MEMBERS + 1)))
    with pytest.raises(UnreadableError, match="larger than a briefing can be"):
        open_document(many, "a file")
    assert open_document(whole, "a file").kind == kind


def test_an_attached_file_that_unpacks_to_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = zlib.compress(b" " * 2_000)
    content = b"%PDF-1.7\n<</Type /EmbeddedFile>>\nstream\n" + bomb + b"\nendstream\n"
    with pytest.raises(UnreadableError, match="no JSON"):
        open_document(content, "a file")
    monkeypatch.setattr("monazite.report.brief.embedded_record.MAX_UNPACKED", 1_999)
    with pytest.raises(UnreadableError, match="larger than a briefing can be"):
        open_document(content, "a file")
    with pytest.raises(UnreadableError, match="holds no briefing"):
        open_document(content + content, "a file")


def _record(**changes: Any) -> bytes:
    return as_xml(written_record({**RECORD, "page": "docx", **changes}, TRIG))


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE record [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    b'<record xmlns="https://w3id.org/monazite/record">&b;</record>'
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed((MEMBER, ENTITIES)), "holds no briefing"),
        (packed((MEMBER, _record()), ("customXml/two.xml", _record())), "holds no briefing"),
        (packed((MEMBER, as_xml("[1]"))), "of a kind that this version cannot read"),
        (packed((MEMBER, as_xml("[" * 100_000))), "a record that is no JSON"),
        (packed((MEMBER, as_xml('{"record":{"format":3}}'))), "of a kind that this version"),
        (packed((MEMBER, _record().replace(b'"rows":"', b'"rows":"\\ud800'))), "of a kind that"),
        (packed((MEMBER, _record(format=9))), "of a kind that this version cannot read"),
        (packed((MEMBER, _record(page="pdf"))), "of another kind of file"),
        (packed((MEMBER, _record(page=["docx"]))), "of another kind of file"),
        (packed((MEMBER, _record()), packing=ZIP_LZMA), "is damaged"),
        (packed(("word/document.xml", b"<w:t>&#" + b"9" * 5_000 + b";</w:t>")), "is damaged"),
        (b"PK\x03\x04", "is damaged"),
        (b"%PDF-1.7\n", "holds no briefing"),
        (b"%PDF-1.7\n<</Type /EmbeddedFile>>\nstream\nabc", "is damaged"),
    ],
)
def test_a_record_that_is_not_what_it_should_be_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableError, match=said):
        open_document(content, "a file")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    with pytest.raises(UnreadableError, match="two members of one name"):
        open_document(packed((MEMBER, _record()), (MEMBER, _record())), "a file")
