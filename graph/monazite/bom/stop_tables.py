"""What stops first, as tables: parts in order, stages, paths, shared plants, what would help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from monazite.bom.contents import ElementGrams, number_words
from monazite.bom.figures import ExposureFigures
from monazite.bom.lines import ExposedLine
from monazite.bom.market_supply import NO, YES, StageSupply
from monazite.bom.stop_order import ElementStop, StoppingLine
from monazite.bom.stopping import MOST_GROUPS, Remedy
from monazite.bom.supply_paths import MOST_PATHS, PathHop, SupplyPath
from monazite.bom.value_shares import ValueShare
from monazite.core.columns import Column, bare_table, blank, known, table
from monazite.core.formats import (
    NOT_KNOWN,
    between,
    counted,
    exact_percent,
    first_rows,
    grouped,
    grouped_figures,
)
from monazite.core.tables import Table, percent_cell, percent_range

_SHOWN, _FEW = 10, 5
_COUNTRIES = 4
_NAMED = 2
_ORDER = (
    "In the order of days of stock, then of the loss of what a part surely holds, then of what it "
    "may, then of the value of what stands on it. No stock given is not known, and not zero.",
    "A loss is a part of what the whole market uses in a year, of the element that loses most; "
    "losses of elements are not added. A stop that leaves one source is left out. In brackets: 5 "
    "to 95 % of trials; without them, the number is of one balance of the year.",
)
_WEAKEST = (
    "The weakest hop is the least certain; then one that no other record doubles; then the one "
    "nearest to the mine. Where a firm is, is not where it makes.",
    f"Of a supplier and an element {MOST_PATHS} paths are told at most.",
)
_TRIED = (
    "Each effect is on what is lost for good, of the changed line. A source that is not known to "
    "avoid a stop counts as stopped.",
    f"Tried for the {MOST_GROUPS} groups of like lines that stop first.",
)
_VALUED = (
    "As if all of the element came from one country. By the lowest and highest price on record in "
    "two years, oxides by the element in them; a magnet costs other amounts by contract.",
    "0.1 % of the value is not 0.1 % of the mass: this column is of the value.",
)
_STEPS = {"in the bill": "the bill names", "same plant": "does itself"}


def stop_short(found: ExposureFigures) -> list[Table]:
    """Return what a first screen shows: what stops first, in how many days, through which plant."""
    if not found.stops:
        return []
    return [
        _stops(found, _SHOWN),
        _shared(found, _FEW),
        _remedies([each for each in found.remedies if each.helps][:_FEW]),
    ]


def stop_tables(found: ExposureFigures) -> list[Table]:
    """Return every part in order, stages, paths, shared plants, what would help, value shares."""
    if not found.stops:
        return []
    return [
        *(_stops(found), _stages(found), _paths(found), _shared(found)),
        *(_remedies(found.remedies), _values(found.value_shares)),
    ]


def stop_headline(found: ExposureFigures) -> str:
    """Return what stops first, in how many days, and through which plant."""
    first = found.stops[0]
    through = f", through {_through(first)}" if first.plants_known else ""
    if first.days is not None:
        return f"{first.name} stops first, after {number_words(first.days)} days{through}"
    return f"Days are not known: stock and use a day are not given. By loss: {first.name}{through}"


def more_lines(more: int) -> tuple[str, ...]:
    """Return a remark on lines that the short report leaves out."""
    return (f"{grouped(more)} more: --full",) if more > 0 else ()


LOSS_COLUMNS = (
    Column("First year", "first_year_cell", right=True),
    Column("For good", "loss_cell", right=True),
)
_STOPS = (
    Column("Row", "sheet_row", right=True, spare=4),
    Column("Part", "name"),
    Column("Days", "days", known(number_words), right=True),
    Column("If this stops", lambda x: _failure(x)),
    Column("First year", lambda x: x.first_year_cell if _hit(x) else "", right=True),
    Column("For good", lambda x: "none" if x.reaches == NO else x.loss_cell, right=True),
    Column(
        "Home first",
        lambda x: x.home_first if _hit(x) else None,
        blank(percent_cell),
        right=True,
        spare=1,
    ),
    Column("Of the need", lambda x: percent_range(x.through_low, x.through_high), spare=2),
    Column("Through", lambda x: _through(x)),
    Column("Holds up", lambda x: f"{x.holds_up} ({_worth(x)})", spare=3),
)


def _stops(found: ExposureFigures, most: int | None = None) -> Table:
    lines = found.stops[:most]
    remarks = (*_ORDER, *more_lines(len(found.stops) - len(lines)))
    return table(f"{stop_headline(found)}.", lines, _STOPS, remarks)


def _hit(each: StoppingLine) -> bool:
    return each.reaches != NO and each.loss is not None


def _failure(each: StoppingLine) -> str:
    if each.reaches == NO:
        return "none that reaches all its sources"
    if not each.failure:
        return NOT_KNOWN
    conditions = [f"holds {each.element}"] if each.holds != YES else []
    conditions += ["comes from there"] if each.reaches != YES else []
    told = f", if it {' and '.join(conditions)}" if conditions else ""
    untold = f"; {', '.join(each.untold)} not known" if each.untold else ""
    return f"{each.failure} ({each.element}){told}{untold}"


def _through(each: StoppingLine) -> str:
    if not each.plants_known:
        return "no plant on record"
    if each.bottleneck:
        return each.bottleneck
    if not each.plants:
        return f"{each.plants_known} plant{'s' * (each.plants_known != 1)}, not named"
    more = len(each.plants) - _NAMED
    *named, last = [*each.plants[:_NAMED], *([f"{more} more"] if more > 0 else [])]
    return f"{', '.join(named)} or {last}" if named else last


def _worth(each: StoppingLine) -> str:
    if each.value is None:
        return NOT_KNOWN
    return f"{grouped_figures(each.value, 6)} {each.currency}".strip()


def _stages(found: ExposureFigures) -> Table:
    columns = (
        Column("Element", lambda x: x[0].element),
        Column("Stage", lambda x: x[1].stage),
        Column("Made in", lambda x: _countries(x[1])),
        Column("If this stops", lambda x: x[1].failure_label or x[1].largest),
        Column("First year", lambda x: x[1].first_year_cell, right=True),
        Column("For good", lambda x: x[1].loss_cell, right=True),
        Column("Home first", lambda x: x[1].home_first, blank(percent_cell), right=True),
        Column("Year", lambda x: x[0].year, blank(str)),
    )
    return table(
        f"Who supplies the market ({found.market_label}), and what it would lose",
        [(supply, at) for supply in found.supplies for at in supply.stages],
        columns,
        tuple(dict.fromkeys(each.missing for each in found.supplies if each.missing)),
    )


def _countries(at: StageSupply) -> str:
    named = [f"{name} {percent_cell(share)}" for name, share in at.shares.items()]
    more = len(named) - _COUNTRIES
    told = ", ".join([*named[:_COUNTRIES], *([f"{more} others"] if more > 0 else [])])
    return f"of the world: {told}" if at.of_world else told


def _paths(found: ExposureFigures) -> Table:
    if found.paths_known and not found.paths:
        paths = counted(found.paths_known, "path is", "paths are")
        told = [f"{paths} on record; their plants would tell who supplies.", "none"]
        return Table("Paths of the suppliers", ("Paths", "Shown"), [told])
    columns = (
        Column("Supplier", "supplier"),
        Column("Elements", "elements", ", ".join),
        Column("Rows", "sheet_rows", first_rows),
        Column("Path", _steps),
        Column("Weakest hop", _weakest(lambda hop: f"{hop.buyer_label} < {_step(hop)}")),
        Column("Certainty", _weakest(lambda hop: hop.certainty)),
        Column("Others", _weakest(lambda hop: str(hop.doubles or "none"))),
        Column("Record", _weakest(lambda hop: hop.row), full=True),
        Column("Who says so", _weakest(lambda hop: hop.source)),
    )
    heading = "Paths of the suppliers, back towards the mine, and the weakest hop of each"
    return table(heading, found.paths, columns, _WEAKEST if found.paths else ())


def _weakest(told: Callable[[PathHop], str]) -> Callable[[SupplyPath], str]:
    """What is told of the weakest hop of a path; nothing where it has none."""
    return lambda path: "" if path.weakest is None else told(path.hops[path.weakest])


def _steps(path: SupplyPath) -> str:
    steps = " < ".join(_step(hop) for hop in path.hops if hop.stage or not hop.plant)
    return steps + ("" if path.to_mine else "; no record goes on")


def _step(hop: PathHop) -> str:
    place = ", ".join(filter(None, (hop.stage, hop.country, _STEPS.get(hop.kind, hop.kind))))
    return f"{hop.seller_label} ({place})"


def _shared(found: ExposureFigures, most: int | None = None) -> Table:
    plants = found.shared[:most]
    columns = (
        Column("Plant", lambda x: f"{x.label} ({x.country})" if x.country else x.label),
        Column("Does", "stages", ", ".join),
        Column("Elements", "elements", ", ".join, spare=1),
        Column("Suppliers", lambda x: "; ".join(x.suppliers) or "not shown"),
        Column("Rows", "sheet_rows", first_rows, spare=2),
        Column("No second source for", "same_source", first_rows),
        Column("Sure", "certainty"),
    )
    remarks = more_lines(len(found.shared) - len(plants))
    return table("Plants behind more than one supplier", plants, columns, remarks)


def _remedies(remedies: Sequence[Remedy]) -> Table:
    columns = (
        Column("Measure", "measure", spare=3),
        Column("What", "what"),
        Column("Rows", "sheet_rows", first_rows),
        Column("Changes", "quantity", spare=2),
        *(Column("Before", "before"), Column("After", "after")),
        Column("Helps", lambda x: "yes" if x.helps else "no", spare=1),
    )
    return table("What would help", remedies, columns, _TRIED if remedies else ())


def _values(shares: Sequence[ValueShare]) -> Table:
    columns = (
        Column("Row", "sheet_row", right=True),
        *(Column("Part", "name"), Column("Element", "element")),
        Column(
            "Of the value",
            lambda x: NOT_KNOWN if x.low is None else between(x.low, x.high, exact_percent),
        ),
        Column(
            "USD for a kg",
            lambda x: "" if x.since == "" else between(x.price_low, x.price_high, number_words),
            right=True,
        ),
        Column("Prices of", lambda x: x.since if x.since == x.until else f"{x.since} to {x.until}"),
        Column("Why not", "not_known"),
    )
    beyond = (
        f"Row {each.sheet_row}: by these prices its {each.element} would cost more than the piece; "
        "look at its value and its mass."
        for each in shares
        if each.beyond
    )
    remarks = (*(_VALUED if any(each.low is not None for each in shares) else ()), *beyond)
    return table(
        "Part of the value of a piece that its rare earths make up", shares, columns, remarks
    )


class LineRecord(NamedTuple):
    """What a program reads of an element of a line; of a line without one, of the line alone."""

    line: ExposedLine
    grams: ElementGrams | None
    stop: StoppingLine | None
    own: ElementStop | None
    share: ValueShare | None


_RECORD = (
    "sheet_row=line.sheet_row position=line.position part=line.name part_number=line.part_number "
    "pieces=line.pieces mass_g=line.mass material=line.material decision=line.decision "
    "not_known=line.not_known element=grams.element grams_low=grams.low grams_high=grams.high "
    "percent_low=grams.percent_low percent_high=grams.percent_high evidence=grams.evidence "
    "rows=grams.rows days_of_stock=stop.days if_this_stops=own.failure loss=own.loss "
    "loss_low=own.low loss_high=own.high loss_home_first=own.home_first first_year=own.first_year "
    "first_year_low=own.first_year_low first_year_high=own.first_year_high "
    "value_share_low=share.low value_share_high=share.high element_that_decides=stop.element"
)


def line_records(found: ExposureFigures) -> Table:
    """Return a record for each element of each line, one where it has none."""
    stops = {each.sheet_row: each for each in found.stops}
    shares = {(each.sheet_row, each.element): each for each in found.value_shares}
    records = []
    for line in found.lines:
        records += [LineRecord(line, None, None, None, None)] if not line.grams else []
        for each in line.grams:
            stop, share = stops.get(line.sheet_row), shares.get((line.sheet_row, each.element))
            by_element = {x.element: x for x in stop.by_element} if stop else {}
            records.append(LineRecord(line, each, stop, by_element.get(each.element), share))
    return bare_table(records, _RECORD, digits=12, sep="; ")
