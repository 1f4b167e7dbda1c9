"""The vocabulary at its addresses: terms, closed lists and shapes, from their files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.rows.iris import SCHEME
from monazite.view.served.descriptions import HTML, Described

if TYPE_CHECKING:
    from monazite import View

_NAME = r"([a-z0-9_-]{1,60})"
_PAGES = (
    (r"ns(?:/[0-9.]{1,20})?", ""),
    (rf"scheme/{_NAME}", "#scheme-{0}"),
    (rf"scheme/{_NAME}/([A-Za-z0-9._-]{{1,80}})", "#scheme-{0}-{1}"),
)
"""Addresses that are anchors of the one page of the vocabulary."""
_FILES = (
    (r"ns(?:/[0-9.]{1,20})?", "monazite.ttl"),
    (rf"scheme/{_NAME}(?:/[A-Za-z0-9._-]{{1,80}})?", "schemes/{0}.ttl"),
    (rf"shape/{_NAME}", "shapes/{0}.ttl"),
    (r"dataset", "dataset.ttl"),
    (r"alignments", "alignments.ttl"),
)
"""Addresses that are had as data from a file, or as a part of one."""
_MISSING = 'There is no term, list or shape at "{}".'


def describe_terms(view: View, given: Mapping[str, object]) -> bytes:
    """Return what is said of a term, a closed list, one of its concepts, or a shape."""
    path, form = str(given["path"]), str(given["form"])
    found = _terms_page(view.ontology, path) if form == HTML else None
    return (found or _data(view.ontology, path, form)).to_bytes()


def _terms_page(ontology: Path, path: str) -> Described | None:
    for pattern, anchor in _PAGES:
        told = re.fullmatch(pattern, path)
        if told and path == "ns":
            from monazite.pages.reference.page import reference

            return Described(reference(ontology).encode())
        if told and _exists(ontology, path):
            return Described(elsewhere=f"ns{anchor.format(*told.groups())}")
    return None


def _exists(ontology: Path, path: str) -> bool:
    found = _data(ontology, path, "ntriples")
    return bool(found.content)


def _data(ontology: Path, path: str, form: str) -> Described:
    from monazite.exchange.rdf import convert

    if path in {"context.jsonld", "context"}:
        return Described((ontology / "context.jsonld").read_bytes())
    for pattern, name in _FILES:
        told = re.fullmatch(pattern, path)
        file = ontology / name.format(*told.groups()) if told else None
        if file is None or not file.is_file():
            continue
        about = f"{SCHEME}{path.removeprefix('scheme/')}" if path.count("/") == 2 else ""
        written = convert(file.read_bytes(), "turtle" if form == HTML else form, about)
        return Described(written) if written.strip() else Described(sentence=_MISSING.format(path))
    return Described(sentence=_MISSING.format(path))
