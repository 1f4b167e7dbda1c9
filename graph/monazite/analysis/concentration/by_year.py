"""Concentration by stage and year: shares, the three largest, and the Herfindahl-Hirschman index.

Materials of another rank (all rare earths for the magnet ones) are a series of their own. Early
years mix oxide content with gross weight, which do not add: they have no index, and say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from itertools import groupby, pairwise
from math import fsum

from monazite.analysis.concentration.shares import (
    OF_A_GROUP,
    REO,
    first_row,
    followers,
    hhi,
    hhi_range,
    open_ends,
    split_of_series,
    top_shares,
)
from monazite.core.columns import Column, table
from monazite.core.errors import NotKnownError, UnknownNameError, did_you_mean
from monazite.core.formats import (
    NOT_KNOWN,
    bounded_percent,
    counted,
    index_words,
    marked,
    percent,
    tonnes,
    whole,
)
from monazite.core.results import Listing, Value
from monazite.core.tables import Table, percent_cell, percent_range
from monazite.data.iris import local_name
from monazite.data.parameters import FIRST_YEARS, MINE, SINCE
from monazite.model.network.facts import Facts
from monazite.model.network.shares import PRINTED_TOTAL, ROUNDING, OutputFigure, Split, split_stage
from monazite.store.answers import together
from monazite.store.cards import is_measured
from monazite.store.queries import QueryRecord

OTHER_FIGURE = "other figure"  # what a printed share is called beside that of the reconciled year


def _materials(lines: Iterable[ConcentrationYear]) -> str:
    names = dict.fromkeys(line.material.replace("-", " ") for line in lines if line.shares)
    return ", ".join(names) or "shares not known"


def _table(
    heading: str, lines: Sequence[ConcentrationYear], notes: Sequence[str], *, dated: bool
) -> Table:
    columns = (
        Column("stage", lambda line: OTHER_FIGURE if line.why else line.stage, when=dated),
        Column("year", "year", right=True),
        Column("leader", lambda line: line.leader_label or NOT_KNOWN),
        Column("share", _share, right=True),
        Column(
            "then", "then", lambda then: ", ".join(f"{x} {percent_cell(then[x])}" for x in then)
        ),
        Column("HHI", "hhi", index_words, right=True),
        Column("range", _range, spare=7),
        Column("top 3", "top3", percent_cell, right=True, spare=6),
        Column("countries alone", "hhi_countries", index_words, right=True, spare=3),
        Column("countries", "countries", right=True, spare=5),
        Column("of", "denominator", spare=1),
        Column("basis", "basis", spare=4),
        Column("series", "series", " + ".join, spare=2),
        Column("break", lambda line: "break" if line.broken else "", when=not dated),
        Column("row", "rows", first_row, full=True),
    )
    return table(heading, lines, columns, (*_remarks(lines, dated=dated), *notes))


def _remarks(lines: Sequence[ConcentrationYear], *, dated: bool) -> Iterable[str]:
    for line in lines:
        what = f"{f'{line.stage} ' if dated else ''}{line.year}"
        if line.why:
            yield f"{what}, {OTHER_FIGURE}: {line.why}. {line.note}".strip()
        elif line.note:
            yield f"{what}: {line.note}"
        over, alone = index_words(line.hhi), index_words(line.hhi_countries)
        if dated and line.denominator == PRINTED_TOTAL and over != alone:
            yield (
                f"{what}: HHI {over} over the printed total, as is its range; {alone} over the sum "
                "of rows."
            )
        if line.range_rows and dated:
            yield f"{what}: the range is set by {', '.join(line.range_rows)}."
    for line in lines:
        if line.broken and not dated:
            yield f"{line.year} breaks the series; {line.broken}."


def _share(line: ConcentrationYear) -> str:
    value = bounded_percent(line.share, line.leader_figure, narrow=True)
    if line.share_low is None or line.share_high is None or line.share_low == line.share_high:
        return value
    return f"{value} ({percent_range(line.share_low, line.share_high)})"


def _range(line: ConcentrationYear) -> str:
    if line.hhi_low is None or line.hhi_high is None:
        return index_words(None, line.hhi_low, line.hhi_high)
    low, high = index_words(line.hhi_low), index_words(line.hhi_high)
    return low if low == high else f"{low} to {high}"


ALL_RARE_EARTHS = "rare-earths"


class ConcentrationYear(Value):
    """The shares of one stage in one year; None is not known."""

    stage: str  #: mine, separation, metal, alloy or magnet
    rank: int  #: of the materials: 1 speaks for the element itself, more for a wider group
    material: str  #: ids of the materials that the rows are about
    year: int  #: of the shares
    hhi: float | None = None  #: index over the denominator, 0 to 10,000
    #: the least index, if one country has another share that rows print, or that another series of
    #: the year gives
    hhi_low: float | None = None
    #: the largest such index, if one country also holds all that the source does not split
    hhi_high: float | None = None
    hhi_countries: float | None = None  #: index over the sum of the countries' lines alone
    top3: float | None = None  #: the three largest shares together, 0 to 1
    leader: str | None = None  #: code of the country with the largest share
    leader_label: str = ""  #: its name
    share: float | None = None  #: of the leader, 0 to 1
    countries: int = 0  #: how many have a share
    rest: float | None = None  #: the part of the world that the source does not split, 0 to 1
    denominator: str = ""  #: what the shares were divided by
    basis: str = ""  #: of the tonnes
    series: tuple[str, ...] = ()  #: that give the shares
    rows: tuple[str, ...] = ()  #: that give them
    #: by country, 0 to 1, the largest first
    shares: Mapping[str, float] = field(default_factory=dict)
    note: str = ""  #: what the numbers cannot tell
    broken: str = ""  #: what a comparison with the year before would cross
    #: what the numbers are where they are not measured, or of several materials together: ``upper
    #: bound``
    figure: str = ""
    #: the same by country, of those whose number is such a one
    figures: Mapping[str, str] = field(default_factory=dict)
    #: names and shares of those that come after the leader
    then: Mapping[str, float] = field(default_factory=dict)
    #: of another figure, by what it differs from the share of the reconciled year that leads; empty
    #: for that one, and where there is none
    why: str = ""
    range_rows: tuple[str, ...] = ()  #: of the shares that set the least and the largest index
    #: a twentieth of the drawn shares of the leader lies below; None where none were drawn
    share_low: float | None = None
    share_high: float | None = None  #: a twentieth of them lies above; None where none were drawn

    @property
    def leader_figure(self) -> str:
        """What the leader's number is, where it is not measured of the element alone."""
        return self.figures.get(self.leader or "", "")

    def share_words(self, place: str) -> str:
        """Return the share of a country in percent, with what the number is."""
        figure = self.figures.get(place, "")
        return marked(bounded_percent(self.shares.get(place, 0.0), figure), figure)


class Concentration(Listing[ConcentrationYear]):
    """Who holds the stages of an element, and how that changed."""

    records_key = "lines"
    _json = "element series lines notes"
    _bare = (
        "stage rank material year hhi hhi_low hhi_high hhi_countries top3 leader leader_label "
        "share countries rest denominator basis series rows note broken figure why range_rows "
        "share_low share_high"
    )

    element: str
    #: whether there is a line a year; else one for the newest year of each stage, after that of the
    #: reconciled year where there is one
    series: bool
    #: in the order of the chain, then the best materials first, then by year
    lines: tuple[ConcentrationYear, ...]

    def tables(self) -> list[Table]:
        """Return one table of the newest years, or one of each stage and its materials."""
        if not self.series:
            heading = f"{self.element}: concentration by stage, newest year"
            return [_table(heading, self.lines, self.notes, dated=True)]
        return [
            _table(heading, found, self.notes, dated=False)
            for (stage, _), group in groupby(self.lines, key=lambda line: (line.stage, line.rank))
            for found in [list(group)]
            for heading in [f"{self.element}: {_materials(found)} at stage {stage}"]
        ]

    def headline(self) -> str:
        """Return whose shares they are, of which stages and years."""
        stages = ", ".join(dict.fromkeys(line.stage for line in self.lines))
        years = sorted({line.year for line in self.lines})
        spread = f"{years[0]} to {years[-1]}" if years[1:] else f"{years[0]}"
        return f"{self.element} {spread}: {counted(len(self.lines), 'line')} of {stages}"


def find_concentration(
    facts: Facts, stage: str | None = None, *, series: bool = False, since: int = SINCE
) -> Concentration:
    """Return who holds each stage of an element."""
    FIRST_YEARS.check(since)
    lines = concentration_series(facts, stage, since=since, newest=not series)
    return Concentration(facts.symbol, series, lines)


def concentration_series(
    facts: Facts, stage: str | None = None, *, since: int = SINCE, newest: bool = False
) -> tuple[ConcentrationYear, ...]:
    """Return the concentration of an element's stages, one line a year."""
    known = [code for code, _ in facts.stages]
    if stage is not None and stage not in known:
        fix = did_you_mean(stage, known) or f"stages are {', '.join(known)}."
        raise UnknownNameError(f'There is no stage "{stage}" in the network; {fix}')
    found: list[ConcentrationYear] = []
    for code in [stage] if stage else known:
        lines = _of_stage(facts, code, since)
        found += _newest(lines) if newest else lines
    if not found:
        where = f"the stage {stage}" if stage else "any stage"
        raise NotKnownError(
            f"No record up to {facts.year} splits {where} of {facts.element.label} into countries."
        )
    return tuple(found)


def _newest(lines: list[ConcentrationYear]) -> list[ConcentrationYear]:
    """The newest measured year, of the materials that speak best for the element."""
    split = [line for line in lines if line.shares] or lines
    return sorted(split, key=lambda line: (line.rank, not is_measured(line.figure), -line.year))[:1]


def _of_stage(facts: Facts, stage: str, since: int) -> list[ConcentrationYear]:
    figures = [f for f in facts.own_figures if f.stage == stage and since <= f.year <= facts.year]
    found: list[ConcentrationYear] = []
    for rank in sorted({figure.rank for figure in figures if not figure.total}):
        of_rank = [figure for figure in figures if figure.rank == rank]
        years = sorted({figure.year for figure in of_rank if not figure.total})
        lines = [_of_year(facts, of_rank, stage, year) for year in years]
        if stage == MINE and any(line.material == ALL_RARE_EARTHS for line in lines):
            lines = _with_minerals(facts, lines, since)
        later = (replace(x, broken=_break(before, x)) for before, x in pairwise(lines))
        found += [*lines[:1], *later]
    return found


def _of_year(facts: Facts, figures: list[OutputFigure], stage: str, year: int) -> ConcentrationYear:
    split = split_stage((f for f in figures if f.year <= year), stage, year, exact=True)
    by_row = {figure.row: figure for figure in figures}
    if split is None or split.year != year:
        return _unsplit(facts, [f for f in figures if f.year == year and not f.total])
    shares = {place: share.share for place, share in split.shares.items()}
    index = hhi(shares.values())
    lowest, highest, set_by = hhi_range(split)
    others = _other_readings([f for f in figures if f.year == year], by_row, split, stage)
    bound = any(open_ends(split))
    third = sorted((0.0, 0.0, *shares.values()), reverse=True)[2]
    hidden = split.rest > max(third, ROUNDING)  # the rest may hide one larger than the third
    leader = max(shares, key=lambda place: (shares[place], place))
    leads = shares[leader] >= split.rest
    line_sum = fsum(shares.values())
    chosen = [by_row[row] for row in split.rows if row in by_row]
    told = {place: share.figure for place, share in split.shares.items() if share.figure}
    return ConcentrationYear(
        stage=stage,
        rank=split.rank,
        material=_material(chosen),
        year=year,
        hhi=index if split.rest <= 0.5 and not bound else None,
        hhi_low=None if lowest is None else min([lowest, *others.values()]),
        hhi_high=None if highest is None else max([highest, *others.values()]),
        hhi_countries=None if chosen[0].is_share or bound else index / line_sum**2,
        top3=None if bound or hidden else top_shares(shares.values()),
        leader=leader if leads else None,
        leader_label=facts.country_labels[leader] if leads else "",
        share=shares[leader] if leads else None,
        countries=sum(share > 0 for share in shares.values()),
        rest=split.rest,
        denominator=split.denominator,
        basis=split.basis,
        series=tuple(sorted({figure.series for figure in chosen})),
        rows=split.rows,
        shares=dict(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))),
        note=_note(facts, split, shares, others, chosen),
        figure=" and ".join(sorted(set(told.values()))),
        figures=told,
        then=followers({x: share for x, share in shares.items() if share}, facts.country_labels),
        range_rows=set_by,
    )


def _material(figures: Iterable[OutputFigure]) -> str:
    names = (together(figure.joint) or local_name(figure.material) for figure in figures)
    return " and ".join(sorted(set(names)))


def _note(
    facts: Facts,
    split: Split,
    shares: Mapping[str, float],
    others: Mapping[str, float],
    chosen: Sequence[OutputFigure],
) -> str:
    """Say what the number of a year cannot tell."""
    sentences = [f"{OF_A_GROUP}, not of the element."] if split.rank > 1 else []
    if chosen[0].is_share:
        sentences.append("Only records in percent.")
    joint = sorted({together(figure.joint).replace("-", " ") for figure in chosen} - {""})
    sentences += [f"Printed of {names}." for names in joint]
    kind = " and ".join(sorted({share.kind for share in split.shares.values()} - {""}))
    if kind:
        sentences.append(f"Not measured: {kind}.")
    if len(shares) == 1:
        sentences.append(f"Only {facts.country_labels[next(iter(shares))]}'s share found.")
    if split.rest > 0.005:
        sentences.append(f"{percent(split.rest)} of the world is not split by the source.")
    listed = ", ".join(f"{series} {whole(index)}" for series, index in sorted(others.items()))
    if listed:
        sentences.append(f"Other series: {listed}.")
    return " ".join(sentences)


def _other_readings(
    figures: list[OutputFigure], by_row: Mapping[str, OutputFigure], split: Split, stage: str
) -> dict[str, float]:
    """Return the index that each other series of the same basis and year gives."""
    taken = {by_row[row].series for row in split.rows if row in by_row}
    groups: dict[str, list[OutputFigure]] = defaultdict(list)
    for figure in figures:
        if figure.series not in taken and figure.basis == split.basis:
            groups[figure.series].append(figure)
    splits = ((x, split_of_series(of, stage, split.year)) for x, of in sorted(groups.items()))
    return {x: hhi(y.share for y in other.shares.values()) for x, other in splits if other}


def _unsplit(facts: Facts, figures: list[OutputFigure]) -> ConcentrationYear:
    """A year whose rows give no shares: tonnes of too few countries and no world total."""
    labels = sorted({facts.country_labels[figure.place] for figure in figures})
    return ConcentrationYear(
        *(figures[0].stage, figures[0].rank, _material(figures), figures[0].year),
        countries=len(labels),
        denominator=NOT_KNOWN,
        basis=" and ".join(sorted({figure.basis for figure in figures})),
        series=tuple(sorted({figure.series for figure in figures})),
        rows=tuple(sorted(figure.row for figure in figures)),
        note=f"Only records for {' and '.join(labels)}, and no world total is printed.",
        figure=" and ".join(sorted({figure.figure for figure in figures} - {""})),
    )


def _with_minerals(
    facts: Facts, lines: list[ConcentrationYear], since: int
) -> list[ConcentrationYear]:
    """Put the years before the first split in front, with what their rows tell."""
    first = min((line.year for line in lines if line.hhi is not None), default=facts.year + 1)
    by_year: dict[int, list[QueryRecord]] = defaultdict(list)
    for answer in facts.ask("network-minerals", until=str(first - 1)):
        if answer.year() >= since:
            by_year[answer.year()].append(answer)
    shares = {line.year: line for line in lines if line.year < first}
    rank = lines[0].rank
    early = [_of_minerals(facts, x, rank, shares.get(y)) for y, x in sorted(by_year.items())]
    rest = [line for line in lines if line.year >= first or line.year not in by_year]
    return sorted([*early, *rest], key=lambda line: line.year)


def _of_minerals(
    facts: Facts, answers: list[QueryRecord], rank: int, printed: ConcentrationYear | None
) -> ConcentrationYear:
    """A year with oxide content for some countries and gross weight for others."""
    oxide: dict[str, float] = defaultdict(float)
    gross: dict[str, float] = defaultdict(float)
    for answer in answers:
        weights = oxide if answer["basis"] == REO else gross
        weights[answer["placeLabel"]] += answer.number("tonnes")
    rows = [x.row() for x in answers]
    note = _mineral_note(oxide, {x: t for x, t in gross.items() if t})
    if printed is not None:
        rows += printed.rows
        listed = ", ".join(
            f"{facts.country_labels[x]} {printed.share_words(x)}" for x in printed.shares
        )
        note += f" Of the world, {' and '.join(printed.series)} prints: {listed}."
    return ConcentrationYear(
        *(MINE, rank, "minerals one by one", answers[0].year()),
        countries=sum(tonnes > 0 for tonnes in {**gross, **oxide}.values()),
        denominator="none: the bases do not add",
        basis="reo and gross-concentrate",
        series=tuple(sorted({answer["series"] for answer in answers})),
        rows=tuple(sorted({*rows})),
        note=note,
        figure=facts.marks.words(each.row() for each in answers),
    )


def _mineral_note(oxide: Mapping[str, float], gross: Mapping[str, float]) -> str:
    """Say what stands on which basis; a concentrate holds between none and all of its weight."""
    in_oxide = ", ".join(
        f"{place} {tonnes(held)} t" for place, held in sorted(oxide.items(), key=lambda p: -p[1])
    )
    note = f"Not comparable: {in_oxide} in REO"
    if not gross:
        return f"{note}."
    heavy, total = fsum(gross.values()), fsum(oxide.values())
    places = counted(len(gross), "country", "countries")
    note += f"; {places} in gross weight of concentrate, {tonnes(heavy)} t together."
    if not total:
        return note
    first = max(sorted(oxide), key=lambda place: oxide[place])
    low, high = oxide[first] / (total + heavy), oxide[first] / total
    return f"{note} {first} has between {percent(low)} and {percent(high)}."


def _break(before: ConcentrationYear, line: ConcentrationYear) -> str:
    changes = []
    for what in ("material", "basis", "series"):
        held = (getattr(before, what), getattr(line, what))
        old, new = (" + ".join(x) if isinstance(x, tuple) else x for x in held)
        if old != new:
            changes.append(f"{what}: {old} to {new}")
    return "; ".join(changes)
