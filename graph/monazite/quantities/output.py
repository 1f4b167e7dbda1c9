"""National output of an element at a stage in a year, from rows of production.

Rows of the year count first, then those of the year before, then of the year after; among them the
row whose material is nearest to the element, then the order of the series (``series_ranks``). Other
rows of the same year and material widen the range. Drawn tonnes stand for the chosen row and for
the rows beside it. Of a row that is a forecast, what was made is a part, where an assumption says
how large it may be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from monazite.network.shares import OutputFigure
from monazite.quantities.amount import Amount, exactly

HEAVY = frozenset({"Tb", "Dy"})
WEIGHED = {"oxide", "element", "metal", "reo", "magnet", "magnet-blank"}
"""Bases of a whole year's output; a part, a month or a share does not count."""


@dataclass(frozen=True)
class Output:
    """Output of an element, with the year it is of and how it was found."""

    amount: Amount
    how: str
    year: int
    printed: Amount | None = None
    """Tonnes of the row that counts, as wide as what its rivals print; None without a row."""


Content = Callable[[str, str, str], Amount]
"""Tonnes of the element in a tonne of a material of a basis from a country."""
Fulfilled = Callable[[str], Amount | None]
"""What was made of a material over what was expected; None where nothing is assumed."""
FORECAST = "forecast"


def not_doubted(_: str) -> None:
    """Take every forecast as it stands."""


def national_output(
    figures: Iterable[OutputFigure],
    stage: str,
    year: int,
    content: Content,
    drawn: Mapping[str, Amount] | None = None,
    fulfilled: Fulfilled = not_doubted,
) -> dict[str, Output]:
    """Return the output of an element at a stage, by country."""
    grouped: dict[str, list[OutputFigure]] = defaultdict(list)
    for figure in figures:
        whole = figure.basis in WEIGHED and figure.tonnes[0] is not None and not figure.total
        if figure.stage == stage and whole and abs(figure.year - year) <= 1:
            grouped[figure.place].append(figure)
    found = {}
    for place, group in sorted(grouped.items()):
        made = _best(group, year, content, drawn or {}, fulfilled)
        if made is not None:
            found[place] = made
    return found


def _best(
    group: list[OutputFigure],
    year: int,
    content: Content,
    drawn: Mapping[str, Amount],
    fulfilled: Fulfilled,
) -> Output | None:
    order = {year: 0, year - 1: 1, year + 1: 2}
    chosen = min(
        group,
        key=lambda each: (order[each.year], each.rank, each.preference, each.tier, each.row),
    )
    own = _held(chosen, content)
    amount = _printed(chosen) * own
    if not amount.high and chosen.tonnes[0]:
        return None  # nothing says what the material holds
    rivals = [
        (_printed(each), _held(each, content))
        for each in group
        if each.year == chosen.year and each.rank == chosen.rank and each.basis == chosen.basis
    ]
    same = [each.times(held.value / own.value) for each, held in rivals if held.value and own.value]
    printed = _widest(_printed(chosen), [_printed(chosen), *same])
    contained = (
        printed.at(drawn) * own
        if printed.name in drawn
        else _widest(amount, [each * held for each, held in rivals])
    )
    part = fulfilled(_material(chosen)) if chosen.kind == FORECAST else None
    return Output(contained * (part or exactly(1.0)), "rows", chosen.year, printed)


def _widest(amount: Amount, others: Iterable[Amount]) -> Amount:
    """The amount, as wide as others reach."""
    found = list(others)
    low, high = min(each.low for each in found), max(each.high for each in found)
    return replace(amount, low=low, high=high)


def _held(figure: OutputFigure, content: Content) -> Amount:
    """Tonnes of the element in a tonne of what a row prints."""
    return content(_material(figure), figure.basis, figure.place)


def _material(figure: OutputFigure) -> str:
    return figure.material.rsplit("/", 1)[-1]


def _printed(figure: OutputFigure) -> Amount:
    value, low, high = figure.tonnes
    assert value is not None
    ends = [end for end in (value, low, high) if end is not None]
    return Amount(value, min(ends), max(ends), (figure.row,))


def merged(parts: Iterable[Mapping[str, Output]]) -> dict[str, Output]:
    """Add up the output of the members of a group of elements."""
    found: dict[str, Output] = {}
    for part in parts:
        for place, made in part.items():
            before = found.get(place)
            found[place] = (
                made if before is None else replace(made, amount=before.amount + made.amount)
            )
    return dict(sorted(found.items()))
