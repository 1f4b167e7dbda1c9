"""What every result has in common: rows, assumptions, notes, its view, and how it is shown.

A result is a frozen value: it can be hashed and compared, and holds nothing that can be changed.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    NoReturn,
    Self,
    TypeVar,
    dataclass_transform,
)

from monazite.core.columns import Column, bare_table, table
from monazite.core.contract import WithFields, to_json_value
from monazite.core.errors import NotInstalledError
from monazite.core.formats import NOT_KNOWN
from monazite.core.tables import Table, csv_text, tables_html, to_json, write_tables

if TYPE_CHECKING:
    import pandas as pd


def do_nothing(*_: object) -> None:
    """Be told that a step, or a part, of the work is done."""


Key = TypeVar("Key")
Item = TypeVar("Item")
_PLAIN = {str, int, float, bool, type(None)}  # types of what cannot be changed, or is left as it is


class Frozen(dict[Key, Item]):
    """A dictionary that cannot be changed, and so can be hashed."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a result cannot be changed; make a dict of it first")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type, tuple[dict[Key, Item]]]:
        return Frozen, (dict(self),)


def frozen(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    """Return a value in which dictionaries, lists and sets can no longer be changed."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        items = tuple(map(frozen, value))
        same = kind is tuple and all(map(operator.is_, items, value))
        return value if same else items
    if isinstance(value, Frozen) or not isinstance(value, Mapping | set):
        _PLAIN.add(kind)  # asked once: to ask whether it is a mapping takes long
        return value
    if isinstance(value, Mapping):
        return Frozen({key: frozen(item) for key, item in value.items()})
    return frozenset(value)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
@dataclass(frozen=True, eq=False, repr=False)  # what does not want its own has that of objects
class Struct:
    """A frozen dataclass, as each class made from it is.

    >>> class Amount(Struct):
    ...     tonnes: float
    ...     year: int = 2024
    >>> Amount(3.5)
    Amount(tonnes=3.5, year=2024)
    """

    def __init_subclass__(cls, **options: bool) -> None:
        """Make it a frozen dataclass, with other options of one where they are given."""
        super().__init_subclass__()
        dataclass(frozen=True, **options)(cls)


class Value(Struct):
    """A frozen value whose fields hold nothing that could be changed."""

    def __init_subclass__(cls, **options: bool) -> None:
        """Let ``help()`` tell what fields hold."""
        cls.__doc__ = WithFields(cls.__doc__)  # type: ignore[assignment]
        super().__init_subclass__(**options)

    def __post_init__(self) -> None:
        """Freeze what the fields hold."""
        for name, held in [*self.__dict__.items()]:  # nothing but fields is set so far
            if type(held) not in _PLAIN and (kept := frozen(held)) is not held:
                object.__setattr__(self, name, kept)


class Assumption(Struct):
    """A value nobody has read, used all the same: its row, range and reason."""

    row: str  #: the row, ``table/key``
    text: str  #: what is assumed, in a few words
    value: float | None  #: the number; None where it is not known
    low: float | None  #: the lower end of its range; None where it is not known
    high: float | None  #: the upper end of its range; None where it is not known
    unit: str  #: of the numbers; empty where they are parts of 1
    reason: str  #: why it is taken


class ViewSummary(Value):
    """The view that a result was found in: what repeats it, and what its filters cost."""

    text: str  #: the view in one line, as it ends a table
    record: Mapping[str, object]  #: the same for programs, as ``View.describe()`` gives it

    @property
    def release(self) -> str:
        """The day of the tables."""
        return str(self.record.get("release", ""))


class Result(Value):
    """What a verb of the view returns."""

    records_key: ClassVar[str] = ""
    """The key of ``to_dict()`` under which the records stand, one to a line of a dataframe."""

    _shared: ClassVar = ("view", "assumptions", "notes", "sources")
    """Fields that no result has in its JSON unless it names them."""

    #: the view it was found in; None where a finding was called without one
    view: ViewSummary | None = field(default=None, kw_only=True)
    #: what is assumed, with value, range and reason
    assumptions: tuple[Assumption, ...] = field(default=(), kw_only=True)
    #: what is missing, and what was taken for what
    notes: tuple[str, ...] = field(default=(), kw_only=True)
    #: who says a row that the tables show, in a few words, by row key
    sources: Mapping[str, str] = field(default_factory=Frozen, kw_only=True)

    def __init_subclass__(cls, **options: bool) -> None:
        """Keep the one line of a result: a dataclass would print all that it holds."""
        if "__repr__" not in cls.__dict__:
            cls.__repr__ = Result.__repr__  # type: ignore[method-assign]
        super().__init_subclass__(**options)

    @property
    def row_keys(self) -> tuple[str, ...]:
        """The keys of all rows that the result rests on, ``table/key``, sorted."""
        return rows_in(self)

    @property
    def assumption_rows(self) -> tuple[str, ...]:
        """The rows of what is assumed."""
        return tuple(each.row for each in self.assumptions)

    @property
    def quoted_rows(self) -> tuple[str, ...]:
        """The keys of the rows that its tables name with who says them."""
        return ()

    @property
    def is_tabular(self) -> bool:
        """Whether its text is that of its tables."""
        return type(self).to_text is Result.to_text

    def leading(self, options: str) -> Self:  # noqa: ARG002
        """Return it with the options of a view in the commands that its text leads to."""
        return self

    def content(self) -> dict[str, object]:
        """Return what was found, as JSON has it, without the view."""
        found: dict[str, object] = to_json_value(self)
        return found

    def tables(self) -> list[Table]:
        """Return the tables that a reader sees."""
        raise NotImplementedError

    def short_tables(self) -> list[Table]:
        """Return the tables of the short report."""
        return self.tables()

    def csv_tables(self) -> list[Table]:
        """Return the tables that a program reads: bare numbers, one record to a line."""
        return self.tables()

    def headline(self) -> str:
        """Return what the result is, in a few words."""
        return f"{len(self.records)} {self.records_key or 'records'}"

    @property
    def records(self) -> tuple[Mapping[str, object], ...]:
        """The records as JSON has them, one to a line of a dataframe."""
        found: Any = self.content().get(self.records_key, ())
        return tuple(found)

    def to_dict(self) -> dict[str, object]:
        """Return the result with its view, as ``--format json`` prints it."""
        return {"view": None if self.view is None else dict(self.view.record), **self.content()}

    def to_json(self) -> str:
        """Return the text that ``--format json`` prints."""
        return to_json(self.to_dict())

    def to_csv(self) -> str:
        """Return the text that ``--format csv`` prints."""
        return csv_text(self.csv_tables())

    def sheets(self) -> dict[str, Table]:
        """Return the tables of a workbook by the names of their sheets."""
        from monazite.core.workbook import workbook_sheets

        line = "" if self.view is None else self.view.text
        return workbook_sheets(self.tables(), self.records_key, line)

    def to_xlsx(self) -> bytes:
        """Return the workbook that ``--format xlsx`` writes."""
        from monazite.core.workbook import tables_xlsx

        return tables_xlsx(self.sheets(), "" if self.view is None else self.view.release)

    def to_text(self, fmt: str = "table", *, width: int | None = None, full: bool = False) -> str:
        """Return the tables as text, ``table`` or ``markdown``, ending with the view.

        Args:
            fmt: table or markdown.
            width: columns of the terminal, to which text wraps; nothing wraps if None.
            full: all columns and remarks, and nothing wraps.
        """
        line = "" if self.view is None else self.view.text
        if full:
            return write_tables([table.full() for table in self.tables()], fmt, view=line)
        return write_tables(self.short_tables(), fmt, width=width, view=line)

    def to_dataframe(self) -> pd.DataFrame:
        """Return the records as a pandas dataframe, one to a line."""
        try:
            import pandas as pd
        except ImportError:
            said = "A dataframe needs pandas, which is not installed; pip install pandas."
            raise NotInstalledError(said) from None
        return pd.DataFrame(self.records)

    def __repr__(self) -> str:
        """Say what the result is in a line."""
        return f"<{type(self).__name__} {self.headline()}>"

    def _repr_html_(self) -> str:
        """Return the tables as a notebook shows them."""
        return tables_html(self.tables())


class Listing(Result, Generic[Item]):
    """A result that one counts and goes through: its records, or what ``_items`` names."""

    _items: ClassVar[str] = ""
    _columns: ClassVar[tuple[Column, ...]] = ()  #: of its table, where it declares one
    _bare: ClassVar[str] = ""  #: of its table for programs, as ``bare_table`` takes them

    def __len__(self) -> int:
        return len(getattr(self, self._items or self.records_key))

    def __iter__(self) -> Iterator[Item]:
        return iter(getattr(self, self._items or self.records_key))

    def tables(self) -> list[Table]:
        """Return what it lists as a table."""
        return [table("", self, self._columns, self.notes)]

    def csv_tables(self) -> list[Table]:
        """Return what it lists as a table for programs."""
        return [bare_table(self, self._bare)] if self._bare else self.tables()


def rows_in(value: object) -> tuple[str, ...]:
    """Return the keys of all rows that a value rests on, sorted."""
    return tuple(sorted({*_rows_in(value)}))


def _rows_in(value: object) -> Iterator[str]:
    """The row keys in the fields of a value: ``row``, ``rows``, ``..._row`` and ``..._rows``."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            held = getattr(value, each.name)
            if each.name in {"row", "rows"} or each.name.endswith(("_row", "_rows")):
                yield from _keys_in(held)
            elif each.name not in {"view", "sources"}:
                yield from _rows_in(held)
    elif isinstance(value, Mapping):
        yield from _rows_in(tuple(value.values()))
    elif isinstance(value, list | tuple | frozenset | set):
        for item in value:
            yield from _rows_in(item)


def _keys_in(held: object) -> Iterable[str]:
    """The row keys in a field of rows: a key, keys, or values that have rows of their own."""
    if isinstance(held, str):
        return (held,) if "/" in held else ()
    if isinstance(held, tuple | list | frozenset | set) and all(isinstance(x, str) for x in held):
        return [each for each in held if "/" in each]
    return _rows_in(held)


class NotKnown(Result):
    """The answer of a question of losses where the records do not say what is lost."""

    _json: ClassVar = "element market not_known=why"

    element: str  #: that was asked about; empty where a file names it
    market: str  #: that was asked about; empty where a file names it
    why: str  #: what is not known, and why

    def tables(self) -> list[Table]:
        """Return the sentence, and where shares stand."""
        asked = f"-e {self.element} -m {self.market}"
        known = f"What is known, shares and HHI: monazite chokepoints {asked} --full"
        return [Table(self.why, (), (), (known,) if self.element else ())]

    def csv_tables(self) -> list[Table]:
        """Return the sentence as a table for programs."""
        return [bare_table([self], self._json)]

    def headline(self) -> str:
        """Return that it is not known."""
        return NOT_KNOWN


if TYPE_CHECKING:
    OrNotKnown = Any  # who asks of elements whose use is known need not test for it
else:
    OrNotKnown = NotKnown


class Percentiles(Struct):
    """The median of drawn numbers, and the ends between which nine tenths of them lie."""

    median: float  #: half of the draws lie below
    low: float  #: a twentieth of the draws lies below
    high: float  #: a twentieth of the draws lies above
