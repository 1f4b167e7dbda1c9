"""Policies as events: which flows of the chain a control of exports binds, and how much is left.

A licence leaves the approved part of what it binds: goods of a stage, by element, by who sells and
who buys (``scopes``). Where it follows goods across borders, what others sell is bound as far as it
holds material of the state (``content``), as if each lot were made of one origin or another. Where
a row says that no limit of volume stands, all is approved: asking for a licence cuts no flow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monazite.findings.chain.chain import Chain
from monazite.findings.chain.origin_content import content_of
from monazite.findings.events.event import Event
from monazite.findings.events.failure_points import Candidate
from monazite.findings.policies.export_controls import Scope
from monazite.parameters import MINE

NO_LIMIT = "a licence is needed, and no limit of volume stands: nothing is held back"
Sale = tuple[str, str, str, str]


def policy_candidate(scope: Scope) -> Candidate:
    """Return a policy as something that may fail a market: a licence refused, a ban enforced."""
    label = scope.title if scope.in_force else f"{scope.title} ({scope.state})"
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
        remark=NO_LIMIT if scope.unlimited_row else "",
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
        followed = [
            name
            for name in element_chains
            if any(
                scope.binds(stage, each, seller, buyer, content=scope.country)
                for each in members[name]
            )
        ]
        made_of = chain.products[what].takes if what in chain.products else stage
        part = max((content.get((made_of, seller, name), 0.0) for name in followed), default=0.0)
        if part > 0:
            left[stage, seller, buyer, what] = 1 - part * (1 - approval)
    return Event(sales=left)


def _elements_in(chain: Chain, stage: str, what: str) -> list[str]:
    """Strands that are in what is sold: one, those of a product, or all in ore."""
    if what in chain.products:
        return [name for name in chain.element_chains if (what, name) in chain.recipe]
    return sorted(chain.element_chains) if stage == MINE else [what]
