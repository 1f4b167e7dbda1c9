"""Plants and links made up for tests: two magnet makers on one smelter, a third that makes SmCo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from monazite.bom.market_supply import ElementSupply, StageSupply
from monazite.bom.supply_paths import PlantLink, PlantLinks, Tie
from monazite.data.filters import PERHAPS, SURELY

ORDER = {"mine": 0, "separation": 1, "metal": 2, "alloy": 3, "magnet": 4}
STAGES = {
    "plant-a": {"magnet"},
    "plant-b": {"magnet"},
    "plant-s": {"magnet"},
    "smelter": {"metal"},
    "refinery": {"separation"},
    "pit": {"mine"},
    "works": {"magnet", "separation"},
}
COUNTRIES = {
    "plant-a": "USA",
    "plant-b": "DEU",
    "plant-s": "DEU",
    "smelter": "GBR",
    "refinery": "FRA",
    "pit": "AUS",
    "works": "CHN",
}
MAKES = {"plant-a": {"ndfeb"}, "plant-b": {"ndfeb"}, "plant-s": {"smco"}, "works": {"ndfeb"}}
TIES = (
    Tie("maker-a", "plant-a", "operates", SURELY, "operations/a"),
    Tie("maker-b", "plant-b", "operates", SURELY, "operations/b"),
    Tie("maker-b", "plant-s", "operates", SURELY, "operations/s"),
    Tie("maker-c", "works", "operates", PERHAPS, "operations/works"),
    Tie("group", "maker-a", "owns", SURELY, "ownership/a"),
)


def link(
    seller: str,
    buyer: str,
    stage: str,
    elements: str = "Nd Pr",
    *,
    certainty: str = SURELY,
    kind: str = "facility",
    row: str = "",
) -> PlantLink:
    """A link of goods of a stage."""
    return PlantLink(
        seller=seller,
        seller_label=seller,
        seller_kind=kind,
        buyer=buyer,
        kind="offtake",
        goods=f"{elements} of {stage}",
        stages=frozenset({stage} - {""}),
        elements=frozenset(elements.split()),
        certainty=certainty,
        row=row or f"supply_links/{seller}-{buyer}",
    )


LINKS = (
    link("pit", "refinery", "mine"),
    link("refinery", "smelter", "separation", certainty=PERHAPS),
    link("refinery", "smelter", "separation", "Sm", row="supply_links/samarium"),
    link("smelter", "plant-a", "metal"),
    link("smelter", "plant-b", "metal"),
)


def plants(links: Iterable[PlantLink] = LINKS, ties: Iterable[Tie] = TIES) -> PlantLinks:
    """The plants with some links."""
    below: dict[str, list[Tie]] = defaultdict(list)
    above: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        below[tie.owner].append(tie)
        above[tie.owned].append(tie)
    sold: dict[str, list[PlantLink]] = defaultdict(list)
    for each in links:
        sold[each.buyer].append(each)
    firms = {tie.owner for tie in TIES}
    return PlantLinks(
        order=ORDER,
        labels={name: name for name in (*STAGES, *firms)},
        countries=COUNTRIES,
        stages={name: frozenset(done) for name, done in STAGES.items()},
        makes={name: frozenset(made) for name, made in MAKES.items()},
        elements={("works", "separation"): frozenset({"Nd", "Pr"})},
        below={name: tuple(told) for name, told in below.items()},
        above={name: tuple(told) for name, told in above.items()},
        sold_to={name: tuple(told) for name, told in sold.items()},
    )


def at(stage: str, country: str, loss: float | None) -> StageSupply:
    name = f"{country} {stage}"
    return StageSupply(
        stage=stage,
        shares={country: 0.9},
        of_world=False,
        largest=country,
        country=country,
        failure=f"{stage}/{country}",
        failure_label=name,
        loss=loss,
        low=loss,
        high=loss,
        home_first=loss,
    )


SUPPLIES = (
    ElementSupply("Dy", ("Dy",), 2024, "magnets", (at("separation", "CHN", 1.0),)),
    ElementSupply(
        "NdPr",
        ("Nd", "Pr"),
        2024,
        "magnets",
        (at("mine", "AUS", 0.4), at("separation", "CHN", 0.9), at("magnet", "CHN", 0.8)),
    ),
    ElementSupply("Sm", ("Sm",), None, "", (at("separation", "CHN", None),), "not known"),
)
