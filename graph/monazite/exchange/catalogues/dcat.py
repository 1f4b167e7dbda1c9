"""DCAT 3: a view for catalogues on the web, as JSON-LD and as the same in Turtle.

Everything has an address of its own, so that two catalogues can merge what they hold.

References:
    Data Catalog Vocabulary (DCAT) - Version 3, W3C Recommendation of 22 August 2024.
"""

from __future__ import annotations

import pyoxigraph as ox

from monazite.exchange.catalogues.published import (
    VIEW,
    PublishedFile,
    PublishedView,
    to_document,
)
from monazite.findings.dataset.tables import CREATOR, KEYWORDS, MEDIA
from monazite.rows.iris import BASE, NS, PREFIXES
from monazite.safe_text import escape_hidden_turtle

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
CONTEXT: dict[str, object] = {
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
    files = [part for each in published.files for part in _file(published, each)]
    return to_document({"@context": CONTEXT, "@graph": [dataset, maker, *files]})


def to_dcat_turtle(published: PublishedView) -> str:
    """Return the same as Turtle."""
    text = to_dcat_jsonld(published).encode()
    triples = sorted({quad.triple for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD)}, key=str)
    written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=_PREFIXES)
    assert written is not None
    return escape_hidden_turtle(written.decode())


def _file(published: PublishedView, file: PublishedFile) -> list[dict[str, object]]:
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
