"""The shares and the concentration of each stage, as the graph page tells and recomputes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monazite.core import formats
from monazite.core.formats import NOT_KNOWN, between, marked, visible, whole
from monazite.data.parameters import TIERS
from monazite.model.network.attributes import about, nodes_of
from monazite.model.wording import RECONCILED
from monazite.report.drawing.lettering import bounded_percent

if TYPE_CHECKING:
    import networkx as nx

    from monazite.analysis.concentration.by_year import ConcentrationYear
    from monazite.analysis.concentration.shares import StageShares
    from monazite.model.network.attributes import NetworkNode
    from monazite.model.network.shares import Split

WEAKEST = TIERS[-1]
_STATED_EACH = frozenset({"site", "firm", "rest"})  # one good row of these is enough
_NEVER_WEAK = frozenset({"gap"})  # A gap says that nothing is known, which no source has to say


def tier_of_row(evidence: Mapping[str, Any], row: str) -> int:
    """The tier of a row's best source; the weakest for an assumption or what has no source."""
    sources = (evidence.get(row) or {}).get("sources") or ()
    known = {str(tier): tier for tier in TIERS}
    tiers = [known[found] for source in sources if (found := str(source.get("tier"))) in known]
    return min(tiers, default=WEAKEST)


def tier_of(evidence: Mapping[str, Any], rows: object, *, best: bool = False) -> int:
    """The tier of what rests on all of these rows, or, with ``best``, on any of them."""
    keys = [rows] if isinstance(rows, str) else rows if isinstance(rows, tuple | list) else ()
    tiers = [tier_of_row(evidence, str(row)) for row in keys]
    return (min if best else max)(tiers, default=WEAKEST)


def tier_of_node(evidence: Mapping[str, Any], node: NetworkNode) -> int:
    """The tier of what a card shows: that a site is there, or how much a country makes."""
    if node.kind in _NEVER_WEAK:
        return 1
    return tier_of(evidence, node.rows, best=node.kind in _STATED_EACH)


@dataclass(frozen=True)
class StageFigures:
    """Shares of a stage (country, share, tier, figure); ``base`` is the divisor's tier."""

    stage: str
    label: str
    year: int
    denominator: str
    base: int
    shares: tuple[tuple[str, float, int, str], ...]
    rest: float
    wider: bool


@dataclass(frozen=True)
class RemainingFigures:
    """A stage as sources within a tier tell it; None is not known, or an open end of the index."""

    leader: str | None
    share: float | None
    hhi: float | None
    hhi_high: float | None
    countries: int
    figure: str = ""


def stage_figures(network: nx.MultiDiGraph[Any]) -> list[StageFigures]:
    """The shares of each stage that rows split into countries."""
    evidence = about(network).evidence
    labels = {
        str(node.country): str(node.country_label or node.country) for node in nodes_of(network)
    }
    splits = about(network).splits
    return [
        _figures(splits[str(code)], str(label), evidence, labels)
        for code, label in about(network).stages
        if str(code) in splits
    ]


def _figures(
    split: Split, label: str, evidence: Mapping[str, Any], labels: Mapping[str, str]
) -> StageFigures:
    shares = [
        (labels.get(place, place), share.share, tier_of(evidence, share.rows), share.figure)
        for place, share in split.shares.items()
    ]
    if split.denominator == "line sum":
        rows: Sequence[str] = [row for share in split.shares.values() for row in share.rows]
        base = tier_of(evidence, [*rows, *split.rest_rows])
    else:
        base = tier_of(evidence, split.total_rows) if split.total_rows else 1
    return StageFigures(
        stage=split.stage,
        label=label,
        year=split.year,
        denominator=split.denominator,
        base=base,
        shares=tuple(sorted(shares, key=lambda each: (-each[1], each[0]))),
        rest=split.rest,
        wider=split.rank > 1,
    )


def within(figures: StageFigures, tier: int) -> RemainingFigures:
    """Leave out what rests on weaker sources; no index where over half is not split."""
    kept = [each for each in figures.shares if each[2] <= tier]
    told = " ".join(figure for *_, figure in kept)
    if figures.base > tier or not kept:
        return RemainingFigures(None, None, None, None, 0)
    unsplit = figures.rest + sum(share for _, share, of, _ in figures.shares if of > tier)
    index = _index(share for _, share, *_ in kept)
    name, share, _, figure = kept[0]
    leads = share >= unsplit
    known = unsplit <= 0.5
    return RemainingFigures(
        leader=name if leads else None,
        share=share if leads else None,
        hhi=index if known and "upper bound" not in told else None,
        hhi_high=index + _index([unsplit]) if known and "lower bound" not in told else None,
        countries=sum(share > 0 for _, share, *_ in kept),
        figure=figure if leads else "",
    )


def _index(shares: Iterable[float]) -> float:
    return round(sum((100 * share) ** 2 for share in shares), 6)


_SPLIT = 0.5  # An index is a point where it and its upper end print alike, so near


def stage_line(figures: StageFigures, tier: int = WEAKEST) -> dict[str, str]:
    """A stage in words, as sources within a tier tell it; the page's script says the same."""
    left = within(figures, tier)
    return {
        "stage": figures.stage,
        "label": visible(figures.label),
        "year": str(figures.year),
        "leader": visible(left.leader) or NOT_KNOWN,
        "share": marked(bounded_percent(left.share, left.figure), left.figure),
        "hhi": index_words(left.hhi, left.hhi_high),
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
            "hhi": formats.index_words(each.hhi, each.hhi_low, each.hhi_high),
            "others": "; ".join(_other(other) for other in each.others),
        }
        for each in stages
        if each.basis == RECONCILED
    ]


def _other(other: StageShares) -> str:
    share = bounded_percent(other.share, other.figure)
    return f"{visible(other.leader)} {share}: {visible(other.why)}"


def index_words(low: float | None, high: float | None) -> str:
    """The index, or between which two numbers it lies; one end alone is that of a bound.

    >>> index_words(3600.0, 5200.0), index_words(None, 9980.0)
    ('3,600 to 5,200', 'up to 9,980')
    """
    if low is None or high is None:
        return formats.index_words(None, low, high)
    return whole(low) if high - low < _SPLIT else between(low, high, whole)


def earlier_lines(network: nx.MultiDiGraph[Any]) -> list[dict[str, str]]:
    """Who led each stage in earlier years, in words, the last year of a stage first."""
    labels = {str(code): visible(label) for code, label in about(network).stages}
    order = [*labels]

    def rank(line: ConcentrationYear) -> tuple[int, int]:
        return order.index(line.stage) if line.stage in labels else len(order), -line.year

    lines = []
    for line in sorted(about(network).series, key=rank):
        known = line.hhi is not None or None in (line.hhi_low, line.hhi_high)
        low, high = (line.hhi_low, line.hhi_high) if known else (None, None)
        broken = visible(line.broken)
        apart = f"not comparable with the year before: {broken}" if line.broken else ""
        figure = line.leader_figure
        lines.append(
            {
                "label": labels.get(line.stage, visible(line.stage)),
                "year": str(line.year),
                "leader": visible(line.leader_label) or NOT_KNOWN,
                "share": marked(bounded_percent(line.share, figure), visible(figure)),
                "hhi": index_words(low, high),
                "countries": str(line.countries),
                "base": "; ".join(filter(None, (visible(line.denominator), apart))),
            }
        )
    return lines
