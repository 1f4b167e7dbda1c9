"""Sizes of lost output that others published: beside the tonnes, never computed with."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from monazite.safe_text import NOT_KNOWN
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store


@dataclass(frozen=True)
class PublishedSize:
    """One size, as its author gave it.

    Attributes:
        market: who would lose.
        measure: what is lost.
        goods: what is lacking.
        size: number and unit, with its ends where it has some.
        supposed: what was supposed.
        horizon: for how long; not known where the author does not say.
        author: who published it.
        weighted: whether it was multiplied by how probable the scenario is.
        row: the row.
    """

    market: str
    measure: str
    goods: str
    size: str
    supposed: str
    horizon: str
    author: str
    weighted: bool
    row: str


ALL = "rare earths"
NAMES = {
    "Nd": "neodymium",
    "Pr": "praseodymium",
    "Dy": "dysprosium",
    "Tb": "terbium",
    "Sm": "samarium",
}
"""Words for all rare earths, and for those in magnets."""


def published_sizes(store: Store) -> tuple[PublishedSize, ...]:
    """Return the published sizes of loss of rare earths, and of those in magnets."""
    found = []
    for each in ask(store, "published-losses"):
        if not each["goods"].lower().startswith((ALL, *NAMES.values())):
            continue
        found.append(
            PublishedSize(
                each["market_name"],
                each["measure"],
                each["goods"].partition(",")[0],
                _size(each),
                each["supposed"],
                each["lasts"] or NOT_KNOWN,
                each["author"],
                each.flag("probability_weighted"),
                each.row(),
            )
        )
    return tuple(found)


def sizes_for(
    sizes: Iterable[PublishedSize], markets: Collection[str], elements: Collection[str]
) -> tuple[PublishedSize, ...]:
    """Return the sizes that are of some markets, and of some elements or of all rare earths."""
    goods = (ALL, *(name for symbol, name in NAMES.items() if symbol in elements))
    return tuple(x for x in sizes if x.market in markets and x.goods.lower().startswith(goods))


def _size(each: QueryRecord) -> str:
    percent = bool(each["percent"] or each["percent_low"] or each["percent_high"])
    names = ("percent", "percent_low", "percent_high") if percent else ("value", "low", "high")
    middle, low, high = (each[name] for name in names)
    unit = "%" if percent else each["unit"]
    ends = f"{_number(low)} to {_number(high)}" if low and high else ""
    if not middle:
        lone = f"at least {_number(low)}" if low else f"at most {_number(high)}"
        return f"{ends or lone} {unit}"
    return f"{_number(middle)} {unit}" + (f" ({ends})" if ends else "")


def _number(text: str) -> str:
    number = float(text)
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:g}"
