"""What would reduce a loss, by when, and at what cost: three answers of a brief."""

from __future__ import annotations

from monazite.findings.brief.document import BriefAnswer
from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.gathered import BriefFindings, first_of
from monazite.findings.brief.loss_words import loss_with_range
from monazite.findings.events.under_construction import Addition
from monazite.findings.responses.fixes import Fix
from monazite.findings.wording import STAGES, listed
from monazite.rows.dates import day_words
from monazite.safe_text import counted, percent, tonnes
from monazite.triples.names import named

_LOOK = "Where one would look: "
_NAMED = 2
"""Plants that a sentence names."""


def remedies_of(found: BriefFindings, notes: Footnotes) -> tuple[BriefAnswer, ...]:
    """Answer what would fix it, by when, and at what cost."""
    return _fix(found, notes), _when(found, notes), _cost(found, notes)


def _fix(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    heading, first, fix = "What would fix it", first_of(found.report), best_fix(found)
    if found.report.base is None:
        return BriefAnswer(heading, f"Not known. Look in {_where_to_look(found)}.")
    if first is None:
        return BriefAnswer(heading, "No loss to offset.")
    if fix is None:
        text = (
            "No capacity added at one stage of one place brings back as much as 1 % of it."
            if found.contingency.event == "outage"
            else "The border decides: which sales are approved, not what can be made."
        )
        return BriefAnswer(heading, text)
    where = f"{STAGES.get(fix.stage, fix.stage)} in {place_of(found, fix)}"
    text = (
        f"{tonnes(fix.halves)} t more {listed(fix.mix)} a year from {where} would halve the loss."
        if fix.halves is not None
        else f"We found no single addition of capacity that would halve the loss. The best, more "
        f"{listed(fix.mix)} from {where}, would still leave {percent(fix.best)} lost."
    )
    return BriefAnswer(heading, text, notes.of(fix.rows))


def _when(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
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
        " With all that is counted as being built, the loss in two to three years would be "
        f"{loss_with_range(after)}."
        if after is not None and after.loss is not None and found.contingency.event == "outage"
        else ""
    )
    if not helping:
        what = STAGES.get(stage, stage)
        told = f"No plant for {what} of {listed(sorted(short)) or 'it'} that is being built"
        return BriefAnswer(heading, f"{told} has a date and a size on record.{left}")
    sites: dict[str, Addition] = {each.site: each for each in sorted(helping, key=_by_start)}
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


def _by_start(each: Addition) -> tuple[str, str]:
    return each.start, each.label


def _cost(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    """What plants being built cost, where a record says so."""
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


def _where_to_look(found: BriefFindings) -> str:
    """Where what is missing may be found: about the market first, then about a stage."""
    label = found.report.market_label
    told = sorted(found.missing, key=lambda text: f"{label} takes" not in text)
    places = [text.partition(_LOOK)[2].rstrip(".") for text in told if _LOOK in text]
    return places[0] if places else "company reports and industry statistics of the stage"


def best_fix(found: BriefFindings) -> Fix | None:
    """Return the smallest fix that halves the loss; where none does, the one that leaves least."""
    fixes = found.fixes.fixes if found.fixes else ()
    halving = [fix for fix in fixes if fix.halves is not None]
    return halving[0] if halving else min(fixes, key=lambda fix: fix.best, default=None)


def place_of(found: BriefFindings, fix: Fix) -> str:
    """Return the place of a fix as a sentence names it."""
    if fix.pool == "ROW":
        return "the rest of the world"
    return named(found.labels.get(fix.pool, fix.pool))
