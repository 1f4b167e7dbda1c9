"""Why a printed share differs: by its own attributes, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from monazite.findings.standing.differences import OWN_COUNT, why_other
from monazite.network.shares import OutputFigure
from tests.conftest import view_in_memory


def figure(**given: Any) -> OutputFigure:
    told: dict[str, Any] = {
        "row": "production/a",
        "place": "CHN",
        "total": False,
        "stage": "separation",
        "rank": 1,
        "year": 2024,
        "series": "news",
        "basis": "element",
        "tier": 3,
        "published": "2025",
        "preference": 99,
        "material": "https://w3id.org/monazite/id/material/dysprosium-oxide",
        "tonnes": (None, None, None),
        "percent": (90.0, None, None),
    }
    return OutputFigure(**{**told, **given})


@pytest.mark.parametrize(
    ("given", "year", "basis", "told"),
    [
        ({}, 2024, "element", OWN_COUNT),
        ({}, 2022, "element", "of 2022, not 2024"),
        ({"kind": "upper bound"}, 2024, "element", "upper bound"),
        ({"kind": "forecast"}, 2025, "reo", "of 2025, not 2024; forecast; basis: REO"),
        (
            {"rank": 3, "material": "https://w3id.org/monazite/id/material/rare-earth-metal"},
            2024,
            "share-of-world-output",
            "a wider group, rare earth metals, not specified; basis: share of world output",
        ),
        (
            {"joint": ("dysprosium-oxide", "terbium-oxide")},
            2024,
            "element",
            "of dysprosium oxide and terbium oxide together",
        ),
    ],
)
def test_each_attribute_that_differs_is_named(
    given: dict[str, Any], year: int, basis: str, told: str
) -> None:
    facts = view_in_memory().facts("Dy")
    found = why_other([figure(**given)], facts, year=year, basis=basis, reconciled=2024)
    assert found == told
