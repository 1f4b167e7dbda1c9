"""What a scenario names and its shocks mean: sources, policies, countries, plants, products.

A policy gives its dates, scope, elements and exemptions; a scenario may set other days. Whatever
names something that is not there is a fault with its line, all of them at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from monazite.analysis.chokepoints.headline import product_names
from monazite.analysis.chokepoints.loss_model import Sale, event_of_policy
from monazite.analysis.policies.acts import Act, Step, read_acts
from monazite.analysis.policies.export_controls import Scope, read_scopes
from monazite.analysis.scenarios import keys
from monazite.analysis.scenarios.scenario_file import Scenario, Shock
from monazite.core.errors import Fault, FaultyTablesError, UnknownNameError, did_you_mean
from monazite.core.results import Struct
from monazite.data.parameters import MAGNET, MINE, USE, check_text
from monazite.model.assumptions import KEEPING, STEPS_BACK
from monazite.model.chain.chain import Chain
from monazite.model.contingencies.failure_points import Candidate
from monazite.model.months.firms import Months
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD
from monazite.model.wording import STAGE_NOUNS, listed
from monazite.store.names import named
from monazite.store.queries import ask
from monazite.store.store import Store

NEGLIGIBLE = 0.005  # a smaller part is not shown as a loss


def name_of(product: str) -> str:
    """Return a product as a cell of a table has it: heavy magnets."""
    return product_names(product)[1]


def name_meant(kind: str, name: str, known: Mapping[str, str]) -> str:
    """Return the market or product that is meant by a name."""
    codes = {printed: code for code, printed in known.items()} | {code: code for code in known}
    if isinstance(name, str) and (name in codes or name_of(name) in codes):
        return codes[name if name in codes else name_of(name)]
    check_text(name, kind)
    near = did_you_mean(name, codes) or f"it tells of {listed(sorted({*known.values()}))}."
    raise UnknownNameError(f'The scenario tells of no {kind} "{name}"; {near}')


def line_name(line: Candidate) -> str:
    """Return what may fail as the name of a shock; a country's label says its stage already."""
    if line.kind == "country" or not line.stage:
        return line.label
    done = listed(STAGE_NOUNS.get(stage, stage) for stage in line.stage.split(" + "))
    return f"{line.label}: {done}"


ENDED = "ended"  # the event by which an act is over
_NOT_IN_IT = re.compile(r"\b(outside|without)\b")
"""What follows in a name is what the product does not hold, or is not used in."""


def recorded_faults(scenario: Scenario, store: Store) -> list[Fault]:
    """Return what is wrong with a scenario of which no chain can be worked out."""
    names = _RecordedNames(scenario, store)
    names.check_sources()
    for shock in scenario.shocks:
        act = names.act(shock)
        if shock.whole:
            names.days(shock, act)
    return names.faults


class _RecordedNames:
    """Looks up what a scenario names, of whatever chain, and gathers its faults."""

    def __init__(self, scenario: Scenario, store: Store) -> None:
        self.scenario, self.store = scenario, store
        self.months = Months(scenario.start, scenario.months)
        self.faults: list[Fault] = []

    @cached_property
    def acts(self) -> Mapping[str, Act]:
        return read_acts(self.store).acts

    def fault(self, line: int, what: str, fix: str) -> None:
        self.faults.append(Fault(self.scenario.file, line, what, fix))

    @cached_property
    def areas(self) -> dict[str, str]:
        """Areas by the codes of the countries that they are of."""
        return {x["country"]: x["area"] for x in ask(self.store, "network-area-members")}

    def check_sources(self) -> None:
        if not self.scenario.sources:
            return
        known = {x["source"] for x in ask(self.store, "source-list")}
        line = self.scenario.lines.get("sources", 0)
        for source in self.scenario.sources:
            if source not in known:
                fix = did_you_mean(source, known) or "take an id of the table sources"
                self.fault(line, f'there is no source "{source}"', fix)

    def known(
        self, names: Iterable[str], known: Sequence[str], lines: Mapping[str, int], key: str
    ) -> None:
        for name in names:
            if name not in known:
                area = self.areas.get(name)
                fix = f"it is counted in {area}; write that" if area in known else ""
                fix = fix or did_you_mean(name, known) or f"there are {', '.join(known)}"
                self.fault(lines.get(key, 0), f'{key}: "{name}" is none here', fix)

    def act(self, shock: Shock) -> Act | None:
        """The policy of a shock; None where it names none that is there."""
        policy = shock.text("policy")
        if policy and policy not in self.acts:
            fix = did_you_mean(policy, self.acts) or "look with monazite policies"
            self.fault(shock.at("policy"), f'there is no policy "{policy}"', fix)
        act = self.acts.get(policy)
        if act is not None and shock.text("seller") not in ("", act.country):
            what = f'"{policy}" is a rule of {named(act.country_label)} ({act.country})'
            self.fault(shock.at("seller"), what, "leave the seller or the policy out")
        return act

    def days(self, shock: Shock, act: Act | None) -> tuple[date | None, date | None]:
        """The first and the last day of a shock; of its policy, where the file has none."""
        begins, ends = shock.begins, shock.ends
        if begins is None and act is not None:
            # Of a year its first day, and its last: what ended in 2012 was in force for some of it.
            begins = _day_of(x.earliest for x in _steps(act, "effective"))
            if begins is None:
                what = f'we found no day on which "{act.id}" begins'
                self.fault(shock.at("policy"), what, "write from")
                return None, None
            stops = [_day_of(x.latest for x in _steps(act, y)) for y in (ENDED, "suspended")]
            ends = ends or min((x for x in stops if x and x >= begins), default=None)
        if begins is None:
            return None, None
        if ends is None and keys.until_of(shock.kind) == keys.FIRST_DAY:
            ends = begins
        if begins < self.months.first or begins > self.months.last:
            what = f"it begins on {begins}, outside {self.months.first} to {self.months.last}"
            self.fault(shock.at("from"), what, "move start or months")
        if ends is not None and ends < begins:
            what = f"it ends on {ends}, before it begins on {begins}"
            self.fault(shock.at("until"), what, "write until")
        return begins, ends


def is_named(text: str, product: str) -> bool:
    """Return whether a text names a product: whole words of its name, printed or inner.

    Goods that are used outside magnets are named only by a text that says "outside".
    """
    return any(_has(name.casefold(), text.casefold()) for name in (product, name_of(product)))


def products_named(text: str, products: Iterable[str]) -> tuple[str, ...]:
    """Return the products that a text names; all where there is no text."""
    return tuple(each for each in products if not text or is_named(text, each))


def _has(name: str, text: str) -> bool:
    """Whether a name has the words of a text, and says them of the product itself."""
    away = _NOT_IN_IT.search(name)
    if away and not re.search(rf"\b{away[1]}\b", text):
        if away[1] == "outside":
            return False
        name = name[: away.start()]
    return re.search(rf"(?<!\w){re.escape(text.strip())}s?(?!\w)", name) is not None


def _steps(act: Act, event: str) -> list[Step]:
    steps = [x for x in act.steps if x.event == event]
    return [x for x in steps if not x.part] or steps


def _day_of(days: Iterable[str]) -> date | None:
    return next((date.fromisoformat(day) for day in days if day), None)


User = tuple[str, str]
BORDERS = ("embargo", "licence", "quota")
OUTPUTS = ("close", "reopen", "price-flood")
USERS = ("demand", "stockpile")


class Resolved(Struct):
    """What a shock is about; lines are what may fail, with the part of each that it closes."""

    shock: Shock
    begins: date
    ends: date | None
    label: str
    scope: Scope | None = None
    lines: tuple[tuple[Candidate, float], ...] = ()


class ChainFlows(Struct):
    """What a shock may touch of a chain; a sale is stage, seller, buyer and what is sold."""

    chain: Chain
    sales: Iterable[Sale]
    users: Iterable[User]
    members: Mapping[str, tuple[str, ...]]

    def touched(self, each: Resolved) -> dict[Sale, float]:
        """Return the flows of a shock of borders, and the part of each: 1, or less if sold on."""
        shock = each.shock
        if each.scope is not None:
            event = event_of_policy(each.scope, self.chain, self.sales, self.members, 0.0)
            bound = {key: 1 - left for key, left in event.sales.items() if left < 1}
        else:
            bound = {key: 1.0 for key in self.sales if key[1] == shock.text("seller")}
        return {key: part for key, part in bound.items() if self._meets(shock, key)}

    def like(self, each: Resolved, touched: Iterable[Sale]) -> list[Sale]:
        """Return the other goods of the same sellers and stages, to buyers a rule is aimed at."""
        known = {*touched}
        stages, sellers = {key[0] for key in known}, {key[1] for key in known}
        others = (x for x in self.sales if x[0] in stages and x[1] in sellers and x not in known)
        shock = each.shock
        return [
            x for x in others if _aimed_at(each, x[2]) and self._meets(shock, x, elements=False)
        ]

    def users_of(self, shock: Shock) -> list[User]:
        """Return the products and users that a shock of users is about."""
        market, product = shock.text("market"), shock.text("product")
        return [
            key
            for key in self.users
            if market in (WORLD, key[1]) and (not product or is_named(product, key[0]))
        ]

    def _meets(self, shock: Shock, key: Sale, *, elements: bool = True) -> bool:
        stage, _, buyer, what = key
        stages, buyers = shock.names("stages"), shock.names("buyers")
        if (stages and stage not in stages) or (buyers and buyer not in buyers):
            return False
        wanted = shock.names("elements")
        return not (elements and wanted) or any(
            symbol in wanted for name in self._held(what) for symbol in self.members[name]
        )

    def _held(self, what: str) -> Iterable[str]:
        """Element chains that are in what is sold; the main element of magnets says nothing."""
        if what in self.chain.products:
            return [x for x in self.chain.element_chains if (what, x) in self.chain.recipe]
        return [what] if what in self.chain.element_chains else [*self.chain.element_chains]


def _aimed_at(each: Resolved, buyer: str) -> bool:
    """Whether a rule looks through what goes to a buyer: the state that issued it is none."""
    scope = each.scope
    if scope is None:
        return True
    return buyer != scope.country and (scope.destinations is None or buyer in scope.destinations)


class Meanings(_RecordedNames):
    """What the shocks of a scenario mean; lines are what may fail, read if one is named."""

    def __init__(
        self,
        scenario: Scenario,
        facts: Facts,
        flows: ChainFlows,
        markets: Sequence[str],
        lines: Callable[[], Mapping[str, Candidate]],
    ) -> None:
        super().__init__(scenario, facts.store)
        self.facts, self.flows, self.markets, self.read_lines = facts, flows, markets, lines
        chain = flows.chain
        made = {(chain.products[name].stage, pool, name) for name, pool in chain.made}
        sellers = {pool for _, pool, user in chain.sold if pool != user}
        for element, each in chain.element_chains.items():
            made |= {(stage, pool, element) for stage, pool in each.made}
            sellers |= {seller for _, seller, _ in each.flows}
        self.made, self.sellers = sorted(made), sorted(sellers)
        """What pools make: stage, pool, and element or product; who sells abroad."""
        self.buyers = sorted({*markets, *(pool for _, pool, _ in made)})
        self.products = sorted({product for product, _ in chain.demand})

    def all(self) -> tuple[Resolved, ...]:
        """Return what each shock means."""
        lines = self.scenario.lines
        self.known(self.scenario.markets, (WORLD, *self.markets), lines, "markets")
        self.check_sources()
        for key, stages in (("leads", STEPS_BACK), ("cover", KEEPING)):
            self.known(self.scenario.assumed.get(key, {}), stages, lines, key)
        found = [x for x in map(self._meant, self.scenario.shocks) if x is not None]
        self._overlaps(found)
        self._reopened(found)
        if self.faults:
            raise FaultyTablesError(self.faults)
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
        found = Resolved(shock, begins, ends, self._label(shock, act, lines), scope, lines)
        self._touches(found)
        return found

    def _touches(self, each: Resolved) -> None:
        """A shock that meets nothing of the chain would change nothing, and say nothing of it."""
        shock = each.shock
        if shock.kind in BORDERS and not self.flows.touched(each):
            what, users = "no flow is touched", ", ".join(self.markets)
            fix = f"name other buyers, stages or elements; users of magnets are {users}"
        elif shock.kind in USERS and not self.flows.users_of(shock):
            what, fix = "no user is touched", "leave the product out, or take another market"
        elif shock.kind == "price-flood" and not each.lines:
            what, fix = "no cost is above the price, and no plant closes", "lower the price"
        else:
            return
        self.fault(shock.line, what, fix)

    def _scope(self, shock: Shock, act: Act, begins: date) -> Scope | None:
        """The scope of a policy on the first day of the shock, else as the view has it."""
        for day in (begins, self.months.last):
            for scope in read_scopes(self.store, f"{day}"):
                if scope.policy == act.id:
                    self._covering(shock, scope)
                    return scope
        what, fix = f'we found no goods that "{act.id}" covers', ""
        over = _day_of(x.latest for x in act.steps if x.event == ENDED and not x.part)
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
        elif not scope.elements & self.facts.members:
            what = f'"{scope.policy}" does not cover {self.facts.symbol}'
        elif others:
            key, what = "elements", f'"{scope.policy}" does not cover {", ".join(sorted(others))}'
        else:
            return
        self.fault(shock.at(key), what, covered)

    def _label(
        self, shock: Shock, act: Act | None, lines: Iterable[tuple[Candidate, float]]
    ) -> str:
        """What a shock is: as its file or policy names it, else by the plant or country it names.

        Of a flood of prices the plants are those that close.
        """
        code = shock.text("seller") or shock.text("market") or shock.text("country")
        country = named(self.facts.country_labels.get(code, "").partition(" (")[0])
        names = (
            shock.text("label"),
            act.title if act is not None else "",
            "; ".join(line_name(line) for line, _ in lines),
            country,
            f"{shock.kind} {code}".strip(),
        )
        return next(filter(None, names))

    def _places(self, shock: Shock) -> None:
        """Countries, stages and elements that a shock names."""
        named: Mapping[str, Sequence[str]] = {
            "seller": self.sellers,
            "buyers": self.buyers,
            "stages": tuple(dict.fromkeys(stage for stage, _, _ in self.made)),
            "elements": sorted(self.facts.members),
            "market": (WORLD, *self.markets),
            "destinations": shock.names("buyers") or self.buyers,
        }
        for key, known in named.items():
            given = shock.given.get(key, ())
            self.known([given] if isinstance(given, str) else given, known, shock.lines, key)
        product = shock.text("product")
        if product and not products_named(product, self.products):
            self.known([product], sorted(map(name_of, self.products)), shock.lines, "product")
        if shock.kind == "new-capacity":
            self._new_plant(shock)

    def _new_plant(self, shock: Shock) -> None:
        """Capacity comes to plants that run: of no other are inputs and buyers known."""
        stage, country, makes = (shock.text(key) for key in ("stage", "country", "makes"))
        if not (stage and country and makes):  # the file is at fault, and has been told
            return
        made = [each for each in self.made if each[0] != MINE]
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
        known = self.read_lines() if parts else {}
        for name, part in parts.items():
            if name not in known:
                fix = did_you_mean(name, known) or "look with monazite chokepoints"
                self.fault(shock.at(key), f'nothing that may fail is called "{name}"', fix)
            elif part or key == "what":
                yield known[name], part

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
        shocks = (one.shock, other.shock)
        goods = ("elements", "product")
        known = [
            replace(shock, given={x: y for x, y in shock.given.items() if x not in goods})
            for shock in shocks
        ]
        if known[0].kind not in (*BORDERS, *USERS) or not same_thing(*known):
            return []
        if known[0].kind in USERS:
            names = (shock.text("product") for shock in shocks)
            first, second = (products_named(x, self.products) for x in names)
            return sorted(name_of(x) for x in {*first} & {*second})
        mine, its = ({*self.flows.touched(x)} for x in (one, other))
        return sorted({what for _, _, _, what in mine & its})

    def _reopened(self, found: Sequence[Resolved]) -> None:
        closing = [x for x in found if x.shock.kind in ("close", "price-flood")]
        for each in found:
            shock = each.shock
            if shock.kind == "reopen" and not any(
                other.begins <= each.begins and x.id == y.id
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
        for key in keys.shock_kinds()[one.kind]
        if not keys.THING.isdisjoint(key.about)
    )


def same_days(one: Resolved, other: Resolved) -> bool:
    """Return whether two shocks are done on a day that is the same."""
    return one.begins <= _last_day(other) and other.begins <= _last_day(one)


def _until_reopened(each: Resolved, found: Sequence[Resolved]) -> Resolved:
    """A closure, which a reopening of the whole ends: what closes later is closed again."""
    days = [
        other.begins - timedelta(days=1)
        for other in found
        if other.shock.kind == "reopen"
        and other.shock.number("part", 1.0) >= 1
        and each.begins < other.begins <= (each.ends or date.max)
        and each.shock.kind in ("close", "price-flood")
        and {x.id for x, _ in each.lines} <= {x.id for x, _ in other.lines}
    ]
    return replace(each, ends=min(days)) if days else each


def _last_day(each: Resolved) -> date:
    lasts = keys.until_of(each.shock.kind) == keys.TO_THE_END
    return each.ends or (date.max if lasts else each.begins)


def _meet(
    key: keys.FileKey, mine: str | Collection[str] | None, its: str | Collection[str] | None
) -> bool:
    """Whether what two shocks say by a key has something in common; left out may mean all."""
    if mine is None or its is None:
        return key.default == keys.ALL or mine is its
    return not {*mine}.isdisjoint(its) if key.kind in (keys.NAMES, keys.PARTS) else mine == its
