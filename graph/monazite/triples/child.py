"""The child process in which a reader's query runs: ``ontology format cache rows memory``."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from monazite.errors import MonaziteError, QueryError
from monazite.triples.answers import write_answer
from monazite.triples.store import open_store


def main(words: list[str]) -> int:
    """Read the query from stdin, write its result to stdout."""
    ontology, fmt, cache, rows, memory = words
    try:
        store = open_store(Path(ontology), cache=cache == "1")
        _limit_memory(int(memory))
        query = sys.stdin.buffer.read().decode()
        sys.stdout.buffer.write(write_answer(store.answer(query), fmt, int(rows)))
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
