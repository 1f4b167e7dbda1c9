"""``monazite explore`` and its parts for a server: one number a fact, kept, and verified."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

import monazite as mz
from monazite.core.formats import percent
from monazite.core.spoken_commands import for_page
from monazite.model.facilities.mapped_sites import find_mapped_sites
from monazite.report.explorer.page import OF_ELEMENT
from monazite.report.explorer.view_parts import rules_in_force
from monazite.view import prefetch_process
from monazite.view.explorer_parts import is_kept
from monazite.view.explorer_question import acts_part, card_part, index_part, view_part
from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.report.test_explorer import BLOCK, blocks, joined
from tests.sharing import only_whole

ASKED = ("-e", "Sm", "-m", "JPN", "-m", "World")
TIERS = ("all", "3", "2", "1")


@pytest.fixture(scope="module")
def explorer(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An explorer of a small chain for two markets."""
    page = tmp_path_factory.mktemp("explorer") / "explorer.html"
    view_in_memory().explore("Sm", ["JPN", "World"]).write(page)
    return page


def headline(markup: str) -> str:
    [found] = re.findall(r"<h1><bdi>(.*?)</bdi></h1>", markup)
    return unescape(found)


def losses(markup: str) -> dict[tuple[str, str], list[str]]:
    """The lines of the table of a view, by stage and country: loss and range."""
    table = markup.partition('aria-label="Countries at each stage"')[2].partition("</table>")[0]
    found = {}
    head = re.findall(r"<th [^>]*>(.*?)</th>", table.partition("</thead>")[0])
    assert head[:7] == [
        "Stage",
        "Country",
        "Makes",
        "Year",
        "Lost in the first year",
        "Lost for good",
        "5 to 95 % of trials",
    ]
    for line in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.S):
        cells = [
            unescape(re.sub("<[^>]*>", "", each)) for each in re.findall(r"<t[dh].*?</t[dh]>", line)
        ]
        found[cells[0], cells[1]] = cells[5:7]
    return found


@pytest.mark.whole
@pytest.mark.parametrize("tier", [None, 1])
@pytest.mark.parametrize("market", ["JPN", "WLD"])
def test_a_server_gives_the_same_parts(explorer: Path, tier: int | None, market: str) -> None:
    held = blocks(explorer.read_text("utf-8"))[str(tier or "all")]
    view = view_in_memory(tier=tier)
    served = json.loads(gzip.decompress(view_part(view, {"element": "Sm", "market": market})))
    groups = {name: "Sm" if name in OF_ELEMENT else f"Sm/{market}" for name in served}
    words = {name: for_page(joined(held, name, key), markup=True) for name, key in groups.items()}
    assert served == words, "the same, with addresses where a file names commands"
    assert "samarium" in served["views"]
    rules = json.loads(gzip.decompress(acts_part(view, {})))
    assert rules["markup"] == joined(held, "rules", "rules")


@pytest.mark.whole
def test_it_holds_what_was_asked_the_first_in_front(explorer: Path) -> None:
    page = explorer.read_text("utf-8")
    held = blocks(page)
    assert [*held] == [*TIERS, "cards", "names"]
    for tier in TIERS:
        assert [*held[tier]["views"]] == ["Sm/JPN", "Sm/WLD"]
    assert headline(BLOCK.sub("", page)) == headline(joined(held["all"], "views", "Sm/JPN"))
    assert len(page.encode()) < 5_000_000


def markups(held: dict[str, dict[str, dict[str, object]]]) -> Iterator[tuple[str, str]]:
    """All markup of an explorer, with where it stands."""
    for block, groups in held.items():
        if block != "names":
            for group, named in groups.items():
                if group != "pieces":
                    yield from ((f"{block} {group}", joined(groups, group, x)) for x in named)


@pytest.mark.whole
def test_every_link_to_a_card_leads_to_one(explorer: Path) -> None:
    held = blocks(explorer.read_text("utf-8"))
    cards = held["cards"]["cards"].keys()
    links = {
        (where, card)
        for where, markup in markups(held)
        for card in re.findall('data-card="([^"]+)"', markup)
    }
    assert {where for where, _ in links} >= {"all rules", "1 rules", "cards cards", "3 behind"}
    assert [each for each in sorted(links) if unescape(each[1]) not in cards] == []


@pytest.mark.whole
def test_every_source_that_a_view_card_or_rule_cites_is_found_by_search(explorer: Path) -> None:
    held = blocks(explorer.read_text("utf-8"))
    known = {
        (name, publisher)
        for place, name, publisher in held["names"]
        if place.startswith("source/") and place in held["cards"]["cards"]
    }
    cited = set()
    for _, markup in markups(held):
        for publisher, title in re.findall(
            r"<li><bdi>([^<]*)</bdi>: (?:<a [^>]*>)?<cite>([^<]*)</cite>", markup
        ):
            cited.add((unescape(title), unescape(publisher)))
    assert len(cited) > 50
    assert cited <= known


@pytest.mark.whole
def test_the_rules_of_a_tier_are_those_of_its_sources(explorer: Path) -> None:
    held = blocks(explorer.read_text("utf-8"))
    for tier in ("all", "1"):
        lines = view_in_memory(tier=None if tier == "all" else 1).policies().policies
        markup = joined(held[tier], "rules", "rules")
        count = len(rules_in_force(lines))
        assert f"Rules in force on 24 Nov 2026 ({count})" in markup
        assert f'"{tier}":{count}' in explorer.read_text("utf-8")
    assert joined(held["all"], "rules", "rules") != joined(held["1"], "rules", "rules")


@pytest.mark.whole
@pytest.mark.parametrize("market", ["WLD", "JPN"])
@pytest.mark.parametrize("tier", [None, *only_whole(3, 2, 1)])
def test_one_fact_is_one_number(explorer: Path, market: str, tier: int | None) -> None:
    block = blocks(explorer.read_text("utf-8"))[str(tier or "all")]
    view = view_in_memory(tier=tier)
    name = f"Sm/{market}"
    report = view.chokepoints("Sm", market)
    drawn = view.graph("Sm", market).backbone
    assert drawn is not None
    assert headline(joined(block, "views", name)) == drawn.headline
    told = losses(joined(block, "behind", name))
    stages = dict(drawn.stages)
    lines = {each.id: each for each in report.chokepoints}
    compared = 0
    for place in drawn.places:
        loss, trials = told[stages[place.stage], place.label]
        point = lines.get(place.id)
        if point is not None and point.loss is not None:
            assert loss.replace("\N{NO-BREAK SPACE}", " ") == percent(point.told)
            assert (trials == "not drawn") is (point.loss_low is None)
            compared += 1
    assert compared or report.base is None


@pytest.mark.whole
def test_the_same_question_is_the_same_bytes_and_is_kept(
    explorer: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("worked out again")

    monkeypatch.setattr("monazite.view.explorer_parts.worked_out_part", refuse)
    again = tmp_path / "again.html"
    done = run("explore", *ASKED, "-o", str(again))
    assert (done.code, done.out) == (0, "")
    assert done.err == f"The explorer is in {again}.\n"
    assert again.read_bytes() == explorer.read_bytes()
    assert run("explore", *ASKED, "-o", "-").out == explorer.read_text("utf-8")


@pytest.mark.whole
def test_verify_says_that_it_is_the_same(explorer: Path, run: Run) -> None:
    done = run("verify", str(explorer))
    assert done.code == 0, done
    assert done.prose.startswith("Same, byte for byte: rendered anew from the tables, with 8 views")


@pytest.mark.whole
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Rules in force", "Rules out of force", "its seal does not fit"),
        ('"elements":["Sm"', '"elements":["Xx"', "It cannot be worked out again"),
        ('"page":"explorer"', '"page":"explorers"', "carries no question"),
        ('"elements":["Sm"', '"elements":[1', "carries no question"),
    ],
)
def test_what_was_altered_is_found(
    explorer: Path, run: Run, tmp_path: Path, old: str, new: str, said: str
) -> None:
    page = explorer.read_text("utf-8")
    assert old in page
    other = tmp_path / "other.html"
    other.write_text(page.replace(old, new), encoding="utf-8")
    done = run("verify", str(other))
    assert done.code in {1, 2}
    assert said in f"{done.prose} {' '.join(done.err.split())}"


@pytest.mark.whole
def test_processes_work_parts_out_ahead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(prefetch_process, "FEW", 0)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    view = mz.load(tier=1)
    parts = [
        prefetch_process.AheadPart(None, ("element", "Sc", market))
        for market in ("FRA", "GBR", "KOR")
    ]
    shares: list[float] = []
    prefetch_process.work_ahead(view, parts, shares.append)
    assert shares == pytest.approx([1 / 3, 2 / 3, 1])
    assert all(is_kept(view, part.asked) for part in parts)


def read_part(part: bytes) -> Any:
    return json.loads(gzip.decompress(part))


def live_view(**asked: str) -> dict[str, str]:
    found: dict[str, str] = read_part(view_part(view_in_memory(), {"element": "Sc", **asked}))
    return found


@pytest.mark.whole
def test_other_times_are_allowed_and_trials_run() -> None:
    usual, drawn, longer = (
        live_view(element="Dy", market="USA", **asked)["views"]
        for asked in ({}, {"draws": "2"}, {"horizon": "medium-run"})
    )
    assert len({usual, drawn, longer}) == 3
    assert "range not drawn" in longer  # ranges are shipped for the usual time alone
    assert drawn.count("range not drawn") < longer.count("range not drawn")


def test_the_map_has_the_sites_of_its_element_whatever_was_asked_before() -> None:
    asked, sites = view_in_memory(), re.compile(r'class="site" data-card="facility/([^"]+)"')
    for element in ("Sc", "Dy"):
        found = read_part(view_part(asked, {"element": element, "market": "USA"}))
        shown = set(re.findall(r'"facility/([^"\\]+)', found["views"] + found["behind"]))
        placed = {site.facility for site in find_mapped_sites(asked.facts(element)).found}
        assert {*sites.findall(found["marks"])} == shown & placed
    assert len(shown & placed) > 100


def test_a_page_says_what_to_do_there_and_not_in_a_terminal() -> None:
    for element, led in (("Pm", "/id/element/Pm"), ("Sc", "the server's option")):
        found = " ".join(live_view(element=element, market="ATA").values()).replace("&#x27;", "'")
        assert led in found
        assert not re.search(r"monazite (?:show|doubt|query)|[ (]--[a-z]", found)


def test_the_index_offers_the_markets_that_can_be_answered() -> None:
    held = view_in_memory()
    markets = read_part(index_part(held, {}))["markets"]
    assert [*markets.values()] == sorted(markets.values())
    assert not {"ATA", "ALL", "LUX"} & markets.keys()
    for market, known in (("HKG", True), ("ATA", False), ("ALL", False), ("LUX", False)):
        assert (held.chokepoints("Dy", market).base is not None) is known
        assert (market in markets) is known


@pytest.mark.parametrize("place", ["facility/nosuch", "source/nosuch", "", "__proto__", "a/b/c"])
def test_no_card_is_none(place: str) -> None:
    assert read_part(card_part(view_in_memory(), {"card": place})) == {"markup": None}
