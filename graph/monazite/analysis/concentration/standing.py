"""Concentration with the reconciled year in front, and what rows print as other figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from math import fsum
from typing import Any

from monazite.analysis.concentration.by_year import Concentration, ConcentrationYear
from monazite.analysis.concentration.shares import (
    OtherFigure,
    StageShares,
    followers,
    hhi,
    stage_shares,
    top_shares,
)
from monazite.core.errors import NotKnownError, ProgrammeError
from monazite.core.formats import percent
from monazite.core.results import Percentiles, Struct
from monazite.data.iris import local_name
from monazite.data.parameters import MAGNET
from monazite.model.chain.base_year import read_base_year, year_of
from monazite.model.chemistry import Amount
from monazite.model.contingencies.failure_points import (
    Candidate,
    ModelYear,
    find_candidates,
    model_year,
)
from monazite.model.network.attributes import Network
from monazite.model.network.facts import Facts
from monazite.model.network.shares import REST, WORLD, OutputFigure
from monazite.model.reconciliation.ledger import CHINA
from monazite.model.wording import RECONCILED, basis_words, listed, maker_of
from monazite.store.names import find_entity

CONTAINED = "element"  # the basis of tonnes of the element itself, as the reconciled year has them
OWN_COUNT = "the source's own count"


def why_other(line: StageShares | ConcentrationYear, facts: Facts, reconciled: int) -> str:
    """Say by what a printed share differs from that of the reconciled year."""
    chosen = [each for each in facts.own_figures if each.row in line.rows and not each.total]
    told = [f"of {line.year}, not {reconciled}"] if line.year != reconciled else []
    told += sorted({each.figure for each in chosen} - {""})
    wider = any(each.rank > 1 for each in chosen)
    told += [f"{'a wider group, ' if wider else 'of '}{name}" for name in _materials(chosen, facts)]
    told += [f"basis: {basis_words(line.basis)}"] if line.basis != CONTAINED else []
    return "; ".join(told) or OWN_COUNT


def _materials(figures: Iterable[OutputFigure], facts: Facts) -> list[str]:
    """What was counted, where its name is not that of the element; several together say so."""
    names = {local_name(each.material) for each in figures if not each.joint}
    labels = {find_entity(facts.store, x, "Material", what="material").label for x in names}
    own = facts.element.label.lower()
    return sorted(label for label in labels if not label.lower().startswith(own))


class StageMakers(Struct):
    """Who makes an element's product at a stage: named countries, and the part of all others.

    Shares and index are the medians of draws where there are any.
    """

    stage: str
    named: tuple[Candidate, ...]
    unnamed: float
    drawn: Mapping[str, Percentiles] = field(default_factory=dict)
    assumed: Amount | None = None  # the share of the only one that is named

    @property
    def numbers(self) -> dict[str, float]:
        """The shares and the index, as draws of them are called."""
        return _numbers({f"{self.stage}/{each.country}": each.share for each in self.named})

    @property
    def hhi(self) -> float:
        """The index, 0 to 10,000, where what no row names lies with many."""
        found = self.drawn.get(self.stage)
        return self.numbers[self.stage] if found is None else found.median

    @property
    def hhi_ends(self) -> tuple[float, float]:
        """The least index, and the largest where one more country makes all that no row names."""
        if not self.drawn:
            ends = [_numbers({f"{self.stage}/{CHINA}": x}) for x in self.share_ends]
            found = [self.numbers, *(ends if self.assumed else ())]
            highest = max(each[f"{self.stage}/"] for each in found)
            return min(each[self.stage] for each in found), highest
        return self.drawn[self.stage].low, self.drawn[f"{self.stage}/"].high

    @property
    def share_ends(self) -> tuple[float, float]:
        """The ends of the largest share, drawn or assumed; the share itself if it has none."""
        share, assumed = self.named[0].share, self.assumed
        if found := self.drawn.get(f"{self.stage}/{self.named[0].country}"):
            return found.low, found.high
        return (share, share) if assumed is None else (assumed.low, assumed.high)

    @property
    def remarks(self) -> list[str]:
        """What is said of the shares: what no row names, and what is assumed."""
        found = [f"{percent(self.unnamed)} are of the rest of the world."]
        found = found if self.unnamed > 0.005 else []
        if self.assumed is not None:
            ends = " to ".join(map(percent, (self.assumed.low, self.assumed.high)))
            rows = listed(self.assumed.assumptions)
            found.append(f"The share is assumed to be {ends} ({rows}).")
        return found

    def figures(self, year: int) -> dict[str, Any]:
        """What is told of them in each form: their year, index, largest share and rows."""
        return {
            "year": year,
            "share": self.named[0].share,
            "share_low": self.share_ends[0],
            "share_high": self.share_ends[1],
            "hhi": self.hhi,
            "hhi_low": self.hhi_ends[0],
            "hhi_high": self.hhi_ends[1],
            "denominator": OUTPUT,
            "basis": RECONCILED,
            "rows": tuple(dict.fromkeys(row for each in self.named for row in each.rows)),
        }


def read_known_year(
    facts: Facts, market: str = WORLD, label: str = "World", year: int | None = None
) -> tuple[ModelYear | None, str]:
    """Return the reconciled year of an element, or why there is none."""
    try:
        base = read_base_year(facts, year_of(facts, year), market, label)
        return model_year(base.accounts().chain(), base.elements.names, facts), ""
    except (NotKnownError, ProgrammeError) as unknown:
        return None, str(unknown)


def stage_makers(model: ModelYear) -> Mapping[str, StageMakers]:
    """Return who makes what at each stage, as the lines of the chokepoint report have it."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for each in find_candidates(Network(), None, model):
        named = each.kind == "country" and each.country != REST
        if named and not model.resells(each.stage, each.country):
            found[each.stage].append(each)
    return {
        stage: StageMakers(
            stage,
            tuple(sorted(named, key=lambda each: (-each.share, each.country))),
            max(0.0, 1 - fsum(each.share for each in named)),
            model.drawn,
            assumed=model.assumed if stage == MAGNET and len(named) == 1 else None,
        )
        for stage, named in found.items()
    }


def _numbers(shares: Mapping[str, float]) -> dict[str, float]:
    """The shares of a stage, and its index with the rest as many or as one country."""
    stage = next(iter(shares)).partition("/")[0]
    rest = max(0.0, 1 - fsum(shares.values()))
    many = hhi(shares.values())
    return {**shares, stage: many, f"{stage}/": many + (100 * rest) ** 2}


def numbers_now(model: ModelYear, names: Iterable[str]) -> dict[str, float]:
    """Return shares and indices of the same countries in another year; who makes nothing has 0."""
    made, found = model.shares, dict[str, dict[str, float]]()
    for stage, place in (name.split("/") for name in names if name.partition("/")[2]):
        found.setdefault(stage, {})[f"{stage}/{place}"] = made.get(f"{stage}/{place}", 0.0)
    return {name: x for shares in found.values() for name, x in _numbers(shares).items()}


def numbers_of(makers: Mapping[str, StageMakers]) -> dict[str, float]:
    """Return the shares and indices of all stages, as draws of them are called."""
    return {name: number for each in makers.values() for name, number in each.numbers.items()}


OUTPUT = "output of the reconciled year"
PRINTED = "No year is reconciled here: shares are as records print them."
AS_PRINTED = "The reconciled year does not follow this stage: the share is as records print it."


def stage_standings(
    network: Network, facts: Facts, model: ModelYear | None = None, year: int | None = None
) -> tuple[StageShares, ...]:
    """Return who leads each stage, in the order of the chain."""
    makers = {} if model is None else stage_makers(model)
    asked = year if model is None else model.chain.year
    found = []
    for each in stage_shares(network):
        if model is not None and each.stage in makers:
            own = makers[each.stage]
            labels = {x.country: maker_of(x.label, x.stage) for x in own.named}
            leads, leader = own.named[0], labels[own.named[0].country]
            told = [f"Not every record of {leader} is measured: {leads.figure}."]
            told = told if leads.figure else []
            told += own.remarks
            why = why_other(each, facts, model.chain.year) if each.leader else ""
            standing = StageShares(
                stage=each.stage,
                coverage=each.coverage,
                leader=leader,
                note=" ".join(told),
                figure=leads.figure,
                then=followers({x.country: x.share for x in own.named}, labels),
                others=(OtherFigure(**{**vars(each), "why": why}),) if each.leader else (),
                **own.figures(model.chain.year),
            )
            found.append(standing)
            continue
        note = f"{each.note} {AS_PRINTED}" if model and each.leader else each.note
        if asked is not None and each.year not in (None, asked):
            note = f"The share is of {each.year}, not of {asked}. {note}".strip()
        found.append(replace(each, note=note))
    return tuple(found)


PRINTED_YEARS = (
    "Shares by year are as records print them: other figures than a reconciled year has."
)


def with_reconciled(found: Concentration, facts: Facts, stage: str | None = None) -> Concentration:
    """Put the shares of the reconciled year before those that rows print."""
    if found.series:
        return replace(found, notes=(*found.notes, PRINTED_YEARS))
    model, why = read_known_year(facts)
    if model is None:
        return replace(found, notes=(*found.notes, why, PRINTED))
    makers, year = stage_makers(model), model.chain.year
    lines: list[ConcentrationYear] = []
    for each, _ in facts.stages:
        printed = [line for line in found.lines if line.stage == each]
        if each not in makers:
            lines += (replace(x, note=f"{x.note} {AS_PRINTED}".strip()) for x in printed)
        elif stage in (None, each):
            lines.append(_of_makers(each, makers[each], facts, year))
            lines += (replace(x, why=why_other(x, facts, year)) for x in printed)
    return replace(found, lines=tuple(lines))


def _of_makers(stage: str, makers: StageMakers, facts: Facts, year: int) -> ConcentrationYear:
    leads = makers.named[0]
    told = {each.country: each.figure for each in makers.named if each.figure}
    note = [*makers.remarks, *(["Not every record is measured."] if told else [])]
    shares = {each.country: each.share for each in makers.named}
    return ConcentrationYear(
        stage=stage,
        rank=1,
        material=facts.element.label,
        hhi_countries=makers.hhi / fsum(shares.values()) ** 2,
        top3=top_shares(shares.values()),
        leader=leads.country,
        leader_label=facts.country_labels[leads.country],
        countries=len(shares),
        rest=makers.unnamed,
        series=("the reconciled year",),
        shares=shares,
        note=" ".join(note),
        figure=" and ".join(sorted(set(told.values()))),
        figures=told,
        then=followers(shares, facts.country_labels),
        **makers.figures(year),
    )
