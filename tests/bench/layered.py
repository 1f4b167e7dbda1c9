"""A made-up network of countries at stages, of any size: for timing, and for nothing else."""

from __future__ import annotations

import random
from itertools import pairwise

from monazite.network.graph import Network
from monazite.network.shares import REST
from tests.findings.chains import chain

STAGES = ("mine", "separation", "metal", "magnet")


def layered(countries: int, sellers: int, *, seed: int = 0) -> Network:
    """Build a network in which every country is at every stage, and so is the rest of the world.

    Args:
        countries: that are named.
        sellers: that a country buys from at each stage, besides itself.
        seed: of all that is drawn.
    """
    rng = random.Random(seed)
    names = [f"C{place}" for place in range(countries)]
    shares = {stage: {**dict.fromkeys(names, 0.9 / countries), REST: 0.1} for stage in STAGES}
    trade = {
        (f"{before}/{seller}", f"{after}/{buyer}"): 0.1 / countries
        for before, after in pairwise(STAGES)
        for buyer in names
        for seller in rng.sample(names, sellers)
        if seller != buyer
    }
    mix = dict.fromkeys(names[::3], 0.1 / countries)
    return chain(shares, trade, mix)
