"""The child process in which a reader's query runs: it is told of the view as one JSON word."""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from pathlib import Path

from monazite.errors import MonaziteError, QueryError
from monazite.rows.filters import Filters
from monazite.triples.answers import write_answer
from monazite.triples.store import open_store


def main(words: list[str]) -> int:
    """Read the query from stdin, write its result to stdout."""
    told = json.loads(words[0])
    warnings.simplefilter("ignore")  # stderr is for the error
    try:
        store = open_store(
            Path(told["ontology"]),
            data=Path(told["data"]) if told["data"] else None,
            filters=Filters(**{**told["filters"], "without": tuple(told["filters"]["without"])}),
            cache=told["cache"],
        )
        if told["reason"]:
            from monazite.triples.reason import reason

            store = reason(store, Path(told["ontology"]), valid=told["reason"]).store
        _limit_memory(told["memory"])
        query = sys.stdin.buffer.read().decode()
        written = store.attempt(
            lambda: write_answer(store.answer(query), told["format"], told["rows"])
        )
        sys.stdout.buffer.write(written)
    except (MonaziteError, RuntimeError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except MemoryError:
        sys.stderr.write(f"{QueryError('The query took too much memory; narrow it.')}\n")
        return 2
    return 0


def _limit_memory(memory: int) -> None:
    """Bound the address space, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
