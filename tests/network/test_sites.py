"""What a facility makes: output before nameplate, and never a plan."""

from __future__ import annotations

import pytest

from monazite.network.facts import read_facts
from monazite.network.graph import Network
from monazite.network.sites import SiteFigure, site_quantity, to_site_figures, to_sites
from monazite.triples.records import QueryRecord
from monazite.view import View
from tests.golden.lines import line_of, lines_of


def figure(kind: str, year: int, tonnes: float, *, basis: str = "reo", at: str = "x") -> SiteFigure:
    row = f"capacity/{kind}-{year}-{tonnes:g}"
    return SiteFigure(at, "mine", kind, year, tonnes, basis, frozenset(), row)


def chosen(*figures: SiteFigure, year: int = 2025) -> float | None:
    found = site_quantity(figures, "x", "mine", year, "reo")
    assert found == site_quantity(reversed(figures), "x", "mine", year, "reo")
    return None if found is None else found.tonnes


def test_output_of_the_year_stands_before_a_neighbour_and_a_nameplate() -> None:
    plate, last, this = (
        figure("nameplate", 2025, 900),
        figure("actual-output", 2024, 800),
        figure("actual-output", 2025, 700),
    )
    assert chosen(plate, last, this) == 700
    assert chosen(plate, last) == 800
    assert chosen(plate) == 900


def test_an_output_two_years_away_is_no_output_of_the_year() -> None:
    assert chosen(figure("actual-output", 2023, 800)) is None
    assert chosen(figure("actual-output", 2023, 800), figure("nameplate", 2012, 900)) == 900


def test_a_nameplate_counts_from_its_date_until_another() -> None:
    old, new = figure("nameplate", 2012, 900), figure("nameplate", 2020, 500)
    assert chosen(old, new) == 500
    assert chosen(old, new, year=2019) == 900
    assert chosen(old, new, year=2011) is None


@pytest.mark.parametrize("kind", ["planned", "target", "under-construction"])
def test_a_plan_never_counts(kind: str) -> None:
    assert chosen(figure(kind, 2024, 9000)) is None
    assert chosen(figure(kind, 2025, 9000), figure("nameplate", 2015, 500)) == 500


def test_another_basis_or_another_place_does_not_count() -> None:
    assert chosen(figure("nameplate", 2020, 500, basis="gross-weight")) is None
    assert chosen(figure("nameplate", 2020, 500, at="y")) is None


def test_a_range_counts_with_its_lower_end_and_an_empty_row_not_at_all() -> None:
    answer = QueryRecord(
        {
            "row": "row/capacity/a",
            "facility": "x",
            "stage": "mine",
            "kind": "nameplate",
            "year": "2024",
            "tonnes": "",
            "low": "300",
            "high": "600",
            "basis": "reo",
            "material": "rare-earths",
        }
    )
    (found,) = to_site_figures([answer, answer.beside(material="ndpr-oxide")])
    assert (found.tonnes, found.materials) == (300, frozenset({"rare-earths", "ndpr-oxide"}))
    assert to_site_figures([answer.beside(low="")]) == []


def test_operators_of_one_site_stand_on_one_site() -> None:
    answer = QueryRecord(
        {
            "facility": "x",
            "stage": "mine",
            "label": "X",
            "labelZh": "",
            "country": "AUS",
            "countryLabel": "Australia",
            "operator": "b",
            "operatorLabel": "B",
            "dated": "false",
            "row": "row/operations/1",
        }
    )
    (site,) = to_sites(
        [answer, answer.beside(operator="a", operatorLabel="A", row="row/operations/2")]
    )
    assert site.operators == (("a", "A"), ("b", "B"))
    assert site.rows == ("operations/1", "operations/2")


def test_an_undated_operator_of_today_is_not_named_in_earlier_years() -> None:
    answer = QueryRecord(
        {
            **dict.fromkeys(("labelZh", "country", "countryLabel"), ""),
            "facility": "x",
            "stage": "mine",
            "label": "X",
            "operator": "now",
            "operatorLabel": "Now",
            "dated": "false",
            "row": "row/operations/1",
        }
    )
    then = answer.beside(operator="then", operatorLabel="Then", dated="true")
    (site,) = to_sites([answer, then], named=False)
    assert site.operators == (("then", "Then"),)


@pytest.mark.parametrize(
    ("day", "stage", "operators"),
    [
        ("1990-12-31", "mine", ["Molycorp"]),
        ("1990-12-31", "separation", ["Molycorp"]),
        ("2005-12-31", "mine", None),
        ("2012-12-31", "mine", ["Molycorp"]),
        ("2016-12-31", "mine", None),
        ("2019-12-31", "mine", ["MP Materials Corp."]),
        ("2019-12-31", "separation", ["MP Materials Corp."]),
        ("2025-12-31", "separation", ["MP Materials Corp."]),
    ],
)
def test_who_ran_mountain_pass(
    view: View, day: str, stage: str, operators: list[str] | None
) -> None:
    """Rows of operation with dates: mine 1952 to 2002, 2010-12 to 2015, and from 2018."""
    found = {
        (site.facility, site.stage): [label for _, label in site.operators]
        for site in read_facts(view.store, "MREE", day).sites
    }
    assert found.get(("mountain-pass", stage)) == operators


def test_no_plan_of_the_shipped_tables_is_a_figure(view: View) -> None:
    kinds = {line["kind"] for line in lines_of("capacity").values()}
    assert "planned" in kinds, "the tables hold plans; without one this test says nothing"
    for found in read_facts(view.store, "MREE", view.valid).site_figures:
        line = line_of(found.row)
        assert line["kind"] in {"actual-output", "nameplate"}
        assert found.tonnes in {float(line["value"] or 0), float(line["value_low"] or 0)}
        assert int(line["as_of"][:4]) == found.year <= 2025


def test_coverage_is_what_the_known_sites_explain(mree: Network) -> None:
    """MP Materials, 2025: 50,692 t REO of the 51,000 t that the USGS gives for the USA."""
    mine = mree.nodes["mine/USA"]
    assert mine["coverage"] == pytest.approx(50_692 / 51_000)
    assert mree.nodes["mine/mountain-pass"]["quantity"] == 50_692


def test_the_rest_of_a_country_is_its_total_minus_the_known_sites(view: View) -> None:
    """World Mining Data: 27,620 t in the USA in 2019; the nameplate of Mountain Pass is 15,000."""
    network = View(view.store, view.ontology, "2019-12-31").network("TREO")
    rests = {node for node, found in network.nodes(data=True) if found["kind"] == "rest"}
    assert rests == {"mine/USA-rest"}
    rest = network.nodes["mine/USA-rest"]
    assert rest["quantity"] == pytest.approx(27_620 - 15_000)
    assert rest["note"] == "National total minus the known sites; not a site."
    assert network.nodes["mine/USA"]["coverage"] == pytest.approx(15_000 / 27_620)
    assert network.has_edge("mine/USA-rest", "mine/USA", key="part")


def test_sites_above_their_nation_are_a_conflict_that_is_said_and_not_scaled(mree: Network) -> None:
    pool = mree.nodes["separation/MYS"]
    assert pool["coverage"] == 1
    assert "conflict" in pool["note"]
