"""Which files are read, what their headers say, and what the names in them mean."""

from __future__ import annotations

import hashlib
import os
import re
import time
from pathlib import Path

import pytest

from monazite.core.errors import MonaziteError, UnknownNameError, UnreadableError
from monazite.data.customs.record_files import (
    find_columns,
    find_files,
    hash_of_all,
    hashed_beside,
    names_system,
    new_firm,
    passed_over,
    read_choices,
    read_headers,
    read_names,
    same_files,
    unread_values,
)


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


NAMES = read_names()


def test_a_code_is_of_its_nomenclature_alone() -> None:
    assert NAMES.code("8505.11", "hs2022") == "hs2022-850511"
    assert NAMES.code("85051100", "hs2022") == "hs2022-850511", "national digits are left"
    assert NAMES.code("8505.11", "hs1992") is None, "the same digits of an older edition"
    assert NAMES.code("HS2022-284690", "hs1992") == "hs2022-284690", "the prefix says more"
    assert NAMES.code("8505110070", "htsus") == "htsus-8505110070"
    assert NAMES.code("8505110071", "htsus") is None
    for none in ("", "850511 (HS2017)", "850511-HS2012", "HS2012-850511", "850511*", "٨٥٠٥١١"):
        assert NAMES.code(none, "hs2022") is None, none
    for same in (" 8505.11 ", "8505 11 10", "8505-11", "8505. 11"):
        assert NAMES.code(same, "hs2022") == "hs2022-850511", same
    assert [names_system(each, NAMES) for each in ("hs2022-284690", "2846-90")] == [True, False]
    assert NAMES.check_system("HS 2022") == "hs2022"
    with pytest.raises(UnknownNameError, match='There is no nomenclature "hs2027"'):
        NAMES.check_system("hs2027")


def test_countries_and_firms_are_found_by_their_names() -> None:
    names = ("CHN", "cn", "  china ", "Viet Nam", "中国", "WLD", "", "Other Asia, nes")
    assert [NAMES.country(each) for each in names] == [
        *("CHN", "CHN", "CHN", "VNM", "CHN"),
        *(None, None, None),
    ]
    assert NAMES.firm("mp materials corp.") == "mp-materials"
    assert NAMES.firm("MP Materials") is None, "part of a name is no name"
    assert new_firm("A B") == new_firm(" a  b ")
    assert new_firm("稀土") != new_firm("有研")
    assert new_firm("匠倄有限公司") != new_firm("勵倂有限公司"), "alike in 24 bits of their hashes"
