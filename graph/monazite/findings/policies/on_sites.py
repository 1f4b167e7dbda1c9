"""Which acts touch a plant or a firm: those aimed at it, at who runs or holds it, its country.

The selection is that of briefs and lists. An act touches the country of a plant as it touches a
market: aimed at it, at a union it belongs to or at all destinations, or issued or agreed there.
Left out of these are acts on goods that surely hold no rare earth.
"""

from __future__ import annotations

from collections.abc import Iterable

from monazite.findings.policies.reach import read_reach
from monazite.findings.policies.selection import MARKET, select
from monazite.triples.queries import ask
from monazite.triples.store import Store


def acts_on_sites(store: Store, named: Iterable[str], standing: Iterable[str]) -> set[str]:
    """Return the acts that touch some plants and firms.

    >>> from monazite.triples.opening import open_store
    >>> found = acts_on_sites(open_store(), ["facility/mountain-pass"], ["facility/mountain-pass"])
    >>> sorted(found & {"mofcom-gac-2025-18", "mountain-pass-closure", "mofcom-2026-1"})
    ['mofcom-gac-2025-18', 'mountain-pass-closure']
    """
    wanted = set(named)
    aimed = {
        policy
        for policy, rows in read_reach(store).items()
        for row in rows
        for thing in row.named_as("targets")
        if f"{thing.kind}/{thing.id}" in wanted
    }
    places = {f"id/{each}" for each in standing}
    lines = ask(store, "entity-countries")
    countries = {line["country"] for line in lines if line["thing"] in places}
    selections = [select(store, market=country) for country in sorted(countries)]
    return aimed.union(*(each.touching(MARKET) - each.of_other_goods for each in selections))
