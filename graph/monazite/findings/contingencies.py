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

from monazite.findings.candidates import Candidate
from monazite.findings.chain import Chain
from monazite.findings.ledger import METAL, MINE, SEPARATION
from monazite.findings.programme import Horizon
from monazite.findings.study import (
    EVENTS,
    HORIZONS,
    Question,
    Study,
    candidates_of,
    horizon_of,
    read_base_year,
    strands_of,
    year_of,
)
from monazite.network.amounts import Amount
from monazite.network.chemistry import Chemistry
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.shares import REST, WORLD

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
    rows: tuple[str, ...]
    """Rows that every loss rests on: output, trade, and from where the market buys."""
    market_rows: tuple[str, ...]


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
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.store import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> found = find_contingencies(build_network(facts), facts, Question(), year=2024)
    >>> found.found[0].label.startswith("China")
    True
    """
    names = strands_of(facts)
    chosen = year_of(facts, year)
    base = read_base_year(facts, chosen, question.market, network.graph["market_label"])
    accounts = base.accounts()
    chain = accounts.chain()
    horizon, *ends = horizon_of(base.chemistry, question.horizon)
    study = Study(chain, horizon, names, question)
    measure = _Measure(study, (ends[0], ends[1]))
    measured = [
        (candidate.thing, measure.of(candidate))
        for candidate in candidates_of(network, question.event)
    ]
    return Contingencies(
        element=facts.symbol,
        title=facts.title,
        market=question.market,
        market_label=network.graph["market_label"],
        year=chosen,
        horizon=horizon,
        event=question.event,
        approval=question.approval,
        product=study.product or "magnets",
        served=study.base,
        found=tuple(_ranked(measured)),
        unexplained=_unexplained(chain, names),
        assumptions=_assumptions(base.chemistry),
        notes=tuple(_notes(chain, question)),
        rows=accounts.rows,
        market_rows=base.mix.rows if base.mix is not None else (),
    )


@dataclass(frozen=True)
class _Measure:
    """Measures candidates by a study, over the range of the horizon and of who comes first."""

    study: Study
    ends: tuple[Horizon, Horizon]

    def of(self, candidate: Candidate) -> Contingency:
        """What the market loses by a candidate."""
        study = self.study
        event = study.event_of(candidate)
        loss = study.loss(event)
        if not loss and not study.loss(event, horizon=self.ends[0]):
            return self._spared(candidate)
        others = [study.loss(event, horizon=end) for end in self.ends]
        if study.user is not None:
            others += [study.loss(event, weight=weight) for weight in (FIRST, LAST)]
        alone = {
            name: study.loss(event, elements=frozenset([name])) for name in study.chain.strands
        }
        most = max(alone.values())
        own = [alone[name] for name in study.names]
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
            event=self.study.question.event,
            loss=0.0,
            low=0.0,
            high=0.0,
            alone=0.0 if len(self.study.names) == 1 else None,
            limited_by=(),
            share=candidate.share,
            coverage=candidate.coverage,
            rows=tuple(dict.fromkeys(candidate.rows)),
            remark=_remark(0.0, candidate.share),
        )


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
