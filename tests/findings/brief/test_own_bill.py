"""The parts of a brief on a bill: what an exposure gives, each rule with its sources."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.own_bill import bill_parts, bill_rows
from monazite.findings.exposure.headline import exposure_lessons
from monazite.triples.cards import read_cards
from monazite.view import load
from tests.findings.exposure.bills import example


def test_three_parts_with_the_sources_of_rules() -> None:
    found, view = example(), load()
    notes = Footnotes(read_cards(view.store, view.schema.tables, bill_rows(found)))
    bill, rules, questions = bill_parts(found, notes)
    assert bill.heading == "Your bill: Electric drive unit"
    assert tuple(each.text for each in bill.sentences) == exposure_lessons(found)
    assert [line.cells for line in bill.lines] == [
        ("8", "Magnet, inner layer", "12.7"),
        ("7", "Magnet, outer layer", "19.2"),
    ]
    assert rules.columns == ("Rule", "By its", "24 Nov 2026")  # the last of the days
    told = {line.cells[:2]: line for line in rules.lines}
    assert told["Announcement 18 of 2025", "text"].cells[2] == "2 caught, 3 may"
    assert all(line.notes for line in rules.lines)
    assert questions.sentences[0].text == (
        "NdFeB N45SH: What was tested or declared? It settles 169 g."
    )
    assert len(questions.sentences) == 3


def test_without_stock_what_holds_most_stands_there() -> None:
    bill, *_ = bill_parts(example("petrol-car.csv"), Footnotes({}))
    assert bill.columns[:2] == ("Row", "Part")
    assert len(bill.lines) == 4
    bare = replace(example(), lines=(), elements=(), judgements=(), questions=())
    (bill,) = bill_parts(bare, Footnotes({}))
    assert (bill.columns, bill.sentences) == ((), ())


def test_a_redacted_bill_names_nothing() -> None:
    said = str(bill_parts(example(redact=True), Footnotes({})))
    assert "Your bill: product 1" in said
    for line in example().lines:
        assert line.name not in said
