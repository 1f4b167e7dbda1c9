"""Known sites: what a facility makes at a stage, and how much of its country that explains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monazite.triples.records import QueryRecord

COMPARABLE = {
    "mine": {"reo"},
    "separation": {"reo", "element", "oxide"},
    "metal": {"metal"},
    "alloy": {"alloy"},
    "magnet": {"magnet", "magnet-blank", "magnet-finished"},
}
"""Bases that a stage's sites may be counted in; only equal bases are set side by side."""
OUTPUT, NAMEPLATE = "actual-output", "nameplate"


@dataclass(frozen=True)
class SiteFigure:
    """One annual figure of a facility."""

    facility: str
    stage: str
    kind: str
    year: int
    tonnes: float
    basis: str
    materials: frozenset[str]
    row: str


@dataclass(frozen=True)
class Site:
    """A facility at a stage, with its operators and the rows that say so."""

    facility: str
    label: str
    label_zh: str | None
    country: str
    country_label: str
    stage: str
    operators: tuple[tuple[str, str], ...]
    rows: tuple[str, ...]


def to_sites(answers: Iterable[QueryRecord], *, named: bool = True) -> list[Site]:
    """Convert answers of the query ``network-sites`` to sites, one a facility and stage."""
    grouped: dict[tuple[str, str], list[QueryRecord]] = defaultdict(list)
    for answer in answers:
        grouped[answer["facility"], answer["stage"]].append(answer)
    sites = []
    for (facility, stage), group in sorted(grouped.items()):
        first = group[0]
        zh = sorted({answer["labelZh"] for answer in group} - {""})
        operators = {
            (answer["operator"], answer["operatorLabel"])
            for answer in group
            if answer["operator"] and (named or answer.flag("dated"))
        }
        sites.append(
            Site(
                facility=facility,
                label=first["label"],
                label_zh=zh[0] if zh else None,
                country=first["country"],
                country_label=first["countryLabel"],
                stage=stage,
                operators=tuple(sorted(operators)),
                rows=tuple(sorted({answer.row() for answer in group})),
            )
        )
    return sites


def to_site_figures(answers: Iterable[QueryRecord]) -> list[SiteFigure]:
    """Convert answers of the query ``network-capacity`` to figures, one a row."""
    grouped: dict[str, list[QueryRecord]] = defaultdict(list)
    for answer in answers:
        grouped[answer["row"]].append(answer)
    figures = []
    for _, group in sorted(grouped.items()):
        first = group[0]
        tonnes = first.maybe_number("tonnes")
        if tonnes is None:
            tonnes = first.maybe_number("low")  # a range counts with its lower end
        if tonnes is not None:
            figures.append(
                SiteFigure(
                    facility=first["facility"],
                    stage=first["stage"],
                    kind=first["kind"],
                    year=first.year(),
                    tonnes=tonnes,
                    basis=first["basis"],
                    materials=frozenset(answer["material"] for answer in group),
                    row=first.row(),
                )
            )
    return figures


def site_quantity(
    figures: Iterable[SiteFigure], facility: str, stage: str, year: int, basis: str
) -> SiteFigure | None:
    """Choose the figure of a site: output of the year, of a neighbouring year, then nameplate.

    The rule is the modelling rule of the project: output is throughput, nameplate is capacity;
    a nameplate counts from its date until another; planned and target never count.

    >>> a = SiteFigure("x", "mine", "nameplate", 2018, 900.0, "reo", frozenset(), "r1")
    >>> b = SiteFigure("x", "mine", "actual-output", 2024, 700.0, "reo", frozenset(), "r2")
    >>> site_quantity([a, b], "x", "mine", 2025, "reo").row
    'r2'
    """
    mine = [
        figure
        for figure in figures
        if (figure.facility, figure.stage, figure.basis) == (facility, stage, basis)
    ]
    outputs = [f for f in mine if f.kind == OUTPUT and abs(f.year - year) <= 1]
    if outputs:
        return min(outputs, key=lambda f: (abs(f.year - year), -f.tonnes, f.row))
    plates = [f for f in mine if f.kind == NAMEPLATE and f.year <= year]
    return max(plates, key=lambda f: (f.year, f.tonnes, f.row), default=None)
