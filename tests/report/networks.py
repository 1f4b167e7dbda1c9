"""Made-up networks for the page tests: a small one and one of 150 nodes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.core.results import Assumption, ViewSummary
from monazite.model.network.attributes import Network
from monazite.model.network.shares import Share, Split
from monazite.model.wording import place_at
from monazite.report.graph.layout import CardPlace

STAGES = (
    ("mine", "Mine"),
    ("separation", "Separation"),
    ("metal", "Metal"),
    ("alloy", "Alloy"),
    ("magnet", "Magnet"),
    ("use", "Use"),
)
NAMES = {
    "CHN": ("China", "中国"),
    "MMR": ("Myanmar", "缅甸"),
    "AUS": ("Australia", "澳大利亚"),
    "MYS": ("Malaysia", "马来西亚"),
    "JPN": ("Japan", "日本"),
    "VNM": ("Vietnam", "越南"),
    "USA": ("United States", "美国"),
    "EST": ("Estonia", "爱沙尼亚"),
    "DEU": ("Germany", "德国"),
    "BRA": ("Brazil", "巴西"),
    "LAO": ("Laos", "老挝"),
    "FRA": ("France", "法国"),
    "GBR": ("United Kingdom", "英国"),
    "KOR": ("South Korea", "韩国"),
    "THA": ("Thailand", "泰国"),
    "IND": ("India", "印度"),
}
POOLS: tuple[tuple[str, str, float | None], ...] = (
    ("CHN", "mine", 0.38),
    ("MMR", "mine", 0.5),
    ("AUS", "mine", 0.02),
    ("LAO", "mine", 0.06),
    ("CHN", "separation", 0.992),
    ("MYS", "separation", 0.006),
    ("FRA", "separation", None),
    ("CHN", "metal", 0.96),
    ("VNM", "metal", 0.02),
    ("CHN", "alloy", 0.93),
    ("JPN", "alloy", 0.05),
    ("CHN", "magnet", 0.91),
    ("JPN", "magnet", 0.06),
    ("USA", "magnet", 0.004),
    ("DEU", "magnet", 0.01),
)
FLOWS = (
    ("mine/MMR", "separation/CHN", "trade", 1450.0),
    ("mine/CHN", "separation/CHN", "domestic", 1100.0),
    ("mine/AUS", "separation/MYS", "trade", 17.0),
    ("mine/LAO", "separation/CHN", "trade", 170.0),
    ("separation/CHN", "metal/CHN", "domestic", 2700.0),
    ("separation/CHN", "metal/VNM", "trade", 40.0),
    ("separation/CHN", "separation/FRA", "trade", 3.0),
    ("metal/CHN", "alloy/CHN", "domestic", 2500.0),
    ("metal/VNM", "alloy/JPN", "trade", 45.0),
    ("metal/CHN", "alloy/JPN", "trade", 110.0),
    ("alloy/CHN", "magnet/CHN", "domestic", 2400.0),
    ("alloy/CHN", "magnet/DEU", "trade", 30.0),
    ("alloy/JPN", "magnet/JPN", "domestic", 150.0),
    ("magnet/CHN", "use/USA", "trade", 90.0),
    ("magnet/JPN", "use/USA", "trade", 25.0),
    ("magnet/DEU", "use/USA", "trade", 4.0),
    ("magnet/USA", "use/USA", "domestic", 8.0),
)


RECOVERY = Assumption(
    row="assumptions/recovery",
    text="Separation recovers 92 % of the dysprosium.",
    value=0.92,
    low=0.85,
    high=0.95,
    unit="1",
    reason="No plant publishes it.",
)


def empty_network(**attributes: Any) -> Network:
    base: dict[str, Any] = {
        "element": "Dy",
        "market": "USA",
        "stages": STAGES,
        "view": {"text": "View: valid 2026-11-24; tier 2", "valid": "2026-11-24", "tier": 2},
        "evidence": {},
    }
    return Network(**(base | attributes))


def add_country(network: Network, code: str, stage: str, share: float | None, **more: Any) -> str:
    node = f"{stage}/{code}"
    label, zh = NAMES[code]
    row = f"production/{node}"
    quantity = None if share is None else round(share * 2900, 1)
    network.add_node(
        node,
        kind="country",
        label=label,
        label_zh=zh,
        stage=stage,
        country=code,
        country_label=label,
        quantity=quantity,
        unit="t REO",
        basis="contained Dy oxide",
        year=2024,
        share=share,
        coverage=0.62,
        rows=(row,),
        note=None,
        **more,
    )
    add_evidence(network, row, f"{label} made {quantity} t REO at the stage {stage} in 2024.")
    return node


def add_site(network: Network, name: str, code: str, stage: str, kind: str = "site") -> str:
    node = f"{stage}/{name}"
    row = f"operations/{node}"
    network.add_node(
        node,
        kind=kind,
        label=name,
        stage=stage,
        country=code,
        country_label=NAMES[code][0],
        rows=(row,),
    )
    add_evidence(network, row, f"{name} works at the stage {stage}.")
    pool = f"{stage}/{code}"
    if pool in network and kind != "firm":
        add_arc(network, node, pool, "part")
    return node


def add_arc(network: Network, source: str, target: str, kind: str, **cells: Any) -> None:
    row = f"trade/{source}/{target}/{kind}/{cells.get('material')}"
    number = network.number_of_edges()
    network.add_edge(
        source, target, key=f"{kind}/{number:04}", kind=kind, rows=(row,), label=None, **cells
    )
    add_evidence(network, row, f"From {source} to {target}: {kind}.")


def add_evidence(network: Network, row: str, text: str) -> None:
    source = {
        "publisher": "USGS",
        "title": "Mineral Commodity Summaries 2025",
        "published": "2025-01-31",
        "tier": 1,
        "url": "https://pubs.usgs.gov/periodicals/mcs2025/mcs2025-rare-earths.pdf",
    }
    network.graph["evidence"][row] = {"text": text, "sources": [source]}


def small_network() -> Network:
    """About thirty nodes that look like the dysprosium chain; the numbers are made up."""
    network = empty_network(element_label="Dysprosium")
    for code, stage, share in POOLS:
        add_country(network, code, stage, share)
    for name, code, stage in (
        ("Ganzhou ion clays", "CHN", "mine"),
        ("Pangwa", "MMR", "mine"),
        ("Lynas Mt Weld", "AUS", "mine"),
        ("Southern Rare Earth, Longnan", "CHN", "separation"),
        ("Lynas Malaysia", "MYS", "separation"),
        ("Solvay La Rochelle", "FRA", "separation"),
        ("JL MAG Ganzhou", "CHN", "magnet"),
        ("Noveon San Marcos", "USA", "magnet"),
    ):
        add_site(network, name, code, stage)
    for code, stage in (("CHN", "mine"), ("CHN", "separation"), ("CHN", "magnet")):
        add_site(network, f"Rest of {NAMES[code][0]}", code, stage, kind="rest")
    network.add_node(
        "use/USA", kind="market", label="United States", label_zh="美国", stage="use",
        country="USA", country_label="United States", quantity=130, unit="t Dy", year=2024, rows=(),
    )  # fmt: skip
    add_site(network, "General Motors", "USA", "use", kind="firm")
    network.add_node(
        "gap/alloy/USA", kind="gap", label="Alloy makers, USA", stage="alloy", country="USA",
        text="No row names a plant; a filing of the firms would.", rows=(),
    )  # fmt: skip
    oxide = {"material": "Dy oxide", "unit": "t REO", "year": 2024}
    for source, target, kind, quantity in FLOWS:
        add_arc(network, source, target, kind, quantity=quantity, **oxide)
    add_arc(network, "mine/CHN", "separation/CHN", "trade", quantity=30.0, **oxide)
    add_arc(network, "mine/Lynas Mt Weld", "separation/Lynas Malaysia", "captive", material="conc.")
    add_arc(network, "magnet/Noveon San Marcos", "use/General Motors", "observed")
    add_arc(network, "separation/Solvay La Rochelle", "metal/VNM", "possible")
    add_arc(network, "gap/alloy/USA", "magnet/USA", "possible")
    return network


def large_network(size: int = 150) -> Network:
    """``size`` nodes over six stages and sixteen countries, without chance."""
    network = empty_network()
    codes = list(NAMES)
    for place, (stage, _) in enumerate(STAGES[:-1]):
        for code in [codes[0], *codes[1 + place % 3 : 9 + place % 3]]:
            add_country(network, code, stage, round(1 / (2 + codes.index(code)), 3))
    network.add_node("use/USA", kind="market", label="United States", stage="use", country="USA")
    pools = [node for node, cells in network.nodes(data=True) if cells["kind"] == "country"]
    number = 0
    while len(network) < size:
        cells = network.nodes[pools[(number * 7) % len(pools)]]
        name = f"{cells['label']} {cells['stage']} works {number}"
        add_site(network, name, cells["country"], cells["stage"])
        number += 1
    order = [stage for stage, _ in STAGES]
    for place, source in enumerate(pools):
        following = order[order.index(network.nodes[source]["stage"]) + 1]
        targets = [node for node in pools if network.nodes[node]["stage"] == following]
        for target in (targets or ["use/USA"])[place % 3 :: 3]:
            add_arc(network, source, target, "trade", quantity=float(place + 1), unit="t")
    return network


def _line_label(node: str, cells: Mapping[str, Any]) -> str:
    """The name of a line, as a report has it."""
    label, stage = cells.get("label", node), cells.get("stage", "")
    country = cells.get("kind", "country") == "country" and stage
    return place_at(label, stage) if country else str(label)


def findings_for(network: Network, *losses: tuple[str, float | None]) -> Chokepoints:
    """A chokepoint report that gives these nodes these losses."""
    points = []
    for rank, (node, loss) in enumerate(losses, 1):
        cells = network.nodes[node]
        points.append(
            Chokepoint(
                rank=rank,
                id=node,
                label=_line_label(node, cells),
                kind=cells.get("kind", "country"),
                stage=cells.get("stage", ""),
                country=cells.get("country", ""),
                loss=loss,
                loss_low=None if loss is None else max(0.0, loss - 0.04),
                loss_high=loss,
                event="outage",
                limited_by=("Dy",),
                limited_at=cells.get("stage", ""),
                share=cells.get("share"),
                coverage=0.62,
                basis="contained Dy oxide",
                year=2024,
                rows=cells.get("rows", ()),
                assumptions=("assumptions/recovery",),
            )
        )
    return Chokepoints(
        view=ViewSummary("", {"release": "2026-11-24"}),
        element=network.graph["element"],
        title=network.graph["element"],
        market=network.graph["market"],
        market_label=network.graph["market"],
        stages=(),
        chokepoints=tuple(points),
        assumptions=(RECOVERY,),
        notes=("Stocks are not counted.",),
    )


def small_findings() -> Chokepoints:
    return findings_for(
        small_network(),
        ("separation/CHN", 0.99),
        ("metal/CHN", 0.95),
        ("magnet/CHN", 0.71),
        ("mine/MMR", 0.46),
        ("magnet/JPN", 0.2),
        ("alloy/JPN", None),
    )


def add_stage_figures(network: Network) -> Network:
    """Give a network the splits of two stages, one of weak sources in part, and two years."""
    for row, tier in (("s/chn", 1), ("s/mys", 2), ("m/chn", 1), ("m/mmr", 3), ("y/2023", 1)):
        source = {"publisher": "P", "title": row, "published": "2025", "tier": tier, "url": ""}
        network.graph["evidence"][row] = {"text": row, "sources": [source]}
    separation = {
        "CHN": Share(0.992, 0.99, 0.992, None, ("s/chn",)),
        "MYS": Share(0.008, 0.006, 0.008, None, ("s/mys",)),
    }
    mine = {
        "MMR": Share(0.46, 0.46, 0.46, None, ("m/mmr",)),
        "CHN": Share(0.54, 0.5, 0.6, None, ("m/chn",)),
    }
    network.graph["splits"] = {
        "mine": Split("mine", 2024, "x", 3, "world, as the share is printed", None, mine, 0.0),
        "separation": Split("separation", 2024, "x", 1, "line sum", None, separation, 0.0),
    }
    network.graph["series"] = (year_of(2022, "y/2022", 0.7), year_of(2023, "y/2023", 0.8))
    return network


def year_of(year: int, row: str, share: float) -> ConcentrationYear:
    """A year of the mine stage that China leads."""
    index = 1e4 * (share**2 + (1 - share) ** 2)
    return ConcentrationYear(
        stage="mine", rank=3, material="rare-earths", year=year, hhi=index, hhi_low=index,
        hhi_high=index, hhi_countries=index, top3=1.0, leader="CHN", leader_label="China",
        share=share, countries=2, rest=0.0, denominator="line sum", basis="reo", series=("x",),
        rows=(row,), shares={"CHN": share, "MMR": 1 - share},
        broken="" if year == 2022 else "series: w to x",
    )  # fmt: skip


def add_policy(network: Network, source: str, target: str) -> None:
    """Let a control bind the arcs between two nodes, and another that is not in force."""
    for row in ("policy/a", "policy/b"):
        add_evidence(network, row, f"The rule of {row}.")
    rule = {"country": "CHN", "kind": "export-licence", "remarks": ("Not read: something.",)}
    network.graph["policies"] = {
        "binds": {"title": "Licence <b>18</b>", "state": "in force", "in_force": True,
                  "rows": ("policy/a",), **rule},
        "sleeps": {"title": "Sleeping ban", "state": "suspended", "in_force": False,
                   "rows": ("policy/b",), **rule},
    }  # fmt: skip
    for cells in network.get_edge_data(source, target).values():
        cells["policies"] = ("sleeps", "binds")


def overlapping(places: Iterable[CardPlace]) -> list[tuple[CardPlace, CardPlace]]:
    return [
        (a, b)
        for a, b in itertools.combinations(places, 2)
        if abs(a.x - b.x) < (a.width + b.width) / 2 and abs(a.y - b.y) < (a.height + b.height) / 2
    ]
