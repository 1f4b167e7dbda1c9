"""How readers write the number of an announcement, and which ids hold it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.triples.announcements import Announcement, read_announcement


@pytest.mark.parametrize(
    ("text", "number", "year"),
    [
        ("Announcement 61", 61, ""),
        ("announcement no. 61", 61, ""),
        ("MOFCOM Announcement No.61 of 2025", 61, "2025"),
        ("Announcement 61/2025", 61, "2025"),
        ("Announcement 61 (2025)", 61, "2025"),
        ("MOFCOM announcement 2025-61", 61, "2025"),
        ("商务部公告2025年第61号", 61, "2025"),
        ("商务部 海关总署公告2025年第18号", 18, "2025"),
        ("商务部、海关总署公告2025年第18号", 18, "2025"),
        ("2025年第61号公告", 61, "2025"),
        ("第61号公告", 61, ""),
    ],
)
def test_ways_to_write_a_number(text: str, number: int, year: str) -> None:
    assert read_announcement(text) == Announcement(number, year)


@pytest.mark.parametrize(
    "text",
    ["61", "2025", "Announcement", "Announcement 2025", "公告", "号", "Order 785", "Dy", ""],
)
def test_what_numbers_no_announcement(text: str) -> None:
    assert read_announcement(text) is None


@pytest.mark.parametrize(
    ("policy", "fits"),
    [
        ("mofcom-2025-61", True),
        ("mofcom-gac-2025-61", True),
        ("mofcom-2024-61", False),
        ("mofcom-2025-6", False),
        ("mof-china-2025-61", False),  # the number of that id is one of firms
        ("mofcom-2025-61-b", False),
    ],
)
def test_an_id_holds_number_and_year(policy: str, fits: bool) -> None:
    assert Announcement(61, "2025").is_that_of(policy) is fits
    assert Announcement(61, "2025").is_that_of(policy, ["A rule of 2025", policy]) is fits


def test_a_name_that_is_a_number_counts_before_the_id() -> None:
    names = ["Second list", "商务部公告2026年第27号"]
    assert Announcement(27, "2026").is_that_of("mofcom-2026-28", names)
    assert not Announcement(28, "2026").is_that_of("mofcom-2026-28", names)
    assert Announcement(27, "").is_that_of("second-list", names)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = read_announcement(text)
    assert found is None or 0 <= found.number < 1000
