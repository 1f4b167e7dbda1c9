"""What came of a scenario as a value, with its headline, tables and JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from math import fsum

from monazite.analysis.backtest.japan_2010 import PublishedSize
from monazite.analysis.backtest.result import published_table
from monazite.analysis.chokepoints.headline import product_names
from monazite.analysis.robustness.sampling import Span
from monazite.analysis.scenarios.outcome import (
    PLANTS,
    USERS,
    FirmsStopped,
    MonthLimit,
    MonthStock,
    MonthSupply,
    RuleInForce,
    ScenarioAsked,
    TrialsMade,
    UseTotal,
)
from monazite.analysis.scenarios.resolve import NEGLIGIBLE, name_meant, name_of
from monazite.core.columns import Column, table
from monazite.core.formats import (
    counted,
    exact,
    exact_percent,
    figures,
    fixed,
    percent,
    tenths,
    whole,
)
from monazite.core.results import Frozen, Result, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.dates import day_words
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.assumptions import assumed_table
from monazite.model.months.firms import DAYS, IMMEDIATE
from monazite.model.network.shares import WORLD
from monazite.model.wording import capital
from monazite.store.names import named

UNSETTLED = 0.4  # a range that is wider, in parts of 1, leaves the size open
HARDLY = 0.99  # a stock that stays above this part of what it begins with has not fallen
MATTERS = 0.01
"""Places that keep less than this part of all that is kept of a thing are passed over."""
STRETCH = "assumptions/method-horizon-"  # rows of how far trade and plants stretch
PLANT_STOCK_ROW = "assumptions/method-plant-stock-"  # rows of what plants keep, by stage
_GOODS = {MINE: "ore", SEPARATION: "oxide", METAL: "metal"}
_NUMBERS = {3: "three"}


def size_of(part: Span) -> tuple[float, float]:
    """Return by what parts are compared: the number, then the upper end of its trials."""
    return part.middle, part.high or 0.0


def spread_cell(part: Span) -> str:
    """Return the range of the trials of a part; empty where none was made."""
    return "" if part.low is None or part.high is None else range_words(part)


def range_words(part: Span) -> str:
    """Return the range of the trials of a part, as words: 49 to 82 %."""
    if part.low is None or part.high is None:
        return "range not drawn"
    low, high = percent(part.low), percent(part.high)
    if low == high == percent(part.middle):
        return "in all trials"
    # A number at the value of every figure may lie outside of what most trials find.
    outside = not round(part.low, 2) <= round(part.middle, 2) <= round(part.high, 2)
    return f"{low.removesuffix(' %')} to {high}{', number outside' if outside else ''}"


class UseLine(Value):
    """What is wanted, supplied and short of a product that a market uses, month by month."""

    market: str
    label: str
    product: str
    name: str
    months: tuple[MonthSupply, ...]
    total: UseTotal
    scenario: str

    @property
    def worst(self) -> MonthSupply:
        """The month in which the largest part is missing, the first of several."""
        return max(self.months, key=lambda each: size_of(each.part_short))

    @property
    def is_short(self) -> bool:
        """Whether something is missing in some month, or may be by the trials."""
        return max(size_of(self.total.most_short)) >= NEGLIGIBLE


def use_lines(found: ScenarioResult) -> tuple[UseLine, ...]:
    """Return what each market uses, in the order of the scenario, the worst month first."""
    lines = sorted(_uses(found), key=lambda line: line.market == WORLD)
    markets = list(dict.fromkeys(line.market for line in lines))

    def order(line: UseLine) -> tuple[int, float, int]:
        most = size_of(line.worst.part_short)[0]
        return markets.index(line.market), -most, found.products.index(line.product)

    return tuple(sorted((line for line in lines if line.total.wanted > 0), key=order))


def _uses(found: ScenarioResult) -> list[UseLine]:
    return [
        UseLine(
            *(x.market, found.named(x.market), x.product, name_of(x.product)),
            *(found.of(x.market, x.product), x, found.id),
        )
        for x in found.totals
    ]


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
    short = f"{spread(line.total.part_short)} of {whole(line.total.wanted)} t"
    return f"{_lack(line)} month{ends}; over {over} {short}."


def _lack(line: UseLine) -> str:
    """Who would lack how much of what in the worst month, with the range of the trials."""
    part = line.total.most_short
    who, what = capital(line.label), f"of its {line.name}"
    if part.middle < NEGLIGIBLE and part.high is not None:  # the worst month of no value
        return f"{who} would lack up to {percent(part.high)} {what} in the worst"
    return f"{who} would lack {spread(part)} {what} in {day_words(line.worst.month)}, the worst"


def spread(part: Span) -> str:
    """Return a part as a percentage with the range of its trials: 71 % (49 to 82 %)."""
    wide = part.low is not None and part.high is not None and part.high - part.low > UNSETTLED
    open_ = ": size not settled" if wide else ""
    return f"{percent(part.middle)} ({range_words(part)}{open_})"


def why_nothing_is_short(found: ScenarioResult) -> str:
    """Return why no user goes short, from the stocks and assumptions of the scenario itself."""
    months = _NUMBERS.get(IMMEDIATE, IMMEDIATE)
    trade = (
        f"After {months} months we assume that trade may grow to {exact(each.value)} times"
        for each in found.assumptions
        if each.row == f"{STRETCH}trade-short-run" and each.value is not None
    )
    return ". ".join([_nobody(found), *_stocks(found), *trade])


def _nobody(found: ScenarioResult) -> str:
    """That nobody goes short; that nobody does so by much, where a few tonnes are lacking."""
    if all(round(each.short.middle) == 0 for each in found.totals):
        return "No user would go short"
    return f"In no month would a market lack {exact_percent(NEGLIGIBLE)} of a product"


def _stocks(found: ScenarioResult) -> list[str]:
    """What the stocks of plants and of users fall to that fall furthest."""
    lowest = [x for x in (deepest_stock(found, PLANTS), deepest_stock(found, USERS)) if x]
    return [_stock(found, x) for x in lowest] or ["Assumed stocks would not fall"]


def _stock(found: ScenarioResult, each: MonthStock) -> str:
    name = product_names(each.what)[1] if each.stage == MAGNET else each.what
    goods = f"{name} {_GOODS.get(each.stage, '')}".strip()
    where = f"at {PLANTS}" if each.where == PLANTS else f"with {USERS}"
    months = each.cover.middle
    told = figures(months, 2) if months < 10 else whole(months)
    what = f"Assumed stocks of {goods} {where} in {found.named(each.place)}"
    return f"{what} would fall to {told} months of use in {day_words(each.month)}"


def plant_stock_row(scenario: str, stage: str) -> str:
    """Return by what the stock of plants is told that a scenario file sets."""
    return f"{scenario}/cover.{stage}"


def deepest_stock(found: ScenarioResult, where: str) -> MonthStock | None:
    """Return the month of the stock that falls furthest below its start; None where none falls.

    What plants and users begin with is assumed; of others it is the most in any month. A place
    that keeps next to nothing is told only where no other falls.
    """
    normal = {each.row: each.value for each in found.assumptions}
    held: dict[tuple[str, str], float] = defaultdict(float)
    for market, product, days, share in _classes(found):
        held[market, product] += share * days / DAYS
    places: dict[tuple[str, str, str], list[MonthStock]] = defaultdict(list)
    for each in found.stocks:
        if each.where == where and each.place != WORLD:
            places[each.stage, each.what, each.place].append(each)
    kept = {key: max(x.tonnes.middle for x in months) for key, months in places.items()}
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for (stage, what, _), tonnes in kept.items():
        totals[stage, what] += tonnes
    falls = []
    for key, months in places.items():
        most = max(x.cover.middle for x in months)
        own = normal.get(plant_stock_row(found.id, key[0]))
        usual = own or normal.get(f"{PLANT_STOCK_ROW}{key[0]}") or most
        if where != PLANTS:
            usual = held.get((key[2], key[1])) or most
        low = min(months, key=lambda x: x.cover.middle)
        if usual > 0 and low.cover.middle < HARDLY * usual:
            next_to_nothing = kept[key] < MATTERS * totals[key[:2]]
            falls.append((next_to_nothing, low.cover.middle / usual, key, low))
    return min(falls, key=lambda x: x[:3])[-1] if falls else None


ADDING = ("new-capacity", "reopen", "stockpile")
"""Shocks that add something; what they leave is no question."""
STANDING = 0.05
"""Where fewer firms of a class stand still in a month, the month is not counted as a stop."""
UNTOLD = (
    f"From and until leave out months with less than {exact_percent(NEGLIGIBLE)} lacking.",
    "Lacking is the part of the worst calendar month's use; short is tonnes over all months.",
)
NOT_DRAWN = "Range not drawn: --draws 100 runs random trials."
DRAWN = "Each random trial has a worst month and an end of its own: the ranges are of these."


def _market_table(found: ScenarioResult) -> Table:
    policies = tuple(f"{each.policy}: " for each in found.rules if each.policy)
    of_policy = tuple(x for x in found.notes if x.startswith(policies))  # what could not be read
    why = []
    if all(x.part_short.middle < NEGLIGIBLE for x in found.supply):
        told = f"{why_nothing_is_short(found)}."
        if any(max(size_of(x.most_short)) >= NEGLIGIBLE for x in found.totals):
            # in some trials somebody goes short; stocks are the reason still
            told = f"By the middle of the trials {told[0].lower()}{told[1:]}"
        why.append(told)
    if found.description:
        why.append(found.description)
    notes = [x for x in found.notes if x not in of_policy]
    heading = f"{found.title}: what users would do without"
    return _use_table(heading, [found], why, notes, counted(len(found.months), "month"), of_policy)


def _use_table(
    heading: str,
    results: Sequence[ScenarioResult],
    why: Sequence[str],
    notes: Sequence[str],
    months: str = "",
    details: tuple[str, ...] = (),
) -> Table:
    """A line for each market and product; of several scenarios, whose months differ, no sum."""

    def in_tonnes(number: float) -> str:
        return f"{whole(number)} t"

    drawn = any(each.is_drawn for each in results)
    one = bool(months)
    columns = (
        Column("scenario", "scenario", when=not one),
        Column("market", "label"),
        Column("product", "name"),
        Column("lacking", "total.most_short.middle", percent_cell, right=True),
        Column("5-95 %", "total.most_short", spread_cell, right=True, when=drawn),
        Column("worst month", lambda x: x.worst.month if x.is_short else ""),
        Column("from", _first_short, spare=3),
        Column("until", "total.until.cell", spare=4),
        Column("short", "total.short.middle", in_tonnes, right=True, spare=0 if one else 5),
        Column(f"of {months}", "total.part_short.middle", percent_cell, True, spare=2, when=one),
        Column("wanted", "total.wanted", in_tonnes, right=True, spare=1),
    )
    lines = [line for each in results for line in _uses(each)]
    remarks = (*why, *UNTOLD, *([DRAWN] if drawn else []), *notes)
    return table(heading, lines, columns, remarks, details=details)


def _first_short(line: UseLine) -> str:
    return next((x.month for x in line.months if x.part_short.middle >= NEGLIGIBLE), "")


def _classes(found: ScenarioResult) -> dict[tuple[str, str, float, float], list[FirmsStopped]]:
    """The months of the classes of firms, by market, product, days of stock and share."""
    classes: dict[tuple[str, str, float, float], list[FirmsStopped]] = {}
    for x in found.firms:
        classes.setdefault((x.market, x.product, x.days, x.share), []).append(x)
    return classes


def _firm_table(found: ScenarioResult) -> Table:
    rows = []
    for (market, product, days, share), of_class in _classes(found).items():
        most = max((x.stopped for x in of_class), key=size_of)
        if most.middle >= NEGLIGIBLE:
            hit = [x.month for x in of_class if x.stopped.middle >= STANDING] or [""]
            firms = (found.named(market), name_of(product), fixed(days, 0), exact_percent(share))
            rows.append([*firms, percent_cell(most.middle), spread_cell(most), hit[0], hit[-1]])
    numbers = ("days", "of use", "stopped at most", "5-95 %")
    stopped = Table(
        heading="Firms that would stop, by days of stock",
        columns=("market", "product", *numbers, "from", "until"),
        rows=rows,
        remarks=(
            "How much stock firms hold is assumed: reports run from two weeks to a year.",
            f"From and until leave out months with less than {exact_percent(STANDING)} stopped.",
        ),
        right=numbers,
    )
    return stopped if found.trials is not None else stopped.without("5-95 %")


def _left(rule: RuleInForce) -> str:
    """The least part that passes or is left; of demand that grows, the most, called so."""
    if rule.kind in ADDING:
        return ""
    parts = [part for _, part in rule.passes]
    least, most = min(parts, default=1.0), max(parts, default=1.0)
    if rule.kind == "demand" and most > 1:
        return f"demand up to {exact_percent(most)}"
    return percent_cell(least) if least < 1 else exact_percent(most)


_RULES = (
    Column("shock", "id", spare=1),
    Column("kind", "kind"),
    Column("what", "label"),
    Column("from", "begins"),
    Column("until", "ends", lambda day: day or "stays"),
    Column("least part left", _left, right=True),
)


def _month_table(found: ScenarioResult) -> Table:
    columns = (
        Column("month", "month"),
        Column("market", "market", found.named),
        Column("product", "product", name_of),
        Column("wanted", "wanted.middle", tenths, right=True),
        Column("supplied", "supplied.middle", tenths, right=True),
        Column("short", "short.middle", tenths, right=True),
        Column("5 %", "short.low", tenths, right=True),
        Column("95 %", "short.high", tenths, right=True),
        Column("part", "part_short.middle", percent_cell, right=True),
    )
    return table("Tonnes by month", found.supply, columns, long=True)


def _stock_table(found: ScenarioResult) -> Table:
    columns = (
        Column("month", "month"),
        Column("place", "place", found.named),
        Column("where", "where"),
        Column("stage", "stage"),
        Column("what", "what"),
        Column("tonnes", "tonnes.middle", tenths, right=True),
        Column("months of use", "cover.middle", "{:.2f}".format, right=True),
    )
    return table("Stocks at the end of the month", found.stocks, columns, long=True)


def _limit_table(found: ScenarioResult) -> Table:
    columns = (
        Column("month", "month"),
        Column("world short", "short", percent_cell, right=True),
        Column("runs short", "limits", ", ".join),
        Column("who does without", "cut", lambda cut: ", ".join(map(found.named, cut))),
    )
    heading = "What would run short, and who would do without"
    return table(heading, found.limits, columns, long=True)


def supply_csv(found: ScenarioResult) -> Table:
    """Return a line for each month, market and product; worst part and end are of all months."""
    totals = {(each.market, each.product): each for each in found.totals}
    rows = []
    for each in found.supply:
        total = totals[each.market, each.product]
        spans = (each.wanted, each.supplied, each.short, total.most_short)
        ends = (end for x in spans for end in (x.middle, x.low, x.high))
        numbers = ("" if end is None else figures(end, 6) for end in ends)
        until = (total.until.middle, total.until.low or "", total.until.high or "")
        rows.append([found.id, each.month, each.market, each.product, *numbers, *until])
    names = ("wanted", "supplied", "short", "most_short", "until")
    columns = [f"{name}{end}" for name in names for end in ("", "_low", "_high")]
    return Table("", ("scenario", "month", "market", "product", *columns), rows)


class ScenarioResult(Result):
    """What a scenario leads to."""

    records_key = "months"
    _json = (
        "id title description element start base_year allocation totals stocks firms limits rules "
        "trials source_ids labels asked published calendar=months months=supply assumptions notes"
    )

    id: str  #: of the scenario: the name of its file
    title: str  #: in a few words
    description: str  #: plain sentences: what happens, and what is not known
    element: str  #: that was asked about
    start: str  #: first month
    months: tuple[str, ...]  #: all months, in order
    base_year: int  #: whose flows over twelve are a normal month
    allocation: str  #: who is served first: ``proportion`` or ``home-first``
    supply: tuple[MonthSupply, ...]  #: by month, market and product
    totals: tuple[UseTotal, ...]  #: by market and product, over all months
    stocks: tuple[MonthStock, ...]  #: what lies in a place at the end of a month
    firms: tuple[FirmsStopped, ...]  #: firms that stand still, by month, market, product and class
    limits: tuple[MonthLimit, ...]  #: months in which the world does without something
    rules: tuple[RuleInForce, ...]  #: the shocks, and what each lets pass
    trials: TrialsMade | None = None  #: which random trials were made; None where none was
    #: ids of the table of sources, that the file names
    source_ids: tuple[str, ...] = field(default=())
    #: names of countries and areas, by code
    labels: Mapping[str, str] = field(default_factory=Frozen)
    #: what was asked, enough to ask it again; None where several were run at once
    asked: ScenarioAsked | None = None
    #: sizes of loss that others published for its markets; nothing is converted
    published: tuple[PublishedSize, ...] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether ranges are known, of trials made now or of those of the release."""
        return any(each.most_short.low is not None for each in self.totals)

    @property
    def quoted_rows(self) -> tuple[str, ...]:
        """The rows of what others published."""
        return tuple(each.row for each in self.published)

    @property
    def markets(self) -> tuple[str, ...]:
        """The markets that were asked for, the world last."""
        return tuple(dict.fromkeys(each.market for each in self.supply))

    @property
    def products(self) -> tuple[str, ...]:
        """The products that markets use."""
        return tuple(dict.fromkeys(each.product for each in self.supply))

    def named(self, code: str) -> str:
        """Return the name of a country or area, as it stands in a table, by its code."""
        return named(self.labels.get(code, code))

    def of(self, market: str, product: str | None = None) -> tuple[MonthSupply, ...]:
        """Return the months of a market, of one product or of all, one after the other.

        Args:
            market: its code, or its name as tables have it.
            product: as tables have it.

        Raises:
            UnknownNameError: the scenario tells of no such market or product.
        """
        code = name_meant("market", market, {x.market: self.named(x.market) for x in self.totals})
        if product is not None:
            known = {each.product: each.product for each in self.totals}
            product = name_meant("product", product, known)
        return tuple(x for x in self.supply if x.market == code and product in (None, x.product))

    def lost(self, market: str, product: str | None = None) -> float:
        """Return the tonnes that a market does without over all months, of one product or all."""
        return fsum(each.short.middle for each in self.of(market, product))

    def tables(self) -> list[Table]:
        """Return all tables: supply, firms, stocks, limits and rules by month."""
        tables = [*self.short_tables(), _month_table(self), _stock_table(self), _limit_table(self)]
        if self.published:
            tables.append(replace(published_table(self.published, self.sources), long=True))
        if self.assumptions:
            tables.append(assumed_table(self.assumptions))
        return tables

    def short_tables(self) -> list[Table]:
        """Return who does without what, and when, with the rules."""
        stops = any(each.stopped.middle >= NEGLIGIBLE for each in self.firms)
        firms = [_firm_table(self)] if stops else []
        return [_market_table(self), *firms, table("Rules and shocks", self.rules, _RULES)]

    def csv_tables(self) -> list[Table]:
        """Return a line for each month, market and product, with bare numbers."""
        return [supply_csv(self)]

    def headline(self) -> str:
        """Return the name, and what the worst month of the market asked about is like."""
        return f"{self.id}: {scenario_finding(self)}"


class ScenarioResults(Result):
    """Several scenarios, run on the same random trials."""

    records_key = "scenarios"

    scenarios: tuple[ScenarioResult, ...]  #: what each leads to, by name

    def tables(self) -> list[Table]:
        """Return what each scenario would cost each market that it tells of."""
        notes = self.scenarios[0].notes[:3] if self.scenarios else ()
        return [_use_table("What users would do without", self.scenarios, (), notes)]

    def csv_tables(self) -> list[Table]:
        """Return a line for each scenario, month, market and product, with bare numbers."""
        found = [supply_csv(each) for each in self.scenarios]
        rows = [row for each in found for row in each.rows]
        return [Table("", found[0].columns, rows)] if found else []

    def headline(self) -> str:
        """Return how many there are."""
        return f"{len(self.scenarios)} scenarios"
