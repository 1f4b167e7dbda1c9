"""The indices that people quote for a raw material, as pure functions of numbers.

Shares run from 0 to 1, a governance risk from 0 to 10 with 10 as bad. *Recalled* equations were not
read in a text: hold them against the paper before quoting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import fsum

from monazite.core.errors import MissingInputError

BEST, WORST = 2.5, -2.5  # ends of the scale of the Worldwide Governance Indicators; high is good
MAX_RISK = 10.0  # a governance risk of the worst country
REVISED_METHOD_FROM = 2023
"""First year of the revised method of the indicators: not comparable with the years before."""
UNION_LIMIT = 0.65  # at most this part of the Union's consumption from one third country


def top_shares(shares: Iterable[float], count: int = 3) -> float:
    """Return the largest shares together, 0 to 1, as the IEA prints it for three. Read."""
    return fsum(sorted(shares, reverse=True)[:count])


def governance_risk(estimate: float) -> float:
    """Turn a governance estimate, -2.5 (bad) to 2.5, into a risk from 0 to 10, with 10 as bad.

    Recalled: European Commission, Methodology for establishing the EU list of critical raw
    materials: guidelines (2017).
    """
    within = min(BEST, max(WORST, estimate))
    return (BEST - within) / (BEST - WORST) * MAX_RISK


def weighted_hhi(
    shares: Mapping[str, float],
    risks: Mapping[str, float],
    trade: Mapping[str, float] | None = None,
) -> float:
    """Return ``sum of share^2 * risk * t``, 0 to 10 while t is 1.

    Read for t = 1 (Ferro et al. 2020); the trade parameter t of the Commission's guidelines of 2017
    is recalled: above 1 for export restrictions, below 1 for a trade agreement.
    """
    given, held = trade or {}, {place: share for place, share in shares.items() if share}
    _need(held, risks, "risk")
    return fsum(share**2 * risks[place] * given.get(place, 1.0) for place, share in held.items())


def _need(places: Iterable[str], known: Mapping[str, float], what: str) -> None:
    missing = sorted({*places} - {*known})
    if missing:
        raise MissingInputError(f"No {what} is given for {', '.join(missing)}.")


def eu_supply_risk(
    world: float | None,
    union: float | None,
    import_reliance: float | None,
    recycling: float,
    substitution: float,
) -> float:
    """Return the supply risk of the European Commission's method of 2017; critical from 1 on.

    ``SR = [HHI_GS * IR / 2 + HHI_EU * (1 - IR / 2)] * (1 - EoL-RIR) * SI_SR``; with one of the two
    supplies known, that one alone. Recalled from the guidelines of 2017, and held against what the
    Commission's study of that year prints for each rare earth.
    """
    if world is None and union is None:
        raise MissingInputError(
            "A supply risk needs the concentration of the world or of the Union."
        )
    if world is not None and union is not None:
        if import_reliance is None:
            raise MissingInputError(
                "Global supply and sourcing of the Union need the import reliance."
            )
        half = import_reliance / 2
        mixed = world * half + union * (1 - half)
    else:
        mixed = world if world is not None else union or 0.0
    return mixed * (1 - recycling) * substitution


def geopolrisk(
    concentration: float,
    imports: Mapping[str, float],
    instability: Mapping[str, float],
    output: float,
) -> float:
    """Return the geopolitical supply risk of an importer, ``HHI * sum of g_i * f_i / (p + F)``.

    All parts of 1. Read: documentation of geopolrisk-py, equation 1; Gemechu et al. 2015.
    """
    supply = output + fsum(imports.values())
    if supply <= 0:
        raise MissingInputError("The importer neither imports nor produces: nothing is weighed.")
    bought = {place: tonnes for place, tonnes in imports.items() if tonnes}
    _need(bought, instability, "political instability")
    exposed = fsum(instability[place] * tonnes for place, tonnes in bought.items())
    return concentration * exposed / supply


def without_largest(supply: Mapping[str, float], demand: float, *, rest: float = 0.0) -> float:
    """Return the supply left without the largest supplier, over a demand: ``(S - S_max) / D``.

    Read in words in the IEA's Global Critical Minerals Outlook 2025; whose demand D is was not
    said.
    """
    if not supply or demand <= 0:
        raise MissingInputError(
            "Supply without the largest supplier needs a supplier and a demand."
        )
    return (fsum(supply.values()) + rest - max(supply.values())) / demand


def over_union_limit(shares: Mapping[str, float], limit: float = UNION_LIMIT) -> str | None:
    """Return the third country above the limit of Regulation (EU) 2024/1252, None if none is."""
    above = {place: share for place, share in shares.items() if share > limit}
    return max(above, key=lambda place: (above[place], place)) if above else None
