"""What a bill says of contents and suppliers: several columns, and several firms in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import fsum

from monazite.bills.bill import BillSupplier, StatedContent
from monazite.bills.columns import BillColumns
from monazite.bills.headers import Meaning, plain_words
from monazite.safe_text import exact_percent, in_brief

TESTED, NOT_STATED = "tested", "not stated"
EVIDENCE = (TESTED, "declared", "datasheet", NOT_STATED)
"""Kinds of evidence of what a bill says, the surest first."""
_WORDS = {
    "tested": "tested test lab laboratory analysis analysed measured icp xrf geprüft prüfung "
    "analyse gemessen messung prüfbericht 检测 测试 化验 检测报告",
    "declared": "declared declaration supplier imds deklariert deklaration erklärung "
    "lieferantenerklärung 声明 申报 供应商声明",
    "datasheet": "datasheet data sheet datenblatt spec specification spezifikation 数据表 规格书",
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_SHARE = re.compile(r"\(?\s*([0-9]{1,3})([.,][0-9]{1,3})?\s*%\s*\)?")
_LISTED = re.compile(r"\s*[;|\n；]\s*")
_AFTER_SHARE = re.compile(r"(%\s*\)?)\s*[,/+]\s*")
"""What parts firms is of the name elsewhere: ``Co., Ltd.``, ``A/S``."""
_ROUNDED = 1e-6
_SHOWN = 60


def read_contents(columns: BillColumns) -> list[tuple[StatedContent, ...]]:
    """Return what each line is said to hold; columns of all elements share a kind of evidence."""
    found: list[list[StatedContent]] = [[] for _ in columns.rows]
    kinds = _kinds(columns)
    for meaning in columns.meanings:
        if meaning.field == "content":
            for place, ends in enumerate(columns.per_cent_ranges(meaning, "content", "mass")):
                if ends is not None:
                    found[place].append(StatedContent(meaning.element, *ends, kinds[place]))
    for place, stated in enumerate(found):
        whole = fsum(each.low for each in stated)
        if whole > 100 + _ROUNDED:
            what = f"the contents add up to {whole:g} %, more than the whole"
            columns.tell(columns.rows[place], None, what, "check the contents and their units")
    return [tuple(each) for each in found]


def evidence_of(text: str) -> str:
    """Return the kind of evidence that a text names; not stated where it names none or two.

    >>> evidence_of("Prüfbericht"), evidence_of("IMDS"), evidence_of("hearsay")
    ('tested', 'declared', 'not stated')
    """
    words = plain_words(text)
    named = {_KINDS[word] for word in words.split() if word in _KINDS}
    return _KINDS.get(words) or (named.pop() if len(named) == 1 else NOT_STATED)


def _kinds(columns: BillColumns) -> list[str]:
    meaning = columns.find("evidence")
    kinds: list[str] = []
    for row, text in zip(columns.rows, columns.texts(meaning), strict=True):
        kind = evidence_of(text)
        if kind == NOT_STATED and plain_words(text):
            what = f'"{text}" is no kind of evidence'
            columns.tell(row, meaning, what, "write tested, declared or datasheet")
        kinds.append(kind)
    return kinds


def read_suppliers(columns: BillColumns) -> list[tuple[BillSupplier, ...]]:
    """Return the suppliers of each line, those of tier 1 first."""
    found: list[list[BillSupplier]] = [[] for _ in columns.rows]
    wanted = [each for each in columns.meanings if each.field == "supplier"]
    for meaning in sorted(wanted, key=lambda each: (each.tier, each.number)):
        for place, each in enumerate(_of_column(columns, meaning)):
            known = {one.name for one in found[place]}  # who makes a part may sell it as well
            found[place] += [one for one in each if meaning.tier == 1 or one.name not in known]
    for place, suppliers in enumerate(found):
        _tell_splits(columns, place, suppliers)
    return [tuple(each) for each in found]


def _of_column(columns: BillColumns, meaning: Meaning) -> Iterator[list[BillSupplier]]:
    beside = (meaning.tier, meaning.number)
    countries = columns.texts(columns.find("country", *beside))
    makers = columns.texts(columns.find("made_in", *beside))
    splits = _splits(columns, columns.find("split", *beside))
    for place, text in enumerate(columns.texts(meaning)):
        names = [each for each in _LISTED.split(_AFTER_SHARE.sub(r"\1;", text)) if each]
        told: list[BillSupplier] = []
        for written in names:
            if len(_SHARE.findall(written)) > 1:
                what = "a name of one firm has more than one share"
                columns.tell(columns.rows[place], meaning, what, "write ; between two firms")
            name, share = _with_share(written)
            split = splits[place] if len(names) == 1 and share is None else share
            told.append(BillSupplier(name, meaning.tier, countries[place], makers[place], split))
        yield told


def _with_share(written: str) -> tuple[str, float | None]:
    """A firm, and the share that stands behind it in the same cell."""
    found = _SHARE.search(written)
    if found is None:
        return written, None
    name = (written[: found.start()] + written[found.end() :]).strip(" ,:-")
    return name, float(found[1] + (found[2] or "").replace(",", ".")) / 100


def _splits(columns: BillColumns, meaning: Meaning | None) -> list[float | None]:
    if meaning is None:
        return [None] * len(columns.rows)
    return [
        None if each is None else each.value / 100
        for each in columns.per_cent(meaning, "share", "need")
    ]


def _tell_splits(columns: BillColumns, place: int, suppliers: list[BillSupplier]) -> None:
    for tier in sorted({each.tier for each in suppliers}):
        known = [each.split for each in suppliers if each.tier == tier and each.split is not None]
        if fsum(known) > 1 + _ROUNDED:
            names = ", ".join(
                in_brief(each.name, _SHOWN) for each in suppliers if each.tier == tier
            )
            what = f'the shares of "{names}" add up to {exact_percent(fsum(known))}'
            columns.tell(columns.rows[place], None, what, "write shares of 100 %")
