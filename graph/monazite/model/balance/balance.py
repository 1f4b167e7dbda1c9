"""The balance of an element in a year, in tonnes: made + imports - exports - taken = left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import fsum

from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.formats import counted
from monazite.data.parameters import MAGNET, SEPARATION, check_year
from monazite.model.assumptions import assumptions_among
from monazite.model.balance.adjustments import Reconciliation, reconciliation_of
from monazite.model.balance.result import READINGS, Alternative, Balance, Closing
from monazite.model.chemistry import Amount, Chemistry, read_chemistry
from monazite.model.network.facts import ALL_RARE_EARTHS, Facts, read_facts
from monazite.model.reconciliation.ledger import (
    BY_SHARE,
    ELEMENTS_OF_MAGNETS,
    STAGES,
    Ledger,
    StageLine,
)
from monazite.model.reconciliation.year import reconcile_members
from monazite.model.reconciliation.year_rows import read_year_rows
from monazite.model.trade_content import ElementFlow
from monazite.model.wording import STAGES as DONE
from monazite.model.wording import listed
from monazite.store.store import Store

FLOW_YEARS = 2018  # Before this year output of single stages is printed too seldom to balance them


def find_balance(store: Store, element: str, date: str, year: int | None = None) -> Balance:
    """Balance an element in a year."""
    check_year(year)
    facts = read_facts(store, element, date)
    everything = read_facts(store, ALL_RARE_EARTHS, date)
    chemistry = read_chemistry(facts)
    codes = set(facts.routes)
    last = facts.trade_year(codes, reconciled=True)
    chosen = year or last
    if chosen is None or chosen > facts.year:
        raise NotKnownError(
            f"No record up to {facts.year} gives the trade of a year; use more of the data, or "
            "take --year."
        )
    ledgers = read_year_rows(facts, everything, chosen).ledgers(chemistry)
    lines = merged_lines(ledger.lines() for ledger in ledgers)
    if not any(line.made is not None for line in lines):
        raise NotKnownError(
            f"No record of {chosen} says how much {facts.title} any country makes: output records, "
            "or assays of its ore, are not there or not in the data used."
        )
    traded = _merge_traded(ledgers)
    amounts = [flow.amount for flow in traded]
    for line in lines:
        amounts += filter(None, (line.made, line.imports, line.exports, line.taken))
    assumed = sorted({row for amount in amounts for row in amount.assumptions})
    marks = facts.marks
    marks.of(row for amount in amounts for row in amount.rows)
    lines = [
        replace(each, figure=marks.words(each.made.rows)) if each.made else each for each in lines
    ]
    found = _reconciled(facts, chemistry, chosen)
    return Balance(
        element=facts.symbol,
        title=facts.title,
        year=chosen,
        lines=tuple(lines),
        labels=facts.country_labels,
        closings=tuple(closings_of(lines, None if found is None else found.left())),
        alternatives=tuple(
            Alternative(text, {each.stage: each.left for each in closings_of(merged)})
            for text, reading in READINGS
            for merged in [merged_lines(replace(x, reading=reading).lines() for x in ledgers)]
        ),
        traded=tuple(replace(each, figure=marks.words(each.amount.rows)) for each in traded),
        reconciliation=found,
        assumptions=assumptions_among(chemistry, assumed),
        notes=tuple(_notes(facts, lines, chosen, chemistry)),
    )


def _reconciled(facts: Facts, chemistry: Chemistry, year: int) -> Reconciliation | None:
    try:
        years = reconcile_members(facts, chemistry, year)
    except NotKnownError:
        return None
    return reconciliation_of(years, facts.country_labels)


def programme_of(store: Store, element: str, date: str, year: int | None = None) -> str:
    """Return the programme of the reconciliation that an element belongs to, in the LP format."""
    check_year(year)
    facts = read_facts(store, element, date)
    chosen = year or facts.trade_year({*facts.routes}, reconciled=True)
    if chosen is None:
        raise NotKnownError(
            "No record gives the trade of a year; use more of the data, or take --year."
        )
    years = reconcile_members(facts, read_chemistry(facts), chosen)
    programmes = {id(each): each for each in years.values()}
    if len(programmes) != 1:
        raise UnknownNameError(
            f"The members of {facts.title} are reconciled in {len(programmes)} programmes: ask for "
            "one element, for NdPr or for MREE."
        )
    return next(iter(programmes.values())).text


def merged_lines(parts: Iterable[list[StageLine]]) -> list[StageLine]:
    """Add the lines of the members of a group; what is not known of one is not known of all."""
    found: dict[tuple[str, str], StageLine] = {}
    for lines in parts:
        for line in lines:
            key = (line.stage, line.country)
            found[key] = line if key not in found else _added(found[key], line)
    order = {stage: place for place, stage in enumerate(STAGES)}
    return sorted(
        found.values(),
        key=lambda line: (
            order[line.stage],
            line.country == "ROW",
            -(line.made.value if line.made else 0.0),
            line.country,
        ),
    )


def _added(one: StageLine, other: StageLine) -> StageLine:
    def both(a: Amount | None, b: Amount | None) -> Amount | None:
        return None if a is None or b is None else a + b

    return replace(
        one,
        made=both(one.made, other.made),
        imports=one.imports + other.imports,
        exports=one.exports + other.exports,
        needed=both(one.needed, other.needed),
        scrap=one.scrap + other.scrap,
        used=both(one.used, other.used) or one.used or other.used,
    )


def _merge_traded(ledgers: list[Ledger]) -> list[ElementFlow]:
    found: dict[tuple[str, str, str], ElementFlow] = {}
    for flow in (flow for ledger in ledgers for flow in ledger.traded):
        key = (flow.stage, flow.exporter, flow.importer)
        before = found.get(key)
        found[key] = replace(before, amount=before.amount + flow.amount) if before else flow
    return [found[key] for key in sorted(found)]


def closings_of(
    lines: list[StageLine], reconciled: Mapping[str, float] | None = None
) -> Iterable[Closing]:
    """What each stage of the world leaves."""
    for stage in STAGES[:-1]:
        own = [line for line in lines if line.stage == stage]
        # an assay that does not give the element makes no figure of none
        made = [line.made for line in own if line.made is not None and line.made.high > 0]
        taken = [line.taken for line in own if line.taken is not None]
        known = bool(made) and any(amount.value for amount in taken)
        figures = {word for line in own for word in line.figure.split(" and ")}
        yield Closing(
            stage=stage,
            made=fsum(amount.value for amount in made) if made else None,
            taken=fsum(amount.value for amount in taken) if known else None,
            left=fsum(a.value for a in made) - fsum(a.value for a in taken) if known else None,
            low=fsum(a.low for a in made) - fsum(a.high for a in taken) if known else None,
            high=fsum(a.high for a in made) - fsum(a.low for a in taken) if known else None,
            reconciled=(reconciled or {}).get(stage) if known else None,
            used=fsum(line.used.value for line in own if line.used is not None),
            figure=" and ".join(sorted(figures - {""})),
        )


def _notes(facts: Facts, lines: list[StageLine], year: int, chemistry: Chemistry) -> Iterable[str]:
    if year < FLOW_YEARS:
        yield (
            f"Before {FLOW_YEARS} few records give the output of single stages: mines and trade "
            "only."
        )
    silent = sorted(
        ore
        for ores in chemistry.ores.values()
        for ore, _ in ores
        if not facts.members & chemistry.assays.get(ore, {}).keys()
    )
    if silent:
        names = {*silent}
        yield (
            f"{counted(len(names), 'assay')} of ore {'does' if len(names) == 1 else 'do'} not give "
            f"{facts.symbol}: none is counted from there, and more may be mined."
        )
    if any(line.how == "net exports" for line in lines):
        yield "Net exports of metal are a lower bound on what a country makes."
    if any(line.how == BY_SHARE for line in lines):
        yield (
            "Oxide is worked out from ore, by printed shares of countries: ore is accounted for by "
            "construction."
        )
    held = frozenset[str]().union(*ELEMENTS_OF_MAGNETS.values())
    if any(line.stage == SEPARATION and line.taken for line in lines) and not (
        facts.members & held
    ):
        yield "Its oxide is counted as used where trade takes it."
    known = {element for name, _, element in chemistry.assumed if name == "magnet-use-share"}
    silent = sorted((facts.members & held) - known)
    if silent:
        yield (
            f"No record says how much {', '.join(silent)} is used outside magnets: none is counted."
        )
    stages = [stage for stage in STAGES if facts.members & held or stage != MAGNET]
    made = {line.stage for line in lines if line.made is not None and line.made.high > 0}
    unknown = [DONE[stage] for stage in stages if stage not in made]
    if unknown:
        yield f"We found no output of {listed(unknown)}: not known."
    if facts.members & held:
        yield "Magnets inside motors, cars and machines that cross a border are not counted."
