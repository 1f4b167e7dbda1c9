"""Passports of magnets: what the bill, an answer or a record says, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from monazite.findings.exposure.borders import Borders
from monazite.findings.exposure.exposure import known_materials
from monazite.findings.exposure.records.passport import MagnetPassport, passports_of
from monazite.triples.store import Store
from tests.findings.exposure.asking.inquiries import BILL, AskedBill


def passports(store: Store, asking: AskedBill) -> tuple[MagnetPassport, ...]:
    borders = Borders(asking.bill, "EUE", asking.country)
    return passports_of(asking.shown, asking.bill, known_materials(store), borders)


def test_each_magnet_has_one_and_what_nobody_says_stays_blank(store: Store) -> None:
    lines = (*BILL.lines[:2], replace(BILL.lines[2], grade="N42SH"), *BILL.lines[3:])
    graded = replace(BILL, lines=lines)
    [found] = passports(store, AskedBill(store, bill=graded))  # 40H may be a steel
    assert (found.sheet_row, found.kind, found.mass, found.pieces) == (4, "ndfeb", 20, 8)
    dy = next(each for each in found.contents if each.element == "Dy")
    assert (dy.percent_low, dy.percent_high, dy.evidence) == (2, 4.5, "grade")
    assert dy.rows == ("assumptions/ndfeb-sintered-magnet-sh-dy-content-by-grade-dy",)
    assert (found.coating, found.recycled, found.seat) == ("", None, "rotor in motor")
    assert {**found.asked} == {"crma-28": "not", "crma-29": "not"}


def test_answers_fill_it(store: Store) -> None:
    first = AskedBill(store)
    answers = [
        first.answer("coating", 2, "Ni-Cu-Ni"),
        first.answer("seat", 2, "surface of the rotor"),
        first.answer("recycled", 2, 15.0),
    ]
    [found] = passports(store, AskedBill(store, answers))
    assert (found.coating, found.seat, found.recycled) == ("Ni-Cu-Ni", "surface of the rotor", 15)
