"""How many judgements an answer settles: counted by hand on one rule, and by judging anew."""

from __future__ import annotations

from dataclasses import replace

from monazite.bills.bill import BillSupplier
from monazite.bills.filling import filled_line
from monazite.bills.profile import NO_PROFILE, BuyerProfile
from monazite.findings.exposure.line_cases import CaseLine
from monazite.triples.store import Store
from tests.findings.exposure.asking.inquiries import BILL, AskedBill

MAGNET, SENSOR, HOUSING = 2, 3, 4


def test_what_is_open_before_and_settled_after_is_counted(store: Store) -> None:
    """Made in Switzerland: announcement 18 leaves the magnet out, in every layer on two days."""
    rotor = replace(BILL.lines[1], suppliers=(BillSupplier("Rotors", made_in="Germany"),))
    bill = replace(BILL, lines=(BILL.lines[0], rotor, *BILL.lines[2:]))
    asking = AskedBill(store, bill=bill)
    settling = asking.settling()
    assert settling.judged == (MAGNET, SENSOR)  # a grade that may be a steel is asked about too
    each = settling.line(MAGNET)
    made, _ = filled_line(each.line, asking.asked("made-in", MAGNET), ("CHE",), asking.country)
    count = settling.by_making({MAGNET: replace(each, line=made)})
    after = AskedBill(store, [asking.answer("made-in", MAGNET, ("CHE",))], bill).settling()
    pairs = [
        (was, now)
        for old, new in zip(settling.outcomes(MAGNET), after.outcomes(MAGNET), strict=True)
        for was, now in zip(old, new, strict=True)
    ]
    assert count == sum(was == "may" and now in {"caught", "not"} for was, now in pairs)
    assert count >= 6
    assert settling.by_making({HOUSING: settling.line(HOUSING)}) == 0  # nothing hangs on it


def test_what_a_thing_is_built_into_settles_judgements_of_what_is_in_it(store: Store) -> None:
    lines = (*BILL.lines[:2], replace(BILL.lines[2], grade="N42SH"), *BILL.lines[3:])
    graded = replace(BILL, lines=lines)
    first = AskedBill(store, bill=graded)
    asking = AskedBill(store, [first.answer("made-in", MAGNET, ("CHN",))], graded)
    settling = asking.settling()
    rotor = settling.line(1)
    made, _ = filled_line(rotor.line, asking.asked("made-in", 1), ("DEU",), asking.country)
    assert settling.by_making({1: replace(rotor, line=made)}) > 0  # whether it leaves China loose


def test_the_buyer_settles_all_lines_at_once(store: Store) -> None:
    settling = AskedBill(store).settling()
    civil = replace(NO_PROFILE, facts={"us-defence": False})
    by_hand = sum(
        was == "may" and now in {"caught", "not"}
        for place in settling.judged
        for old, new in zip(
            settling.outcomes(place), AskedBill(store).settling(civil).outcomes(place), strict=True
        )
        for was, now in zip(old, new, strict=True)
    )
    assert settling.by_profile(civil) == by_hand > 0
    assert settling.by_profile(BuyerProfile()) == 0


def test_what_is_settled_and_opened_again_is_told(store: Store) -> None:
    first = AskedBill(store, [AskedBill(store).answer("made-in", MAGNET, ("CHE",))]).settling()
    opened = {(place, day) for place, _, day in first.unsettled_by(AskedBill(store).settling())}
    assert (MAGNET, "2025-04-04") in opened
    assert list(AskedBill(store).settling().unsettled_by(first)) == []
    line = first.line(MAGNET)
    assert first.by_lines({MAGNET: CaseLine(line.line, line.shown, line.kind)}) == 0
    assert len(BILL.lines) == 5
