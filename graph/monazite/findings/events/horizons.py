"""The parameters of each horizon, from assumptions, and plants under construction."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from monazite.errors import NotKnownError
from monazite.findings.chain.base_year import BaseYear, assumptions_horizon
from monazite.findings.chain.chain import NAMEPLATE, QUOTA, Chain
from monazite.findings.events.event import BASE_YEAR, Horizon
from monazite.findings.events.under_construction import (
    Addition,
    Additions,
    additions_of,
    event_of_additions,
)
from monazite.network.facts import Facts
from monazite.parameters import CONTRACTS, FREE, horizons
from monazite.quantities.amount import Amount, exactly
from monazite.quantities.chemistry import Chemistry


def additions_in(base: BaseYear, facts: Facts, horizon: str) -> Additions:
    """Return the plants under construction that a horizon counts."""
    if base.chemistry.of("horizon-construction", assumptions_horizon(horizon)) is None:
        return Additions((), ())
    return additions_of(facts, base.elements, base.chemistry, base.year_rows.year)


def horizon_of(
    chemistry: Chemistry,
    name: str,
    chain: Chain | None = None,
    built: Sequence[Addition] = (),
) -> tuple[Horizon, Horizon, Horizon]:
    """Return a horizon with its parameters, and with those of the low and high ends."""
    *_, before, _ = ("", *horizons_behind(name))
    none = (BASE_YEAR, BASE_YEAR, BASE_YEAR)
    ends = horizon_of(chemistry, before, chain, built) if before else none
    own = assumptions_horizon(name)
    trade, plants = (chemistry.of(f"horizon-{what}", own) for what in ("trade", "throughput"))
    if trade is None or plants is None:
        raise NotKnownError(
            f"The horizon {name} rests on assumptions that the data used leave out: use them too."
        )
    pairs = chemistry.of("horizon-new-pairs", own) or exactly(0.0)
    share = chemistry.of("horizon-construction", own) or exactly(0.0)
    thrift = {
        element: amount
        for (what, subject, element), amount in sorted(chemistry.assumed.items())
        if (what, subject) == ("horizon-thrift", own)
    }
    value, low, high = (
        Horizon(
            name,
            inf if name == FREE else max(end(trade), least.trade),
            max(end(plants), least.throughput),
            inf if name == FREE else end(pairs),
            {element: end(amount) for element, amount in thrift.items()},
            event_of_additions(built, chain, end(share)).added if chain else {},
            before=least if before else None,
            bids=name != CONTRACTS,
            ceilings=ceilings_in(name),
        )
        for end, least in zip((_value, _low, _high), ends, strict=True)
    )
    return value, low, high


def ceilings_in(name: str) -> frozenset[str]:
    """Return what bounds output within a horizon, where rows tell of it.

    A quota stands for its year: within a longer time there is another one. Before anything is bid
    for nobody makes more than in the base year.

    >>> [sorted(ceilings_in(name)) for name in ("immediate", "short-run", "medium-run")]
    [[], ['nameplate', 'quota'], ['nameplate']]
    """
    behind = horizons_behind(name)
    if name == CONTRACTS:
        return frozenset()
    return frozenset({NAMEPLATE, QUOTA} if len(behind) == 1 else {NAMEPLATE})


def horizons_behind(name: str) -> tuple[str, ...]:
    """Return the horizons whose floors a horizon holds, and itself, last.

    >>> horizons_behind("medium-run"), horizons_behind("immediate")
    (('short-run', 'medium-run'), ('immediate',))
    """
    bidding = [each for each in horizons() if each != CONTRACTS]
    return (*bidding[: bidding.index(name)], name) if name in bidding else (name,)


def _value(amount: Amount) -> float:
    return amount.value


def _low(amount: Amount) -> float:
    return amount.low


def _high(amount: Amount) -> float:
    return amount.high
