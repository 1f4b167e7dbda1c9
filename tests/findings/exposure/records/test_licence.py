"""The file of a licence under Announcement 18, by the rows as they were read."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.errors import NotKnownError
from tests.conftest import view_in_memory
from tests.mirror import TESTS

BILL = TESTS.parent / "examples" / "bills" / "drive-unit.xlsx"


def states(market: str, day: str, profile: Path | None = None) -> dict[str, str]:
    found = view_in_memory().exposure(
        BILL, market, days=[day], profile=profile, licence="mofcom-gac-2025-18"
    )
    return {each.id.removeprefix("mofcom-18-"): each.state for each in found.licence}


def test_it_is_have_missing_or_not_ours(tmp_path: Path) -> None:
    profile = tmp_path / "buyer.toml"
    profile.write_text('documents = ["mofcom-18-end-use-certificate"]', "utf-8")
    told = states("EUE", "2026-11-24", profile)
    assert told["end-use-certificate"] == "have"
    assert told["introduction"] == "missing"  # of importer and end user
    assert told["application-form"] == "not ours"  # of the exporter
    assert states("EUE", "2026-11-24")["end-use-certificate"] == "missing"


@pytest.mark.whole
def test_what_came_later_or_is_of_another_destination_is_left_out() -> None:
    """Photos of the product are asked for since November 2025, Indian stamps of India."""
    early, late = states("EUE", "2025-06-01"), states("EUE", "2025-12-01")
    assert late.keys() - early.keys() == {
        *("company-introduction", "product-photos", "transactions")
    }
    assert states("IND", "2025-06-01").keys() - early.keys() == {"india-stamps"}


def test_where_no_row_tells_it_is_not_known() -> None:
    with pytest.raises(NotKnownError, match="no documents that a licence under"):
        view_in_memory().exposure(BILL, "EUE", licence="eu-crma-2024")


def test_it_is_told_as_a_table() -> None:
    found = view_in_memory().exposure(BILL, "EUE", licence="mofcom-gac-2025-18")
    text = found.to_text(width=80)
    assert "The file of a licence: " in text
    assert "no legal advice" in text
    assert max(map(len, text.splitlines())) <= 80
