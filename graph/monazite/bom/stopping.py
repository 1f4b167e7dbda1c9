"""What stops the lines of a bill, through which plants, and what would help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil, fsum

from monazite.bom.bill import ElementContent
from monazite.bom.contents import BY_GRADE, Materials, grams_of, grams_words, number_words
from monazite.bom.lines import ExposedLine
from monazite.bom.market_supply import (
    NO,
    YES,
    LineCase,
    LineSource,
    SharedPlant,
    paths_of,
    reach_of_line,
)
from monazite.bom.stop_order import LineStop, StopFinder, StoppingLine, days_of_stock
from monazite.bom.supply_paths import (
    IN_THE_BILL,
    Hops,
    PathFinder,
    PathHop,
    SupplyPath,
    weakest_hop,
)
from monazite.core.formats import NOT_KNOWN, first_rows, grouped, supported
from monazite.core.results import Struct, Value
from monazite.core.tables import percent_cell, percent_range
from monazite.data.parameters import MAGNET, MINE

SECOND_SOURCE, OTHER_GRADE, STOCK, SPLIT = "second source", "other grade", "stock", "split"
MEASURES = (SECOND_SOURCE, OTHER_GRADE, STOCK, SPLIT)  # what is tried; the list is closed
STOCK_DAYS = 90  # days of stock that are tried
MOST_GROUPS = 20  # groups of lines for which measures are tried, those that stop first
NAMED_PLANTS = 3
_SHOWN = 0.005  # half of a per cent: what is less is not seen in what is shown
_HEAVY = ("Dy", "Tb")
_LOSS = "loss of the market for good"


class Remedy(Value):
    """A measure on some lines, with what they are exposed to before and after."""

    measure: str  #: one of ``MEASURES``
    what: str  #: the change, in words
    sheet_rows: tuple[int, ...]  #: of the lines that it is tried on
    quantity: str  #: what is compared: a loss, days, grams of an element, or a part of the need
    before: str  #: in words, by the bill as it is
    after: str  #: in words, by the changed bill
    #: the same as numbers: the least, of a loss the central one; None is not known
    before_low: float | None
    before_high: float | None  #: the most; None is not known
    after_low: float | None  #: the least after the change; None is not known
    after_high: float | None  #: the most after the change; None is not known
    helps: bool  #: whether it is better after than before
    rows: tuple[str, ...] = ()  #: that the change rests on


class RemedyFinder(Struct):
    """Tries measures on lines."""

    stops: StopFinder
    materials: Materials
    grades: tuple[str, ...]
    lines: Mapping[int, ExposedLine]  # of the bill as they are shown, by row of the sheet

    def remedies(self, ranked: Iterable[tuple[int, LineCase]]) -> tuple[Remedy, ...]:
        """Return what each measure would do, for lines that are alike together."""
        groups: dict[tuple[LineCase, str], list[int]] = defaultdict(list)
        for row, case in ranked:
            groups[case, self.lines[row].material].append(row)
        found: list[Remedy] = []
        for (case, material), rows in list(groups.items())[:MOST_GROUPS]:
            found += self._second_source(case, rows)
            found += self._other_grade(case, material, rows)
            found += self._stock(rows)
            found += self._split(case, rows)
        order = {measure: place for place, measure in enumerate(MEASURES)}
        return tuple(sorted(_joined(found), key=lambda x: (not x.helps, order[x.measure])))

    def _second_source(self, case: LineCase, rows: Sequence[int]) -> Iterator[Remedy]:
        """A source more, from the plant outside that leaves the smallest loss."""
        before = self.stops.stop(case)
        if before.at is None or before.loss is None or not case.magnets:
            return
        links = self.stops.finder.links
        own = {source.firm for source in case.sources} - {""}
        tried: list[tuple[float, str, LineStop]] = []
        for plant in sorted(links.stages):
            outside = links.countries.get(plant, "") not in ("", before.at.country)
            if not outside or not links.does(plant, MAGNET, case.magnets):
                continue
            if own & {*links.buyers_for(plant)} or case.magnets not in links.makes.get(plant, ()):
                continue
            source = LineSource(links.labels[plant], plant=plant)
            after = self.stops.stop(replace(case, sources=(*case.sources, source)))
            tried.append((after.loss if after.loss is not None else 1.0, plant, after))
        if not tried:
            return
        least = min(tried)[0]
        best = [plant for loss, plant, _ in tried if loss == least]
        after = next(stop for loss, _, stop in tried if loss == least)
        helps = _less(least, before.loss)
        names = first_rows([links.labels[plant] for plant in best], NAMED_PLANTS)
        change = _loss_change(SECOND_SOURCE, rows, before, after, helps=helps)
        if helps:
            keys = {x.row for plant in best for x in links.above.get(plant, ())}
            what = f"a second source from {names}"
            yield replace(change, what=what, rows=tuple(sorted(keys)))
        else:
            plants = "the one plant" if len(tried) == 1 else f"any of {grouped(len(tried))} plants"
            where = f"outside {before.at.largest}: none is known to avoid it"
            yield replace(change, what=f"a second source from {plants} {where}")

    def _other_grade(self, case: LineCase, material: str, rows: Sequence[int]) -> Iterator[Remedy]:
        """The grade with the least dysprosium and terbium, and a magnet without any."""
        held = [(self.lines[row], each) for row in rows for each in self.lines[row].grams]
        heavy = [(line, each) for line, each in held if each.element in _HEAVY and each.high > 0]
        if not heavy:
            return
        before = (fsum(x.low for _, x in heavy), fsum(x.high for _, x in heavy))
        least = self._least_heavy(material)
        if least and any(each.evidence == BY_GRADE for _, each in heavy):
            told = [x for x in self._contents(least) if x.element in _HEAVY]
            lines = [self.lines[row] for row in rows]
            after = [grams_of(told, line.mass or 0.0, line.pieces) for line in lines]
            low = fsum(fsum(x.low for x in grams) for grams in after)
            high = fsum(fsum(x.high for x in grams) for grams in after)
            what = f"{self.materials.labels[least]}, if the part is cool enough"
            quantity = "grams of Dy and Tb in one product"
            change = _change(OTHER_GRADE, what, rows, quantity, grams_words, before, (low, high))
            helps = high < before[1] and change.after != change.before
            keys = tuple(sorted({row for x in told for row in x.rows}))
            yield replace(change, helps=helps, rows=keys)
        stop = self.stops.stop(case)
        light = tuple(each for each in case.elements if each not in _HEAVY)
        if light and stop.loss is not None:
            without = self.stops.stop(replace(case, elements=light))
            helps = without.loss is not None and _less(without.loss, stop.loss)
            change = _loss_change(OTHER_GRADE, rows, stop, without, helps=helps)
            yield replace(change, what="a magnet without Dy and Tb, if one can be designed in")

    def _least_heavy(self, material: str) -> str:
        """The grade of the same kind of magnet that holds least; empty where none holds less."""
        most = self._percent(material)
        wider = self.materials.line_up(material)[1:2]
        same = [x for x in self.grades if self.materials.line_up(x)[1:2] == wider and x != material]
        least = min(same, key=lambda x: (self._percent(x), x), default="")
        return least if least and wider and self._percent(least) < most else ""

    def _percent(self, material: str) -> float:
        return fsum(x.high for x in self._contents(material) if x.element in _HEAVY)

    def _contents(self, material: str) -> tuple[ElementContent, ...]:
        return self.materials.contents(material, by_grade=True).elements

    def _stock(self, rows: Sequence[int]) -> Iterator[Remedy]:
        """More pieces of what would last for less."""
        for row in rows:
            line = self.lines[row]
            days = days_of_stock(line)
            if not line.use_per_day or (days is not None and days >= STOCK_DAYS):
                continue
            pieces = ceil(STOCK_DAYS * line.use_per_day - (line.stock or 0.0))
            after = days_of_stock(replace(line, stock=(line.stock or 0.0) + pieces))
            what = f"{grouped(pieces)} pieces more on stock"
            ends = ((days, days), (after, after))
            yield _change(STOCK, what, [row], "days until it stops", _days_words, *ends)

    def _split(self, case: LineCase, rows: Sequence[int]) -> Iterator[Remedy]:
        """All from the sources that the costliest stop does not reach."""
        if len(case.sources) < 2:
            return
        found = []
        for stop in self.stops.each_stop(case):
            at = stop.at
            if at and stop.reaches == NO and stop.through[1]:  # some sources run through it
                place = (stop.elements, at.stage, at.country, self.stops.finder)
                alone = [replace(case, sources=(each,)) for each in case.sources]
                free = [x.sources[0] for x in alone if reach_of_line(x, *place)[0] == NO]
                found.append((at, place, free, *stop.through))
        if not found:
            return
        known = [each for each in found if each[0].loss is not None]
        at, place, free, least, most = max(known or found, key=lambda each: each[0].loss or 0.0)
        moved = [replace(x, split=1.0 / len(free) if x in free else 0.0) for x in case.sources]
        _, low, high = reach_of_line(replace(case, sources=tuple(moved)), *place)
        names = ", ".join(each.text for each in free)
        what = f"all from {names}, if {at.failure_label or at.stage} stopped"
        quantity = "part of the need that runs through the stop"
        ends = ((least, most), (low, high))
        change = _change(SPLIT, what, rows, quantity, percent_range, *ends)
        yield replace(change, helps=_less(high, most))


def _days_words(days: float | None, _: object) -> str:
    return NOT_KNOWN if days is None else f"{number_words(days)} days"


def _change(
    measure: str,
    what: str,
    rows: Sequence[int],
    quantity: str,
    words: Callable[..., str],
    before: tuple[float | None, float | None],
    after: tuple[float | None, float | None],
) -> Remedy:
    """A change of a quantity from one range to another, for the better."""
    told = (words(*before), words(*after))
    return Remedy(measure, what, tuple(rows), quantity, *told, *before, *after, helps=True)


def _less(after: float, before: float) -> bool:
    """Whether a part of 1 is less by more than what is shown, and shows it."""
    return before - after >= _SHOWN and percent_cell(after) != percent_cell(before)


def _loss_change(
    measure: str, rows: Sequence[int], before: LineStop, after: LineStop, *, helps: bool
) -> Remedy:
    """A change of the loss of the market, not yet in words."""
    words = (_LOSS, stop_words(before), stop_words(after))
    ends = (before.loss, before.loss, after.loss, after.loss)
    return Remedy(measure, "", tuple(rows), *words, *ends, helps)


def _joined(found: Iterable[Remedy]) -> Iterator[Remedy]:
    """Remedies that are the same on other lines, as one."""
    rows: dict[Remedy, list[int]] = defaultdict(list)
    for each in found:
        rows[replace(each, sheet_rows=())] += each.sheet_rows
    for each, told in rows.items():
        yield replace(each, sheet_rows=tuple(sorted(told)))


def stop_words(stop: LineStop) -> str:
    """Return a stop as a table shows it: its loss, the element and what stops."""
    if stop.reaches == NO:
        return "no stop on record reaches it"
    if (at := stop.at) is None:
        return NOT_KNOWN
    loss = NOT_KNOWN if stop.loss is None else percent_cell(supported(stop.loss, at.low, at.high))
    held = "" if stop.holds == YES else f", if it holds {stop.element}"
    return f"{loss} ({stop.element}, {at.failure_label or at.stage}{held})"


_Chain = tuple[LineSource, LineSource | None, str]  # source, who is behind it, magnets


def bill_paths(cases: Mapping[int, LineCase], finder: PathFinder) -> tuple[SupplyPath, ...]:
    """Return the paths of all sources whose firm is known, the supplier of most lines first."""
    behind: dict[_Chain, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row, case in cases.items():
        for chain in _chains(case):
            for element in case.elements:
                behind[chain][element].add(row)
    found: dict[tuple[str, str, Hops], tuple[set[str], set[int]]] = {}
    for (source, feeder, magnets), elements in behind.items():
        for element, rows in elements.items():
            for hops in _hops(source, feeder, magnets, element, finder):
                told = found.setdefault((source.text, source.firm, hops), (set(), set()))
                told[0].add(element)
                told[1].update(rows)
    paths = [
        SupplyPath(
            sheet_rows=tuple(sorted(rows)),
            supplier=supplier,
            firm=firm,
            elements=tuple(sorted(symbols)),
            hops=hops,
            weakest=weakest_hop(hops),
            to_mine=bool(hops) and hops[-1].stage == MINE,
        )
        for (supplier, firm, hops), (symbols, rows) in found.items()
    ]

    def order(path: SupplyPath) -> tuple[object, ...]:
        hops = tuple(f"{hop.seller} {hop.stage} {hop.row}" for hop in path.hops)
        return -len(path.sheet_rows), path.supplier, path.elements, hops

    return tuple(sorted(paths, key=order))


def _chains(case: LineCase) -> Iterator[_Chain]:
    """The sources of a line and who stands behind them; of several sources, not behind which."""
    for source in case.sources:
        if source.firm:
            yield replace(source, split=None), None, case.magnets
    for feeder in case.feeders:
        if feeder.firm:
            alone = case.sources[0] if len(case.sources) == 1 else feeder
            yield replace(alone, split=None), replace(feeder, split=None), case.magnets


def _hops(
    source: LineSource, feeder: LineSource | None, magnets: str, element: str, finder: PathFinder
) -> Iterable[Hops]:
    if feeder is None:
        return filter(None, paths_of(source, magnets, element, finder))
    paths = finder.paths(feeder.firm, magnets, element, MAGNET if magnets else "")
    if feeder.firm == source.firm:
        return filter(None, paths)
    ends = (feeder.firm, feeder.text, source.firm, source.text)
    named = PathHop(*ends, kind=IN_THE_BILL, named=False)
    return ((named, *hops) for hops in paths)


def hide_plants(
    stops: tuple[StoppingLine, ...], shared: tuple[SharedPlant, ...], helps: tuple[Remedy, ...]
) -> tuple[tuple[StoppingLine, ...], tuple[SharedPlant, ...], tuple[Remedy, ...]]:
    """Return the same with numbers in place of plants and sources."""
    names = [f"plant {number}" for number in range(1, len(shared) + 1)]
    return (
        tuple(replace(each, bottleneck="", plants=()) for each in stops),
        tuple(
            replace(each, facility=name, label=name, country="", suppliers=(), rows=())
            for name, each in zip(names, shared, strict=True)
        ),
        tuple(
            each
            if each.measure in {STOCK, OTHER_GRADE}  # they name no plant and no source
            else replace(each, what=each.measure, rows=())
            for each in helps
        ),
    )
