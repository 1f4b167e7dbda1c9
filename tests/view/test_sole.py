"""Sole never contradicts a loss: over elements and markets, in the short run."""

from __future__ import annotations

import pytest

from monazite.findings.routes.year_routes import REMAINDER
from monazite.view import View
from tests.conftest import view_in_memory

ASKED = [
    *(("Dy", market) for market in ("WLD", "USA", "JPN", "CHN", "EUE")),
    *(("NdPr", market) for market in ("WLD", "USA", "JPN", "EUE", "DEU")),
    *(("Tb", market) for market in ("USA", "VNM")),
    *((element, "WLD") for element in ("MREE", "Sm", "Y", "La", "Gd")),
    *(("La", market) for market in ("USA", "JPN")),
]
MOST = 0.5
"""A sole maker costs the market more than this part of what it takes."""
ALL = 0.995
"""A loss that prints as 100 %."""


@pytest.mark.parametrize(("element", "market"), ASKED)
def test_sole_and_loss_tell_one_story(element: str, market: str) -> None:
    view: View = view_in_memory()
    report = view.chokepoints(element, market)
    assert report.base is not None
    stages = [
        each
        for each in report.chokepoints
        if each.kind == "country" and each.stage and each.loss is not None
    ]
    assert stages
    told = False
    for point in stages:
        assert point.loss is not None
        if point.dominator:
            told = True
            assert point.loss > MOST, (point.id, point.loss)
            assert point.routes_without == 0
        if point.dominator is None:
            assert point.country == "ROW", point.id
            continue
        if point.loss >= ALL and market == "WLD":
            assert point.share is not None
            only = 1 - point.share < REMAINDER and not report.base.unexplained.get(point.stage, 0.0)
            assert point.dominator or not only, point.id
    if any(each.dominator is False and each.share and each.share > 0.999 for each in stages):
        pytest.fail("who makes all of a stage stands on every route")
    assert told or element in ("NdPr", "MREE", "La")


def test_no_remainder_is_asked_for_in_a_cut() -> None:
    """India, Malaysia, Thailand and Vietnam mine 0.1 to 1 %: no set names them."""
    for element, market in (("Dy", "USA"), ("NdPr", "JPN"), ("La", "WLD")):
        found = view_in_memory().cuts(element, market)
        kept = {each.id for each in found.structure.standings if not each.left_out}
        sets = [*found.sets, *found.worst, *filter(None, (found.fewest, found.least))]
        assert {name for each in sets for name in each.members} <= kept
        assert any("together under 2 %" in note for note in found.notes)
