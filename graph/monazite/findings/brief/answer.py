"""The three sentences of a brief, made from the numbers by rules.

What can stop it: the largest known loss, its range, and what is then short. How sure that is: what
sources the loss rests on, what is assumed, what no row explains. What would help, and who says so:
the least capacity that brings most back, and the source of the first line. Where a number is not
known the sentence says so, and where one would look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monazite.findings.brief.document import Sentence, in_words
from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.gathered import BriefFindings, first_of
from monazite.findings.losses.headline import SETTLED, loss_answer, of_group, stops
from monazite.findings.losses.measure import NEGLIGIBLE_LOSS
from monazite.findings.losses.result import BaseYearFigures, Chokepoint
from monazite.findings.responses.fixes import Fix
from monazite.findings.wording import (
    RECONCILED,
    STAGES,
    between,
    counted,
    listed,
    maker_of,
    ranged,
)
from monazite.rows.roots import tier_word
from monazite.safe_text import bounded_percent, percent, tonnes
from monazite.triples.names import named

WEAK = "3"
"""The best tier that is weak: news, then what is inferred."""
_LOOK = "Where one would look: "
WITHIN = {
    "immediate": "in the first three months",
    "short-run": "within a year",
    "medium-run": "within two to three years",
    "free": "even if trade had no limits",
}


def answer_of(found: BriefFindings, notes: Footnotes) -> tuple[Sentence, Sentence, Sentence]:
    """Return the three sentences.

    Args:
        found: what the brief is written from.
        notes: gives the sources their numbers.
    """
    return _what(found, notes), _how_sure(found, notes), _what_helps(found, notes)


def _what(found: BriefFindings, notes: Footnotes) -> Sentence:
    report = found.report
    market = named(report.market_label)
    first = first_of(report)
    if report.base is None:
        return _what_by_share(found, notes)
    base = report.base
    if first is None:
        taken = f"the {tonnes(base.served)} t of {base.product} that {market} used in {base.year}"
        return _nothing(found, f"{taken}, {WITHIN[base.horizon]}", notes)
    answer = loss_answer(report)
    rows = (*first.rows, *base.market_rows)
    return Sentence(f"{answer.headline} {answer.answer}", notes.of(rows))


def _nothing(found: BriefFindings, taken: str, notes: Footnotes) -> Sentence:
    """That no line takes anything away, and which would at the far end of its range."""
    known = [point for point in found.report.chokepoints if point.loss is not None]
    text = (
        f"Of {counted(len(known), 'line')} that could be worked out none takes as much as 1 % of "
        f"{taken}"
    )
    far = max(known, key=lambda point: (point.loss_high or 0.0, point.id), default=None)
    if far is None or (far.loss_high or 0.0) <= NEGLIGIBLE_LOSS:
        return Sentence(
            f"{text}.", notes.of(found.report.base.market_rows if found.report.base else ())
        )
    clause = stops(far, found.report.base)
    return Sentence(
        f"{text}; at the far end of its range it would lose {percent(far.loss_high)} if {clause}.",
        notes.of(far.rows),
    )


def _what_by_share(found: BriefFindings, notes: Footnotes) -> Sentence:
    report = found.report
    lost = f"What {named(report.market_label)} would lose is not known"
    known = [each for each in report.stages if each.share is not None and not of_group(each)]
    if not known:
        return Sentence(f"{lost}, and we found no country shares.")
    most = max(known, key=lambda stage: (stage.share or 0, stage.stage))
    share = ranged(most.share, most.share_low, most.share_high, most.figure)
    return Sentence(
        f"{lost}; by share alone the narrowest stage is {STAGES.get(most.stage, most.stage)}, "
        f"where {named(most.leader or '')} has {share} in {most.year or 'an undated row'}.",
        notes.of(most.rows),
    )


def _how_sure(found: BriefFindings, notes: Footnotes) -> Sentence:
    base, first = found.report.base, first_of(found.report)
    if base is None:
        why = found.report.notes[0] if found.report.notes else "no record says what it takes."
        stages = (each for each in found.report.stages if not of_group(each))
        rows = tuple(row for stage in stages for row in stage.rows)
        told = [_resting(found, rows, "The shares rest")] if rows else []
        return Sentence(
            " ".join((f"No loss can be worked out: {in_words(why)}", *told)), notes.of(rows)
        )
    rows = tuple(dict.fromkeys((*base.rows, *base.market_rows, *(first.rows if first else ()))))
    assumed = sum(each.row.startswith("assumptions/") for each in found.report.assumptions)
    parts = [
        f"{_resting(found, rows)[:-1]}, and on {counted(assumed, 'assumption')}.",
        *_settled(first),
        *_explained(found, base),
    ]
    return Sentence(" ".join(parts), notes.of(rows))


def _settled(first: Chokepoint | None) -> Iterator[str]:
    """How wide the range of the first line is, and what the other rule gives."""
    if first is None:
        return
    home = (
        ""
        if first.home_first is None
        else f" If producers serve home first: {percent(first.home_first)}."
    )
    if first.loss_low is None or first.loss_high is None:
        yield f"How far the number may be off: range not drawn.{home}"
        return
    wide = first.loss_high - first.loss_low > SETTLED
    width = between(first.loss_low, first.loss_high)
    yield f"In trials: {width}{'; size not settled' if wide else ''}.{home}"


def _explained(found: BriefFindings, base: BaseYearFigures) -> Iterator[str]:
    """What rows explain of the balance, and known plants of the output."""
    missing = {stage: part for stage, part in base.unexplained.items() if part > NEGLIGIBLE_LOSS}
    if missing:
        told = listed(f"{percent(part)} at {stage}" for stage, part in missing.items())
        yield f"Unaccounted for, of what each stage uses: {told}."
    known = [x for x in found.report.stages if x.coverage is not None]
    if known:
        told = listed(f"{percent(x.coverage)} at {x.stage}" for x in known)
        yield f"Of what is made, known plants stand for {told}."


def _resting(found: BriefFindings, rows: Iterable[str], what: str = "It rests") -> str:
    """How many of some rows have no better source than news."""
    cards = [found.cards[row] for row in rows if row in found.cards]
    best = [min((source.tier for source in card.sources), default="4") for card in cards]
    weak = sum(tier >= WEAK for tier in best)
    primary = sum(tier == "1" for tier in best)
    weakly, officially = (percent(part / max(len(cards), 1)) for part in (weak, primary))
    return (
        f"{what} on {counted(len(cards), 'figure')}: {weakly} have only news or weaker, "
        f"{officially} an official or company source."
    )


def _what_helps(found: BriefFindings, notes: Footnotes) -> Sentence:
    first = first_of(found.report)
    said, rows = _who_says(found, first)
    fix = best_fix(found)
    if found.report.base is None:
        return Sentence(
            f"What would help is not known. Where one would look: {_where_to_look(found)}.{said}",
            notes.of(rows),
        )
    if first is None:
        return Sentence(f"No loss to offset.{said}", notes.of(rows))
    if fix is None or found.fixes is None:
        text = (
            "No capacity added at one stage of one place brings back as much as 1 % of it."
            if found.contingency.event == "outage"
            else "The border decides: which sales are approved, not what can be made."
        )
        return Sentence(text + said, notes.of(rows))
    source = f"{listed(fix.mix)} more from {STAGES.get(fix.stage, fix.stage)} in"
    source = f"{source} {place_of(found, fix)}"
    text = (
        f"{tonnes(fix.halves)} t a year of {source} would halve the loss."
        if fix.halves is not None
        else f"Nothing tried halves the loss; the most leaves {percent(fix.best)}: {source}."
    )
    return Sentence(text + said, notes.of((*fix.rows, *rows)))


def _where_to_look(found: BriefFindings) -> str:
    """Where what is missing may be found: about the market first, then about a stage."""
    label = found.report.market_label
    told = sorted(found.missing, key=lambda text: f"{label} takes" not in text)
    places = [text.partition(_LOOK)[2].rstrip(".") for text in told if _LOOK in text]
    return places[0] if places else "company reports and industry statistics of the stage"


def best_fix(found: BriefFindings) -> Fix | None:
    """Return the smallest fix that halves the loss; where none does, the one that leaves least.

    Args:
        found: the findings of the brief.

    Returns:
        The fix; None where none helps.
    """
    fixes = found.fixes.fixes if found.fixes else ()
    halving = [fix for fix in fixes if fix.halves is not None]
    return halving[0] if halving else min(fixes, key=lambda fix: fix.best, default=None)


def place_of(found: BriefFindings, fix: Fix) -> str:
    """Return the place of a fix as a sentence names it.

    Args:
        found: the findings of the brief.
        fix: added capacity.

    Returns:
        Stage and country in words.
    """
    if fix.pool == "ROW":
        return "the rest of the world"
    return named(found.labels.get(fix.pool, fix.pool))


def _who_says(found: BriefFindings, first: Chokepoint | None) -> tuple[str, tuple[str, ...]]:
    """Who says what share the first line has at the stage that limits, and the row that says it."""
    if first is None or first.kind != "country":
        return "", ()
    country = maker_of(first.label, first.stage)
    stage = first.stage or first.limited_at
    shares = next((each for each in found.report.stages if each.stage == stage), None)
    if shares is not None and shares.leader == country:
        share, rows, figure = shares.share, shares.rows, shares.figure
        printed = shares.denominator.startswith("world")
    else:
        share, rows, printed = first.share, first.rows if first.stage else (), False
        figure = first.figure
    row = rows[0] if rows and share is not None else ""
    sources = found.cards[row].sources if row in found.cards else ()
    if not sources:
        return "", ()
    best = min(sources, key=lambda source: (source.tier, source.id))
    said = "is said by" if printed else "follows from figures of"
    if first.basis == RECONCILED:
        said = f"by the reconciled year {first.year} rests on {counted(len(rows), 'figure')}, first"
    told = f"{bounded_percent(share, figure)} of {STAGES.get(stage, stage)} {said}"
    by = f"{best.publisher} ({best.published[:4] or 'undated'}, {tier_word(best.tier)}"
    mark = f"; {figure}" if figure else ""
    return f" That {named(country)} has {told} {by}{mark}).", (row,)


__all__ = ["answer_of", "best_fix", "place_of"]
