"""A view described for catalogues of data, with checksums by which copies are compared."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from monazite.analysis.inventory import CREATOR, KEYWORDS, MEDIA, is_whole, view_iri
from monazite.core.errors import UnknownNameError, UnreadableError, did_you_mean
from monazite.core.formats import escape_hidden_turtle, first_rows
from monazite.core.results import Struct, Value
from monazite.data.iris import BASE, NS, PREFIXES
from monazite.data.parameters import CATALOGUES, check_text
from monazite.data.vocabulary import DatasetTitle, read_title
from monazite.export.rdf import write_canonical
from monazite.export.selection import Exported, Selection, in_order
from monazite.export.tables import header_of, write_folder

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


class PublishedFile(Struct):
    """A file of a view."""

    name: str
    about: str
    media: str
    size: int
    sha256: str


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
    told = [(name, contents[name], each.description, CSV) for name, each in sorted(shapes.items())]
    told.append((CANONICAL, write_canonical(selection), ABOUT_CANONICAL, N_QUADS))
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
        files=tuple(
            PublishedFile(name, about, media, len(content), sha256(content).hexdigest())
            for name, content, about, media in told
        ),
        shapes=shapes,
    )


def to_document(content: object) -> str:
    """Return a description as JSON-LD: the same text for the same view."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


_HASH = re.compile(r"[0-9a-f]{64}")
_DCAT = "http://www.w3.org/ns/dcat#distribution"
_TITLE = "http://purl.org/dc/terms/title"
_SIZE = "http://www.w3.org/ns/dcat#byteSize"
_Read = tuple[Any, dict[str, str], dict[str, str]]


class DescribedCopy(Struct):
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
        if content.lstrip()[:1] == b"{":
            view, sums, sizes = _read_json(content)
        else:
            view, sums, sizes = _read_quads(ox.parse(content, format=ox.RdfFormat.TURTLE))
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
    sizes = {each.name: str(each.size) for each in here.files}
    resized = [name for name in sizes if there.sizes.get(name, sizes[name]) != sizes[name]]
    if not (lacking or more or differing or resized):
        return True, (
            f"Same: {len(sums) - 1} tables and the canonical hash {sums[CANONICAL][:12]} are those "
            "of this copy.",
        )
    first = "The statements are the same by their canonical hash; files differ."
    if CANONICAL in differing:
        theirs, ours = there.sums[CANONICAL], sums[CANONICAL]
        alike = next(n for n, pair in enumerate(zip(theirs, ours, strict=True)) if len({*pair}) > 1)
        their, our = (each[: max(12, alike + 4)] for each in (theirs, ours))
        first = f"Not the same: the canonical hash is {their} there and {our} here."
    told = {
        "Other contents": [name for name in differing if name != CANONICAL],
        "Other sizes": resized,
        "Only there": lacking,
        "Only here": more,
    }
    others = (f"{said}: {first_rows(names)}." for said, names in told.items() if names)
    return False, (first, *others)


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


CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
_OWN = {
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field",
    "fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset",
    "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
}  # fmt: skip
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    **{name: f"cr:{name}" for name in sorted(_OWN)},
    "view": VIEW,
}
"""The context that the specification gives, with our property of the view: nobody fetches it."""
_TYPES = {
    "integer": "sc:Integer",
    "decimal": "sc:Float",
    "boolean": "sc:Boolean",
    "anyURI": "sc:URL",
}
"""What a cell is; several values in one cell, and a date that may be a year, are a text."""


def to_croissant(published: PublishedView) -> str:
    """Return a view as Croissant, whose files lie beside it."""
    return to_document(
        {
            "@context": CONTEXT,
            "@type": "sc:Dataset",
            "@id": published.iri,
            "conformsTo": CONFORMS_TO,
            "name": published.title.title,
            "description": published.description,
            "url": published.iri,
            "identifier": published.tables_hash,
            "version": published.version,
            "datePublished": published.title.issued,
            "license": published.title.licence,
            "creator": {"@type": "sc:Organization", "name": CREATOR},
            "citeAs": f"{CREATOR}: {published.title.title}, {published.title.issued}. "
            f"{published.title.iri}",
            "keywords": [*KEYWORDS],
            "isLiveDataset": False,
            "view": published.repeated_json,
            "distribution": [_file_object(each) for each in published.files],
            "recordSet": [
                _records(name, shape) for name, shape in sorted(published.shapes.items())
            ],
        }
    )


def _file_object(file: PublishedFile) -> dict[str, object]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": file.about,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": file.media,
        "sha256": file.sha256,
    }


def _records(file: str, table: TableShape) -> dict[str, object]:
    columns = {each.name: each for each in table.columns}
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": {"@id": f"{table.name}/{table.key_column}"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table.name}/{name}",
                "name": name,
                "description": columns[name].description,
                "dataType": _TYPES.get("" if columns[name].many else columns[name].kind, "sc:Text"),
                "source": {"fileObject": {"@id": file}, "extract": {"column": name}},
            }
            for name in header_of(table)
        ],
    }


_SPDX = "http://spdx.org/rdf/terms#"
_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "mz": NS,
    "spdx": _SPDX,
    "xsd": PREFIXES["xsd"],
}
_LINKS = (
    *("dcterms:license", "dcterms:creator", "dcterms:publisher", "dcterms:conformsTo"),
    *("dcterms:isPartOf", "dcat:distribution", "dcat:accessURL", "dcat:mediaType"),
    *("spdx:checksum", "spdx:algorithm"),
)
_TYPED = {
    "dcterms:issued": "xsd:date",
    "dcat:byteSize": "xsd:nonNegativeInteger",
    "spdx:checksumValue": "xsd:hexBinary",
}
_ENGLISH = ("dcterms:title", "dcterms:description", "dcat:keyword")
DCAT_CONTEXT: dict[str, object] = {
    **_PREFIXES,
    **{name: {"@type": "@id"} for name in _LINKS},
    **{name: {"@type": kind} for name, kind in _TYPED.items()},
    **{name: {"@language": "en"} for name in _ENGLISH},
    "mz:view": {"@id": VIEW},
}


def to_dcat_jsonld(published: PublishedView) -> str:
    """Return a view as DCAT in JSON-LD, with its context."""
    title = published.title
    dataset: dict[str, object] = {
        "@id": published.iri,
        "@type": "dcat:Dataset",
        "dcterms:title": title.title,
        "dcterms:description": published.description,
        "dcterms:issued": title.issued,
        "dcterms:license": title.licence,
        "dcterms:creator": BASE,
        "dcterms:publisher": BASE,
        "dcterms:identifier": published.tables_hash,
        "dcterms:conformsTo": NS.removesuffix("#"),
        "dcat:version": published.version,
        "dcat:keyword": [*KEYWORDS],
        "mz:view": published.repeated_json,
        "dcat:distribution": [f"{published.iri}#{each.name}" for each in published.files],
    }
    if not published.is_whole:
        dataset["dcterms:isPartOf"] = title.iri
    maker = {"@id": BASE, "@type": "foaf:Agent", "foaf:name": CREATOR}
    files = [part for each in published.files for part in _distribution(published, each)]
    return to_document({"@context": DCAT_CONTEXT, "@graph": [dataset, maker, *files]})


def to_dcat_turtle(published: PublishedView) -> str:
    """Return the same as Turtle."""
    text = to_dcat_jsonld(published).encode()
    triples = in_order(quad.triple for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD))
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=_PREFIXES)
    assert written is not None
    return escape_hidden_turtle(written.decode())


def _distribution(published: PublishedView, file: PublishedFile) -> list[dict[str, object]]:
    iri = f"{published.iri}#{file.name}"
    return [
        {
            "@id": iri,
            "@type": "dcat:Distribution",
            "dcterms:title": file.name,
            "dcterms:description": file.about,
            "dcterms:license": published.title.licence,
            "dcat:accessURL": published.iri,
            "dcat:mediaType": MEDIA + file.media,
            "dcat:byteSize": str(file.size),
            "spdx:checksum": f"{iri}-sha256",
        },
        {
            "@id": f"{iri}-sha256",
            "@type": "spdx:Checksum",
            "spdx:algorithm": f"{_SPDX}checksumAlgorithm_sha256",
            "spdx:checksumValue": file.sha256,
        },
    ]


_WRITERS: dict[str, Callable[[PublishedView], str]] = dict(
    zip(CATALOGUES, (to_croissant, to_dcat_turtle, to_dcat_jsonld), strict=True)
)


def find_catalogue(name: str) -> Callable[[PublishedView], str]:
    """Return what writes a description."""
    if name in _WRITERS:
        return _WRITERS[name]
    check_text(name, "format")
    fix = did_you_mean(name, CATALOGUES) or f"formats are {', '.join(CATALOGUES)}."
    raise UnknownNameError(f'There is no format "{name}"; {fix}')
