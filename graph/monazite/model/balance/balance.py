"""The balance of an element in a year, in tonnes: made + imports - exports - taken = left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import fsum

from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.core.formats import counted
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION, check_year
from monazite.model.assumptions import assumptions_among
from monazite.model.balance.result import (
    FELT,
    LEAST,
    PART,
    READINGS,
    Adjustment,
    Alternative,
    Balance,
    Closing,
    ReconciledLine,
    Reconciliation,
)
from monazite.model.chemistry import Amount, Chemistry, read_chemistry
from monazite.model.linear_programme import Name
from monazite.model.network.facts import Facts, read_facts
from monazite.model.network.shares import REST
from monazite.model.reconciliation.columns import Moved
from monazite.model.reconciliation.ledger import (
    BY_SHARE,
    ELEMENTS_OF_MAGNETS,
    STAGES,
    Ledger,
    StageLine,
)
from monazite.model.reconciliation.year import ReconciledYear, reconcile_members
from monazite.model.reconciliation.year_rows import read_year_rows
from monazite.model.trade_content import ElementFlow
from monazite.model.wording import STAGES as DONE
from monazite.model.wording import listed
from monazite.store.store import Store

FLOW_YEARS = 2018  # Before this year output of single stages is printed too seldom to balance them
TONNES, OXIDE, MAGNETS = "t", "t REO", "t magnets"
WORDS: Mapping[str, tuple[str, str]] = {
    "mined": ("ore mined in {0}", OXIDE),
    "ore_share": ("part of {1} in what {0} mines", PART),
    "ore_bought": ("ore from {0} to {1}", OXIDE),
    "assay": ("{3} in the ore of {1} from {0}", PART),
    "oxide_printed": ("{1} in oxide of {0}", TONNES),
    "oxide_share": ("part of {0} in the world's {1} oxide", PART),
    "scrap": ("{1} in oxide from scrap, {0}", TONNES),
    "sold": ("{3} in {0} from {1} to {2}", TONNES),
    "metal_printed": ("{1} in metal of {0}", TONNES),
    "other_uses": ("{0} used outside magnets over what becomes metal", PART),
    "blanks": ("magnets of {0}, as printed", MAGNETS),
    "finished_of_blanks": ("finished magnets over blanks, {0}", PART),
    "recipe": ("{1} in the magnets of {0}", PART),
    "yield": ("yield of {2} at {0}, {1}", PART),
    "magnet_share": ("part of {0} in the world's magnets", PART),
    "swarf": ("{1} back from cutting over what blanks hold, {0}", PART),
    "magnets_sold": ("magnets from {0} to {1}", MAGNETS),
}
GOODS = {SEPARATION: "compounds", METAL: "metal"}
IMPLIED = ("yield", "recipe", "finished_of_blanks", "other_uses")  # ratios of the solution


def find_balance(store: Store, element: str, date: str, year: int | None = None) -> Balance:
    """Balance an element in a year."""
    check_year(year)
    facts = read_facts(store, element, date)
    chemistry = read_chemistry(facts)
    codes = set(facts.routes)
    last = facts.trade_year(codes, reconciled=True)
    chosen = year or last
    if chosen is None or chosen > facts.year:
        raise NotKnownError(
            f"No record up to {facts.year} gives the trade of a year; use more of the data, or "
            "take --year."
        )
    ledgers = read_year_rows(facts, chosen).ledgers(chemistry)
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
        closings=tuple(
            each if found is None else found.beside(each) for each in closings_of(lines)
        ),
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


def closings_of(lines: list[StageLine]) -> Iterable[Closing]:
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


def reconciliation_of(
    years: Mapping[str, ReconciledYear], labels: Mapping[str, str]
) -> Reconciliation:
    """Gather what reconciled years say of some elements."""
    single = {id(year): year for year in years.values()}.values()
    numbers = []
    for year in single:
        others = year.numbers.ledgers.keys() - years.keys()
        for each in year.moved:
            of = {*each.name[-1].split("+")}
            numbers += [each] if of & years.keys() or not of & others else []
    told = sorted(numbers, key=lambda each: (-round(each.part, 6), each.name))
    return Reconciliation(
        moved=tuple(_adjustment(each, labels) for each in told if each.part > FELT),
        implied=tuple(
            _adjustment(each, labels)
            for each in sorted(numbers, key=lambda each: each.name)
            if each.name[0] in IMPLIED
        ),
        pools=tuple(each for year in single for each in year.ranges),
        lines=tuple(_reconciled_lines(years)),
    )


_OF_STAGE = {
    "in_ore": (MINE, "made"),
    "feed": (MINE, "taken"),
    "oxide": (SEPARATION, "made"),
    "scrap": (SEPARATION, "made"),
    "into_metal": (SEPARATION, "taken"),
    "metal": (METAL, "made"),
    "into_magnets": (METAL, "taken"),
}
"""Columns of a reconciled year by the stage and the number of a line that they are part of."""
_FREE = ("used", "missing", "surplus")  # columns that may be others at the same cost


def _reconciled_lines(years: Mapping[str, ReconciledYear]) -> Iterable[ReconciledLine]:
    """Sum the columns of some elements by stage and country."""
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    spread: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    ends = _ends(years)
    for element, year in years.items():
        for name, value in year.values.items():
            if name[-1] != element or not (value or name in ends):
                continue
            for at, key, sign in _places(name):
                sums[at][key] += sign * value
                moves = [sign * (end - value) for end in ends.get(name, (value, value))]
                spread[at][f"{key}_low"] += min(moves)
                spread[at][f"{key}_high"] += max(moves)
    order = {stage: place for place, stage in enumerate(STAGES)}
    for stage, place in sorted(sums, key=lambda at: (order[at[0]], at[1])):
        told, wide = sums[stage, place], spread[stage, place]
        yield ReconciledLine(
            stage,
            place,
            **told,
            not_unique={
                key: (told[key] + wide[f"{key}_low"], told[key] + wide[f"{key}_high"])
                for key in ("taken", "used", "left")
                if wide[f"{key}_high"] - wide[f"{key}_low"] > LEAST
            },
        )


def _places(name: Name) -> Iterable[tuple[tuple[str, str], str, float]]:
    """The stage and country of a column, and the numbers of their line that it is part of."""
    kind, *parts = name
    if kind in _OF_STAGE:
        stage, key = _OF_STAGE[kind]
        yield (stage, parts[0]), key, 1.0
    if kind == "used":
        yield from (((SEPARATION, parts[0]), key, 1.0) for key in ("taken", "used"))
    if kind in {"missing", "surplus"}:
        yield (parts[0], parts[1]), "left", 1.0 if kind == "surplus" else -1.0
    if kind in {"sold", "in_ore", "passed_on"}:
        stage = parts[0] if kind == "sold" else MINE
        seller, buyer = parts[1 if kind == "sold" else 0], parts[-2]
        if seller != buyer:
            yield (stage, seller), "exports", 1.0
            yield (stage, buyer), "imports", 1.0


def _ends(years: Mapping[str, ReconciledYear]) -> dict[Name, tuple[float, float]]:
    """The least and the most of columns that may be others at the same cost, by name."""
    found: dict[Name, tuple[float, float]] = {}
    for year in {id(each): each for each in years.values()}.values():
        names = {} if year.model is None else year.model.names
        asked = {x: name for x, name in names.items() if name[0] in _FREE and name in year.values}
        if year.model is not None:
            ends = year.model.not_unique(asked)
            found |= {asked[place]: each for place, each in ends.items()}
    return found


def _adjustment(each: Moved, labels: Mapping[str, str]) -> Adjustment:
    kind, *parts = each.name
    words, unit = WORDS[kind]
    if kind == "sold":
        parts[0] = GOODS[parts[0]]
    named = [labels.get(part, part) for part in parts]
    named = ["the rest of the world" if part == REST else part for part in named]
    return Adjustment(
        name=f"{kind}[{','.join(each.name[1:])}]",
        text=words.format(*named),
        unit=unit,
        **{x: getattr(each, x) for x in ("value", "low", "high", "found", "part", "rows")},
    )
