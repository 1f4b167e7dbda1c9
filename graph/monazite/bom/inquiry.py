"""A bill and what is asked about it: its answers are put in, checked, and what is open is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from monazite.analysis.rules.compiled import CompiledRules
from monazite.analysis.rules.conditions import profile_words
from monazite.bom.answer_impact import Settling, material_faults, opened_again
from monazite.bom.answers import NOTHING_ANSWERED, AnswerReader, Answers
from monazite.bom.article_24 import map_article_24, passports_of
from monazite.bom.askable import AskableQuestion, askable_of
from monazite.bom.bill import Bill
from monazite.bom.exposure import country_codes, element_names, known_materials
from monazite.bom.figures import Article24Map, MagnetPassport, PublicStage
from monazite.bom.filling import (
    NO_PROFILE,
    BuyerProfile,
    filled_bill,
    filled_profile,
    kinds_of_profile,
)
from monazite.bom.line_cases import Borders
from monazite.bom.questionnaire import AskedQuestion, Questionnaire
from monazite.bom.result import Exposure
from monazite.bom.value_shares import Valuation
from monazite.core.errors import FaultyTablesError
from monazite.data.parameters import CRMA_24
from monazite.store.store import Store


@dataclass(frozen=True)
class Inquiry:
    """A bill with the answers to what was asked about it."""

    store: Store = field(repr=False, compare=False)
    read: Bill
    asker: BuyerProfile = NO_PROFILE
    answers: Answers = NOTHING_ANSWERED
    worth: Valuation | None = field(default=None, repr=False, compare=False)
    bill: Bill = field(init=False)  # the bill with the answers; as it was read where there are none
    buyer: BuyerProfile = field(init=False)

    def __post_init__(self) -> None:
        """Put the answers into the bill and the profile."""
        bill, buyer, faults = self.read, self.asker, []
        if self.answers.given:
            country = country_codes(self.store)
            bill, against = filled_bill(self.read, self.askable, self.answers.given, country)
            buyer, otherwise = filled_profile(self.asker, self.answers.given)
            faults = [*against, *otherwise]
        if faults:
            raise FaultyTablesError(faults)
        object.__setattr__(self, "bill", bill)
        object.__setattr__(self, "buyer", buyer)

    @cached_property
    def askable(self) -> Mapping[str, AskableQuestion]:
        """What can be asked of the sources of the bill, by key."""
        return askable_of(self.read)

    @cached_property
    def reader(self) -> AnswerReader:
        """What knows the questions, and what an answer may say."""
        kinds, words = kinds_of_profile(*profile_words(self.store)[:3])
        asked = {key: each.kind for key, each in self.askable.items()}
        names = element_names(self.store)
        return AnswerReader({**kinds, **asked}, country_codes(self.store), names, words)

    def answered(self, answers: Answers) -> Inquiry:
        """Return the same with answers."""
        return replace(self, answers=answers)

    def check(self, before: Exposure, after: Exposure, rules: CompiledRules) -> None:
        """Refuse answers that name another material, or make open what the bill settles."""
        given, materials = self.answers.given, known_materials(self.store)
        faults = [*material_faults(given, self.askable, before.lines, after.lines, materials)]
        if not faults:
            plain = replace(self, answers=NOTHING_ANSWERED, worth=None)
            if self.worth is not None:
                worth = replace(self.worth, bill=self.read, lines=before.lines, _product=[])
                plain = replace(plain, worth=worth)
            first = plain.settling(before, rules)
            last = self.settling(after, rules)
            faults = [*opened_again(given, self.askable, self.read, first, last)]
        if faults:
            raise FaultyTablesError(faults)

    def settling(self, found: Exposure, rules: CompiledRules) -> Settling:
        """Return the judgements of the lines, and what of them an answer would settle."""
        return Settling(
            *(rules, self.bill, found.lines, known_materials(self.store), found.market),
            *(country_codes(self.store), self.buyer, self.worth),
        )

    def questions(
        self, found: Exposure, rules: CompiledRules, *, records: bool = False
    ) -> tuple[AskedQuestion, ...]:
        """Return what is worth asking, the answer that settles most first."""
        asking = Questionnaire(
            self.settling(found, rules),
            self.askable,
            found.lines,
            known_materials(self.store),
            [condition for clause in rules.clauses for condition in clause.conditions],
            {each.text: [key for key, _ in each.candidates] for each in found.matches},
            {each.key for each in self.answers.given},
            records=records,
        )
        return asking.questions(self.buyer)

    def map_24(
        self, found: Exposure, rules: CompiledRules, public: Mapping[tuple[str, str], PublicStage]
    ) -> Article24Map:
        """Return the map that CRMA 24 asks for."""
        clauses = rules.rules.get(CRMA_24, ())
        conditions = [each for clause in clauses for each in clause.conditions]
        strategic = {
            x for each in conditions if each.test == "content" for x in each.ids("element")
        }
        left = {*self.answers.unanswered}
        waiting = self.questions(found, rules, records=True) if left else ()
        return map_article_24(
            *(found, self.read, self.bill, strategic, country_codes(self.store), public),
            [each for each in waiting if each.key in left],
        )

    def passports(self, found: Exposure) -> tuple[MagnetPassport, ...]:
        """Return what CRMA 28 and 29 ask to be told of each magnet."""
        borders = Borders(self.bill, found.market, country_codes(self.store))
        return passports_of(found, self.bill, known_materials(self.store), borders)
