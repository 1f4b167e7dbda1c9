"""Rules in SPARQL: direct facts of the rows of a view, and reasoning on demand.

A direct fact is what rows say together in one triple, with the rows and how sure that is. Its rule
(``ontology/direct``) is a ``SELECT`` of subject, object, certainty and rows; its header names the
property, the inverse, and the rules that go before it. A rule of reasoning (``ontology/rules``) is
a ``CONSTRUCT`` whose header says why it stops: it is asked until it gives nothing new, of a copy,
into a graph of its own. Both are stratified Datalog, the first without recursion (Abiteboul, Hull
and Vianu, Foundations of Databases, 1995, chapters 12 and 15). No shape checks what is inferred.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from pathlib import Path
from typing import cast

from monazite.core.errors import QueryError, UnknownNameError, UnreadableError
from monazite.core.formats import grouped
from monazite.core.package import ontology_folder, registered
from monazite.data.iris import BASE, DIRECT, DIRECT_EVIDENCE, INFERRED, NS, PREFIXES, SCHEME
from monazite.store.queries import NamedQuery, parse_query, read_text
from monazite.store.store import RELEASE, Store, store_of

FOLDER = "direct"
_HEADER = re.compile(r"^#\s*(property|inverse|after|reads|stops):\s*(.*)$", re.MULTILINE)
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
            (f"{NS}certainty", f"<{SCHEME}certainty/{self.certainty}>"),
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
    files = sorted(((ontology or ontology_folder()) / FOLDER).glob("*.rq"))
    return _read_rules(tuple((file, read_text(file)) for file in files))


@cache
def _read_rules(files: tuple[tuple[Path, str], ...]) -> tuple[DirectRule, ...]:
    rules = []
    for file, text in files:
        header = dict(_HEADER.findall(text))
        if not header.get("property"):
            what = "does not say whose triples it makes; add # property: ..."
            raise UnreadableError(f"{file} {what}")
        told = (header.get(name, "").replace(",", " ") for name in ("after", "reads"))
        after, reads = (tuple(names.split()) for names in told)
        names = header["property"].strip(), header.get("inverse", "").strip()
        rules.append(DirectRule(parse_query(file.stem, text), *names, after, reads))
    return tuple(rules)


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
    query = rule.query
    for kind in query.worked_out.split():
        work = partial(_worked_out, store, kind, day)
        query = query.with_lines(store.derive(("worked out", kind, day), work), kind)
    found = store.select(query.bound(store, _dated(query, day)))
    rows: dict[tuple[str, str], set[str]] = defaultdict(set)
    surely: set[tuple[str, str]] = set()
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


def _worked_out(store: Store, kind: str, day: str) -> tuple[Sequence[str], ...]:
    return tuple(registered(kind)(store, day))


def _dated(query: NamedQuery, day: str | None) -> dict[str, str]:
    """The day for a query that takes one."""
    return {"date": day} if day and any(each.name == "date" for each in query.parameters) else {}


def _term(name: str) -> str:
    """The IRI of a property of the vocabulary, or of one that is written with a prefix."""
    prefix, colon, local = name.rpartition(":")
    return f"<{PREFIXES[prefix] if colon else NS}{local}>" if name else ""


@dataclass(frozen=True)
class InferenceRule:
    """A rule: a CONSTRUCT query, why repeating it ends, and the rules that go before it."""

    query: NamedQuery
    stops: str
    after: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.query.name


@dataclass(frozen=True)
class RuleLimits:
    """How often one rule may be asked, and how many triples all may infer together."""

    rounds: int = 32
    triples: int = 500_000


@dataclass(frozen=True)
class Reasoned:
    """A store in memory that holds a view and what was inferred from it, and each rule's share."""

    store: Store
    counts: Mapping[str, int]


def reason(
    store: Store,
    ontology: Path | None = None,
    *,
    valid: str | None = None,
    bounds: RuleLimits = RuleLimits(),
) -> Reasoned:
    """Infer what the rules of an ontology folder infer from a store, in a copy of it."""
    copy = store.copy()
    counts: dict[str, int] = {}
    for rule in read_rules((ontology or ontology_folder()) / "rules"):
        left = bounds.triples - sum(counts.values())
        counts[rule.name] = _settle(copy, rule, valid, RuleLimits(bounds.rounds, left))
    return Reasoned(copy, counts)


def read_rules(folder: Path | None = None) -> tuple[InferenceRule, ...]:
    """Read the rules of a folder, each after those it waits for."""
    folder = folder or ontology_folder() / "rules"
    rules = {}
    for file in sorted(folder.glob("*.rq")):
        text = read_text(file)
        header = dict(_HEADER.findall(text))
        if not re.search(r"^CONSTRUCT\b", text, re.MULTILINE):
            raise UnreadableError(f"{file} is no CONSTRUCT, so it infers nothing; write one.")
        if not header.get("stops"):
            what = "does not say why it comes to rest; add a line # stops: ..."
            raise UnreadableError(f"{file} {what}")
        after = tuple(name.strip() for name in header.get("after", "").split(",") if name.strip())
        query = parse_query(file.stem, text)
        rules[file.stem] = InferenceRule(query, header["stops"], after)
    for rule in rules.values():
        for other in rule.after:
            if other not in rules:
                what = f"The rule {rule.name} waits for {other}, which is not in {folder}."
                raise UnknownNameError(what)
    try:
        order = TopologicalSorter({rule.name: rule.after for rule in rules.values()})
        return tuple(rules[name] for name in order.static_order())
    except CycleError as error:
        circle = ", ".join(sorted(set(error.args[1])))
        raise UnreadableError(
            f"The rules {circle} wait for each other; take one line # after: out."
        ) from None


def _settle(store: Store, rule: InferenceRule, valid: str | None, bounds: RuleLimits) -> int:
    """Apply a rule up to its fixed point, and return how many triples it added."""
    text = rule.query.bound(store, _dated(rule.query, valid))
    added = 0
    for _ in range(bounds.rounds):
        triples = cast("Iterable[object]", store.answer(text))  # of a CONSTRUCT, as read
        found = {str(triple) for triple in islice(triples, bounds.triples - added + 1)}
        if not found:
            return added
        added += len(found)
        if added > bounds.triples:
            raise QueryError(
                f"The rule {rule.name} was stopped: the rules infer more than the triples allowed; "
                "mend its rows, or allow more."
            )
        store.add(found, INFERRED)
    raise QueryError(
        f"The rule {rule.name} was stopped after {bounds.rounds} rounds and {grouped(added)} "
        "triples; it does not come to rest."
    )
