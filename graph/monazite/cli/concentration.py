"""``monazite concentration``: who holds a stage, and how that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.common import (
    Format,
    ViewOptions,
    choose_format,
    with_view,
    write_tables_out,
)
from monazite.cli.options import Element
from monazite.errors import UnknownNameError

if TYPE_CHECKING:
    from monazite.network.facts import Facts
    from monazite.view import View


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
    indices: Annotated[
        bool, typer.Option("--indices", help="The indices that people quote, with their inputs.")
    ] = False,
    importer: Annotated[
        str,
        typer.Option("--market", "-m", metavar="COUNTRY", help="Whose imports GeoPolRisk counts."),
    ] = "USA",
    fmt: Format = "table",
) -> None:
    """Print shares, the three largest and the HHI of each stage; TREO is all rare earths together.

    What each share was divided by, the basis and the series stand beside it; years whose rows
    do not add have no index and say why.

    Example: monazite concentration -e TREO --stage mine --series

    Example: monazite concentration -e Dy --stage mine --indices

    --indices adds HHI weighted by governance, EU, USGS and GeoPolRisk supply risks, N-1 and the
    EU limit of 65 %; what has no rows is not known and says for want of what. GeoPolRisk counts
    the imports of the country of --market.
    """
    from monazite.findings.shares.tables import (
        concentration_csv,
        concentration_dict,
        concentration_tables,
    )
    from monazite.tables import FORMATS

    choose_format(fmt, *FORMATS)
    view = options.open()
    from monazite.findings.shares.by_year import concentration_series
    from monazite.network.facts import read_facts

    facts = read_facts(view.store, element, view.valid)
    if indices:
        _write_indices(view, facts, stage, importer, fmt, series=series)
        return
    lines = concentration_series(facts, stage, since=since, newest=not series)
    tables = concentration_tables(lines, facts.symbol, series=series)
    content = {"element": facts.symbol, "series": series, "lines": concentration_dict(lines)}
    csv = [concentration_csv(lines)]
    write_tables_out(view, csv if fmt == "csv" else tables, fmt, content=content)


def _write_indices(
    view: View, facts: Facts, stage: str | None, importer: str, fmt: str, *, series: bool
) -> None:
    if series:
        raise UnknownNameError(
            "--indices are of the newest year; leave --series, or ask an earlier day with --valid."
        )
    from monazite.findings.indices.by_stage import find_indices
    from monazite.findings.indices.tables import quoted_csv, quoted_dict, quoted_tables
    from monazite.triples.names import find_entity

    place = find_entity(view.store, importer, "Country", what="market")
    lines = find_indices(facts, stage, market=place.id)
    tables = [quoted_csv(lines)] if fmt == "csv" else quoted_tables(lines, facts.symbol)
    content = {"element": facts.symbol, "market": place.id, "indices": quoted_dict(lines)}
    write_tables_out(view, tables, fmt, content=content)
