"""The balance of an element as a value, with its tables, JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

from monazite.core.formats import NOT_KNOWN, tonnes
from monazite.core.results import Result, Value
from monazite.core.tables import Table, percent_cell
from monazite.data.parameters import MAGNET
from monazite.model.balance.adjustments import FELT, PART, Adjustment, Reconciliation
from monazite.model.chemistry import Amount
from monazite.model.network.shares import REST
from monazite.model.reconciliation.ledger import STAGES, Interpretation, StageLine
from monazite.model.reconciliation.year import PoolRange
from monazite.model.trade_content import ElementFlow
from monazite.model.wording import SOLD, listed

TOP = 6  # Countries and flows of a stage that are listed where no number is named
UNIT = "t of the element"
OUTSIDE = "other uses"


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{tonnes(low)} to {tonnes(high)}"


def balance_tables(balance: Balance, *, top: int, assumptions: bool) -> list[Table]:
    """Return the balance as tables: the stages, the countries, the readings, the trade."""
    tables = [_closings(balance), _lines(balance, top), *_reconciled(balance, top)]
    tables += [_readings(balance), _traded(balance, top)]
    tables += [_assumptions(balance)] if assumptions else []
    return [table for table in tables if table.rows or table.remarks]


_AFTER = "after the least change"


def _closings(balance: Balance) -> Table:
    columns = ("stage", "made", "figure", "used", OUTSIDE, "surplus", "range", _AFTER)
    rows = []
    causes = []
    for closing in balance.closings:
        left = closing.left
        rows.append(
            [
                *(closing.stage, tonnes(closing.made), balance.figure_of(closing.stage)),
                tonnes(closing.taken),
                tonnes(closing.used) if closing.used else "",
                *(tonnes(left), _range(closing.low, closing.high), tonnes(closing.reconciled)),
            ]
        )
        if left is not None and abs(left) >= 1:
            much = f"{tonnes(abs(left))} t {'surplus' if left > 0 else 'short'}"
            causes.append(f"{closing.stage}: {much}; perhaps {closing.causes}.")
    return Table(
        f"{balance.title} in {balance.year}, {UNIT}: supply against use",
        columns,
        rows,
        remarks=(*causes, *_least_change(balance), *balance.notes),
        right=(columns[1], *columns[3:]),
        keys=(_AFTER,),
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


LINE_COLUMNS = (
    *("stage", "country", "made", "range", "year", "how", "figure"),
    *("imports", "exports", "from scrap", "used", OUTSIDE, "surplus", "row"),
)


def _lines(balance: Balance, top: int) -> Table:
    rows: list[list[str]] = []
    for stage in STAGES:
        own = [line for line in balance.lines if line.stage == stage]
        shown = [line for line in own if line.country == REST or _weight(line) > 0]
        largest = sorted(shown, key=lambda line: -_weight(line))[:top]
        rows += [_line_row(balance, line) for line in shown if line in largest]
    return Table(
        "By country",
        LINE_COLUMNS,
        rows,
        right=("made", "imports", "exports", "from scrap", "used", OUTSIDE, "surplus"),
        keys=("row",),
        spare=("range", "how", "figure", "from scrap", OUTSIDE, "year"),
    )


def _weight(line: StageLine) -> float:
    amounts = (line.made, line.imports, line.exports, line.taken)
    return max(amount.value for amount in amounts if amount is not None)


def _line_row(balance: Balance, line: StageLine) -> list[str]:
    made = line.made
    rows = made.rows if made is not None else ()
    return [
        *(line.stage, _name(balance, line.country), tonnes(made.value if made else None)),
        "" if made is None or made.low == made.high else _range(made.low, made.high),
        "" if line.year is None else str(line.year),
        line.how if line.how != NOT_KNOWN else "",
        *(balance.figure(made), tonnes(line.imports.value), tonnes(line.exports.value)),
        tonnes(line.scrap.value) if line.scrap.value else "",
        tonnes(line.taken.value if line.taken else None),
        tonnes(line.used.value) if line.used and line.used.value else "",
        tonnes(line.left),
        next((r for r in rows if r.startswith("production/")), next(iter(rows), "")),
    ]


def _reconciled(balance: Balance, top: int) -> Iterable[Table]:
    """What the least change moved, what stays, what follows, and which pools it says enough of."""
    found = balance.reconciliation
    if found is None:
        return
    columns = ("number", "unit", "printed", "range", "reconciled", "of its range", "row")
    more = len(found.moved) - 2 * top
    yield Table(
        "Reconciled: what moved farthest",
        columns,
        [_moved_row(each) for each in found.moved[: 2 * top]],
        remarks=(f"{more} more numbers moved; JSON has all of them.",) if more > 0 else (),
        right=(columns[2], *columns[4:6]),
        long=True,
        keys=("row",),
    )
    stays = sorted(found.unexplained, key=lambda each: -max(each.missing, each.surplus))
    yield Table(
        "Reconciled: what stays short or in surplus",
        ("stage", "where", "element", "short", "surplus"),
        [
            [
                *(each.stage, _name(balance, each.pool), each.element),
                *(tonnes(x) if x >= 0.5 else "" for x in (each.missing, each.surplus)),
            ]
            for each in stays[: 2 * top]
        ],
        right=("short", "surplus"),
        long=True,
    )
    ratios = [each for each in found.implied if each.part > FELT][: 2 * top]
    yield Table(
        "Reconciled: yields and recipes that follow",
        ("ratio", "assumed", "range", "follows"),
        [
            [x.text, f"{x.value:.3g}", f"{x.low:.3g} to {x.high:.3g}", f"{x.found:.3g}"]
            for x in sorted(ratios, key=lambda each: -each.part)
        ],
        remarks=(f"{len(found.implied)} ratios in all lie in their ranges.",),
        right=("assumed", "follows"),
        long=True,
    )
    yield Table(
        "Countries: how much the numbers say of each",
        ("stage", "country", "of", "reconciled", "least", "most", "carried"),
        [
            [
                *(each.stage, _name(balance, each.pool), each.what),
                *map(tonnes, (each.found, each.low, each.high)),
                _carried(each, found.pools),
            ]
            for each in found.pools
        ],
        remarks=(
            "A country is carried where its least is at least a fifth of its most. One that is "
            "carried at magnets is so at metal, and one at metal at separation.",
        ),
        right=("reconciled", "least", "most"),
        long=True,
    )


def _carried(pool: PoolRange, pools: Iterable[PoolRange]) -> str:
    if pool.carried:
        return "yes"
    fed = any((x.stage, x.pool) == (MAGNET, pool.pool) and x.carried for x in pools)
    return "yes, for its magnets" if fed else "no, rest of the world"


def _moved_row(each: Adjustment) -> list[str]:
    value, low, high, found = (
        f"{x:.3g}" if each.unit == PART else tonnes(x)
        for x in (each.value, each.low, each.high, each.found)
    )
    row = next(iter(each.rows), "")
    return [each.text, each.unit, value, f"{low} to {high}", found, percent_cell(each.part), row]


def _readings(balance: Balance) -> Table:
    stages = [closing.stage for closing in balance.closings]
    rows = [
        [x.text, *(tonnes(x.left.get(stage)) for stage in stages)] for x in balance.alternatives
    ]
    columns = ("interpretation", *(f"surplus at {stage}" for stage in stages))
    heading = "What other interpretations of the same records leave"
    return Table(heading, columns, rows, right=columns[1:], long=True)


def _traded(balance: Balance, top: int) -> Table:
    columns = ("product of", "from", "to", "weight", "USD/kg", "of the element", "range")
    rows = []
    for stage in STAGES:
        own = [flow for flow in balance.traded if flow.stage == stage]
        own.sort(key=lambda each: (-each.amount.value, each.exporter, each.importer))
        rows += [_traded_row(balance, flow) for flow in own[:top]]
    return Table(
        "Trade, by what the unit value says it is",
        (*columns, "figure", "row"),
        rows,
        right=columns[3:6],
        long=True,
        keys=("row",),
        spare=("range",),
    )


def _traded_row(balance: Balance, flow: ElementFlow) -> list[str]:
    amount = flow.amount
    return [
        flow.stage,
        _name(balance, flow.exporter),
        _name(balance, flow.importer),
        tonnes(flow.gross),
        "" if flow.unit_value is None else f"{flow.unit_value:.2f}",
        tonnes(amount.value),
        _range(amount.low, amount.high),
        balance.figure(amount),
        next((row for row in amount.rows if row.startswith(("baci/", "trade"))), ""),
    ]


def _name(balance: Balance, country: str) -> str:
    return "Rest of the world" if country == REST else balance.labels.get(country, country)


def _assumptions(balance: Balance) -> Table:
    rows = [
        [each.text, f"{each.value:g}", f"{each.low:g} to {each.high:g}", each.reason, each.row]
        for each in balance.assumptions
    ]
    return Table("Assumptions", ("what", "value", "range", "why", "row"), rows, spare=("why",))


def balance_csv(balance: Balance) -> Table:
    """Return the lines of all countries as one table for a spreadsheet."""
    columns = (
        *("element", "year", "stage", "country", "made_t", "made_low_t", "made_high_t", "of_year"),
        *("how", "imports_t", "exports_t", "scrap_t", "taken_t", "used_t", "left_t"),
        *("figure", "rows"),
    )
    return Table("", columns, [_csv_row(balance, line) for line in balance.lines])


def _csv_row(balance: Balance, line: StageLine) -> list[str]:
    made = line.made
    numbers = [made and made.value, made and made.low, made and made.high]
    amounts = (line.imports, line.exports, line.scrap, line.taken, line.used)
    later = [*(None if each is None else each.value for each in amounts), line.left]
    return [
        *(balance.element, str(balance.year), line.stage, line.country),
        *("" if number is None else f"{number:.6g}" for number in numbers),
        "" if line.year is None else str(line.year),
        line.how,
        *("" if number is None else f"{number:.6g}" for number in later),
        balance.figure(made),
        ";".join(made.rows) if made else "",
    ]


def _fields(of: object, *names: str) -> dict[str, object]:
    return {name: getattr(of, name) for name in names}


def _reconciliation_dict(found: Reconciliation | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {
        "moved": [asdict(each) for each in found.moved],
        "implied": [asdict(each) for each in found.implied],
        "unexplained": [asdict(each) for each in found.unexplained],
        "pools": [{**asdict(each), "carried": each.carried} for each in found.pools],
    }


def _line_dict(balance: Balance, line: StageLine) -> dict[str, object]:
    amounts = ("made", "imports", "exports", "scrap", "taken", "used")
    found: dict[str, Amount | None] = {name: getattr(line, name) for name in amounts}
    return {
        "stage": line.stage,
        "country": line.country,
        "how": line.how,
        "figure": balance.figure(line.made),
        "year": line.year,
        **{name: None if x is None else _amount_dict(x) for name, x in found.items()},
        "left": line.left,
        "left_range": line.left_range,
    }


def _amount_dict(amount: Amount) -> dict[str, object]:
    rows, assumptions = [*amount.rows], [*amount.assumptions]
    return {**_fields(amount, "value", "low", "high"), "rows": rows, "assumptions": assumptions}


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
    """A stage of the world: what is made, what is taken, and what is left; None is not known.

    Attributes:
        stage: mine, separation or metal.
        made: what is made, in tonnes of the element.
        taken: what the next stage and users take, in tonnes of the element.
        left: made less taken; less than nothing is missing.
        low: the least that can be left, all errors pointing one way.
        high: the most that can be left.
        reconciled: what is left after the least change to the rows inside their ranges.
        used: the part of ``taken`` that is used outside magnets.
    """

    stage: str
    made: float | None
    taken: float | None
    left: float | None
    low: float | None
    high: float | None
    reconciled: float | None
    used: float = 0.0

    @property
    def causes(self) -> str:
        """What mostly lies behind what the stage leaves over, or misses."""
        return CAUSES[self.stage, (self.left or 0.0) > 0]


@dataclass(frozen=True)
class Alternative(Value):
    """Another reading of the rows, and what it leaves at each stage.

    Attributes:
        text: the reading, in words.
        left: tonnes of the element that are left over, by stage; None is not known.
    """

    text: str
    left: Mapping[str, float | None]


@dataclass(frozen=True)
class Balance(Result):
    """The balance of an element or a group in one year, in tonnes of the element.

    Attributes:
        element: symbol or group.
        title: its name.
        year: the year.
        lines: what each country makes, trades and gives on, by stage.
        labels: names of the countries, by code.
        closings: what each stage of the world leaves over, or misses.
        alternatives: what other readings of the same rows would leave.
        traded: what crosses borders inside goods.
        marks: what the numbers of rows are that are not measured, by row.
        reconciliation: what the least change to the rows says; None where an assumption that it
            needs is left out.
    """

    element: str
    title: str
    year: int
    lines: tuple[StageLine, ...]
    labels: Mapping[str, str]
    closings: tuple[Closing, ...]
    alternatives: tuple[Alternative, ...]
    traded: tuple[ElementFlow, ...]
    marks: Mapping[str, str] = field(default_factory=dict)
    reconciliation: Reconciliation | None = None

    records_key = "lines"

    def figure(self, amount: Amount | None) -> str:
        """Return what an amount rests on that is not measured: ``forecast``; nothing else."""
        rows = amount.rows if amount is not None else ()
        return " and ".join(sorted({self.marks[row] for row in rows if row in self.marks}))

    def figure_of(self, stage: str) -> str:
        """Return what the output of a stage rests on that is not measured, over all countries."""
        told = (self.figure(line.made) for line in self.lines if line.stage == stage)
        return " and ".join(sorted({word for each in told for word in each.split(" and ") if word}))

    def content(self) -> dict[str, object]:
        """Return the balance as JSON has it: tonnes of the element, null is not known."""
        return {
            "element": self.element,
            "year": self.year,
            "unit": UNIT,
            "closings": [
                {
                    "stage": closing.stage,
                    "made": closing.made,
                    "figure": self.figure_of(closing.stage),
                    **_fields(closing, "taken", "used", "left", "low", "high", "reconciled"),
                    "causes": None if not closing.left else closing.causes,
                }
                for closing in self.closings
            ],
            "lines": [_line_dict(self, line) for line in self.lines],
            "readings": [{"reading": o.text, "left": dict(o.left)} for o in self.alternatives],
            "trade": [
                {
                    "stage": flow.stage,
                    "from": flow.exporter,
                    "to": flow.importer,
                    "weight": flow.gross,
                    "usd_per_kg": flow.unit_value,
                    "figure": self.figure(flow.amount),
                    **_amount_dict(flow.amount),
                }
                for flow in self.traded
            ],
            "reconciliation": _reconciliation_dict(self.reconciliation),
            "assumptions": [
                _fields(each, "row", "text", "value", "low", "high", "reason")
                for each in self.assumptions
            ],
            "notes": list(self.notes),
        }

    def tables(self, *, top: int = TOP, assumptions: bool = False) -> list[Table]:
        """Return the stages, the countries, other readings of the rows, and the trade."""
        return balance_tables(self, top=top, assumptions=assumptions)

    def csv_tables(self) -> list[Table]:
        """Return the lines of all countries as one table."""
        return [balance_csv(self)]

    def headline(self) -> str:
        """Return the element, the year, and what each stage leaves, in tonnes."""
        left = (
            f"{closing.stage} {NOT_KNOWN if closing.left is None else f'{closing.left:+,.0f} t'}"
            for closing in self.closings
        )
        return f"{self.element} {self.year}, left over: {', '.join(left)}"
