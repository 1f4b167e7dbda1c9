"""The file of matches: written, edited, read back, and nothing in it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from monazite.bills.decisions import COLUMNS, Decision, read_decisions, write_decisions
from monazite.errors import FaultyTablesError, UnreadableError

KNOWN = {"firm": {"vac", "jl-mag"}, "material": {"smco-magnet"}}


def write(tmp_path: Path, *records: tuple[str, ...]) -> Path:
    file = tmp_path / "matches.csv"
    wide = [[*each, *[""] * (len(COLUMNS) - len(each))] for each in records]
    file.write_text(write_decisions(wide), encoding="utf-8")
    return file


def test_what_is_decided_comes_back(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        ("firm", "Vac", "accepted", "vac"),
        ("firm", "=HYPERLINK(1)", "none"),
        ("firm", "JL", "not", "jl-mag"),
        ("firm", "Later", "asked"),
        ("material", "Ferrite, -1", "no rare earths"),
    )
    assert "'=HYPERLINK" in file.read_text(encoding="utf-8")
    assert read_decisions(file, KNOWN) == (
        Decision("firm", "Vac", "accepted", "vac"),
        Decision("firm", "=HYPERLINK(1)", "none"),
        Decision("firm", "JL", "not", "jl-mag"),
        Decision("material", "Ferrite, -1", "no rare earths"),
    )


def test_all_faults_are_told_with_their_lines(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        ("firm", "A", "accepted", "nobody"),
        ("plant", "B", "none"),
        ("firm", "C", "perhaps"),
        ("firm", "D", "no rare earths"),
        ("firm", "E", "none"),
        ("firm", "e", "accepted", "vac"),
    )
    with pytest.raises(FaultyTablesError) as told:
        read_decisions(file, KNOWN)
    assert [(each.line, each.what) for each in told.value.faults] == [
        (0, '"e" is decided in two ways'),
        (2, 'no firm has the id "nobody"'),
        (3, '"plant" is neither firm nor material'),
        (4, '"perhaps" is no decision'),
        (5, "a firm is no material"),
    ]


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        read_decisions(tmp_path / "none.csv", KNOWN)
    for content in (b"", b"a,b\n1,2\n", b"\xff", b'kind,text,decision,id\n"x\n'):
        (tmp_path / "bad.csv").write_bytes(content)
        with pytest.raises(FaultyTablesError):
            read_decisions(tmp_path / "bad.csv", KNOWN)
