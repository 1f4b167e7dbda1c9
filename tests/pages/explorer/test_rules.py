"""The rules in force: those alone, with what they cover and who says so."""

from __future__ import annotations

from monazite.findings.policies.status_values import IN_FORCE
from monazite.pages.explorer.rules import rules_markup
from tests.conftest import view_in_memory


def test_it_lists_the_acts_in_force_and_no_other() -> None:
    lines = view_in_memory().policies("Dy").policies
    markup = rules_markup(lines, "2026-11-24")
    held = [line for line in lines if line.status.value == IN_FORCE]
    assert 0 < len(held) < len(lines)
    assert markup.count("<tr>") == len(held) + 1
    assert f"Rules in force on 24 Nov 2026 ({len(held)})" in markup
    assert all(f'data-card="policy/{line.policy}"' in markup for line in held)


def test_without_any_it_says_so() -> None:
    assert "We found no rule in force" in rules_markup((), "2026-11-24")
