"""Croissant 1.1: a view for those who learn from data, each table a set of records.

References:
    MLCommons, Croissant Format Specification 1.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.exchange.catalogues.published import (
    VIEW,
    PublishedFile,
    PublishedView,
    to_document,
)
from monazite.exchange.tables import header_of
from monazite.findings.dataset.tables import CREATOR, KEYWORDS

if TYPE_CHECKING:
    from monazite.rows.columns import Column, TableShape

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
