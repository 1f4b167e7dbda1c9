"""What can be asked of a view, each question a method: the findings, with the view's day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from pathlib import Path

    from monazite.findings.balance.balance import Balance
    from monazite.findings.brief.document import Brief
    from monazite.findings.claims.claims import Claim
    from monazite.findings.conflicts.conflicts import Conflict
    from monazite.findings.flow_model.study import Question
    from monazite.findings.losses.result import Chokepoints
    from monazite.findings.ownership.parents import Parents
    from monazite.findings.routes.cuts import Cuts
    from monazite.findings.timeline.timeline import Timeline
    from monazite.network.facts import Facts
    from monazite.network.graph import Network
    from monazite.rows.columns import Schema
    from monazite.rows.filters import Filters
    from monazite.rows.reader import Row
    from monazite.triples.store import Store


class _Viewed(Protocol):
    """What a view has that its questions need."""

    @property
    def store(self) -> Store: ...
    @property
    def schema(self) -> Schema: ...
    @property
    def valid(self) -> str: ...
    @property
    def filters(self) -> Filters: ...
    @property
    def ontology(self) -> Path: ...
    @property
    def data(self) -> Path | None: ...
    def rows(self) -> list[Row]: ...
    def network(self, element: str = ..., market: str = ...) -> Network: ...


class Asked:
    """The questions of a view.

    >>> import monazite
    >>> view = monazite.load()
    """

    @property
    def _view(self) -> _Viewed:
        return cast("_Viewed", self)

    def chokepoints(
        self,
        element: str = "MREE",
        market: str = "WLD",
        *,
        horizon: str = "short-run",
        event: str = "outage",
        approval: float = 0.5,
        year: int | None = None,
        top: int | None = None,
        network: Network | None = None,
    ) -> Chokepoints:
        """Rank what a market cannot do without.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            horizon: immediate, short-run, medium-run or free.
            event: outage, embargo or licence.
            approval: the part that a licence leaves, 0 to 1.
            year: base year; the last one with trade rows if None.
            top: how many to return; all if None.
            network: of this element and market, if it was built before.

        >>> import monazite
        >>> found = monazite.load().chokepoints("Dy", top=1)
        >>> found.chokepoints[0].id, found.base.product
        ('separation/CHN', 'magnets with Dy or Tb')
        """
        from monazite.findings.losses.chokepoints import find_chokepoints

        built = self._view.network(element, market) if network is None else network
        facts, question = self._question(built, element, horizon, event, approval)
        return find_chokepoints(built, facts, question, year=year, top=top)

    def balance(self, element: str = "MREE", *, year: int | None = None) -> Balance:
        """Balance an element in a year: made, traded, taken by the next stage, and left.

        Args:
            element: symbol, name or group.
            year: the last one with trade rows if None.

        >>> import monazite
        >>> monazite.load().balance("NdPr", year=2024).closings[0].stage
        'mine'
        """
        from monazite.findings.balance.balance import find_balance

        return find_balance(self._view.store, element, self._view.valid, year)

    def cuts(
        self, element: str = "MREE", market: str = "WLD", *, k: int = 2, left: float = 0.0
    ) -> Cuts:
        """Find the sets of countries at stages, and of known sites, that cut a market off.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            k: how many things a set may have at most.
            left: the part of the base, 0 to 1, that may still arrive.
        """
        from monazite.findings.routes.cuts import find_cuts

        return find_cuts(self._view.network(element, market), k=k, left=left)

    def conflicts(self, name: str | None = None) -> list[Conflict]:
        """Find facts on which rows differ, real contradictions first.

        Args:
            name: only about this entity; about all if None.

        >>> import monazite
        >>> monazite.load().conflicts("Mountain Pass")[0].kind
        'real'
        """
        from monazite.findings.conflicts.conflicts import conflicts_about, find_conflicts
        from monazite.triples.names import find_entity

        view = self._view
        entity = find_entity(view.store, name) if name else None
        rows = view.rows()
        found = find_conflicts(rows, view.schema, sources=self._speaking)
        return conflicts_about(found, entity.iri, rows, view.schema) if entity else found

    @property
    def _speaking(self) -> frozenset[str] | None:
        """The sources that a filtered view lets speak; a row keeps the names of the others too."""
        if not self._view.filters:
            return None
        from monazite.rows.iris import PREFIXES, local_name

        query = f"SELECT DISTINCT ?source {{ ?row <{PREFIXES['prov']}wasDerivedFrom> ?source }}"
        answers = self._view.store.select(query)
        return frozenset(local_name(found["source"].value) for found in answers)

    def claims(self, *, cache: bool = True) -> tuple[Claim, ...]:
        """Hold public claims against the rows of the view; what is claimed is the same in all.

        Args:
            cache: keep the store of all rows in the user's cache folder.

        >>> import monazite
        >>> len(monazite.load().claims())
        26
        """
        from monazite.findings.claims.claims import find_claims
        from monazite.triples.store import open_store

        view = self._view
        said = (
            open_store(view.ontology, data=view.data, cache=cache) if view.filters else view.store
        )
        return find_claims(said, view.store, view.schema)

    def timeline(self, name: str | None = None, *, stage: str | None = None) -> Timeline:
        """Put what happened in order.

        Args:
            name: of a plant, firm, country, element or policy.
            stage: of a whole stage of the chain.
        """
        from monazite.findings.timeline.timeline import timeline_of
        from monazite.triples.names import find_entity

        view = self._view
        entity = find_entity(view.store, name) if name else None
        return timeline_of(view.store, view.schema, view.valid, entity, stage=stage)

    def parents(self, name: str) -> Parents:
        """Follow who owns a plant or firm up to the ultimate parent, on the view's day.

        Args:
            name: id or name of a facility or organisation.
        """
        from monazite.findings.ownership.parents import find_parents

        return find_parents(self._view.store, name, self._view.valid)

    def brief(
        self,
        element: str = "MREE",
        market: str = "WLD",
        *,
        horizon: str = "short-run",
        event: str = "outage",
        approval: float = 0.5,
        year: int | None = None,
    ) -> Brief:
        """Write a briefing: its sentences, tables and numbered sources, without its pages.

        Args:
            element: symbol, name or group.
            market: code or name of a country or aggregate.
            horizon: immediate, short-run, medium-run or free.
            event: outage, embargo or licence.
            approval: the part that a licence leaves, 0 to 1.
            year: base year; the last one with trade rows if None.
        """
        from monazite.findings.brief.brief import find_brief

        network = self._view.network(element, market)
        facts, question = self._question(network, element, horizon, event, approval)
        return find_brief(network, facts, self._view.schema, question, year=year)

    def _question(
        self, network: Network, element: str, horizon: str, event: str, approval: float
    ) -> tuple[Facts, Question]:
        """The facts about an element, and what is asked of its network."""
        from monazite.findings.flow_model.study import Question
        from monazite.network.facts import read_facts

        facts = read_facts(self._view.store, element, self._view.valid)
        return facts, Question(network.graph["market"], horizon, event, approval)
