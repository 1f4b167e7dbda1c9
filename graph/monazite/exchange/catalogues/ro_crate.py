"""RO-Crate 1.2: a view as a folder of research data, of which this is ``ro-crate-metadata.json``.

References:
    RO-Crate Metadata Specification 1.2, https://w3id.org/ro/crate/1.2.
"""

from __future__ import annotations

from monazite.exchange.catalogues.published import (
    VIEW,
    PublishedFile,
    PublishedView,
    to_document,
)
from monazite.findings.dataset.tables import CREATOR, KEYWORDS
from monazite.rows.iris import BASE

METADATA = "ro-crate-metadata.json"
"""The name that its file must have."""
PROFILE = "https://w3id.org/ro/crate/1.2"
CONTEXT = [f"{PROFILE}/context", {"view": VIEW}]
"""The context is named, as the specification asks, and fetched by none of us."""


def to_ro_crate(published: PublishedView) -> str:
    """Return a view as RO-Crate, whose files lie beside it."""
    title = published.title
    crate = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": "./"},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": title.title,
        "description": published.description,
        "datePublished": title.issued,
        "license": {"@id": title.licence},
        "identifier": published.iri,
        "version": published.version,
        "keywords": ", ".join(KEYWORDS),
        "creator": {"@id": BASE},
        "publisher": {"@id": BASE},
        "view": published.repeated_json,
        "hasPart": [{"@id": each.name} for each in published.files],
    }
    licence = {
        "@id": title.licence,
        "@type": "CreativeWork",
        "name": "Licence of the tables",
        "description": "Each source has its own terms.",
    }
    maker = {"@id": BASE, "@type": "Organization", "name": CREATOR, "url": BASE}
    files = [_file(each) for each in published.files]
    return to_document({"@context": CONTEXT, "@graph": [crate, root, licence, maker, *files]})


def _file(file: PublishedFile) -> dict[str, object]:
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.name,
        "description": file.about,
        "encodingFormat": file.media,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }
