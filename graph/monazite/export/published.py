"""What every description of a view says: its files with their checksums, and the canonical hash."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from monazite.analysis.inventory import is_whole, view_iri
from monazite.core.errors import UnreadableError
from monazite.core.results import Value
from monazite.data.iris import NS
from monazite.data.vocabulary import DatasetTitle, read_title
from monazite.export.rdf import write_canonical
from monazite.export.selection import Exported, Selection
from monazite.export.tables import write_folder

if TYPE_CHECKING:
    from monazite.data.columns import TableShape

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
    """A view as catalogues know it; whole where it leaves nothing out and adds nothing."""

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
    """Return a view with the checksums of its files."""
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


_HASH = re.compile(r"[0-9a-f]{64}")
_SHOWN = 5
_DCAT = "http://www.w3.org/ns/dcat#distribution"
_SPDX = "http://spdx.org/rdf/terms#"
_TITLE = "http://purl.org/dc/terms/title"
_SIZE = "http://www.w3.org/ns/dcat#byteSize"
_Read = tuple[Any, dict[str, str], dict[str, str]]


@dataclass(frozen=True)
class DescribedCopy:
    """A copy as its description has it; nobody vouches for what it says."""

    view: object
    sums: Mapping[str, str]
    sizes: Mapping[str, str]


def is_description(content: bytes) -> bool:
    """Tell whether a file is a description in JSON-LD or Turtle."""
    begin = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:400]
    return begin.startswith((b"{", b"@prefix", b"PREFIX")) and (
        b"@context" in begin or b"@prefix" in begin or b"PREFIX" in begin
    )


def read_description(content: bytes, name: str) -> DescribedCopy:
    """Read what a description says of a copy; no context is fetched."""
    try:
        read = _read_json if content.lstrip()[:1] == b"{" else _read_turtle
        view, sums, sizes = read(content)
        asked = json.loads(view)
    except (ValueError, SyntaxError, KeyError, TypeError, AttributeError, RecursionError):
        raise _unread(name) from None
    if CANONICAL not in sums or not all(map(_HASH.fullmatch, sums.values())):
        raise _unread(name)
    return DescribedCopy(asked, sums, sizes)


def compare_copies(there: DescribedCopy, here: PublishedView) -> tuple[bool, tuple[str, ...]]:
    """Say whether what is here is what a description tells, and name what differs."""
    sums = {each.name: each.sha256 for each in here.files}
    lacking, more = sorted({*there.sums} - {*sums}), sorted({*sums} - {*there.sums})
    differing = [name for name in sums if there.sums.get(name, sums[name]) != sums[name]]
    tables = [name for name in differing if name != CANONICAL]
    sizes = {each.name: str(each.size) for each in here.files}
    resized = [name for name in sizes if there.sizes.get(name, sizes[name]) != sizes[name]]
    if not (lacking or more or differing or resized):
        return True, (
            f"Same: {len(sums) - 1} tables and the canonical hash {sums[CANONICAL][:12]} are those "
            "of this copy.",
        )
    if CANONICAL in differing:
        theirs, ours = there.sums[CANONICAL], sums[CANONICAL]
        alike = next(n for n, pair in enumerate(zip(theirs, ours, strict=True)) if len({*pair}) > 1)
        shown = max(12, alike + 4)
        sentences = [
            f"Not the same: the canonical hash is {theirs[:shown]} there and {ours[:shown]} here."
        ]
    else:
        sentences = ["The statements are the same by their canonical hash; files differ."]
    for names, said in (
        (tables, "Other contents"),
        (resized, "Other sizes"),
        (lacking, "Only there"),
        (more, "Only here"),
    ):
        if names:
            sentences.append(f"{said}: {_listed(names)}.")
    return False, tuple(sentences)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _unread(name: str) -> UnreadableError:
    return UnreadableError(
        f"{name} is no description of a copy with hashes and its view; take one that monazite "
        "info --format croissant or dcat writes."
    )


def _read_json(content: bytes) -> _Read:
    """Croissant and DCAT, each in the form in which it is written."""
    whole: Any = json.loads(content)
    if "@graph" not in whole:
        files = whole["distribution"]
        return (
            whole["view"],
            {each["contentUrl"]: each["sha256"] for each in files},
            {each["contentUrl"]: each["contentSize"].removesuffix(" B") for each in files},
        )
    return _read_quads(ox.parse(content, format=ox.RdfFormat.JSON_LD))


def _read_turtle(content: bytes) -> _Read:
    return _read_quads(ox.parse(content, format=ox.RdfFormat.TURTLE))


def _read_quads(quads: Any) -> _Read:  # noqa: ANN401 - of the engine
    by_subject: dict[str, dict[str, list[str]]] = {}
    for quad in quads:
        properties = by_subject.setdefault(str(quad.subject.value), {})
        properties.setdefault(quad.predicate.value, []).append(str(quad.object.value))
    (dataset,) = [each for each in by_subject.values() if VIEW in each]
    sums, sizes = {}, {}
    for iri in dataset[_DCAT]:
        file = by_subject[iri]
        checksum = by_subject[file[f"{_SPDX}checksum"][0]]
        sums[file[_TITLE][0]] = checksum[f"{_SPDX}checksumValue"][0]
        sizes[file[_TITLE][0]] = file[_SIZE][0]
    return dataset[VIEW][0], sums, sizes
