"""Records into yearly sums: files are read by an engine, summed, and named as the tables do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cache, partial
from itertools import groupby
from operator import add, itemgetter
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from monazite.core.errors import (
    Fault,
    FaultyTablesError,
    NotKnownError,
    UnknownNameError,
    UnreadableError,
)
from monazite.core.formats import counted, escaped, grouped, in_brief, one_or_many
from monazite.data.bounds import ROWS
from monazite.data.customs import record_files
from monazite.data.customs.engine import DuckDbEngine, duckdb_engine
from monazite.data.customs.record_files import (
    ColumnFile,
    KnownNames,
    find_columns,
    fold,
    fold_system,
    hash_of_all,
    hashed_beside,
    names_system,
    read_choices,
    read_names,
    unread_values,
)
from monazite.data.customs.trade_sums import LeftOut, RecordSum, TradeSums
from monazite.data.customs.yearly_sums import (
    CHECKED,
    FAULTS,
    FIRMS,
    KEYS,
    SUMMED,
    count_faults,
    count_months,
    is_faulty,
    sum_records,
)
from monazite.data.declared import Param, declared

COLUMNS = (*KEYS, *FIRMS, *SUMMED)  # of a sum; blank where the records have no such column
_NUMBERS = len(KEYS) + len(FIRMS)
_LEFT_OUT = 100_000  # names that are listed; what is more is refused, since nobody reads it


class GatheredSums:
    """Sums by the ids of the tables, and what has none."""

    def __init__(self, names: KnownNames, system: str) -> None:
        self._names, self._system = names, system
        self.count = 0
        self.years: set[int] = set()
        self._sums: dict[tuple[str, str, str, int, str, str], list[int]] = {}  # firms last
        self._left: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self._codes = cache(self._code)
        self._countries = cache(names.country)
        self._firm = cache(self._folded)
        self._spelled: dict[str, str] = {}

    def take(self, found: Sequence[Any]) -> None:
        """Add a sum of the engine."""
        system, code, exporter, importer, year, *firms = found[:_NUMBERS]
        numbers = [*map(int, found[_NUMBERS:])]
        self.count += numbers[0]
        self.years.add(year)
        good = self._codes(code or "", system or "")
        seller, buyer = (self._countries(name or "") for name in (exporter, importer))
        if good is None:
            self._leave("no code of ours", f"{system or ''} {code or ''}", numbers)
        elif seller is None or buyer is None:
            name = exporter if seller is None else importer
            self._leave("no country of ours", name or "", numbers)
        elif seller == buyer:
            self._leave("a country with itself", seller, numbers)
        else:
            key = (good, seller, buyer, year, *map(self._firm, firms))
            held = self._sums.setdefault(key, numbers)
            if held is not numbers:
                held[:] = map(add, held, numbers)
            elif len(self._sums) > ROWS:
                raise NotKnownError(
                    f"The records have more than {grouped(ROWS)} sums, which are more rows than "
                    "are read; sum fewer years or codes at once."
                )

    def knows_code_of(self, found: Sequence[Any]) -> bool:
        """Tell whether the code of a sum is one of the tables."""
        return self._codes(found[1] or "", found[0] or "") is not None

    def _code(self, text: str, system: str) -> str | None:
        folded = system or self._system
        if not folded and text and not names_system(text, self._names):
            raise UnknownNameError(
                f'The code "{escaped(text)}" names no nomenclature, and codes of two editions '
                "are not the same goods: say which it is, such as --system hs2022 "
                f"({self._names.systems})."
            )
        return self._names.code(text, fold_system(folded))

    def _folded(self, name: str | None) -> str:
        """A firm as names are compared; of its spellings the first by the alphabet is shown."""
        shown = " ".join((name or "").split())
        folded = fold(shown)
        self._spelled[folded] = min(shown, self._spelled.get(folded, shown))
        return folded

    def _leave(self, why: str, name: str, numbers: Sequence[int]) -> None:
        left = self._left[why, name.strip()]
        left[:] = map(add, left, numbers[:2])
        if len(self._left) > _LEFT_OUT:
            raise NotKnownError(
                f"More than {grouped(_LEFT_OUT)} codes and countries are not known, the last of "
                f'them "{escaped(name.strip())}"; name other columns with --column.'
            )

    def sums(self, months: Mapping[int, tuple[int, ...]]) -> tuple[RecordSum, ...]:
        """Return the sums, sorted."""
        found = []
        for (code, exporter, importer, year, seller, buyer), numbers in sorted(self._sums.items()):
            count, grams, weighed, cents, valued = numbers
            own = count, grams, weighed, cents, valued
            firms = self._spelled[seller], self._spelled[buyer], months.get(year, ())
            found.append(RecordSum(code, exporter, importer, year, *own, *firms))
        return tuple(found)

    def left_out(self) -> tuple[LeftOut, ...]:
        """Return what stands in no sum, most records first."""
        found = (LeftOut(*why, *counted) for why, counted in self._left.items())
        return tuple(sorted(found, key=lambda each: (-each.count, each.why, each.name)))


def _check_codes(files: Iterable[ColumnFile], columns: Mapping[Path, Mapping[str, str]]) -> None:
    """Refuse codes that are numbers with a point."""
    for file in files:
        name = columns[file.path]["code"]
        if (kind := file.type_of(name)) in {"FLOAT", "DOUBLE"}:
            raise UnreadableError(
                f'{escaped(str(file.path))}: the column "{in_brief(name, 80)}" holds codes as '
                f"{kind}, which keeps neither leading zeros nor all digits; write codes as text."
            )


_SHOWN = 3
_FEW = 100_000  # records that are looked at first for the months that they name
_MANY = 50_000  # sums that are taken as they come


Frames: TypeAlias = list[tuple[Any, Mapping[str, str]]]  # with the headers of their columns


@declared
def aggregate_trade(
    files: Annotated[
        str | Sequence[str],
        Param(
            "CSV or Parquet: a pattern in quotes, files, or a folder of them.",
            metavar="FILES",
            position=True,
            several=True,
        ),
    ],
    *,
    system: Annotated[
        str | None,
        Param(
            "Nomenclature of codes that name none: hs2022, htsus, cn-china or eu-cn.",
            metavar="NAME",
        ),
    ] = None,
    columns: Annotated[
        Sequence[str],
        Param(
            "A header that is not found by itself; may be repeated. Names: code, exporter, "
            "importer, date, kg, usd, seller, buyer, system.",
            metavar="NAME=HEADER",
            option="column",
            several=True,
        ),
    ] = (),
    publisher: Annotated[
        str, Param("Who the source of the sums is said to be.", metavar="TEXT")
    ] = "own records",
    whole_years: Annotated[
        bool, Param("Take years as whole though some of their months have no records.")
    ] = False,
) -> TradeSums:
    """Sum customs records or bills of lading to yearly trade, as tables for --data and check.

    A record says code, exporter, importer, date and kilograms; dollars and both firms where it
    has them. Records with a negative weight or no date are refused, and what no table names is
    listed. A year without records in some month counts as these months, and in no year.

    Example: monazite trade aggregate 'records/*.parquet' --system hs2022 -o own

    Returns:
        The sums, the same by firms where the records name both, and what stands in no sum.

    Raises:
        UnreadableError: a file cannot be read, or is no file of records.
        FaultyTablesError: records say what cannot be; each file with how many.
        UnknownNameError: there is no such column or nomenclature, or codes name none.
        NotKnownError: no record has a code and countries of the tables, or there are too many sums.
        NotInstalledError: the extra is not installed.

    >>> import monazite
    >>> monazite.aggregate_trade("nowhere/*.parquet")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    monazite.core.errors.UnreadableError: "nowhere/*.parquet" names no file; name files that end ...
    """
    chosen = read_choices(columns)
    names = read_names()
    given = names.check_system(system)
    patterns = [files] if isinstance(files, str) else files
    found = record_files.find_files(patterns)
    with ExitStack() as opened:
        hashes = opened.enter_context(hashed_beside(found))
        engine = opened.enter_context(duckdb_engine())
        run = _Run(engine, record_files.read_headers(found, engine.columns_of), chosen)
        _check_codes(run.files, run.columns)
        pairs = _gather(run, names, given)
        firms = GatheredSums(names, given)
        if run.has_firms:
            for row in run.sums((*KEYS, *FIRMS)):
                firms.take(row)
        parts = run.months(pairs.years)
        run.hashes = hashes()
    if not pairs.count:
        raise NotKnownError("The files have columns of records, and no record; name others.")
    told, left = {} if whole_years else parts, pairs.left_out()
    sums, own_firms = pairs.sums(told), firms.sums(told)
    if not sums:
        most = ""
        if left:
            most = f' The most, {grouped(left[0].count)}, have "{escaped(left[0].name)}".'
        raise NotKnownError(
            f"Of {counted(pairs.count, 'record')} none has a code and two countries of ours.{most}"
        )
    whole = hash_of_all(run.hashes)
    return TradeSums(
        source=f"records-{whole[:12]}",
        files=tuple(file.name for file in found),
        sha256=whole,
        publisher=publisher,
        count=pairs.count,
        sums=sums,
        firms=tuple(each for each in own_firms if each.seller and each.buyer),
        left_out=left,
        notes=(
            *record_files.passed_over(patterns, found),
            *_of_months(parts, whole=whole_years),
            *_notes(run, sums, own_firms),
        ),
    )


def _gather(run: _Run, names: KnownNames, system: str) -> GatheredSums:
    """Return the sums by names of the tables; where there are many, of the codes of ours alone.

    Customs records of all goods have millions of sums, nearly all of codes that no table has: once
    many come, records are counted by code first, and only those that are ours are summed.
    """
    pairs = GatheredSums(names, system)
    for at, row in enumerate(run.sums(KEYS)):
        if at == _MANY:
            break
        pairs.take(row)
    else:
        return pairs
    pairs = GatheredSums(names, system)
    for row in run.sums(("system", "code", "year")):
        if pairs.knows_code_of(row):
            run.only.add(row[COLUMNS.index("code")])
        else:
            pairs.take(row)
    for row in run.sums(KEYS) if run.only else ():
        if pairs.knows_code_of(row):  # the others were taken
            pairs.take(row)
    return pairs


class _Run:
    """The files of one run, read by an engine."""

    def __init__(
        self, engine: DuckDbEngine, files: Sequence[ColumnFile], chosen: Mapping[str, str]
    ) -> None:
        self.engine = engine
        self.files = sorted(files, key=lambda file: (file.form, file.path))
        self.columns = {file.path: find_columns(file.path, file.columns, chosen) for file in files}
        each_has = [{*columns} for columns in self.columns.values()]
        for name in ("seller", "buyer", "system", "usd"):
            if 0 < sum(name in has for has in each_has) < len(each_has):
                having = next(file.name for file, has in self.columns.items() if name in has)
                lacking = next(file.name for file, has in self.columns.items() if name not in has)
                raise UnreadableError(
                    f"{escaped(having)} has a column {name} and {escaped(lacking)} has none; sum "
                    "them in two runs."
                )
        self.hashes: Mapping[Path, str] = {}
        self.only: set[str] = set()
        self.has_firms = each_has[0] >= {*FIRMS}

    def sums(self, by: tuple[str, ...]) -> Iterator[Sequence[Any]]:
        """Yield the sums as ``COLUMNS`` names them, none of them where records are faulty."""
        has_system = any("system" in columns for columns in self.columns.values())
        by = tuple(name for name in by if name != "system" or has_system)
        names = (*by, *SUMMED, *CHECKED)
        arranged = itemgetter(*(names.index(x) if x in names else len(names) for x in COLUMNS))
        checked = itemgetter(*map(names.index, ("year", "grams", "cents", *CHECKED)))
        for row in self._rows(lambda frames: sum_records(frames, by, sorted(self.only))):
            if is_faulty(*checked(row)):
                if faults := [*self._faults()]:
                    raise FaultyTablesError(faults)
                raise NotKnownError(
                    "A sum is above nine thousand million tonnes, or ninety million million "
                    "dollars; is the column of the weights one of kilograms?"
                )
            yield arranged((*row, ""))

    def _rows(self, work: Callable[[Frames], Any]) -> Iterator[Sequence[Any]]:
        """Yield the rows of a work on all files: a frame for each form."""
        try:
            frames: Frames = [
                (self.engine.frame(files), self.columns[files[0].path])
                for _, group in groupby(self.files, key=lambda file: file.form)
                for files in [list(group)]
            ]
            yield from self.engine.rows(work(frames))
        except UnreadableError:
            self._refuse_unread(work)
            raise

    def _refuse_unread(self, work: Callable[[Frames], Any]) -> None:
        """Refuse the first file that cannot be worked on alone, by its name."""
        for file in self.files:
            try:
                made = work([(self.engine.frame([file]), self.columns[file.path])])
            except UnreadableError as error:
                raise UnreadableError(f"{escaped(str(file.path))}: {error}") from None
            for _ in self.engine.rows(made, file.path):
                pass

    def months(self, years: Collection[int]) -> dict[int, tuple[int, ...]]:
        """Return the months with records, of each year that has not some in all of them.

        A year of which a record names no month is passed over: nobody knows. A few records come
        first: where they have all months of all years, the others are not looked at.
        """
        parts: dict[int, tuple[int, ...]] = {}
        for most in (_FEW, None):
            found: dict[int, set[int | None]] = {year: set() for year in sorted(years)}
            for year, month, _ in self._rows(partial(count_months, most=most)):
                found[year].add(month)
            whole = [year for year, months in found.items() if None in months or len(months) == 12]
            parts = {
                year: tuple(sorted(filter(None, months)))
                for year, months in found.items()
                if year not in whole
            }
            if not parts:
                break
        return parts

    def _faults(self) -> Iterator[Fault]:
        for file in self.files:
            names, frame = count_faults(self.engine.frame([file]), self.columns[file.path])
            ((*counts, records),) = self.engine.rows(frame)
            for name, count in zip(names, counts, strict=True):
                if count:
                    have = one_or_many(count, "has", "have")
                    said = (
                        f"{grouped(count)} of its {counted(records, 'record')} {have} "
                        f"{FAULTS[name]}"
                    )
                    yield Fault(str(file.path), 0, said, "mend these records, or take them out")


def _of_months(parts: Mapping[int, tuple[int, ...]], *, whole: bool) -> Iterator[str]:
    """Say which years are not whole, or are taken as whole."""
    for year, months in [*parts.items()][:_SHOWN]:
        lacking = [f"{month:02}" for month in range(1, 13) if month not in months]
        named = f"month{'s' if len(lacking) > 1 else ''} {', '.join(lacking)}"
        yield f"{year} has no records of {named}{', and is taken as whole' if whole else ''}."
    if len(parts) > _SHOWN:
        hidden = counted(len(parts) - _SHOWN, "other year lacks", "other years lack")
        yield f"{hidden} months too."
    if parts and not whole:
        yield (
            "Such sums stand for the months with records, and count in no year. If nothing moved "
            "in the others, take --whole-years."
        )


def _notes(run: _Run, sums: Sequence[RecordSum], firms: Sequence[RecordSum]) -> Iterator[str]:
    for one, other in [*record_files.same_files(run.hashes)][:_SHOWN]:
        yield f"{one.name} and {other.name} have the same bytes; both are counted."
    for file in run.files[:1]:
        for header in unread_values(file.columns, run.columns[file.path]):
            yield (
                f'"{escaped(header)}" names no currency and is not read; if it is dollars, take '
                f'--column "usd={escaped(header)}".'
            )
    if light := sum(not each.is_whole for each in sums):
        told = counted(light, "sum has", "sums have")
        yield f"{told} records without a weight: the tonnes there are a lower bound."
    unnamed = sum(each.count for each in firms if not (each.seller and each.buyer))
    if unnamed:
        told = counted(unnamed, "record names", "records name")
        stand = one_or_many(unnamed, "stands", "stand")
        yield f"{told} no seller or no buyer and {stand} in no pair of firms."
