"""What the header of a column means, in English, German and Chinese: exact words, no guesses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from monazite.core.package import ontology_folder
from monazite.core.results import Struct
from monazite.data.own_files import rows_of

GRAMS = {"mg": 1e-3, "g": 1.0, "kg": 1e3, "t": 1e6, "oz": 28.349523125, "lb": 453.59237}
"""Grams of a unit of mass; an ounce and a pound are those of 1959, avoirdupois."""
PER_CENT = {"%": 1.0, "ppm": 1e-4}  # per cent of a unit of content
MASSES, PARTS, PIECE = frozenset(GRAMS), frozenset(PER_CENT), "piece"
MEASURES = frozenset({"m", "mm", "cm", "m2", "m²", "l", "ml"})
"""Units of a quantity that is measured: a mass beside it is that of one of them."""
_CURRENCIES = {"€": "EUR", "£": "GBP", "$": "", "¥": ""}  # of several countries: unknown


def unit_word(text: str) -> str:
    """Return a unit as this module names it; the text itself where it is none of them."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    units = words_of("unit")
    return units.get(plain) or units.get(plain.rstrip(".")) or plain


def currency_code(text: str) -> str:
    """Return the three letters of a currency; empty where they are not known."""
    code = text.strip().upper()
    is_code = len(code) == 3 and code.isascii() and code.isalpha()
    return _CURRENCIES.get(code, code if is_code else "")


@cache
def words_of(what: str) -> Mapping[str, str]:
    """Return what the words of headers, units or kinds of evidence mean, by word.

    Of registered forms of firms it is the countries that have them, blank where many do.
    """
    rows = [row for row in rows_of(ontology_folder() / "bills.csv") if row["list"] == what]
    return {word: row["key"] for row in rows for word in row["words"].split(";") if word}


@cache
def meanings() -> Mapping[str, str]:
    """Return what columns are taken for, in a few words, by the name of their field."""
    rows = rows_of(ontology_folder() / "bills.csv")
    return {row["key"]: row["meaning"] for row in rows if row["list"] == "header"}


_OF_SUPPLIERS = {"supplier", "split", "country", "made_in"}
_SECOND = re.compile(
    r"(?:second|2nd|alternate|alternative|zweit|alternativ|alternativer|第二|备选)\s*"
    r"(?:source|quelle)?\s*(.*)"
)
_TIER = re.compile(r"(?:tier|stufe|第)\s*([1-9])\s*(?:级)?|([一二三四])级")
_NUMBER = re.compile(r"(.*?)\s*([1-9])")
_BRACKETS = re.compile(r"[\[(<]([^\])>]*)[\])>]")
_CONTENT = re.compile(r"(?:anteil|content|gehalt|含量|concentration|massenanteil)")
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}


class Meaning(Struct):
    """What a column is taken for."""

    field: str
    tier: int = 1
    number: int = 1
    element: str = ""
    unit: str = ""  # that the header names, as a word of :mod:`monazite.bom.headers`, or a currency

    @property
    def words(self) -> str:
        """What it is told as."""
        told = meanings()[self.field]
        if self.field in _OF_SUPPLIERS:
            which = f" {self.number}" if self.number > 1 else ""
            told += which + (f" of tier {self.tier}" if self.tier > 1 else "")
        if self.element:
            told = f"{told} of {self.element}"
        return f"{told}, in {self.unit}" if self.unit else told


def of_makers(meanings: Mapping[int, Meaning]) -> dict[int, Meaning]:
    """Say which supplier a maker is: the first of tier 2 where another sells the part."""
    named = {(each.field, each.tier, each.number) for each in meanings.values()}
    sold = ("supplier", 1, 1) in named
    return {
        place: replace(each, field="supplier", tier=2 if sold else 1)
        if each.field == "maker"
        else each
        for place, each in meanings.items()
    }


def plain_words(text: str) -> str:
    """Return a text in small letters, without marks between its words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", folded).split())


def read_header(text: str, elements: Mapping[str, str]) -> Meaning | None:
    """Return what a header means; None where its words are not known."""
    plain = unicodedata.normalize("NFKC", text)
    unit = _unit_in(plain)
    words = plain_words(_BRACKETS.sub(" ", plain))
    fields = words_of("header")
    field = fields.get(words)
    if field is None and unit:
        kept = [word for word in words.split() if unit_word(word) != unit]
        words = " ".join(kept[:-1] if kept[-1:] in (["in"], ["per"]) else kept)
        field = fields.get(words)
    if field is not None:
        return Meaning(field, unit=unit)
    if supplier := _of_supplier(words, unit):
        return supplier
    bare = " ".join(_CONTENT.sub(" ", words).replace("wt", " ").replace("gew", " ").split())
    element = elements.get(bare) or elements.get(bare.removesuffix(unit).strip())
    return None if element is None else Meaning("content", element=element, unit=unit)


def _unit_in(text: str) -> str:
    """The unit that a header names: in brackets, or at its end."""
    inside: list[str] = [each.strip() for each in _BRACKETS.findall(text)]
    words = _BRACKETS.sub(" ", text).replace("/", " ").replace(",", " ").split()
    for each in (*inside, *words[-1:]):
        if each == "%" or each in _CURRENCIES:
            return each
        if each.isupper() and len(each) == 3 and words:
            return each if inside else ""
        word = unit_word(each)
        if word in MASSES or word in PARTS:
            return word
    return "%" if "%" in text else ""


def _of_supplier(words: str, unit: str) -> Meaning | None:
    tier, number = 1, 1
    if found := _TIER.search(words):
        tier = int(found[1]) if found[1] else _CHINESE[found[2]]
        words = " ".join(_TIER.sub(" ", words).split())
    if second := _SECOND.fullmatch(words):
        number, words = 2, second[1] or "supplier"
    elif counted := _NUMBER.fullmatch(words):
        words, number = counted[1], int(counted[2])
    field = words_of("header").get(words)
    return Meaning(field, tier, number, unit=unit) if field in _OF_SUPPLIERS else None
