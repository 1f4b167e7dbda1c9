"""How far the world can stretch within a horizon: assumptions, and plants under construction."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from monazite.errors import NotKnownError
from monazite.findings.chain.base_year import BaseYear, own_rows
from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import Horizon
from monazite.findings.events.under_construction import (
    Addition,
    Additions,
    additions_of,
    event_of_additions,
)
from monazite.network.facts import Facts
from monazite.parameters import FREE
from monazite.quantities.amount import Amount, exactly
from monazite.quantities.chemistry import Chemistry


def additions_in(base: BaseYear, facts: Facts, horizon: str) -> Additions:
    """Plants under construction, where a horizon counts them; else none."""
    if base.chemistry.of("horizon-construction", own_rows(horizon)) is None:
        return Additions((), ())
    return additions_of(facts, base.elements, base.chemistry, base.year_rows.year)


def horizon_of(
    chemistry: Chemistry,
    name: str,
    chain: Chain | None = None,
    built: Sequence[Addition] = (),
) -> tuple[Horizon, Horizon, Horizon]:
    """A horizon at its value, and at the low and high ends of its assumptions.

    Args:
        chemistry: with the assumptions.
        name: of the horizon.
        chain: of the base year, to which plants are added.
        built: plants under construction.

    Raises:
        NotKnownError: the view leaves the assumptions out.
    """
    own = own_rows(name)
    trade, plants = (chemistry.of(f"horizon-{what}", own) for what in ("trade", "throughput"))
    if trade is None or plants is None:
        raise NotKnownError(
            f"The horizon {name} rests on assumptions that this view leaves out; take them in."
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
            inf if name == FREE else end(trade),
            end(plants),
            inf if name == FREE else end(pairs),
            {element: end(amount) for element, amount in thrift.items()},
            event_of_additions(built, chain, end(share)).added if chain else {},
        )
        for end in (_value, _low, _high)
    )
    return value, low, high


def _value(amount: Amount) -> float:
    return amount.value


def _low(amount: Amount) -> float:
    return amount.low


def _high(amount: Amount) -> float:
    return amount.high
