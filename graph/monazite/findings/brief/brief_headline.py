"""Whom and which stage the headline of a brief is about: all its sentences speak of the same."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.findings.brief.gathered import BriefFindings, first_of, subject_of
from monazite.findings.losses.headline import of_group
from monazite.findings.losses.measure import NEGLIGIBLE_LOSS
from monazite.findings.losses.result import Chokepoint, Chokepoints
from monazite.findings.shares.concentration import StageShares
from monazite.findings.wording import STAGES, capital, listed, maker_of
from monazite.parameters import MAGNET
from monazite.result import Value
from monazite.safe_text import bounded_percent
from monazite.triples.names import named

MAX_LINES = 8
"""Lines of a table of losses."""


@dataclass(frozen=True)
class HeadlineSubject(Value):
    """Whom and which stage a headline is about.

    Attributes:
        stage: a stage of the chain; empty for all of them.
        stages: the shares of the country where it leads: of the stage, or of all.
    """

    country: str
    stage: str
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


def _done(stage: str) -> str:
    return STAGES.get(stage, stage)


def listed_losses(report: Chokepoints) -> list[Chokepoint]:
    """Return the losses that a brief tells: that of the headline, then the largest."""
    known = [x for x in report.chokepoints if x.loss is not None]
    first = first_of(report)
    known.sort(key=lambda x: (x is not first, -round(100 * (x.loss or 0.0))))
    felt = [x for x in known if abs(x.loss or 0.0) > NEGLIGIBLE_LOSS]
    return (felt or known)[:MAX_LINES]
