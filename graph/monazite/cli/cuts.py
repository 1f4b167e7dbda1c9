"""``monazite cuts``: which sets cut a market off, and what would make an outage good."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    Format,
    ViewOptions,
    choose_format,
    with_view,
    write_tables_out,
)
from monazite.cli.options import BaseYear, Element, Horizon, Market
from monazite.parameters import Contingency, check_word, horizons


@with_view
def cuts(
    options: ViewOptions,
    element: Element = "MREE",
    market: Market = "WLD",
    k: Annotated[
        int, typer.Option("--k", min=1, max=6, help="How many things a set may have at most.")
    ] = 2,
    left: Annotated[
        float,
        typer.Option(
            "--left", metavar="PERCENT", min=0, max=100, help="What may still arrive, of the base."
        ),
    ] = 10.0,
    fix: Annotated[
        str | None,
        typer.Option(
            "--fix",
            metavar="WHAT",
            help="What would make good its outage: separation/CHN, a name; first: what costs most.",
        ),
    ] = None,
    horizon: Horizon = "short-run",
    year: BaseYear = None,
    fmt: Format = "table",
) -> None:
    """Print the sets of countries at stages and known sites that cut a market off an element.

    The smallest sets after which nothing arrives, the sets of up to --k that leave little, and
    what each country at a stage is to the routes between the mines and the market. With --fix,
    what capacity, and where, brings back what an outage takes within the horizon.

    Example: monazite cuts -e Dy --fix mine/MMR
    """
    from monazite.tables import FORMATS

    choose_format(fmt, *FORMATS)
    check_word(horizon, horizons(), "horizon")
    view = options.open()
    network = view.network(element, market)
    from monazite.findings.responses.cuts_tables import cuts_csv, cuts_dict, cuts_tables
    from monazite.findings.responses.fixes import find_fixes
    from monazite.findings.routes.cuts import find_cuts
    from monazite.findings.routes.node_roles import find_structure
    from monazite.network.facts import read_facts

    fixed = None
    if fix:
        facts = read_facts(view.store, element, view.valid)
        fixed = find_fixes(network, facts, fix, Contingency(horizon=horizon), year=year)
    found = find_cuts(network, k=k, left=left / 100)
    structure = find_structure(network)
    tables = cuts_tables(structure, found, fixed)
    write_tables_out(
        view,
        [cuts_csv(found, fixed)] if fmt == "csv" else tables,
        fmt,
        content=cuts_dict(structure, found, fixed),
    )
