"""Ranges of many reports at once: each is what it would be alone."""

from __future__ import annotations

import pytest

from monazite.findings.uncertainty.draws import find_draws
from monazite.findings.uncertainty.release import draw_many
from monazite.parameters import Contingency
from monazite.progress import do_nothing
from tests.conftest import view_in_memory
from tests.findings.uncertainty.test_drawn_years import asked


@pytest.mark.whole
@pytest.mark.parametrize("market", ["USA", "WLD", "CHN"])
def test_many_questions_at_once_are_each_alone(market: str) -> None:
    names = {f"Dy {each}": asked("Dy", each) for each in ("USA", "WLD", "CHN")}
    many = draw_many(names, 3, 1, do_nothing)
    view = view_in_memory()
    network, facts = view.network("Dy", market), view.facts("Dy")
    report = view.chokepoints("Dy", market, year=2024, network=network)
    alone = find_draws(network, facts, Contingency(), report, count=3, seed=1)
    found = many[f"Dy {market}"]
    assert found.rejected == alone.rejected
    assert found.found.taken == alone.taken
    for each in found.found.ranges:
        assert (each.loss, each.half) == (
            alone.ranges[each.line].loss,
            alone.ranges[each.line].half,
        )
