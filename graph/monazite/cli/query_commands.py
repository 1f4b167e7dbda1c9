"""``query``, ``mcp`` and ``trade``: ask something of your own."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from monazite.cli import formats
from monazite.cli.common import Full, Output, ViewOptions, cache_for_workers, with_view
from monazite.cli.question_command import with_function
from monazite.cli.writing import say, terminal_width, write_out, write_result
from monazite.core.errors import (
    EndpointError,
    NotInstalledError,
    QueryError,
    UnknownNameError,
    did_you_mean,
)
from monazite.core.formats import counted, escaped
from monazite.core.tables import FORMATS
from monazite.data.parameters import ANSWER_SECONDS

if TYPE_CHECKING:
    from monazite.core.tables import Table
    from monazite.data.customs.trade_sums import TradeSums
    from monazite.store.answers import Answer
    from monazite.store.queries import NamedQuery

_SPARQL = re.compile(r"[{}\n]|^\s*(?:select|ask|construct|describe|prefix|base)\s", re.IGNORECASE)
"""What SPARQL has and a name has not."""
NO_TERMINAL = 80
"""Columns of an answer that no terminal shows."""
_FORMATS = (*FORMATS, "turtle")


@with_function("view.view", "View.query")
def query(
    options: ViewOptions,
    ask: Callable[..., Answer],
    question: Annotated[
        str,
        formats.argument(
            "NAME|SPARQL|FILE.rq|-",
            "A named query, SPARQL in quotes, a file, or - for stdin.",
            formats.complete_question,
        ),
    ] = "-",
    param: Annotated[
        list[str] | None,
        formats.option(
            "--param -p NAME=VALUE", "A parameter; may be repeated.", formats.complete_parameter
        ),
    ] = None,
    fmt: Annotated[
        str,
        formats.to_format(
            "table, json (SPARQL results), csv, tsv, markdown (md), xlsx or turtle.", "turtle"
        ),
    ] = "table",
    records: Annotated[
        bool,
        formats.option(
            "--records", "A record below the other, as where a table is too wide for the terminal."
        ),
    ] = False,
    full: Full = False,
    list_them: Annotated[
        bool, formats.option("--list -l", "List the named queries and their parameters.")
    ] = False,
    prefixes: Annotated[
        bool, formats.option("--prefixes", "List the prefixes that no query need declare.")
    ] = False,
    reason: bool = False,
    endpoint: Annotated[
        str | None,
        formats.option(
            "--endpoint URL", "Send the query as it is to a SPARQL store, and print its answer."
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Print what the graph answers."""
    formats.choose_format(fmt, *_FORMATS, full=full, output=output)
    if list_them or prefixes:
        write_out(_list(fmt, full) if list_them else _prefixes(fmt, full), output)
        return
    given = _parameters(param or [])
    asked = _question(question, fmt)
    if endpoint is not None:
        if given or reason or options.words():
            raise UnknownNameError(
                "--endpoint sends the query as it is; leave out --param, --reason and the options "
                "of the data used."
            )
        found = _answer_elsewhere(endpoint, asked)
    else:
        found = ask(options.open(), asked, parameters=given)
    if fmt == "turtle":
        write_out(found.to_turtle(), output)
    elif fmt == "tsv":
        write_out(found.to_tsv(), output)
        if found.view is not None:
            say(found.view.text)
    elif fmt == "table":
        view = "" if found.view is None else found.view.text
        write_out(_fitted_columns(found.tables(), view, always=records), output)
    else:
        write_result(found, fmt, output, full=full)
    for note in found.notes:
        say(note)


def _answer_elsewhere(address: str, asked: str | NamedQuery) -> Answer:
    """Answer a query by a SPARQL store elsewhere, from the text as it is."""
    from monazite.store.answers import read_answer
    from monazite.store.queries import read_query
    from monazite.store.remote.endpoint import JSON, TURTLE, Endpoint
    from monazite.store.sparql_text import kind_of

    query = read_query(asked) if isinstance(asked, str) else asked
    if query.parameters:
        raise UnknownNameError(
            f"{query.name} has parameters, which only the tables resolve; write SPARQL of your own."
        )
    gives_triples = kind_of(query.text) in {"CONSTRUCT", "DESCRIBE"}
    place = Endpoint(address)
    content = place.query(query.text, TURTLE if gives_triples else JSON).strip()
    if not gives_triples:  # Virtuoso writes a type of an early draft
        content = re.sub(rb'"type"\s*:\s*"typed-literal"', b'"type":"literal"', content)
    try:
        return read_answer(content, query.name)
    except (SyntaxError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise EndpointError(f"{escaped(address)} answers what is no SPARQL result.") from None


def _fitted_columns(tables: Sequence[Table], view: str, *, always: bool) -> str:
    """Tables as they are where they fit the terminal; else a record below the other, none cut."""
    from monazite.core.tables import natural_width, write_records, write_tables

    width = terminal_width() or NO_TERMINAL
    if always or any(natural_width(each) > width for each in tables):
        return write_records(tables, width=width, view=view)
    return write_tables(tables, "table", view=view)


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
    from monazite.store.queries import NAME, parse_query, read_query
    from monazite.store.sparql_text import kind_of

    if NAME.fullmatch(question):
        read_query(question)
        if fmt == "turtle":
            raise UnknownNameError(
                "A named query gives a table; take table, json, csv or markdown."
            )
        return question
    text = _own_query(question)
    gives_triples = kind_of(text) in {"CONSTRUCT", "DESCRIBE"}
    if gives_triples and fmt != "turtle":
        raise QueryError("CONSTRUCT and DESCRIBE give triples; take --format turtle.")
    if fmt == "turtle" and not gives_triples:
        raise QueryError("Turtle is for CONSTRUCT and DESCRIBE; take json, csv or tsv.")
    name = "" if _is_sparql(question) else Path(question).stem
    return parse_query("stdin" if question == "-" else name, text)


def _own_query(question: str) -> str:
    from monazite.store.queries import read_queries, read_text

    if question == "-" and (sys.stdin is None or sys.stdin.isatty()):
        raise UnknownNameError("Name a query (monazite query --list), a file, or pipe one in.")
    if not question.strip():
        raise UnknownNameError("The query is empty; name one, or write SPARQL in quotes.")
    if _is_sparql(question):
        return question
    if question != "-" and _is_no_file(question) and not re.search(r"[./\\]", question):
        words = "-".join(question.casefold().split())
        fix = did_you_mean(words, read_queries()) or "list the queries with: monazite query --list"
        raise UnknownNameError(f'There is no query and no file "{question}"; {fix}')
    text = read_text(sys.stdin.buffer if question == "-" else Path(question))
    if not text.strip():
        raise UnknownNameError("There is no query on stdin; name one, or see monazite query --list")
    return text


def _is_sparql(question: str) -> bool:
    """Tell SPARQL from the name of a file, which has no braces, no two words and no line end."""
    return bool(_SPARQL.search(question)) and _is_no_file(question)


def _is_no_file(question: str) -> bool:
    try:
        return not Path(question).exists()
    except (OSError, ValueError):  # no name that a file can have
        return True


def _prefixes(fmt: str, full: bool) -> str:
    """The preset prefixes, in Turtle as lines to paste."""
    from monazite.core.package import ontology_folder
    from monazite.store.query_process import preset_prefixes

    found = preset_prefixes(ontology_folder())
    if fmt == "turtle":
        return "".join(f"@prefix {name}: <{address}> .\n" for name, address in found.items())
    return _written(("prefix", "address"), [[*pair] for pair in found.items()], fmt, full)


def _list(fmt: str, full: bool) -> str:
    from monazite.store.queries import list_queries

    found = list_queries()
    return _written((*found[0],), [[*each.values()] for each in found], fmt, full)


def _written(columns: tuple[str, ...], rows: list[list[str]], fmt: str, full: bool) -> str:
    from monazite.core.tables import Table, csv_text, to_json, tsv_text, write_tables

    if fmt == "json":
        return to_json([dict(zip(columns, row, strict=True)) for row in rows])
    table = Table("", columns, rows)
    if fmt in {"csv", "tsv"}:
        return csv_text([table]) if fmt == "csv" else tsv_text([table])
    return write_tables([table], fmt, width=None if full else terminal_width())


@with_view
def mcp(
    options: ViewOptions,
    timeout: Annotated[
        float, formats.option("--timeout SECONDS", "Seconds that a question may take.", min=1)
    ] = ANSWER_SECONDS,
) -> None:
    """Offer the questions to an assistant, by the Model Context Protocol on stdin and stdout.

    A client starts it (Claude, VS Code and others: examples/assistant.md). Each answer has its
    records, range, data used, and what is not known. It reads only, uses no network, and ends
    with its client.

    Example: monazite mcp --tier 2
    """
    try:
        from monazite.server.assistants.server import run
    except ImportError:
        raise NotInstalledError(
            "An assistant needs the package mcp: pip install 'monazite[mcp]'."
        ) from None
    from monazite.server.settings import Settings, held_files

    with cache_for_workers(options) as kept:
        view = kept.open()
        view.open_here()  # the worker opens what lies in the cache
        with held_files(view.data) as data:
            run(
                Settings(
                    ontology=view.ontology,
                    data=data,
                    filters=view.filters,
                    seconds=timeout,
                    memory=4 << 30,
                )
            )


_ACTIONS = ("aggregate",)


@with_function("data.customs.aggregation", "aggregate_trade")
def trade(
    ask: Callable[[], TradeSums],
    action: Annotated[
        str,
        formats.argument(
            "aggregate",
            "Sum records by code, exporter, importer and year.",
            formats.complete_word(lambda: _ACTIONS),
        ),
    ],
    fmt: formats.FormatOfReport = "table",
    output: Annotated[
        Path | None,
        formats.option(
            "--output -o DIR|-",
            "New folder for the sums as tables of your own, for --data; - is stdout.",
        ),
    ] = None,
    full: Full = False,
) -> None:
    """Print sums of records, or write them as tables."""
    formats.choose_format(fmt, *FORMATS, full=full)
    if action not in _ACTIONS:
        fix = did_you_mean(action, _ACTIONS) or 'write "aggregate" and the files.'
        raise UnknownNameError(f'trade cannot "{escaped(action)}"; {fix}')
    from monazite.core.files import check_new_folder
    from monazite.data.customs.trade_sums import write_sums

    folder = None if output is None or str(output) == "-" else output
    if folder is not None:
        check_new_folder(folder)
    found = ask()
    if folder is not None:
        rows = write_sums(found, folder)
    write_result(found, fmt, None, full=full)
    if folder is not None:
        say(
            f"{escaped(str(folder))}: {counted(rows, 'row')}; monazite check {escaped(str(folder))}"
        )
