"""Typed seams: answers of queries and attributes of the network are read in one place each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path

import pytest

import monazite
from monazite.errors import NotKnownError, QueryError
from monazite.network.attributes import (
    AboutNetwork,
    Attribute,
    NetworkArc,
    NetworkNode,
    about,
    arcs_of,
    node_of,
    nodes_of,
)
from monazite.network.facts import Facts, read_facts
from monazite.network.graph import Network
from monazite.network.preferences import Preferences
from monazite.result import Frozen, Value
from monazite.triples.records import QueryRecord

PACKAGE = Path(monazite.__file__).parent
ROOMS = ("findings", "network", "quantities")
"""Rooms that ask named queries and read their answers."""
SPARQL = re.compile(
    r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b[^.]*\{|\bPREFIX\s+\w*:\s*<|(?i:\bselect\b[^.]*\?\w)"
)
"""A query, or the beginning of one."""
PASTED = re.compile(r"^ *Example: .*", re.MULTILINE)
"""What a help text has to paste."""


def trees(*rooms: str) -> Iterator[tuple[str, ast.AST]]:
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            yield path.relative_to(PACKAGE).as_posix(), parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    """A module, parsed once for all that is asked of it."""
    return ast.parse(path.read_text("utf-8"))


def is_column(node: ast.AST) -> bool:
    """``answer["tonnes"]``, perhaps with a default: ``answer["tonnes"] or 0``."""
    if isinstance(node, ast.BoolOp):
        return is_column(node.values[0])
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    )


FILES = {
    "findings/scenarios/released/outcomes.py",
    "findings/scenarios/scenario_file.py",
}
"""They read JSON and TOML that lie on disk, no answers of the store."""


def converts(node: ast.AST) -> bool:
    """A text of an answer read as a number, a flag or the key of a row, by hand."""
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Name) and called.id in {"float", "int"}:
            return any(map(is_column, node.args))
        if isinstance(called, ast.Attribute) and called.attr == "removeprefix":
            return [getattr(each, "value", None) for each in node.args] == ["row/"]
    if isinstance(node, ast.Compare) and is_column(node.left):
        return any(getattr(each, "value", None) in {"true", "false"} for each in node.comparators)
    return False


def test_answers_are_read_through_their_record() -> None:
    by_hand = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*ROOMS)
        if name not in FILES
        for node in ast.walk(tree)
        if converts(node) and isinstance(node, ast.expr)
    ]
    assert by_hand == []


def test_questions_are_asked_by_name() -> None:
    written_out = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*ROOMS, "pages", "cli")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SPARQL.search(PASTED.sub("", node.value))
    ]
    assert written_out == []


def test_a_record_reads_its_texts() -> None:
    texts = {"row": "row/a/b", "year": "2024", "low": "", "part": "0.5", "sure": "true", "old": ""}
    record = QueryRecord(texts, "network-capacity")
    assert (record.row(), record.year(), record.text("part")) == ("a/b", 2024, "0.5")
    assert (record.number("part"), record.maybe_number("low")) == (0.5, None)
    assert (record.integer("year"), record.maybe_integer("low")) == (2024, None)
    assert (record.flag("sure"), record.flag("old")) == (True, False)
    assert record.beside(old="false")["old"] == "false"
    assert hash(record) == hash(record.beside())


def test_an_error_names_the_query_and_the_column() -> None:
    record = QueryRecord({"part": "half"}, "network-capacity")
    for read in (record.number, record.integer, record.flag):
        with pytest.raises(QueryError, match='"part" of the query network-capacity gives "half"'):
            read("part")
    with pytest.raises(QueryError, match='query network-capacity has no column "year"'):
        record.year()


def test_nobody_changes_an_answer_that_is_kept() -> None:
    with pytest.raises(TypeError):
        QueryRecord({"part": "1"})["part"] = "2"


READERS = {
    "network/attributes.py": "the accessors themselves",
    "findings/centrality/cells.py": "a graph of its own: what is measured",
    "findings/ownership/parents.py": "a graph of its own: who owns whom",
    "findings/routes/disjoint_routes.py": "a graph of its own: what can flow",
    "findings/routes/maxflow.py": "a graph of its own: what can flow",
}
"""Modules that read attributes as networkx keeps them, each with its reason."""


def kept_raw(tree: ast.AST) -> Iterator[int]:
    """Lines that read ``.nodes[...]``, ``.edges[...]``, ``.graph[...]`` or iterate over the data.

    Writing is free: ``network.nodes[name]["note"] = ...``, ``network.nodes[name].update(...)``,
    ``network.graph["year"] = ...``.
    """
    written = {
        node.value
        for node in ast.walk(tree)
        if (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.Attribute) and node.attr == "update")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and is_raw(node) and node not in written:
            yield node.lineno
        if isinstance(node, ast.Call):
            named = getattr(node.func, "attr", "")
            with_data = any(word.arg == "data" for word in node.keywords)
            if named == "get_edge_data" or (with_data and (named == "nodes" or "edges" in named)):
                yield node.lineno


def is_raw(node: ast.Subscript | ast.Attribute) -> bool:
    """``x.nodes[...]``, ``x.edges[...]``, ``x.graph[...]`` or ``x.graph.get``; x is not self."""
    held = node.value
    if not isinstance(held, ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return False
    if isinstance(held.value, ast.Name) and held.value.id == "self":
        return False  # the nodes of a drawing
    if isinstance(node, ast.Attribute):
        return (held.attr, node.attr) == ("graph", "get")
    return held.attr in {"nodes", "edges", "graph"}


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ('n.graph["market"]', True),
        ('n.graph.get("view", {})', True),
        ('n.nodes[x]["share"]', True),
        ('n.edges[a, b, k].get("rows")', True),
        ("[c for _, c in n.nodes(data=True)]", True),
        ('n.graph["year"] = 1', False),
        ("n.nodes[x].update(note=1)", False),
        ('n.nodes[x]["note"] = 1', False),
        ("self.nodes[x]", False),
        ("[e for e in n.edges]", False),
    ],
)
def test_the_check_tells_reading_from_writing(code: str, reads: object) -> None:
    assert bool([*kept_raw(ast.parse(code))]) is reads


def test_what_a_network_carries_is_read_by_its_accessors() -> None:
    rooms = (*ROOMS, "pages", "exchange", "view")
    read = {name: [*kept_raw(tree)] for name, tree in trees(*rooms) if name not in READERS}
    assert {name: lines for name, lines in read.items() if lines} == {}
    kept = {name: [*kept_raw(tree)] for name, tree in trees(*rooms) if name in READERS}
    assert [name for name in READERS if not kept[name]] == [], "no exception without its need"


def test_every_attribute_has_an_accessor() -> None:
    view = monazite.load()
    network = view.graph("Dy", "USA").network
    carried = {
        NetworkNode: {name for node in nodes_of(network) for name in node.cells},
        NetworkArc: {name for arc in arcs_of(network) for name in arc.cells},
        AboutNetwork: set(network.graph),
    }
    for accessors, names in carried.items():
        known = {name for name, found in vars(accessors).items() if isinstance(found, Attribute)}
        assert names <= known, accessors


def test_what_is_not_there_is_the_default_or_a_sentence() -> None:
    network = Network()
    network.add_node("mine/CHN", kind="country")
    node = node_of(network, "mine/CHN")
    assert (node.share, node.rows, about(network).market) == (None, (), "")
    for read in ("pool_share", "of_year"):
        with pytest.raises(NotKnownError, match="mine/CHN"):
            getattr(node, read)


def test_what_is_kept_between_questions_cannot_be_changed() -> None:
    view = monazite.load()
    facts = read_facts(view.store, "Dy", view.valid)
    for name in sorted(CACHED):
        held = getattr(facts, name)
        assert isinstance(held, tuple | frozenset | Frozen | Preferences | Value), name
    assert isinstance(view.schema.tables, Frozen)
    view.rows().clear()
    assert view.rows(), "the rows that are handed out are a copy"


CACHED = {
    name
    for name, found in vars(Facts).items()
    if isinstance(found, cached_property) and name != "oxide_factor"
}
"""What facts work out once and hand out; a number cannot be changed anyhow."""
