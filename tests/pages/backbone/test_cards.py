"""Which countries have a card of their own, what the folded ones tell, and what flows between."""

from __future__ import annotations

from monazite.pages.backbone.cards import cards_of, loss_step, mark_of
from tests.pages.backbones import LINES, PLACES, SITES, place, small_backbone, unknown_backbone


def names(stage: str) -> list[str]:
    return [card.name for card in cards_of(small_backbone()).at(stage)]


def test_three_countries_stand_alone_and_the_leader_of_the_chain_first() -> None:
    assert names("mine") == ["China", "Myanmar", "Laos", "Other countries"]
    assert names("separation") == ["China"]
    assert names("metal") == ["China", "Rest of the world"]
    assert names("alloy") == []


def test_folded_countries_tell_the_worst_of_their_losses_and_all_their_sites() -> None:
    *_, others = cards_of(small_backbone()).at("mine")
    assert [each.code for each in others.places] == ["AUS", "RUS"]
    assert (others.loss, others.ends, others.code) == (0.02, None, "")
    assert others.share == 0.03
    assert dict(others.counts) == {
        "operating": 1, "partly": 1, "planned": 2, "suspended": 1, "closed": 1, "unknown": 1,
    }  # fmt: skip
    assert [mark_of(each) for each in SITES[:2]] == ["operating", "partly"]


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


def test_what_no_figure_accounts_for_has_no_card() -> None:
    nobody = small_backbone().flows[0].__class__("separation", "", "metal", "CHN", 5.0, 0.05)
    unknown = place("separation", "", None, SITES)
    backbone = small_backbone(places=(*PLACES, unknown), flows=(nobody,))
    [ribbon] = cards_of(backbone).ribbons
    assert ribbon.source is None


def test_a_stage_that_nobody_is_known_at_has_no_shares() -> None:
    found = cards_of(unknown_backbone())
    assert [found.is_known(stage) for stage, _ in unknown_backbone().stages] == [False, True, True]
    assert {ribbon.arriving for ribbon in found.ribbons} == {None}


def test_a_gain_is_no_loss() -> None:
    assert loss_step(-0.2) == "none"
