"""What is counted once is told in the singular, whichever command counts it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.customs.records import made, write

MANY = re.compile(
    r"\b1 (?:\w+ )?(?:rows|records|facts|files|tables|lines|sums|faults|sources|fields|columns|"
    r"months|countries|flows|questions|names|changes)\b"
)
OWN = "row,owner,owned,share_percent,status,valid_from,source\nmine-1,lynas,kuantan-east,51,stated,"
WGI = "codeindyr,code,countryname,year,indicator,estimate\nx,LUX,Luxembourg,2025,pv,-0.4\n"


def own_row(folder: Path) -> None:
    (folder / "ownership.csv").write_text(f"{OWN}2026-02,annual\n", encoding="utf-8")


def short_row(folder: Path) -> None:
    (folder / "ownership.csv").write_text(OWN.partition("\n")[0] + "\nmine-1\n", encoding="utf-8")


def one_record(folder: Path) -> None:
    write(folder / "a.csv", made(1))


def bad_record(folder: Path) -> None:
    write(folder / "a.csv", [(*made(2)[1][:4], "-3", *made(2)[1][5:])])


def one_value(folder: Path) -> None:
    (folder / "a.csv").write_text(WGI, encoding="utf-8")


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (own_row, ("contribute", "own")),
        (own_row, ("contribute", "own", "-o", "own.patch")),
        (own_row, ("check", "own")),
        (short_row, ("check", "own")),
        (one_record, ("trade", "aggregate", "own/a.csv", "--system", "hs2022", "-o", "to")),
        (bad_record, ("trade", "aggregate", "own/a.csv", "--system", "hs2022")),
        (one_value, ("import", "wgi", "own/a.csv", "-o", "to")),
    ],
)
def test_no_command_says_one_rows(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    small_ontology: Path,
    fill: Callable[[Path], None],
    words: tuple[str, ...],
) -> None:
    pytest.importorskip("duckdb")
    for module in ("exchange.contribution", "triples.checks"):
        monkeypatch.setattr(f"monazite.{module}.ontology_folder", lambda: small_ontology)
    monkeypatch.chdir(tmp_path)
    Path("own").mkdir()
    fill(Path("own"))
    done = run(*words)
    told = done.out + done.err
    assert re.search(r"\b1\b", told), "something is counted once"
    assert not MANY.findall(told)
