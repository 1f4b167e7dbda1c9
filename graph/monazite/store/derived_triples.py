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
from functools import cache, partial
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from pathlib import Path
from typing import NamedTuple, cast

from monazite.core.errors import QueryError, UnknownNameError, UnreadableError
from monazite.core.formats import grouped
from monazite.core.package import ontology_folder, registered
from monazite.core.results import Struct
from monazite.data.iris import BASE, DIRECT, DIRECT_EVIDENCE, INFERRED, NS, PREFIXES, SCHEME
from monazite.store.queries import NamedQuery, parse_query, read_text
from monazite.store.store import RELEASE, Store, store_of

_HEADER = re.compile(r"^#\s*(property|inverse|after|reads|stops):\s*(.*)$", re.MULTILINE)
_SURELY = "surely"
_RDF = PREFIXES["rdf"]


class Rule(Struct):
    """A rule: its query, and what its header says."""

    query: NamedQuery
    after: tuple[str, ...]  # names of the rules that go before it
    reads: tuple[str, ...]  # tables that a direct fact is made of
    property: str  # of its direct facts
    inverse: str  # of that property; empty for none
    stops: str  # why repeating it ends


def _read_rule(file: Path, text: str) -> Rule:
    told = dict(_HEADER.findall(text))
    after, reads = (tuple(told.get(x, "").replace(",", " ").split()) for x in ("after", "reads"))
    texts = (told.get(x, "").strip() for x in ("property", "inverse", "stops"))
    return Rule(parse_query(file.stem, text), after, reads, *texts)


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
        if not day:
            return b""
        read = {name for rule in self._rules for name in rule.after}
        found: list[bytes] = []
        rules = {rule.query.name: rule for rule in self._rules}
        order = TopologicalSorter({name: rule.after for name, rule in rules.items()})
        order.prepare()
        while order.is_active():
            ready = sorted(order.get_ready())
            texts = {name: "".join(_facts(store, rules[name], day)).encode() for name in ready}
            store.load(b"".join(text for name, text in texts.items() if name in read))
            found += texts.values()
            order.done(*ready)
        return b"".join(found)


def read_direct_rules(ontology: Path | None = None) -> tuple[Rule, ...]:
    """Read the rules of a folder, in the order of their names."""
    files = sorted(((ontology or ontology_folder()) / "direct").glob("*.rq"))
    return _read_rules(tuple((file, read_text(file)) for file in files))


@cache
def _read_rules(files: tuple[tuple[Path, str], ...]) -> tuple[Rule, ...]:
    rules = tuple(_read_rule(file, text) for file, text in files)
    for rule, (file, _) in zip(rules, files, strict=True):
        if not rule.property:
            what = "does not say whose triples it makes; add # property: ..."
            raise UnreadableError(f"{file} {what}")
    return rules


def _facts(store: Store, rule: Rule, day: str) -> Iterator[str]:
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
        about = (_SURELY if pair in surely else "perhaps", sorted(rows[pair]))
        yield from _fact(pair[0], predicate, pair[1], *about)
        if inverse:
            yield from _fact(pair[1], inverse, pair[0], *about)


def _worked_out(store: Store, kind: str, day: str) -> tuple[Sequence[str], ...]:
    return tuple(registered(kind)(store, day))


def _fact(
    subject: str, predicate: str, value: str, certainty: str, rows: Iterable[str]
) -> Iterator[str]:
    """Yield a triple, whose terms are in the form of N-Triples, and what is said of it."""
    yield f"{subject} {predicate} {value} <{DIRECT}> .\n"
    digest = hashlib.sha256(f"{subject} {predicate} {value}".encode()).hexdigest()[:24]
    about = [
        (f"{_RDF}type", f"<{NS}DirectFact>"),
        (f"{_RDF}subject", subject),
        (f"{_RDF}predicate", predicate),
        (f"{_RDF}object", value),
        (f"{NS}certainty", f"<{SCHEME}certainty/{certainty}>"),
        *((f"{NS}evidence", row) for row in rows),
    ]
    for path, told in about:
        yield f"<{BASE}direct/{digest}> <{path}> {told} <{DIRECT_EVIDENCE}> .\n"


def _dated(query: NamedQuery, day: str | None) -> dict[str, str]:
    """The day for a query that takes one."""
    return {"date": day} if day and any(each.name == "date" for each in query.parameters) else {}


def _term(name: str) -> str:
    """The IRI of a property of the vocabulary, or of one that is written with a prefix."""
    prefix, colon, local = name.rpartition(":")
    return f"<{PREFIXES[prefix] if colon else NS}{local}>" if name else ""


class Reasoned(NamedTuple):
    """A store in memory that holds a view and what was inferred from it, and each rule's share."""

    store: Store
    counts: Mapping[str, int]


def reason(
    store: Store,
    ontology: Path | None = None,
    *,
    valid: str | None = None,
    rounds: int = 32,
    most: int = 500_000,
) -> Reasoned:
    """Infer at most so many triples in a copy of a store, asking each rule so many times."""
    copy = store.copy()
    counts: dict[str, int] = {}
    for rule in read_rules(ontology):
        text = rule.query.bound(copy, _dated(rule.query, valid))
        name, added, left = rule.query.name, 0, most - sum(counts.values())
        for _ in range(rounds):
            triples = cast("Iterable[object]", copy.answer(text))  # of a CONSTRUCT, as read
            found = {str(triple) for triple in islice(triples, left - added + 1)}
            if not found:
                break
            added += len(found)
            if added > left:
                raise QueryError(
                    f"The rule {name} was stopped: the rules infer more than the triples allowed; "
                    "mend its rows, or allow more."
                )
            copy.add(found, INFERRED)
        else:
            raise QueryError(
                f"The rule {name} was stopped after {rounds} rounds and {grouped(added)} triples; "
                "it does not come to rest."
            )
        counts[name] = added
    return Reasoned(copy, counts)


def read_rules(ontology: Path | None = None) -> tuple[Rule, ...]:
    """Read the rules of reasoning of an ontology folder, each after those it waits for."""
    folder = (ontology or ontology_folder()) / "rules"
    rules = {}
    for file in sorted(folder.glob("*.rq")):
        text = read_text(file)
        if not re.search(r"^CONSTRUCT\b", text, re.MULTILINE):
            raise UnreadableError(f"{file} is no CONSTRUCT, so it infers nothing; write one.")
        rules[file.stem] = _read_rule(file, text)
        if not rules[file.stem].stops:
            what = "does not say why it comes to rest; add a line # stops: ..."
            raise UnreadableError(f"{file} {what}")
    for name, rule in rules.items():
        if missing := next((other for other in rule.after if other not in rules), ""):
            raise UnknownNameError(
                f"The rule {name} waits for {missing}, which is not in {folder}."
            )
    try:
        order = TopologicalSorter({name: rule.after for name, rule in rules.items()})
        return tuple(rules[name] for name in order.static_order())
    except CycleError as error:
        circle = ", ".join(sorted(set(error.args[1])))
        raise UnreadableError(
            f"The rules {circle} wait for each other; take one line # after: out."
        ) from None
