"""The rules: hand-worked graphs, the shipped tables counted another way, bounds, and laws."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import QueryError, UnknownNameError, UnreadableError
from monazite.core.package import ontology_folder
from monazite.data.iris import INFERRED, NS
from monazite.store.derived_triples import Reasoned, Rule, read_rules, reason
from monazite.store.opening import open_store
from monazite.store.sparql_text import judge
from monazite.store.store import Store, store_of
from tests.store.hand_made import DAY, TYPE, A, last, lines_of, small_quads, vocabulary

RULES = read_rules()
Pairs = set[tuple[str, str]]


def rows(text: str, *, words: bool = False) -> Store:
    """Make a store of lines ``subject predicate object; predicate object``, a graph a line."""
    return store_of((vocabulary().decode() if words else "") + small_quads(text))


def inferred(store: Store, predicate: str) -> Pairs:
    """The inferred pairs of a property, by the last part of their names."""
    path = TYPE if predicate == A else f"<{NS}{predicate}>"
    query = f"SELECT ?s ?o {{ GRAPH <{INFERRED}> {{ ?s {path} ?o }} }}"
    return {(last(row["s"].value), last(row["o"].value)) for row in store.select(query)}


@pytest.fixture(scope="module")
def shipped_reasoned(store: Store) -> Reasoned:
    return reason(store, valid=DAY)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.query.name)
def test_a_rule_says_what_it_does_and_why_it_stops(rule: Rule) -> None:
    assert rule.query.title != rule.query.name
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


def closure(pairs: Iterable[tuple[str, str]]) -> Pairs:
    graph: nx.DiGraph[str] = nx.transitive_closure(nx.DiGraph(list(pairs)))
    return {(a, b) for a, b in graph.edges if a != b}


@pytest.mark.whole
def test_elements_of_the_shipped_materials(shipped_reasoned: Reasoned) -> None:
    materials = lines_of("materials")
    wider: nx.DiGraph[str] = nx.DiGraph(
        [(row["id"], row["broader"]) for row in materials if row["broader"]]
    )
    wider.add_nodes_from(row["id"] for row in materials)
    made = {(row["id"], x) for row in materials for x in row["elements"].split(";") if x}
    mixed = {
        (row["material"], element)
        for row in lines_of("compositions")
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
        reason(ONE, folder, rounds=5)
    with pytest.raises(QueryError, match="infer more than the triples allowed"):
        reason(ONE, folder, most=10)


def test_the_bound_on_triples_is_for_all_rules_together() -> None:
    store = rows("a mz:broader b\nb mz:broader c\nc mz:broader d")
    assert reason(store, most=3).counts["kind-of"] == 3
    with pytest.raises(QueryError, match="kind-of"):
        reason(store, most=2)


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
        (
            {"a": "# stops: at once\nCONSTRUCT\nINSERT DATA { <x:a> <x:b> <x:d> }"},
            QueryError,
            "cannot be parsed",
        ),
    ],
)
def test_a_bad_rule_is_refused_in_a_sentence(
    tmp_path: Path, texts: dict[str, str], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        reason(ONE, rule_folder(tmp_path, **texts))


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
