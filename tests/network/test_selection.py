from __future__ import annotations

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from monazite.network.selection import find_nodes, select
from tests.pages.networks import small_network


def test_what_is_around_a_name_reaches_as_far_as_the_hops() -> None:
    network = small_network()
    assert set(select(network, around="Lynas Malaysia", hops=0)) == {"separation/Lynas Malaysia"}
    one = set(select(network, around="lynas malaysia"))
    assert one == {
        *("separation/Lynas Malaysia", "separation/MYS", "mine/Lynas Mt Weld"),
    }
    two = select(network, around="Lynas Malaysia", hops=2)
    assert set(two) == one | {"mine/AUS"}
    assert [code for code, _ in two.graph["stages"]] == ["mine", "separation"]


def test_a_country_is_all_its_stages_and_what_is_named_is_never_left_out() -> None:
    network = small_network()
    assert find_nodes(network, "中国") == find_nodes(network, "chn") == find_nodes(network, "China")
    assert find_nodes(network, "china") == {
        node for node in network if node.endswith("/CHN") and not node.startswith("gap")
    }
    alone = select(network, around="Pangwa", top=0)
    assert set(alone) == {"mine/Pangwa", "mine/MMR"}


def test_a_path_holds_every_node_of_every_route_and_nothing_else() -> None:
    network = small_network()
    found = set(select(network, path=("Myanmar", "metal/VNM")))
    # By hand: Myanmar -> China -> Vietnam; the arc from China to France ends there, as only the
    # plant in France has one to Vietnam.
    assert found == {"mine/MMR", "separation/CHN", "metal/VNM"}
    with pytest.raises(NotKnownError, match="No known route leads"):
        select(network, path=("Japan", "Myanmar"))


def test_stages_are_codes_or_labels_and_the_rest_goes() -> None:
    found = select(small_network(), stages=["Metal", "alloy"])
    assert {cells["stage"] for _, cells in found.nodes(data=True)} == {"metal", "alloy"}
    assert found.graph["stages"] == (("metal", "Metal"), ("alloy", "Alloy"))
    with pytest.raises(UnknownNameError, match='did you mean "metal"'):
        select(small_network(), stages=["metl"])
    with pytest.raises(NotKnownError, match="Nothing in the network"):
        select(small_network(), around="Pangwa", hops=0, stages=["metal"])


def test_names_that_fit_none_or_several_are_told() -> None:
    network = small_network()
    assert find_nodes(network, "pangwa") == {"mine/Pangwa"}
    assert find_nodes(network, "general mot") == {"use/General Motors"}
    with pytest.raises(UnknownNameError, match="Lynas Malaysia; Lynas Mt Weld"):
        find_nodes(network, "lynas")
    with pytest.raises(UnknownNameError, match='did you mean "Pangwa"'):
        find_nodes(network, "Pangwe")
