"""What a reader is told of a query that found nothing, or that compares what cannot be compared."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.data.iris import BASE, NS, PREFIXES, VOCABULARY, local_name
from monazite.store.answers import Answer, full, quoted, to_answer
from monazite.store.names import find_entity
from monazite.store.store import Store

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
            comparisons += _compared_names(part)
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


def _compared_names(part: CompValue) -> list[TermComparison]:
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


_REPLACED = "http://purl.org/dc/terms/isReplacedBy"
_TYPE = PREFIXES["rdf"] + "type"
_DAY = PREFIXES["xsd"] + "date"
_CLASSES = (PREFIXES["rdfs"] + "Class", "http://www.w3.org/2002/07/owl#Class")
_LABELS = f"<{PREFIXES['rdfs']}label>|<{PREFIXES['skos']}altLabel>|<{PREFIXES['skos']}prefLabel>"
_LOCAL = re.compile(r"\w(?:[\w.-]*[\w-])?")
"""What stands behind the colon of a short name without an escape."""
_NOTHING = ("", "0", "false")
_VARIABLE = re.compile(r"\?\w+")
_QUOTED = re.compile(r'"(.*)"', re.DOTALL)
_MANY = 2_000
"""Names among which a mistyped one is looked for by its first three letters, which is quicker."""
_MOST = 3
"""Patterns without a match that are named; a query may have hundreds."""


def find_hints(
    text: str, store: Store, prefixes: Mapping[str, str], *, of_nothing: bool
) -> list[str]:
    """Say what may be wrong with a query that was answered, a sentence each.

    >>> from monazite.store.opening import open_store
    >>> find_hints("ASK { ?plant mz:ownedby ?firm }", open_store(), PREFIXES, of_nothing=True)
    ['The vocabulary has no property mz:ownedby; did you mean mz:ownedBy?']
    """
    content = read_algebra(text, prefixes, BASE)
    if content is None:
        return []
    asked = _AskedStore(store, prefixes)
    told = [*_compared(content, asked)]
    if of_nothing:
        lacking = [*dict.fromkeys(_lacking(content, asked))]
        told += lacking or [*_unmatched(content.patterns, asked)][:_MOST]
    return told


def found_nothing(answer: Answer) -> bool:
    """Tell whether an answer is empty, no, or the count of nothing.

    >>> found_nothing(Answer(("plant",), ()))
    True
    """
    return len(answer) < 2 and all(full(term) in _NOTHING for row in answer.rows for term in row)


@dataclass
class _AskedStore:
    """The view that answered, and short names for what it holds."""

    store: Store
    prefixes: Mapping[str, str]
    candidates: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def short(self, iri: str) -> str:
        """The shortest name of an address that a query may use."""
        names = [
            f"{name}:{iri.removeprefix(space)}"
            for name, space in self.prefixes.items()
            if iri.startswith(space) and _LOCAL.fullmatch(iri.removeprefix(space))
        ]
        return min(names, key=len, default=f"<{iri.removeprefix(BASE)}>")

    def shortened(self, sparql: str) -> str:
        """SPARQL with its addresses as short names."""
        short = re.sub(r"<([^<>\s]+)>", lambda found: self.short(found[1]), sparql)
        short = re.sub(r"_:\w+", "[]", short).replace(" rdf:type ", " a ")
        return re.sub(r'"(-?[\d.]+)"\^\^xsd:(?:integer|decimal)', r"\1", short)

    def holds(self, pattern: str) -> bool:
        return bool(self.store.answer(f"ASK {{ {pattern} }}"))

    def terms(self, query: str) -> Iterator[tuple[str, ...]]:
        """The rows of a query as plain values."""
        found = to_answer(cast("Any", self.store.answer(query)))
        return (tuple(map(full, row)) for row in found.rows)

    def kinds(self, iri: str) -> set[str]:
        """What the vocabulary declares a term to be."""
        query = f"SELECT ?kind {{ GRAPH <{VOCABULARY}> {{ <{iri}> a ?kind }} }}"
        return {kind for (kind,) in self.terms(query)}

    def successor(self, iri: str) -> str:
        """Name what took the place of a deprecated term, as the end of a sentence."""
        query = f"SELECT ?new {{ <{iri}> <{_REPLACED}> ?new }}"
        new = [self.short(each) for (each,) in self.terms(query)]
        return f"; it is deprecated: ask {' or '.join(sorted(new))}" if new else ""

    def named(self, name: str) -> str:
        """``did you mean ...?`` for what a name means."""
        with suppress(UnknownNameError):
            return f"did you mean {self.short(find_entity(self.store, name).iri)}?"
        return ""

    def having(self, iri: str, pattern: str) -> str:
        """Say which properties a thing, or what is of a class, has."""
        found = self.terms(f"SELECT DISTINCT ?property {{ {pattern} }}")
        names = sorted(self.short(each) for (each,) in found)
        return f"{self.short(iri)} has {', '.join(names)}." if names else ""

    def near(self, iri: str, what: str) -> str:
        """``did you mean ...?`` for a term of the same namespace, by its id or its name.

        An id may also be one of another kind: a firm, where a plant is asked for.
        """
        name = local_name(iri)
        space = iri.removesuffix(name)
        if not name:
            return ""
        if (space, what) not in self.candidates:
            self.candidates[space, what] = dict(self._names(space, what))
        known = self.candidates[space, what]
        if len(known) > _MANY:
            known = {each: known[each] for each in known if each[:3] == name[:3]}
        meant = did_you_mean(name, known) or did_you_mean(name.replace("-", " "), known)
        quoted_name = _QUOTED.search(meant)
        if quoted_name:
            return f"did you mean {self.short(known[quoted_name[1]])}?"
        ids = f"{BASE}id/"
        if not space.startswith(ids):
            return ""
        others = (f"{each}{name}" for each in self.prefixes.values() if each.startswith(ids))
        found = next((other for other in others if self.holds(f"<{other}> ?p ?o")), "")
        return f"did you mean {self.short(found)}?" if found else ""

    def _names(self, space: str, what: str) -> Iterator[tuple[str, str]]:
        """What a namespace holds, by name and by id; an id comes before a name."""
        declared = f"GRAPH <{VOCABULARY}> {{ ?term a ?kind }}"
        used = {"property": "?s ?term ?o", "class": "?s a ?term"}.get(what, "?term a ?any")
        names = f"OPTIONAL {{ ?term {_LABELS} ?name }}" if what == "thing" else ""
        found = self.terms(
            f"SELECT ?term ?kind ?name {{ {{ SELECT DISTINCT ?term ?kind "
            f"{{ {declared if space == NS else used} "
            f"FILTER(isIRI(?term) && STRSTARTS(STR(?term), {quoted(space)})) }} }} {names} }} "
            "ORDER BY ?term"
        )
        fitting = [
            (iri, name)
            for iri, kind, name in found
            if space != NS or _is_class([kind]) == (what == "class")
        ]
        yield from ((name, iri) for iri, name in fitting if name)
        yield from ((local_name(iri), iri) for iri, _ in fitting)


def _is_class(kinds: Iterable[str]) -> bool:
    return not {*_CLASSES}.isdisjoint(kinds)


def _lacking(content: QueryContent, asked: _AskedStore) -> Iterator[str]:
    things = [*content.named]
    for pattern in content.patterns:
        properties = [*addresses_of(pattern.predicate)]
        ends = [*addresses_of(pattern.object)]
        classes = ends if _TYPE in properties else []
        for what, used, iris in (
            ("property", "?s <{}> ?o", properties),
            ("class", "?s a <{}>", classes),
        ):
            for iri in iris:
                if not asked.holds(used.format(iri)):
                    yield from _no_term(iri, what, asked, must_match=pattern.must_match)
        things += [*addresses_of(pattern.subject), *(() if classes else ends)]
    for iri in things:
        yield from _no_thing(iri, asked)


def _no_term(iri: str, what: str, asked: _AskedStore, *, must_match: bool) -> Iterator[str]:
    """Say that the vocabulary lacks a term, or that no row has it."""
    kinds = asked.kinds(iri)
    if kinds and _is_class(kinds) == (what == "class"):
        if must_match:
            has = "is of the class" if what == "class" else "has the property"
            yield f"Nothing in the data used {has} {asked.short(iri)}{asked.successor(iri)}."
        return
    where = "The vocabulary has" if iri.startswith(NS) else "The data used have"
    yield _sentence(f"{where} no {what} {asked.short(iri)}", asked.near(iri, what))


def _no_thing(iri: str, asked: _AskedStore) -> Iterator[str]:
    """Say that the view has nothing of an address of this graph."""
    if not iri.startswith(BASE) or asked.holds(f"<{iri}> ?p ?o") or asked.holds(f"?s ?p <{iri}>"):
        return
    if asked.holds(f"GRAPH <{iri}> {{ ?s ?p ?o }}"):
        return
    yield _sentence(f"The data used have no {asked.short(iri)}", asked.near(iri, "thing"))


def _sentence(what: str, meant: str) -> str:
    return f"{what}; {meant}" if meant else f"{what}."


def _unmatched(patterns: Sequence[TriplePattern], asked: _AskedStore) -> Iterator[str]:
    """Name the patterns that nothing matches, alone or with the others of their subject."""
    needed = [pattern for pattern in patterns if pattern.must_match]
    alone = [each for each in needed if not asked.holds(each.text)]
    for pattern in alone:
        what = f"Nothing in the data used matches {asked.shortened(pattern.text)}"
        subject = next(addresses_of(pattern.subject), "")
        having = asked.having(subject, f"<{subject}> ?property ?o") if subject else ""
        yield _sentence(what, asked.named(str(pattern.object)) if pattern.is_of_name else having)
    if alone:
        return
    for star in _stars(needed).values():
        star.sort(key=lambda each: str(each.predicate) != _TYPE)  # first what it is
        if len(star) > 1 and not asked.holds(_joined(star)):
            first = star[0]
            kind = next(addresses_of(first.object), "") if str(first.predicate) == _TYPE else ""
            having = asked.having(kind, f"?s a <{kind}> ; ?property ?o") if kind else ""
            yield _sentence(
                f"Nothing in the data used matches all of {_shown(star, asked)}", having
            )


def _shown(star: Iterable[TriplePattern], asked: _AskedStore) -> str:
    return asked.shortened(_joined(star))


def _stars(patterns: Iterable[TriplePattern]) -> dict[RdfNode, list[TriplePattern]]:
    """The patterns by their subject."""
    stars: dict[RdfNode, list[TriplePattern]] = defaultdict(list)
    for pattern in patterns:
        stars[pattern.subject].append(pattern)
    return stars


def _joined(star: Iterable[TriplePattern]) -> str:
    return " . ".join(pattern.text for pattern in star)


def _compared(content: QueryContent, asked: _AskedStore) -> Iterator[str]:
    stars = _stars(pattern for pattern in content.patterns if pattern.must_match)
    for comparison in content.comparisons:
        for pattern in content.patterns:
            if pattern.object == _variable(comparison.variable):
                star = stars[pattern.subject] if pattern.must_match else [pattern]
                yield from _left_out(comparison, pattern, star, asked)


def _variable(name: str) -> RdfNode:
    from rdflib.term import Variable

    return Variable(name)


def _left_out(
    comparison: TermComparison,
    pattern: TriplePattern,
    star: Sequence[TriplePattern],
    asked: _AskedStore,
) -> Iterator[str]:
    """Say how many values a comparison leaves out, because it fails for them."""
    compared = {*_VARIABLE.findall(comparison.test)}
    if not compared <= {*_VARIABLE.findall(_joined(star))}:
        return  # what it is compared with is bound elsewhere
    shown = {*compared, *_VARIABLE.findall(pattern.subject.n3())}
    ((count, failing),) = asked.terms(
        f"SELECT (COUNT(*) AS ?all) (SUM(IF(COALESCE(IF({comparison.test}, true, true), false), "
        f"0, 1)) AS ?out) {{ SELECT DISTINCT {' '.join(sorted(shown))} "
        f"{{ {_joined(star)} }} }}"
    )
    if not int(failing or 0):
        return
    *_, path = addresses_of(pattern.predicate)
    yield (
        f"{_what(comparison, asked)} leaves out {int(failing):,} of {int(count):,} values of "
        f"{asked.short(path)}; {_instead(path, asked)}"
    )


def _what(comparison: TermComparison, asked: _AskedStore) -> str:
    other = asked.shortened(comparison.with_what)
    return other if comparison.asks_part else f"A comparison with {other}"


def _instead(path: str, asked: _AskedStore) -> str:
    """What to compare instead of a property."""
    whole = (f"{path}Earliest", f"{path}Latest", f"{NS}starts", f"{NS}ends")
    days = [asked.short(each) for each in whole if asked.kinds(each)]
    day = '"2025-01-31"^^xsd:date'
    if asked.kinds(whole[0]):
        return (
            f"a year or a month is no day: ask {', '.join(days[:-1])} or {days[-1]}, and compare "
            f"it with a day, as {day}."
        )
    found = asked.terms(f"SELECT DISTINCT (DATATYPE(?o) AS ?kind) {{ ?s <{path}> ?o }}")
    kinds = sorted({kind for (kind,) in found if kind})
    if kinds == [_DAY]:
        return f"compare it with a day, as {day}."
    return f"its values are of the type {' or '.join(map(asked.short, kinds))}."
