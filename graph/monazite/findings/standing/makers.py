"""Who makes what at each stage of a reconciled year: the shares of the lines, stage by stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from monazite.errors import NotKnownError, ProgrammeError
from monazite.findings.chain.base_year import read_base_year, year_of
from monazite.findings.events.failure_points import (
    Candidate,
    ModelYear,
    find_candidates,
    model_year,
)
from monazite.findings.shares.concentration import hhi
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.shares import REST, WORLD


@dataclass(frozen=True)
class StageMakers:
    """Who makes an element's product at a stage of a reconciled year.

    Attributes:
        named: countries and areas with their shares and rows, the largest first.
        unnamed: the part of all others, 0 to 1: countries that no row names, or of whose output
            the numbers say too little.
    """

    named: tuple[Candidate, ...]
    unnamed: float

    @property
    def hhi(self) -> float:
        """The index, 0 to 10,000, where what no row names lies with many."""
        return hhi(each.share for each in self.named)

    @property
    def hhi_high(self) -> float:
        """The index where one more country makes all that no row names."""
        return hhi([*(each.share for each in self.named), self.unnamed])

    @property
    def shares(self) -> dict[str, float]:
        """Shares by code, the largest first, with the rest of the world where it is not named."""
        found = {each.country: each.share for each in self.named}
        return found | ({REST: self.unnamed} if self.unnamed else {})

    @property
    def rows(self) -> tuple[str, ...]:
        """All rows, first those of the largest share."""
        return tuple(dict.fromkeys(row for each in self.named for row in each.rows))


def read_known_year(
    facts: Facts, market: str = WORLD, label: str = "World", year: int | None = None
) -> tuple[ModelYear | None, str]:
    """Return the reconciled year of an element, or why there is none.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> read_known_year(read_facts(open_store(), "TREO", "2026-11-24"))[1][:52]
    'The members of TREO (Ce, Dy, Er, Eu, Gd, Ho, La, Lu,'
    """
    try:
        base = read_base_year(facts, year_of(facts, year), market, label)
        return model_year(base.accounts().chain(), base.elements.names, facts), ""
    except (NotKnownError, ProgrammeError) as unknown:
        return None, str(unknown)


def stage_makers(model: ModelYear) -> Mapping[str, StageMakers]:
    """Return who makes what at each stage that the reconciled year follows.

    Shares and rows are those of the lines of the chokepoint report: one fact, one number.
    """
    found: dict[str, list[Candidate]] = defaultdict(list)
    for each in find_candidates(Network(), None, model):
        named = each.kind == "country" and each.country != REST
        if named and not model.resells(each.stage, each.country):
            found[each.stage].append(each)
    return {
        stage: StageMakers(
            tuple(sorted(named, key=lambda each: (-each.share, each.country))),
            max(0.0, 1 - fsum(each.share for each in named)),
        )
        for stage, named in found.items()
    }
