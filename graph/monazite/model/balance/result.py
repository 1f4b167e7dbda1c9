"""The balance of an element as a value, with its tables, JSON and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from monazite.core.columns import Column, bare_table, blank, table
from monazite.core.formats import (
    NOT_KNOWN,
    between,
    exact,
    signed,
    three_figures,
    tonnes,
    two_decimals,
)
from monazite.core.results import Result, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import MAGNET
from monazite.model.network.shares import REST
from monazite.model.reconciliation.ledger import STAGES, Interpretation, StageLine
from monazite.model.reconciliation.year import PoolRange
from monazite.model.trade_content import ElementFlow
from monazite.model.wording import SOLD, listed

PART = "part"  # the unit of what is a part of 1
FELT = 0.02  # A number that moves by less of its range is not told
TOP = 6  # Countries and flows of a stage that are listed where no number is named
OUTSIDE = "other uses"


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else between(low, high)


def _if_any(number: float | None, least: float = 0.0) -> str:
    return tonnes(number) if number and number >= least else ""


def _name(balance: Balance, country: str) -> str:
    return "Rest of the world" if country == REST else balance.labels.get(country, country)


def _closings(balance: Balance) -> Table:
    causes = [
        f"{each.stage}: {tonnes(abs(each.left))} t {'surplus' if each.left > 0 else 'short'}; "
        f"perhaps {each.causes}."
        for each in balance.closings
        if each.left is not None and abs(each.left) >= 1
    ]
    return table(
        f"{balance.title} in {balance.year}, {balance.unit}: supply against use",
        balance.closings,
        (
            Column("stage", "stage"),
            Column("made", "made", tonnes, right=True),
            Column("figure", "figure"),
            Column("used", "taken", tonnes, right=True),
            Column(OUTSIDE, "used", _if_any, right=True),
            Column("surplus", "left", tonnes, right=True),
            Column("range", lambda x: _range(x.low, x.high), right=True),
            Column("after the least change", "reconciled", tonnes, right=True, full=True),
        ),
        (*causes, *_least_change(balance), *balance.notes),
    )


def _least_change(balance: Balance) -> Iterable[str]:
    """What stays short once the figures agree, as the losses have it."""
    left = {each.stage: each.reconciled for each in balance.closings if each.reconciled is not None}
    short = [f"{tonnes(-amount)} t of {SOLD[at]}" for at, amount in left.items() if amount <= -0.5]
    if left:
        stay = f"{listed(short)} stay short: unaccounted for" if short else "nothing stays short"
        unknown = [SOLD[each.stage] for each in balance.closings if each.reconciled is None]
        if unknown:
            stay += f"; of {listed(unknown)} it is not known"
        yield f"With figures moved least within their ranges, {stay}."


def _lines(balance: Balance, top: int) -> Table:
    shown = []
    for stage in STAGES:
        own = [line for line in balance.lines if line.stage == stage]
        own = [line for line in own if line.country == REST or _weight(line) > 0]
        largest = sorted(own, key=lambda line: -_weight(line))[:top]
        shown += [line for line in own if line in largest]
    return table(
        "By country",
        shown,
        (
            Column("stage", "stage"),
            Column("country", "country", partial(_name, balance)),
            Column("made", "made.value", tonnes, right=True),
            Column("range", _range_made, spare=1),
            Column("year", "year", blank(str), spare=6),
            Column("how", lambda x: x.how if x.how != NOT_KNOWN else "", spare=2),
            Column("figure", "figure", spare=3),
            Column("imports", "imports.value", tonnes, right=True),
            Column("exports", "exports.value", tonnes, right=True),
            Column("from scrap", "scrap.value", _if_any, right=True, spare=4),
            Column("used", "taken.value", tonnes, right=True),
            Column(OUTSIDE, "used.value", _if_any, right=True, spare=5),
            Column("surplus", "left", tonnes, right=True),
            Column("row", _row_made, full=True),
        ),
    )


def _weight(line: StageLine) -> float:
    amounts = (line.made, line.imports, line.exports, line.taken)
    return max(amount.value for amount in amounts if amount is not None)


def _range_made(line: StageLine) -> str:
    made = line.made
    return "" if made is None or made.low == made.high else between(made.low, made.high)


def _row_made(line: StageLine) -> str:
    rows = line.made.rows if line.made is not None else ()
    return _first(rows, "production/") or _first(rows)


def _first(rows: Iterable[str], *tables: str) -> str:
    """The first row of some tables, or of any."""
    return next((row for row in rows if row.startswith(tables or "")), "")


def _reconciled(balance: Balance, top: int) -> Iterator[Table]:
    """What the least change moved, what stays, what follows, and which pools it says enough of."""
    found, name = balance.reconciliation, partial(_name, balance)
    if found is None:
        return
    more = len(found.moved) - 2 * top
    yield table(
        "Reconciled: what moved farthest",
        found.moved[: 2 * top],
        (
            Column("number", "text"),
            Column("unit", "unit"),
            Column("printed", lambda x: _form(x)(x.value), right=True),
            Column("range", lambda x: between(x.low, x.high, _form(x))),
            Column("reconciled", lambda x: _form(x)(x.found), right=True),
            Column("of its range", "part", percent_cell, right=True),
            Column("row", "rows", _first, full=True),
        ),
        (f"{more} more numbers moved; JSON has all of them.",) if more > 0 else (),
        long=True,
    )
    yield table(
        "Reconciled: what stays short or in surplus",
        sorted(found.unexplained, key=lambda x: -max(x.missing, x.surplus))[: 2 * top],
        (
            Column("stage", "stage"),
            Column("where", "pool", name),
            Column("element", "element"),
            Column("short", "missing", partial(_if_any, least=0.5), right=True),
            Column("surplus", "surplus", partial(_if_any, least=0.5), right=True),
        ),
        long=True,
    )
    ratios = [each for each in found.implied if each.part > FELT][: 2 * top]
    ratios.sort(key=lambda each: -each.part)
    yield table(
        "Reconciled: yields and recipes that follow",
        ratios,
        (
            Column("ratio", "text"),
            Column("assumed", "value", three_figures, right=True),
            Column("range", lambda x: between(x.low, x.high, three_figures)),
            Column("follows", "found", three_figures, right=True),
        ),
        (f"{len(found.implied)} ratios in all lie in their ranges.",),
        long=True,
    )
    yield table(
        "Countries: how much the numbers say of each",
        found.pools,
        (
            Column("stage", "stage"),
            Column("country", "pool", name),
            Column("of", "what"),
            Column("reconciled", "found", tonnes, right=True),
            Column("least", "low", tonnes, right=True),
            Column("most", "high", tonnes, right=True),
            Column("carried", lambda x: _carried(x, found.pools)),
        ),
        (
            "A country is carried where its least is at least a fifth of its most. One that is "
            "carried at magnets is so at metal, and one at metal at separation.",
        ),
        long=True,
    )


def _carried(pool: PoolRange, pools: Iterable[PoolRange]) -> str:
    if pool.carried:
        return "yes"
    fed = any((x.stage, x.pool) == (MAGNET, pool.pool) and x.carried for x in pools)
    return "yes, for its magnets" if fed else "no, rest of the world"


def _form(each: Adjustment) -> Callable[[float], str]:
    return three_figures if each.unit == PART else tonnes


def _readings(balance: Balance) -> Table:
    stages = [
        Column(f"surplus at {x.stage}", partial(_left, x.stage), tonnes, right=True)
        for x in balance.closings
    ]
    heading = "What other interpretations of the same records leave"
    columns = (Column("interpretation", "text"), *stages)
    return table(heading, balance.alternatives, columns, long=True)


def _left(stage: str, reading: Alternative) -> float | None:
    return reading.left.get(stage)


def _traded(balance: Balance, top: int) -> Table:
    name, shown = partial(_name, balance), list[ElementFlow]()
    for stage in STAGES:
        own = [flow for flow in balance.traded if flow.stage == stage]
        shown += sorted(own, key=lambda x: (-x.amount.value, x.exporter, x.importer))[:top]
    return table(
        "Trade, by what the unit value says it is",
        shown,
        (
            Column("product of", "stage"),
            Column("from", "exporter", name),
            Column("to", "importer", name),
            Column("weight", "gross", tonnes, right=True),
            Column("USD/kg", "unit_value", blank(two_decimals), right=True),
            Column("of the element", "amount.value", tonnes, right=True),
            Column("range", lambda x: between(x.amount.low, x.amount.high), spare=1),
            Column("figure", "figure"),
            Column("row", lambda x: _first(x.amount.rows, "baci/", "trade"), full=True),
        ),
        long=True,
    )


_ASSUMED = (
    Column("what", "text"),
    Column("value", "value", exact),
    Column("range", lambda x: between(x.low, x.high, exact)),
    Column("why", "reason", spare=1),
    Column("row", "row"),
)


READINGS = (
    ("as the records stand", Interpretation()),
    ("printed magnets are finished ones", Interpretation(finished=True)),
    ("a country mines what others buy from it", Interpretation(by_imports=True)),
    ("printed oxide holds none from scrap", Interpretation(scrap=False)),
)
CAUSES = {
    ("mine", False): "unrecorded ore (clay beyond the quota, Myanmar, Laos), or more scrap than "
    "recorded",
    ("mine", True): "stocks of ore, ore whose element is not separated, or an assay too rich",
    ("separation", False): "unrecorded oxide, less of the element in magnets, or too low a yield",
    ("separation", True): "more uses outside magnets, stocks, or more exports than assumed",
    (
        "metal",
        False,
    ): "unrecorded metal, less of the element in a magnet, or scrap alloyed directly",
    ("metal", True): "stocks, uses other than magnets, or more of the element in a magnet",
}
"""What mostly lies behind a stage that does not close, by whether something is left over."""


@dataclass(frozen=True)
class Closing:
    """A stage of the world: what is made, what is taken, and what is left; None is not known."""

    _json = "stage made figure taken used left low high reconciled causes?"

    stage: str  #: mine, separation or metal
    made: float | None  #: what is made, in tonnes of the element
    taken: float | None  #: what the next stage and users take, in tonnes of the element
    left: float | None  #: made less taken, in tonnes of the element; less than nothing is missing
    low: float | None  #: the least that can be left, all errors pointing one way
    high: float | None  #: the most that can be left
    reconciled: float | None  #: what is left after the least change to the rows inside their ranges
    used: float = 0.0  #: the part of ``taken`` that is used outside magnets
    figure: str = ""  #: what its output rests on that is not measured, over all countries

    @property
    def causes(self) -> str:
        """What mostly lies behind what it leaves over or misses; empty where that is nothing."""
        return CAUSES[self.stage, self.left > 0] if self.left else ""


@dataclass(frozen=True)
class Alternative(Value):
    """Another reading of the rows, and what it leaves at each stage."""

    _json = "reading=text left"

    text: str  #: how the rows are read
    #: tonnes of the element that are left over, by stage; no number is not known
    left: Mapping[str, float | None]


@dataclass(frozen=True)
class Adjustment(Value):
    """A number that the reconciliation moved, or a ratio that follows from it."""

    name: str  #: its name in the programme: ``ore_bought[AUS,MYS]``
    text: str  #: the same in words
    unit: str  #: tonnes of the element, of rare-earth oxide or of magnets, or a part of 1
    value: float  #: where it began
    low: float  #: the least that it may be
    high: float  #: the most
    found: float  #: where it ended
    part: float  #: how far it moved, as a part of the wider side of its range
    rows: tuple[str, ...]  #: keys of the rows that it was read from


@dataclass(frozen=True)
class Unexplained(Value):
    """What a pool lacks or has left over of an element at a stage, in tonnes of the element."""

    stage: str  #: mine, separation or metal
    pool: str  #: code of a country or area, or ``ROW``
    element: str  #: symbol
    missing: float  #: what no row explains
    surplus: float  #: what nobody takes


@dataclass(frozen=True)
class Reconciliation(Value):
    """What reconciled years say of the members of an element or group."""

    moved: tuple[Adjustment, ...]  #: numbers that moved, the farthest first
    implied: tuple[Adjustment, ...]  #: yields, recipes and other ratios of what is made
    unexplained: tuple[Unexplained, ...]  #: what stays missing or left over
    #: output of the pools that were asked for, and whether they are carried
    pools: tuple[PoolRange, ...]

    def left(self) -> dict[str, float]:
        """Return what is left over in the world by stage, in tonnes; less than 0 is missing."""
        found: dict[str, float] = {}
        for each in self.unexplained:
            found[each.stage] = found.get(each.stage, 0.0) + each.surplus - each.missing
        return found


@dataclass(frozen=True)
class Balance(Result):
    """The balance of an element or a group in one year, in tonnes of the element."""

    records_key = "lines"
    _json = (
        "element year unit closings lines readings=alternatives trade=traded reconciliation "
        "assumptions notes"
    )

    element: str
    title: str
    year: int  #: the year
    lines: tuple[StageLine, ...]  #: what each country makes, trades and gives on, by stage
    labels: Mapping[str, str]  #: names of the countries, by code
    closings: tuple[Closing, ...]  #: what each stage of the world leaves over, or misses
    alternatives: tuple[Alternative, ...]  #: what other readings of the same rows would leave
    traded: tuple[ElementFlow, ...]  #: what crosses borders inside goods
    #: what the least change to the rows says; None where an assumption that it needs is left out
    reconciliation: Reconciliation | None = None

    @property
    def unit(self) -> str:
        """The unit of its amounts."""
        return "t of the element"

    def tables(self, *, top: int = TOP, assumptions: bool = False) -> list[Table]:
        """Return the stages, the countries, other readings of the rows, and the trade."""
        told = [_closings(self), _lines(self, top), *_reconciled(self, top)]
        told += [_readings(self), _traded(self, top)]
        told += [table("Assumptions", self.assumptions, _ASSUMED)] if assumptions else []
        return [each for each in told if each.rows or each.remarks]

    def csv_tables(self) -> list[Table]:
        """Return the lines of all countries as one table."""
        names = (
            "stage country made_t=made.value made_low_t=made.low made_high_t=made.high "
            "of_year=year how imports_t=imports.value exports_t=exports.value scrap_t=scrap.value "
            "taken_t=taken.value used_t=used.value left_t=left figure rows=made.rows"
        )
        return [bare_table(self.lines, names, digits=6, element=self.element, year=self.year)]

    def headline(self) -> str:
        """Return the element, the year, and what each stage leaves, in tonnes."""
        left = (
            f"{closing.stage} {NOT_KNOWN if closing.left is None else f'{signed(closing.left)} t'}"
            for closing in self.closings
        )
        return f"{self.element} {self.year}, left over: {', '.join(left)}"
