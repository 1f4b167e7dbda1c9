"""The study: how far back from the products the stages are followed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.findings.flow_model.study import unexplained_at
from tests.findings.small_chains import STAGES, one_mine, study_of


@pytest.mark.parametrize(
    ("stage", "unexplained", "followed"),
    [
        ("metal", 0.5, STAGES),  # rows explain half: followed
        ("metal", 0.7, ("magnet",)),
        ("separation", 0.7, ("metal", "magnet")),
        ("mine", 0.51, ("separation", "metal", "magnet")),
    ],
)
def test_stages_are_followed_back_while_rows_explain_half_of_what_is_taken(
    stage: str, unexplained: float, followed: tuple[str, ...]
) -> None:
    chain = one_mine()
    element_chain = chain.element_chains["Dy"]
    taken = sum(amount for (at, _), amount in element_chain.taken.items() if at == stage)
    gap = replace(element_chain, missing={(stage, "A"): unexplained * taken})
    chain = replace(chain, element_chains={"Dy": gap})
    assert unexplained_at(chain, ["Dy"], stage) == pytest.approx(unexplained)
    assert study_of(chain).stages == followed
