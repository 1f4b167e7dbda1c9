"""What Spark says, trace and all, becomes one sentence with the file and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.columnar.spark_errors import in_words

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
