"""The map of Article 24 and the passports of magnets as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from monazite.rows.dates import day_words
from monazite.safe_text import NOT_KNOWN
from monazite.tables import Table, percent

if TYPE_CHECKING:
    from monazite.findings.exposure.exposure import ExposureFigures
    from monazite.findings.exposure.grams import ElementGrams
    from monazite.findings.exposure.records.article_24 import Article24Map, MappedStage

_NO_ADVICE = "This is no legal advice."
_PUBLIC = (
    "Public information: the country that leads the stage in the world. The article allows it "
    "where suppliers do not answer; of this product it says nothing."
)


def record_tables(found: ExposureFigures) -> list[Table]:
    """Return the tables of what acts ask to be recorded; none where nothing was asked for."""
    tables = _map_tables(found.map_24) if found.map_24 is not None else []
    return [*tables, *_passport_tables(found)]


def _map_tables(held: Article24Map) -> list[Table]:
    return [_coverage(held), _stages(held.stages), _acts(held), _requests(held)]


def _coverage(held: Article24Map) -> Table:
    names = ("answer", "bill", "public information", NOT_KNOWN)
    return Table(
        heading=f"Map for CRMA Article 24 on {day_words(held.day)}: {_asked(held.outcome)}",
        columns=("Element", "Stage", *(name.capitalize() for name in names)),
        rows=[
            [each.element, each.stage, *(percent(each.shares.get(name, 0.0)) for name in names)]
            for each in held.coverage
        ],
        remarks=(*_left_out(held), _PUBLIC, _NO_ADVICE),
        right=tuple(name.capitalize() for name in names),
    )


def _left_out(held: Article24Map) -> list[str]:
    told = ["Parts of the mass, by the middle of ranges."]
    if held.left_out:
        rows = ", ".join(map(str, held.left_out))
        told.append(f"Not in it, for their grams are not known: row {rows}.")
    return told


def _asked(outcome: str) -> str:
    told = {
        "caught": "it asks your company for one",
        "may": "it may ask your company for one",
        "not": "it does not ask your company for one",
    }
    return told.get(outcome, outcome)


def _stages(stages: Sequence[MappedStage]) -> Table:
    return Table(
        heading="Where each rare earth comes from, part by part",
        columns=("Row", "Part", "Element", "Grams", "Stage", "Where", "By", "Records"),
        rows=[
            [
                *(str(each.sheet_row), each.name, each.element, _span(each.low, each.high)),
                *(each.stage, _place(each), each.known_by),
                "; ".join(each.public.rows) if each.public else "",
            ]
            for each in stages
        ],
        long=True,
    )


def _place(each: MappedStage) -> str:
    told = ", ".join(each.countries) or NOT_KNOWN
    if each.public is None:
        return told
    share = "" if each.public.share is None else f" {percent(each.public.share)} of the world"
    return f"{told}:{share} in {each.public.year}"


def _acts(held: Article24Map) -> Table:
    rows = [[rule, f"{caught:,}", f"{may:,}"] for rule, (caught, may) in held.acts.items()]
    concentrated = {
        (each.element, each.stage): each.public.hhi
        for each in held.stages
        if each.public is not None and each.public.hhi is not None
    }
    most = sorted(concentrated.items(), key=lambda pair: (-pair[1], pair[0]))[:5]
    told = "; ".join(f"{element} {stage} {hhi:,.0f}" for (element, stage), hhi in most)
    single = ", ".join(map(str, held.single_sources)) or "none"
    return Table(
        heading="Acts that touch these parts, by their text",
        columns=("Act", "Lines caught", "Lines that may be"),
        rows=rows,
        remarks=(
            f"Concentration of the world (HHI, 10,000 is one country): {told or NOT_KNOWN}.",
            f"One source alone: row {single}.",
            "What would be lost, in how many days, and what helps stand with what stops first.",
        ),
        right=("Lines caught", "Lines that may be"),
    )


def _requests(held: Article24Map) -> Table:
    return Table(
        heading="Requests that were not answered",
        columns=("Supplier", "Question", "Parts"),
        rows=[
            [each.supplier or NOT_KNOWN, each.question, "; ".join(each.parts)]
            for each in held.unanswered
        ],
        remarks=() if held.unanswered else ("None in the file of answers.",),
    )


def _passport_tables(found: ExposureFigures) -> list[Table]:
    if not found.passports:
        return []
    rows = [
        [
            *(str(each.sheet_row), each.name, each.kind, f"{each.pieces:,.6g}"),
            NOT_KNOWN if each.mass is None else f"{each.mass:,.6g} g",
            "; ".join(map(_content, each.contents)) or NOT_KNOWN,
            *(each.coating or NOT_KNOWN, each.seat or NOT_KNOWN),
            NOT_KNOWN if each.recycled is None else f"{each.recycled:g} %",
            *(each.asked[rule] for rule in ("crma-28", "crma-29")),
            "; ".join(sorted({row for one in each.contents for row in one.rows})),
        ]
        for each in found.passports
    ]
    columns = (
        *("Row", "Magnet", "Type", "Pieces", "Mass", "Content of its mass", "Coating", "Where"),
        *("Recycled", "CRMA 28", "CRMA 29", "Records"),
    )
    remark = "What neither the bill nor an answer says is not known. " + _NO_ADVICE
    return [Table("Passport of each magnet", columns, rows, remarks=(remark,), spare=("Records",))]


def _content(each: ElementGrams) -> str:
    return f"{each.element} {_span(each.percent_low, each.percent_high)} % ({each.evidence})"


def _span(low: float, high: float) -> str:
    least, most = f"{low:.3g}", f"{high:.3g}"
    return most if least == most else f"{least} to {most}"
