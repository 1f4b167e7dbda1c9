"""What every description of a view says: its files with their checksums, and the canonical hash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from monazite.exchange.folder import write_folder
from monazite.exchange.rdf import write_canonical
from monazite.exchange.selection import Exported, Selection
from monazite.findings.dataset.tables import is_whole, view_iri
from monazite.result import Value
from monazite.rows.iris import NS
from monazite.rows.vocabulary import DatasetTitle, read_title

if TYPE_CHECKING:
    from monazite.rows.columns import TableShape

CANONICAL = "canonical.nq"
"""The file of all statements in canonical form, whose hash tells two copies apart."""
VIEW = NS + "view"
"""The property under which a description keeps what repeats its view."""
CSV, N_QUADS = "text/csv", "application/n-quads"
ABOUT_CANONICAL = (
    "All statements, each row a named graph, in canonical form (RDFC-1.0): "
    "monazite export canonical writes it."
)
_REPEATED = ("known", "tier", "without", "data")


@dataclass(frozen=True)
class PublishedFile:
    """A file of a view."""

    name: str
    about: str
    media: str
    size: int
    sha256: str


@dataclass(frozen=True)
class PublishedView(Value):
    """A view as catalogues know it.

    Attributes:
        iri: of the data set, or of the part of it that the view is.
        is_whole: whether the view leaves nothing out and adds nothing.
        repeated: what repeats the view: days, tier, what is left out, and the name of own tables.
        files: a CSV file for each table, then the canonical form.
        shapes: of the tables, by the name of their file.
    """

    title: DatasetTitle
    iri: str
    is_whole: bool
    line: str
    version: str
    tables_hash: str
    repeated: Mapping[str, object]
    files: tuple[PublishedFile, ...]
    shapes: Mapping[str, TableShape]

    @property
    def description(self) -> str:
        """What it is, with its view."""
        return f"{self.title.description} {self.line}"

    @property
    def repeated_json(self) -> str:
        """What repeats the view, as a text that a description keeps."""
        return json.dumps(dict(self.repeated), ensure_ascii=False, sort_keys=True, default=list)


def publish(view: Exported) -> PublishedView:
    """Return a view with the checksums of its files.

    >>> import monazite
    >>> found = publish(monazite.load())
    >>> found.files[-1].name, len(found.files[-1].sha256)
    ('canonical.nq', 64)
    """
    record, selection = view.describe(), Selection(view)
    shapes = {f"{name}.csv": table for name, table in view.schema.tables.items()}
    contents = write_folder(selection)
    files = [
        _file(name, contents[name], shape.description, CSV)
        for name, shape in sorted(shapes.items())
    ]
    files.append(_file(CANONICAL, write_canonical(selection), ABOUT_CANONICAL, N_QUADS))
    title, whole = read_title(view.schema), is_whole(record)
    return PublishedView(
        title=title,
        iri=title.iri if whole else view_iri(record),
        is_whole=whole,
        line=view.line(),
        version=str(record["version"]),
        tables_hash=str(record["tables"]),
        repeated={
            "valid": record["valid"] if record["filtered_by_valid"] else None,
            **{name: record[name] for name in _REPEATED},
        },
        files=tuple(files),
        shapes=shapes,
    )


def _file(name: str, content: bytes, about: str, media: str) -> PublishedFile:
    return PublishedFile(name, about, media, len(content), sha256(content).hexdigest())


def to_document(content: object) -> str:
    """Return a description as JSON-LD: the same text for the same view."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
