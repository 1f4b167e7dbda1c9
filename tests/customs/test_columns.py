"""Headers of all kinds are understood, and what may mean two things is asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monazite.customs.columns import find_columns, read_choices, unread_values
from monazite.errors import MonaziteError

PLAIN = ("code", "exporter", "importer", "date", "kg")


def test_headers_are_found_by_their_words_or_as_told() -> None:
    header = ["HS Code", "Country of origin", "DESTINATION", "Arrival_Date", "Net weight (kg)"]
    header += ["Value USD", "Shipper", "Consignee", "Remarks"]
    found = find_columns(Path("a.csv"), header, {})
    assert found == dict(zip((*PLAIN, "usd", "seller", "buyer"), header[:-1], strict=True))
    assert unread_values(header, found) == []
    told = read_choices(["kg=Weight", "usd=Value"])
    assert find_columns(Path("a.csv"), [*PLAIN[:4], "Weight", "Value"], told)["kg"] == "Weight"
    assert unread_values([*PLAIN, "Value"], {}) == ["Value"]
    both = find_columns(Path("a.csv"), [*PLAIN, "year", "netwgt"], {})
    assert (both["date"], both["kg"]) == ("date", "kg")


@pytest.mark.parametrize(
    ("header", "told", "said"),
    [
        (["t", "i", "j", "k", "v", "q"], {}, r"a.csv is no file of customs records: .*no column c"),
        ([*PLAIN[:4], "Weight"], {}, r'.*\("Weight" says no unit: .*--column "kg=Weight"\).*'),
        ([*PLAIN[:4], "net kg", "gross kg"], {}, r'.*"net kg" and "gross kg" may both be kg: .*'),
        (PLAIN, {"usd": "Fob"}, r'.*it has no column "Fob".*'),
    ],
)
def test_what_is_wrong_is_said(header: list[str], told: dict[str, str], said: str) -> None:
    with pytest.raises(MonaziteError) as refused:
        find_columns(Path("a.csv"), header, told)
    assert re.match(said, str(refused.value))


@pytest.mark.parametrize("told", [["kg"], ["mass=Kg"], ["kg="], ["kg=a", "kg=b"]])
def test_a_column_is_told_once_and_by_its_name(told: list[str]) -> None:
    with pytest.raises(MonaziteError, match=r"NAME=HEADER|Two headers"):
        read_choices(told)
