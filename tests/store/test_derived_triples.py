"""Direct facts: hand-made rows for each rule, the shipped rows counted another way, and laws."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

from monazite.analysis.policies.status import read_statuses
from monazite.core.errors import UnreadableError
from monazite.core.package import ontology_folder
from monazite.data.filters import Filters
from monazite.data.iris import DIRECT, DIRECT_EVIDENCE, NS, PREFIXES
from monazite.model.facilities.status import FacilityStatuses, read_lives
from monazite.store.chunks import read_chunks
from monazite.store.derived_triples import Rule, RuleInput, read_direct_rules
from monazite.store.opening import open_store
from monazite.store.sparql_text import judge
from monazite.store.store import Store, store_of
from tests.sharing import only_whole
from tests.store.hand_made import DAY, TYPE, A, last, lines_of, small_quads, vocabulary

P = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
RULES = read_direct_rules()
Pairs = set[tuple[str, str]]
Known = dict[tuple[str, str], str]  # How sure each pair is
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


def direct(text: str, day: str = DAY) -> Store:
    """Make the direct facts of lines ``subject predicate object; predicate object``."""
    rules = RuleInput(ontology_folder())
    rules.add("", vocabulary() + small_quads(text).encode())
    return store_of(rules.direct_facts(day))


def pairs(store: Store, name: str) -> Pairs:
    """The pairs of a property, by the last part of their names."""
    path = TYPE if name == A else f"<{NS}{name}>"
    found = store.select(f"SELECT ?s ?o {{ GRAPH <{DIRECT}> {{ ?s {path} ?o }} }}")
    return {(last(row["s"].value), last(row["o"].value)) for row in found}


def known(store: Store, name: str) -> Known:
    """The pairs of a property, and how sure each is."""
    found = store.select(
        f"{P}SELECT ?s ?o ?c {{ GRAPH <{DIRECT_EVIDENCE}> {{ ?x rdf:predicate mz:{name} ; "
        "rdf:subject ?s ; rdf:object ?o ; mz:certainty ?c } }"
    )
    told = [(last(row["s"].value), last(row["o"].value), last(row["c"].value)) for row in found]
    assert len({(a, b) for a, b, _ in told}) == len(told)
    return {(a, b): sure for a, b, sure in told}


def evidence(store: Store, name: str, pair: tuple[str, str]) -> set[str]:
    """The rows of a fact, by their keys."""
    found = store.select(
        f"{P}SELECT ?s ?o ?row {{ ?x rdf:predicate mz:{name} ; rdf:subject ?s ; rdf:object ?o ; "
        "mz:evidence ?row }"
    )
    return {
        last(row["row"].value)
        for row in found
        if (last(row["s"].value), last(row["o"].value)) == pair
    }


def first_day(text: str) -> str:
    return text + "-01-01"[3 * (len(text) > 4) + 3 * (len(text) > 7) :]


def may_hold(begins: str, ends: str, day: str) -> bool:
    """Whether a row may hold on a day, by comparing the printed dates at their own length."""
    return (not begins or first_day(begins) <= day) and (not ends or day[: len(ends)] <= ends)


def may_run(lives: FacilityStatuses, plant: str, day: str) -> bool:
    life = lives.on(plant, day)
    runs = {"operating", "partly operating", "not known"}
    return bool(runs & {life.state, *life.others})


def closure(found: Iterable[tuple[str, str]]) -> Pairs:
    graph: nx.DiGraph[str] = nx.transitive_closure(nx.DiGraph(list(found)))
    return {(a, b) for a, b in graph.edges if a != b}


@cache
def on(day: str) -> Store:
    return open_store(filters=Filters(valid=day)) if day != DAY else open_store()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.query.name)
def test_a_rule_says_what_it_makes_and_of_which_tables(rule: Rule) -> None:
    assert rule.query.title != rule.query.name
    assert rule.query.about
    assert rule.reads
    judge(rule.query.text)


def test_whatever_rules_make_is_declared_with_its_inverse() -> None:
    declared = (ontology_folder() / "monazite.ttl").read_text(encoding="utf-8")
    for rule in RULES:
        for name in filter(None, (rule.property, rule.inverse)):
            assert ":" in name or f"\nmz:{name} a owl:" in declared
        if rule.inverse and ":" not in rule.inverse:
            assert f"owl:inverseOf mz:{rule.inverse}" in declared


@pytest.mark.whole
def test_rules_read_all_that_they_need() -> None:
    """On all tables they find what they find on those that they name."""
    opened = open_store()
    opened.wait()
    assert opened.folder is not None
    chunks = read_chunks(opened.folder, ontology_folder())
    rules = RuleInput(ontology_folder())
    for text in [*chunks.all()][:-2]:  # the rows
        rules.add("", text)  # whatever its table
    rules.add("", chunks.vocabulary)
    assert set(rules.direct_facts().splitlines()) == set(chunks.direct.splitlines())


def test_a_bad_rule_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "direct").mkdir()
    (tmp_path / "direct" / "a.rq").write_text("SELECT * { ?s ?p ?o }", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"a\.rq does not say whose triples it makes"):
        read_direct_rules(tmp_path)
    assert read_direct_rules(tmp_path / "nowhere") == ()


DATED = "mz:fromEarliest {0}; mz:fromLatest {0}"


def test_who_operates_a_plant_on_a_day() -> None:
    text = f"""
    r1 a mz:Operation; mz:facility pit; mz:stage stage/mine; mz:operator old; \
{DATED.format("2000-01-01")}; mz:untilEarliest 2010-06-30; mz:untilLatest 2010-06-30
    r2 a mz:Operation; mz:facility pit; mz:stage stage/mine; mz:operator new; \
{DATED.format("2010-07-01")}
    r3 a mz:Operation; mz:facility pit; mz:stage stage/mine; mz:operator someone
    r4 a mz:Operation; mz:facility pit; mz:stage stage/metal; mz:operator melter
    r5 a mz:Operation; mz:facility pit; mz:stage stage/mine; mz:operator year; \
mz:fromEarliest 2026-01-01; mz:fromLatest 2026-12-31
    """
    assert known(direct(text, "2010-06-30"), "operatedBy") == {
        ("pit", "old"): "surely",
        ("pit", "melter"): "perhaps",
    }
    later = direct(text)
    assert known(later, "operatedBy") == {
        ("pit", "new"): "surely",
        ("pit", "year"): "perhaps",
        ("pit", "melter"): "perhaps",
    }
    assert pairs(later, "operates") == {(b, a) for a, b in pairs(later, "operatedBy")}
    assert evidence(later, "operates", ("new", "pit")) == {"r2"}


def test_content_is_the_union_of_element_and_composition() -> None:
    store = direct(
        """
        Dy a mz:ChemicalElement
        Tb a mz:ChemicalElement
        Nd a mz:ChemicalElement
        Sm a mz:ChemicalElement
        all a mz:ElementGroup; mz:member Dy; mz:member Sm
        oxide a mz:Material; mz:element Dy
        m mz:describes oxide
        magnet a mz:Material
        c1 a mz:Composition; mz:material magnet; mz:element Nd; mz:percent 29
        c2 a mz:Composition; mz:material magnet; mz:element Dy; mz:element Tb; mz:percentHigh 0.6
        c3 a mz:Composition; mz:material magnet; mz:element Sm; mz:percent 0
        c4 a mz:Composition; mz:material magnet; mz:element all; mz:percent 30
        cheap a mz:Material
        c5 a mz:Composition; mz:material cheap; mz:element Dy; mz:percentLow 0; mz:percentHigh 2
        strong a mz:Material
        c6 a mz:Composition; mz:material strong; mz:element Dy; mz:percentLow 0; mz:percentHigh 2
        c7 a mz:Composition; mz:material strong; mz:element Dy; mz:percentLow 6; mz:percentHigh 8
        """
    )
    assert known(store, "containsElement") == {
        ("oxide", "Dy"): "surely",
        ("magnet", "Nd"): "surely",
        ("magnet", "Dy"): "perhaps",
        ("magnet", "Tb"): "perhaps",
        ("cheap", "Dy"): "perhaps",
        ("strong", "Dy"): "surely",
    }
    assert evidence(store, "containsElement", ("strong", "Dy")) == {"c6", "c7"}
    assert evidence(store, "containsElement", ("oxide", "Dy")) == {"m"}


def test_an_act_covers_groups_and_kinds_and_not_what_it_exempts_nor_what_is_inside() -> None:
    scope = "a mz:PolicyScope; mz:policy act"
    store = direct(
        f"""
        Dy a mz:ChemicalElement
        Nd a mz:ChemicalElement
        Sm a mz:ChemicalElement
        Gd a mz:ChemicalElement
        heavy a mz:ElementGroup; mz:member Dy; mz:member Gd
        rare a mz:Material; mz:form material-form/group
        lights a mz:Material; mz:form material-form/group; mz:broader rare; mz:element Sm
        nd-oxide a mz:Material; mz:form material-form/oxide; mz:element Nd
        magnet a mz:Material; mz:form material-form/magnet; mz:element Nd
        best a mz:Material; mz:form material-form/magnet; mz:broader magnet; mz:element Nd
        s1 {scope}; mz:covers heavy
        s2 {scope}; mz:exempts Gd
        s3 {scope}; mz:covers rare
        s4 a mz:PolicyScope; mz:policy other; mz:covers magnet
        s5 a mz:PolicyScope; mz:policy third; mz:covers nd-oxide; \
mz:fromEarliest 2027-01-01; mz:fromLatest 2027-01-01
        s6 a mz:PolicyScope; mz:policy fourth; mz:covers nd-oxide; \
mz:fromEarliest 2026-01-01; mz:fromLatest 2026-12-31
        """
    )
    assert known(store, "controlsElement") == {
        ("act", "Dy"): "surely",
        ("act", "Sm"): "surely",
        ("fourth", "Nd"): "perhaps",
    }
    assert pairs(store, "controlsMaterial") == {
        ("act", "rare"),
        ("act", "lights"),
        ("other", "magnet"),
        ("other", "best"),
        ("fourth", "nd-oxide"),
    }


def test_a_facility_is_what_its_operations_figures_and_products_say() -> None:
    good = "a mz:FacilityMaterial; mz:direction flow-direction"
    store = direct(
        f"""
        r1 a mz:Operation; mz:facility kuantan; mz:stage stage/separation
        r2 a mz:Capacity; mz:facility narva; mz:stage stage/magnet
        r3 {good}/output; mz:facility lcm; mz:material nd
        r4 {good}/input; mz:facility lcm; mz:material oxide
        nd mz:stage stage/metal
        oxide mz:stage stage/separation
        r5 a mz:Operation; mz:facility nowhere; mz:stage stage/any
        """
    )
    assert pairs(store, A) == {
        ("kuantan", "SeparationPlant"),
        ("narva", "MagnetPlant"),
        ("lcm", "MetalPlant"),
    }


@pytest.mark.parametrize(
    ("day", "who"),
    [
        ("2011-12-31", {"undated": "perhaps"}),
        ("2012-01-01", {"undated": "perhaps", "year": "surely"}),
        ("2020-06-15", {"undated": "perhaps", "year": "surely", "tolling": "surely"}),
        ("2020-07-01", {"undated": "perhaps", "year": "surely"}),
    ],
)
def test_supply_on_a_day_is_no_plan_no_past_and_no_country(day: str, who: dict[str, str]) -> None:
    link = "a mz:SupplyLink; mz:customer plant; mz:linkKind supply-link-kind"
    since = "mz:validFromEarliest {0}; mz:validFromLatest {0}"
    store = direct(
        f"""
        plant a mz:Facility
        undated a mz:Organisation
        year a mz:Organisation
        tolling a mz:Organisation
        planned a mz:Organisation
        ended a mz:Organisation
        land a mz:Country
        r1 {link}/shipment; mz:supplier undated
        r2 {link}/offtake; mz:supplier year; {since.format("2012-01-01")}
        r3 {link}/tolling; mz:supplier tolling; {since.format("2020-01-01")}; \
mz:validUntilEarliest 2020-06-30; mz:validUntilLatest 2020-06-30
        r4 {link}/planned; mz:supplier planned
        r5 {link}/ended; mz:supplier ended
        r6 {link}/shipment; mz:supplier land
        """,
        day,
    )
    assert known(store, "supplies") == {(one, "plant"): sure for one, sure in who.items()}


HELD = "a mz:Ownership; mz:ownershipStatus ownership-status"


def test_a_parent_holds_more_than_half_or_is_said_to_control() -> None:
    text = f"""
        r1 {HELD}/stated; mz:owner most; mz:owned a1; mz:sharePercent 50.1
        r2 {HELD}/stated; mz:owner half; mz:owned a2; mz:sharePercent 50
        r3 {HELD}/stated; mz:owner unknown; mz:owned a3
        r4 {HELD}/controlling; mz:owner said; mz:owned a4
        r5 {HELD}/controlling; mz:owner little; mz:owned a5; mz:sharePercent 30
        r6 {HELD}/joint; mz:owner together; mz:owned a6
        r7 {HELD}/announced; mz:owner buyer; mz:owned a7; mz:sharePercent 100
        r8 {HELD}/stated; mz:owner itself; mz:owned itself; mz:sharePercent 100
        r9 {HELD}/controlling; mz:owner past; mz:owned a9; mz:validUntilEarliest 2020-12-31; \
mz:validUntilLatest 2020-12-31
        """
    found = direct(text, "2021-01-01")
    assert pairs(found, "parent") == {("a1", "most"), ("a4", "said"), ("a5", "little")}
    assert pairs(found, "ownedBy") == pairs(found, "parent") | {
        *(("a2", "half"), ("a3", "unknown"), ("a6", "together"), ("itself", "itself"))
    }
    assert ("a9", "past") in pairs(direct(text, "2020-12-31"), "parent")


def test_control_goes_up_to_the_last_parent_and_through_the_operator_of_a_plant() -> None:
    all_of = f"{HELD}/stated; mz:sharePercent 100"
    sure = "mz:validFromEarliest 2001-01-01; mz:validFromLatest 2001-01-01"
    runs = "mz:fromEarliest 2001-01-01; mz:fromLatest 2001-01-01"
    store = direct(
        f"""
        r1 {all_of}; mz:owner b; mz:owned m; {sure}
        r2 {all_of}; mz:owner c; mz:owned b; {sure}
        r3 {all_of}; mz:owner x; mz:owned y
        r4 {all_of}; mz:owner y; mz:owned x
        r5 {all_of}; mz:owner y; mz:owned z
        r6 {all_of}; mz:owner d; mz:owned n
        o1 a mz:Operation; mz:facility plant; mz:operator m; {runs}
        o2 a mz:Operation; mz:facility mill; mz:operator alone; {runs}
        o3 a mz:Operation; mz:facility shared; mz:operator m; {runs}
        r7 {HELD}/joint; mz:owner one; mz:owned shared; {sure}
        o4 a mz:Operation; mz:facility old; mz:operator n; {runs}
        """
    )
    assert known(store, "controlledBy") == {
        ("m", "c"): "surely",
        ("b", "c"): "surely",
        ("n", "d"): "perhaps",
        ("plant", "c"): "surely",
        ("mill", "alone"): "surely",
        ("old", "d"): "perhaps",
    }
    assert evidence(store, "controlledBy", ("plant", "c")) == {"r1", "r2", "o1"}
    assert evidence(store, "controlledBy", ("b", "c")) == {"r2"}


@pytest.mark.parametrize("day", [*only_whole("2010-12-31", "2019-06-30"), DAY])
def test_supply_of_the_shipped_links(day: str) -> None:
    sites = {row["id"] for table in ("facilities", "organisations") for row in lines_of(table)}
    lives = read_lives(on(day))
    sites -= {plant for plant in lives.facilities if not may_run(lives, plant, day)}
    buyers = {row["id"] for table in ("facilities", "organisations") for row in lines_of(table)}
    wanted = {
        (row["supplier"], row["customer"])
        for row in lines_of("supply_links")
        if row["kind"] in {"shipment", "captive", "tolling", "offtake"}
        and may_hold(row["valid_from"], row["valid_until"], day)
        and row["supplier"] in sites
        and row["customer"] in buyers
    }
    found = pairs(on(day), "supplies")
    assert found == wanted if day == DAY else found <= wanted  # contracts are told earlier


@pytest.mark.parametrize("day", [*only_whole("1985-06-30", "1998-12-31", "2019-06-30"), DAY])
def test_parents_of_the_shipped_holdings(day: str) -> None:
    above: dict[str, set[str]] = defaultdict(set)
    for row in lines_of("ownership"):
        more = float(row["share_percent"] or 0) > 50 and row["status"] != "announced"
        if (more or row["status"] == "controlling") and may_hold(
            row["valid_from"], row["valid_until"], day
        ):
            above[row["owned"]].add(row["owner"])
    store = on(day)
    assert pairs(store, "parent") == {(a, b) for a, owners in above.items() for b in owners}
    tops = {(a, b) for a, b in closure(pairs(store, "parent")) if b not in above}
    assert pairs(store, "controlledBy") >= tops


@pytest.mark.parametrize("day", [*only_whole("2025-06-11"), DAY])
def test_acts_in_force_are_those_of_the_policies(day: str) -> None:
    wanted = {
        (policy, day): "surely" if status.value == "in force" else "perhaps"
        for policy, status in read_statuses(on(day), day).items()
        if status.value != "not in force"
    }
    assert known(on(day), "inForceOn") == wanted
    assert len(wanted) > 40


@pytest.mark.parametrize("day", [*only_whole("1999-06-30", "2016-06-30"), DAY])
def test_a_plant_does_and_makes_what_it_does_while_it_runs(day: str) -> None:
    lives = read_lives(on(day))
    runs = {"operating", "partly operating", "not known"}
    done = known(on(day), "doesStage")
    ask = f"{P}SELECT ?s ?c {{ ?s mz:pipelineStage ?c }}"
    column = {last(row["s"].value): last(row["c"].value) for row in on(day).select(ask)}
    for (plant, stage), sure in done.items():
        life = lives.on(plant, day)
        state = {x.stage: x for x in life.stages}[column[stage]]
        assert runs & {state.state, *state.others}
        assert sure == "perhaps" or (state.state, state.certainty) == ("operating", "surely")
    ask = f"{P}SELECT ?m ?c {{ ?m mz:stage/mz:pipelineStage ?c }}"
    step = {last(row["m"].value): last(row["c"].value) for row in on(day).select(ask)}
    made = known(on(day), "produces")
    for (plant, good), sure in made.items():
        stages = {x.stage: x for x in lives.on(plant, day).stages}
        if (column_of := step.get(good, "")) in stages:
            at = stages[column_of]
            assert runs & {at.state, *at.others}
            assert sure == "perhaps" or at.certainty == "surely"
        else:
            assert sure == "perhaps"
    makers = {plant for plant, _ in made}
    assert makers
    assert ("src-saskatoon", "dysprosium-oxide") not in made or day != DAY
    assert "bukit-merah" not in makers or day < "1994"


def test_every_fact_rests_on_rows_of_the_view_and_stands_in_both_graphs(store: Store) -> None:
    told = {
        (row["s"], row["p"], row["o"])
        for row in store.select(
            f"{P}SELECT ?s ?p ?o {{ GRAPH <{DIRECT_EVIDENCE}> {{ ?x a mz:DirectFact ; "
            "rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o } }"
        )
    }
    classes = {f"{NS}{name}" for name in CLASS_OF.values()} | {f"{PREFIXES['org']}ChangeEvent"}
    said = {
        (row["s"], row["p"], row["o"])
        for row in store.select(f"SELECT ?s ?p ?o {{ GRAPH <{DIRECT}> {{ ?s ?p ?o }} }}")
        if row["p"].value != PREFIXES["rdf"] + "type" or row["o"].value in classes
    }
    assert told == said
    without = f"{P}SELECT ?x {{ ?x a mz:DirectFact FILTER NOT EXISTS {{ ?x mz:evidence ?row }} }}"
    assert list(store.select(without)) == []
    no_row = f"{P}SELECT ?row {{ ?x mz:evidence ?row FILTER NOT EXISTS {{ ?row a mz:Row }} }}"
    assert list(store.select(no_row)) == []
    rows = {
        row["row"].value
        for row in store.select(f"{P}SELECT DISTINCT ?row {{ ?x mz:evidence ?row }}")
    }
    assert all(store.has_graph(row) for row in rows)


@pytest.mark.whole
@pytest.mark.parametrize("filters", [Filters(tier=1), Filters(valid="2019-06-30", tier=2)])
def test_a_view_has_facts_of_its_own_rows_alone(filters: Filters) -> None:
    store = open_store(filters=filters)
    rows = {
        row["row"].value
        for row in store.select(f"{P}SELECT DISTINCT ?row {{ ?x mz:evidence ?row }}")
    }
    assert rows
    assert all(store.has_graph(row) for row in rows)
    assert pairs(store, "ownedBy") < pairs(on(filters.valid or DAY), "ownedBy")
