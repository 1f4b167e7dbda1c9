"""Mine output by edition: how concentrated one year looks in each series that splits it.

No row prints an index of Herfindahl and Hirschman, so there is nothing to hold these against but
each other; that the same year differs from edition to edition is the finding.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from math import fsum

from monazite.findings.shares.concentration import hhi
from monazite.network.facts import Facts
from monazite.network.shares import WORLD, OutputFigure, split_stage
from monazite.parameters import MINE

REO = "reo"
MIN_COUNTRIES = 3
"""A series with fewer countries in a year splits nothing."""


@dataclass(frozen=True)
class EditionIndex:
    """The concentration of one year in one series.

    Attributes:
        year: of the output.
        series: that splits it.
        countries: how many make any.
        index: HHI over the sum of the countries' lines alone, 0 to 10,000.
        of_total: HHI over the larger of the printed world total and the lines.
        denominator: of ``of_total``.
        of_printed: HHI over the world total as the series prints it, rounded; None without one.
        of_year_before: HHI over the total that the series prints of the year before; None
            without one.
        leader: code of the country with the largest share.
        share: of the leader, 0 to 1.
        figure: what that share is, where it is not measured: ``proxy of rare earths``.
        rows: that give the split.
    """

    year: int
    series: str
    countries: int
    index: float
    of_total: float
    denominator: str
    leader: str
    share: float
    figure: str
    rows: tuple[str, ...]
    of_printed: float | None = None
    of_year_before: float | None = None


def edition_indices(facts: Facts) -> tuple[EditionIndex, ...]:
    """Return the index of each year that at least two series split, by year and series.

    The newest year stands in it too where its series prints a total of the year before.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "TREO", "2026-11-24")
    >>> found = {line.series: round(line.index) for line in edition_indices(facts)
    ...     if line.year == 2023}
    >>> found["usgs-mcs-2024"] < found["usgs-mcs-2025"]
    True
    """
    groups: dict[int, dict[str, list[OutputFigure]]] = defaultdict(lambda: defaultdict(list))
    for figure in facts.own_figures:
        if (figure.stage, figure.basis, figure.rank) == (MINE, REO, 1):
            groups[figure.year][figure.series].append(replace(figure, own_rule=False))
    found = []
    for year, by_series in sorted(groups.items()):
        before = groups.get(year - 1, {})
        lines = [
            _of_series(group, year, before.get(series, []))
            for series, group in sorted(by_series.items())
        ]
        split = [line for line in lines if line is not None]
        newest = year == max(groups) and any(line.of_year_before for line in split)
        found += split if len(split) > 1 or newest else []
    return tuple(found)


def _of_series(
    figures: list[OutputFigure], year: int, before: list[OutputFigure]
) -> EditionIndex | None:
    split = split_stage(figures, MINE, year)
    if split is None or split.year != year or len(split.shares) < MIN_COUNTRIES:
        return None
    shares = {place: share.share for place, share in split.shares.items()}
    of_total, lines = hhi(shares.values()), fsum(shares.values())
    leader = max(shares, key=lambda place: (shares[place], place))
    squares = of_total * (split.world_tonnes or 0.0) ** 2
    return EditionIndex(
        year=year,
        series=figures[0].series,
        countries=sum(share > 0 for share in shares.values()),
        index=of_total / lines**2,
        of_total=of_total,
        denominator=split.denominator,
        leader=leader,
        share=shares[leader],
        figure=split.shares[leader].figure,
        rows=split.rows,
        of_printed=_over(squares, figures),
        of_year_before=_over(squares, before),
    )


def _over(squares: float, figures: list[OutputFigure]) -> float | None:
    """The index of squared tonnes over the total of the world that a series prints."""
    totals = [figure.tonnes[0] for figure in figures if figure.place == WORLD]
    return squares / totals[0] ** 2 if squares and totals and totals[0] else None
