"""Since when a country leads, and since when its rules stand: each with the rows that say so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.headline import of_group
from monazite.analysis.chokepoints.measure import NEGLIGIBLE_LOSS
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.analysis.concentration.shares import StageShares
from monazite.analysis.policies.acts import IN_FORCE
from monazite.analysis.policies.selection import BORDER_KINDS
from monazite.core.formats import bounded_percent
from monazite.core.results import Value
from monazite.data.dates import day_words
from monazite.data.parameters import MAGNET
from monazite.model.wording import STAGES, capital, listed, maker_of
from monazite.report.brief.document import BriefAnswer, Footnotes
from monazite.report.brief.gathered import BriefFindings, ListedAct, first_of, subject_of
from monazite.store.names import named

MAX_LINES = 8  # Lines of a table of losses


@dataclass(frozen=True)
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
