"""Records into yearly sums: files are read by an engine, summed, and named as the tables do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import groupby
from typing import Any, Protocol

from monazite.columnar.duckdb_engine import DuckDbEngine, duckdb_engine
from monazite.columnar.record_file import ColumnFile
from monazite.columnar.spark_engine import spark_engine
from monazite.customs.columns import find_columns, read_choices, unread_values
from monazite.customs.names import KnownNames, fold_system, names_system, read_names
from monazite.customs.record_files import (
    find_files,
    hash_of_all,
    hashes_of,
    read_headers,
    same_files,
)
from monazite.customs.trade_sums import LeftOut, RecordSum, TradeSums, plural
from monazite.customs.yearly_sums import (
    CHECKED,
    FAULTS,
    FIRMS,
    KEYS,
    SUMMED,
    count_faults,
    is_faulty,
    sum_records,
)
from monazite.errors import (
    Fault,
    FaultyTablesError,
    NotKnownError,
    UnknownNameError,
    UnreadableError,
    did_you_mean,
)
from monazite.rows.bounds import ROWS
from monazite.safe_text import escaped
from monazite.shipped import ontology_folder

ENGINES = ("duckdb", "spark")
PUBLISHER = "own records"
_MEND = "mend these records, or take them out"
_LEFT_OUT = 100_000
"""Names that are listed; what is more is refused, since nobody reads it."""
_SHOWN = 3


class Engine(Protocol):
    """What reads files as frames, and works frames out."""

    def frame(self, files: Sequence[ColumnFile]) -> Any:  # noqa: ANN401 - a frame of the engine
        """Return files of one form as one frame."""

    def rows(self, frame: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - a frame of the engine
        """Yield the rows of a frame."""


def aggregate_trade(
    files: str | Sequence[str],
    *,
    engine: str = "duckdb",
    master: str | None = None,
    system: str | None = None,
    columns: Sequence[str] = (),
    publisher: str = PUBLISHER,
) -> TradeSums:
    """Sum customs records or bills of lading by code, exporter, importer and year.

    One expression of columns is worked out by DuckDB in this process, or by Spark on a cluster;
    the numbers are the same, since whole grams and cents are added. The records stay where they
    are. Nothing is converted but kilograms to tonnes, and what is no weight, value or date is
    refused with the number of such records in each file.

    Args:
        files: of records, CSV or Parquet; patterns such as ``records/*.parquet``, or folders.
        engine: duckdb or spark.
        master: address of the Spark cluster; its own settings, else this machine, if None.
        system: the nomenclature of codes that name none, such as hs2022.
        columns: headers that are none of the usual, each as ``NAME=HEADER``.
        publisher: who the source of the sums is said to be.

    Returns:
        The sums, the same by firms where the records name both, and what stands in no sum.

    Raises:
        UnreadableError: a file cannot be read, or is no file of records.
        FaultyTablesError: records say what cannot be; each file with how many.
        UnknownNameError: there is no such engine, column or nomenclature, or codes name none.
        NotKnownError: no record has a code and countries of the tables, or there are too many sums.
        NotInstalledError: the extra is not installed.

    >>> aggregate_trade("nowhere/*.parquet")
    Traceback (most recent call last):
    monazite.errors.UnreadableError: "nowhere/*.parquet" names no file; name files that end in ...
    """
    chosen = read_choices(columns)
    names = _names()
    given = names.check_system(system)
    _check_engine(engine, master)
    found = find_files([files] if isinstance(files, str) else files)
    with ExitStack() as opened:
        duckdb = opened.enter_context(duckdb_engine())
        run = _Run(duckdb, read_headers(found, duckdb.columns_of), chosen)
        if engine == "spark":
            run.engine = opened.enter_context(spark_engine(master))
        pairs = _Gathered(names, given)
        for row in run.sums(KEYS):
            pairs.take(row)
        firms = _Gathered(names, given, FIRMS)
        if run.has_firms:
            for row in run.sums((*KEYS, *FIRMS)):
                firms.take(row)
    return _result(found, run, pairs, firms, publisher)


@cache
def _names() -> KnownNames:
    return read_names(ontology_folder() / "tables")


def _check_engine(engine: str, master: str | None) -> None:
    if engine not in ENGINES:
        fix = did_you_mean(engine, ENGINES) or f"engines are {' and '.join(ENGINES)}."
        raise UnknownNameError(f'There is no engine "{engine}"; {fix}')
    if master is not None and engine != "spark":
        raise UnknownNameError("--master is the address of a cluster: take --engine spark too.")


class _Run:
    """The files of one run, read by an engine."""

    def __init__(
        self, engine: DuckDbEngine, files: Sequence[ColumnFile], chosen: Mapping[str, str]
    ) -> None:
        self.engine: Engine = engine
        self.files = sorted(files, key=lambda file: (file.form, file.path))
        self.columns = {
            file.path: find_columns(escaped(str(file.path)), file.columns, chosen) for file in files
        }
        each_has = [{*columns} for columns in self.columns.values()]
        for name in ("seller", "buyer", "system", "usd"):
            if 0 < sum(name in has for has in each_has) < len(each_has):
                self._refuse_some(name)
        self.has_firms = each_has[0] >= {*FIRMS}

    def _refuse_some(self, name: str) -> None:
        having = next(file.name for file, has in self.columns.items() if name in has)
        lacking = next(file.name for file, has in self.columns.items() if name not in has)
        raise UnreadableError(
            f"{escaped(having)} has a column {name} and {escaped(lacking)} has none; sum them in "
            "two runs."
        )

    def sums(self, by: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """Yield the sums by name, none of them where records are faulty.

        Raises:
            FaultyTablesError: they are.
            NotKnownError: none is, and a sum is too large to be exact.
        """
        frames = [
            (self.engine.frame(files), self.columns[files[0].path])
            for _, group in groupby(self.files, key=lambda file: file.form)
            for files in [list(group)]
        ]
        by = tuple(name for name in by if name != "system" or name in frames[0][1])
        names = (*by, *SUMMED, *CHECKED)
        for row in self.engine.rows(sum_records(frames, by)):
            found = dict(zip(names, row, strict=True))
            if is_faulty(found):
                if faults := [*self._faults()]:
                    raise FaultyTablesError(faults)
                raise NotKnownError(
                    "A sum is above nine thousand million tonnes, or ninety million million "
                    "dollars; is the column of the weights one of kilograms?"
                )
            yield found

    def _faults(self) -> Iterator[Fault]:
        for file in self.files:
            names, frame = count_faults(self.engine.frame([file]), self.columns[file.path])
            ((*counts, records),) = self.engine.rows(frame)
            for name, count in zip(names, counts, strict=True):
                if count:
                    said = f"{count:,} of its {records:,} records have {FAULTS[name]}"
                    yield Fault(str(file.path), 0, said, _MEND)


class _Gathered:
    """Sums by the ids of the tables, and what has none."""

    def __init__(self, names: KnownNames, system: str, also: tuple[str, ...] = ()) -> None:
        self._names, self._system, self._also = names, system, also
        self.count = 0
        self._sums: dict[tuple[Any, ...], list[int]] = {}
        self._left: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self._codes = cache(self._code)
        self._countries = cache(names.country)

    def take(self, found: Mapping[str, Any]) -> None:
        """Add a sum of the engine."""
        numbers = [int(found[name]) for name in SUMMED]
        self.count += numbers[0]
        code = self._codes(found["code"] or "", found.get("system") or "")
        seller = self._countries(found["exporter"] or "")
        buyer = self._countries(found["importer"] or "")
        if code is None or seller is None or buyer is None or seller == buyer:
            self._leave(found, (code, seller, buyer), numbers)
            return
        firms = (" ".join((found[name] or "").split()) for name in self._also)
        key = (code, seller, buyer, found["year"], *firms)
        if key in self._sums:
            self._sums[key] = [a + b for a, b in zip(self._sums[key], numbers, strict=True)]
            return
        self._sums[key] = numbers
        if len(self._sums) > ROWS:
            raise NotKnownError(
                f"The records have more than {ROWS:,} sums, which are more rows than are read; "
                "sum fewer years or codes at once."
            )

    def _code(self, text: str, system: str) -> str | None:
        folded = system or self._system
        if not folded and text and not names_system(text, self._names):
            raise UnknownNameError(
                f'The code "{escaped(text)}" names no nomenclature, and codes of two editions '
                "are not the same goods: say which it is, such as --system hs2022 "
                f"({', '.join(self._names.systems)})."
            )
        return self._names.code(text, fold_system(folded))

    def _leave(
        self,
        found: Mapping[str, Any],
        ids: tuple[str | None, str | None, str | None],
        numbers: Sequence[int],
    ) -> None:
        code, exporter, importer = ids
        if code is None:
            why = ("no code of ours", f"{found.get('system') or ''} {found['code'] or ''}".strip())
        elif exporter is None or importer is None:
            name = found["exporter"] if exporter is None else found["importer"]
            why = ("no country of ours", (name or "").strip())
        else:
            why = ("a country with itself", exporter)
        left = self._left[why]
        left[0] += numbers[0]
        left[1] += numbers[1]
        if len(self._left) > _LEFT_OUT:
            raise NotKnownError(
                f"More than {_LEFT_OUT:,} codes and countries are not known, the last of them "
                f'"{escaped(why[1])}"; name other columns with --column.'
            )

    def sums(self) -> tuple[RecordSum, ...]:
        """Return the sums, sorted."""
        return tuple(RecordSum(*key[:4], *self._sums[key], *key[4:]) for key in sorted(self._sums))

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return what stands in no sum, most records first."""
        found = (LeftOut(*why, *counted) for why, counted in self._left.items())
        return tuple(sorted(found, key=lambda each: (-each.count, each.why, each.name)))


def _result(
    files: Sequence[Any], run: _Run, pairs: _Gathered, firms: _Gathered, publisher: str
) -> TradeSums:
    sums = pairs.sums()
    if not sums:
        left = pairs.left_out()
        most = f' The most, {left[0].count:,}, have "{escaped(left[0].name)}".' if left else ""
        raise NotKnownError(
            f"None of {pairs.count:,} records has a code and two countries of ours.{most}"
        )
    hashes = hashes_of(files)
    whole = hash_of_all(hashes)
    return TradeSums(
        source=f"records-{whole[:12]}",
        files=tuple(file.name for file in files),
        sha256=whole,
        publisher=publisher,
        count=pairs.count,
        sums=sums,
        firms=tuple(each for each in firms.sums() if each.seller and each.buyer),
        left_out=pairs.left_out(),
        notes=tuple(_notes(run, hashes, sums, firms)),
    )


def _notes(
    run: _Run, hashes: Mapping[Any, str], sums: Sequence[RecordSum], firms: _Gathered
) -> Iterator[str]:
    for one, other in [*same_files(hashes)][:_SHOWN]:
        yield f"{one.name} and {other.name} have the same bytes; both are counted."
    for file in run.files[:1]:
        for header in unread_values(file.columns, run.columns[file.path]):
            yield (
                f'"{escaped(header)}" names no currency and is not read; if it is dollars, take '
                f'--column "usd={escaped(header)}".'
            )
    if light := sum(not each.is_whole for each in sums):
        told = plural(light, "sum has", "sums have")
        yield f"{told} records without a weight: the tonnes there are a lower bound."
    unnamed = sum(each.count for each in firms.sums() if not (each.seller and each.buyer))
    if unnamed:
        told = plural(unnamed, "record names", "records name")
        yield f"{told} no seller or no buyer and stand in no pair of firms."
