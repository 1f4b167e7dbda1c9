"""Losses that are kept beside a store: worked out once, by whoever asks first.

What they are worked out from is the question: the chain, the horizon, the market, what happens, the
solvers and the modules that work them out. What was kept of anything else is the answer to another
question.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from importlib.metadata import version

from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import Event
from monazite.findings.flow_model.study import demand_of
from monazite.findings.losses.measure import Loss, Measure
from monazite.findings.reconciliation.fingerprint import fingerprint_of
from monazite.shipped import hash_of
from monazite.triples.store import Store

_WORKED_OUT_BY = (
    *(f"findings/flow_model/{name}.py" for name in ("constraints", "contracts", "programme")),
    *("findings/flow_model/study.py", "findings/linear_programme.py", "findings/events/event.py"),
    *("findings/chain/chain.py", "findings/chain/element_chain.py"),
    *("findings/losses/measure.py", "findings/losses/kept_losses.py"),
    *("findings/reconciliation/fingerprint.py", "network/shares.py", "parameters.py"),
)
"""What decides a loss beside the chain, and the solvers."""


def kept_demand(chain: Chain, store: Store) -> Mapping[tuple[str, str], float]:
    """Solve the base year, or read what was found for the same chain before."""

    def solve() -> bytes:
        return json.dumps([*demand_of(chain).items()]).encode()

    found = json.loads(store.kept(_question("base year served", chain), solve))
    return {(product, user): tonnes for (product, user), tonnes in found}


def kept_losses(measure: Measure, events: Sequence[Event], store: Store) -> list[Loss | None]:
    """Work the losses by some events out, or read what was found for the same ones before."""

    def work() -> bytes:
        found = [each and astuple(each) for each in _worked_out(measure, events)]
        return json.dumps(found).encode()

    study = measure.study
    asked = (study.chain, study.horizon, study.names, study.market, measure.full, tuple(events))
    found = json.loads(store.kept(_question("losses", *asked), work))
    return [each and _loss(*each) for each in found]


def _worked_out(measure: Measure, events: Sequence[Event]) -> Iterable[Loss | None]:
    """A country, its only site and the firm of that site are often one event."""
    found: dict[str, Loss] = {}
    for event in events:
        key = fingerprint_of(event)
        if key not in found and (event.output or event.sales):
            found[key] = measure.of_event(event)
        yield found.get(key)


def _question(what: str, *asked: object) -> str:
    solvers = f"{version('highspy')} {version('numpy')}"
    return f"{what} {hash_of(*_WORKED_OUT_BY)} {solvers} {fingerprint_of(*asked)}"


def _loss(
    loss: float,
    alone: float | None,
    limited_by: list[str],
    limited_at: str,
    home_first: float,
    market_first: float | None,
) -> Loss:
    return Loss(loss, alone, tuple(limited_by), limited_at, home_first, market_first)
