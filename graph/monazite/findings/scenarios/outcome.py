"""What a scenario leads to, month by month: what is supplied, what is not, and who stops.

Tonnes are of the product, in a month. A ``Span`` has the number at the value of every figure, and
the ends between which nine tenths of the random trials lie; both are None where none was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import fsum
from typing import ClassVar

from monazite.findings.backtest.published_sizes import PublishedSize
from monazite.findings.scenarios import tables
from monazite.findings.uncertainty.spans import MonthSpan, Span
from monazite.result import Frozen, Result, Value
from monazite.tables import Table
from monazite.triples.names import named

USERS, PLANTS, UNDER_WAY = "users", "plants", "under way"
"""Where a stock is: with those who use the product, with plants, or in transit between both."""


@dataclass(frozen=True)
class MonthSupply(Value):
    """What a market is supplied of a product in a month, in tonnes.

    Attributes:
        month: as 2025-04.
        market: code of the market; ``WLD`` is the world.
        product: what is used, as tables name it.
        wanted: what users take, had they all they need.
        supplied: what they use, from what arrives and from their stocks.
        short: what they do without: wanted less supplied.
        part_short: the same as a part of what they want, 0 to 1, trial by trial.
    """

    month: str
    market: str
    product: str
    wanted: Span
    supplied: Span
    short: Span
    part_short: Span


@dataclass(frozen=True)
class UseTotal(Value):
    """What a market does without of a product over all months.

    Attributes:
        market: code of the market.
        product: what is used.
        wanted: tonnes that users take over all months, had they all they need.
        short: tonnes that they do without.
        part_short: the same as a part of what they want, 0 to 1, trial by trial.
        most_short: the part that they do without in the worst month, of each trial its own.
        until: last month in which more than next to nothing is lacking, of each trial its own.
    """

    market: str
    product: str
    wanted: float
    short: Span
    part_short: Span
    most_short: Span
    until: MonthSpan


@dataclass(frozen=True)
class MonthStock(Value):
    """What lies in a place at the end of a month.

    Attributes:
        month: as 2025-04.
        place: code of the market or of the country of the plants.
        where: with users, with plants, or under way.
        stage: of the chain, whose product it is.
        what: product, or element.
        tonnes: of the product or element.
        cover: in months of the normal use of it there.
    """

    month: str
    place: str
    where: str
    stage: str
    what: str
    tonnes: Span
    cover: Span


@dataclass(frozen=True)
class FirmsStopped(Value):
    """The part of the firms of a class that stand still in a month.

    Attributes:
        month: as 2025-04.
        market: code of the market.
        product: what they use.
        days: of stock that firms of the class hold when all is well.
        share: of the market's use that firms of the class take, 0 to 1.
        stopped: the part of the class that has nothing to work with, 0 to 1.
    """

    month: str
    market: str
    product: str
    days: float
    share: float
    stopped: Span


@dataclass(frozen=True)
class MonthLimit(Value):
    """What runs short in a month in which not all is supplied, at the value of every figure.

    Attributes:
        month: as 2025-04.
        short: what the world does without, over what it wants, 0 to 1.
        limits: what would bring back most of it: elements, or ``borders``.
        cut: markets that do without, most tonnes first.
    """

    month: str
    short: float
    limits: tuple[str, ...]
    cut: tuple[str, ...]


@dataclass(frozen=True)
class RuleInForce(Value):
    """A shock of the scenario, and what it lets pass month by month.

    Attributes:
        id: of the shock, its place in the file.
        kind: embargo, licence, quota, close, reopen, price-flood, new-capacity, demand, stockpile.
        label: what it is, in a few words.
        policy: id of the policy it is read from; empty for none.
        begins: first day.
        ends: last day; empty where it stays.
        passes: month and the part that it lets pass, or leaves, or adds; only months in which it
            changes something.
        rows: rows that it is read from.
    """

    id: str
    kind: str
    label: str
    policy: str
    begins: str
    ends: str
    passes: tuple[tuple[str, float], ...]
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrialsMade(Value):
    """Which random trials were made: how many, of which seed, and how many were left out."""

    count: int
    seed: int
    rejected: int


@dataclass(frozen=True)
class ScenarioAsked(Value):
    """What was asked of a scenario: enough to ask it again.

    Attributes:
        name: of a scenario that is shipped, or of a reader's own file.
        text: of the reader's own file; empty for one that is shipped.
        markets: that were named; none for those of the file.
        months: that were asked for; None for those of the file.
        draws: random trials; 0 for none.
        seed: of the trials.
    """

    name: str
    text: str
    markets: tuple[str, ...]
    months: int | None
    draws: int
    seed: int


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
        from monazite.findings.scenarios.told_names import name_meant

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
        return tables.scenario_dict(self)

    def tables(self) -> list[Table]:
        """Return all tables: supply, firms, stocks, limits and rules by month."""
        return tables.scenario_tables(self)

    def short_tables(self) -> list[Table]:
        """Return who does without what, and when, with the rules."""
        return tables.short_tables(self)

    def csv_tables(self) -> list[Table]:
        """Return a line for each month, market and product, with bare numbers."""
        return [tables.supply_csv(self)]

    def headline(self) -> str:
        """Return the name, and what the worst month of the market asked about is like."""
        from monazite.findings.scenarios.headline import scenario_finding

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
        return {"scenarios": [tables.scenario_dict(each) for each in self.scenarios]}

    def tables(self) -> list[Table]:
        """Return what each scenario would cost each market that it tells of."""
        rows = [[each.id, *row] for each in self.scenarios for row in tables.summary_rows(each)]
        notes = (
            *tables.column_notes(*self.scenarios),
            *(self.scenarios[0].notes[:3] if self.scenarios else ()),
        )
        table = Table(
            heading="What users would do without",
            columns=("scenario", *tables.USE_COLUMNS),
            rows=rows,
            remarks=notes,
            right=tables.USE_RIGHT,
            spare=("wanted", "from", "until", "short"),
        ).without("over all")  # scenarios run for unlike numbers of months
        drawn = any(each.trials is not None for each in self.scenarios)
        return [table if drawn else table.without("5-95 %")]

    def csv_tables(self) -> list[Table]:
        """Return a line for each scenario, month, market and product, with bare numbers."""
        found = [tables.supply_csv(each) for each in self.scenarios]
        rows = [row for table in found for row in table.rows]
        return [Table("", found[0].columns, rows)] if found else []

    def headline(self) -> str:
        """Return how many there are."""
        return f"{len(self.scenarios)} scenarios"
