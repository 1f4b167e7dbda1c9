"""Answers of the store as tables, and serialised in the standard result formats."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from monazite.errors import QueryError
from monazite.rows.iris import BASE, PREFIXES
from monazite.showing import Showing
from monazite.tables import csv_lines

if TYPE_CHECKING:
    from monazite.rows.columns import Term

AnyAnswer: TypeAlias = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean


@dataclass(frozen=True)
class Answer(Showing):
    """A table of answers: the variables, and rows of terms (None where unbound)."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def texts(self) -> list[list[str]]:
        """Return the cells as readers see them: IRIs short, unbound cells empty."""
        return [[short(term) for term in row] for row in self.rows]

    def dicts(self) -> list[dict[str, str]]:
        """Return the rows as dictionaries of the same short texts."""
        return [dict(zip(self.variables, row, strict=True)) for row in self.texts()]


def quoted(text: str) -> str:
    """Return a text as a SPARQL string, safe whatever it holds."""
    return str(ox.Literal(text))


def short(term: Term | None) -> str:
    """Return a term as a reader sees it.

    >>> short(ox.NamedNode("https://w3id.org/monazite/id/element/Dy"))
    'id/element/Dy'
    """
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return term.value.removeprefix(BASE)
    return str(getattr(term, "value", term))


def to_answer(solutions: ox.QuerySolutions, limit: int | None = None) -> Answer:
    """Take the solutions of a SELECT as a table.

    Raises:
        QueryError: there are more rows than the limit.
    """
    variables = tuple(variable.value for variable in solutions.variables)
    found = solutions if limit is None else itertools.islice(solutions, limit + 1)
    rows = tuple(tuple(row[name] for name in variables) for row in found)
    if limit is not None and len(rows) > limit:
        raise QueryError(f"The query gives more than {limit:,} rows; add LIMIT or narrow it.")
    return Answer(variables, rows)


def write_answer(answer: AnyAnswer, fmt: str, limit: int | None = None) -> bytes:
    """Serialise an answer: ``json`` (SPARQL results), ``csv``, ``tsv`` or ``turtle``.

    Raises:
        QueryError: the format does not fit the kind of query.
    """
    if isinstance(answer, ox.QueryTriples):
        return _write_triples(answer, fmt, limit)
    if fmt == "turtle":
        raise QueryError("Turtle is for CONSTRUCT and DESCRIBE; take json, csv or tsv.")
    if isinstance(answer, ox.QueryBoolean):
        if fmt != "json":
            return b"true\n" if bool(answer) else b"false\n"
        return (json.dumps({"head": {}, "boolean": bool(answer)}) + "\n").encode()
    return write_table(to_answer(answer, limit), fmt)


def write_table(answer: Answer, fmt: str) -> bytes:
    """Serialise a table in the SPARQL result formats."""
    if fmt == "json":
        return (json.dumps(_results(answer), ensure_ascii=False, indent=1) + "\n").encode()
    return "".join(_lines(answer, fmt)).encode()


def record_view(results: bytes, fmt: str, view: Mapping[str, object]) -> bytes:
    r"""Put the view into results that can hold it: a block in JSON, a remark in Turtle.

    >>> record_view(b'{"head": {}, "boolean": true}', "json", {"valid": "2025"}).split(b"\n")[2]
    b' "view": {'
    """
    if fmt == "json":
        found = json.loads(results)
        whole = {"head": found.pop("head"), "view": dict(view), **found}
        return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()
    if fmt == "turtle":
        return f"# {view['text']}\n".encode() + results
    return results


def _write_triples(answer: ox.QueryTriples, fmt: str, limit: int | None) -> bytes:
    if fmt in {"json", "csv", "tsv"}:
        raise QueryError("CONSTRUCT and DESCRIBE give triples; take --format turtle.")
    triples = sorted({str(triple): triple for triple in answer}.items())
    if limit is not None and len(triples) > limit:
        raise QueryError(f"The query gives more than {limit:,} triples; narrow it.")
    written = ox.serialize(
        [triple for _, triple in triples], format=ox.RdfFormat.TURTLE, prefixes=PREFIXES
    )
    assert written is not None
    return written


def _results(answer: Answer) -> dict[str, object]:
    return {
        "head": {"vars": list(answer.variables)},
        "results": {
            "bindings": [
                {
                    name: _json_term(term)
                    for name, term in zip(answer.variables, row, strict=True)
                    if term is not None
                }
                for row in answer.rows
            ]
        },
    }


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    assert isinstance(term, ox.Literal)
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype.value != PREFIXES["xsd"] + "string":
        found["datatype"] = term.datatype.value
    return found


def _lines(answer: Answer, fmt: str) -> list[str]:
    if fmt == "tsv":
        head = "\t".join(f"?{name}" for name in answer.variables)
        body = ["\t".join("" if t is None else str(t) for t in row) for row in answer.rows]
        return [line + "\n" for line in (head, *body)]
    return csv_lines(answer.variables, [[full(term) for term in row] for row in answer.rows])


def full(term: Term | None) -> str:
    """Return a term as its plain value, IRIs whole."""
    return "" if term is None else str(getattr(term, "value", term))


def read_table(results: bytes) -> tuple[tuple[str, ...], list[list[str]]]:
    """Read SPARQL JSON results back as a table of short texts."""
    found = json.loads(results)
    if "boolean" in found:
        return ("answer",), [["yes" if found["boolean"] else "no"]]
    columns = tuple(found["head"]["vars"])
    return columns, [
        [row[name]["value"].removeprefix(BASE) if name in row else "" for name in columns]
        for row in found["results"]["bindings"]
    ]
