"""The balance as tables and as a picture."""

from __future__ import annotations

from collections import defaultdict

import pytest

from monazite.findings.balance.balance import Balance, find_balance
from monazite.findings.balance.tables import balance_csv, balance_dict, balance_tables
from monazite.pages.sankey.balance_picture import balance_picture
from monazite.safe_text import tonnes
from monazite.tables import to_json
from tests.conftest import view_in_memory


@pytest.fixture(scope="module")
def balance() -> Balance:
    return find_balance(view_in_memory().store, "NdPr", "2026-11-24", 2024)


def test_bars_hold_what_flows_through_them(balance: Balance) -> None:
    picture = balance_picture(balance)
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for link in picture.links:
        sums[link.source][1] += link.value
        sums[link.target][0] += link.value
    for line in balance.lines:
        key = f"{line.stage}/{line.country}"
        if line.made is None or key not in sums:
            continue
        into, out = sums[key]
        # nothing leaves a bar that was not made there, but for what it sells beyond its rows
        assert out <= max(line.made.value, line.exports.value) * 1.001
        if line.stage == "metal" and line.country == "CHN":
            assert into == pytest.approx(line.made.value / 0.945, rel=0.01)


def test_what_does_not_close_is_drawn_as_a_gap(balance: Balance) -> None:
    picture = balance_picture(balance)
    kinds = {node.id: node.kind for node in picture.nodes}
    for link in picture.links:
        assert (link.kind == "gap") == ("gap" in {kinds[link.source], kinds[link.target]})
    assert "gap" in kinds.values()
    assert {node.id for node in picture.nodes} == {
        end for link in picture.links for end in (link.source, link.target)
    }


def test_oxide_that_other_users_take_is_drawn_beside_metal(balance: Balance) -> None:
    picture = balance_picture(balance)
    (china,) = [
        line for line in balance.lines if (line.stage, line.country) == ("separation", "CHN")
    ]
    assert china.used is not None
    into = [link for link in picture.links if link.target == "outside/CHN"]
    assert sum(link.value for link in into) == pytest.approx(china.used.value, rel=0.01)
    (bar,) = [node for node in picture.nodes if node.id == "outside/CHN"]
    assert (bar.kind, bar.column) == ("use", 2)
    assert bar.label.startswith("China, other uses ")
    closing = {each.stage: each for each in balance.closings}["separation"]
    assert closing.taken is not None
    assert closing.used == pytest.approx(closing.taken * 0.08, rel=0.01)
    (row,) = [
        row
        for row in balance_tables(balance, top=5, assumptions=False)[0].rows
        if row[0] == "separation"
    ]
    assert row[4] == tonnes(closing.used)


def test_what_no_magnet_holds_goes_from_separation_to_its_users() -> None:
    picture = balance_picture(find_balance(view_in_memory().store, "Y", "2026-11-24", 2024))
    assert picture.columns == ("Mined", "Separated", "Used")
    users = [node for node in picture.nodes if node.kind == "use"]
    assert {node.column for node in users} == {2}
    assert "Japan 211" in {node.label for node in users}


def test_tables_json_and_csv_hold_the_same_numbers(balance: Balance) -> None:
    tables = balance_tables(balance, top=99, assumptions=True)
    csv = balance_csv(balance)
    content = balance_dict(balance)
    assert len(csv.rows) == len(balance.lines)
    lines = content["lines"]
    assert isinstance(lines, list)
    for row, line in zip(csv.rows, lines, strict=True):
        made = line["made"]
        assert row[4] == ("" if made is None else f"{made['value']:.6g}")
    assert tables[0].rows[0][1] == tonnes(balance.closings[0].made)
    assert to_json(content) == to_json(balance_dict(balance))
    assert len(tables[-1].rows) == len(balance.assumptions) > 10
