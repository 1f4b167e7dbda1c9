"""The assumptions that a finding on a network rests on, with value, range and reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monazite.network.graph import Network
from monazite.result import Assumption


def assumption_rows(network: Network) -> tuple[str, ...]:
    """Return the rows of the assumptions that a network's capacities rest on."""
    used = {"stage-total"}
    for *_, arc in network.edges(data=True):
        used.update(arc.get("assumptions", ()))
    known: Mapping[str, Mapping[str, str]] = network.graph["assumptions"]
    return tuple(sorted(known[name]["row"].removeprefix("row/") for name in used if name in known))


def assumptions_in(network: Network, rows: Iterable[str]) -> tuple[Assumption, ...]:
    """Return the assumptions of a network that stand in some rows."""
    used = set(rows)
    return tuple(
        Assumption(
            row=answer["row"].removeprefix("row/"),
            text=f"{answer['property']}: {answer['subject']}",
            value=float(answer["value"]),
            low=float(answer["low"]) if answer["low"] else None,
            high=float(answer["high"]) if answer["high"] else None,
            unit=answer["unit"],
            reason=answer["reason"],
        )
        for answer in sorted(network.graph["assumptions"].values(), key=lambda a: a["row"])
        if answer["row"].removeprefix("row/") in used
    )
