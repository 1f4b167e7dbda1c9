"""The backbone: cards, ribbons and marks, where they stand, what they say, as page and as file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest

from monazite.analysis.countries_of_chain import Backbone
from monazite.report.chain_diagram.cards import (
    STATUSES,
    cards_of,
    loss_step,
    mix_lines,
    ribbon_words,
    status_mark,
    subtitle,
    taken_words,
)
from monazite.report.chain_diagram.layout import FULL, PAPER, SCREEN, PictureSizes, lay_out
from monazite.report.chain_diagram.page import NARROW, SHEET, backbone_html, sheet_svg, stack_svg
from monazite.report.chain_diagram.svg import backbone_svg, hatches, share_bar, state_mark, whisker
from tests.report.diagrams import (
    LINES,
    PLACES,
    SITES,
    hostile_backbone,
    place,
    small_backbone,
    unknown_backbone,
)


def names(stage: str) -> list[str]:
    return [card.name for card in cards_of(small_backbone()).at(stage)]


def test_three_countries_stand_alone_and_the_leader_of_the_chain_first() -> None:
    assert names("mine") == ["China", "Myanmar", "Laos", "Other countries"]
    assert names("separation") == ["China"]
    assert names("metal") == ["China", "Rest of the world"]
    assert names("alloy") == []
    assert loss_step(-0.2) == "none", "a gain is no loss"


def test_folded_countries_tell_the_worst_of_their_losses_and_all_their_sites() -> None:
    *_, others = cards_of(small_backbone()).at("mine")
    assert [each.code for each in others.places] == ["AUS", "RUS"]
    assert (others.loss, others.ends, others.code) == (0.02, None, "")
    assert others.share == 0.03
    assert dict(others.counts) == {
        "operating": 1, "partly": 1, "planned": 2, "suspended": 1, "closed": 1, "unknown": 1,
    }  # fmt: skip
    assert [status_mark(each.status) for each in SITES[:2]] == ["operating", "partly"]


def test_a_single_small_country_keeps_its_name() -> None:
    assert names("magnet") == ["China", "Japan"]
    small = place("magnet", "LAO", 0.01)
    found = cards_of(small_backbone(places=(*PLACES, small)))
    assert [card.name for card in found.at("magnet")] == ["China", "Japan", "Laos"]


def test_a_loss_of_a_twentieth_is_enough_for_a_card() -> None:
    small = place("metal", "JPN", 0.01, point=LINES[4])
    found = cards_of(small_backbone(places=(*PLACES, small)))
    assert [card.name for card in found.at("metal")][:2] == ["China", "Japan"]


def test_ribbons_add_up_and_widen_at_the_market() -> None:
    found = cards_of(small_backbone())
    mine, _, _, others = found.at("mine")
    parts = {ribbon.source: ribbon.part for ribbon in found.ribbons if ribbon.target}
    assert (parts[mine], parts[others]) == (0.31, 0.03)
    china, japan = found.to_market()
    assert (china.arriving, japan.arriving) == (0.94, 0.06)
    assert round(china.part or 0, 4) == round(0.04 * 0.94, 4)
    assert china.controls == ("gac-18",)


@pytest.mark.parametrize("sizes", [SCREEN, PAPER])
def test_cards_do_not_overlap_and_fit(sizes: PictureSizes) -> None:
    for backbone in (small_backbone(), unknown_backbone(), hostile_backbone()):
        found = lay_out(cards_of(backbone), sizes)
        boxes = [*found.boxes.values(), found.market]
        for one, other in combinations(boxes, 2):
            apart = one.right <= other.x or other.right <= one.x
            assert apart or one.foot <= other.y or other.foot <= one.y
        assert max(box.right for box in boxes) <= sizes.width + 1e-6
        assert max(box.foot for box in boxes) <= found.height


def test_heights_follow_shares_and_widths_follow_flows() -> None:
    found = lay_out(cards_of(small_backbone()))
    [metal, *_] = found.cards.at("metal")
    assert found.boxes[metal.id].height == pytest.approx(0.95 * FULL)
    [ribbon] = [
        each
        for each in found.ribbons
        if each.ribbon.source == metal and each.ribbon.arriving == 0.94
    ]
    assert ribbon.start[2] == ribbon.end[2] == pytest.approx(0.94 * FULL)
    box = found.boxes[metal.id]
    assert box.y - 0.1 <= ribbon.start[1] - ribbon.start[2] / 2
    assert ribbon.start[1] + ribbon.start[2] / 2 <= box.foot + 0.1


def test_the_last_hop_widens() -> None:
    found = lay_out(cards_of(small_backbone()))
    last = [each for each in found.ribbons if each.ribbon.target is None]
    for each in last:
        assert each.end[2] > each.start[2]
    assert sum(each.end[2] for each in last) == pytest.approx(found.market.height)


def test_a_flow_without_a_size_is_a_line() -> None:
    found = lay_out(cards_of(unknown_backbone()))
    assert [each.is_line for each in found.ribbons] == [True, True]
    assert "V" not in found.ribbons[0].path()


def test_each_state_has_a_shape_of_its_own() -> None:
    drawn = {state_mark(mark) for mark, _ in STATUSES}
    assert len(drawn) == len(STATUSES) == 6
    assert 'translate(3 4)"' in state_mark("closed", 3, 4)


def test_a_whisker_stands_at_its_ends() -> None:
    [_, myanmar, *_] = cards_of(small_backbone()).at("mine")
    drawn = whisker(myanmar, 0, 10, 100)
    assert 'class="range" d="M20.0 10H36.0' in drawn
    assert 'cx="34.0"' in drawn
    assert 'width="34.0"' in drawn


def test_unknown_is_a_hatch_and_no_dot() -> None:
    [_, china, *_] = cards_of(unknown_backbone()).cards
    assert whisker(china, 0, 10, 100).startswith('<rect class="f-unknown"')
    assert "dot" not in whisker(china, 0, 10, 100)
    *_, others = cards_of(small_backbone()).at("metal")
    assert 'class="makes"' in share_bar(others, 0, 3, 100)
    assert 'id="own"' in hatches("own")


NB = "\N{NO-BREAK SPACE}"


def test_a_card_tells_loss_range_and_share() -> None:
    cards = cards_of(small_backbone())
    told = [(x.loss_words, x.loss_range, x.share_words) for x in cards.cards]
    assert [tuple(each.replace(NB, " ") for each in line) for line in told] == [
        ("48 %", "44\N{EN DASH}50 %", "31 %"),
        ("34 %", "20\N{EN DASH}36 %", "46 %"),
        ("7 %", "<1\N{EN DASH}10 %", "15 %"),
        ("2 %", "range not drawn", "3 %"),
        ("100 %", "in all trials", "100 %*"),
        ("93 %", "90\N{EN DASH}95 %", "95 %"),
        ("Loss not known", "", "5 %"),
        ("92 %", "89\N{EN DASH}94 %", "94 %"),
        ("0 %", "in all trials", "6 %"),
    ]


def test_beside_a_loss_for_good_stands_that_of_the_first_year() -> None:
    *_, others = cards_of(small_backbone()).at("mine")
    assert others.loss_label.startswith("at most; first year ")
    point = replace(LINES[0], first_year=0.28)
    [card] = cards_of(small_backbone(places=(place("separation", "CHN", 1.0, point=point),))).cards
    assert card.loss_label.replace(NB, " ") == "for good; first year 28 %"


def test_the_market_says_how_much_of_whose_output() -> None:
    found = [
        tuple(x.replace(NB, " ") for x in line) for line in mix_lines(cards_of(small_backbone()))
    ]
    assert found == [
        ("94 %", "from China", "4 % of its output"),
        ("6 %", "from Japan", "5 % of its output"),
    ]
    assert taken_words(small_backbone())[1] == "heavy magnets used in 2024"
    assert taken_words(unknown_backbone())[0] == "Use not known"


def test_the_line_under_the_headline() -> None:
    assert subtitle(small_backbone()).replace(NB, " ") == (
        "3,331 t of heavy magnets used in 2024; one year allowed. In trials 100 %. "
        "Sites and controls as of 24 Nov 2026."
    )
    wide = small_backbone(first="mine/MMR")
    assert "In trials 20 to 36 %." in subtitle(wide).replace(NB, " ")
    assert "allowed. Sites" in subtitle(small_backbone(first="mine/AUS"))  # the headline says it
    assert subtitle(unknown_backbone()) == "Sites and controls as of 24 Nov 2026."


def test_a_ribbon_is_a_sentence_with_its_controls() -> None:
    cards = cards_of(small_backbone())
    titles = {"gac-18": "Controls on seven elements"}
    told = [ribbon_words(cards, each, titles).replace(NB, " ") for each in cards.ribbons]
    of_world = "of the stage\N{RIGHT SINGLE QUOTATION MARK}s world output."
    assert f"Myanmar (mine) to China (separation): 46 % {of_world}" in told
    bound = "Controls in force: Controls on seven elements."
    assert f"China (magnet) to United States: 94 % of what it uses. {bound}" in told


NS = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> str:
    root = ElementTree.fromstring(svg)
    return "\n".join(" ".join("".join(each.itertext()).split()) for each in root.iter(f"{NS}text"))


def test_a_file_carries_title_legend_source_and_date() -> None:
    told = texts(backbone_svg(small_backbone())).replace("\N{NO-BREAK SPACE}", " ")
    for part in (
        "The United States would lose all of its heavy magnets",
        "3,331 t of heavy magnets used in 2024",
        "where nine in ten trials lie",
        "Release of 24 Nov 2026. Data: CC BY 4.0",
        *(words for _, words in STATUSES),
    ):
        assert part in told
    assert "var(" not in backbone_svg(small_backbone())
    assert "prefers-color-scheme" not in backbone_svg(small_backbone(), dark=False)


def test_a_column_has_no_headline_and_tells_ranges_on_a_line_of_their_own() -> None:
    told = texts(backbone_svg(small_backbone(), narrow=True)).splitlines()
    assert not any("would lose" in line for line in told)
    assert "2" in told
    assert "controls in force on a flow" in told
    assert any("90\N{EN DASH}95" in line for line in told)
    assert any(line.startswith("first year ") for line in told)
    root = ElementTree.fromstring(backbone_svg(small_backbone(), narrow=True))
    assert float(str(root.get("width"))) < 940


def test_a_flow_is_shaded_by_the_loss_of_its_seller() -> None:
    root = ElementTree.fromstring(backbone_svg(small_backbone()))
    found = {
        str(path.findtext(f"{NS}title")).partition(":")[0]: path.get("class")
        for path in root.iter(f"{NS}path")
        if "flow" in str(path.get("class")) and path.find(f"{NS}title") is not None
    }
    assert found["China (separation) to China (metal)"] == "flow f-all band"
    assert found["Myanmar (mine) to China (separation)"] == "flow f-half band"
    assert found["Rest of the world (metal) to Japan (magnet)"] == "flow f-unknown band"
    assert found["China (metal) to Japan (magnet)"] == "flow f-all line"


ALL = [small_backbone(), unknown_backbone(), hostile_backbone()]

SEVEN_POINTS = 7 / 0.75  # In pixels of CSS, at which the drawing is printed one to one


def sheet_texts(svg: str) -> list[str]:
    found = ElementTree.fromstring(svg).iter(f"{NS}text")
    return ["".join(each.itertext()) for each in found]


def test_a_bar_says_who_makes_how_much_and_what_is_lost_with_its_range() -> None:
    told = sheet_texts(sheet_svg(small_backbone()))
    assert "Mine" in told
    assert "Market" in told
    losses = [text for text in told if "for good" in text and text[0] != "1"]
    assert losses
    assert all("first year" in text for text in told if re.search(r"\d % .*\(", text))
    assert "not known" in told  # the stage that no figure splits


@pytest.mark.parametrize("backbone", ALL)
def test_it_fits_its_width_and_no_letter_is_under_seven_points(backbone: Backbone) -> None:
    root = ElementTree.fromstring(sheet_svg(backbone))
    assert float(str(root.get("width"))) == SHEET.left + SHEET.wide <= 680
    assert float(str(root.get("height"))) < 380
    for rect in root.iter(f"{NS}rect"):
        if rect.get("x") is not None:
            assert (
                float(str(rect.get("x"))) + float(str(rect.get("width")))
                <= SHEET.left + SHEET.wide + 0.3
            )
    sizes = re.findall(r"font-size:([\d.]+)px", sheet_svg(backbone))
    assert min(map(float, sizes)) >= SEVEN_POINTS


def bars(svg: str) -> dict[float, list[tuple[float, float]]]:
    """Where the bars of each height begin and how wide they are."""
    found: dict[float, list[tuple[float, float]]] = {}
    for rect in ElementTree.fromstring(svg).iter(f"{NS}rect"):
        if rect.get("height") == f"{SHEET.bar:g}" and "edged" in str(rect.get("class")):
            at = float(str(rect.get("y")))
            found.setdefault(at, []).append(
                (float(str(rect.get("x"))), float(str(rect.get("width"))))
            )
    return found


@pytest.mark.parametrize("backbone", ALL)
def test_bars_fill_the_width_and_do_not_overlap_on_a_first_screen(backbone: Backbone) -> None:
    drawn = stack_svg(cards_of(backbone))
    assert float(str(ElementTree.fromstring(drawn).get("height"))) < 330
    for spans in bars(drawn).values():
        ends = 0.0
        for x, wide in spans:
            assert x >= ends - 0.2
            ends = x + wide
        assert ends <= NARROW.wide + 0.2


EVIDENCE = {
    "production/separation-CHN": {
        "text": "t",
        "sources": [
            {"publisher": "P", "title": "T", "published": "2025", "tier": 1, "url": "https://a.org"}
        ],
    }
}


def test_it_holds_headline_cards_sites_tables_and_sources() -> None:
    page = backbone_html(small_backbone(), evidence=EVIDENCE, view={"text": "View: all"})
    assert "<h1><bdi>The United States would lose all" in page
    assert page.count('<div class="tile') == 10
    assert "Mine, other countries: 7 sites on 24 Nov 2026" in page
    assert '<ul class="sites closed"><li><bdi>Old mine</bdi>' in page
    assert "perhaps" in page
    assert '<a href="https://a.org" rel="noopener noreferrer"' in page
    assert "Controls on seven elements" in page
    assert "<p>View: all</p>" in page
    assert "<iframe" not in page
    assert "<title>Dysprosium for the United States</title>" in page
    assert "<title>Mine</title>" in backbone_html(small_backbone(), title="Mine")


def test_all_sites_and_links_open_inside_under_a_policy_of_hashes() -> None:
    inner = '<meta http-equiv="Content-Security-Policy" content="style-src &#39;sha256-a&#39;; script-src &#39;sha256-b&#39;"></script>'  # noqa: E501 - one tag
    page = backbone_html(small_backbone(), network=inner)
    [held] = re.findall(r'id="network-page">(.*?)</script>', page)
    assert json.loads(held) == inner
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert "sha256-a" in policy
    assert "sha256-b" in policy
    assert policy.count("script-src ") == 1
    assert "unsafe" not in policy


def test_where_no_loss_is_known_it_says_what_is_missing_and_what_to_ask() -> None:
    page = backbone_html(unknown_backbone())
    for part in ("What is known", "What is missing", "What to ask for", "No assay gives"):
        assert part in page
    assert "<code>monazite concentration -e Sc</code>" in page
