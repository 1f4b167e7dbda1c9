"""Files of sources: encodings, titles above headers, JSON, workbooks; numbers, places and goods."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from monazite.core.errors import (
    BadCellError,
    BadFileError,
    Faults,
    FaultyTablesError,
    UnknownNameError,
    UnreadableError,
)
from monazite.core.package import ontology_folder
from monazite.data.importers.collected import (
    GoodsCodes,
    NamedPlaces,
    digits_in,
    number_is_missing,
    number_of,
    plain,
)
from monazite.data.importers.source_file import json_items, json_lines, look_through, read_records

NEEDED = ("Country", "Value|Amount")


def read(file: Path, *encodings: str) -> tuple[list[tuple[int, dict[str, str]]], list[str]]:
    """Line and cells of each record, and the faults."""
    faults = Faults()
    source = look_through(file, encodings)
    found = [(record.line, dict(record.cells)) for record in read_records(source, NEEDED, faults)]
    return found, [str(fault).removeprefix(str(file)) for fault in faults.gathered()]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_titles_separators_and_encodings(tmp_path: Path, mark: str, encoding: str) -> None:
    file = tmp_path / "x.csv"
    text = f"Of 2024\r\n\r\nCOUNTRY{mark} amount \r\nNœrway{mark} 5 \r\n\r\n{mark}\r\n"
    file.write_bytes(text.encode(encoding))
    assert read(file) == ([(4, {"country": "Nœrway", "amount": "5"})], [])
    assert look_through(file).digest == hashlib.sha256(file.read_bytes()).hexdigest()


def test_another_encoding_is_tried_and_else_told(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"Country,Value\nNorway,1\nT\xfcrkiye,2\n")
    assert read(file, "cp1252")[0][1][1]["country"] == "Türkiye"
    with pytest.raises(FaultyTablesError) as refused:
        look_through(file)
    (fault,) = refused.value.faults
    assert (fault.line, fault.what) == (3, "the text is not UTF-8")


def test_faults_of_forms(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    for text, told in {
        "": ":1: the file is empty; get it again",
        "a,b\n1,2\n": ":1: no line is the header of this kind of file; the header names Country, "
        "Value or Amount",
        "Country,Vaule\n": ':1: the column "Value or Amount" is missing; did you mean "vaule"?',
        "Country,Value,Value\n": ':1: the column "value" stands twice; take one out',
        'Country,Value\nNorway,"1\n': ":2: wrong quoting: unexpected end of data; mend the quotes "
        "of this row",
        "t,i,j,k,v,q\n": ":1: no line is the header of this kind of file; x.csv looks like a file "
        f"of CEPII (BACI): read it with monazite import baci {file} -o DIR",
    }.items():
        file.write_text(text, encoding="utf-8")
        assert read(file) == ([], [told])
    file.write_text("Country,Value\nNorway\nNorway,1,,\nNorway,1,2\n", encoding="utf-8")
    found, told_of = read(file)
    assert [line for line, _ in found] == [3], "blank cells beyond the header are none"
    assert [each[:2] for each in told_of] == [":2", ":4"]


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "x.zip").touch()
    for name, told in {
        "none": "cannot be read: No such file",
        "pipe": "is a pipe; name the file",
        "": "is a folder; name the file",
        "x.zip": "is packed; unpack it",
        "a\0b": "no file can have this name",
    }.items():
        with pytest.raises(UnreadableError, match=told):
            look_through(tmp_path / name)


def test_json_of_many_forms(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    for text in (
        '[["country", "value"], ["Norway", 5]]',
        '{"data": [{"Country": "Norway", "Value": 5}]}',
        '[{"page": 1}, [{"country": {"id": "Norway"}, "value": "5"}]]',
    ):
        file.write_text(text, encoding="utf-8")
        ((_, cells),), told = read(file)
        assert (cells, told) == ({"country": "Norway", "value": "5"}, [])
    for text, says in {
        "{}": "no array of records",
        '[{"country": "a", "value": 1}': "the JSON ends within its array",
        '[{"country": "a", "value": ]': "broken JSON",
        "[1]": "record 1 is no object",
        '[{"a": 1}]': "is missing",
        "[" * 5000: "broken JSON",
    }.items():
        file.write_text(text, encoding="utf-8")
        assert says in read(file)[1][0], text


def workbook(file: Path, *lines: list[object]) -> Path:
    book = Workbook()
    book.worksheets[0].title = "Data"
    for line in lines:
        book.worksheets[0].append(line)
    book.save(file)
    return file


def test_a_formula_of_a_workbook_is_told_with_its_line(tmp_path: Path) -> None:
    lines: list[list[object]] = [["Norway", 5], ["Peru", "=4+4"], ["Chile", "#DIV/0!"]]
    file = workbook(tmp_path / "x.xlsx", ["Of", "=NOW()"], ["Country", "Value"], *lines)
    assert read(file) == (
        [(3, {"country": "Norway", "value": "5"})],
        [
            ", sheet Data:4: a cell holds a formula that was never worked out; "
            "open the workbook, and save it",
            ', sheet Data:5: a cell holds the error "#DIV/0!"; write its value instead',
        ],
    )
    found, told = read(workbook(file, ["Of"], ["Country", "Value", "=1"], *lines))
    assert (found, len(told)) == ([], 3), "the header has one too"


def test_a_formula_that_was_worked_out_has_its_value(tmp_path: Path) -> None:
    plain = workbook(tmp_path / "plain.xlsx", ["Country", "Value"], ["Norway", "=2+3"])
    kept = tmp_path / "kept.xlsx"
    with ZipFile(plain) as old, ZipFile(kept, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(b"<f>2+3</f><v />", b"<f>2+3</f><v>5</v>")
            new.writestr(name, part.replace(b"<f>2+3</f><v></v>", b"<f>2+3</f><v>5</v>"))
    assert read(kept) == ([(2, {"country": "Norway", "value": "5"})], [])


VALUES = st.one_of(st.text(max_size=9), st.integers(), st.none(), st.floats(allow_nan=False))
ITEMS = st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=3), max_size=6)


class Blocks(io.StringIO):
    """A file of which no more than a block is got at a time."""

    def __init__(self, text: str, block: int) -> None:
        super().__init__(text)
        self.block = block

    def read(self, size: int | None = -1) -> str:
        return super().read(self.block)


@given(ITEMS, st.integers(1, 9), st.sampled_from([None, 1]))
def test_whatever_the_blocks_cut(items: list[object], block: int, indent: int | None) -> None:
    for text in (json.dumps(items, indent=indent), json.dumps({"data": items}, indent=indent)):
        assert [item for _, item in json_items(Blocks(text, block))] == items


def test_nothing_is_held_whole() -> None:
    with pytest.raises(BadFileError, match="no array"):
        next(json_items(io.StringIO('{"a": 1},' * 1_000_000)))


def test_lines_are_counted() -> None:
    text = '{"n": 2,\n"data": [\n{"a": 1},\n\n{"a":\n2}\n]}'
    assert [line for line, _ in json_items(io.StringIO(text))] == [3, 6]


def test_lines_of_json() -> None:
    assert [line for line, _ in json_lines(io.StringIO("\n1\n\n2"))] == [2, 4]
    with pytest.raises(BadFileError, match="broken JSON"):
        list(json_lines(io.StringIO("{")))


@pytest.mark.parametrize("text", ["", "-", "—", "..", "NA", " n.a. ", "null"])
def test_words_for_none(text: str) -> None:
    assert number_is_missing(text)
    assert number_of(text) is None


@pytest.mark.parametrize(
    "text", ["1,23", "1.2.3", "=1", "1 2", "1e999", "inf", "0x10", "e5", "." * 3 + "1", "1" * 30]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(BadCellError):
        number_of(text)


@given(st.decimals(0, 10**12, places=3))
def test_digits_come_back(number: Decimal) -> None:
    read = number_of(f"{number:,}")
    assert read == number
    assert read is not None
    assert Decimal(plain(read)) == number
    assert "E" not in plain(read)


PLACES = NamedPlaces()


@pytest.mark.parametrize(
    ("system", "code", "place"),
    [
        *(("comtrade", "757", "CHE"), ("comtrade", "699", "IND"), ("comtrade", "W00", "WLD")),
        *(("eurostat", "EL", "GRC"), ("eurostat", "CN", "CHN"), ("eurostat", "EU27_2020", "EUE")),
        *(("iso", "KOR", "KOR"), ("iso", "jp", "JPN")),
    ],
)
def test_codes_of_places(system: str, code: str, place: str) -> None:
    found = PLACES.coded(system, code)
    assert found is not None
    assert (found.id, found.is_area) == (place, place in {"WLD", "EUE"})


def test_no_code_is_guessed() -> None:
    assert PLACES.coded("comtrade", "999") is None
    assert PLACES.only("japan", "USA") is None, "Japan's codes are numbers of its own"
    assert PLACES.named("Areas, nes") is None
    assert PLACES.named("") is None


@pytest.mark.parametrize(
    ("name", "place"),
    [("Burma1", "MMR"), ("Japane", "JPN"), ("KOREA, SOUTH", "KOR"), ("Côte d’Ivoire", "CIV")],
)
def test_names_with_footnotes_and_capitals(name: str, place: str) -> None:
    found = PLACES.named(name)
    assert found is not None
    assert found.id == place


def test_places_of_the_file_have_rows() -> None:
    with (ontology_folder() / "imports" / "places.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            assert PLACES.coded("iso", row["country"]) is not None, row


def test_a_code_named_takes_the_place_of_all() -> None:
    codes = GoodsCodes(["8505.19"])
    assert codes.takes("850519")
    assert codes.takes("8505190010")
    assert not codes.takes("850511")
    with pytest.raises(UnknownNameError, match="six digits or more"):
        GoodsCodes(["8505"])


def test_editions_that_correspond_and_those_of_which_it_is_not_known() -> None:
    codes = GoodsCodes()
    assert codes.stand("hs1992", "284690", "").codes == ("hs2022-284690",)
    assert codes.stand("eu-cn", "85051110", "").codes == ("hs2022-850511", "eu-cn-85051110")
    assert codes.stand("htsus", "8505110070", "").basis == "magnet"
    assert codes.own == {}, "all of these have rows"
    assert codes.stand("hs2007", "284690", "Compounds").codes == ("hs2007-284690",)
    assert codes.own["hs2007-284690"]["description"] == "Compounds"
    assert "is not known" in codes.own["hs2007-284690"]["note"]


def test_files_name_rows_that_are_there() -> None:
    home = ontology_folder()
    with (home / "tables" / "codes.csv").open(encoding="utf-8") as lines:
        known = {row["id"] for row in csv.DictReader(lines)}
    with (home / "imports" / "correspondences.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            assert row["code"] in {"", *known}
            assert row["digits"] == digits_in(row["digits"])
            assert row["reason"]
