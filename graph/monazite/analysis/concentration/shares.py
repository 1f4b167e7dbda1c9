"""Concentration of a stage: the leader's share and the Herfindahl-Hirschman index.

Herfindahl, Concentration in the U.S. steel industry (1950); Hirschman, National power and the
structure of foreign trade (1945). HHI is the sum of squared shares in percent, 0 to 10,000.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from math import fsum

from monazite.core.formats import NOT_KNOWN, percent, whole
from monazite.core.results import Struct, Value
from monazite.data.parameters import MINE
from monazite.model.network.attributes import Network, about, node_of
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD, OutputFigure, Split, split_stage

OF_A_GROUP = "The share is that of a wider group of rare earths"
"""How the note of a share begins that is not of the element."""


class StageShares(Value):
    """Who leads one stage, and how concentrated it is; None is *not known*."""

    stage: str  #: of the chain: mine, separation, metal, alloy or magnet
    coverage: float | None  #: the part of the stage's output that named sites make, 0 to 1
    leader: str | None  #: name of the country with the largest share
    share: float | None  #: of the leader, 0 to 1
    hhi: float | None  #: index of Herfindahl and Hirschman, 0 to 10,000
    denominator: str  #: what the shares were divided by: the line sum or a printed world total
    basis: str  #: of the tonnes
    year: int | None  #: of the shares
    rows: tuple[str, ...]  #: keys of the rows that give them
    note: str = ""  #: what the numbers cannot tell
    #: the least that rows print for the leader; None below an upper bound
    share_low: float | None = None
    #: the most that rows print for the leader; None above a lower bound
    share_high: float | None = None
    #: the least index, if one country has another share that rows print; None where a share is an
    #: upper bound, which leaves ``hhi`` open too
    hhi_low: float | None = None
    #: the largest such index, if one country also holds all that the source does not split; None
    #: where a share is a lower bound
    hhi_high: float | None = None
    range_rows: tuple[str, ...] = ()  #: keys of the rows that set these ends
    #: what the leader's number is where it is not measured of the element alone: ``proxy of rare
    #: earths``
    figure: str = ""
    #: names and shares of those that come next, two at most
    then: Mapping[str, float] = field(default_factory=dict)
    #: other figures of the same stage: what rows print, where the reconciled year leads
    others: tuple[OtherFigure, ...] = ()
    #: of another figure, by what it differs from the one that leads; empty for that one
    why: str = ""

    @property
    def figures(self) -> tuple[StageShares, ...]:
        """The figure that leads, then the others."""
        return self, *self.others


class OtherFigure(StageShares):
    """Another figure of a stage, which has no others of its own."""

    _json = (
        "stage coverage leader share hhi denominator basis year rows note share_low share_high "
        "hhi_low hhi_high range_rows figure then why"
    )


def hhi(shares: Iterable[float]) -> float:
    """Return the Herfindahl-Hirschman index of shares, 0 to 10,000."""
    return fsum((100 * share) ** 2 for share in shares)


def top_shares(shares: Iterable[float]) -> float:
    """Return the three largest shares together, 0 to 1, as the IEA prints it. Read."""
    return fsum(sorted(shares, reverse=True)[:3])


def first_row(rows: Sequence[str]) -> str:
    """Return the first of some rows, and how many there are more."""
    return f"{rows[0]} +{len(rows) - 1}" if len(rows) > 1 else "".join(rows)


def followers(shares: Mapping[str, float], labels: Mapping[str, str]) -> dict[str, float]:
    """Return the two that come after the leader of a stage, by name, the largest first."""
    ranked = sorted(shares, key=lambda place: (shares[place], place), reverse=True)
    return {labels[place]: shares[place] for place in ranked[1:3]}


def stage_shares(network: Network) -> tuple[StageShares, ...]:
    """Return who leads each stage, in the order of the chain; one without rows says so."""
    splits = about(network).splits
    found = []
    unknown = (None, None, None, None, NOT_KNOWN, NOT_KNOWN, None, (), "No country shares found.")
    for stage, _ in about(network).stages:
        if stage in splits:
            found.append(_of_split(network, splits[stage]))
        elif f"gap/{stage}" in network:
            found.append(StageShares(stage, *unknown))
    return tuple(found)


def open_ends(split: Split) -> tuple[bool, bool]:
    """Return whether a bound leaves an index of a split open, downward and upward."""
    kinds = " ".join(share.kind for share in split.shares.values())
    return "upper bound" in kinds, "lower bound" in kinds


def hhi_range(split: Split) -> tuple[float | None, float | None, tuple[str, ...]]:
    """Return the lowest and highest index that the rows allow, and the rows that set them.

    One country at a time has the lowest or highest share that rows print, the others keep their
    proportions. Low: what is not split lies with many. High: one more country holds it all.
    """
    lows, highs = [], []
    for row, shares in _readings(split):
        rest = 100 * max(0.0, 1 - fsum(shares.values())) if split.rest else 0.0
        index = hhi(shares.values())
        lows.append((index, row))
        highs.append((index + rest**2, row))
    low, high = min(lows, key=lambda end: end[0]), max(highs, key=lambda end: end[0])
    down, up = open_ends(split)
    ends = (None if down else low[0], None if up else high[0])
    return *ends, tuple(dict.fromkeys(row for _, row in (low, high) if row))


def _readings(split: Split) -> Iterator[tuple[str, Mapping[str, float]]]:
    """The shares as chosen, and with one country's share as another row prints it."""
    chosen = {place: share.share for place, share in split.shares.items()}
    yield "", chosen
    for place, share in split.shares.items():
        for other, row in ((share.low, share.low_row), (share.high, share.high_row)):
            if other != share.share:
                left = (1 - other) / (1 - share.share) if share.share < 1 else 0.0
                scaled = {name: own * max(0.0, left) for name, own in chosen.items()}
                yield row, {**scaled, place: other}


def _of_split(network: Network, split: Split) -> StageShares:
    leader = max(split.shares, key=lambda place: (split.shares[place].share, place))
    leads = split.shares[leader]
    index = hhi(share.share for share in split.shares.values())
    hhi_low, hhi_high, hhi_rows = hhi_range(split)
    ends = (leads.low_row, leads.high_row) if leads.low < leads.high else ()
    made = [at for at, each in split.shares.items() if each.share]
    labels = {at: node_of(network, f"{split.stage}/{at}").label for at in made}
    label = labels[leader]
    notes = []
    bound = any(open_ends(split))
    if split.rest > 0.005 and not bound:
        upper = index + (100 * split.rest) ** 2
        notes.append(
            f"The source splits all but {percent(split.rest)} of the world: "
            f"the HHI lies between {whole(index)} and {whole(upper)}."
        )
    if leads.kind:
        notes.append(f"The number of {label} is not measured: {leads.figure}.")
    elif leads.figure:
        notes.append(f"The number of {label} is {leads.figure}.")
    if split.rank > 1:
        notes.append(f"{OF_A_GROUP}, not of the element.")
    return StageShares(
        stage=split.stage,
        coverage=about(network).coverage.get(split.stage),
        leader=label,
        share=leads.share,
        hhi=None if bound else index,
        denominator=split.denominator,
        basis=split.basis,
        year=split.year,
        rows=tuple(dict.fromkeys((*leads.rows, *split.rows))),
        note=" ".join(notes),
        share_low=leads.ends[0],
        share_high=leads.ends[1],
        hhi_low=hhi_low,
        hhi_high=hhi_high,
        range_rows=tuple(dict.fromkeys(row for row in (*ends, *hhi_rows) if row)),
        figure=leads.figure,
        then=followers({at: split.shares[at].share for at in labels}, labels),
    )


REO = "reo"


def split_of_series(figures: Iterable[OutputFigure], stage: str, year: int) -> Split | None:
    """Return how one series alone splits a stage in a year; None of fewer than three countries."""
    split = split_stage([replace(x, own_rule=False) for x in figures], stage, year)
    return None if split is None or split.year != year or len(split.shares) < 3 else split


class EditionIndex(Struct):
    """The concentration of one year in one series."""

    year: int  #: of the output
    series: str  #: that splits it
    countries: int  #: how many make any
    index: float  #: HHI over the sum of the countries' lines alone, 0 to 10,000
    of_total: float  #: HHI over the larger of the printed world total and the lines
    denominator: str  #: of ``of_total``
    leader: str  #: code of the country with the largest share
    share: float  #: of the leader, 0 to 1
    figure: str  #: what that share is, where it is not measured: ``proxy of rare earths``
    rows: tuple[str, ...]  #: that give the split
    #: HHI over the world total as the series prints it, rounded; None without one
    of_printed: float | None = None
    #: HHI over the total that the series prints of the year before; None without one
    of_year_before: float | None = None


def edition_indices(facts: Facts) -> tuple[EditionIndex, ...]:
    """Return the index of each year that two series split, or the newest by an older total."""
    groups: dict[int, dict[str, list[OutputFigure]]] = defaultdict(lambda: defaultdict(list))
    for figure in facts.own_figures:
        if (figure.stage, figure.basis, figure.rank) == (MINE, REO, 1):
            groups[figure.year][figure.series].append(figure)
    found = []
    for year, by_series in sorted(groups.items()):
        before = groups.get(year - 1, {})
        lines = (_of_series(of, year, before.get(x, [])) for x, of in sorted(by_series.items()))
        split = [line for line in lines if line is not None]
        newest = year == max(groups) and any(line.of_year_before for line in split)
        found += split if len(split) > 1 or newest else []
    return tuple(found)


def _of_series(
    figures: list[OutputFigure], year: int, before: list[OutputFigure]
) -> EditionIndex | None:
    split = split_of_series(figures, MINE, year)
    if split is None:
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
