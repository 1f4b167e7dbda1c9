"""Centrality as tables, as CSV, and as the JSON that programs read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.findings.centrality.measures import DIGITS
from monazite.findings.losses.tables import ends, signed
from monazite.parameters import FLOW
from monazite.safe_text import percent, tonnes
from monazite.tables import NOT_KNOWN, Table
from monazite.triples.names import named

if TYPE_CHECKING:
    from monazite.findings.centrality.measures import CentralityMeasure
    from monazite.findings.centrality.over_years import CentralityOverYears
    from monazite.findings.centrality.result import Agreement, Centrality, CentralNode
    from monazite.findings.uncertainty.sampling import Percentiles

_WHAT = {"flow": "flows", "firms": "firms that supply each other", "policy": "acts of states"}


def centrality_tables(found: Centrality) -> list[Table]:
    """Return the nodes with their losses, and how far each measure agrees with these."""
    tables = [_nodes(found)]
    return [*tables, _agreements(found)] if found.agreements else tables


def title_of(found: Centrality) -> str:
    """Return what was measured, of what, for whom and when, as a heading."""
    when = found.year or found.day
    return f"{_of(found)}: centrality of {_WHAT[found.kind]}, {when}"


def _of(found: Centrality | CentralityOverYears) -> str:
    """The element, and the market where the graph knows one: firms and acts are of the world."""
    return f"{found.title} for {named(found.market_label)}" if found.kind == FLOW else found.title


def _nodes(found: Centrality) -> Table:
    measures, alone = found.measures, any(node.alone is not None for node in found.nodes)
    shown = [node for node in found.nodes if node.loss is not None or found.kind != "flow"]
    spans = found.draws is not None
    columns = [
        "what",
        *(name for each in measures for name in (each.column, *_span_column(each, spans))),
        *("loss", "range", *(["alone"] if alone else [])),
    ]
    rows = [
        [
            node.label,
            *(text for each in measures for text in _cells(node, each, spans)),
            *(signed(node.loss), _loss_range(node), *([signed(node.alone)] if alone else [])),
        ]
        for node in shown
    ]
    hidden = len(found.nodes) - len(shown)
    more = [f"{hidden} more without a loss, users among them, stand in JSON and CSV."]
    return Table(
        heading=title_of(found),
        columns=tuple(columns),
        rows=rows,
        remarks=(*found.said, *(more if hidden else ())),
        details=(*_of_draws(found), *found.notes),
        right=tuple(columns[1:]),
        keys=("alone",) if alone else (),
        spare=tuple(each.column for each in reversed(measures) if each.code != found.by),
    )


def _span_column(measure: CentralityMeasure, spans: bool) -> list[str]:
    return [f"{measure.column} 5-95 %"] if spans else []


def _cells(node: CentralNode, measure: CentralityMeasure, spans: bool) -> list[str]:
    value = node.measures.get(measure.code)
    text = NOT_KNOWN if value is None else number(value, measure)
    return [text, _span(node.ranges.get(measure.code), measure)] if spans else [text]


def number(value: float, measure: CentralityMeasure) -> str:
    """Return a measure as a cell has it."""
    if measure.unit == "t":
        return tonnes(value)
    if measure.code == "on_paths":
        return percent(value, narrow=True)
    return f"{value:.0f}" if value >= 1 else "0" if not value else f"{value:.3f}"


def _span(span: Percentiles | None, measure: CentralityMeasure) -> str:
    if span is None:
        return NOT_KNOWN
    low, high = number(span.low, measure), number(span.high, measure)
    return low if low == high else f"{low} to {high}"


def _loss_range(node: CentralNode) -> str:
    if node.loss_low is None or node.loss_high is None:
        return "not drawn" if node.loss is not None else NOT_KNOWN
    return ends(node.loss_low, node.loss_high)


def _of_draws(found: Centrality) -> Iterator[str]:
    if found.draws is None:
        if found.kind == "flow":
            yield "Range: of the loss, 5 to 95 %. Centrality: range not drawn; --draws N draws it."
        return
    made = found.draws
    kept = f"{made.count - made.rejected} of {made.count} random trials"
    yield f"Ranges: 5 to 95 % of {kept} (seed {made.seed})."


def _agreements(found: Centrality) -> Table:
    words = {each.code: each.words for each in found.measures}
    drawn = found.draws is not None
    return Table(
        heading="Is what is central what costs most? Rank correlation (Spearman), -1 to 1",
        columns=(
            *("measure", "correlation", *(["5-95 %"] if drawn else [])),
            *("places", "most central", "its loss"),
        ),
        rows=[
            [
                words[each.measure],
                _signed_number(each.spearman),
                *([_spread(each.spread)] if drawn else []),
                str(each.places),
                _first(found, each),
                signed(each.first_loss),
            ]
            for each in found.agreements
        ],
        remarks=("Most central: of places with a known loss; of those that tie, the least loss.",),
        right=("correlation", "5-95 %", "places", "its loss"),
        spare=("places",),
    )


def _first(found: Centrality, line: Agreement) -> str:
    """The most central place, and how many others share that with it."""
    first = found.node(line.first)
    most = round(first.measures[line.measure], DIGITS)
    tied = [
        node
        for node in found.nodes
        if node.ranking is not None and round(node.measures[line.measure], DIGITS) == most
    ]
    name = first.label
    return name if len(tied) == 1 else f"{name} (of {len(tied)} that tie)"


def _spread(span: Percentiles | None) -> str:
    return NOT_KNOWN if span is None else f"{span.low:.2f} to {span.high:.2f}"


def _signed_number(value: float | None) -> str:
    return "no order" if value is None else f"{value:.2f}"


def centrality_csv(found: Centrality) -> Table:
    """Return all nodes as one table of plain values, for CSV."""
    names = [each.code for each in found.measures]
    columns = [
        *("id", "label", "stage", "loss", "loss_low", "loss_high", "alone"),
        *(column for name in names for column in (name, f"{name}_low", f"{name}_high")),
    ]
    return Table("", tuple(columns), [_plain(node, names) for node in found.nodes])


def _plain(node: CentralNode, names: list[str]) -> list[str]:
    held = [node.id, node.label, node.stage]
    held += [_bare(each) for each in (node.loss, node.loss_low, node.loss_high, node.alone)]
    for name in names:
        span = node.ranges.get(name)
        low, high = (None, None) if span is None else (span.low, span.high)
        held += [_bare(each) for each in (node.measures.get(name), low, high)]
    return held


def _bare(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def centrality_dict(found: Centrality) -> dict[str, object]:
    """Return the same as JSON takes it: parts 0 to 1, null is not known."""
    return {
        "element": found.element,
        "market": found.market,
        "kind": found.kind,
        "by": found.by,
        "year": found.year,
        "day": found.day,
        "nodes": [_node(node) for node in found.nodes],
        "edges": [
            {"source": tail, "target": head, "weight": weight} for tail, head, weight in found.edges
        ],
        "agreements": [asdict(each) for each in found.agreements],
        "disagreements": list(found.said),
        "ranges": None if found.draws is None else asdict(found.draws),
        "notes": list(found.notes),
    }


def _node(node: CentralNode) -> dict[str, object]:
    return {
        **asdict(node),
        "measures": dict(node.measures),
        "ranges": {name: asdict(span) for name, span in node.ranges.items()},
    }


def years_tables(found: CentralityOverYears) -> list[Table]:
    """Return the rank of each node in each year, by the measure that was asked for."""
    ranks = [line.ranks[found.by] for line in found.lines]
    last = [max(rank or 0 for rank in year) for year in zip(*ranks, strict=True)]
    shown = [line for line in found.lines if _ever_before(line.ranks[found.by], last)]
    hidden = len(found.lines) - len(shown)
    more = [f"{hidden} more share the last place in every year: JSON and CSV have them."]
    return [
        Table(
            heading=f"{_of(found)}: rank by {found.measure.words}",
            columns=("what", *map(str, found.years)),
            rows=[
                [
                    line.label,
                    *("" if rank is None else str(rank) for rank in line.ranks[found.by]),
                ]
                for line in shown
            ],
            remarks=(*(more if hidden else ()), *found.notes),
            right=tuple(map(str, found.years)),
        )
    ]


def _ever_before(ranks: Iterable[int | None], last: Iterable[int]) -> bool:
    """Whether a node is before the last place in some year."""
    return any(rank is not None and rank < end for rank, end in zip(ranks, last, strict=True))


def years_csv(found: CentralityOverYears) -> Table:
    """Return all ranks as one table of plain values, for CSV."""
    return Table(
        "",
        ("id", "label", "stage", "measure", *map(str, found.years)),
        [
            [line.id, line.label, line.stage, name]
            + ["" if rank is None else str(rank) for rank in ranks]
            for line in found.lines
            for name, ranks in line.ranks.items()
        ],
    )


def years_dict(found: CentralityOverYears) -> dict[str, object]:
    """Return the same as JSON takes it; null is where a year does not have the node."""
    return {
        "element": found.element,
        "market": found.market,
        "kind": found.kind,
        "by": found.by,
        "years": list(found.years),
        "lines": [
            {
                "id": line.id,
                "label": line.label,
                "stage": line.stage,
                "ranks": {name: list(ranks) for name, ranks in line.ranks.items()},
                "rows": list(line.rows),
            }
            for line in found.lines
        ],
        "stages": {str(year): list(held) for year, held in found.stages.items()},
        "left_out": [{"year": year, "why": why} for year, why in found.left_out],
        "notes": list(found.notes),
    }
