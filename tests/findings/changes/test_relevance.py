"""What surely does not touch the element is left out, and what is of the market is marked."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.changes.relevance import Relevance, read_relevance
from monazite.triples.opening import open_store


@cache
def asked(element: str, market: str) -> Relevance:
    return read_relevance(open_store(), "2026-11-24", element, market)


# By hand from policy_scope.csv: None is left out, True is about the market.
@pytest.mark.parametrize(
    ("policy", "element", "market", "about"),
    [
        ("mofcom-2026-1", "Dy", "JPN", True),
        ("mofcom-2026-1", "Dy", "USA", False),  # Dy, but for Japan
        ("mofcom-gac-2025-58", "Dy", "USA", None),  # batteries and graphite
        ("china-gallium-germanium-2023", "Dy", "USA", None),
        ("mof-china-2026-46", "Dy", "USA", True),  # names no goods, aimed at the United States
        ("mof-china-2026-46", "Dy", "JPN", None),
        ("mofcom-2026-us-ten", "Dy", "JPN", False),  # a firm of the chain
    ],
)
def test_acts(policy: str, element: str, market: str, about: bool | None) -> None:
    assert asked(element, market).of_policy(policy) is about


@pytest.mark.parametrize(
    ("row", "element", "market", "about"),
    [
        ("supply_links/chn-jpn-dysprosium-2026-01", "Dy", "JPN", True),
        ("supply_links/chn-jpn-dysprosium-2026-01", "Dy", "USA", False),
        ("supply_links/chn-jpn-dysprosium-2026-01", "La", "JPN", None),
        ("supply_links/chn-mp-materials-dual-use-items-2026-06-22", "Dy", "USA", True),
        ("ownership/us-dod-mp-materials-2025-07", "Dy", "USA", True),
        ("ownership/us-dod-mp-materials-2025-07", "Dy", "EUE", False),
    ],
)
def test_rows(row: str, element: str, market: str, about: bool | None) -> None:
    assert asked(element, market).of_row(row) is about


def test_plants() -> None:
    assert asked("Dy", "USA").of_facility("mountain-pass") is True
    assert asked("Dy", "JPN").of_facility("mountain-pass") is False
    assert asked("Dy", "EUE").of_facility("neo-narva") is True  # a member of the union
    assert asked("Dy", "EUE").of_facility("nothing-known") is False


def test_a_name_that_means_nothing_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        read_relevance(open_store(), "2026-11-24", "Dy", "Atlantis")
