"""Records: one solution of a named query, its texts read as what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from monazite.errors import QueryError
from monazite.result import Frozen

_FLAGS = {"true": True, "false": False, "": False}


class QueryRecord(Frozen[str, str]):
    """The short texts of one solution by column; a column without a value is an empty text.

    >>> record = QueryRecord({"row": "row/capacity/a", "year": "2024", "low": "", "total": "true"})
    >>> record.row(), record.year(), record.maybe_number("low"), record.flag("total")
    ('capacity/a', 2024, None, True)
    >>> record.number("low")
    Traceback (most recent call last):
    monazite.errors.QueryError: The column "low" of a query gives "", which is not a number.
    """

    def __init__(self, texts: Mapping[str, str], query: str = "") -> None:
        super().__init__(texts)
        self.query = query
        """The name of the query, for the sentence of an error."""

    def text(self, name: str) -> str:
        """Return the text of a column.

        Raises:
            QueryError: the query has no such column.
        """
        return self[name]

    def row(self, name: str = "row") -> str:
        """Return the key of a row, ``table/key``; an empty text where there is none.

        Raises:
            QueryError: the query has no such column.
        """
        return self[name].removeprefix("row/")

    def number(self, name: str) -> float:
        """Return a number.

        Raises:
            QueryError: there is no such column, or its text is no number.
        """
        try:
            return float(self[name])
        except ValueError:
            self._fail(name, "a number")

    def maybe_number(self, name: str) -> float | None:
        """Return a number, or None where the text is empty.

        Raises:
            QueryError: there is no such column, or its text is neither empty nor a number.
        """
        return self.number(name) if self[name] else None

    def integer(self, name: str) -> int:
        """Return a whole number.

        Raises:
            QueryError: there is no such column, or its text is no whole number.
        """
        try:
            return int(self[name])
        except ValueError:
            self._fail(name, "a whole number")

    def maybe_integer(self, name: str) -> int | None:
        """Return a whole number, or None where the text is empty.

        Raises:
            QueryError: there is no such column, or its text is neither empty nor a whole number.
        """
        return self.integer(name) if self[name] else None

    def year(self, name: str = "year") -> int:
        """Return a year.

        Raises:
            QueryError: there is no such column, or its text is no year.
        """
        return self.integer(name)

    def flag(self, name: str) -> bool:
        """Return whether a column says ``true``; ``false`` and an empty text say no.

        Raises:
            QueryError: there is no such column, or it says something else.
        """
        if self[name] not in _FLAGS:
            self._fail(name, "true or false")
        return _FLAGS[self[name]]

    def beside(self, **texts: str) -> QueryRecord:
        """Return the record with other texts in some columns."""
        return QueryRecord({**self, **texts}, self.query)

    def __missing__(self, name: str) -> NoReturn:
        known = ", ".join(self)
        raise QueryError(f'{self._name} has no column "{name}"; its columns are {known}.')

    def __reduce__(self) -> tuple[type, tuple[dict[str, str], str]]:  # type: ignore[override]
        return QueryRecord, (dict(self), self.query)

    @property
    def _name(self) -> str:
        return f"The query {self.query}" if self.query else "A query"

    def _fail(self, name: str, what: str) -> NoReturn:
        of = f"the query {self.query}" if self.query else "a query"
        raise QueryError(f'The column "{name}" of {of} gives "{self[name]}", which is not {what}.')
