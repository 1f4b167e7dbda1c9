"""The assumptions that a finding rests on, with value, range and reason."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.network.attributes import about, arcs_of
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.quantities.chemistry import Chemistry
from monazite.result import Assumption
from monazite.triples.records import QueryRecord


def assumption_rows(network: Network) -> tuple[str, ...]:
    """Return the rows of the assumptions that the capacities of a network rest on."""
    used = {"stage-total"}
    for arc in arcs_of(network):
        used.update(arc.assumptions)
    known = about(network).assumptions
    return tuple(sorted(known[name].row() for name in used if name in known))


def assumptions_in(network: Network, rows: Iterable[str]) -> tuple[Assumption, ...]:
    """Return the assumptions of a network among some rows."""
    return _among(about(network).assumptions.values(), rows)


def assumptions_behind(facts: Facts, rows: Iterable[str]) -> tuple[Assumption, ...]:
    """Return the assumptions on the price of magnets among the rows behind a market's mix."""
    return _among(facts.ask("network-magnet-prices"), rows)


def _among(answers: Iterable[QueryRecord], rows: Iterable[str]) -> tuple[Assumption, ...]:
    used = set(rows)
    found = sorted((each for each in answers if each.row() in used), key=lambda each: each["row"])
    return tuple(map(_assumption, found))


def _assumption(answer: QueryRecord) -> Assumption:
    subject = " ".join(filter(None, (answer["subject"], answer.get("seller", ""))))
    return Assumption(
        row=answer.row(),
        text=f"{answer['property']}: {subject}",
        value=answer.number("value"),
        low=answer.maybe_number("low"),
        high=answer.maybe_number("high"),
        unit=answer["unit"],
        reason=answer["reason"],
    )


def assumptions_of(chemistry: Chemistry) -> tuple[Assumption, ...]:
    """Return the assumptions that a chain rests on; assays are told by ``monazite balance``."""
    return tuple(
        Assumption(row, text, value.value, value.low, value.high, "", reason)
        for row, (text, value, reason) in sorted(chemistry.reasons.items())
        if "oxide-distribution" not in row
    )
