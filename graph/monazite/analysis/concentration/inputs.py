"""The indices that people quote for a raw material as formulas, and the rows they are made from.

Shares run from 0 to 1, a governance risk from 0 to 10 with 10 as bad. *Recalled* equations were not
read in a text: hold them against the paper before quoting.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from math import fsum

from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.core.errors import MissingInputError
from monazite.core.results import Struct
from monazite.model.network.facts import Facts
from monazite.store.cards import figure_words
from monazite.store.queries import QueryRecord

BEST, WORST = 2.5, -2.5  # ends of the scale of the Worldwide Governance Indicators; high is good
MAX_RISK = 10.0  # a governance risk of the worst country
UNION_LIMIT = 0.65  # at most this part of the Union's consumption from one third country


def governance_risk(estimate: float) -> float:
    """Turn a governance estimate, -2.5 (bad) to 2.5, into a risk from 0 to 10, with 10 as bad.

    Recalled: European Commission, Methodology for establishing the EU list of critical raw
    materials: guidelines (2017).
    """
    within = min(BEST, max(WORST, estimate))
    return (BEST - within) / (BEST - WORST) * MAX_RISK


def weighted_hhi(shares: Mapping[str, float], risks: Mapping[str, float]) -> float:
    """Return ``sum of share^2 * risk``, 0 to 10, with a trade parameter of 1 (Ferro et al. 2020).

    Read. The parameter of the Commission's guidelines of 2017 is above 1 for export restrictions.
    """
    return fsum(share**2 * risks[place] for place, share in shares.items() if share)


def eu_supply_risk(
    world: float | None,
    union: float | None,
    import_reliance: float,
    recycling: float,
    substitution: float,
) -> float:
    """Return the supply risk of the European Commission's method of 2017; critical from 1 on.

    ``SR = [HHI_GS * IR / 2 + HHI_EU * (1 - IR / 2)] * (1 - EoL-RIR) * SI_SR``; with one of the two
    supplies known, that one alone. Recalled from the guidelines of 2017, and held against what the
    Commission's study of that year prints for each rare earth.
    """
    if world is not None and union is not None:
        half = import_reliance / 2
        mixed = world * half + union * (1 - half)
    else:
        mixed = world if world is not None else union or 0.0
    return mixed * (1 - recycling) * substitution


def geopolrisk(
    concentration: float, imports: Mapping[str, float], instability: Mapping[str, float]
) -> float:
    """Return the geopolitical supply risk of an importer, ``HHI * sum of g_i * f_i / F``.

    All parts of 1, without the importer's own output, which would be added to F. Read:
    documentation of geopolrisk-py, equation 1; Gemechu et al. 2015.
    """
    supply = fsum(imports.values())
    if supply <= 0:
        raise MissingInputError("The importer neither imports nor produces: nothing is weighed.")
    exposed = fsum(instability[place] * tonnes for place, tonnes in imports.items() if tonnes)
    return concentration * exposed / supply


def without_largest(supply: Mapping[str, float], demand: float, *, rest: float = 0.0) -> float:
    """Return the supply left without the largest supplier, over a demand: ``(S - S_max) / D``.

    Read in words in the IEA's Global Critical Minerals Outlook 2025; whose demand D is was not
    said.
    """
    if not supply or demand <= 0:
        raise MissingInputError(
            "Supply without the largest supplier needs a supplier and a demand."
        )
    return (fsum(supply.values()) + rest - max(supply.values())) / demand


READ, RECALLED = "read", "recalled"


class QuotedIndex(Struct):
    """One index of one stage; None is not known."""

    stage: str  #: mine, separation, metal, alloy or magnet
    index: str  #: its id, as ``hhi`` or ``geopolrisk``
    value: float | None  #: in its unit
    low: float | None  #: the least that the rows allow
    high: float | None  #: the most that they allow
    #: its scale: ``0 to 10,000``, ``0 to 10``, ``0 to 1``, or ``part``, which is 0 to 1 too
    unit: str
    year: int | None  #: of the shares or of the inputs
    basis: str  #: of the shares
    denominator: str  #: of the shares
    rows: tuple[str, ...]  #: that it rests on
    equation: str  #: whether it was read in a text or is recalled from the literature
    market: str = ""  #: whose index it is, the world's where blank
    missing: tuple[str, ...] = ()  #: the inputs without rows
    note: str = ""  #: what the number cannot tell
    #: what the shares are where they are not measured, or of several materials together
    figure: str = ""


def of_line(
    line: ConcentrationYear, index: str, unit: str, *found: float | None, note: str = ""
) -> QuotedIndex:
    """Return an index that rests on the shares of a stage and year: its value, low and high."""
    value, low, high = found or (None, None, None)
    missing: tuple[str, ...] = ()
    if value is None and index in {"hhi", "top-3"}:
        bound = None in (line.hhi_low, line.hhi_high) and bool(line.shares)
        missing = ("a share that is no bound",) if bound else ("shares of the rest",)
    return QuotedIndex(
        *(line.stage, index, value, low, high, unit),
        *(line.year, line.basis, line.denominator, line.rows, READ),
        missing=missing,
        note=note,
        figure=line.figure,
    )


class Risk(Struct):
    """The governance risk of a country, of the newest year that has a row."""

    risk: float
    year: int
    row: str


class WeightedIndex(Struct):
    """A governance-weighted concentration; no known risk counts as 0 in ``low``, 10 in ``high``."""

    value: float | None
    low: float
    high: float
    rows: tuple[str, ...]
    missing: tuple[str, ...]
    note: str


class PrintedIndex(Struct):
    """A number of an assessment; parts run from 0 to 1. ``low`` and ``high`` are its rounding."""

    value: float
    low: float
    high: float
    row: str


class Sourcing(Struct):
    """Parts of the Union's supply by country; ``figure`` says where they are of something wider."""

    basis: str
    year: int
    shares: Mapping[str, float]
    rows: tuple[str, ...]
    members: frozenset[str]
    figure: str = ""


class IndexInputs(Struct):
    """Rows about an element, and an importer, up to the day of its facts."""

    facts: Facts
    market: str

    @cached_property
    def _risks(self) -> Mapping[str, list[Risk]]:
        found: dict[str, list[Risk]] = defaultdict(list)
        for answer in self.facts.ask("network-governance", until=str(self.facts.year)):
            risk = governance_risk(answer.number("value"))
            found[answer["country"]].append(Risk(risk, answer.year(), answer.row()))
        return dict(found)

    def risk(self, country: str, year: int) -> Risk | None:
        """Return the risk of a country in a year, or of the newest year before it."""
        known = [risk for risk in self._risks.get(country, []) if risk.year <= year]
        return max(known, key=lambda risk: risk.year, default=None)

    def weigh(self, shares: Mapping[str, float], rest: float, year: int) -> WeightedIndex:
        """Weigh the squared shares of a year with political stability, the one dimension known."""
        known = {place: self.risk(place, year) for place, share in shares.items() if share > 0}
        risks = {place: risk for place, risk in known.items() if risk is not None}
        missing = sorted(set(known) - set(risks))
        weights = {place: risk.risk for place, risk in risks.items()}
        low = weighted_hhi({place: shares[place] for place in risks}, weights)
        worst = fsum(shares[place] ** 2 for place in missing) + rest**2
        return WeightedIndex(
            value=None if missing else low,
            low=low,
            high=low + worst * MAX_RISK,
            rows=tuple(sorted(risk.row for risk in risks.values())),
            missing=tuple(f"political stability of {place}" for place in missing),
            note=_years(risks.values(), year),
        )

    def printed(self, metric: str, edition: int, stage: str = "") -> PrintedIndex | None:
        """Return what the European assessment prints of the element in an edition."""
        for answer in self.facts.ask("network-assessments", element=self.facts.element.id):
            wanted = (answer["assessment"], answer["metric"], answer.integer("edition"))
            if wanted == ("eu-crm", metric, edition) and answer["stage"] == stage:
                in_percent = answer["printed"] == "percent"
                value = answer.number("value") / (100 if in_percent else 1)
                half = 0.005 if in_percent else 0.05  # whole percent, or one decimal
                high = min(1.0, value + half) if in_percent else value + half
                return PrintedIndex(value, max(0.0, value - half), high, answer.row())
        return None

    @property
    def _given(self) -> dict[str, str]:
        return {"element": self.facts.element.id, "until": str(self.facts.year)}

    def sourcing(self, stage: str) -> tuple[Sourcing, ...]:
        """Return the Union's supply at a stage: the newest year of each basis, use first."""
        groups: dict[tuple[str, int], list[QueryRecord]] = defaultdict(list)
        for answer in self.facts.ask("network-union-supply", **self._given):
            if answer["stage"] == stage:
                groups[answer["basis"], answer.year()].append(answer)
        found = []
        for basis, year in sorted(dict(sorted(groups)).items()):
            answers, shares = groups[basis, year], defaultdict[str, float](float)
            for answer in answers:
                part = answer.number("percent") / 100
                shares[answer["exporter"]] = max(part, shares[answer["exporter"]])
            members = frozenset(x["exporter"] for x in answers if x.flag("inUnion"))
            rows = tuple(sorted({answer.row() for answer in answers}))
            whole = next((answer["proxyOf"] for answer in answers if answer["proxyOf"]), "")
            figure = figure_words({answer["figureKind"] for answer in answers}, whole)
            found.append(Sourcing(basis, year, dict(shares), rows, members, figure))
        return tuple(found)

    def demand(self, stage: str, place: str, year: int, basis: str) -> tuple[float, str] | None:
        """Return the demand of a place in tonnes, and its row; the last row where several say."""
        wanted = (stage, place, str(year), basis)
        for answer in reversed(self.facts.ask("network-demand", **self._given)):
            if (answer["stage"], answer["place"], answer["year"], answer["basis"]) == wanted:
                return answer.number("tonnes"), answer.row()
        return None

    @cached_property
    def reliance(self) -> tuple[QueryRecord, ...]:
        """Printed net import reliance of the United States, with output, imports and exports."""
        given = {"importer": "USA", "until": str(self.facts.year)}
        return self.facts.ask("network-import-reliance", **given)


def _years(risks: Iterable[Risk], year: int) -> str:
    """Say of which year the weights are, and by which method."""
    years = sorted({risk.year for risk in risks})
    if not years:
        return ""
    said = f"Weights of {' and '.join(map(str, years))}" if years != [year] else ""
    method = "by the method revised from 2023 on, which does not compare with weights before"
    if years[-1] >= 2023:
        said = f"{said or 'Weights'} {method}"
    return f"{said}." if said else ""
