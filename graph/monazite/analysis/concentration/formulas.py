"""The indices that people quote for a raw material, as pure functions of numbers.

Shares run from 0 to 1, a governance risk from 0 to 10 with 10 as bad, as the European Commission
scales it. Each docstring says whether its equation was read in a text or is recalled from the
literature: a recalled one is to be held against the paper before it is quoted. The index of
Herfindahl and Hirschman itself is in :mod:`monazite.analysis.concentration.shares`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import fsum

from monazite.core.errors import MissingInputError

BEST, WORST = 2.5, -2.5
"""Ends of the scale of the Worldwide Governance Indicators; high is good."""
MAX_RISK = 10.0
"""A governance risk of the worst country."""
REVISED_METHOD_FROM = 2023
"""First year of the revised method of the indicators: not comparable with the years before."""
UNION_LIMIT = 0.65
"""At most this part of the Union's consumption from one third country."""


def top_shares(shares: Iterable[float], count: int = 3) -> float:
    """Return the largest shares together.

    ``CR_n`` is the sum of the n largest shares, 0 to 1. Read: the International Energy Agency
    prints it for three countries.

    References:
        International Energy Agency, Global Critical Minerals Outlook 2025.

    >>> round(top_shares([0.61, 0.16, 0.09, 0.04]), 2)
    0.86
    """
    return fsum(sorted(shares, reverse=True)[:count])


def governance_risk(estimate: float) -> float:
    """Turn a governance estimate into a risk from 0 to 10, with 10 as bad.

    ``risk = (2.5 - estimate) / 5 * 10``; the estimate runs from -2.5 to 2.5, high is good, and
    the few that lie beyond are cut to the ends. Recalled: the guidelines of the Commission
    (2017) rescale to 0 to 10; a scaled value of 6.92 for Nigeria was read, the equation not.

    References:
        European Commission, Methodology for establishing the EU list of critical raw materials:
        guidelines (2017).

    >>> governance_risk(2.5), governance_risk(0.0), governance_risk(-2.5), governance_risk(-2.8)
    (0.0, 5.0, 10.0, 10.0)
    """
    within = min(BEST, max(WORST, estimate))
    return (BEST - within) / (BEST - WORST) * MAX_RISK


def weighted_hhi(
    shares: Mapping[str, float],
    risks: Mapping[str, float],
    trade: Mapping[str, float] | None = None,
) -> float:
    """Return the concentration in which a badly governed country counts for more.

    ``HHI_WGI,t = sum of share^2 * risk * t``, 0 to 10 while t is 1. Read for t = 1 (Ferro et
    al. 2020, after the group of the Commission of 2010); the parameter t of the Commission's
    method of 2017 is recalled: above 1 for export restrictions, below 1 for a trade agreement.

    References:
        Ferro et al. 2020; European Commission, Methodology for establishing the EU list of
        critical raw materials: guidelines (2017).

    >>> round(weighted_hhi({"CHN": 0.8, "AUS": 0.2}, {"CHN": 6.0, "AUS": 3.0}), 2)
    3.96
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
    """Return the supply risk of the European Commission's method of 2017.

    ``SR = [HHI_GS * IR / 2 + HHI_EU * (1 - IR / 2)] * (1 - EoL-RIR) * SI_SR``, 0 to 10 while no
    trade parameter is above 1; with one of the two supplies known, that one alone. Recalled, and
    since held against what the Commission's report of 2017 prints for each rare earth; a
    material is critical from 1 on, if its economic importance is 2.8 or more (read).

    References:
        European Commission, Methodology for establishing the EU list of critical raw materials:
        guidelines (2017), and Study on the review of the list of critical raw materials (2017).

    >>> round(eu_supply_risk(9.2, 2.6, 1.0, 0.01, 1.0), 2)
    5.84
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
    """Return the geopolitical supply risk of an importer, 0 to 1.

    ``HHI * sum of g_i * f_i / (p + F)`` with the index of the world's output from 0 to 1. Read.

    References:
        Documentation of geopolrisk-py, equation 1; Gemechu et al. 2015; Helbig et al. 2016.

    >>> round(geopolrisk(0.5, {"CHN": 70, "EST": 20}, {"CHN": 0.6, "EST": 0.4}, 10), 2)
    0.25
    """
    supply = output + fsum(imports.values())
    if supply <= 0:
        raise MissingInputError("The importer neither imports nor produces: nothing is weighed.")
    bought = {place: tonnes for place, tonnes in imports.items() if tonnes}
    _need(bought, instability, "political instability")
    exposed = fsum(instability[place] * tonnes for place, tonnes in bought.items())
    return concentration * exposed / supply


def without_largest(supply: Mapping[str, float], demand: float, *, rest: float = 0.0) -> float:
    """Return the supply left without the largest supplier, over a demand.

    ``N-1 = (S - S_max) / D``; above 1 where the others could serve the demand alone. Read in
    words. Whether D is the
    demand of the world, or what the largest supplier does not need itself, was in no text read:
    both are asked of this function, one demand after the other.

    References:
        International Energy Agency, Global Critical Minerals Outlook 2025.

    >>> without_largest({"CHN": 60, "MMR": 16}, 100, rest=4), without_largest({"CHN": 60}, 40)
    (0.2, 0.0)
    """
    if not supply or demand <= 0:
        raise MissingInputError(
            "Supply without the largest supplier needs a supplier and a demand."
        )
    return (fsum(supply.values()) + rest - max(supply.values())) / demand


def over_union_limit(shares: Mapping[str, float], limit: float = UNION_LIMIT) -> str | None:
    """Return the third country that passes the limit of the Union's act, None if none does.

    Not more than 65 % of the Union's annual consumption of a strategic raw material, at any
    relevant stage of processing, from a single third country by 2030. Read in words.

    References:
        Regulation (EU) 2024/1252; announcement of the European Commission, 16 March 2023.

    >>> over_union_limit({"CHN": 0.85, "MYS": 0.11}), over_union_limit({"CHN": 0.65})
    ('CHN', None)
    """
    above = {place: share for place, share in shares.items() if share > limit}
    return max(above, key=lambda place: (above[place], place)) if above else None
