"""The sums of records, as one expression of columns.

Each weight is brought to whole grams and each value to whole cents, record by record. Sums of
these below 2 to the 53rd are exact: they do not depend on the order of the records. A number below
zero counts as that bound itself: what is below zero or no number is never taken for a sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from monazite.core.errors import NotInstalledError, UnreadableError

if TYPE_CHECKING:
    import narwhals as nw

KEYS = ("system", "code", "exporter", "importer", "year")
FIRMS = ("seller", "buyer")
SUMMED = ("records", "grams", "weighed", "cents", "valued")
CHECKED = ("unread",)
FAULTS = {
    "light": "a weight below zero",
    "no_weight": "a weight that is no number of kilograms",
    "low": "a value below zero",
    "no_value": "a value that is no number of dollars",
    "no_year": "a date that is no year, month or day, such as 2024, 2024-05 or 2024-05-17",
}
_NUMBERS = ("kg", "usd")
_GRAMS, _CENTS = 1_000, 100
_CHECKED = (("light", "no_weight", "kg", _GRAMS), ("low", "no_value", "usd", _CENTS))
YEARS = range(1800, 2200)
LARGEST = 2**53  # grams or cents of a sum, below which whole numbers in binary are exact
_NUMBER = r"^ *-?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{1,2})? *$"
_CENTURY = "(18|19|20|21)"
_LEAP = f"({_CENTURY}(0[48]|[2468][048]|[13579][26])|2000)"
_TIME = "(T[0-9]{2}.*| [0-9]{1,2}:[0-9]{2}.*|Z|[-+][0-9]{2}:[0-9]{2})?"


def _dates(mark: str, nought: str) -> str:
    """A pattern of months, and of days that there are, with a mark between their numbers."""
    year, day = f"{_CENTURY}[0-9]{{2}}{mark}", f"{mark}({nought}[1-9]|[12][0-9]"
    return (
        f"{year}({nought}[1-9]|1[0-2])|({year}({nought}[13578]|1[02]){day}|3[01])"
        f"|{year}({nought}[469]|11){day}|30)|{year}{nought}2{mark}({nought}[1-9]|1[0-9]|2[0-8])"
        f"|{_LEAP}{mark}{nought}2{mark}29){_TIME}"
    )


_YEAR = f"^{_CENTURY}[0-9]{{2}}([.]0)? *$"
_DATE = f"^({_CENTURY}[0-9]{{2}}([.]0)?|{_dates('', '0')}|{_dates('[-/.]', '0?')}) *$"
_MONTHS = (
    (r"^[0-9]{4}[-/.](0[1-9]|1[0-2])([^0-9].*)?$", 5, 2),
    (r"^[0-9]{4}(0[1-9]|1[0-2])([0-9]{2})?([^0-9].*)?$", 4, 2),
    (r"^[0-9]{4}[-/.][1-9]([^0-9].*)?$", 5, 1),
)
"""Dates that name a month; where its digits begin, and how many they are."""


def sum_records(
    frames: Iterable[tuple[Any, Mapping[str, str]]],
    by: tuple[str, ...] = KEYS,
    codes: Sequence[str] = (),
) -> Any:  # noqa: ANN401 - a frame of the engine
    """Return the sums of records by some of their columns, as a lazy frame."""
    nw = _narwhals()
    told = [(nw.from_native(frame), columns) for frame, columns in frames]
    if codes:
        told = [
            (frame.filter(nw.col(columns["code"]).cast(nw.String).is_in([*codes])), columns)
            for frame, columns in told
        ]
    texts = any(_is_text(frame, columns.get(name)) for frame, columns in told for name in _NUMBERS)
    parts = [_records(frame, columns, by, texts=texts) for frame, columns in told]
    whole = parts[0] if len(parts) == 1 else nw.concat(parts, how="vertical")
    sums = whole.group_by(*by).agg(
        records=nw.len(),
        grams=nw.col("grams").sum(),
        weighed=nw.col("grams").count(),
        cents=nw.col("cents").sum(),
        valued=nw.col("cents").count(),
        **({"unread": nw.col("unread").sum()} if texts else {}),
    )
    unread = nw.col("unread") if texts else nw.lit(0)
    return sums.select(*by, *SUMMED, unread=unread).to_native()


def count_months(frames: Iterable[tuple[Any, Mapping[str, str]]], most: int | None = None) -> Any:  # noqa: ANN401 - a frame of the engine
    """Return how many records there are of each year and month, as a frame not worked out yet."""
    nw = _narwhals()
    parts = []
    for frame, columns in frames:
        told = nw.from_native(frame)
        header = columns["date"]
        parts.append(told.select(year=_year(told, header)[0], month=_month(told, header)))
    whole = parts[0] if len(parts) == 1 else nw.concat(parts, how="vertical")
    whole = whole if most is None else whole.head(most)
    return whole.group_by("year", "month").agg(records=nw.len()).to_native()


def is_faulty(year: int | None, grams: float, cents: float, unread: int) -> bool:
    """Tell whether a sum has a record that cannot be: it is not what it seems then."""
    whole = grams < LARGEST and cents < LARGEST  # what is no number is not below
    return not whole or bool(unread) or year not in YEARS


def count_faults(frame: object, columns: Mapping[str, str]) -> tuple[tuple[str, ...], Any]:
    """Return names of ``FAULTS``, and a frame of one row: how many records have each, and all."""
    nw = _narwhals()
    told = nw.from_native(frame)
    flags: dict[str, Any] = {}
    for below, no_number, name, units in _CHECKED:
        if name in columns:
            number, is_there = _number(told, columns[name])
            flags[below] = is_there & (number < 0)
            flags[no_number] = is_there & (number.is_null() | (number >= LARGEST / units))
    year, is_year = _year(told, columns["date"])
    flags["no_year"] = year.is_null() | ~is_year
    counts = {name: _one_where(each).sum() for name, each in flags.items()}
    return tuple(flags), told.select(**counts, records=nw.len()).to_native()


def _records(
    frame: nw.LazyFrame[Any], columns: Mapping[str, str], by: tuple[str, ...], *, texts: bool
) -> nw.LazyFrame[Any]:
    nw = _narwhals()
    keys = {name: nw.col(columns[name]).cast(nw.String) for name in by if name != "year"}
    nothing = nw.lit(None, nw.Float64)
    numbers = {
        name: _number(frame, columns[name])[0] if name in columns else nothing for name in _NUMBERS
    }
    said = [_is_stated(frame, columns.get(name)) for name in _NUMBERS] if texts else []
    told = frame.select(
        **keys,
        year=_year(frame, columns["date"])[0],
        **numbers,
        **({"said": said[0] + said[1]} if texts else {}),
    )
    kg, usd = (nw.col(name) for name in _NUMBERS)
    read = sum(_one_where(~nw.col(name).is_null()) for name in _NUMBERS)
    return told.select(
        *keys,
        "year",
        grams=_whole(kg, _GRAMS, nw.when(usd > 0).then(nw.lit(None, nw.Float64)).otherwise(kg)),
        cents=_whole(usd, _CENTS, usd),
        **({"unread": nw.col("said") - read} if texts else {}),
    )


def _whole(number: Any, units: int, nothing: Any) -> Any:  # noqa: ANN401 - an expression
    """A number in whole units; one below zero, or no number, is more than any sum may be.

    What most records say comes first, so that the rest takes no time. To the engine what
    is no number is larger than all numbers.
    """
    nw = _narwhals()
    whole = (number * units + 0.5).floor()
    cannot_be = (number < 0) | (number >= LARGEST / units)
    rest = nw.when(cannot_be).then(nw.lit(float(LARGEST))).otherwise(nothing)
    return nw.when((number > 0) & (number < LARGEST / units)).then(whole).otherwise(rest)


def _one_where(flag: Any) -> Any:  # noqa: ANN401 - an expression
    """1 where a flag holds, else 0."""
    nw = _narwhals()
    return nw.when(flag).then(nw.lit(1)).otherwise(nw.lit(0))


def _is_text(frame: nw.LazyFrame[Any], header: str | None) -> bool:
    return header is not None and not frame.collect_schema()[header].is_numeric()


def _is_stated(frame: nw.LazyFrame[Any], header: str | None) -> Any:  # noqa: ANN401 - an expression
    """Whether a column says anything, be it no number: 1 or 0."""
    nw = _narwhals()
    if header is None:
        return nw.lit(0)
    column = nw.col(header)
    blank = column == "" if _is_text(frame, header) else column.is_null()
    return _one_where(~(column.is_null() | blank))


def _number(frame: nw.LazyFrame[Any], header: str) -> tuple[nw.Expr, nw.Expr]:
    """A column as numbers, null where a text is none; and whether a record says anything there."""
    nw = _narwhals()
    column, kind = nw.col(header), frame.collect_schema()[header]
    if kind.is_numeric():
        return column.cast(nw.Float64), ~column.is_null()
    if kind != nw.String:
        raise UnreadableError(f'The column "{header}" holds no numbers.')
    text = nw.when(column.str.contains(_NUMBER)).then(column)
    return text.cast(nw.Float64), ~column.is_null() & (column != "")


def _year(frame: nw.LazyFrame[Any], header: str) -> tuple[nw.Expr, nw.Expr]:
    """The year of a date, null where there is none; and whether it is a year of records."""
    nw = _narwhals()
    column, kind = nw.col(header), frame.collect_schema()[header]
    if kind.is_temporal() and kind != nw.Duration and kind != nw.Time:
        year = column.dt.year().cast(nw.Int64)
    elif kind.is_numeric() or kind == nw.String:
        text = column.cast(nw.String)
        pattern = _YEAR if kind.is_float() else _DATE  # to a number, 2024.10 is 2024.1
        year = nw.when(text.str.contains(pattern)).then(text.str.slice(0, 4)).cast(nw.Int64)
    else:
        raise UnreadableError(f'The column "{header}" holds no dates.')
    return year, (year >= YEARS.start) & (year < YEARS.stop)


def _month(frame: nw.LazyFrame[Any], header: str) -> Any:  # noqa: ANN401 - an expression
    """The month of a date, null where it names none; the column is one of dates."""
    nw = _narwhals()
    column, kind = nw.col(header), frame.collect_schema()[header]
    if kind.is_temporal():
        return column.dt.month().cast(nw.Int64)
    text = column.cast(nw.String)
    found = nw.lit(None, nw.String)
    for pattern, begin, digits in _MONTHS:
        found = (
            nw.when(text.str.contains(pattern)).then(text.str.slice(begin, digits)).otherwise(found)
        )
    return found.cast(nw.Int64)


def _narwhals() -> Any:  # noqa: ANN401 - a module that may be missing
    try:
        import narwhals
    except ImportError:
        raise NotInstalledError(
            "Records are summed with the package narwhals: pip install 'monazite[trade]'."
        ) from None
    return narwhals
