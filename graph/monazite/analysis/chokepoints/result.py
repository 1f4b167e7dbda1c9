"""The chokepoint report as a value, with its tables; with its draws where they were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from monazite.analysis.chokepoints.figures import BaseYearFigures, Chokepoint, ChokepointFigures
from monazite.analysis.chokepoints.headline import LINES, SETTLED, first_screen, product_names
from monazite.analysis.chokepoints.stocks import Stock
from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.analysis.concentration.shares import StageShares, first_row
from monazite.core import formats
from monazite.core.formats import NOT_KNOWN, bounded_percent, counted, index_words
from monazite.core.results import Assumption
from monazite.core.tables import Table, percent_cell
from monazite.model.wording import at_stage, figure_word, yes
from monazite.store.names import named

NOT_DRAWN = "not drawn"
ENOUGH = 20  # trials of which one is the twentieth part that lies beyond an end of 5 to 95 %
APART = 0.02  # a median that lies farther from the loss, in parts of 1, is named
EVENT_WORDS = {"outage": "stops", "embargo": "sells nothing abroad", "licence": "is licensed"}


def chokepoint_tables(report: ChokepointFigures, *, assumptions: bool = False) -> list[Table]:
    """Return the report as tables: who leads each stage, and what is lost."""
    tables = [_stage_table(report), _loss_table(report)]
    tables += [_built_table(report)] if report.built or report.built_remarks else []
    return [*tables, *([assumption_table(report)] if assumptions else [])]


def _stage_table(report: ChokepointFigures) -> Table:
    return Table(
        heading=f"{report.title}: who leads each stage worldwide",
        columns=(
            *("stage", "leader", "share", "HHI", "then", "year", "figure", "coverage", "basis"),
            *("source", "row"),
        ),
        rows=[_stage_row(each, report) for stage in report.stages for each in stage.figures],
        remarks=tuple(remark for stage in report.stages for remark in _stage_remarks(stage)),
        right=("share", "HHI", "year", "coverage"),
        keys=("row",),
        spare=("coverage", "basis", "source"),
    )


def _stage_remarks(stage: StageShares) -> Iterable[str]:
    """What the figures of a stage cannot tell, and why the others differ."""
    if stage.note:
        yield f"{stage.stage}: {stage.note}"
    for other in stage.others:
        yield f"{stage.stage}, {OTHER_FIGURE} {_share(other)}: {other.why}."
    for each in stage.figures:
        if each.range_rows:
            yield f"{stage.stage}: the range is set by {', '.join(each.range_rows)}."


def _stage_row(stage: StageShares, report: ChokepointFigures) -> list[str]:
    return [
        OTHER_FIGURE if stage.why else stage.stage,
        stage.leader or NOT_KNOWN,
        _share(stage),
        index_words(stage.hhi, stage.hhi_low, stage.hhi_high),
        ", ".join(f"{name} {percent_cell(share)}" for name, share in stage.then.items()),
        str(stage.year or NOT_KNOWN),
        figure_word(stage.figure, stage.basis) if stage.leader else NOT_KNOWN,
        percent_cell(stage.coverage),
        stage.basis,
        *_said(stage.rows, report),
    ]


def _share(stage: StageShares) -> str:
    """The leader's share, with the range that other rows give it where there is one."""
    value = bounded_percent(stage.share, stage.figure, narrow=True)
    low, high = percent_cell(stage.share_low), percent_cell(stage.share_high)
    return value if low == high or NOT_KNOWN in {low, high} else f"{value} ({low} to {high})"


def _said(rows: Sequence[str], report: ChokepointFigures) -> tuple[str, str]:
    """Who says the first of some rows, and its key with how many there are more."""
    return (report.sources.get(rows[0], ""), first_row(rows)) if rows else ("", "")


def _loss_table(report: ChokepointFigures) -> Table:
    event = report.chokepoints[0].event if report.chokepoints else "outage"
    full = any(point.market_first is not None for point in report.chokepoints)
    drawn = ["range"] if report.draws is not None else []
    return Table(
        heading=_heading(report),
        columns=(
            *("rank", f"what {EVENT_WORDS[event]}", "loss", *drawn, "home first"),
            *(["market first"] if full else []),
            *("only this scarce", "runs short", *(["moved by"] if drawn else [])),
            *("share", "figure", "sole", "in cut", "routes", "remark", "source", "row"),
        ),
        rows=[_loss_row(point, report, full) for point in report.chokepoints],
        remarks=tuple(_remarks(report)),
        right=("rank", "loss", "home first", "market first", "only this scarce", "share", "routes"),
        keys=("row",),
        spare=("routes", "in cut", "source", "sole", "remark", "moved by"),
    )


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
        f"({product_names(base.product, report.title)[0]}, {base.year}{span}), "
        f"{base.horizon.replace('-', ' ')}"
    )


def _loss_row(point: Chokepoint, report: ChokepointFigures, full: bool) -> list[str]:
    drawn = report.draws is not None
    short = ", ".join(point.limited_by)
    return [
        str(point.rank or ""),
        point.label,
        signed(point.loss),
        *([_range(point)] if drawn else []),
        _home_first(point),
        *([signed(point.market_first)] if full else []),
        "" if point.alone is None else signed(point.alone),
        f"{short} at {point.limited_at}" if short and point.limited_at else "",
        *([point.moved_by] if drawn else []),
        at_stage(bounded_percent(point.share, point.figure, narrow=True), point.share_at),
        NOT_KNOWN if point.share is None else figure_word(point.figure, point.basis),
        yes(point.dominator),
        yes(point.in_minimum_cut),
        NOT_KNOWN if point.routes_without is None else str(point.routes_without),
        point.remark,
        *_said(point.rows, report),
    ]


def _range(point: Chokepoint) -> str:
    """Where nine tenths of the drawn losses lie; their median where it lies apart from the loss."""
    low, median, high = point.loss_low, point.loss_median, point.loss_high
    if low is None or median is None or high is None or point.loss is None:
        return NOT_DRAWN
    apart = f"median {signed(median)}" if abs(median - point.loss) > APART else ""
    wide = "size not settled" if high - low > SETTLED else ""
    return ", ".join(filter(None, (ends(low, high), apart, wide)))


def _home_first(point: Chokepoint) -> str:
    """The loss by the other rule, with its range where it has one."""
    loss, low, high = point.home_first, point.home_first_low, point.home_first_high
    if low is None or high is None or ends(low, high) == signed(loss):
        return signed(loss)
    return f"{signed(loss)} ({ends(low, high)})"


signed = percent_cell
"""Whole percents; less than nothing is a gain."""


def ends(low: float | None, high: float | None) -> str:
    """A range in whole percents; one number where its ends are one."""
    one, other = signed(low), signed(high)
    return one if one == other else f"{one} to {other}"


def _remarks(report: ChokepointFigures) -> Iterable[str]:
    if report.base is not None:
        yield from _of_base(report.base)
    if any(point.alone not in (None, point.loss) for point in report.chokepoints):
        yield "Ranked by the loss if only this element were scarce; the loss is of its products."
    yield _draws(report)
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
    trade = "without limit" if base.trade is None else f"up to {base.trade:g} times"
    pairs = (
        "Any pairs of countries may trade"
        if base.new_pairs is None
        else f"New pairs may trade up to {formats.percent(base.new_pairs)} of what a buyer uses"
        if base.new_pairs
        else "No new pairs of countries trade"
    )
    of_base = "" if base.trade is None else f" that of {base.year}"
    yield (
        f"Trade {trade}{of_base}; throughput up to {base.throughput:g} times, unless a record says "
        f"otherwise. {pairs}."
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
        return "Range not drawn: --draws 200 runs random trials."
    rejected = f", {made.rejected} rejected" if made.rejected else ""
    kept = made.count - made.rejected
    which = "nine in ten" if kept >= ENOUGH else f"too few ({kept}) for nine in ten"
    return (
        f"Range: {which} of {made.count} trials{rejected} lie in it. Assumptions, assays and "
        "contradicting figures vary together; who is served first does not."
    )


def _stock(stock: Stock, report: ChokepointFigures) -> str:
    """A holding in a sentence."""
    where = report.market_label if stock.country == report.market else stock.country
    much = "not known in days" if stock.days is None else f"{stock.days:g} days"
    if stock.low is not None and stock.high is not None and stock.low != stock.high:
        much = f"{stock.low:g} to {stock.high:g} days"
    what = f"Stock held in {where} of {stock.material_label}"
    return f"{what} ({stock.as_of or 'undated'}): {much} ({stock.row})."


def _built_table(report: ChokepointFigures) -> Table:
    return Table(
        heading="What is being built, of which a part counts after an event (horizon-construction)",
        columns=("site", "country", "stage", "makes", "t a year", "start", "row"),
        rows=[
            [
                *(each.label, each.country, each.stage, each.what),
                *(formats.tonnes(each.tonnes.value), each.start),
                next(row for row in each.rows if row.startswith("capacity/")),
            ]
            for each in report.built
        ],
        remarks=report.built_remarks,
        right=("t a year",),
        keys=("row",),
    )


def assumption_table(report: ChokepointFigures) -> Table:
    """Return what is assumed, with its range and reason."""
    return Table(
        heading="Assumptions",
        columns=("what", "value", "range", "why", "row"),
        rows=[_assumption(each) for each in report.assumptions],
        spare=("why",),
    )


def _assumption(each: Assumption) -> list[str]:
    value = NOT_KNOWN if each.value is None else f"{each.value:g} {each.unit}".strip()
    known = each.low is not None and each.high is not None
    span = f"{each.low:g} to {each.high:g}" if known else NOT_KNOWN
    return [each.text, value, span, each.reason, each.row]


CSV_COLUMNS = (
    *("rank", "id", "label", "kind", "stage", "country", "event", "loss", "loss_low", "loss_high"),
    *("loss_median", "home_first", "home_first_low", "home_first_high", "market_first"),
    *("alone", "limited_by", "limited_at", "dominator", "in_minimum_cut", "routes_without"),
    *("moved_by", "share", "share_at", "figure", "coverage", "basis", "year", "rows"),
    *("range_rows", "assumptions", "remark", "note"),
)
_ASKED = ("element", "market", "horizon", "base_year", "served", "unit", "product")
"""What was asked, and what a loss is a part of."""


def chokepoints_csv(
    report: ChokepointFigures, drawn: Mapping[str, Mapping[str, float]] | None = None
) -> Table:
    """Return all lines as one table for a spreadsheet; with what draws say of each."""
    more = tuple(next(iter(drawn.values()), {})) if drawn else ()
    base = report.base
    of_base = [""] * 5
    if base is not None:
        of_base = [base.horizon, str(base.year), _cell(base.served), base.unit, base.product]
    asked = [report.element, report.market, *of_base]
    rows = [
        [
            *(_cell(getattr(point, name)) for name in CSV_COLUMNS),
            *asked,
            *(f"{number:.6g}" for number in (drawn or {}).get(point.id, {}).values()),
        ]
        for point in report.chokepoints
    ]
    return Table("", (*CSV_COLUMNS, *_ASKED, *more), rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Chokepoints(ChokepointFigures):
    """What a market cannot do without: who leads each stage, and what is lost by each failure.

    Attributes:
        element: symbol of what was asked about.
        title: its name.
        market: code of the market.
        market_label: its name.
        stages: who leads each stage, and how concentrated it is.
        chokepoints: what may fail, largest loss first.
        base: what losses are measured against; None where no loss is known, and then the first
            note says why.
        stocks: what the market is known to hold.
        built: plants under construction that the horizon counts.
        built_remarks: what of them does not count, and why.
        draws: how the ranges of the losses were drawn; None where they were not.
        evidence: how good the figures are that it rests on; None where nobody asked.
    """

    records_key: ClassVar[str] = "chokepoints"

    def content(self) -> dict[str, object]:
        """Return what was found, as JSON has it: parts of 1, null is not known."""
        return {
            "element": self.element,
            "title": self.title,
            "market": self.market,
            "base": None if self.base is None else asdict(self.base),
            "stages": [_stage(stage) for stage in self.stages],
            "chokepoints": [asdict(point) for point in self.chokepoints],
            "built": [asdict(each) for each in self.built],
            "built_remarks": list(self.built_remarks),
            "stocks": [asdict(stock) for stock in self.stocks],
            "ranges": None if self.draws is None else asdict(self.draws),
            "assumptions": [asdict(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
        }

    def tables(self, *, assumptions: bool = False) -> list[Table]:
        """Return who leads each stage and what is lost, and on demand what is assumed."""
        return chokepoint_tables(self, assumptions=assumptions)

    def short_tables(self, *, lines: int = LINES, assumptions: bool = False) -> list[Table]:
        """Return the answer with the largest losses, and on demand what is assumed."""
        more = [assumption_table(self)] if assumptions else []
        return [*first_screen(self, lines), *more]

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
        return f"{where}: {lines}, {first.label.split(' = ')[0]} {signed(first.loss)}"


def _stage(stage: StageShares) -> dict[str, object]:
    """A stage as JSON has it: its other figures have no others."""
    others = [asdict(each) for each in stage.others]
    for other in others:
        del other["others"]
    return {**asdict(stage), "others": others}
