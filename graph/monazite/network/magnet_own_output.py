"""Magnets that a market takes from its own plants.

Output less what rows say it exports. Where no row prints tonnes, output is the printed share of
world output, times the world's tonnes of that year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from monazite.network.magnet_sales import SalesRecord, SoldPart, yearly
from monazite.network.shares import WORLD, OutputFigure
from monazite.parameters import MAGNET
from monazite.safe_text import in_tonnes, marked

WORLD_OUTPUT = "share-of-world-output"
OLDEST_OUTPUT = 5
"""Years after which a country's own output no longer speaks for what it makes."""


@dataclass(frozen=True)
class OwnOutput:
    """Magnets that a country made in a year, in tonnes, with remarks.

    ``low`` and ``high`` are the ends of its range where one is known; ``reconciled`` says that it
    was worked out with metal and trade, and is of finished magnets.
    """

    tonnes: float
    year: int
    rows: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    reconciled: bool = False


def own_output(
    figures: Iterable[OutputFigure], market: str, year: int, labels: Mapping[str, str] | None = None
) -> OwnOutput | None:
    """Return what a country makes of magnets: printed tonnes, else a share of the world's."""
    speaking = sorted(
        (
            each
            for each in figures
            if each.stage == MAGNET and 0 <= year - each.year <= OLDEST_OUTPUT
        ),
        key=lambda each: (-each.year, each.rank, each.preference, each.tier, each.row),
    )
    weights = [each for each in speaking if each.basis == MAGNET and each.tonnes[0]]
    for each in weights:
        if each.place == market and not each.total:
            return OwnOutput(each.tonnes[0] or 0.0, each.year, (each.row,))
    worlds: dict[int, OutputFigure] = {}
    for each in weights:
        if each.place == WORLD:
            worlds.setdefault(each.year, each)
    for each in speaking:
        of_output = (each.place, each.basis) == (market, WORLD_OUTPUT)
        if of_output and each.percent[0] and each.year in worlds:
            return _of_world(each, worlds[each.year], (labels or {}).get(market, market))
    return None


def _of_world(share: OutputFigure, world: OutputFigure, name: str) -> OwnOutput:
    """A share of the world's tonnes."""
    percent, whole = share.percent[0] or 0.0, world.tonnes[0] or 0.0
    of_world = marked(in_tonnes(whole), world.figure)
    said = (
        f"What {name} makes is worked out: {percent:g} % of the world's {of_world} "
        f"of {share.year}. Plants opened since are not in it."
    )
    return OwnOutput(
        whole * percent / 100, share.year, tuple(sorted((share.row, world.row))), (said,)
    )


def own_part(
    records: Sequence[SalesRecord],
    figures: Iterable[OutputFigure],
    market: str,
    year: int,
    labels: Mapping[str, str],
) -> SoldPart | None:
    """Return what a market takes of its own plants: what they make, less what it ships in tonnes."""
    made, name = own_output(figures, market, year, labels), labels.get(market, market)
    if made is None:
        return None
    buyers = {each.importer for each in records if each.exporter == market} - {WORLD, market}
    total = yearly(records, market, WORLD, made.year)
    pairs = [yearly(records, market, each, made.year) for each in sorted(buyers)]
    shipped = [total] if total is not None else [pair for pair in pairs if pair is not None]
    left = made.tonnes - fsum(part.tonnes for part in shipped)
    if left <= 0:
        return None
    rows = tuple(sorted({*made.rows, *(row for part in shipped for row in part.rows)}))
    how = f"own output of {made.year}"
    if total is not None:
        return SoldPart(left, rows, f"{how} less exports", made.remarks)
    known = f"only for {len(shipped)} of its buyers" if shipped else "for none of its buyers"
    said = (
        f"{name} made {in_tonnes(made.tonnes)} in {made.year}; what it ships is known in tonnes "
        f"{known}. Its own part ({in_tonnes(left)}) is the most it can be."
    )
    return SoldPart(left, rows, how, (*made.remarks, said))
