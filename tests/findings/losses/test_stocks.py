"""What a market holds: holdings and never targets, in days, the newest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monazite
from monazite.findings.losses.stocks import Stock, stocks_of, to_stocks
from monazite.network.facts import read_facts
from monazite.tables import write_tables
from monazite.triples.records import QueryRecord
from monazite.view import View
from tests.golden.lines import line_of

COLUMNS = (
    *("holder", "country", "material", "label", "form", "symbol", "as_of", "latest", "days"),
    *("tonnes", "printed", "goods", "note", "used", "use_basis", "use_row", "row"),
)
ND = frozenset({"Nd"})


def answer(row: str, **cells: str) -> QueryRecord:
    held = {"holder": "KOR", "country": "KOR", "material": "m", "label": "magnets"}
    dated = {"form": "magnet", "as_of": "2025-06", "latest": "2025-06-30"}
    own = held | dated | {"row": f"row/stocks/{row}"} | cells
    return QueryRecord(dict.fromkeys(COLUMNS, "") | own)


@pytest.fixture(scope="module")
def of(view: View) -> dict[tuple[str, str], tuple[Stock, ...]]:
    asked = [("Nd", m) for m in ("KOR", "IND", "JPN", "USA", "DEU", "WLD")]
    asked += [("Dy", "KOR"), ("NdPr", "KOR"), ("Y", "IND")]
    facts = {element: read_facts(view.store, element, view.valid) for element, _ in asked}
    return {(element, m): stocks_of(facts[element], m) for element, m in asked}


def test_what_south_korea_holds_newest_first(of: dict[tuple[str, str], tuple[Stock, ...]]) -> None:
    neodymium, metals, old = of["Nd", "KOR"]
    assert [(s.days, s.tonnes, s.as_of) for s in of["Nd", "KOR"]] == [
        (180, None, "2024-05"),
        (54, None, "2022-12"),
        (None, 62, "2010"),
    ]
    assert neodymium.material_label == "neodymium, form not stated"
    assert "days of domestic carmakers use" in neodymium.note
    assert "a group" in metals.material_label
    assert "a group" in old.material_label
    for stock in of["Nd", "KOR"]:
        assert line_of(stock.row)["basis"] == "stock-held"
        assert stock.rows == (stock.row,)


def test_dysprosium_is_in_the_groups_only(of: dict[tuple[str, str], tuple[Stock, ...]]) -> None:
    assert [(s.days, s.tonnes) for s in of["Dy", "KOR"]] == [(54, None), (None, 62)]
    assert [s.row for s in of["NdPr", "KOR"]] == [s.row for s in of["Nd", "KOR"]]


def test_two_to_three_weeks_are_one_holding_of_14_to_21_days(
    of: dict[tuple[str, str], tuple[Stock, ...]],
) -> None:
    (stock,) = of["Nd", "IND"]
    assert (stock.days, stock.low, stock.high) == (14, 14, 21)
    assert [line_of(row)["value"] for row in stock.rows] == ["2", "3"]
    assert stock.row == stock.rows[0]
    assert "group" not in stock.material_label
    assert of["Y", "IND"] == (), "no magnet holds yttrium"


@pytest.mark.parametrize("market", ["JPN", "USA", "DEU", "WLD"])
def test_targets_parts_counts_and_money_are_no_stock(
    of: dict[tuple[str, str], tuple[Stock, ...]], market: str
) -> None:
    assert of["Nd", market] == ()


def test_no_holding_after_the_day(view: View) -> None:
    facts = read_facts(view.store, "Nd", "2023-12-31")
    assert [stock.as_of for stock in stocks_of(facts, "KOR")] == ["2022-12", "2010"]


def test_tonnes_are_days_only_beside_the_use_of_that_year() -> None:
    (plain,) = to_stocks([answer("a", tonnes="50")], ND)
    assert (plain.days, plain.low, plain.high, plain.tonnes) == (None, None, None, 50)
    uses = [
        answer("a", tonnes="50", used=used, use_basis=basis, use_row=f"row/country_demand/{basis}")
        for used, basis in (("730", "reo"), ("365", "product-weight"))
    ]
    (stock,) = to_stocks(uses, ND)
    assert (stock.days, stock.low, stock.high) == (25, 25, 50)
    assert stock.rows == ("country_demand/product-weight", "country_demand/reo", "stocks/a")
    assert "use of 730 t in the year (reo)" in stock.note


def test_a_group_of_the_members_asked_about_is_no_group() -> None:
    both = [answer("a", days="9", form="group", symbol=symbol) for symbol in ("Nd", "Pr")]
    assert "a group" in to_stocks(both, ND)[0].material_label
    assert to_stocks(both, ND | {"Pr"})[0].material_label == "magnets"


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(2000, 2025)), min_size=1, max_size=8))
def test_the_order_of_answers_does_not_matter_and_none_is_lost(
    held: list[tuple[int, int]],
) -> None:
    rows = [
        answer(f"{i}", days=f"{days}", as_of=f"{year}", latest=f"{year}-12-31")
        for i, (days, year) in enumerate(held)
    ]
    stocks = to_stocks(rows, ND)
    assert stocks == to_stocks(reversed(rows), ND)
    assert sorted(row for stock in stocks for row in stock.rows) == sorted(
        row.row() for row in rows
    )
    years = [stock.as_of for stock in stocks]
    assert years == sorted({str(year) for _, year in held}, reverse=True)
    for stock in stocks:
        inside = [days for days, year in held if str(year) == stock.as_of]
        assert (stock.days, stock.low, stock.high) == (min(inside), min(inside), max(inside))


JOINT = (
    "row,table,holder,material,as_of,value,unit,unit_as_printed,basis,basis_as_printed,"
    "material_as_printed,value_as_printed,source,attribution,locator,note\n"
    "deu-both-2024,countries,DEU,terbium-oxide;dysprosium-oxide,2024,50,t,,stock-held,,,,"
    "usgs-mcs-2026,,,\n"
    "deu-dysprosium-2023,countries,DEU,dysprosium-oxide,2023,10,t,,stock-held,,,,"
    "usgs-mcs-2026,,,\n"
)
USED = (
    "row,country,material,year,kind,value,percent,unit,unit_as_printed,basis,basis_as_printed,"
    "material_as_printed,value_as_printed,source,attribution,locator,note\n"
    "deu-dysprosium-use-2024,DEU,dysprosium-oxide,2024,estimate,100,,t,,oxide,,,,"
    "usgs-mcs-2026,,,\n"
    "deu-dysprosium-use-2023,DEU,dysprosium-oxide,2023,estimate,73,,t,,oxide,,,,"
    "usgs-mcs-2026,,,\n"
)


@pytest.fixture(scope="module")
def with_joint(tmp_path_factory: pytest.TempPathFactory) -> View:
    folder = tmp_path_factory.mktemp("joint")
    (folder / "stocks.csv").write_text(JOINT)
    (folder / "country_demand.csv").write_text(USED)
    return monazite.load(data=folder)


@pytest.mark.parametrize("element", ["Dy", "Tb", "MREE"])
def test_what_is_held_of_two_together_is_neither_of_one_nor_days_of_its_use(
    with_joint: View, element: str
) -> None:
    facts = read_facts(with_joint.store, element, with_joint.valid)
    joint, *alone = stocks_of(facts, "DEU")
    assert joint.material_label == "dysprosium oxide and terbium oxide, together"
    assert (joint.tonnes, joint.days) == (50, None)
    assert joint.rows == ("stocks/deu-both-2024",)
    # what is held of one alone is days of the 73 t that were used of it
    found = [(each.material_label, each.tonnes, round(each.days or 0)) for each in alone]
    assert found == ([] if element == "Tb" else [("dysprosium oxide", 10, 50)])


@pytest.mark.whole
def test_the_report_names_both(with_joint: View) -> None:
    text = write_tables(with_joint.chokepoints("Dy", "DEU").tables(), "table")
    said = "Stock held in Germany of dysprosium oxide and terbium oxide, together (2024)"
    assert said in text
