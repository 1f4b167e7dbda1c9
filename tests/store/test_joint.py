"""Answers show joint figures with all that share them, and say what a number is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import pyoxigraph as ox
import pytest

from monazite.core.errors import UnknownNameError
from monazite.data.iris import row_iri
from monazite.data.reader import Row, Tables, read_tables
from monazite.model.network.facts import table_of
from monazite.store.answers import to_answer, together
from monazite.store.cards import RowMarks, read_cards
from monazite.store.opening import open_store
from monazite.store.queries import NamedQuery, Parameter, read_queries
from monazite.store.store import Store
from tests.small_ontology import cut_of, read_shipped, write_cut

pytestmark = pytest.mark.whole


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
        yield from ({**wide, name: value} for value in sorted(found)[:1])


class JointAnswers:
    """A store with its joint rows: what each may be called, and its numbers."""

    def __init__(self, store: Store, tables: Tables) -> None:
        self.store = store
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
        """One row of each table, and of each set of things of the cut."""
        return list(
            {(row.table, *joint_things(self.tables, row)): row for row in self.rows}.values()
        )

    def _faults(self, name: str, given: tuple[tuple[str, str], ...]) -> list[list[str]]:
        try:
            bound = NAMED[name].bound(self.store, dict(given))
        except UnknownNameError:
            return []  # the cut has not everything that is asked about where nobody names it
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
    return JointAnswers(store, read_tables(folder / "tables", shipped.schema))


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
    planted: JointAnswers, query: NamedQuery
) -> None:
    assert planted.wrong(query) == []


@pytest.mark.parametrize("query", [*NAMED.values()][::4], ids=lambda query: query.name)
def test_so_it_is_of_the_shipped_rows(shipped_answers: JointAnswers, query: NamedQuery) -> None:
    assert shipped_answers.wrong(query) == []


def test_there_are_joint_rows_to_hold(planted: JointAnswers) -> None:
    assert {"capacity", "production", "production_totals", "trade"} <= {
        row.table for row in planted.rows
    }


def test_a_card_shows_all_that_share_a_number(planted: JointAnswers) -> None:
    names = {f"{row.table}/{row.key}": row_iri(row.table, row.key) for row in planted.rows}
    cards = read_cards(planted.store, planted.tables.schema.tables, names)
    missing = [
        name
        for name, iri in names.items()
        if not any(joint in cards[name].text for joint in planted.names[iri] if joint)
    ]
    assert missing == []


SHOWN_WHOLE = {"evidence-of"}  # Shows a row cell by cell, the mark among them
WHAT = """PREFIX mz: <https://w3id.org/monazite/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?row ?kind ?whole {
  ?row mz:figureKind/skos:prefLabel ?kind OPTIONAL { ?row mz:proxyOf/rdfs:label ?whole }
}"""
KIND, WHOLE = "kind_of_figure", "proxy_of"


class MarkedRows:
    """A store with the rows whose table says what a number is: the words, and the numbers."""

    def __init__(self, store: Store, tables: Tables) -> None:
        self.store, self.tables = store, tables
        self.rows = [row for row in tables.rows if row.cells.get("figure_kind")]
        kinds: dict[str, set[str]] = defaultdict(set)
        wholes: dict[str, str] = {}
        for told in to_answer(store.select(WHAT)).dicts():
            kinds[told["row"]].add(told["kind"])
            wholes[told["row"]] = told["whole"]
        self.words = {
            row_iri(*row.split("/", 2)[1:]): ("; ".join(sorted(found)), wholes[row])
            for row, found in kinds.items()
        }
        self.numbers = {row_iri(row.table, row.key): numbers_of(tables, row) for row in self.rows}
        self.answered = cache(self._answered)

    def sample(self) -> list[Row]:
        """One row of each table, kind of figure and proxy that is not measured alone."""
        found = {
            (row.table, row.text("figure_kind"), row.text("proxy_of")): row for row in self.rows
        }
        return [row for key, row in sorted(found.items()) if key[1] != "measured"]

    def things_of(self, row: Row) -> list[str]:
        """What parameters of materials and codes may ask for to reach a row."""
        columns = self.tables.schema.tables[row.table].joint_columns
        return [cell.text for column in columns for cell in row.cells.get(column.name, ())]

    def _answered(
        self, name: str, given: tuple[tuple[str, str], ...]
    ) -> list[tuple[Mapping[str, object], Mapping[str, str]]]:
        answer = to_answer(self.store.select(NAMED[name].bound(self.store, dict(given))))
        terms = (dict(zip(answer.variables, row, strict=True)) for row in answer.rows)
        return list(zip(terms, answer.dicts(), strict=True))

    def wrong(self, query: NamedQuery) -> list[Mapping[str, str]]:
        """The answer rows that show a number of a row and do not say what it is."""
        asked = {
            tuple(sorted(given.items()))
            for row in self.sample()
            for given in askings(self.tables, query, row, self.things_of(row))
        }
        lines = (line for given in sorted(asked) for line in self.answered(query.name, given))
        return [texts for terms, texts in lines if not self._is_told(terms, texts)]

    def _is_told(self, terms: Mapping[str, object], texts: Mapping[str, str]) -> bool:
        shown = {float(text) for text in texts.values() if text.replace(".", "", 1).isdigit()}
        for column, term in terms.items():
            iri = term.value if isinstance(term, ox.NamedNode) else ""
            if shown & self.numbers.get(iri, set()):
                side = column.removesuffix("row")
                side = "higher_" if f"higher_{KIND}" in texts and not side else side
                kind, whole = self.words[iri]
                if texts.get(f"{side}{KIND}") != kind or texts.get(f"{side}{WHOLE}", "") != whole:
                    return False
        return True


@pytest.fixture(scope="module")
def marked(store: Store, shipped: Tables) -> MarkedRows:
    return MarkedRows(store, shipped)


@pytest.mark.parametrize("query", NAMED.values(), ids=lambda query: query.name)
def test_an_answer_says_what_a_number_is(marked: MarkedRows, query: NamedQuery) -> None:
    if query.name not in SHOWN_WHOLE:
        assert marked.wrong(query) == []


def test_there_are_numbers_to_mark(marked: MarkedRows) -> None:
    assert {"production", "production_totals", "trade", "trade_totals", "monthly"} <= {
        row.table for row in marked.sample()
    }


FLOW = "baci/mmr-chn-2846.90-2024"


def test_each_row_is_marked_as_among_all() -> None:
    whole, asked = RowMarks(open_store()), RowMarks(open_store())
    known = {row: whole[row] for row in whole}
    assert {row: asked[row] for row in known} == known
    assert {"trade", "production"} <= {table_of(row) for row in known}
    assert RowMarks(open_store()).of([*known, FLOW]) == known
