"""A briefing of one question, every sentence with the numbers of the sources of its rows."""

from __future__ import annotations

from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.headline import SETTLED, WITHIN, loss_answer, of_group, stops
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.bom.contents import grams_words
from monazite.bom.page_tables import FIRST, page_parts
from monazite.bom.result import Exposure, exposure_lessons, most_held
from monazite.bom.rule_tables import rule_counts
from monazite.core.formats import bounded_percent, counted, in_brief, percent, tonnes
from monazite.data.dates import day_words
from monazite.data.parameters import MAGNET
from monazite.data.sameness import tier_word
from monazite.model.wording import RECONCILED, STAGES, capital, maker_of
from monazite.report.brief import dates
from monazite.report.brief.document import (
    Brief,
    BriefAnswer,
    BriefLine,
    BriefPart,
    Footnotes,
    Sentence,
    in_words,
)
from monazite.report.brief.gathered import (
    BriefFindings,
    first_of,
    range_of,
    subject_of,
    unaccounted,
)
from monazite.report.brief.help import cost_answer, fix_answer, when_answer
from monazite.report.brief.parts import losses_of, parts_of
from monazite.store.names import named

_LINES, _LONGEST = 5, 120  # of a table, and of a name in letters


def bill_parts(found: Exposure, notes: Footnotes) -> tuple[BriefPart, ...]:
    """Write the parts on a bill: what stops first, rules on the day, what to ask first."""
    parts = [_first(found), *([_rules(found, notes)] if found.judgements else [])]
    if found.questions:
        heading, asked = "What to ask first about your bill", []
        for each in found.questions[:3]:
            settles = f" It settles {grams_words(each.grams)}." if each.grams else ""
            about = capital(in_brief(each.about, _LONGEST))
            asked.append(Sentence(f"{about}: {each.question}{settles}"))
        parts.append(BriefPart("bill-questions", heading, tuple(asked), finding=heading))
    return tuple(parts)


def bill_rows(found: Exposure) -> frozenset[str]:
    """Return the keys of the rows that these parts cite."""
    return frozenset(row for each in found.judgements for row in each.rows)


def _first(found: Exposure) -> BriefPart:
    """Three sentences, and the table of what stops first; of what holds most where none stops."""
    lessons = exposure_lessons(found)
    parts = {part.id: part for part in page_parts(found)}
    table = (
        parts[FIRST].tables[0]
        if FIRST in parts
        else most_held(found, _LINES, "monazite exposure --full")
    )
    return BriefPart(
        id="bill",
        heading=f"Your bill: {in_brief(found.product, _LONGEST)}",
        sentences=tuple(map(Sentence, lessons)),
        columns=table.columns if table.rows else (),
        lines=tuple(
            BriefLine(tuple(in_brief(cell, _LONGEST) for cell in row))
            for row in table.rows[:_LINES]
        ),
        remarks=tuple(map(Sentence, (*table.remarks, *found.notes))),
        right=table.right,
        finding=lessons[0] if lessons else "",
    )


def _rules(found: Exposure, notes: Footnotes) -> BriefPart:
    day = found.days[-1]
    heading = f"Rules and your bill on {day_words(day)}"
    rows: dict[tuple[str, str], set[str]] = {}
    for each in found.judgements:
        rows.setdefault((each.rule_label, each.layer), set()).update(each.rows)
    table = rule_counts(found, day)
    return BriefPart(
        id="bill-rules",
        heading=heading,
        columns=table.columns,
        lines=tuple(
            BriefLine((*row,), notes.of(sorted(rows[row[0], row[1]]))) for row in table.rows
        ),
        remarks=tuple(map(Sentence, table.remarks)),
        finding=heading,
    )


def _what(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    report, heading = found.report, "What stops"
    first, base = first_of(report), report.base
    if base is None:
        told = loss_answer(report).answer
        known = [each for each in report.stages if each.share is not None and not of_group(each)]
        rows = max(known, key=lambda x: (x.share or 0, x.stage)).rows if known else ()
        return BriefAnswer(heading, told, notes.of(rows))
    if first is not None:
        rows = (*first.rows, *base.market_rows)
        return BriefAnswer(heading, loss_answer(report).answer, notes.of(rows))
    # No line takes anything away: which would at the far end of its range?
    points = [point for point in report.chokepoints if point.loss is not None]
    market = named(report.market_label)
    text = (
        f"Of {counted(len(points), 'line')} that could be worked out none takes as much as 1 % of "
        f"the {tonnes(base.served)} t of {base.product} that {market} used in {base.year}, "
        f"{WITHIN[base.horizon]} and stocks were gone"
    )
    far = max(points, key=lambda point: (point.loss_high or 0.0, point.id), default=None)
    if far is None or (far.loss_high or 0.0) <= NEGLIGIBLE_LOSS:
        return BriefAnswer(heading, f"{text}.", notes.of(base.market_rows))
    far_end = f"it would lose {percent(far.loss_high)} if {stops(far, base)}"
    return BriefAnswer(
        heading, f"{text}; at the far end of its range {far_end}.", notes.of(far.rows)
    )


def _why(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    heading, first, report = "Why", first_of(found.report), found.report
    if report.base is None:
        why = report.notes[0] if report.notes else "no record says what it takes."
        told = in_words(why)
        return BriefAnswer(heading, f"No loss can be worked out: {told[:1].lower()}{told[1:]}")
    if first is None:
        return BriefAnswer(heading, "Others could stand in for each of them in time.")
    told, rows = _who_says(found, first)
    parts = [told] if told else [f"We found no share of {first.label.split(' = ')[0]}."]
    if first.dominator:
        parts.append(f"In the flows of {report.base.year} every route to the market passes it.")
    elif first.routes_without is not None and first.routes_without > 0:
        round_it = counted(first.routes_without, "separate route")
        parts.append(f"Without it {round_it} would be left, too small to stand in within the time.")
    return BriefAnswer(heading, " ".join(parts), notes.of(rows))


def _who_says(found: BriefFindings, first: Chokepoint) -> tuple[str, tuple[str, ...]]:
    """Which share the country of the headline has at its stage, who says so, and the row."""
    subject = dates.headline_subject(found.report)
    most = max(subject.stages, key=lambda each: (each.share or 0.0, each.stage), default=None)
    if first.kind == "country" and most is not None:
        head, rows, figure = dates.leads_in_words(found, subject), most.rows, most.figure
        year, basis = most.year, most.basis
    else:
        head, rows, figure = _own_share(found, first), first.rows, first.figure
        year, basis = first.year, first.basis
    if not head or not rows:
        return "", ()
    sources = found.cards[rows[0]].sources if rows[0] in found.cards else ()
    when = f" in {year}" if year else ""
    if not sources:
        return f"{head}{when}.", ()
    best = min(sources, key=lambda source: (source.tier, source.id))
    mark = f", {figure}" if figure else ""
    said = "first source" if basis == RECONCILED else "source"
    of = f" of {STAGES.get(most.stage, most.stage)}" if most and not subject.stage else ""
    told = f"{best.publisher} {best.published[:4] or 'undated'}, {tier_word(best.tier)}{mark}"
    return f"{head}{when}; {said}{of}: {told}.", (rows[0],)


def _own_share(found: BriefFindings, first: Chokepoint) -> str:
    """The share of a line that is no leader of its stage: a firm, a plant, a country behind it."""
    if first.share is None:
        return ""
    stage = first.stage or first.limited_at
    who = capital(named(maker_of(first.label, first.stage)))
    where = STAGES.get(stage or first.share_at, stage or "its stage")
    of = "" if stage == MAGNET else f" of {subject_of(found)}"
    return f"{who} has {bounded_percent(first.share, first.figure)} of the world's {where}{of}"


def _how_sure(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    report, first = found.report, first_of(found.report)
    heading, base = "How sure", report.base
    word = f"Evidence: {report.evidence}." if report.evidence else "Evidence: not graded."
    if base is None:
        stages = (each for each in report.stages if not of_group(each))
        rows = tuple(row for stage in stages for row in stage.rows)
        return BriefAnswer(heading, f"Shares only. {word}", notes.of(rows))
    rows = tuple(dict.fromkeys((*base.rows, *base.market_rows, *(first.rows if first else ()))))
    parts = [word]
    if first is not None:
        told = "How far the number may be off: range not drawn."
        if first.loss_low is not None and first.loss_high is not None:
            wide = first.loss_high - first.loss_low > SETTLED
            told = f"In trials: {range_of(first)}{'; size not settled' if wide else ''}."
        parts.append(told)
        if first.home_first is not None:
            parts.append(f"If producers serve home first: {percent(first.home_first)}.")
    parts += unaccounted(base)
    return BriefAnswer(heading, " ".join(parts), notes.of(rows))


def front_of(found: BriefFindings, notes: Footnotes) -> tuple[BriefPart, ...]:
    """Write the parts of the first page."""
    losses = losses_of(found, notes)
    first = losses.columns[:5]
    return BriefPart(
        id="largest",
        heading="The largest losses" if len(first) == 5 else "The largest shares",
        sentences=losses.sentences,
        columns=first,
        lines=tuple(BriefLine(line.cells[:5], line.notes) for line in losses.lines[:_LINES]),
        remarks=losses.remarks[1:] if len(first) == 5 else (),
        right=tuple(name for name in losses.right if name in first),
        finding=losses.finding,
    ), dates.front_dates(found, notes)


def write_brief(
    found: BriefFindings, *, command: str = "", view: str = "", bill: Exposure | None = None
) -> Brief:
    """Put what was found in words."""
    notes, report = Footnotes(found.cards), found.report
    market = named(report.market_label)
    reasons = (_what, _why, dates.since_answer, _how_sure)
    remedies = (fix_answer, when_answer, cost_answer)
    answers = (*reasons, *remedies, dates.dates_answer)
    answer, front = tuple(each(found, notes) for each in answers), front_of(found, notes)
    own = () if bill is None else bill_parts(bill, notes)
    parts = (*own, *parts_of(found, notes))
    if report.base is not None and first_of(report) is None:
        flows = f"on the flows of {report.base.year} if one line stopped"
        headline = f"{capital(market)} would lose nothing {flows}."
    else:
        headline = loss_answer(report).headline
    return Brief(
        title=f"{report.title} for {market}",
        question=f"What can stop {subject_of(found)} for {market}?",
        headline=headline,
        answer=answer,
        front=front,
        parts=parts,
        sources=notes.sources(),
        rows=tuple(sorted(notes.rows)),
        day=found.day,
        command=command,
        view=view,
    )
