"""Courses and widths of links."""

from __future__ import annotations

from monazite.pages.graph.layout import lay_out
from monazite.pages.graph.links import draw_arcs
from tests.pages.networks import (
    add_arc,
    add_country,
    empty_network,
    small_network,
)


def test_parallel_arcs_take_different_courses() -> None:
    network = empty_network()
    for stage in ("mine", "separation"):
        add_country(network, "CHN", stage, 0.9)
    for material in "abcdefgh":
        add_arc(network, "mine/CHN", "separation/CHN", "trade", material=material)
    add_arc(network, "separation/CHN", "mine/CHN", "trade", material="scrap")
    add_arc(network, "mine/CHN", "mine/CHN", "trade")
    arcs = draw_arcs(network, lay_out(network))
    assert len({arc.path for arc in arcs}) == len(arcs) == 10


def test_arcs_within_a_column_run_beside_the_cards() -> None:
    network = small_network()
    layout = lay_out(network)
    [arc] = [
        arc
        for arc in draw_arcs(network, layout)
        if (arc.source, arc.target) == ("separation/CHN", "separation/FRA")
    ]
    source = layout.places["separation/CHN"]
    turn = float(arc.path.split("C")[1].split()[0])
    assert turn > source.x + source.width / 2 + 10
    assert arc.tip is not None
    assert arc.tip[2] == 180


def test_widths_compare_only_quantities_in_one_unit() -> None:
    network = empty_network()
    for code, stage in (("CHN", "mine"), ("AUS", "mine"), ("CHN", "separation")):
        add_country(network, code, stage, 0.5)
    add_arc(network, "mine/CHN", "separation/CHN", "trade", quantity=1000.0, unit="t REO")
    add_arc(network, "mine/AUS", "separation/CHN", "trade", quantity=10.0, unit="t REO")
    add_arc(network, "mine/AUS", "separation/CHN", "trade", quantity=1.0, unit="t metal")
    add_arc(network, "mine/AUS", "separation/CHN", "trade", quantity=None, unit="t REO")
    widths = {
        (arc.cells.quantity, arc.cells.unit): arc.width
        for arc in draw_arcs(network, lay_out(network))
    }
    assert widths[1000.0, "t REO"] == widths[1.0, "t metal"] == 7
    assert widths[None, "t REO"] < widths[10.0, "t REO"] < 7
