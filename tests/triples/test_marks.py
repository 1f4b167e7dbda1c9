"""A number that is not measured is marked: every answer that shows one says what the number is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox
import pytest

from monazite.rows.iris import row_iri
from monazite.rows.reader import Row, Tables
from monazite.triples.answers import to_answer
from monazite.triples.queries import NamedQuery, read_queries
from monazite.triples.store import Store
from tests.triples.test_joint import askings, numbers_of

NAMED = {name: query for name, query in read_queries().items() if query.group != "network"}
LAID_OPEN = {"evidence-of"}
"""Shows a row cell by cell, the mark among them."""
WHAT = """PREFIX mz: <https://w3id.org/monazite/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?row ?kind ?whole {
  ?row mz:figureKind/skos:prefLabel ?kind OPTIONAL { ?row mz:proxyOf/rdfs:label ?whole }
}"""
KIND, WHOLE = "kind_of_figure", "proxy_of"
MARKED = ("production-by-country", "world-production", "shares-of-country", "mine-output-of")
TRADED = ("trade-between", "monthly-exports")


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
    if query.name not in LAID_OPEN:
        assert marked.wrong(query) == []


def test_there_are_numbers_to_mark(marked: MarkedRows) -> None:
    assert {"production", "production_totals", "trade", "trade_totals", "monthly"} <= {
        row.table for row in marked.sample()
    }


@pytest.mark.parametrize("name", [*MARKED, *TRADED])
def test_what_a_number_is_stands_in_columns_of_its_own(store: Store, name: str) -> None:
    columns = to_answer(store.select(NAMED[name].bound(store, {}))).variables
    assert {KIND, WHOLE} <= set(columns)


def test_the_ends_of_a_bound_are_shown(store: Store) -> None:
    given = {"exporter": "CHN", "importer": "IND", "from": "2025"}
    found = to_answer(store.select(NAMED["trade-between"].bound(store, given))).dicts()
    ends = {
        (row["percent_low"], row["kind_of_figure"])
        for row in found
        if row["source"] == "ndtv-crisil-2025"
    }
    assert ends == {("80", "Lower bound; Of imports or exports")}
