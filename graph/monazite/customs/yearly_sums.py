"""The sums of records, as one expression of columns that any engine works out.

Each weight is brought to whole grams and each value to whole cents, record by record, by the same
steps of binary arithmetic in every engine: from then on whole numbers are added, whose sum does
not depend on how the records are parted or in which order they come.

It is the room of narwhals, which says an expression once for DuckDB and for Spark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from monazite.errors import NotInstalledError, UnreadableError

if TYPE_CHECKING:
    import narwhals as nw

KEYS = ("system", "code", "exporter", "importer", "year")
FIRMS = ("seller", "buyer")
SUMMED = ("records", "grams", "weighed", "cents", "valued")
FAULTS = {
    "light": "a weight below zero",
    "no_weight": "a weight that is no number of kilograms",
    "low": "a value below zero",
    "no_value": "a value that is no number of dollars",
    "no_year": "a date that does not begin with a year",
}
"""What may be wrong with a record, by the name of its count."""
WRONG = "wrong"
_GRAMS, _CENTS = 1_000, 100
_MOST = 1e12
"""Kilograms and dollars of one record: from here on whole numbers of grams are no longer exact."""
_NUMBER = r"^ *-?[0-9]+([.][0-9]*)?([eE][-+]?[0-9]{1,2})? *$"
_YEAR = r"^(18|19|20|21)[0-9][0-9]([^0-9].*|[0-9]{2}|[0-9]{4})?$"


def sum_records(frames: Iterable[tuple[Any, Mapping[str, str]]], by: tuple[str, ...] = KEYS) -> Any:  # noqa: ANN401 - a frame of the engine
    """Return the sums of records by some of their columns, as a frame that is not worked out yet.

    Args:
        frames: of the engine, each with the headers of its columns.
        by: names of columns, and ``year``.

    Raises:
        NotInstalledError: the extra is not installed.
        UnreadableError: a column cannot be what it is taken for.

    Returns:
        A frame with ``by``, the sums of ``SUMMED``, and how many records are ``WRONG``.
    """
    nw = _narwhals()
    parts = [_records(nw.from_native(frame), columns, by) for frame, columns in frames]
    whole = parts[0] if len(parts) == 1 else nw.concat(parts, how="vertical")
    return (
        whole.group_by(*by)
        .agg(
            records=nw.len(),
            grams=nw.col("grams").sum(),
            weighed=nw.col("grams").count(),
            cents=nw.col("cents").sum(),
            valued=nw.col("cents").count(),
            wrong=nw.col(WRONG).sum(),
        )
        .to_native()
    )


def count_faults(frame: object, columns: Mapping[str, str]) -> tuple[tuple[str, ...], Any]:
    """Return names of ``FAULTS``, and a frame of one row: how many records have each, and all."""
    nw = _narwhals()
    told = nw.from_native(frame)
    flags = _fault_flags(told, columns)
    counts = {
        name: nw.when(each).then(nw.lit(1)).otherwise(nw.lit(0)).sum()
        for name, each in flags.items()
    }
    return tuple(flags), told.select(**counts, records=nw.len()).to_native()


def _records(
    frame: nw.LazyFrame[Any], columns: Mapping[str, str], by: tuple[str, ...]
) -> nw.LazyFrame[Any]:
    nw = _narwhals()
    flags = _fault_flags(frame, columns)
    wrong = nw.lit(0)
    for flag in flags.values():
        wrong = nw.when(flag).then(nw.lit(1)).otherwise(wrong)
    texts = {
        name: nw.col(columns[name]).cast(nw.String) if name in columns else nw.lit(None, nw.String)
        for name in by
        if name != "year"
    }
    return frame.select(
        **texts,
        year=_year(frame, columns["date"])[0],
        grams=_whole(frame, columns.get("kg"), _GRAMS),
        cents=_whole(frame, columns.get("usd"), _CENTS),
        wrong=wrong,
    )


def _fault_flags(frame: nw.LazyFrame[Any], columns: Mapping[str, str]) -> dict[str, nw.Expr]:
    flags = {}
    for below, no_number, name in (("light", "no_weight", "kg"), ("low", "no_value", "usd")):
        if name in columns:
            number, is_there = _number(frame, columns[name])
            flags[below] = is_there & (number < 0)
            flags[no_number] = is_there & (number.is_null() | (number >= _MOST))
    year, is_year = _year(frame, columns["date"])
    flags["no_year"] = year.is_null() | ~is_year
    return flags


def _whole(frame: nw.LazyFrame[Any], header: str | None, units: int) -> Any:  # noqa: ANN401 - an expression
    """A number in whole units, a half upwards; null where there is none."""
    nw = _narwhals()
    if header is None:
        return nw.lit(None, nw.Int64)
    number, _ = _number(frame, header)
    fits = (number >= 0) & (number < _MOST)
    return (nw.when(fits).then(number) * units + 0.5).floor().cast(nw.Int64)


def _number(frame: nw.LazyFrame[Any], header: str) -> tuple[nw.Expr, nw.Expr]:
    """A column as numbers, null where a text is none; and whether a record says anything there."""
    nw = _narwhals()
    column, kind = nw.col(header), frame.collect_schema()[header]
    if kind.is_numeric():
        return column.cast(nw.Float64), ~column.is_null()
    if kind != nw.String:
        raise UnreadableError(f'The column "{header}" holds no numbers ({kind}).')
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
        year = nw.when(text.str.contains(_YEAR)).then(text.str.slice(0, 4)).cast(nw.Int64)
    else:
        raise UnreadableError(f'The column "{header}" holds no dates ({kind}).')
    return year, (year >= 1800) & (year < 2200)


def _narwhals() -> Any:  # noqa: ANN401 - a module that may be missing
    try:
        import narwhals
    except ImportError:
        raise NotInstalledError(
            "Records are summed with the package narwhals: pip install 'monazite[trade]'."
        ) from None
    return narwhals
