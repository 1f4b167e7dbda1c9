"""Structure, cuts and the cheapest fixes of one market, as tables, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from monazite.findings.balance.line import MINE
from monazite.findings.losses.tables import signed
from monazite.findings.responses.fixes import Fix, Fixes
from monazite.findings.responses.rerouting_tables import place
from monazite.findings.routes.cuts import Cuts, CutSet
from monazite.findings.routes.node_roles import Standing, Structure
from monazite.tables import NOT_KNOWN, Table, percent

_SETS = ("what", "which fail", "things", "supply", "still arrives", "row")
_STANDINGS = (
    *("what", "share", "sole", "in a smallest cut", "routes left", "between", "coverage"),
    *("year", "id", "row"),
)
_PLAIN_SETS = ("what", "members", "labels", "supply", "left", "rows")
_PLAIN_CURVE = ("stage", "pool", "mix", "tonnes", "loss", "loss_free_trade")
_SAID_ONCE = {"view", "element", "market"}
_FIXES = (
    *("what is added", "where", "halves the loss", "brings half back", "loss left"),
    *("then short", "free trade"),
)
_CURVES = 3
"""Curves that are printed; CSV and JSON have all."""


def cuts_tables(structure: Structure, cuts: Cuts, fixes: Fixes | None) -> list[Table]:
    """Return the sets that cut a market off, what stands on its routes, and fixes if asked."""
    where = "the world" if cuts.market == "WLD" else cuts.market
    of = f"{cuts.element} for {where}"
    tables = [set_table(of, cuts), _structure_table(of, structure)]
    return [*tables, *_fix_tables(of, fixes)] if fixes else tables


def cuts_dict(structure: Structure, cuts: Cuts, fixes: Fixes | None) -> dict[str, object]:
    """Return the same as JSON takes it: shares and parts 0 to 1, null is not known."""
    return {
        "element": cuts.element,
        "market": cuts.market,
        "structure": _without_view(asdict(structure)),
        "cuts": _without_view(asdict(cuts)),
        "fix": None if fixes is None else _without_view(asdict(fixes)),
    }


def _without_view(finding: dict[str, object]) -> dict[str, object]:
    return {name: cell for name, cell in finding.items() if name not in _SAID_ONCE}


def cuts_csv(cuts: Cuts, fixes: Fixes | None) -> Table:
    """Return the sets, or the curves of fixes if asked, as one table of plain values, for CSV."""
    if fixes is not None:
        curves = [row for fix in fixes.fixes for row in _plain_curve(fix)]
        return Table("", _PLAIN_CURVE, curves)
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


def _plain_curve(fix: Fix) -> Iterable[list[str]]:
    mix = ";".join(f"{name} {part:.6g}" for name, part in fix.mix.items())
    for point in fix.points:
        numbers = (point.tonnes, point.loss, point.unbound)
        yield [fix.stage, fix.pool, mix, *(f"{number:.6g}" for number in numbers)]


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


def set_table(of: str, cuts: Cuts) -> Table:
    """Return the sets that cut a market off.

    Args:
        of: the element and the market, for the heading.
        cuts: the sets.
    """
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


def _fix_tables(of: str, fixes: Fixes) -> list[Table]:
    """Return what can be added, and the first curves."""
    limited = f", {', '.join(fixes.limited_by)} short" if fixes.limited_by else ""
    table = Table(
        heading=f"{of}: the cheapest fixes if {fixes.label} stops",
        columns=_FIXES,
        rows=[_fix(fix) for fix in fixes.fixes],
        remarks=(
            f"Without a fix {signed(fixes.loss)} of {fixes.product} is lost in {fixes.year}, "
            f"{fixes.horizon.replace('-', ' ')}{limited}; {fixes.tried} additions were tried.",
            "Half back: of what an addition can bring back. Free trade: points that it would bring "
            "beyond all that is added.",
            *fixes.notes,
        ),
        right=("halves the loss", "brings half back", "loss left", "free trade"),
    )
    return [table, *(_curve_table(fix) for fix in fixes.fixes[:_CURVES])]


def _fix(fix: Fix) -> list[str]:
    short = f"{', '.join(fix.then_by)} at {fix.then}" if fix.then else "nothing"
    return [
        _mix(fix),
        _where(fix),
        _tonnes(fix.halves),
        _tonnes(fix.half_back),
        signed(fix.best),
        short,
        f"{round(100 * fix.borders)}",
    ]


def _curve_table(fix: Fix) -> Table:
    return Table(
        heading=f"{_mix(fix)} added at {_where(fix)}",
        columns=("tonnes added", "loss", "loss if trade were free"),
        rows=[
            [f"{point.tonnes:,.0f}", signed(point.loss), signed(point.unbound)]
            for point in fix.points
        ],
        right=("tonnes added", "loss", "loss if trade were free"),
    )


def _mix(fix: Fix) -> str:
    """What a tonne is of, the largest part first."""
    ore = " in ore" if fix.stage == MINE else ""
    if len(fix.mix) == 1:
        return f"{next(iter(fix.mix))}{ore}"
    parts = sorted(fix.mix.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {percent(part)}" for name, part in parts) + ore


def _where(fix: Fix) -> str:
    new = f", new for {', '.join(fix.new)}" if fix.new else ""
    return f"{fix.stage}, {place(fix.pool)}{new}"


def _tonnes(amount: float | None) -> str:
    return "never" if amount is None else f"{amount:,.0f} t"
