"""A network as a file: title, legend, source and date round it, and the states of its sites."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from monazite.pages.graph.document import credit, graph_svg, state_legend
from monazite.pages.graph.state_marks import state_path
from monazite.pages.graph.svg import draw
from tests.pages.networks import small_findings, small_network


def words(text: str) -> str:
    space = "{http://www.w3.org/2000/svg}"
    return " ".join(
        "".join(e.itertext()) for e in ElementTree.fromstring(text).iter(f"{space}text")
    )


def test_a_file_has_title_legend_source_and_date() -> None:
    network = small_network()
    network.graph["date"] = "2026-11-24"
    said = words(graph_svg(network, small_findings()))
    assert "The largest loss is China separation" in said
    assert "Dysprosium: supply chain to the United States" in said
    assert "Sites and controls as of 24 Nov 2026." in said
    assert "Release of 24 Nov 2026, tier 2 or better." in said
    assert "CC BY 4.0" in said
    for kind in ("Country at a stage", "Market", "Trade (customs)", "the more is lost"):
        assert kind in said


def test_the_credit_names_the_publishers_that_say_most() -> None:
    network = small_network()
    first = next(iter(network))
    network.nodes[first]["rows"] = ("table/a", "table/b", "table/c")
    network.graph["evidence"] = {
        "table/unseen": {"sources": [{"publisher": "Nobody's card"}]},
        "table/a": {"sources": [{"publisher": "USGS"}, {"publisher": "Monazite"}]},
        "table/b": {"sources": [{"publisher": "Argus"}]},
        "table/c": {"sources": [{"publisher": "Argus"}]},
    }
    assert credit(network).startswith("Sources: Argus and 1 more. ")
    network.graph["view"] = {"release": "2026-11-24"}
    assert credit(network).startswith("Sources: Argus, USGS. ")


def test_the_frame_covers_no_card() -> None:
    root = ElementTree.fromstring(graph_svg(small_network(), small_findings()))
    space = "{http://www.w3.org/2000/svg}"
    inner = next(g for g in root.findall(f"{space}g") if g.find(f"{space}rect") is not None)
    top = float(re.findall(r"[\d.]+", inner.get("transform", ""))[1])
    titles = [float(t.get("y", 0)) for t in root.findall(f"{space}text")]
    assert min(titles) < top
    assert max(titles) > top + draw(small_network()).layout.height


def test_the_mark_of_a_site_tells_its_state_and_the_name_of_a_closed_one_is_struck() -> None:
    network = small_network()
    sites = [node for node, cells in network.nodes(data=True) if cells.get("kind") == "site"][:2]
    network.nodes[sites[0]]["status"] = "closed"
    network.nodes[sites[1]]["status"] = "under construction"
    picture = draw(network)
    marks = {card.node: card.mark for card in picture.all_cards}
    assert marks[sites[0]] == state_path("closed", 6.5)
    assert marks[sites[1]] == state_path("planned", 6.5)
    text = graph_svg(network)
    assert text.count('class="strike"') >= 1
    assert {"closed", "planned or being built"} <= {key for _, key in state_legend(picture)}
    assert "planned or being built" in words(text)
