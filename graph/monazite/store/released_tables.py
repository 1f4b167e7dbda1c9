"""The ontology with other tables in place of the shipped ones: shapes and questions stay ours."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from monazite.core.package import ontology_folder
from monazite.data import releases
from monazite.data.columns import read_schema
from monazite.data.own_files import read_file
from monazite.data.releases import Release
from monazite.data.vocabulary import read_title
from monazite.store.cache import table_files

_COPY, _DATASET = "ontology", "dataset.ttl"
_DAYS = {"issued": "dcterms:issued", "news_read_to": "mz:newsReadTo"}
_HELD: dict[str, TemporaryDirectory[str]] = {}  # folders by what is in them, until the process ends


def ontology_of(release: Release) -> Path:
    """Return a folder with the tables of a release; those newer than its schema have no rows."""
    ontology = ontology_folder()
    files = {**release.files, **dict(_missing(ontology, release))}
    days = {name: getattr(release, name) for name in _DAYS}
    if files == shipped_files(ontology) and days == days_of(ontology):
        return ontology
    return _with_tables(ontology, files, days)


def ontology_with(tables: Path) -> Path:
    """Return an ontology folder with the tables of a folder, of which nothing is vouched for."""
    ontology = ontology_folder()
    files = {file.name: read_file(file) for file in sorted(tables.glob("*.csv"))}
    return ontology if files == shipped_files(ontology) else _with_tables(ontology, files, {})


def shipped_files(ontology: Path) -> dict[str, bytes]:
    """Return what is in each table of an ontology folder, by the name of its file."""
    return {file.name: file.read_bytes() for file in table_files(ontology)}


def days_of(ontology: Path) -> dict[str, str]:
    """Return the day of the release of an ontology folder, and to which day news was read."""
    text = (ontology / _DATASET).read_text(encoding="utf-8")
    found = ((name, _literal(term).search(text)) for name, term in _DAYS.items())
    return {name: match[2] for name, match in found if match}


def dataset_about(ontology: Path) -> dict[str, str]:
    """Return title and licence of the tables of an ontology folder."""
    title = read_title(read_schema(ontology))
    return {"title": title.title, "licence": title.licence}


def _literal(term: str) -> re.Pattern[str]:
    return re.compile(rf'({re.escape(term)} ")([0-9-]+)("\^\^xsd:date)')


def _missing(ontology: Path, release: Release) -> Iterator[tuple[str, bytes]]:
    """Tables that came after the schema of a release, without rows."""
    if release.schema < releases.SCHEMA:
        for name, table in read_schema(ontology).tables.items():
            if f"{name}.csv" not in release.files:
                header = ",".join(column.name for column in table.columns)
                yield f"{name}.csv", f"{header}\n".encode()


def _with_tables(ontology: Path, files: Mapping[str, bytes], days: Mapping[str, str]) -> Path:
    hashes = sorted((file, sha256(content).hexdigest()) for file, content in files.items())
    name = repr((str(ontology), sorted(days.items()), hashes))
    if name in _HELD:
        return Path(_HELD[name].name) / _COPY
    held = TemporaryDirectory(prefix="monazite-", ignore_cleanup_errors=True)
    copy = Path(held.name) / _COPY
    out = ["tables", "ranges"]  # the shipped tables, and the ranges that were drawn of them
    shutil.copytree(ontology, copy, ignore=lambda at, _: out if Path(at) == ontology else [])
    (copy / "tables").mkdir(exist_ok=True)
    for file, content in files.items():
        (copy / "tables" / file).write_bytes(content)
    text = (copy / _DATASET).read_text(encoding="utf-8")
    for each, day in days.items():
        text = _literal(_DAYS[each]).sub(rf"\g<1>{day}\g<3>", text)
    (copy / _DATASET).write_text(text, encoding="utf-8", newline="")
    _HELD[name] = held
    return copy
