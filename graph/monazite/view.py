"""The view: rows in an RDF store on a date, and everything that is asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.errors import UnknownNameError
from monazite.shipped import ontology_folder
from monazite.triples.answers import Answer, to_answer
from monazite.triples.names import find_entity
from monazite.triples.queries import day_of, read_query
from monazite.triples.store import Step, Store, do_nothing, open_store

if TYPE_CHECKING:
    from rdflib import Dataset

    from monazite.findings.finding import Chokepoints
    from monazite.network.graph import Network
    from monazite.rows.columns import Schema

_RELEASE = (
    "SELECT ?day { <https://w3id.org/monazite/dataset> <http://purl.org/dc/terms/issued> ?day }"
)


@dataclass(frozen=True)
class View:
    """Rows as they are on a date: an RDF dataset, named questions, and the network.

    People who know rdflib take ``dataset``; people who know networkx take ``network()``.
    """

    store: Store
    ontology: Path
    valid: str

    @property
    def dataset(self) -> Dataset:
        """The store as an rdflib ``Dataset``; its default graph is the union of all.

        >>> from rdflib import RDFS, URIRef
        >>> dy = URIRef("https://w3id.org/monazite/id/element/Dy")
        >>> str(load().dataset.value(dy, RDFS.label))
        'dysprosium'
        """
        return self.store.dataset

    @cached_property
    def schema(self) -> Schema:
        """The tables and closed lists, as the shapes give them."""
        from monazite.rows.columns import read_schema

        return read_schema(self.ontology)

    def describe(self) -> dict[str, object]:
        """Return what a report says of the view it was made from."""
        return {"release": release_date(self.store), "valid": self.valid, "quads": len(self.store)}

    def query(self, name: str, /, **given: str) -> Answer:
        """Answer a named query; a parameter ``date`` that is not given is the view's date.

        Raises:
            UnknownNameError: the query, a parameter, or what one names, is not known.

        >>> answer = load().query("policies-in-force", date="2025-06-11")
        >>> len(answer.rows) > 0
        True
        """
        query = read_query(name, self.ontology / "queries")
        if any(parameter.name == "date" for parameter in query.parameters):
            given.setdefault("date", self.valid)
        return to_answer(self.store.select(query.bound(self.store, given)))

    def network(self, element: str = "MREE", market: str = "WLD") -> Network:
        """Build the network of an element or group and a market.

        Args:
            element: symbol, name or group (``Dy``, ``NdPr``; ``MREE`` is the four magnet ones).
            market: code or name of a country or aggregate; ``WLD`` is the world.

        Raises:
            UnknownNameError: the element or market is not known.
            NotKnownError: no row splits any stage of the element.

        >>> network = load().network("Dy")
        >>> network.nodes["separation/CHN"]["kind"]
        'country'
        """
        from monazite.network.build import build_network
        from monazite.network.facts import read_facts

        place = find_entity(self.store, market, "Country", "Area", what="market")
        network = build_network(read_facts(self.store, element, self.valid), place.id)
        network.graph["view"] = self.describe()
        return network

    def chokepoints(
        self, element: str = "MREE", market: str = "WLD", *, top: int | None = None
    ) -> Chokepoints:
        """Rank what a market cannot do without; see :func:`monazite.chokepoints`."""
        from monazite.findings.chokepoints import find_chokepoints

        return find_chokepoints(self.network(element, market), top=top)

    def sources(self, rows: Iterable[str]) -> dict[str, str]:
        """Return who says each row, in a few words: publisher and year of the best source."""
        from monazite.triples.cards import read_cards

        found = {}
        for name, card in read_cards(self.store, self.schema, rows).items():
            best = min(card.sources, key=lambda source: (source.tier, source.id), default=None)
            if best is not None:
                found[name] = (
                    f"{best.publisher} {best.published[:4] or 'undated'}, tier {best.tier}"
                )
        return found

    def with_evidence(self, network: Network, findings: Chokepoints | None = None) -> Network:
        """Give a network the text and the sources of its rows, for a page that shows them."""
        from monazite.triples.cards import read_cards

        rows = {row for _, found in network.nodes(data=True) for row in found.get("rows", ())}
        rows |= {row for *_, arc in network.edges(data=True) for row in arc.get("rows", ())}
        if findings is not None:
            rows |= {row for point in findings.chokepoints for row in point.rows}
            rows |= {assumption.row for assumption in findings.assumptions}
        network.graph["evidence"] = {
            name: {
                "text": card.text,
                "sources": [
                    {
                        "publisher": source.publisher,
                        "title": source.title,
                        "published": source.published,
                        "tier": source.tier,
                        "url": source.url,
                    }
                    for source in card.sources
                ],
            }
            for name, card in read_cards(self.store, self.schema, rows).items()
        }
        return network


def release_date(store: Store) -> str:
    """Return the day on which the tables were released."""
    return next((row["day"].value for row in store.select(_RELEASE)), "not known")


def load(
    *,
    valid: str | None = None,
    ontology: Path | str | None = None,
    cache: bool = True,
    step: Step = do_nothing,
) -> View:
    """Open the tables as a view.

    Args:
        valid: the day asked about, ``2025``, ``2025-06`` or ``2025-06-11`` (the last day it can
            mean); the release date of the tables if None, so that answers do not move with the
            clock.
        ontology: another ontology folder than the shipped one.
        cache: keep the store in the user's cache folder; False builds it in memory.
        step: called after each step of building the store, for a progress bar.

    Raises:
        FaultyTablesError: the tables have faults.
        UnreadableError: the tables cannot be read, or the cache cannot be written.
        UnknownNameError: ``valid`` is no date.

    >>> load().valid
    '2026-11-24'
    """
    folder = Path(ontology) if ontology is not None else ontology_folder()
    store = open_store(folder, cache=cache, step=step)
    day = day_of(valid) if valid else release_date(store)
    if day == "not known":
        raise UnknownNameError("The tables give no release date; name a day with valid=...")
    return View(store, folder, day)
