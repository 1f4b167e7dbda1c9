"""What would help, each with its effect worked out anew on the changed line by the same code.

The list of measures is closed: a second source from a plant outside, another grade, more stock,
another split between the sources that are there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, fsum

from monazite.bom.contents import BY_GRADE, Materials
from monazite.bom.grams import grams_of, grams_words, number_words
from monazite.bom.line_sources import NO, YES, LineCase, LineSource, reach_of_line
from monazite.bom.lines import ExposedLine
from monazite.bom.stop_order import LineStop, StopFinder, days_of_stock
from monazite.core.formats import NOT_KNOWN, counted
from monazite.core.results import Value
from monazite.core.tables import percent_cell
from monazite.data.parameters import MAGNET

SECOND_SOURCE, OTHER_GRADE, STOCK, SPLIT = "second source", "other grade", "stock", "split"
MEASURES = (SECOND_SOURCE, OTHER_GRADE, STOCK, SPLIT)
"""What is tried; the list is closed."""
STOCK_DAYS = 90
"""Days of stock that are tried."""
MOST_GROUPS = 20
"""Groups of lines for which measures are tried, those that stop first."""
NAMED_PLANTS = 3
_SHOWN = 0.005
"""Half of a per cent: what is less is not seen in what is shown."""
_HEAVY = ("Dy", "Tb")
_LOSS, _NEED = "loss of the market", "part of the need that runs through the stop"
NONE_STOPS = "no stop on record reaches it"


@dataclass(frozen=True)
class Remedy(Value):
    """A measure on some lines, with what they are exposed to before and after.

    Attributes:
        measure: one of ``MEASURES``.
        what: the change, in words.
        sheet_rows: of the lines that it is tried on.
        quantity: what is compared: a loss, days, grams of an element, or a part of the need.
        before: in words, by the bill as it is.
        after: in words, by the changed bill.
        before_low: the same as numbers: the least, of a loss the central one; None is not known.
        before_high: the most; None is not known.
        after_low: the least after the change; None is not known.
        after_high: the most after the change; None is not known.
        helps: whether it is better after than before.
        rows: that the change rests on.
    """

    measure: str
    what: str
    sheet_rows: tuple[int, ...]
    quantity: str
    before: str
    after: str
    before_low: float | None
    before_high: float | None
    after_low: float | None
    after_high: float | None
    helps: bool
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemedyFinder:
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
            for tried in (
                self._second_source(case, rows),
                self._other_grade(case, material, rows),
                self._stock(rows),
                self._split(case, rows),
            ):
                found += tried
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
        where = f"outside {before.at.largest}"
        names = ", ".join(links.labels[plant] for plant in best[:NAMED_PLANTS])
        more = f" and {len(best) - NAMED_PLANTS} more" if len(best) > NAMED_PLANTS else ""
        yield Remedy(
            measure=SECOND_SOURCE,
            what=f"a second source from {names}{more}"
            if helps
            else f"a second source from {_plants(len(tried))} {where}: none is known to avoid it",
            sheet_rows=tuple(rows),
            quantity=_LOSS,
            before=stop_words(before),
            after=stop_words(after),
            before_low=before.loss,
            before_high=before.loss,
            after_low=after.loss,
            after_high=after.loss,
            helps=helps,
            rows=tuple(sorted({x.row for plant in best for x in links.above.get(plant, ())}))
            if helps
            else (),
        )

    def _other_grade(self, case: LineCase, material: str, rows: Sequence[int]) -> Iterator[Remedy]:
        """The grade with the least dysprosium and terbium, and a magnet without any."""
        held = [(self.lines[row], each) for row in rows for each in self.lines[row].grams]
        heavy = [(line, each) for line, each in held if each.element in _HEAVY and each.high > 0]
        if not heavy:
            return
        before = (fsum(x.low for _, x in heavy), fsum(x.high for _, x in heavy))
        least = self._least_heavy(material)
        if least and any(each.evidence == BY_GRADE for _, each in heavy):
            after = [self._heavy_in(least, self.lines[row]) for row in rows]
            low, high = fsum(x[0] for x in after), fsum(x[1] for x in after)
            told = self.materials.contents(least, by_grade=True).elements
            yield Remedy(
                measure=OTHER_GRADE,
                what=f"{self.materials.labels[least]}, if the part is cool enough",
                sheet_rows=tuple(rows),
                quantity="grams of Dy and Tb in one product",
                before=grams_words(*before),
                after=grams_words(low, high),
                before_low=before[0],
                before_high=before[1],
                after_low=low,
                after_high=high,
                helps=high < before[1] and grams_words(low, high) != grams_words(*before),
                rows=tuple(sorted({row for x in told if x.element in _HEAVY for row in x.rows})),
            )
        stop = self.stops.stop(case)
        light = tuple(each for each in case.elements if each not in _HEAVY)
        if light and stop.loss is not None:
            without = self.stops.stop(replace(case, elements=light))
            helps = without.loss is not None and _less(without.loss, stop.loss)
            yield Remedy(
                measure=OTHER_GRADE,
                what="a magnet without Dy and Tb, if one can be designed in",
                sheet_rows=tuple(rows),
                quantity=_LOSS,
                before=stop_words(stop),
                after=stop_words(without),
                before_low=stop.loss,
                before_high=stop.loss,
                after_low=without.loss,
                after_high=without.loss,
                helps=helps,
            )

    def _least_heavy(self, material: str) -> str:
        """The grade of the same kind of magnet that holds least; empty where none holds less."""
        most = self._percent(material)
        wider = self.materials.line_up(material)[1:2]
        same = [x for x in self.grades if self.materials.line_up(x)[1:2] == wider and x != material]
        least = min(same, key=lambda x: (self._percent(x), x), default="")
        return least if least and wider and self._percent(least) < most else ""

    def _percent(self, material: str) -> float:
        told = self.materials.contents(material, by_grade=True).elements
        return fsum(x.high for x in told if x.element in _HEAVY)

    def _heavy_in(self, material: str, line: ExposedLine) -> tuple[float, float]:
        if line.mass is None:
            return 0.0, 0.0
        told = self.materials.contents(material, by_grade=True).elements
        grams = grams_of([x for x in told if x.element in _HEAVY], line.mass, line.pieces)
        return fsum(x.low for x in grams), fsum(x.high for x in grams)

    def _stock(self, rows: Sequence[int]) -> Iterator[Remedy]:
        """More pieces of what would last for less."""
        for row in rows:
            line = self.lines[row]
            if not line.use_per_day:
                continue
            days = days_of_stock(line)
            if days is not None and days >= STOCK_DAYS:
                continue
            pieces = ceil(STOCK_DAYS * line.use_per_day - (line.stock or 0.0))
            after = days_of_stock(replace(line, stock=(line.stock or 0.0) + pieces))
            yield Remedy(
                measure=STOCK,
                what=f"{pieces:,} pieces more on stock",
                sheet_rows=(row,),
                quantity="days until it stops",
                before=NOT_KNOWN if days is None else f"{number_words(days)} days",
                after=f"{number_words(after or 0.0)} days",
                before_low=days,
                before_high=days,
                after_low=after,
                after_high=after,
                helps=True,
            )

    def _split(self, case: LineCase, rows: Sequence[int]) -> Iterator[Remedy]:
        """All from the sources that the costliest stop does not reach."""
        if len(case.sources) < 2:
            return
        worst = self._split_stop(case)
        if worst is None:
            return
        stop, free = worst
        whole = 1.0 / len(free)
        moved = tuple(replace(x, split=whole if x in free else 0.0) for x in case.sources)
        at = stop.at
        if at is None:
            return
        _, low, high = reach_of_line(
            replace(case, sources=moved), stop.elements, at.stage, at.country, self.stops.finder
        )
        least, most = stop.through
        yield Remedy(
            measure=SPLIT,
            what=f"all from {', '.join(each.text for each in free)}, if "
            f"{at.failure_label or at.stage} stopped",
            sheet_rows=tuple(rows),
            quantity=_NEED,
            before=_part(least, most),
            after=_part(low, high),
            before_low=least,
            before_high=most,
            after_low=low,
            after_high=high,
            helps=_less(high, most),
        )

    def _split_stop(self, case: LineCase) -> tuple[LineStop, list[LineSource]] | None:
        """The costliest stop that reaches some sources of a line and leaves others."""
        found = []
        for supply in self.stops.supplies:
            own = tuple(each for each in supply.elements if each in case.elements)
            for at in supply.stages if own else ():
                if not at.country:
                    continue
                place = (own, at.stage, at.country, self.stops.finder)
                reach, low, high = reach_of_line(case, *place)
                if reach != NO or not high:
                    continue
                alone = [replace(case, sources=(each,)) for each in case.sources]
                free = [x.sources[0] for x in alone if reach_of_line(x, *place)[0] == NO]
                found.append((LineStop(supply.element, own, at, YES, (low, high)), free))
        known = [each for each in found if each[0].loss is not None]
        return max(known or found, key=lambda each: each[0].loss or 0.0, default=None)


def _less(after: float, before: float) -> bool:
    """Whether a part of 1 is less by more than what is shown, and shows it."""
    return before - after >= _SHOWN and percent_cell(after) != percent_cell(before)


def _plants(count: int) -> str:
    return "the one plant" if count == 1 else f"any of {counted(count, 'plant')}"


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
        return NONE_STOPS
    if stop.at is None:
        return NOT_KNOWN
    loss = NOT_KNOWN if stop.loss is None else percent_cell(stop.loss)
    held = "" if stop.holds == YES else f", if it holds {stop.element}"
    return f"{loss} ({stop.element}, {stop.at.failure_label or stop.at.stage}{held})"


def _part(low: float, high: float) -> str:
    least, most = percent_cell(low), percent_cell(high)
    return most if least == most else f"{least.removesuffix(' %')} to {most}"
