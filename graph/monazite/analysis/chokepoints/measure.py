"""What a market loses by each thing that may fail, and what limits it.

The loss is the part of what the market takes (magnets, or oxide that goes into none) that it no
longer gets. An element alone: all others unlimited; those whose loss alone is greatest limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.analysis.policies.export_controls import Scope
from monazite.data.parameters import METAL, MINE, SEPARATION
from monazite.model.chain.chain import Chain, content_of
from monazite.model.contingencies.event import Event
from monazite.model.contingencies.failure_points import Candidate
from monazite.model.flow.study import Study

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
        hits={},
        share=0.0,
        coverage=None,
        basis="",
        year=None,
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


@dataclass(frozen=True)
class Loss:
    """What a market loses by an event, in parts of 1; a gain is less than 0.

    ``alone`` is None for a group, ``market_first`` where it was not asked for.
    """

    loss: float
    alone: float | None
    limited_by: tuple[str, ...]
    limited_at: str
    home_first: float
    market_first: float | None = None


@dataclass(frozen=True)
class Measure:
    """Works out losses, by both rules of choice."""

    study: Study
    full: bool = False

    def of_event(self, event: Event) -> Loss:
        """Return what the market loses by an event."""
        study = self.study
        single = len(study.names) == 1
        if study.costs_nothing(event):
            alone = 0.0 if single else None
            return Loss(0.0, alone, (), "", 0.0, 0.0 if self.full else None)
        loss = study.loss(event)
        by_element = self._by_element(event, loss)
        most = max(by_element.values())
        limits = (name for name, value in sorted(by_element.items()) if value > most - ALIKE)
        return Loss(
            loss=loss,
            home_first=study.loss(event, home_first=True),
            alone=by_element[study.names[0]] if single else None,
            limited_by=tuple(limits) if most > NEGLIGIBLE_LOSS else (),
            limited_at=self._limiting_stage(event, loss) if loss > NEGLIGIBLE_LOSS else "",
            market_first=study.market_first(event) if self.full else None,
        )

    def _by_element(self, event: Event, loss: float) -> dict[str, float]:
        """The loss by each element alone; others that cannot limit are left out."""
        study = self.study
        if len(study.chain.element_chains) == 1:
            return dict.fromkeys(study.names, loss)
        found = {name: study.alone(event, name) for name in study.names}
        for name in sorted(study.chain.element_chains.keys() - found.keys()):
            if study.alone_at_most(event, name) > max(found.values()) - ALIKE:
                found[name] = study.alone(event, name)
        return found

    def _limiting_stage(self, event: Event, loss: float) -> str:
        """The first stage whose unlimited product brings nearly all back, sought from the last."""
        first = self.study.stages[-1]
        for stage in (each for each in (METAL, SEPARATION, MINE) if each in self.study.stages):
            there = frozenset((name, stage) for name in self.study.chain.element_chains)
            if self.study.loss(event, unlimited=there) > (1 - LIMITING_PART) * loss:
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
