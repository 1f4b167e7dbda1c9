"""Questions of a newcomer, each as the shortest query, and what the rows answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from monazite.triples.answers import Answer, read_answer, write_answer
from monazite.triples.opening import open_store
from monazite.triples.prefixes import preset_prefixes
from monazite.triples.queries import NamedQuery, parse_query, read_text


@dataclass(frozen=True)
class AnsweredExample:
    """A question in words, its query to paste, and its answer."""

    name: str
    title: str
    text: str
    answer: Answer


def read_examples(folder: Path) -> tuple[NamedQuery, ...]:
    """Read the questions of a folder, in the order of their names; none where there is no folder.

    >>> from monazite.shipped import ontology_folder
    >>> read_examples(ontology_folder() / "examples")[0].title
    'Who operates Mountain Pass?'
    """
    return tuple(parse_query(file.stem, read_text(file)) for file in sorted(folder.glob("*.rq")))


def answer_examples(ontology: Path) -> tuple[AnsweredExample, ...]:
    """Answer the example questions of an ontology folder on all of its rows.

    >>> from monazite.shipped import ontology_folder
    >>> answer_examples(ontology_folder())[5].answer.records[1]
    {'date': '1982', 'event': 'scheme/facility-event/opened'}
    """
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
    r"""Return a query without the lines of its header.

    >>> body_of("# title: All\nASK { ?a ?b ?c }")
    'ASK { ?a ?b ?c }'
    """
    return "\n".join(line for line in text.splitlines() if not line.startswith("#")).strip()
