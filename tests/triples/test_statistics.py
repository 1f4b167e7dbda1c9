"""Counts of a store, against counts worked out by hand."""

from __future__ import annotations

from monazite.rows.iris import BASE, NS, PREFIXES
from monazite.rows.reader import Tables
from monazite.triples.statistics import CountedSource, read_statistics
from monazite.triples.store import Store, store_of

DERIVED = PREFIXES["prov"] + "wasDerivedFrom"
EVIDENCE = BASE + "graph/evidence"
TYPE = PREFIXES["rdf"] + "type"


def quads(*lines: tuple[str, str, str, str]) -> Store:
    text = [" ".join(f"<{part}>" for part in line) + " ." for line in lines]
    return store_of("\n".join(text))


def test_a_small_store_is_counted_right() -> None:
    one, two = f"{BASE}row/capacity/one", f"{BASE}row/capacity/two"
    tier = f"{BASE}scheme/source-tier/2"
    store = quads(
        (one, TYPE, NS + "Capacity", one),
        (one, NS + "facility", "urn:plant", one),
        (two, TYPE, NS + "Capacity", two),
        (one, DERIVED, BASE + "source/b", EVIDENCE),
        (one, DERIVED, BASE + "source/a", EVIDENCE),
        (BASE + "source/a", TYPE, NS + "Source", EVIDENCE),
        (BASE + "source/a", NS + "tier", tier, EVIDENCE),
        (one, NS + "facility", "urn:plant", "urn:another-graph"),
    )
    counts = read_statistics(store)
    assert (counts.quads, counts.triples, counts.subjects) == (8, 7, 3)
    assert counts.tables == {"capacity": 2}
    assert counts.classes == {NS + "Capacity": 2, NS + "Source": 1}
    assert counts.properties[NS + "facility"] == 1
    assert counts.sources == {BASE + "source/a": CountedSource("2", "")}
    assert counts.evidence == {one: (BASE + "source/a", BASE + "source/b")}


def test_the_shipped_store_has_a_graph_for_each_row(store: Store, shipped: Tables) -> None:
    counts = read_statistics(store)
    rows: dict[str, int] = {}
    for row in shipped.rows:
        rows[row.table] = rows.get(row.table, 0) + 1
    sources = rows.pop("sources")
    assert counts.tables == {name: rows[name] for name in sorted(rows)}
    assert len(counts.sources) == counts.classes[NS + "Source"] == sources
    assert sum(counts.properties.values()) == counts.triples
