"""How good the sources are that something drawn rests on, and what is left without the weaker.

A tier runs from 1 (primary: statute, ministry, filing, official statistics) to 4 (weak, inferred,
assumed). What is computed from several rows is as good as the worst of them; a row is as good as
the best of its sources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monazite.network.attributes import about, nodes_of
from monazite.parameters import TIERS

if TYPE_CHECKING:
    import networkx as nx

    from monazite.network.attributes import NetworkNode
    from monazite.network.shares import Split

WEAKEST = TIERS[-1]
_STATED_EACH = frozenset({"site", "firm", "rest"})
"""Kinds of which each row says that it is there; one good row is enough."""
_NEVER_WEAK = frozenset({"gap"})
"""A gap says that nothing is known, which no source has to say."""


def tier_of_row(evidence: Mapping[str, Any], row: str) -> int:
    """The tier of a row's best source; the weakest for an assumption or what has no source.

    >>> tier_of_row({"a": {"sources": [{"tier": 3}, {"tier": "2"}]}}, "a")
    2
    """
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
    """The shares of a stage with their tiers, so that a page can leave out the weaker.

    ``shares`` are (country, share, tier, what the number is where it is not measured of the element
    alone), the largest first; ``base`` is the tier of what they are
    divided by: 1 where each is printed as a share of the world and stands by itself.
    """

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
    """A stage as sources within a tier tell it; ``None`` is not known, or an open end of the index.

    ``figure`` is what the leader's share is where it is not measured of the element alone.
    """

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
    """Leave out what rests on weaker sources, as the page's script does.

    A dropped country joins what nobody splits. Where more than half is not split there is no
    index, and where the base itself rests on a weaker source, nothing is known.

    >>> thirds = (("A", 0.6, 1, ""), ("B", 0.4, 3, ""))
    >>> figures = StageFigures("mine", "Mine", 2024, "world", 1, thirds, 0.0, False)
    >>> within(figures, 3).hhi, within(figures, 2).hhi, within(figures, 2).hhi_high
    (5200.0, 3600.0, 5200.0)
    """
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
