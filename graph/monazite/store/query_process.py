"""A reader's own query, run in a child process that has limits and no network.

The engine has no time limit of its own, and answers ``SERVICE`` by a request of its own. Two
walls stand before that: the text is judged and rewritten (:mod:`monazite.store.sparql_text`),
and the child that runs it has no network (:mod:`monazite.core.limited_process`).
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from monazite.core.errors import LimitError, QueryError, did_you_mean
from monazite.core.limited_process import Finished, Limits, limit_memory, run_limited, serve
from monazite.data.filters import Filters
from monazite.store.answers import write_answer
from monazite.store.opening import open_store
from monazite.store.prefixes import preset_prefixes
from monazite.store.sparql_text import JudgedQuery, judge
from monazite.store.store import Store

_PREFIXED = re.compile(r"([\w.-]*):[^\s:]*$")
"""A name with its prefix, at the end of a text."""
_PLACE = re.compile(r"error at (\d+):(\d+)")


def run_guarded(
    text: str,
    ontology: Path,
    *,
    data: Path | None = None,
    filters: Filters | None = None,
    reason: str | None = None,
    cache: bool,
    rows: int,
    limits: Limits,
) -> Finished:
    """Judge and run a query in a child process."""
    task = {
        "ontology": str(ontology),
        "data": str(data) if data else None,
        "filters": asdict(filters or Filters()),
        "reason": reason,
        "cache": cache,
        "rows": rows,
    }
    try:
        sent = text.encode()
    except UnicodeEncodeError:
        raise QueryError("The query holds half of a character; write it as UTF-8.") from None
    try:
        return run_limited(
            "monazite.store.query_process",
            task,
            sent,
            limits,
            what="query",
            too_slow="narrow it, or allow more time",
            too_big="narrow it",
        )
    except LimitError as error:
        raise QueryError(str(error)) from None


def answer(task: dict[str, Any], sent: bytes) -> bytes:
    """Judge the query that was sent, and write its answer from the view of its task."""
    warnings.simplefilter("ignore")  # stderr is for the error
    query = judge(sent.decode())
    prefixes = preset_prefixes(Path(task["ontology"]))
    store = _open(task)
    limit_memory(task["memory"])
    try:
        return store.attempt(lambda: write_answer(store.answer(query.text, prefixes), task["rows"]))
    except QueryError as error:
        raise in_the_readers_words(error, query, prefixes) from None
    except OSError as error:
        if "os error 13" in str(error):  # the wall holds, whatever was let through before
            raise QueryError("The query would reach out, which none may.") from None
        raise


def _open(task: dict[str, Any]) -> Store:
    store = open_store(
        Path(task["ontology"]),
        data=Path(task["data"]) if task["data"] else None,
        filters=Filters(**{**task["filters"], "without": tuple(task["filters"]["without"])}),
        cache=task["cache"],
    )
    if task["reason"]:
        from monazite.store.derived_triples import reason

        store = reason(store, Path(task["ontology"]), valid=task["reason"]).store
    return store


def in_the_readers_words(
    error: QueryError, query: JudgedQuery, prefixes: Mapping[str, str]
) -> QueryError:
    """Say where a fault stands in the text as it was written."""
    place = _PLACE.search(str(error))
    if place is None or int(place[1]) != 1:
        return error
    column = int(place[2])
    used = _PREFIXED.search(query.text[: column - 1])
    if "Prefix not found" in str(error) and used:
        fix = did_you_mean(used[1], prefixes) or "monazite query --prefixes lists those that are."
        return QueryError(f'No prefix "{used[1]}" is declared or preset; {fix}')
    return QueryError(f"The query cannot be parsed: {query.where(column)}.")


if __name__ == "__main__":
    sys.exit(serve(answer))
