"""A ledger worked by hand: two countries, from ore to magnets; and a line of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.model.chemistry import NOTHING, Amount, Chemistry, exactly
from monazite.model.network.shares import OutputFigure
from monazite.model.reconciliation.ledger import Interpretation, Ledger, StageLine
from monazite.model.trade_content import ElementFlow


def figure(
    place: str, stage: str, material: str, tonnes: float, basis: str, **given: int
) -> OutputFigure:
    return OutputFigure(
        row=f"production/{place}-{stage}",
        place=place,
        total=False,
        stage=stage,
        rank=given.get("rank", 1),
        year=given.get("year", 2024),
        series="s",
        basis=basis,
        tier=1,
        published="2025",
        preference=1,
        material=f"id/material/{material}",
        tonnes=(tonnes, None, None),
        percent=(None, None, None),
    )


def by_hand(**given: object) -> Ledger:
    chemistry = Chemistry(
        factors={"Dy": exactly(1.25)},
        ores={"A": (("d", exactly(1.0)),)},
        assays={"d": {"Dy": exactly(0.1)}},
        materials={"dysprosium-oxide": frozenset({"Dy"})},
        assumed={
            ("stage-yield", "separation", ""): exactly(0.8),
            ("stage-yield", "metal", ""): exactly(0.8),
            ("stage-yield", "magnet", ""): exactly(1.0),
            ("element-per-magnet", "ndfeb-magnet", "Dy"): exactly(0.016),
            ("magnet-share", "CHN", ""): Amount(0.8, 0.75, 0.9),
            ("finished-per-blank", "sintered magnets", ""): exactly(0.5),
        },
        reasons={},
    )
    figures = [
        figure("CHN", "separation", "dysprosium-oxide", 25, "oxide"),
        figure("CHN", "magnet", "ndfeb-magnet", 1000, "magnet"),
    ]
    ledger = Ledger(
        element="Dy",
        figures=figures,
        chemistry=chemistry,
        year=2024,
        ore_figures=[figure("A", "mine", "rare-earths", 1000, "reo")],
        traded=[ElementFlow("mine", "A", "CHN", exactly(30.0, "baci/a"), 333, 18.0)],
        scrap={},
    )
    return replace(ledger, **given)  # type: ignore[arg-type]


def line(ledger: Ledger, stage: str, country: str) -> StageLine:
    (found,) = [x for x in ledger.lines() if (x.stage, x.country) == (stage, country)]
    return found


def test_each_stage_by_hand() -> None:
    ledger = by_hand()
    # A: 1,000 x 10 % / 1.25 = 80 mined, 30 sold. China: 20 separated over 0.8 take 25 of the 30.
    assert line(ledger, "mine", "A").left == pytest.approx(50)
    assert line(ledger, "mine", "CHN").made is None
    # China's magnets hold 16 and need as much metal, which takes 20 of oxide: all there is.
    assert line(ledger, "metal", "CHN").made == exactly(16.0, "production/CHN-magnet")
    assert line(ledger, "separation", "CHN").left == pytest.approx(0)
    # Were they finished, blanks of twice as much would have been cut.
    finished = by_hand(reading=Interpretation(finished=True))
    assert line(finished, "separation", "CHN").left == pytest.approx(20 - 40)
    # The rest makes a quarter of China's magnets: 4, of metal that takes 5 of oxide.
    rest = line(ledger, "magnet", "ROW")
    assert rest.made is not None
    assert (rest.made.value, rest.made.low) == pytest.approx((4, 16 / 9))
    taken = line(ledger, "separation", "ROW").taken
    assert taken is not None
    assert (taken.value, taken.low, taken.high) == pytest.approx((5, 20 / 9, 20 / 3))


def test_other_uses_take_oxide_beside_magnets() -> None:
    # Metal takes 20 t of oxide in China and 5 in the rest: with 80 % of use in magnets a quarter
    # as much goes elsewhere, from a ninth (90 %) to as much again (50 %).
    def with_share(**more: Amount) -> Ledger:
        ledger = by_hand()
        assumed = {
            **ledger.chemistry.assumed,
            ("magnet-use-share", "ndfeb-magnet", "Dy"): Amount(0.8, 0.5, 0.9),
            **{("use-beside-row", name, ""): part for name, part in more.items()},
        }
        return replace(ledger, chemistry=replace(ledger.chemistry, assumed=assumed))

    china = line(with_share(), "separation", "CHN")
    assert china.used is not None
    assert china.taken is not None
    assert (china.used.value, china.used.low, china.used.high) == pytest.approx((5, 20 / 9, 20))
    assert china.taken.value == pytest.approx(25)
    assert china.left == pytest.approx(-5)
    rest = line(with_share(), "separation", "ROW")
    assert rest.used is not None
    assert rest.used.value == pytest.approx(1.25)
    assert line(with_share(), "mine", "CHN").used is None
    # Where half of it is beside what the row prints, half of it was made besides.
    beside = with_share(**{"dysprosium-oxide": exactly(0.5)})
    made = line(beside, "separation", "CHN").made
    assert made is not None
    assert (made.value, made.low, made.high) == pytest.approx((22.5, 20 * (1 + 0.5 / 9), 30))
    # Without an assumption nothing is used elsewhere.
    assert line(by_hand(), "separation", "CHN").used is None


def test_scrap_needs_no_ore() -> None:
    traded = [ElementFlow("mine", "A", "CHN", exactly(30.0), 333, 18.0)]
    ledger = by_hand(scrap={"CHN": exactly(8.0, "production/scrap")}, traded=traded)
    taken = line(ledger, "mine", "CHN").taken
    assert taken is not None
    assert taken.value == pytest.approx((20 - 8) / 0.8)
    without = replace(ledger, reading=Interpretation(scrap=False))
    again = line(without, "mine", "CHN").taken
    assert again is not None
    assert again.value == pytest.approx(25)


def test_a_country_mines_what_others_buy_from_it() -> None:
    traded = [ElementFlow("mine", "A", "CHN", exactly(100.0, "baci/a"), 1111, 18.0)]
    assert line(by_hand(traded=traded), "mine", "A").left == pytest.approx(-20)
    ledger = by_hand(traded=traded, reading=Interpretation(by_imports=True))
    assert line(ledger, "mine", "A").left == pytest.approx(0)


def test_net_exports_of_metal_are_a_floor() -> None:
    traded = [
        ElementFlow("metal", "VNM", "JPN", exactly(3.0, "baci/v"), 50, 60.0),
        ElementFlow("metal", "CHN", "VNM", exactly(1.0, "baci/c"), 20, 60.0),
    ]
    ledger = by_hand(traded=traded)
    floor = line(ledger, "metal", "VNM")
    assert floor.made is not None
    assert (floor.made.value, floor.how) == (2.0, "net exports")
    # China sells 1 t of metal: it makes 17. The rest needs 4, buys 3 from Vietnam, makes 1.
    china, rest = line(ledger, "metal", "CHN").made, line(ledger, "metal", "ROW").made
    assert china is not None
    assert rest is not None
    assert (china.value, rest.value) == pytest.approx((17, 1))


def test_a_heavy_element_of_a_group_is_not_separated_outside_china() -> None:
    group = figure("MYS", "separation", "magnet-rare-earths", 100, "element", rank=2)
    materials = {"magnet-rare-earths": frozenset({"Nd", "Dy"})}
    chemistry = replace(by_hand().chemistry, materials=materials)
    assert by_hand(figures=[group], chemistry=chemistry).separated == {}


def test_the_year_itself_comes_first_then_the_one_before() -> None:
    figures = [
        figure("CHN", "separation", "dysprosium-oxide", 100, "oxide", year=2025),
        figure("CHN", "separation", "dysprosium-oxide", 50, "oxide", year=2023),
        figure("CHN", "separation", "dysprosium-oxide", 75, "oxide", year=2020),
    ]
    found = by_hand(figures=figures).separated["CHN"]
    assert found.year == 2023
    assert found.amount.value == pytest.approx(40)


MADE = Amount(100.0, 90.0, 120.0)
LINE = StageLine(
    "separation", "CHN", MADE, "rows", 2024,
    imports=Amount(30.0, 30.0, 35.0),
    exports=Amount(20.0, 10.0, 20.0),
    needed=Amount(60.0, 50.0, 70.0),
)  # fmt: skip


def test_users_take_beside_the_next_stage() -> None:
    used = Amount(5.0, 4.0, 6.0)
    both = replace(LINE, used=used)
    assert LINE.left_range == (90 + 30 - 20 - 70, 120 + 35 - 10 - 50)
    assert both.taken == Amount(65.0, 54.0, 76.0)
    assert both.left == 100 + 30 - 20 - 65
    assert replace(LINE, needed=None, used=used).taken == used
    assert LINE.taken == LINE.needed


def test_what_is_not_known_leaves_nothing_to_say() -> None:
    for line in (replace(LINE, made=None), replace(LINE, needed=None)):
        assert (line.left, line.left_range) == (None, None)
    assert replace(LINE, needed=NOTHING).left == 110
