"""The loss model: the flow model of a base year, with a horizon and what may fail."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from functools import cached_property
from importlib.metadata import version

from monazite.analysis.chokepoints.measure import Loss, Measure, event_of_policy, policy_candidate
from monazite.analysis.policies.export_controls import read_scopes
from monazite.core.package import hash_of
from monazite.data.parameters import Contingency
from monazite.model.chain.base_year import assumptions_horizon, read_base_year, year_of
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.event import Event
from monazite.model.contingencies.failure_points import (
    Candidate,
    ModelYear,
    candidates_of,
    model_year,
)
from monazite.model.contingencies.under_construction import (
    additions_in,
    horizon_of,
    horizons_behind,
    opened_by,
)
from monazite.model.flow.study import Study, demand_of
from monazite.model.network.attributes import Network, about
from monazite.model.network.facts import Facts
from monazite.model.ownership import owners_of
from monazite.model.reconciliation.numbers import fingerprint_of
from monazite.store.store import Store

_WORKED_OUT_BY = (
    *("model/flow/constraints.py", "model/flow/programme.py"),
    *("model/flow/study.py", "model/linear_programme.py", "model/contingencies/event.py"),
    *("model/chain/chain.py", "model/chain/element_chain.py"),
    *("analysis/chokepoints/measure.py", "analysis/chokepoints/loss_model.py"),
    *("model/reconciliation/numbers.py", "model/network/shares.py", "data/parameters.py"),
)
"""What decides a loss beside the chain, and the solvers."""


def cached_demand(chain: Chain, store: Store) -> Mapping[tuple[str, str], float]:
    """Solve the base year, or read what was found for the same chain before."""

    def solve() -> bytes:
        return json.dumps([*demand_of(chain).items()]).encode()

    found = json.loads(store.kept(_question("base year served", chain), solve))
    return {(product, user): tonnes for (product, user), tonnes in found}


def cached_losses(measure: Measure, events: Sequence[Event], store: Store) -> list[Loss | None]:
    """Work the losses by some events out, or read what was found for the same ones before."""

    def work() -> bytes:
        # a country, its only site and the firm of that site are often one event
        keys = [fingerprint_of(event) for event in events]
        once = dict(zip(keys, events, strict=True))
        solved = {
            key: astuple(measure.of_event(event))
            for key, event in once.items()
            if event.output or event.sales
        }
        return json.dumps([solved.get(key) for key in keys]).encode()

    study = measure.study
    asked = (study.chain, study.horizon, study.names, study.market, measure.full, tuple(events))
    found = json.loads(store.kept(_question("losses", *asked), work))
    losses = (each and Loss(*each) for each in found)
    return [each and replace(each, limited_by=tuple(each.limited_by)) for each in losses]


def _question(what: str, *asked: object) -> str:
    solvers = f"{version('highspy')} {version('numpy')}"
    return f"{what} {hash_of(*_WORKED_OUT_BY)} {solvers} {fingerprint_of(*asked)}"


class LossModel:
    """The flow model of a base year, ready to be asked what each failure costs a market."""

    def __init__(
        self, network: Network, facts: Facts, contingency: Contingency, year: int | None = None
    ) -> None:
        """Read the base year and build its flow model."""
        self.network, self.facts, self.contingency = network, facts, contingency
        market, label = about(network).market, about(network).market_label
        self.base = read_base_year(facts, year_of(facts, year), market, label)
        self.accounts = self.base.accounts()
        self.built = additions_in(self.base, facts, contingency.horizon)
        self.chain = opened_by(self.built.found, self.accounts.chain())
        chemistry, found = self.base.chemistry, self.built.found
        self.horizon, *_ = horizon_of(chemistry, contingency.horizon, self.chain, found)
        names, demand = self.base.elements.names, cached_demand(self.chain, facts.store)
        self.study = Study(self.chain, self.horizon, names, contingency, market, demand=demand)
        self.measure = Measure(self.study)
        behind = tuple(map(assumptions_horizon, horizons_behind(contingency.horizon)))
        self.assumed = tuple(row for row in sorted(chemistry.reasons) if row.endswith(behind))

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
