"""The prefixes that a reader's query need not declare: ours, and those of outside vocabularies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from monazite.data.alignments import read_prefixes
from monazite.data.columns import read_schema
from monazite.data.iris import BASE, PREFIXES, SCHEME
from monazite.store.answers import Answer, read_answer, write_answer
from monazite.store.opening import open_store
from monazite.store.queries import NamedQuery, parse_query, read_text

_OTHER = {"owl": "http://www.w3.org/2002/07/owl#", "row": BASE + "row/"}
_ALSO = {"firm": "organisation"}  # A second and shorter name of an id


def preset_prefixes(ontology: Path) -> dict[str, str]:
    """Return the prefixes that are preset in a reader's query, such as ``facility`` and ``stage``.

    A prefix that the query declares itself takes the place of one of these.
    """
    paths = (table.id_path for table in read_schema(ontology).tables.values() if table.id_path)
    ids = {path.strip("/").rpartition("/")[2]: BASE + path for path in paths}
    ids |= {"firm": ids["organisation"]} if "organisation" in ids else {}  # a shorter name
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


@dataclass(frozen=True)
class AnsweredExample:
    """A question in words, its query to paste, and its answer."""

    name: str
    title: str
    text: str
    answer: Answer


def read_examples(folder: Path) -> tuple[NamedQuery, ...]:
    """Read the questions of a folder in the order of their names; none where it is missing."""
    return tuple(parse_query(file.stem, read_text(file)) for file in sorted(folder.glob("*.rq")))


def answer_examples(ontology: Path) -> tuple[AnsweredExample, ...]:
    """Answer the example questions of an ontology folder on all of its rows."""
    questions = read_examples(ontology / "examples")
    if not questions:
        return ()
    store, prefixes = open_store(ontology), preset_prefixes(ontology)

    def answer(query: NamedQuery) -> AnsweredExample:
        found = read_answer(write_answer(store.answer(query.text, prefixes)), query.name)
        if "ORDER BY" not in query.text:  # the same page each time
            found = replace(found, rows=tuple(sorted(found.rows, key=str)))
        return AnsweredExample(query.name, query.title, body_of(query.text), found)

    return store.attempt(lambda: tuple(map(answer, questions)))


def body_of(text: str) -> str:
    """Return a query without the lines of its header."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()
