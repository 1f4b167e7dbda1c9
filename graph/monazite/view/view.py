"""The view: filtered rows in a store on a day, and everything that can be asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar, cast

from monazite.core.errors import FaultyTablesError, UnknownNameError, all_at_once
from monazite.core.formats import NOT_KNOWN, counted, escaped, grouped
from monazite.core.package import VERSION
from monazite.core.results import Frozen, Result, Struct, ViewSummary
from monazite.data.dates import date_bounds, day_words
from monazite.data.declared import Param, declared
from monazite.data.filters import Filters, select, to_index
from monazite.data.parameters import (
    ELEMENT,
    MARKET,
    MAX_ROWS,
    ROW_COUNTS,
    TIMEOUT,
    TIMEOUTS,
    check_text,
)
from monazite.store.answers import Answer, read_answer, to_answer
from monazite.store.names import Entity, find_entity
from monazite.store.opening import NEWS
from monazite.store.queries import NAME, NamedQuery, day_of, parse_query, read_query
from monazite.store.store import RELEASE, Store
from monazite.view.methods import Methods

if TYPE_CHECKING:
    from rdflib import Dataset

    from monazite.analysis.chokepoints.chokepoints import ReleasedRanges
    from monazite.analysis.scenarios.released import ReleasedOutcomes
    from monazite.data.columns import Schema, TableShape
    from monazite.data.filters import Index
    from monazite.data.reader import Row
    from monazite.data.sameness import SourceAttribution
    from monazite.model.network.attributes import Network
    from monazite.model.network.facts import Facts

AnyResult = TypeVar("AnyResult", bound=Result)


class View(Struct, Methods):
    """Rows that hold on a day, were known by a day, from some sources: everything is asked of it.

    People who know rdflib take ``dataset``; people who know networkx take ``network()``.
    """

    store: Store  #: the rows as RDF quads, those that the filters keep
    ontology: Path  #: the folder with vocabulary, shapes, tables and questions
    valid: str  #: the day asked about, an ISO date
    filters: Filters = field(default_factory=Filters)  #: what was asked for, as it was asked
    data: Path | None = None  #: the reader's own tables, None without
    reasoned: bool = False  #: whether the store holds what the rules infer as well
    cached: bool = True  #: whether stores are kept in the user's cache folder

    @property
    def dataset(self) -> Dataset:
        """The store as an rdflib ``Dataset``; its default graph is the union of all.

        It is read-only, and refuses queries that reach out by ``SERVICE``; only rdflib's own
        evaluator, which ``use_store_provided=False`` of ``query`` and ``update`` asks for, is not
        judged. It has no limits of time and memory, and no second wall: :meth:`View.query`
        answers what others wrote.

        >>> import monazite
        >>> from rdflib import RDFS, URIRef
        >>> dy = URIRef("https://w3id.org/monazite/id/element/Dy")
        >>> str(monazite.load().dataset.value(dy, RDFS.label))
        'dysprosium'
        """
        return self.store.dataset

    @cached_property
    def schema(self) -> Schema:
        """The tables and closed lists, as the shapes give them."""
        from monazite.data.columns import read_schema

        return read_schema(self.ontology)

    @cached_property
    def _tables(self) -> Mapping[str, TableShape]:
        """The tables alone, for those who ask of a few."""
        from monazite.store.names import StoredShapes

        return StoredShapes(self.store, self.ontology)

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

    def _store_of_all_days(self) -> Store:
        """The rows of the view whatever their day: a rule leans on rows of later days too."""
        if self.filters.valid is None:
            return self.store
        return self.store_of(replace(self.filters, valid=None))

    def store_of(self, filters: Filters) -> Store:
        """Open the store of the same rows under other filters.

        Args:
            filters: of that view.

        Returns:
            The store, opened.

        Raises:
            NotKnownError: they keep no fact.

        >>> import monazite
        >>> view = monazite.load()
        >>> len(view.store_of(view.filters)) == len(view.store)
        True
        """
        from monazite.store.opening import open_store

        return open_store(self.ontology, data=self.data, filters=filters or None, cache=self.cached)

    def open_here(self) -> None:
        """Make sure that other processes can open the same rows.

        >>> import monazite
        >>> monazite.load().open_here()
        """
        self.store.wait()

    @property
    def unread(self) -> tuple[str, ...]:
        """Names of what lies beside the reader's own tables and is not read.

        >>> import monazite
        >>> monazite.load().unread
        ()
        """
        from monazite.data.own_files import find_own_files

        return () if self.data is None else find_own_files(self.data).unread

    @cached_property
    def _hash(self) -> str:
        from monazite.store.cache import tables_hash

        return tables_hash(self.ontology, self.data)

    def describe(self) -> dict[str, object]:
        """Return what repeats the view, and what its filters cost, as an output records it.

        ``rows`` are facts: rows but for identity, sources, rules and assumptions, which are in
        every view. ``cost`` says how many of them each filter drops when it stands alone.

        Returns:
            The filters, the counts of facts, and the version and hash of the tables, by name.

        >>> import monazite
        >>> monazite.load().describe()["without"]
        []
        """
        return {
            "text": self.line(),
            "valid": self.valid,
            "filtered_by_valid": self.filters.valid is not None,
            "known": self.known,
            "tier": self.tier,
            "without": list(self.without),
            "data": self._data_name,
            "reasoned": self.reasoned,
            **self._measures,
        }

    @cached_property
    def _measures(self) -> dict[str, Any]:
        """What was counted of the tables, and which they are."""
        extent = self.store.extent
        return {
            "rows": extent.rows,
            "all_rows": extent.all_rows,
            "perhaps": extent.perhaps,
            "cost": dict(extent.cost),
            "cost_of_undated_sources": extent.undated,
            "release": release_date(self.store) or NOT_KNOWN,
            "news_read_to": news_read_to(self.store) or NOT_KNOWN,
            "tables": self._hash,
            "version": VERSION,
        }

    def line(self) -> str:
        """Return the data used in one line, as it ends a table.

        Returns:
            The filters, how many facts they keep, to which day news was read where the view is
            of a later one, and the release of the tables.

        >>> import monazite
        >>> monazite.load(valid="2025-05-15", tier=2).line()[:59]
        'Data: release of 24 Nov 2026, valid on 15 May 2025; sources'
        """
        told, filters = self._measures, self.filters
        read, asked_by = told["news_read_to"], (date_bounds(self.valid)[1], filters.known)
        asked = [
            f"release of {day_words(told['release'])}, "
            + (f"valid on {day_words(self.valid)}" if filters.valid else "all dates"),
            f"known by {day_words(self.known)}" if self.known else "",
            f"sources of tier {self.tier} or better" if self.tier else "",
            *(f"without {name}" for name in self.without),
            f"with {escaped(self._data_name)}" if self._data_name else "",
            "with what the rules infer" if self.reasoned else "",
        ]
        count = f"{grouped(told['rows'])} of {counted(told['all_rows'], 'fact')}"
        if told["perhaps"]:
            count += f", {grouped(told['perhaps'])} of them possibly"
        spent = f" ({'; '.join(costs)})" if (costs := self.store.extent.costs()) else ""
        # of what came after the newest news a view of a later day is blind
        is_blind = read != NOT_KNOWN and min(filter(None, asked_by)) > read
        news = [f"news read to {read}"] if is_blind else []
        about = [*filter(None, asked), f"{count}{spent}", *news, f"tables {told['tables']}"]
        return f"Data: {'; '.join(about)}."

    @property
    def _data_name(self) -> str | None:
        """The name of the reader's own tables; where they lie is the reader's own affair."""
        return None if self.data is None else self.data.resolve().name

    @cached_property
    def summary(self) -> ViewSummary:
        """The view as every result records it."""
        return ViewSummary(self.line(), self.describe())

    def _recorded(self, found: AnyResult, *, rows: Iterable[str] = ()) -> AnyResult:
        """Return a result that records this view, and who says the rows that it shows."""
        return replace(found, view=self.summary, sources=Frozen(self.sources(rows)))

    @cached_property
    def _attributions(self) -> Mapping[str, SourceAttribution]:
        """Whom the sources speak for, by id: those that a filtered view lets speak."""
        from monazite.data.iris import PREFIXES, local_name
        from monazite.data.sameness import read_attributions

        found = read_attributions(self._selected, self.schema)
        if not self.filters:
            return found
        query = f"SELECT DISTINCT ?source {{ ?row <{PREFIXES['prov']}wasDerivedFrom> ?source }}"
        speaking = {local_name(each["source"].value) for each in self.store.select(query)}
        return {name: says for name, says in found.items() if name in speaking}

    @cached_property
    def _row_places(self) -> Mapping[str, int]:
        """Where each row stands among those of the view, by its key."""
        return {f"{row.table}/{row.key}": place for place, row in enumerate(self._selected)}

    @cached_property
    def released(self) -> ReleasedRanges | None:
        """The ranges that were drawn with the release; None where the view leaves rows out.

        On another day they hold for what is as it was then.
        """
        from monazite.analysis.chokepoints.chokepoints import ReleasedRanges

        if self.data is not None or replace(self.filters, valid=None) != Filters():
            return None
        return ReleasedRanges(self.ontology / "ranges", self._hash)

    @cached_property
    def released_outcomes(self) -> ReleasedOutcomes | None:
        """What shipped scenarios lead to by the release; None where the view is not all of it."""
        from monazite.analysis.scenarios.released import ReleasedOutcomes

        if self.data is not None or self.filters != Filters():
            return None
        return ReleasedOutcomes(self.ontology / "scenarios", self._hash)

    @cached_property
    def _selected(self) -> tuple[Row, ...]:
        from monazite.store.cache import content_hash

        content = content_hash(self.ontology, self.data)
        rows, index = _read_rows(self.ontology, self.data, content)
        return tuple(rows[place] for place in select(index, self.filters).kept)

    def rows(self) -> list[Row]:
        """Return the typed rows of the view, in the order of the tables.

        Returns:
            The rows; each keeps all its sources, those too that the filters leave out.

        >>> import monazite
        >>> {row.table for row in monazite.load(without=("table:baci",)).rows()} & {"baci", "trade"}
        {'trade'}
        """
        return list(self._selected)

    def reason(self) -> Self:
        """Return the view with what the rules infer of it, in the graph ``graph/inferred``.

        Returns:
            A new view; this one stays as it is.

        >>> import monazite
        >>> lies = "SELECT ?x { ?x mz:locatedIn <https://w3id.org/monazite/id/area/EUE> }"
        >>> prefix = "PREFIX mz: <https://w3id.org/monazite/ns#> "
        >>> len(list(monazite.load().store.select(prefix + lies)))
        0
        >>> len(list(monazite.load(reason=True).store.select(prefix + lies))) > 20
        True
        """
        from monazite.store.derived_triples import reason

        found = reason(self.store, self.ontology, valid=self.valid)
        return replace(self, store=found.store, reasoned=True)

    def network(self, element: str = ELEMENT, market: str = MARKET) -> Network:
        """Build the network of an element or group and a market.

        Args:
            element: symbol, name or group (``Dy``, ``NdPr``; ``MREE`` is the four magnet ones).
            market: code or name of a country or aggregate; ``WLD`` is the world.

        Returns:
            A ``networkx.MultiDiGraph``: countries at stages, sites, firms and the market are its
            nodes, trade and supply its arcs, with tonnes and the keys of their rows.

        Raises:
            UnknownNameError: the element or market is not known.
            NotKnownError: no row splits any stage of the element.

        >>> import monazite
        >>> network = monazite.load().network("Dy")
        >>> network.nodes["separation/CHN"]["kind"]
        'country'
        """
        from monazite.model.chain.base_year import own_output_of
        from monazite.model.network.build import build_network

        place, facts = cast(
            "tuple[Entity, Facts]",
            all_at_once(
                lambda: find_entity(self.store, market, "Country", "Area", what="market"),
                lambda: self.facts(element),
            ),
        )
        network = build_network(facts, place.id, own=own_output_of(facts, place.id))
        network.graph["view"] = self.describe()
        network.built_by = self
        return network

    def facts(self, element: str = ELEMENT) -> Facts:
        """Return the rows about an element, up to the day of the view.

        Args:
            element: symbol, name or group.

        Returns:
            The rows from which networks and findings are worked out.

        Raises:
            UnknownNameError: the element is not known.

        >>> import monazite
        >>> monazite.load().facts("NdPr").symbol
        'NdPr'
        """
        from monazite.model.network.facts import read_facts

        drawn = None if self.released is None else self.released.shares
        return read_facts(self.store, element, self.valid, drawn)

    def sources(self, rows: Iterable[str]) -> dict[str, str]:
        """Return who says each row, in a few words: publisher and year of the best source.

        A number that is a proxy, a bound or a forecast is said to be one.

        Args:
            rows: keys of rows, ``table/key``.

        Returns:
            By row key; rows without a source, or not in the view, are left out.

        >>> import monazite
        >>> row = "ownership/mp-materials-mountain-pass-2017"
        >>> monazite.load().sources([row])[row].endswith(", official or company")
        True
        """
        found: dict[str, str] = {}
        names = tuple(rows)
        if not names:
            return found
        from monazite.data.sameness import tier_word
        from monazite.store.cards import read_cards

        for name, card in read_cards(self.store, self._tables, names).items():
            best = min(card.sources, key=lambda source: (source.tier, source.id), default=None)
            if best is not None:
                year = best.published[:4] or "undated"
                said = f"{best.publisher} {year}, {tier_word(best.tier)}"
                found[name] = f"{said}, {card.figure}" if card.figure else said
        return found

    def evidence(self, rows: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return what rows say and who says it, as a page shows it, by row key.

        Args:
            rows: keys of rows, ``table/key``.

        Returns:
            The ``text`` of each row and its ``sources``: publisher, title, date, tier and address.

        >>> import monazite
        >>> row = "ownership/mp-materials-mountain-pass-2017"
        >>> len(monazite.load().evidence([row])[row]["sources"])
        2
        """
        from monazite.store.cards import read_cards

        return {
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
            for name, card in read_cards(self.store, self._tables, rows).items()
        }

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that SPARQL of your own need not declare, with their addresses.

        >>> import monazite
        >>> monazite.load().prefixes["facility"]
        'https://w3id.org/monazite/id/facility/'
        """
        from monazite.store.query_process import preset_prefixes

        return preset_prefixes(self.ontology)

    @declared
    def query(
        self,
        question: Annotated[
            str | NamedQuery,
            Param(
                "A named query, SPARQL in quotes, a file, or - for stdin.",
                metavar="NAME|SPARQL|FILE.rq|-",
                position=True,
            ),
        ],
        /,
        *,
        reason: Annotated[
            bool,
            Param("Add what the rules infer: wider places and kinds, what a class may contain."),
        ] = False,
        timeout: Annotated[
            float, Param("Seconds a query of your own may take.", bounds=TIMEOUTS)
        ] = TIMEOUT,
        max_rows: Annotated[
            int, Param("Rows a query of your own may give.", bounds=ROW_COUNTS)
        ] = MAX_ROWS,
        parameters: Mapping[str, str] | None = None,
        **given: str,
    ) -> Answer:
        """Ask the graph: a named query, or SPARQL of your own, in quotes, from a file or stdin.

        Prefixes are preset (--prefixes lists them). Where nothing is found, stderr says which terms
        the vocabulary or the data lack. A store that push loaded is asked with --endpoint; what it
        answers has no filters and no hints, and a query has to declare its prefixes.

        Example: monazite query 'SELECT * { firm:lynas mz:operates ?plant }'

        Args:
            parameters: the parameters of the question by name, where one has a name that Python
                or this method uses otherwise.
            given: the same as words of Python; ``date``, if it is not given, is the view's day.

        Returns:
            A table of terms, with its ``records`` as values of Python; a ``YesOrNo`` for ASK,
            ``Triples`` for CONSTRUCT and DESCRIBE. Where SPARQL of your own finds nothing, its
            ``notes`` say which terms the vocabulary or the view lacks.

        Raises:
            UnknownNameError: the question, a parameter, or what one names, is not known; or a
                ``date`` is given that is not the day on which the view is valid.
            QueryError: SPARQL of your own is broken, not allowed, too slow or too much.

        >>> import monazite
        >>> view = monazite.load()
        >>> answer = view.query("policies-in-force", date="2025-06-11")
        >>> answer.name, len(answer) > 0
        ('policies-in-force', True)
        >>> view.query("SELECT ?number { element:Dy mz:atomicNumber ?number }").records
        ({'number': 66},)
        >>> view.query("ASK { ?element mz:atomicnumber 66 }").notes
        ('The vocabulary has no property mz:atomicnumber; did you mean mz:atomicNumber?',)
        """
        TIMEOUTS.check(timeout)
        ROW_COUNTS.check(max_rows)
        if not isinstance(question, NamedQuery):
            check_text(question, "question")
        words = {**(parameters or {}), **given}
        if isinstance(question, str) and NAME.fullmatch(question):
            named = read_query(question, self.ontology / "queries")
            view = self.reason() if reason and not self.reasoned else self
            return view._named(named, words)
        view = replace(self, reasoned=True) if reason else self  # the child applies the rules
        return view._own(question, words, timeout, max_rows)

    def _named(self, query: NamedQuery, given: dict[str, str]) -> Answer:
        if any(parameter.name == "date" for parameter in query.parameters):
            given.setdefault("date", self.valid)
            if self.filters.valid and day_of(given["date"]) != self.valid:
                raise UnknownNameError(
                    f"The view holds only what is valid on {self.valid}; ask date="
                    f"{given['date']} of a view of that day, or of all rows."
                )
            if query.worked_out and given["date"]:
                from monazite.analysis.policies.status import with_statuses

                query = with_statuses(query, self.store, given["date"])
            if query.works_out("policy-touches"):
                from monazite.analysis.policies.policies import with_touches

                query = with_touches(query, self.store, given)
        found = self.store.select(query.bound(self.store, given))
        return self._recorded(to_answer(found, name=query.name))

    def _own(
        self, question: str | NamedQuery, given: dict[str, str], timeout: float, max_rows: int
    ) -> Answer:
        from monazite.core.limited_process import Limits
        from monazite.store.query_process import find_hints, found_nothing, run_guarded
        from monazite.store.sparql_text import judge, kind_of

        query = parse_query("", question) if isinstance(question, str) else question
        text = query.bound(self.store, given) if given else query.text
        kind_of(text)  # what is no query at all is told before the child begins
        self.store.wait()  # the child opens what is built here, outside the time limit
        done = run_guarded(
            text,
            self.ontology,
            data=self.data,
            filters=self.filters,
            reason=self.valid if self.reasoned else None,
            cache=self.cached,
            rows=max_rows,
            limits=Limits(seconds=timeout),
        )
        answer = read_answer(done.output, query.name)
        notes = _without(done.missing)
        if found_nothing(answer):
            notes += (*find_hints(judge(text).text, self.store, self.prefixes),)
        return self._recorded(replace(answer, notes=notes))


def _without(walls: tuple[str, ...]) -> tuple[str, ...]:
    """Say which walls the system does not give around a query."""
    if not walls:
        return ()
    return (
        f"This system gives no wall of these around a query of your own: {', '.join(walls)}; its "
        "time is limited all the same, and its text was refused if it reached out.",
    )


@lru_cache(maxsize=2)
def _read_rows(ontology: Path, data: Path | None, _content: str) -> tuple[Sequence[Row], Index]:
    """Read the tables; two views of the same content are chosen from the same rows."""
    from monazite.data.columns import read_schema
    from monazite.data.reader import read_tables

    schema = read_schema(ontology)
    tables = read_tables(ontology / "tables", schema, data)
    if tables.faults:
        raise FaultyTablesError(tables.faults)
    return tables.rows, to_index(tables.rows, schema)


def release_date(store: Store) -> str | None:
    """Return the day on which the tables were released; None where they do not say."""
    return next((row["day"].value for row in store.select(RELEASE)), None)


def news_read_to(store: Store) -> str | None:
    """Return the day of the newest news that the tables could take in, if they say."""
    return next((row["day"].value for row in store.select(NEWS)), None)
