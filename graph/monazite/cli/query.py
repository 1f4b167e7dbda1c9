"""``monazite query``: named questions and the reader's own SPARQL."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import replace
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
)
from monazite.errors import UnknownNameError

if TYPE_CHECKING:
    from monazite.triples.answers import Answer
    from monazite.triples.guard import Limits
    from monazite.view import View

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
        float, typer.Option(min=0.1, help="Seconds a query of your own may take.")
    ] = 30.0,
    max_rows: Annotated[
        int, typer.Option(min=1, help="Rows a query of your own may give.")
    ] = 100_000,
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
    if re.fullmatch(r"[a-z0-9-]*[a-z0-9][a-z0-9-]*", question):
        from monazite.triples.queries import read_query

        read_query(question)  # an unknown name needs no store
        view = options.open()
        view = view.reason() if reason else view
        content = _write(view.query(question, **given), fmt, view)
    else:
        text = _own_query(question)
        view = replace(options.open(), reasoned=reason)  # the child applies the rules
        text = _bound(question, text, view, given)
        from monazite.triples.guard import Limits

        limits = Limits(seconds=timeout, rows=max_rows)
        content = _run_own(text, fmt, view, limits, cache=not options.no_cache)
    if isinstance(content, bytes):
        from monazite.triples.answers import record_view

        content = record_view(content, fmt, view.describe())
    write_out(content, output)
    if fmt in {"csv", "tsv"}:
        say(view.line())


def _parameters(words: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UnknownNameError(f'"{word}" is no parameter; write --param name=value.')
        given[name.strip()] = value.strip()
    return given


def _write(answer: Answer, fmt: str, view: View) -> str | bytes:
    from monazite.triples.answers import write_table

    if fmt in {"table", "markdown"}:
        return _tables(answer.variables, answer.texts(), fmt, view)
    if fmt == "turtle":
        raise UnknownNameError("A named query gives a table; take table, json, csv or markdown.")
    return write_table(answer, fmt)


def _tables(columns: Sequence[str], rows: list[list[str]], fmt: str, view: View) -> str:
    from monazite.tables import Table, write_tables

    table = Table("", tuple(columns), rows)
    return write_tables([table], fmt, width=terminal_width(), view=view.line())


def _own_query(question: str) -> str:
    from monazite.triples.queries import read_text

    if question == "-" and sys.stdin.isatty():
        raise UnknownNameError("Name a query (monazite query --list), a file, or pipe one in.")
    text = sys.stdin.read() if question == "-" else read_text(Path(question))
    if not text.strip():
        raise UnknownNameError("There is no query on stdin; name one, or see monazite query --list")
    return text


def _bound(question: str, text: str, view: View, given: dict[str, str]) -> str:
    from monazite.triples.guard import check_query
    from monazite.triples.queries import parse_query

    if given:
        text = parse_query(Path(question).stem, text).bound(view.store, given)
    check_query(text)
    return text


def _run_own(text: str, fmt: str, view: View, limits: Limits, *, cache: bool) -> str | bytes:
    from monazite.triples.answers import read_table
    from monazite.triples.guard import run_guarded

    view.store.wait()  # the child opens what is built here, outside the time limit
    wanted = "json" if fmt in {"table", "markdown"} else fmt
    found = run_guarded(
        text,
        wanted,
        view.ontology,
        data=view.data,
        filters=view.filters,
        reason=view.valid if view.reasoned else None,
        cache=cache,
        limits=limits,
    )
    return found if wanted == fmt else _tables(*read_table(found), fmt, view)


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
