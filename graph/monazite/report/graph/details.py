"""What the details panel, the table and the list of facts say about each node and arc."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monazite.analysis.chokepoints.headline import loss_answer
from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.core.formats import NOT_KNOWN, amount, marked, number_of, visible, web_address
from monazite.data.roots import tier_word
from monazite.model.network.attributes import about, node_of
from monazite.model.wording import at_stage
from monazite.report.drawing.lettering import bounded_percent, percent
from monazite.report.graph.cards import is_reconciled
from monazite.report.graph.stage_panel import tier_of, tier_of_node
from monazite.report.graph.svg import market_name

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    import networkx as nx

    from monazite.analysis.chokepoints.figures import Chokepoint
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.model.network.attributes import NetworkNode
    from monazite.report.graph.cards import Card
    from monazite.report.graph.layout import Arc
    from monazite.report.graph.svg import NetworkPicture

_STEP = {"possible": 4.0, "part": 0.5, "domestic": 0.9}  # costs of steps; others cost 1


def steps_to(goals: Sequence[Hashable], arcs: Sequence[Arc]) -> Mapping[Hashable, str]:
    """The next arc from each node to the nearest goal; of equals the larger, then upper."""
    far = _distances(goals, arcs)
    chosen: dict[Hashable, tuple[tuple[float, float, int], str]] = {}
    for number, arc in enumerate(arcs):
        if arc.source in goals or arc.source not in far or arc.target not in far:
            continue
        quantity = number_of(arc.cells.quantity) or 0.0
        rank = far[arc.target] + _cost(arc), -quantity, number
        if arc.source not in chosen or rank < chosen[arc.source][0]:
            chosen[arc.source] = rank, arc.id
    return {node: arc for node, (_, arc) in chosen.items()}


def _distances(goals: Sequence[Hashable], arcs: Sequence[Arc]) -> Mapping[Hashable, float]:
    import networkx as nx

    back: nx.DiGraph[Hashable] = nx.DiGraph()
    back.add_nodes_from(goals)
    for arc in sorted(arcs, key=_cost, reverse=True):  # of parallel arcs the cheapest stays
        back.add_edge(arc.target, arc.source, weight=_cost(arc))
    if not goals:
        return {}
    return dict(nx.multi_source_dijkstra_path_length(back, set(goals)))


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
        pairs = [("Status", _status(cells)), ("Operator", operators)]
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
    stage = stages.get(card.stage, visible(card.stage))
    country = visible(cells.country_label) or visible(cells.country)
    quantity = amount(cells.quantity, cells.unit)
    zh = visible(cells.label_zh)
    share = number_of(cells.share)
    notes = [visible(cells.note)]
    notes += [visible(point.note), visible(point.remark)] if point else []
    own = numbers.of((*_each(cells.rows), *_each(cells.status_rows)))
    return {
        "id": card.id,
        "title": card.full_name,
        "zh": zh,
        "notes": list(dict.fromkeys(note for note in notes if note)),
        "facts": own,
        "loss_facts": [n for n in numbers.of(point.rows) if n not in own] if point else [],
        "assumed": numbers.of(point.assumptions) if point else [],
        "kind": card.kind.words,
        "stage": stage,
        "country": country,
        "status": visible(cells.status),
        "quantity": quantity or (NOT_KNOWN if card.kind.code == "country" else ""),
        "part": share,
        "loss": _loss(point) if point else "",
    }


def _status(cells: NetworkNode) -> str:
    status = visible(cells.status)
    return f"{status}, perhaps" if status and cells.status_sure == "perhaps" else status


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


def _loss(point: Chokepoint) -> str:
    return f"{percent(point.loss)}{_loss_range(point)}"


def _loss_range(point: Chokepoint) -> str:
    low, high = number_of(point.loss_low), number_of(point.loss_high)
    if point.loss is None or low is None or high is None or percent(low) == percent(high):
        return ""
    return f" (from {percent(low)} to {percent(high)})"


def _reconciled(point: Chokepoint) -> str:
    if point.share is None:
        return ""
    return marked(at_stage(percent(point.share), point.share_at), visible(point.figure))


def _loss_pairs(point: Chokepoint | None, stages: Mapping[str, str]) -> list[tuple[str, str]]:
    if point is None:
        return []
    single = {True: "yes", False: "no", None: NOT_KNOWN}[point.dominator]
    home = "" if point.home_first is None else percent(point.home_first)
    return [
        ("Lost if it stops", _loss(point)),
        ("If producers serve home first", home),
        ("Share of the reconciled year", _reconciled(point)),
        ("What happens", visible(point.event)),
        ("Of the element alone", "" if point.alone is None else percent(point.alone)),
        ("What limits", _limits(point, stages)),
        ("Rank", "" if point.rank is None else str(point.rank)),
        ("On every known route", single),
    ]


def _limits(point: Chokepoint, stages: Mapping[str, str]) -> str:
    if not point.limited_by:
        return ""
    elements = " and ".join(map(visible, point.limited_by))
    stage = visible(stages.get(point.limited_at, point.limited_at)).lower()
    return f"{elements} at {stage}" if stage else elements


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


def answer(network: nx.MultiDiGraph[Any], findings: Chokepoints | None) -> str:
    """The page's first sentence: that of every other output on the same question."""
    if findings is None:
        return ""
    known = [point for point in findings.chokepoints if number_of(point.loss) is not None]
    if findings.base is not None or not known:
        told = replace(
            findings,
            title=visible(about(network).element_label) or findings.title,
            market_label=market_name(network, findings.market),
        )
        return visible(loss_answer(told).headline)
    top = min(known, key=_first)
    loss = f"{percent(top.loss)}{_loss_range(top)}"
    return f"The largest loss is {visible(top.label)}: its shutdown would take {loss}."


def _first(point: Chokepoint) -> tuple[int, bool, str]:
    """Largest whole percent first; of equals the stage before its country."""
    return -round(100 * (number_of(point.loss) or 0.0)), not point.stage, point.id
