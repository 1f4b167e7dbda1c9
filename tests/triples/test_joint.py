"""Joint figures stay joint: no answer shows the number of several things under one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pyoxigraph as ox
import pytest

from monazite.errors import UnknownNameError
from monazite.rows.iris import row_iri
from monazite.rows.reader import Row, Tables, read_tables
from monazite.triples.answers import to_answer
from monazite.triples.cards import read_cards
from monazite.triples.joint import together
from monazite.triples.opening import open_store
from monazite.triples.queries import NamedQuery, Parameter, read_queries
from monazite.triples.store import Store
from tests.sharing import THOROUGH
from tests.small_ontology import cut_of, read_shipped, write_cut

NAMED = {name: query for name, query in read_queries().items() if query.group != "network"}
LAID_OPEN = {"evidence-of", "monthly-exports", "rule-conditions-of"}
"""Shows a row cell by cell, a line each, or names the goods in the words of the source alone: no
line has one of the things and a number."""
WIDE = {"from": "1900", "to": "2100", "use": "e", "date": "2026-11-24"}
"""What leaves nothing out, for parameters that must be given."""
ENDS = {"entity": ("facility", "supplier", "customer", "organisation", "holder")}
"""Columns of what a parameter names, where it has another name."""
STYLES = ("name", "id", "notation", "description")
"""Columns of an entity that an answer may call it by."""


def joint_things(tables: Tables, row: Row) -> list[str]:
    """The ids of the things that share a number of a row; none where it has one thing."""
    for column in tables.schema.tables[row.table].joint_columns:
        cells = row.cells.get(column.name, ())
        if len(cells) > 1 and numbers_of(tables, row):
            return [cell.text for cell in cells]
    return []


def numbers_of(tables: Tables, row: Row) -> set[float]:
    columns = tables.schema.tables[row.table].columns
    names = [column.name for column in columns if column.kind == "decimal"]
    return {float(cell.text) for name in names for cell in row.cells.get(name, ())}


def elements_of(tables: Tables) -> dict[str, set[str]]:
    """The elements, and the groups that hold one, by material and by element."""
    groups = {row.key: _texts(row, "members") for row in tables.of("element_groups")}
    found = {row.key: _texts(row, "elements") for row in tables.of("materials")}
    found |= {row.key: {row.key} for row in tables.of("elements")} | groups
    return {
        thing: own | {group for group, members in groups.items() if members & own}
        for thing, own in found.items()
    }


def _texts(row: Row, *columns: str) -> set[str]:
    return {cell.text for column in columns for cell in row.cells.get(column, ())}


def values_for(tables: Tables, parameter: Parameter, row: Row, things: list[str]) -> set[str]:
    """What a parameter may be, if it is to reach a row."""
    if parameter.type == "element":
        return set().union(*(elements_of(tables).get(thing, set()) for thing in things))
    if parameter.type == "row":
        return {f"{row.table}/{row.key}"}
    if parameter.name == "code":
        return {code.text("notation") for code in tables.of("codes") if code.key in things}
    found = _texts(row, *ENDS.get(parameter.type, (parameter.name,)))
    if parameter.type == "year":
        return {each[:4] for each in found}
    if parameter.type == "entity":
        found &= {each.key for name in ("facilities", "organisations") for each in tables.of(name)}
    return found


def askings(
    tables: Tables, query: NamedQuery, row: Row, things: list[str]
) -> Iterator[dict[str, str]]:
    """What to ask a query so that it may show a row: as wide as can be, then one value each."""
    values = {each.name: values_for(tables, each, row, things) for each in query.parameters}
    wide = {
        each.name: ""
        if each.optional
        else WIDE.get(each.name, min(values[each.name], default=each.default))
        for each in query.parameters
    }
    yield wide
    for name, found in values.items():
        yield from ({**wide, name: value} for value in sorted(found))


class JointAnswers:
    """A store with its joint rows: what each may be called, and its numbers."""

    def __init__(self, store: Store, tables: Tables, *, cut: bool = False) -> None:
        self.store = store
        self.cut = cut
        self.tables = tables
        entities = {
            (tables.schema.tables[row.table].class_iri, row.key): row for row in tables.rows
        }
        self.rows = [row for row in tables.rows if joint_things(tables, row)]
        self.names, self.single, self.numbers = {}, {}, {}
        for row in self.rows:
            iri = row_iri(row.table, row.key)
            kinds = [
                kind
                for column in tables.schema.tables[row.table].joint_columns
                for kind in column.classes
            ]
            things = [
                next(entities[kind, thing] for kind in kinds if (kind, thing) in entities)
                for thing in joint_things(tables, row)
            ]
            called = [[thing.text(style) for thing in things] for style in STYLES]
            self.names[iri] = {together(each) for each in called if all(each)}
            self.single[iri] = {name for each in called for name in each} - {""}
            self.numbers[iri] = numbers_of(tables, row)
        self.faults = cache(self._faults)

    def sample(self) -> list[Row]:
        """One row of each table, and of each set of things of the cut; all, if thorough."""
        if THOROUGH:
            return self.rows
        kinds = {
            (row.table, *(joint_things(self.tables, row) if self.cut else ())): row
            for row in self.rows
        }
        return list(kinds.values())

    def _faults(self, name: str, given: tuple[tuple[str, str], ...]) -> list[list[str]]:
        try:
            bound = NAMED[name].bound(self.store, dict(given))
        except UnknownNameError:
            assert self.cut  # which has not everything that is asked about where nobody names it
            return []
        answer = to_answer(self.store.select(bound))
        pairs = zip(answer.rows, answer.texts(), strict=True)
        return [texts for terms, texts in pairs if self._is_wrong(name, terms, texts)]

    def _is_wrong(self, name: str, terms: tuple[object, ...], texts: list[str]) -> bool:
        named = {term.value for term in terms if isinstance(term, ox.NamedNode)}
        shown = {float(text) for text in texts if text.replace(".", "", 1).isdigit()}
        for iri in named & self.names.keys():
            if shown & self.numbers[iri] and not self.names[iri] & set(texts):
                return name not in LAID_OPEN or bool(self.single[iri] & set(texts))
        return False

    def wrong(self, query: NamedQuery) -> list[list[str]]:
        """The answer rows that show the number of a joint row without all that share it."""
        asked = {
            tuple(sorted(given.items()))
            for row in self.sample()
            for given in askings(self.tables, query, row, joint_things(self.tables, row))
        }
        return [texts for given in sorted(asked) for texts in self.faults(query.name, given)]


@pytest.fixture(scope="module")
def shipped_answers(store: Store, shipped: Tables) -> JointAnswers:
    return JointAnswers(store, shipped)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> JointAnswers:
    """The cut, where each number that several things may share is shared by two."""
    shipped = read_shipped()
    rows = cut_of(shipped)
    folder = write_cut(tmp_path_factory.mktemp("joint") / "ontology", list(_shared(shipped, rows)))
    store = open_store(folder, cache=False)
    return JointAnswers(store, read_tables(folder / "tables", shipped.schema), cut=True)


def _shared(tables: Tables, rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        cells = dict(row.cells)
        for column in tables.schema.tables[row.table].joint_columns:
            own = cells.get(column.name, ())
            others = [
                each.cells[column.name][0]
                for each in rows
                if column.name in each.cells
                and tables.schema.tables[each.table].column(column.name).classes == column.classes
            ]
            other = [cell for cell in others if cell.text not in {c.text for c in own}]
            if own and other and numbers_of(tables, row):
                cells[column.name] = (*own, other[0])
        yield replace(row, cells=cells)


@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
def test_a_joint_number_is_shown_with_all_that_share_it(
    shipped_answers: JointAnswers, query: NamedQuery
) -> None:
    assert shipped_answers.wrong(query) == []


@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
def test_so_it_is_where_every_number_is_shared(planted: JointAnswers, query: NamedQuery) -> None:
    assert planted.wrong(query) == []


def test_there_are_joint_rows_to_hold(shipped_answers: JointAnswers, planted: JointAnswers) -> None:
    assert {"capacity", "production", "supply_links", "trade"} <= {
        row.table for row in shipped_answers.rows
    }
    assert "production_totals" in {row.table for row in planted.rows}


def test_a_card_shows_all_that_share_a_number(
    shipped_answers: JointAnswers, shipped: Tables
) -> None:
    names = {f"{row.table}/{row.key}": row_iri(row.table, row.key) for row in shipped_answers.rows}
    cards = read_cards(shipped_answers.store, shipped.schema.tables, names)
    missing = [
        name
        for name, iri in names.items()
        if not any(joint in cards[name].text for joint in shipped_answers.names[iri] if joint)
    ]
    assert missing == []
