"""Plants and mines outside a country that make an element, or are to, in tonnes of the element.

Each stands once for what it makes already, which the base year holds, and once for what it adds:
the newest output or nameplate since, or the least that is planned. A quarter counts four times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from monazite.findings.chain.site_capacity import STEPS, Capacity, read_capacities
from monazite.findings.plants.lives import Lives
from monazite.findings.plants.states import CLOSED, SUSPENDED
from monazite.findings.replacements.candidate_sites import ReplacementCase, ReplacementSite
from monazite.findings.replacements.site_reader import OUTPUT, SiteReader
from monazite.findings.replacements.slips import Plan, Slips
from monazite.quantities.amount import exactly

QUARTERS = 4.0
_FOR_YEAR = {"t-per-quarter": QUARTERS}


def find_sites(
    asked: ReplacementCase, lives: Lives, plans: Iterable[Plan], slips: Slips
) -> tuple[tuple[ReplacementSite, ...], tuple[str, ...]]:
    """Find what is made, or to be made, of an element outside a country."""
    by_place, quarters, products = _figures(asked)
    known = tuple(plans)
    found: list[ReplacementSite] = []
    remarks: list[str] = []
    untold: list[str] = []
    for (facility, stage), figures in sorted(by_place.items(), key=lambda x: (x[0][1], x[0][0])):
        reader = SiteReader(
            asked, lives, known, slips, products, quarters, facility, stage, figures
        )
        state = reader.now
        own = tuple(reader.sites())
        if own and state.state in (CLOSED, SUSPENDED):
            remarks.append(f"{reader.label} is {state.state}: it is left out.")
            continue
        found += own
        if not own and reader.names_element:
            untold.append(f"{reader.label} ({stage})")
    if untold:
        remarks.append(
            f"No tonnes of {asked.name} can be read from the rows of these, which are left out: "
            f"{', '.join(untold)}."
        )
    return tuple(sorted(found, key=lambda x: (_place(x.stage), x.label, not x.in_base))), tuple(
        remarks
    )


_Places = dict[tuple[str, str], list[Capacity]]


def _figures(asked: ReplacementCase) -> tuple[_Places, frozenset[str], dict[str, str]]:
    """Rows on capacity outside by plant and stage, which are of a quarter, and what they count."""
    facts = asked.facts
    goods: dict[str, dict[str, None]] = defaultdict(dict)
    for answer in facts.ask("network-planned-capacity", date=facts.date):
        goods[answer.row()][answer["material"].replace("-", " ")] = None
    products = {row: ", ".join(names) for row, names in goods.items()}
    quarters = {
        x.row(): x.number("value") * _FOR_YEAR[x["unit"]]
        for x in facts.ask("network-planned-capacity", date=facts.date)
        if x["unit"] in _FOR_YEAR and x["value"] and x["kind"] == OUTPUT
    }
    found: dict[tuple[str, str], list[Capacity]] = defaultdict(list)
    for figure in read_capacities(facts):
        if figure.country != asked.without:
            year = quarters.get(figure.row)
            told = figure.tonnes if year is None else exactly(year, figure.row)
            found[figure.facility, figure.stage].append(replace(figure, tonnes=told))
    return found, frozenset(quarters), products


def _place(stage: str) -> int:
    return [*STEPS].index(stage)
