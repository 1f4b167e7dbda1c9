"""Numbers and ratios that move inside their ranges, at a cost."""

from __future__ import annotations

from math import inf

import pytest

from monazite.errors import ProgrammeError
from monazite.findings.reconciliation.columns import MOVE_COST, NamedProgramme
from monazite.quantities.amount import Amount, exactly


def solved(programme: NamedProgramme) -> dict[tuple[str, ...], float]:
    return programme.solve()


def test_a_number_moves_no_farther_than_it_has_to() -> None:
    programme = NamedProgramme()
    made = programme.number(Amount(10.0, 5.0, 20.0), "made")
    programme.row([(made, 1.0)], ("at_least",), lower=13.0)
    assert solved(programme)["made",] == pytest.approx(13.0)
    (moved,) = programme.moved()
    assert moved.name == ("made",)
    assert moved.found == pytest.approx(13.0)
    assert moved.part == pytest.approx(0.3)  # three of the ten tonnes of the wider side


def test_the_number_that_is_known_least_moves() -> None:
    # Both together have to be 30: the wide one gives way.
    programme = NamedProgramme()
    columns = [
        programme.number(Amount(10.0, 9.0, 11.0), "sure"),
        programme.number(Amount(10.0, 0.0, 40.0), "unsure"),
    ]
    programme.row([(x, 1.0) for x in columns], ("both",), lower=30.0, upper=30.0)
    assert solved(programme) == {("sure",): pytest.approx(10), ("unsure",): pytest.approx(20)}


def test_beyond_half_of_a_range_another_number_moves_first() -> None:
    # Two alike, 8 more together: each moves to half of its range, none to the end of it.
    programme = NamedProgramme()
    columns = [programme.number(Amount(10.0, 2.0, 18.0), name) for name in "ab"]
    programme.row([(x, 1.0) for x in columns], ("both",), lower=28.0, upper=28.0)
    assert sorted(solved(programme).values()) == pytest.approx([14.0, 14.0])


def test_a_ratio_stays_between_its_ends() -> None:
    programme = NamedProgramme()
    ore = programme.column("ore", lower=100.0, upper=100.0)
    oxide = programme.column("oxide", lower=94.0)
    programme.ratio(oxide, ore, Amount(0.9, 0.8, 0.95), 100.0, "yield")
    assert solved(programme)["oxide",] == pytest.approx(94.0)
    (moved,) = programme.moved()
    assert moved.found == pytest.approx(0.94)
    programme.row([(oxide, 1.0)], ("more",), lower=96.0)
    with pytest.raises(ProgrammeError, match="contradict each other"):
        programme.solve()


def test_a_ratio_without_a_range_is_exact_and_a_ratio_of_nothing_is_not_told() -> None:
    programme = NamedProgramme()
    none = programme.column("none", upper=0.0)
    programme.ratio(programme.column("part"), none, Amount(0.9, 0.8, 0.95), 1.0, "yield")
    whole = programme.column("whole", lower=4.0, upper=4.0)
    programme.ratio(programme.column("half"), whole, exactly(0.5), 4.0, "half")
    assert solved(programme)["half",] == pytest.approx(2.0)
    assert list(programme.moved()) == []


def test_the_range_of_a_number_is_what_costs_little_more() -> None:
    # 10 may be 0 to 30: for half of a range (MOVE_COST / 2) it moves by ten either way.
    programme = NamedProgramme()
    made = programme.number(Amount(10.0, 0.0, 30.0), "made")
    programme.solve()
    session = programme.held_at_best(MOVE_COST / 2)
    assert session.least([made]) == pytest.approx(0.0)
    assert session.most([made]) == pytest.approx(20.0)


def test_what_is_missing_is_held_in_the_range_of_a_number() -> None:
    programme = NamedProgramme()
    made = programme.column("made", upper=inf)
    missing = programme.column("missing", "metal", "A", "Nd", cost=1.0)
    programme.row([(made, 1.0), (missing, 1.0)], ("need",), lower=5.0)
    programme.solve()
    session = programme.held_at_best(1.0)
    assert session.least([made]) == pytest.approx(5.0, abs=2e-3)
