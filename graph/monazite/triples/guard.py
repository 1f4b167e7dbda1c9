"""A reader's own query: parsed first, kept from the network, run in a child that can be killed.

The engine has no time limit of its own, and answers ``SERVICE`` by a request of its own; so what
comes from outside is parsed by rdflib, refused if it would reach out, and run in a process.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from monazite.errors import QueryError
from monazite.rows.filters import Filters

SECONDS, ROWS, MEMORY, LONGEST = 30, 100_000, 4 << 30, 300


@dataclass(frozen=True)
class Limits:
    """Wall-clock seconds, rows and bytes a reader's query may take."""

    seconds: float = SECONDS
    rows: int = ROWS
    memory: int = MEMORY


@lru_cache(maxsize=8)
def check_query(text: str) -> str:
    """Refuse a query that is broken, writes, or reaches out.

    Returns:
        Its kind: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        QueryError: with what is wrong and where.

    >>> check_query("SELECT * WHERE { ?s ?p ?o } LIMIT 1")
    'SELECT'
    >>> check_query("SELECT * WHERE { SERVICE <http://a.example/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    monazite.errors.QueryError: SERVICE would send a request; ask that endpoint by itself.
    """
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery, parseUpdate

    try:
        tree = parseQuery(text)
    except ParseBaseException as error:
        with contextlib.suppress(ParseBaseException):
            parseUpdate(text)
            raise QueryError("The store is read-only: ask a query, not an update.") from None
        raise QueryError(
            f"The query cannot be parsed: line {error.lineno}, column {error.column}, "
            f"near {error.line.strip()[:60]!r}."
        ) from None
    except RecursionError:
        raise QueryError("The query is nested too deeply; write it flatter.") from None
    names = _names_in(tree)
    if "ServiceGraphPattern" in names:
        raise QueryError("SERVICE would send a request; ask that endpoint by itself.")
    if "DatasetClause" in names:
        raise QueryError("FROM is not used here: every query sees the union of all graphs.")
    return str(tree[1].name.removesuffix("Query").upper())


def _names_in(tree: object) -> set[str]:
    from rdflib.plugins.sparql.parserutils import CompValue

    names: set[str] = set()
    stack = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, CompValue):
            names.add(part.name)
            stack += part.values()
        elif isinstance(part, (str, bytes)):
            continue
        elif hasattr(part, "__iter__"):
            stack += list(part)
    return names


def run_guarded(
    text: str,
    fmt: str,
    ontology: Path,
    *,
    data: Path | None = None,
    filters: Filters | None = None,
    reason: str | None = None,
    cache: bool,
    limits: Limits,
) -> bytes:
    """Run a checked query in a child process and return its serialised result.

    ``reason`` is the day for which the rules are applied first, None for not at all.

    Raises:
        QueryError: the query fails, takes too long, or gives too many rows.
    """
    told = {
        "ontology": str(ontology),
        "data": str(data) if data else None,
        "filters": asdict(filters or Filters()),
        "reason": reason,
        "cache": cache,
        "format": fmt,
        "rows": limits.rows,
        "memory": limits.memory,
    }
    command = [sys.executable, "-m", "monazite.triples.query_process", json.dumps(told)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, words we made
            command, input=text.encode(), capture_output=True, timeout=limits.seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise QueryError(
            f"The query was stopped after {limits.seconds:g} seconds; narrow it or raise --timeout."
        ) from None
    if done.returncode == 0:
        return done.stdout
    said = " ".join(done.stderr.decode(errors="replace").split())
    if done.returncode == 2 and "Prefix not found" in said:
        raise QueryError("The query uses a prefix that no PREFIX line declares; declare it.")
    if done.returncode == 2 and said:
        raise QueryError(said if len(said) <= LONGEST else f"{said[:LONGEST]} ...")
    raise QueryError(
        f"The query took more than {limits.memory >> 30} GiB of memory, or broke off; narrow it."
    )
