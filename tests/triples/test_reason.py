"""The rules: hand-worked graphs, the shipped tables counted another way, bounds, and laws."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
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
from tests.sharing import only_whole

TABLES = ontology_folder() / "tables"
DAY = "2026-11-24"
RULES = read_rules()
A, TYPE = "a", f"<{PREFIXES['rdf']}type>"
CLASS_OF = {
    "mine": "Mine",
    "concentrate": "Concentrator",
    "crack-leach": "CrackingPlant",
    "separation": "SeparationPlant",
    "recycling": "RecyclingPlant",
    "metal": "MetalPlant",
    "alloy": "AlloyPlant",
    "magnet-powder": "MagnetPowderPlant",
    "magnet": "MagnetPlant",
    "end-product": "ProductPlant",
}
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


def first_day(text: str) -> str:
    return text + "-01-01"[3 * (len(text) > 4) + 3 * (len(text) > 7) :]


def may_hold(begins: str, ends: str, day: str) -> bool:
    """Whether a row may hold on a day, by comparing the printed dates at their own length."""
    return (not begins or first_day(begins) <= day) and (not ends or day[: len(ends)] <= ends)


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
        ndfeb a mz:Material; mz:broader magnet; mz:element Nd
        smco a mz:Material; mz:broader magnet; mz:element Sm
        """
    )
    assert inferred(reason(store).store, "mayContain") == {
        ("ndfeb", "Nd"),
        ("smco", "Sm"),
        ("magnet", "Nd"),
        ("magnet", "Sm"),
    }


def test_a_facility_is_what_its_operations_figures_and_products_say() -> None:
    good = "a mz:FacilityMaterial; mz:direction flow-direction"
    store = rows(
        f"""
        r1 a mz:Operation; mz:facility kuantan; mz:stage stage/separation
        r2 a mz:Capacity; mz:facility narva; mz:stage stage/magnet
        r3 {good}/output; mz:facility lcm; mz:material nd
        r4 {good}/input; mz:facility lcm; mz:material oxide
        nd mz:stage stage/metal
        oxide mz:stage stage/separation
        r5 a mz:Operation; mz:facility nowhere; mz:stage stage/any
        """,
        words=True,
    )
    assert inferred(reason(store).store, A) == {
        ("kuantan", "SeparationPlant"),
        ("narva", "MagnetPlant"),
        ("lcm", "MetalPlant"),
    }


@pytest.mark.parametrize(
    ("day", "who"),
    [
        ("2011-12-31", {"undated"}),
        ("2012-01-01", {"undated", "year"}),
        ("2020-06-15", {"undated", "year", "tolling"}),
        ("2020-07-01", {"undated", "year"}),
    ],
)
def test_supply_on_a_day_is_no_plan_and_no_past(day: str, who: set[str]) -> None:
    link = "a mz:SupplyLink; mz:customer plant; mz:linkKind supply-link-kind"
    store = rows(
        f"""
        r1 {link}/shipment; mz:supplier undated
        r2 {link}/offtake; mz:supplier year; mz:validFromEarliest 2012-01-01
        r3 {link}/tolling; mz:supplier tolling; mz:validFromEarliest 2020-01-01; \
mz:validUntilLatest 2020-06-30
        r4 {link}/planned; mz:supplier planned
        r5 {link}/ended; mz:supplier ended
        """,
        words=True,
    )
    assert inferred(reason(store, valid=day).store, "suppliesNow") == {
        (one, "plant") for one in who
    }


HELD = "a mz:Ownership; mz:ownershipStatus ownership-status"


def test_a_parent_holds_more_than_half_or_is_said_to_control() -> None:
    store = rows(
        f"""
        r1 {HELD}/stated; mz:owner most; mz:owned a1; mz:sharePercent 50.1
        r2 {HELD}/stated; mz:owner half; mz:owned a2; mz:sharePercent 50
        r3 {HELD}/stated; mz:owner unknown; mz:owned a3
        r4 {HELD}/controlling; mz:owner said; mz:owned a4
        r5 {HELD}/controlling; mz:owner little; mz:owned a5; mz:sharePercent 30
        r6 {HELD}/joint; mz:owner together; mz:owned a6
        r7 {HELD}/announced; mz:owner buyer; mz:owned a7; mz:sharePercent 100
        r8 {HELD}/stated; mz:owner itself; mz:owned itself; mz:sharePercent 100
        r9 {HELD}/controlling; mz:owner past; mz:owned a9; mz:validUntilLatest 2020-12-31
        """,
        words=True,
    )
    found = reason(store, valid="2021-01-01").store
    assert inferred(found, "parent") == {("a1", "most"), ("a4", "said"), ("a5", "little")}
    assert ("a9", "past") in inferred(reason(store, valid="2020-12-31").store, "parent")


def test_the_ultimate_parent_is_the_last_on_the_way_and_none_in_a_circle() -> None:
    all_of = f"{HELD}/stated; mz:sharePercent 100"
    store = rows(
        f"""
        r1 {all_of}; mz:owner b; mz:owned m
        r2 {all_of}; mz:owner c; mz:owned b
        r3 {all_of}; mz:owner x; mz:owned y
        r4 {all_of}; mz:owner y; mz:owned x
        r5 {all_of}; mz:owner y; mz:owned z
        """,
        words=True,
    )
    assert inferred(reason(store).store, "ultimateParent") == {("m", "c"), ("b", "c")}


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
    wanted = {
        (above, element)
        for row in materials
        for element in filter(None, row["elements"].split(";"))
        for above in {row["id"], *nx.descendants(wider, row["id"])}
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


def test_classes_of_the_shipped_facilities(shipped_reasoned: Reasoned) -> None:
    made = {row["id"]: row["stage"] for row in lines("materials")}
    stages: Pairs = set()
    for table in ("operations", "capacity"):
        stages |= {(row["facility"], row["stage"]) for row in lines(table) if row["stage"]}
    for row in lines("facility_materials"):
        if row["direction"] == "output" and row["material"]:
            stages.add((row["facility"], made[row["material"]]))
    wanted = {(facility, CLASS_OF[stage]) for facility, stage in stages if stage in CLASS_OF}
    assert inferred(shipped_reasoned.store, A) == wanted
    assert {of for plant, of in wanted if plant == "mountain-pass"} >= {
        *("Mine", "Concentrator", "CrackingPlant", "SeparationPlant")
    }


@cache
def reasoned_on(store: Store, day: str) -> Store:
    return reason(store, valid=day).store


@pytest.mark.parametrize("day", [*only_whole("2010-12-31", "2019-06-30"), DAY])
def test_supply_of_the_shipped_links(store: Store, day: str) -> None:
    wanted = {
        (row["supplier"], row["customer"])
        for row in lines("supply_links")
        if row["kind"] in {"shipment", "captive", "tolling", "offtake"}
        and may_hold(row["valid_from"], row["valid_until"], day)
    }
    assert inferred(reasoned_on(store, day), "suppliesNow") == wanted


@pytest.mark.parametrize(
    "day", [*only_whole("1985-06-30", "1998-12-31", "2015-12-31"), "2019-06-30", DAY]
)
def test_parents_of_the_shipped_holdings(store: Store, day: str) -> None:
    above: dict[str, set[str]] = defaultdict(set)
    for row in lines("ownership"):
        more = float(row["share_percent"] or 0) > 50 and row["status"] != "announced"
        if (more or row["status"] == "controlling") and may_hold(
            row["valid_from"], row["valid_until"], day
        ):
            above[row["owned"]].add(row["owner"])
    found = reasoned_on(store, day)
    assert inferred(found, "parent") == {(a, b) for a, owners in above.items() for b in owners}
    tops = {(a, b) for a, b in closure(inferred(found, "parent")) if b not in above}
    assert inferred(found, "ultimateParent") == tops


# The store


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
