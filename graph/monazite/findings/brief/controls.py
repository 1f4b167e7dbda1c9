"""The acts that a brief lists: what ``policies`` has for its element and market, and their cost.

Those that stand, are suspended or in doubt on the day, each with its reason; and controls that the
model has bind a flow to the market, though they are aimed at others; and those aimed at the market
by its name, though their records name other elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.findings.brief.loss_words import loss_with_range
from monazite.findings.losses.result import Chokepoint
from monazite.findings.policies.export_controls import Scope, read_scopes
from monazite.findings.policies.policies import PolicyLine, lines_of
from monazite.findings.policies.selection import (
    BORDER_KINDS,
    DESTINATION,
    ELEMENT,
    MARKET,
    PolicySelection,
)
from monazite.findings.wording import listed
from monazite.network.facts import Facts
from monazite.result import Value
from monazite.rows.columns import TableShape
from monazite.rows.dates import dates_in_words
from monazite.safe_text import NOT_KNOWN, shorten
from monazite.triples.names import named

_TECHNOLOGY = "technology-export-ban"
_LONG = 42.0
"""Letters of whom an act is aimed at, as wide as an m, before the rest is left out."""
COLUMNS = ("Act", "Issued by", "On the day", "Applies to", "To", "Loss if licensed")


@dataclass(frozen=True)
class ListedAct(Value):
    """An act that a brief lists.

    Attributes:
        line: the act on the day, as ``policies`` lists it.
        scope: what it binds of the chain; None for what no flow of goods carries.
        rows: the rows of its status, and those by which it touches the element.
    """

    line: PolicyLine
    scope: Scope | None
    rows: tuple[str, ...]

    @property
    def since(self) -> str:
        """The date, as printed, since when it stands; empty where it is not known."""
        return self.line.status.begins or self.line.status.since

    def names(self, members: frozenset[str]) -> bool:
        """Whether it binds some elements by what they are, not only what holds others too.

        Args:
            members: symbols of the elements.
        """
        return self.scope is None or bool(self.scope.elements & members)


def read_controls(
    facts: Facts,
    tables: Mapping[str, TableShape],
    selection: PolicySelection,
    bound: frozenset[str],
    by: str = "",
) -> tuple[ListedAct, ...]:
    """Read the acts that stand, are suspended or in doubt on the day of the facts."""
    scopes = {scope.policy: scope for scope in read_scopes(facts.store, facts.date)}
    of_element = selection.touching(ELEMENT)
    for_all = {
        name
        for name, scope in scopes.items()
        if scope.elements & facts.members or (not scope.goods and name in of_element)
        if scope.destinations is None or not selection.places
    }
    at_market = _at_market(selection, by)
    asked = of_element | for_all | bound | at_market
    found = lines_of(facts.store, tables, facts.date, asked, selection)
    of_market = of_element & selection.aimed | at_market
    return tuple(
        ListedAct(line, scope, scope.rows if scope else _rows(line, selection))
        for line in found
        if line.policy in of_market | for_all | bound
        if line.status.stands
        for scope in [scopes.get(line.policy)]
    )


def _at_market(selection: PolicySelection, by: str) -> set[str]:
    """Acts of a country that guard its border, aimed at the market by name, not on other goods.

    They stand beside those on the element, whichever elements their records name.
    """
    return {
        policy
        for policy, touches in selection.touched.items()
        if any(touch.what == MARKET and touch.way == DESTINATION for touch in touches)
        if (act := selection.act(policy)).kind in BORDER_KINDS and act.country == by
        if policy not in selection.of_other_goods
    }


def _rows(line: PolicyLine, selection: PolicySelection) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*line.status.rows, *selection.rows(line.policy, ELEMENT))))


def cells_of(
    act: ListedAct,
    members: frozenset[str],
    labels: Mapping[str, str],
    points: Mapping[str, Chokepoint],
    *,
    measured: bool,
) -> tuple[str, ...]:
    """Return the cells of an act in the table of a brief."""
    line, scope = act.line, act.scope
    goods = _bound_goods(scope, members) if scope else ""
    if line.kind == _TECHNOLOGY:
        goods = "technology"
    loss = "not measured"
    if scope is not None and scope.goods:
        loss = "applies to no flow of that year in the model" if measured else NOT_KNOWN
    if point := points.get(f"policy/{line.policy}"):
        loss = loss_with_range(point)
    to = _destinations(scope, labels) if scope else shorten(line.aimed_at, _LONG)
    status = dates_in_words(line.status.text)
    return line.title, line.country_label, status, goods or line.covers, to, loss


def _bound_goods(scope: Scope, members: frozenset[str]) -> str:
    """The elements that a control binds, and at which stages."""
    named_here = scope.elements & members or scope.elements
    bound: dict[str, list[str]] = {}
    for stage in scope.stages:
        bound.setdefault(listed(sorted(scope.goods[stage] & named_here)), []).append(stage)
    return "; ".join(f"{names} at {listed(stages)}" for names, stages in bound.items() if names)


def _destinations(scope: Scope, labels: Mapping[str, str]) -> str:
    if scope.destinations is None:
        return "all countries"
    places: Iterable[str] = sorted(scope.destinations)
    return listed(named(labels.get(place, place)) for place in places) or "named users only"
