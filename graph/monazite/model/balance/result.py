"""The balance of an element as a value, with its tables, JSON and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import partial
from math import fsum

from monazite.core import formats
from monazite.core.columns import Column, bare_table, blank, table
from monazite.core.results import Result, Struct, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import MAGNET
from monazite.model.network.shares import REST
from monazite.model.reconciliation.ledger import STAGES, Interpretation, StageLine
from monazite.model.reconciliation.year import PoolRange
from monazite.model.trade_content import ElementFlow

PART = "part"  # the unit of what is a part of 1
FELT = 0.02  # A number that moves by less of its range is not told
TOP = 6  # Countries and flows of a stage that are listed where no number is named
OUTSIDE = "other uses"
LEAST = 0.5  # tonnes that are not printed as none
_LEADS = (
    "Made, used and surplus are those of the reconciled year, with figures moved least within "
    "their ranges. Printed: as records say; they need not agree."
)


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else formats.between(low, high)


def _if_any(number: float | None, least: float = 0.0) -> str:
    return formats.tonnes(number) if number and number >= least else ""


def _name(balance: Balance, country: str) -> str:
    return "Rest of the world" if country == REST else balance.labels.get(country, country)


def _closings(balance: Balance) -> Table:
    causes = [
        f"{each.stage}: {formats.tonnes(abs(each.gap))} t "
        f"{'surplus' if each.gap > 0 else 'short'}; perhaps {each.causes}."
        for each in balance.closings
        if each.gap is not None and abs(each.gap) >= 1
    ]
    known = bool(balance.followed)
    printed = ", printed" if known else ""
    return table(
        f"{balance.title} in {balance.year}, {balance.unit}: supply against use",
        balance.closings,
        (
            Column("stage", "stage"),
            Column("made", "made_reconciled", formats.tonnes, right=True, when=known),
            Column("used", "taken_reconciled", formats.tonnes, right=True, when=known),
            Column(OUTSIDE, "used_reconciled", _if_any, right=True, when=known),
            Column("surplus", "reconciled", formats.tonnes, right=True, when=known),
            Column(f"made{printed}", "made", formats.tonnes, right=True, spare=3 * known),
            Column("figure", "figure", spare=known),
            Column(f"used{printed}", "taken", formats.tonnes, right=True, spare=3 * known),
            Column(f"{OUTSIDE}{printed}", "used", _if_any, right=True, spare=2 * known),
            Column(f"surplus{printed}", "left", formats.tonnes, right=True),
            Column("range", lambda x: _range(x.low, x.high), right=True),
        ),
        (*causes, *([_LEADS] if known else ()), *balance.notes),
    )


def _lines(balance: Balance, top: int) -> Table:
    shown = []
    for stage in STAGES:
        own = [line for line in balance.lines if line.stage == stage]
        own = [line for line in own if line.country == REST or _weight(line) > 0]
        largest = sorted(own, key=lambda line: -_weight(line))[:top]
        shown += [line for line in own if line in largest]
    return table(
        "By country, as records print it" if balance.followed else "By country",
        shown,
        (
            Column("stage", "stage"),
            Column("country", "country", partial(_name, balance)),
            Column("made", "made.value", formats.tonnes, right=True),
            Column("range", _range_made, spare=1),
            Column("year", "year", blank(str), spare=6),
            Column("how", lambda x: x.how if x.how != formats.NOT_KNOWN else "", spare=2),
            Column("figure", "figure", spare=3),
            Column("imports", "imports.value", formats.tonnes, right=True),
            Column("exports", "exports.value", formats.tonnes, right=True),
            Column("from scrap", "scrap.value", _if_any, right=True, spare=4),
            Column("used", "taken.value", formats.tonnes, right=True),
            Column(OUTSIDE, "used.value", _if_any, right=True, spare=5),
            Column("surplus", "left", formats.tonnes, right=True),
            Column("row", _row_made, full=True),
        ),
        long=bool(balance.followed),
    )


def _reconciled_lines(balance: Balance, top: int) -> Iterator[Table]:
    """What each country or area makes, trades and gives on in the reconciled year."""
    if not balance.followed:
        return
    shown: list[ReconciledLine] = []
    for stage in STAGES:
        own = [line for line in balance.followed if line.stage == stage]
        largest = sorted(own, key=lambda x: -max(x.made, x.imports, x.exports, x.taken))[:top]
        shown += sorted(largest, key=lambda x: (x.country == REST, -x.made, x.country))
    spread = any(each.not_unique for each in shown)

    def column(heading: str, name: str, spare: int = 0) -> Column:
        return Column(heading, lambda line: line.words(name), right=True, spare=spare)

    yield table(
        "By country, reconciled",
        shown,
        (
            Column("stage", "stage"),
            Column("country", "country", partial(_name, balance)),
            column("made", "made"),
            column("imports", "imports", 3),
            column("exports", "exports", 2),
            column("used", "taken"),
            column(OUTSIDE, "used", 1),
            column("surplus", "left"),
        ),
        ("A range: the year is as well reconciled by any number in it.",) if spread else (),
    )


def _weight(line: StageLine) -> float:
    amounts = (line.made, line.imports, line.exports, line.taken)
    return max(amount.value for amount in amounts if amount is not None)


def _range_made(line: StageLine) -> str:
    made = line.made
    return "" if made is None or made.low == made.high else formats.between(made.low, made.high)


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
            Column("range", lambda x: formats.between(x.low, x.high, _form(x))),
            Column("reconciled", lambda x: _form(x)(x.found), right=True),
            Column("of its range", "part", percent_cell, right=True),
            Column("row", "rows", _first, full=True),
        ),
        (f"{more} more numbers moved; JSON has all of them.",) if more > 0 else (),
        long=True,
    )
    ratios = [each for each in found.implied if each.part > FELT][: 2 * top]
    ratios.sort(key=lambda each: -each.part)
    yield table(
        "Reconciled: yields and recipes that follow",
        ratios,
        (
            Column("ratio", "text"),
            Column("assumed", "value", formats.three_figures, right=True),
            Column("range", lambda x: formats.between(x.low, x.high, formats.three_figures)),
            Column("follows", "found", formats.three_figures, right=True),
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
            Column("reconciled", "found", formats.tonnes, right=True),
            Column("least", "low", formats.tonnes, right=True),
            Column("most", "high", formats.tonnes, right=True),
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
    return formats.three_figures if each.unit == PART else formats.tonnes


def _readings(balance: Balance) -> Table:
    stages = [
        Column(f"surplus at {x.stage}", partial(_left, x.stage), formats.tonnes, right=True)
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
            Column("weight", "gross", formats.tonnes, right=True),
            Column("USD/kg", "unit_value", blank(formats.two_decimals), right=True),
            Column("of the element", "amount.value", formats.tonnes, right=True),
            Column("range", lambda x: formats.between(x.amount.low, x.amount.high), spare=1),
            Column("figure", "figure"),
            Column("row", lambda x: _first(x.amount.rows, "baci/", "trade"), full=True),
        ),
        long=True,
    )


_ASSUMED = (
    Column("what", "text"),
    Column("value", "value", formats.exact),
    Column("range", lambda x: formats.between(x.low, x.high, formats.exact)),
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


class Closing(Struct):
    """A stage of the world: what is made, what is taken, and what is left; None is not known."""

    _json = (
        "stage made_reconciled taken_reconciled used_reconciled reconciled made figure taken used "
        "left low high causes?"
    )

    stage: str  #: mine, separation or metal
    made: float | None  #: what is made, in tonnes of the element
    taken: float | None  #: what the next stage and users take, in tonnes of the element
    left: float | None  #: made less taken, in tonnes of the element; less than nothing is missing
    low: float | None  #: the least that can be left, all errors pointing one way
    high: float | None  #: the most that can be left
    #: what is left in the reconciled year, after the least change to the rows inside their ranges
    reconciled: float | None = None
    made_reconciled: float | None = None  #: ``made`` there
    taken_reconciled: float | None = None  #: ``taken`` there
    used_reconciled: float | None = None  #: ``used`` there
    used: float = 0.0  #: the part of ``taken`` that is used outside magnets
    figure: str = ""  #: what its output rests on that is not measured, over all countries

    @property
    def causes(self) -> str:
        """What mostly lies behind what it leaves over or misses; empty where that is nothing."""
        return CAUSES[self.stage, self.gap > 0] if self.gap else ""

    @property
    def gap(self) -> float | None:
        """What is left in the reconciled year; as records print it where there is none."""
        return self.left if self.reconciled is None else self.reconciled


class Alternative(Value):
    """Another reading of the rows, and what it leaves at each stage."""

    _json = "reading=text left"

    text: str  #: how the rows are read
    #: tonnes of the element that are left over, by stage; no number is not known
    left: Mapping[str, float | None]


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


class ReconciledLine(Value):
    """What a country or area makes, trades and gives on at a stage of the reconciled year, in t."""

    stage: str  #: mine, separation or metal
    country: str  #: code of a country or area, or ``ROW``
    made: float = 0.0  #: of the element, in tonnes
    imports: float = 0.0  #: bought of others
    exports: float = 0.0  #: sold to others
    taken: float = 0.0  #: what the next stage and users take
    used: float = 0.0  #: the part of ``taken`` that is used outside magnets
    left: float = 0.0  #: what nobody takes; less than nothing is what no row explains
    #: the least and the most of those of its numbers that may be others at the same cost
    not_unique: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def words(self, name: str) -> str:
        """Return one of its numbers; as a range where it is not unique."""
        if name in self.not_unique:
            return formats.between(*self.not_unique[name])
        number = getattr(self, name)
        return formats.tonnes(number) if abs(number) >= LEAST else ""


class Reconciliation(Value):
    """What reconciled years say of the members of an element or group."""

    moved: tuple[Adjustment, ...]  #: numbers that moved, the farthest first
    implied: tuple[Adjustment, ...]  #: yields, recipes and other ratios of what is made
    #: output of the pools that were asked for, and whether they are carried
    pools: tuple[PoolRange, ...]
    #: what each country or area makes, trades and gives on, by stage
    lines: tuple[ReconciledLine, ...]

    @property
    def followed(self) -> tuple[ReconciledLine, ...]:
        """The lines of stages of which the year has any output."""
        stages = {each.stage for each in self.lines if each.made > 0}
        return tuple(each for each in self.lines if each.stage in stages)

    def beside(self, closing: Closing) -> Closing:
        """Return a stage of the world with what it makes, takes and leaves over here."""
        own = [each for each in self.followed if each.stage == closing.stage]
        if not own:
            return closing
        made, taken, used, left = (
            fsum(getattr(each, name) for each in own) for name in ("made", "taken", "used", "left")
        )
        return replace(
            closing,
            made_reconciled=made,
            taken_reconciled=taken,
            used_reconciled=used,
            reconciled=round(left, 6) + 0.0,
        )


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
    def followed(self) -> tuple[ReconciledLine, ...]:
        """What the reconciled year says of the stages that it follows."""
        return () if self.reconciliation is None else self.reconciliation.followed

    @property
    def unit(self) -> str:
        """The unit of its amounts."""
        return "t of the element"

    def tables(self, *, top: int = TOP, assumptions: bool = False) -> list[Table]:
        """Return the stages, the countries, other readings of the rows, and the trade."""
        told = [_closings(self), *_reconciled_lines(self, top), _lines(self, top)]
        told += _reconciled(self, top)
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
        gaps = ((x.stage, x.gap) for x in self.closings)
        left = (
            f"{stage} {formats.NOT_KNOWN if gap is None else f'{formats.signed(gap)} t'}"
            for stage, gap in gaps
        )
        return f"{self.element} {self.year}, left over: {', '.join(left)}"
