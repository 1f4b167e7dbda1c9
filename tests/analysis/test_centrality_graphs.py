"""The graphs that centrality is measured on, and each measure, by hand and beside networkx."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from math import fsum
from types import SimpleNamespace

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.centrality.graphs import (
    EVERYWHERE,
    RESTRICTIONS,
    BuiltGraph,
    firm_graph,
    flow_graph,
    graph_of,
    policy_graph,
)
from monazite.analysis.centrality.measures import (
    DAMPING,
    MEASURES,
    TOLERANCE,
    firm_measures,
    flow_measures,
    hangs_together,
    measure_named,
    pagerank,
    policy_measures,
    rows_around,
)
from monazite.analysis.concentration.standing import read_known_year
from monazite.analysis.cuts.routes import UNEXPLAINED, YearRoutes
from monazite.analysis.policies.acts import named_as, read_acts
from monazite.analysis.policies.policies import ALL_PLACES
from monazite.core.errors import UnknownNameError
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.failure_points import ModelYear
from monazite.store.queries import QueryRecord
from tests.conftest import view_in_memory
from tests.model.small_chains import one_mine, small_chain
from tests.model.test_ownership import DAY, row
from tests.sharing import only_whole

PRIMES = (*(2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79),)


"""Tonnes whose sums of reciprocals are never alike: no two paths are as short."""


STAGES = ("mine", "separation", "magnet", "use")


def flows_of(chain: Chain, market: str = "WLD", names: tuple[str, ...] = ("Dy",)) -> BuiltGraph:
    return flow_graph(ModelYear(chain, names, {}, {}), market)


def tonnes_in(graph: nx.DiGraph[str]) -> dict[tuple[str, str], float]:
    return {(tail, head): edge["tonnes"] for tail, head, edge in graph.edges(data=True)}


@st.composite
def drawn_flows(draw: st.DrawFn) -> dict[tuple[str, str], float]:
    """Flows between three countries at four stages, no two as large."""
    pairs = [
        (f"{stage}/{one}", f"{after}/{other}")
        for stage, after in itertools.pairwise(STAGES)
        for one in "AB"
        for other in "ABC"
    ]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=3, unique=True))
    sizes = draw(st.permutations(PRIMES))
    return {pair: float(size) for pair, size in zip(chosen, sizes, strict=False)}


def users_of(flows: Mapping[tuple[str, str], float]) -> list[str]:
    return sorted({head for _, head in flows if head.startswith("use/")})


# Two mines, one separator each, a user. A's ore is separated by A and, a little, by B.
CHAIN = {
    ("mine/A", "separation/A"): 10.0,
    ("mine/A", "separation/B"): 1.0,
    ("mine/B", "separation/B"): 5.0,
    ("separation/A", "use/C"): 10.0,
    ("separation/B", "use/C"): 6.0,
}


def test_betweenness_by_hand() -> None:
    """Five nodes, so 4 * 3 pairs: mine/A to use/C goes by A (1/10 + 1/10 < 1 + 1/6), B's by B."""
    found = flow_measures(graph_of(CHAIN), ["use/C"])["betweenness"]
    assert found["separation/A"] == found["separation/B"] == pytest.approx(1 / 12, abs=1e-12)
    assert found["mine/A"] == found["mine/B"] == found["use/C"] == 0


def ranks(values: dict[str, float]) -> list[str]:
    return sorted(values, key=lambda node: (-round(values[node], 10), node))


@given(drawn_flows())
def test_a_thousand_times_the_tonnes_leave_every_rank(flows: dict[tuple[str, str], float]) -> None:
    users = users_of(flows)
    one = flow_measures(graph_of(flows), users)
    more = flow_measures(graph_of({pair: 1000 * x for pair, x in flows.items()}), users)
    for name in one:
        assert ranks(dict(one[name])) == ranks(dict(more[name])), name
        if not name.startswith("tonnes"):
            assert dict(one[name]) == pytest.approx(dict(more[name]), abs=1e-9)


@given(drawn_flows(), st.permutations("ABC"))
def test_names_change_nothing(flows: dict[tuple[str, str], float], names: list[str]) -> None:
    new = dict(zip("ABC", names, strict=True))

    def renamed(node: str) -> str:
        stage, country = node.split("/")
        return f"{stage}/{new[country]}"

    other = {(renamed(tail), renamed(head)): x for (tail, head), x in flows.items()}
    users = users_of(flows)
    before = flow_measures(graph_of(flows), users)
    after = flow_measures(graph_of(other), [renamed(user) for user in users])
    for name, values in before.items():
        moved = {renamed(node): value for node, value in values.items()}
        assert moved == pytest.approx(dict(after[name]), abs=1e-9), name


@given(drawn_flows())
def test_every_measure_is_what_networkx_finds(flows: dict[tuple[str, str], float]) -> None:
    graph, users = graph_of(flows), users_of(flows)
    found = flow_measures(graph, users)
    theirs = nx.betweenness_centrality(graph, weight="distance")
    assert dict(found["betweenness"]) == pytest.approx(theirs, abs=1e-12)
    mines = [node for node in graph if node.startswith("mine/")]
    pairs = [(one, to) for one in mines for to in users if nx.has_path(graph, one, to)]
    for node in graph:
        on = 0.0
        for one, to in pairs:
            ways = list(nx.all_shortest_paths(graph, one, to, weight="distance"))
            on += sum(node in way[1:-1] for way in ways) / len(ways)
        part = on / len(pairs) if pairs else 0.0
        assert found["on_paths"][node] == pytest.approx(part, abs=1e-12)
        assert found["tonnes_in"][node] == graph.in_degree(node, weight="tonnes")


def links(*pairs: str) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    for pair in pairs:
        graph.add_edge(pair[0], pair[1], links=1)
    return graph


def test_paths_between_firms_are_measured_where_half_of_them_hang_together() -> None:
    joined, apart = links("ab", "bc"), links("ab", "cd", "ef")
    assert hangs_together(joined)
    assert not hangs_together(apart)
    assert not hangs_together(links())
    half = links("ab")
    half.add_nodes_from("cd")
    assert hangs_together(half)
    assert set(firm_measures(apart)) == {"links", "customers", "suppliers"}
    assert firm_measures(joined)["betweenness"]["b"] == pytest.approx(1 / 2)
    assert firm_measures(joined)["links"] == {"a": 1, "b": 2, "c": 1}


def test_acts_count_as_far_as_they_are_in_force() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("CHN", "USA", in_force=2, perhaps=1)
    graph.add_edge("USA", "CHN", in_force=1, perhaps=0)
    graph.add_edge("CHN", "JPN", in_force=0, perhaps=3)
    found = policy_measures(graph)
    assert found["in_force_by"] == {"CHN": 2, "USA": 1, "JPN": 0}
    assert found["in_force_against"] == {"USA": 2, "CHN": 1, "JPN": 0}


def test_a_measure_is_found_by_its_code() -> None:
    assert measure_named("flow", None).code == "betweenness"
    assert measure_named("firms", "customers").column == "customers"
    with pytest.raises(UnknownNameError, match="pagerank"):
        measure_named("flow", "pagerang")
    with pytest.raises(UnknownNameError, match="there are"):
        measure_named("policy", "betweenness")
    assert all(len({each.code for each in known}) == len(known) for known in MEASURES.values())


def test_two_nodes_by_hand() -> None:
    """r(a) = (1-d)/2 + d r(b)/2 and r(b) = (1-d)/2 + d (r(a) + r(b)/2), with d = 0.85."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", tonnes=7.0)
    found = pagerank(graph, "tonnes")
    assert found["a"] == pytest.approx(1 / 2.85, abs=1e-12)
    assert found["b"] == pytest.approx(1.85 / 2.85, abs=1e-12)


@given(drawn_flows())
def test_it_is_what_networkx_finds(flows: dict[tuple[str, str], float]) -> None:
    graph = graph_of(flows).reverse()
    theirs = nx.pagerank(graph, alpha=DAMPING, weight="tonnes", tol=TOLERANCE, max_iter=10_000)
    ours = pagerank(graph, "tonnes")
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert sum(ours.values()) == pytest.approx(1, abs=1e-12)


def test_edges_that_weigh_nothing_lead_nowhere() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", in_force=0)
    graph.add_edge("b", "c", in_force=2)
    theirs = nx.pagerank(graph, weight="in_force", tol=TOLERANCE, max_iter=10_000)
    assert pagerank(graph, "in_force") == pytest.approx(theirs, abs=1e-9)


def changed(chain: Chain, **given: object) -> Chain:
    found = replace(chain.element_chains["Dy"], **given)  # type: ignore[arg-type]
    return replace(chain, element_chains={"Dy": found})


def test_what_one_makes_and_the_next_takes_is_an_edge_at_home_too() -> None:
    """A mines 100 t, separates them and sells 60 t of oxide to B."""
    graph = flows_of(one_mine()).graph
    assert tonnes_in(graph) == pytest.approx(
        {
            ("mine/A", "separation/A"): 100,
            ("separation/A", "metal/A"): 40,
            ("separation/A", "metal/B"): 60,
            ("metal/A", "magnet/A"): 40,
            ("metal/B", "magnet/B"): 60,
            ("magnet/A", "use/A"): 40,
            ("magnet/B", "use/B"): 60,
        }
    )
    edge = graph.edges["separation/A", "metal/B"]
    assert edge["distance"] == 1 / edge["tonnes"]
    assert graph.nodes["separation/A"]["label"] == "A separation"


def test_who_sells_on_makes_nothing_and_is_no_node() -> None:
    """A and C sell T 30 t of oxide each, T sells all to B: B has half of each."""
    ends = {"A": 30.0, "C": 30.0}
    made = {"mine": ends, "separation": ends, "metal": {"B": 60.0}, "magnet": {"B": 60.0}}
    flows = {
        ("separation", "A", "T"): 30.0,
        ("separation", "C", "T"): 30.0,
        ("separation", "T", "B"): 60.0,
    }
    graph = flows_of(small_chain(made, flows)).graph
    assert not [node for node in graph if node.endswith("/T")]
    assert graph.edges["separation/A", "metal/B"]["tonnes"] == pytest.approx(30)
    assert graph.edges["separation/C", "metal/B"]["tonnes"] == pytest.approx(30)


def test_ore_goes_to_who_separates_it_and_nobody_sells_it_on() -> None:
    """B mines 20 t and buys 30 t of A, and sells its own 20 t to C: C has no ore of A."""
    made = {
        "mine": {"A": 30.0, "B": 20.0},
        "separation": {"B": 30.0, "C": 20.0},
        "metal": {"B": 30.0, "C": 20.0},
        "magnet": {"B": 30.0, "C": 20.0},
    }
    graph = flows_of(small_chain(made, {("mine", "A", "B"): 30.0, ("mine", "B", "C"): 20.0})).graph
    assert graph.edges["mine/A", "separation/B"]["tonnes"] == pytest.approx(30)
    assert graph.edges["mine/B", "separation/C"]["tonnes"] == pytest.approx(20)
    assert not graph.has_edge("mine/A", "separation/C")
    assert not graph.has_edge("mine/B", "separation/B")


def test_what_no_figure_accounts_for_has_no_node_and_is_told() -> None:
    """Of the 110 t that B takes 50 are explained by nobody."""
    parts = {"A": 40.0, "B": 110.0}
    made = {"mine": {"A": 75.0}, "separation": {"A": 100.0}, "metal": parts, "magnet": parts}
    chain = small_chain(made, {("separation", "A", "B"): 60.0})
    taken = {**chain.element_chains["Dy"].taken, ("separation", "B"): 110.0, ("mine", "A"): 75.0}
    missing = {("separation", "B"): 50.0}
    found = flows_of(changed(chain, scrap={"A": 25.0}, missing=missing, taken=taken))
    assert [note for note in found.notes if note.startswith(("Left", "Separation"))] == [
        "Left out: 50 t after separation that no figure accounts for.",
        "Separation also makes 25 t from scrap, which no mine sends.",
    ]
    assert found.graph.edges["separation/A", "metal/B"]["tonnes"] == pytest.approx(60)
    assert not [node for node in found.graph if "unexplained" in node]


def test_a_market_says_which_users_are_asked_about() -> None:
    whole, one = flows_of(one_mine()), flows_of(one_mine(), "B")
    assert whole.values["on_paths"]["separation/A"] == one.values["on_paths"]["separation/A"] == 1
    assert whole.values["on_paths"]["metal/B"] == pytest.approx(1 / 2)
    assert one.values["on_paths"]["metal/B"] == 1
    assert tonnes_in(whole.graph) == tonnes_in(one.graph)
    assert flows_of(one_mine(), "NOBODY").notes[-1].startswith("No flow reaches the market")


def test_what_is_next_to_nothing_is_no_edge() -> None:
    graph = graph_of({("mine/A", "metal/B"): 1e-9, ("mine/B", "metal/B"): 1.0})
    assert list(graph.edges) == [("mine/B", "metal/B")]


@pytest.mark.parametrize("element", ["Dy", *only_whole("MREE")])
def test_a_stage_takes_what_the_balance_says(element: str) -> None:
    """What comes to a stage is what is taken there, less what no figure accounts for."""
    model, _ = read_known_year(view_in_memory().facts(element), year=2024)
    assert model is not None
    found, routes = flow_graph(model), YearRoutes(model, "WLD")
    own = [YearRoutes(replace(model, names=(name,)), "WLD").stages for name in model.names]
    for place, (stage, after) in enumerate(itertools.pairwise(routes.stages)):
        came = fsum(
            edge["tonnes"]
            for _, head, edge in found.graph.edges(data=True)
            if head.startswith(f"{after.code}/")
        )
        lost = fsum(
            fsum(each.missing.values())
            if each.code == "mine"
            else each.origins(each.taken).get(UNEXPLAINED, 0.0)
            for each in (stages[place] for stages in own)
        )
        assert came + lost == pytest.approx(fsum(stage.taken.values()), abs=1e-3)


def test_a_stage_without_makers_is_skipped_and_named() -> None:
    """Nobody is known to mine or separate: what is taken after separation is not accounted for."""
    parts = {"A": 40.0, "B": 60.0}
    chain = small_chain({"mine": {}, "separation": {}, "metal": parts, "magnet": parts}, {})
    taken = {**chain.element_chains["Dy"].taken}
    taken |= {("separation", pool): tonnes for pool, tonnes in parts.items()}
    missing = {("separation", pool): tonnes for pool, tonnes in parts.items()}
    found = flows_of(changed(chain, taken=taken, missing=missing))
    skipped, lost = found.notes[3:5]
    assert skipped.startswith("Skipped: mining and separation")
    assert lost.startswith("Left out: 100 t after separation")
    assert {node.split("/")[0] for node in found.graph} == {"metal", "magnet", "use"}


def link(supplier: str, customer: str, *, element: str = "Dy", sure: bool = True) -> QueryRecord:
    """A row as ``network-links`` answers it; ``plant-`` is a facility, ``XXX`` a country."""

    def kind(who: str) -> str:
        return "country" if who.isupper() else "facility" if "plant" in who else "organisation"

    return QueryRecord(
        {
            "supplier": supplier,
            "supplierKind": kind(supplier),
            "supplierLabel": supplier.title(),
            "customer": customer,
            "customerKind": kind(customer),
            "customerLabel": customer.title(),
            "element": element,
            "certainty": "surely" if sure else "perhaps",
            "row": f"row/supply_links/{supplier}-{customer}-{element}",
        }
    )


def firms_of(
    *links: QueryRecord,
    holdings: tuple[QueryRecord, ...] = (),
    runs: tuple[tuple[str, str], ...] = (),
) -> BuiltGraph:
    facts = SimpleNamespace(
        derive=lambda _, work: work(),
        links=links,
        members=frozenset({"Dy"}),
        date=DAY,
        sites=[
            SimpleNamespace(facility=plant, operators=((who, who.title()),)) for plant, who in runs
        ],
        ask=lambda name, **given: links if name == "supplies-certainty" else holdings,
    )
    return firm_graph(facts)  # type: ignore[arg-type]


def links_in(found: BuiltGraph) -> dict[tuple[str, str], int]:
    return {(tail, head): edge["links"] for tail, head, edge in found.graph.edges(data=True)}


def test_a_plant_stands_as_the_last_parent_of_who_owns_it() -> None:
    held = row("firm", "plant-one", "100"), row("group", "firm", "60")
    found = firms_of(link("plant-one", "buyer"), holdings=held)
    assert links_in(found) == {("group", "buyer"): 1}
    assert found.graph.nodes["group"]["label"] == "GROUP"


def test_who_runs_a_plant_stands_for_it_where_nobody_owns_it_on_record() -> None:
    held = (row("group", "firm", "60"),)
    found = firms_of(link("plant-one", "buyer"), holdings=held, runs=(("plant-one", "firm"),))
    assert links_in(found) == {("group", "buyer"): 1}


def test_a_plant_that_several_run_or_own_stands_for_itself() -> None:
    runs = ("plant-one", "firm"), ("plant-one", "other")
    found = firms_of(link("plant-one", "buyer"), runs=runs)
    assert links_in(found) == {("plant-one", "buyer"): 1}
    assert found.graph.nodes["plant-one"]["kind"] == "plant"


def test_where_the_top_splits_the_highest_that_all_ways_share_stands() -> None:
    """Both own the group, so that neither stands; the group does, for itself and its firm."""
    held = (
        row("group", "firm", "60"),
        row("state", "group", "73"),
        row("agency", "group", "", status="controlling"),
    )
    found = firms_of(link("firm", "buyer"), link("group", "other"), holdings=held)
    assert links_in(found) == {("group", "buyer"): 1, ("group", "other"): 1}
    assert "Above GROUP records name several controllers." in found.notes


def test_no_path_leads_over_a_country() -> None:
    found = firms_of(link("one", "CHN"), link("CHN", "two"), link("one", "two"))
    assert links_in(found) == {("one", "two"): 1}
    assert any(note.startswith("Left out: 2 links to or from a country") for note in found.notes)


def test_links_inside_a_firm_and_of_other_elements_are_none() -> None:
    held = row("group", "one", "60"), row("group", "two", "60")
    other = link("one", "three", element="Sm")
    found = firms_of(link("one", "two"), other, link("one", "four", element=""), holdings=held)
    assert links_in(found) == {("group", "four"): 1}
    assert "Left out: 1 link inside one firm." in found.notes


def test_rows_of_one_pair_are_one_edge_and_say_how_many_are_sure() -> None:
    held = (row("group", "one", "60"),)
    found = firms_of(link("one", "two"), link("group", "two", sure=False), holdings=held)
    edge = found.graph.edges["group", "two"]
    assert (edge["links"], edge["surely"], len(edge["rows"])) == (2, 1, 2)


@pytest.mark.parametrize("element", ["Dy", *only_whole("NdPr")])
def test_what_is_in_force_is_what_the_list_of_policies_says(element: str) -> None:
    view = view_in_memory()
    values = {line.policy: line.status.value for line in view.policies(element)}
    found, known = policy_graph(view.facts(element)), read_acts(view.store)
    shown = {act for *_, cells in found.graph.edges(data=True) for act in cells["acts"]}
    assert shown <= values.keys()
    for name in {x for x, value in values.items() if value != "not in force"} - shown:
        act = known.acts[name]
        aims = named_as(act.reach, "targets")
        aimed_at = {x.country if x.kind in ("organisation", "facility") else x.id for x in aims}
        others = aimed_at - {"", act.country}
        assert act.kind not in RESTRICTIONS or known.ends_its_kind(act) or not others, name
    for *_, cells in found.graph.edges(data=True):
        in_force = [act for act in cells["acts"] if values[act] == "in force"]
        assert cells["in_force"] == len(in_force)
        assert cells["perhaps"] == len(cells["acts"]) - len(in_force)


def test_benefits_and_the_end_of_a_duty_bind_nobody() -> None:
    """By hand: Japan holds shares of Lynas, China ended its export duties in 2015."""
    found = policy_graph(view_in_memory().facts("Dy"))
    assert not found.graph.has_edge("JPN", "AUS")
    bound = {act for *_, cells in found.graph.edges(data=True) for act in cells["acts"]}
    assert {"mofcom-gac-2025-18", "us-301-magnets-2026", "mofcom-2026-20"} <= bound
    assert not {"japan-jare-lynas-2023", "japan-jare-lynas-2026"} & bound
    assert "china-export-tax-end-2015" not in bound
    (ended,) = [note for note in found.notes if note.startswith("Not counted, for it ends")]
    assert ";" not in ended


def test_nobody_binds_itself_and_all_destinations_are_one_node() -> None:
    graph = policy_graph(view_in_memory().facts("Dy")).graph
    assert not [pair for pair in graph.edges if pair[0] == pair[1]]
    assert graph.nodes[ALL_PLACES]["label"] == EVERYWHERE
    assert graph.nodes[ALL_PLACES]["role"] == "is bound"
    assert not graph.out_degree(ALL_PLACES)


def test_the_rows_at_a_node_are_those_of_its_edges_each_once() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_edge("a", "b", rows=("links/2", "links/1"))
    graph.add_edge("b", "c", rows=("links/2",))
    assert rows_around(graph, "b", "rows") == ("links/1", "links/2")
    assert rows_around(graph, "c", "rows") == ("links/2",)
