"""What an answer to a question about a bill may say, by the kind of the question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from monazite.bills.askable import CONTENT, FACTS, MADE_IN, MASS, RECYCLED, STAGES
from monazite.bills.bill import StatedContent, countries_in
from monazite.bills.decimals import decimal_mark, ends_of_range, written_number
from monazite.bills.stated import evidence_of
from monazite.bills.units import GRAMS, PER_CENT, unit_word
from monazite.errors import BadCellError
from monazite.rows.xlsx.numbers import CellNumber
from monazite.safe_text import in_brief

YES_OR_NO, COUNT = "yes or no", "count"
"""Kinds of questions to the buyer, beside those with words of their own."""
_YES = {"yes", "ja", "true", "是", "y", "j"}
_NO = {"no", "nein", "false", "否", "n"}
_CONTENT = re.compile(r"\s*([^\W\d_]+)\s*[:=]?\s*(.+)")
_SHOWN = 60

Given = str | float | bool | tuple[str, ...] | tuple[StatedContent, ...]
"""What an answer says: a text, a number, yes or no, countries or words, or contents."""


@dataclass(frozen=True)
class AnswerReader:
    """What an answer may say.

    Attributes:
        country: gives the code of a country, blank where it is not known.
        elements: symbols of elements, by their names and symbols in small letters.
        words: what may be answered to a question with words of its own, by its kind.
    """

    kinds: Mapping[str, str]
    country: Callable[[str], str]
    elements: Mapping[str, str]
    words: Mapping[str, frozenset[str]]

    def given(self, kind: str, text: str, evidence: str) -> Given:
        """Return what an answer says."""
        if kind == CONTENT:
            return tuple(self._contents(text, evidence_of(evidence)))
        if kind == MADE_IN or kind in STAGES:
            return self._countries(text)
        if kind in self.words:
            return _of_words(text, self.words[kind])
        return _READERS.get(kind, _as_it_is)(text)

    def _countries(self, text: str) -> tuple[str, ...]:
        found = []
        for each in countries_in(text):
            code = self.country(each)
            if not code:
                raise BadCellError(
                    f'"{in_brief(each, _SHOWN)}" is no country that is understood',
                    "write its English name or its code, several with semicolons between",
                )
            found.append(code)
        return tuple(dict.fromkeys(found))

    def _contents(self, text: str, evidence: str) -> Iterator[StatedContent]:
        seen: set[str] = set()
        for each in countries_in(text):
            found = _CONTENT.fullmatch(each)
            element = self.elements.get(found[1].casefold()) if found else None
            if found is None or element is None or element in seen:
                what = f'"{in_brief(each, _SHOWN)}" names no rare earth with its content'
                if element in seen:
                    what = f"{element} stands twice"
                raise BadCellError(what, "write per cent of the mass, as Dy 0.8 %; Tb 0 %")
            seen.add(element)
            low, high = ends_of_range(found[2])
            ends = (_per_cent(low or high), _per_cent(high))
            if ends[0] > ends[1]:
                raise BadCellError(f"{element}: the low end is above the high", "turn them round")
            yield StatedContent(element, *ends, evidence)


def _yes_or_no(text: str) -> bool:
    word = text.casefold()
    if word not in _YES | _NO:
        raise BadCellError(f'"{in_brief(text, _SHOWN)}" is neither yes nor no', "write yes or no")
    return word in _YES


def _per_cent(text: str) -> float:
    fix = "write per cent, as 0.8 %"
    if isinstance(text, CellNumber) and text.percent:
        hundred = 100 * float(text)  # of a cell that shows it as per cent
        text = f"{hundred:.12g} %"
    value = _number(text, PER_CENT, fix)
    if value > 100:
        raise BadCellError(f"{value:g} % is more than the whole", fix)
    return value


def _number(text: str, units: Mapping[str, float], fix: str) -> float:
    written = written_number(text)
    mark = decimal_mark([written])
    if mark == "?":
        raise BadCellError(f'"{in_brief(text, _SHOWN)}" may be read in two ways', fix)
    unit = unit_word(written.unit) if written.unit else ""
    value = written.value(mark)
    if (unit not in units and (value or unit)) or value < 0:  # nothing is nothing in any unit
        raise BadCellError(f'"{in_brief(text, _SHOWN)}" is no number with its unit', fix)
    return value * units.get(unit, 1.0)


def _of_words(text: str, allowed: frozenset[str]) -> tuple[str, ...]:
    found = countries_in(text)
    if odd := [each for each in found if each not in allowed]:
        fix = f"write of {', '.join(sorted(allowed))}, with semicolons between"
        raise BadCellError(f'"{in_brief(odd[0], _SHOWN)}" is none of the words', fix)
    return found


def _as_it_is(text: str) -> str:
    return text


def _mass(text: str) -> float:
    return _number(text, GRAMS, "write grams, as 12.5 g")


def _count(text: str) -> float:
    return _number(text, {"": 1.0}, "write a number without a unit")


_READERS: Mapping[str, Callable[[str], Given]] = {
    MASS: _mass,
    RECYCLED: _per_cent,
    YES_OR_NO: _yes_or_no,
    COUNT: _count,
    **dict.fromkeys(FACTS, _yes_or_no),
}
