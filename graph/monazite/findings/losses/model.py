"""The loss model: the flow model of a base year, with a horizon and what may fail."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from monazite.findings.chain.base_year import assumptions_horizon, read_base_year, year_of
from monazite.findings.events.event import Event
from monazite.findings.events.failure_points import Candidate, ModelYear, candidates_of, model_year
from monazite.findings.events.horizons import additions_in, horizon_of, horizons_behind
from monazite.findings.events.under_construction import opened_by
from monazite.findings.flow_model.study import Study
from monazite.findings.losses.kept_losses import kept_demand
from monazite.findings.losses.measure import Measure
from monazite.findings.losses.policy_events import event_of_policy, policy_candidate
from monazite.findings.ownership.site_owners import owners_of
from monazite.findings.policies.export_controls import read_scopes
from monazite.network.attributes import about
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.parameters import Contingency


class LossModel:
    """The flow model of a base year, ready to be asked what each failure costs a market.

    Attributes:
        chain: what is made and traded in the base year, and by whom.
    """

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
        names, demand = self.base.elements.names, kept_demand(self.chain, facts.store)
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
