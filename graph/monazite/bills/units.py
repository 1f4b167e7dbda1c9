"""Units of bills: of mass, of parts of a mass, and of pieces."""

from __future__ import annotations

import unicodedata

GRAMS = {"mg": 1e-3, "g": 1.0, "kg": 1e3, "t": 1e6, "oz": 28.349523125, "lb": 453.59237}
"""Grams of a unit of mass; an ounce and a pound are those of 1959, avoirdupois."""
PER_CENT = {"%": 1.0, "ppm": 1e-4}
"""Per cent of a unit of content."""
_WORDS = {
    "mg": "mg milligram milligrams milligramm 毫克",
    "g": "g gr gram grams gramm 克",
    "kg": "kg kgs kilo kilos kilogram kilograms kilogramm 千克 公斤",
    "t": "t tonne tonnes 吨",
    "oz": "oz ounce ounces unze unzen 盎司",
    "lb": "lb lbs pound pounds 磅",
    "%": "% wt% wt.% wt.-% gew.% gew.-% gew% percent prozent m% mass%",
    "ppm": "ppm mg/kg",
    "piece": "pc pcs pce piece pieces ea each st stk stück stueck set sets x "
    "个 件 只 片 块 套 支 台",
}
_UNITS = {word: unit for unit, words in _WORDS.items() for word in words.split()}
MASSES, PARTS, PIECE = frozenset(GRAMS), frozenset(PER_CENT), "piece"
MEASURES = frozenset({"m", "mm", "cm", "m2", "m²", "l", "ml"})
"""Units of a quantity that is measured: a mass beside it is that of one of them."""
_CURRENCIES = {"€": "EUR", "£": "GBP", "$": "", "¥": ""}
"""Signs of currencies; those of several countries do not tell which."""


def unit_word(text: str) -> str:
    """Return a unit as this module names it; the text itself where it is none of them.

    >>> unit_word("Kilogramm"), unit_word("Stk."), unit_word("m")
    ('kg', 'piece', 'm')
    """
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return _UNITS.get(plain) or _UNITS.get(plain.rstrip(".")) or plain


def currency_code(text: str) -> str:
    """Return the three letters of a currency; empty where they are not known.

    >>> currency_code("€"), currency_code("cny"), currency_code("¥")
    ('EUR', 'CNY', '')
    """
    sign = text.strip()
    if sign in _CURRENCIES:
        return _CURRENCIES[sign]
    code = sign.upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""
