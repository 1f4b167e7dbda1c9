"""Tables -> RDF -> tables is the identity: for the shipped tables, and for any others.

An order is what RDF has not: from a file in the order of writing every table comes back byte by
byte, from a store the same cells in another order. A header may leave out blank optional
columns, which RDF cannot know: it is given.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.core.package import ontology_folder
from monazite.data.columns import Column, Schema, TableShape
from monazite.data.iris import BASE, NS
from monazite.data.reader import Cell, Row, Tables, read_tables
from monazite.export.contribution import edit_table, written
from monazite.export.tables import header_of, to_csv
from monazite.store.quads import to_nquads
from monazite.store.store import store_of
from tests.export.read_back import read_rows

TABLES = ontology_folder() / "tables"


def unordered(rows: Iterable[Row]) -> list[tuple[object, ...]]:
    return sorted(
        (row.table, row.key, sorted((name, sorted(map(str, c))) for name, c in row.cells.items()))
        for row in rows
    )


@pytest.fixture(scope="module")
def nquads(shipped: Tables) -> str:
    return "".join(to_nquads(shipped.rows, shipped.schema))


@pytest.fixture(scope="module")
def rows_of_the_file(
    nquads: str, shipped: Tables, tmp_path_factory: pytest.TempPathFactory
) -> list[Row]:
    file = tmp_path_factory.mktemp("rdf") / "tables.nq"
    file.write_text(nquads, encoding="utf-8")
    return read_rows(ox.parse(path=file, format=ox.RdfFormat.N_QUADS), shipped.schema)


def test_every_shipped_table_comes_back_byte_by_byte(
    rows_of_the_file: list[Row], shipped: Tables
) -> None:
    """A shipped header leaves out nothing but blank columns."""
    of_table: dict[str, list[Row]] = {}
    for row in rows_of_the_file:
        of_table.setdefault(row.table, []).append(row)
    for file in sorted(TABLES.glob("*.csv")):
        original = file.read_bytes()
        header = original.decode().split("\n", 1)[0].split(",")
        rows, table = of_table.get(file.stem, []), shipped.schema.tables[file.stem]
        assert to_csv(table, rows, header) == original, file.stem
        assert [name for name in header_of(table) if name in header] == header
        assert {name for row in shipped.of(table.name) for name in row.cells} <= set(header)
        assert [row.line for row in rows] == list(range(2, len(rows) + 2))


@pytest.mark.whole
def test_rows_come_back_from_a_store_but_for_their_order(nquads: str, shipped: Tables) -> None:
    found = read_rows(store_of(nquads).quads(), shipped.schema)
    assert unordered(found) == unordered(shipped.rows)


def test_quads_of_others_are_left_alone(shipped: Tables) -> None:
    text = (
        f'<{BASE}row/nonsense/a> <{NS}value> "1" <{BASE}row/nonsense/a> .\n'
        f'<https://a.org/a> <{NS}value> "1" <https://a.org/g> .\n'
        f'<https://a.org/a> <{NS}value> "1" .\n'
        f'_:b <{NS}value> "1" <{BASE}graph/evidence> .\n'
    )
    assert read_rows(store_of(text).quads(), shipped.schema) == []


# Any tables: an entity, a source and a record with a column of every kind

SOURCE, THING, FACT, COLOUR = (NS + name for name in ("Source", "Thing", "Fact", "Colour"))
KEY = Column("id", NS + "id", "string", required=True, key=True)
CITED = Column("source", NS + "cites", "reference", (SOURCE,), many=True, about_row=True)
NOTE = Column("note", NS + "note", "string", about_row=True)


def shape(name: str, iri: str, kind: str, place: str, *columns: Column) -> TableShape:
    return TableShape(name, iri, kind, place, "none", (), columns)


SCHEMA = Schema(
    {
        "facts": shape(
            *("facts", FACT, "record", ""),
            Column("string", NS + "string", "string"),
            Column("text", NS + "text", "text"),
            Column("texts", NS + "texts", "text", many=True),
            Column("integer", NS + "integer", "integer"),
            Column("decimal", NS + "decimal", "decimal"),
            Column("decimals", NS + "decimals", "decimal", many=True),
            Column("boolean", NS + "boolean", "boolean"),
            Column("address", NS + "address", "anyURI"),
            Column("date", NS + "date", "date"),
            Column("colour", NS + "colour", "reference", (COLOUR,)),
            Column("named", NS + "named", "reference", (THING, COLOUR), many=True),
            Column("table", NS + "table", "string"),
            Column("any", NS + "any", "in-table", table_in="table"),
            Column("row", NS + "rowKey", "string", required=True, key=True, about_row=True),
            *(CITED, NOTE),
        ),
        "sources": shape(
            *("sources", SOURCE, "source", "source/"),
            *(KEY, Column("published", NS + "published", "date"), NOTE),
        ),
        "things": shape(
            *("things", THING, "entity", "id/thing/"),
            *(KEY, Column("size", NS + "size", "decimal"), CITED, NOTE),
        ),
    },
    codes={COLOUR: {"red": BASE + "scheme/colour/red", "deep blue": BASE + "scheme/colour/blue"}},
)
KEYS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,6}", fullmatch=True)
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Zl", "Zp")), min_size=1, max_size=12
).map(str.strip).filter(bool) | st.sampled_from(
    ["a\nb", 'he said "no"', "\\n", "a\tb", "@zh", "=1+1", "0", "a,b;c"]
)
LISTED = WORDS.filter(lambda text: ";" not in text)
INTEGERS = st.from_regex(r"-?[0-9]{1,18}", fullmatch=True)
DECIMALS = INTEGERS | st.from_regex(r"-?[0-9]{1,15}\.[0-9]{1,18}", fullmatch=True)
DATES = st.tuples(st.dates(), st.sampled_from([4, 7, 10])).map(lambda each: str(each[0])[: each[1]])
TAGGED = st.tuples(LISTED, st.sampled_from(["", "@zh", "@ja", "@en"])).map("".join)


def listed(values: st.SearchStrategy[str], *, same: object = str) -> st.SearchStrategy[str]:
    """A list is a set in RDF: no value stands twice, however it is printed."""
    return st.lists(values, max_size=3, unique_by=same).map(";".join)  # type: ignore[arg-type]


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    """Cells of three tables as texts."""

    def maybe(values: st.SearchStrategy[str]) -> str:
        return draw(st.just("") | values)

    def some(keys: list[str]) -> str:
        return draw(listed(st.sampled_from(keys))) if keys else ""

    sources = draw(st.lists(KEYS, max_size=3, unique=True))
    things = draw(st.lists(KEYS.filter(lambda key: key != "red"), max_size=3, unique=True))
    facts = []
    for key in draw(st.lists(KEYS, max_size=3, unique=True)):
        table = draw(
            st.sampled_from([name for name, keys in (("", [""]), ("things", things)) if keys])
        )
        facts.append(
            {
                "row": key,
                "string": maybe(WORDS),
                "text": maybe(st.tuples(WORDS, st.sampled_from(["", "@ko"])).map("".join)),
                "texts": maybe(listed(TAGGED)),
                "integer": maybe(INTEGERS),
                "decimal": maybe(DECIMALS),
                "decimals": maybe(listed(DECIMALS, same=Decimal)),
                "boolean": maybe(st.sampled_from(["true", "false"])),
                "address": maybe(st.just("https://例え.jp/稀土?a=1#b")),
                "date": maybe(DATES),
                "colour": maybe(st.sampled_from(["red", "deep blue"])),
                "named": some([*things, "red"]),
                "table": table,
                "any": draw(st.sampled_from(things)) if table else "",
                "source": some(sources),
                "note": maybe(WORDS),
            }
        )
    return {
        "facts": facts,
        "sources": [{"id": k, "published": maybe(DATES), "note": maybe(WORDS)} for k in sources],
        "things": [
            {"id": k, "size": maybe(DECIMALS), "source": some(sources), "note": maybe(WORDS)}
            for k in things
        ],
    }


def as_written(table: TableShape, lines: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, header_of(table), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()


@pytest.mark.whole
@given(tables())
def test_any_tables_come_back(content: dict[str, list[dict[str, str]]]) -> None:
    original = {name: as_written(SCHEMA.tables[name], lines) for name, lines in content.items()}
    with tempfile.TemporaryDirectory() as folder:
        for name, data in original.items():
            (Path(folder) / f"{name}.csv").write_bytes(data)
        read = read_tables(Path(folder), SCHEMA)
        assert read.faults == []
        text = "".join(to_nquads(read.rows, SCHEMA))
        file = Path(folder) / "all.nq"
        file.write_text(text, encoding="utf-8", newline="")
        found = read_rows(ox.parse(path=file, format=ox.RdfFormat.N_QUADS), SCHEMA)
    assert [(row.table, row.key) for row in found] == [(row.table, row.key) for row in read.rows]
    for name, table in SCHEMA.tables.items():
        assert to_csv(table, [row for row in found if row.table == name]) == original[name]
    in_store = read_rows(store_of(text).quads(), SCHEMA)
    assert unordered(in_store) == unordered(read.rows)


def test_a_number_keeps_its_digits_in_a_list_too() -> None:
    cells = (Cell("1.50"), Cell("2"), Cell("-0.0"))
    row = Row("facts", "a", "facts.csv", 2, {"row": (Cell("a"),), "decimals": cells})
    found = read_rows(store_of("".join(to_nquads([row], SCHEMA))).quads(), SCHEMA)
    assert {cell.text for cell in found[0].cells["decimals"]} == {"1.50", "2", "-0.0"}


EDITED_HEADER = "row,x\n"
EDITED_TEXTS = st.text(alphabet=st.sampled_from('ab ,"\n\u2028稀'), max_size=6)
EDITED_ROWS = st.dictionaries(
    st.text(alphabet="abcd", min_size=1, max_size=2), EDITED_TEXTS, max_size=6
)


def read_lines(text: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(text, newline=""), strict=True)][1:]


@given(EDITED_ROWS, EDITED_ROWS, st.booleans())
def test_what_is_put_in_is_there_and_all_else_as_it_was(
    there: dict[str, str], new: dict[str, str], in_order: bool
) -> None:
    keys = sorted(there, reverse=not in_order)
    before = EDITED_HEADER + "".join(written([key, there[key]]) for key in keys)
    fields = {key: [key, text] for key, text in new.items()}
    edited = edit_table("t", before, fields, "row")
    after = read_lines(edited.after)
    assert dict(after) == {**there, **new}
    if in_order or len(there) < 2:
        assert [key for key, _ in after] == sorted({**there, **new})
    else:
        assert [key for key, _ in after] == [*keys, *sorted(new.keys() - there.keys())]
    lines = edited.after.split("\n")
    for line, key in edited.lines.items():
        assert lines[line - 1].startswith(key)
    assert {*edited.lines.values()} == {*new}


@given(EDITED_ROWS, EDITED_ROWS)
def test_the_order_of_what_is_put_in_says_nothing(
    there: dict[str, str], new: dict[str, str]
) -> None:
    before = EDITED_HEADER + "".join(written([key, there[key]]) for key in there)
    fields = {key: [key, text] for key, text in new.items()}
    turned = dict(reversed(fields.items()))
    one, two = (edit_table("t", before, each, "row") for each in (fields, turned))
    assert one.patch("a") == two.patch("a")


def test_a_patch_names_the_table_in_its_folder_and_says_nothing_of_nothing() -> None:
    edited = edit_table("t", "row,x\na,1\n", {"b": ["b", "2"]}, "row")
    assert edited.patch("ontology/tables") == (
        "--- a/ontology/tables/t.csv\n+++ b/ontology/tables/t.csv\n"
        "@@ -1,2 +1,3 @@\n row,x\n a,1\n+b,2\n"
    )
    assert edit_table("t", "row,x\na,1\n", {}, "row").patch("x") == ""
