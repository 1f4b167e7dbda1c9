"""What plans outside a country are likely to give: tonnes times the odds that they run by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product

from monazite.analysis.mitigation.expansion import BY_STAGE, PLANT
from monazite.analysis.replacement.candidates import ReplacementCase, find_sites
from monazite.analysis.replacement.need import odds_of
from monazite.analysis.replacement.slips import find_slips, read_plans
from monazite.data.parameters import MAGNET, MINE
from monazite.model.chain.base_year import chain_elements
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ANY
from monazite.model.chemistry import read_chemistry
from monazite.model.facilities.status import read_lives
from monazite.model.network.facts import Facts, read_facts

YEARS = (2028, 2030)  # by whose ends plans of the records are weighed


def likely_plans(
    chain: Chain, facts: Facts, without: str, years: Iterable[int] = YEARS
) -> tuple[dict[int, dict[PLANT, float]], dict[str, tuple[str, ...]]]:
    """Return what plans outside a country are likely to give, tonnes times odds, and their rows."""
    store, day = facts.store, facts.date
    lives, plans = read_lives(store), read_plans(store, day)
    slips = find_slips(plans, lives, day)
    found: dict[int, dict[PLANT, float]] = {year: defaultdict(float) for year in years}
    held: dict[tuple[int, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    rows: dict[str, set[str]] = defaultdict(set)
    for name, own in chain.element_chains.items():
        of = read_facts(store, name, day)
        asked = (of, chain_elements(of), read_chemistry(of), chain, name, without)
        sites, _ = find_sites(ReplacementCase(*asked, max(found), lives, plans, slips))
        for site, year in product(sites, found):
            if site.in_base or site.stage not in BY_STAGE:
                continue
            odds = odds_of(site, slips, day, year)
            amount = site.tonnes.value * (0.0 if odds is None else odds.value)
            pool = own.pool(site.stage, site.country)
            what = ANY if site.stage == MINE else name
            for made in chain.main if site.stage == MAGNET else (what,):
                rows[f"{site.stage}/{made}"].update(site.rows)
            if site.stage == MAGNET:
                held[year, pool][name] += amount
            else:
                found[year][site.stage, pool, what] += amount
    for (year, pool), left in held.items():
        for what, amount in magnets_of(chain, left).items():
            found[year][MAGNET, pool, what] += amount
    told = {year: dict(sorted(of.items())) for year, of in found.items()}
    return told, {what: tuple(sorted(of)) for what, of in sorted(rows.items())}


def magnets_of(chain: Chain, held: Mapping[str, float]) -> dict[str, float]:
    """Return tonnes of magnets that hold elements: those of most elements first."""
    left, found = dict(held), {}
    recipes = {
        what: {name: part for (of, name), part in chain.recipe.items() if of == what}
        for what in chain.main
    }
    for what, recipe in sorted(recipes.items(), key=lambda x: (-len(x[1]), x[0])):
        found[what] = max(0.0, min(left.get(name, 0.0) / part for name, part in recipe.items()))
        for name, part in recipe.items():
            left[name] = left.get(name, 0.0) - part * found[what]
    return found
