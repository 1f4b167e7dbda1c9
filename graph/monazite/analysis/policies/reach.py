"""What acts cover and whom they are aimed at, as their scope rows name it, and what is in goods."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.analysis.policies.acts import Acts
from monazite.core.results import Value
from monazite.store.queries import ask
from monazite.store.store import Store

_DIGITS = re.compile(r"\D")
_SYMBOL = 2  # letters at most: a longer word of a code is the name of goods


@dataclass(frozen=True)
class Named(Value):
    """A thing that a scope row covers, exempts or targets."""

    relation: str
    kind: str  # element (or a group), material, code, country, organisation, facility
    id: str
    label: str
    country: str  # of an organisation or facility
    form: str  # of a material; "other" is outside the chain, "group" may hold some of it
    notation: str  # of a code
    words: str  # of a code: the goods it covers


@dataclass(frozen=True)
class ReachRow(Value):
    """A row of the scope of an act."""

    row: str
    kind: str
    text: str
    detail: str
    named: tuple[Named, ...]

    def named_as(self, relation: str) -> tuple[Named, ...]:
        """What it covers, exempts or targets."""
        return tuple(each for each in self.named if each.relation == relation)


def named_as(rows: Iterable[ReachRow], relation: str) -> list[Named]:
    """What some rows cover, exempt or target."""
    return [thing for row in rows for thing in row.named_as(relation)]


def read_reach(store: Store) -> Mapping[str, tuple[ReachRow, ...]]:
    """Read the scope rows of all acts, by act."""
    return store.derive(("policy-reach",), lambda: _read_reach(store))


def _read_reach(store: Store) -> dict[str, tuple[ReachRow, ...]]:
    found: dict[str, dict[str, ReachRow]] = defaultdict(dict)
    for line in ask(store, "policy-reach"):
        names = ("relation", "class", "item", "label", "country", "form", "notation", "words")
        named = (Named(*(line[name] for name in names)),) if line["item"] else ()
        rows, row = found[line["policy"]], line.row()
        known = rows[row].named if row in rows else ()
        rows[row] = ReachRow(row, line["kind"], line["text"], line["detail"], (*known, *named))
    return {policy: tuple(rows.values()) for policy, rows in found.items()}


@dataclass(frozen=True)
class Goods(Value):
    """Which elements are in goods: by id of a group or material, and by customs code of one."""

    elements: Mapping[str, frozenset[str]]
    codes: Mapping[str, frozenset[str]]

    def of(self, thing: Named) -> frozenset[str]:
        """The symbols in what a row covers; a code holds what its goods hold and its text lists."""
        if thing.kind != "code":
            return self.elements.get(thing.id, frozenset({thing.id}))
        digits = _DIGITS.sub("", thing.notation)
        under = [held for code, held in self.codes.items() if code.startswith(digits)]
        listed = {word.strip() for word in re.split(r"[;,]", thing.words)}
        return frozenset[str]().union(*under, listed - {""})

    def surely_without(self, rows: Iterable[ReachRow], elements: frozenset[str]) -> bool:
        """Whether rows cover goods all known to hold none of some elements; unread codes aside."""
        held = [(thing, self._known(thing)) for thing in named_as(rows, "covers")]
        told = [known for _, known in held if known is not None]
        unknown = any(known is None and thing.kind != "code" for thing, known in held)
        return bool(told) and not unknown and not any(known & elements for known in told)

    def _known(self, thing: Named) -> frozenset[str] | None:
        """The elements in what a row covers; None where they are not known."""
        held = self.of(thing)
        if thing.kind == "code":
            return held if held and all(len(name) <= _SYMBOL for name in held) else None
        if thing.kind == "element" or thing.id in self.elements:
            return held
        return frozenset() if thing.form == "other" else None


def read_goods(store: Store) -> Goods:
    """Read which elements are in which goods."""
    return store.derive(("goods-elements",), lambda: _read_goods(store))


def _read_goods(store: Store) -> Goods:
    elements: dict[str, set[str]] = defaultdict(set)
    codes: dict[str, set[str]] = defaultdict(set)
    for line in ask(store, "goods-elements"):
        elements[line["item"]].add(line["element"])
        if line["notation"]:
            codes[_DIGITS.sub("", line["notation"])].add(line["element"])
    return Goods(
        {name: frozenset(held) for name, held in elements.items()},
        {code: frozenset(held) for code, held in codes.items()},
    )


def licensed_elements(
    country: str, acts: Acts, reach: Mapping[str, tuple[ReachRow, ...]], goods: Goods
) -> frozenset[str]:
    """What a state controls by licences under its regulations: a class of a list names none."""
    carried_out = [acts.acts[x.policy] for x in acts.links if x.relation == "implements"]
    licences = [x.id for x in carried_out if (x.country, x.kind) == (country, "export-licence")]
    return covered_elements((row for name in licences for row in reach.get(name, ())), goods)


def covered_elements(rows: Iterable[ReachRow], goods: Goods) -> frozenset[str]:
    """The symbols of the elements that rows cover, in whatever goods."""
    return frozenset[str]().union(*(goods.of(thing) for thing in named_as(rows, "covers")))
