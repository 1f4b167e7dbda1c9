"""Reasoning on demand: SPARQL rules applied to a copy of a view, into a graph of their own.

A rule is a ``CONSTRUCT`` whose header comments say why it stops, and which rules go before. It is
asked until it gives nothing new: a stratified Datalog (Abiteboul, Hull and Vianu, Foundations of
Databases, 1995, chapters 12 and 15). No shape is checked against what it infers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from pathlib import Path
from typing import cast

from monazite.core.errors import QueryError, UnknownNameError, UnreadableError
from monazite.core.formats import grouped
from monazite.core.package import ontology_folder
from monazite.data.iris import INFERRED
from monazite.store.queries import NamedQuery, parse_query, read_text
from monazite.store.store import Store

_HEADER = re.compile(r"^#\s*(stops|after):\s*(.*)$", re.MULTILINE)
_CONSTRUCT = re.compile(r"^CONSTRUCT\b", re.MULTILINE)


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
    rules = {file.stem: _read_rule(file) for file in sorted(folder.glob("*.rq"))}
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


def _read_rule(file: Path) -> InferenceRule:
    text = read_text(file)
    if not _CONSTRUCT.search(text):
        raise UnreadableError(f"{file} is no CONSTRUCT, so it infers nothing; write one.")
    header = dict(_HEADER.findall(text))
    if not header.get("stops"):
        raise UnreadableError(f"{file} does not say why it comes to rest; add a line # stops: ...")
    after = tuple(name.strip() for name in header.get("after", "").split(",") if name.strip())
    return InferenceRule(parse_query(file.stem, text), header["stops"], after)


def _settle(store: Store, rule: InferenceRule, valid: str | None, bounds: RuleLimits) -> int:
    """Apply a rule up to its fixed point, and return how many triples it added."""
    dated = any(parameter.name == "date" for parameter in rule.query.parameters)
    text = rule.query.bound(store, {"date": valid} if dated and valid else {})
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
