"""What stops first, as tables: parts in order, stages, paths, shared plants, what would help."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from monazite.bom.figures import ExposureFigures
from monazite.bom.grams import number_words
from monazite.bom.line_sources import NO, YES
from monazite.bom.market_supply import SharedPlant, StageSupply
from monazite.bom.remedies import MOST_GROUPS, Remedy
from monazite.bom.stop_order import StoppingLine
from monazite.bom.supply_paths import MOST_PATHS, PathHop, SupplyPath
from monazite.bom.value_shares import ValueShare
from monazite.core.formats import (
    NOT_KNOWN,
    counted,
    exact_percent,
    figures,
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
    "A loss is that of the whole market in a year, of the element that loses most; losses of "
    "elements are not added. A stop that leaves one source is left out.",
)
_WEAKEST = (
    "The weakest hop is the least certain; then one that no other record doubles; then the one "
    "nearest to the mine. Where a firm is, is not where it makes.",
    f"Of a supplier and an element {MOST_PATHS} paths are told at most.",
)
_TRIED = (
    "Each effect is that of the changed line, worked out anew. A source that is not known to "
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
        _stops(found, found.stops[:_SHOWN]),
        _shared(found.shared[:_FEW], len(found.shared) - _FEW),
        _remedies([x for x in found.remedies if x.helps][:_FEW]),
    ]


def stop_tables(found: ExposureFigures) -> list[Table]:
    """Return every part in order, stages, paths, shared plants, what would help, value shares."""
    if not found.stops:
        return []
    return [
        _stops(found, found.stops),
        _stages(found),
        _paths(found),
        _shared(found.shared, 0),
        _remedies(found.remedies),
        _values(found.value_shares),
    ]


def stop_headline(found: ExposureFigures) -> str:
    """Return what stops first, in how many days, and through which plant."""
    first = found.stops[0]
    through = f", through {_through(first)}" if first.plants_known else ""
    if first.days is not None:
        return f"{first.name} stops first, after {number_words(first.days)} days{through}"
    return f"Days are not known: stock and use a day are not given. By loss: {first.name}{through}"


def _stops(found: ExposureFigures, lines: Sequence[StoppingLine]) -> Table:
    more = len(found.stops) - len(lines)
    return Table(
        heading=f"{stop_headline(found)}.",
        columns=(
            *("Row", "Part", "Days", "If this stops", "Loss", "5-95 %", "Home first"),
            *("Of the need", "Through", "Holds up"),
        ),
        rows=[
            [
                *(str(each.sheet_row), each.name),
                *(NOT_KNOWN if each.days is None else number_words(each.days), _failure(each)),
                "none" if each.reaches == NO else _loss(each.loss),
                span_cell(each.low, each.high) if _hit(each) else "",
                "" if each.home_first is None or not _hit(each) else percent_cell(each.home_first),
                *(percent_range(each.through_low, each.through_high), _through(each), _held(each)),
            ]
            for each in lines
        ],
        remarks=(*_ORDER, *([f"{grouped(more)} more: --full"] if more > 0 else [])),
        right=("Row", "Days", "Loss", "5-95 %", "Home first"),
        spare=("Home first", "Of the need", "Holds up", "Row"),
    )


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


def _loss(loss: float | None) -> str:
    return NOT_KNOWN if loss is None else percent_cell(loss)


def span_cell(low: float | None, high: float | None) -> str:
    """Return the range of a loss; not drawn where there is none."""
    return "not drawn" if low is None or high is None else percent_range(low, high)


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


def _held(each: StoppingLine) -> str:
    worth = (
        NOT_KNOWN
        if each.value is None
        else f"{grouped_figures(each.value, 6)} {each.currency}".strip()
    )
    return f"{each.holds_up} ({worth})"


def _stages(found: ExposureFigures) -> Table:
    return Table(
        heading=f"Who supplies the market ({found.market_label}), and what it would lose",
        columns=(
            *("Element", "Stage", "Made in", "If this stops", "Loss", "5-95 %", "Home first"),
            "Year",
        ),
        rows=[
            [
                *(each.element, at.stage, _countries(at), at.failure_label or at.largest),
                _loss(at.loss),
                "" if at.loss is None else span_cell(at.low, at.high),
                "" if at.home_first is None else percent_cell(at.home_first),
                "" if each.year is None else str(each.year),
            ]
            for each in found.supplies
            for at in each.stages
        ],
        remarks=tuple(dict.fromkeys(each.missing for each in found.supplies if each.missing)),
        right=("Loss", "5-95 %", "Home first"),
    )


def _countries(at: StageSupply) -> str:
    named = [f"{name} {percent_cell(share)}" for name, share in at.shares.items()]
    more = len(named) - _COUNTRIES
    told = ", ".join([*named[:_COUNTRIES], *([f"{more} others"] if more > 0 else [])])
    return f"of the world: {told}" if at.of_world else told


def _paths(found: ExposureFigures) -> Table:
    if found.paths_known and not found.paths:
        paths = counted(found.paths_known, "path is", "paths are")
        count = f"{paths} on record; their plants would tell who supplies."
        return Table("Paths of the suppliers", ("Paths", "Shown"), [[count, "none"]])
    return Table(
        heading="Paths of the suppliers, back towards the mine, and the weakest hop of each",
        columns=(
            *("Supplier", "Elements", "Rows", "Path", "Weakest hop", "Certainty", "Others"),
            *("Record", "Who says so"),
        ),
        rows=[_path(each) for each in found.paths],
        remarks=_WEAKEST if found.paths else (),
        keys=("Record",),
    )


def _path(path: SupplyPath) -> list[str]:
    weakest = None if path.weakest is None else path.hops[path.weakest]
    steps = " < ".join(_step(hop) for hop in path.hops if hop.stage or not hop.plant)
    end = "" if path.to_mine else "; no record goes on"
    own = [path.supplier, ", ".join(path.elements), first_rows(path.sheet_rows), steps + end]
    if weakest is None:
        return [*own, *[""] * 5]
    hop, others = f"{weakest.buyer_label} < {_step(weakest)}", str(weakest.doubles or "none")
    return [*own, hop, weakest.certainty, others, weakest.row, weakest.source]


def _step(hop: PathHop) -> str:
    place = ", ".join(filter(None, (hop.stage, hop.country, _STEPS.get(hop.kind, hop.kind))))
    return f"{hop.seller_label} ({place})"


def _shared(plants: Sequence[SharedPlant], more: int) -> Table:
    return Table(
        heading="Plants behind more than one supplier",
        columns=("Plant", "Does", "Elements", "Suppliers", "Rows", "No second source for", "Sure"),
        rows=[
            [
                f"{each.label} ({each.country})" if each.country else each.label,
                *(", ".join(each.stages), ", ".join(each.elements)),
                "; ".join(each.suppliers) or "not shown",
                *(first_rows(each.sheet_rows), first_rows(each.same_source), each.certainty),
            ]
            for each in plants
        ],
        remarks=(f"{grouped(more)} more: --full",) if more > 0 else (),
        spare=("Elements", "Rows"),
    )


def _remedies(remedies: Sequence[Remedy]) -> Table:
    return Table(
        heading="What would help",
        columns=("Measure", "What", "Rows", "Changes", "Before", "After", "Helps"),
        rows=[
            [
                *(each.measure, each.what, first_rows(each.sheet_rows), each.quantity),
                *(each.before, each.after, "yes" if each.helps else "no"),
            ]
            for each in remedies
        ],
        remarks=_TRIED if remedies else (),
        spare=("Helps", "Changes", "Measure"),
    )


def _values(shares: Sequence[ValueShare]) -> Table:
    return Table(
        heading="Part of the value of a piece that its rare earths make up",
        columns=("Row", "Part", "Element", "Of the value", "USD for a kg", "Prices of", "Why not"),
        rows=[
            [
                *(str(each.sheet_row), each.name, each.element, _share(each)),
                _price(each),
                each.since if each.since == each.until else f"{each.since} to {each.until}",
                each.not_known,
            ]
            for each in shares
        ],
        remarks=(
            *(_VALUED if any(each.low is not None for each in shares) else ()),
            *(
                f"Row {each.sheet_row}: by these prices its {each.element} would cost more than "
                "the piece; look at its value and its mass."
                for each in shares
                if each.beyond
            ),
        ),
        right=("Row", "USD for a kg"),
    )


def _share(each: ValueShare) -> str:
    if each.low is None or each.high is None:
        return NOT_KNOWN
    return f"{exact_percent(each.low)} to {exact_percent(each.high)}"


def _price(each: ValueShare) -> str:
    if each.price_low is None or each.price_high is None:
        return ""
    return f"{number_words(each.price_low)} to {number_words(each.price_high)}"


def stop_columns(found: ExposureFigures) -> Callable[[int, str], list[str]]:
    """Return what gives the bare cells of a line and an element, as CSV has them."""
    stops = {each.sheet_row: each for each in found.stops}
    shares = {(each.sheet_row, each.element): each for each in found.value_shares}

    def cells(row: int, element: str) -> list[str]:
        stop, share = stops.get(row), shares.get((row, element))
        days, decides = (None, None) if stop is None else (stop.days, stop.element)
        own = next((x for x in stop.by_element if x.element == element), None) if stop else None
        told: tuple[str | float | None, ...] = (None,) * 5
        if own is not None:
            told = (own.failure, own.loss, own.low, own.high, own.home_first)
        worth = (None, None) if share is None else (share.low, share.high)
        found = (days, *told, *worth, decides)
        return [figures(x, 12) if isinstance(x, int | float) else x or "" for x in found]

    return cells


STOP_COLUMNS = (
    *("days_of_stock", "if_this_stops", "loss", "loss_low", "loss_high", "loss_home_first"),
    *("value_share_low", "value_share_high", "element_that_decides"),
)
