"""Who has ordered what a plant makes, and where what it works on comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from monazite.findings.plants.lives import Lives
from monazite.findings.replacements.candidates import ReplacementSite
from monazite.parameters import MINE, SEPARATION
from monazite.result import Value
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store

SELLS = ("offtake", "planned", "shipment", "tolling")
_PER_YEAR = {"t-per-year": 1.0, "kg-per-year": 0.001}
_STEPS = 12
"""Sellers behind one another that are followed."""


@dataclass(frozen=True)
class SupplyOrder(Value):
    """What a row says is sold, or to be sold.

    Attributes:
        customer: its name.
        country: code of the customer's country; empty where it is not told.
        kind: offtake, planned, shipment or tolling.
        goods: names of what is sold.
        by: whose row it is: empty for the plant, or the name of the firm.
        tonnes: of the element a year; None where no row tells.
        told: the amount as the row has it; empty where it has none.
        since: from when, as printed.
        until: to when, as printed.
        row: that says so.
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
        rows: that say so.
    """

    sellers: tuple[str, ...]
    through: tuple[str, ...]
    rows: tuple[str, ...]


class Links:
    """Supply links of a day, by who sells and who buys.

    Args:
        store: the rows.
        lives: of all plants.
        day: an ISO day.
    """

    def __init__(self, store: Store, lives: Lives, day: str) -> None:
        self.lives, self.day = lives, day
        rows: dict[str, list[QueryRecord]] = defaultdict(list)
        for answer in ask(store, "network-orders", date=day):
            rows[answer.row()].append(answer)
        self._sold: dict[str, list[list[QueryRecord]]] = defaultdict(list)
        self._bought: dict[str, list[list[QueryRecord]]] = defaultdict(list)
        for answers in rows.values():
            self._sold[answers[0]["supplier"]].append(answers)
            self._bought[answers[0]["customer"]].append(answers)

    def firms(self, facility: str) -> Mapping[str, str]:
        """Names of who runs or holds a plant on the day, by id."""
        life = self.lives.on(facility, self.day)
        return {x.id: x.label for x in (*life.operators, *life.owners)}

    def orders(self, site: ReplacementSite, members: frozenset[str]) -> tuple[SupplyOrder, ...]:
        """Return what a stage of a plant sells of an element, by it or by its firms.

        Args:
            site: the stage of the plant.
            members: symbols of the element.
        """
        own = [("", answers) for answers in self._sold.get(site.facility, ())]
        for firm, label in sorted(self.firms(site.facility).items()):
            own += [(label, answers) for answers in self._sold.get(firm, ())]
        found = [
            _order(site, by, answers)
            for by, answers in own
            if answers[0]["kind"] in SELLS and _is_of(answers, site.stage, members)
        ]
        return tuple(sorted(found, key=lambda x: (x.customer, x.row)))

    def feed(self, site: ReplacementSite, without: str) -> Feed | None:
        """Return where a stage of a plant gets what it works on; None where no row says.

        Args:
            site: the stage of the plant.
            without: code of the country that is to be replaced.
        """
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
            found = self._behind({line["supplier"] for line in found}, known)
            lines += found
        through = [x["supplierLabel"] for x in lines if x["supplierCountry"] == without]
        rows = [line.row() for line in lines]
        if not sellers:
            return None
        return Feed(
            tuple(dict.fromkeys(sellers)), tuple(dict.fromkeys(through)), tuple(sorted(rows))
        )

    def _behind(self, buyers: Set[str], known: Set[str] = frozenset()) -> list[QueryRecord]:
        """The first line of what is sold to some buyers, by who is not known yet."""
        return [
            answers[0]
            for buyer in sorted(buyers)
            for answers in self._bought.get(buyer, ())
            if answers[0]["supplier"] not in known | buyers
        ]


def _is_of(answers: Iterable[QueryRecord], stage: str, members: frozenset[str]) -> bool:
    """Whether goods are of a stage, or of none, and hold the element, or any."""
    lines = list(answers)
    elements = {x["element"] for x in lines} - {""}
    stages = {x["stage"] for x in lines} - {""}
    return (not elements or bool(elements & members)) and (not stages or stage in stages)


def _order(site: ReplacementSite, by: str, answers: list[QueryRecord]) -> SupplyOrder:
    line = answers[0]
    tonnes: float | None = None
    told = ""
    if line["percent"]:
        told = f"{line['percent']} %"
        tonnes = None if by else line.number("percent") / 100 * site.tonnes.value
    elif amount := line["value"] or line["low"]:
        scale = _PER_YEAR.get(line["unit"])
        told = f"{float(amount):,.10g} {line['unit'].replace('-per-', ' a ').replace('usd', 'USD')}"
        whole = site.tonnes.printed
        if scale is not None and whole > 0:
            part = float(amount) * scale / whole
            tonnes = min(1.0, part) * site.tonnes.value
    return SupplyOrder(
        customer=line["customerLabel"],
        country=line["customerCountry"],
        kind=line["kind"],
        goods="; ".join(sorted({x["materialLabel"] for x in answers} - {""})),
        by=by,
        tonnes=tonnes,
        told=told,
        since=line["from"],
        until=line["until"],
        row=line.row(),
    )
