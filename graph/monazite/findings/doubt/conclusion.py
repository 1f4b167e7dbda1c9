"""The conclusion of the chokepoint report: from a revised base year to who stands first.

It is the ranking of :func:`monazite.findings.losses.chokepoints.find_chokepoints` without ranges
and structure, for a search that works it out thousands of times: by the loss of the element alone
where one is asked. Ranked are the lines that lose at least ``RIVAL_PART`` of what the first does:
those that may come to stand first. Kept as they are: the base year, the part of its country that a
site is, and which countries mine and separate at all.
A plant under construction that lacks one of its rows does not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property

from monazite.errors import NotKnownError, ProgrammeError
from monazite.findings.chain.base_year import Accounts, BaseYear, read_base_year, year_of
from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import Event, Horizon
from monazite.findings.events.failure_points import KINDS, Candidate, candidates_of, model_year
from monazite.findings.events.horizons import additions_in, horizon_of
from monazite.findings.events.under_construction import Addition, opened_by
from monazite.findings.flow_model.study import Study
from monazite.findings.ownership.site_owners import owners_of
from monazite.findings.reconciliation.year_rows import YearRows
from monazite.network.attributes import about
from monazite.network.facts import ALL_RARE_EARTHS
from monazite.network.facts_without import RevisedFacts
from monazite.network.graph import Network
from monazite.network.market import find_mix
from monazite.parameters import Contingency
from monazite.quantities.amount import Amount
from monazite.quantities.chemistry import read_chemistry
from monazite.result import Value

RIVAL_PART = 0.1
"""A line that loses less than this part of what the first does is no rival."""
_CONTRADICTION = "The numbers of the year would contradict each other."
"""Why nothing is known where no balance agrees with what is left."""


@dataclass(frozen=True)
class Conclusion(Value):
    """A ranking of what may fail.

    Attributes:
        losses: by line, 0 to 1; None is not known.
    """

    losses: Mapping[str, float | None]
    why: str = ""

    @property
    def first(self) -> tuple[str, ...]:
        """The lines that have rank one: equal whole percents share a rank.

        >>> Conclusion({"a": 0.896, "b": 0.5, "c": 0.904, "d": None}).first
        ('a', 'c')
        """
        percents = {
            line: whole_percent(loss) for line, loss in self.losses.items() if loss is not None
        }
        most = max(percents.values(), default=0)
        return tuple(line for line, loss in percents.items() if loss == most)


def whole_percent(loss: float) -> int:
    """Return a loss in whole per cent."""
    return round(100 * loss)


@dataclass(frozen=True)
class RankingModel:
    """Ranks what may fail from a base year, with rows left out and numbers moved.

    Attributes:
        lines: what may fail, by id; of equal losses the larger share is told first.
    """

    base: BaseYear
    facts: RevisedFacts
    contingency: Contingency
    lines: Mapping[str, Candidate]
    labels: Mapping[str, str]
    built: Sequence[Addition] = ()

    def without(self, rows: Set[str]) -> BaseYear:
        """Return the base year without some rows."""
        if not rows:
            return self.base
        base, facts = self.base, self.facts.less(rows)
        mix, of_magnets = base.mix, base.magnet_rows
        if mix is not None and not rows.isdisjoint(mix.rows):
            mix = find_mix(facts, base.market, base.year_rows.year)
            if mix is None:
                raise NotKnownError(
                    f"No record is left that says where {base.market} buys its magnets."
                )
        return replace(
            base,
            year_rows=_less(base.year_rows, facts),
            magnet_rows=None if of_magnets is None else _less(of_magnets, facts),
            chemistry=base.chemistry
            if base.chemistry.reasons.keys().isdisjoint(rows)
            else read_chemistry(facts),
            mix=mix,
            undrawn=None,
        )

    def accounts(self, dropped: Set[str], moved: Mapping[str, Amount]) -> Accounts:
        """Return the balance of the base year without some rows and with other numbers."""
        base = self.without(dropped)
        of_magnets = base.magnet_rows
        return replace(
            base,
            year_rows=_at_prices(base.year_rows, moved),
            magnet_rows=None if of_magnets is None else _at_prices(of_magnets, moved),
        ).accounts(moved)

    def conclude(
        self, dropped: Set[str] = frozenset(), moved: Mapping[str, Amount] | None = None
    ) -> Conclusion:
        """Rank what may fail again, without some rows and with other numbers."""
        try:
            found = self._at(self.accounts(dropped, moved or {}), dropped)
            return self._at_point if found == self._point else self._losses(*found)
        except NotKnownError as unknown:
            return Conclusion({}, str(unknown))
        except ProgrammeError:
            return Conclusion({}, _CONTRADICTION)

    def _at(self, accounts: Accounts, dropped: Set[str] = frozenset()) -> tuple[Chain, Horizon]:
        built = [each for each in self.built if dropped.isdisjoint(each.rows)]
        chain = opened_by(built, accounts.chain())
        return chain, horizon_of(accounts.chemistry, self.contingency.horizon, chain, built)[0]

    @cached_property
    def _point(self) -> tuple[Chain, Horizon]:
        return self._at(self.base.accounts())

    @cached_property
    def _at_point(self) -> Conclusion:
        """Many rows change nothing by themselves: then nothing is solved a second time."""
        return self._losses(*self._point)

    def _losses(self, chain: Chain, horizon: Horizon) -> Conclusion:
        study = Study(chain, horizon, self.base.elements.names, self.contingency, self.base.market)
        known: dict[tuple[object, ...], float | None] = {}
        losses = {}
        for line, candidate in self.lines.items():
            event = study.event_of(candidate)
            key = tuple(sorted(event.output.items()))
            if key not in known:
                known[key] = _loss(study, event)
            losses[line] = known[key]
        return Conclusion(losses)


def _less(rows: YearRows, facts: RevisedFacts) -> YearRows:
    """The rows of a year without those that facts leave out; who mines and separates stays."""
    year = str(rows.year)
    return replace(
        rows,
        members={symbol: facts.about(symbol) for symbol in rows.members},
        ore_figures=facts.figures(ALL_RARE_EARTHS),
        flows=facts.flows(rows.year),
        scrap=facts.ask("balance-scrap", year=year),
        heavy=tuple(each for each in rows.heavy if each.row not in facts.without),
        site_output=facts.ask("balance-site-output", year=year),
        prices={x: each for x, each in rows.prices.items() if facts.without.isdisjoint(each.rows)},
    )


def _at_prices(rows: YearRows, moved: Mapping[str, Amount]) -> YearRows:
    return replace(rows, prices={x: price.at(moved) for x, price in rows.prices.items()})


def _loss(study: Study, event: Event) -> float | None:
    """What an event takes away; not known where the base year has nothing for it to hit."""
    return study.ranked(event) if event.output else None


def _costs_as_a_part(
    candidate: Candidate, found: Iterable[Candidate], conclusion: Conclusion
) -> bool:
    """Whether a part of something costs as much as all of it: then the part is what counts."""
    loss = conclusion.losses[candidate.id]
    return loss is not None and any(
        each.within(candidate)
        and not candidate.within(each)
        and whole_percent(other) == whole_percent(loss)
        for each in found
        if (other := conclusion.losses[each.id]) is not None
    )


def model_of(
    network: Network, facts: RevisedFacts, contingency: Contingency, year: int | None = None
) -> RankingModel:
    """The model of the chokepoint report.

    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.network.facts_without import record
    >>> from monazite.triples.opening import open_store
    >>> facts = record(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> model_of(build_network(facts, links=False), facts, Contingency()).conclude().first
    ('separation/CHN',)
    """
    chosen = replace(contingency, event="outage")
    market, label = about(network).market, about(network).market_label
    base = read_base_year(facts, year_of(facts, year), market, label)
    point = model_year(base.accounts().chain(), base.elements.names, facts)
    found = sorted(
        candidates_of(network, chosen.event, owners_of(network, facts), point),
        key=lambda each: (KINDS[each.kind], each.id),
    )
    built = additions_in(base, facts, chosen.horizon).found
    unranked = RankingModel(base, facts, chosen, {each.id: each for each in found}, {}, built)
    ranking = unranked.conclude()
    if not ranking.losses:
        raise NotKnownError(
            ranking.why or "We found nothing that may fail: there is no rank to doubt."
        )
    most = max(loss or 0.0 for loss in ranking.losses.values())
    if not most:
        raise NotKnownError("Nothing that fails costs anything: there is nothing to doubt.")
    names: dict[tuple[str, int], list[Candidate]] = {}
    for each in found:
        loss = ranking.losses[each.id]
        if (
            loss is not None
            and loss >= RIVAL_PART * most
            and not _costs_as_a_part(each, found, ranking)
        ):
            names.setdefault((each.thing, whole_percent(loss)), []).append(each)
    lines = sorted(names.values(), key=lambda same: (-same[0].share, same[0].id))
    return replace(
        unranked,
        lines={same[0].id: same[0] for same in lines},
        labels={same[0].id: " = ".join(each.label for each in same) for same in lines},
    )
