"""Bad tables: each fault names its file and line, and all faults come in one run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.errors import MOST_SHOWN, UnreadableError, did_you_mean
from monazite.rows import bounds, csv_records, table_texts
from monazite.rows.columns import Schema, read_schema
from monazite.rows.reader import Tables, read_tables
from monazite.triples.quads import to_nquads
from monazite.triples.store import store_of
from tests.conftest import SMALL_TABLES, write_small_ontology


def faults_of(ontology: Path) -> list[str]:
    return [str(fault) for fault in read_tables(ontology / "tables", read_schema(ontology)).faults]


def change(ontology: Path, table: str, old: str, new: str) -> None:
    file = ontology / "tables" / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_shipped_tables_have_no_fault(shipped: Tables) -> None:
    assert shipped.faults == []
    assert len(shipped.rows) > 19_000


def test_small_tables_have_no_fault(small_ontology: Path) -> None:
    assert faults_of(small_ontology) == []


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
    ("old", "new", "fault"),
    [
        ("1.50,1,2", '1"50,1,2', "capacity.csv:2: "),
        ("2025,1200", '2025,"1200', "capacity.csv:3: wrong quoting: unexpected end of data"),
        ("2025,1200", '2025,"1"200', "capacity.csv:3: wrong quoting: ',' expected after '\"'"),
        ("2025,1200", "2025", "capacity.csv:3: 19 fields stand where the header has 20"),
        ("2025,1200", "2025,1200,x", "capacity.csv:3: 21 fields stand where the header has 20"),
        ("2025,1200", "2025-13,1200", 'capacity.csv:3: in column "as_of", "2025-13" is not a date'),
        ("2025,1200", "25,1200", 'capacity.csv:3: in column "as_of", "25" is not a date'),
        ("2025,1200", "2025-4,1200", 'capacity.csv:3: in column "as_of", "2025-4" is not a date'),
        (
            "2025,1200",
            "2025-02-30,1200",
            'capacity.csv:3: in column "as_of", "2025-02-30" is not a date',
        ),
        ("2025,1200", "2025,-1200", 'capacity.csv:3: in column "value", -1200 is below 0'),
        ("2025,1200", "2025,1 200", 'capacity.csv:3: in column "value", "1 200" is not a number'),
        ("2025,1200", "2025,1e3", 'capacity.csv:3: in column "value", "1e3" is not a number'),
        ("2025,1200", "2025,NA", 'capacity.csv:3: in column "value", "NA" is not a number'),
        (
            "2025,1200",
            "2025,0.1234567890123456789",
            'capacity.csv:3: in column "value", "0.1234567890123456789" has more than 18 digits',
        ),
        ("actual-output", "", 'capacity.csv:3: the column "kind" is blank; write it, for example'),
        (
            "kuantan-2025,",
            "kuantan-2024,",
            'capacity.csv:3: the key "kuantan-2024" stands on line 2 already',
        ),
        ("kuantan-2025,", "kuantan 2025,", 'capacity.csv:3: in column "row", the key "kuantan 202'),
        (
            "kuantan-2025,kuantan,",
            "kuantan-2025,kuantam,",
            'capacity.csv:3: in column "facility", "kuantam" is not in facilities.csv; '
            'did you mean "kuantan"?',
        ),
        (
            "annual;digest",
            "annual;digets",
            'capacity.csv:2: in column "source", "digets" is not in sources.csv; '
            'did you mean "digest"?',
        ),
        (
            "reo,,,,annual,",
            "reo,,, x,annual,",
            'capacity.csv:3: in column "value_as_printed", " ',
        ),
        (
            "reo,,,,annual,",
            "reo,,,\x07,annual,",
            'capacity.csv:3: in column "value_as_printed", a',
        ),
        (
            ",value,",
            ",valeu,",
            'capacity.csv:1: the column "valeu" is not known; did you mean "v',
        ),
    ],
)
def test_a_bad_cell_of_a_record(small_ontology: Path, old: str, new: str, fault: str) -> None:
    change(small_ontology, "capacity", old, new)
    faults = faults_of(small_ontology)
    assert len(faults) == 1
    assert faults[0].startswith(fault)


@pytest.mark.parametrize(
    ("table", "old", "new", "fault"),
    [
        (
            "countries",
            "Malaysia,",
            ",",
            'countries.csv:2: the column "name" is blank; write it',
        ),
        ("coordinates", "3.99", "91", 'coordinates.csv:2: in column "lat", 91 is above 90'),
        ("coordinates", "103.38", "-181", 'coordinates.csv:2: in column "lon", -181 is below -180'),
        (
            "sources",
            "https://example.org/a",
            "example.org",
            'sources.csv:2: in column "url", "exa',
        ),
        ("sources", ",company,", ",firm,", 'sources.csv:2: in column "kind", "firm" is not in sch'),
        (
            "elements",
            ",66,",
            ",66.0,",
            'elements.csv:2: in column "atomic_number", "66.0" is no',
        ),
        (
            "countries",
            "iso2,name,",
            "iso2,name,iso3,",
            'countries.csv:1: the column "iso3" is not known; did you mean "iso2"?',
        ),
    ],
)
def test_a_bad_cell_of_an_entity(
    small_ontology: Path, table: str, old: str, new: str, fault: str
) -> None:
    change(small_ontology, table, old, new)
    assert faults_of(small_ontology)[0].startswith(fault)


def test_a_column_that_stands_twice_is_told(small_ontology: Path) -> None:
    change(small_ontology, "capacity", ",value,", ",unit,")
    assert 'capacity.csv:1: the column "unit" stands twice; take one out' in faults_of(
        small_ontology
    )


@pytest.mark.parametrize(("mark", "named"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_columns_that_are_parted_by_something_else_are_one_fault(
    small_ontology: Path, mark: str, named: str
) -> None:
    file = small_ontology / "tables" / "codes.csv"
    file.write_text(file.read_text("utf-8").replace(",", mark), encoding="utf-8")
    told = f"codes.csv:1: the columns are parted by {named}; part them by commas"
    assert faults_of(small_ontology)[0] == told


def test_a_column_that_stands_twice_is_one_fault(small_ontology: Path) -> None:
    change(small_ontology, "capacity", ",value,", ",unit,")
    assert len(faults_of(small_ontology)) == 1


def test_bad_utf8_names_the_line(small_ontology: Path) -> None:
    file = small_ontology / "tables" / "countries.csv"
    file.write_bytes(file.read_bytes().replace(b"Namibia", b"Nam\xff"))
    assert faults_of(small_ontology) == [
        "countries.csv:3: the text is not UTF-8; save the file as UTF-8"
    ]


def test_a_byte_order_mark_is_no_fault(small_ontology: Path) -> None:
    file = small_ontology / "tables" / "countries.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert faults_of(small_ontology) == []


def test_an_unreadable_table_leaves_no_dangling_references(small_ontology: Path) -> None:
    change(small_ontology, "sources", "annual,Lynas", 'annual,"Lynas')
    faults = faults_of(small_ontology)
    assert len(faults) == 1
    assert faults[0].startswith("sources.csv:2: wrong quoting")


def test_a_renamed_column_is_one_fault_in_a_table_of_thousands(ontology_copy: Path) -> None:
    file = ontology_copy / "tables" / "baci.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("row,exporter,", "row,exporters,", 1), encoding="utf-8")
    faults = faults_of(ontology_copy)
    assert faults == [
        'baci.csv:1: the column "exporter" is missing; add it',
        'baci.csv:1: the column "exporters" is not known; did you mean "exporter"?',
    ]


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


def test_an_unknown_file(small_ontology: Path) -> None:
    (small_ontology / "tables" / "capacities.csv").write_text("row\n", encoding="utf-8")
    assert faults_of(small_ontology) == [
        'capacities.csv: there is no table of that name; did you mean "capacity"?'
    ]


def test_an_empty_file(small_ontology: Path) -> None:
    (small_ontology / "tables" / "codes.csv").write_text("", encoding="utf-8")
    assert faults_of(small_ontology) == ["codes.csv:1: the file is empty; write the header"]


def test_a_folder_in_place_of_a_table(small_ontology: Path) -> None:
    (small_ontology / "tables" / "codes.csv").unlink()
    (small_ontology / "tables" / "codes.csv").mkdir()
    assert faults_of(small_ontology) == [
        "codes.csv: cannot be read: it is a folder and no file; check the file"
    ]


def test_a_missing_folder_is_an_error_with_its_name(tmp_path: Path, shipped: Tables) -> None:
    with pytest.raises(UnreadableError, match="nowhere cannot be read: No such file"):
        read_tables(tmp_path / "nowhere", shipped.schema)


def test_faults_of_several_files_come_in_one_run_and_in_order(small_ontology: Path) -> None:
    change(small_ontology, "capacity", "2025,1200", "25,-1200")
    change(small_ontology, "coordinates", "kuantan,3.99", "kuantam,3.99")
    change(small_ontology, "countries", "Malaysia,", ",")
    change(small_ontology, "sources", ",company,", ",firm,")
    (small_ontology / "tables" / "codes.csv").unlink()
    faults = faults_of(small_ontology)
    assert [fault.split(": ")[0] for fault in faults] == [
        "capacity.csv:3",
        "capacity.csv:3",
        "codes.csv",
        "coordinates.csv:2",
        "countries.csv:2",
        "sources.csv:2",
    ]


def test_a_reference_is_looked_for_in_the_table_that_the_row_names(ontology_copy: Path) -> None:
    file = ontology_copy / "tables" / "stocks.csv"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("jpn-rare-metals-2020-03,countries,JPN,", "jpn,facilities,JPN,"),
        encoding="utf-8",
    )
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


@pytest.mark.parametrize("text", ["２０２５", "٢٠٢٥-٠١"])
def test_digits_of_other_scripts_are_no_date(
    try_cell: Callable[[str, str, str], Tables], text: str
) -> None:
    assert try_cell("capacity", "as_of", text).faults


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

    monkeypatch.setattr(table_texts, "did_you_mean", note)
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


def test_what_was_meant_is_no_longer_worked_out_after_very_many(
    small_ontology: Path, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_texts, "_COMPARED", 100)
    rows = "".join(f"own-{n},lynas,kuantan{n},51,stated,2026,annual\n" for n in range(500))
    tables = read_own(small_ontology, HEADER + rows)
    assert 0 < len(asked) < 100
    assert sum(fault.count for fault in tables.faults) == 500
    assert len(tables.faults) == MOST_SHOWN + 1


def test_faults_of_many_kinds_are_counted_by_kind(small_ontology: Path) -> None:
    rows = "".join(f"lynas-kuantan,o{n},kuantan,s{n},stated,y{n},annual\n" for n in range(1000))
    tables = read_own(small_ontology, HEADER + rows)
    assert sum(fault.count for fault in tables.faults) == 4000
    assert len(tables.faults) == 3 * (MOST_SHOWN + 1) + 1  # all keys stand in one place


def test_a_header_is_shown_whatever_it_says(small_ontology: Path) -> None:
    header = HEADER.strip() + ',"va\nlue","\x00\x1b\x9b\u202e\u2028\ufffe"\n'
    first, second = said_of(small_ontology, header)
    assert r'own:1: the column "\x00\x1b\x9b\u202e\u2028\ufffe" is not known' in first
    assert r'own:1: the column "va\nlue" is not known' in second


@pytest.mark.parametrize(
    "hidden",
    ["\x00", "\x1b", "\x9b", "\u202e", "\u2028", "\ufffe", "\U0010ffff", "\u200b", "\xad"],
)
def test_a_cell_with_a_character_that_hides_is_refused(small_ontology: Path, hidden: str) -> None:
    row = "own,lynas,kuantan,51,stated,2026,annual\n".replace("own", f"o{hidden}wn")
    (fault,) = said_of(small_ontology, HEADER + row)
    shown = hidden.encode("unicode_escape").decode()
    assert fault == (
        'own:2: in column "row", a character that does not show stands in the text: '
        f"{shown}; take it out"
    )


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


def test_commas_beyond_a_bound_are_refused(
    small_ontology: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_records, "_SEPARATORS", 60)
    assert said_of(small_ontology, HEADER + "," * 60) == [
        "own: it has more than 60 commas; leave out what no question needs, or ask in parts"
    ]


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
