"""The shares and the concentration of each stage, as the graph page tells and recomputes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monazite import safe_text
from monazite.findings.wording import RECONCILED
from monazite.network.attributes import about
from monazite.pages.drawing.lettering import bounded_percent
from monazite.pages.graph.source_tiers import (
    WEAKEST,
    RemainingFigures,
    StageFigures,
    tier_of,
    within,
)
from monazite.safe_text import NOT_KNOWN, marked, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

    from monazite.findings.shares.by_year import ConcentrationYear
    from monazite.findings.shares.concentration import StageShares

_SPLIT = 0.5
"""An index is a point where it and its upper end print alike, so near."""


def stage_line(figures: StageFigures, tier: int = WEAKEST) -> dict[str, str]:
    """A stage in words, as sources within a tier tell it; the page's script says the same."""
    left = within(figures, tier)
    return {
        "stage": figures.stage,
        "label": visible(figures.label),
        "year": str(figures.year),
        "leader": visible(left.leader) or NOT_KNOWN,
        "share": marked(bounded_percent(left.share, left.figure), left.figure),
        "hhi": index_words(left),
        "countries": str(left.countries),
        "base": visible(figures.denominator),
        "wider": "yes" if figures.wider else "",
    }


def reconciled_lines(
    stages: Iterable[StageShares], labels: Mapping[str, str]
) -> list[dict[str, str]]:
    """The stages that a reconciled year follows, in words, with why printed shares differ.

    Args:
        stages: as the chokepoint report has them.
        labels: names of the stages.
    """
    return [
        {
            "label": visible(labels.get(each.stage, each.stage)),
            "year": str(each.year),
            "leader": visible(each.leader),
            "share": marked(bounded_percent(each.share, each.figure), each.figure),
            "hhi": safe_text.index_words(each.hhi, each.hhi_low, each.hhi_high),
            "others": "; ".join(_other(other) for other in each.others),
        }
        for each in stages
        if each.basis == RECONCILED
    ]


def _other(other: StageShares) -> str:
    share = bounded_percent(other.share, other.figure)
    return f"{visible(other.leader)} {share}: {visible(other.why)}"


def index_words(left: RemainingFigures) -> str:
    """The index, or between which two numbers it lies.

    >>> index_words(RemainingFigures("A", 0.6, 5200.0, 5200.0, 2))
    '5,200'
    >>> index_words(RemainingFigures(None, None, None, None, 0))
    'not known'
    >>> index_words(RemainingFigures("A", 0.6, 3600.0, 5200.0, 1))
    '3,600 to 5,200'
    >>> index_words(RemainingFigures("A", 0.999, None, 9980.0, 1))
    'up to 9,980'
    """
    if left.hhi is None or left.hhi_high is None:
        return safe_text.index_words(None, left.hhi, left.hhi_high)
    if left.hhi_high - left.hhi < _SPLIT:
        return f"{left.hhi:,.0f}"
    return f"{left.hhi:,.0f} to {left.hhi_high:,.0f}"


def series_block(network: nx.MultiDiGraph[Any]) -> dict[str, dict[str, Any]]:
    """Shares of earlier years by stage and year, where the page was written with them."""
    evidence = about(network).evidence
    found: dict[str, dict[str, Any]] = {}
    for line in about(network).series:
        found.setdefault(line.stage, {})[str(line.year)] = {
            "tier": tier_of(evidence, line.rows),
            "leader": visible(line.leader_label),
            "share": line.share,
            "hhi": line.hhi_low if _has_index(line) else None,
            "hhi_high": line.hhi_high if _has_index(line) else None,
            "figure": visible(line.leader_figure),
            "countries": line.countries,
            "base": visible(line.denominator),
            "broken": visible(line.broken),
            "note": visible(line.note),
            "shares": {visible(place): share for place, share in sorted(line.shares.items())},
            "figures": {visible(place): text for place, text in sorted(line.figures.items())},
        }
    return found


def _has_index(line: ConcentrationYear) -> bool:
    """Whether an index is told, or the one end that a bound leaves."""
    return line.hhi is not None or None in (line.hhi_low, line.hhi_high)


def years_of(series: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """The years of a series, in order."""
    return sorted({int(year) for years in series.values() for year in years})
