"""Named questions: SPARQL files whose header comments give title, parameters and an example."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TypeVar

from monazite.core.errors import (
    BadDateError,
    QueryError,
    UnknownNameError,
    UnreadableError,
    did_you_mean,
)
from monazite.core.formats import grouped
from monazite.core.package import ontology_folder
from monazite.core.results import Frozen, Struct
from monazite.data.dates import date_bounds
from monazite.data.iris import BASE, PREFIXES, SCHEME
from monazite.data.parameters import LONGEST_QUERY, check_text
from monazite.store.answers import quoted, to_answer
from monazite.store.names import announced, find_entity
from monazite.store.store import Store

Made = TypeVar("Made")
_FLAGS = {"true": True, "false": False, "": False}


class QueryRecord(Frozen[str, str]):
    """The short texts of one solution by column; a column without a value is an empty text.

    >>> record = QueryRecord({"row": "row/capacity/a", "year": "2024", "low": "", "total": "true"})
    >>> record.row(), record.year(), record.maybe_number("low"), record.flag("total")
    ('capacity/a', 2024, None, True)
    >>> record.number("low")
    Traceback (most recent call last):
    monazite.core.errors.QueryError: The column "low" of a query gives "", which is not a number.
    """

    def __init__(self, texts: Mapping[str, str], query: str = "") -> None:
        super().__init__(texts)
        self.query = query
        """The name of the query, for the sentence of an error."""

    def row(self, name: str = "row") -> str:
        """Return the key of a row, ``table/key``; an empty text where there is none."""
        return self[name].removeprefix("row/")

    def number(self, name: str) -> float:
        """Return a number."""
        try:
            return float(self[name])
        except ValueError:
            self._fail(name, "a number")

    def maybe_number(self, name: str) -> float | None:
        """Return a number, or None where the text is empty."""
        return self.number(name) if self[name] else None

    def integer(self, name: str) -> int:
        """Return a whole number."""
        try:
            return int(self[name])
        except ValueError:
            self._fail(name, "a whole number")

    def maybe_integer(self, name: str) -> int | None:
        """Return a whole number, or None where the text is empty."""
        return self.integer(name) if self[name] else None

    def year(self) -> int:
        """Return the year."""
        return self.integer("year")

    def flag(self, name: str) -> bool:
        """Return whether a column says ``true``; ``false`` and an empty text say no."""
        if self[name] not in _FLAGS:
            self._fail(name, "true or false")
        return _FLAGS[self[name]]

    def to(self, kind: type[Made], /, **given: object) -> Made:
        """Return a dataclass: each field from the column of its name in camel case, by its type.

        Args:
            kind: the dataclass; a field ``row`` is the key of the row.
            given: fields that are no column, as they are.
        """
        for name, column, read in _columns_of(kind):  # type: ignore[arg-type]
            if name not in given:
                given[name] = read(self, column)
        return kind(**given)

    def beside(self, **texts: str) -> QueryRecord:
        """Return the record with other texts in some columns."""
        return QueryRecord({**self, **texts}, self.query)

    def __missing__(self, name: str) -> NoReturn:
        query, known = f"The query {self.query}" if self.query else "A query", ", ".join(self)
        raise QueryError(f'{query} has no column "{name}"; its columns are {known}.')

    def __reduce__(self) -> tuple[type, tuple[dict[str, str], str]]:  # type: ignore[override]
        return QueryRecord, (dict(self), self.query)

    def _fail(self, name: str, what: str) -> NoReturn:
        of = f"the query {self.query}" if self.query else "a query"
        raise QueryError(f'The column "{name}" of {of} gives "{self[name]}", which is not {what}.')


_READ: Mapping[str, Callable[[QueryRecord, str], object]] = {
    "str": QueryRecord.__getitem__,
    "bool": QueryRecord.flag,
    "int": QueryRecord.integer,
    "int | None": QueryRecord.maybe_integer,
    "float": QueryRecord.number,
    "float | None": QueryRecord.maybe_number,
}


@cache
def _columns_of(kind: Any) -> list[tuple[str, str, Callable[[QueryRecord, str], object]]]:  # noqa: ANN401 - a class
    """The fields of a dataclass that a column gives: name, column, and how it is read."""
    found = []
    for each in fields(kind):
        first, *more = each.name.split("_")
        read = QueryRecord.row if each.name == "row" else _READ.get(str(each.type))
        if read is not None:
            found.append((each.name, first + "".join(map(str.title, more)), read))
    return found


NAME = re.compile(r"[a-z0-9-]*[a-z0-9][a-z0-9-]*")  # the name of a question, which no SPARQL is
_HEADER = re.compile(r"#\s*(title|group|about|param|example|worked out):\s*(.*)")
_INCLUDE = re.compile(r"^# include: ([a-z0-9-]+)\n", re.MULTILINE)
_ANNOUNCED = "announcement"  # asks for the policies whose number the name of a question is
_LINES = re.compile(r"(VALUES\s+\((?:\s*\?\w+)+\s*\)\s*)\{\s*\((?:\s*UNDEF)+\s*\)\s*\}")
INNER = "inner"  # the folder of the queries that findings ask and no reader needs to
_CLASSES = {
    "element": ("ChemicalElement", "ElementGroup"),
    "country": ("Country", "Area"),
    "countries": ("Country", "Area"),
    "facility": ("Facility",),
    "organisation": ("Organisation",),
    "entity": ("Facility", "Organisation"),
    "subject": ("Facility", "Organisation", "Deposit"),
    "policy": ("Policy",),
    "material": ("Material",),
}
_TYPES = {*_CLASSES, "date", "year", "stage", "row", "statement", "text"}


class Parameter(Struct):
    """A parameter of a named query."""

    _json = "name type default? optional about"

    name: str  #: by which it is asked
    type: str  #: what kind of value it takes
    default: str  #: what it is where it is left out; null is none
    optional: bool  #: whether it may be left out
    about: str  #: what it is


class NamedQuery(Struct):
    """A question with a name, as read from its file."""

    _json = "name title group about parameters example"

    name: str  #: by which it is asked
    title: str  #: in words
    group: str  #: commands, entities, supply, policies, ownership, time or evidence
    about: str  #: what it answers
    parameters: tuple[Parameter, ...]  #: in their order
    example: str  #: a line to paste
    text: str
    worked_out: str = ""  #: what :meth:`with_lines` binds in it, such as ``policy-status``

    def works_out(self, kind: str) -> bool:
        """Tell whether the program works out something of a kind and binds it in the question."""
        return kind in self.worked_out.split()

    def with_lines(self, lines: Iterable[Sequence[str]], kind: str = "") -> NamedQuery:
        """Return the question with the lines bound that the program works out.

        Texts that begin with ``id/`` or ``row/`` are IRIs; empty ones and ``row/`` stay open.
        ``kind`` says which of several blocks is meant, which stand in the order of ``worked_out``.
        """

        def term(text: str) -> str:
            if text in ("", "row/"):
                return "UNDEF"
            return f"<{BASE}{text}>" if text.startswith(("id/", "row/")) else quoted(text)

        told = "\n".join(f"({' '.join(map(term, line))})" for line in lines)
        kinds = self.worked_out.split() or [kind]
        blocks = list(_LINES.finditer(self.text))
        if len(blocks) != len(kinds) or kind not in ("", *kinds):
            raise QueryError(
                f"The query {self.name} has {len(blocks) or 'no'} blocks for {self.worked_out}."
            )
        block = blocks[kinds.index(kind) if kind else 0]
        text = f"{self.text[: block.start()]}{block[1]}{{ {told} }}{self.text[block.end() :]}"
        return replace(self, text=text, worked_out=" ".join(x for x in kinds if x != kind))

    def bound(self, store: Store, given: Mapping[str, str]) -> str:
        """Return the SPARQL with its parameters bound inside ``WHERE``.

        Defaults of optional parameters count where none of these is given: else they narrow it.
        """
        known = {parameter.name for parameter in self.parameters}
        for name in sorted(set(given) - known):
            fix = did_you_mean(name, known) or f"it takes {', '.join(sorted(known)) or 'none'}."
            said = f"The query {self.name}".rstrip()
            raise UnknownNameError(f'{said} has no parameter "{name}"; {fix}')
        query = self
        if self.works_out(_ANNOUNCED):
            meant = announced(store, given.get("name", ""))
            lines = [(policy.iri.removeprefix(BASE),) for policy in meant]
            query = self.with_lines(lines or [("",)], _ANNOUNCED)
        text = query.text
        chosen = any(each.optional and each.name in given for each in self.parameters)
        for each in self.parameters:
            default = "" if each.optional and chosen else each.default
            value = given.get(each.name, default)
            if not value and not each.optional:
                what = f"--param {each.name}=... ({each.about})"
                raise UnknownNameError(f"The query {self.name} needs {what}")
            term = to_term(store, each.type, value) if value else "UNDEF"
            text = _bind(text, each.name, term)
        return text


def ask(store: Store, name: str, /, **given: str) -> tuple[QueryRecord, ...]:
    """Answer a shipped query as records of short texts, for the findings."""
    return _answered(store, name, read_query(name).bound(store, given))


def ask_of_rows(store: Store, name: str, rows: Iterable[str] | None) -> tuple[QueryRecord, ...]:
    """Answer a shipped query about some rows alone, which it has a block for."""
    lines = [("",)] if rows is None else [(f"row/{row}",) for row in rows]
    if not lines:
        return ()
    return _answered(store, name, read_query(name).with_lines(lines).text)


def _answered(store: Store, name: str, bound: str) -> tuple[QueryRecord, ...]:
    def answer() -> tuple[QueryRecord, ...]:
        return tuple(QueryRecord(each, name) for each in to_answer(store.select(bound)).dicts())

    return store.derive(("answer", bound), answer)


def _bind(text: str, name: str, term: str) -> str:
    block = re.compile(r"VALUES\s+\?" + re.escape(name) + r"\s*+\{[^{}]*+\}")
    bound, count = block.subn(lambda _: f"VALUES ?{name} {{ {term} }}", text)
    if count != 1:
        raise QueryError(
            f"The parameter {name} needs one block VALUES ?{name} {{ ... }} in the query, which "
            f"has {count or 'none'}; write one."
        )
    return bound


def to_term(store: Store, kind: str, value: str) -> str:
    """Return what a reader typed as a SPARQL term of a parameter type."""
    check_text(value, kind)
    if kind in _CLASSES:
        what = "country" if kind == "countries" else kind
        iri = find_entity(store, value, *_CLASSES[kind], what=what).iri
        members: list[str] = []
        if kind == "countries":  # those of a union
            found = store.select(
                f"PREFIX mz: <{PREFIXES['mz']}> SELECT DISTINCT ?member WHERE "
                f"{{ ?group mz:area <{iri}> . ?member mz:group ?group }}"
            )
            members = sorted(row["member"].value for row in found)
        return " ".join(f"<{each}>" for each in [iri, *members])
    if kind == "date":
        return f'"{day_of(value)}"^^<{PREFIXES["xsd"]}date>'
    if kind == "year" and not re.fullmatch(r"\d{4}", value):
        raise UnknownNameError(f'"{value}" is not a year; write four digits.')
    if kind == "stage":
        return _stage(store, value)
    if kind in {"row", "statement"}:
        return _row(store, value if kind == "row" or "/" in value else f"statements/{value}")
    return value if kind == "year" else quoted(value)


def day_of(value: str) -> str:
    """Return the last day a date can mean, for questions asked on a day."""
    check_text(value, "date")
    try:
        return date_bounds(value)[1]
    except BadDateError:
        fix = "write 2025, 2025-06 or 2025-06-11."
        raise UnknownNameError(f'"{value}" is not a date; {fix}') from None


def _stage(store: Store, value: str) -> str:
    found = store.select(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT DISTINCT ?code WHERE "
        f"{{ ?stage skos:inScheme <{SCHEME}stage> ; skos:notation ?code }}"
    )
    codes = {row["code"].value for row in found}
    if value in codes:
        return f"<{SCHEME}stage/{value}>"
    fix = did_you_mean(value, codes) or f"stages are {', '.join(sorted(codes))}."
    raise UnknownNameError(f'There is no stage "{value}"; {fix}')


def _row(store: Store, value: str) -> str:
    iri = value if value.startswith(BASE) else f"{BASE}row/{value}"
    if re.search(r'[\s<>"{}|\\^`]', iri) or not store.has_graph(iri):
        raise UnknownNameError(f'There is no record "{value}"; write it as table/key.')
    return f"<{iri}>"


def read_query(name: str, folder: Path | None = None) -> NamedQuery:
    """Read one named query."""
    folder = folder or ontology_folder() / "queries"
    files = (folder / f"{name}.rq", folder / INNER / f"{name}.rq")
    file = next((file for file in files if file.is_file()), None)
    if not re.fullmatch(r"[a-z0-9-]+", name) or file is None:
        fix = did_you_mean(name, _names(folder)) or "list them with: monazite query --list"
        raise UnknownNameError(f'Unknown question "{name}"; {fix}')

    def included(line: re.Match[str]) -> str:
        return read_text(folder / "include" / f"{line[1]}.rq")

    return parse_query(name, _INCLUDE.sub(included, read_text(file)))


def _names(folder: Path) -> list[str]:
    """The names of the queries: the questions, and the inner ones that only findings ask."""
    files = (*folder.glob("*.rq"), *(folder / INNER).glob("*.rq"))
    return sorted(path.stem for path in files)


def read_queries(folder: Path | None = None) -> dict[str, NamedQuery]:
    """Read all named queries of a folder, by name."""
    folder = folder or ontology_folder() / "queries"
    return {name: read_query(name, folder) for name in _names(folder)}


def list_queries(folder: Path | None = None) -> list[dict[str, str]]:
    """Return group, name, title and typed parameters of queries; ``!`` marks what must be given."""
    listed = []
    for each in sorted(read_queries(folder).values(), key=lambda each: (each.group, each.name)):
        marks = ("" if x.optional or x.default else "!" for x in each.parameters)
        told = (f"{x.name}{mark}:{x.type}" for x, mark in zip(each.parameters, marks, strict=True))
        about = {"group": each.group, "name": each.name, "title": each.title}
        listed.append(about | {"parameters": ", ".join(told)})
    return listed


def parse_query(name: str, text: str) -> NamedQuery:
    """Read the header comments of a query."""
    fields: dict[str, list[str]] = {}
    parameters: dict[str, Parameter] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _HEADER.match(line)
        if match and match[1] == "param":
            parameter = _parameter(match[2], f"{name or 'query'}:{number}")
            if parameters.setdefault(parameter.name, parameter) is not parameter:
                raise QueryError(f"{name or 'query'}:{number}: {parameter.name} stands twice.")
        elif match:
            fields.setdefault(match[1], []).append(match[2].strip())
        elif line.strip() and not line.startswith("#"):
            break
    title, group, about, example, worked_out = (
        " ".join(fields.get(each, [name] if each == "title" else []))
        for each in ("title", "group", "about", "example", "worked out")
    )
    told = tuple(parameters.values())
    return NamedQuery(name, title, group, about, told, example, text, worked_out)


def _parameter(line: str, place: str) -> Parameter:
    parts = [part.strip() for part in line.split("|", 3)]
    if len(parts) < 4 or not re.fullmatch(r"\w+", parts[0]):
        raise QueryError(
            f"{place}: a parameter is # param: name | type | default | what it is; write all four."
        )
    name, kind, default, about = parts
    if kind.rstrip("?") not in _TYPES:
        fix = did_you_mean(kind, _TYPES) or f"types are {', '.join(sorted(_TYPES))}."
        raise QueryError(f'{place}: there is no type "{kind}"; {fix}')
    return Parameter(name, kind.rstrip("?"), default, kind.endswith("?"), about)


def read_text(file: Path | BinaryIO) -> str:
    """Read the text of a query from a file, or from what is open already."""
    name = file if isinstance(file, Path) else "What stands on stdin"
    try:
        with file.open("rb") if isinstance(file, Path) else nullcontext(file) as source:
            content = source.read(4 * LONGEST_QUERY + 1)
        if len(content) > 4 * LONGEST_QUERY:
            most = f"({grouped(LONGEST_QUERY)} characters)"
            raise UnreadableError(f"{name} is longer than a query can be {most}.")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(f"{name} is not UTF-8; save it as UTF-8.") from None
    except OSError as error:
        raise UnreadableError(f"{name} cannot be read: {error.strerror}.") from None
