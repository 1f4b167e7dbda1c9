"""What rules make of a bill, as tables: counts by rule and day, and the lines with the reasons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial
from math import fsum

from monazite.analysis.rules.weighing import CAUGHT, MAY, NOT_JUDGED, OUTCOMES
from monazite.bom.contents import ElementGrams
from monazite.bom.figures import KNOWN_BY, Article24Map, ExposureFigures, MappedStage, MassCoverage
from monazite.bom.judged_lines import LineJudgement
from monazite.core.columns import Column, known, table
from monazite.core.formats import NOT_KNOWN, exact, figures, grouped, grouped_figures, whole
from monazite.core.tables import Table, percent_cell
from monazite.data.dates import day_words

_NO_ADVICE = "This is no legal advice."
_PUBLIC = (
    "Public information: the country that leads the stage in the world. The article allows it "
    "where suppliers do not answer; of this product it says nothing."
)


def record_tables(found: ExposureFigures) -> list[Table]:
    """Return the tables of what acts ask to be recorded; none where nothing was asked for."""
    held = found.map_24
    of_map = [] if held is None else [_coverage(held), _stages(held), _acts(held), _requests(held)]
    return [*of_map, *_passport_tables(found)]


def _coverage(held: Article24Map) -> Table:
    asked = {CAUGHT: "it asks", MAY: "it may ask", "not": "it does not ask"}.get(held.outcome)
    outcome = f"{asked} your company for one" if asked else held.outcome
    left = ", ".join(map(str, held.left_out))
    remarks = [f"Not in it, for their grams are not known: row {left}."] if left else []
    columns = [Column("Element", "element"), Column("Stage", "stage")]
    columns += [
        Column(name.capitalize(), partial(_share_by, name), percent_cell, right=True)
        for name in KNOWN_BY
    ]
    return table(
        f"Map for CRMA Article 24 on {day_words(held.day)}: {outcome}",
        held.coverage,
        columns,
        ("Parts of the mass, by the middle of ranges.", *remarks, _PUBLIC, _NO_ADVICE),
    )


def _share_by(name: str, each: MassCoverage) -> float:
    return each.shares.get(name, 0.0)


def _stages(held: Article24Map) -> Table:
    columns = (
        Column("Row", "sheet_row"),
        *(Column("Part", "name"), Column("Element", "element")),
        Column("Grams", lambda x: _span(x.low, x.high)),
        *(Column("Stage", "stage"), Column("Where", _place), Column("By", "known_by")),
        Column("Records", lambda x: "; ".join(x.public.rows) if x.public else ""),
    )
    heading = "Where each rare earth comes from, part by part"
    return table(heading, held.stages, columns, long=True)


def _place(each: MappedStage) -> str:
    told = ", ".join(each.countries) or NOT_KNOWN
    if each.public is None:
        return told
    share = "" if each.public.share is None else f" {percent_cell(each.public.share)} of the world"
    return f"{told}:{share} in {each.public.year}"


def _acts(held: Article24Map) -> Table:
    concentrated = {
        (each.element, each.stage): each.public.hhi
        for each in held.stages
        if each.public is not None and each.public.hhi is not None
    }
    most = sorted(concentrated.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    told = "; ".join(f"{element} {stage} {whole(hhi)}" for (element, stage), hhi in most)
    single = ", ".join(map(str, held.single_sources)) or "none"
    columns = (
        Column("Act", lambda x: x[0]),
        Column("Lines caught", lambda x: x[1][0], grouped, right=True),
        Column("Lines that may be", lambda x: x[1][1], grouped, right=True),
    )
    remarks = (
        f"Concentration of the world (HHI, 10,000 is one country): {told or NOT_KNOWN}.",
        f"One source alone: row {single}.",
        "What would be lost, in how many days, and what helps stand with what stops first.",
    )
    return table("Acts that touch these parts, by their text", held.acts.items(), columns, remarks)


def _requests(held: Article24Map) -> Table:
    columns = (
        Column("Supplier", lambda x: x.supplier or NOT_KNOWN),
        Column("Question", "question"),
        Column("Parts", "parts", "; ".join),
    )
    remarks = () if held.unanswered else ("None in the file of answers.",)
    return table("Requests that were not answered", held.unanswered, columns, remarks)


def _passport_tables(found: ExposureFigures) -> list[Table]:
    columns = (
        Column("Row", "sheet_row", right=True),
        *(Column("Magnet", "name"), Column("Type", "kind")),
        Column("Pieces", "pieces", lambda x: grouped_figures(x, 6), right=True),
        Column("Mass", "mass", known(lambda x: f"{grouped_figures(x, 6)} g"), right=True),
        Column("Content of its mass", lambda x: "; ".join(map(_content, x.contents)) or NOT_KNOWN),
        Column("Coating", lambda x: x.coating or NOT_KNOWN),
        Column("Where", lambda x: x.seat or NOT_KNOWN),
        Column("Recycled", "recycled", known(lambda x: f"{exact(x)} %"), right=True),
        Column("CRMA 28", lambda x: x.asked["crma-28"]),
        Column("CRMA 29", lambda x: x.asked["crma-29"]),
        Column(
            "Records",
            lambda x: "; ".join(sorted({row for y in x.contents for row in y.rows})),
            spare=1,
        ),
    )
    remark = f"What neither the bill nor an answer says is not known. {_NO_ADVICE}"
    shown = table("Passport of each magnet", found.passports, columns, (remark,))
    return [shown] if found.passports else []


def _content(each: ElementGrams) -> str:
    return f"{each.element} {_span(each.percent_low, each.percent_high)} % ({each.evidence})"


def _span(low: float, high: float) -> str:
    least, most = figures(low, 3), figures(high, 3)
    return most if least == most else f"{least} to {most}"


_WORDS = {CAUGHT: "caught", MAY: "may", NOT_JUDGED: "not judged"}
_REMARKS = (
    "Caught: surely under the rule. May: it hangs on what is not known. Not judged: its text was "
    "not read. This is no legal advice.",
    "Text is what the act says; guidance is what its authority says of it; practice is how it is "
    "handled. They are never one.",
)


def rule_tables(found: ExposureFigures) -> list[Table]:
    """Return how many lines each rule catches on each day, and the lines with the reasons."""
    if not found.days:
        return []
    heading = f"Line by rule, with the arithmetic of {day_words(found.days[-1])}"
    columns = ("Row", "Part", "Rule", "By its", *map(day_words, found.days), "Open", "Because")
    rows = [
        [str(each.sheet_row), each.name, *_judged_cells(each, found.days)]
        for each in found.judgements
    ]
    return [rule_counts(found), Table(heading, columns, rows, long=True)]


def line_rules(found: ExposureFigures, most: int) -> list[Table]:
    """Return what rules make of each line on its own, what is caught first."""
    if not found.days:
        return []
    last = found.days[-1]
    lines: dict[int, list[LineJudgement]] = defaultdict(list)
    for each in found.judgements:
        lines[each.sheet_row].append(each)
    grams = {line.sheet_row: fsum(each.high for each in line.grams) for line in found.lines}

    def rank(row: int) -> tuple[int, float, int]:
        strongest = min(OUTCOMES.index(each.outcomes[last]) for each in lines[row])
        return strongest, -grams.get(row, 0.0), row

    def outcomes(row: int) -> str:
        return _count(Counter(each.outcomes[last] for each in lines[row] if each.layer == "text"))

    return [
        Table(
            heading=f"Row {row}: {lines[row][0].name} ({outcomes(row)} by text)",
            columns=("Rule", "By its", *map(day_words, found.days), "Open", "Because"),
            rows=[_judged_cells(each, found.days) for each in _strongest_first(lines[row], last)],
        )
        for row in sorted(lines, key=rank)[:most]
    ]


def _strongest_first(judged: Sequence[LineJudgement], day: str) -> list[LineJudgement]:
    """What rules make of a line, the rule that catches most first; its layers stay together."""
    strongest: dict[str, int] = {}
    for each in judged:
        rank = OUTCOMES.index(each.outcomes[day])
        strongest[each.rule] = min(rank, strongest.get(each.rule, rank))
    return sorted(judged, key=lambda each: (strongest[each.rule], each.rule_label))


def _judged_cells(each: LineJudgement, days: Sequence[str]) -> list[str]:
    outcomes = [each.outcomes[day] for day in days]
    reasons = ", ".join(each.reasons)
    return [each.rule_label, each.layer, *outcomes, reasons, _because(each, days[-1])]


def rule_counts(found: ExposureFigures, *days: str) -> Table:
    """Return how many lines each rule catches on each day."""
    asked = days or found.days
    held: dict[tuple[str, str], list[Counter[str]]] = {}
    for each in found.judgements:
        counters = held.setdefault((each.rule_label, each.layer), [Counter() for _ in asked])
        for counter, day in zip(counters, asked, strict=True):
            counter[each.outcomes[day]] += 1
    return Table(
        heading="What rules make of the lines",
        columns=("Rule", "By its", *map(day_words, asked)),
        rows=[[*key, *map(_count, counters)] for key, counters in held.items()],
        remarks=_REMARKS if held else ("No rule of the records touches a line on these days.",),
    )


def _count(outcomes: Counter[str]) -> str:
    told = [
        f"{grouped(outcomes[each])} {words}" for each, words in _WORDS.items() if outcomes[each]
    ]
    return ", ".join(told) or "none"


def _because(each: LineJudgement, day: str) -> str:
    ways = (f"Built into {way.through}: {way.outcomes[day]}." for way in each.ways)
    return " ".join((*each.because, *ways))


def judgement_records(found: ExposureFigures) -> list[Table]:
    """Return a record for each judgement and day, as programs read it."""
    if not found.judgements:
        return []
    names = ("sheet_row", "part", "rule", "layer", "day", "outcome", "reasons", "because", "rows")
    last = found.days[-1]
    rows = []
    for each in found.judgements:
        why = ["; ".join(each.reasons), _because(each, last), "; ".join(each.rows)]
        for day in found.days:
            own = [str(each.sheet_row), each.name, each.rule, each.layer, day, each.outcomes[day]]
            rows.append([*own, *(why if day == last else ("", "", ""))])
    return [Table("", names, rows)]
