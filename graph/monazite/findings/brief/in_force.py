"""Since when a country leads, and since when its rules stand: each with the rows that say so."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.findings.brief.brief_headline import HeadlineSubject, headline_subject
from monazite.findings.brief.controls import ListedAct
from monazite.findings.brief.document import BriefAnswer
from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.gathered import BriefFindings, subject_of
from monazite.findings.policies.selection import BORDER_KINDS
from monazite.findings.policies.status_values import IN_FORCE
from monazite.findings.shares.by_year import ConcentrationYear
from monazite.findings.wording import STAGES, capital, listed
from monazite.parameters import MAGNET
from monazite.rows.dates import day_words
from monazite.safe_text import bounded_percent
from monazite.triples.names import named

_FORCE = ("in force", "in force in part")
_AIMED = "market: destination"


def since_answer(found: BriefFindings, notes: Footnotes) -> BriefAnswer:
    """Answer since when the country of the headline leads, and since when its rules stand."""
    subject = headline_subject(found.report)
    rows: list[str] = []
    parts: list[str] = []
    if subject.country:
        led = {x.stage: _led_since(found, x.stage, subject.country) for x in subject.stages}
        parts.append(_lead_words(found, subject, led))
        rows += [row for years in led.values() for first in years[:1] for row in first.rows]
    if act := _control(found, subject.country):
        since = day_words(act.since)
        aside = "" if act.names(found.members) else f"; {subject_of(found)} is not on its list"
        parts.append(f'Its rule "{act.line.title}" has been in force since {since}{aside}.')
        rows += act.rows
    aimed = [each for each in aimed_acts(found) if each != act]
    if aimed:
        told = listed(f'"{each.line.title}" ({_from(each)})' for each in aimed)
        parts.append(f"Aimed at {named(found.report.market_label)}: {told}.")
        rows += [row for each in aimed for row in each.rows]
    if not act and not aimed:
        parts.append("We found no rule on its export that is in force.")
    return BriefAnswer("Since when", " ".join(parts), notes.of(rows))


def aimed_acts(found: BriefFindings) -> list[ListedAct]:
    """Return the acts in force that the country of the headline aims at the market by name."""
    country = headline_subject(found.report).country
    aimed = [
        act
        for act in found.controls
        if act.line.country_label == country and _AIMED in act.line.touches
        if act.line.status.value == IN_FORCE
    ]
    newest = sorted(aimed, key=lambda act: act.since, reverse=True)
    return sorted(newest, key=lambda act: act.line.kind not in BORDER_KINDS)


def _from(act: ListedAct) -> str:
    return f"since {day_words(act.since)}" if act.since else "start not known"


def _led_since(found: BriefFindings, stage: str, country: str) -> list[ConcentrationYear]:
    """The figures of a stage by year, back from the newest as long as the country leads."""
    years = sorted((x for x in found.led if x.stage == stage), key=lambda x: x.year, reverse=True)
    led: list[ConcentrationYear] = []
    for each in years:
        if each.leader_label != country:
            break
        led.append(each)
    return led[::-1]


def _lead_words(
    found: BriefFindings, subject: HeadlineSubject, led: dict[str, list[ConcentrationYear]]
) -> str:
    """Since when a country leads, as far back as figures go, and where none go back."""
    country = capital(named(subject.country))
    known = {stage: years[0] for stage, years in led.items() if years}
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
    others = [
        f"in {before.year} {named(before.leader_label)} led {_done(stage)}"
        for stage, first in known.items()
        if (before := _before(found.led, first))
    ]
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


def _before(led: Iterable[ConcentrationYear], first: ConcentrationYear) -> ConcentrationYear | None:
    earlier = [x for x in led if x.stage == first.stage and x.year < first.year]
    return max(earlier, key=lambda each: each.year, default=None)


def _control(found: BriefFindings, country: str) -> ListedAct | None:
    """The control in force of a country on goods of the element that costs most, or the newest."""
    held = [
        act
        for act in found.controls
        if act.scope is not None and act.scope.goods and act.line.country_label == country
        if act.line.status.state in _FORCE and act.line.kind in BORDER_KINDS
    ]
    points = {point.id: point.loss or 0.0 for point in found.border["licence"].chokepoints}
    return max(
        held,
        key=lambda act: (points.get(f"policy/{act.line.policy}", 0.0), act.line.status.since),
        default=None,
    )
