"""What is asked first, of whom, and that answers leave fewer questions."""

from __future__ import annotations

import pytest

from monazite.bills.bill import StatedContent
from monazite.findings.exposure.asking.questionnaire import (
    YOU,
    questionnaire_table,
    questionnaire_tables,
)
from monazite.triples.store import Store
from tests.findings.exposure.asking.inquiries import BILL, AskedBill

TESTED = (
    *(StatedContent(x, 0, 0, "tested") for x in ("Tb", "Gd", "Sm", "Ce", "Lu", "Sc", "Y")),
    *(StatedContent("Dy", 0.05, 0.05, "tested"), StatedContent("Nd", 25, 25, "tested")),
    StatedContent("Pr", 5, 5, "tested"),
)


def test_the_answer_that_settles_most_comes_first_and_grams_after(store: Store) -> None:
    found = AskedBill(store).questions()
    assert [each.settles for each in found] == sorted((x.settles for x in found), reverse=True)
    by_key = {(each.supplier, each.question): each for each in found}
    made = by_key["Magnets", "In which country is it made?"]
    assert (made.parts, made.settles > 0, made.write.startswith("a country")) == (
        *(("magnet",), True, True),
    )
    assert by_key["", "Which material and grade is it?"].parts == ("sensor magnet",)
    content = by_key["Magnets", "How much of each rare earth does it hold?"]
    assert content.grams is not None
    assert content.grams > 0
    assert {each.supplier for each in found} == {"", "Magnets", "Rotors", YOU}
    assert not any("housing" in each.parts for each in found)
    assert not any(each.question == "Which coating has it?" for each in found)


def test_what_a_record_of_a_magnet_needs_is_asked_where_one_is_wanted(store: Store) -> None:
    found = {each.question: each for each in AskedBill(store).questions(records=True)}
    assert found["Which coating has it?"].parts == ("magnet",)
    assert found["Which share of its rare earths is recycled?"].settles == 0


@pytest.mark.parametrize("country", ["CHN", "CHE"])
def test_asking_and_answering_and_asking_again_leaves_fewer(store: Store, country: str) -> None:
    first = AskedBill(store)
    answers = [
        first.answer("made-in", 1, (country,)),
        first.answer("made-in", 2, (country,)),
        first.answer("content", 2, TESTED),
        first.answer("material", 3, "ferrite"),
    ]
    left = {each.key for each in first.questions()}
    for count in range(1, len(answers) + 1):
        again = AskedBill(store, answers[:count])
        assert again.faults == []
        keys = {each.key for each in again.questions()}
        assert answers[count - 1].key not in keys
        assert len(keys) < len(left)
        left = keys


def test_the_table_has_blanks_for_the_answers_and_is_grouped_by_supplier(store: Store) -> None:
    found = AskedBill(store).questions()
    table = questionnaire_table(found)
    assert len(table.rows) == len(found)
    assert all(row[-3:] == ["", "", ""] for row in table.rows)
    suppliers = [row[1] for row in table.rows]
    assert len({*suppliers}) == sum(a != b for a, b in zip(["?", *suppliers], suppliers))  # noqa: B905
    assert all(x.heading.startswith("Questions to ") for x in questionnaire_tables(found))
    assert AskedBill(store, bill=BILL).read is BILL
