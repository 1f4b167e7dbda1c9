"""What a conclusion may be doubted for: rows with their copies, and assumptions, with a range.

A premise is one fact as one root says it. Rows of one fact that copy one root are one premise: to
leave out one copy alone changes nothing, the next says the same. Its number may be moved as far as
its own printed range, the other rows of the fact, or the range of the assumption allow. Rows speak
of one fact as the network takes them: shares of one place and stage, whatever series and year
(as the rule of preference lets them widen a range), and tonnes of one place, stage, material,
basis and year; a flow of one code, exporter, importer and year; a figure of one site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from monazite.network.facts import ALL_RARE_EARTHS
from monazite.network.preferences import RANGE
from monazite.network.revised import TRADE, RecordedFacts, RevisedFacts, table_of
from monazite.network.shares import Figure
from monazite.rows.iris import row_iri
from monazite.triples.answers import to_answer

DROPPED, LOWEST, HIGHEST = "dropped", "lowest", "highest"
OWN, OTHERS, ASSUMED = "its own printed range", "other rows of the fact", "the assumption's range"
_ROOTS = """PREFIX mz: <https://w3id.org/monazite/ns#>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT DISTINCT ?row ?root WHERE {
  VALUES ?row { $ROWS }
  ?row prov:wasDerivedFrom ?source .
  OPTIONAL { ?source mz:root+ ?original . FILTER NOT EXISTS { ?original mz:root ?further } }
  BIND(COALESCE(?original, ?source) AS ?root)
}"""


@dataclass(frozen=True, order=True)
class Premise:
    """A fact as one root says it, or an assumption; ``low`` to ``high`` is where it may lie.

    ``rows`` are the row and its copies. ``ranged_by`` tells what gives the range, empty where
    nothing does; ``range_rows`` are the other rows that set its ends.
    """

    rows: tuple[str, ...]
    value: float | None = None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    ranged_by: str = ""
    range_rows: tuple[str, ...] = ()
    assumption: bool = False


@dataclass(frozen=True, order=True)
class Doubt:
    """One premise dropped, or its number moved to an end of its range."""

    premise: Premise
    how: str

    @property
    def value(self) -> float | None:
        """The number that stands in, None if the premise is dropped."""
        ends = {LOWEST: self.premise.low, HIGHEST: self.premise.high}
        return ends.get(self.how)


def doubts_about(premise: Premise) -> tuple[Doubt, ...]:
    """Return the ways in which a premise may be doubted.

    An assumption is not dropped: nobody has said it, and without any value nothing is known.

    >>> [doubt.how for doubt in doubts_about(Premise(("production/a",), 0.9, "percent", 0.8, 0.9))]
    ['dropped', 'lowest']
    """
    ways = () if premise.assumption else (DROPPED,)
    ends = ((LOWEST, premise.low), (HIGHEST, premise.high))
    moved = tuple(how for how, end in ends if end is not None and end != premise.value)
    return tuple(Doubt(premise, how) for how in (*ways, *moved))


def revise(facts: RecordedFacts, doubts: Iterable[Doubt]) -> RevisedFacts:
    """Return facts as they are if some doubts are right."""
    doubts = list(doubts)
    return RevisedFacts(
        facts.store,
        facts.element,
        facts.date,
        facts,
        frozenset(row for doubt in doubts if doubt.how == DROPPED for row in doubt.premise.rows),
        {
            row: doubt.value
            for doubt in doubts
            if doubt.value is not None
            for row in doubt.premise.rows
        },
    )


@dataclass(frozen=True)
class _Said:
    """What a row says; ``period`` and ``roots`` tell its copies, ``widens`` its rivals."""

    row: str
    fact: tuple[object, ...]
    value: float | None = None
    ends: tuple[float, ...] = ()
    unit: str = ""
    period: int = 0
    roots: frozenset[str] | None = None
    widens: Callable[[int], bool] = field(default=bool, compare=False)

    @property
    def numbers(self) -> list[float]:
        return [number for number in (self.value, *self.ends) if number is not None]


class Premises:
    """The premises of some recorded facts, by row."""

    def __init__(self, facts: RecordedFacts) -> None:
        self._facts = facts
        self._made: dict[str, Premise] = {}

    def of(self, rows: Iterable[str]) -> list[Premise]:
        """Return the premises that some rows belong to, in order of their rows.

        A row and its copies are one premise, named by its first row.
        """
        for row in rows:
            if row not in self._made:
                made = self._premise(row)
                self._made.update(dict.fromkeys(made.rows, made))
        return sorted({self._made[row] for row in rows})

    def _premise(self, row: str) -> Premise:
        assumed = self._assumptions.get(row)
        if assumed is not None:
            return assumed
        if row not in self._said and table_of(row) in TRADE:
            for found in ("_said", "_facts_said"):  # a year of trade that was read since
                self.__dict__.pop(found, None)
        said = self._said.get(row)
        if said is None:
            return Premise((row,))
        copies = self._copies(said)
        rows = tuple(sorted(one.row for one in copies))
        own = [number for one in copies for number in one.numbers]
        rivals = [
            one
            for one in self._facts_said[said.fact]
            if one.row not in rows and said.widens(said.period - one.period)
        ]
        ends = [(number, one.row) for one in rivals for number in one.numbers]
        ends += [*((number, row) for number in own), *self._share_ends(row)]
        if said.value is None or min(ends)[0] == max(ends)[0]:
            return Premise(rows, said.value, said.unit)
        low, high = min(ends), max(ends)
        setting = tuple(sorted({low[1], high[1]} - {*rows}))
        by = OTHERS if setting else OWN
        return Premise(rows, said.value, said.unit, low[0], high[0], by, setting)

    def _copies(self, said: _Said) -> list[_Said]:
        """The row, and all that share a root with it or with a copy of it."""
        same = [one for one in self._facts_said[said.fact] if one.period == said.period]
        roots = self._roots_of(same) if same[1:] else {}
        copies, grown = {said.row}, True
        while grown:
            counted = {root for row in copies for root in roots.get(row, ())}
            more = {row for row, own in roots.items() if own & counted} - copies
            copies |= more
            grown = bool(more)
        return [one for one in same if one.row in copies]

    def _roots_of(self, same: list[_Said]) -> dict[str, frozenset[str]]:
        if all(one.roots is not None for one in same):
            return {one.row: one.roots or frozenset() for one in same}
        iris = " ".join(f"<{row_iri(*one.row.split('/', 1))}>" for one in same)
        found: dict[str, set[str]] = defaultdict(set)
        for answer in to_answer(self._facts.store.select(_ROOTS.replace("$ROWS", iris))).dicts():
            found[answer["row"].removeprefix("row/")].add(answer["root"])
        return {row: frozenset(roots) for row, roots in found.items()}

    def _share_ends(self, row: str) -> Iterator[tuple[float, str]]:
        """What shares that other rows print would make of the tonnes of a row that splits."""
        for split in self._facts.splits.values():
            share = next((one for one in split.shares.values() if one.rows == (row,)), None)
            total = split.world_tonnes
            if share is None or total is None or share.tonnes is None:
                continue
            for end, other in ((share.low, share.low_row), (share.high, share.high_row)):
                if other != row and split.denominator == "line sum" and end < 1:
                    yield end * (total - share.tonnes) / (1 - end), other
                elif other != row:
                    yield end * total, other

    @cached_property
    def _assumptions(self) -> dict[str, Premise]:
        found = {}
        for answer in self._facts.assumptions.values():
            row = answer["row"].removeprefix("row/")
            low, high = (float(answer[end]) if answer[end] else None for end in ("low", "high"))
            by = ASSUMED if (low, high) != (None, None) else ""
            found[row] = Premise(
                (row,), float(answer["value"]), answer["unit"], low, high, by, assumption=True
            )
        return found

    @cached_property
    def _said(self) -> dict[str, _Said]:
        found: dict[str, _Said] = {}
        for said in (*self._outputs(), *self._flows(), *self._site_figures(), *self._operations()):
            found.setdefault(said.row, said)
        return found

    @cached_property
    def _facts_said(self) -> dict[tuple[object, ...], list[_Said]]:
        found: dict[tuple[object, ...], list[_Said]] = defaultdict(list)
        for said in self._said.values():
            found[said.fact].append(said)
        return found

    def _outputs(self) -> Iterator[_Said]:
        facts = self._facts
        for figure in (
            *facts.own_figures,
            *facts.figures(ALL_RARE_EARTHS),
            *facts.magnet_figures,
        ):
            yield _of_figure(figure)

    def _flows(self) -> Iterator[_Said]:
        for year, flow in self._facts.flows_read():
            fact = ("flow", flow.code, flow.exporter, flow.importer, year)
            yield _Said(flow.row, fact, flow.tonnes, unit="t")

    def _site_figures(self) -> Iterator[_Said]:
        answers = self._facts.ask("network-capacity", date=f"{self._facts.year}-12-31")
        ends = {
            answer["row"].removeprefix("row/"): tuple(
                float(answer[end]) for end in ("low", "high") if answer[end]
            )
            for answer in answers
        }
        for one in self._facts.site_figures:
            fact = ("site", one.facility, one.stage, one.kind, one.year, one.basis, one.materials)
            yield _Said(one.row, fact, one.tonnes, ends[one.row], "t")

    def _operations(self) -> Iterator[_Said]:
        for answer in self._facts.ask("network-sites", date=self._facts.date):
            fact = ("operation", answer["facility"], answer["stage"], answer["operator"])
            yield _Said(answer["row"].removeprefix("row/"), fact)


def _of_figure(figure: Figure) -> _Said:
    fact: tuple[object, ...] = (figure.is_share, figure.stage, figure.place)
    if not figure.is_share:
        fact = (*fact, figure.year, figure.material, figure.basis)
    value, *ends = figure.percent if figure.is_share else figure.tonnes
    return _Said(
        figure.row,
        fact,
        value,
        tuple(end for end in ends if end is not None),
        "percent" if figure.is_share else "t",
        figure.year,
        figure.roots,
        lambda age: figure.rule.speaks(RANGE, age),
    )
