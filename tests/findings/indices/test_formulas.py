"""The quoted indices: printed values of the European report, hand-worked chains, and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import MissingInputError
from monazite.findings.indices.formulas import (
    eu_supply_risk,
    geopolrisk,
    governance_risk,
    over_union_limit,
    top_shares,
    weighted_hhi,
    without_largest,
)
from monazite.findings.shares.concentration import hhi
from tests.golden.lines import lines_of

Shares = dict[str, float]


def _printed(material: str) -> dict[str, float]:
    """What the report of 2017 prints of a material; parts as fractions."""
    return {
        line["metric"]: float(line["value"] or float(line["percent"]) / 100)
        for line in lines_of("criticality").values()
        if (line["material"], line["source"]) == (material, "eu-crm-2017-report")
    }


ELEMENTS = sorted(
    line["material"]
    for line in lines_of("criticality").values()
    if line["metric"] == "sr-with-global-supply-only"
)


def _ends(printed: dict[str, float], metric: str, half: float = 0.05) -> tuple[float, float]:
    return printed[metric] - half, printed[metric] + half


@pytest.mark.parametrize("material", ELEMENTS)
def test_every_rare_earth_of_the_european_report_fits_within_its_rounding(material: str) -> None:
    """SR, SR of global supply only and SR of the Union's sourcing only: three printed values."""
    printed = _printed(material)
    world = _ends(printed, "hhi-wgi-t-global-supply")
    union = _ends(printed, "hhi-wgi-t-eu-supply")
    recycled = _ends(printed, "eol-rir", 0.005)
    substitutes = _ends(printed, "si-sr-substitution-index")
    reliance = printed["ir-import-reliance"]
    cases = {
        "sr-supply-risk": (world, union),
        "sr-with-global-supply-only": (world, None),
        "sr-with-eu-sourcing-only": (None, union),
    }
    if material == "scandium":  # its note says: supply used in SR, global only
        cases["sr-supply-risk"] = (world, None)
    for metric, (first, second) in cases.items():
        low, high = (
            eu_supply_risk(
                first[end] if first else None,
                second[end] if second else None,
                reliance,
                recycled[1 - end],
                min(1.0, substitutes[end]),
            )
            for end in (0, 1)
        )
        assert low - 0.05 <= printed[metric] <= high + 0.05, metric


def test_there_are_sixteen_of_them() -> None:
    assert len(ELEMENTS) == 16


def test_a_chain_of_three_countries_worked_by_hand() -> None:
    """60, 30 and 10 of 100 t; risks 6, 2 and 9; 80 t are needed, 30 of them by the largest.

    HHI 3,600 + 900 + 100 = 4,600. Weighted 0.36 x 6 + 0.09 x 2 + 0.01 x 9 = 2.43. Without the
    largest 40 t: 40/80 of the need, 40/50 of what the others need. An importer takes 30 t of A
    and 10 t of B and makes 10 t: 0.46 x (0.6 x 30 + 0.2 x 10) / 50 = 0.184. The Union's half of
    an import reliance of 0.8 gives the world's 2.43 a weight of 0.4 and its own 4.0 one of 0.6:
    (0.972 + 2.4) x 0.9 x 0.5 = 1.5174.
    """
    shares = {"A": 0.6, "B": 0.3, "C": 0.1}
    assert hhi(shares.values()) == pytest.approx(4_600)
    assert top_shares(shares.values(), 2) == pytest.approx(0.9)
    assert weighted_hhi(shares, {"A": 6, "B": 2, "C": 9}) == pytest.approx(2.43)
    supply = {"A": 60.0, "B": 30.0, "C": 10.0}
    assert without_largest(supply, 80) == pytest.approx(0.5)
    assert without_largest(supply, 80 - 30) == pytest.approx(0.8)
    taken = geopolrisk(0.46, {"A": 30, "B": 10}, {"A": 0.6, "B": 0.2}, 10)
    assert taken == pytest.approx(0.184)
    assert eu_supply_risk(2.43, 4.0, 0.8, 0.1, 0.5) == pytest.approx(1.5174)


def test_a_trade_parameter_raises_and_lowers() -> None:
    shares, risks = {"A": 0.6, "B": 0.4}, {"A": 5.0, "B": 5.0}
    assert weighted_hhi(shares, risks, {"A": 1.2}) == pytest.approx(0.36 * 6 + 0.16 * 5)
    assert weighted_hhi(shares, risks, {"B": 0.8}) == pytest.approx(0.36 * 5 + 0.16 * 4)


def test_the_limit_of_the_union_is_passed_above_it_only() -> None:
    assert over_union_limit({"A": 0.65, "B": 0.35}) is None
    assert over_union_limit({"A": 0.651}) == "A"
    assert over_union_limit({}) is None


def test_what_has_no_answer_is_refused() -> None:
    with pytest.raises(MissingInputError, match="concentration of the world or of the Union"):
        eu_supply_risk(None, None, 1, 0, 1)
    with pytest.raises(MissingInputError, match="import reliance"):
        eu_supply_risk(5, 5, None, 0, 1)
    with pytest.raises(MissingInputError, match="a supplier and a demand"):
        without_largest({}, 10)
    with pytest.raises(MissingInputError, match="neither imports nor produces"):
        geopolrisk(0.5, {}, {}, 0)
    with pytest.raises(MissingInputError, match="No risk is given for A"):
        weighted_hhi({"A": 1.0}, {})


@st.composite
def splits(draw: st.DrawFn) -> Shares:
    """Shares of one to eight countries that add up to 1."""
    weights = draw(st.lists(st.integers(1, 1000), min_size=1, max_size=8))
    return {f"C{place}": weight / sum(weights) for place, weight in enumerate(weights)}


@given(splits())
def test_the_index_lies_between_equal_shares_and_one_country(shares: Shares) -> None:
    assert 10_000 / len(shares) - 1e-6 <= hhi(shares.values()) <= 10_000 + 1e-6
    assert hhi(shares.values()) == pytest.approx(hhi(reversed(list(shares.values()))))


@given(splits(), st.floats(0, 10), st.floats(0, 10))
def test_worse_governance_never_lowers_the_weighted_index(
    shares: Shares, risk: float, other: float
) -> None:
    low, high = sorted((risk, other))
    calm = weighted_hhi(shares, dict.fromkeys(shares, low))
    assert calm <= weighted_hhi(shares, dict.fromkeys(shares, low) | {"C0": high}) + 1e-9
    assert calm == pytest.approx(hhi(shares.values()) / 10_000 * low)


@given(st.floats(-2.5, 2.5), st.floats(-2.5, 2.5))
def test_a_better_estimate_is_a_lower_risk(first: float, second: float) -> None:
    low, high = sorted((first, second))
    assert 0 <= governance_risk(high) <= governance_risk(low) <= 10


@given(splits(), st.floats(0.1, 100))
def test_more_demand_leaves_less_of_it_served(shares: Shares, demand: float) -> None:
    left = without_largest(shares, demand)
    assert left >= without_largest(shares, demand * 2)
    assert left <= (1 - max(shares.values())) / demand + 1e-9


@given(*[st.floats(0, 10)] * 3, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_european_risk_grows_with_concentration_and_falls_with_recycling(
    world: float, other: float, union: float, reliance: float, recycling: float, substitution: float
) -> None:
    low, high = sorted((world, other))
    risk = eu_supply_risk(high, union, reliance, recycling, substitution)
    assert eu_supply_risk(low, union, reliance, recycling, substitution) <= risk + 1e-9
    assert eu_supply_risk(high, union, reliance, 1.0, substitution) == pytest.approx(0)
    assert min(high, union) * (1 - recycling) * substitution - 1e-9 <= risk
    assert risk <= max(high, union) * (1 - recycling) * substitution + 1e-9
