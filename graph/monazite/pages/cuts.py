"""Structure, cuts and the cheapest fix of one market, as tables, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from monazite.findings.cuts import Cuts, CutSet
from monazite.findings.fixes import Addition, Fix, FixPoint
from monazite.findings.structure import Standing, Structure
from monazite.pages.report import NOT_KNOWN, Table, percent

_SETS = ("what", "which fail", "things", "supply", "still arrives", "row")
_STANDINGS = (
    *("what", "share", "sole", "in a smallest cut", "routes left", "between", "coverage"),
    *("year", "id", "row"),
)
_PLAIN_SETS = ("what", "members", "labels", "supply", "left", "rows")
_PLAIN_CURVE = ("added", "reaches", "shared", "price", "pool", "pool_added", "pool_tonnes")
_SAID_ONCE = {"view", "element", "market"}
_CURVE = ("added", "reaches", "shared", "each unit takes", "where")


def cuts_tables(structure: Structure, cuts: Cuts, fix: Fix | None) -> list[Table]:
    """Return the sets that cut a market off, what stands on its routes, and a fix if asked."""
    where = "the world" if cuts.market == "WLD" else cuts.market
    of = f"{cuts.element} for {where}"
    tables = [_set_table(of, cuts), _structure_table(of, structure)]
    return [*tables, _fix_table(of, fix)] if fix else tables


def cuts_dict(structure: Structure, cuts: Cuts, fix: Fix | None) -> dict[str, object]:
    """Return the same as JSON takes it: shares and parts 0 to 1, null is not known."""
    return {
        "element": cuts.element,
        "market": cuts.market,
        "structure": _without_view(asdict(structure)),
        "cuts": _without_view(asdict(cuts)),
        "fix": None if fix is None else _without_view(asdict(fix)),
    }


def _without_view(finding: dict[str, object]) -> dict[str, object]:
    return {name: cell for name, cell in finding.items() if name not in _SAID_ONCE}


def cuts_csv(cuts: Cuts, fix: Fix | None) -> Table:
    """Return the sets, or the curve of a fix if asked, as one table of plain values, for CSV."""
    if fix is not None:
        curve = [row for point in fix.points for row in _plain_point(point)]
        return Table("", _PLAIN_CURVE, curve)
    return Table("", _PLAIN_SETS, [_plain_set(what, found) for what, found in _sets(cuts)])


def _plain_set(what: str, found: CutSet) -> list[str]:
    return [
        what,
        ";".join(found.members),
        "; ".join(found.labels),
        f"{found.supply:.6g}",
        f"{found.left:.6g}",
        ";".join(found.rows),
    ]


def _plain_point(point: FixPoint) -> list[list[str]]:
    head = [f"{number:.6g}" for number in (point.added, point.reaches, point.shared, point.price)]
    wide = [
        [one.pool, f"{one.share:.6g}", "" if one.tonnes is None else f"{one.tonnes:.6g}"]
        for one in point.additions
    ]
    return [[*head, *cells] for cells in wide or [["", "", ""]]]


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
    if list(_sets(cuts)):
        remarks.append("Supply: what they make, in shares of the world's at each stage, summed.")
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
                _summed(found.supply),
                percent(found.left),
                _first(found.rows),
            ]
            for what, found in _sets(cuts)
        ],
        remarks=(*remarks, *_assumed(cuts)),
        right=("things", "supply", "still arrives"),
        spare=("row", "supply", "things"),
    )


def _summed(share: float) -> str:
    """A sum of shares over stages, which may pass the whole."""
    return percent(share) if share < 1 else f"{share:.0%}".replace("%", " %")


def _assumed(finding: Cuts) -> Iterable[str]:
    if finding.assumptions:
        rows = ", ".join(assumption.row for assumption in finding.assumptions)
        yield f"Quantities rest on {rows}."


def _structure_table(of: str, structure: Structure) -> Table:
    remarks = list(structure.notes)
    if structure.routes is not None:
        remarks.insert(0, f"Routes that share no pool: {structure.routes}.")
    return Table(
        heading=f"{of}: what stands between the mines and the market",
        columns=_STANDINGS,
        rows=[_standing(standing) for standing in structure.standings],
        remarks=tuple(remarks),
        right=("share", "routes left", "between", "coverage", "year"),
        spare=("row", "id", "coverage", "between", "year"),
    )


def _standing(standing: Standing) -> list[str]:
    between = standing.betweenness
    return [
        standing.label,
        percent(standing.share),
        _yes(standing.dominator),
        _yes(standing.in_minimum_cut),
        NOT_KNOWN if standing.routes_without is None else str(standing.routes_without),
        NOT_KNOWN if between is None else f"{between:.3f}",
        percent(standing.coverage),
        str(standing.year or NOT_KNOWN),
        standing.id,
        _first(standing.rows),
    ]


def _yes(said: bool | None) -> str:
    return NOT_KNOWN if said is None else "yes" if said else "no"


def _first(rows: Sequence[str]) -> str:
    more = f" +{len(rows) - 1}" if len(rows) > 1 else ""
    return f"{rows[0]}{more}" if rows else ""


def _fix_table(of: str, fix: Fix) -> Table:
    return Table(
        heading=f"{of}: the cheapest fix if {fix.label} stops",
        columns=_CURVE,
        rows=[
            [
                _summed(point.added),
                percent(point.reaches),
                percent(point.shared),
                str(point.price),
                ", ".join(map(_addition, point.additions)) or "nothing added",
            ]
            for point in fix.points
        ],
        remarks=(
            "Added: capacity as a share of the world's supply of the element, over all stages; "
            "reaches: of what the market had, with it first in the queue; shared: with scarcity "
            "shared in equal proportions.",
            *fix.notes,
        ),
        right=("added", "reaches", "shared", "each unit takes"),
    )


def _addition(addition: Addition) -> str:
    tonnes = "" if addition.tonnes is None else f" ({addition.tonnes:,.0f} t {addition.basis})"
    return f"{addition.label} {percent(addition.share)}{tonnes}"
