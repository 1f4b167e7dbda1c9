"""What lies in the middle, beside what its failure costs?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Also, BaseYear, Element, Market, Page, Seed, question
from monazite.core.errors import UnknownNameError
from monazite.core.results import do_nothing
from monazite.data.declared import Param
from monazite.data.parameters import ELEMENT, FLOW, GRAPHS, MARKET, SEED, check_draws, check_year

if TYPE_CHECKING:
    from monazite.analysis.centrality.result import Centrality
    from monazite.analysis.robustness.sampling import Step
    from monazite.view.view import View

GraphKind = Annotated[
    str,
    Param(
        "flow: tonnes between countries; firms: who supplies whom; policy: whose acts apply to "
        "whom.",
        metavar="KIND",
        words=lambda: GRAPHS,
        what="kind of graph",
    ),
]
Measure = Annotated[
    str | None,
    Param(
        "Order by: betweenness, on_paths, pagerank, tonnes_in, tonnes_out; links, customers, "
        "suppliers; in_force_against, in_force_by.",
        metavar="MEASURE",
    ),
]


@question(
    group="What can stop us?",
    rank=4,
    title="What lies in the middle of the chain",
    says="Measures of a graph of flows, firms or acts, in the unit that the measure names. Large "
    "is central; it is no loss.",
    range="None is drawn. Say that the range is not drawn.",
    also=(
        Also(
            "centrality_over_years",
            Param("Ranks in each year, 2018:2024; ranks only.", metavar="A:B", option="years"),
            by="years",
            only="--years prints ranks only: leave {idle}.",
        ),
    ),
    pages=(
        Page(
            *("page", "Draw the graph, nodes sized by the measure.", "graph"),
            lambda view, found: view.centrality_html(found),
        ),
    ),
)
def centrality(
    view: View,
    element: Element = ELEMENT,
    market: Market = MARKET,
    *,
    kind: GraphKind = FLOW,
    by: Measure = None,
    year: BaseYear = None,
    draws: Annotated[
        int | None,
        Param(
            "Run N random trials of the flows. Default: none.",
            metavar="N",
            check=check_draws,
            tool=False,
            most=1_000,
        ),
    ] = None,
    seed: Seed = None,
    step: Step | None = None,
) -> Centrality:
    """Print what lies in the middle of flows, firms or acts, and whether that is what costs most.

    Every number is what networkx gives on the graph, which Python hands out. Beside each measure
    stands what the market would lose without the place, with the rank correlation of the two.

    Example: monazite centrality -e Dy -m USA --by pagerank

    >>> import monazite
    >>> found = monazite.load().centrality("Dy", year=2024)
    >>> found.nodes[0].label, found.node("mine/MMR").measures["betweenness"]
    ('China separation', 0.0)
    >>> found.graph.in_degree("separation/CHN", weight="tonnes") > 2000
    True
    """
    from monazite.analysis.centrality.centrality import find_centrality, with_draws
    from monazite.analysis.centrality.measures import measure_named

    measure_named(kind, by)
    check_year(year)
    _check_draws(kind, draws, seed)
    network, facts = view.network(element, market), view.facts(element)
    report = view.chokepoints(element, market, year=year, network=network)
    found = find_centrality(facts, report, kind=kind, by=by)
    if draws is None:
        return found
    asked = (found, network, facts, report)
    return with_draws(*asked, count=draws, seed=seed or SEED, step=step or do_nothing)


def _check_draws(kind: str, draws: int | None, seed: int | None) -> None:
    """Refuse draws of what is not drawn, and a seed without them."""
    if draws is None and seed is not None:
        raise UnknownNameError("A seed belongs to draws: take draws as well.")
    if draws is not None and kind != FLOW:
        raise UnknownNameError("Only flows are drawn: leave draws, or take the kind flow.")
