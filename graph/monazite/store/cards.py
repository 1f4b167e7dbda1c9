"""What rows say, as lines that a reader can read, with their sources."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from monazite.core.errors import UnknownNameError
from monazite.core.results import Frozen, Struct, Value
from monazite.data.iris import BASE, NS, PREFIXES, row_iri, row_name
from monazite.data.sameness import tier_word
from monazite.store.answers import full, is_iri, together
from monazite.store.names import ABOUT, LABELS, PREFIX, SOURCES, Entity
from monazite.store.queries import ask_of_rows
from monazite.store.store import ROWS, Quads, Store, by_graph

if TYPE_CHECKING:
    from monazite.data.columns import Column, TableShape

_NOT_MEASURED = ("proxy", "upper bound", "lower bound", "forecast", "trade as output", "derived")
_LINK = PREFIXES["prov"] + "wasDerivedFrom"
_KEY = re.compile(r"[a-z0-9_-]+/.+", re.IGNORECASE)  # of a row: table, then the key in it
_NAMED = frozenset({"plannedStart", "withoutCountry"})  # say nothing without their column's name
_PLAIN = {"value", "percent", "year", "unit", "tonnes"}
_THING = "id/"  # how the IRIs of things begin, below our own
Names = tuple[tuple[str, str], ...]  # things in a text: as they are shown, and by kind and id


class SourceLine(Struct):
    """A source as a card prints it."""

    id: str
    publisher: str  #: who publishes it
    title: str  #: in words
    published: str  #: when, as printed; empty where it has no date
    tier: str  #: 1 (primary) to 4 (weak)
    url: str  #: its address; empty for none
    original: str = ""  #: address of the original that it repeats; empty where that is not known

    @property
    def addresses(self) -> str:
        """Where it was read, and where the original stands."""
        original = "" if self.original == self.url else self.original
        return f"{self.url}{f' (original: {original})' if original else ''}".strip()

    @property
    def text(self) -> str:
        """Publisher, title, date and tier."""
        return f"{self.publisher}: {self.title} ({self.published or 'undated'}, tier {self.tier})"

    def __str__(self) -> str:
        return self.text

    @property
    def in_words(self) -> str:
        """The same with its tier in words, as a report has it."""
        when = self.published or "undated"
        return f"{self.publisher}: {self.title} ({when}, {tier_word(self.tier)})"


class RowCard(Value):
    """A row as text, with its sources."""

    _json = "row table time text note perhaps to_come sources(id,text,url,original)"

    row: str  #: its key, ``table/key``
    table: str  #: its table
    text: str  #: what it says, in a few words
    time: str  #: its dates as printed, ``2010 to 2015``
    note: str  #: a remark; empty for none
    sources: tuple[SourceLine, ...]
    cells: Mapping[str, str]
    identity: bool = False  #: whether it says what exists (a plant, a firm) and not a fact about it
    directed: bool = False  #: whether two columns name things of one kind, as supplier and customer
    perhaps: bool = False  #: whether its dates leave open that it holds on the day of the view
    figure: str = ""  #: what its number is where it is not measured: ``proxy of rare earths``
    to_come: bool = False  #: whether it begins only after the day that is asked of
    named: Names = ()


def figure_words(kinds: Iterable[str], proxy_of: str = "", joint: Iterable[str] = ()) -> str:
    """Say what a number is that is not measured of one thing alone; nothing where it is.

    >>> figure_words(["imports", "upper-bound"]), figure_words(["proxy"], "Rare earths")
    ('upper bound', 'proxy of rare earths')
    """
    found = {kind.lower().replace("-", " ") for kind in kinds}
    words = [kind for kind in _NOT_MEASURED if kind in found]
    wider = proxy_of.partition(",")[0]
    wider = wider if wider.isupper() else wider[:1].lower() + wider[1:]
    of = f" of {wider}" if wider else ""
    told = [f"proxy{of}" if kind == "proxy" else kind for kind in words]
    sharing = sorted(set(joint))
    return ", ".join(told + [f"of {' and '.join(sharing)} together"] * (len(sharing) > 1))


def is_measured(figure: str) -> bool:
    """Whether a number is measured, by what :func:`figure_words` says of it."""
    return not any(figure.startswith(kind) for kind in _NOT_MEASURED)


def rows_about(store: Store, entity: Entity) -> list[str]:
    """Return the rows that describe an entity or name it, as ``table/key``."""
    thing = f"<{entity.iri}>"
    found = {each["row"] for each in ABOUT.read(store, [thing]).get(thing, ())}
    return sorted(row_name(iri) for iri in found if iri.startswith(BASE + "row/"))


def read_cards(
    store: Store, tables: Mapping[str, TableShape], rows: Iterable[str]
) -> dict[str, RowCard]:
    """Read rows as cards; a row that the store has not is left out."""
    iris = _iris(rows)
    none: dict[str, RowCard | None] = {}  # None is the card of a row that the store has not
    _, kept = store.derive(("cards", id(tables)), lambda: (tables, none))
    if missing := {name: iri for name, iri in iris.items() if name not in kept}:
        texts = store.read_packed(ROWS, missing)
        cells = _read_cells(store, _quads(store, missing, texts))
        sources = _read_sources(store, missing, _derived(store, missing, texts))
        perhaps: set[str] = set()
        if store.extent.perhaps:
            rows = f"VALUES ?row {{ {_listed(missing)} }} ?row mz:perhapsHoldsOn ?day"
            asked = store.select(f"{PREFIX}SELECT DISTINCT ?row {{ {rows} }}")
            perhaps = {row_name(answer["row"].value) for answer in asked}
        kept |= dict.fromkeys(missing)
        for name, own in cells.items():
            kept[name] = _card(name, tables, own, sources[name], perhaps=name in perhaps)
    return {name: card for name in iris if (card := kept[name]) is not None}


def _quads(store: Store, iris: Mapping[str, str], texts: Mapping[str, bytes] | None) -> Quads:
    """The quads of rows by key, from beside the store or by graph: SPARQL takes twice as long."""
    if texts is None:
        found = store.quads_of(iris.values())
    else:
        ends = {name: f" <{iris[name]}> .\n".encode() for name in texts}
        found = by_graph(
            b"".join(
                line
                for name, text in texts.items()
                for line in text.splitlines(keepends=True)
                if line.endswith(ends[name])
            )
        )
    return {name: found.get(iri, []) for name, iri in iris.items()}


def _derived(
    store: Store, iris: Mapping[str, str], texts: Mapping[str, bytes] | None
) -> dict[str, list[str]]:
    """The rows that are derived from each source, by the term of the source and their keys."""
    derived: dict[str, list[str]] = defaultdict(list)
    if texts is None:
        names = {iri: name for name, iri in iris.items()}
        rows = f"VALUES ?row {{ {_listed(iris)} }} ?row prov:wasDerivedFrom ?source"
        for pair in store.select(f"{PREFIX}SELECT DISTINCT ?row ?source {{ {rows} }}"):
            derived[str(pair["source"])].append(names[full(pair["row"])])
        return derived
    for name, text in texts.items():
        begin = f"<{iris[name]}> <{_LINK}> <".encode()
        for line in text.splitlines():
            if line.startswith(begin):
                source = line[len(begin) :].partition(b">")[0].decode()
                derived[f"<{source}>"].append(name)
    return derived


def _read_cells(store: Store, quads: Quads) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """The values of rows by row and property, each as it is shown and as it is."""
    rows = {
        name: dict.fromkeys(
            (quad.predicate.value, full(quad.object), is_iri(quad.object)) for quad in own
        )
        for name, own in quads.items()
    }
    things = {thing for row in rows.values() for _, thing, named in row if named}
    labels = LABELS.read(store, sorted(f"<{thing}>" for thing in things))
    cells: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for name, row in rows.items():
        if row:
            cells[name] = defaultdict(list)
        for path, thing, named in row:
            value = thing.removeprefix(BASE) if named else thing
            shown = [found["label"] for found in labels.get(f"<{thing}>", ())] if named else None
            cells[name][path.removeprefix(BASE)] += [(each, value) for each in shown or [value]]
    return cells


def read_sources(store: Store, rows: Iterable[str]) -> dict[str, tuple[SourceLine, ...]]:
    """Return who says each row, which is quicker than its card."""
    iris = _iris(rows)
    if not iris:
        return {}
    derived = _derived(store, iris, store.read_packed(ROWS, iris))
    return _read_sources(store, iris, derived)


def _iris(rows: Iterable[str]) -> dict[str, str]:
    """The IRIs of rows by their keys, sorted."""
    if isinstance(rows, str):
        raise UnknownNameError(f'The records are a list of keys, not "{rows}" alone.')
    names = sorted(set(rows), key=str)
    for name in names:
        if not isinstance(name, str) or not _KEY.fullmatch(name):
            raise UnknownNameError(f'There is no record "{name}"; write it as table/key.')
    return {name: row_iri(*name.split("/", 1)) for name in names}


def _listed(iris: Mapping[str, str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris.values())


def _read_sources(
    store: Store, rows: Iterable[str], derived: Mapping[str, Iterable[str]]
) -> dict[str, tuple[SourceLine, ...]]:
    """The sources of rows; many rows have the same."""
    found: dict[str, set[SourceLine]] = defaultdict(set)
    for source, answers in SOURCES.read(store, derived).items():
        name = source[1:-1].removeprefix(BASE + "source/")
        lines = {SourceLine(id=name, **each) for each in answers}
        for row in derived[source]:
            found[row] |= lines
    return {row: tuple(sorted(found[row], key=lambda source: source.id)) for row in rows}


def _card(
    name: str,
    tables: Mapping[str, TableShape],
    cells: dict[str, list[tuple[str, str]]],
    sources: tuple[SourceLine, ...],
    *,
    perhaps: bool,
) -> RowCard:
    table = tables[name.split("/", 1)[0]]
    short = {path.removeprefix("ns#"): values for path, values in cells.items()}

    def shown(path: str) -> list[str]:
        return [value for value, _ in short.get(path, ())]

    told = shown("figureKind"), " ".join(shown("proxyOf"))
    figure = figure_words(*told)
    paths = [(column, column.path.removeprefix(NS)) for column in table.columns]
    numbered = any(column.kind == "decimal" and path in short for column, path in paths)
    joint = {column.name for column in table.joint_columns} if numbered else set[str]()
    parts: list[str] = []
    texts: dict[str, str] = {}
    shared: list[str] = []
    held: list[tuple[str, str]] = []
    for column, path in paths:
        if not column.about_row:
            held += [pair for pair in short.get(path, ()) if pair[1].startswith(_THING)]
        if column.key or column.about_row or path not in short or path.endswith("Printed"):
            continue
        if path in {"figureKind", "proxyOf"}:
            parts += [figure] if path == "figureKind" else []
            continue
        names = dict.fromkeys(sorted(shown(path)))
        text = together(names) if column.name in joint else ", ".join(names)
        shared += names if column.name in joint and len(names) > 1 else []
        texts[column.name] = text
        parts.append(_part(column, path, text, parts))
    columns = map(table.column, table.time_columns)
    times = [value for x in columns for value in shown(x.path.removeprefix(NS))]
    kinds = [kind for x in table.columns if not x.about_row for kind in {*x.classes}]
    return RowCard(
        row=name,
        table=table.name,
        text="; ".join(part for part in parts if part),
        time=" to ".join(times),
        note=" ".join(shown("note")),
        sources=sources,
        cells=texts,
        identity=table.kind != "record",
        directed=len({*kinds}) < len(kinds),
        perhaps=perhaps,
        figure=figure_words(*told, shared),
        named=tuple(
            (text, place.removeprefix(_THING)) for text, place in dict.fromkeys(sorted(held))
        ),
    )


def _part(column: Column, path: str, text: str, parts: list[str]) -> str:
    """One cell as a part of the sentence; a unit joins the number before it."""
    if path == "unit" and parts:
        parts[-1] = f"{parts[-1]} {text.lower()}"
        return ""
    if path in _NAMED or (column.kind in {"decimal", "integer"} and path not in _PLAIN):
        return f"{column.name.replace('_', ' ')} {text}"
    if path in {"series", "refTable"}:
        return ""
    return f"{column.name}: {text}" if path == "basis" else text


_LONG = frozenset({"trade"})  # tables with millions of own rows, of which each is asked alone


class RowMarks(Mapping[str, str]):
    """What the numbers of rows are, by key, asked as needed; a measured row is no key."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[str, str] = {}
        self._asked: set[str] = set()

    def __getitem__(self, row: str) -> str:
        self._read([row])
        return self._found[row]

    def __iter__(self) -> Iterator[str]:
        self._take("row-marks", None)
        return iter(self._found.copy())

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def of(self, rows: Iterable[str]) -> Frozen[str, str]:
        """Return the marks of some rows, which are asked for together."""
        wanted = dict.fromkeys(rows)
        self._read(wanted)
        return Frozen({row: self._found[row] for row in wanted if row in self._found})

    def words(self, rows: Iterable[str]) -> str:
        """Say what the numbers of some rows are that are not measured; empty where all are."""
        return " and ".join(sorted({*self.of(rows).values()}))

    def _read(self, rows: Iterable[str]) -> None:
        alone = []
        for row in rows:
            table = row.partition("/")[0]
            if self._asked.isdisjoint((row, table)):
                if table in _LONG:
                    alone.append(row)
                else:  # of what a table has of, one of its rows knows
                    self._asked.add(row)
                    beside = self._take("row-marks-beside", [row])
                    if beside or self._store.quads_of([f"{BASE}row/{row}"]):
                        self._asked.add(table)
        if alone:
            self._asked.update(alone)
            self._take("row-marks", alone)

    def _take(self, question: str, rows: list[str] | None) -> bool:
        kinds: dict[str, list[str]] = defaultdict(list)
        wholes: dict[str, str] = {}
        for answer in ask_of_rows(self._store, question, rows):
            kinds[answer.row()].append(answer["kind"])
            wholes[answer.row()] = answer["proxyOf"]
        self._found |= {row: figure_words(found, wholes[row]) for row, found in kinds.items()}
        return bool(kinds)
