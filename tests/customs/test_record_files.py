"""Which files are read: patterns, folders, links; and what is no file of records."""

from __future__ import annotations

import hashlib
import os
import re
import time
from pathlib import Path

import pytest

from monazite.columnar.record_file import ColumnFile
from monazite.customs import record_files
from monazite.customs.record_files import (
    check_utf8,
    find_files,
    hash_of_all,
    hashed_beside,
    passed_over,
    read_headers,
    same_files,
)
from monazite.errors import UnreadableError


def no_parquet(file: Path) -> list[tuple[str, str]]:
    return [("never", "VARCHAR")]


def hashes_of(files: list[Path]) -> dict[Path, str]:
    with hashed_beside(files) as hashes:
        return hashes()


def test_patterns_folders_and_links_name_each_file_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.csv", "a.parquet", "_SUCCESS", ".a.csv.crc", "_meta.csv", "notes.txt"):
        Path("records").mkdir(exist_ok=True)
        Path("records", name).write_text(name, encoding="utf-8")
    Path("c.csv").symlink_to("records/b.csv")
    both = [tmp_path / "records" / name for name in ("a.parquet", "b.csv")]
    assert find_files(["records"]) == both
    assert find_files(["records/*.csv", "records/[a]*", "c.csv"]) == both
    assert find_files([str(tmp_path / "records" / "*.parquet")]) == both[:1]
    hashes = hashes_of(both)
    assert hashes[both[1]] == hashlib.sha256(b"b.csv").hexdigest()
    assert hash_of_all(hashes) == hash_of_all(dict(reversed(hashes.items())))
    assert [*same_files(hashes)] == []
    Path("records", "z.csv").write_bytes(both[1].read_bytes())
    assert [*same_files(hashes_of(find_files(["records"])))] == [
        (both[1], both[1].parent / "z.csv")
    ]


def test_hashing_ends_when_what_it_stands_beside_fails(tmp_path: Path) -> None:
    """A file of a hundred gigabytes, with holes for bytes, would be hashed for a minute."""
    file = tmp_path / "a.csv"
    with file.open("wb") as opened:
        opened.truncate(100 << 30)
    before = time.monotonic()
    with pytest.raises(KeyError), hashed_beside([file]):
        raise KeyError
    assert time.monotonic() - before < 10
    with pytest.raises(UnreadableError, match="cannot be read: No such file"):
        hashes_of([tmp_path / "nowhere.csv"])


def test_what_a_folder_holds_beside_is_said(tmp_path: Path) -> None:
    nest = tmp_path / "nest"
    (nest / "2023").mkdir(parents=True)
    for name in ("a.csv", "c.tsv", "c14.csv.gz", "2023/b.csv", ".a.csv.crc", "_SUCCESS"):
        (nest / name).write_text(name, encoding="utf-8")

    def said(*patterns: str) -> list[str]:
        told = [str(tmp_path / pattern) for pattern in patterns]
        return [*passed_over(told, find_files(told))]

    rest = "not read: a folder stands for its own files that end in .csv or .parquet; name others "
    assert said("nest") == [f"nest holds 2023/, c.tsv, c14.csv.gz, {rest}too."]
    assert said("nes*", "nest/2023", "nest/c.tsv") == [f"nest holds c14.csv.gz, {rest}too."]
    assert said("nest/*.csv") == said("nest/a.csv") == []
    for at in range(3):
        (nest / f"z{at}").touch()
    assert said("nest")[0].startswith("nest holds 2023/, c.tsv, c14.csv.gz and 3 more, not read")


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("nowhere/*.parquet", '"nowhere/\\*.parquet" names no file; .*'),
        ("", '"" names no file; .*'),
        ("empty", '"empty" names no file; .*'),
        ("pipe.csv", "pipe.csv is a pipe and no file of records."),
        ("lost.csv", "lost.csv cannot be read: No such file or directory."),
        ("circle.csv", "circle.csv cannot be read: .*"),
        ("a[1].csv", r".*its path has one of .*; rename it."),
        ("a\0b", '"a.*b" names no file; .*'),
    ],
)
def test_what_is_no_file_is_said(
    pattern: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    os.mkfifo("pipe.csv")
    Path("lost.csv").symlink_to("nowhere.csv")
    Path("circle.csv").symlink_to("circle.csv")
    Path("a[1].csv").write_text("a,b", encoding="utf-8")
    with pytest.raises(UnreadableError) as refused:
        find_files([pattern])
    assert re.fullmatch(said, str(refused.value))


def test_utf8_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_files, "_PIECE", 3)
    file = tmp_path / "a.csv"
    told = [ColumnFile(file, "csv", ("a",)), ColumnFile(tmp_path / "none", "parquet", ("a",))]
    file.write_text("a\nMüller, 稀土\n𠀀\n", encoding="utf-8")
    check_utf8(told)
    for content in (b"a\n\xe7\xa8\x80\nM\xfcller\n", b"a\nb\n\xe7\xa8"):
        file.write_bytes(content)
        with pytest.raises(UnreadableError, match=r"a.csv cannot be read: line 3 is no UTF-8; "):
            check_utf8(told)


def test_headers_are_read_whatever_separates_them(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    for separator in ",;\t|":
        file.write_bytes(f'\ufeffcode{separator}"net{separator} kg"\r\n1'.encode())
        (found,) = read_headers([file], no_parquet)
        assert found.form == ("csv", ("code", f"net{separator} kg"), separator, ())
    file.write_bytes(b"PAR1 and so on")
    assert read_headers([file], no_parquet)[0].kind == "parquet"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no header"),
        (b"\xff\xfe\x00a", "is no Parquet, and no CSV in UTF-8"),
        (b"a\0,b\n", "has no header"),
        (b"a,b,a\n", 'has two columns "a"'),
        (b'a,"b"\r1,2\r', "ends its lines with a carriage return alone; save it with"),
    ],
)
def test_a_file_that_is_none_is_said(content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(UnreadableError, match=said):
        read_headers([file], no_parquet)
