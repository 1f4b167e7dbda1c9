"""The parts of a brief on responses: added capacity, and plants under construction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

from monazite.analysis.chokepoints.headline import in_no_magnet, product_names, stops
from monazite.analysis.mitigation.expansion import RULES
from monazite.analysis.mitigation.fixes import goods_of
from monazite.core.columns import Column
from monazite.core.formats import counted, tonnes
from monazite.data.dates import day_words
from monazite.model.contingencies.under_construction import Addition
from monazite.model.wording import STAGES, capital, listed
from monazite.report.brief.document import (
    BriefAnswer,
    BriefPart,
    Footnotes,
    Sentence,
    in_words,
    table_part,
)
from monazite.report.brief.gathered import BriefFindings, first_of, loss_then, of_magnets
from monazite.store.names import named

_LOOK = "Where one would look: "
_NAMED = 2  # Plants that a sentence names


def fix_answer(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    """Answer what would fix it."""
    heading, first = "What would fix it", first_of(found.report)
    if found.report.base is None:
        # Where what is missing may be found: about the market first, then about a stage.
        market = f"{found.report.market_label} takes"
        told = sorted(found.missing, key=lambda text: market not in text)
        places = [text.partition(_LOOK)[2].rstrip(".") for text in told if _LOOK in text]
        place = places[0] if places else "company reports and industry statistics of the stage"
        return BriefAnswer(heading, f"Not known. Look in {place}.")
    if first is None:
        return BriefAnswer(heading, "No loss to offset.")
    fixes = found.fixes
    if found.contingency.event != "outage" or fixes is None or not fixes.fixes:
        text = "The border decides: which sales are approved, not what can be made."
        return BriefAnswer(heading, text if fixes else "No new plant brings any of it back.")
    cited = [row for each in fixes.built for row in fixes.rows_of(each)[:1]]
    return BriefAnswer(heading, " ".join(fixes.answer[:2]), notes.of(cited))


def when_answer(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    """When plants that are being built at the short stage begin, and what they leave lost."""
    heading, first = "By when", first_of(found.report)
    if found.report.base is None:
        return BriefAnswer(heading, "Not known: we know no loss that new plants would reduce.")
    if first is None:
        return BriefAnswer(heading, "No loss to offset.")
    stage, short = first.limited_at or first.stage, {*first.limited_by}
    helping = [
        each
        for each in found.later.built
        if each.stage == stage and (each.what in short or each.stage == "magnet")
    ]
    after = next((x for x in found.later.chokepoints if x.id == first.id), None)
    left = (
        f" With all that is being built, in two to three years: {loss_then(after, first)}."
        if after is not None and after.loss is not None and found.contingency.event == "outage"
        else ""
    )
    if not helping:
        what = STAGES.get(stage, stage)
        told = f"No plant for {what} of {listed(sorted(short)) or 'it'} that is being built"
        return BriefAnswer(heading, f"{told} has a date and a size on record.{left}")
    ordered = sorted(helping, key=lambda each: (each.start, each.label))
    sites: dict[str, Addition] = {each.site: each for each in ordered}
    named_here = listed(
        f"{each.label} ({named(found.labels.get(each.country, each.country))}, "
        f"{day_words(each.start)})"
        for each in [*sites.values()][:_NAMED]
    )
    more = len(sites) - _NAMED
    others = f", and {counted(more, 'more plant')}" if more > 0 else ""
    rows = (row for each in helping for row in each.rows)
    since = f"Built since {found.report.base.year} or being built"
    return BriefAnswer(heading, f"{since}: {named_here}{others}.{left}", notes.of(rows))


def cost_answer(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    """Answer at what cost."""
    heading = "At what cost"
    if not found.costs:
        what = (
            "we found no cost of the plants that are being built"
            if found.later.built
            else "we found no plant being built of which a cost is on record"
        )
        return BriefAnswer(heading, f"Not known: {what}.")
    told = listed(
        f"{cost.plant}, {cost.measure}: {cost.number}{f' ({cost.date})' if cost.date else ''}"
        for cost in found.costs[-_NAMED:]
    )
    return BriefAnswer(heading, f"{told}.", notes.of(cost.row for cost in found.costs[-_NAMED:]))


_OF_BASE = re.compile(r" is to make .* a year from ")  # of output new to the base year
_NO_RANGE = (
    "What stays lost is of the least-move balance; its range, and home first, were not worked out."
)
MAX_CITED = 3  # rows of plans that a line cites


def fixes_of(found: BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on the new plants that would cut the loss together, and what is likely."""
    heading = "What would offset it"
    fixes = found.fixes
    if fixes is None or not fixes.fixes:
        known = found.report.base is not None
        text = (
            "No new plant brings any of it back."
            if known
            else "What would offset it is not known: no loss can be worked out."
        )
        finding = text.rstrip(".") if known else f"{heading} is not known"
        return BriefPart("fixes", heading, (Sentence(text),), finding=finding)
    line = next((x for x in found.report.chokepoints if x.id == fixes.id), None)
    clause = fixes.clause if line is None or line.event != "outage" else stops(line)
    told = (f"New plants, if {clause}:", *fixes.answer)
    return table_part(
        "fixes",
        heading,
        fixes.built,
        (
            Column("What", goods_of),
            *(
                Column(capital(rule), partial(fixes.built_by, rule), _or("cannot"), right=True)
                for rule in RULES
            ),
            *(
                Column(
                    f"Likely by {year}",
                    partial(fixes.likely_of, year),
                    _or("no tonnes on record"),
                    right=True,
                )
                for year in fixes.likely
            ),
        ),
        lambda each: notes.of(fixes.rows_of(each)[:MAX_CITED]),
        sentences=tuple(map(Sentence, told)),
        remarks=tuple(
            Sentence(in_words(note)) for note in (*fixes.meaning, *fixes.notes, _NO_RANGE)
        ),
        finding=fixes.answer[0].rstrip("."),
    )


def short_words(what: Iterable[str], stage: str) -> str:
    """Return what is short at a stage."""
    return f"{listed(what)} at {stage}" if stage else "nothing"


def _or(unknown: str) -> Callable[[float | None], str]:
    return lambda amount: unknown if amount is None else f"{tonnes(amount)} t"


_REASONS = (  # What a remark on a plant that does not count holds, and why it does not, of several
    ("We found no date", "no record says when they open"),
    ("It is to open more than", "they open later than the model looks ahead"),
    ("Building began only after", "they are not being built yet on the day"),
    ("We found no figure of what", "no record says how much they make"),
    ("the plant is", "they stand still"),
    ("has no stage", "the model has no stage for what they do"),
    ("does not tell what comes out", "records weigh what goes in, not what comes out"),
    ("Which magnets it makes", "no record says which magnets they make"),
    ("", "what they make is not counted in tonnes of the chain"),
)
_MORE_OF_COUNTED = (
    "What plants of the table are to make at stages that the model does not have, such as recycling"
    " or alloys, is not counted."
)


def _left_out(found: BriefFindings) -> tuple[Sentence, ...]:
    """The plants that count with none of their outputs, each once, a sentence for each reason."""
    counted_in = {each.label for each in found.later.built}
    told: dict[str, list[str]] = {}
    seen: set[str] = set()
    more = False
    for remark in found.later.built_remarks:
        name, _, why = remark.partition(": ")
        more = more or name in counted_in
        of_no_plant = not why or name.startswith("Planned, and") or _OF_BASE.search(name)
        if of_no_plant or name in counted_in | seen:
            continue
        if in_no_magnet(found.report) and of_magnets(remark):
            continue
        seen.add(name)
        reason = next(words for part, words in _REASONS if part in why)
        told.setdefault(reason, []).append(name)
    return (
        *([Sentence(_MORE_OF_COUNTED)] if more else []),
        *(
            Sentence(f"Not counted, since {reason}: {listed(sorted(names))}.")
            for reason, names in sorted(told.items())
        ),
    )


def building_of(found: BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on plants under construction and what they would change."""
    heading = "What is being built"
    built = found.later.built
    left_out = _left_out(found)
    if not built:
        why = (
            "What is being built is counted where a chain is known."
            if found.later.base is None
            else "No plant under construction that records date and measure adds to it."
        )
        return BriefPart("building", heading, (Sentence(why),), remarks=left_out)
    first = first_of(found.report)
    after = next((x for x in found.later.chokepoints if first and x.id == first.id), None)
    told = (
        f"Counted at a part, in two to three years: the loss if {stops(first)} is then "
        f"{loss_then(after, first)}."
        if first and after and after.loss is not None and found.contingency.event == "outage"
        else "Counted at a part, in two to three years."
    )
    return table_part(
        "building",
        heading,
        built,
        (
            Column("Site", "label"),
            Column("Country", lambda each: found.labels.get(each.country, each.country)),
            Column("Stage", "stage"),
            Column("Makes", lambda x: product_names(x.what)[1]),
            Column("Tonnes a year", lambda x: f"{tonnes(x.tonnes.value)} ({x.kind})", right=True),
            Column("Start", "start", day_words),
        ),
        lambda each: notes.of(each.rows),
        sentences=(Sentence(told),),
        remarks=left_out,
    )
