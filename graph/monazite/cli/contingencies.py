"""``monazite contingencies``: what a market loses when something fails, within a horizon."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    Element,
    Format,
    Market,
    ViewOptions,
    choose_format,
    with_view,
    write_tables_out,
)
from monazite.errors import UnknownNameError, did_you_mean


@with_view
def contingencies(
    options: ViewOptions,
    element: Element = "MREE",
    market: Market = "WLD",
    horizon: Annotated[
        str,
        typer.Option(
            "--horizon",
            metavar="HORIZON",
            help="immediate (0-3 months), short-run (a year) or medium-run (2-3 years).",
        ),
    ] = "short-run",
    event: Annotated[
        str,
        typer.Option(
            "--event",
            metavar="EVENT",
            help="outage: plants stop; embargo: the border closes; licence: a part is approved.",
        ),
    ] = "outage",
    approval: Annotated[
        float, typer.Option("--approval", min=0, max=100, help="Percent approved, of a licence.")
    ] = 50,
    year: Annotated[
        int | None,
        typer.Option("--year", "-y", metavar="YEAR", help="Default: the last with trade rows."),
    ] = None,
    top: Annotated[int, typer.Option("--top", "-n", min=1, help="How many to print.")] = 12,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Print what is assumed, with its range.")
    ] = False,
    fmt: Format = "table",
) -> None:
    """Work out what a market loses when a country, plant or firm fails, by the balance of a year.

    Magnets need their recipe: the loss is of the magnets that hold the element; alone is what
    the element itself would cost. Scarcity is shared alike; the range runs over who comes first
    and how far trade and plants can stretch.

    Example: monazite contingencies -e Dy --event outage --horizon short-run
    """
    from monazite.findings.contingencies import EVENTS, HORIZONS, Question, find_contingencies
    from monazite.pages.report import FORMATS

    choose_format(fmt, *FORMATS)
    _check(horizon, HORIZONS, "horizon")
    _check(event, EVENTS, "event")
    view = options.open()
    network = view.network(element, market)
    from monazite.network.facts import read_facts
    from monazite.pages.contingencies import (
        contingencies_csv,
        contingencies_dict,
        contingency_tables,
    )

    facts = read_facts(view.store, element, view.valid)
    asked = Question(network.graph["market"], horizon, event, approval / 100)
    report = find_contingencies(network, facts, asked, year=year)
    if fmt == "csv":
        tables = [contingencies_csv(report)]
    else:
        tables = contingency_tables(report, top=top, assumptions=assumptions)
    write_tables_out(view, tables, fmt, content=contingencies_dict(report))


def _check(word: str, known: tuple[str, ...], what: str) -> None:
    if word not in known:
        fix = did_you_mean(word, known) or f"there are {', '.join(known)}."
        raise UnknownNameError(f'There is no {what} "{word}"; {fix}')
