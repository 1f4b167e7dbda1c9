"""Which rows name a thing, by hand: roles, policies, targets, and owners far above."""

from __future__ import annotations

from types import SimpleNamespace

from monazite.findings.timeline.mentions import Mentions


def mentions(**roles: dict[str, str]) -> Mentions:
    """Rows by role, thing and names of rows."""
    named = {
        (role, thing): frozenset(rows.split())
        for role, things in roles.items()
        for thing, rows in things.items()
    }
    nothing = SimpleNamespace()
    return Mentions(nothing, nothing, "2026-11-24", nothing, named)  # type: ignore[arg-type]


def test_rows_of_several_roles_and_of_some_tables() -> None:
    found = mentions(
        supplier={"a": "supply/1 prices/1"}, customer={"a": "supply/2", "b": "supply/3"}
    )
    assert found.naming("a", "supplier", "customer") == {"supply/1", "supply/2", "prices/1"}
    assert found.naming("a", "supplier", tables=["supply"]) == {"supply/1"}
    assert found.naming("a", "supplier", tables=["sup"]) == set()
    assert found.naming("c", "supplier") == set()


def test_a_policy_has_its_steps_and_what_is_said_of_it() -> None:
    found = mentions(
        policy={"p": "policy_events/1 policy_scope/1", "q": "policy_events/2"},
        subject={"p": "statements/1 other/1"},
    )
    assert found.of_policies(["p"]) == {"policy_events/1", "statements/1"}
    assert found.of_policies([]) == set()


def test_holders_are_followed_upward_and_a_circle_ends() -> None:
    found = mentions(
        owned={"plant": "own/1 own/2", "firm": "own/3", "group": "own/4"},
        owner={"firm": "own/1", "other": "own/2", "group": "own/3", "plant": "own/4"},
    )
    assert found.holders_above("plant") == {
        "firm": {"own/1"},
        "other": {"own/2"},
        "group": {"own/3"},
        "plant": {"own/4"},
    }


def test_six_holders_are_followed_and_no_seventh() -> None:
    names = [str(number) for number in range(9)]
    found = mentions(
        owned={name: f"own/{name}" for name in names[:-1]},
        owner={str(int(name) + 1): f"own/{name}" for name in names[:-1]},
    )
    assert sorted(found.holders_above("0")) == names[1:7]
