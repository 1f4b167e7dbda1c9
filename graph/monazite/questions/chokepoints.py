"""What can a market not do without?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from monazite.asking.question import Also, Assumptions, Failure, Page, question
from monazite.data.declared import Param
from monazite.data.parameters import COUNTS, LISTED

if TYPE_CHECKING:
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.core.tables import Table
    from monazite.model.network.attributes import Network
    from monazite.view.view import View


def _graph(
    view: View,
    found: Chokepoints,
    network: Network,
    all_links: Annotated[
        bool, Param("With --graph: draw all sites and links.", option="network")
    ] = False,
) -> str:
    return view.graph(network=network, findings=found, all_links=all_links).html


def _shown(
    found: Chokepoints,
    beside: Mapping[str, Any],
    *,
    fmt: str,
    full: bool,
    top: Annotated[
        int | None, Param("How many lines. Default: 5; 10 with --full.", "-n", bounds=COUNTS)
    ] = None,
    assumptions: Assumptions = False,
) -> tuple[Chokepoints, Sequence[Table]]:
    """The first lines, with the ranges of the draws where they were made."""
    from monazite.analysis.chokepoints.headline import LINES

    if drawn := beside.get("draws"):
        lines, stages, made = (getattr(drawn.report, x) for x in ("chokepoints", "stages", "draws"))
        found = replace(found, chokepoints=lines, stages=stages, draws=made)
    first = found.first(top or LISTED)
    if fmt in {"csv", "tsv"}:
        return first, drawn.csv_tables(top=top or LISTED) if drawn else first.csv_tables()
    tables = (
        first.tables(assumptions=assumptions)
        if full
        else found.short_tables(lines=top or LINES, assumptions=assumptions)
    )
    for name, each in beside.items():
        tables += each.tables(top=top or LINES) if name == "draws" else each.tables()
    return first, tables


@question(
    group="What can stop us?",
    rank=1,
    title="What a market would lose if a country or plant stopped",
    says="Losses are parts of 1 of what the market used in base.year (0.99 is 99 %), not of world "
    "output: first_year in the first twelve months, with stocks and lead times, loss for good, "
    "once stocks are gone. Say both, never one alone. They are results of a model: say 'would', "
    "and name the time allowed (horizon). share is a part of 1 of world output at the stage, in "
    "the year and on the basis beside it.",
    range="loss and first_year of a line are medians of random trials in which figures, yields, "
    "assays and stocks are drawn together under one rule of who is served; 5 to 95 % lie between "
    "loss_low and loss_high, first_year_low and first_year_high. home_first is the loss under "
    "another rule and no end of that range. least_move is the loss of one balance of the year; "
    "where the ends are null nothing was drawn, and the numbers are of that balance.",
    also=(
        Also(
            "draws",
            Param("Run N random trials; 200 take two minutes. Default: none.", metavar="N"),
            by="count",
        ),
        Also("pairs", Param("Pairs that cost more than their two losses too.")),
        Also(
            "after",
            Param(
                'What shifts and what a tonne more is worth after a line, "China metal".',
                metavar="WHAT",
            ),
            by="line",
        ),
    ),
    pages=(Page("graph", "Draw the chain to this file too.", "graph", _graph),),
    first=("first", LISTED),
    shown=_shown,
)
def chokepoints(
    view: View,
    asked: Failure,
    *,
    full: Annotated[
        bool, Param("Add the loss if the market is served first, and new plants.", tool=False)
    ] = False,
) -> Chokepoints:
    """Rank what a market cannot do without: who leads each stage, and what a failure takes away.

    Two parts of a year's use of the magnets that hold the element: what is lost in the first year,
    with stocks and lead times, and for good, the rate once stocks are gone. Where no magnet holds
    it, as Y, use is not known and no loss. Contracts are met first, in proportion; home first is
    another rule. Both are medians of random trials that move figures, yields, assays and stocks
    together; in brackets nine in ten. They are shipped for the short run, and hold wherever the
    losses of one balance are still those of then; elsewhere numbers are of that balance, until
    --draws runs the trials.

    Example: monazite chokepoints -e Dy -m USA --graph dy.html

    >>> import monazite
    >>> monazite.load().chokepoints("Dy", year=2024)
    <Chokepoints Dy for WLD 2024, short run: 31 lines, China separation >99 %>
    """
    from monazite.analysis.chokepoints.chokepoints import find_chokepoints, with_evidence
    from monazite.analysis.chokepoints.headline import first_line
    from monazite.analysis.mitigation.fixes import find_fixes
    from monazite.view.validation import network_of

    network, facts = network_of(view, asked), view.facts(asked.element)
    year, ranges = asked.year, view.released
    asking = (network, facts, asked.contingency)
    found = find_chokepoints(*asking, year=year, full=full, released=ranges)
    if full and asked.contingency.event == "outage" and (first := first_line(found)) is not None:
        found = replace(
            found, new_plants=find_fixes(network, facts, first.id, asked.contingency, year=year)
        )
    return with_evidence(found, facts)
