"""A scenario as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from math import fsum
from typing import TYPE_CHECKING, ClassVar

from monazite.analysis.backtest.japan_2010 import PublishedSize
from monazite.analysis.backtest.result import published_table
from monazite.analysis.chokepoints.headline import product_names
from monazite.analysis.scenarios.assumed import IMMEDIATE, PLANT_STOCK_ROW, STRETCH, plant_stock_row
from monazite.analysis.scenarios.firms import DAYS
from monazite.analysis.scenarios.names import NEGLIGIBLE, name_of
from monazite.core.formats import counted, exact_percent, percent
from monazite.core.results import Frozen, Result, Value, own_content
from monazite.core.tables import Table, percent_cell
from monazite.data.dates import day_words
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.assumptions import assumed_table
from monazite.model.network.shares import WORLD
from monazite.model.wording import capital
from monazite.store.names import named

if TYPE_CHECKING:
    from monazite.analysis.robustness.sampling import Span
    from monazite.analysis.scenarios.outcome import (
        FirmsStopped,
        MonthLimit,
        MonthStock,
        MonthSupply,
        RuleInForce,
        ScenarioAsked,
        TrialsMade,
        UseTotal,
    )

UNSETTLED = 0.4
"""A range that is wider, in parts of 1, leaves the size open."""
HARDLY = 0.99
"""A stock that stays above this part of what it begins with has not fallen."""
MATTERS = 0.01
"""Places that keep less than this part of all that is kept of a thing are passed over."""
_GOODS = {MINE: "ore", SEPARATION: "oxide", METAL: "metal"}
_USERS, _PLANTS = "users", "plants"
_NUMBERS = {3: "three"}


def is_spared(found: ScenarioResult) -> bool:
    """Whether nothing is lacking in any month, nor may be by the trials."""
    return all(max(size_of(x.most_short)) < NEGLIGIBLE for x in found.totals)


def worst_month(months: Iterable[MonthSupply]) -> MonthSupply:
    """Return the month in which the largest part is missing, the first of several."""
    return max(months, key=lambda each: size_of(each.part_short))


def size_of(part: Span) -> tuple[float, float]:
    """Return by what parts are compared: the number, then the upper end of its trials."""
    return part.middle, part.high or 0.0


def spread_cell(part: Span) -> str:
    """Return the range of the trials of a part; empty where none was made."""
    return "" if part.low is None or part.high is None else range_words(part)


def range_words(part: Span) -> str:
    """Return the range of the trials of a part, as words.

    A number at the value of every figure may lie outside of what most trials find.

    >>> from monazite.analysis.robustness.sampling import Span
    >>> range_words(Span(0.71, 0.49, 0.82)), range_words(Span(0.5)), range_words(Span(1, 1, 1))
    ('49 to 82 %', 'range not drawn', 'in all trials')
    >>> range_words(Span(0.3, 0.4, 0.6))
    '40 to 60 %, number outside'
    """
    if part.low is None or part.high is None:
        return "range not drawn"
    low, high = percent(part.low), percent(part.high)
    if low == high == percent(part.middle):
        return "in all trials"
    outside = not round(part.low, 2) <= round(part.middle, 2) <= round(part.high, 2)
    return f"{low.removesuffix(' %')} to {high}{', number outside' if outside else ''}"


@dataclass(frozen=True)
class UseLine(Value):
    """A product that a market uses, over all months of a scenario.

    Attributes:
        months: what is wanted, supplied and short, month by month.
    """

    market: str
    label: str
    product: str
    name: str
    months: tuple[MonthSupply, ...]
    total: UseTotal

    @property
    def worst(self) -> MonthSupply:
        """The month in which the largest part is missing, the first of several."""
        return worst_month(self.months)

    @property
    def is_short(self) -> bool:
        """Whether something is missing in some month, or may be by the trials."""
        return max(size_of(self.total.most_short)) >= NEGLIGIBLE


def use_lines(found: ScenarioResult) -> tuple[UseLine, ...]:
    """Return what each market uses, in the order of the scenario, the worst month first."""
    lines = [
        UseLine(
            each.market,
            found.named(each.market),
            each.product,
            name_of(each.product),
            found.of(each.market, each.product),
            each,
        )
        for each in sorted(found.totals, key=lambda each: each.market == WORLD)
        if each.wanted > 0
    ]
    place = {line.market: number for number, line in reversed([*enumerate(lines)])}
    main = {product: number for number, product in enumerate(found.products)}
    most = {line: size_of(line.worst.part_short)[0] for line in lines}
    key = {line: (place[line.market], -most[line], main[line.product]) for line in lines}
    return tuple(sorted(lines, key=key.__getitem__))


def scenario_finding(found: ScenarioResult) -> str:
    """Return what a scenario finds of the market that it asks about, in one sentence."""
    lines = use_lines(found)
    if not lines:
        return "What users would do without is not known: no use of these products is found"
    first = next((line for line in lines if line.is_short), None)
    if first is None:
        return ". ".join([_nobody(found), *_stocks(found)[:1]])
    return f"{_lack(first)} of {counted(len(first.months), 'month')}"


def use_sentence(line: UseLine) -> str:
    """Return what a market would lack of a product, in one sentence."""
    if not line.is_short:
        who, what = capital(line.label), f"of its {line.name}"
        if round(line.total.short.middle) == 0:
            return f"{who} would lack none {what}."
        return f"{who} would lack less than {exact_percent(NEGLIGIBLE)} {what} in any month."
    until = line.total.until
    ends = f", and go short until {until.words}" if until.middle else ""
    if not until.middle and until.high:
        ends = f", and go short in trials until {day_words(until.high)}"
    over = counted(len(line.months), "month")
    whole = f"{spread(line.total.part_short)} of {line.total.wanted:,.0f} t"
    return f"{_lack(line)} month{ends}; over {over} {whole}."


def _lack(line: UseLine) -> str:
    """Who would lack how much of what in the worst month, with the range of the trials."""
    part = line.total.most_short
    who, what = capital(line.label), f"of its {line.name}"
    if part.middle < NEGLIGIBLE and part.high is not None:  # the worst month of no value
        return f"{who} would lack up to {percent(part.high)} {what} in the worst"
    return f"{who} would lack {spread(part)} {what} in {day_words(line.worst.month)}, the worst"


def spread(part: Span) -> str:
    """Return a part as a percentage with the range of its trials.

    >>> from monazite.analysis.robustness.sampling import Span
    >>> spread(Span(0.71, 0.49, 0.82)), spread(Span(0.5)), spread(Span(0.5, 0.1, 0.9))
    ('71 % (49 to 82 %)', '50 % (range not drawn)', '50 % (10 to 90 %: size not settled)')
    """
    middle, ends = percent(part.middle), range_words(part)
    open_ = ": size not settled" if _is_open(part) else ""
    return f"{middle} ({ends}{open_})"


def _is_open(part: Span) -> bool:
    return part.low is not None and part.high is not None and part.high - part.low > UNSETTLED


def why_nothing_is_short(found: ScenarioResult) -> str:
    """Return why no user goes short, from the stocks and assumptions of the scenario itself."""
    return ". ".join([_nobody(found), *_stocks(found), *_trade(found)])


def _nobody(found: ScenarioResult) -> str:
    """That nobody goes short; that nobody does so by much, where a few tonnes are lacking."""
    if all(round(each.short.middle) == 0 for each in found.totals):
        return "No user would go short"
    return f"In no month would a market lack {exact_percent(NEGLIGIBLE)} of a product"


def _stocks(found: ScenarioResult) -> list[str]:
    """What the stocks of plants and of users fall to that fall furthest."""
    lowest = [x for x in (deepest_stock(found, _PLANTS), deepest_stock(found, _USERS)) if x]
    if not lowest:
        return ["Assumed stocks would not fall"]
    return [f"{x}would fall to {y}" for x, y in map(partial(_stock, found), lowest)]


def _stock(found: ScenarioResult, each: MonthStock) -> tuple[str, str]:
    name = product_names(each.what, "")[1] if each.stage == MAGNET else each.what
    goods = f"{name} {_GOODS.get(each.stage, '')}".strip()
    where = {_PLANTS: f"at {_PLANTS}", _USERS: f"with {_USERS}"}[each.where]
    what = f"Assumed stocks of {goods} {where} in {found.named(each.place)} "
    months = each.cover.middle
    told = f"{months:.2g}" if months < 10 else f"{months:,.0f}"
    return what, f"{told} months of use in {day_words(each.month)}"


def deepest_stock(found: ScenarioResult, where: str) -> MonthStock | None:
    """Return the month of the stock that falls furthest below its start; None where none falls.

    What plants and users begin with is assumed, by the scenario file where it sets it; of others it
    is the most in any month. What a reserve adds to it is no fall when it is used. A place that
    keeps next to nothing is told only where no other falls.
    """
    normal = {each.row: each.value for each in found.assumptions}
    held: dict[tuple[str, str], float] = {}
    for market, product, days, share in dict.fromkeys(
        (x.market, x.product, x.days, x.share) for x in found.firms
    ):
        held[market, product] = held.get((market, product), 0.0) + share * days / DAYS
    places: dict[tuple[str, str, str], list[MonthStock]] = {}
    for each in found.stocks:
        if each.where == where and each.place != WORLD:
            places.setdefault((each.stage, each.what, each.place), []).append(each)
    kept = {key: max(x.tonnes.middle for x in months) for key, months in places.items()}
    whole: dict[tuple[str, str], float] = {}
    for (stage, what, _), tonnes in kept.items():
        whole[stage, what] = whole.get((stage, what), 0.0) + tonnes
    falls = []
    for key, months in places.items():
        most = max(x.cover.middle for x in months)
        own = normal.get(plant_stock_row(found.id, key[0]))
        usual = own or normal.get(f"{PLANT_STOCK_ROW}{key[0]}") or most
        if where != _PLANTS:
            usual = held.get((key[2], key[1])) or most
        low = min(months, key=lambda x: x.cover.middle)
        if usual > 0 and low.cover.middle < HARDLY * usual:
            next_to_nothing = kept[key] < MATTERS * whole[key[:2]]
            falls.append((next_to_nothing, low.cover.middle / usual, key, low))
    return min(falls, key=lambda x: x[:3])[-1] if falls else None


def _trade(found: ScenarioResult) -> list[str]:
    """How far trade may stretch after the first months."""
    return [
        f"After {_NUMBERS.get(IMMEDIATE, IMMEDIATE)} months we assume that trade may grow to "
        f"{each.value:g} times"
        for each in found.assumptions
        if each.row == f"{STRETCH}trade-short-run" and each.value is not None
    ]


ADDING = ("new-capacity", "reopen", "stockpile")
"""Shocks that add something; what they leave is no question."""
STANDING = 0.05
"""Where fewer firms of a class stand still in a month, the month is not counted as a stop."""
USE_COLUMNS = (
    *("market", "product", "lacking", "5-95 %", "worst month", "from", "until", "short"),
    *("over all", "wanted"),
)
"""What a line of use tells."""
USE_RIGHT = ("lacking", "5-95 %", "short", "over all", "wanted")
UNTOLD = (
    f"From and until leave out months with less than {exact_percent(NEGLIGIBLE)} lacking.",
    "Lacking is the part of the worst month's use; short is tonnes over all months.",
)
"""What the columns of use hold."""
DRAWN = "Each random trial has a worst month and an end of its own: the ranges are of these."
"""What their ranges are of."""


def scenario_dict(found: ScenarioResult) -> dict[str, object]:
    """Return a scenario as JSON has it."""
    content = own_content(found)
    content["calendar"] = content.pop("months")
    content["months"] = content.pop("supply")
    content["published"] = [asdict(each) for each in found.published]
    content["assumptions"] = [asdict(each) for each in found.assumptions]
    content["notes"] = list(found.notes)
    return content


def short_tables(found: ScenarioResult) -> list[Table]:
    """Return what markets do without, firms that stop and the rules."""
    return [
        _market_table(found),
        *([_firm_table(found)] if _stops(found) else []),
        _rule_table(found),
    ]


def scenario_tables(found: ScenarioResult) -> list[Table]:
    """Return all tables of a scenario."""
    return [
        *short_tables(found),
        *(_month_table(found), _stock_table(found), _limit_table(found)),
        *(
            [replace(published_table(found.published, found.sources), long=True)]
            if found.published
            else []
        ),
        *([assumed_table(found.assumptions)] if found.assumptions else []),
    ]


def _market_table(found: ScenarioResult) -> Table:
    over = f"of {counted(len(found.months), 'month')}"
    table = Table(
        heading=f"{found.title}: what users would do without",
        columns=tuple(over if name == "over all" else name for name in USE_COLUMNS),
        rows=summary_rows(found),
        remarks=(
            *_spared(found),
            *filter(None, [found.description]),
            *column_notes(found),
            *(x for x in found.notes if not _of_policy(x, found)),
        ),
        details=tuple(x for x in found.notes if _of_policy(x, found)),
        right=tuple(over if name == "over all" else name for name in USE_RIGHT),
        spare=("wanted", over, "from", "until"),
    )
    return _ranged(table, found)


def _spared(found: ScenarioResult) -> tuple[str, ...]:
    """Why nobody goes short, where nobody does."""
    if any(x.part_short.middle >= NEGLIGIBLE for x in found.supply):
        return ()
    told = f"{why_nothing_is_short(found)}."
    if not is_spared(found):  # in some trials somebody goes short, and stocks are still the reason
        told = f"By the middle of the trials {told[0].lower()}{told[1:]}"
    return (told,)


def _ranged(table: Table, found: ScenarioResult) -> Table:
    """The table, without the column of the range where no trial was made."""
    return table if found.trials is not None else table.without("5-95 %")


def _of_policy(note: str, found: ScenarioResult) -> bool:
    """Whether a note says what could not be read of a policy: the full report tells it."""
    return any(each.policy and note.startswith(f"{each.policy}: ") for each in found.rules)


def summary_rows(found: ScenarioResult) -> list[list[str]]:
    """Return a line for each market and product: what it wants and does without, and when."""
    return [
        [
            found.named(each.market),
            name_of(each.product),
            *_summary(each, found.of(each.market, each.product)),
        ]
        for each in found.totals
    ]


def column_notes(*found: ScenarioResult) -> tuple[str, ...]:
    """Return what the columns of a line of use hold."""
    return (*UNTOLD, *([DRAWN] if any(each.trials is not None for each in found) else []))


def _summary(total: UseTotal, months: Sequence[MonthSupply]) -> list[str]:
    most = total.most_short
    first = next((x.month for x in months if x.part_short.middle >= NEGLIGIBLE), "")
    worst = worst_month(months).month if max(size_of(most)) >= NEGLIGIBLE else ""
    return [
        *(percent_cell(most.middle), spread_cell(most)),
        *(worst, first, total.until.cell, f"{total.short.middle:,.0f} t"),
        *(percent_cell(total.part_short.middle), f"{total.wanted:,.0f} t"),
    ]


def _stops(found: ScenarioResult) -> bool:
    return any(each.stopped.middle >= NEGLIGIBLE for each in found.firms)


def _firm_table(found: ScenarioResult) -> Table:
    keys = dict.fromkeys((x.market, x.product, x.days, x.share) for x in found.firms)
    rows = []
    for market, product, days, share in keys:
        of_class = [
            x
            for x in found.firms
            if (x.market, x.product, x.days, x.share) == (market, product, days, share)
        ]
        most = max((x.stopped for x in of_class), key=size_of)
        if most.middle >= NEGLIGIBLE:
            hit = [x.month for x in of_class if x.stopped.middle >= STANDING]
            rows.append(
                [
                    *(found.named(market), name_of(product), f"{days:.0f}", exact_percent(share)),
                    *(percent_cell(most.middle), spread_cell(most)),
                    *((hit[0], hit[-1]) if hit else ("", "")),
                ]
            )
    columns = ("market", "product", "days", "of use", "stopped at most", "5-95 %", "from", "until")
    table = Table(
        heading="Firms that would stop, by days of stock",
        columns=columns,
        rows=rows,
        remarks=(
            "How much stock firms hold is assumed: reports run from two weeks to a year.",
            f"From and until leave out months with less than {exact_percent(STANDING)} stopped.",
        ),
        right=("days", "of use", "stopped at most", "5-95 %"),
    )
    return _ranged(table, found)


def _rule_table(found: ScenarioResult) -> Table:
    rows = [
        [
            *(each.id, each.kind, each.label, each.begins, each.ends or "stays"),
            "" if each.kind in ADDING else _left(each.kind, [part for _, part in each.passes]),
        ]
        for each in found.rules
    ]
    return Table(
        heading="Rules and shocks",
        columns=("shock", "kind", "what", "from", "until", "least part left"),
        rows=rows,
        right=("least part left",),
        spare=("shock",),
    )


def _left(kind: str, parts: Sequence[float]) -> str:
    """The least part that passes or is left; of demand that grows, the most, called so."""
    least, most = min(parts, default=1.0), max(parts, default=1.0)
    if kind == "demand" and most > 1:
        return f"demand up to {exact_percent(most)}"
    return percent_cell(least) if least < 1 else exact_percent(most)


def _month_table(found: ScenarioResult) -> Table:
    rows = [
        [
            *(
                each.month,
                found.named(each.market),
                name_of(each.product),
                f"{each.wanted.middle:,.1f}",
            ),
            *(f"{each.supplied.middle:,.1f}", f"{each.short.middle:,.1f}"),
            *(_end(each.short.low), _end(each.short.high), percent_cell(each.part_short.middle)),
        ]
        for each in found.supply
    ]
    return Table(
        heading="Tonnes by month",
        columns=(
            "month",
            "market",
            "product",
            "wanted",
            "supplied",
            "short",
            "5 %",
            "95 %",
            "part",
        ),
        rows=rows,
        right=("wanted", "supplied", "short", "5 %", "95 %", "part"),
        long=True,
    )


def _stock_table(found: ScenarioResult) -> Table:
    rows = [
        [
            *(each.month, found.named(each.place), each.where, each.stage, each.what),
            *(f"{each.tonnes.middle:,.1f}", f"{each.cover.middle:.2f}"),
        ]
        for each in found.stocks
    ]
    return Table(
        heading="Stocks at the end of the month",
        columns=("month", "place", "where", "stage", "what", "tonnes", "months of use"),
        rows=rows,
        right=("tonnes", "months of use"),
        long=True,
    )


def _limit_table(found: ScenarioResult) -> Table:
    rows = [
        [
            *(each.month, percent_cell(each.short), ", ".join(each.limits)),
            ", ".join(map(found.named, each.cut)),
        ]
        for each in found.limits
    ]
    return Table(
        heading="What would run short, and who would do without",
        columns=("month", "world short", "runs short", "who does without"),
        rows=rows,
        right=("world short",),
        long=True,
    )


def supply_csv(found: ScenarioResult) -> Table:
    """Return a line for each month, market and product, with bare numbers.

    The worst part and the last month are of all months of the market and product.
    """
    names = ("wanted", "supplied", "short", "most_short", "until")
    totals = {(each.market, each.product): each for each in found.totals}
    rows = []
    for each in found.supply:
        total = totals[each.market, each.product]
        spans = (each.wanted, each.supplied, each.short, total.most_short)
        until = total.until
        rows.append(
            [
                *(found.id, each.month, each.market, each.product),
                *(_bare(end) for span in spans for end in _ends(span)),
                *(until.middle, until.low or "", until.high or ""),
            ]
        )
    columns = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
    return Table("", ("scenario", "month", "market", "product", *columns), rows)


def _ends(span: Span) -> tuple[float, float | None, float | None]:
    return span.middle, span.low, span.high


def _bare(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"


def _end(number: float | None) -> str:
    return "" if number is None else f"{number:,.1f}"


@dataclass(frozen=True)
class ScenarioResult(Result):
    """What a scenario leads to.

    Attributes:
        id: of the scenario: the name of its file.
        title: in a few words.
        description: plain sentences: what happens, and what is not known.
        element: that was asked about.
        start: first month.
        months: all months, in order.
        base_year: whose flows over twelve are a normal month.
        allocation: who is served first: ``proportion`` or ``home-first``.
        supply: by month, market and product.
        totals: by market and product, over all months.
        stocks: by month and place.
        firms: by month, market, product and class.
        limits: months in which the world does without something.
        rules: the shocks, and what each lets pass.
        trials: None where none was made.
        source_ids: of the table of sources, that the file names.
        labels: names of countries and areas, by code.
        asked: what was asked; None where it was run without a view.
        published: sizes of loss that others published for its markets; nothing is converted.
    """

    records_key: ClassVar[str] = "months"

    id: str
    title: str
    description: str
    element: str
    start: str
    months: tuple[str, ...]
    base_year: int
    allocation: str
    supply: tuple[MonthSupply, ...]
    totals: tuple[UseTotal, ...]
    stocks: tuple[MonthStock, ...]
    firms: tuple[FirmsStopped, ...]
    limits: tuple[MonthLimit, ...]
    rules: tuple[RuleInForce, ...]
    trials: TrialsMade | None = None
    source_ids: tuple[str, ...] = field(default=())
    labels: Mapping[str, str] = field(default_factory=Frozen)
    asked: ScenarioAsked | None = None
    published: tuple[PublishedSize, ...] = ()

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets that were asked for, the world last."""
        return tuple(dict.fromkeys(each.market for each in self.supply))

    @property
    def products(self) -> tuple[str, ...]:
        """The products that markets use."""
        return tuple(dict.fromkeys(each.product for each in self.supply))

    def named(self, code: str) -> str:
        """Return the name of a country or area, as it stands in a table.

        Args:
            code: of a market, or of the country of plants.
        """
        return named(self.labels.get(code, code))

    def of(self, market: str, product: str | None = None) -> tuple[MonthSupply, ...]:
        """Return the months of a market.

        Args:
            market: its code, or its name as tables have it.
            product: one product, as tables have it; all, one after the other, if None.

        Raises:
            UnknownNameError: the scenario tells of no such market or product.
        """
        from monazite.analysis.scenarios.names import name_meant

        code = name_meant("market", market, {x.market: self.named(x.market) for x in self.totals})
        if product is not None:
            known = {each.product: each.product for each in self.totals}
            product = name_meant("product", product, known)
        return tuple(x for x in self.supply if x.market == code and product in (None, x.product))

    def lost(self, market: str, product: str | None = None) -> float:
        """Return the tonnes that a market does without over all months, at the value of all.

        Args:
            market: its code.
            product: one product; all together if None.
        """
        return fsum(each.short.middle for each in self.of(market, product))

    def content(self) -> dict[str, object]:
        """Return the result as JSON: months by market and product, stocks, firms and rules."""
        return scenario_dict(self)

    def tables(self) -> list[Table]:
        """Return all tables: supply, firms, stocks, limits and rules by month."""
        return scenario_tables(self)

    def short_tables(self) -> list[Table]:
        """Return who does without what, and when, with the rules."""
        return short_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return a line for each month, market and product, with bare numbers."""
        return [supply_csv(self)]

    def headline(self) -> str:
        """Return the name, and what the worst month of the market asked about is like."""
        return f"{self.id}: {scenario_finding(self)}"


@dataclass(frozen=True)
class ScenarioResults(Result):
    """Several scenarios, run on the same random trials.

    Attributes:
        scenarios: what each leads to, by name.
    """

    records_key: ClassVar[str] = "scenarios"

    scenarios: tuple[ScenarioResult, ...]

    def content(self) -> dict[str, object]:
        """Return the scenarios as JSON, each as it is alone."""
        return {"scenarios": [scenario_dict(each) for each in self.scenarios]}

    def tables(self) -> list[Table]:
        """Return what each scenario would cost each market that it tells of."""
        rows = [[each.id, *row] for each in self.scenarios for row in summary_rows(each)]
        notes = (
            *column_notes(*self.scenarios),
            *(self.scenarios[0].notes[:3] if self.scenarios else ()),
        )
        table = Table(
            heading="What users would do without",
            columns=("scenario", *USE_COLUMNS),
            rows=rows,
            remarks=notes,
            right=USE_RIGHT,
            spare=("wanted", "from", "until", "short"),
        ).without("over all")  # scenarios run for unlike numbers of months
        drawn = any(each.trials is not None for each in self.scenarios)
        return [table if drawn else table.without("5-95 %")]

    def csv_tables(self) -> list[Table]:
        """Return a line for each scenario, month, market and product, with bare numbers."""
        found = [supply_csv(each) for each in self.scenarios]
        rows = [row for table in found for row in table.rows]
        return [Table("", found[0].columns, rows)] if found else []

    def headline(self) -> str:
        """Return how many there are."""
        return f"{len(self.scenarios)} scenarios"
