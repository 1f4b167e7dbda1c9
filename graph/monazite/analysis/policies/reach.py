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
_OUTSIDE = "other"
"""The form of goods outside the chain of rare earths: a class that may hold some is a group."""
_SYMBOL = 2
"""Letters of a symbol at most: a longer word of a code is the name of goods."""


@dataclass(frozen=True)
class Named(Value):
    """A thing that a scope row names.

    Attributes:
        kind: element (or a group of them), material, code, country, organisation or facility.
        country: of an organisation or facility, where it is; empty where not known.
        form: of a material, a code of the scheme ``material-form``.
    """

    relation: str
    kind: str
    id: str
    label: str
    country: str
    form: str
    notation: str
    words: str


@dataclass(frozen=True)
class ReachRow(Value):
    """A row of the scope of an act."""

    row: str
    kind: str
    text: str
    detail: str
    named: tuple[Named, ...]

    def named_as(self, relation: str) -> tuple[Named, ...]:
        """Return what it covers, exempts or targets."""
        return tuple(each for each in self.named if each.relation == relation)


def read_reach(store: Store) -> Mapping[str, tuple[ReachRow, ...]]:
    """Read the scope rows of all acts.

    >>> from monazite.store.opening import open_store
    >>> rows = read_reach(open_store())["mofcom-2026-us-ten"]
    >>> sorted({each.id for row in rows for each in row.named_as("targets")})
    ['USA', 'aveox', 'mp-materials', 'usa-rare-earth']
    """
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
        """Return the symbols of the elements in what a row covers."""
        if thing.kind == "code":
            return self._of_code(_DIGITS.sub("", thing.notation), thing.words)
        return self.elements.get(thing.id, frozenset({thing.id}))

    def _of_code(self, digits: str, words: str) -> frozenset[str]:
        """A code holds what goods declared under it hold, and the elements that its text lists."""
        under = [held for code, held in self.codes.items() if code.startswith(digits)]
        listed = {word.strip() for word in re.split(r"[;,]", words)}
        return frozenset[str]().union(*under, listed - {""})

    def surely_without(self, rows: Iterable[ReachRow], elements: frozenset[str]) -> bool:
        """Tell whether rows cover goods, all of which are known to hold none of some elements.

        A code of which no row says what it holds counts for nothing beside goods that are named.
        """
        things = [thing for row in rows for thing in row.named_as("covers")]
        held = [(thing, self._known(thing)) for thing in things]
        if any(known is None and thing.kind != "code" for thing, known in held):
            return False
        told = [known for _, known in held if known is not None]
        return bool(told) and not any(known & elements for known in told)

    def _known(self, thing: Named) -> frozenset[str] | None:
        """The elements in what a row covers, as far as these are known; None where they are not."""
        held = self.of(thing)
        if thing.kind == "code":
            return held if held and all(len(name) <= _SYMBOL for name in held) else None
        if thing.kind == "element" or thing.id in self.elements:
            return held
        return frozenset() if thing.form == _OUTSIDE else None


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
    return Goods(_frozen_sets(elements), _frozen_sets(codes))


def _frozen_sets(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(held) for name, held in found.items()}


def licensed_elements(
    country: str, acts: Acts, reach: Mapping[str, tuple[ReachRow, ...]], goods: Goods
) -> frozenset[str]:
    """Return the elements of goods that a state controls by licences under its regulations.

    A class of a controlled list, such as dual-use items, names no element itself: it stands for
    what those licences cover that carry the list out.
    """
    carried_out = [
        link.policy
        for link in acts.links
        if link.relation == "implements"
        and acts.acts[link.policy].country == country
        and acts.acts[link.policy].kind == "export-licence"
    ]
    return covered_elements((row for name in carried_out for row in reach.get(name, ())), goods)


def covered_elements(rows: Iterable[ReachRow], goods: Goods) -> frozenset[str]:
    """Return the symbols of the elements that rows cover, in whatever goods."""
    return frozenset[str]().union(
        *(goods.of(thing) for row in rows for thing in row.named_as("covers"))
    )
