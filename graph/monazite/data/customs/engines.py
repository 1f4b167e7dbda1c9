"""The engines that read records: DuckDB in this process, and Spark on a cluster of machines."""

from __future__ import annotations

import csv
import os
import re
import shutil
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from monazite.core.errors import NotInstalledError, UnreadableError
from monazite.core.formats import escaped, grouped, in_brief
from monazite.data.customs.record_files import CSV, ColumnFile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

MEMORY = "1GB"  # what the engine holds at once; what is more it lays on the disk
_LONGEST = 300
_LINE = re.compile(r"CSV Error on Line: ([0-9]+)")
_TYPES = {"integer": "BIGINT", "text": "VARCHAR"}
_DECIMAL = "DECIMAL(36, 18)"  # all digits that a number of the tables may have
_QUOTES: Any = {"auto_detect": False, "quotechar": '"', "escapechar": '"'}


class DuckDbEngine:
    """An engine in this process, without a database of its own."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection

    def columns_of(self, file: Path) -> Iterator[tuple[str, str]]:
        """Yield names and types of columns as the file has them: a frame renames one of kg, KG."""
        with _duckdb_errors(file):
            _, *nodes = self._connection.execute(
                "SELECT name, num_children, duckdb_type FROM parquet_schema(?)", [str(file)]
            ).fetchall()
        inside = 0  # of nodes, which stand depth first
        for name, children, kind in nodes:
            if not inside:
                yield name, kind
            inside += (children or 0) - (1 if inside else 0)

    def frame(self, files: Sequence[ColumnFile]) -> DuckDBPyRelation:
        """Return files that have one form as one frame; texts of a CSV stay texts."""
        paths, first = [str(file.path) for file in files], files[0]
        with _duckdb_errors():
            if first.kind == CSV:
                types = dict.fromkeys(first.columns, "VARCHAR")
                return self._connection.read_csv(
                    paths, header=True, sep=first.separator, columns=types, **_QUOTES
                )
            frame = self._connection.read_parquet(paths)
            # columns that hold nothing at all have no type: blank texts
            blank = [x.replace('"', '""') for x in first.columns if first.type_of(x) == '"NULL"']
            casts = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in blank)
            return frame.project(f"* REPLACE ({casts})") if blank else frame

    def rows(self, frame: DuckDBPyRelation, file: Path | None = None) -> Iterator[Sequence[Any]]:
        """Yield the rows of a frame, which is worked out meanwhile."""
        with _duckdb_errors(file):
            cursor = self._connection.cursor().execute(frame.sql_query())
            while found := cursor.fetchmany(10_000):
                yield from found

    def to_parquet(self, columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> bytes:
        """Return rows as a Parquet file, in their order."""
        with TemporaryDirectory(prefix="monazite-columns-") as folder, _duckdb_errors():
            written, file = Path(folder, "rows.csv"), Path(folder, "rows.parquet")
            with written.open("w", encoding="utf-8", newline="") as out:
                csv.writer(out, quoting=csv.QUOTE_MINIMAL).writerows(rows)
            types = {name: _TYPES.get(kind, _DECIMAL) for name, kind in columns.items()}
            found = self._connection.read_csv(
                str(written), header=False, sep=",", columns=types, parallel=False, **_QUOTES
            )
            found.to_parquet(str(file), compression="zstd")
            return file.read_bytes()


@contextmanager
def duckdb_engine() -> Iterator[DuckDbEngine]:
    """Open the engine; what it lays on the disk is gone afterwards."""
    try:
        import duckdb
    except ImportError:
        raise NotInstalledError(
            "Columns are read with the package duckdb: pip install 'monazite[trade]'."
        ) from None
    with TemporaryDirectory(prefix="monazite-columns-") as folder:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": folder,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        }
        with duckdb.connect(config=settings) as connection:
            connection.execute("SET enable_progress_bar = false")  # on stdout, where data goes
            connection.execute("SET GLOBAL TimeZone = 'UTC'")  # else a year is the machine's
            yield DuckDbEngine(connection)


@contextmanager
def _duckdb_errors(file: Path | None = None) -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        told = str(error).splitlines()[0]
        if file is None or isinstance(error, duckdb.OperationalError):  # memory, or the disk
            named = f"{escaped(str(file))}" if file else "The records"
            raise UnreadableError(in_brief(f"{named} cannot be read: {told}", _LONGEST)) from None
        line = _LINE.search(told)
        if line:
            fault = (
                f"line {grouped(int(line[1]))} is no UTF-8, or has other fields than the header, "
                "or a quote that does not close; mend it."
            )
        elif "CSV" in told:
            fault = "its lines end in more than one way, or a quote does not close; save it anew."
        else:
            fault = "it is damaged, or no Parquet; get it again."
        raise UnreadableError(f"{escaped(str(file))} cannot be read: {fault}") from None


_ELSE = "take --engine duckdb"
_SENTENCES = {
    r"MALFORMED_": "cannot be read: a line has other fields than the header; mend it. "
    "--engine duckdb names the line.",
    r"PARQUET_TYPE_|UNSUPPORTED_\w*TYPE": "has a column of a type that Spark does not read; leave "
    f"it out, or {_ELSE}.",
    r"PATH_NOT_FOUND|FILE_NOT_EXIST|FileNotFoundException": "is not there for Spark; each machine "
    "must see it under this path.",
    r"FAILED_READ_FILE": "cannot be read: it is damaged, or no Parquet; get it again.",
}
_CAUSE = re.compile(
    r"^(?:Caused by: )?(?:: )?[\w.$]+(?:Exception|Error): *(?=\S)(.*)", re.MULTILINE
)
_NOISE = re.compile(r"\[[A-Z][A-Z_.]+\] *| *SQLSTATE: \w+")
_CALL = "An error occurred while calling"


def in_words(message: str, files: Sequence[Path] = (), alike: Path | None = None) -> str:
    """Return the sentence."""
    coded = {file: file.as_uri().removeprefix("file://") for file in files}
    named = [file for file in files if str(file) in message or coded[file] in message]
    file = max(named, key=lambda each: len(str(each)), default=alike)
    for pattern, said in _SENTENCES.items():
        if re.search(pattern, message):
            return f"{escaped(str(file)) if file else 'A file'} {said}"
    lines = [line for line in message.splitlines() if line.strip() and not line.startswith(_CALL)]
    causes = _CAUSE.findall(message) or lines[:1]  # the last that is told happened first
    cause = _NOISE.sub("", causes[-1] if causes else "").strip(" .;") or "it gave up"
    return f"{in_brief(f'Spark cannot sum the records: {cause}', _LONGEST)}; {_ELSE}."


_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # a sum that is too large is an error, and never wraps
    "spark.sql.legacy.parquet.nanosAsLong": "true",  # else one such column hides all others
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # else short lines pass unseen
}


class SparkEngine:
    """A session on a cluster."""

    def __init__(self, session: Any) -> None:  # noqa: ANN401 - of a package that may be missing
        self._session = session
        self._read: dict[Path, None] = {}

    def frame(self, files: Sequence[ColumnFile]) -> Any:  # noqa: ANN401 - a frame of Spark
        """Return files that have one form as one frame; texts of a CSV stay texts."""
        from pyspark.sql.types import StringType, StructField, StructType

        paths = [f"file://{file.path}" for file in files]  # Spark takes %20 for three letters
        first = files[0]
        self._read |= dict.fromkeys(file.path for file in files)
        with _spark_errors([file.path for file in files], alike=first.path):
            if first.kind != CSV:
                return self._session.read.parquet(*paths)
            schema = StructType([StructField(name, StringType()) for name in first.columns])
            return self._session.read.csv(
                paths,
                schema=schema,
                header=True,
                sep=first.separator,
                quote='"',
                escape='"',
                multiLine=True,
                mode="FAILFAST",
            )

    def rows(self, frame: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - a frame of Spark
        """Yield the rows of a frame once all of them are worked out."""
        with _spark_errors([*self._read]):
            yield from frame.toLocalIterator(prefetchPartitions=True)


@contextmanager
def spark_engine(master: str | None = None) -> Iterator[SparkEngine]:
    """Open a session on a cluster."""
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and Path(home, "bin", "java").is_file()):
        raise NotInstalledError(
            "Spark needs Java 17 or newer: install a package such as openjdk-17-jre-headless."
        )
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise NotInstalledError(
            "A cluster is asked with the package pyspark: pip install 'monazite[spark]'."
        ) from None
    with TemporaryDirectory(prefix="monazite-spark-") as folder, _quiet(Path(folder, "log")):
        builder = SparkSession.builder.appName("monazite")
        for name, value in (_SETTINGS | _place(master)).items():
            builder = builder.config(name, value)
        with _spark_errors(), ended_if_interrupted():
            session = builder.getOrCreate()
        try:
            yield SparkEngine(session)
        finally:
            session.stop()


@contextmanager
def ended_if_interrupted() -> Iterator[None]:
    """End a machine of Java that was only starting, which ignores an interrupt; no other child."""
    before = _children()
    try:
        yield
    except BaseException:
        for child in _children() - before:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
        raise


def _children() -> set[int]:
    found: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):  # a thread that has ended since
            found.update(map(int, task.read_text("ascii").split()))
    return found


def _place(master: str | None) -> dict[str, str]:
    """Where the work is done; a cluster in this machine alone needs no name of the machine."""
    if not master and os.environ.get("SPARK_CONF_DIR"):
        return {}
    named = master or "local[*]"  # all cores of this machine
    here = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "8",
    }
    return {"spark.master": named, **(here if named.startswith("local") else {})}


@contextmanager
def _quiet(log: Path) -> Iterator[None]:
    """Keep what a machine of Java logs, which is no talk to a reader, off stderr while it runs."""
    kept = os.dup(2)
    with log.open("wb") as out:
        os.dup2(out.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _spark_errors(files: Sequence[Path] = (), alike: Path | None = None) -> Iterator[None]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, OSError) as error:
        raise UnreadableError(in_words(str(error), files, alike)) from None
