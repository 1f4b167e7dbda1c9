"""Contingencies: what a market loses when something fails, within a horizon.

Each event is applied to the chain of the base year (``programme``) and the magnets served are
compared with those of the base year. Three events, never mixed:

* outage   plants of a country at a stage, a known site, or all ranked sites of a firm stop;
* embargo  a country sells nothing across its border, and serves itself;
* licence  it sells a part of what it sold in the base year: the approval.

Loss is the part of the market's magnets that is lost: those that contain the element (with
dysprosium or terbium; of neodymium and praseodymium all). Beside it stands the loss of the element
alone, as if all others were there in plenty: what limits is the element that loses most. The range
runs over who is served first and over the range of the assumptions on the horizon. A loss below
nothing is a gain: others stop bidding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from monazite.errors import NotKnownError
from monazite.findings.balance import ledgers_of, merged_lines
from monazite.findings.candidates import Candidate, find_candidates
from monazite.findings.chain import HEAVY_MAGNETS, NDPR, Chain, to_chain
from monazite.findings.ledger import METAL, MINE, SEPARATION, STAGES
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
FIRST, LAST = 10.0, 0.1
"""Weights of a market that is served first, and last."""
BIG, SMALL, TIMES = 0.2, 0.05, 3.0


@dataclass(frozen=True)
class Contingency:
    """What fails, and what a market loses by it; parts of 1, None is not known."""

    rank: int
    id: str
    label: str
    kind: str
    event: str
    loss: float
    low: float
    high: float
    alone: float | None
    limited_by: tuple[str, ...]
    share: float | None
    coverage: float | None
    rows: tuple[str, ...]
    remark: str


@dataclass(frozen=True)
class Contingencies:
    """The report of a market, an element, a horizon and an event."""

    element: str
    title: str
    market: str
    market_label: str
    year: int
    horizon: Horizon
    event: str
    approval: float
    product: str
    served: float
    found: tuple[Contingency, ...]
    unexplained: Mapping[str, float]
    assumptions: tuple[tuple[str, str, Amount, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What is asked: an element or group of magnets, a market, a horizon and an event."""

    market: str = WORLD
    horizon: str = "short-run"
    event: str = "outage"
    approval: float = 0.0


def find_contingencies(
    network: Network, facts: Facts, question: Question, *, year: int | None = None
) -> Contingencies:
    """Rank what a market loses most by.

    Args:
        network: of the element and the market, for sites, firms, shares and rows.
        facts: rows about the element.
        question: market, horizon and event.
        year: base year; the last one with trade rows if None.

    Raises:
        NotKnownError: the element is in no magnet, the year has no rows for magnets, or no row
            says from where the market takes its magnets.

    >>> from monazite.network.build import build_network
    >>> from monazite.triples.store import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> found = find_contingencies(build_network(facts), facts, Question(), year=2024)
    >>> found.found[0].label.startswith("China at")
    True
    """
    names = strands_of(facts)
    chosen = year or facts.trade_year(set(facts.routes), reconciled=True)
    if chosen is None:
        raise NotKnownError("No row gives the trade of a year; widen the view, or take --year.")
    chemistry = read_chemistry(facts)
    market = network.graph["market_label"]
    chain = read_chain(facts, chemistry, chosen, question.market, market)
    factors = horizon_of(chemistry, question.horizon)
    study = _Study(chain, factors, names, question)
    measured = [
        (candidate.thing, study.measure(candidate))
        for candidate in _candidates(network, question.event)
    ]
    return Contingencies(
        element=facts.symbol,
        title=facts.title,
        market=question.market,
        market_label=network.graph["market_label"],
        year=chosen,
        horizon=factors[0],
        event=question.event,
        approval=question.approval,
        product=study.product or "magnets",
        served=study.base,
        found=tuple(_ranked(measured)),
        unexplained=_unexplained(chain, names),
        assumptions=_assumptions(chemistry),
        notes=tuple(_notes(chain, question)),
    )


def strands_of(facts: Facts) -> tuple[str, ...]:
    """The strands of the chain that an element or group is in.

    Raises:
        NotKnownError: none; the chain follows what NdFeB magnets hold.
    """
    found = tuple(name for name, members in STRANDS.items() if facts.members & {*members})
    if not found or len(facts.members) > len(MAGNETIC):
        raise NotKnownError(
            f"The chain follows the elements of NdFeB magnets (Nd, Pr, Dy, Tb); of {facts.title} "
            "use and stages after the mine are not known: see monazite balance."
        )
    return found


MAGNETIC = {member for members in STRANDS.values() for member in members}


def read_chain(facts: Facts, chemistry: Chemistry, year: int, market: str, label: str) -> Chain:
    """Read the chain of a base year, with a market set apart.

    Raises:
        NotKnownError: the year or the market has no rows for magnets.
    """
    magnet_facts = read_facts(facts.store, MAGNET_RARE_EARTHS, facts.date)
    everything = read_facts(facts.store, ALL_RARE_EARTHS, facts.date)
    by_symbol = {
        ledger.element: ledger for ledger in ledgers_of(magnet_facts, everything, chemistry, year)
    }
    ledgers = {name: [by_symbol[each] for each in parts] for name, parts in STRANDS.items()}
    lines = {
        name: merged_lines(ledger.lines() for ledger in parts) for name, parts in ledgers.items()
    }
    mix = None if market in (WORLD, "CHN", REST) else _mix(facts, market, label)
    chain = to_chain(year, lines, ledgers, chemistry, mix, market)
    if chain is None:
        raise NotKnownError(
            f"No row gives the magnets made in {year}, or an assumption on what they hold is left "
            "out; take another --year."
        )
    return chain


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


class _Study:
    """Measures candidates against one base."""

    def __init__(
        self,
        chain: Chain,
        factors: tuple[Horizon, Horizon, Horizon],
        names: tuple[str, ...],
        question: Question,
    ) -> None:
        self.chain, self.factors, self.names, self.question = chain, factors, names, question
        still = Horizon("base", 1.0, 1.0)
        served = serve(chain, still)
        self.demand = served.amounts
        self.product = None if NDPR in names else HEAVY_MAGNETS
        self.user = None if question.market == WORLD else question.market
        self.base = served.of(self.user, self.product)

    def measure(self, candidate: Candidate) -> Contingency:
        """What the market loses by a candidate."""
        event = self._event(candidate)
        loss = self._loss(event)
        if not loss and not self._loss(event, horizon=self.factors[1]):
            return self._spared(candidate)
        others = [self._loss(event, horizon=end) for end in self.factors[1:]]
        if self.user is not None:
            others += [self._loss(event, weight=weight) for weight in (FIRST, LAST)]
        alone = {name: self._loss(event, elements=frozenset([name])) for name in self.chain.strands}
        most = max(alone.values())
        own = [alone[name] for name in self.names]
        return replace(
            self._spared(candidate),
            loss=loss,
            low=min(loss, *others),
            high=max(loss, *others),
            alone=own[0] if len(own) == 1 else None,
            remark=_remark(loss, candidate.share),
            limited_by=tuple(
                name
                for name, value in sorted(alone.items())
                if most > 0.005 and value > most - 0.01
            ),
        )

    def _spared(self, candidate: Candidate) -> Contingency:
        """A candidate that costs nothing even where trade and plants stretch least."""
        return Contingency(
            rank=0,
            id=candidate.id,
            label=candidate.label,
            kind=candidate.kind,
            event=self.question.event,
            loss=0.0,
            low=0.0,
            high=0.0,
            alone=0.0 if len(self.names) == 1 else None,
            limited_by=(),
            share=candidate.share,
            coverage=candidate.coverage,
            rows=tuple(dict.fromkeys(candidate.rows)),
            remark=_remark(0.0, candidate.share),
        )

    def _loss(
        self,
        event: Event,
        *,
        horizon: Horizon | None = None,
        weight: float | None = None,
        elements: frozenset[str] | None = None,
    ) -> float:
        after = serve(
            self.chain,
            horizon or self.factors[0],
            event,
            elements=elements,
            demand=self.demand,
            priority={self.user: weight} if weight and self.user else None,
        )
        return self._lost(after)

    def _lost(self, after: Served) -> float:
        loss = 1 - after.of(self.user, self.product) / self.base
        return 0.0 if abs(loss) < 1e-6 else loss

    def _event(self, candidate: Candidate) -> Event:
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


def _candidates(network: Network, event: str) -> list[Candidate]:
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


def _remark(loss: float, share: float | None) -> str:
    """Say where share and loss tell different stories."""
    if share is None:
        return ""
    if share >= BIG and loss < share / TIMES:
        return "big, but others can stand in within the horizon"
    if share <= SMALL and loss > share * TIMES and loss >= 0.01:
        return "small, but nobody stands in"
    if abs(loss) < 0.005:
        return "not binding in the base year, which is not the same as not critical"
    return ""


def _ranked(found: list[tuple[str, Contingency]]) -> Iterable[Contingency]:
    """Largest loss first; equal whole percents share a rank."""
    merged = sorted(
        _merge(found), key=lambda each: (-round(100 * each.loss), -(each.share or 0), each.id)
    )
    rank = 0
    for place, each in enumerate(merged, start=1):
        before = merged[place - 2] if place > 1 else None
        if before is None or round(100 * before.loss) != round(100 * each.loss):
            rank = place
        yield replace(each, rank=rank)


def _merge(found: list[tuple[str, Contingency]]) -> list[Contingency]:
    """Names of one thing with one effect stand on one line: country, site, firm."""
    order = {"country": 0, "site": 1, "firm": 2}
    lines: dict[tuple[str, int], Contingency] = {}
    for thing, each in sorted(found, key=lambda pair: (order[pair[1].kind], pair[1].id)):
        key = (thing, round(100 * each.loss))
        first = lines.get(key)
        lines[key] = (
            each
            if first is None
            else replace(
                first,
                label=f"{first.label} = {each.label}",
                rows=tuple(dict.fromkeys((*first.rows, *each.rows))),
            )
        )
    return list(lines.values())


def _unexplained(chain: Chain, names: tuple[str, ...]) -> dict[str, float]:
    """The part of what a stage takes that no row explains, over the strands asked for."""
    found = {}
    for stage in (MINE, SEPARATION, METAL):
        taken = missing = 0.0
        for name in names:
            strand = chain.strands[name]
            taken += sum(amount for (at, _), amount in strand.taken.items() if at == stage)
            missing += sum(amount for (at, _), amount in strand.missing.items() if at == stage)
        if taken:
            found[stage] = missing / taken
    return found


def _assumptions(chemistry: Chemistry) -> tuple[tuple[str, str, Amount, str], ...]:
    return tuple(
        (row, *reason)
        for row, reason in sorted(chemistry.reasons.items())
        if "oxide-distribution" not in row
    )


def _notes(chain: Chain, question: Question) -> Iterable[str]:
    yield (
        f"Losses are of magnets used by industry in {chain.year}; magnets inside motors, cars and "
        "machines that cross a border are not counted."
    )
    yield (
        "What no row explains in the base year is taken to be there after the event too: losses "
        "are the smaller for it."
    )
    if question.market not in (WORLD, "CHN", REST):
        yield "The market takes its magnets as its import rows say; its own plants are not known."
    if question.event == "licence":
        yield "A licence here covers all goods of the country alike; scopes of acts are not read."


__all__ = [
    "EVENTS",
    "HORIZONS",
    "Contingencies",
    "Contingency",
    "Question",
    "find_contingencies",
]
