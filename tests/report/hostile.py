"""A network of hostile text, for the page tests."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from monazite.model.network.shares import Share, Split
from tests.report.networks import STAGES, empty_network, year_of

if TYPE_CHECKING:
    import networkx as nx

HOSTILE = (
    "</script><script>window.hacked=1</script>",
    "<img src=x onerror=window.hacked=1>",
    "javascript:window.hacked=1",
    "abc\u202egnp.exe",
    "nul\x00bell\x07escape\x1b[31m\u2028line\u2029end",
    "W" * 10_000,
    "🧲👩‍🔬 magnet 磁铁",
    "<!-- --><script>window.hacked=1</script>",
    '" onfocus="window.hacked=1" autofocus="',
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp; <b>bold</b>",
    "none\ufffe\ufdd0\U0001ffff csi\x9b31m\x85line\u200bblank\ud800half",
    "",
)


def hostile_network() -> nx.MultiDiGraph[str]:
    """Every text cell hostile, and many cells of the wrong type or missing."""
    network = empty_network(
        element=HOSTILE[0], market=HOSTILE[1], view={HOSTILE[0]: HOSTILE[1], "tier": None}
    )
    for number, text in enumerate(HOSTILE):
        node = f"{text}{number}"
        network.add_node(node, label=text, stage=STAGES[number % 5][0], rows=(text, "none"))
        network.nodes[node].update(
            kind=("country", "site", "rest", "firm", "market", "gap", text)[number % 7],
            label_zh=text, country=text, country_label=text, unit=text, basis=text, note=text,
            text=text, quantity=(1.0, None, float("nan"))[number % 3],
            share=(0.5, None)[number % 2], status=text, status_sure=text, status_rows=(text,),
            operators=((text, text),), facility=text,
        )  # fmt: skip
        rule = dict.fromkeys(("title", "country", "kind", "state"), text)
        network.graph.setdefault("policies", {})[text] = {
            **rule, "in_force": bool(number % 2), "rows": (text,), "remarks": (text,)
        }  # fmt: skip
        source = dict.fromkeys(("title", "publisher", "published", "tier", "url"), text)
        network.graph["evidence"][text] = {"text": text, "sources": [source]}
    network.add_node("bare")
    network.add_node("__proto__", label="__proto__", stage="mine")
    nodes = sorted(network)
    for number, (source_node, target) in enumerate(pairwise(nodes)):
        network.add_edge(
            source_node, target, key="k", label=HOSTILE[1], material=HOSTILE[number % len(HOSTILE)],
            kind="trade", policies=HOSTILE,
        )  # fmt: skip
    add_hostile_figures(network)
    network.add_edge(nodes[0], nodes[0], key="self", kind=HOSTILE[0], unit=HOSTILE[1])
    return network


def add_hostile_figures(network: nx.MultiDiGraph[str]) -> None:
    """Shares and years whose places, bases and remarks are hostile."""
    shares = {text: Share(0.1, 0.0, 0.2, None, (text,)) for text in HOSTILE[:6]}
    network.graph["splits"] = {
        stage: Split(stage, 2024, HOSTILE[1], 2, HOSTILE[0], None, shares, 0.4)
        for stage, _ in STAGES[:2]
    }
    line = year_of(2020, HOSTILE[0], 0.5)
    network.graph["series"] = (
        replace(line, leader_label=HOSTILE[0], note=HOSTILE[1], broken=HOSTILE[7],
                denominator=HOSTILE[8], shares=dict.fromkeys(HOSTILE, 0.1)),
    )  # fmt: skip
