"""What changed in the last ninety days and what is due next: an answer, and the parts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monazite.findings.brief.document import BriefAnswer, BriefLine, BriefPart, Sentence
from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.gathered import BriefFindings
from monazite.findings.brief.news import DAYS, EventGroup, grouped
from monazite.findings.timeline.dated_events import DatedEvent
from monazite.findings.wording import capital, counted, listed
from monazite.rows.dates import day_words

CHANGED, NEXT = 3, 3
"""Lines of the first page on what changed, and on what is due."""
_NAMED = 2
"""Acts that a line of the first page names where several did the same on one date."""
_SCOPE = (
    "Acts that touch the element, the market or a firm of the chain, through whatever scope; plants"
    " of the market, and of others those of the element at the stage that limits; holdings and"
    " supplies of firms of the chain."
)


def dates_answer(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    """Answer what changed last, and what is due next.

    Args:
        found: the findings of the brief.
        notes: numbers the sources.
    """
    heading, news = "What changed last, what is due next", found.news
    last, coming = last_changes(found), next_dates(found)
    parts = [
        f"{_group_words(last[0])}{_why_now(last[0], news.reasons)}"
        if last
        else f"We found nothing dated since {day_words(news.first)}."
    ]
    parts.append(f"Next: {_group_words(coming[0])}" if coming else "No date to come is on record.")
    rows = (row for group in (*last[:1], *coming[:1]) for row in group.rows)
    return BriefAnswer(heading, " ".join(parts), notes.of(rows))


def last_changes(found: BriefFindings) -> list[EventGroup]:
    """Return what changed in the last ninety days: what touches most first, then the newest.

    Args:
        found: the findings of the brief.
    """
    newest = sorted(found.news.events, key=lambda x: (x.earliest, x.latest), reverse=True)
    groups = [*grouped(newest, found.news.weights)]
    place = {group.date: number for number, group in enumerate(groups)}
    return sorted(groups, key=lambda x: (-x.weight, place[x.date], -len(x.subjects)))


def next_dates(found: BriefFindings) -> list[EventGroup]:
    """Return what is due: what touches most first, then the next.

    Args:
        found: the findings of the brief.
    """
    groups = grouped(found.news.due, found.news.weights)
    return sorted(groups, key=lambda group: (-group.weight, group.latest, group.date))


def _of_others(groups: Iterable[EventGroup], most: int) -> list[EventGroup]:
    """The first groups, each of another act or plant than those before, by date."""
    shown: list[EventGroup] = []
    for group in groups:
        if not any({*group.subjects[:1]} & {*other.subjects[:1]} for other in shown):
            shown.append(group)
    return sorted(shown[:most], key=lambda group: (group.latest, group.date))


def _group_words(group: EventGroup) -> str:
    """A group as a sentence: its date, what happened, and to whom."""
    if not group.subjects:
        return f"{day_words(group.date)}: {group.what}."
    what = f"{group.what[:1].lower()}{group.what[1:]}"
    return f"{day_words(group.date)}: {_subjects(group, 1)}: {what}."


def _subjects(group: EventGroup, named: int = _NAMED) -> str:
    first = group.subjects[:named]
    more = len(group.subjects) - len(first)
    return listed([*first, *([counted(more, "other act")] if more > 0 else [])])


def _why_now(group: EventGroup, reasons: Mapping[str, str]) -> str:
    """What is not settled about the first of them on the day."""
    why = reasons.get(group.subjects[0], "") if group.subjects else ""
    before, extension, after = why.partition("an extension to ")
    return f" {capital(extension)}{after}." if extension and before else ""


def front_dates(found: BriefFindings, notes: Footnotes) -> BriefPart:
    """Return the dates of the first page: what changed and touches most, and what is due next.

    Args:
        found: the findings of the brief.
        notes: numbers the sources.
    """
    last, coming = last_changes(found), next_dates(found)
    lines = [*_front_lines(_of_others(last, CHANGED), "", notes)]
    lines += _front_lines(_of_others(coming, NEXT), "Due: ", notes)
    more = len(last) + len(coming) - len(lines)
    if not lines:
        text = f"We found nothing dated since {day_words(found.news.first)}, and no date to come."
        return BriefPart("dates", "Dates", (Sentence(text),), finding="No date is on record")
    return BriefPart(
        "dates",
        "What changed, and next dates",
        columns=("Date", "What"),
        lines=tuple(lines),
        remarks=(Sentence(f"{capital(counted(more, 'more line'))} behind."),) if more > 0 else (),
    )


def _front_lines(groups: Iterable[EventGroup], word: str, notes: Footnotes) -> Iterable[BriefLine]:
    for group in groups:
        what = f"{_subjects(group)}: {group.what}" if group.subjects else group.what
        yield BriefLine((day_words(group.date), f"{word}{what}"), notes.of(group.rows))


def changed_of(found: BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on what changed in the last ninety days: acts, then plants, the newest first.

    Args:
        found: the findings of the brief.
        notes: numbers the sources.
    """
    heading, news = f"What changed in the last {DAYS} days", found.news
    since = f"{day_words(news.first)} to {day_words(found.day)}"
    if not news.events:
        return BriefPart("changed", heading, (Sentence(f"Nothing dated from {since} was found."),))
    last = last_changes(found)[0]
    newest = sorted(news.events, key=lambda x: (x.earliest, x.latest), reverse=True)
    newest.sort(key=_of_plants)
    left = f" {capital(counted(news.left_out, 'event'))} of plants elsewhere left out."
    return BriefPart(
        "changed",
        heading,
        columns=("Date", "What happened", f"On {day_words(found.day)}"),
        lines=_lines(newest, news.now, notes),
        remarks=(Sentence(f"{since}. {_SCOPE}{left if news.left_out else ''}"),),
        finding=_group_words(last).rstrip("."),
    )


def due_of(found: BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on what is due: acts, then plants, the next date first.

    Args:
        found: the findings of the brief.
        notes: numbers the sources.
    """
    heading, news = "Next dates", found.news
    coming = next_dates(found)
    if not coming:
        return BriefPart("next", heading, (Sentence("No date to come is on record."),))
    return BriefPart(
        "next",
        heading,
        columns=("Date", "What is due", f"On {day_words(found.day)}"),
        lines=_lines(sorted(news.due, key=_of_plants), news.now, notes),
        finding=f"Next: {_group_words(coming[0])}".rstrip("."),
    )


def _of_plants(event: DatedEvent) -> bool:
    """Whether it is of a plant or a firm: acts stand before them."""
    return event.kind != "policy"


def _lines(
    events: Iterable[DatedEvent], now: Mapping[str, str], notes: Footnotes
) -> tuple[BriefLine, ...]:
    return tuple(
        BriefLine(
            (day_words(each.date), each.sentence(), now.get(each.subject, "-")), notes.of(each.rows)
        )
        for each in events
    )
