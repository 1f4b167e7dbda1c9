"""The view: rows in an RDF store on a date, and everything that is asked of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.asked import Asked
from monazite.errors import UnknownNameError
from monazite.rows.filters import Filters
from monazite.shipped import VERSION, ontology_folder
from monazite.triples.answers import Answer, to_answer
from monazite.triples.names import find_entity
from monazite.triples.queries import day_of, read_query
from monazite.triples.store import Step, Store, do_nothing, open_store

if TYPE_CHECKING:
    from rdflib import Dataset

    from monazite.findings.losses.result import Chokepoints
    from monazite.network.graph import Network
    from monazite.pages.figures.draw import Figure
    from monazite.rows.columns import Schema
    from monazite.rows.filters import Index
    from monazite.rows.reader import Row

TIERS = range(1, 5)
_RELEASE = (
    "SELECT ?day { <https://w3id.org/monazite/dataset> <http://purl.org/dc/terms/issued> ?day }"
)


@dataclass(frozen=True)
class View(Asked):
    """Rows that hold on a day, were known by a day, from some sources: everything is asked of it.

    People who know rdflib take ``dataset``; people who know networkx take ``network()``.

    Attributes:
        store: the rows as RDF quads, those that the filters keep.
        ontology: the folder with vocabulary, shapes, tables and questions.
        valid: the day asked about, an ISO date.
        filters: what was asked for, as it was asked.
        data: the reader's own tables, None without.
        reasoned: whether the store holds what the rules infer as well.
    """

    store: Store
    ontology: Path
    valid: str
    filters: Filters = field(default_factory=Filters)
    data: Path | None = None
    reasoned: bool = False

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

    @property
    def known(self) -> str | None:
        """The day by which the rows could be read, None for any."""
        return self.filters.known

    @property
    def tier(self) -> int | None:
        """The worst tier of a source, None for any."""
        return self.filters.tier

    @property
    def without(self) -> tuple[str, ...]:
        """Rows, sources, publishers and tables that are left out."""
        return self.filters.without

    @cached_property
    def _hash(self) -> str:
        from monazite.triples.cache import tables_hash

        return tables_hash(self.ontology, self.data)

    def describe(self) -> dict[str, object]:
        """Return what repeats the view, and what its filters cost, as an output records it.

        ``rows`` are facts: rows but for identity, sources, rules and assumptions, which are in
        every view. ``cost`` says how many of them each filter drops when it stands alone.

        >>> load().describe()["without"]
        []
        """
        extent = self.store.extent
        return {
            "text": self.line(),
            "valid": self.valid,
            "filtered_by_valid": self.filters.valid is not None,
            "known": self.known,
            "tier": self.tier,
            "without": list(self.without),
            "data": self.data.name if self.data else None,
            "reasoned": self.reasoned,
            "rows": extent.rows,
            "all_rows": extent.all_rows,
            "perhaps": extent.perhaps,
            "cost": dict(extent.cost),
            "cost_of_undated_sources": extent.undated,
            "release": release_date(self.store),
            "tables": self._hash,
            "version": VERSION,
        }

    def line(self) -> str:
        """Return the view in one line, as it ends a table.

        >>> load(valid="2025-05-15", tier=2).line().split(" of ")[0].rsplit(" ", 1)[0]
        'View: valid 2025-05-15; tier 2 or better;'
        """
        extent, filters = self.store.extent, self.filters
        asked = [
            f"valid {self.valid}" if filters.valid else f"asked of {self.valid}, history included",
            f"known by {self.known}" if self.known else "",
            f"tier {self.tier} or better" if self.tier else "",
            *(f"without {name}" for name in self.without),
            f"with {self.data}" if self.data else "",
            "with what the rules infer" if self.reasoned else "",
        ]
        count = f"{extent.rows:,} of {extent.all_rows:,} facts"
        if extent.perhaps:
            count += f", {extent.perhaps:,} of them perhaps"
        spent = f" ({'; '.join(costs)})" if (costs := extent.costs()) else ""
        release = f"tables {self._hash} of {release_date(self.store)}"
        return f"View: {'; '.join(part for part in asked if part)}; {count}{spent}; {release}."

    @cached_property
    def _selected(self) -> list[Row]:
        from monazite.rows.filters import select
        from monazite.triples.cache import content_hash

        content = content_hash(self.ontology, self.data)
        rows, index = _read_rows(self.ontology, self.data, content)
        return [rows[place] for place in select(index, self.filters).kept]

    def rows(self) -> list[Row]:
        """Return the typed rows of the view, in the order of the tables.

        A row keeps all its sources here, those too that the filters leave out.

        >>> {row.table for row in load(without=("table:baci",)).rows()} & {"baci", "trade"}
        {'trade'}
        """
        return self._selected

    def query(self, name: str, /, **given: str) -> Answer:
        """Answer a named query; a parameter ``date`` that is not given is the view's date.

        Raises:
            UnknownNameError: the query, a parameter, or what one names, is not known; or a
                ``date`` is given that is not the day on which the view is valid.

        >>> answer = load().query("policies-in-force", date="2025-06-11")
        >>> len(answer.rows) > 0
        True
        """
        query = read_query(name, self.ontology / "queries")
        if any(parameter.name == "date" for parameter in query.parameters):
            given.setdefault("date", self.valid)
            if self.filters.valid and day_of(given["date"]) != self.valid:
                raise UnknownNameError(
                    f"The view holds only what is valid on {self.valid}; ask date="
                    f"{given['date']} of a view of that day, or of all rows."
                )
        return to_answer(self.store.select(query.bound(self.store, given)))

    def reason(self) -> View:
        """Return the view with what the rules infer of it, in the graph ``graph/inferred``.

        >>> lies = "SELECT ?x { ?x mz:locatedIn <https://w3id.org/monazite/id/area/EUE> }"
        >>> prefix = "PREFIX mz: <https://w3id.org/monazite/ns#> "
        >>> len(list(load().store.select(prefix + lies)))
        0
        >>> len(list(load(reason=True).store.select(prefix + lies))) > 20
        True
        """
        from monazite.triples.reason import reason

        found = reason(self.store, self.ontology, valid=self.valid)
        return replace(self, store=found.store, reasoned=True)

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

    def figure(
        self,
        kind: str,
        element: str = "MREE",
        market: str = "WLD",
        *,
        year: int | None = None,
        horizon: str = "short-run",
        event: str = "outage",
        width: float | None = None,
    ) -> Figure:
        """Draw a figure for a document, as SVG and PNG.

        Args:
            kind: concentration, hhi, balance, losses, timeline or map.
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            year: base year of losses and balance; the last one with trade rows if None.
            horizon: of the losses.
            event: of the losses.
            width: in pixels of CSS, 600 to 2,400.
        """
        from monazite.pages.figures.draw import draw_figure

        return draw_figure(
            self, kind, element, market, year=year, horizon=horizon, event=event, width=width
        )

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


@lru_cache(maxsize=2)
def _read_rows(ontology: Path, data: Path | None, _content: str) -> tuple[Sequence[Row], Index]:
    """Read the tables; two views of the same content are chosen from the same rows."""
    from monazite.errors import FaultyTablesError
    from monazite.rows.columns import read_schema
    from monazite.rows.filters import to_index
    from monazite.rows.reader import read_tables

    schema = read_schema(ontology)
    tables = read_tables(ontology / "tables", schema, data)
    if tables.faults:
        raise FaultyTablesError(tables.faults)
    return tables.rows, to_index(tables.rows, schema)


def release_date(store: Store) -> str:
    """Return the day on which the tables were released."""
    return next((row["day"].value for row in store.select(_RELEASE)), "not known")


def load(
    *,
    valid: str | None = None,
    known: str | None = None,
    tier: int | None = None,
    without: Iterable[str] = (),
    data: Path | str | None = None,
    reason: bool = False,
    ontology: Path | str | None = None,
    cache: bool = True,
    step: Step = do_nothing,
) -> View:
    """Open the tables as a view: the rows that pass every filter at once.

    Identity (what exists, its names and country), assumptions and rules are in every view. A
    row stays if one of its sources passes ``known``, ``tier`` and ``without`` together.

    Args:
        valid: only rows that hold on this day, ``2025``, ``2025-06`` or ``2025-06-11`` (the last
            day it can mean). None leaves no row out for its time, and questions are asked of
            the release date of the tables, so that answers do not move with the clock.
        known: only rows that could be known by the end of this day.
        tier: only rows from sources of this tier or better, 1 (primary) to 4 (weak).
        without: rows (``table/key``), sources, publishers or tables to leave out.
        data: tables of the reader's own, added to the shipped ones: a folder or a workbook.
        reason: add what the rules in ``ontology/rules`` infer; see :meth:`View.reason`.
        ontology: another ontology folder than the shipped one.
        cache: keep the store in the user's cache folder; False builds it in memory.
        step: called after each step of building the store, for a progress bar.

    Raises:
        FaultyTablesError: the tables have faults.
        UnreadableError: the tables cannot be read, or the cache cannot be written.
        UnknownNameError: a day is no date, a tier none, or ``without`` names what is not there.
        NotKnownError: no fact is left; the sentence says which filter emptied the view.

    >>> load().valid
    '2026-11-24'
    >>> early = load(valid="2010-12-31", tier=1)
    >>> early.describe()["rows"] < load().describe()["rows"]
    True
    """
    _show_in_notebooks()
    folder = Path(ontology) if ontology is not None else ontology_folder()
    own = Path(data) if data is not None else None
    if tier is not None and tier not in TIERS:
        raise UnknownNameError(f"There is no tier {tier}; tiers are 1 (primary) to 4 (weak).")
    filters = Filters(
        valid=day_of(valid) if valid else None,
        known=day_of(known) if known else None,
        tier=tier,
        without=(without,) if isinstance(without, str) else tuple(without),
    )
    store = open_store(folder, data=own, filters=filters, cache=cache, step=step)
    day = filters.valid or release_date(store)
    if day == "not known":
        raise UnknownNameError("The tables give no release date; name a day with valid=...")
    view = View(store, folder, day, filters, own)
    return view.reason() if reason else view


def _show_in_notebooks() -> None:
    """Where a notebook runs, networks, findings and answers show themselves as pages and tables."""
    if "IPython" in sys.modules or "marimo" in sys.modules:
        from monazite.pages.notebook import register

        register()
