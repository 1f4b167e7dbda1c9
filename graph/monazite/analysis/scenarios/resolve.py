"""What the shocks of a scenario mean in the graph: policies, countries, plants; and what is wrong.

A policy gives its dates, scope, elements and exemptions; a scenario may set other days. Whatever
names something that is not there is a fault with its line, all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from monazite.analysis.policies.acts import Act
from monazite.analysis.policies.export_controls import Scope, read_scopes
from monazite.analysis.scenarios.keys import (
    ALL,
    KEEPING,
    KINDS,
    NAMES,
    PARTS,
    STEPS_BACK,
    THING,
    TO_THE_END,
    FileKey,
    until_of,
)
from monazite.analysis.scenarios.names import (
    RecordedNames,
    ended_on,
    is_named,
    name_of,
    products_named,
)
from monazite.analysis.scenarios.scenario_file import Scenario, Shock
from monazite.core.errors import FaultyTablesError, did_you_mean
from monazite.core.results import Value
from monazite.data.parameters import MAGNET, MINE, USE
from monazite.model.contingencies.failure_points import Candidate
from monazite.model.network.shares import WORLD
from monazite.model.wording import listed
from monazite.store.store import Store

BORDERS = ("embargo", "licence", "quota")
OUTPUTS = ("close", "reopen", "price-flood")
USERS = ("demand", "stockpile")


@dataclass(frozen=True)
class KnownShock(Value):
    """A shock with what the graph says of it."""

    shock: Shock
    begins: date
    ends: date | None
    label: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resolved:
    """What a shock is about; lines are what may fail, with the part of each that it closes."""

    known: KnownShock
    scope: Scope | None = None
    lines: tuple[tuple[Candidate, float], ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What a scenario may name.

    Attributes:
        outputs: what pools make: stage, pool, and element or product.
        lines: reads what may fail, by id; asked once, if a shock names a line.
        flows: that a shock of borders touches: stage, seller, buyer and what is sold.
        users: tells whether a shock of users touches any of them.
    """

    store: Store
    file: str
    members: frozenset[str]
    title: str
    markets: tuple[str, ...]
    sellers: tuple[str, ...]
    outputs: tuple[tuple[str, str, str], ...]
    lines: Callable[[], Mapping[str, Candidate]]
    flows: Callable[[Resolved], Collection[tuple[str, str, str, str]]]
    users: Callable[[Resolved], bool]
    products: tuple[str, ...]


def mean(scenario: Scenario, around: Surroundings) -> tuple[Resolved, ...]:
    """Return what the shocks of a scenario mean."""
    reader = _Meanings(scenario, around)
    found = reader.all()
    if reader.faults:
        raise FaultyTablesError(reader.faults)
    return found


class _Meanings(RecordedNames):
    def __init__(self, scenario: Scenario, around: Surroundings) -> None:
        super().__init__(scenario, around.store, around.file)
        self.around = around

    @cached_property
    def lines(self) -> Mapping[str, Candidate]:
        return self.around.lines()

    def all(self) -> tuple[Resolved, ...]:
        lines = self.scenario.lines
        self.known(self.scenario.markets, (WORLD, *self.around.markets), lines, "markets")
        self.check_sources()
        for key, stages in (("leads", STEPS_BACK), ("cover", KEEPING)):
            self.known(self.scenario.assumed.get(key, {}), stages, lines, key)
        found = [x for x in map(self._meant, self.scenario.shocks) if x is not None]
        self._overlaps(found)
        self._reopened(found)
        return tuple(found)

    def _meant(self, shock: Shock) -> Resolved | None:
        before = len(self.faults)
        act = self.act(shock)
        self._places(shock)
        lines = tuple(self._lines(shock)) if shock.kind in OUTPUTS else ()
        begins, ends = self.days(shock, act) if shock.whole else (None, None)
        if begins is None:
            return None
        scope = self._scope(shock, act, begins) if act is not None else None
        if len(self.faults) > before:
            return None
        rows = scope.rows if scope else ()
        found = Resolved(
            KnownShock(shock, begins, ends, self._label(shock, act), rows), scope, lines
        )
        self._touches(found)
        return found

    def _touches(self, each: Resolved) -> None:
        """A shock that meets nothing of the chain would change nothing, and say nothing of it."""
        shock = each.known.shock
        if shock.kind in BORDERS and not self.around.flows(each):
            what, users = "no flow is touched", ", ".join(self.around.markets)
            fix = f"name other buyers, stages or elements; users of magnets are {users}"
        elif shock.kind in USERS and not self.around.users(each):
            what, fix = "no user is touched", "leave the product out, or take another market"
        elif shock.kind == "price-flood" and not each.lines:
            what, fix = "no cost is above the price, and no plant closes", "lower the price"
        else:
            return
        self.fault(shock.line, what, fix)

    def _scope(self, shock: Shock, act: Act, begins: date) -> Scope | None:
        """The scope of a policy on the first day of the shock, else as the view has it."""
        for day in (begins, self.months.last):
            for scope in read_scopes(self.around.store, f"{day}"):
                if scope.policy == act.id:
                    self._covering(shock, scope)
                    return scope
        what, fix = f'we found no goods that "{act.id}" covers', ""
        over = ended_on(act)
        if over is not None and over < begins:
            what, fix = f'"{act.id}" ended by {over}', "begin before, or "
        fix += "leave the policy out, and name a seller and stages"
        self.fault(shock.at("policy"), what, fix)
        return None

    def _covering(self, shock: Shock, scope: Scope) -> None:
        """What is wrong with the goods and elements of a policy."""
        key, covered = "policy", f"it covers {', '.join(sorted(scope.elements))}"
        others = {*shock.names("elements")} - scope.elements
        if not scope.goods:
            what = f'we found no goods of the chain that "{scope.policy}" covers'
            covered = "name a seller and stages"
        elif not scope.elements & self.around.members:
            what = f'"{scope.policy}" does not cover {self.around.title}'
        elif others:
            key, what = "elements", f'"{scope.policy}" does not cover {", ".join(sorted(others))}'
        else:
            return
        self.fault(shock.at(key), what, covered)

    def _label(self, shock: Shock, act: Act | None) -> str:
        if label := shock.text("label"):
            return label
        if act is not None:
            return act.title
        subject = shock.text("what") or shock.text("seller") or shock.text("market")
        return f"{shock.kind} {subject or shock.text('country')}".strip()

    def _places(self, shock: Shock) -> None:
        """Countries, stages and elements that a shock names."""
        around, at = self.around, shock.lines
        self.known(filter(None, [shock.text("seller")]), around.sellers, at, "seller")
        self.known(shock.names("buyers"), self._buyers(), at, "buyers")
        stages = tuple(dict.fromkeys(stage for stage, _, _ in around.outputs))
        self.known(shock.names("stages"), stages, at, "stages")
        self.known(shock.names("elements"), sorted(around.members), at, "elements")
        markets = (WORLD, *around.markets)
        self.known(filter(None, [shock.text("market")]), markets, at, "market")
        buyers = shock.names("buyers") or self._buyers()
        self.known(shock.given.get("destinations", {}), buyers, at, "destinations")
        product = shock.text("product")
        if product and not products_named(product, around.products):
            self.known([product], sorted(map(name_of, around.products)), at, "product")
        if shock.kind == "new-capacity":
            self._new_plant(shock, around.outputs)

    def _buyers(self) -> tuple[str, ...]:
        return tuple(sorted({*self.around.markets, *(x for _, x, _ in self.around.outputs)}))

    def _new_plant(self, shock: Shock, outputs: Iterable[tuple[str, str, str]]) -> None:
        """Capacity comes to plants that run: of no other are inputs and buyers known."""
        stage, country, makes = (shock.text(key) for key in ("stage", "country", "makes"))
        if not (stage and country and makes):  # the file is at fault, and has been told
            return
        made = [each for each in outputs if each[0] != MINE]
        of_stage = [(who, what) for at, who, what in made if at == stage]
        runs = sorted({who for who, what in of_stage if is_made(stage, makes, what)})
        at = shock.lines
        if not of_stage:
            self.known([stage], tuple(dict.fromkeys(x for x, _, _ in made)), at, "stage")
        elif not runs:
            self.known([makes], tuple(dict.fromkeys(name_of(x) for _, x in of_stage)), at, "makes")
        elif country not in runs:
            what = f"{country} makes no {makes} at {stage}: inputs and buyers of a new plant there "
            fix = f"add it to plants of {' or '.join(runs)}, or lower what users want by demand"
            self.fault(shock.at("country"), f"{what}are not known", fix)

    def _lines(self, shock: Shock) -> Iterable[tuple[Candidate, float]]:
        if shock.kind == "price-flood":
            price, key = shock.number("price", 0.0), "costs"
            parts = {name: float(x > price) for name, x in shock.given.get("costs", {}).items()}
        else:
            key, what = "what", shock.text("what")
            parts = {what: shock.number("part", 1.0)} if what else {}
        for name, part in parts.items():
            if name not in self.lines:
                fix = did_you_mean(name, self.lines) or "look with monazite chokepoints"
                self.fault(shock.at(key), f'nothing that may fail is called "{name}"', fix)
            elif part or key == "what":
                yield self.lines[name], part

    def _overlaps(self, found: Sequence[Resolved]) -> None:
        """The same thing done twice on one day is a mistake; different things may come together."""
        for place, each in enumerate(found):
            for other in found[:place]:
                mine, its = (_until_reopened(x, found) for x in (each, other))
                if not same_days(mine, its):
                    continue
                what = f"it is done in {its.shock.id} too, on the same days"
                if same_thing(mine.shock, its.shock):
                    self.fault(mine.shock.line, what, "leave one out, or move its days")
                elif both := self._goods_of_both(each, other):
                    fix = "name all elements in one shock, or stages that have none in common"
                    if mine.shock.kind in USERS:
                        fix = "name each product in one shock alone"
                    self.fault(mine.shock.line, f"{what}, to {listed(both)}", fix)

    def _goods_of_both(self, one: Resolved, other: Resolved) -> list[str]:
        """What two shocks would hit twice: goods that hold elements of both, or that both name."""
        known = [replace(x.known.shock, given=_anything(x.known.shock)) for x in (one, other)]
        if known[0].kind not in (*BORDERS, *USERS) or not same_thing(*known):
            return []
        if known[0].kind in USERS:
            names = (x.known.shock.text("product") for x in (one, other))
            first, second = (products_named(x, self.around.products) for x in names)
            return sorted(name_of(x) for x in {*first} & {*second})
        mine, its = ({*self.around.flows(x)} for x in (one, other))
        return sorted({what for _, _, _, what in mine & its})

    def _reopened(self, found: Sequence[Resolved]) -> None:
        closing = [x for x in found if x.known.shock.kind in ("close", "price-flood")]
        for each in found:
            shock = each.known.shock
            if shock.kind == "reopen" and not any(
                other.known.begins <= each.known.begins and x.id == y.id
                for other in closing
                for x, _ in other.lines
                for y, _ in each.lines
            ):
                what = f'no shock has closed "{shock.text("what")}" by then: nothing is reopened'
                self.fault(shock.line, what, "close it first, or leave this out")


def is_made(stage: str, makes: str, what: str) -> bool:
    """Return whether plants of a new capacity make something: an element, or a kind of product."""
    return makes == what or (stage in (MAGNET, USE) and is_named(makes, what))


def same_thing(one: Shock, other: Shock) -> bool:
    """Return whether two shocks of one kind have something in common that they are done to."""
    return one.kind == other.kind and all(
        _meet(key, one.given.get(key.name), other.given.get(key.name))
        for key in KINDS[one.kind]
        if not THING.isdisjoint(key.about)
    )


def _anything(shock: Shock) -> dict[str, Any]:
    """What a shock is done to, of whatever element or product."""
    return {name: x for name, x in shock.given.items() if name not in ("elements", "product")}


def same_days(one: KnownShock, other: KnownShock) -> bool:
    """Return whether two shocks are done on a day that is the same."""
    return one.begins <= _last_day(other) and other.begins <= _last_day(one)


def _until_reopened(each: Resolved, found: Sequence[Resolved]) -> KnownShock:
    """A closure, which a reopening of the whole ends: what closes later is closed again."""
    known = each.known
    days = [
        other.known.begins - timedelta(days=1)
        for other in found
        if other.known.shock.kind == "reopen"
        and other.known.shock.number("part", 1.0) >= 1
        and known.begins < other.known.begins <= (known.ends or date.max)
        and known.shock.kind in ("close", "price-flood")
        and {x.id for x, _ in each.lines} <= {x.id for x, _ in other.lines}
    ]
    return replace(known, ends=min(days)) if days else known


def _last_day(known: KnownShock) -> date:
    lasts = until_of(known.shock.kind) == TO_THE_END
    return known.ends or (date.max if lasts else known.begins)


def _meet(
    key: FileKey, mine: str | Collection[str] | None, its: str | Collection[str] | None
) -> bool:
    """Whether what two shocks say by a key has something in common; left out may mean all."""
    if mine is None or its is None:
        return key.default == ALL or mine is its
    return not {*mine}.isdisjoint(its) if key.kind in (NAMES, PARTS) else mine == its
