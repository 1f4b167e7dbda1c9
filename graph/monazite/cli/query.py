"""``monazite query``: named questions and the reader's own SPARQL."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.common import (
    Output,
    ViewOptions,
    choose_format,
    say,
    terminal_width,
    with_view,
    write_out,
    write_result,
)
from monazite.errors import QueryError, UnknownNameError
from monazite.parameters import MAX_ROWS, ROW_COUNTS, TIMEOUT, TIMEOUTS

if TYPE_CHECKING:
    from monazite.triples.queries import NamedQuery

_FORMATS = ("table", "json", "csv", "tsv", "markdown", "turtle")


@with_view
def query(
    options: ViewOptions,
    question: Annotated[
        str, typer.Argument(metavar="NAME|FILE.rq|-", help="A named query, a file, or - for stdin.")
    ] = "-",
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter; may be repeated."),
    ] = None,
    fmt: Annotated[
        str,
        typer.Option(
            "--format", "-f", help="table, json (SPARQL results), csv, tsv, markdown or turtle."
        ),
    ] = "table",
    list_them: Annotated[
        bool, typer.Option("--list", "-l", help="List the named queries and their parameters.")
    ] = False,
    timeout: Annotated[
        float,
        typer.Option(
            min=TIMEOUTS.low, max=TIMEOUTS.high, help="Seconds a query of your own may take."
        ),
    ] = TIMEOUT,
    max_rows: Annotated[
        int, typer.Option(min=ROW_COUNTS.low, help="Rows a query of your own may give.")
    ] = MAX_ROWS,
    reason: Annotated[
        bool,
        typer.Option(
            "--reason", help="Add what the rules infer: places, kinds of plants, parents, supply."
        ),
    ] = False,
    output: Output = None,
) -> None:
    """Ask the graph: a named query, a SPARQL file, or SPARQL from stdin.

    Example: monazite query policies-in-force --param date=2025-06-11
    """
    choose_format(fmt, *_FORMATS)
    if list_them:
        write_out(_list(fmt), output)
        return
    given = _parameters(param or [])
    asked = _question(question, fmt)
    found = options.open().query(
        asked, reason=reason, timeout=timeout, max_rows=max_rows, parameters=given
    )
    for note in found.notes:
        say(note)
    if fmt == "turtle":
        write_out(found.to_turtle(), output)
    elif fmt == "tsv":
        write_out(found.to_tsv(), output)
        say("" if found.view is None else found.view.text)
    else:
        write_result(found, fmt, output)


def _parameters(words: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UnknownNameError(f'"{word}" is no parameter; write --param name=value.')
        given[name.strip()] = value.strip()
    return given


def _question(question: str, fmt: str) -> str | NamedQuery:
    """What is asked; a wrong name, file or format is told before the store is opened."""
    from monazite.triples.queries import NAME, parse_query, read_query

    if NAME.fullmatch(question):
        read_query(question)
        if fmt == "turtle":
            raise UnknownNameError(
                "A named query gives a table; take table, json, csv or markdown."
            )
        return question
    text = _own_query(question)
    _check_format(text, fmt)
    return parse_query("stdin" if question == "-" else Path(question).stem, text)


def _check_format(text: str, fmt: str) -> None:
    from monazite.triples.sparql_text import kind_of

    gives_triples = kind_of(text) in {"CONSTRUCT", "DESCRIBE"}
    if gives_triples and fmt != "turtle":
        raise QueryError("CONSTRUCT and DESCRIBE give triples; take --format turtle.")
    if fmt == "turtle" and not gives_triples:
        raise QueryError("Turtle is for CONSTRUCT and DESCRIBE; take json, csv or tsv.")


def _own_query(question: str) -> str:
    from monazite.triples.queries import read_text

    if question == "-" and (sys.stdin is None or sys.stdin.isatty()):
        raise UnknownNameError("Name a query (monazite query --list), a file, or pipe one in.")
    text = read_text(sys.stdin.buffer if question == "-" else Path(question))
    if not text.strip():
        raise UnknownNameError("There is no query on stdin; name one, or see monazite query --list")
    return text


def _list(fmt: str) -> str:
    from monazite.tables import Table, csv_lines, to_json, write_tables
    from monazite.triples.queries import read_queries

    queries = sorted(read_queries().values(), key=lambda found: (found.group, found.name))
    rows = [
        [
            found.group,
            found.name,
            found.title,
            ", ".join(
                f"{p.name}{'' if p.optional or p.default else '!'}:{p.type}"
                for p in found.parameters
            ),
        ]
        for found in queries
    ]
    columns = ("group", "name", "title", "parameters")
    if fmt == "json":
        return to_json([dict(zip(columns, row, strict=True)) for row in rows])
    if fmt in {"csv", "tsv"}:
        return "".join(csv_lines(columns, rows))
    return write_tables([Table("", columns, rows)], fmt, width=terminal_width())
