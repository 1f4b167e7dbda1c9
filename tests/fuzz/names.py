"""Names as a reader types them, and names that pages and exports show, whatever they are."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import strategies as st

from monazite.errors import UnknownNameError
from monazite.pages.brief.seal import FORMAT, open_page, seal_page
from monazite.pages.brief.shown import shown_text
from monazite.pages.graph.document import graph_svg
from monazite.pages.graph.page import graph_html
from monazite.rows.filters import Filters, find_exclusion, select, to_index
from monazite.safe_text import reveal, shorten, two_lines, visible, web_address
from monazite.tables import Table, csv_text, tables_html, write_tables
from monazite.triples.asked_names import names_to_ask
from monazite.triples.names import find_entity
from monazite.triples.questions import find_questions
from tests.fuzz.edits import HOSTILE_TEXT, NUMBERS, edited
from tests.fuzz.queries import cut_store, values_of
from tests.fuzz.target import Target, require
from tests.pages.test_any_text import Shape, filled, without_optional
from tests.small_ontology import cut_of, read_shipped

TABLE_TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td", "ul", "li"}
CLASSES = (
    "ChemicalElement",
    "ElementGroup",
    "Country",
    "Area",
    "Facility",
    "Organisation",
    "Policy",
)


def names(folder: Path) -> Target:
    """A name that a reader types: one thing is meant, or a sentence says which are near."""
    store = cut_store(folder)
    known = names_to_ask(store)

    def check(given: tuple[str, list[str]]) -> None:
        with contextlib.suppress(UnknownNameError):
            entity = find_entity(store, given[0], *given[1])
            require(not given[1] or entity.is_a(*given[1]), "a thing of another class")
        with contextlib.suppress(UnknownNameError):
            find_questions(given[0], names=known)

    classes = st.lists(st.sampled_from(CLASSES), max_size=2)
    return Target(st.tuples(values_of(store), classes), check)


def filters(_: Path) -> Target:
    """What a reader leaves out of a view, and from which day or tier on."""
    tables = read_shipped()
    index = to_index(cut_of(tables), tables.schema)
    known = [*index.tables, *index.sources, *[entry.name for entry in index.entries[::7]]]
    name = st.one_of(edited(known, ("row:", "source:", "/", "row/", ":"), most=2), HOSTILE_TEXT)
    day = st.one_of(st.none(), st.sampled_from(("2010-12-31", "0001-01-01", "9999-12-31")))
    asked = st.tuples(day, day, st.sampled_from((None, 1, 4)), st.lists(name, max_size=2))

    def check(given: tuple[str | None, str | None, int | None, list[str]]) -> None:
        valid, by, tier, without = given
        try:
            chosen = select(index, Filters(valid, by, tier, tuple(without)))
        except UnknownNameError:
            return
        out = {find_exclusion(index, each) for each in without}
        kept = [index.entries[place] for place in chosen.kept]
        require(chosen.claims <= chosen.all_claims, "more is kept than there is")
        require(not {("row", each.name) for each in kept} & out, "a row that was left out is kept")
        require(not {("table", each.table) for each in kept} & out, "a table left out is kept")

    return Target(asked, check)


def texts(_: Path) -> Target:
    """A text in tables, a briefing and its record: it is shown, and ends nothing early."""
    text = st.one_of(HOSTILE_TEXT, NUMBERS, edited(("Lynas|Kalgoorlie", "[a](javascript:b)"), ()))
    return Target(text, check_text, raw=lambda data: data.decode("utf-8", "replace"))


def check_text(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()  # a cell holds no half of a letter
    table = Table(text, ("a", "b"), [[text, "2"], ["3", text]], remarks=(text,))
    for fmt in ("table", "markdown"):
        write_tables([table], fmt, view=text)
        write_tables([table], fmt, width=20)
    back = list(csv.reader(io.StringIO(csv_text([table]), newline=""), strict=True))
    require([len(line) for line in back] == [2, 2, 2], "a cell ends early in CSV")
    shown = reveal(text)
    require(back[2][1] in {shown, f"'{shown}"}, "CSV gives another text back")
    shape = Shape(tables_html([table]))
    require(
        {key[0] for key in shape.found} <= TABLE_TAGS,
        "a tag",
    )
    require(
        "\n" not in shorten(visible(text), 20) + "".join(two_lines(visible(text), 20)), "a line"
    )
    require(visible(visible(text)) == visible(text), "what is visible is not")
    address = web_address(text)
    require(address is None or address.lower().startswith(("http://", "https://")), "an address")
    record = {"format": FORMAT, "says": {"a": [text]}}
    opened = open_page(seal_page("<body><p>a</p></body>", record, ""), "a page")
    require(opened.fits and opened.record == json.loads(json.dumps(record)), "the record is other")
    shown_text(text)


def drawings(_: Path) -> Target:
    """A text in every cell of a network: the page has the elements it has, the picture is XML."""
    plain = Shape(graph_html(filled("Plain")))

    def check(text: str) -> None:
        page = graph_html(filled(text))
        page.encode()
        shape = Shape(page)
        require(without_optional(shape) == without_optional(plain), "the page has other elements")
        for held in shape.json:
            json.loads(held)
        ElementTree.fromstring(graph_svg(filled(text), title=text).encode())

    return Target(HOSTILE_TEXT, check)
