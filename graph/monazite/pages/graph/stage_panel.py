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
    """The stages that a reconciled year follows, in words, with why printed shares differ."""
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


def earlier_lines(network: nx.MultiDiGraph[Any]) -> list[dict[str, str]]:
    """Who led each stage in earlier years, in words, the last year of a stage first."""
    labels = {str(code): visible(label) for code, label in about(network).stages}
    order = [*labels]

    def rank(line: ConcentrationYear) -> tuple[int, int]:
        return order.index(line.stage) if line.stage in labels else len(order), -line.year

    return [
        {
            "label": labels.get(line.stage, visible(line.stage)),
            "year": str(line.year),
            "leader": visible(line.leader_label) or NOT_KNOWN,
            "share": marked(
                bounded_percent(line.share, line.leader_figure), visible(line.leader_figure)
            ),
            "hhi": index_words(_left_of(line)),
            "countries": str(line.countries),
            "base": "; ".join(filter(None, (visible(line.denominator), _break_of(line)))),
        }
        for line in sorted(about(network).series, key=rank)
    ]


def _break_of(line: ConcentrationYear) -> str:
    """Why a year is not comparable with the one before; nothing where it is."""
    return f"not comparable with the year before: {visible(line.broken)}" if line.broken else ""


def _left_of(line: ConcentrationYear) -> RemainingFigures:
    """The index of a year, or the one end that a bound leaves; where neither is known, nothing."""
    known = line.hhi is not None or None in (line.hhi_low, line.hhi_high)
    low, high = (line.hhi_low, line.hhi_high) if known else (None, None)
    return RemainingFigures(line.leader_label, line.share, low, high, line.countries)
