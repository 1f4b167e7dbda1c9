from __future__ import annotations

import re
from typing import TYPE_CHECKING

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.shares.concentration import hhi
from monazite.network.attributes import NetworkNode
from monazite.network.shares import Share, Split
from monazite.pages.graph.page import graph_html
from monazite.pages.graph.source_tiers import (
    StageFigures,
    stage_figures,
    tier_of,
    tier_of_node,
    within,
)
from monazite.pages.graph.stage_panel import earlier_lines, stage_line
from tests.pages.networks import add_stage_figures, small_network

if TYPE_CHECKING:
    from monazite.pages.graph.source_tiers import RemainingFigures

EVIDENCE = {
    "law": {"sources": [{"tier": 1}]},
    "news": {"sources": [{"tier": "3"}]},
    "both": {"sources": [{"tier": 3}, {"tier": 2}]},
    "assumption": {"text": "about 90 %", "sources": []},
}


def test_what_rests_on_several_rows_is_as_good_as_the_worst() -> None:
    assert tier_of(EVIDENCE, ("law", "both")) == 2
    assert tier_of(EVIDENCE, ("law", "both", "news")) == 3
    assert tier_of(EVIDENCE, ("law", "assumption")) == 4
    assert tier_of(EVIDENCE, ()) == tier_of(EVIDENCE, None) == tier_of(EVIDENCE, "gone") == 4


def test_a_site_is_there_if_one_good_row_says_so_and_a_gap_needs_none() -> None:
    rows = ("news", "law")
    assert tier_of_node(EVIDENCE, NetworkNode("a", {"kind": "site", "rows": rows})) == 1
    assert tier_of_node(EVIDENCE, NetworkNode("a", {"kind": "country", "rows": rows})) == 3
    assert tier_of_node(EVIDENCE, NetworkNode("a", {"kind": "gap", "rows": ()})) == 1


def figures(
    *shares: tuple[str, float, int], base: int = 1, rest: float = 0.0, denominator: str = "world"
) -> StageFigures:
    plain = tuple((*share, "") for share in shares)
    return StageFigures("mine", "Mine", 2024, denominator, base, plain, rest, False)


def test_a_dropped_country_joins_what_nobody_splits() -> None:
    stage = figures(("A", 0.6, 1), ("B", 0.3, 3), ("C", 0.1, 2))
    assert within(stage, 4).hhi == 4600.0  # 60² + 30² + 10²
    left = within(stage, 2)
    assert (left.hhi, left.hhi_high, left.countries) == (3700.0, 4600.0, 2)
    assert (left.leader, left.share) == ("A", 0.6)


def test_where_more_than_half_is_not_split_there_is_no_index() -> None:
    left = within(figures(("A", 0.6, 3), ("B", 0.4, 1)), 2)
    assert (left.leader, left.share, left.hhi, left.countries) == (None, None, None, 1)


def test_a_base_that_breaks_leaves_nothing_known() -> None:
    stage = figures(("A", 0.6, 1), ("B", 0.4, 3), base=3, denominator="line sum")
    assert within(stage, 3).hhi == 5200.0
    assert within(stage, 2).hhi is None
    line = stage_line(stage, 2)
    assert {line["leader"], line["share"], line["hhi"]} == {"not known"}


SHARES = st.lists(st.tuples(st.floats(0.001, 1), st.integers(1, 4)), min_size=1, max_size=8)


@given(SHARES, st.floats(0, 0.5), st.integers(1, 4))
def test_a_stricter_tier_never_tells_more(
    parts: list[tuple[float, int]], rest: float, tier: int
) -> None:
    total = sum(part for part, _ in parts) / (1 - rest)
    shares = sorted(
        ((f"c{n}", part / total, of) for n, (part, of) in enumerate(parts)), key=lambda s: -s[1]
    )
    stage = figures(*shares, rest=rest)
    every: RemainingFigures = within(stage, 4)
    some = within(stage, tier)
    assert some.countries <= every.countries
    if some.hhi is not None:
        assert every.hhi is not None
        assert some.hhi <= every.hhi + 1e-5
        assert some.hhi_high is not None
        # What dropped may be one country or many: the true index lies between.
        assert some.hhi_high >= every.hhi - 1e-5
        assert abs(every.hhi - hhi(share for _, share, _ in shares)) < 1e-5


def split(denominator: str, **more: object) -> Split:
    shares = {
        "CHN": Share(0.7, 0.7, 0.7, 700.0, ("law",)),
        "MMR": Share(0.3, 0.3, 0.3, 300.0, ("news",)),
    }
    return Split("mine", 2024, "reo", 1, denominator, 1000.0, shares, 0.0, **more)  # type: ignore[arg-type]


def test_the_base_is_the_total_or_all_lines_or_the_world_itself() -> None:
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph(
        stages=(("mine", "Mine"),), evidence=EVIDENCE, splits={"mine": split("line sum")}
    )
    assert stage_figures(network)[0].base == 3
    network.graph["splits"] = {"mine": split("printed total", total_rows=("both",))}
    assert stage_figures(network)[0].base == 2
    network.graph["splits"] = {"mine": split("world, as the share is printed")}
    [found] = stage_figures(network)
    assert (found.base, found.shares) == (1, (("CHN", 0.7, 1, ""), ("MMR", 0.3, 3, "")))


def test_the_page_says_the_shares_without_scripts_too() -> None:
    network = add_stage_figures(small_network())
    text = graph_html(network)
    [row] = re.findall(r'<tr data-stage="separation">.*?</tr>', text)
    for part in ("2024", "China", "<td>99\N{NO-BREAK SPACE}%</td>", "9,841", "line sum"):
        assert part in row
    lines = earlier_lines(network)
    assert [line["year"] for line in lines] == ["2023", "2022"]
    assert lines[0]["base"] == "line sum; not comparable with the year before: series: w to x"
    assert (lines[0]["leader"], lines[0]["hhi"]) == ("China", "6,800")  # 80² + 20²
    assert "Earlier years: who led each stage, as rows print it (2)" in text
