"""What the numbers of rows are that are not measured, asked of the rows that somebody looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from monazite.result import Frozen
from monazite.rows.iris import BASE
from monazite.triples.cards import figure_words
from monazite.triples.queries import ask_of_rows
from monazite.triples.store import Store

_LONG = frozenset({"trade"})
"""Tables in which a reader's own yearly sums stand, by the million: their rows are asked alone, all
of another table at once."""


class RowMarks(Mapping[str, str]):
    """What the numbers of rows are, by the key of the row; a row that was measured is no key.

    A finding looks at a few hundred rows, of a dozen tables, and the store may hold millions.

    >>> from monazite.triples.opening import open_store
    >>> marks = RowMarks(open_store())
    >>> marks["monthly/chn-deu-magnet-exports-2024-05"], "baci/mmr-chn-2846.90-2024" in marks
    ('derived', False)
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[str, str] = {}
        self._asked: set[str] = set()

    def __getitem__(self, row: str) -> str:
        self._read([row])
        return self._found[row]

    def __iter__(self) -> Iterator[str]:
        self._take("row-marks", None)
        return iter(self._found.copy())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def of(self, rows: Iterable[str]) -> Frozen[str, str]:
        """Return the marks of some rows, which are asked for together."""
        wanted = dict.fromkeys(rows)
        self._read(wanted)
        return Frozen({row: self._found[row] for row in wanted if row in self._found})

    def _read(self, rows: Iterable[str]) -> None:
        alone = []
        for row in rows:
            table = row.partition("/")[0]
            if self._asked.isdisjoint((row, table)):
                if table in _LONG:
                    alone.append(row)
                else:
                    self._read_beside(row, table)
        if alone:
            self._asked.update(alone)
            self._take("row-marks", alone)

    def _read_beside(self, row: str, table: str) -> None:
        """Read the marks of a table: of what it has of, one of its rows knows."""
        self._asked.add(row)
        if self._take("row-marks-beside", [row]) or self._store.quads_of([f"{BASE}row/{row}"]):
            self._asked.add(table)

    def _take(self, question: str, rows: list[str] | None) -> bool:
        kinds: dict[str, list[str]] = defaultdict(list)
        wholes: dict[str, str] = {}
        for answer in ask_of_rows(self._store, question, rows):
            kinds[answer.row()].append(answer["kind"])
            wholes[answer.row()] = answer["proxyOf"]
        self._found |= {row: figure_words(found, wholes[row]) for row, found in kinds.items()}
        return bool(kinds)
