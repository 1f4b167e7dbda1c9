"""Direct facts: what rows say together in one triple each, with the rows and how sure that is.

SPARQL rules (``ontology/direct``) make them of the rows of a view, for its day. A rule is a
``SELECT`` of subject, object, certainty and rows; its header names the property, the inverse, and
the rules that go before it: a stratified Datalog without recursion (Abiteboul, Hull and Vianu,
Foundations of Databases, 1995, chapter 15).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from monazite.core.errors import UnreadableError
from monazite.core.package import ontology_folder, registered
from monazite.data.iris import BASE, DIRECT, DIRECT_EVIDENCE, NS, PREFIXES, SCHEME
from monazite.store.queries import NamedQuery, parse_query, read_text
from monazite.store.store import RELEASE, Store, store_of

FOLDER = "direct"
_HEADER = re.compile(r"^#\s*(property|inverse|after|reads):\s*(.*)$", re.MULTILINE)
_CERTAINTY = f"{SCHEME}certainty/"
_SURELY = "surely"
_RDF = PREFIXES["rdf"]


@dataclass(frozen=True)
class DirectRule:
    """A rule: its query, its property and the inverse, what goes before it, the tables it reads."""

    query: NamedQuery
    property: str
    inverse: str
    after: tuple[str, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True)
class DirectFact:
    """A triple, each term in the form of N-Triples, with the rows it rests on."""

    subject: str
    predicate: str
    object: str
    certainty: str
    rows: tuple[str, ...]

    @property
    def node(self) -> str:
        """The IRI of the fact itself, made of its terms."""
        said = f"{self.subject} {self.predicate} {self.object}".encode()
        return f"{BASE}direct/{hashlib.sha256(said).hexdigest()[:24]}"

    def lines(self) -> Iterator[str]:
        """Yield the triple and what is said of it, as N-Quads."""
        yield f"{self.subject} {self.predicate} {self.object} <{DIRECT}> .\n"
        about = [
            (f"{_RDF}type", f"<{NS}DirectFact>"),
            (f"{_RDF}subject", self.subject),
            (f"{_RDF}predicate", self.predicate),
            (f"{_RDF}object", self.object),
            (f"{NS}certainty", f"<{_CERTAINTY}{self.certainty}>"),
            *((f"{NS}evidence", row) for row in self.rows),
        ]
        node = self.node
        for predicate, value in about:
            yield f"<{node}> <{predicate}> {value} <{DIRECT_EVIDENCE}> .\n"


class RuleInput:
    """The quads of the rows that rules read, collected while a view is put together."""

    def __init__(self, ontology: Path) -> None:
        self._rules = read_direct_rules(ontology)
        self._tables = {"", *(table for rule in self._rules for table in rule.reads)}
        self._texts: list[bytes] = []

    def add(self, table: str, text: bytes) -> None:
        """Take the quads of a row, if a rule reads its table; the vocabulary has no table."""
        if table in self._tables:
            self._texts.append(text)

    def direct_facts(self, day: str | None = None) -> bytes:
        """Work out the direct facts of what was collected."""
        store = store_of(b"".join(self._texts))
        self._texts.clear()
        day = day or next((str(row["day"].value) for row in store.select(RELEASE)), None)
        return b"".join(_add_facts(store, self._rules, day)) if day else b""


def _add_facts(store: Store, rules: Sequence[DirectRule], day: str) -> Iterator[bytes]:
    """Yield the facts of each rule; those that a later rule reads are added to the store."""
    read = {name for rule in rules for name in rule.after}
    for stratum in _strata(rules):
        texts = {}
        for rule in stratum:
            lines = (line for fact in _facts(store, rule, day) for line in fact.lines())
            texts[rule.query.name] = "".join(lines).encode()
        store.load(b"".join(text for name, text in texts.items() if name in read))
        yield from texts.values()


def read_direct_rules(ontology: Path | None = None) -> tuple[DirectRule, ...]:
    """Read the rules of a folder, in the order of their names."""
    folder = (ontology or ontology_folder()) / FOLDER
    files = sorted(folder.glob("*.rq"))
    return _read_rules(tuple((file, read_text(file)) for file in files))


@cache
def _read_rules(files: tuple[tuple[Path, str], ...]) -> tuple[DirectRule, ...]:
    return tuple(_read_rule(file, text) for file, text in files)


def _read_rule(file: Path, text: str) -> DirectRule:
    header = dict(_HEADER.findall(text))
    if not header.get("property"):
        raise UnreadableError(f"{file} does not say whose triples it makes; add # property: ...")
    told = (header.get(name, "").replace(",", " ") for name in ("after", "reads"))
    after, reads = (tuple(names.split()) for names in told)
    names = header["property"].strip(), header.get("inverse", "").strip()
    return DirectRule(parse_query(file.stem, text), *names, after, reads)


def _strata(rules: Iterable[DirectRule]) -> Iterator[list[DirectRule]]:
    """Yield the rules that wait for nobody, then those that wait for these, and so on."""
    named = {rule.query.name: rule for rule in rules}
    order = TopologicalSorter({name: rule.after for name, rule in named.items()})
    order.prepare()
    while order.is_active():
        ready = sorted(order.get_ready())
        yield [named[name] for name in ready]
        order.done(*ready)


def _facts(store: Store, rule: DirectRule, day: str) -> Iterator[DirectFact]:
    """Ask a rule, and put together what it says of the same triple: the surest counts."""
    text = _bound(store, rule.query, day)
    rows: dict[tuple[str, str], set[str]] = defaultdict(set)
    surely: set[tuple[str, str]] = set()
    found = store.select(text)
    evidence = [name.value for name in found.variables if name.value.startswith("row")]
    for solution in found:
        pair = str(solution["subject"]), str(solution["object"])
        rows[pair].update(str(solution[name]) for name in evidence if solution[name] is not None)
        if solution["certainty"].value == _SURELY:
            surely.add(pair)
    predicate, inverse = _term(rule.property), _term(rule.inverse)
    for pair in sorted(rows):
        told = _SURELY if pair in surely else "perhaps", tuple(sorted(rows[pair]))
        yield DirectFact(pair[0], predicate, pair[1], *told)
        if inverse:
            yield DirectFact(pair[1], inverse, pair[0], *told)


def _bound(store: Store, query: NamedQuery, day: str) -> str:
    for kind in query.worked_out.split():
        query = query.with_lines(_lines(store, kind, day), kind)
    dated = any(parameter.name == "date" for parameter in query.parameters)
    return query.bound(store, {"date": day} if dated else {})


def _lines(store: Store, kind: str, day: str) -> tuple[Sequence[str], ...]:
    return store.derive(("worked out", kind, day), lambda: tuple(registered(kind)(store, day)))


def _term(name: str) -> str:
    """The IRI of a property of the vocabulary, or of one that is written with a prefix."""
    prefix, colon, local = name.rpartition(":")
    return f"<{PREFIXES[prefix] if colon else NS}{local}>" if name else ""
