"""What the details panel, the table and the list of facts say about each node and arc."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monazite.pages.palette import kind_of
from monazite.pages.picture import market_name
from monazite.pages.words import NOT_KNOWN, amount, number_of, percent, visible, web_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx

    from monazite.findings.finding import Chokepoint, Chokepoints
    from monazite.pages.arcs import Arc
    from monazite.pages.cards import Card
    from monazite.pages.picture import Picture

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
    network: nx.MultiDiGraph[Any], picture: Picture, findings: Chokepoints | None
) -> tuple[list[Details], list[Details], list[Details]]:
    """The details of every node, of every arc, and the numbered facts they cite."""
    numbers = FactNumbers()
    stages = {column.code: column.label for column in picture.layout.columns}
    assumed = {item.row: item.text for item in findings.assumptions} if findings else {}
    nodes = []
    for card in picture.cards:
        point = picture.points.get(card.node)
        cells = network.nodes[card.node]
        nodes.append(_node_details(card, cells, stages, point, numbers))
    by_node = {card.node: card for card in picture.cards}
    arcs = [
        _arc_details(arc, by_node[arc.source], by_node[arc.target], numbers) for arc in picture.arcs
    ]
    evidence = network.graph.get("evidence") or {}
    facts = [
        _fact(row, number, evidence.get(row) or {}, assumed.get(row))
        for row, number in numbers.numbers.items()
    ]
    return nodes, arcs, facts


def _node_details(
    card: Card,
    cells: Mapping[str, Any],
    stages: Mapping[str, str],
    point: Chokepoint | None,
    numbers: FactNumbers,
) -> Details:
    stage = stages.get(card.stage, visible(card.stage))
    country = visible(cells.get("country_label")) or visible(cells.get("country"))
    quantity = amount(cells.get("quantity"), cells.get("unit"))
    zh = visible(cells.get("label_zh"))
    share = number_of(cells.get("share"))
    notes = [visible(cells.get("note")), visible(point.note) if point else ""]
    own = numbers.of(cells.get("rows"))
    pairs = [("Kind", card.kind.words), ("Stage", stage), ("Country", country)]
    pairs += [*_quantity_pairs(card, cells, quantity), *_loss_pairs(point)]
    return {
        "id": card.id,
        "title": card.full_name,
        "zh": zh,
        "pairs": [list(pair) for pair in pairs if pair[1]],
        "notes": list(dict.fromkeys(note for note in notes if note)),
        "facts": own,
        "loss_facts": [n for n in numbers.of(point.rows) if n not in own] if point else [],
        "assumed": numbers.of(point.assumptions) if point else [],
        "find": f"{card.full_name} {zh} {country}".lower(),
        "kind": card.kind.words,
        "stage": stage,
        "country": country,
        "quantity": quantity,
        "share": "" if share is None else percent(share),
        "loss": _loss(point) if point else "",
    }


def _quantity_pairs(card: Card, cells: Mapping[str, Any], quantity: str) -> list[tuple[str, str]]:
    share = number_of(cells.get("share"))
    coverage = number_of(cells.get("coverage"))
    return [
        ("Quantity", quantity or (NOT_KNOWN if card.kind.code == "country" else "")),
        ("Basis", visible(cells.get("basis"))),
        ("Year", visible(cells.get("year"))),
        ("Share of the world at this stage", "" if share is None else percent(share)),
        ("Explained by known sites", "" if coverage is None else percent(coverage)),
        ("Missing", visible(cells.get("text"))),
    ]


def _loss(point: Chokepoint) -> str:
    """The loss with its range, where the rows disagree."""
    return f"{percent(point.loss)}{_loss_range(point)}"


def _loss_range(point: Chokepoint) -> str:
    low, high = number_of(point.loss_low), number_of(point.loss_high)
    if point.loss is None or low is None or high is None or percent(low) == percent(high):
        return ""
    return f" (from {percent(low)} to {percent(high)})"


def _loss_pairs(point: Chokepoint | None) -> list[tuple[str, str]]:
    if point is None:
        return []
    single = {True: "yes", False: "no", None: NOT_KNOWN}[point.dominator]
    return [
        ("Lost if it stops", _loss(point)),
        ("Rank", "" if point.rank is None else str(point.rank)),
        ("On every known route", single),
    ]


def _arc_details(arc: Arc, source: Card, target: Card, numbers: FactNumbers) -> Details:
    cells = arc.cells
    quantity = amount(cells.get("quantity"), cells.get("unit"))
    pairs = [
        ("From", source.full_name),
        ("To", target.full_name),
        ("Kind", arc.line.words),
        ("Material", visible(cells.get("material"))),
        ("Quantity", quantity or ("" if arc.line.code == "part" else NOT_KNOWN)),
        ("Year", visible(cells.get("year"))),
    ]
    name = visible(cells.get("label")) or visible(cells.get("material")) or arc.line.words
    note = visible(cells.get("note"))
    return {
        "id": arc.id,
        "title": name,
        "zh": "",
        "pairs": [list(pair) for pair in pairs if pair[1]],
        "notes": [note] if note else [],
        "facts": numbers.of(cells.get("rows")),
        "loss_facts": [],
        "assumed": [],
        "kind": arc.line.words,
        "source": source.full_name,
        "target": target.full_name,
        "material": visible(cells.get("material")),
        "quantity": quantity,
        "year": visible(cells.get("year")),
    }


def _fact(row: str, number: int, evidence: Mapping[str, Any], assumed: str | None) -> Details:
    text = visible(evidence.get("text")) or visible(assumed) or f"Row {visible(row)}"
    return {
        "number": number,
        "text": text,
        "assumed": assumed is not None,
        "row": visible(row),
        "sources": [_source(source) for source in evidence.get("sources") or ()],
    }


def _source(source: Mapping[str, Any]) -> Details:
    tier = visible(source.get("tier"))
    return {
        "publisher": visible(source.get("publisher")),
        "title": visible(source.get("title")) or "Untitled",
        "published": visible(source.get("published")),
        "tier": f"tier {tier}" if tier else "",
        "url": web_address(source.get("url")),
        "address": visible(source.get("url")),
    }


def answer(network: nx.MultiDiGraph[Any], findings: Chokepoints | None) -> str:
    """The page's first sentence: the largest known loss, or that none is known."""
    if findings is None:
        return ""
    element = visible(network.graph.get("element_label") or findings.element)
    subject = f"{element} for {market_name(network, findings.market)}"
    known = [point for point in findings.chokepoints if number_of(point.loss) is not None]
    if not known:
        return f"{subject}: what is lost if one link stops is {NOT_KNOWN}."
    top = min(known, key=lambda point: (-(number_of(point.loss) or 0.0), point.id))
    stages = {str(code): visible(label) for code, label in network.graph.get("stages") or ()}
    stage = stages.get(top.stage, visible(top.stage)).lower()
    name = visible(top.label)
    where = name if not stage or stage in name.lower() else f"{name} at {stage}"
    return (
        f"{subject}: the largest loss is {where}: "
        f"{percent(top.loss)} of {_what(findings)} is lost if it stops{_loss_range(top)}."
    )


def _what(findings: Chokepoints) -> str:
    return "supply" if findings.base is None else findings.base.product


def legend_kinds(network: nx.MultiDiGraph[Any]) -> list[str]:
    """The kinds of node that this network has."""
    return sorted({kind_of(cells.get("kind")).code for _, cells in network.nodes(data=True)})
