"""The page, the file and the frame of a network: what they say, and of what quality."""

from __future__ import annotations

import copy
import json
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite import graph
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.shares import hhi
from monazite.core.errors import UnknownNameError, UnreadableError
from monazite.core.formats import visible
from monazite.model.network.attributes import Network, NetworkNode
from monazite.model.network.shares import Share, Split
from monazite.report.drawing.templates import LICENCE
from monazite.report.graph.cards import state_path
from monazite.report.graph.details import (
    StageFigures,
    earlier_lines,
    stage_figures,
    stage_line,
    tier_of,
    tier_of_node,
    within,
)
from monazite.report.graph.network_page import GraphPage, graph_html
from monazite.report.graph.svg import (
    answer,
    credit,
    draw,
    drawn_parts,
    graph_svg,
    iframe,
    state_legend,
)
from tests.report.diagrams import small_backbone
from tests.report.elements import Reader
from tests.report.hostile import HOSTILE, hostile_network
from tests.report.networks import (
    add_stage_figures,
    empty_network,
    findings_for,
    small_findings,
    small_network,
)

if TYPE_CHECKING:
    from monazite.report.graph.details import RemainingFigures


def block_of(page: str, name: str) -> Any:
    """The JSON that a page holds under a name."""
    [text] = re.findall(rf'<script [^>]*id="{name}"[^>]*>(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def test_the_panel_has_whole_what_the_picture_shortens() -> None:
    page = graph_html(hostile_network(), title=HOSTILE[0])
    titles = {entry["title"] for entry in block_of(page, "details")}
    assert {visible(text) for text in HOSTILE if text} <= titles
    nodes = block_of(page, "drawing")["nodes"]
    assert max(len(node["label"]) for node in nodes) < 40
    assert "\u202e" not in json.dumps(nodes, ensure_ascii=False)


def test_pyvis_holds_every_node_and_link_in_its_place() -> None:
    network = small_network()
    page = graph_html(network, findings=small_findings())
    drawing = block_of(page, "drawing")
    assert len(drawing["nodes"]) == len(network)
    assert len(drawing["edges"]) == network.number_of_edges()
    assert all(node["x"] > 0 < node["y"] and node["fixed"] is True for node in drawing["nodes"])
    assert {edge["arrows"] for edge in drawing["edges"]} == {"to"}
    assert block_of(page, "view")["tier"] == 2
    assert LICENCE in unescape(page)


def test_facts_are_numbered_once_with_their_sources() -> None:
    page = Reader(graph_html(small_network(), findings=small_findings()))
    listed = [str(cells["id"]) for cells in page.all("li") if "id" in cells]
    facts = [name for name in listed if name.startswith("fact-")]
    assert facts == [f"fact-{number}" for number in range(1, len(facts) + 1)]
    assert listed == [*facts, "source-1"]
    assert "#source-1" in {cells["href"] for cells in page.all("a")}
    out = [cells for cells in page.all("a") if "target" in cells]
    assert {cells["rel"] for cells in out} == {"noopener noreferrer"}


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil.example"),
        *("https://a b", "https://a\u202eb.example", None, 7),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url: object) -> None:
    network = empty_network(evidence={"r": {"text": "t", "sources": [{"title": "x", "url": url}]}})
    network.add_node("a", rows=("r",))
    page = Reader(graph_html(network))
    assert [cells for _, cells in page.elements if "target" in cells] == []


def test_an_empty_network_is_a_page() -> None:
    assert "<h1>" in graph_html(nx.MultiDiGraph())
    none = Chokepoints("Dy", "Dysprosium", "USA", "United States", (), ())
    assert "not known" in graph_html(empty_network(), findings=none)


def made_page() -> GraphPage:
    return GraphPage(small_network(), small_findings())


def test_it_can_be_hashed_compared_and_says_what_it_is_in_a_line() -> None:
    made = made_page()
    assert {made, made} == {made}
    assert made == made_page()
    assert made != GraphPage(small_network(), small_findings(), "Another heading")
    assert len(repr(made)) < 200
    assert repr(made).startswith("<GraphPage ")
    frame = made.to_dataframe()
    assert len(frame) == len(made.network)
    assert {"title", "stage", "loss"} <= set(frame.columns)
    assert [len(table.rows) > 0 for table in made.tables()] == [True, True]
    assert set(made.to_dict()) == {"view", "title", "answer", "nodes", "links", "sources"}


def test_a_file_is_written_by_its_ending_and_whole(tmp_path: Path) -> None:
    for ending, begins in (("html", b"<!doctype html>"), ("SVG", b"<svg"), ("png", b"\x89PNG")):
        made_page().write(tmp_path / f"dy.{ending}")
        assert (tmp_path / f"dy.{ending}").read_bytes().startswith(begins)
    path = tmp_path / "dy.html"
    graph(small_network(), path, findings=small_findings(), title="磁铁")
    assert "<h1><bdi>磁铁</bdi></h1>" in path.read_text(encoding="utf-8")
    assert len([*tmp_path.iterdir()]) == 3


def test_with_a_backbone_that_is_the_picture_in_the_page_and_in_each_file() -> None:
    made = GraphPage(small_network(), small_findings(), backbone=small_backbone())
    for text in (made.html, made.svg):
        assert "Separation" in text
        assert 'class="backbone' in text
    assert made.png(width=300)[1:4] == b"PNG"
    with pytest.raises(UnknownNameError):
        made.png(width=-1)
    assert made.iframe("dy.html") != made_page().iframe("dy.html"), "it has another height"


def test_the_frame_holds_the_page_or_names_it() -> None:
    made = made_page()
    assert made.iframe("dy graph.html").startswith('<iframe src="dy%20graph.html" title="')
    assert made.iframe().startswith("<iframe srcdoc=")


def test_a_copy_in_depth_leaves_the_view_behind() -> None:
    network = Network()
    network.built_by = object()
    network.add_node("a")
    assert network.copy().built_by is network.subgraph(["a"]).built_by is network.built_by
    assert copy.deepcopy(network).built_by is None
    assert set(copy.deepcopy(network)) == {"a"}


def test_a_failed_write_leaves_the_old_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "dy.html"
    path.write_text("old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(UnreadableError, match="No space"):
        graph(small_network(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_ending_that_is_no_page_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be written"):
        graph(small_network(), tmp_path / "no" / "dy.html")
    for write in (lambda file: graph(small_network(), file), made_page().write):
        with pytest.raises(UnknownNameError, match=r'A page is .html, .svg or .png, not "x.pdf"'):
            write(tmp_path / "x.pdf")
    assert list(tmp_path.iterdir()) == []


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


def test_the_page_holds_the_same_picture_as_the_svg() -> None:
    network = small_network()
    document = drawn_parts(draw(network))
    assert document in graph_svg(network)
    inside = re.findall(r'<g class="(?:card|arc) .*?</g>', document, re.DOTALL)
    page = graph_html(network)
    assert len(inside) == len(network) + network.number_of_edges()
    assert all(part in page for part in inside)


def test_the_answer_is_made_of_the_findings() -> None:
    text = answer(small_network(), small_findings()).replace("\N{NO-BREAK SPACE}", " ")
    assert text == (
        "The largest loss is China separation: its shutdown would take an unknown part in the "
        "first year, 99 % for good (from 95 % to 99 %)."
    )


def test_an_unknown_loss_is_said_to_be_not_known() -> None:
    network = small_network()
    text = answer(network, findings_for(network, ("mine/CHN", None)))
    assert text == "The United States' loss of dysprosium is not known."
    assert answer(network, None) == ""


def attributes(**given: str) -> dict[str, str | None]:
    ((tag, found),) = Reader(iframe('Dy "x" <b>', (1120, 100), **given)).elements
    assert tag == "iframe"
    return dict(found)


def test_a_page_is_held_whole_as_text() -> None:
    page = '<p title="a">&amp;</p><script>f()</script></iframe>'
    found = attributes(page=page)
    assert found["srcdoc"] == page
    assert found["title"] == 'Dy "x" <b>'
    assert "src" not in found


def test_an_address_is_one_that_needs_no_quotes() -> None:
    assert attributes(src='a b".html')["src"] == "a%20b%22.html"


def test_scripts_reach_nothing_round_it() -> None:
    allowed = str(attributes(src="a")["sandbox"]).split()
    assert "allow-scripts" in allowed
    assert "allow-same-origin" not in allowed
    assert "allow-top-navigation" not in allowed


def test_the_height_follows_the_picture() -> None:
    low, high = (Reader(iframe("", (1120, tall), src="a")).elements[0][1] for tall in (100, 300))
    assert int(str(dict(high)["height"])) - int(str(dict(low)["height"])) == 200
    assert 'height="' in iframe("", (0, 0), src="a")


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
