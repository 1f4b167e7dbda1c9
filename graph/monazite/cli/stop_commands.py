"""``chokepoints``: what can stop us?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict

from monazite.cli.common import (
    APPROVAL_PERCENT,
    Approval,
    BaseYear,
    Element,
    Event,
    Full,
    Horizon,
    Market,
    Output,
    ViewOptions,
    to_file,
    with_view,
)
from monazite.cli.formats import Format, choose_format, option
from monazite.cli.progress import ProgressBar
from monazite.cli.writing import say, write_out, write_result
from monazite.core.errors import UnknownNameError
from monazite.core.tables import FORMATS
from monazite.data.parameters import (
    COUNTS,
    ELEMENT,
    EVENT,
    HORIZON,
    LISTED,
    MARKET,
    SEED,
    Contingency,
)

if TYPE_CHECKING:
    from monazite.core.results import Result
    from monazite.model.network.attributes import Network


class _Asked(TypedDict):
    """What each verb of the command is asked."""

    horizon: str
    event: str
    approval: float
    year: int | None
    network: Network


@with_view
def chokepoints(
    options: ViewOptions,
    element: Element = ELEMENT,
    market: Market = MARKET,
    horizon: Horizon = HORIZON,
    event: Event = EVENT,
    approval: Approval = APPROVAL_PERCENT,
    year: BaseYear = None,
    top: Annotated[
        int | None,
        option("--top -n", "How many lines. Default: 5; 10 with --full.", min=COUNTS.low),
    ] = None,
    assumptions: Annotated[
        bool, option("--assumptions", "Print what is assumed, with its range.")
    ] = False,
    full: Full = False,
    draws: Annotated[
        int | None, option("--draws N", "Run N random trials; 200 take two minutes. Default: none.")
    ] = None,
    seed: Annotated[int | None, option("--seed S", "Of --draws; default 0.")] = None,
    line: Annotated[
        list[str] | None,
        option(
            "--line WHAT",
            'With --draws: what moves this line, one number at a time, "China mining".',
        ),
    ] = None,
    pairs: Annotated[
        bool, option("--pairs", "Pairs that cost more than their two losses too.")
    ] = False,
    after: Annotated[
        str | None,
        option(
            "--after WHAT",
            'What shifts and what a tonne more is worth after a line, "China metal".',
        ),
    ] = None,
    fmt: Format = "table",
    output: Output = None,
    graph: Annotated[
        Path | None, to_file("--graph FILE.html", "Draw the chain to this file too.")
    ] = None,
    all_links: Annotated[
        bool, option("--network", "With --graph: draw all sites and links.")
    ] = False,
) -> None:
    """Rank what a market cannot do without: who leads each stage, and what a failure takes away.

    The loss is of the magnets that hold the element, or of its oxide, in one year. Contracts are
    met first, in proportion; home first is another rule. Nine in ten random trials lie in the
    range. Trials move figures, yields and assays together. They are shipped for one year allowed;
    --draws runs them for everything else.

    Example: monazite chokepoints -e Dy -m USA --graph dy.html
    """
    from monazite.analysis.chokepoints.headline import LINES

    choose_format(fmt, *FORMATS)
    Contingency(event, horizon, approval / 100)
    _check_draws(draws, seed, line)
    _check_picture(graph, all_links=all_links)
    view = options.open()
    asked: _Asked = {
        "horizon": horizon,
        "event": event,
        "approval": approval / 100,
        "year": year,
        "network": view.network(element, market),
    }
    found = view.chokepoints(element, market, **asked, full=full)
    if graph is not None:
        page = view.graph(network=asked["network"], findings=found, all_links=all_links)
        write_out(page.html, graph)
        say(f"The graph is in {graph}.")
    drawn = None
    if draws is not None:
        with ProgressBar("Running random trials") as bar:
            drawn = view.draws(
                *(element, market),
                **asked,
                count=draws,
                seed=seed,
                line=line or (),
                report=found,
                step=bar,
            )
    others: dict[str, Result] = {}
    if pairs:
        others["pairs"] = view.pairs(element, market, **asked)
    if after:
        others["after"] = view.after(after, element, market, **asked, report=found)
    if drawn is not None:
        ranged = drawn.report
        found = replace(found, chokepoints=ranged.chokepoints, draws=ranged.draws)
    shown = found.first(top or LISTED)
    if fmt in {"csv", "tsv"}:
        tables = shown.csv_tables() if drawn is None else drawn.csv_tables(top=top or LISTED)
    else:
        tables = (
            shown.tables(assumptions=assumptions)
            if full
            else found.short_tables(lines=top or LINES, assumptions=assumptions)
        )
        tables += [] if drawn is None else drawn.tables(top=top or LINES)
        tables += [table for each in others.values() for table in each.tables()]
    if drawn is not None:
        others = {"draws": drawn, **others}
    write_result(shown, fmt, output, full=full, tables=tables, others=others)


def _check_picture(graph: Path | None, *, all_links: bool) -> None:
    if all_links and graph is None:
        raise UnknownNameError("--network belongs to --graph: take --graph FILE.html as well.")


def _check_draws(draws: int | None, seed: int | None, line: list[str] | None) -> None:
    if draws is None and (seed is not None or line):
        raise UnknownNameError("--seed and --line belong to draws: take --draws N as well.")
    if draws is not None:
        from monazite.analysis.robustness.sampling import check_draws

        check_draws(draws, seed or SEED)
