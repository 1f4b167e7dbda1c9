"""The lines that two views are compared by: countries at stages that count, with loss and range."""

from __future__ import annotations

import re

from monazite.pages.explorer.comparing import compared_lines
from tests.pages.backbones import small_backbone, unknown_backbone


def test_each_country_that_counts_has_a_line_with_its_loss_and_range() -> None:
    markup = compared_lines(small_backbone())
    keys = re.findall(r'<tr data-key="([^"]*)">', markup)
    assert "separation/CHN" in keys
    assert "mine/RUS" not in keys  # nothing is known of it
    [line] = re.findall(r'<tr data-key="separation/CHN">.*?</tr>', markup)
    assert "<td>Separation</td>" in line
    assert re.search(r"<td>100\s% \(in all trials\)</td>", line)
    assert 'class="dot"' in line


def test_where_no_loss_is_known_the_line_says_so() -> None:
    markup = compared_lines(unknown_backbone())
    assert "Loss not known" in markup
    assert 'class="dot"' not in markup
