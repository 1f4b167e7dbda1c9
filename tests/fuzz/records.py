"""Files of customs records: sentences, or sums that lose no record."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from monazite.customs.aggregation import aggregate_trade
from monazite.errors import MonaziteError
from tests.fuzz.edits import edited, encoded
from tests.fuzz.target import Target, require

RECORDS = (
    "code,exporter,importer,date,kg,usd,seller,buyer\n"
    '850511,CHN,USA,2024-01-02,1000.5,9,"A, Inc",B\n284690,MMR,CN,202312,,7,"C\nD",\n',
    "HS code;Origin;Destination;Period;Net kg;Classification\n8505.11;China;US;2024;1e3;HS 2022\n",
)
"""Records without a fault, of both kinds of headers."""
PIECES = (
    *(
        "-1",
        "1,5",
        "NaN",
        "inf",
        "9" * 400,
        "1e99",
        "0.0005",
        "20x4",
        "01/02/2024",
        "2024-Q1",
        "2024-02-31",
        "850511 (HS2017)",
        "hs2022-850511",
    ),
    *(";", ",", "\t", "|", '"', "\n", "\r", "\0", "\ufeff", "NULL", "net kg", "value", "kg", "usd"),
)


def records(folder: Path) -> Target:
    """A file of records in any encoding, or bytes that call themselves Parquet."""

    def check(content: bytes) -> None:
        file = folder / "records.csv"
        file.write_bytes(content)
        try:
            found = aggregate_trade(str(file), system="hs2022")
        except MonaziteError as error:
            require(str(error), "a sentence")
            return
        summed = sum(each.count for each in found.sums)
        summed += sum(each.count for each in found.left_out)
        require(summed == found.count, "each record is summed or left out, and said")
        require(all(each.grams >= 0 for each in found.sums), "no weight below zero")

    texts = encoded(edited(RECORDS, PIECES))
    inputs = st.one_of(texts, texts, st.binary(max_size=200).map(lambda cut: b"PAR1" + cut))
    return Target(
        inputs,
        check,
        raw=lambda content: content,
        seeds=tuple(each.encode() for each in RECORDS),
        words=PIECES,
    )
