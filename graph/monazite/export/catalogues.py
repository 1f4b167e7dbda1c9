"""A view described for catalogues of data, as Croissant and DCAT."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from monazite.analysis.inventory import CREATOR, KEYWORDS, MEDIA
from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import escape_hidden_turtle
from monazite.data.iris import BASE, NS, PREFIXES
from monazite.data.parameters import CATALOGUES, check_text
from monazite.export.published import VIEW, PublishedFile, PublishedView, to_document
from monazite.export.tables import header_of

if TYPE_CHECKING:
    from monazite.data.columns import Column, TableShape

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
            "distribution": [_file(each) for each in published.files],
            "recordSet": [
                _records(name, shape) for name, shape in sorted(published.shapes.items())
            ],
        }
    )


def _file(file: PublishedFile) -> dict[str, object]:
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
                "dataType": _type(columns[name]),
                "source": {"fileObject": {"@id": file}, "extract": {"column": name}},
            }
            for name in header_of(table)
        ],
    }


def _type(column: Column) -> str:
    """What a cell is; several values in one cell, and a date that may be a year, are a text."""
    return "sc:Text" if column.many else _TYPES.get(column.kind, "sc:Text")


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
    triples = sorted({quad.triple for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD)}, key=str)
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
