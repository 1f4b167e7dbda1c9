"""How fast contingencies are: seconds are printed, only ratios are asserted.

Run by hand, on a quiet machine: python -m pytest -s tests/bench
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from time import perf_counter

import networkx as nx
import pytest

from monazite.findings.chain.base_year import read_base_year
from monazite.findings.chain.chain import Chain
from monazite.findings.events.event import Event, Horizon
from monazite.findings.flow_model.programme import Programme
from monazite.findings.reconciliation.members import magnet_numbers
from monazite.findings.reconciliation.year import reconcile_year
from monazite.findings.uncertainty.drawn_years import DrawnYear, Question
from monazite.findings.uncertainty.draws import drawn_lines, question_of
from monazite.network.facts import read_facts
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION, Contingency
from monazite.quantities.amount import exactly
from tests.bench.test_flows import seconds_of
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
def chain() -> Chain:
    view = view_in_memory()
    return (
        read_base_year(read_facts(view.store, "MREE", view.valid), 2024, "WLD", "world")
        .accounts()
        .chain()
    )


def pools_graph(chain: Chain) -> nx.DiGraph[str]:
    """The chain of NdPr without recipes, as networkx takes it: grams, and no bound where free."""
    element_chain = chain.element_chains[NDPR]
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


def test_a_contingency_beside_a_maximum_flow_of_networkx(
    chain: Chain, capsys: pytest.CaptureFixture[str]
) -> None:
    graph, programme, events = pools_graph(chain), Programme(chain), cycle(EVENTS)
    others = frozenset((element, METAL) for element in chain.element_chains if element != NDPR)
    runs: dict[str, Callable[[], object]] = {
        "networkx, one element": lambda: nx.maximum_flow_value(graph, "source", "sink"),
        "one element, scarcity shared": lambda: programme.serve(
            SHORT, next(events), unlimited=others
        ),
        "three elements with recipes": lambda: programme.serve(SHORT, next(events)),
        "three elements, built anew": lambda: Programme(chain).serve(SHORT, next(events)),
    }
    seconds = {name: seconds_of(run, 12) for name, run in runs.items()}
    base = seconds["networkx, one element"]
    with capsys.disabled():
        for name, value in seconds.items():
            print(f"\n{name}: {1000 * value:.2f} ms, {value / base:.1f} times", end="")  # noqa: T201
    # ten users in 250 steps each, where a maximum flow has one: five times as measured
    assert seconds["one element, scarcity shared"] < 10 * base
    assert seconds["three elements with recipes"] < 10 * base


MARKETS = ("WLD", "CHN", "EUE", "JPN", "KOR", "USA", "VNM", "THA")


def asked(market: str) -> Question:
    """Every line of dysprosium, for a market."""
    view = view_in_memory()
    network, facts = view.network("Dy", market), view.facts("Dy")
    report = view.chokepoints("Dy", market, year=2024, network=network)
    return question_of(network, facts, Contingency(), report, drawn_lines(report))


def test_all_markets_at_once_beside_one(capsys: pytest.CaptureFixture[str]) -> None:
    questions = [asked(market) for market in MARKETS]

    def ask(some: list[Question]) -> None:
        year = DrawnYear({}, home_first=False)
        for question in some:
            year.ask(question).losses()

    one = seconds_of(lambda: ask(questions[:1]), 3)
    every = seconds_of(lambda: ask(questions), 3)
    events = len(questions[0].candidates)
    with capsys.disabled():
        print(f"\n{events} events for {len(MARKETS)} markets: {every:.2f} s, for one {one:.2f} s")  # noqa: T201
    assert every < 2 * one


def test_a_year_of_four_elements_beside_one_reading_of_its_rows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    view = view_in_memory()
    base = read_base_year(read_facts(view.store, "MREE", view.valid), 2024, "WLD", "world")
    numbers = base.accounts().reconciled.numbers
    ranges = base.ranges
    read = seconds_of(lambda: magnet_numbers(base.year_rows, base.chemistry), 5)
    solved = seconds_of(lambda: reconcile_year(numbers, ranges), 5)
    kept = seconds_of(lambda: reconcile_year(numbers, ranges, base.before), 5)
    with capsys.disabled():
        print(f"\nread {read:.3f} s, reconciled {solved:.3f} s, what stands {kept:.3f} s")  # noqa: T201
    assert solved < 6 * read
    assert kept < solved / 3


def test_doubts_and_draws_spend_little_on_what_is_gathered(
    report: Callable[[str], None],
) -> None:
    """Gathering the numbers of a year anew, beside solving it: what is not touched stands."""
    view = view_in_memory()
    base = read_base_year(read_facts(view.store, "Dy", view.valid), 2024, "WLD", "world")
    numbers = {name: x for name, x in base.inputs("short-run").items() if x.low < x.high}
    gathered, solved = 0.0, 0.0
    for name in sorted(numbers)[::7]:
        drawn = {name: exactly(numbers[name].low)}
        chemistry = base.chemistry.at(drawn)
        started = perf_counter()
        found = magnet_numbers(base.year_rows, chemistry, drawn)
        gathered += perf_counter() - started
        assert found is not None
        started = perf_counter()
        reconcile_year(found, base.ranges)
        solved += perf_counter() - started
    report(f"gathered in {gathered:.2f} s, solved in {solved:.2f} s: {gathered / solved:.2f}")
    assert gathered <= 0.7 * solved
