"""Which policies stand for dysprosium and neodymium on five days, against their dated events."""

from __future__ import annotations

import pytest

from monazite.triples.answers import to_answer
from monazite.triples.queries import read_query
from monazite.triples.store import Store

# Begun before the day and ended after it, by hand from policy_events.csv; policy_scope.csv says
# what they cover. In every year since 2015: what China keeps on rare earths as a whole.
SINCE_2015 = {
    "china-resource-tax-2015",  # effective 2015-05
    "china-export-tax-end-2015",  # 2015-05-01
    "china-export-licence-2015",  # 2015-01-01
    "china-mandatory-production-plan-2007",
    "china-strategic-mineral-1990",
    "china-mining-quota-system",  # 2006
    "order-785-2024",  # 2024-10-01
    "us-dpa-determinations-2019",  # 2019-07-22
}
ON_RARE_EARTHS_2010 = {
    "china-export-tax-2007",  # 2007-01-01 to 2015-05-01
    "china-export-tax-2008",  # 2008-01 to 2015-05-01
    "china-export-quota-2010",
    "china-export-quota-2010-h2",
    "china-export-quota-system",  # 1999 to 2014-12-31
    "china-production-quota-2010",
    "china-mandatory-production-plan-2007",
    "china-strategic-mineral-1990",
    "china-mining-quota-system",
    "china-embargo-japan-2010",  # 2010-09-21 to 2010-11-19; that to the USA began on the 18th
}
ON_DY = {"mofcom-gac-2025-18", "japan-jare-lynas-2023"}  # 2025-04-04; 2023-03-07
IN_FORCE = {
    ("2010-10-15", "Dy"): ON_RARE_EARTHS_2010 | {"price-spike-2010-2011"},
    ("2010-10-15", "Nd"): ON_RARE_EARTHS_2010,
    ("2025-05-15", "Dy"): SINCE_2015 | ON_DY | {"china-production-quota-2025"},
    ("2025-05-15", "Nd"): SINCE_2015 | {"china-production-quota-2025"},
    ("2025-10-20", "Dy"): SINCE_2015 | ON_DY | {"china-production-quota-2025"},
    ("2025-10-20", "Nd"): SINCE_2015
    | {"china-production-quota-2025", "us-dod-mp-2025-price-floor"},
    ("2026-01-15", "Dy"): SINCE_2015
    | ON_DY
    | {"china-japan-informal-2026", "us-critical-list-2025"},
    ("2026-01-15", "Nd"): SINCE_2015 | {"us-dod-mp-2025-price-floor", "us-critical-list-2025"},
    ("2026-11-24", "Dy"): SINCE_2015
    | ON_DY
    | {"china-japan-informal-2026", "us-critical-list-2025"},
    ("2026-11-24", "Nd"): SINCE_2015 | {"us-dod-mp-2025-price-floor", "us-critical-list-2025"},
}
OTHERWISE = {
    ("2025-10-20", "Dy"): {"mofcom-2025-61": "partly in force"},
    ("2026-01-15", "Dy"): {"mofcom-2025-61": "suspended"},
    ("2026-11-24", "Dy"): {"mofcom-2025-61": "not known after 2026-11-10"},
}


def ask(store: Store, name: str, **given: str) -> list[dict[str, str]]:
    return to_answer(store.select(read_query(name).bound(store, given))).dicts()


@pytest.mark.parametrize(("date", "element"), IN_FORCE)
def test_what_stands_on_the_day(store: Store, date: str, element: str) -> None:
    status = {
        row["policy_id"]: row["status"]
        for row in ask(store, "policies-in-force", date=date, element=element)
    }
    expected = dict.fromkeys(IN_FORCE[date, element], "in force")
    assert status == {**expected, **OTHERWISE.get((date, element), {})}


@pytest.mark.parametrize("date", ["2025-05-15", "2025-10-20", "2026-01-15", "2026-11-24"])
def test_announcement_18_reaches_neodymium_only_in_magnets_with_dysprosium_or_terbium(
    store: Store, date: str
) -> None:
    rows = ask(store, "policies-on-element", date=date, element="Nd")
    of_18 = [row for row in rows if row["policy_id"] == "mofcom-gac-2025-18"]
    assert {row["item"] for row in of_18} == {
        "NdFeB magnet containing dysprosium",
        "NdFeB magnet containing terbium",
    }
    assert {row["reached"] for row in of_18} == {"only through a material that contains it"}
    assert {row["exempt"] for row in of_18} == {"the element itself is exempt"}
    assert {row["status"] for row in of_18} == {"in force"}


@pytest.mark.parametrize(
    ("date", "whole", "chinese_origin", "content_rules"),
    [
        ("2025-10-08", "not yet", "not yet", "not yet"),
        ("2025-10-09", "partly in force", "in force", "announced"),
        ("2025-10-20", "partly in force", "in force", "announced"),
        ("2025-12-02", "suspended", "suspended", "suspended"),
        ("2026-11-10", "suspended", "suspended", "suspended"),
        ("2026-11-11", *["not known after 2026-11-10"] * 3),
    ],
)
def test_announcement_61_part_by_part(
    store: Store, date: str, whole: str, chinese_origin: str, content_rules: str
) -> None:
    rows = ask(store, "policies-in-force", date=date, shown="all")
    (found,) = {
        (row["status"], row["parts"]) for row in rows if row["policy_id"] == "mofcom-2025-61"
    }
    parts = f"content and technology rules: {content_rules}; items of Chinese origin: "
    assert found == (whole, parts + chinese_origin)


def test_a_suspension_in_one_clause_leaves_the_rest_in_force(store: Store) -> None:
    rows = ask(store, "policies-in-force", date="2026-01-15", shown="all")
    (found,) = {
        (row["status"], row["parts"]) for row in rows if row["policy_id"] == "mofcom-2024-46"
    }
    assert found == ("partly in force", "clause 2: suspended")


def test_what_was_said_on_a_suspension_that_ran_out_is_shown_and_not_applied(store: Store) -> None:
    rows = ask(store, "policies-in-force", date="2026-11-24", shown="not known")
    bearing = {row["policy_id"]: row["bears_on_it"] for row in rows}
    for policy in ("mofcom-gac-2025-57", "mofcom-2025-61", "mofcom-2025-62"):
        assert "to 2027-01-10 (By statement; formal notice not seen" in bearing[policy]
        assert "policy_links/truce-extension-2026-amends-mofcom-gac-2025-70" in bearing[policy]
    before = ask(store, "policies-in-force", date="2026-11-01", shown="suspended")
    assert {row["bears_on_it"] for row in before} == {""}


def test_an_act_without_a_known_start_says_so(store: Store) -> None:
    rows = ask(store, "policies-in-force", date="2026-11-24", shown="start not known")
    assert {row["effective_from"] for row in rows} == {"not known"}
    assert {row["certainty"] for row in rows} == {"not known"}
    assert "us-s4031-2010" in {row["policy_id"] for row in rows}
