"""The rules: hand-worked graphs, the shipped tables counted another way, bounds, and laws."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import QueryError, UnknownNameError, UnreadableError
from monazite.rows.columns import read_schema
from monazite.rows.iris import BASE, INFERRED, NS, PREFIXES, SCHEME
from monazite.shipped import ontology_folder
from monazite.triples.opening import open_store
from monazite.triples.quads import vocabulary_nquads
from monazite.triples.reason import InferenceRule, Reasoned, RuleLimits, read_rules, reason
from monazite.triples.sparql_text import judge
from monazite.triples.store import Store, store_of

TABLES = ontology_folder() / "tables"
DAY = "2026-11-24"
RULES = read_rules()
A, TYPE = "a", f"<{PREFIXES['rdf']}type>"
Pairs = set[tuple[str, str]]


@lru_cache
def vocabulary() -> str:
    return "".join(vocabulary_nquads(read_schema(ontology_folder())))


def term(text: str) -> str:
    """Write ``x`` as a thing, ``mz:x`` and ``stage/x`` by their names, a date and words as such."""
    if text == A:
        return TYPE
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f'"{text}"^^<{PREFIXES["xsd"]}date>'
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return f'"{text}"^^<{PREFIXES["xsd"]}decimal>'
    if text.startswith("mz:"):
        return f"<{NS}{text[3:]}>"
    return f"<{SCHEME}{text}>" if "/" in text else f"<{BASE}id/{text}>"


def rows(text: str, *, words: bool = False) -> Store:
    """Make a store of lines ``subject predicate object; predicate object``, a graph a line."""
    lines = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines()))):
        subject, _, rest = line.partition(" ")
        for part in rest.split(";"):
            predicate, value = part.split()
            quad = (term(subject), term(predicate), term(value), f"<{BASE}row/small/{number}>")
            lines.append(" ".join(quad) + " .\n")
    return store_of((vocabulary() if words else "") + "".join(lines))


def inferred(store: Store, predicate: str) -> Pairs:
    """The inferred pairs of a property, by the last part of their names."""
    path = TYPE if predicate == A else f"<{NS}{predicate}>"
    query = f"SELECT ?s ?o {{ GRAPH <{INFERRED}> {{ ?s {path} ?o }} }}"
    return {(last(row["s"].value), last(row["o"].value)) for row in store.select(query)}


def last(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def lines(table: str) -> list[dict[str, str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def shipped_reasoned(store: Store) -> Reasoned:
    return reason(store, valid=DAY)


# The files


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_says_what_it_does_and_why_it_stops(rule: InferenceRule) -> None:
    assert rule.query.title != rule.name
    assert rule.query.about
    assert rule.stops
    judge(rule.query.text)
    assert re.search(r"^CONSTRUCT \{ [^{}]+ \}$", rule.query.text, re.MULTILINE)
    template = rule.query.text[rule.query.text.index("CONSTRUCT") :].split("}")[0]
    assert "_:" not in template
    assert "[" not in template
    assert "FILTER NOT EXISTS" in rule.query.text


def test_whatever_the_rules_infer_is_declared() -> None:
    used = {name for rule in RULES for name in re.findall(r"mz:(\w+)", rule.query.text)}
    declared = (ontology_folder() / "monazite.ttl").read_text(encoding="utf-8")
    assert {name for name in used if f"\nmz:{name} a owl:" not in declared} == set()


def test_a_rule_stands_after_those_it_waits_for() -> None:
    names = [rule.name for rule in RULES]
    assert any(rule.after for rule in RULES)
    for rule in RULES:
        assert all(names.index(other) < names.index(rule.name) for other in rule.after)


# Small graphs


def test_a_plant_lies_in_its_country_region_groups_and_union() -> None:
    store = rows(
        """
        silmet a mz:Facility; mz:country EST
        pit mz:partOf district
        district a mz:Facility; mz:country CHN
        EST a mz:Country; mz:region region/northern-europe; mz:group country-group/eu
        CHN a mz:Country; mz:region region/eastern-asia
        firm a mz:Organisation; mz:country EST
        """,
        words=True,
    )
    found = reason(store)
    assert inferred(found.store, "locatedIn") == {
        *(("silmet", place) for place in ("EST", "northern-europe", "eu", "EUE")),
        *(("EST", place) for place in ("northern-europe", "eu", "EUE")),
        *(("pit", place) for place in ("district", "CHN", "eastern-asia")),
        *(("district", place) for place in ("CHN", "eastern-asia")),
        ("CHN", "eastern-asia"),
    }
    assert (found.counts["located-in"], found.counts["located-in-transitively"]) == (7, 6)


def test_kinds_of_kinds() -> None:
    store = rows(
        """
        dy2o3 mz:broader heavy-oxides
        heavy-oxides mz:broader oxides
        oxides mz:broader compounds
        """
    )
    assert inferred(reason(store).store, "broader") == {
        ("dy2o3", "oxides"),
        ("dy2o3", "compounds"),
        ("heavy-oxides", "compounds"),
    }


def test_what_one_kind_contains_the_wider_may_contain_and_no_other_kind() -> None:
    store = rows(
        """
        magnet a mz:Material
        ndfeb a mz:Material; mz:broader magnet; mz:containsElement Nd
        smco a mz:Material; mz:broader magnet; mz:containsElement Sm
        """
    )
    assert inferred(reason(store).store, "mayContain") == {
        ("ndfeb", "Nd"),
        ("smco", "Sm"),
        ("magnet", "Nd"),
        ("magnet", "Sm"),
    }


# The shipped tables


def closure(pairs: Iterable[tuple[str, str]]) -> Pairs:
    graph: nx.DiGraph[str] = nx.transitive_closure(nx.DiGraph(list(pairs)))
    return {(a, b) for a, b in graph.edges if a != b}


def test_kinds_of_the_shipped_materials(shipped_reasoned: Reasoned) -> None:
    direct = {(row["id"], row["broader"]) for row in lines("materials") if row["broader"]}
    new = closure(direct) - direct
    assert inferred(shipped_reasoned.store, "broader") == new
    assert shipped_reasoned.counts["kind-of"] == len(new) > 100


def test_elements_of_the_shipped_materials(shipped_reasoned: Reasoned) -> None:
    materials = lines("materials")
    wider: nx.DiGraph[str] = nx.DiGraph(
        [(row["id"], row["broader"]) for row in materials if row["broader"]]
    )
    wider.add_nodes_from(row["id"] for row in materials)
    made = {(row["id"], x) for row in materials for x in row["elements"].split(";") if x}
    mixed = {
        (row["material"], element)
        for row in lines("compositions")
        for element in row["element"].split(";")
        if float(row["percent"] or row["percent_high"] or 1) > 0 and element not in {"ree", "ndpr"}
    }
    wanted = {
        (above, element)
        for material, element in made | mixed
        for above in {material, *nx.descendants(wider, material)}
    }
    assert inferred(shipped_reasoned.store, "mayContain") == wanted
    assert ("magnet-rare-earth-oxides", "Dy") in wanted


def test_places_of_the_shipped_mines_and_plants(shipped_reasoned: Reasoned) -> None:
    steps: Pairs = set()
    for row in [*lines("facilities"), *lines("deposits")]:
        steps |= {(row["id"], place) for place in (row["country"], row.get("part_of", "")) if place}
    for row in lines("countries"):
        groups = [group for group in row["groups"].split(";") if group]
        places = [row["region"], *groups, *(["EUE"] if "eu" in groups else [])]
        steps |= {(row["id"], place) for place in places if place}
    found = inferred(shipped_reasoned.store, "locatedIn")
    assert found == closure(steps)  # a mine and its deposit of the same id are one text here
    for place in ("EST", "northern-europe", "eu", "EUE"):
        assert ("silmet-sillamae", place) in found
    assert ("mountain-pass", "EUE") not in found


# The store


@pytest.mark.whole
def test_the_cache_is_read_and_never_written(tmp_path: Path) -> None:
    store = open_store()
    assert store.folder is not None

    def state() -> dict[str, str]:
        assert store.folder is not None
        files = sorted(file for file in store.folder.iterdir() if not file.name.startswith("LOG"))
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    before, size = state(), len(store)
    found = reason(store)
    assert found.store.folder is None
    assert len(found.store) == size + sum(found.counts.values())
    assert (state(), len(store)) == (before, size)
    assert not store.has_graph(INFERRED)
    assert found.store.has_graph(INFERRED)


def test_twice_adds_nothing(shipped_reasoned: Reasoned) -> None:
    again = reason(shipped_reasoned.store, valid=DAY)
    assert set(again.counts.values()) == {0}
    assert len(again.store) == len(shipped_reasoned.store)


# Bounds and bad rules


def rule_folder(tmp_path: Path, **texts: str) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.rq").write_text(text, encoding="utf-8")
    return tmp_path


GROWS = (
    f"# stops: never\nCONSTRUCT {{ ?o <{NS}next> [] }}\nWHERE {{ ?s ?p ?o FILTER(!ISLITERAL(?o)) }}"
)
ONE = store_of("<x:a> <x:b> <x:c> <x:g> .")


def test_a_rule_that_does_not_come_to_rest_is_stopped(tmp_path: Path) -> None:
    folder = rule_folder(tmp_path, grows=GROWS)
    with pytest.raises(QueryError, match=r"The rule grows was stopped after 5 rounds and \d+ trip"):
        reason(ONE, folder, bounds=RuleLimits(rounds=5))
    with pytest.raises(QueryError, match="infer more than the triples allowed"):
        reason(ONE, folder, bounds=RuleLimits(rounds=32, triples=10))


def test_the_bound_on_triples_is_for_all_rules_together() -> None:
    store = rows("a mz:broader b\nb mz:broader c\nc mz:broader d")
    assert reason(store, bounds=RuleLimits(triples=3)).counts["kind-of"] == 3
    with pytest.raises(QueryError, match="kind-of"):
        reason(store, bounds=RuleLimits(triples=2))


GOOD = "# stops: at once\nCONSTRUCT { ?s ?p ?o }\nWHERE { ?s ?p ?o FILTER(false) }"


@pytest.mark.parametrize(
    ("texts", "error", "sentence"),
    [
        ({"a": "SELECT * { ?s ?p ?o }"}, UnreadableError, "a.rq is no CONSTRUCT"),
        ({"a": GOOD.split("\n", 1)[1]}, UnreadableError, "does not say why it comes to rest"),
        ({"a": f"# after: b\n{GOOD}"}, UnknownNameError, "The rule a waits for b"),
        (
            {"a": f"# after: b\n{GOOD}", "b": f"# after: a\n{GOOD}"},
            UnreadableError,
            "The rules a, b wait for each other",
        ),
        ({"a": GOOD + "}"}, QueryError, "cannot be parsed"),
    ],
)
def test_a_bad_rule_is_refused_in_a_sentence(
    tmp_path: Path, texts: dict[str, str], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        reason(ONE, rule_folder(tmp_path, **texts))


def test_an_update_is_no_rule(tmp_path: Path) -> None:
    text = "# stops: at once\nCONSTRUCT\nINSERT DATA { <x:a> <x:b> <x:d> }"
    with pytest.raises(QueryError, match="cannot be parsed"):
        reason(ONE, rule_folder(tmp_path, a=text))
    assert len(ONE) == 1


def test_without_rules_it_is_a_copy(tmp_path: Path) -> None:
    found = reason(ONE, tmp_path)
    assert (found.counts, len(found.store)) == ({}, 1)


# Laws

NODES = st.sampled_from([f"n{number}" for number in range(9)])
GRAPHS = st.sets(st.tuples(NODES, NODES).filter(lambda pair: pair[0] != pair[1]), max_size=24)


def graph_of(predicate: str, pairs: Pairs) -> Store:
    return rows("\n".join(f"{a} mz:{predicate} {b}" for a, b in sorted(pairs)))


@given(GRAPHS)
def test_the_closure_is_that_of_networkx(pairs: Pairs) -> None:
    """Circles included: nothing is a kind of itself."""
    found = reason(graph_of("broader", pairs))
    assert inferred(found.store, "broader") == closure(pairs) - pairs
    parts = reason(graph_of("partOf", pairs))
    assert inferred(parts.store, "locatedIn") == closure(pairs)


@given(GRAPHS, GRAPHS)
def test_more_rows_never_take_an_inference_away(pairs: Pairs, more: Pairs) -> None:
    few = closure(pairs)
    found = reason(graph_of("broader", pairs | more))
    assert few <= inferred(found.store, "broader") | pairs | more
    assert set(reason(found.store).counts.values()) == {0}
