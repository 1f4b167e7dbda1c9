"""Answers of the store as tables, and serialised in the standard result formats."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import pyoxigraph as ox

from monazite.core.errors import QueryError
from monazite.core.formats import counted, escape_hidden, grouped, one_or_many
from monazite.core.results import Result
from monazite.core.tables import Table
from monazite.data.iris import BASE, PREFIXES, row_name

if TYPE_CHECKING:
    from monazite.data.columns import Term


def together(names: Iterable[str]) -> str:
    """Return things that share one number as a text, as ``include/together.rq`` writes them."""
    found = sorted(set(names))
    return " and ".join(found) + (", together" if len(found) > 1 else "")


AnyAnswer: TypeAlias = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean
_Row = TypeVar("_Row", bound=tuple[object, ...])
_LONGEST = 200_000_000  # characters of all terms that a limited answer may have
_XSD = PREFIXES["xsd"]
_NUMBERS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys((_XSD + "decimal", _XSD + "double", _XSD + "float"), float),
    **dict.fromkeys((_XSD + "integer", _XSD + "int", _XSD + "long"), int),
    _XSD + "boolean": lambda text: text in {"true", "1"},
}


class Answer(Result):
    """A table of answers.

    It has a length, and iterates over its records.

    >>> from monazite.store.opening import open_store
    >>> label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    >>> dy = "<https://w3id.org/monazite/id/element/Dy>"
    >>> to_answer(open_store().select(f"SELECT ?name {{ {dy} {label} ?name }}")).records
    ({'name': 'dysprosium'},)
    """

    records_key = "results"

    variables: tuple[str, ...]  #: the names of the columns
    #: the cells as RDF terms, None where a variable is unbound
    rows: tuple[tuple[Term | None, ...], ...]
    name: str = ""  #: of the question; empty for SPARQL without a name

    def __post_init__(self) -> None:
        """Keep the cells as they are: tuples of terms, which cannot be changed."""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, object]]:
        for row in self.rows:
            yield dict(zip(self.variables, map(to_python, row), strict=True))

    @property
    def records(self) -> tuple[dict[str, object], ...]:
        """The rows as dictionaries: numbers are numbers, unbound is None, IRIs are short.

        Dates stay texts, because many are printed as a year or a month only.
        """
        return tuple(self)

    @property
    def row_keys(self) -> tuple[str, ...]:
        """The keys of all rows that stand in the answer, ``table/key``, sorted."""
        iris = {full(term) for row in self.rows for term in row if isinstance(term, ox.NamedNode)}
        return tuple(sorted(row_name(iri) for iri in iris if iri.startswith(f"{BASE}row/")))

    def texts(self) -> list[list[str]]:
        """Return the cells as readers see them: IRIs short, unbound cells empty.

        Returns:
            A list of cells for each row, in the order of ``variables``.

        >>> Answer(("name",), ()).texts()
        []
        """
        return [[short(term) for term in row] for row in self.rows]

    def dicts(self) -> list[dict[str, str]]:
        """Return the rows as dictionaries of the same short texts.

        Returns:
            A dictionary for each row, its keys the ``variables``.

        >>> Answer(("name",), ((None,),)).dicts()
        [{'name': ''}]
        """
        return [dict(zip(self.variables, row, strict=True)) for row in self.texts()]

    def headline(self) -> str:
        """Return the name of the question and how many rows answer it."""
        noun = one_or_many(len(self), "row", "rows")
        return f"{self.name + ': ' if self.name else ''}{len(self)} {noun}"

    def content(self) -> dict[str, object]:
        """Return the answer in the SPARQL 1.1 Query Results JSON Format."""
        return _results(self)

    def to_dict(self) -> dict[str, object]:
        """Return the SPARQL results with the view after their head, as ``--format json`` does."""
        content = self.content()
        view = None if self.view is None else dict(self.view.record)
        return {"head": content.pop("head"), "view": view, **content}

    def to_json(self) -> str:
        """Return the text that ``--format json`` prints."""
        return escape_hidden(json.dumps(self.to_dict(), ensure_ascii=False, indent=1)) + "\n"

    def tables(self) -> list[Table]:
        """Return the answer as one table."""
        return [Table("", self.variables, self.texts())]

    def csv_tables(self) -> list[Table]:
        """Return the answer as one table with whole IRIs."""
        return [Table("", self.variables, [[full(term) for term in row] for row in self.rows])]

    def to_tsv(self) -> str:
        r"""Return the answer in the SPARQL 1.1 TSV format: terms as Turtle writes them.

        Returns:
            The text, a line for the variables and one for each row.

        References:
            SPARQL 1.1 Query Results CSV and TSV Formats, W3C Recommendation, 2013.

        >>> Answer(("name",), ()).to_tsv()
        '?name\n'
        """
        head = "\t".join(f"?{name}" for name in self.variables)
        body = ["\t".join("" if each is None else str(each) for each in row) for row in self.rows]
        return "".join(f"{line}\n" for line in (head, *body))

    def to_turtle(self) -> str:
        """Return the triples of a CONSTRUCT or DESCRIBE as Turtle, below a remark on the view.

        Raises:
            QueryError: the query was another.
        """
        raise QueryError("Turtle is for CONSTRUCT and DESCRIBE; take json, csv or tsv.")


class YesOrNo(Answer, repr=False):
    """The answer to an ASK, which is true or false as a whole."""

    def __bool__(self) -> bool:
        return bool(to_python(self.rows[0][0]))

    def headline(self) -> str:
        """Return the answer."""
        return "yes" if self else "no"

    def content(self) -> dict[str, object]:
        """Return the answer in the SPARQL 1.1 Query Results JSON Format."""
        return {"head": {}, "boolean": bool(self)}

    def tables(self) -> list[Table]:
        """Return the answer as a table of one word."""
        return [Table("", self.variables, [[self.headline()]])]

    def to_csv(self) -> str:
        """Return the one word true or false."""
        return "true\n" if self else "false\n"

    def to_tsv(self) -> str:
        """Return the one word true or false."""
        return self.to_csv()


class Triples(Answer, repr=False):
    """The triples of a CONSTRUCT or DESCRIBE: a table of subject, predicate and object."""

    turtle: str = ""  #: the triples, sorted, as Turtle writes them

    def headline(self) -> str:
        """Return how many triples there are."""
        return f"{self.name + ': ' if self.name else ''}{counted(len(self), 'triple')}"

    def to_turtle(self) -> str:
        """Return the triples as Turtle, below a remark on the view."""
        remark = "" if self.view is None else f"# {self.view.text}\n"
        return remark + self.turtle


def to_python(term: Term | None) -> object:
    """Return a term as a value of Python: a number, a truth, a text, or None."""
    if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS:
        return _NUMBERS[term.datatype.value](term.value)
    return None if term is None else short(term)


def quoted(text: str) -> str:
    """Return a text as a SPARQL string, safe whatever it holds."""
    return str(ox.Literal(text))


def short(term: Term | None) -> str:
    """Return a term as a reader sees it."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return term.value.removeprefix(BASE)
    return str(getattr(term, "value", term))


def to_answer(solutions: ox.QuerySolutions, limit: int | None = None, *, name: str = "") -> Answer:
    """Take the solutions of a SELECT as a table."""
    variables = tuple(variable.value for variable in solutions.variables)
    rows = (tuple(row[name] for name in variables) for row in solutions)
    return Answer(variables, tuple(_bounded(rows, limit, "rows")), name)


def _bounded(rows: Iterable[_Row], limit: int | None, what: str) -> Iterator[_Row]:
    """Pass rows on as they come, and refuse them once they are too many or too long."""
    length = 0
    for count, row in enumerate(rows):
        if limit is not None:
            length += sum(len(str(term)) for term in row)
            if count >= limit:
                what = f"more than {grouped(limit)} {what}; add LIMIT or narrow it."
                raise QueryError(f"The query gives {what}")
            if length > _LONGEST:
                raise QueryError(
                    f"The query gives more than {grouped(_LONGEST)} characters; narrow it."
                )
        yield row


def write_answer(answer: AnyAnswer, limit: int | None = None) -> bytes:
    """Serialise an answer for :func:`read_answer` in another process."""
    if isinstance(answer, ox.QueryTriples):
        triples = (each for (each,) in _bounded(((each,) for each in answer), limit, "triples"))
        found = sorted(set(triples), key=str)
        return ox.serialize(found, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""
    if isinstance(answer, ox.QueryBoolean):
        return (json.dumps({"head": {}, "boolean": bool(answer)}) + "\n").encode()
    return (json.dumps(_results(to_answer(answer, limit)), ensure_ascii=False) + "\n").encode()


def _results(answer: Answer) -> dict[str, object]:
    rows = (zip(answer.variables, row, strict=True) for row in answer.rows)
    found = [{name: _json_term(term) for name, term in row if term is not None} for row in rows]
    return {"head": {"vars": list(answer.variables)}, "results": {"bindings": found}}


def _json_term(term: Term) -> dict[str, object]:
    if isinstance(term, ox.NamedNode | ox.BlankNode):
        return {"type": "uri" if is_iri(term) else "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    found: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype.value != PREFIXES["xsd"] + "string":
        found["datatype"] = term.datatype.value
    return found


def full(term: Term | None) -> str:
    """Return a term as its plain value, IRIs whole."""
    return "" if term is None else str(getattr(term, "value", term))


def is_iri(term: Term | None) -> bool:
    """Tell whether a term is the IRI of a thing."""
    return isinstance(term, ox.NamedNode)


def read_answer(results: bytes, name: str = "") -> Answer:
    """Read back what :func:`write_answer` wrote in another process."""
    if not results.startswith(b"{"):  # no Turtle begins so
        triples = [quad.triple for quad in ox.parse(results, format=ox.RdfFormat.TURTLE)]
        rows = tuple((each.subject, each.predicate, each.object) for each in triples)
        return Triples(("subject", "predicate", "object"), rows, name, results.decode())
    found = ox.parse_query_results(results, ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return YesOrNo(("answer",), ((ox.Literal(bool(found)),),), name)
    assert isinstance(found, ox.QuerySolutions)
    return to_answer(found, name=name)
