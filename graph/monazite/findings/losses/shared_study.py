"""A study that solves nothing twice: who else asks of the same chain is told what was solved.

What an event leaves to each user is no matter of who asks. Values do not depend on the order of
the solves, so each market is told, to the last digit, what it would have found alone.
"""

from __future__ import annotations

from copy import copy

from monazite.findings.events.event import Event, Horizon
from monazite.findings.flow_model.programme import STEPS, Served, UnlimitedSupply
from monazite.findings.flow_model.study import Study
from monazite.findings.reconciliation.fingerprint import fingerprint_of
from monazite.triples.store import Store


class SharedStudy(Study):
    """A study whose solves are remembered for all markets and elements of its chain."""

    _solved: dict[tuple[object, ...], Served | bool]

    @classmethod
    def of(cls, study: Study) -> SharedStudy:
        """Return the same study, with a memory."""
        shared = cls.__new__(cls)
        shared.__dict__.update(study.__dict__)
        shared._solved = {}
        _ = shared._contracts  # made before it is copied, so that all copies have the same
        return shared

    def costs_nothing(self, event: Event, horizon: Horizon | None = None) -> bool:
        """Return whether every user is served in full, in the whole world."""
        key = ("costs", fingerprint_of(event), (horizon or self.horizon).name)
        found = self._solved.get(key)
        if found is None:
            found = self._solved[key] = super().costs_nothing(event, horizon)
        return bool(found)

    def _bid_for(
        self,
        event: Event,
        horizon: Horizon,
        before: Served,
        unlimited: UnlimitedSupply,
        steps: int = STEPS,
    ) -> Served:
        floors = tuple(before.amounts.items())
        key = ("bids", fingerprint_of(event), horizon.name, unlimited, steps, floors)
        found = self._solved.get(key)
        if not isinstance(found, Served):
            found = self._solved[key] = super()._bid_for(event, horizon, before, unlimited, steps)
        return found

    def _contracted(
        self,
        event: Event,
        unlimited: UnlimitedSupply = frozenset(),
        home_first: bool = False,
    ) -> Served:
        key = ("contracts", fingerprint_of(event), unlimited, home_first)
        found = self._solved.get(key)
        if not isinstance(found, Served):
            found = self._solved[key] = super()._contracted(event, unlimited, home_first)
        return found


def shared_study(study: Study, store: Store) -> Study:
    """Return a study that remembers, while the store is open, what any of its chain has solved."""
    solved_from = fingerprint_of(study.chain, study.horizon)
    first = store.derive(("solved", solved_from), lambda: SharedStudy.of(copy(study)))
    if study.contingency != first.contingency:
        first = copy(first)
        first.contingency = study.contingency
    return first.asked(study.names, study.market)
