"""What DOCX and PPTX share: columns that break no word, and sources in a line."""

from __future__ import annotations

import pytest

from monazite.pages.brief.office_files import column_widths, source_line
from monazite.safe_text import em_width
from tests.pages.briefs import source

ROWS = [
    ["Stage", "Leader", "What it is a share of"],
    ["separation", "Myanmar", "reconciled, contained element of all that is known of it"],
]


@pytest.mark.parametrize("wide", [12.0, 17.6, 30.0])
def test_columns_fill_the_table_and_no_word_breaks(wide: float) -> None:
    letter = 0.3
    widths = column_widths(ROWS, wide, letter)
    assert sum(widths) == pytest.approx(wide)
    for column, width in zip(zip(*ROWS, strict=True), widths, strict=True):
        assert width >= max(em_width(word) * letter for text in column for word in text.split())


def test_a_table_too_narrow_for_its_words_is_still_as_wide_as_it_may_be() -> None:
    assert sum(column_widths([["x" * 80, "y" * 80]], 5.0, 0.3)) == pytest.approx(5.0)
    assert column_widths([["", ""]], 5.0, 0.3) == pytest.approx([2.5, 2.5])


def test_a_source_is_a_line_whose_address_is_one() -> None:
    assert source_line(source(1)) == (
        "[1] USGS: Report 1, 2026-01, official or company. https://example.org/a"
    )
    assert source_line(source(3, url="javascript:alert(1)")).endswith("official or company.")
