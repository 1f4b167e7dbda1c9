"""What a finding is: frozen values with their rows, ranges and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monazite.findings.events.under_construction import Addition
from monazite.findings.losses.stocks import Stock
from monazite.findings.shares.concentration import StageShares
from monazite.result import Assumption
from monazite.showing import Showing


@dataclass(frozen=True)
class Chokepoint:
    """What is lost when one country-at-stage, country, site or firm fails, or a policy bites.

    ``loss`` is the part of what the market takes that the event takes away: at most 1, less than
    0 where others stop bidding, ``None`` where it is not known. ``alone`` is what the element
    itself would cost, as if all others were there in plenty; ``limited_by`` are the elements that
    limit, ``limited_at`` the stage. ``dominator``, ``in_minimum_cut``, ``routes_without`` and
    ``betweenness`` are what it is to the routes (see ``structure``), ``share`` its part of the
    stage, of which ``range_rows`` print the lowest and the highest; ``remark`` says where these
    and the loss tell different stories. ``rows`` and ``assumptions`` are row keys.
    """

    rank: int | None
    id: str
    label: str
    kind: str
    stage: str
    country: str | None
    event: str
    loss: float | None
    loss_low: float | None
    loss_high: float | None
    alone: float | None
    limited_by: tuple[str, ...]
    limited_at: str
    dominator: bool | None
    in_minimum_cut: bool | None
    routes_without: int | None
    betweenness: float | None
    share: float | None
    coverage: float | None
    basis: str
    year: int | None
    rows: tuple[str, ...]
    assumptions: tuple[str, ...]
    remark: str = ""
    note: str = ""
    range_rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Base:
    """What losses are measured against: the chain of a base year, within a horizon.

    Attributes:
        year: the base year.
        product: what the market loses: the magnets that hold the element, or its oxide.
        unit: of what is served.
        served: how much of it the market takes in the base year.
        horizon: its name.
        trade: times the base year's flow between two countries; None is without a limit.
        throughput: times the base year's output of what a country has at a stage.
        new_pairs: what pairs that did not trade may, as a part of the buyer's intake.
        event: what happens; ``approval`` is the part that a licence leaves.
        unexplained: the part of what a stage takes that no row explains, by stage.
        outside: tonnes of each element used outside magnets, which share what is short.
        rows: rows that every loss rests on: output, trade, assays.
        market_rows: those of them that say from where the market buys.
    """

    year: int
    product: str
    unit: str
    served: float
    horizon: str
    trade: float | None
    throughput: float
    new_pairs: float | None
    event: str
    approval: float | None
    unexplained: Mapping[str, float]
    outside: Mapping[str, float]
    rows: tuple[str, ...]
    market_rows: tuple[str, ...]


@dataclass(frozen=True)
class Chokepoints(Showing):
    """The chokepoint report of one element (or group) and one market.

    ``built`` are the plants under construction that the horizon counts; ``built_remarks`` say what
    of them does not count. ``base`` is None where no chain can be worked out: then no loss is
    known, and a note says why.
    """

    view: dict[str, object]
    element: str
    title: str
    market: str
    market_label: str
    stages: tuple[StageShares, ...]
    chokepoints: tuple[Chokepoint, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...] = ()
    base: Base | None = None
    stocks: tuple[Stock, ...] = ()
    built: tuple[Addition, ...] = ()
    built_remarks: tuple[str, ...] = ()
