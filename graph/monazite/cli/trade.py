"""``monazite trade``: customs records or bills of lading, summed into tables of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import FORMATS, FormatOfReport, choose_format, say, write_result
from monazite.cli.completion import complete_word
from monazite.cli.options import Full
from monazite.errors import UnknownNameError, did_you_mean
from monazite.safe_text import counted, escaped

_ACTIONS = ("aggregate",)
_ENGINES = ("duckdb", "spark")


def trade(
    action: Annotated[
        str,
        typer.Argument(
            metavar="aggregate",
            help="Sum records by code, exporter, importer and year.",
            autocompletion=complete_word(lambda: _ACTIONS),
        ),
    ],
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES",
            help="CSV or Parquet: a pattern in quotes, files, or a folder of them.",
        ),
    ],
    engine: Annotated[
        str,
        typer.Option(
            metavar="ENGINE",
            help="duckdb, in this process; or spark, on a cluster.",
            autocompletion=complete_word(lambda: _ENGINES),
        ),
    ] = "duckdb",
    master: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Address of the Spark cluster; default: its own settings, or this machine.",
        ),
    ] = None,
    system: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Nomenclature of codes that name none: hs2022, htsus, cn-china or eu-cn.",
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="NAME=HEADER",
            help="A header that is not found by itself; may be repeated. Names: code, exporter, "
            "importer, date, kg, usd, seller, buyer, system.",
        ),
    ] = None,
    publisher: Annotated[
        str, typer.Option(metavar="TEXT", help="Who the source of the sums is said to be.")
    ] = "own records",
    whole_years: Annotated[
        bool,
        typer.Option(
            "--whole-years",
            help="Take years as whole though some of their months have no records.",
        ),
    ] = False,
    fmt: FormatOfReport = "table",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR|-",
            help="New folder for the sums as tables of your own, for --data; - is stdout.",
        ),
    ] = None,
    full: Full = False,
) -> None:
    """Sum customs records or bills of lading to yearly trade, as tables for --data and check.

    A record says code, exporter, importer, date and kilograms; dollars and both firms where it
    has them. Records with a negative weight or no date are refused, and what no table names is
    listed. A year without records in some month counts as these months, and in no year. Both
    engines give the same numbers.

    Example: monazite trade aggregate 'records/*.parquet' --system hs2022 -o own
    """
    choose_format(fmt, *FORMATS)
    if action not in _ACTIONS:
        fix = did_you_mean(action, _ACTIONS) or 'write "aggregate" and the files.'
        raise UnknownNameError(f'trade cannot "{escaped(action)}"; {fix}')
    from monazite import aggregate_trade
    from monazite.customs.own_tables import write_sums
    from monazite.folders import check_new_folder

    folder = None if output is None or str(output) == "-" else output
    if folder is not None:
        check_new_folder(folder)
    found = aggregate_trade(
        files,
        engine=engine,
        master=master,
        system=system,
        columns=columns or (),
        publisher=publisher,
        whole_years=whole_years,
    )
    if folder is not None:
        rows = write_sums(found, folder)
    write_result(found, fmt, None, full=full)
    if folder is not None:
        say(
            f"{escaped(str(folder))}: {counted(rows, 'row')}; monazite check {escaped(str(folder))}"
        )
