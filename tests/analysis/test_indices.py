"""Quoted indices: printed values of reports, chains by hand, laws, and the shipped rows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.concentration import indices
from monazite.analysis.concentration.by_year import ConcentrationYear, concentration_series
from monazite.analysis.concentration.indices import Indices, find_indices
from monazite.analysis.concentration.inputs import (
    IndexInputs,
    QuotedIndex,
    eu_supply_risk,
    geopolrisk,
    governance_risk,
    weighted_hhi,
    without_largest,
)
from monazite.analysis.concentration.shares import hhi, top_shares
from monazite.analysis.reproductions.result import Order, OrderPlace, Reproduction, Reproductions
from monazite.core.errors import MissingInputError, NotKnownError, UnknownNameError
from monazite.core.tables import write_tables
from monazite.model.network.facts import read_facts
from monazite.store.store import Store
from monazite.view.view import View
from tests.golden.lines import line_of, lines_of
from tests.results import records_in
from tests.sharing import only_whole

Shares = dict[str, float]


def printed_of(material: str) -> dict[str, float]:
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


def ends_of(printed: dict[str, float], metric: str, half: float = 0.05) -> tuple[float, float]:
    return printed[metric] - half, printed[metric] + half


@pytest.mark.parametrize("material", ELEMENTS)
def test_every_rare_earth_of_the_european_report_fits_within_its_rounding(material: str) -> None:
    """SR, SR of global supply only and SR of the Union's sourcing only: three printed values."""
    printed = printed_of(material)
    world = ends_of(printed, "hhi-wgi-t-global-supply")
    union = ends_of(printed, "hhi-wgi-t-eu-supply")
    recycled = ends_of(printed, "eol-rir", 0.005)
    substitutes = ends_of(printed, "si-sr-substitution-index")
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


def test_a_chain_of_three_countries_worked_by_hand() -> None:
    """60, 30 and 10 of 100 t; risks 6, 2 and 9; 80 t are needed, 30 of them by the largest."""
    shares = {"A": 0.6, "B": 0.3, "C": 0.1}
    assert hhi(shares.values()) == pytest.approx(4_600)
    assert top_shares([*shares.values(), 0.05]) == pytest.approx(1.0)
    assert weighted_hhi(shares, {"A": 6, "B": 2, "C": 9}) == pytest.approx(2.43)
    supply = {"A": 60.0, "B": 30.0, "C": 10.0}
    assert without_largest(supply, 80) == pytest.approx(0.5)
    assert without_largest(supply, 80 - 30) == pytest.approx(0.8)
    taken = geopolrisk(0.46, {"A": 30, "B": 10}, {"A": 0.6, "B": 0.2})
    assert taken == pytest.approx(0.23)
    assert eu_supply_risk(2.43, 4.0, 0.8, 0.1, 0.5) == pytest.approx(1.5174)


def test_what_has_no_answer_is_refused() -> None:
    with pytest.raises(MissingInputError, match="a supplier and a demand"):
        without_largest({}, 10)
    with pytest.raises(MissingInputError, match="neither imports nor produces"):
        geopolrisk(0.5, {}, {})


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


@cache
def indices_of(view: View, element: str, stage: str, market: str = "USA") -> dict[str, QuotedIndex]:
    facts = read_facts(view.store, element, view.valid)
    return {line.index: line for line in find_indices(facts, stage, market=market)}


def risk_of(country: str, year: int) -> float:
    """The estimate of the plain line, turned by hand: 2.5 is 0, -2.5 is 10."""
    row = lines_of("governance")[
        f"governance/{country.lower()}-political-stability-estimate-{year}"
    ]
    return (2.5 - float(row["value"])) * 2


def test_magnet_rare_earths_mined_in_2024(view: View) -> None:
    """IEA, kt of metal: China 45.787, Myanmar 12.072, USA 6.860, Australia 3.235, others 7.145."""
    found = indices_of(view, "MREE", "mine")
    tonnes = {"CHN": 45.78735, "MMR": 12.07196, "USA": 6.85982, "AUS": 3.23459}
    shares = {place: kt / 75.09879 for place, kt in tonnes.items()}
    assert found["hhi"].value == pytest.approx(sum((100 * s) ** 2 for s in shares.values()))
    assert found["top-3"].value is None  # the rest, 9.5 %, may hide more than the American 9.1 %
    assert found["top-3"].low == pytest.approx(0.8618, abs=1e-4)
    by_hand = sum(share**2 * risk_of(place, 2024) for place, share in shares.items())
    assert found["hhi-political-stability"].value == pytest.approx(by_hand, rel=1e-5)
    left = found["n-1-of-world-demand"]
    assert left.value == pytest.approx((75.09879 - 45.78735) / 90.922, rel=1e-4)
    assert "demand/all-uses-magnet-rare-earths-2024-iea-magnet-rare-earth-content" in left.rows
    outside = found["n-1-of-demand-outside"]
    assert outside.value is None
    assert outside.missing == ("demand of China in 2024 on the basis element",)


def test_dysprosium_by_the_inputs_that_the_report_prints(view: View) -> None:
    """(9.2 x 0.5 + 1.8 x 0.5) x 1.00 x 0.9 = 4.95; the report prints 5.2, within the rounding."""
    found = indices_of(view, "Dy", "mine")["eu-supply-risk-2017"]
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
    weighted = sum((part / total) ** 2 * risk_of(place, 2023) for place, part in world.items())
    union = {
        line["exporter"]: float(line["percent"]) / 100
        for line in lines_of("trade_totals").values()
        if line["description"] == "Nd, EU sourcing, extraction stage"
    }
    sourced = sum(part**2 * risk_of(place, 2023) for place, part in union.items())
    found = indices_of(view, "Nd", "mine")["eu-supply-risk-political-stability"]
    assert found.value == pytest.approx((weighted + sourced) / 2 * 0.99 * 0.9)
    assert "trade parameter" in found.note
    assert {row.split("/")[0] for row in found.rows} == {
        *("production", "governance", "trade_totals", "criticality")
    }


def test_the_union_takes_its_magnets_from_one_country(view: View) -> None:
    found = indices_of(view, "MREE", "magnet")["union-65-percent"]
    assert (found.value, found.low, found.basis) == (0.98, 0.90, "share-of-country-use")
    assert found.missing == ()
    assert found.note.startswith("China is above 65 %.")


@pytest.mark.parametrize("element", ["MREE", *only_whole("Dy", "Sc")])
def test_no_number_without_its_rows(view: View, element: str) -> None:
    facts = read_facts(view.store, element, view.valid)
    for line in find_indices(facts):
        assert line.equation in {"read", "recalled"}
        if line.value is None:
            assert line.missing, line
        else:
            assert line.index not in {"hhi", "top-3"} or not line.missing, line
            assert line.rows, line
            assert len(line.rows) == len(set(line.rows)), line
            assert line.low is not None
            assert line.high is not None
            assert line.low <= line.value + 1e-9 <= line.high + 2e-9


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
    exposed = sum(risk_of(place, 2024) / 10 * tonnes for place, tonnes in flows.items())
    found = {each.index: each for each in view.indices("TREO", stage="separation", market="EU")}
    concentration, risk = found["hhi"].value, found["geopolrisk"]
    assert concentration is not None
    assert risk.value == pytest.approx(concentration / 10_000 * exposed / sum(flows.values()))
    assert risk.market == "EUE"
    assert "Trade between the members of the area does not count." in risk.note
    assert "members" not in indices_of(view, "TREO", "separation", "JPN")["geopolrisk"].note


@pytest.mark.parametrize("word", ["WLD", "ROW"])
def test_an_area_without_members_is_refused_with_what_to_ask(view: View, word: str) -> None:
    with pytest.raises(UnknownNameError, match=r"whose members are known \(EUE\), and .* take one"):
        view.indices("Dy", stage="mine", market=word)


@pytest.fixture(scope="module")
def inputs(store: Store) -> IndexInputs:
    return IndexInputs(read_facts(store, "Dy", "2026-11-24"), "USA")


def test_a_year_without_a_row_takes_the_one_before_and_says_so(inputs: IndexInputs) -> None:
    """The indicators skip 1997, 1999 and 2001: nothing is put between two years."""
    risk = inputs.risk("CHN", 2001)
    assert risk is not None
    assert risk.year == 2000
    assert risk.risk == pytest.approx((2.5 - float(line_of(risk.row)["value"])) * 2)
    assert inputs.weigh({"CHN": 1.0}, 0.0, 2001).note == "Weights of 2000."
    assert inputs.weigh({"CHN": 1.0}, 0.0, 2022).note == ""


def test_weights_cross_no_break_of_the_method_in_silence(inputs: IndexInputs) -> None:
    assert "revised from 2023" in inputs.weigh({"CHN": 1.0}, 0.0, 2023).note
    assert inputs.weigh({"CHN": 1.0}, 0.0, 2025).note.startswith("Weights of 2024 by the method")


def test_a_country_without_a_weight_leaves_bounds_and_no_number(inputs: IndexInputs) -> None:
    """0.5 squared of a country nobody rates is between 0 and 2.5; the rest adds 0.1 squared."""
    known = inputs.weigh({"CHN": 0.4}, 0.0, 2024)
    found = inputs.weigh({"CHN": 0.4, "ATL": 0.5}, 0.1, 2024)
    assert found.value is None
    assert found.missing == ("political stability of ATL",)
    assert found.low == pytest.approx(known.low)
    assert found.high == pytest.approx(known.low + 2.5 + 0.1)


KNOWN = QuotedIndex(
    *("mine", "hhi", 5_054.4, 5_000, 5_100, "0 to 10,000", 2025, "reo", "line sum"),
    rows=("production/a", "production/b"),
    equation="read",
    note="a | b <i>",
)
UNKNOWN = QuotedIndex(
    *("mine", "hhi-wgi", None, None, None, "0 to 10", None, "not known", "not known"),
    rows=(),
    equation="read",
    missing=("rule of law", "regulatory quality"),
)
LINE = Reproduction(
    row="reproductions/x",
    measure="share",
    what="Share",
    element="MREE",
    stage="mine",
    place="CHN",
    year=2035,
    printed=None,
    printed_low=35.0,
    printed_high=40.0,
    figure="forecast",
    ours=20.04,
    low=20.04,
    high=20.04,
    our_figure="",
    difference=-14.96,
    unit="%",
    tolerance=0.5,
    expected="reproduces",
    outcome="differs",
    reason="",
    note="why not",
    series="iea-2025",
    printed_row="production_totals/p",
    rows=("production/a",),
)


def test_a_table_says_not_known_and_for_want_of_what() -> None:
    (table,) = Indices("TREO", "USA", (KNOWN, UNKNOWN)).tables()
    text = write_tables([table.full()], "markdown")
    assert "| HHI | 5,054 | 5,000 to 5,100 | 0 to 10,000 | measured | world | 2025 |" in text
    assert "rule of law, regulatory quality" in text
    assert "production/a +1" in text
    assert "- HHI: a \\| b &lt;i>" in text


def test_a_printed_range_a_difference_and_what_is_against_the_table() -> None:
    found = Reproductions((LINE,), (), (), ("reproductions/y",))
    numbers, _, _ = found.tables()
    (told,) = records_in(numbers)
    assert told["printed"] == "35.0 to 40.0 (forecast)"
    assert (told["ours"], told["difference"], told["unit"]) == ("20.0", "-15.0", "%")
    assert told["outcome"] == "differs, against what is expected"
    assert numbers.full().remarks[-1] == (
        "The data used leaves 1 printed number out, which is not compared."
    )
    assert found.summary().endswith("not as expected: reproductions/x.")
    assert records_in(found.csv_tables()[0])[0]["row"] == "reproductions/x"


def test_an_order_says_its_correlations_or_that_nothing_is_known() -> None:
    place = OrderPlace("Lu", 2059, "usd-million", 100, "%", "row/lu", "all", 1, 1, 1, 3, 0)
    known = Order("part-lost", "sizes", 3, 3, 1, "USA", 1, 0.5, None, (place,))
    bare = Order("part-lost", "sizes", 0, 0, 0, "EUE", places=(replace(place, ours=None),))
    alone = Order("eu-supply-risk", "index", 2, 1, 1)
    _, orders, _ = Reproductions((), (known, bare, alone), (), ()).tables()
    first, second = records_in(orders)
    assert (first["market"], second["market"]) == ("USA", "EUE")
    assert (first["published"], first["unit"], first["place"]) == ("2,059", "usd-million", "1")
    assert (first["lost"], first["place here"], first["places lower"]) == ("100 %", "1 to 3", "0")
    assert second["lost"] == "not known"
    assert orders.remarks[0] == (
        "Order of sizes, USA: 1 of 3 pairs whose printed numbers differ stand in the same order "
        "in ours, 1 are equal in ours; rank correlation of Spearman 0.50, of Kendall not known, "
        "over 3 elements."
    )
    assert orders.remarks[1] == "Order of sizes, EUE: no number of ours is known."


def test_a_rest_that_is_not_known_may_be_a_single_country(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of the separation of samarium is printed as China's: without a rest there is no range."""
    facts = read_facts(view.store, "Sm", view.valid)
    (line,) = concentration_series(facts, "separation", newest=True)

    def weighted(split: ConcentrationYear) -> QuotedIndex:
        monkeypatch.setattr(indices, "concentration_series", lambda *_, **__: (split,))
        return next(x for x in find_indices(facts) if x.index == "hhi-political-stability")

    whole, unsplit = weighted(line), weighted(replace(line, rest=None, hhi=None))
    assert whole.low == whole.value == whole.high == unsplit.low
    assert unsplit.value is None
    assert unsplit.high == pytest.approx((whole.low or 0.0) + 10)
