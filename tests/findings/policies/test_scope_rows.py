"""What a row of a scope says by its columns: hand-made rows, whatever their words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from monazite.findings.policies import export_controls
from monazite.findings.policies.acts import Act, Acts
from monazite.findings.policies.export_controls import Scope
from monazite.findings.policies.scope_rows import ScopeRow, read_places, to_scope_rows
from monazite.findings.policies.status import PolicyStatus
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store

DETAILS = [
    "text",
    "detail",
    "percent",
    "from",
    "until",
    "form",
    "reach",
    "users",
    "direction",
    "meaning",
]
NAMED = ["relation", "class", "item", "member"]
DY = {"kind": "element", "relation": "covers", "class": "element", "item": "Dy"}
TO_USA = {"kind": "target-country", "relation": "targets", "class": "country", "item": "USA"}
Made = Callable[..., Scope]


def line(row: str, **cells: str) -> QueryRecord:
    """One answer of the query policy-scopes; a row with several of one answers once for each."""
    blank = dict.fromkeys([*DETAILS, *NAMED], "")
    own = {"policy": "rule", "policy_kind": "export-ban", "country": "CHN", "text": row}
    return QueryRecord({**blank, **own, "row": f"row/policy_scope/{row}", **cells})


def rows_of(store: Store, *lines: QueryRecord) -> list[ScopeRow]:
    return list(to_scope_rows(lines, read_places(store)))


@pytest.fixture
def made(store: Store, monkeypatch: pytest.MonkeyPatch) -> Made:
    """The scope of one control in force, of hand-made lines."""
    rule = Act("rule", "Rule", "export-ban", "Export ban", "CHN", "China", (), frozenset(), ())
    status = PolicyStatus("in force", "in force", "since 2025", rows=("policy_events/rule",))
    monkeypatch.setattr(export_controls, "read_acts", lambda _: Acts({"rule": rule}, ()))
    monkeypatch.setattr(export_controls, "read_statuses", lambda *_: {"rule": status})

    def of(*lines: QueryRecord) -> Scope:
        monkeypatch.setattr(export_controls, "ask", lambda *_, **__: lines)
        (found,) = export_controls._read_scopes(store, "2026-01-01")
        return found

    return of


def test_forms_tell_the_stages_of_an_element_and_words_do_not(store: Store) -> None:
    stated, worded = rows_of(
        store,
        line("stated", form="metal", **DY),
        line("stated", form="alloy", **DY),
        line("worded", detail="metal, oxides and magnets", **DY),
    )
    assert stated.goods == [("metal", "Dy")]
    assert stated.forms == ("metal",)
    assert sorted(worded.goods) == [("metal", "Dy"), ("mine", "Dy"), ("separation", "Dy")]
    assert worded.forms == ()


def test_several_values_of_several_columns_are_one_row(store: Store) -> None:
    (row,) = rows_of(
        store,
        *(
            line("many", reach=reach, users=users, direction="export", **TO_USA)
            for reach in ("resale", "foreign-made")
            for users in ("military-users", "military-end-use")
        ),
    )
    assert row.reach == {"resale", "foreign-made"}
    assert row.users == {"military-users", "military-end-use"}
    assert row.named("targets") == {"USA"}
    assert row.exports


@pytest.mark.parametrize(
    ("reach", "at_border", "resale"),
    [("", True, False), ("resale", True, True), ("only-abroad", False, True)],
)
def test_reach_tells_where_goods_are_bound(
    made: Made, reach: str, at_border: bool, resale: bool
) -> None:
    scope = made(line("goods", form="metal", reach=reach, **DY))
    assert (scope.at_border, scope.resale) == (at_border, resale)
    assert scope.binds("metal", "Dy", "CHN", "JPN") is at_border
    assert scope.binds("metal", "Dy", "VNM", "JPN", origin="CHN") is resale


def test_goods_made_abroad_are_bound_from_a_share_of_content(made: Made) -> None:
    goods = line("goods", form="magnet", reach="foreign-made", **DY)
    share = line("share", kind="threshold", percent="0.1", reach="foreign-made")
    scope = made(goods, share)
    assert scope.abroad == {"magnet": {"Dy"}}
    assert (scope.threshold, scope.threshold_row) == (0.1, "policy_scope/share")
    assert made(goods).abroad == {}, "without a share nobody knows which goods are meant"
    owned = line("owned", kind="threshold", percent="50", detail="of a foreign-made item")
    assert made(goods, owned).threshold is None


@pytest.mark.parametrize("users", ["military-users", "military-end-use", "defence-firms"])
def test_some_users_of_a_country_are_not_the_country(made: Made, users: str) -> None:
    some = made(line("goods", form="metal", **DY), line("aim", users=users, **TO_USA))
    assert some.destinations == frozenset()
    assert any("Aimed at users within a country" in said for said in some.remarks)
    words = line("aim", detail="military users", **TO_USA)
    whole = made(line("goods", form="metal", **DY), words)
    assert whole.destinations == frozenset({"USA"})


def test_imports_are_no_exports(made: Made) -> None:
    ore = line("ore", form="ore", direction="import", **DY)
    assert made(ore).goods == {}
    assert 'Applies to imports, not exports: "ore".' in made(ore).remarks
    both = [line("ore", form="ore", direction=way, **DY) for way in ("export", "import")]
    assert made(*both).goods == {"mine": {"Dy"}}


def test_a_class_tells_a_licence_without_limit_of_volume_and_words_do_not(made: Made) -> None:
    worded = made(line("goods", form="oxide", **DY), line("no volume limit", kind="threshold"))
    assert worded.unlimited_row == ""
    assert any("no volume limit" in remark for remark in worded.remarks)
    stated = made(
        line("goods", form="oxide", **DY),
        line("any words", kind="threshold", meaning="no-volume-limit"),
    )
    assert stated.unlimited_row == "policy_scope/any words"
    assert stated.unlimited_row in stated.rows
    assert not any("any words" in remark for remark in stated.remarks)
    assert stated.goods == worded.goods
