"""What a market loses by each thing that may fail, and what limits it, in a base year's flow model.

The loss is the part of the magnets that the market takes that it no longer gets. An element alone:
all others unlimited; those whose loss alone is greatest limit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from functools import cached_property, partial
from importlib.metadata import version

from monazite.analysis.policies.export_controls import Scope, read_scopes
from monazite.core.errors import LossNotKnownError, NotKnownError
from monazite.core.package import hash_of
from monazite.core.results import Struct
from monazite.data.parameters import METAL, MINE, SEPARATION, Contingency
from monazite.model.assumptions import MethodAssumptions, read_method_assumptions
from monazite.model.chain.base_year import Accounts, assumptions_horizon, read_base_year, year_of
from monazite.model.chain.chain import Chain, content_of
from monazite.model.chemistry import Amount
from monazite.model.contingencies.failure_points import (
    Candidate,
    Event,
    ModelYear,
    candidates_of,
    model_year,
)
from monazite.model.contingencies.under_construction import (
    additions_in,
    horizons_behind,
    opened_year,
)
from monazite.model.flow.programme import Served
from monazite.model.flow.study import Study, demand_of
from monazite.model.months.first_year import FirstYear
from monazite.model.months.settings import horizons_of, settings_of
from monazite.model.network.attributes import Network, about
from monazite.model.network.facts import Facts
from monazite.model.ownership import owners_of
from monazite.model.reconciliation.numbers import fingerprint_of
from monazite.store.store import Store

Sale = tuple[str, str, str, str]


def policy_candidate(scope: Scope) -> Candidate:
    """Return a policy as something that may fail a market: a licence refused, a ban enforced."""
    label = scope.title if scope.in_force else f"{scope.title} ({scope.state})"
    free = "a licence is needed, and no limit of volume stands: nothing is held back"
    return Candidate(
        id=f"policy/{scope.policy}",
        thing=f"policy/{scope.policy}",
        label=label,
        kind="policy",
        stage="",
        country=scope.country,
        rows=scope.rows,
        note=" ".join(scope.remarks),
        remark=free if scope.unlimited_row else "",
    )


def event_of_policy(
    scope: Scope,
    chain: Chain,
    sales: Iterable[Sale],
    members: Mapping[str, tuple[str, ...]],
    approval: float,
) -> Event:
    """Return which part of each flow a policy lets through."""
    approval = 1.0 if scope.unlimited_row else approval
    content = content_of(chain, scope.country) if scope.third_country else {}
    left: dict[Sale, float] = {}
    for stage, seller, buyer, what in sales:
        element_chains = _elements_in(chain, stage, what)
        symbols = [symbol for name in element_chains for symbol in members[name]]
        if any(scope.binds(stage, each, seller, buyer) for each in symbols):
            left[stage, seller, buyer, what] = approval
            continue
        made_of = chain.products[what].takes if what in chain.products else stage
        followed = (
            content.get((made_of, seller, name), 0.0)
            for name in element_chains
            for each in members[name]
            if scope.binds(stage, each, seller, buyer, content=scope.country)
        )
        part = max(followed, default=0.0)
        if part > 0:
            left[stage, seller, buyer, what] = 1 - part * (1 - approval)
    return Event(sales=left)


def _elements_in(chain: Chain, stage: str, what: str) -> list[str]:
    """Strands that are in what is sold: one, those of a product, or all in ore."""
    if what in chain.products:
        return [name for name in chain.element_chains if (what, name) in chain.recipe]
    return sorted(chain.element_chains) if stage == MINE else [what]


LIMITING_PART = 0.9
"""A stage limits where an unlimited supply of its product brings back this part of the loss."""
ALIKE = 0.01  # elements whose losses alone differ by less limit together
NEGLIGIBLE_LOSS = 0.005  # a smaller loss, in parts of 1, prints as 0 % and counts as none
LARGE_SHARE, SHARE_LOSS_RATIO = 0.2, 3.0
"""A remark is made from this share on, and where share and loss differ by this factor."""


class Loss(Struct):
    """What a market loses by an event, in parts of 1; a gain is less than 0."""

    loss: float
    limited_by: tuple[str, ...]
    limited_at: str
    home_first: float
    market_first: float | None = None  # where it was asked for


def loss_of(study: Study, event: Event, *, full: bool = False) -> Loss:
    """Return what the market loses by an event, by both rules of choice."""
    if study.costs_nothing(event):
        return Loss(0.0, (), "", 0.0, 0.0 if full else None)
    loss = study.loss(event)
    by_element = _by_element(study, event, loss)
    most = max(by_element.values())
    limits = (name for name, value in sorted(by_element.items()) if value > most - ALIKE)
    return Loss(
        loss=loss,
        home_first=study.loss(event, home_first=True),
        limited_by=tuple(limits) if most > NEGLIGIBLE_LOSS else (),
        limited_at=_limiting_stage(study, event, loss) if loss > NEGLIGIBLE_LOSS else "",
        market_first=study.market_first(event) if full else None,
    )


def _by_element(study: Study, event: Event, loss: float) -> dict[str, float]:
    """The loss by each element alone; others that cannot limit are left out."""
    if len(study.chain.element_chains) == 1:
        return dict.fromkeys(study.names, loss)
    found = {name: study.alone(event, name) for name in study.names}
    for name in sorted(study.chain.element_chains.keys() - found.keys()):
        if study.alone_at_most(event, name) > max(found.values()) - ALIKE:
            found[name] = study.alone(event, name)
    return found


def _limiting_stage(study: Study, event: Event, loss: float) -> str:
    """The first stage whose unlimited product brings nearly all back, sought from the last."""
    first = study.stages[-1]
    for stage in (each for each in (METAL, SEPARATION, MINE) if each in study.stages):
        there = frozenset((name, stage) for name in study.chain.element_chains)
        if study.loss(event, unlimited=there) > (1 - LIMITING_PART) * loss:
            break
        first = stage
    return first


def remark_on(loss: float | None, share: float | None) -> str:
    """Say where share, routes and loss tell different stories.

    >>> remark_on(0.3, 0.09), remark_on(0.3, 0.3)
    ('small share, larger loss: hard to replace in time', '')
    >>> remark_on(0.0, 0.3)
    'large share, smaller loss: others can replace it in time'
    """
    if loss is None:
        return ""
    if share is not None and share >= LARGE_SHARE and loss < share / SHARE_LOSS_RATIO:
        return "large share, smaller loss: others can replace it in time"
    if share is not None and loss >= 0.01 and loss > share * SHARE_LOSS_RATIO:
        return "small share, larger loss: hard to replace in time"
    if abs(loss) < NEGLIGIBLE_LOSS:
        return "no loss on the flows of that year; may still matter"
    return ""


_WORKED_OUT_BY = (
    *("model/flow/constraints.py", "model/flow/programme.py"),
    *("model/flow/study.py", "model/linear_programme.py", "model/contingencies/failure_points.py"),
    *("model/chain/chain.py", "model/chain/element_chain.py"),
    *("model/months/engine.py", "model/months/firms.py", "model/months/first_year.py"),
    "analysis/chokepoints/loss_model.py",
    *("model/reconciliation/numbers.py", "model/network/shares.py", "data/parameters.py"),
)
"""What decides a loss beside the chain, and the solvers."""


def cached_demand(chain: Chain, store: Store) -> Mapping[tuple[str, str], float]:
    """Solve the base year, or read what was found for the same chain before."""

    def solve() -> bytes:
        return json.dumps([*demand_of(chain).items()]).encode()

    found = json.loads(store.kept(_question("base year served", chain), solve))
    return {(product, user): tonnes for (product, user), tonnes in found}


def cached_losses(
    study: Study, events: Sequence[Event], store: Store, *, full: bool = False
) -> list[Loss | None]:
    """Work the losses by some events out, or read what was found for the same ones before."""

    def work() -> bytes:
        # a country, its only site and the firm of that site are often one event
        keys = [fingerprint_of(event) for event in events]
        once = dict(zip(keys, events, strict=True))
        solved = {
            key: astuple(loss_of(study, event, full=full))
            for key, event in once.items()
            if event.output or event.sales
        }
        return json.dumps([solved.get(key) for key in keys]).encode()

    asked = (study.chain, study.horizon, study.names, study.market, full, tuple(events))
    found = json.loads(store.kept(_question("losses", *asked), work))
    losses = (each and Loss(*each) for each in found)
    return [each and replace(each, limited_by=tuple(each.limited_by)) for each in losses]


def first_year_of(
    accounts: Accounts,
    method: MethodAssumptions,
    drawn: Mapping[str, Amount],
    served: Callable[[Chain], Mapping[tuple[str, str], float]] = demand_of,
) -> FirstYear:
    """Return what the users of a base year get in twelve months, by what is drawn of stocks too."""
    chain, chemistry = accounts.chain(), accounts.base.chemistry
    settings = settings_of(method, drawn, horizons_of(chemistry, chain))
    return FirstYear(chain, settings, served(chain))


def of_first_year(lost: float, for_good: float, horizon: str) -> float:
    """Return what a first year loses; at most what is lost for good, if that is within a year.

    What trade makes good once it stretches, after three months, is not counted. With two or three
    years to answer, less may be lost for good than in the first year.
    """
    return min(lost, max(0.0, for_good)) if horizon in ("immediate", "short-run") else lost


def cached_first_years(first: FirstYear, events: Sequence[Event], store: Store) -> list[Served]:
    """Return what users use in the year after each event, of all markets and products; kept."""

    def once(event: Event) -> Served:
        def work() -> bytes:
            return json.dumps([*first.served(event).amounts.items()]).encode()

        asked = (first.chain, *first.assumed, *first.horizons, *first.demand.items(), event)
        found = json.loads(store.kept(_question("first year", *asked), work))
        return Served({(product, user): tonnes for (product, user), tonnes in found})

    return [once(event) for event in events]


def _question(what: str, *asked: object) -> str:
    solvers = f"{version('highspy')} {version('numpy')}"
    return f"{what} {hash_of(*_WORKED_OUT_BY)} {solvers} {fingerprint_of(*asked)}"


class LossModel:
    """The flow model of a base year, ready to be asked what each failure costs a market."""

    def __init__(
        self, network: Network, facts: Facts, contingency: Contingency, year: int | None = None
    ) -> None:
        """Read the base year and build its flow model; raise where no loss can be known."""
        self.network, self.facts, self.contingency = network, facts, contingency
        market, label = about(network).market, about(network).market_label
        try:
            self.base = read_base_year(facts, year_of(facts, year), market, label)
            self.accounts = self.base.accounts()
            self.built = additions_in(self.base, facts, contingency.horizon)
            opened = opened_year(self.accounts, contingency.horizon, self.built.found)
            self.chain, self.horizon = opened
            names, demand = self.base.elements.names, cached_demand(self.chain, facts.store)
            self.study = Study(self.chain, self.horizon, names, contingency, market, demand=demand)
        except NotKnownError as unknown:
            raise LossNotKnownError(str(unknown)) from None
        behind = tuple(map(assumptions_horizon, horizons_behind(contingency.horizon)))
        self.assumed = tuple(
            row for row in sorted(self.base.chemistry.reasons) if row.endswith(behind)
        )

    @cached_property
    def first_year(self) -> FirstYear:
        """What the base year's users get in twelve months, whatever the horizon of the losses."""
        store, method = self.facts.store, read_method_assumptions(self.facts.store)
        return first_year_of(self.accounts, method, {}, partial(cached_demand, store=store))

    @cached_property
    def year(self) -> ModelYear:
        """Who makes what in the base year, by the flow model."""
        return model_year(self.chain, self.base.elements.names, self.facts)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """What may fail."""
        owners = owners_of(self.network, self.facts)
        return candidates_of(self.network, self.contingency.event, owners, self.year)

    def policies(self) -> Iterable[tuple[Candidate, Event]]:
        """Controls of exports of the day that bind a flow of the chain, and what they leave."""
        if self.contingency.event != "licence":
            return
        members = self.base.elements.members
        sales = self.study.programme(self.horizon).sales
        for scope in read_scopes(self.facts.store, self.facts.date):
            event = event_of_policy(scope, self.chain, sales, members, self.contingency.approval)
            if event.sales:
                yield policy_candidate(scope), event

    def event_of(self, line: str) -> Event:
        """What happens when the thing of an id fails, or its policy bites."""
        for candidate in self.candidates:
            if candidate.id == line:
                return self.study.event_of(candidate)
        return next(event for candidate, event in self.policies() if candidate.id == line)
