"""Which acts are rules on who may make, sell or buy what."""

from __future__ import annotations

import pytest

from monazite.findings.policies.acts import Act, ActLink, Acts
from monazite.findings.policies.kinds import EXPORTS, RULES, is_rule


def act(name: str, kind: str) -> Act:
    """An act without steps."""
    return Act(name, name, kind, kind, "LND", "Land", (), frozenset({"LND"}), ())


def acts(*held: Act, links: tuple[ActLink, ...] = ()) -> Acts:
    """Acts and their links."""
    return Acts({each.id: each for each in held}, links)


@pytest.mark.parametrize("kind", sorted(RULES))
def test_what_limits_is_a_rule(kind: str) -> None:
    one = act("a", kind)
    assert is_rule(one, acts(one))


@pytest.mark.parametrize(
    "kind", ["loan", "equity", "agreement", "critical-list", "meeting", "other"]
)
def test_what_supports_or_agrees_is_none(kind: str) -> None:
    one = act("a", kind)
    assert not is_rule(one, acts(one))


def test_what_only_ends_others_of_its_kind_is_none() -> None:
    duty, end = act("duty", "export-tax"), act("end", "export-tax")
    quota = act("quota", "export-quota")
    ended = ActLink("duty", "ended-by", "end", "r", "")
    assert not is_rule(end, acts(duty, end, links=(ended,)))
    other = ActLink("quota", "ended-by", "end", "r", "")
    assert is_rule(end, acts(quota, end, links=(other,)))


def test_controls_on_exports_are_rules() -> None:
    assert EXPORTS < RULES
