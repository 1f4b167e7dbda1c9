"""The rows that a page carries, as TriG, and what they say when they are read back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from monazite.core.errors import UnreadableError
from monazite.data.iris import BASE, EVIDENCE, row_name
from monazite.export.rdf import write_trig
from monazite.export.selection import VIEW_GRAPH, Exported, Selection, iri_of

_ROW = BASE + "row/"


@dataclass(frozen=True)
class Enclosed(Selection):
    """Some rows of a view, by name, and the sources that speak for them."""

    chosen: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> frozenset[str]:
        """The rows as ``table/key``, their sources among them."""
        return self.chosen | self.sources_of(self.chosen)


def enclose(view: Exported, rows: Iterable[str]) -> str:
    """Return rows of a view as TriG: each its named graph, with its sources."""
    tables = view.schema.tables  # names may come from a page from elsewhere, and go into a query
    chosen = (row for row in rows if "/" in row and row.split("/", 1)[0] in tables)
    return write_trig(Enclosed(view, chosen=frozenset(chosen))).decode()


def read_enclosed(trig: str, page: str = "The page") -> dict[str, frozenset[str]]:
    """Read rows back: what each says and who says it, as sorted statements by its name."""
    found: dict[str, set[str]] = defaultdict(set)
    try:
        for quad in ox.parse(trig.encode("utf-8", "replace"), format=ox.RdfFormat.TRIG):
            graph, subject = iri_of(quad.graph_name), iri_of(quad.subject)
            if graph == VIEW_GRAPH:
                continue
            about = subject if graph == EVIDENCE else graph
            name = row_name(about) if about.startswith(_ROW) else about.removeprefix(BASE)
            found[name].add(f"{quad.triple}")
    except (SyntaxError, ValueError, OSError) as error:
        raise UnreadableError(f"{page} carries rows that are no TriG: {error}.") from None
    return {about: frozenset(said) for about, said in found.items()}
