"""Printed numbers worked out again from our rows: the number, ours, the difference, the reason.

Which number is compared with which of our rows is a choice of method and stands in the table of
reproductions, with what is known of a difference. A number comes out again if ours lies within
the tolerance that the row gives, or within what the rounding of its own printed inputs allows.
One that does not come out stays in, and says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from monazite.findings.indices.supply_risks import ASSESSED
from monazite.findings.reproductions.recomputed import MEASURES, Ours, Recomputation, Workings
from monazite.findings.shares.editions import EditionIndex, edition_indices
from monazite.triples.queries import ask
from monazite.triples.store import Store

REPRODUCES, DIFFERS, NO_NUMBER = "reproduces", "differs", "not-known"
SAME = 1e-9


@dataclass(frozen=True)
class Reproduction:
    """One printed number beside ours; None is not known.

    ``low`` and ``high`` are what the rounding of printed inputs leaves open of ours.
    ``difference`` is ours less the printed number, or less the nearer end of a printed range.
    ``what`` is the measure in words. ``printed_row`` prints the number, ours rests on ``rows``.
    """

    row: str
    measure: str
    what: str
    element: str
    stage: str
    place: str
    year: int | None
    printed: float | None
    printed_low: float
    printed_high: float
    ours: float | None
    low: float | None
    high: float | None
    difference: float | None
    unit: str
    tolerance: float
    expected: str
    outcome: str
    reason: str
    note: str
    series: str
    printed_row: str
    rows: tuple[str, ...]

    @property
    def broken(self) -> bool:
        """Whether it was to come out again and does not."""
        return self.expected == REPRODUCES != self.outcome


@dataclass(frozen=True)
class Order:
    """How many pairs of printed numbers that differ stand in the same order in ours."""

    measure: str
    what: str
    numbers: int
    pairs: int
    kept: int


@dataclass(frozen=True)
class Reproductions:
    """The report: numbers, the order of numbers of one measure, and mine output by edition.

    ``left_out`` are rows of the table whose printed number the view leaves out.
    """

    lines: tuple[Reproduction, ...]
    orders: tuple[Order, ...]
    editions: tuple[EditionIndex, ...]
    left_out: tuple[str, ...]

    @property
    def broken(self) -> tuple[Reproduction, ...]:
        """The numbers that were to come out again and do not."""
        return tuple(line for line in self.lines if line.broken)


def reproduce(store: Store) -> Reproductions:
    """Work the printed numbers of the table of reproductions out again.

    Years after the day of the view count here: a projection is printed, and so is what it is
    made of.

    Args:
        store: the rows of a view.

    >>> from monazite.triples.store import open_store
    >>> found = reproduce(open_store())
    >>> found.broken
    ()
    >>> next(line.outcome for line in found.lines if line.measure == "three-largest")
    'reproduces'
    """
    workings = Workings(store)
    answers = ask(store, "network-reproductions")
    printed = [answer for answer in answers if answer["number"] or answer["low"] or answer["high"]]
    lines = tuple(_line(workings, answer) for answer in printed)
    kept = {answer["row"] for answer in printed}
    return Reproductions(
        lines=lines,
        orders=_orders(lines),
        editions=edition_indices(workings.facts("treo")),
        left_out=tuple(sorted(_key(a["row"]) for a in answers if a["row"] not in kept)),
    )


def _key(row: str) -> str:
    return row.removeprefix("row/")


def _number(text: str) -> float | None:
    return float(text) if text else None


def _asked(answer: Mapping[str, str]) -> Recomputation:
    year = answer["ownYear"] or answer["year"] or answer["edition"]
    return Recomputation(
        element=answer["element"],
        stage=answer["stage"],
        series=answer["series"],
        place=answer["place"],
        year=int(year) if year else None,
        assessed=answer["assessed"] or ASSESSED.get(answer["stage"], ""),
        printed_row=_key(answer["printed"]),
    )


def _line(workings: Workings, answer: Mapping[str, str]) -> Reproduction:
    asked = _asked(answer)
    ours = MEASURES[answer["measure"]](workings, asked)
    number = _number(answer["number"])
    ends = [n for n in (number, _number(answer["low"]), _number(answer["high"])) if n is not None]
    low, high = min(ends), max(ends)
    tolerance = float(answer["tolerance"])
    in_percent = answer["inPercent"] == "true"
    scale = 100.0 if in_percent and answer["measure"] != "loss-rank" else 1.0
    value, least, most = _scaled(ours, scale)
    return Reproduction(
        row=_key(answer["row"]),
        measure=answer["measure"],
        what=answer["what"],
        element=workings.facts(asked.element).symbol,
        stage=asked.stage,
        place=asked.place,
        year=asked.year,
        printed=number,
        printed_low=low,
        printed_high=high,
        ours=value,
        low=least,
        high=most,
        difference=_difference(value, low, high),
        unit="%" if in_percent else UNITS.get(answer["measure"], "index"),
        tolerance=tolerance,
        expected=answer["expected"],
        outcome=_outcome(least, most, low - tolerance, high + tolerance),
        reason=answer["reason"],
        note=answer["note"],
        series=asked.series,
        printed_row=asked.printed_row,
        rows=ours.rows if ours else (),
    )


UNITS = {"sum-of-lines": "t", "loss-rank": "rank"}
"""Units of the measures that are neither in percent nor an index."""


def _scaled(ours: Ours | None, scale: float) -> tuple[float | None, float | None, float | None]:
    if ours is None:
        return None, None, None
    return ours.value * scale, ours.low * scale, ours.high * scale


def _difference(ours: float | None, low: float, high: float) -> float | None:
    """Ours less the nearer end of what is printed; nothing inside a printed range."""
    if ours is None:
        return None
    return ours - min(max(ours, low), high)


def _outcome(least: float | None, most: float | None, low: float, high: float) -> str:
    if least is None or most is None:
        return NO_NUMBER
    return REPRODUCES if least <= high + SAME and most >= low - SAME else DIFFERS


def _orders(lines: Iterable[Reproduction]) -> tuple[Order, ...]:
    """The order of a measure that stands for many elements: the European supply risk."""
    found = [line for line in lines if line.measure == "eu-supply-risk" and line.ours is not None]
    pairs = [
        (one, other)
        for one, other in combinations(found, 2)
        if None not in (one.printed, other.printed) and one.printed != other.printed
    ]
    kept = sum(
        ((one.printed or 0) < (other.printed or 0)) == ((one.ours or 0) < (other.ours or 0))
        for one, other in pairs
    )
    if not pairs:
        return ()
    return (Order(found[0].measure, found[0].what, len(found), len(pairs), kept),)
