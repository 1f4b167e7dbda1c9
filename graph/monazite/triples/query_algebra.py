"""What a query names and compares, read from its parsed algebra: nothing is guessed of its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from rdflib.plugins.sparql.parserutils import CompValue

RdfNode: TypeAlias = Any
"""A term or a path of rdflib, whose algebra has no types."""
_NAMES = ("#label", "#altLabel", "#prefLabel")
_ORDERS = ("<", ">", "<=", ">=")
_PARTS = {"Builtin_YEAR": "YEAR", "Builtin_MONTH": "MONTH", "Builtin_DAY": "DAY"}
_OPTIONAL = {("LeftJoin", "p2"), ("Minus", "p2"), ("Builtin_NOTEXISTS", "graph")}
"""Parts of the algebra that a row of the answer need not match."""


@dataclass(frozen=True)
class TriplePattern:
    """A pattern; its terms are those of rdflib, its predicate may be a path of properties.

    ``must_match`` is false in OPTIONAL, MINUS and NOT EXISTS.
    """

    subject: RdfNode
    predicate: RdfNode
    object: RdfNode
    must_match: bool = True

    @property
    def is_of_name(self) -> bool:
        """Whether it asks what has a name."""
        return _is_literal(self.object) and str(self.predicate).endswith(_NAMES)

    @property
    def text(self) -> str:
        """The pattern as SPARQL."""
        return " ".join(term.n3() for term in (self.subject, self.predicate, self.object))


@dataclass(frozen=True)
class TermComparison:
    """A comparison of a variable.

    Attributes:
        test: an expression of SPARQL that fails for a value which cannot be so compared.
        with_what: what it is compared with, or the function that takes it.
        asks_part: whether it is such a function, which asks a part of a day.
    """

    variable: str
    test: str
    with_what: str
    asks_part: bool = False


@dataclass(frozen=True)
class QueryContent:
    """What a query names and compares.

    Attributes:
        named: addresses that stand in values and filters, outside of the patterns.
        comparisons: those by order, and the parts of days that are asked for.
    """

    patterns: tuple[TriplePattern, ...]
    named: tuple[str, ...]
    comparisons: tuple[TermComparison, ...]


def read_algebra(text: str, prefixes: Mapping[str, str], base: str) -> QueryContent | None:
    """Read what a query names and compares; None where rdflib does not read what the engine does.

    References:
        SPARQL 1.1 Query Language, W3C Recommendation, 2013, section 18: the algebra.

    >>> found = read_algebra("ASK { ?row mz:date ?d }", {"mz": "urn:mz:"}, "urn:b:")
    >>> [pattern.text for pattern in found.patterns]
    ['?row <urn:mz:date> ?d']
    """
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    # rdflib knows one prefix of a namespace: it gets those that may stand in the text
    used = {name: iri for name, iri in prefixes.items() if f"{name}:" in text}
    try:
        query = translateQuery(parseQuery(text), base=base, initNs=used)
    except Exception:  # noqa: BLE001 - rdflib raises whatever it meets; the engine has answered
        return None
    patterns: list[TriplePattern] = []
    named: list[str] = []
    comparisons: list[TermComparison] = []
    for part, must_match in _parts(query.algebra, must_match=True):
        if part.name in {"BGP", "TriplesBlock"}:
            patterns += _patterns(part["triples"], must_match)
        elif part.name == "values":
            named += [
                str(_plain(each)) for row in part["res"] for each in row.values() if _is_iri(each)
            ]
        elif part.name == "DescribeQuery":
            named += [str(_plain(term)) for term in part["PV"] if _is_iri(term)]
        elif part.name == "RelationalExpression":
            named += [str(term) for term in _operands(part) if _is_iri(term)]
            comparisons += _compared(part)
        elif part.name in _PARTS and _is_variable(part["arg"]):
            called = f"{_PARTS[part.name]}({part['arg'].n3()})"
            comparisons.append(
                TermComparison(str(part["arg"]), f"{called} = 0", called, asks_part=True)
            )
    return QueryContent(
        tuple(patterns), tuple(dict.fromkeys(named)), tuple(dict.fromkeys(comparisons))
    )


def addresses_of(node: RdfNode) -> Iterator[str]:
    """Yield the address that a term is, or those of the properties of a path; none of a variable.

    >>> from rdflib import RDFS
    >>> [each.rpartition("#")[2] for each in addresses_of(RDFS.label * "+")]
    ['label']
    """
    from rdflib.paths import Path

    if _is_iri(node):
        yield str(node)
    elif isinstance(node, Path):
        inside = [getattr(node, name, None) for name in ("arg", "path")]
        for each in (*inside, *getattr(node, "args", ())):
            yield from addresses_of(each)


def _parts(node: RdfNode, *, must_match: bool) -> Iterator[tuple[CompValue, bool]]:
    """Yield each part of the algebra, and whether a row of the answer must match it."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, CompValue):
        yield node, must_match
        for name, inside in node.items():
            here = must_match and (node.name, name) not in _OPTIONAL
            if name != "template":
                yield from _parts(inside, must_match=here)
    elif isinstance(node, list | tuple) or hasattr(node, "as_list"):
        for inside in node:
            yield from _parts(inside, must_match=must_match)


def _patterns(triples: RdfNode, must_match: bool) -> list[TriplePattern]:
    """The patterns of a block; those of one subject may stand in a row, three terms each."""
    terms = [_plain(term) for triple in triples for term in triple]
    thirds = zip(terms[::3], terms[1::3], terms[2::3], strict=True)
    return [TriplePattern(*third, must_match=must_match) for third in thirds]


def _plain(node: RdfNode) -> RdfNode:
    r"""A term as it is meant: rdflib keeps the backslash of a short name, ``a:b\/c``."""
    return type(node)(str(node).replace("\\", "")) if _is_iri(node) else node


def _operands(part: CompValue) -> list[RdfNode]:
    other = part["other"]
    return [
        _plain(each) for each in (part["expr"], *(other if isinstance(other, list) else [other]))
    ]


def _compared(part: CompValue) -> list[TermComparison]:
    if part["op"] not in _ORDERS:
        return []
    left, right = (_expression(each) for each in (part["expr"], part["other"]))
    if not left or not right:
        return []
    test = f"{left} {part['op']} {right}"
    sides = ((part["expr"], right), (part["other"], left))
    return [TermComparison(str(one), test, other) for one, other in sides if _is_variable(one)]


def _expression(node: RdfNode) -> str:
    """What is compared, as SPARQL: a term, now, or the cast of these; empty for what is more."""
    name = getattr(node, "name", "")
    if name == "Builtin_NOW":
        return "NOW()"
    if name == "Function":
        inside = [_expression(each) for each in node["expr"]]
        return f"{node['iri'].n3()}({', '.join(inside)})" if all(inside) else ""
    return str(node.n3()) if _is_term(node) else ""


def _is_term(node: RdfNode) -> bool:
    from rdflib.term import Identifier

    return isinstance(node, Identifier)


def _is_iri(node: RdfNode) -> bool:
    from rdflib.term import URIRef

    return isinstance(node, URIRef)


def _is_literal(node: RdfNode) -> bool:
    from rdflib.term import Literal

    return isinstance(node, Literal)


def _is_variable(node: RdfNode) -> bool:
    from rdflib.term import Variable

    return isinstance(node, Variable)
