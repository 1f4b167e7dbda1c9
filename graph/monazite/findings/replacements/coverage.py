"""How much of a need is covered without a country, year by year and stage by stage.

What the base year made outside stays. To it comes what has begun since, and what is planned: each
plant with the odds that it has begun by the end of the year. Less than that is what runs already;
more is that all begins when its owner says. What is outside is shared among all who need it in
proportion to their need, as losses are; if the market were served first it would have more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from monazite.findings.chain.element_chain import ElementChain
from monazite.findings.replacements.candidate_sites import ReplacementSite
from monazite.findings.replacements.need import Growth, Need, ValueRange
from monazite.findings.replacements.product_limit import Odds
from monazite.findings.replacements.site_reader import OUTPUT
from monazite.findings.replacements.slips import Slips
from monazite.result import Value


@dataclass(frozen=True)
class StageCover(Value):
    """What is made outside at a stage in a year, and what of the need that is.

    Attributes:
        stage: of the network.
        base: tonnes that the base year made outside.
        added: what has come since and is to come: what runs, with the odds of the rest, as
            promised.
        need: of the market.
        need_of_all: of all outside.
        covered: part of the market's need, 0 to 1, in proportion.
        first: the same if the market were served first.
        with_country: the same with what the country made in the base year: below 1 where the need
            grows and nothing more is planned.
    """

    stage: str
    base: float
    added: ValueRange
    need: ValueRange
    need_of_all: ValueRange
    covered: ValueRange
    first: ValueRange
    with_country: float


@dataclass(frozen=True)
class YearCover(Value):
    """A year: its stages, and the stage that covers least.

    Attributes:
        year: the year, at its end.
        stages: in their order.
    """

    year: int
    stages: tuple[StageCover, ...]

    @property
    def least(self) -> StageCover:
        """The stage that covers least; the first of several."""
        return min(self.stages, key=lambda x: x.covered.value)

    @property
    def covered(self) -> ValueRange:
        """The part of the need that all stages cover, 0 to 1."""
        ends = [x.covered for x in self.stages]
        return ValueRange(
            min(x.value for x in ends), min(x.low for x in ends), min(x.high for x in ends)
        )


def made_outside(
    element_chain: ElementChain, without: str, stages: Iterable[str]
) -> dict[str, float]:
    """Return what single countries but one made at each stage, in tonnes of the element."""
    return {
        stage: fsum(
            x
            for (at, country), x in sorted(element_chain.parts.items())
            if at == stage and country != without
        )
        for stage in stages
    }


def odds_of(site: ReplacementSite, slips: Slips, day: str, year: int) -> Odds | None:
    """Return the probability that a stage of a plant runs at the end of a year."""
    if site.runs:
        return Odds(1.0, 1.0, 1.0)
    if site.plan is None:
        return None
    return slips.odds(site.first or site.plan, site.stage, day, f"{year}-12-31")


def cover(
    sites: Iterable[ReplacementSite],
    slips: Slips,
    base: Mapping[str, float],
    own: Mapping[str, float],
    need: Need,
    growth: Growth,
    day: str,
    years: Iterable[int],
) -> tuple[YearCover, ...]:
    """Return what of a need is covered, by year."""
    added = [each for each in sites if not each.in_base]
    found = []
    for year in years:
        factor = growth.factors[year]
        stages = []
        for stage, market in need.market.items():
            more = _added([x for x in added if x.stage == stage], slips, day, year)
            made = [base[stage] + end for end in (more.value, more.low, more.high)]
            all_need = need.others[stage]
            stages.append(
                StageCover(
                    stage=stage,
                    base=base[stage],
                    added=more,
                    need=factor.times(market),
                    need_of_all=factor.times(all_need),
                    covered=_covered(made, factor.times(all_need)),
                    first=_covered(made, factor.times(market)),
                    with_country=_part(
                        made[0] + own[stage], factor.value * need.world.get(stage, all_need)
                    ),
                )
            )
        found.append(YearCover(year, tuple(stages)))
    return tuple(found)


def _covered(made: Sequence[float], need: ValueRange) -> ValueRange:
    """What is made, as likely, at its least and at its most, over a need at its other end."""
    value, low, high = made
    return ValueRange(_part(value, need.value), _part(low, need.high), _part(high, need.low))


def _part(made: float, needed: float) -> float:
    return min(1.0, made / needed) if needed > 0 else 1.0


def _added(sites: Iterable[ReplacementSite], slips: Slips, day: str, year: int) -> ValueRange:
    """What runs, by its output or else at its least, what is likely, and all as promised.

    A promise whose day has passed is none: it counts at the upper end of its odds.
    """
    end = f"{year}-12-31"
    value, low, high = [], [], []
    for site in sites:
        odds = odds_of(site, slips, day, year)
        if site.runs:
            made = site.tonnes.kind == OUTPUT
            low.append(site.tonnes.value if made else site.tonnes.low)
        value.append(site.tonnes.value * (odds.value if odds is not None else 0.0))
        promised = site.plan is not None and day <= site.plan.latest and site.plan.earliest <= end
        most = 1.0 if site.runs or promised else (odds.high if odds is not None else 0.0)
        high.append(max(value[-1], site.tonnes.high * most))
    return ValueRange(fsum(value), min(fsum(low), fsum(value)), fsum(high))
