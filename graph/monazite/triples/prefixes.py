"""The prefixes that a reader's query need not declare: ours, and those of outside vocabularies."""

from __future__ import annotations

from pathlib import Path

from monazite.rows.alignments import read_prefixes
from monazite.rows.columns import read_schema
from monazite.rows.iris import BASE, PREFIXES, SCHEME

_OTHER = {"owl": "http://www.w3.org/2002/07/owl#", "row": BASE + "row/"}
_ALSO = {"firm": "organisation"}
"""A second and shorter name of an id."""


def preset_prefixes(ontology: Path) -> dict[str, str]:
    """Return the prefixes that are preset in every query of a reader's own.

    An entity has its id behind the name of its kind (``facility:mountain-pass``), a concept its
    code behind the name of its scheme (``stage:mine``). A prefix that the query declares itself
    takes the place of one of these.

    >>> from monazite.shipped import ontology_folder
    >>> found = preset_prefixes(ontology_folder())
    >>> [found[name].removeprefix("https://w3id.org/monazite/") for name in ("mz", "firm", "stage")]
    ['ns#', 'id/organisation/', 'scheme/stage/']
    """
    ids = _ids(ontology)
    schemes = {file.stem: f"{SCHEME}{file.stem}/" for file in (ontology / "schemes").glob("*.ttl")}
    ours = {name: iri for name, iri in PREFIXES.items() if iri.startswith(BASE)}
    outside = {
        name: iri
        for name, iri in {**read_prefixes(ontology), **PREFIXES, **_OTHER}.items()
        if not iri.startswith(BASE)
    }
    groups = ({"mz": ours["mz"]}, {**ids, "row": _OTHER["row"]}, {**schemes, **ours}, outside)
    found: dict[str, str] = {}
    for group in groups:
        found |= {name: group[name] for name in sorted(group) if name not in found}
    return found


def _ids(ontology: Path) -> dict[str, str]:
    tables = read_schema(ontology).tables.values()
    paths = [table.id_path for table in tables if table.id_path]
    ids = {path.strip("/").rpartition("/")[2]: BASE + path for path in paths}
    return ids | {short: ids[name] for short, name in _ALSO.items() if name in ids}
