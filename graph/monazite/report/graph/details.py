"""What the panel, the tables and the list of facts say of nodes, arcs and the shares of stages."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import networkx as nx

from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import OTHER_FIGURE, ConcentrationYear
from monazite.analysis.concentration.shares import StageShares
from monazite.core import formats
from monazite.core.formats import (
    NOT_KNOWN,
    amount,
    between,
    marked,
    number_of,
    visible,
    web_address,
    whole,
)
from monazite.core.results import Struct
from monazite.data.parameters import TIERS
from monazite.data.sameness import tier_word
from monazite.model.network.attributes import NetworkNode, about, node_of, nodes_of
from monazite.model.network.shares import Split
from monazite.model.wording import RECONCILED, at_stage
from monazite.report.drawing.lettering import bounded_percent, percent
from monazite.report.graph.cards import Card, is_reconciled
from monazite.report.graph.layout import Arc
from monazite.report.graph.svg import NetworkPicture, loss_range, lost_words

WEAKEST = TIERS[-1]
_STATED_EACH = frozenset({"site", "firm", "rest"})  # one good row of these is enough
_NEVER_WEAK = frozenset({"gap"})  # A gap says that nothing is known, which no source has to say


def tier_of(evidence: Mapping[str, Any], rows: object, *, best: bool = False) -> int:
    """The tier of what rests on all of these rows, or, with ``best``, on any of them.

    That of a row is its best source's; the weakest for an assumption or what has no source.
    """
    known, tiers = {str(tier): tier for tier in TIERS}, []
    for row in [rows] if isinstance(rows, str) else _each(rows):
        told = ((evidence.get(str(row)) or {}).get("sources")) or ()
        found = [known[x] for source in told if (x := str(source.get("tier"))) in known]
        tiers.append(min(found, default=WEAKEST))
    return (min if best else max)(tiers, default=WEAKEST)


def tier_of_node(evidence: Mapping[str, Any], node: NetworkNode) -> int:
    """The tier of what a card shows: that a site is there, or how much a country makes."""
    if node.kind in _NEVER_WEAK:
        return 1
    return tier_of(evidence, node.rows, best=node.kind in _STATED_EACH)


class StageFigures(Struct):
    """Shares of a stage (country, share, tier, figure); ``base`` is the divisor's tier."""

    stage: str
    label: str
    year: int
    denominator: str
    base: int
    shares: tuple[tuple[str, float, int, str], ...]
    rest: float
    wider: bool


class RemainingFigures(Struct):
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
            "others": "; ".join(
                f"{visible(x.leader)} {bounded_percent(x.share, x.figure)}: {visible(x.why)}"
                for x in each.others
            ),
        }
        for each in stages
        if each.basis == RECONCILED
    ]


def index_words(low: float | None, high: float | None) -> str:
    """The index, or between which two numbers it lies; one end alone is that of a bound."""
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


_STEP = {"possible": 4.0, "part": 0.5, "domestic": 0.9}  # costs of steps; others cost 1


def steps_to(goals: Sequence[Hashable], arcs: Sequence[Arc]) -> Mapping[Hashable, str]:
    """The next arc from each node to the nearest goal; of equals the larger, then upper."""
    back: nx.DiGraph[Hashable] = nx.DiGraph()
    back.add_nodes_from(goals)
    for arc in sorted(arcs, key=_cost, reverse=True):  # of parallel arcs the cheapest stays
        back.add_edge(arc.target, arc.source, weight=_cost(arc))
    far = dict(nx.multi_source_dijkstra_path_length(back, set(goals))) if goals else {}
    chosen: dict[Hashable, tuple[tuple[float, float, int], str]] = {}
    for number, arc in enumerate(arcs):
        if arc.source in goals or arc.source not in far or arc.target not in far:
            continue
        quantity = number_of(arc.cells.quantity) or 0.0
        rank = far[arc.target] + _cost(arc), -quantity, number
        if arc.source not in chosen or rank < chosen[arc.source][0]:
            chosen[arc.source] = rank, arc.id
    return {node: arc for node, (_, arc) in chosen.items()}


def _cost(arc: Arc) -> float:
    return _STEP.get(arc.line.code, 1.0)


Details = dict[str, Any]


class FactNumbers:
    """Numbers the rows in the order in which the page first needs them."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, rows: object) -> list[int]:
        """The numbers of these rows, each once, in their order."""
        keys = [rows] if isinstance(rows, str) else list(_each(rows))
        return [
            self.numbers.setdefault(str(row), len(self.numbers) + 1) for row in dict.fromkeys(keys)
        ]


def _each(rows: object) -> Iterable[object]:
    return rows if isinstance(rows, tuple | list) else ()


def describe_all(
    network: nx.MultiDiGraph[Any], picture: NetworkPicture, findings: Chokepoints | None
) -> tuple[list[Details], list[Details], list[Details], list[Details]]:
    """The details of every node, of every arc, the facts they cite, the sources of these."""
    numbers = FactNumbers()
    stages = {column.code: column.label for column in picture.layout.columns}
    assumed = {item.row: item.text for item in findings.assumptions} if findings else {}
    evidence = about(network).evidence
    markets = [card.node for card in picture.cards if card.kind.code == "market"]
    every = [*picture.arcs, *picture.hidden]
    steps = steps_to(markets, [arc for arc in every if not arc.cells.joined])
    shown = picture.folded.network
    reconciled = is_reconciled(picture.points.values())
    policies = about(network).policies
    nodes = []
    for card in picture.all_cards:
        point = picture.points.get(card.node)
        cells = node_of(shown if card.node in shown else network, card.node)
        entry = _node_details(card, cells, stages, point, numbers)
        operators = "; ".join(visible(label) for _, label in cells.operators)
        status = visible(cells.status)
        status += ", perhaps" if status and cells.status_sure == "perhaps" else ""
        pairs = [("Status", status), ("Operator", operators)]
        pairs += [*_quantity_pairs(cells, reconciled=reconciled), *_loss_pairs(point, stages)]
        entry["pairs"] = [list(pair) for pair in pairs if pair[1]]
        printed = _share(cells)
        if reconciled and printed:  # which is another figure than that of the reconciled year
            own = _reconciled(point) if point else ""
            printed = "; ".join(filter(None, (own, f"{OTHER_FIGURE} {printed}")))
        entry["share"] = printed
        entry["tier"] = tier_of_node(evidence, cells)
        entry["next"] = steps.get(card.node)
        entry["policies"] = _policies(cells.policies, policies, numbers)
        nodes.append(entry)
    by_node = {card.node: card for card in picture.all_cards}
    arcs = []
    for arc in every:
        entry = _arc_details(arc, by_node[arc.source], by_node[arc.target], numbers)
        entry["tier"] = tier_of(evidence, arc.cells.rows)
        entry["policies"] = _policies(arc.cells.policies, policies, numbers)
        arcs.append(entry)
    sources: dict[tuple[object, ...], Details] = {}
    facts = [
        _fact(row, number, evidence.get(row) or {}, assumed.get(row), sources)
        for row, number in numbers.numbers.items()
    ]
    return nodes, arcs, facts, list(sources.values())


def _node_details(
    card: Card,
    cells: NetworkNode,
    stages: Mapping[str, str],
    point: Chokepoint | None,
    numbers: FactNumbers,
) -> Details:
    quantity = amount(cells.quantity, cells.unit)
    notes = [visible(cells.note)]
    notes += [visible(point.note), visible(point.remark)] if point else []
    own = numbers.of((*_each(cells.rows), *_each(cells.status_rows)))
    return {
        "id": card.id,
        "title": card.full_name,
        "zh": visible(cells.label_zh),
        "notes": list(dict.fromkeys(note for note in notes if note)),
        "facts": own,
        "loss_facts": [n for n in numbers.of(point.rows) if n not in own] if point else [],
        "assumed": numbers.of(point.assumptions) if point else [],
        "kind": card.kind.words,
        "stage": stages.get(card.stage, visible(card.stage)),
        "country": visible(cells.country_label) or visible(cells.country),
        "status": visible(cells.status),
        "quantity": quantity or (NOT_KNOWN if card.kind.code == "country" else ""),
        "part": number_of(cells.share),
        "loss": lost_words(point) if point else "",
    }


def _policies(ids: object, policies: Mapping[str, Any], numbers: FactNumbers) -> list[Details]:
    bound = [policies[str(name)] for name in _each(ids) if name in policies]
    return [
        {
            "title": visible(policy["title"]),
            "state": visible(policy["state"]),
            "in_force": bool(policy["in_force"]),
            "kind": visible(policy["kind"]).replace("-", " "),
            "remarks": [visible(remark) for remark in policy["remarks"]],
            "facts": numbers.of(policy["rows"]),
        }
        for policy in sorted(bound, key=lambda policy: not policy["in_force"])
    ]


def _quantity_pairs(cells: NetworkNode, *, reconciled: bool) -> list[tuple[str, str]]:
    coverage = number_of(cells.coverage)
    printed = "Share of the world as records print it"
    return [
        ("Basis", visible(cells.basis).replace("-", " ")),
        ("Year", visible(cells.year)),
        (
            f"{OTHER_FIGURE.capitalize()}: {printed.lower()}" if reconciled else printed,
            _share(cells),
        ),
        ("Explained by known sites", "" if coverage is None else percent(coverage)),
        ("Missing", visible(cells.text)),
    ]


def _share(cells: NetworkNode) -> str:
    share, low, high = map(number_of, (cells.share, cells.share_low, cells.share_high))
    if share is None:
        return ""
    figure = visible(cells.kind_of_figure)
    told = [figure] if figure else []
    if low is not None and high is not None and percent(low) != percent(high):
        told.append(f"records print {percent(low)} to {percent(high)}")
    return marked(bounded_percent(share, figure), "; ".join(told))


def _reconciled(point: Chokepoint) -> str:
    if point.share is None:
        return ""
    return marked(at_stage(percent(point.share), point.share_at), visible(point.figure))


def _loss_pairs(point: Chokepoint | None, stages: Mapping[str, str]) -> list[tuple[str, str]]:
    if point is None:
        return []
    single = {True: "yes", False: "no", None: NOT_KNOWN}[point.dominator]
    home = "" if point.home_first is None else percent(point.home_first)
    limits = ""
    if point.limited_by:
        limits = " and ".join(map(visible, point.limited_by))
        stage = visible(stages.get(point.limited_at, point.limited_at)).lower()
        limits += f" at {stage}" if stage else ""
    return [
        ("Lost in the first year if it stops", point.first_year_cell),
        ("Lost for good", f"{percent(point.told)}{loss_range(point)}"),
        ("If producers serve home first", home),
        ("Share of the reconciled year", _reconciled(point)),
        ("What happens", visible(point.event)),
        ("What limits", limits),
        ("Rank", "" if point.rank is None else str(point.rank)),
        ("On every known route", single),
    ]


def _arc_details(arc: Arc, source: Card, target: Card, numbers: FactNumbers) -> Details:
    cells = arc.cells
    quantity = amount(cells.quantity, cells.unit)
    name = visible(cells.label) or visible(cells.material) or arc.line.words
    note = visible(cells.note)
    return {
        "id": arc.id,
        "title": name,
        "zh": "",
        "notes": [note] if note else [],
        "facts": numbers.of(cells.rows),
        "loss_facts": [],
        "assumed": [],
        "joined": bool(cells.joined),
        "kind": arc.line.words,
        "source": source.full_name,
        "target": target.full_name,
        "material": visible(cells.material),
        "elements": [visible(element) for element in cells.elements],
        "quantity": quantity or ("" if arc.line.code == "part" else NOT_KNOWN),
        "year": visible(cells.year),
    }


def slim(entries: Iterable[Details]) -> list[Details]:
    """Details as the script reads them: without what is empty, and what only the tables need."""
    return [
        {
            key: value
            for key, value in entry.items()
            if key not in {"source", "target"} and value not in ("", [], None, False)
        }
        for entry in entries
    ]


def _fact(
    row: str,
    number: int,
    evidence: Mapping[str, Any],
    assumed: str | None,
    sources: dict[tuple[object, ...], Details],
) -> Details:
    """A row in words; its sources are numbered in the order in which facts first cite them."""
    told = []
    for source in evidence.get("sources") or ():
        said = {
            "publisher": visible(source.get("publisher")),
            "title": visible(source.get("title")) or "Untitled",
            "published": visible(source.get("published")),
            "tier": tier_word(visible(source.get("tier"))),
            "url": web_address(source.get("url")),
            "address": visible(source.get("url")),
        }
        held = sources.setdefault((*said.values(),), {"number": len(sources) + 1, **said})
        told.append(held["number"])
    return {
        "number": number,
        "text": visible(evidence.get("text")) or visible(assumed) or f"Record {visible(row)}",
        "assumed": assumed is not None,
        "row": visible(row),
        "sources": told,
    }
