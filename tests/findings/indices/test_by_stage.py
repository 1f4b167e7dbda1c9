"""The quoted indices of the shipped rows, against plain lines and numbers worked by hand."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.errors import NotKnownError, UnknownNameError
from monazite.findings.indices.by_stage import find_indices
from monazite.findings.indices.quoted_index import QuotedIndex
from monazite.findings.shares.by_year import concentration_series
from monazite.network.facts import read_facts
from monazite.view import View
from tests.conftest import view_in_memory
from tests.golden.lines import lines_of


@cache
def _of(view: View, element: str, stage: str, market: str = "USA") -> dict[str, QuotedIndex]:
    facts = read_facts(view.store, element, view.valid)
    return {line.index: line for line in find_indices(facts, stage, market=market)}


def _risk(country: str, year: int) -> float:
    """The estimate of the plain line, turned by hand: 2.5 is 0, -2.5 is 10."""
    row = lines_of("governance")[
        f"governance/{country.lower()}-political-stability-estimate-{year}"
    ]
    return (2.5 - float(row["value"])) * 2


def test_magnet_rare_earths_mined_in_2024(view: View) -> None:
    """IEA, kt of metal: China 45.787, Myanmar 12.072, USA 6.860, Australia 3.235, others 7.145.

    Of 75.099 in the world; the need is 90.922. Without China 29.311 are left, 32.2 % of it.
    """
    found = _of(view, "MREE", "mine")
    tonnes = {"CHN": 45.78735, "MMR": 12.07196, "USA": 6.85982, "AUS": 3.23459}
    shares = {place: kt / 75.09879 for place, kt in tonnes.items()}
    assert found["hhi"].value == pytest.approx(sum((100 * s) ** 2 for s in shares.values()))
    assert found["top-3"].value is None  # the rest, 9.5 %, may hide more than the American 9.1 %
    assert found["top-3"].low == pytest.approx(0.8618, abs=1e-4)
    by_hand = sum(share**2 * _risk(place, 2024) for place, share in shares.items())
    assert found["hhi-political-stability"].value == pytest.approx(by_hand, rel=1e-5)
    left = found["n-1-of-world-demand"]
    assert left.value == pytest.approx((75.09879 - 45.78735) / 90.922, rel=1e-4)
    assert "demand/all-uses-magnet-rare-earths-2024-iea-magnet-rare-earth-content" in left.rows
    outside = found["n-1-of-demand-outside"]
    assert outside.value is None
    assert outside.missing == ("demand of China in 2024 on the basis element",)


def test_one_dimension_is_never_called_governance(view: View) -> None:
    found = _of(view, "MREE", "mine")
    assert found["hhi-wgi"].value is None
    assert len(found["hhi-wgi"].missing) == 5
    assert "revised from 2023" in found["hhi-political-stability"].note


def test_dysprosium_by_the_inputs_that_the_report_prints(view: View) -> None:
    """(9.2 x 0.5 + 1.8 x 0.5) x 1.00 x 0.9 = 4.95; the report prints 5.2, within the rounding."""
    found = _of(view, "Dy", "mine")["eu-supply-risk-2017"]
    assert found.value == pytest.approx(4.95)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 5.2 <= found.high
    assert len(found.rows) == 5
    assert "prints 5.2" in found.note


def test_neodymium_by_our_shares_and_political_stability(view: View) -> None:
    """World and Union by the plain lines; IR 100 %, recycling 1 %, substitution 0.9 of 2017."""
    world = {
        line["country"]: float(line["percent"])
        for line in lines_of("production").values()
        if (line["series"], line["stage"], line["material"]) == ("eu-crm-2023", "mine", "neodymium")
    }
    total = sum(world.values())
    weighted = sum((part / total) ** 2 * _risk(place, 2023) for place, part in world.items())
    union = {
        line["exporter"]: float(line["percent"]) / 100
        for line in lines_of("trade_totals").values()
        if line["description"] == "Nd, EU sourcing, extraction stage"
    }
    sourced = sum(part**2 * _risk(place, 2023) for place, part in union.items())
    found = _of(view, "Nd", "mine")["eu-supply-risk-political-stability"]
    assert found.value == pytest.approx((weighted + sourced) / 2 * 0.99 * 0.9)
    assert "trade parameter" in found.note
    assert {row.split("/")[0] for row in found.rows} == {
        *("production", "governance", "trade_totals", "criticality"),
    }


def test_geopolrisk_of_japan_in_oxides(view: View) -> None:
    """The flows of HS 2846.90 to Japan in 2024, by the plain lines, times the index of 2025."""
    flows = {
        line["exporter"]: float(line["tonnes"])
        for line in lines_of("baci").values()
        if (line["importer"], line["code"], line["year"]) == ("JPN", "hs2022-284690", "2024")
        and line["tonnes"]
    }
    exposed = sum(_risk(place, 2024) / 10 * tonnes for place, tonnes in flows.items())
    found = _of(view, "TREO", "separation", "JPN")
    concentration = found["hhi"].value
    assert concentration is not None
    by_hand = concentration / 10_000 * exposed / sum(flows.values())
    assert found["geopolrisk"].value == pytest.approx(by_hand)
    assert found["geopolrisk"].market == "JPN"


def test_the_union_takes_its_magnets_from_one_country(view: View) -> None:
    found = _of(view, "MREE", "magnet")["union-65-percent"]
    assert (found.value, found.low, found.basis) == (0.98, 0.90, "share-of-country-use")
    assert found.missing == ()
    assert found.note.startswith("China is above 65 %.")


def test_separated_neodymium_is_above_the_limit_by_sourcing_and_below_by_imports(
    view: View,
) -> None:
    found = _of(view, "Nd", "separation")["union-65-percent"]
    assert found.value == 0.85
    assert found.low == pytest.approx(0.463)
    assert found.missing == ("annual consumption of the Union",)


def test_the_american_risk_names_what_is_missing(view: View) -> None:
    found = _of(view, "TREO", "mine")["usgs-supply-risk-2020"]
    assert (found.value, len(found.missing)) == (None, 2)
    assert found.rows == ("trade_totals/wld-usa-2846-2805.30-2025-share-percent",)


def test_a_reliance_that_is_a_bound_says_so(view: View) -> None:
    facts = read_facts(view.store, "TREO", "2022-12-31")
    (found,) = (each for each in find_indices(facts, "mine") if "usgs-supply" in each.index)
    assert "is at least 95 % (lower bound) in 2022" in found.note


@pytest.mark.parametrize("element", ["MREE", "Dy", "Sc"])
def test_no_number_without_its_rows(view: View, element: str) -> None:
    facts = read_facts(view.store, element, view.valid)
    for line in find_indices(facts):
        assert line.equation in {"read", "recalled"}
        if line.value is None:
            assert line.missing, line
        else:
            assert line.rows, line
            assert len(line.rows) == len(set(line.rows)), line
            assert line.low is not None
            assert line.high is not None
            assert line.low <= line.value + 1e-9 <= line.high + 2e-9


@pytest.mark.whole
def test_without_the_governance_rows_their_indices_are_not_known() -> None:
    bare = view_in_memory(without=("table:governance",))
    facts = read_facts(bare.store, "MREE", bare.valid)
    found = {line.index: line for line in find_indices(facts, "mine")}
    weighted = found["hhi-political-stability"]
    assert weighted.value is None
    assert weighted.low == 0
    (line,) = concentration_series(facts, "mine", newest=True)
    assert line.hhi is not None
    assert line.rest is not None
    assert weighted.high == pytest.approx((line.hhi + (100 * line.rest) ** 2) / 1000)
    assert "political stability of CHN" in weighted.missing


def test_unknown_stage_and_stage_without_rows(view: View) -> None:
    facts = read_facts(view.store, "TREO", view.valid)
    with pytest.raises(UnknownNameError, match='no stage "mining"'):
        find_indices(facts, "mining")
    with pytest.raises(NotKnownError, match="splits the stage use"):
        find_indices(facts, "use")


def test_geopolrisk_of_the_union_counts_what_comes_from_outside_as_one(view: View) -> None:
    """The flows of HS 2846.90 to its members in 2024, without those between them."""
    facts = read_facts(view.store, "TREO", view.valid)
    union = facts.areas["EUE"]
    flows: dict[str, float] = {}
    for line in lines_of("baci").values():
        if (line["code"], line["year"]) == ("hs2022-284690", "2024") and line["tonnes"]:
            seller = line["exporter"]
            if line["importer"] in union and seller not in union:
                flows[seller] = flows.get(seller, 0.0) + float(line["tonnes"])
    exposed = sum(_risk(place, 2024) / 10 * tonnes for place, tonnes in flows.items())
    found = {each.index: each for each in view.indices("TREO", stage="separation", market="EU")}
    concentration, risk = found["hhi"].value, found["geopolrisk"]
    assert concentration is not None
    assert risk.value == pytest.approx(concentration / 10_000 * exposed / sum(flows.values()))
    assert risk.market == "EUE"
    assert "Trade between the members of the area does not count." in risk.note
    assert "members" not in _of(view, "TREO", "separation", "JPN")["geopolrisk"].note


@pytest.mark.parametrize("word", ["WLD", "ROW"])
def test_an_area_without_members_is_refused_with_what_to_ask(view: View, word: str) -> None:
    with pytest.raises(UnknownNameError, match=r"whose members are known \(EUE\), and .* take one"):
        view.indices("Dy", stage="mine", market=word)
