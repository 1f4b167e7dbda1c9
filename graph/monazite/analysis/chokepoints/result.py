"""The chokepoint report as a value, with its tables; with its draws where they were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monazite.analysis.chokepoints.figures import (
    BaseYearFigures,
    Chokepoint,
    ChokepointFigures,
    Stock,
)
from monazite.analysis.chokepoints.headline import LINES, SINGLE, first_screen, product_names
from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.analysis.concentration.shares import StageShares, first_row
from monazite.core import formats
from monazite.core.columns import Column, bare, blank, table
from monazite.core.formats import NOT_KNOWN, bounded_percent, counted, exact, index_words
from monazite.core.results import Result
from monazite.core.tables import Table, percent_cell
from monazite.model.wording import at_stage, figure_word, yes
from monazite.store.names import named

ENOUGH = 20  # trials of which one is the twentieth part that lies beyond an end of 5 to 95 %
EVENT_WORDS = {"outage": "stops", "embargo": "sells nothing abroad", "licence": "is licensed"}


def _stage_table(report: ChokepointFigures) -> Table:
    columns = (
        Column("stage", lambda x: OTHER_FIGURE if x.why else x.stage),
        Column("leader", "leader"),
        Column("share", _share, right=True),
        Column("HHI", lambda x: index_words(x.hhi, x.hhi_low, x.hhi_high), right=True),
        Column("then", lambda x: ", ".join(f"{y} {percent_cell(z)}" for y, z in x.then.items())),
        Column("year", lambda x: x.year or NOT_KNOWN, right=True),
        Column("figure", lambda x: figure_word(x.figure, x.basis) if x.leader else NOT_KNOWN),
        Column("coverage", "coverage", percent_cell, right=True, spare=1),
        Column("basis", "basis", spare=2),
        *_said(report),
    )
    figures = [each for stage in report.stages for each in stage.figures]
    remarks = [remark for stage in report.stages for remark in _stage_remarks(stage)]
    return table(f"{report.title}: who leads each stage worldwide", figures, columns, remarks)


def _stage_remarks(stage: StageShares) -> Iterable[str]:
    """What the figures of a stage cannot tell, and why the others differ."""
    if stage.note:
        yield f"{stage.stage}: {stage.note}"
    for other in stage.others:
        yield f"{stage.stage}, {OTHER_FIGURE} {_share(other)}: {other.why}."
    for each in stage.figures:
        if each.range_rows:
            yield f"{stage.stage}: the range is set by {', '.join(each.range_rows)}."


def _share(stage: StageShares) -> str:
    """The leader's share, with the range that other rows give it where there is one."""
    value = bounded_percent(stage.share, stage.figure, narrow=True)
    low, high = percent_cell(stage.share_low), percent_cell(stage.share_high)
    return value if low == high or NOT_KNOWN in {low, high} else f"{value} ({low} to {high})"


def _said(report: ChokepointFigures) -> tuple[Column, Column]:
    """Who says the first of the rows of a line, and its key with how many there are more."""
    sources = report.sources
    return (
        Column("source", "rows", lambda x: sources.get(x[0], "") if x else "", spare=3),
        Column("row", "rows", first_row, full=True),
    )


def _loss_table(report: ChokepointFigures) -> Table:
    lines, drawn = report.chokepoints, report.draws is not None
    event = lines[0].event if lines else "outage"
    full = any(each.market_first is not None for each in lines)
    lifted = any(each.cap_lifted is not None for each in lines)
    bare_year = any(each.without_stocks is not None for each in lines)
    columns = (
        Column("rank", lambda x: x.rank or "", right=True),
        Column(f"what {EVENT_WORDS[event]}", "label"),
        Column("first year", "first_year_cell", right=True),
        Column("no stocks", "without_stocks", blank(percent_cell), right=True, when=bare_year),
        Column("for good", "loss_cell", right=True),
        Column("least move", "least_move", percent_cell, right=True, when=drawn),
        Column("cap lifted", "cap_lifted", percent_cell, right=True, when=lifted),
        Column(
            "home first",
            lambda x: formats.with_ends(x.home_first, x.home_first_low, x.home_first_high),
            right=True,
        ),
        Column("market first", "market_first", percent_cell, right=True, when=full),
        Column("runs short", _runs_short),
        Column("moved by", "moved_by", spare=6, when=drawn),
        Column("share", _share_at, right=True),
        Column(
            "figure", lambda x: NOT_KNOWN if x.share is None else figure_word(x.figure, x.basis)
        ),
        Column("sole", "dominator", yes, spare=4),
        Column("in cut", "in_minimum_cut", yes, spare=2),
        Column("routes", "routes_without", right=True, spare=1),
        Column("remark", "remark", spare=5),
        *_said(report),
    )
    return table(_heading(report), lines, columns, [*_remarks(report)])


def _runs_short(point: Chokepoint) -> str:
    short = ", ".join(point.limited_by)
    return f"{short} at {point.limited_at}" if short and point.limited_at else ""


def _share_at(point: Chokepoint) -> str:
    return at_stage(bounded_percent(point.share, point.figure, narrow=True), point.share_at)


def _heading(report: ChokepointFigures) -> str:
    whose = named(report.market_label)
    base = report.base
    if base is None:
        return f"{report.title}: what {whose} loses is not known"
    span = ""
    if base.served_low is not None and base.served_high is not None:
        low, high = formats.tonnes(base.served_low), formats.tonnes(base.served_high)
        span = f"; {low} to {high} {base.unit}"
    return (
        f"{report.title}: what {whose} loses of {formats.tonnes(base.served)} {base.unit} "
        f"({product_names(base.product)[0]}, {base.year}{span}), "
        f"{base.horizon.replace('-', ' ')}"
    )


def ends(low: float | None, high: float | None) -> str:
    """A range in whole percents; one number where its ends are one."""
    one, other = percent_cell(low), percent_cell(high)
    return one if one == other else f"{one} to {other}"


def _remarks(report: ChokepointFigures) -> Iterable[str]:
    if report.base is not None:
        yield from _of_base(report.base)
    if report.base is not None:
        yield _draws(report)
    if any(point.cap_lifted is not None for point in report.chokepoints):
        yield (
            "Cases that no trial covers: home first and market first are other rules of who is "
            "served; cap lifted is the least move if China's share of magnets had no upper end; no "
            "stocks is the first year of the least move if no plant and no firm held any."
        )
    yield from report.notes
    yield from (_stock(stock, report) for stock in report.stocks)
    if not report.stocks:
        yield "Stock not known: we found no figure."
    for point in report.chokepoints:
        if point.note and point.kind != "policy":
            yield f"{point.label}: {point.note}"
    if any(point.kind == "policy" for point in report.chokepoints):
        yield "What could not be read of a policy stands in its note in JSON and CSV."


def _of_base(base: BaseYearFigures) -> Iterable[str]:
    """What may stretch after an event, what no row explains, and what losses rest on."""
    trade = "without limit" if base.trade is None else f"up to {exact(base.trade)} times"
    pairs = (
        "Any pairs of countries may trade"
        if base.new_pairs is None
        else f"New pairs may trade up to {formats.percent(base.new_pairs)} of what a buyer uses"
        if base.new_pairs
        else "No new pairs of countries trade"
    )
    of_base = "" if base.trade is None else f" that of {base.year}"
    yield (
        f"Trade {trade}{of_base}; throughput up to {exact(base.throughput)} times, unless a record "
        f"says otherwise. {pairs}."
    )
    if base.approval is not None:
        approved = formats.percent(base.approval)
        yield f"Assumed: licences cover {approved} of {base.year} sales."
    parts = [f"{stage} {formats.percent(part)}" for stage, part in base.unexplained.items()]
    yield f"Unaccounted for, of what each stage uses: {', '.join(parts)}."
    if base.outside:
        outside = [f"{name} {formats.tonnes(held)} t" for name, held in base.outside.items()]
        yield f"Other uses than magnets share what is short: {', '.join(outside)} a year."
    bought = base.market_rows
    bought_of = f" Where the market buys: {first_row(bought)}." if bought else ""
    yield (
        f"Losses rest on {counted(len(base.rows), 'record')} of output, trade and assays "
        f"(JSON names them), and on assumptions (--assumptions).{bought_of} "
        "A line's record gives its share."
    )


def _draws(report: ChokepointFigures) -> str:
    """How the ranges were drawn, and what they do not test."""
    made = report.draws
    if made is None:
        return SINGLE
    rejected = f", {made.rejected} rejected" if made.rejected else ""
    kept = made.count - made.rejected
    which = "nine in ten" if kept >= ENOUGH else f"too few ({kept}) for nine in ten"
    undrawn = any(x.loss_low is None and x.costs for x in report.chokepoints)
    bare = " A loss without brackets was not drawn: it is of the least move." if undrawn else ""
    return (
        f"Loss: median of {made.count} trials{rejected}; {which} lie in brackets. Assumptions, "
        "assays and contradicting figures vary together; who is served first does not. Least move: "
        f"the one balance that changes the figures least.{bare}"
    )


def _stock(stock: Stock, report: ChokepointFigures) -> str:
    """A holding in a sentence."""
    where = report.market_label if stock.country == report.market else stock.country
    much = "not known in days" if stock.days is None else f"{exact(stock.days)} days"
    if stock.low is not None and stock.high is not None and stock.low != stock.high:
        much = f"{exact(stock.low)} to {exact(stock.high)} days"
    what = f"Stock held in {where} of {stock.material_label}"
    return f"{what} ({stock.as_of or 'undated'}): {much} ({stock.row})."


_BUILT_HEADING = "What is being built, of which a part counts after an event (horizon-construction)"
_BUILT = (
    Column("site", "label"),
    Column("country", "country"),
    Column("stage", "stage"),
    Column("makes", "what"),
    Column("t a year", "tonnes.value", formats.tonnes, right=True),
    Column("start", "start"),
    Column("row", lambda x: next(y for y in x.rows if y.startswith("capacity/")), full=True),
)
_ASSUMED = (
    Column("what", "text"),
    Column(
        "value", lambda x: NOT_KNOWN if x.value is None else f"{exact(x.value)} {x.unit}".strip()
    ),
    Column(
        "range",
        lambda x: NOT_KNOWN if None in (x.low, x.high) else f"{exact(x.low)} to {exact(x.high)}",
    ),
    Column("why", "reason", spare=1),
    Column("row", "row"),
)


CSV_COLUMNS = (
    *("rank", "id", "label", "kind", "stage", "country", "event", "loss", "loss_low", "loss_high"),
    *("first_year", "first_year_low", "first_year_high"),
    *("least_move", "home_first", "home_first_low", "home_first_high", "market_first"),
    *("limited_by", "limited_at", "dominator"),
    *(
        "in_minimum_cut",
        "routes_without",
        "moved_by",
        "cap_lifted",
        "without_stocks",
        "share",
        "share_at",
        "figure",
        "coverage",
    ),
    *("basis", "year", "rows", "range_rows", "assumptions", "remark", "note"),
)
_OF_BASE = ("horizon", "year", "served", "unit", "product")
_ASKED = ("element", "market", "horizon", "base_year", "served", "unit", "product")
"""What was asked, and what a loss is a part of."""


def chokepoints_csv(
    report: ChokepointFigures, drawn: Mapping[str, Mapping[str, float]] | None = None
) -> Table:
    """Return all lines as one table for a spreadsheet; with what draws say of each."""
    base, found = report.base, drawn or {}
    more = tuple(next(iter(found.values()), {}))
    asked = [report.element, report.market]
    asked += [bare(getattr(base, name, None), 6) for name in _OF_BASE]
    rows = [
        [
            *(bare(getattr(point, name), 6) for name in CSV_COLUMNS),
            *asked,
            *(bare(number, 6) for number in found.get(point.id, {}).values()),
        ]
        for point in report.chokepoints
    ]
    return Table("", (*CSV_COLUMNS, *_ASKED, *more), rows)


class Chokepoints(ChokepointFigures):
    """What a market cannot do without: who leads each stage, and what is lost by each failure."""

    records_key = "chokepoints"
    _json = (
        "element title market base stages chokepoints built built_remarks stocks ranges=draws "
        "assumptions notes"
    )
    #: the least new plants that would halve the first loss; None where nobody asked
    new_plants: Result | None = None

    @property
    def quoted_rows(self) -> tuple[str, ...]:
        """The first row of each figure of a stage, and of each line."""
        rows = [each.rows for stage in self.stages for each in stage.figures]
        return tuple(each[0] for each in (*rows, *(x.rows for x in self.chokepoints)) if each)

    def tables(self, *, assumptions: bool = False) -> list[Table]:
        """Return who leads each stage and what is lost, and on demand what is assumed."""
        tables = [_stage_table(self), _loss_table(self)]
        tables += self.new_plants.tables() if self.new_plants is not None else []
        if self.built or self.built_remarks:
            tables.append(table(_BUILT_HEADING, self.built, _BUILT, self.built_remarks))
        return [*tables, *self._assumed(assumptions)]

    def short_tables(self, *, lines: int = LINES, assumptions: bool = False) -> list[Table]:
        """Return the answer with the largest losses, and on demand what is assumed."""
        return [*first_screen(self, lines), *self._assumed(assumptions)]

    def _assumed(self, asked: bool) -> list[Table]:
        return [table("Assumptions", self.assumptions, _ASSUMED)] if asked else []

    def csv_tables(self) -> list[Table]:
        """Return all lines as one table for a spreadsheet."""
        return [chokepoints_csv(self)]

    def headline(self) -> str:
        """Return element, market, year, horizon, the number of lines, and the first."""
        where = f"{self.element} for {self.market}"
        if self.base is not None:
            where += f" {self.base.year}, {self.base.horizon.replace('-', ' ')}"
        lines = counted(len(self.chokepoints), "line")
        if not self.chokepoints:
            return f"{where}: {lines}"
        first = self.chokepoints[0]
        return f"{where}: {lines}, {first.label.split(' = ')[0]} {percent_cell(first.told)}"
