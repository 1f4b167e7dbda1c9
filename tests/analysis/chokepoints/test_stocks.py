"""Stocks that a market holds, and ranges that were drawn with a release."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monazite
from monazite.analysis.chokepoints.chokepoints import (
    ABOUT,
    COLUMNS,
    QUESTION_COLUMNS,
    QUESTIONS,
    ReleasedRanges,
    find_chokepoints,
    hash_of_file,
)
from monazite.analysis.chokepoints.figures import Stock, stocks_of, to_stocks
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.model.network.facts import read_facts
from monazite.store.queries import QueryRecord
from monazite.view.view import View
from tests.conftest import view_in_memory
from tests.draw_ranges import FOLDER
from tests.golden.lines import line_of

CELLS = (
    *("holder", "country", "material", "label", "form", "symbol", "as_of", "latest", "days"),
    *("tonnes", "printed", "goods", "note", "used", "use_basis", "use_row", "row"),
)
ND = frozenset({"Nd"})


def answer(row: str, **cells: str) -> QueryRecord:
    held = {"holder": "KOR", "country": "KOR", "material": "m", "label": "magnets"}
    dated = {"form": "magnet", "as_of": "2025-06", "latest": "2025-06-30"}
    own = held | dated | {"row": f"row/stocks/{row}"} | cells
    return QueryRecord(dict.fromkeys(CELLS, "") | own)


@pytest.fixture(scope="module")
def of(view: View) -> dict[tuple[str, str], tuple[Stock, ...]]:
    asked = [("Nd", m) for m in ("KOR", "IND", "JPN", "USA")] + [("Y", "IND")]
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


@pytest.mark.parametrize("market", ["JPN", "USA"])
def test_targets_parts_counts_and_money_are_no_stock(
    of: dict[tuple[str, str], tuple[Stock, ...]], market: str
) -> None:
    assert of["Nd", market] == ()


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


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(2000, 2025)), min_size=1, max_size=8))
def test_the_order_of_answers_does_not_matter_and_none_is_lost(held: list[tuple[int, int]]) -> None:
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


@pytest.mark.whole
@pytest.mark.parametrize("element", ["Dy", "Tb"])
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


NAMES = ("Sm",)


def report() -> Chokepoints:
    view = view_in_memory()
    return find_chokepoints(view.network("Sm"), view.facts("Sm"), year=2024)


def told(folder: Path, **changes: object) -> None:
    names = ("Sm.csv", QUESTIONS)
    said: dict[str, object] = {"event": "outage", "horizon": "short-run", "year": 2024}
    said |= {"draws": 100, "seed": 0, "tables": "abc", "stocks": "held"}
    said["files"] = {name: hash_of_file((folder / name).read_bytes()) for name in names}
    (folder / ABOUT).write_text(json.dumps(said | changes))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = [",".join(COLUMNS)]
    for line in report().chokepoints:
        loss = line.loss or 0.0
        drawn = (loss / 2, loss / 4, 0.75 * loss)
        numbers = (loss, *drawn, line.home_first or 0.0, 0.5, 0.0, 1.0)
        year = (0.3, 0.2, 0.1, 0.25)
        lines.append(",".join(["WLD", line.id, "Assay: X", "0.5", *map(repr, (*numbers, *year))]))
    (tmp_path / "Sm.csv").write_text("\n".join(lines))
    head, row = ",".join(QUESTION_COLUMNS), "Sm,WLD,3,0.2000,1.0,2.0,3.0"
    (tmp_path / QUESTIONS).write_text(f"{head}\n{row}\n")
    told(tmp_path)
    return tmp_path


def test_medians_stand_for_the_losses_that_they_were_drawn_for(folder: Path) -> None:
    single = {line.id: line.loss or 0.0 for line in report().chokepoints}
    found = ReleasedRanges(folder, "abc").beside(report(), NAMES, "held")
    other = ReleasedRanges(folder, "abc").beside(report(), NAMES, "less is held").chokepoints
    assert [each.first_year_low for each in other] == [None] * len(other)
    assert found.draws is not None
    assert (found.draws.count, found.draws.rejected, found.draws.shipped) == (100, 3, True)
    for line in found.chokepoints:
        least_move = single[line.id]
        assert (line.least_move, line.single) == (least_move, least_move)
        assert (line.loss, line.loss_low, line.loss_high) == (
            least_move / 2,
            least_move / 4,
            0.75 * least_move,
        )
        assert (line.home_first, line.home_first_low, line.home_first_high) == (0.5, 0.0, 1.0)
        assert (line.first_year, line.first_year_low, line.first_year_high) == (0.2, 0.1, 0.25)
        assert (line.moved_by, line.cap_lifted) == ("Assay: X", 0.5)


def test_nothing_stands_beside_other_tables_losses_or_questions(folder: Path) -> None:
    asked = report()
    assert ReleasedRanges(folder, "other").beside(asked, NAMES) == asked
    assert ReleasedRanges(folder, "abc").beside(asked, ("Dy",)) == asked
    assert asked.base is not None
    later = replace(asked, base=replace(asked.base, horizon="medium-run"))
    assert ReleasedRanges(folder, "abc").beside(later, NAMES) == later
    first, *others = asked.chokepoints
    moved = replace(asked, chokepoints=(replace(first, loss=0.5), *others))
    assert ReleasedRanges(folder, "abc").beside(moved, NAMES) == moved
    (folder / ABOUT).write_text("{")
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked
    (folder / ABOUT).unlink()
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked


@pytest.mark.parametrize("draws", [None, [], {}, "many"])
def test_what_no_release_wrote_is_no_range(folder: Path, draws: object) -> None:
    asked = report()
    told(folder, draws=draws)
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked
    (folder / ABOUT).write_text("[" * 200_000)
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked


@pytest.mark.parametrize("name", ["Sm.csv", QUESTIONS])
def test_a_changed_digit_is_no_range(folder: Path, name: str) -> None:
    asked, file = report(), folder / name
    file.write_bytes(file.read_bytes().replace(b"0", b"9", 1))
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked
    file.unlink()
    os.mkfifo(file)
    assert ReleasedRanges(folder, "abc").beside(asked, NAMES) == asked


def test_a_view_that_leaves_rows_out_has_no_released_range() -> None:
    view = view_in_memory()
    assert view.released is not None
    assert replace(view, filters=replace(view.filters, tier=2)).released is None
    assert replace(view, data=Path("tables")).released is None


def test_the_shipped_ranges_are_of_these_tables() -> None:
    """If this fails: ``python -m tests.draw_ranges``, as CONTRIBUTING says."""
    about = json.loads((FOLDER / ABOUT).read_text("utf-8"))
    assert about["tables"] == view_in_memory().describe()["tables"]


@pytest.mark.parametrize("asked", [("Dy", "USA")])
def test_the_first_answer_of_the_shipped_tables_has_its_ranges(asked: tuple[str, str]) -> None:
    found = view_in_memory().chokepoints(*asked)
    assert found.draws is not None
    for line in found.chokepoints:
        assert (line.loss is None) == (line.loss_low is None)
        if line.loss_low is not None and line.loss_high is not None:
            assert line.loss_low <= line.loss_high <= 1 + 1e-9
