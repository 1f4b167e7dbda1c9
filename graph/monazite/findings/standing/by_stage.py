"""Concentration with the reconciled year in front, and what rows print as other figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import fsum

from monazite.findings.events.failure_points import ModelYear
from monazite.findings.shares.by_year import Concentration, ConcentrationYear
from monazite.findings.shares.concentration import followers
from monazite.findings.standing.differences import why_other
from monazite.findings.standing.makers import StageMakers, read_known_year, stage_makers
from monazite.findings.standing.stages import AS_PRINTED, OUTPUT, PRINTED
from monazite.findings.wording import RECONCILED
from monazite.network.facts import Facts
from monazite.safe_text import percent

SERIES = "the reconciled year"
PRINTED_YEARS = (
    "Shares by year are as records print them: other figures than a reconciled year has."
)


def with_reconciled(found: Concentration, facts: Facts, stage: str | None = None) -> Concentration:
    """Put the shares of the reconciled year before those that rows print.

    >>> from monazite.findings.shares.by_year import find_concentration
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> both = with_reconciled(find_concentration(facts, "separation"), facts, "separation")
    >>> [(line.leader, line.basis, bool(line.why)) for line in both]
    [('CHN', 'reconciled, contained element', False), ('CHN', 'share-of-world-refining', True)]
    """
    if found.series:
        return replace(found, notes=(*found.notes, PRINTED_YEARS))
    model, why = read_known_year(facts)
    if model is None:
        return replace(found, notes=(*found.notes, why, PRINTED))
    return replace(found, lines=tuple(_lines(found.lines, facts, model, stage)))


def _lines(
    lines: Sequence[ConcentrationYear], facts: Facts, model: ModelYear, asked: str | None
) -> Iterator[ConcentrationYear]:
    makers = stage_makers(model)
    for stage, _ in facts.stages:
        printed = [line for line in lines if line.stage == stage]
        if stage not in makers:
            yield from (replace(x, note=f"{x.note} {AS_PRINTED}".strip()) for x in printed)
        elif asked in (None, stage):
            yield _of_makers(stage, makers[stage], facts, model)
            yield from (_other(line, facts, model) for line in printed)


def _other(line: ConcentrationYear, facts: Facts, model: ModelYear) -> ConcentrationYear:
    figures = [each for each in facts.own_figures if each.row in line.rows and not each.total]
    year = model.chain.year
    why = why_other(figures, facts, year=line.year, basis=line.basis, reconciled=year)
    return replace(line, why=why)


def _of_makers(
    stage: str, makers: StageMakers, facts: Facts, model: ModelYear
) -> ConcentrationYear:
    leads, index = makers.named[0], makers.hhi
    told = {each.country: each.figure for each in makers.named if each.figure}
    rest = f"{percent(makers.unnamed)} are of the rest of the world."
    note = [rest] if makers.unnamed > 0.005 else []
    note += ["Not every record is measured."] if told else []
    shares = {each.country: each.share for each in makers.named}
    return ConcentrationYear(
        stage=stage,
        rank=1,
        material=facts.element.label,
        year=model.chain.year,
        hhi=index,
        hhi_low=index,
        hhi_high=makers.hhi_high,
        hhi_countries=index / fsum(shares.values()) ** 2,
        top3=fsum(sorted(shares.values(), reverse=True)[:3]),
        leader=leads.country,
        leader_label=facts.country_labels[leads.country],
        share=leads.share,
        countries=len(shares),
        rest=makers.unnamed,
        denominator=OUTPUT,
        basis=RECONCILED,
        series=(SERIES,),
        rows=makers.rows,
        shares=shares,
        note=" ".join(note),
        figure=" and ".join(sorted(set(told.values()))),
        figures=told,
        then=followers(shares, facts.country_labels),
    )
