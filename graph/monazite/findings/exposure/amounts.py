"""Grams, numbers and kinds of evidence as words: three digits that count, kilograms of many."""

from __future__ import annotations

_KILO = 10_000.0
"""Grams from which they are shown as kilograms."""
_KINDS = {
    "tested": "tested",
    "declared": "declared",
    "datasheet": "datasheet",
    "not stated": "bill, evidence not stated",
    "grade": "by grade",
    "family": "by material",
}


def evidence_words(kind: str) -> str:
    """Return by what a content is known.

    >>> evidence_words("grade")
    'by grade'
    """
    return _KINDS[kind]


def grams_words(low: float, high: float | None = None) -> str:
    """Return a range of grams in one unit, with three digits that count.

    >>> grams_words(2.841, 6.39), grams_words(51_978, 116_951), grams_words(5)
    ('2.84 to 6.39 g', '52 to 117 kg', '5 g')
    """
    most = low if high is None else high
    if most >= _KILO:
        return f"{_range(low / 1000, most / 1000)} kg"
    return f"{_range(low, most)} g"


def _range(low: float, high: float) -> str:
    first, last = number_words(low), number_words(high)
    return first if first == last else f"{first} to {last}"


def number_words(number: float) -> str:
    """Return a number with three digits that count; whole ones below a million as they are.

    >>> number_words(3456), number_words(0.04567), number_words(1234.5)
    ('3,456', '0.0457', '1,234')
    """
    if number == int(number) and abs(number) < 1_000_000:
        return f"{int(number):,}"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
