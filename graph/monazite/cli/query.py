"""``monazite query``: named questions and the reader's own SPARQL."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    NoCache,
    choose_format,
    open_view,
    terminal_width,
    write_out,
)
from monazite.errors import UnknownNameError

_FORMATS = ("table", "json", "csv", "tsv", "markdown", "turtle")


def query(
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
        float, typer.Option(min=0.1, help="Seconds a query of your own may take.")
    ] = 30.0,
    max_rows: Annotated[
        int, typer.Option(min=1, help="Rows a query of your own may give.")
    ] = 100_000,
    no_cache: NoCache = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write instead of stdout.")
    ] = None,
) -> None:
    """Ask the graph: a named query, a SPARQL file, or SPARQL from stdin.

    Example: monazite query policies-in-force --param date=2025-06-11
    """
    choose_format(fmt, *_FORMATS)
    if list_them:
        write_out(_list(fmt), output)
        return
    given = _parameters(param or [])
    if re.fullmatch(r"[a-z0-9-]*[a-z0-9][a-z0-9-]*", question):
        _answer_named(question, given, fmt, no_cache=no_cache, output=output)
    else:
        text = _own_query(question, given)
        write_out(_run_own(text, fmt, timeout, max_rows, no_cache=no_cache), output)


def _parameters(words: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UnknownNameError(f'"{word}" is no parameter; write --param name=value.')
        given[name.strip()] = value.strip()
    return given


def _answer_named(
    name: str, given: dict[str, str], fmt: str, *, no_cache: bool, output: Path | None
) -> None:
    from monazite.triples.queries import read_query

    read_query(name)  # an unknown name needs no store
    view = open_view(no_cache=no_cache)
    answer = view.query(name, **given)
    write_out(_write(answer, fmt), output)


def _write(answer: object, fmt: str) -> str | bytes:
    from monazite.triples.answers import Answer, write_table

    assert isinstance(answer, Answer)
    if fmt in {"table", "markdown"}:
        from monazite.pages.report import Table, write_tables

        table = Table("", answer.variables, answer.texts())
        return write_tables([table], fmt, width=terminal_width())
    if fmt == "turtle":
        raise UnknownNameError("A named query gives a table; take table, json, csv or markdown.")
    return write_table(answer, fmt)


def _own_query(question: str, given: dict[str, str]) -> str:
    from monazite.triples.guard import check_query
    from monazite.triples.queries import parse_query, read_text

    if question == "-" and sys.stdin.isatty():
        raise UnknownNameError("Name a query (monazite query --list), a file, or pipe one in.")
    text = sys.stdin.read() if question == "-" else read_text(Path(question))
    if not text.strip():
        raise UnknownNameError("There is no query on stdin; name one, or see monazite query --list")
    if given:
        view = open_view()
        text = parse_query(Path(question).stem, text).bound(view.store, given)
    check_query(text)
    return text


def _run_own(text: str, fmt: str, timeout: float, max_rows: int, *, no_cache: bool) -> str | bytes:
    from monazite.shipped import ontology_folder
    from monazite.triples.answers import read_table
    from monazite.triples.guard import Limits, run_guarded

    open_view(no_cache=no_cache)  # builds the store once, outside the time limit
    limits = Limits(seconds=timeout, rows=max_rows)
    wanted = "json" if fmt in {"table", "markdown"} else fmt
    found = run_guarded(text, wanted, ontology_folder(), cache=not no_cache, limits=limits)
    if wanted == fmt:
        return found
    from monazite.pages.report import Table, write_tables

    columns, rows = read_table(found)
    return write_tables([Table("", columns, rows)], fmt, width=terminal_width())


def _list(fmt: str) -> str:
    from monazite.pages.report import Table, to_json, write_tables
    from monazite.triples.answers import csv_lines
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
