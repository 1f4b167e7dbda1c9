"""What ores and goods hold: assays, mixes and digits, worked by hand and read from the rows."""

from __future__ import annotations

import pytest

from monazite.errors import NotKnownError
from monazite.network.facts import read_facts
from monazite.quantities.amount import exactly
from monazite.quantities.chemistry import Chemistry, _amount, _assay, _assays, read_chemistry
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store


def of_two_ores() -> Chemistry:
    return Chemistry(
        factors={"Nd": exactly(1.25, "f/nd"), "Pr": exactly(1.2), "Dy": exactly(1.15)},
        ores={"A": (("rich", exactly(0.25)), ("poor", exactly(0.75)))},
        assays={
            "rich": {"Nd": exactly(0.2), "Dy": exactly(0.04)},
            "poor": {"Nd": exactly(0.1), "Pr": exactly(0.05)},
        },
        materials={"ndpr-oxide": frozenset({"Nd", "Pr"}), "dy-oxide": frozenset({"Dy"})},
        assumed={},
        reasons={},
    )


def test_a_country_holds_the_mix_of_its_ores() -> None:
    # a quarter of 20 % and three quarters of 10 % are 12.5 %; over 1.25 that is 10 % of the metal
    chemistry = of_two_ores()
    assert chemistry.oxide_share("A", "Nd").value == pytest.approx(0.125)
    assert chemistry.in_oxide("A", "Nd").value == pytest.approx(0.1)
    assert "f/nd" in chemistry.in_oxide("A", "Nd").rows


def test_what_an_assay_does_not_print_is_none_of_it() -> None:
    assert of_two_ores().oxide_share("A", "Dy").value == pytest.approx(0.01)
    assert of_two_ores().oxide_share("A", "Tb").value == 0


def test_an_oxide_of_two_is_split_as_in_the_ore() -> None:
    # ore: 12.5 % Nd2O3 and 3.75 % Pr6O11, so 10/13 of the oxide is neodymium's
    chemistry = of_two_ores()
    in_oxide = chemistry.in_material("ndpr-oxide", "oxide", "A", "Nd").value
    assert in_oxide == pytest.approx(0.125 / 0.1625 / 1.25)
    in_metal = chemistry.in_material("ndpr-oxide", "metal", "A", "Nd").value
    assert in_metal == pytest.approx(0.1 / (0.1 + 0.0375 / 1.2))
    assert chemistry.in_material("dy-oxide", "oxide", "A", "Dy").value == pytest.approx(1 / 1.15)
    assert chemistry.in_material("dy-oxide", "oxide", "A", "Nd").value == 0


@pytest.mark.parametrize(
    ("printed", "value", "low", "high"),
    [
        (["0.1"], 0.001, 0.0005, 0.0015),  # one digit: from half to one and a half
        (["12.001"], 0.12001, 0.120005, 0.120015),
        (["50", "50.07"], 0.50035, 0.495, 0.505),
        (["25"], 0.25, 0.245, 0.255),
    ],
)
def test_an_assay_is_as_sure_as_its_digits(
    printed: list[str], value: float, low: float, high: float
) -> None:
    bounds = {"low": "", "high": "", "assumed": "false"}
    rows = [QueryRecord({**bounds, "percent": text, "row": f"row/a/{text}"}) for text in printed]
    found = _assay(rows)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high))


@pytest.mark.parametrize(
    ("beside", "value", "row"),
    [
        ({"percent": "24", "assumed": "true"}, 0.24, "a/beside"),
        ({"percent": "30", "assumed": "false"}, 0.3, "a/beside"),
        ({}, 0.2, "a/over"),
    ],
)
def test_a_bound_is_no_assay_where_anything_else_is_known(
    beside: dict[str, str], value: float, row: str
) -> None:
    blank = {"deposit": "clay", "element": "Y", "percent": "", "low": "", "high": ""}
    answers = [{**blank, "low": "20", "assumed": "false", "row": "row/a/over"}]
    answers += [{**blank, **beside, "row": "row/a/beside"}] if beside else []
    found = _assays([QueryRecord(answer) for answer in answers])["clay"]["Y"]
    assert found.value == pytest.approx(value)
    assert (*found.rows, *found.assumptions) == (row,)


def test_the_shipped_rows_say_what_the_assays_print(store: Store) -> None:
    chemistry = read_chemistry(read_facts(store, "Dy", "2026-11-24"))
    clay = chemistry.assays["south-china-clay"]
    assert clay["Dy"].value == pytest.approx(0.0472)
    assert clay["Dy"].rows == ("assays/south-china-clay-dy-treo-gree-projects",)
    assert sum(share.value for _, share in chemistry.ores["CHN"]) == pytest.approx(1.0)
    for deposit, assay in chemistry.assays.items():
        assert sum(share.value for share in assay.values()) < 1.06, deposit
    assert chemistry.reasons["assumptions/method-stage-yield-metal"][1].low == 0.92
    assumed = chemistry.of("element-per-magnet", "ndfeb-magnet", "Dy")
    assert assumed is not None
    assert (assumed.value, assumed.low, assumed.high) == pytest.approx((0.009, 0.003, 0.015))
    assert assumed.assumptions == ("assumptions/method-element-per-magnet-dy",)


@pytest.mark.parametrize(("value", "high"), [("120", ""), ("-1", ""), ("90", "101")])
def test_a_part_of_more_than_the_whole_names_its_row(value: str, high: str) -> None:
    answer = {
        "unit": "percent",
        "row": "row/assumptions/own",
        "property": "magnet-use-share",
        "value": value,
        "low": "",
        "high": high,
    }
    with pytest.raises(NotKnownError, match="assumptions/own gives a part below 0 or above 100"):
        _amount(QueryRecord(answer))
    factor = {**answer, "unit": "times", "value": "2", "high": "3"}
    assert _amount(QueryRecord(factor)).high == 3
