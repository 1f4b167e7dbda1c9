"""What an answer lacks, in sentences: feed, stages, starts and tonnes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from monazite.findings.chain.element_chain import ElementChain
from monazite.findings.plants.lives import Lives
from monazite.findings.replacements.candidate_sites import ReplacementSite
from monazite.findings.replacements.slips import Plan
from monazite.findings.wording import listed
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.result import Value
from monazite.safe_text import counted, percent, tonnes
from monazite.triples.names import Entity, named

_GOODS = {SEPARATION: ("oxide", "metal plants"), METAL: ("metal", "magnet plants")}
"""What is made at a stage, and who works on it."""
_WORKS_ON = {SEPARATION: METAL, METAL: MAGNET}
_WORTH_SAYING, _NAMED = 0.01, 3


@dataclass(frozen=True)
class StageHang(Value):
    """How far a stage outside a country hung on it in the base year.

    Attributes:
        stage: of the network.
        part: of what was worked on that came from the country; of what was mined, what was
            separated there. 0 to 1.
        short: in a few words.
        words: in a sentence.
    """

    stage: str
    part: float
    short: str
    words: str


def hangs_on(element_chain: ElementChain, without: Entity, year: int) -> Iterable[StageHang]:
    """Return how far what was made outside in the base year hung on the country."""
    code, name = without.id, named(without.label)
    for stage, (goods, makers) in _GOODS.items():
        bought = fsum(
            x
            for (at, seller, buyer), x in sorted(element_chain.flows.items())
            if at == stage and seller == code and buyer != code
        )
        taken = fsum(
            x
            for (at, pool), x in sorted(element_chain.taken.items())
            if at == stage and pool != code
        )
        if taken > 0 and bought / taken > _WORTH_SAYING:
            part = min(1.0, bought / taken)
            yield StageHang(
                _WORKS_ON[stage],
                part,
                f"{goods} {percent(part)} from {name}",
                f"Of the {goods} that {makers} outside {name} worked on in {year}, "
                f"{percent(part)} came from there.",
            )
    ore = fsum(
        x
        for (at, seller, buyer), x in sorted(element_chain.flows.items())
        if at == MINE and buyer == code and seller != code
    )
    mined = fsum(
        x for (at, pool), x in sorted(element_chain.made.items()) if at == MINE and pool != code
    )
    if mined > 0 and ore / mined > _WORTH_SAYING:
        part = min(1.0, ore / mined)
        yield StageHang(
            MINE,
            part,
            f"{percent(part)} separated in {name}",
            f"Of the {tonnes(mined)} t that was mined outside {name} in {year}, "
            f"{percent(part)} was separated there.",
        )


def missing_words(
    name: str, without: Entity, stages: Iterable[str], sites: Iterable[ReplacementSite]
) -> Iterable[str]:
    """Say at which stages nothing comes on top, and of what no start is known."""
    coming = [each for each in sites if not each.in_base]
    empty = [stage for stage in stages if stage not in {each.stage for each in coming}]
    if empty:
        yield (
            f"At {listed(empty)} we found no plant outside {named(without.label)} that comes on "
            f"top, with tonnes of {name}."
        )
    undated = dict.fromkeys(x.label for x in coming if not x.runs and x.plan is None)
    if undated:
        yield f"No start is known of these, and they do not count: {_some(undated)}."


def unweighed_words(
    lives: Lives,
    plans: Sequence[Plan],
    without: Entity,
    sites: Iterable[ReplacementSite],
    day: str,
    name: str,
) -> Iterable[str]:
    """Say which planned plants have no tonnes that can be read."""
    known = {each.facility for each in sites}
    waiting = dict.fromkeys(
        label
        for plan in plans
        for label, country in [lives.facilities[plan.facility]]
        if plan.latest >= day and plan.facility not in known and country != without.label
    )
    if waiting:
        yield (
            f"No tonnes of {name} can be read of {counted(len(waiting), 'other plant')} to come."
        )
        yield f"They are {listed(sorted(waiting))}."


def _some(names: Iterable[str]) -> str:
    """The first few of some names, and how many there are more."""
    found = [*names]
    more = len(found) - _NAMED
    return listed([*found[:_NAMED], f"{more} more"]) if more > 1 else listed(found)
