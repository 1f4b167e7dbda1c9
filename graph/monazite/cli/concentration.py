"""``monazite concentration``: who holds a stage, and how that changed."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    Element,
    Format,
    ViewOptions,
    choose_format,
    with_view,
    write_tables_out,
)


@with_view
def concentration(
    options: ViewOptions,
    element: Element = "TREO",
    stage: Annotated[
        str | None, typer.Option("--stage", "-s", help="Only this stage: mine, separation ...")
    ] = None,
    series: Annotated[
        bool, typer.Option("--series", help="One line a year; else the newest year of each stage.")
    ] = False,
    since: Annotated[
        int, typer.Option("--since", metavar="YEAR", min=1900, help="First year of the series.")
    ] = 1985,
    fmt: Format = "table",
) -> None:
    """Print shares, the three largest and the HHI of each stage; TREO is all rare earths together.

    What each share was divided by, the basis and the series stand beside it; years whose rows
    do not add have no index and say why.

    Example: monazite concentration -e TREO --stage mine --series
    """
    from monazite.pages.concentration import (
        concentration_csv,
        concentration_dict,
        concentration_tables,
    )
    from monazite.pages.report import FORMATS

    choose_format(fmt, *FORMATS)
    view = options.open()
    from monazite.findings.series import concentration_series
    from monazite.network.facts import read_facts

    facts = read_facts(view.store, element, view.valid)
    lines = concentration_series(facts, stage, since=since, newest=not series)
    tables = concentration_tables(lines, facts.symbol, series=series)
    content = {"element": facts.symbol, "series": series, "lines": concentration_dict(lines)}
    csv = [concentration_csv(lines)]
    write_tables_out(view, csv if fmt == "csv" else tables, fmt, content=content)
