"""A reader's own tables, cells, releases and contributions: faults, or what can be held."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from openpyxl import Workbook

from monazite.core.errors import (
    BadCellError,
    BadDateError,
    FaultyTablesError,
    MonaziteError,
    UnknownNameError,
    UnreadableError,
)
from monazite.core.package import ontology_folder
from monazite.data.columns import Column, Schema, read_schema
from monazite.data.dates import date_bounds
from monazite.data.iris import BASE, DIRECT, EVIDENCE
from monazite.data.reader import Cell, read_cell, read_tables, split_cell
from monazite.data.releases import RECORD, read_release
from monazite.export.contribution import contribute
from monazite.store.chunks import to_chunks
from monazite.store.queries import day_of
from tests.conftest import SMALL_TABLES, write_small_ontology
from tests.data.test_releases import FILES, write_release
from tests.fuzz.target import HOSTILE_TEXT, NUMBERS, Target, edited, encoded, require, text_target

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # What a terminal obeys; a fault is one line
OWN = {
    "sources": (
        "id,publisher,title,published,accessed,kind,tier\nours,We,A note,2026-01,,company,3\n"
    ),
    "ownership": (
        "row,owner,owned,share_percent,status,valid_from,source\n"
        "us-kuantan,lynas,kuantan-east,51,stated,2026-02,annual;digest\n"
    ),
    "facilities": "id,name,names,country,source\nour-plant,Our plant,稀土@zh,MYS,annual\n",
    "capacity": SMALL_TABLES["capacity"].replace("kuantan-20", "ours-20"),
    "materials": SMALL_TABLES["materials"].replace("\ndysprosium-oxide", "\nour-oxide"),
}
"""Tables that a reader could bring, without a fault."""
PIECES = (
    *('"', '""', ",", "\n", "\r\n", "\r", ";", "\ufeff", "@zh", "=1+1", "ours", "annual"),
    "kuantan",
    *("id", "row", "source", "joint", "2026", "-1", "1e9", "9" * 400, "stated", "row,", "\x00"),
    ",,",
)


def tables(folder: Path) -> Target:
    """CSV files beside the tables of a small ontology."""
    base, schema = small(folder)
    own = folder / "own"
    own.mkdir(exist_ok=True)
    named = st.one_of(
        st.sampled_from([*OWN]), st.sampled_from(("Sources", "owner", "x.y", "sources "))
    )
    files = st.dictionaries(named, encoded(table_texts()), min_size=1, max_size=2)

    def check(given: dict[str, bytes]) -> None:
        for file in own.iterdir():
            file.unlink()
        for name, content in given.items():
            (own / f"{name}.csv").write_bytes(content)
        check_own(base, schema, own)

    order = [*OWN]
    return Target(
        files,
        check,
        raw=lambda data: {order[(data or b"\0")[0] % len(order)]: data[1:]},
        seeds=tuple(bytes([place]) + text.encode() for place, text in enumerate(OWN.values())),
        words=PIECES,
    )


def small(folder: Path) -> tuple[Path, Schema]:
    base = folder / "small"
    shutil.rmtree(base, ignore_errors=True)
    write_small_ontology(base)
    return base / "tables", read_schema(base)


def table_texts() -> SearchStrategy[str]:
    """Texts of tables: real ones with edits, and rows of any cells below real headers."""
    return st.one_of(edited([*OWN.values()], PIECES), rows_of_any_cells())


@st.composite
def rows_of_any_cells(draw: DrawFn) -> str:
    """A real header, perhaps with a column less or one twice, above rows of any cells."""
    header, *rows = csv.reader(io.StringIO(draw(st.sampled_from([*OWN.values()]))))
    good = sorted({cell for row in rows for cell in row})
    cell = st.one_of(st.sampled_from(good), HOSTILE_TEXT, NUMBERS)
    columns = draw(st.one_of(st.just(header), st.lists(st.sampled_from(header), max_size=20)))
    width = st.sampled_from((len(columns),) * 6 + (0, 1, len(columns) + 1))
    lines = [columns]
    for _ in range(draw(st.integers(0, 3))):
        line = [draw(cell) for _ in range(draw(width))]
        for place, name in enumerate(columns[: len(line)]):
            if draw(st.integers(0, 3)):
                line[place] = rows[0][header.index(name)]
        lines.append(line)
    out = io.StringIO()
    csv.writer(out, lineterminator=draw(st.sampled_from(("\n", "\r\n", "\r")))).writerows(lines)
    return out.getvalue()


def check_own(base: Path, schema: Schema, data: Path) -> None:
    """Read tables; what is without fault is written as quads, each in the graph of a row."""
    try:
        tables = read_tables(base, schema, data)
    except MonaziteError as error:
        require(str(error).strip(), "an error says nothing")
        return
    for fault in tables.faults:
        require(fault.what and fault.fix and fault.line >= 0, "a fault says nothing")
        shown = str(fault)
        require(not CONTROL.search(shown), f"a fault that plays on the terminal: {shown!a}")
    if tables.faults:
        return
    chunks = to_chunks(tables.rows, schema, ontology_folder())
    for row, text in zip(tables.rows, chunks.all(), strict=False):  # then come the vocabulary's
        check_quads(f"{BASE}row/{row.table}/{row.key}", text)


def check_quads(iri: str, text: bytes) -> None:
    """The quads of a row stand in its graph, as the strict parser reads them too."""
    quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    require(len(quads) == text.count(b"\n"), "a quad in a quad")
    graphs = {quad.graph_name for quad in quads}
    known = {ox.NamedNode(iri), ox.NamedNode(EVIDENCE), ox.NamedNode(DIRECT)}
    require(graphs <= known, f"the row writes into {graphs - known}")


def workbooks(folder: Path) -> Target:
    """A workbook whose parts were changed, or whose bytes were."""
    base, schema = small(folder)
    file = folder / "own.xlsx"

    def check(content: bytes) -> None:
        file.write_bytes(content)
        check_own(base, schema, file)

    return Target(changed_workbooks([seed_of(OWN), odd_seed()]), check)


def seed_of(tables: dict[str, str]) -> dict[str, str]:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, text in tables.items():
        sheet = book.create_sheet(name)
        for row in csv.reader(io.StringIO(text)):
            sheet.append([float(cell) if cell.isdigit() else cell for cell in row])
    return parts_of(book)


def odd_seed() -> dict[str, str]:
    """The parts of a workbook with days, formulas, truth values and a hidden sheet."""
    import datetime

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "ownership"
    sheet.append(["row", "owner", "owned", "share_percent", "status", "valid_from", "source"])
    day = datetime.datetime(2026, 2, 1, 12, 30)
    sheet.append(["a", "lynas", "kuantan", 1e-7, "stated", day, "annual"])
    sheet.append(
        ["b", "lynas", "kuantan", True, datetime.time(1), day.date(), datetime.timedelta(1)]
    )
    sheet.append(["c", "=1+1", "#REF!", -0.0, None, 1e300])
    book.create_sheet("view").append(["anything"])
    return parts_of(book)


def parts_of(book: Workbook) -> dict[str, str]:
    held = io.BytesIO()
    book.save(held)
    with zipfile.ZipFile(held) as whole:
        return {name: whole.read(name).decode() for name in whole.namelist()}


XML_PIECES = (
    *('t="s"', 't="inlineStr"', 't="e"', 't="b"', 't="d"', 't="n"', 't="str"', 's="99999"', "<v>"),
    *("</v>", "<v></v>", "<v>-1</v>", "<v>1e308</v>", "<v>NaN</v>", "<v>99999999</v>"),
    "<f>1+1</f>",
    *("<is><t>a</t></is>", "<c/>", '<c r="XFD1048576"><v>1</v></c>', '<c r="A0"><v>1</v></c>'),
    *('<row r="1048576">', '<row r="0">', '<row r="-1">', '<row r="x">', "</row>", 'r="ZZZZ9"'),
    *('<dimension ref="A1:XFD1048576"/>', '<dimension ref="x"/>', '<dimension ref="B2"/>', "</c>"),
    *("<?xml version='1.0' encoding='utf-7'?>", "<!DOCTYPE a [<!ENTITY b 'b'>]>", "&b;", "&#0;"),
    *("<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/'>", "&amp;", "]]>", "<![CDATA[", "<!--", "_x0000_"),
    *('Target="../../x"', 'Target="/xl/worksheets/sheet1.xml"', 'TargetMode="External"'),
    'date1904="1"',
    *('formatCode="yyyy"', 'numFmtId="14"', 'numFmtId="x"', 'count="9999999"', 'state="hidden"'),
    *('name="view"', 'name="sources"', 'name=""', 'sheetId="x"', 'r:id="rId99"', "xml:space"),
    "\x00",
)


@st.composite
def changed_workbooks(draw: DrawFn, seeds: list[dict[str, str]]) -> bytes:
    """A workbook with edits in the XML of a part or two, a part lost, or bytes changed."""
    parts = dict(draw(st.sampled_from(seeds)))
    for name in draw(st.lists(st.sampled_from(sorted(parts)), max_size=2)):
        kind = draw(st.integers(0, 11))
        if kind == 0:
            parts.pop(name, None)
        elif kind == 1 and name in parts:
            parts[draw(st.sampled_from(sorted(parts)))] = parts[name]
        elif name in parts:
            parts[name] = draw(edited([parts[name]], XML_PIECES, most=3))
    content = packed(parts.items(), compress=draw(st.booleans()))
    if draw(st.integers(0, 5)) == 0:
        place = draw(st.integers(0, len(content)))
        content = (
            content[:place]
            + draw(st.binary(max_size=6))
            + content[place + draw(st.integers(0, 40)) :]
        )
    return content


def packed(parts: Iterable[tuple[str, str]], *, compress: bool) -> bytes:
    held = io.BytesIO()
    kind = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(held, "w", kind) as whole:
        for name, text in parts:
            whole.writestr(name, text.encode("utf-8", "surrogatepass"))
    return held.getvalue()


DATE_PIECES = (
    *("2025", "-02", "-29", "-30", "12", "99999", "0000", "@zh"),
    *(";", ".", "-", "https://", "T"),
)
_XSD = "http://www.w3.org/2001/XMLSchema#"


def cells(_: Path) -> Target:
    """One cell of any column of the shipped tables."""
    columns = [
        each for table in read_schema(ontology_folder()).tables.values() for each in table.columns
    ]
    kinds = {(each.kind, each.many, each.key, each.minimum, each.maximum): each for each in columns}
    examples = sorted({each.example for each in columns if each.example})
    texts = st.one_of(edited(examples, DATE_PIECES), HOSTILE_TEXT, NUMBERS)
    chosen = [*kinds.values()]

    def raw(data: bytes) -> tuple[Column, str]:
        return chosen[(data or b"\0")[0] % len(chosen)], data[1:].decode("utf-8", "replace")

    return Target(
        st.tuples(st.sampled_from(chosen), texts.map(of_file)),
        lambda given: read(*given),
        raw=raw,
        seeds=tuple(bytes([place]) + each.example.encode() for place, each in enumerate(chosen)),
        words=DATE_PIECES,
    )


def of_file(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def read(column: Column, text: str) -> None:
    for part in split_cell(text, column):
        try:
            cell = read_cell(part, column)
        except BadCellError as bad:
            require(bad.what and bad.fix, "a fault says nothing")
        else:
            check_cell(cell, column)


def check_cell(cell: Cell, column: Column) -> None:
    require(cell.text == cell.text.strip(), "a blank was let through")
    require("\r" not in cell.text and "\x00" not in cell.text, "a control character passed")
    require(cell.text.encode(), "no text")
    if column.kind == "integer":
        require(int(cell.text) == Decimal(cell.text), "no whole number")
        require(is_held(cell.text, "integer"), "the store cannot hold this whole number")
    elif column.kind == "decimal":
        require(Decimal(cell.text).is_finite(), "no number")
        require(is_held(cell.text, "decimal"), "the store cannot hold this number")
    elif column.kind == "date":
        first, last = date_bounds(cell.text)
        require(len(first) == len(last) == 10 and first <= last, "no days")
    elif column.kind == "anyURI":
        require(not {*cell.text} & {*' <>"\n'}, "an address that ends early where it is written")


def is_held(text: str, kind: str) -> bool:
    """Tell whether the engine can reckon with a number: one that it cannot is silently unbound."""
    query = f'SELECT ?n {{ BIND("{text}"^^<{_XSD}{kind}> + 0 AS ?n) }}'
    found = ox.Store().query(query)
    assert isinstance(found, ox.QuerySolutions)
    return all(row["n"] is not None for row in found)


def dates(_: Path) -> Target:
    """A date, as a cell and as a reader types it."""
    seeds = ("2025", "2025-06", "2025-06-11", "2024-02-29", "0001-01-01", "9999-12-31")
    return text_target(
        st.one_of(edited(seeds, DATE_PIECES), HOSTILE_TEXT, NUMBERS), check_date, seeds, DATE_PIECES
    )


def check_date(text: str) -> None:
    with contextlib.suppress(BadDateError):
        first, last = date_bounds(text)
        require(first <= last and (text == first or last.startswith(text)), "another date")
    with contextlib.suppress(UnknownNameError):
        require(len(day_of(text)) == 10, "no day")


RECORD_WORDS = ('"schema": 2', '"schema": null', "../", '"bytes": -1', "sha256", "{}", "[", "1e400")


def releases(folder: Path) -> Target:
    """A record of anything: the tables as issued, or sentences."""
    place = write_release(folder / "release")
    seed = (place / RECORD).read_text(encoding="utf-8")

    def check(content: bytes) -> None:
        (place / RECORD).write_bytes(content)
        try:
            found = read_release(place)
        except (FaultyTablesError, UnreadableError) as error:
            require("\n" not in str(error) or isinstance(error, FaultyTablesError), "a line")
        else:
            require(found.files.items() <= FILES.items(), "other tables")

    return Target(encoded(edited([seed], RECORD_WORDS)), check, words=RECORD_WORDS)


def contributions(folder: Path) -> Target:
    """A table of anything: faults and no patch, or one that applies and checks clean."""
    ontology = write_small_ontology(folder / "ontology")
    own = folder / "own"
    own.mkdir()
    texts = encoded(edited([*OWN.values()], PIECES, most=3))

    def check(given: tuple[str, bytes]) -> None:
        name, content = given
        for old in own.iterdir():
            old.unlink()
        (own / f"{name}.csv").write_bytes(content)
        try:
            found = contribute(own, ontology)
        except MonaziteError:
            return
        require(not (found.patch and found.faults), "a patch with faults")
        if found.patch:
            done = subprocess.run(
                ["git", "apply", "--check", "-"],
                cwd=folder,
                input=found.patch.encode(),
                capture_output=True,
                check=False,
            )
            require(done.returncode == 0, done.stderr.decode())

    return Target(st.tuples(st.sampled_from([*OWN]), texts), check, seconds=10.0)
