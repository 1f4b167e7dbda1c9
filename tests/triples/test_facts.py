"""What is worked out of the rows is what the SPARQL of each lookup finds in their quads."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.progress import do_nothing
from monazite.rows.reader import Tables
from monazite.triples.answers import full
from monazite.triples.facts import all_facts
from monazite.triples.filling import read_all
from monazite.triples.lookups import PREFIX, Found, Lookup
from monazite.triples.opening import open_store
from monazite.triples.store import Store

ENTITIES = PREFIX + "SELECT DISTINCT ?thing { ?row mz:describes ?thing }"


def asked_of_all(store: Store, lookup: Lookup) -> dict[str, Found]:
    """What the engine finds where no thing is named."""
    text = lookup.text.replace("{ $THINGS }", "").replace("$THINGS", "")
    found: dict[str, Found] = {}
    for row in store.select(PREFIX + text):
        names = text.split("WHERE")[0].split("?thing ?")[1].strip().split(" ?")
        answer = {name: full(row[name]) for name in names}
        found.setdefault(str(row["thing"]), []).append(answer)
    return found


def sorted_found(found: dict[str, Found]) -> dict[str, list[list[tuple[str, str]]]]:
    return {
        thing: sorted(sorted(each.items()) for each in answers)
        for thing, answers in found.items()
        if answers
    }


def compare(store: Store, tables: Tables) -> set[str]:
    entities = {str(row["thing"]) for row in store.select(ENTITIES)}
    compared = set()
    for lookup, found in all_facts(tables.rows, tables.schema):
        right = asked_of_all(store, lookup)
        if lookup.name == "about":  # the engine finds classes, years and texts as well
            right = {thing: answers for thing, answers in right.items() if thing in entities}
        if lookup.name == "word":  # and names of terms, which are no entities, and single words
            right = {
                word: kept
                for word, answers in right.items()
                if word != '""'
                and (kept := [each for each in answers if f"<{each['entity']}>" in entities])
            }
        assert sorted_found(found) == sorted_found(right), lookup.name
        compared.add(lookup.name)
    return compared


def test_lookups_of_a_small_ontology(small_ontology: Path) -> None:
    tables = read_all(small_ontology, None, do_nothing)
    compared = compare(open_store(small_ontology, cache=False), tables)
    assert compared == {"label", "source", "about", "iri", "id", "code", "name", "word"}


@pytest.mark.parametrize("word", ["label", "source", "about", "iri", "id", "code", "name", "word"])
def test_every_lookup_finds_something_of_the_shipped_rows(shipped: Tables, word: str) -> None:
    found = {lookup.name: things for lookup, things in all_facts(shipped.rows, shipped.schema)}
    assert len(found[word]) > 100


@pytest.mark.whole
def test_lookups_of_the_shipped_rows(store: Store, shipped: Tables) -> None:
    assert len(compare(store, shipped)) == 8
