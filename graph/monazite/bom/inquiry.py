"""A bill and what is asked about it: its answers are put in, checked, and what is open is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property
from itertools import product
from math import fsum

from monazite.analysis.rules.compiled import CompiledRules
from monazite.analysis.rules.conditions import profile_words
from monazite.analysis.rules.rules import DocumentLine
from monazite.analysis.rules.weighing import CAUGHT, MAY, NOT, OUTCOMES
from monazite.bom import figures, filling
from monazite.bom.answers import (
    NOTHING_ANSWERED,
    AnswerReader,
    Answers,
    AskableQuestion,
    askable_of,
)
from monazite.bom.bill import Bill, BillLine, BillSupplier
from monazite.bom.exposure import country_codes, element_names, known_materials
from monazite.bom.judged_lines import BillJudge, LineJudgement, material_faults, opened_again
from monazite.bom.line_cases import Borders, line_type
from monazite.bom.lines import NO_CONTENT, NO_MASS, TO_BE_ASKED, ExposedLine
from monazite.bom.questionnaire import AskedQuestion, Questionnaire
from monazite.bom.result import Exposure
from monazite.bom.value_shares import Valuation
from monazite.core.errors import FaultyTablesError, NotKnownError
from monazite.core.results import Struct
from monazite.data.parameters import CRMA_24, MAGNET
from monazite.model.network.shares import WORLD
from monazite.store.store import Store

RULES = ("crma-28", "crma-29")


def _last(judged: LineJudgement) -> str:
    """The outcome of the last day."""
    return [*judged.outcomes.values()][-1]


def _recycled(one: BillLine) -> float | None:
    """The least share of all sources; not known where one of them does not say."""
    known = [x.answers.recycled for x in one.sources if x.answers.recycled is not None]
    return min(known) if len(known) == len(one.sources) else None


def _where(
    sources: Iterable[BillSupplier], stage: str, country: Callable[[str], str]
) -> tuple[str, ...]:
    """Where a stage lies by all sources of a line; nothing where one of them is silent."""
    if stage == MAGNET:
        told = [country(text) for each in sources for text in each.countries]
    else:
        told = [code for each in sources for code in each.answers.stages.get(stage, ("",))]
    return tuple(sorted({*told})) if told and all(told) else ()


def _coverage(stages: Iterable[figures.MappedStage]) -> Iterator[figures.MassCoverage]:
    grams: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for each in stages:
        grams[each.element, each.stage][each.known_by].append((each.low + each.high) / 2)
    ranked = sorted(grams, key=lambda key: (key[0], figures.MAPPED.index(key[1])))
    for element, stage in ranked:
        held = grams[element, stage]
        whole = fsum(gram for each in held.values() for gram in each)
        if whole:
            shares = {name: fsum(held[name]) / whole for name in figures.KNOWN_BY if held.get(name)}
            yield figures.MassCoverage(element, stage, shares)


def _acts(
    judgements: Iterable[LineJudgement], rows: Collection[int]
) -> Mapping[str, tuple[int, int]]:
    """How many lines rules catch, and may catch, by their text on the last day."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for each in judgements:
        if each.layer == "text" and each.sheet_row in rows and each.rule != CRMA_24:
            found[each.rule_label][_last(each)] += 1
    return {rule: (x[CAUGHT], x[MAY]) for rule, x in found.items() if x[CAUGHT] or x[MAY]}


class Inquiry(Struct):
    """A bill with the answers to what was asked about it."""

    store: Store = field(repr=False, compare=False)
    read: Bill
    asker: filling.BuyerProfile = filling.NO_PROFILE
    answers: Answers = NOTHING_ANSWERED
    worth: Valuation | None = field(default=None, repr=False, compare=False)
    bill: Bill = field(init=False)  # the bill with the answers; as it was read where there are none
    buyer: filling.BuyerProfile = field(init=False)

    def __post_init__(self) -> None:
        """Put the answers into the bill and the profile."""
        bill, buyer, given = self.read, self.asker, self.answers.given
        if given:
            bill, against = filling.filled_bill(
                bill, self.askable, given, country_codes(self.store)
            )
            buyer, otherwise = filling.filled_profile(buyer, given)
            if faults := [*against, *otherwise]:
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
        kinds, words = filling.kinds_of_profile(*profile_words(self.store)[:3])
        asked = {key: each.kind for key, each in self.askable.items()}
        names = element_names(self.store)
        return AnswerReader({**kinds, **asked}, country_codes(self.store), names, words)

    def check(self, before: Exposure, after: Exposure, rules: CompiledRules) -> None:
        """Refuse answers that name another material, or make open what the bill settles."""
        given, materials = self.answers.given, known_materials(self.store)
        faults = [*material_faults(given, self.askable, before.lines, after.lines, materials)]
        if not faults:
            worth = self.worth and replace(self.worth, bill=self.read, lines=before.lines)
            plain = replace(self, answers=NOTHING_ANSWERED, worth=worth)
            first, last = plain.judge(before, rules), self.judge(after, rules)
            faults = [*opened_again(given, self.askable, self.read, first, last)]
        if faults:
            raise FaultyTablesError(faults)

    def judge(self, found: Exposure, rules: CompiledRules) -> BillJudge:
        """Return the judgements of the lines, and what of them an answer would settle."""
        return BillJudge(
            *(rules, self.bill, found.lines, known_materials(self.store), found.market),
            *(country_codes(self.store), self.buyer, self.worth),
        )

    def questions(
        self, found: Exposure, rules: CompiledRules, *, records: bool = False
    ) -> tuple[AskedQuestion, ...]:
        """Return what is worth asking, the answer that settles most first."""
        asking = Questionnaire(
            self.judge(found, rules),
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
        self,
        found: Exposure,
        rules: CompiledRules,
        public: Mapping[tuple[str, str], figures.PublicStage],
    ) -> figures.Article24Map:
        """Return the map that CRMA 24 asks for."""
        clauses = rules.rules.get(CRMA_24, ())
        conditions = [each for clause in clauses for each in clause.conditions]
        strategic = {
            x for each in conditions if each.test == "content" for x in each.ids("element")
        }
        left = {*self.answers.unanswered}
        waiting = self.questions(found, rules, records=True) if left else ()
        stages = tuple(self._stages(found.lines, strategic, public))
        rows = {each.sheet_row for each in stages}
        mapped = [each for each in self.bill.lines if each.row in rows]
        recycled = {str(one.row): _recycled(one) for one in mapped}
        outcomes = [_last(each) for each in found.judgements if each.rule == CRMA_24]
        return figures.Article24Map(
            day=found.days[-1] if found.days else "",
            outcome=min(outcomes, key=OUTCOMES.index, default=NOT),  # of the line caught most
            elements=tuple(dict.fromkeys(each.element for each in stages)),
            stages=stages,
            coverage=tuple(_coverage(stages)),
            recycled={row: share for row, share in recycled.items() if share is not None},
            acts=_acts(found.judgements, rows),
            single_sources=tuple(
                one.row for one in mapped if one.suppliers and len(one.sources) == 1
            ),
            unanswered=tuple(each for each in waiting if each.key in left),
            left_out=tuple(
                line.sheet_row
                for line in found.lines
                if line.not_known in {NO_CONTENT, NO_MASS, TO_BE_ASKED}
            ),
        )

    def _stages(
        self,
        lines: Iterable[ExposedLine],
        strategic: Collection[str],
        public: Mapping[tuple[str, str], figures.PublicStage],
    ) -> Iterator[figures.MappedStage]:
        """Where each stage of each strategic element of each line lies."""
        country = country_codes(self.store)
        for old, one, line in zip(self.read.lines, self.bill.lines, lines, strict=True):
            said = {each.name for each in old.sources if all(map(country, each.countries))}
            answered = any(each.name not in said for each in one.sources)
            making = figures.BY_ANSWER if answered else figures.BY_BILL
            held = (each for each in line.grams if each.element in strategic)
            for each, stage in product(held, figures.MAPPED):
                own = (line.sheet_row, line.name, each.element, each.low, each.high, stage)
                leader = public.get((each.element, stage))
                if codes := _where(one.sources, stage, country):
                    by = making if stage == MAGNET else figures.BY_ANSWER
                    yield figures.MappedStage(*own, codes, by)
                elif leader is not None:
                    yield figures.MappedStage(*own, (leader.country,), figures.BY_PUBLIC, leader)
                else:
                    yield figures.MappedStage(*own, (), figures.BY_NOBODY)

    def passports(self, found: Exposure) -> tuple[figures.MagnetPassport, ...]:
        """Return what CRMA 28 and 29 ask to be told of each magnet."""
        borders = Borders(self.bill, found.market, country_codes(self.store))
        materials = known_materials(self.store)
        outcomes = {(x.sheet_row, x.rule): _last(x) for x in found.judgements if x.layer == "text"}
        passports = []
        for place, (one, line) in enumerate(zip(self.bill.lines, found.lines, strict=True)):
            if kind := line_type(line, materials):
                ways = (
                    borders.names(x, lambda at: found.lines[at].name) for x in borders.ways(place)
                )
                said = (line.sheet_row, line.name, line.pieces, kind, line.material_label)
                passports.append(
                    figures.MagnetPassport(
                        *(*said, line.mass, line.grams, one.coating),
                        seat=one.seat or "; ".join(filter(None, ways)),
                        recycled=_recycled(one),
                        asked={rule: outcomes.get((line.sheet_row, rule), NOT) for rule in RULES},
                    )
                )
        return tuple(passports)


def licence_file(
    documents: Iterable[DocumentLine],
    rules: Collection[str],
    act: str,
    market: str,
    day: str,
    held: Collection[str],
) -> tuple[figures.LicenceDocument, ...]:
    """Return the documents that a licence under an act asks of a market."""
    found = []
    for each in documents:
        is_for = not each.places or (market != WORLD and market in each.places)
        if each.rule in rules and is_for and each.asked_on(day):
            key = each.row.rpartition("/")[2]
            state = figures.NOT_OURS if each.given_by in figures.THEIRS else figures.MISSING
            state = figures.HAVE if key in held else state
            said = (each.document, each.given_by, each.forms, each.translated, each.layer)
            found.append(figures.LicenceDocument(key, *said, each.begins, state, each.row))
    if not found:
        raise NotKnownError(f"We found no documents that a licence under {act} asks for.")
    return tuple(found)
