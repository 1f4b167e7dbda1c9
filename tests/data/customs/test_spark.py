"""A cluster of two worker processes gives the numbers of the embedded engine, or refuses."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from monazite.core.errors import MonaziteError
from monazite.data.customs import engines
from monazite.data.customs.aggregation import aggregate_trade
from monazite.data.customs.engines import in_words
from monazite.data.customs.trade_sums import TradeSums, to_tables
from tests.data.customs.records import made, to_parquet, typed, write

MASTER = "local-cluster[2,1,1024]"  # Two workers, each a process with a core and a gigabyte
HERE = "local[2]"  # Two cores of one process, which begins in a moment: for what is refused
_WORKER = b"CoarseGrainedExecutorBackend"


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of the cluster, where there are Java and Spark."""
    lacks = [name for name in ("pyspark", "duckdb", "narwhals") if find_spec(name) is None]
    lacks += [] if shutil.which("java") else ["java"]
    if lacks:
        said = f"no {', '.join(lacks)}: pip install 'monazite[spark]' and Java 17 or newer"
        if os.environ.get("MONAZITE_REQUIRE_SPARK") == "1":
            pytest.fail(f"MONAZITE_REQUIRE_SPARK=1, but {said}")
        pytest.skip(said)
    yield MASTER
    import pyspark

    shutil.rmtree(Path(pyspark.__file__).parent / "work", ignore_errors=True)


def workers() -> list[int]:
    """Processes of workers that descend from this one."""
    parents: dict[int, int] = {}
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = folder.joinpath("stat").read_text(encoding="utf-8", errors="replace")
            parents[int(folder.name)] = int(told.rpartition(")")[2].split()[1])
            if _WORKER in folder.joinpath("cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:  # it has just ended
            continue
    return [each for each in found if os.getpid() in ancestors(each, parents)]


def ancestors(process: int, parents: dict[int, int]) -> Iterator[int]:
    while process in parents:
        process = parents[process]
        yield process


class Killer(threading.Thread):
    """Ends one worker as soon as all are there, in the middle of the first run."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seen: set[int] = set()
        self.killed = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            there = workers()
            self.seen.update(there)
            if len(there) > 1 and not self.killed:
                self.killed = min(there)
                os.kill(self.killed, signal.SIGKILL)
            time.sleep(0.2)


def summed(files: Path, master: str | None = None) -> TradeSums:
    engine = "spark" if master else "duckdb"
    return aggregate_trade(str(files), system="hs2022", engine=engine, master=master)


@pytest.mark.whole
def test_a_cluster_that_loses_a_worker_gives_the_same_sums(cluster: str, tmp_path: Path) -> None:
    records = made(4_000)
    records[7] = (*records[7][:6], 'Quotes "and" commas, Inc.', "two\nlines")
    write(tmp_path / "r" / "a.csv", records[:1500])
    write(tmp_path / "r" / "b.csv", [[*reversed(each)] for each in records[1500:2000]], HEADER_BACK)
    for at in range(3):
        part = write(tmp_path / "part.csv", records[2000 + at :: 3])
        to_parquet(tmp_path / "r" / f"{at}.parquet", part)
    here = summed(tmp_path / "r")
    killer = Killer()
    killer.start()
    try:
        there = aggregate_trade(
            str(tmp_path / "r"), system="hs2022", engine="spark", master=cluster
        )
    finally:
        killer.over.set()
        killer.join()
    assert killer.killed
    assert len(killer.seen) >= 2, "several processes did the work"
    assert there == here
    assert to_tables(there) == to_tables(here)
    bad = write(tmp_path / "bad.csv", [*records[:5], (*records[5][:4], "-3", *records[5][5:])])
    refusals = []
    for master in (None, HERE):
        with pytest.raises(MonaziteError) as refused:
            summed(bad, master)
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]
    short = tmp_path / "short.csv"
    short.write_text(bad.read_text(encoding="utf-8").replace(",-3,", "\n"), encoding="utf-8")
    with pytest.raises(MonaziteError) as refused:
        summed(short, HERE)
    assert str(refused.value).startswith(f"{short} cannot be read: a line has other fields")
    assert workers() == []


@pytest.mark.whole
def test_types_that_differ_add_up_and_what_spark_cannot_read_is_said(
    cluster: str, tmp_path: Path
) -> None:
    folder = tmp_path / "reçords of 2024"
    folder.mkdir()
    made_of = {"date": "'2024-05-17'", "usd": "9", "since": "TIMESTAMP_NS '2024-05-17 10:00:00'"}
    weights = ("1::BIGINT", "1.5::DOUBLE", "'2.5'", "0.1::FLOAT", "7::DECIMAL(9, 2)", "0", "'0'")
    for at, weight in enumerate(weights):
        typed(folder / f"{at}.parquet", kg=weight, **made_of)
    here, there = summed(folder), summed(folder, HERE)
    assert there == here
    assert [(each.grams, each.weighed, each.count) for each in there.sums] == [(12_100, 5, 7)]
    other = typed(tmp_path / "other.parquet", x="uuid()")
    cut = typed(tmp_path / "cut.parquet")
    broken = cut.read_bytes()[:40] + b"\xff" * 60 + cut.read_bytes()[100:]
    cut.write_bytes(broken)
    for file, said in (
        (other, "has a column of a type that Spark does not read; leave it out, or take --engine "),
        (cut, "cannot be read: it is damaged, or no Parquet; get it again."),
    ):
        with pytest.raises(MonaziteError) as refused:
            summed(file, HERE)
        assert str(refused.value).startswith(f"{file} {said}")
    dates = write(tmp_path / "d.csv", [(*made(1)[0][:3], "2024-Q1", *made(1)[0][4:])])
    bad = [(dates, "a date that is no year, month or day")]
    no_weight = "1 of its 1 record has a weight that is no number of kilograms"
    bad.append((typed(tmp_path / "nan.parquet", kg="'nan'::DOUBLE"), no_weight))
    bad.append((typed(tmp_path / "list.parquet", kg="[1.5]"), 'The column "kg" holds no numbers.'))
    for file, said in bad:
        refusals = []
        for master in (None, HERE):
            with pytest.raises(MonaziteError, match=said) as refused:
                summed(file, master)
            refusals.append(str(refused.value))
        assert refusals[0] == refusals[1]
        assert refusals[0].startswith(str(file))


HEADER_BACK = ("buyer", "seller", "usd", "kg", "date", "importer", "exporter", "code")


def test_without_java_or_spark_a_sentence_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(MonaziteError, match=r"Spark needs Java 17 or newer: .*openjdk-17-jre"):
        engines.spark_engine().__enter__()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MonaziteError, match=re.escape("pip install 'monazite[spark]'")):
        engines.spark_engine().__enter__()


@pytest.mark.skipif(sys.platform != "linux", reason="children are told of in /proc")
def test_what_was_started_when_somebody_interrupted_ends_and_nothing_else() -> None:
    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])

    started: list[subprocess.Popen[bytes]] = []

    def interrupted() -> None:
        with engines.ended_if_interrupted():
            started.append(start())
            raise KeyboardInterrupt

    before = start()
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert started[0].wait(10) == -signal.SIGKILL
        assert before.poll() is None, "what ran already lives on"
    finally:
        before.kill()
        before.wait()


FILES = [Path("/r/a.parquet"), Path("/r/b c.csv"), Path("/r/a.parquet.csv")]
CALL = "An error occurred while calling o285.toPythonIterator.\n"
READ = f"{CALL}Caused by: org.apache.spark.SparkException: [FAILED_READ_FILE.NO_HINT] Encountered "


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            "[PARQUET_TYPE_ILLEGAL] Illegal Parquet type: INT64 (TIME(NANOS)). SQLSTATE: 42846",
            "/r/x has a column of a type that Spark does not read; leave it out, or take --engine "
            "duckdb.",
        ),
        (
            f"{READ}error while reading file file:///r/b%20c.csv.  SQLSTATE: KD001\nCaused by: "
            "org.apache.spark.SparkException: [MALFORMED_CSV_RECORD] Malformed CSV record: 3",
            "/r/b c.csv cannot be read: a line has other fields than the header; mend it. --engine "
            "duckdb names the line.",
        ),
        (
            f"{READ}error while reading file file:///r/a.parquet.csv.  SQLSTATE: KD001",
            "/r/a.parquet.csv cannot be read: it is damaged, or no Parquet; get it again.",
        ),
        (
            "[PATH_NOT_FOUND] Path does not exist: file:/r/a.parquet. SQLSTATE: 42K03",
            "/r/a.parquet is not there for Spark; each machine must see it under this path.",
        ),
        (
            f"{CALL}: org.apache.spark.SparkException: Exception thrown in await: \n\tat x.y\n"
            "Caused by: org.apache.spark.SparkException: [A_B.C] Job aborted. SQLSTATE: 1\n\tat z",
            "Spark cannot sum the records: Job aborted; take --engine duckdb.",
        ),
        (CALL, "Spark cannot sum the records: it gave up; take --engine duckdb."),
        ("no route", "Spark cannot sum the records: no route; take --engine duckdb."),
    ],
)
def test_what_spark_says_is_a_sentence(told: str, said: str) -> None:
    assert in_words(told, FILES, alike=Path("/r/x")) == said


def test_no_file_is_named_where_none_is_known() -> None:
    assert in_words(f"{READ}error").startswith("A file cannot be read: it is damaged")
