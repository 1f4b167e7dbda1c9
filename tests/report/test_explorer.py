"""The explorer: its page, its blocks, cards, map, lanes, rules and scenarios, and the live page."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.formats import reveal
from monazite.report.drawing.templates import policy_of
from monazite.report.explorer.entity_cards import (
    cards_markup,
    linked_parts,
    search_lines,
    sources_markup,
)
from monazite.report.explorer.page import (
    ASKS,
    LiveIndex,
    block_of,
    explorer_html,
    live_html,
    packed,
    part_markup,
    unpacked,
    waiting_html,
)
from monazite.report.explorer.view_parts import HIGH as MAP_HIGH
from monazite.report.explorer.view_parts import (
    LINE_HIGH,
    LINE_WIDE,
    TALL,
    WIDE,
    cards_in,
    compared_lines,
    lanes_list,
    lanes_svg,
    rules_markup,
    scenario_lines,
    site_marks,
    untold_markup,
    view_markup,
)
from monazite.report.explorer.view_parts import WIDE as MAP_WIDE
from tests.report.diagrams import small_backbone
from tests.report.explorers import (
    ACTS,
    CARDS,
    DAY,
    EVENTS,
    SOURCE,
    card,
    happened,
    hostile_parts,
    mapped,
    parts,
    rules,
)
from tests.report.outcomes import HARD, SPARED

BLOCK = re.compile(r'<script type="text/plain" id="explorer-([a-z0-9]+)">([^<]*)</script>')


def blocks(page: str) -> dict[str, Any]:
    return {name: unpacked(text) for name, text in BLOCK.findall(page)}


def joined(block: Any, group: str, name: str) -> str:
    return "".join(block["pieces"][number] for number in block[group][name])


def test_the_first_view_is_in_the_page_and_the_others_in_its_blocks() -> None:
    page = explorer_html(parts())
    shown = BLOCK.sub("", page)
    assert "The United States would lose all of its heavy magnets" in shown
    assert "Japan would lose half" not in shown
    held = blocks(page)
    assert [*held] == ["all", "1", "cards", "names"]
    assert "Japan would lose half" in joined(held["all"], "views", "Dy/JPN")
    assert "not known" in joined(held["1"], "views", "Dy/USA")
    assert "Not known." in joined(held["1"], "views", "Sc/USA")
    assert "Lovozero" in joined(held["all"], "behind", "Sc/USA")
    assert "Lovozero mine" in joined(held["cards"], "cards", "facility/Lovozero")
    assert ["source/paper", "Notice 18", "A ministry"] in held["names"]


def test_nothing_in_the_blocks_is_hidden_or_becomes_markup() -> None:
    held = blocks(explorer_html(hostile_parts()))
    everything = json.dumps(held, ensure_ascii=False)
    assert reveal(everything) == everything
    markup = "".join(text for each in ("all", "cards") for text in held[each]["pieces"])
    assert "<img" not in markup
    assert "<script" not in markup


MARKUP = st.text(alphabet="<>ab /=\"'&;\n", max_size=60)


@given(st.lists(MARKUP, max_size=4))
def test_what_is_cut_is_joined_again(texts: list[str]) -> None:
    # A lone < that is never closed is no markup of ours.
    closed = [text if text.rfind("<") <= text.rfind(">") else f"{text}>" for text in texts]
    block: Any = block_of({"views": {str(place): text for place, text in enumerate(closed)}})
    cut = block["views"].values()
    assert ["".join(block["pieces"][n] for n in numbers) for numbers in cut] == closed


def test_a_piece_that_is_there_twice_is_kept_once() -> None:
    block = block_of({"views": {"a": "<p>1</p>", "b": "<p>2</p>"}, "marks": {"a": "<p>1</p>"}})
    assert block["pieces"] == ["<p>", "1", "</p>", "2"]
    assert block["marks"] == {"a": [0, 1, 2]}


def test_a_block_is_the_same_bytes_and_is_read_back() -> None:
    assert packed({"名": ["</script>"]}) == packed({"名": ["</script>"]})
    assert unpacked(packed({"名": ["</script>"]})) == {"名": ["</script>"]}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no Base64",
        b64encode(b"no gzip").decode(),
        b64encode(gzip.compress(b"[1]", mtime=0) + b"more").decode(),
        b64encode(gzip.compress(b"[1]", mtime=0)[:-4]).decode(),
        b64encode(gzip.compress(b"no JSON", mtime=0)).decode(),
    ],
)
def test_what_is_no_block_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of three libraries
        unpacked(text)


def test_a_block_that_grows_too_large_is_refused() -> None:
    with pytest.raises(ValueError, match="not one whole block"):
        unpacked(packed(["a" * 5_000]), most=1_000)


def index(**more: Any) -> LiveIndex:
    told: dict[str, Any] = {
        "first": ("Dy", "USA"),
        "elements": {"Dy": "Dysprosium", "Sc": "Scandium"},
        "markets": {"JPN": "Japan", "USA": "United States"},
        "tiers": ["all", "1"],
        "horizons": {"short-run": "short run", "free": "free"},
        "day": "2026-11-24",
        "data": "Data: all.",
        **more,
    }
    return LiveIndex(**told)


def test_the_first_view_is_that_of_a_file() -> None:
    held = parts()
    [dysprosium] = [each for each in held.tiers["all"] if each.element == "Dy"]
    file, served = explorer_html(held), live_html(index(), part_markup(dysprosium, "USA"))

    def view(page: str) -> str:
        return page.partition('<div id="view">')[2].partition('<details id="tools"')[0].strip()

    assert view(file) == view(served)
    assert "The United States would lose all" in view(served)


def test_while_nothing_is_worked_out_it_says_so_and_a_page_that_waits_asks_nobody() -> None:
    page = live_html(index())
    assert "This view is being worked out." in page
    assert "Dysprosium for the United States" in page
    [told] = re.findall(r'id="explorer-index">(.*?)</script>', page)
    assert json.loads(told)["drawn"] is False
    waiting = waiting_html("<img src=x>")
    assert "connect-src 'none'" in policy_of(waiting)
    assert "<img" not in waiting


def test_any_element_is_had_for_any_market_and_more_is_asked() -> None:
    [told] = re.findall(r'id="explorer-index">(.*?)</script>', live_html(index()))
    held = json.loads(told)
    assert held["views"] == {"Dy": ["JPN", "USA"], "Sc": ["JPN", "USA"]}
    page = live_html(index())
    for name in ASKS:
        assert f'id="{name}"' in page
        assert f'id="{name}"' not in explorer_html(parts())


def test_the_usual_horizon_is_no_choice_of_its_own() -> None:
    page = live_html(index())
    select = page.partition('<select id="horizon">')[2].partition("</select>")[0]
    assert re.findall(r'value="([^"]*)">([^<]*)<', select) == [("", "short run"), ("free", "free")]


def test_it_asks_its_server_and_the_file_asks_nobody() -> None:
    assert "connect-src 'self'" in policy_of(live_html(index()))
    assert "connect-src 'none'" in policy_of(explorer_html(parts()))


def test_it_has_one_headline_the_picture_and_links_to_cards() -> None:
    markup = view_markup(small_backbone(), {})
    assert markup.count("<h1>") == 1
    assert 'class="backbone wide"' in markup
    assert '<a data-card="facility/Lovozero"><bdi>Lovozero</bdi></a>' in markup
    assert '<a data-card="policy/gac-18">' in markup
    assert markup.count("<section") == markup.count("</section>")
    assert {"facility/Lovozero", "country/CHN", "policy/gac-18"} <= cards_in(small_backbone())


def test_what_cannot_be_drawn_is_a_sentence() -> None:
    assert (
        untold_markup("No <b> found.") == "<header><h1><bdi>No &lt;b&gt; found.</bdi></h1></header>"
    )


def test_each_country_that_counts_has_a_line_with_its_loss_and_range() -> None:
    markup = compared_lines(small_backbone())
    keys = re.findall(r'<tr data-key="([^"]*)">', markup)
    assert "separation/CHN" in keys
    assert "mine/RUS" not in keys  # nothing is known of it
    [line] = re.findall(r'<tr data-key="separation/CHN">.*?</tr>', markup)
    assert "<td>Separation</td>" in line
    assert re.search(r"<td>100\s% \(in all trials\)</td>", line)
    assert 'class="dot"' in line


FIRM, LAND = ("China Minmetals", "organisation/minmetals"), ("China", "country/CHN")

HELD = {"organisation/minmetals", "country/CHN", "deposit/a", "facility/a"}


def links(text: str, *named: tuple[str, str], own: str = "") -> list[tuple[str, str]]:
    """The links of a text."""
    parts = linked_parts(text, named, HELD, own)
    assert "".join(part["text"] for part in parts) == text or not parts
    return [(part["text"], part["card"]) for part in parts if part["card"]]


def test_the_longest_name_is_the_link_and_none_is_cut_out_of_a_word() -> None:
    assert links("China Minmetals of China", LAND, FIRM) == [FIRM, LAND]
    assert links("Chinas", LAND) == []


def test_two_things_of_one_name_are_not_taken_for_each_other() -> None:
    assert links("Alpha sells", ("Alpha", "deposit/a"), ("Alpha", "facility/a")) == []
    assert links("Alpha sells", ("Alpha", "facility/a")) == [("Alpha", "facility/a")]


def test_what_has_no_card_and_the_card_itself_are_no_links() -> None:
    assert links("Nowhere", ("Nowhere", "country/NOW")) == []
    assert links("China", LAND, own="country/CHN") == []


def test_what_a_terminal_asks_for_by_its_key_is_called_by_its_name() -> None:
    text = "deposit/a (Alpha ores)"
    assert linked_parts(text, [(text, "deposit/a")], HELD) == [
        {"text": "Alpha ores", "card": "deposit/a"}
    ]


def test_hostile_names_stay_text() -> None:
    bad = ("<b>(.*", "facility/a")
    assert links("a <b>(.* b", bad) == [bad]


def test_a_card_has_name_kind_facts_sources_and_its_chains() -> None:
    markup = cards_markup(CARDS)["facility/Lovozero"]
    for part in (
        '<p class="quiet kind">Mine or plant</p>',
        "<bdi>Lovozero mine</bdi></h2>",
        "<bdi>Land. Operating</bdi>",
        "Also: <bdi>洛沃泽罗</bdi>",
        '<dt>Makes</dt><dd><bdi>Makes oxide</bdi> <a href="https://a.org/18"',
        'aria-label="Source 1: A ministry">[1]</a>',
        '<a data-element="Dy">Dy</a>',
        "<cite>Notice 18</cite></a>, 4 Apr 2025, official or company",
    ):
        assert part in markup


def test_only_a_plain_address_becomes_a_link() -> None:
    bad = replace(SOURCE, url="javascript:alert(1)", original="data:text/html,x")
    assert "<a " not in sources_markup([bad])["source/paper"]
    both = replace(SOURCE, original="https://b.org")
    assert '<a href="https://b.org"' in sources_markup([both])["source/paper"]


def test_a_source_links_to_the_cards_that_cite_it_and_they_to_it() -> None:
    cited = sources_markup([SOURCE], CARDS)["source/paper"]
    assert "<dt>Cited by</dt>" in cited
    assert '<a data-card="facility/Lovozero">Lovozero mine</a>' in cited
    assert '<a data-card="source/paper">A ministry</a>' in cards_markup(CARDS)["facility/Lovozero"]
    assert "Cited by" not in sources_markup([SOURCE])["source/paper"]


def test_the_search_knows_names_in_all_languages_and_sources() -> None:
    lines = search_lines(CARDS, [SOURCE])
    assert ("facility/Lovozero", "Lovozero mine", "洛沃泽罗") in lines
    assert ("source/paper", "Notice 18", "A ministry") in lines
    assert lines == sorted(lines)


def test_a_page_names_no_commands() -> None:
    told = cards_markup([card("facility/a", "A", text="2 more: monazite show a --full")])
    assert "<bdi>2 more</bdi>" in told["facility/a"]
    assert "monazite show" not in told["facility/a"]


MARK = re.compile(r'data-card="([^"]*)" transform="translate\(([\d.]+) ([\d.]+)\)')


def marks(svg: str) -> dict[str, tuple[float, float]]:
    return {name: (float(x), float(y)) for name, x, y in MARK.findall(svg)}


def test_each_event_stands_in_the_lane_of_its_state_and_at_its_time() -> None:
    found = marks(lanes_svg(EVENTS, DAY))
    rows = ["policy/gac-18", "facility/Lovozero", "facility/old-mine", "facility/new"]
    assert sorted(rows, key=lambda name: found[name][1]) == rows
    times = ["facility/old-mine", "facility/Lovozero", "facility/new", "policy/gac-18"]
    assert sorted(times, key=lambda name: found[name][0]) == times
    assert all(0 <= x < WIDE for x, _ in found.values())


def test_what_has_no_room_is_counted_and_listed() -> None:
    many = [happened(f"facility/{n}", "2020-01-01", "operating") for n in range(TALL + 3)]
    assert len(marks(lanes_svg(many, DAY))) == TALL
    assert "3 more in the list" in lanes_svg(many, DAY)
    assert lanes_list(many).count("<li>") == TALL + 3


@pytest.mark.parametrize("state", ["", "not known", "anything"])
def test_what_changes_no_state_is_left_out(state: str) -> None:
    event = [happened("facility/a", "2020", state)]
    assert marks(lanes_svg(event, DAY)) == {}
    assert "(0)" in lanes_list(event)


def test_the_list_begins_with_the_newest() -> None:
    dates = re.findall(r'"quiet">([^<]*)</span>', lanes_list(EVENTS))
    assert dates == ["4 Apr 2025", "1 Jan 2024", "1 Mar 2010", "30 Jun 1995"]


PLACE = re.compile(r'data-card="facility/([^"]*)" transform="translate\(([-\d.]+) ([-\d.]+)\)"')


def places(markup: str) -> dict[str, tuple[float, float]]:
    return {name: (float(x), float(y)) for name, x, y in PLACE.findall(markup)}


def test_sites_stand_where_they_lie() -> None:
    where = {"north": (60.0, 20.0), "south": (-30.0, 20.0), "east": (60.0, 120.0)}
    found = places(site_marks(mapped(name, "operating", at) for name, at in where.items()))
    assert found["north"][1] < found["south"][1]
    assert found["north"][0] < found["east"][0]
    assert all(-8 <= x <= MAP_WIDE and -8 <= y <= MAP_HIGH for x, y in found.values())


def test_sites_at_one_spot_stand_side_by_side() -> None:
    spot = (10.0, 10.0)
    found = places(site_marks([mapped(name, "operating", spot) for name in "abcdef"]))
    assert len({*found.values()}) == 6


def test_a_site_at_two_stages_has_the_mark_of_the_livelier_one() -> None:
    both = [mapped("a", "closed", (10.0, 10.0)), mapped("a", "operating", (10.0, 10.0))]
    markup = site_marks(both)
    assert markup.count('<g class="site"') == 1
    assert 'class="solid"' in markup
    assert "A, Land: operating" in markup


def group(markup: str, heading: str) -> str:
    """What stands under a heading."""
    return re.split("<h2|<details", markup.partition(f">{heading}")[2])[0]


def test_each_group_has_its_acts() -> None:
    markup, count = rules(*ACTS)
    assert count == 1
    told = [
        re.findall(r"<bdi>(Controls on seven elements|Gac-61|A-Loan|Quota-2014)<", group(markup, x))
        for x in ("Rules in force", "Rules that may be", "Agreements, support", "Not in force")
    ]
    assert told == [["Controls on seven elements"], ["Gac-61"], ["A-Loan"], ["Quota-2014"]]
    assert "Rules in force on 24 Nov 2026 (1)" in markup
    assert "since 4 Apr 2025" in markup
    assert "2025-04-04" not in markup


def test_a_link_leads_to_a_card_that_is_there() -> None:
    markup, _ = rules(*ACTS)
    assert re.findall('data-card="([^"]*)"', markup) == ["policy/gac-18"]


def test_without_any_it_says_so() -> None:
    assert rules_markup((), DAY, ()).count("We found none in the data used") == 2


def test_a_line_has_part_range_month_and_what_is_lacking() -> None:
    markup = scenario_lines([HARD, SPARED], DAY)
    cells = re.findall(r"<td>(?:<bdi>)?([^<]*)", markup)
    assert cells[:3] == ["50 %", "40 to 70 %", "Feb 2027"]
    assert cells[3:6] == ["Feb 2027 (Jan 2027 to Feb 2027)", "heavy magnets", "35 %"]
    assert "Jan 2027 to Feb 2027" in markup
    assert "Nothing is short while assumed stocks last: <bdi>A mine closes</bdi>." in markup
    assert "Ranges rest on 20 random trials." in markup
    assert "(past)" not in markup


def test_what_is_set_before_the_day_stands_last_and_is_marked() -> None:
    old = replace(HARD, title="The quota of 2010", months=("2010-07", "2010-08"))
    markup = scenario_lines([old, HARD], DAY)
    assert markup.index("A border closes") < markup.index("The quota of 2010")
    assert markup.count("(past)") == 1
    assert markup.index("The quota of 2010") < markup.index("(past)")


def test_the_months_are_drawn_from_nothing_lacking_at_the_foot_to_all_at_the_top() -> None:
    (line,) = re.findall(r'class="middle" d="M([^"]*)"', scenario_lines([HARD], DAY))
    points = [tuple(map(float, each.split())) for each in line.split("L")]
    foot, room = LINE_HIGH - 1, LINE_HIGH - 2
    assert points == [(0.0, round(foot - 0.2 * room, 1)), (LINE_WIDE, foot - 0.5 * room)]


def test_without_outcomes_the_section_says_so() -> None:
    """A tab leads to it whatever market is chosen."""
    markup = scenario_lines([], DAY)
    assert "No scenario is worked out for this market with these data." in markup
    assert "Supposed" not in markup
    assert "<table" not in markup
    assert "No scenario is" not in scenario_lines([SPARED], DAY)
