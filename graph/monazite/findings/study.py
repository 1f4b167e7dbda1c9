"""The study of a base year: its chain, a horizon, what may fail, and what is lost by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monazite.errors import NotKnownError
from monazite.findings.balance import merged_lines
from monazite.findings.books import Books, read_books
from monazite.findings.candidates import Candidate, find_candidates
from monazite.findings.chain import HEAVY_MAGNETS, NDPR, Chain, to_chain
from monazite.findings.ledger import STAGES, Ledger, Line
from monazite.findings.programme import Event, Horizon, Served, serve
from monazite.network.amounts import Amount
from monazite.network.chemistry import Chemistry, read_chemistry
from monazite.network.facts import ALL_RARE_EARTHS, MAGNET_RARE_EARTHS, Facts, read_facts
from monazite.network.graph import Network
from monazite.network.market import find_mix
from monazite.network.shares import REST, WORLD
from monazite.network.trade import MarketMix

HORIZONS = ("immediate", "short-run", "medium-run")
EVENTS = ("outage", "embargo", "licence")
STRANDS = {NDPR: ("Nd", "Pr"), "Dy": ("Dy",), "Tb": ("Tb",)}
MAGNETIC = {member for members in STRANDS.values() for member in members}


@dataclass(frozen=True)
class Question:
    """What is asked: an element or group of magnets, a market, a horizon and an event."""

    market: str = WORLD
    horizon: str = "short-run"
    event: str = "outage"
    approval: float = 0.0


def strands_of(facts: Facts) -> tuple[str, ...]:
    """The strands of the chain that an element or group is in.

    Raises:
        NotKnownError: in none; the chain follows what NdFeB magnets hold.
    """
    found = tuple(name for name, members in STRANDS.items() if facts.members & {*members})
    if not found or len(facts.members) > len(MAGNETIC):
        raise NotKnownError(
            f"The chain follows the elements of NdFeB magnets (Nd, Pr, Dy, Tb); of {facts.title} "
            "use and stages after the mine are not known: see monazite balance."
        )
    return found


def year_of(facts: Facts, year: int | None) -> int:
    """The base year; the last one with trade rows if None.

    Raises:
        NotKnownError: no row gives the trade of a year.
    """
    chosen = year or facts.trade_year(set(facts.routes), reconciled=True)
    if chosen is None:
        raise NotKnownError("No row gives the trade of a year; widen the view, or take --year.")
    return chosen


@dataclass(frozen=True)
class BaseYear:
    """What the chain of a base year is worked out from, read once.

    Attributes:
        books: rows of the magnet elements.
        chemistry: what goods hold, and what is assumed.
        market: code of the market.
        mix: from where it takes its magnets, to set it apart; None for the world and China.
    """

    books: Books
    chemistry: Chemistry
    market: str
    mix: MarketMix | None

    def inputs(self, horizon: str) -> dict[str, Amount]:
        """Every number that the chain and a horizon rest on, by the rows that it was read from.

        Other elements of an ore stand at their value: they only count where a material of many
        elements is split into them.
        """
        found = self.chemistry.inputs(MAGNETIC)
        for (_, subject, _), amount in self.chemistry.assumed.items():
            if subject in HORIZONS and subject != horizon:
                found.pop(amount.name, None)
        for ledger in self.books.ledgers(self.chemistry):
            for name, amount in ledger.inputs.items():
                before = found.get(name, amount)
                low, high = min(before.low, amount.low), max(before.high, amount.high)
                found[name] = replace(amount, low=low, high=high)
        return dict(sorted(found.items()))

    def accounts(self, drawn: Mapping[str, Amount] | None = None) -> Accounts:
        """Work out the ledgers.

        Args:
            drawn: numbers by their name in ``inputs``, in place of those of the tables.
        """
        chemistry = self.chemistry.at(drawn) if drawn else self.chemistry
        by_symbol = {each.element: each for each in self.books.ledgers(chemistry, drawn)}
        ledgers = {name: [by_symbol[each] for each in parts] for name, parts in STRANDS.items()}
        lines = {
            name: merged_lines(ledger.lines() for ledger in parts)
            for name, parts in ledgers.items()
        }
        return Accounts(self, chemistry, ledgers, lines)


@dataclass(frozen=True)
class Accounts:
    """The ledgers of a base year, and their merged lines, by strand."""

    base: BaseYear
    chemistry: Chemistry
    ledgers: Mapping[str, list[Ledger]]
    lines: Mapping[str, list[Line]]

    @property
    def rows(self) -> tuple[str, ...]:
        """All rows that the lines rest on, and those that say from where the market buys."""
        found = set(self.base.mix.rows if self.base.mix is not None else ())
        for line in (line for lines in self.lines.values() for line in lines):
            for amount in (line.made, line.imports, line.exports, line.taken, line.scrap):
                found.update(amount.rows if amount is not None else ())
        return tuple(sorted(found))

    def chain(self) -> Chain:
        """Reconcile them into the chain.

        Raises:
            NotKnownError: the year has no rows for magnets.
        """
        year, mix, market = self.base.books.year, self.base.mix, self.base.market
        chain = to_chain(year, self.lines, self.ledgers, self.chemistry, mix, market)
        if chain is None:
            raise NotKnownError(
                f"No row gives the magnets made in {year}, or an assumption on what they hold is "
                "left out; take another --year."
            )
        return chain


def read_base_year(facts: Facts, year: int, market: str, label: str) -> BaseYear:
    """Read a base year, with a market set apart.

    Raises:
        NotKnownError: no row says from where the market takes its magnets.
    """
    magnet_facts = read_facts(facts.store, MAGNET_RARE_EARTHS, facts.date)
    everything = read_facts(facts.store, ALL_RARE_EARTHS, facts.date)
    books = read_books(magnet_facts, everything, year)
    mix = None if market in (WORLD, "CHN", REST) else _mix(facts, market, label)
    return BaseYear(books, read_chemistry(facts), market, mix)


def _mix(facts: Facts, market: str, label: str) -> MarketMix:
    mix = find_mix(facts, market)
    if mix is None:
        raise NotKnownError(
            f"No row says from where {label} takes its magnets: what it loses is not known; "
            "-m WLD asks for the world, -m ROW for all but China."
        )
    return mix


def horizon_of(chemistry: Chemistry, name: str) -> tuple[Horizon, Horizon, Horizon]:
    """A horizon at its value, and at the low and high ends of its assumptions.

    Raises:
        NotKnownError: the view leaves the assumptions out.
    """
    trade, plants = (chemistry.of(f"horizon-{what}", name) for what in ("trade", "throughput"))
    if trade is None or plants is None:
        raise NotKnownError(
            f"The horizon {name} rests on assumptions that this view leaves out; take them in."
        )
    return (
        Horizon(name, trade.value, plants.value),
        Horizon(name, trade.low, plants.low),
        Horizon(name, trade.high, plants.high),
    )


class Study:
    """What a market loses by events, against one base."""

    def __init__(
        self,
        chain: Chain,
        horizon: Horizon,
        names: tuple[str, ...],
        question: Question,
    ) -> None:
        """Serve the base year.

        Args:
            chain: of the base year.
            horizon: how far trade and plants can stretch.
            names: strands that are asked about.
            question: market and event.
        """
        self.chain, self.horizon, self.names, self.question = chain, horizon, names, question
        served = serve(chain, Horizon("base", 1.0, 1.0))
        self.demand = served.amounts
        self.product = None if NDPR in names else HEAVY_MAGNETS
        self.user = None if question.market == WORLD else question.market
        self.base = served.of(self.user, self.product)

    def loss(
        self,
        event: Event,
        *,
        horizon: Horizon | None = None,
        weight: float | None = None,
        elements: frozenset[str] | None = None,
    ) -> float:
        """The part of the market's magnets that an event takes.

        Args:
            event: what happens.
            horizon: another one than that of the study.
            weight: of the market, where it is not served like all others.
            elements: strands that bind; all if None.
        """
        after = serve(
            self.chain,
            horizon or self.horizon,
            event,
            elements=elements,
            demand=self.demand,
            priority={self.user: weight} if weight and self.user else None,
        )
        return self._lost(after)

    def costs_nothing(self, event: Event) -> bool:
        """Whether everybody is served in full: then nobody's share has to be worked out."""
        after = serve(self.chain, self.horizon, event, demand=self.demand, steps=1)
        return after.of() >= sum(self.demand.values()) * (1 - 1e-9)

    def _lost(self, after: Served) -> float:
        loss = 1 - after.of(self.user, self.product) / self.base
        return 0.0 if abs(loss) < 1e-6 else loss

    def event_of(self, candidate: Candidate) -> Event:
        """What a candidate does to output and sales."""
        if self.question.event == "outage":
            return Event(output=dict(self._hit(candidate)))
        part = self.question.approval if self.question.event == "licence" else 0.0
        return Event(sales={("*", candidate.country, "*"): part})

    def _hit(self, candidate: Candidate) -> Iterable[tuple[tuple[str, str], float]]:
        for place, part in candidate.hits.items():
            stage, country = place.split("/", 1)
            yield from self._part(stage, country, part)

    def _part(
        self, stage: str, country: str, part: float
    ) -> Iterable[tuple[tuple[str, str], float]]:
        """The pool that a country's plants are in, and what is left of it."""
        strand = self.chain.strands[self.names[0]]
        pool = strand.pool(stage, country)
        if pool == country:
            yield (stage, pool), 1 - part
            return
        whole = strand.made.get((stage, pool), 0.0)
        own = strand.parts.get((stage, country), 0.0)
        if whole > 0 and own > 0:
            yield (stage, pool), max(0.0, 1 - part * min(1.0, own / whole))


def candidates_of(network: Network, event: str) -> list[Candidate]:
    """Countries, sites and firms for an outage; whole countries for what happens at a border."""
    found = [each for each in find_candidates(network) if each.stage in STAGES or each.hits]
    stages = [each for each in found if each.kind == "country"]
    whole = _whole_countries(stages)
    return [*found, *(each for each in whole if len(each.hits) > 1)] if event == "outage" else whole


def _whole_countries(stages: list[Candidate]) -> list[Candidate]:
    by_country: dict[str, list[Candidate]] = {}
    for each in stages:
        by_country.setdefault(each.country, []).append(each)
    return [
        replace(
            max(parts, key=lambda each: (each.share, each.id)),
            id=f"country/{country}",
            thing=f"country/{country}" if len(parts) > 1 else parts[0].thing,
            label=parts[0].label.rsplit(" at ", 1)[0],
            kind="country",
            stage="",
            hits={place: 1.0 for part in parts for place in part.hits},
            rows=tuple(dict.fromkeys(row for part in parts for row in part.rows)),
        )
        for country, parts in sorted(by_country.items())
    ]
