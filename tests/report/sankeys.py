"""Sankey pictures for the page tests: a small one by hand, and a hostile one."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import strategies as st

from monazite.core.tables import Table
from monazite.report.sankey.balance_picture import Sankey, SankeyLink, SankeyNode
from monazite.report.sankey.page import Bar, SankeyLayout
from tests.report.hostile import HOSTILE

COLUMNS = ("Mine", "Separation", "Use")


def node(name: str, column: int, kind: str, value: float | None, label: str = "") -> SankeyNode:
    return SankeyNode(name, label or name.upper(), column, kind, value, f"{name}: {value}")


def link(source: str, target: str, value: float, kind: str) -> SankeyLink:
    return SankeyLink(source, target, value, kind, f"{source} to {target}: {value} t")


def small_sankey() -> Sankey:
    """Two mines and what no row prints feed two plants; one use, one tonne nobody finds again."""
    nodes = (
        node("b", 0, "country", 3.0),
        node("a", 0, "country", 7.0),
        node("feed", 0, "gap", 1.0, "Feed that no row prints"),
        node("alloy", 1, "gap", None, "Shares of alloy"),
        node("c", 1, "country", 8.0),
        node("d", 1, "rest", 3.0, "Rest of the world"),
        node("motors", 2, "use", None),
        node("lost", 2, "gap", 1.0, "Not traced to a use"),
    )
    links = (
        link("a", "c", 7.0, "domestic"),
        link("b", "d", 3.0, "trade"),
        link("feed", "c", 1.0, "gap"),
        link("c", "motors", 7.0, "trade"),
        link("c", "lost", 1.0, "gap"),
        link("d", "motors", 3.0, "trade"),
    )
    return Sankey("Dy: what flows", "t Dy", COLUMNS, nodes, links, ("A remark.",))


def crowded_sankey(count: int = 40) -> Sankey:
    """A column of many: one large, the others ever smaller, and gaps among them."""
    nodes = [
        node(f"m{i}", 0, "gap" if i % 5 == 4 else "country", 100 / (i + 1), f"Mine number {i}")
        for i in range(count)
    ]
    links = [
        link(mine.id, "plant", mine.value or 0.0, "gap" if mine.kind == "gap" else "trade")
        for mine in nodes
    ]
    nodes.append(node("plant", 1, "country", None, "A plant with a name that is far too long"))
    return Sankey("Crowded", "t", COLUMNS, tuple(nodes), tuple(links), ())


def hostile_sankey() -> Sankey:
    """Every text hostile."""
    nodes = tuple(
        SankeyNode(f"{text}{i}", text, i % 3, ("country", "gap", text)[i % 3], 1.0 + i, text)
        for i, text in enumerate(HOSTILE)
    )
    links = tuple(
        SankeyLink(nodes[i].id, nodes[i + 1].id, 1.0, text, text)
        for i, text in enumerate(HOSTILE[:-1])
    )
    return Sankey(HOSTILE[0], HOSTILE[1], HOSTILE[2:5], nodes, links, HOSTILE)


def hostile_table() -> Table:
    return Table(HOSTILE[0], HOSTILE[:3], [HOSTILE[3:6], HOSTILE[6:9]], HOSTILE, HOSTILE[1:2])


def small_table() -> Table:
    rows = [[one.source, one.target, f"{one.value:g}"] for one in small_sankey().links]
    return Table("What flows", ("from", "to", "t Dy"), rows, ("In Dy.",), right=("t Dy",))


def in_columns(placed: SankeyLayout) -> dict[float, list[Bar]]:
    columns: dict[float, list[Bar]] = defaultdict(list)
    for bar in placed.bars:
        columns[bar.x].append(bar)
    return columns


@st.composite
def sankeys(draw: st.DrawFn) -> Sankey:
    """Draw bars in up to four columns, and bands between any two of them, back ones too."""
    count = draw(st.integers(1, 40))
    value = st.one_of(st.just(0.0), st.floats(1e-6, 1e6))
    kinds = st.sampled_from(["country", "rest", "use", "gap"])
    nodes = tuple(
        node(f"n{i}", draw(st.integers(0, 3)), draw(kinds), draw(st.none() | value))
        for i in range(count)
    )
    ends = st.integers(0, count - 1)
    links = tuple(
        link(f"n{a}", f"n{b}", draw(value), draw(st.sampled_from(["domestic", "trade", "gap"])))
        for a, b in draw(st.lists(st.tuples(ends, ends), max_size=40))
    )
    return Sankey("T", "t", ("A", "B", "C", "D"), nodes, links, ())
