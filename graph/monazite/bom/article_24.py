"""The map that Article 24 of the Critical Raw Materials Act asks of large companies.

Where suppliers and the bill are silent, public records stand in, as Regulation (EU) 2024/1252
allows; each line says by which: https://gesetze.legal/eu/vo_eu_2024_1252/24.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import fsum

from monazite.analysis.rules.case import CAUGHT, MAY, NOT, NOT_JUDGED
from monazite.bom.bill import Bill, BillLine, BillSupplier
from monazite.bom.contents import Materials
from monazite.bom.figures import (
    BY_ANSWER,
    BY_BILL,
    BY_NOBODY,
    BY_PUBLIC,
    KNOWN_BY,
    MAPPED,
    Article24Map,
    MagnetPassport,
    MappedStage,
    MassCoverage,
    PublicStage,
)
from monazite.bom.judged_lines import LineJudgement
from monazite.bom.line_cases import Borders, line_type
from monazite.bom.lines import NO_CONTENT, NO_MASS, TO_BE_ASKED, ExposedLine
from monazite.bom.questionnaire import AskedQuestion
from monazite.bom.result import Exposure
from monazite.data.parameters import CRMA_24, MAGNET

RULES = ("crma-28", "crma-29")


def passports_of(
    found: Exposure, bill: Bill, materials: Materials, borders: Borders
) -> tuple[MagnetPassport, ...]:
    """Return what is known of each magnet of a product."""
    passports = []
    outcomes = {
        (each.sheet_row, each.rule): [*each.outcomes.values()][-1]
        for each in found.judgements
        if each.layer == "text"
    }
    for place, (one, line) in enumerate(zip(bill.lines, found.lines, strict=True)):
        kind = line_type(line, materials)
        if not kind:
            continue
        ways = [borders.names(way, lambda at: found.lines[at].name) for way in borders.ways(place)]
        passport = MagnetPassport(
            sheet_row=line.sheet_row,
            name=line.name,
            pieces=line.pieces,
            kind=kind,
            material=line.material_label,
            mass=line.mass,
            contents=line.grams,
            coating=one.coating,
            seat=one.seat or "; ".join(filter(None, ways)),
            recycled=_recycled(one),
            asked={rule: outcomes.get((line.sheet_row, rule), NOT) for rule in RULES},
        )
        passports.append(passport)
    return tuple(passports)


def _recycled(one: BillLine) -> float | None:
    """The least share of all sources; not known where one of them does not say."""
    known = [x.answers.recycled for x in one.sources if x.answers.recycled is not None]
    return min(known) if len(known) == len(one.sources) else None


_STRONGEST = (CAUGHT, MAY, NOT_JUDGED, NOT)


def map_article_24(
    found: Exposure,
    read: Bill,
    bill: Bill,
    strategic: Collection[str],
    country: Callable[[str], str],
    public: Mapping[tuple[str, str], PublicStage],
    unanswered: Iterable[AskedQuestion] = (),
) -> Article24Map:
    """Return the map of a product."""
    stages: list[MappedStage] = []
    recycled: dict[str, float] = {}
    for old, one, line in zip(read.lines, bill.lines, found.lines, strict=True):
        held = [each for each in line.grams if each.element in strategic]
        if held:
            said = {each.name for each in old.sources if all(map(country, each.countries))}
            answered = any(each.name not in said for each in one.sources)
            making = BY_ANSWER if answered else BY_BILL
            stages += _of_line(line, one.sources, strategic, country, public, making)
            if (share := _recycled(one)) is not None:
                recycled[str(line.sheet_row)] = share
    rows = {each.sheet_row for each in stages}
    outcomes = [[*each.outcomes.values()][-1] for each in found.judgements if each.rule == CRMA_24]
    return Article24Map(
        day=found.days[-1] if found.days else "",
        outcome=min(outcomes, key=_STRONGEST.index, default=NOT),  # of the line caught most
        elements=tuple(dict.fromkeys(each.element for each in stages)),
        stages=tuple(stages),
        coverage=tuple(_coverage(stages)),
        recycled=recycled,
        acts=_acts(found.judgements, rows),
        single_sources=tuple(
            line.sheet_row
            for one, line in zip(bill.lines, found.lines, strict=True)
            if line.sheet_row in rows and len(one.suppliers) and len(one.sources) == 1
        ),
        unanswered=tuple(unanswered),
        left_out=tuple(
            line.sheet_row
            for line in found.lines
            if line.not_known in {NO_CONTENT, NO_MASS, TO_BE_ASKED}
        ),
    )


def _of_line(
    line: ExposedLine,
    sources: Sequence[BillSupplier],
    strategic: Collection[str],
    country: Callable[[str], str],
    public: Mapping[tuple[str, str], PublicStage],
    making: str,
) -> Iterator[MappedStage]:
    for each in line.grams:
        if each.element not in strategic:
            continue
        for stage in MAPPED:
            own = (line.sheet_row, line.name, each.element, each.low, each.high, stage)
            leader = public.get((each.element, stage))
            if codes := _where(sources, stage, country):
                yield MappedStage(*own, codes, making if stage == MAGNET else BY_ANSWER)
            elif leader is not None:
                yield MappedStage(*own, (leader.country,), BY_PUBLIC, leader)
            else:
                yield MappedStage(*own, (), BY_NOBODY)


def _where(
    sources: Sequence[BillSupplier], stage: str, country: Callable[[str], str]
) -> tuple[str, ...]:
    """Where a stage lies by all sources of a line; nothing where one of them is silent."""
    if stage == MAGNET:
        told = [country(text) for each in sources for text in each.countries]
    else:
        told = [code for each in sources for code in each.answers.stages.get(stage, ("",))]
    return tuple(sorted({*told})) if told and all(told) else ()


def _coverage(stages: Iterable[MappedStage]) -> Iterator[MassCoverage]:
    grams: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for each in stages:
        grams[each.element, each.stage][each.known_by].append((each.low + each.high) / 2)
    ranked = sorted(grams, key=lambda key: (key[0], MAPPED.index(key[1])))
    for element, stage in ranked:
        held = grams[element, stage]
        whole = fsum(gram for each in held.values() for gram in each)
        if whole:
            shares = {name: fsum(held[name]) / whole for name in KNOWN_BY if held.get(name)}
            yield MassCoverage(element, stage, shares)


def _acts(
    judgements: Iterable[LineJudgement], rows: Collection[int]
) -> Mapping[str, tuple[int, int]]:
    """How many lines rules catch, and may catch, by their text on the last day."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for each in judgements:
        if each.layer == "text" and each.sheet_row in rows and each.rule != CRMA_24:
            found[each.rule_label][[*each.outcomes.values()][-1]] += 1
    return {rule: (x[CAUGHT], x[MAY]) for rule, x in found.items() if x[CAUGHT] or x[MAY]}
