"""What changed in the last ninety days and what is due next: an answer, and the parts behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from monazite.analysis.timeline.dated_events import DatedEvent
from monazite.core.formats import counted
from monazite.data.dates import day_words
from monazite.model.facilities.plans import parts_of_year
from monazite.model.wording import capital, listed
from monazite.report.brief.document import BriefAnswer, BriefLine, BriefPart, Footnotes, Sentence
from monazite.report.brief.gathered import BriefFindings, subject_of
from monazite.report.brief.news import ALSO, DAYS, OF_ELEMENT, EventGroup, grouped

CHANGED, NEXT, FEW = 3, 3, 2  # lines of the first page; plants only fill up to FEW
_NAMED = 2  # Acts that a line of the first page names where several did the same on one date
_SCOPE = (
    "Rules that touch the element come first, the newest first; then plants and firms; then rules "
    "that touch only the market or a firm of the chain. Plants: those of the market, and elsewhere "
    "those of the element at the stage that limits."
)
_OVER = "Its time is over, and no record tells whether it was met: "


def dates_answer(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    """Answer what changed last, and what is due next."""
    heading, news = "What changed last, what is due next", found.news
    last, coming = last_changes(found), next_dates(found)
    parts = [
        f"{_group_words(last[0])}{_why_now(last[0], news.reasons)}"
        if last
        else f"We found nothing dated since {day_words(news.first)}."
    ]
    parts.append(
        f"Next: {_group_words(coming[0], due=True)}" if coming else "No date to come is on record."
    )
    rows = (row for group in (*last[:1], *coming[:1]) for row in group.rows)
    return BriefAnswer(heading, " ".join(parts), notes.of(rows))


def last_changes(found: BriefFindings) -> list[EventGroup]:
    """Return what changed in the last ninety days: what touches most first, then the newest."""
    newest = sorted(found.news.events, key=lambda x: (x.earliest, x.latest), reverse=True)
    groups = [*grouped(newest, found.news.weights)]
    place = {group.date: number for number, group in enumerate(groups)}
    return sorted(
        groups, key=lambda x: (_rank(x), place[x.date], not x.of_border, -len(x.subjects))
    )


def next_dates(found: BriefFindings) -> list[EventGroup]:
    """Return what is due: what touches most first, then the next."""
    groups = grouped(found.news.due, found.news.weights)
    return sorted(groups, key=lambda group: (_rank(group), group.latest, group.date))


def _rank(group: EventGroup) -> int:
    """Rules that touch the element, plants and firms, and others, in this order."""
    if not group.of_act:
        return 1
    return 0 if group.weight >= OF_ELEMENT else 2


def _of_others(groups: Iterable[EventGroup], most: int) -> list[EventGroup]:
    """The first groups, each of another act or plant than those before; others only alone."""
    ordered = [*groups]
    touching = [group for group in ordered if _rank(group) < 2]
    shown: list[EventGroup] = []
    for group in touching or ordered:
        if not any({*group.subjects[:1]} & {*other.subjects[:1]} for other in shown):
            shown.append(group)
    return sorted(shown[:most], key=lambda group: (group.latest, group.date))


def _after_rules(groups: Iterable[EventGroup]) -> Iterator[EventGroup]:
    """What is due: rules, and where these are few, plants that come after them; no supplies."""
    last, count = "", 0
    for group in groups:
        if _rank(group) == 0:
            last = group.latest
        elif _rank(group) == 1 and (count >= FEW or not group.subjects or group.latest < last):
            continue
        count += 1
        yield group


def _group_words(group: EventGroup, *, due: bool = False) -> str:
    when = _when(group.date, group.what, due=due)
    if not group.subjects:
        return f"{when}: {group.what}."
    what = f"{group.what[:1].lower()}{group.what[1:]}"
    return f"{when}: {_subjects(group, 1)}: {what}."


def _when(date: str, what: str, *, due: bool) -> str:
    """A date in words: of a bare year what is known beside it."""
    if not date.isdecimal():
        return day_words(date)
    if not due:
        return f"{date}, day not known"
    parts = parts_of_year(what, date)
    return parts[-1].words if parts else f"by end of {date}"


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
    """Return the dates of the first page: what changed and touches most, and what is due next."""
    last, coming = last_changes(found), next_dates(found)
    lines: list[BriefLine] = []
    lines += _front_lines(_of_others(last, CHANGED), "", notes, due=False)
    lines += _front_lines(_of_others(_after_rules(coming), NEXT), "Due: ", notes, due=True)
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


def _front_lines(
    groups: Iterable[EventGroup], word: str, notes: Footnotes, *, due: bool
) -> Iterable[BriefLine]:
    for group in groups:
        what = f"{_subjects(group)}: {group.what}" if group.subjects else group.what
        when = _when(group.date, group.what, due=due)
        yield BriefLine((when, f"{word}{what}"), notes.of(group.rows))


def changed_of(found: BriefFindings, notes: Footnotes) -> BriefPart:
    """Write what changed in the last ninety days: what touches most, the newest first."""
    heading, news = f"What changed in the last {DAYS} days", found.news
    since = f"{day_words(news.first)} to {day_words(found.day)}"
    if not news.events:
        return BriefPart("changed", heading, (Sentence(f"Nothing dated from {since} was found."),))
    last = last_changes(found)[0]
    newest = sorted(news.events, key=lambda x: (x.earliest, x.latest), reverse=True)
    left = f" {capital(counted(news.left_out, 'event'))} of plants elsewhere left out."
    return BriefPart(
        "changed",
        heading,
        columns=("Date", "What happened", "Kind", f"On {day_words(found.day)}"),
        lines=_lines(found, newest, notes, due=False),
        remarks=(Sentence(f"{since}. {_SCOPE}{left if news.left_out else ''}"),),
        finding=_group_words(last).rstrip("."),
    )


def due_of(found: BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on what is due: what touches most, the next date first."""
    heading, news = "Next dates", found.news
    coming = next_dates(found)
    over = tuple(
        Sentence(f"{_OVER}{each.sentence()}.", notes.of(each.rows)) for each in news.passed
    )
    order = Sentence("Rules on the element come first, then plants and firms, then other rules.")
    if not coming:
        text = "No date to come is on record."
        return BriefPart("next", heading, (Sentence(text),), remarks=over)
    return BriefPart(
        "next",
        heading,
        columns=("Date", "What is due", "Kind", f"On {day_words(found.day)}"),
        lines=_lines(found, news.due, notes, due=True),
        remarks=(order, *over),
        finding=f"Next: {_group_words(coming[0], due=True)}".rstrip(".").partition(ALSO)[0],
    )


def _lines(
    found: BriefFindings, events: Iterable[DatedEvent], notes: Footnotes, *, due: bool
) -> tuple[BriefLine, ...]:
    subject, now = subject_of(found), found.news.now
    kinds = (f"rule on {subject}", "plant or firm", "other rule")
    weights = found.news.weights
    ranked = [(_rank(group), each) for each in events for group in grouped([each], weights)]
    return tuple(
        BriefLine(
            (
                _when(each.date, each.what, due=due),
                each.sentence(),
                kinds[rank],
                now.get(each.subject, "-"),
            ),
            notes.of(each.rows),
        )
        for rank, each in sorted(ranked, key=lambda pair: pair[0])
    )
