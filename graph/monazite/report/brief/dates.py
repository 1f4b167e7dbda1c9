"""When: since when a country leads and its rules stand, what changed last, what is due next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.headline import of_group
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.analysis.concentration.shares import StageShares
from monazite.analysis.policies.acts import IN_FORCE
from monazite.analysis.policies.policies import BORDER_KINDS
from monazite.analysis.timeline.dated_events import DatedEvent
from monazite.core.formats import bounded_percent, counted
from monazite.core.results import Value
from monazite.data.dates import day_words
from monazite.data.parameters import MAGNET
from monazite.model.facilities.status import parts_of_year
from monazite.model.wording import STAGES, capital, listed, maker_of
from monazite.report.brief.document import BriefAnswer, BriefLine, BriefPart, Footnotes, Sentence
from monazite.report.brief.gathered import BriefFindings, ListedAct, first_of, subject_of
from monazite.report.brief.news import ALSO, DAYS, OF_ELEMENT, EventGroup, grouped
from monazite.store.names import named

MAX_LINES = 8  # Lines of a table of losses


class HeadlineSubject(Value):
    """Whom and which stage a headline is about."""

    country: str
    stage: str  # a stage of the chain; empty for all of them
    stages: tuple[StageShares, ...]


def headline_subject(report: Chokepoints) -> HeadlineSubject:
    """Return whom and which stage the headline is about."""
    known = [x for x in report.stages if x.share is not None and not of_group(x)]
    first = first_of(report)
    if first is None:
        most = max(known, key=lambda each: (each.share or 0.0, each.stage), default=None)
        if most is None:
            return HeadlineSubject("", "", ())
        return HeadlineSubject(most.leader or "", most.stage, (most,))
    of_country = first.kind == "country"
    country = maker_of(first.label, first.stage) if of_country else ""
    stage = first.stage or ("" if of_country else first.limited_at or first.share_at)
    led = (x for x in known if x.leader == country or not country)
    return HeadlineSubject(country, stage, tuple(x for x in led if stage in ("", x.stage)))


def leads_in_words(found: BriefFindings, subject: HeadlineSubject) -> str:
    """Say which part of the world's output the country of the headline has at its stage."""
    shares = subject.stages
    if not shares:
        return ""
    country = capital(named(subject.country or shares[0].leader or ""))
    if subject.stage:
        of = "" if subject.stage == MAGNET else f" of {subject_of(found)}"
        share = bounded_percent(shares[0].share, shares[0].figure)
        return f"{country} has {share} of the world's {_done(subject.stage)}{of}"
    told = (f"{_done(x.stage)} ({bounded_percent(x.share, x.figure)})" for x in shares)
    return f"{country} leads {listed(told)}"


def listed_losses(report: Chokepoints) -> list[Chokepoint]:
    """Return the losses that a brief tells: that of the headline, then the largest."""
    known = [x for x in report.chokepoints if x.loss is not None]
    first = first_of(report)
    known.sort(key=lambda x: (x is not first, -round(100 * (x.loss or 0.0))))
    felt = [x for x in known if abs(x.loss or 0.0) > NEGLIGIBLE_LOSS]
    return (felt or known)[:MAX_LINES]


def since_answer(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    """Answer since when the country of the headline leads, and since when its rules stand."""
    subject = headline_subject(found.report)
    rows: list[str] = []
    parts: list[str] = []
    if subject.country:
        led = {x.stage: _led_since(found, x.stage, subject.country) for x in subject.stages}
        parts.append(_lead_words(found, subject, led))
        rows += [row for first in led.values() if first for row in first.rows]
    if act := _control(found, subject.country):
        since = day_words(act.since)
        aside = "" if act.names(found.members) else f"; {subject_of(found)} is not on its list"
        parts.append(f'Its rule "{act.line.title}" has been in force since {since}{aside}.')
        rows += act.rows
    newest = sorted(found.controls, key=lambda each: each.since, reverse=True)
    aimed = [  # in force, by name at the market
        each
        for each in sorted(newest, key=lambda each: each.line.kind not in BORDER_KINDS)
        if each.line.country_label == subject.country and "market: destination" in each.line.touches
        if each.line.status.value == IN_FORCE and each != act
    ]
    if aimed:
        told = listed(
            f'"{x.line.title}" ({f"since {day_words(x.since)}" if x.since else "start not known"})'
            for x in aimed
        )
        parts.append(f"Aimed at {named(found.report.market_label)}: {told}.")
        rows += [row for each in aimed for row in each.rows]
    if not act and not aimed:
        parts.append("We found no rule on its export that is in force.")
    return BriefAnswer("Since when", " ".join(parts), notes.of(rows))


def _led_since(found: BriefFindings, stage: str, country: str) -> ConcentrationYear | None:
    """The first figure of a stage since when, as far as records go, the country leads."""
    years = sorted((x for x in found.led if x.stage == stage), key=lambda x: x.year, reverse=True)
    led = [*takewhile(lambda each: each.leader_label == country, years)]
    return led[-1] if led else None


def _lead_words(
    found: BriefFindings, subject: HeadlineSubject, led: Mapping[str, ConcentrationYear | None]
) -> str:
    country = capital(named(subject.country))
    known = {stage: first for stage, first in led.items() if first}
    lacking = [_done(stage) for stage in led if stage not in known]
    lack = f"none by year for {listed(lacking)}"
    if not known:
        return f"Since when {country} leads is not known: we found no figures by year."
    years = dict.fromkeys(first.year for first in known.values())
    told = [
        f"{listed(_done(x) for x, first in known.items() if first.year == year)} since {year} at "
        "the latest"
        for year in years
    ]
    others = []
    for stage, first in known.items():
        earlier = [each for each in found.led if each.stage == stage and each.year < first.year]
        if earlier:
            last = max(earlier, key=lambda each: each.year)
            others.append(f"in {last.year} {named(last.leader_label)} led {_done(stage)}")
    rest = listed(others) or "we found no earlier figures"
    if subject.stage:
        (first,) = known.values()
        share = bounded_percent(first.share, first.leader_figure)
        of = "" if subject.stage == MAGNET else f" of {subject_of(found)}"
        head = f"{_done(subject.stage)}{of} since {first.year} at the latest ({share} then)"
        return f"{country} has led {head}; {rest}."
    return f"{country} has led {listed(told)}; {rest}{f', {lack}' if lacking else ''}."


def _done(stage: str) -> str:
    return STAGES.get(stage, stage)


def _control(found: BriefFindings, country: str) -> ListedAct | None:
    """The control in force of a country on goods of the element that costs most, or the newest."""
    held = [
        act
        for act in found.controls
        if act.scope is not None and act.scope.goods and act.line.country_label == country
        if act.line.status.state in ("in force", "in force in part")
        and act.line.kind in BORDER_KINDS
    ]
    points = {point.id: point.loss or 0.0 for point in found.border["licence"].chokepoints}
    return max(
        held,
        key=lambda act: (points.get(f"policy/{act.line.policy}", 0.0), act.line.status.since),
        default=None,
    )


CHANGED, NEXT, FEW = 3, 3, 2  # lines of the first page; plants only fill up to FEW
_NAMED = 2  # Acts that a line of the first page names where several did the same on one date
_SCOPE = (
    "Rules that touch the element come first, the newest first; then plants and firms; then rules "
    "that touch only the market or a firm of the chain. Plants: those of the market, and elsewhere "
    "those of the element at the stage that limits."
)
_NO_DATE = "No date to come is on record."
_OVER = "Its time is over, and no record tells whether it was met: "


def dates_answer(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    """Answer what changed last, and what is due next."""
    last, coming = last_changes(found), next_dates(found)
    told = f"We found nothing dated since {day_words(found.news.first)}."
    if last:
        told = _group_words(last[0])
        # What is not settled about the first of them on the day.
        why = found.news.reasons.get(last[0].subjects[0], "") if last[0].subjects else ""
        before, extension, after = why.partition("an extension to ")
        told += f" {capital(extension)}{after}." if extension and before else ""
    due = f"Next: {_group_words(coming[0], due=True)}" if coming else _NO_DATE
    rows = (row for group in (*last[:1], *coming[:1]) for row in group.rows)
    return BriefAnswer("What changed last, what is due next", f"{told} {due}", notes.of(rows))


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
        return BriefPart("next", heading, (Sentence(_NO_DATE),), remarks=over)
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
