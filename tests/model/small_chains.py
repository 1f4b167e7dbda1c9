"""Small chains by hand: one element, whose yields are 1, in magnets that hold a fiftieth of it."""

from __future__ import annotations

from collections.abc import Mapping

from monazite.data.parameters import Contingency
from monazite.model.chain.chain import Chain, Product
from monazite.model.chain.element_chain import ElementChain
from monazite.model.contingencies.failure_points import Candidate, Horizon
from monazite.model.flow.study import Study

MAGNETS = "magnets"
HELD = 0.02
STAGES = ("mine", "separation", "metal", "magnet")


def small_chain(
    made: Mapping[str, Mapping[str, float]], flows: Mapping[tuple[str, str, str], float]
) -> Chain:
    """A chain that closes: what a stage takes is what it makes and buys, less what it sells."""
    pools = sorted({pool for by_pool in made.values() for pool in by_pool})
    output = {(stage, pool): x for stage in STAGES[:3] for pool, x in made[stage].items()}
    taken = {
        (stage, pool): output.get((stage, pool), 0.0)
        + sum(x for (at, _, buyer), x in flows.items() if (at, buyer) == (stage, pool))
        - sum(x for (at, seller, _), x in flows.items() if (at, seller) == (stage, pool))
        for stage in STAGES[:3]
        for pool in pools
    }
    element_chain = ElementChain(
        element="Dy",
        made=output,
        taken=taken,
        flows=flows,
        missing={},
        scrap={},
        home=dict.fromkeys(STAGES, frozenset(pools)),
        parts=output,
        rows={key: (f"production/{key[0]}-{key[1]}",) for key in output},
    )
    tonnes = {(MAGNETS, pool): x / HELD for pool, x in made["magnet"].items()}
    return Chain(
        year=2024,
        element_chains={"Dy": element_chain},
        products={MAGNETS: Product(MAGNETS)},
        made=tonnes,
        recipe={(MAGNETS, "Dy"): HELD},
        sold={(name, pool, pool): x for (name, pool), x in tonnes.items()},
    )


def one_mine() -> Chain:
    """A mines and separates 100 t and sells 60 of them to B as oxide; A makes 2,000 t, B 3,000."""
    parts = {"A": 40.0, "B": 60.0}
    made = {"mine": {"A": 100.0}, "separation": {"A": 100.0}, "metal": parts, "magnet": parts}
    return small_chain(made, {("separation", "A", "B"): 60.0})


def two_sellers() -> Chain:
    """A and C mine and separate 30 t each, and sell all of it to B."""
    ends = {"A": 30.0, "C": 30.0}
    last = {"B": 60.0}
    made = {"mine": ends, "separation": ends, "metal": last, "magnet": last}
    return small_chain(made, {("separation", "A", "B"): 30.0, ("separation", "C", "B"): 30.0})


def study_of(chain: Chain, market: str = "WLD", trade: float = 1.0, plants: float = 1.0) -> Study:
    """A study of a chain within a horizon."""
    return Study(chain, Horizon("by hand", trade, plants), ("Dy",), Contingency(), market)


def candidate(
    place: str, part: float = 1.0, kind: str = "country", name: str = "", **hits: float
) -> Candidate:
    """What may fail: a pool, or a part of it; ``mine_A=1.0`` hits more of them."""
    stage, country = place.split("/")
    name = name or place
    return Candidate(
        id=name,
        thing=name,
        label=name,
        kind=kind,
        stage=stage,
        country=country,
        hits={place: part, **{key.replace("_", "/"): x for key, x in hits.items()}},
        share=part,
        coverage=None,
        basis="reo",
        year=2024,
        rows=(f"production/{name}",),
    )
