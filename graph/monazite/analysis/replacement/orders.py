"""Who has ordered what a plant makes, and where what it works on comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass

from monazite.analysis.replacement.candidates import ReplacementSite
from monazite.core.formats import grouped_figures
from monazite.core.results import Value
from monazite.data.parameters import MAGNET, MINE, SEPARATION
from monazite.model.facilities.status import FacilityStatuses
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

SELLS = ("offtake", "planned", "tolling")
"""Links that speak for what is made; a shipment is past, and of one's own firm it is not sold."""
_OF_MINES = frozenset({"mine", "concentrate", "crack-leach"})  # steps whose goods a mine sells
_PER_YEAR = {"t-per-year": 1.0, "kg-per-year": 0.001}
_STEPS = 12  # sellers behind one another that are followed


@dataclass(frozen=True)
class SupplyOrder(Value):
    """What a row says is sold, or to be sold.

    Attributes:
        customer: name of the customer.
        country: code of the customer's country; empty where it is not told.
        kind: offtake, planned, shipment or tolling.
        goods: names of what is sold.
        by: whose row it is: empty for the plant, or the name of the firm.
        tonnes: of the element a year; None where no row tells.
        told: the amount as the row has it; empty where it has none.
        since: from when, as printed.
        until: to when, as printed.
        row: the row that says so.
    """

    customer: str
    country: str
    kind: str
    goods: str
    by: str
    tonnes: float | None
    told: str
    since: str
    until: str
    row: str


@dataclass(frozen=True)
class Feed(Value):
    """Where a plant gets what it works on.

    Attributes:
        sellers: names of who sells to it, its own mine among them.
        through: who of them, or behind them, stands in the country that is to be replaced.
        rows: keys of the rows that say so.
    """

    sellers: tuple[str, ...]
    through: tuple[str, ...]
    rows: tuple[str, ...]

    @property
    def origins(self) -> tuple[str, ...]:
        """Who sells to it; its own ore where nobody does."""
        return self.sellers or ("its own ore",)


class Links:
    """Supply links of a day, by who sells and who buys."""

    def __init__(self, store: Store, lives: FacilityStatuses, day: str, oxide: float) -> None:
        self.lives, self.day, self.oxide = lives, day, oxide
        rows: dict[str, list[QueryRecord]] = defaultdict(list)
        for answer in ask(store, "network-orders", date=day):
            rows[answer.row()].append(answer)
        self._sold: dict[str, list[list[QueryRecord]]] = defaultdict(list)
        self._bought: dict[str, list[list[QueryRecord]]] = defaultdict(list)
        for answers in rows.values():
            self._sold[answers[0]["supplier"]].append(answers)
            self._bought[answers[0]["customer"]].append(answers)

    def firms(self, facility: str) -> Mapping[str, str]:
        """Names of who runs or holds a plant on the day, and of who holds most of these, by id."""
        life = self.lives.on(facility, self.day)
        found = {x.id: x.label for x in (*life.operators, *life.owners)}
        # An operator without dates counts: the row tells who runs it at the release of the tables.
        for row in self.lives.operations.get(facility, ()):
            if row["operator"] and not (row["untilLatest"] and row["untilLatest"] < self.day):
                found[row["operator"]] = row["operatorLabel"]
        waiting = [facility, *found]
        for _ in range(_STEPS):
            above = {
                row["owner"]: row["ownerLabel"]
                for each in waiting
                for row in self.lives.holdings.get(each, ())
                if _holds_most(row, self.day) and row["owner"] not in found
            }
            found |= above
            waiting = [*above]
        return found

    def orders(self, site: ReplacementSite, members: frozenset[str]) -> tuple[SupplyOrder, ...]:
        """Return what a stage of a plant sells of an element, by it or by its firms."""
        own = [("", answers) for answers in self._sold.get(site.facility, ())]
        for firm, label in sorted(self.firms(site.facility).items()):
            own += [(label, answers) for answers in self._sold.get(firm, ())]
        found = []
        for by, lines in own:
            line = lines[0]
            if line["kind"] in SELLS and _is_of(lines, site.stage, members):
                found.append(
                    SupplyOrder(
                        customer=line["customerLabel"],
                        country=line["customerCountry"],
                        kind=line["kind"],
                        goods="; ".join(sorted({x["materialLabel"] for x in lines} - {""})),
                        by=by,
                        tonnes=_tonnes(site, by, lines, members, self.oxide),
                        told=_amount_words(line),
                        since=line["from"],
                        until=line["until"],
                        row=line.row(),
                    )
                )
        return tuple(sorted(found, key=lambda x: (x.customer, x.row)))

    def feed(self, site: ReplacementSite, without: str) -> Feed | None:
        """Return where a stage of a plant gets what it works on; None where no row says."""
        if site.stage == MINE:
            return Feed((), (), ())
        stages = {x.stage for x in self.lives.on(site.facility, self.day).stages}
        sellers = ["its own mine"] if MINE in stages and site.stage == SEPARATION else []
        own = {site.facility, *self.firms(site.facility)}
        first = self._behind(own)
        sellers += [line["supplierLabel"] for line in first]
        lines, found = [*first], first
        for _ in range(_STEPS):
            known = own | {line["supplier"] for line in lines}
            sellers_of = {line["supplier"] for line in found}
            plants = sellers_of & self.lives.facilities.keys()
            firms = {firm for plant in plants for firm in self.firms(plant)}
            found = self._behind(sellers_of | firms, known)
            lines += found
        through = [x["supplierLabel"] for x in lines if x["supplierCountry"] == without]
        rows = [line.row() for line in lines]
        if not sellers:
            return None
        names, across = (tuple(dict.fromkeys(x)) for x in (sellers, through))
        return Feed(names, across, tuple(sorted(rows)))

    def _behind(self, buyers: Set[str], known: Set[str] = frozenset()) -> list[QueryRecord]:
        """The first line of what is sold to some buyers, by who is not known yet."""
        return [
            answers[0]
            for buyer in sorted(buyers)
            for answers in self._bought.get(buyer, ())
            if answers[0]["supplier"] not in known | buyers
        ]


def _holds_most(row: QueryRecord, day: str) -> bool:
    """Whether an owner holds more than half on the day, or is said to control."""
    percent = row.get("percent", "")
    most = float(percent) > 50 if percent else row.get("givesControl", "") == "true"
    return most and not (row["untilLatest"] and row["untilLatest"] < day)


def _is_of(lines: list[QueryRecord], stage: str, members: frozenset[str]) -> bool:
    """Whether goods are what a stage sells, and may hold the element; of magnets no row tells."""
    elements = {x["element"] for x in lines} - {""}
    steps = {x["step"] for x in lines} - {""}
    if stage == MAGNET:
        return bool(steps & {MAGNET}) or not steps
    if elements and not elements & members:
        return False
    return not steps or bool(steps & (_OF_MINES if stage == MINE else {stage}))


def _amount_words(line: QueryRecord) -> str:
    if line["percent"]:
        return f"{line['percent']} %"
    amount = line["value"] or line["low"]
    if not amount:
        return ""
    unit = line["unit"].replace("-per-", " a ").replace("usd", "USD")
    return f"{grouped_figures(float(amount), 10)} {unit}"


def _tonnes(
    site: ReplacementSite, by: str, lines: list[QueryRecord], members: frozenset[str], oxide: float
) -> float | None:
    """Tonnes of the element a year that are sold, where the row tells as much.

    A part of a firm's output is not known of one plant. A weight of the same elements as the
    plant's own number is its part; one of the element alone is oxide, where the plant separates.
    """
    line, elements = lines[0], {x["element"] for x in lines} - {""}
    if line["percent"]:
        return None if by else line.number("percent") / 100 * site.tonnes.value
    amount, scale = line["value"] or line["low"], _PER_YEAR.get(line["unit"])
    if not amount or scale is None:
        return None
    weight = float(amount) * scale
    if site.stage == SEPARATION and elements and elements <= members:
        return min(site.tonnes.high, weight * oxide)
    same = site.stage == MAGNET or elements == members | {*site.tonnes.joint}
    if not same or site.tonnes.printed <= 0:
        return None
    return min(1.0, weight / site.tonnes.printed) * site.tonnes.value
