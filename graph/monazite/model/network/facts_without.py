"""Facts with some rows left out, without building another store."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from monazite.model.network.facts import Facts, read_facts
from monazite.model.network.shares import OutputFigure
from monazite.model.network.trade import Flow
from monazite.store.queries import QueryRecord, ask_of_rows

Found = TypeVar("Found")


@dataclass(frozen=True)
class RevisedFacts(Facts):
    """Facts that keep the answers to queries, with some rows left out."""

    without: frozenset[str] = frozenset()
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False, repr=False)

    def less(self, rows: Iterable[str]) -> RevisedFacts:
        """Return the facts with more rows left out; answers are reused."""
        return replace(self, without=self.without.union(rows))

    def about(self, element: str) -> RevisedFacts:
        """Return the facts about another element or group, with the same rows left out."""
        found = self._keep(
            ("entity", element), lambda: read_facts(self.store, element, self.date).element
        )
        return replace(self, element=found)

    def ask(self, query: str, **given: str) -> tuple[QueryRecord, ...]:
        """Answer a named query without the rows that are left out."""
        asked = super().ask
        found = self._keep((query, *sorted(given.items())), lambda: asked(query, **given))
        if not self.without:
            return found
        return tuple(a for a in found if "row" not in a or a.row() not in self.without)

    def derive(self, key: Hashable, work: Callable[[], Found]) -> Found:
        """Return what was worked out of the rows that are left; of all, any facts may have it."""
        if not self.without:
            return super().derive(key, work)
        return self._keep(("derived", self.without, key), work)

    def figures(self, element: str) -> tuple[OutputFigure, ...]:
        """Return national output, without the rows that are left out."""
        whole = replace(self, without=frozenset())
        read = super(RevisedFacts, whole).figures
        found = self._keep(("figures", element), lambda: read(element))
        return tuple(figure for figure in found if figure.row not in self.without)

    def flows(self, year: int) -> list[Flow]:
        """Return the trade of one year, without the rows that are left out."""
        whole = replace(self, without=frozenset())
        read = super(RevisedFacts, whole).flows
        found = self._keep(("flows", year), lambda: read(year))
        return [flow for flow in found if flow.row not in self.without]

    @cached_property
    def country_labels(self) -> Mapping[str, str]:
        """Names of countries and aggregates by code: identity, which no revision changes."""
        whole = super().country_labels if ("labels",) not in self._kept else {}
        return self._keep(("labels",), lambda: whole)

    def _keep(self, key: tuple[Any, ...], find: Callable[[], Found]) -> Found:
        if key not in self._kept:
            self._kept[key] = find()
        found: Found = self._kept[key]
        return found


def record(facts: Facts) -> RevisedFacts:
    """Return facts that keep their answers, from which rows can be left out."""
    return RevisedFacts(facts.store, facts.element, facts.date)


def table_of(row: str) -> str:
    """Return the table of a row."""
    return row.partition("/")[0]


def tiers_of(facts: Facts, rows: Iterable[str] | None = None) -> dict[str, int]:
    """Return the worst tier that a view must admit to keep each row."""
    found = {}
    for answer in ask_of_rows(facts.store, "network-tiers", rows):
        kept = "worst" if answer["all"].endswith("joint") else "best"
        found[answer.row()] = answer.integer(kept)
    return found
