"""What a buyer learns of a bill first, in sentences: what stops, what rules catch, what is held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from monazite.findings.exposure.amounts import grams_words, number_words
from monazite.findings.exposure.stops.line_sources import YES
from monazite.findings.rules.truth import CAUGHT, MAY
from monazite.findings.wording import DOING, listed
from monazite.rows.dates import day_words
from monazite.safe_text import counted, percent
from monazite.triples.names import named

if TYPE_CHECKING:
    from monazite.findings.exposure.exposure import ExposureFigures
    from monazite.findings.exposure.lines import ExposedLine
    from monazite.findings.exposure.stops.stop_order import StoppingLine

LESSONS = 3
"""Sentences that a buyer learns first."""
_NAMED = 3
"""Elements that a sentence names."""


def exposure_lessons(found: ExposureFigures) -> tuple[str, ...]:
    """Return the three sentences that a buyer learns of a bill; fewer where less is known."""
    told = [*_stops(found), *_same_plant(found), *_caught(found), *_loses(found), *_held(found)]
    told += _asked(found)
    return tuple(told[:LESSONS])


def lasting_lines(lines: Sequence[ExposedLine]) -> list[tuple[float, ExposedLine]]:
    """Return the lines with rare earths whose stock is known, with its days, the shortest first."""
    lasting = [
        (line.stock / line.use_per_day, line)
        for line in lines
        if line.grams and line.stock is not None and line.use_per_day
    ]
    return sorted(lasting, key=lambda each: (each[0], each[1].sheet_row, each[1].name))


def _stops(found: ExposureFigures) -> Iterator[str]:
    lasting = lasting_lines(found.lines)
    first = found.stops[0] if found.stops else None
    if first is not None and first.days is None:
        yield (
            f"By loss {first.name} (row {first.sheet_row}) stands first; how long its stock lasts "
            "is not given."
        )
        return
    if first is not None and first.days is not None:
        name, row, days = first.name, first.sheet_row, first.days
    elif lasting:
        days, line = lasting[0]
        name, row = line.name, line.sheet_row
    else:
        return
    yield (
        f"{name} (row {row}) stops first: its stock lasts {number_words(days)} days if nothing "
        "more comes."
    )


def _loses(found: ExposureFigures) -> Iterator[str]:
    """What the market would lose of what the first of these lines that has a loss is made of."""
    products = {x: each.product for each in found.supplies for x in each.elements}
    for each in found.stops:
        product, doing = products.get(each.element), DOING.get(each.stage)
        if product and doing and each.loss is not None:
            yield (
                f"If {named(each.country)} stopped {doing}, {named(found.market_label)} would lose "
                f"{_lost(each)} of its {product}."
                + ("" if each.holds == YES else f" {each.name} may hold no {each.element}.")
            )
            return


def _lost(each: StoppingLine) -> str:
    if each.low is None or each.high is None or percent(each.low) == percent(each.high):
        return percent(each.loss or 0.0)
    return f"{percent(each.low).removesuffix(' %')} to {percent(each.high)}"


def _same_plant(found: ExposureFigures) -> Iterator[str]:
    for plant in found.shared:
        if plant.same_source:
            rows = listed(f"{row:,}" for row in plant.same_source[:_NAMED])
            name = plant.label or "One plant"
            yield f"Row {rows} may have no second source: {name} stands behind all its sources."
            return


def _caught(found: ExposureFigures) -> Iterator[str]:
    if not found.judgements:
        return
    day = found.days[-1]
    lines: dict[str, set[tuple[str, int]]] = {CAUGHT: set(), MAY: set()}
    for each in found.judgements:
        if each.outcomes[day] in lines and each.layer == "text":
            lines[each.outcomes[day]].add((each.rule_label, each.sheet_row))
    on_day = f"On {day_words(day)}, by their texts,"
    if lines[CAUGHT]:
        rules = Counter(rule for rule, _ in lines[CAUGHT])
        told = [f"{rule} catches {counted(x, 'line')}" for rule, x in rules.most_common(_NAMED)]
        yield f"{on_day} {listed(told)}."
    elif lines[MAY]:
        yield f"{on_day} rules may catch {counted(len({row for _, row in lines[MAY]}), 'line')}."
    else:
        yield f"{on_day} no rule of the records catches a line."


def _held(found: ExposureFigures) -> Iterator[str]:
    if found.elements:
        ranked = sorted(found.elements, key=lambda each: (-each.high, each.element))
        told = [f"{x.element} {grams_words(x.low, x.high)}" for x in ranked[:_NAMED]]
        more = len(ranked) - _NAMED
        told += [counted(more, "other element")] if more > 0 else []
        yield f"Known of one product: {listed(told)}."


def _asked(found: ExposureFigures) -> Iterator[str]:
    if found.questions:
        first = found.questions[0]
        yield f"One answer settles most: {first.question} It is about {first.about}."
