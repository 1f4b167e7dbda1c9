"""What controls of exports bind on a day, and what a row of their scope says by its columns."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import groupby
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.policies import export_controls
from monazite.analysis.policies.acts import Act, Acts, PolicyStatus
from monazite.analysis.policies.export_controls import Scope, ScopeRow, read_places, read_scopes
from monazite.core.errors import UnknownNameError
from monazite.store.opening import open_store
from monazite.store.queries import QueryRecord
from monazite.store.store import Store

A18, A57, A61 = "mofcom-gac-2025-18", "mofcom-gac-2025-57", "mofcom-2025-61"
SEVEN = {"Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"}
ALL_RARE_EARTHS = SEVEN | {"La", "Ce", "Pr", "Nd", "Eu", "Ho", "Er", "Tm", "Yb"}
DAYS = ("2010-10-20", "2024-12-31", "2025-06-30", "2025-10-20", "2025-12-02", "2026-11-26")

# Controls that name goods of the chain and their state, by hand from policy_events.csv and
# policy_scope.csv. Without an "effective" event it may be in force; the five announcements of
# 9 October 2025 are suspended from 2025-11-07 to 2026-11-10, and no row says what followed.
ALWAYS_SINCE_2024 = {
    "china-export-licence-2015": "in force",  # from 2015-01-01; goes on, no ceiling
    "china-processing-trade-ban-2010": "may be in force",  # announced 2010-11-16
    "malaysia-raw-export-ban-2024": "in force",  # from 2024-01-01
}
SINCE_JUNE_2025 = {
    **ALWAYS_SINCE_2024,
    A18: "in force",  # from 2025-04-04
    "india-irel-halt-2025": "may be in force",  # announced 2025-06
}
WITH_GOODS = {
    "2010-10-20": {
        "china-embargo-japan-2010": "in force",  # 2010-09-21 to 2010-11-19
        "china-embargo-us-eu-2010": "in force",  # 2010-10-18 to 2010-10-28
        "china-export-quota-2010": "may be in force or ended",  # begin and end are 2010
        "china-export-quota-2010-h2": "may be in force or ended",
        "china-export-quota-system": "in force",  # 1999 to 2014-12-31
    },
    "2024-12-31": ALWAYS_SINCE_2024,
    "2025-06-30": SINCE_JUNE_2025,
    # 57 is announced and starts on 2025-11-08; of 61 the goods of Chinese origin have begun.
    "2025-10-20": {**SINCE_JUNE_2025, A61: "in force in part"},
    "2025-12-02": {**SINCE_JUNE_2025, A57: "suspended", A61: "suspended"},
    "2026-11-26": {
        **SINCE_JUNE_2025,
        A57: "may be in force or suspended",
        A61: "may be in force or suspended",
        "china-japan-informal-2026": "in force",  # from 2026-01
        "china-raw-material-refusal-2025": "may be in force",  # announced 2025-12-25
        "vietnam-minerals-law-2025": "in force",  # from 2026-01-01
    },
}


@cache
def scopes_on(date: str) -> dict[str, Scope]:
    return {scope.policy: scope for scope in read_scopes(open_store(), date)}


def on(date: str, policy: str) -> Scope:
    return scopes_on(date)[policy]


@pytest.mark.parametrize("date", DAYS)
def test_which_controls_name_goods_of_the_chain(date: str) -> None:
    states = {scope.policy: scope.state for scope in scopes_on(date).values() if scope.goods}
    assert states == WITH_GOODS[date]


@pytest.mark.parametrize("date", ["2025-06-30", "2026-11-26"])
def test_announcement_18_covers_seven_elements_and_magnets_that_contain_three(date: str) -> None:
    scope = on(date, A18)
    assert scope.goods == {"separation": SEVEN, "metal": SEVEN, "magnet": {"Sm", "Tb", "Dy"}}
    assert (scope.kind, scope.country, scope.in_force) == ("export-licence", "CHN", True)
    assert scope.destinations is None
    assert (scope.third_country, scope.resale, scope.threshold) == (False, False, None)
    assert scope.stages == ("separation", "metal", "magnet")
    assert scope.elements == SEVEN


@pytest.mark.parametrize(
    ("stage", "element", "seller", "buyer", "bound"),
    [
        ("magnet", "Dy", "CHN", "USA", True),
        ("magnet", "Tb", "CHN", "JPN", True),
        ("magnet", "Nd", "CHN", "USA", False),  # NdFeB without Tb and Dy
        ("magnet", "Gd", "CHN", "USA", False),  # no magnet of the list is named for it
        ("separation", "Dy", "CHN", "MYS", True),
        ("separation", "Nd", "CHN", "JPN", False),  # not on the list
        ("mine", "Dy", "CHN", "JPN", False),  # ores are not on the list
        ("metal", "Dy", "VNM", "JPN", False),
        ("metal", "Dy", "CHN", "CHN", False),
    ],
)
def test_what_announcement_18_binds(
    stage: str, element: str, seller: str, buyer: str, bound: bool
) -> None:
    assert on("2025-06-30", A18).binds(stage, element, seller, buyer) is bound


def test_announcement_61_at_first_binds_only_chinese_goods_that_others_sell_on() -> None:
    scope = on("2025-10-20", A61)
    assert scope.in_force
    assert not scope.third_country
    assert scope.threshold is None
    assert not scope.binds("magnet", "Dy", "CHN", "USA")  # the border is announcement 18's
    assert not scope.binds("magnet", "Dy", "JPN", "USA", content="CHN")
    assert scope.binds("magnet", "Dy", "JPN", "USA", origin="CHN")
    assert not scope.binds("magnet", "Dy", "JPN", "CHN", origin="CHN")
    assert any("Does not run on the day" in said and "0.1%" in said for said in scope.remarks)


def test_announcement_61_would_bind_foreign_magnets_with_a_thousandth_of_chinese_content() -> None:
    scope = on("2026-11-26", A61)
    assert not scope.in_force
    assert scope.third_country
    assert (scope.threshold, scope.threshold_row) == (0.1, f"policy_scope/{A61}-threshold-0.1")
    assert scope.threshold_row in scope.rows
    assert scope.abroad == {"magnet": {"Sm", "Tb", "Dy"}}
    assert scope.goods["separation"] == {"Dy", "Tb"}
    assert scope.goods["metal"] == SEVEN
    assert scope.binds("magnet", "Dy", "JPN", "USA", content="CHN")
    assert not scope.binds("magnet", "Dy", "JPN", "USA", content="AUS")
    assert not scope.binds("magnet", "Nd", "JPN", "USA", content="CHN")
    assert not scope.binds("metal", "Dy", "VNM", "JPN", content="CHN")  # inputs, not foreign goods
    assert any("its suspension ended on 2026-11-10" in said for said in scope.remarks)
    assert any("an extension to 2027-01-10 was stated" in said for said in scope.remarks)


@pytest.mark.parametrize(
    ("policy", "word"),
    [
        ("china-gallium-germanium-2023", "gallium"),
        ("mofcom-2026-1", "military users"),
        ("china-myanmar-border-2024", "No record names goods"),
    ],
)
def test_what_names_no_goods_of_the_chain_binds_nothing_and_says_why(
    policy: str, word: str
) -> None:
    scope = on("2026-11-26", policy)
    assert scope.goods == {}
    assert not scope.binds("separation", "Dy", scope.country, "JPN")
    assert any(word in said for said in scope.remarks)


def test_in_2010_the_quota_bound_all_and_the_halts_japan_america_and_europe() -> None:
    quota = on("2010-10-20", "china-export-quota-2010")
    assert quota.elements == ALL_RARE_EARTHS
    assert quota.stages == ("mine", "separation", "metal")
    assert quota.binds("separation", "La", "CHN", "KOR")
    assert any("the day is not known" in said for said in quota.remarks)
    halt = on("2010-10-20", "china-embargo-us-eu-2010")
    assert halt.binds("mine", "Ce", "CHN", "DEU")
    assert halt.binds("mine", "Ce", "CHN", "USA")
    assert not halt.binds("mine", "Ce", "CHN", "JPN")
    assert on("2010-10-20", "china-embargo-japan-2010").destinations == frozenset({"JPN"})
    assert "china-embargo-us-eu-2010" not in scopes_on("2010-10-15")


@given(
    st.sampled_from(DAYS),
    st.sampled_from(["mine", "separation", "metal", "magnet", "use"]),
    st.sampled_from(["Nd", "Dy", "Sm", "Ho", "Fe"]),
    *[st.sampled_from(["CHN", "JPN", "USA", "MYS", ""])] * 4,
)
def test_nothing_binds_beyond_its_goods_and_aims(
    date: str, stage: str, element: str, seller: str, buyer: str, content: str, origin: str
) -> None:
    for scope in scopes_on(date).values():
        if scope.binds(stage, element, seller, buyer, content=content, origin=origin):
            assert element in scope.goods[stage]
            assert buyer not in (seller, scope.country)
            assert scope.destinations is None or buyer in scope.destinations
            assert scope.country in (seller, content, origin)


def test_every_scope_rests_on_rows(store: Store) -> None:
    for scope in read_scopes(store, "2026-11-26"):
        assert any(row.startswith("policy_events/") for row in scope.rows)
        assert len(set(scope.rows)) == len(scope.rows)
        assert not scope.goods or any(row.startswith("policy_scope/") for row in scope.rows)


def test_a_date_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(UnknownNameError, match="is not a date"):
        read_scopes(store, "soon")


CELLS = (
    *("text", "detail", "percent", "from", "until", "form", "reach", "users", "direction"),
    *("meaning", "relation", "class", "item", "member"),
)
DY = {"kind": "element", "relation": "covers", "class": "element", "item": "Dy"}
TO_USA = {"kind": "target-country", "relation": "targets", "class": "country", "item": "USA"}
Made = Callable[..., Scope]


def line(row: str, **cells: str) -> QueryRecord:
    blank = dict.fromkeys(CELLS, "")
    own = {"policy": "rule", "policy_kind": "export-ban", "country": "CHN", "text": row}
    return QueryRecord({**blank, **own, "row": f"row/policy_scope/{row}", **cells})


def rows_of(store: Store, *lines: QueryRecord) -> list[ScopeRow]:
    places = read_places(store)
    return [ScopeRow(list(own), places) for _, own in groupby(lines, key=lambda x: x["row"])]


@pytest.fixture
def made(store: Store, monkeypatch: pytest.MonkeyPatch) -> Made:
    status = PolicyStatus("in force", "in force", "since 2025", rows=("policy_events/rule",))
    places = read_places(store)
    monkeypatch.setattr(export_controls, "read_places", lambda _: places)
    monkeypatch.setattr(export_controls, "read_statuses", lambda *_: {"rule": status})
    nothing_kept = SimpleNamespace(derive=lambda _, work: work())

    def of(*lines: QueryRecord) -> Scope:
        kind = lines[0]["policy_kind"]
        rule = Act("rule", "Rule", kind, "", "CHN", "China", (), frozenset(), ())
        monkeypatch.setattr(export_controls, "read_acts", lambda _: Acts({"rule": rule}, ()))
        monkeypatch.setattr(export_controls, "ask", lambda *_, **__: lines)
        (found,) = read_scopes(nothing_kept, "2026-01-01")  # type: ignore[arg-type]
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
