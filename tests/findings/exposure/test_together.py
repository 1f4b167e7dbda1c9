"""All rare earths together: within what rows bound jointly, never less than the least of each."""

from __future__ import annotations

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.exposure.contents import ElementContent, MaterialContents, SharedBound
from monazite.findings.exposure.together import most_together, together_note
from tests.findings.exposure.bills import example


def element(name: str, low: float, high: float, evidence: str = "family") -> ElementContent:
    return ElementContent(name, low, high, evidence)


ND, PR, DY = element("Nd", 20, 28), element("Pr", 0.5, 7), element("Dy", 4, 6.5, "grade")
WHOLE = SharedBound(frozenset(), 32.5, ())
PAIR = SharedBound(frozenset({"Nd", "Pr"}), 29.0, ())


def test_joint_bounds_narrow_the_sum_of_what_each_may_hold() -> None:
    free = MaterialContents((ND, PR, DY))
    assert most_together(free) == 41.5
    assert most_together(MaterialContents((ND, PR, DY), (PAIR,))) == 35.5  # 29 and 6.5
    assert most_together(MaterialContents((ND, PR, DY), (PAIR, WHOLE))) == 32.5
    assert together_note([(free, 100.0)]) == ""
    told = together_note([(MaterialContents((ND, PR, DY), (WHOLE,)), 100.0)])
    assert told.startswith("All rare earths together: 24.5 to 32.5 g. ")


def test_what_a_bill_states_stands() -> None:
    stated = element("Nd", 30, 30, "tested"), element("Dy", 5, 5, "tested")
    assert most_together(MaterialContents(stated, (WHOLE,))) == 35


@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), min_size=1, max_size=5),
    st.floats(0, 60),
)
def test_it_lies_between_the_sums_of_the_ends(ends: list[tuple[float, float]], most: float) -> None:
    held = tuple(element(f"E{at}", min(pair), max(pair)) for at, pair in enumerate(ends))
    found = most_together(MaterialContents(held, (SharedBound(frozenset(), most, ()),)))
    least, sums = fsum(each.low for each in held), fsum(each.high for each in held)
    assert least <= found <= max(least, min(sums, most)) * (1 + 1e-12)


def test_a_bill_says_what_its_lines_hold_together() -> None:
    found = example()
    (told,) = (note for note in found.notes if note.startswith("All rare earths together: "))
    # rows 7 and 8 by hand: 32.5 % of 748.8 g and of 1,022.4 g, and 6.55 g of Sm
    most = 0.325 * (48 * 15.6 + 48 * 21.3) + fsum(
        each.high for line in found.lines for each in line.grams if each.element == "Sm"
    )
    assert f"to {most:.3g} g" in told
    assert most < fsum(each.high for each in found.elements)
    assert fsum(each.low for each in found.elements) == pytest.approx(
        fsum(each.low for line in found.lines for each in line.grams)
    )
