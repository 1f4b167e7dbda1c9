"""Parts of the explorer for a server: other markets, days and horizons than a file holds, cards."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

import monazite
from monazite.errors import UnknownNameError
from monazite.findings.plants.mapped_sites import find_mapped_sites
from monazite.view.explorer.live import (
    acts_part,
    card_part,
    index_part,
    losses_of,
    names_part,
    ready_part,
    view_part,
)
from tests.conftest import view_in_memory


def read(part: bytes) -> Any:
    return json.loads(gzip.decompress(part))


def view(**asked: str) -> dict[str, str]:
    found: dict[str, str] = read(view_part(view_in_memory(), {"element": "Sc", **asked}))
    return found


def test_any_market_is_shown_and_named_in_any_words() -> None:
    brazil = view(market="Brazil")
    assert "Brazil" in brazil["views"]
    assert brazil == view(market="BRA", element="scandium")


@pytest.mark.whole
def test_other_times_are_allowed_and_trials_run() -> None:
    usual, drawn, longer = (
        view(element="Dy", market="USA", **asked)["views"]
        for asked in ({}, {"draws": "2"}, {"horizon": "medium-run"})
    )
    assert len({usual, drawn, longer}) == 3
    assert "range not drawn" in longer  # ranges are shipped for the usual time alone
    assert "range not drawn" not in drawn


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"market": "Atlantis"}, "no market"),
        ({"market": "USA", "element": "Xx"}, "no element"),
        ({"market": "USA", "horizon": "soon"}, "horizon"),
        ({"market": "USA", "draws": "many"}, "no number of them"),
        ({"market": "USA", "draws": "-1"}, "no number of them"),
        ({"market": "USA", "draws": "9" * 60}, "no number of them"),
    ],
)
def test_what_is_not_known_is_refused_in_a_sentence(asked: dict[str, str], said: str) -> None:
    with pytest.raises(UnknownNameError, match=said):
        view(**asked)


def test_the_first_view_is_ready_once_it_was_worked_out(cut: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MONAZITE_CACHE", str(tmp_path))
        kept, asked = monazite.load(ontology=cut), {"element": "Sc", "market": "USA"}
        kept.store.wait()
        kept = monazite.load(ontology=cut)
        assert ready_part(kept, asked) == b""
        assert view_part(kept, asked) == ready_part(kept, asked)


def test_the_map_has_the_sites_of_its_element_whatever_was_asked_before() -> None:
    asked, sites = view_in_memory(), re.compile(r'class="site" data-card="facility/([^"]+)"')
    for element in ("Sc", "Dy"):
        found = read(view_part(asked, {"element": element, "market": "USA"}))
        shown = set(re.findall(r'"facility/([^"\\]+)', found["views"] + found["behind"]))
        placed = {site.facility for site in find_mapped_sites(asked.facts(element)).found}
        assert {*sites.findall(found["marks"])} == shown & placed
    assert len(shown & placed) > 100


def test_no_draws_are_those_of_the_release() -> None:
    assert losses_of({"draws": "0"}) == losses_of({})


def test_a_page_says_what_to_do_there_and_not_in_a_terminal() -> None:
    for element, led in (("Pm", "/id/element/Pm"), ("Sc", "the server's option")):
        found = " ".join(view(element=element, market="ATA").values()).replace("&#x27;", "'")
        assert led in found
        assert not re.search(r"monazite (?:show|doubt|query)|[ (]--[a-z]", found)


def test_the_index_offers_the_markets_that_can_be_answered() -> None:
    held = view_in_memory()
    markets = read(index_part(held, {}))["markets"]
    assert [*markets.values()] == sorted(markets.values())
    assert not {"ATA", "ALL", "LUX"} & markets.keys()
    for market, known in (("HKG", True), ("ATA", False), ("ALL", False), ("LUX", False)):
        assert (held.chokepoints("Dy", market).base is not None) is known
        assert (market in markets) is known


def test_the_index_has_all_tiers_and_the_usual_horizon_first() -> None:
    index = read(index_part(view_in_memory(), {}))
    assert index["first"] == ["MREE", "WLD"]
    assert {"USA", "BRA", "EUE", "WLD", "CHN", "ROW"} <= index["markets"].keys()
    assert index["tiers"] == ["all", "3", "2", "1"]
    assert next(iter(index["horizons"])) == "short-run"
    assert read(index_part(view_in_memory(tier=2), {}))["tiers"] == ["2", "1"]


def test_a_card_links_to_the_cards_of_what_it_names() -> None:
    card = read(card_part(view_in_memory(), {"card": "facility/mountain-pass"}))["markup"]
    assert 'data-card="organisation/mp-materials"' in card
    assert 'data-card="source/' in card


@pytest.mark.parametrize("place", ["facility/nosuch", "source/nosuch", "", "__proto__", "a/b/c"])
def test_no_card_is_none(place: str) -> None:
    assert read(card_part(view_in_memory(), {"card": place})) == {"markup": None}


def test_a_source_is_found_and_shown() -> None:
    names = read(names_part(view_in_memory(), {}))
    assert [
        place for place, _, others in names if "白云鄂博" in others and "facility" in place
    ] == ["facility/bayan-obo"]
    place, title, publisher = next(each for each in names if each[0].startswith("source/"))
    card = read(card_part(view_in_memory(), {"card": place}))["markup"]
    assert "Source" in card
    assert title
    assert publisher


def test_the_acts_say_of_which_day_and_data_they_are() -> None:
    acts = read(acts_part(view_in_memory(tier=1), {}))
    assert acts["about"] == "Sites and controls as of 24 Nov 2026"
    assert "tier 1" in acts["data"]
    assert acts["count"] > 0
