"""RDF texts read back in the libraries that own the formats, with equal counts."""

from __future__ import annotations

from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph, URIRef

from monazite.exchange.portable_text import iri_of
from monazite.exchange.rdf import (
    prefixes_of,
    write_nquads,
    write_rdfxml,
    write_trig,
    write_turtle,
)
from monazite.exchange.selection import Selection
from monazite.rows.columns import read_schema
from monazite.shipped import ontology_folder
from monazite.view import View
from tests.exchange.hostile import NASTY, hostile_selection

GRAPHS = {
    "trig": (write_trig, ox.RdfFormat.TRIG),
    "nquads": (write_nquads, ox.RdfFormat.N_QUADS),
}
UNIONS = {
    "turtle": (write_turtle, ox.RdfFormat.TURTLE),
    "xml": (write_rdfxml, ox.RdfFormat.RDF_XML),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_all_quads_read_back_in_oxigraph(name: str, whole: Selection) -> None:
    write, fmt = GRAPHS[name]
    found = list(ox.parse(write(whole), format=fmt))
    assert set(found) == set(whole.quads())
    assert len(found) == len(whole.view.store) + 3


@pytest.mark.parametrize("name", UNIONS)
def test_the_union_reads_back_in_oxigraph(name: str, whole: Selection) -> None:
    write, fmt = UNIONS[name]
    found = [quad.triple for quad in ox.parse(write(whole), format=fmt)]
    union = {quad.triple for quad in whole.quads()}
    assert set(found) == union
    assert len(found) == len(union)


@pytest.mark.parametrize("name", UNIONS)
def test_the_union_reads_back_in_rdflib(name: str, mine: Selection) -> None:
    write, _ = UNIONS[name]
    graph = Graph().parse(data=write(mine), format=name)
    assert len(graph) == len(mine.triples())
    dy = URIRef("https://w3id.org/monazite/id/facility/mountain-pass")
    assert "Mountain Pass mine and processing facility" in {str(o) for o in graph.objects(dy)}


# rdflib's own parsers ask its Dataset for a name that its Dataset has deprecated.
@pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")
@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_read_back_in_rdflib(name: str, mine: Selection) -> None:
    write, _ = GRAPHS[name]
    dataset = Dataset()
    dataset.parse(data=write(mine), format=name)
    quads = mine.quads()
    assert len(list(dataset.quads())) == len(quads)
    read_back = {str(graph.identifier) for graph in dataset.graphs() if len(graph)}
    assert read_back == {iri_of(quad.graph_name) for quad in quads}


def test_a_filter_leaves_quads_out(whole: Selection, primary: View) -> None:
    news = b"wasDerivedFrom> <https://w3id.org/monazite/source/article-2025-06>"
    assert news in write_nquads(whole)
    assert news not in write_nquads(Selection(primary))


def test_lines_of_nquads_are_sorted_by_graph_and_triple(small: View) -> None:
    lines = write_nquads(Selection(small)).decode().splitlines()
    graph_first = [(line.rsplit(" ", 2)[1].strip("<>"), line.rsplit(" ", 2)[0]) for line in lines]
    assert graph_first == sorted(graph_first)
    assert len(set(lines)) == len(lines)


def test_turtle_has_a_prefix_for_what_occurs_and_for_nothing_else(small: View) -> None:
    text = write_turtle(Selection(small)).decode()
    declared = {line.split()[1] for line in text.splitlines() if line.startswith("@prefix")}
    assert {"mz:", "facility:", "source:", "row-capacity:", "unit:", "rdfs:"} <= declared
    assert "mineral:" not in declared
    body = "\n".join(line for line in text.splitlines() if not line.startswith("@prefix"))
    assert "facility:kuantan" in body
    assert "<https://w3id.org/monazite/id/facility/" not in body


def test_prefixes_are_one_to_one_and_none_lies_in_another() -> None:
    prefixes = prefixes_of(read_schema(ontology_folder()))
    assert len(set(prefixes.values())) == len(prefixes)
    nested = [
        (name, other)
        for name, iri in prefixes.items()
        for other, longer in prefixes.items()
        if longer.startswith(iri) and other != name
    ]
    assert nested == []


class _Progress:
    def __init__(self) -> None:
        self.shares: list[float] = []

    def __call__(self, share: float) -> None:
        self.shares.append(share)


@pytest.mark.whole
def test_progress_goes_from_nothing_to_all_and_never_back(view: View) -> None:
    progress = _Progress()
    write_turtle(Selection(view), progress)
    assert progress.shares == sorted(progress.shares)
    assert progress.shares[0] == 0
    assert 0.9 < progress.shares[-1] <= 1
    assert len(progress.shares) > 20


@pytest.mark.parametrize("name", GRAPHS)
def test_hostile_text_is_kept_where_the_format_can_hold_it(name: str, small: View) -> None:
    write, fmt = GRAPHS[name]
    written = write(hostile_selection(small))
    found = {iri_of(quad.object) for quad in ox.parse(written, format=fmt)}
    assert NASTY in found


def test_hostile_text_leaves_xml_whole(small: View) -> None:
    content = write_rdfxml(hostile_selection(small))
    ElementTree.fromstring(content)  # a parser of XML that is strict
    graph = Graph().parse(data=content, format="xml")
    (found,) = [str(value) for value in graph.objects() if "<script>" in str(value)]
    assert found == "=1+1" + 9 * "\ufffd" + " ]]> <script>&\"' 稀土 \n\t"
    assert len(graph) == len(hostile_selection(small).triples())
