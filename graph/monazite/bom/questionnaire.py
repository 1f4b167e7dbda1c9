"""A questionnaire about a bill: what to ask whom, by how many judgements an answer settles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from math import fsum

from monazite.analysis.rules.conditions import NO_CLASS, RuleCondition
from monazite.bom.answers import (
    COATING,
    COLUMNS,
    CONTENT,
    COUNT,
    FACTS,
    MADE_IN,
    MASS,
    MATERIAL,
    QUESTIONS,
    RECYCLED,
    SEAT,
    STAGES,
    YES_OR_NO,
    YOURS,
    AskableQuestion,
)
from monazite.bom.bill import NOT_STATED, TESTED, ElementContent
from monazite.bom.contents import Materials
from monazite.bom.filling import (
    CLASSES,
    SHIPPED_AS,
    STAFF,
    TURNOVER,
    BuyerProfile,
    filled_line,
    profile_says,
    profile_with,
)
from monazite.bom.judged_lines import BillJudge
from monazite.bom.line_cases import CaseLine, magnet_type
from monazite.bom.lines import NO_CONTENT, NO_MASS, TO_BE_ASKED, ExposedLine
from monazite.core.formats import grouped
from monazite.core.results import Value
from monazite.core.tables import Table

YOU = "your own company"
_TRIED_CONTENT = 1.0  # per cent, as a large answer that an element may get
_LARGE = 1e12
_ELSEWHERE = ("CHE", "NOR", "ISL", "NZL")  # one that no rule names stands for all such
_PARTS = 20
_COUNTRY = "a country; several with semicolons between"
_WRITE = {
    MATERIAL: "material and grade as on the drawing",
    CONTENT: "per cent of the mass, as Dy 0.8 %; Tb 0 %; evidence: tested, declared or datasheet",
    MASS: "grams, as 12.5 g",
    MADE_IN: _COUNTRY,
    **dict.fromkeys(STAGES, _COUNTRY),
    **dict.fromkeys(FACTS, "yes or no"),
    RECYCLED: "per cent, as 15 %",
    COATING: "as on the drawing",
    SEAT: "in a few words",
    YES_OR_NO: "yes or no",
    COUNT: "a number",
}
_OF_MAKING = {"leaves", "goes-to", "onward", "made-in", "shipped-as"}
_KIND_OF_TEST = {"content": CONTENT, "tested": CONTENT, "staff": STAFF, "turnover": TURNOVER,
                 "product-class": CLASSES, "shipped-as": SHIPPED_AS}  # fmt: skip
_OF_BUYER = {
    STAFF: "How many people does the company employ?",
    TURNOVER: "What does the company turn over in a year, in euros?",
    CLASSES: "Which of these classes does the product belong to?",
    SHIPPED_AS: "As what do magnets reach you?",
}


class AskedQuestion(Value):
    """A question of a questionnaire."""

    key: str  #: by which its answer is read back
    supplier: str  #: of whom it is asked; empty where the bill names nobody
    question: str  #: in a sentence
    parts: tuple[str, ...]  #: that it is about, as the lines show them
    settles: int  #: judgements that one answer settles at most
    grams: float | None  #: that it settles as well; None where not even the mass is known
    write: str  #: how to answer


class Questionnaire:
    """What can be asked about a bill."""

    def __init__(
        self,
        settling: BillJudge,
        askable: Mapping[str, AskableQuestion],
        lines: Sequence[ExposedLine],
        materials: Materials,
        conditions: Iterable[RuleCondition],
        candidates: Mapping[str, Sequence[str]],
        answered: Collection[str] = (),
        *,
        records: bool = False,
    ) -> None:
        self._settling, self._lines, self._materials = settling, lines, materials
        self._askable = [each for key, each in askable.items() if key not in answered]
        self._conditions = tuple(conditions)
        self._candidates, self._answered, self._records = candidates, answered, records
        named = Counter(code for each in self._conditions for code in each.ids("place"))
        known = {code for each in self._conditions for code in each.places}
        first = max(sorted(named), key=named.__getitem__, default="")
        elsewhere = next(code for code in _ELSEWHERE if code not in known)
        self._tried: Mapping[str, Sequence[object]] = {
            **dict.fromkeys((MADE_IN, *STAGES), ((first,), (elsewhere,))),
            **dict.fromkeys(FACTS, (True, False)),
        }

    @cached_property
    def _needing(self) -> Mapping[str, frozenset[str]]:
        """The rules that ask for what a kind of question is about."""
        found: dict[str, set[str]] = defaultdict(set)
        for each in self._conditions:
            for kind in (each.fact, _KIND_OF_TEST.get(each.test, ""), *each.ids("stage")):
                found[kind].add(each.rule)
            if each.test in _OF_MAKING:
                found[MADE_IN].add(each.rule)
        return {kind: frozenset(rules) for kind, rules in found.items()}

    def questions(self, profile: BuyerProfile) -> tuple[AskedQuestion, ...]:
        """Return what is worth asking, the answer that settles most first."""
        found = [*filter(None, map(self._asked, self._askable)), *self._of_buyer(profile)]

        def rank(each: AskedQuestion) -> tuple[object, ...]:
            # of what has no mass nothing is known: it comes before grams
            grams = (each.grams is not None, -(each.grams or 0.0))
            return -each.settles, *grams, each.supplier, each.key

        return tuple(sorted(found, key=rank))

    def _asked(self, asked: AskableQuestion) -> AskedQuestion | None:
        """The question, if one of its lines has it open and a judgement or grams hang on it.

        What settles nothing alone may do so together with other answers.
        """
        places = [place for place in asked.places if self._is_open(asked, place)]
        if not places:
            return None
        grams = self._grams(asked.kind, places)
        # the most that one of the answers settles that the question may get
        count = self._settling.by_making if asked.kind == MADE_IN else self._settling.by_lines
        settles = max(map(count, self._supposed(asked, places)), default=0)
        wanted = (
            self._records
            and asked.kind in {RECYCLED, COATING, SEAT}  # they settle no judgement
            and any(self._settling.line(place).kind for place in places)
        )
        rules = self._settling.open_rules(places, inside=asked.kind == MADE_IN)
        hangs = rules & self._needing.get(asked.kind, frozenset())
        if not settles and grams == 0 and not wanted and not hangs:
            return None
        supplier, question = self._supplier(asked, places[0]), QUESTIONS[asked.kind]
        parts = tuple(dict.fromkeys(self._lines[place].name for place in places))
        write = _WRITE[asked.kind]
        return AskedQuestion(asked.key, supplier, question, parts, settles, grams, write)

    def _is_open(self, asked: AskableQuestion, place: int) -> bool:
        shown, line = self._lines[place], self._settling.line(place).line
        source = next((each for each in line.sources if each.name == asked.supplier), None)
        wide = any(each.high > each.low or each.evidence != TESTED for each in shown.grams)
        answers = {
            MATERIAL: shown.not_known == TO_BE_ASKED,
            CONTENT: shown.not_known in {NO_CONTENT, TO_BE_ASKED} or wide,
            MASS: line.mass is None and shown.not_known in {NO_MASS, NO_CONTENT, TO_BE_ASKED},
            COATING: not line.coating,
            SEAT: not line.seat,
        }
        if asked.kind in answers:
            return answers[asked.kind]
        if source is None:
            return False
        if asked.kind == MADE_IN:
            return not all(map(self._settling.country, source.countries))
        if asked.kind == RECYCLED:
            return source.answers.recycled is None
        return asked.kind not in {**source.answers.facts, **source.answers.stages}

    def _grams(self, kind: str, places: Iterable[int]) -> float | None:
        """Grams that an answer settles: between the ends of ranges, or of what is not known."""
        lines = [self._lines[place] for place in places]
        if kind == MASS:
            return None
        if kind not in {CONTENT, MATERIAL}:
            return 0.0
        wide = [each.high - each.low for line in lines for each in line.grams]
        masses = [x.mass and x.mass * x.pieces for x in lines if x.not_known]
        if None in masses:
            return None
        return fsum((*wide, *(each for each in masses if each is not None)))

    def _supposed(
        self, asked: AskableQuestion, places: Sequence[int]
    ) -> Iterator[Mapping[int, CaseLine]]:
        """Yield the lines as they would be by each answer that is tried."""
        if asked.kind == CONTENT:
            for high in (False, True):
                yield {place: self._with_content(place, high=high) for place in places}
        elif asked.kind == MATERIAL:
            wanted = self._candidates.get(self._lines[places[0]].material_text, ())
            for material in ("", *wanted):
                yield {place: self._of_material(place, material) for place in places}
        for given in self._tried.get(asked.kind, ()):
            found = {place: self._settling.line(place) for place in places}
            for place, each in found.items():
                line, _ = filled_line(each.line, asked, given, self._settling.country)
                found[place] = replace(each, line=line)
            yield found

    def _with_content(self, place: int, *, high: bool) -> CaseLine:
        """A line whose content was tested: at the ends of what is known, little or much else."""
        each = self._settling.line(place)
        known = {one.element: (one.percent_low, one.percent_high) for one in each.shown.grams}
        of_content = (one for one in self._conditions if one.test == "content")
        weighed = {x for one in of_content for x in one.ids("element")}
        contents = []
        for element in sorted(known.keys() | weighed):
            end = known.get(element, (0.0, _TRIED_CONTENT))[high]
            contents.append(ElementContent(element, end, end, TESTED))
        line = replace(each.line, contents=tuple(contents))
        return CaseLine(line, replace(each.shown, grams=()), each.kind)

    def _of_material(self, place: int, material: str) -> CaseLine:
        """A line that is of a material; of none that holds rare earths, where it is empty."""
        each = self._settling.line(place)
        held = self._materials.contents(material, by_grade=True).elements if material else ()
        contents = tuple(ElementContent(x.element, x.low, x.high, NOT_STATED) for x in held)
        line = replace(each.line, contents=contents)
        return CaseLine(line, each.shown, magnet_type(material, self._materials))

    def _supplier(self, asked: AskableQuestion, place: int) -> str:
        """Whom to ask, as the line shows the name: codes stand in place of names there."""
        line, shown = self._settling.line(place).line, self._lines[place].suppliers
        names = {one.name: each.text for one, each in zip(line.suppliers, shown, strict=True)}
        first = [each.name for each in line.sources]
        chosen = [asked.supplier] if asked.supplier in names else first
        return "; ".join(names.get(each, "") for each in chosen)

    def _of_buyer(self, profile: BuyerProfile) -> Iterator[AskedQuestion]:
        every_open = self._settling.open_rules(self._settling.judged)
        for name, question, tried, write in self._buyers_questions():
            key = f"{YOURS}-{name}"
            if key in self._answered or profile_says(profile, name) not in (None, ()):
                continue
            supposed = (profile_with(profile, name, each) for each in tried)
            settles = max(map(self._settling.by_profile, supposed))
            if settles or every_open & self._needing.get(name, frozenset()):
                yield AskedQuestion(key, YOU, question, (), settles, 0.0, write)

    def _buyers_questions(self) -> Iterator[tuple[str, str, Sequence[object], str]]:
        labels = {each.fact: each.fact_label for each in self._conditions if each.fact}
        for fact, label in sorted(labels.items()):
            if fact not in FACTS:
                small = label if label[:2].isupper() else label[:1].lower() + label[1:]
                told = f"Is this so of the product or the company: {small}?"
                yield fact, told, (True, False), _WRITE[YES_OR_NO]
        classes = sorted({x for each in self._conditions for x in each.ids("class")})
        forms = sorted({x for each in self._conditions for x in each.ids("shipped-as")})
        if classes:
            tried: Sequence[object] = ((NO_CLASS,), tuple(classes))
            yield CLASSES, _OF_BUYER[CLASSES], tried, "; ".join((*classes, NO_CLASS))
        if forms:
            yield SHIPPED_AS, _OF_BUYER[SHIPPED_AS], [(each,) for each in forms], "; ".join(forms)
        for name in (STAFF, TURNOVER):
            yield name, _OF_BUYER[name], (0.0, _LARGE), _WRITE[COUNT]


def questionnaire_tables(questions: Iterable[AskedQuestion]) -> list[Table]:
    """Return a questionnaire as a table for each supplier, with blanks for the answers."""
    found: dict[str, list[list[str]]] = {}
    for each in questions:
        more = len(each.parts) - _PARTS
        parts = "; ".join(each.parts[:_PARTS]) + (f"; and {grouped(more)} more" if more > 0 else "")
        row = [each.key, each.supplier, each.question, parts, str(each.settles), each.write]
        found.setdefault(each.supplier, []).append([*row, "", "", ""])
    remarks = ("Blanks change nothing. Keys stay as they are. This is no legal advice.",)
    return [
        Table(f"Questions to {supplier or 'whoever supplies it'}", COLUMNS, rows, remarks)
        for supplier, rows in found.items()
    ]
