"""What a buyer says once of all lines: staff, turnover, use for defence, class of the product."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from monazite.bills.product_classes import ClassWords, classes_named, no_class
from monazite.errors import Fault, FaultyTablesError, UnreadableError
from monazite.files import read_plain
from monazite.result import Frozen, Value
from monazite.safe_text import escaped, in_brief

LONGEST = 1 << 16
"""Bytes of a profile."""
STAFF, TURNOVER, CLASSES, SHIPPED_AS = "staff", "turnover-eur", "product-class", "ships-as"
DOLLARS = "usd-per-eur"
DOCUMENTS = "documents"
_NUMBERS = (STAFF, TURNOVER, DOLLARS)
_SHOWN = 60


@dataclass(frozen=True)
class BuyerProfile(Value):
    """What a buyer says of the company and the product; what is left out is not known.

    Attributes:
        classes: keys of the classes of products that the product belongs to; none where not said.
        shipped_as: codes of the scheme ``shipped-as``, as what magnets reach the buyer; none where
            not said.
        documents: keys of the documents for a licence that the buyer has.
        facts: what is so or not, by codes of the scheme ``case-fact``.
        dollars: for a euro, by which prices on record are held against values of the bill.
    """

    staff: float | None = None
    turnover: float | None = None
    classes: tuple[str, ...] = ()
    shipped_as: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    facts: Mapping[str, bool] = field(default_factory=Frozen)
    dollars: float | None = None


NO_PROFILE = BuyerProfile()


def read_profile(
    file: Path,
    facts: Collection[str],
    classes: ClassWords,
    shipped_as: Collection[str],
    documents: Collection[str],
) -> BuyerProfile:
    """Read a profile, TOML."""
    place = str(file)
    try:
        content = read_plain(file, LONGEST)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise UnreadableError(f"{escaped(place)} cannot be read: {reason}.") from None
    if len(content) > LONGEST:
        fault = Fault(
            place, 0, f"a profile has {LONGEST:,} bytes at most", "leave out what is none"
        )
        raise FaultyTablesError([fault])
    try:
        text = content.decode("utf-8-sig")
        said = tomllib.loads(text)
    except UnicodeDecodeError:
        raise FaultyTablesError(
            [Fault(place, 0, "the profile is not UTF-8", "save it as UTF-8")]
        ) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        broken = Fault(place, int(line[1]) if line else 0, "this is no TOML", "write name = value")
        raise FaultyTablesError([broken]) from None
    words = {SHIPPED_AS: {*shipped_as}, DOCUMENTS: {*documents}}
    reader = _ProfileReader(text, {*facts}, words, classes)
    wrong = {name: odd for name, held in said.items() if (odd := reader.wrong(name, held))}
    if wrong:
        raise FaultyTablesError(
            [Fault(place, reader.line(name), *odd) for name, odd in wrong.items()]
        )
    return BuyerProfile(
        staff=said.get(STAFF),
        turnover=said.get(TURNOVER),
        classes=classes_named(";".join(_several(said.get(CLASSES))), classes),
        shipped_as=_several(said.get(SHIPPED_AS)),
        documents=_several(said.get(DOCUMENTS)),
        facts={name: held for name, held in said.items() if name in reader.facts},
        dollars=said.get(DOLLARS),
    )


@dataclass(frozen=True)
class _ProfileReader:
    """What a profile may say."""

    text: str
    facts: set[str]
    words: Mapping[str, set[str]]
    classes: ClassWords

    def line(self, name: str) -> int:
        """The line that begins with a name; 0 where none does."""
        begin = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*[=.\]]""")
        lines = enumerate(self.text.splitlines(), start=1)
        return next((number for number, line in lines if begin.match(line.lstrip("["))), 0)

    def wrong(self, name: str, held: object) -> tuple[str, str] | None:
        """What is wrong with a value, and what to write; None where nothing is."""
        shown = in_brief(escaped(name), _SHOWN)
        if name in _NUMBERS:
            number = isinstance(held, int | float) and not isinstance(held, bool)
            if number and isfinite(held) and held >= 0:  # type: ignore[arg-type,operator]
                return None
            return f"{shown} is no number of 0 or more", "write it without a unit"
        if name in self.facts:
            return (
                None if isinstance(held, bool) else (f"{shown} is not yes or no", "true or false")
            )
        if name == CLASSES:
            return self._classes(held)
        if name in self.words:
            return self._words(name, held)
        known = ", ".join((*_NUMBERS, *sorted({*self.words, CLASSES}), *sorted(self.facts)))
        return f"a profile has no {shown}", f"it may have {known}"

    def _classes(self, held: object) -> tuple[str, str] | None:
        told = held if isinstance(held, list) else [held]
        for each in told:
            if not isinstance(each, str) or not each.strip():
                return f"{CLASSES} is no name of a class of products", "write it as a text"
            if wrong := no_class(each, self.classes):
                return wrong
        return None

    def _words(self, name: str, held: object) -> tuple[str, str] | None:
        told = held if isinstance(held, list) else [held]
        odd = [each for each in told if not isinstance(each, str) or each not in self.words[name]]
        if not odd:
            return None
        word = in_brief(escaped(str(odd[0])), _SHOWN)
        return f'"{word}" is no {name}', f"write one of {', '.join(sorted(self.words[name]))}"


def _several(held: object) -> tuple[str, ...]:
    if held is None:
        return ()
    return tuple(held) if isinstance(held, list) else (str(held),)
