"""How fast findings are, beside networkx, bare solvers and themselves: only ratios are asserted."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from itertools import cycle
from pathlib import Path
from statistics import median

import networkx as nx
import pytest

from monazite.analysis.chokepoints.figures import LOSS
from monazite.analysis.cuts.cuts import find_cuts
from monazite.analysis.cuts.disjoint_routes import find_routes, find_structure, unnamed_pools
from monazite.analysis.cuts.routes import SINK, SOURCE, UNCAPPED, FlowSolver, demand_of, flow_graph
from monazite.analysis.robustness.draws import DrawnYear, Question, drawn_lines, question_of
from monazite.analysis.scenarios.model import ScenarioModel
from monazite.analysis.scenarios.scenario_file import read_shipped
from monazite.analysis.scenarios.trials import AskedScenario, run_trial
from monazite.core.package import ontology_folder
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION, Contingency
from monazite.model.chain.base_year import read_base_year
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.failure_points import Event, Horizon
from monazite.model.flow.programme import Programme
from monazite.model.network.attributes import Network
from monazite.model.network.facts import read_facts
from monazite.model.reconciliation.year import magnet_numbers, reconcile_year
from tests.analysis.route_loops import Loops, places, pools_of
from tests.bench.conftest import cpu_seconds, seconds
from tests.bench.made import layered
from tests.conftest import view_in_memory

SHORT = Horizon("short-run", 1.25, 1.1)
NDPR = "NdPr"
EVENTS = [
    Event(output={(SEPARATION, "CHN"): 0.0}),
    Event(output={(MINE, "MMR"): 0.0}),
    Event(output={(METAL, "CHN"): 0.5}),
    Event(sales={("*", "CHN", "*", "*"): 0.0}),
]


@pytest.fixture(scope="module")
def base_chain() -> Chain:
    view = view_in_memory()
    return (
        read_base_year(read_facts(view.store, "MREE", view.valid), 2024, "WLD", "world")
        .accounts()
        .chain()
    )


def pools_graph(base_chain: Chain) -> nx.DiGraph[str]:
    """The chain of NdPr without recipes, as networkx takes it: in grams."""
    element_chain = base_chain.element_chains[NDPR]
    graph: nx.DiGraph[str] = nx.DiGraph()
    for (stage, pool), tonnes in element_chain.made.items():
        graph.add_edge(f"{stage} {pool} in", f"{stage} {pool}", capacity=round(tonnes * 1e6))
        if stage == MINE:
            graph.add_edge("source", f"{stage} {pool} in")
        if stage == MAGNET:
            graph.add_edge(f"{stage} {pool}", "sink")
    for (stage, seller, buyer), tonnes in element_chain.flows.items():
        graph.add_edge(f"{stage} {seller}", f"{stage} {buyer}", capacity=round(tonnes * 1e6))
    after = {MINE: SEPARATION, SEPARATION: METAL, METAL: MAGNET}
    for stage, pool in element_chain.taken:
        target = element_chain.pool(after[stage], pool)
        graph.add_edge(f"{stage} {pool}", f"{after[stage]} {target} in")
    for pool, tonnes in element_chain.used.items():
        graph.add_edge(f"{SEPARATION} {pool}", "sink", capacity=round(tonnes * 1e6))
    return graph


def test_a_contingency_beside_a_maximum_flow_of_networkx(base_chain: Chain, report: Say) -> None:
    graph, programme, events = pools_graph(base_chain), Programme(base_chain), cycle(EVENTS)
    others = frozenset((element, METAL) for element in base_chain.element_chains if element != NDPR)
    runs: dict[str, Callable[[], object]] = {
        "networkx, one element": lambda: nx.maximum_flow_value(graph, "source", "sink"),
        "one element, scarcity shared": lambda: programme.serve(
            SHORT, next(events), unlimited=others
        ),
        "three elements with recipes": lambda: programme.serve(SHORT, next(events)),
        "three elements, built anew": lambda: Programme(base_chain).serve(SHORT, next(events)),
    }
    taken = {name: median_seconds(run, 12) for name, run in runs.items()}
    base = taken["networkx, one element"]
    for name, value in taken.items():
        report(f"{name}: {1000 * value:.2f} ms, {value / base:.1f} times")
    # ten users in 250 steps each, where a maximum flow has one: five times as measured
    assert taken["one element, scarcity shared"] < 10 * base
    assert taken["three elements with recipes"] < 10 * base
    assert taken["three elements with recipes"] < taken["three elements, built anew"]


MARKETS = ("WLD", "CHN", "EUE", "JPN", "KOR", "USA", "VNM", "THA")


def asked(market: str) -> Question:
    view = view_in_memory()
    network, facts = view.network("Dy", market), view.facts("Dy")
    report = view.chokepoints("Dy", market, year=2024, network=network)
    return question_of(network, facts, Contingency(), report, drawn_lines(report))


def test_all_markets_at_once_beside_one(report: Say) -> None:
    questions = [asked(market) for market in MARKETS]

    def ask(some: list[Question]) -> None:
        year = DrawnYear({}, [LOSS])
        for question in some:
            year.ask(question).losses()

    one = median_seconds(lambda: ask(questions[:1]), 3)
    every = median_seconds(lambda: ask(questions), 3)
    events = len(questions[0].candidates)
    report(f"{events} events for {len(MARKETS)} markets: {every:.2f} s, for one {one:.2f} s")
    assert every < 2 * one


def test_a_year_of_four_elements_beside_one_reading_of_its_rows(report: Say) -> None:
    view = view_in_memory()
    base = read_base_year(read_facts(view.store, "MREE", view.valid), 2024, "WLD", "world")
    numbers = base.accounts().reconciled.numbers
    read = median_seconds(lambda: magnet_numbers(base.year_rows, base.chemistry), 5)
    solved = median_seconds(lambda: reconcile_year(numbers, asks=False), 5)
    kept = median_seconds(lambda: reconcile_year(numbers, base.before), 5)
    report(f"read {read:.3f} s, reconciled {solved:.3f} s, what stands {kept:.3f} s")
    assert solved < 6 * read
    assert kept < solved / 3


@pytest.fixture(scope="module")
def dy_usa() -> Network:
    return view_in_memory().network("Dy", "USA")


def median_seconds(do: Callable[[], object], times: int) -> float:
    rounds = []
    for _ in range(7):
        started = time.perf_counter()
        for _ in range(times):
            do()
        rounds.append((time.perf_counter() - started) / times)
    return median(rounds)


def test_a_cut_is_five_times_as_fast_as_by_networkx(dy_usa: Network, report: Say) -> None:
    graph = flow_graph(dy_usa)
    solver = FlowSolver(graph, SOURCE, SINK)
    demand = demand_of(solver, UNCAPPED)
    for arc, cap in demand.items():
        graph.edges[arc]["capacity"] = cap
    assert solver.minimum_cut(demand).value == nx.minimum_cut(graph, SOURCE, SINK)[0]
    ours = median_seconds(lambda: solver.minimum_cut(demand), 100)
    theirs = median_seconds(lambda: nx.minimum_cut(graph, SOURCE, SINK), 10)
    report(f"cut {ours * 1e6:.0f} us, networkx {theirs * 1e6:.0f} us: {theirs / ours:.1f} times")
    assert theirs / ours >= 5


def test_a_report_takes_no_longer_than_three_hundred_cuts_by_networkx(
    dy_usa: Network, report: Say
) -> None:
    graph = flow_graph(dy_usa)
    cut = median_seconds(lambda: nx.minimum_cut(graph, SOURCE, SINK), 10)
    for name, do in (
        ("structure", lambda: find_structure(dy_usa)),
        ("cuts, k = 3", lambda: find_cuts(dy_usa, k=3, left=0.1)),
    ):
        taken = median_seconds(do, 1)
        report(f"{name} {taken:.3f} s: as long as {taken / cut:.0f} cuts by networkx")
        assert taken / cut <= 300


Say = Callable[[str], None]


MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A small process that starts the measured one: a child begins with the memory of who starts it."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its unit is of Linux: kibibytes")
def test_memory_of_a_run_by_default_with_an_empty_cache(report: Say, tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEASURED, sys.executable, "-m", "monazite", "chokepoints"]
    place = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=place)
    assert run.returncode == 0, run.stderr
    megabytes = int(run.stdout) * 1024 / 1e6
    report(f"monazite chokepoints: {megabytes:.0f} MB at most")
    assert megabytes < 500


NETWORKS: dict[str, Callable[[], Network]] = {
    "Dy for the USA": lambda: view_in_memory().network("Dy", "USA"),
    "1e3 arcs": lambda: layered(20, 14),
    "1e4 arcs": lambda: layered(60, 50),
    "1e5 arcs": lambda: layered(300, 108),
}
ROUNDS = {"Dy for the USA": 30, "1e3 arcs": 3, "1e4 arcs": 3, "1e5 arcs": 1}
ASKED = {"1e4 arcs": 12, "1e5 arcs": 3}  # Pools that the loops ask of; all where nothing is said
LEAST = {"Dy for the USA": 10, "1e3 arcs": 50, "1e4 arcs": 50, "1e5 arcs": 50}
"""How many times as fast it must be; a graph of fifty arcs is too small for fifty times."""


@pytest.mark.parametrize("name", NETWORKS)
def test_measures_are_fifty_times_as_fast_as_loops_over_networkx(name: str, report: Say) -> None:
    network = NETWORKS[name]()
    graph, spared = flow_graph(network), unnamed_pools(network)
    pools = pools_of(graph)
    asked = random.Random(0).sample(pools, ASKED.get(name, len(pools)))
    found, loops = find_routes(graph, spared), Loops(graph, spared)
    by_loops = {pool: loops.place(pool) for pool in asked}
    assert places(found, asked) == by_loops
    times: dict[str, list[float]] = {"ours": [], "made": [], "removed": []}
    for _ in range(ROUNDS[name]):
        times["ours"].append(seconds(lambda: find_routes(graph, spared)))
        times["made"].append(seconds(lambda: Loops(graph, spared)))
        times["removed"].append(seconds(lambda: [loops.place(pool) for pool in asked]))
    best = {part: min(taken) for part, taken in times.items()}
    theirs = best["made"] + best["removed"] * len(pools) / len(asked)
    report(
        f"{name}: {graph.size():,} arcs, {len(pools):,} pools, {1000 * best['ours']:.2f} ms; "
        f"loops over {len(asked):,} pools, scaled to all, {1000 * theirs:,.1f} ms: "
        f"{theirs / best['ours']:.0f} times"
    )
    assert theirs / best["ours"] >= LEAST[name]


SHIPPED_TRIALS, CORES = 100, 2  # Of the run of all that is shipped, whose time is told


@pytest.fixture(scope="module")
def model() -> ScenarioModel:
    view = view_in_memory()
    return ScenarioModel(view.network("MREE"), view.facts("MREE"))


@pytest.fixture(scope="module")
def scenarios_asked(model: ScenarioModel) -> list[AskedScenario]:
    shipped = read_shipped(ontology_folder())
    return [AskedScenario(each, model.means(each)) for each in shipped]


def grown(of: Iterable[int], work: Callable[[int], object]) -> list[tuple[int, float]]:
    return [(each, cpu_seconds(lambda each=each: work(each))) for each in of]  # type: ignore[misc]


def said(what: str, found: list[tuple[int, float]]) -> str:
    return f"{what}: " + ", ".join(f"{count}: {took:.2f} s" for count, took in found)


def test_trials_and_scenarios_grow_no_faster_than_their_number(
    model: ScenarioModel, scenarios_asked: list[AskedScenario], report: Say
) -> None:
    run_trial(model, scenarios_asked, 0, 8, 0)  # what is read once is read
    of_scenarios = grown(
        (1, 4, len(scenarios_asked)), lambda n: run_trial(model, scenarios_asked[:n], 0, 8, 0)
    )
    of_trials = grown(
        (1, 2, 4), lambda n: [run_trial(model, scenarios_asked[:4], at, 8, 0) for at in range(n)]
    )
    report(said("scenarios of one trial", of_scenarios))
    report(said("trials of four scenarios", of_trials))
    whole = of_scenarios[-1][1] * SHIPPED_TRIALS / CORES / 60
    report(f"all shipped, {SHIPPED_TRIALS} trials, {CORES} cores: {whole:.1f} minutes")
    (few, short), *_, (many, long) = of_trials
    assert long / many < 2 * short / few
