"""Tables read from files: each cell that does not fit is told with its line, all in one run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.errors import (
    MOST_SHOWN,
    BadCellError,
    BadFileError,
    FaultyTablesError,
    UnreadableError,
    did_you_mean,
)
from monazite.data import bounds, reader
from monazite.data.bounds import Budget, csv_records, utf8_text
from monazite.data.columns import Column, Schema, read_schema
from monazite.data.reader import Cell, Tables, read_cell, read_tables, split_cell
from monazite.store.quads import to_nquads
from monazite.store.store import store_of
from tests.conftest import SMALL_TABLES, write_small_ontology


def faults_of(ontology: Path) -> list[str]:
    return [str(fault) for fault in read_tables(ontology / "tables", read_schema(ontology)).faults]


def change(ontology: Path, table: str, old: str, new: str) -> None:
    file = ontology / "tables" / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_blank_is_no_cell_and_na_is_namibia(small_ontology: Path) -> None:
    rows = read_tables(small_ontology / "tables", read_schema(small_ontology)).of("countries")
    assert [row.text("iso2") for row in rows] == ["MY", "NA"]
    assert "region" in rows[1].cells
    assert "names" not in rows[1].cells


def test_line_is_where_a_row_begins_also_after_a_cell_of_two_lines(small_ontology: Path) -> None:
    change(small_ontology, "capacity", "table 3", '"table 3\nand 4"')
    change(small_ontology, "capacity", "actual-output", "actual-outputs")
    assert faults_of(small_ontology) == [
        'capacity.csv:4: in column "kind", "actual-outputs" is not in scheme of CapacityKind; '
        'did you mean "actual-output"?'
    ]


@pytest.mark.parametrize(
    ("table", "old", "new", "fault"),
    [
        ("capacity", "1.50,1,2", '1"50,1,2', "capacity.csv:2: "),
        ("capacity", "2025,1200", '2025,"1200', "capacity.csv:3: wrong quoting: unexpected end"),
        ("capacity", "2025,1200", "2025", "capacity.csv:3: 19 fields stand where the header has"),
        ("capacity", "2025,1200", "2025,1200,x", "capacity.csv:3: 21 fields stand where the head"),
        ("capacity", "2025,1200", "25,1200", 'capacity.csv:3: in column "as_of", "25" is not a d'),
        (
            "capacity",
            "2025,1200",
            "２０２５,1200",
            'capacity.csv:3: in column "as_of", "２０２５" is',
        ),
        ("capacity", "2025,1200", "2025,-1200", 'capacity.csv:3: in column "value", -1200 is bel'),
        ("capacity", "2025,1200", "2025,NA", 'capacity.csv:3: in column "value", "NA" is not a n'),
        ("capacity", "actual-output", "", 'capacity.csv:3: the column "kind" is blank; write it'),
        ("capacity", "kuantan-2025,", "kuantan-2024,", 'capacity.csv:3: the key "kuantan-2024" s'),
        ("capacity", "kuantan-2025,", "kuantan 2025,", 'capacity.csv:3: in column "row", the key'),
        (
            "capacity",
            "kuantan-2025,kuantan,",
            "kuantan-2025,kuantam,",
            'capacity.csv:3: in column "facility", "kuantam" is not in facilities.csv; '
            'did you mean "kuantan"?',
        ),
        (
            "capacity",
            "annual;digest",
            "annual;digets",
            'capacity.csv:2: in column "source", "digets" is not in sources.csv; '
            'did you mean "digest"?',
        ),
        ("capacity", "reo,,,,annual,", "reo,,, x,annual,", 'capacity.csv:3: in column "value_as'),
        ("capacity", ",value,", ",valeu,", 'capacity.csv:1: the column "valeu" is not known; did'),
        ("capacity", ",value,", ",unit,", 'capacity.csv:1: the column "unit" stands twice; take'),
        ("coordinates", "103.38", "-181", 'coordinates.csv:2: in column "lon", -181 is below -18'),
        ("sources", ",company,", ",firm,", 'sources.csv:2: in column "kind", "firm" is not in sch'),
        ("elements", ",66,", ",66.0,", 'elements.csv:2: in column "atomic_number", "66.0" is no'),
    ],
)
def test_a_bad_cell_is_one_fault(
    small_ontology: Path, table: str, old: str, new: str, fault: str
) -> None:
    change(small_ontology, table, old, new)
    (said,) = faults_of(small_ontology)
    assert said.startswith(fault)


@pytest.mark.parametrize(("mark", "named"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_columns_that_are_parted_by_something_else_are_one_fault(
    small_ontology: Path, mark: str, named: str
) -> None:
    file = small_ontology / "tables" / "codes.csv"
    file.write_text(file.read_text("utf-8").replace(",", mark), encoding="utf-8")
    told = f"codes.csv:1: the columns are parted by {named}; part them by commas"
    assert faults_of(small_ontology)[0] == told


def test_a_byte_order_mark_is_no_fault(small_ontology: Path) -> None:
    file = small_ontology / "tables" / "countries.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert faults_of(small_ontology) == []


def test_an_unreadable_table_leaves_no_dangling_references(small_ontology: Path) -> None:
    change(small_ontology, "sources", "annual,Lynas", 'annual,"Lynas')
    faults = faults_of(small_ontology)
    assert len(faults) == 1
    assert faults[0].startswith("sources.csv:2: wrong quoting")


def test_a_renamed_key_column_is_told_once(small_ontology: Path) -> None:
    change(small_ontology, "facilities", "id,name,", "ids,name,")
    assert faults_of(small_ontology) == [
        'facilities.csv:1: the column "id" is missing; add it',
        'facilities.csv:1: the column "ids" is not known; did you mean "id"?',
    ]


def test_a_missing_file(small_ontology: Path) -> None:
    (small_ontology / "tables" / "facilities.csv").unlink()
    assert faults_of(small_ontology) == [
        "facilities.csv: the table is missing; add it, header at least"
    ]


def test_a_missing_folder_is_an_error_with_its_name(tmp_path: Path, shipped: Tables) -> None:
    with pytest.raises(UnreadableError, match="nowhere cannot be read: No such file"):
        read_tables(tmp_path / "nowhere", shipped.schema)


@pytest.mark.whole
def test_a_reference_is_looked_for_in_the_table_that_the_row_names(ontology_copy: Path) -> None:
    change(ontology_copy, "stocks", "jpn-rare-metals-2020-03,countries,JPN,", "jpn,facilities,JPN,")
    assert faults_of(ontology_copy)[0].startswith(
        'stocks.csv:2: in column "holder", "JPN" is not in facilities.csv'
    )


@pytest.fixture(scope="module")
def try_cell(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str, str], Tables]:
    """Read the small tables with one cell of the last row of a table replaced."""
    folder = write_small_ontology(tmp_path_factory.mktemp("cells") / "small")
    schema: Schema = read_schema(folder)

    def read(table: str, column: str, text: str) -> Tables:
        header, *lines = list(csv.reader(io.StringIO(SMALL_TABLES[table])))
        lines[-1][header.index(column)] = text
        file = folder / "tables" / f"{table}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([header, *lines])
        tables = read_tables(folder / "tables", schema)
        file.write_text(SMALL_TABLES[table], encoding="utf-8")
        return tables

    return read


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.from_regex(r"-?[0-9]{1,25}(\.[0-9]{1,25})?", fullmatch=True),
    st.from_regex(r"[0-9]{1,5}(-[0-9]{1,2}){0,3}", fullmatch=True),
    st.sampled_from(["NA", "-", "1e5", "nan", "x@zh", "@zh", ";", "a;;b", '"', "\\", "{}", "%s"]),
)
PLACES = [
    (table, column)
    for table in ("sources", "countries", "coordinates", "capacity", "elements", "materials")
    for column in SMALL_TABLES[table].split("\n", maxsplit=1)[0].split(",")
]


@given(place=st.sampled_from(PLACES), text=CELLS)
def test_any_text_in_any_cell_is_read_or_is_a_fault(
    try_cell: Callable[[str, str, str], Tables], place: tuple[str, str], text: str
) -> None:
    tables = try_cell(*place, text)
    assert all(fault.line > 0 and fault.what and fault.fix for fault in tables.faults)
    if not tables.faults:
        quads = "".join(to_nquads(tables.rows, tables.schema))
        assert len(store_of(quads)) > len(tables.rows)


HEADER = "row,owner,owned,share_percent,status,valid_from,source\n"


def read_own(ontology: Path, text: str | bytes) -> Tables:
    """Read the small tables with rows of ownership of the reader's own."""
    file = ontology / "ownership.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_tables(ontology / "tables", read_schema(ontology), file)


def said_of(ontology: Path, text: str | bytes) -> list[str]:
    faults = read_own(ontology, text).faults
    return [str(fault).replace(f"{ontology / 'ownership.csv'}", "own") for fault in faults]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every name that was asked of ``did_you_mean``."""
    names: list[object] = []

    def note(name: object, known: Iterable[str]) -> str:
        names.append(name)
        return did_you_mean(name, known)

    monkeypatch.setattr(reader, "did_you_mean", note)
    return names


def test_what_was_meant_is_worked_out_once_for_a_value(
    small_ontology: Path, asked: list[object]
) -> None:
    rows = "".join(f"own-{n},lynas,kuantam,51,stated,2026,annual\n" for n in range(500))
    assert said_of(small_ontology, HEADER + rows) == [
        'own:2: in column "owned", "kuantam" is not in organisations.csv or facilities.csv '
        '(and so on 499 more lines); did you mean "kuantan"?'
    ]
    assert asked == ["kuantam"]


def test_faults_of_many_kinds_are_counted_by_kind(small_ontology: Path) -> None:
    rows = "".join(f"lynas-kuantan,o{n},kuantan,s{n},stated,y{n},annual\n" for n in range(100))
    tables = read_own(small_ontology, HEADER + rows)
    assert sum(fault.count for fault in tables.faults) == 400
    assert len(tables.faults) == 3 * (MOST_SHOWN + 1) + 1  # all keys stand in one place


def test_a_header_is_shown_whatever_it_says(small_ontology: Path) -> None:
    header = HEADER.strip() + ',"va\nlue","\x00\x1b\x9b\u202e\u2028\ufffe"\n'
    first, second = said_of(small_ontology, header)
    assert r'own:1: the column "\x00\x1b\x9b\u202e\u2028\ufffe" is not known' in first
    assert r'own:1: the column "va\nlue" is not known' in second


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER.encode("utf-16"), "own:1: the text is not UTF-8; save the file as UTF-8"),
        (HEADER.encode("utf-16-le"), "own:1: the column"),
        (b"", "own:1: the file is empty; write the header"),
        (b"\xef\xbb\xbf", "own:1: the file is empty; write the header"),
        (b"\x00", 'own:1: the column "\\x00" is not known'),
        (HEADER + '"' + "x" * 1_100_000, "own:2: a cell has more than 1,048,576 characters; sho"),
        (HEADER + '"x', "own:2: wrong quoting: unexpected end of data; mend the quotes"),
        ("a," * 1_500 + "\n", "own:1: the header has 1,501 columns, and no more than 1,000 are"),
        ("row,row,row\n", 'own:1: the column "row" stands 3 times; take one out'),
    ],
    ids=range(9),
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    small_ontology: Path, text: str | bytes, said: str
) -> None:
    assert any(line.startswith(said) for line in said_of(small_ontology, text))


def test_a_lone_carriage_return_ends_a_line(small_ontology: Path) -> None:
    text = HEADER + "own,lynas,kuantan,51,stated,2026,annual\n"
    assert read_own(small_ontology, text.replace("\n", "\r")).own == 1


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("ROWS", "the tables have more than 25 rows"),
        ("CELLS", "the tables have more than 25 cells"),
    ],
)
def test_rows_and_cells_beyond_a_bound_are_refused(
    small_ontology: Path, monkeypatch: pytest.MonkeyPatch, bound: str, said: str
) -> None:
    monkeypatch.setattr(bounds, bound, 25)
    rows = "".join(f"own-{n},lynas,kuantan,51,stated,2026,annual\n" for n in range(30))
    assert any(said in line for line in said_of(small_ontology, HEADER + rows))


TEXTS = st.text(
    st.one_of(
        st.sampled_from('row,owner"\n\r\t;=\x00\x1b\x9b\u202e\u2028\ufeff\ufffe'),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)


@given(place=st.integers(0, 120), cut=st.integers(0, 20), text=TEXTS)
def test_whatever_a_csv_says_each_of_its_rows_is_read_or_the_fault_is_told(
    own_table: Path, place: int, cut: int, text: str
) -> None:
    good = HEADER + "own,lynas,kuantan,51,stated,2026,annual\n" * 2
    content = good[:place] + text + good[place + cut :]
    tables = read_own(own_table, content)
    assert all(str(fault).isprintable() for fault in tables.faults)
    if not tables.faults:
        lines = csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline=""), strict=True)
        assert tables.own == sum(1 for fields in lines if fields) - 1


@pytest.fixture(scope="module")
def own_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small ontology beside which an own table is written again and again."""
    return write_small_ontology(tmp_path_factory.mktemp("own") / "small")


SOURCES = "id,publisher,title,published,accessed,kind,tier\nours,We,A note,2026-01,,company,3\n"
OWNERSHIP = "row,owner,owned,share_percent,status,valid_from,source\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def read_beside(ontology: Path, data: Path) -> Tables:
    return read_tables(ontology / "tables", read_schema(ontology), data)


def test_own_rows_stand_beside_the_shipped_and_may_name_them(
    small_ontology: Path, own: Path
) -> None:
    (own / "sources.csv").write_text(SOURCES, encoding="utf-8")
    row = "us-kuantan,lynas,kuantan-east,51,stated,2026-02,ours;annual\n"
    (own / "ownership.csv").write_text(OWNERSHIP + row, encoding="utf-8")
    tables = read_beside(small_ontology, own)
    assert tables.faults == []
    assert [found.key for found in tables.of("ownership")] == ["lynas-kuantan", "us-kuantan"]
    assert tables.rows[-1].file == str(own / "sources.csv")


def test_own_faults_name_the_file_of_the_reader(small_ontology: Path, own: Path) -> None:
    rows = "lynas-kuantan,lynas,nowhere,x,stated,2026-02,annual\n"
    (own / "ownership.csv").write_text(OWNERSHIP + rows, encoding="utf-8")
    (own / "owners.csv").write_text("a\n", encoding="utf-8")
    file = own / "ownership.csv"
    said = [str(fault) for fault in read_beside(small_ontology, own).faults]
    assert said.pop(1).startswith(f'{file}:2: in column "owned", "nowhere" is not in ')
    assert said == [
        f'{own / "owners.csv"}: there is no table of that name; did you mean "ownership"?',
        f'{file}:2: in column "share_percent", "x" is not a number; '
        "write digits and one point, or leave the cell blank",
        f'{file}:2: the key "lynas-kuantan" stands in ownership.csv:2 already; '
        "give the row a key of its own; monazite contribute changes one of ours",
    ]


def test_a_record_says_on_which_line_it_begins() -> None:
    text = 'a;b\n"1\n2";3\n\n4;5\n'
    assert list(csv_records(text, Budget(), ";")) == [
        (1, ["a", "b"]),
        (2, ["1\n2", "3"]),
        (5, ["4", "5"]),
    ]


def test_the_first_byte_that_is_wrong_has_a_line() -> None:
    with pytest.raises(BadFileError) as told:
        utf8_text(b"a\nb\xff\n")
    assert (told.value.what, told.value.line) == ("the text is not UTF-8", 2)
    with pytest.raises(BadFileError, match="wrong quoting"):
        list(csv_records('"a', Budget()))
    with pytest.raises(BadFileError, match="it has more than 20,000,000 commas"):
        list(csv_records("," * 20_000_001, Budget()))


SHARE = Column("share", "p", "decimal", minimum=Decimal(0), maximum=Decimal(100))


@pytest.mark.parametrize(
    ("kind", "text", "what", "fix"),
    [
        ("integer", "1.0", '"1.0" is not a whole number', "write digits only"),
        ("decimal", "1,5", '"1,5" is not a number', "one point"),
        ("decimal", "0.1234567890123456789", "more than 18 digits", "round it"),
        ("decimal", "9" * 19 + ".5", "more than 18 digits before the point", "its unit"),
        ("integer", "9" * 5_000, "more than 18 digits before the point", "check the number"),
        ("date", "2023-02-29", "is not a date", "write 2025"),
        ("anyURI", "example.org", "is not an address", "from https:// on"),
        ("boolean", "True", "neither true nor false", "true or false"),
        ("text", "稀土 @zh", "begins or ends with a blank", "take the blank out"),
        ("string", " a", "begins or ends with a blank", "take the blank out"),
        *(
            ("string", f"a{hidden}b", "a character that does not show", "take it out")
            for hidden in "\x00\x1b\x9b\u202e\u2028\ufffe\U0010ffff\u200b\xad"
        ),
    ],
)
def test_what_does_not_fit_is_told_with_what_to_do(
    kind: str, text: str, what: str, fix: str
) -> None:
    with pytest.raises(BadCellError) as raised:
        read_cell(text, Column("c", "p", kind))
    assert what in raised.value.what
    assert fix in raised.value.fix


@pytest.mark.parametrize(("text", "fits"), [("0", 1), ("100.0", 1), ("-0.1", 0), ("100.1", 0)])
def test_both_ends_of_a_range_are_in_it(text: str, fits: int) -> None:
    if fits:
        assert read_cell(text, SHARE).text == text
    else:
        with pytest.raises(BadCellError, match=r"is (below 0|above 100)"):
            read_cell(text, SHARE)


def test_a_key_is_what_an_address_can_carry() -> None:
    key = Column("row", "p", "string", key=True)
    assert read_cell("mt-weld.2024+1", key).text == "mt-weld.2024+1"
    for text in ("a/b", "-a", "a b", "镝"):
        with pytest.raises(BadCellError, match="an address cannot carry"):
            read_cell(text, key)


def test_only_a_known_language_is_one() -> None:
    names = Column("names", "p", "text", many=True)
    assert read_cell("稀土@zh", names) == Cell("稀土", "zh")
    assert read_cell("a@xx", names) == Cell("a@xx")


def test_several_values_stand_only_in_a_column_that_is_a_list() -> None:
    assert split_cell("a; b;;", Column("c", "p", "string", many=True)) == ["a", "b"]
    assert split_cell("a; b", Column("c", "p", "string")) == ["a; b"]
    assert split_cell("", Column("c", "p", "string")) == []


def test_all_broken_files_are_listed_with_their_lines(small_ontology: Path) -> None:
    for name in ("shapes/capacity.ttl", "schemes/stage.ttl"):
        (small_ontology / name).write_text(
            "@prefix a: <https://a.org/> .\na:b a:c ;;; [\n", "utf-8"
        )
    (small_ontology / "monazite.ttl").unlink()
    with pytest.raises(FaultyTablesError) as raised:
        read_schema(small_ontology)
    files = [fault.file for fault in raised.value.faults]
    assert files == ["monazite.ttl", "schemes/stage.ttl", "shapes/capacity.ttl"]
    broken = raised.value.faults[1:]
    assert all("broken Turtle" in fault.what and fault.line > 0 for fault in broken)
