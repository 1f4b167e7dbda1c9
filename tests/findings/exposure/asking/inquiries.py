"""A bill with little said, and what is asked about it, for tests of questions and answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monazite.bills.answers import GivenAnswer
from monazite.bills.askable import AskableQuestion, askable_of
from monazite.bills.bill import Bill, BillSupplier, line
from monazite.bills.filling import filled_bill, filled_profile
from monazite.bills.profile import NO_PROFILE, BuyerProfile
from monazite.findings.exposure.asking.questionnaire import AskedQuestion, Questionnaire
from monazite.findings.exposure.asking.settling import Settling
from monazite.findings.exposure.exposure import (
    Exposure,
    country_codes,
    find_exposure,
    known_materials,
)
from monazite.findings.rules.compiled import CompiledRules, compile_rules
from monazite.findings.rules.conditions import read_conditions
from monazite.triples.names import Entity
from monazite.triples.store import Store

UNION = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
DAYS = ("2025-03-31", "2025-04-04", "2026-12-02")
BILL = Bill(
    "b.csv",
    "",
    (
        replace(line("motor"), row=2, made_in="Germany"),
        replace(line("rotor", suppliers=(BillSupplier("Rotors"),), above=(0,)), row=3),
        replace(
            line("magnet", 8, mass=20, material="NdFeB", suppliers=(BillSupplier("Magnets"),),
                 above=(1,)),
            row=4,
        ),
        replace(line("sensor magnet", 1, mass=5, grade="40H", above=(0,)), row=5),
        replace(line("housing", 1, mass=900, material="Steel", above=(0,)), row=6),
    ),
)  # fmt: skip


class AskedBill:
    """A bill with answers, and what is asked about it."""

    def __init__(
        self, store: Store, answers: Sequence[GivenAnswer] = (), bill: Bill = BILL
    ) -> None:
        self.store, self.read, self.answers = store, bill, answers
        self.country = country_codes(store)
        self.askable = askable_of(bill)
        self.bill, self.faults = filled_bill(bill, self.askable, answers, self.country)
        self.buyer, _ = filled_profile(NO_PROFILE, answers)
        self.shown: Exposure = find_exposure(store, self.bill, UNION)
        self.rules: CompiledRules = compile_rules(store, DAYS)

    def settling(self, profile: BuyerProfile | None = None) -> Settling:
        return Settling(
            *(self.rules, self.bill, self.shown.lines, known_materials(self.store), "EUE"),
            *(self.country, self.buyer if profile is None else profile),
        )

    def questions(self, *, records: bool = False) -> tuple[AskedQuestion, ...]:
        asking = Questionnaire(
            *(self.settling(), self.askable, self.shown.lines, known_materials(self.store)),
            read_conditions(self.store),
            {each.text: [key for key, _ in each.candidates] for each in self.shown.matches},
            {each.key for each in self.answers},
            records=records,
        )
        return asking.questions(self.buyer)

    def asked(self, kind: str, place: int) -> AskableQuestion:
        return next(x for x in self.askable.values() if x.kind == kind and place in x.places)

    def answer(self, kind: str, place: int, given: object, row: int = 2) -> GivenAnswer:
        key = self.asked(kind, place).key
        return GivenAnswer(key, given, "", "a.csv", row, "column G")  # type: ignore[arg-type]
