"""Who leads each stage: by the reconciled year where there is one, with what rows print beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from monazite.findings.events.failure_points import ModelYear
from monazite.findings.shares.concentration import StageShares, followers, stage_shares
from monazite.findings.standing.differences import why_other
from monazite.findings.standing.makers import StageMakers, stage_makers
from monazite.findings.wording import RECONCILED, maker_of
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.safe_text import percent

OUTPUT = "output of the reconciled year"
PRINTED = "No year is reconciled here: shares are as records print them."
AS_PRINTED = "The reconciled year does not follow this stage: the share is as records print it."


def stage_standings(
    network: Network, facts: Facts, model: ModelYear | None = None, year: int | None = None
) -> tuple[StageShares, ...]:
    """Return who leads each stage, in the order of the chain.

    >>> from monazite.findings.standing.makers import read_known_year
    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "Dy", "2026-11-24")
    >>> model, _ = read_known_year(facts)
    >>> mine, *_ = stage_standings(build_network(facts), facts, model)
    >>> mine.leader, [other.leader for other in mine.others]
    ('Myanmar', ['China'])
    """
    printed = stage_shares(network)
    if model is None:
        return tuple(_of_another_year(each, year) for each in printed)
    return tuple(_standings(printed, facts, model))


def _of_another_year(each: StageShares, asked: int | None) -> StageShares:
    if asked is None or each.year in (None, asked):
        return each
    return replace(each, note=f"The share is of {each.year}, not of {asked}. {each.note}".strip())


def _standings(
    printed: tuple[StageShares, ...], facts: Facts, model: ModelYear
) -> Iterator[StageShares]:
    makers = stage_makers(model)
    for each in printed:
        if each.stage not in makers:
            told = replace(each, note=f"{each.note} {AS_PRINTED}") if each.leader else each
            yield _of_another_year(told, model.chain.year)
            continue
        others = (_other(each, facts, model),) if each.leader else ()
        leads = _of_makers(each.stage, makers[each.stage], model)
        yield replace(leads, coverage=each.coverage, others=others)


def _other(printed: StageShares, facts: Facts, model: ModelYear) -> StageShares:
    figures = [each for each in facts.own_figures if each.row in printed.rows and not each.total]
    assert printed.year is not None, "a share has a year"
    year, reconciled = printed.year, model.chain.year
    why = why_other(figures, facts, year=year, basis=printed.basis, reconciled=reconciled)
    return replace(printed, why=why)


def _of_makers(stage: str, makers: StageMakers, model: ModelYear) -> StageShares:
    leads, index, highest = makers.named[0], makers.hhi, makers.hhi_high
    labels = {each.country: maker_of(each.label, each.stage) for each in makers.named}
    note = f"Not every record of {labels[leads.country]} is measured: {leads.figure}."
    note = note if leads.figure else ""
    if makers.unnamed > 0.005:
        note += f" {percent(makers.unnamed)} are of the rest of the world."
    return StageShares(
        stage=stage,
        coverage=None,
        leader=labels[leads.country],
        share=leads.share,
        hhi=index,
        denominator=OUTPUT,
        basis=RECONCILED,
        year=model.chain.year,
        rows=makers.rows,
        note=note.strip(),
        hhi_low=index,
        hhi_high=highest,
        figure=leads.figure,
        then=followers({each.country: each.share for each in makers.named}, labels),
    )
