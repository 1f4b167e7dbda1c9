"""The sets that cut a market off and the roles of nodes, as tables, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.findings.wording import figure_word
from monazite.result import own_content
from monazite.safe_text import bounded_percent
from monazite.tables import NOT_KNOWN, Table, percent
from monazite.triples.names import named

if TYPE_CHECKING:
    from monazite.findings.routes.cuts import Cuts, CutSet
    from monazite.findings.routes.node_roles import NodeRole, Structure

_SETS = ("what", "what would have to stop", "things", "supply", "figure", "still arrives", "row")
_STANDINGS = (
    *("what", "share", "figure", "sole", "in a smallest cut", "routes left", "coverage"),
    *("year", "id", "row"),
)
_PLAIN_SETS = ("what", "members", "labels", "supply", "left", "rows", "figure")


def cuts_tables(cuts: Cuts) -> list[Table]:
    """Return the sets that cut a market off, and what stands on its routes."""
    of = heading_of(cuts.element, cuts.market_label)
    return [_set_table(of, cuts), _structure_table(of, cuts.structure)]


def heading_of(element: str, label: str) -> str:
    """Return element and market as the heading of a table.

    >>> heading_of("Dy", "World"), heading_of("Dy", "United States"), heading_of("Dy", "France")
    ('Dy for the world', 'Dy for the United States', 'Dy for France')
    """
    return f"{element} for {named(label)}"


def cuts_dict(cuts: Cuts) -> dict[str, object]:
    """Return the same as JSON takes it: shares and parts 0 to 1, null is not known.

    ``fix`` is null: what would make an outage good is asked for by ``cuts --fix``.
    """
    own = own_content(cuts)
    del own["market_label"]
    element, market, structure = (own.pop(name) for name in ("element", "market", "structure"))
    assumptions = [asdict(each) for each in cuts.assumptions]
    return {
        "element": element,
        "market": market,
        "structure": structure,
        "cuts": {**own, "assumptions": assumptions, "notes": list(cuts.notes)},
        "fix": None,
    }


def cuts_csv(cuts: Cuts) -> Table:
    """Return the sets as one table of plain values, for CSV."""
    return Table("", _PLAIN_SETS, [_plain_set(what, found) for what, found in _sets(cuts)])


def _plain_set(what: str, found: CutSet) -> list[str]:
    return [
        what,
        ";".join(found.members),
        "; ".join(found.labels),
        f"{found.supply:.6g}",
        f"{found.left:.6g}",
        ";".join(found.rows),
        found.figure,
    ]


def _sets(cuts: Cuts) -> Iterable[tuple[str, CutSet]]:
    """Every set that is told, with why it is."""
    if cuts.fewest is not None:
        yield "fewest, nothing arrives", cuts.fewest
    if cuts.least is not None:
        yield "least supply, nothing arrives", cuts.least
    for found in cuts.worst:
        if found in cuts.sets:
            continue
        size = len(found.members)
        yield f"{size} {'thing' if size == 1 else 'things'}, leaves least", found
    for found in cuts.sets:
        yield f"up to {cuts.k}, leaves at most {percent(cuts.left)}", found


def _set_table(of: str, cuts: Cuts) -> Table:
    remarks = [*cuts.notes]
    basis = next((each.basis for each in cuts.structure.standings), "")
    if list(_sets(cuts)):
        remarks.append("Supply: what those of one stage make together, of the world's output.")
    if cuts.worst and not cuts.sets and cuts.complete:
        remarks.append(f"No set of up to {cuts.k} leaves at most {percent(cuts.left)}.")
    return Table(
        heading=f"{of}: what cuts the market off",
        columns=_SETS,
        rows=[
            [
                what,
                " + ".join(found.labels),
                str(len(found.members)),
                _supply(found),
                figure_word(found.figure, basis),
                percent(found.left),
                _first(found.rows),
            ]
            for what, found in _sets(cuts)
        ],
        remarks=tuple(remarks[:1]),
        details=(*remarks[1:], *_assumed(cuts)),
        right=("things", "supply", "still arrives"),
        keys=("row",),
        spare=("supply", "things"),
    )


def _supply(found: CutSet) -> str:
    """What the members make; shares of several stages are of different wholes, and no sum."""
    if len({member.partition("/")[0] for member in found.members}) > 1:
        return ""
    return bounded_percent(found.supply, found.figure, narrow=True)


def _assumed(finding: Cuts) -> Iterable[str]:
    if finding.assumptions:
        rows = ", ".join(assumption.row for assumption in finding.assumptions)
        yield f"Quantities rest on {rows}."


def _structure_table(of: str, structure: Structure) -> Table:
    remarks = list(structure.notes)
    if structure.routes is not None:
        remarks.insert(0, f"Routes that share no country: {structure.routes}.")
    return Table(
        heading=f"{of}: what stands between the mines and the market",
        columns=_STANDINGS,
        rows=[_standing(each) for each in structure.standings if not each.left_out],
        remarks=tuple(remarks),
        right=("share", "routes left", "coverage", "year"),
        long=True,
        keys=("row",),
        spare=("id", "coverage", "year"),
    )


def _standing(standing: NodeRole) -> list[str]:
    return [
        standing.label,
        bounded_percent(standing.share, standing.figure, narrow=True),
        figure_word(standing.figure, standing.basis),
        _yes(standing.dominator),
        _yes(standing.in_minimum_cut),
        NOT_KNOWN if standing.routes_without is None else str(standing.routes_without),
        percent(standing.coverage),
        str(standing.year or NOT_KNOWN),
        standing.id,
        _first(standing.rows),
    ]


def _yes(known: bool | None) -> str:
    return NOT_KNOWN if known is None else "yes" if known else "no"


def _first(rows: Sequence[str]) -> str:
    more = f" +{len(rows) - 1}" if len(rows) > 1 else ""
    return f"{rows[0]}{more}" if rows else ""
