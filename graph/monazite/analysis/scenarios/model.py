"""The chain of a base year, read once, run through scenarios as it is and in random trials."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache, cached_property, partial
from math import fsum

import numpy as np

from monazite.analysis.chokepoints.loss_model import LossModel, Sale
from monazite.analysis.robustness.sampling import RESIDUAL_LIMIT, Drawn, draw, drawn_inputs
from monazite.analysis.scenarios.keys import BUILD, HOME_FIRST
from monazite.analysis.scenarios.resolve import ChainFlows, Meanings, Resolved, is_made
from monazite.analysis.scenarios.scenario_file import Scenario
from monazite.core.results import Struct
from monazite.data.parameters import CONTRACTS, HORIZON, Contingency
from monazite.model.assumptions import MethodAssumptions, read_method_assumptions
from monazite.model.chain.base_year import Accounts, read_base_year, year_of
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ANY
from monazite.model.chemistry import Amount
from monazite.model.contingencies import failure_points
from monazite.model.flow.programme import Programme
from monazite.model.flow.study import Study, most_unexplained
from monazite.model.licences import EXPIRES, GammaDelay, Licence, flows_by_day
from monazite.model.months.engine import (
    STEPS,
    Key,
    MonthEngine,
    MonthProgramme,
    MonthsRun,
    TimeAndStocks,
)
from monazite.model.months.firms import Daily, DailyNumbers, Months, months_between
from monazite.model.months.settings import horizons_of, settings_of
from monazite.model.network.attributes import Network
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD


class ExactEvent(failure_points.Event):
    """An event that names each flow that it touches: no pattern has to be tried."""

    def left_of_sale(self, stage: str, seller: str, buyer: str, what: str = ANY) -> float:
        """Return the part of a flow that is left."""
        return self.sales.get((stage, seller, buyer, what), 1.0)


class Effects:
    """What shocks leave of one chain; it is asked by the engine, period by period."""

    def __init__(
        self,
        meant: Sequence[Resolved],
        months: Months,
        programme: MonthProgramme,
        study: Study,
        members: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.months, self.programme = months, programme
        self._study = study
        self._flows = ChainFlows(study.chain, programme.sales, programme.demand, members)
        self.passes: dict[str, list[float]] = {}
        """By id of the shock: what it lets pass, leaves, adds or releases in each month."""
        whole = partial(self._every_day, 1.0)
        self._sales_by_day: dict[Sale, Daily] = defaultdict(whole)
        self._caps_by_day: dict[Sale, Daily] = defaultdict(whole)
        self._output_by_day: dict[tuple[str, ...], Daily] = defaultdict(whole)
        none = partial(self._every_day, 0.0)
        self._added_by_day: dict[tuple[str, str, str], Daily] = defaultdict(none)
        self._demand_by_day: dict[Key, Daily] = defaultdict(whole)
        self._reserves_by_day: dict[Key, Daily] = defaultdict(none)
        """In tonnes a month."""
        reopened = [x for x in meant if x.shock.kind == "reopen"]
        ways: Mapping[str, Callable[[Resolved], list[float]]] = {
            **dict.fromkeys(("embargo", "licence", "quota"), self._border),
            **dict.fromkeys(("close", "price-flood"), lambda each: self._close(each, reopened)),
            "new-capacity": self._new_capacity,
            "demand": self._users,
            "stockpile": self._stockpile,
            "reopen": lambda each: months.means(self._ramp(each)),
        }
        for each in meant:
            self.passes[each.shock.id] = ways[each.shock.kind](each)
        for key, cap in self._caps_by_day.items():
            self._sales_by_day[key] = np.minimum(self._sales_by_day[key], cap)
        self._sales = DailyNumbers(months, self._sales_by_day, 1.0)
        self._output = DailyNumbers(months, self._output_by_day, 1.0)
        self._added = DailyNumbers(months, self._added_by_day, 0.0)
        self._demand = DailyNumbers(months, self._demand_by_day, 1.0)
        self._reserves = DailyNumbers(months, self._reserves_by_day, 0.0)

    def _every_day(self, value: float) -> Daily:
        return np.full(sum(self.months.days), value)

    def breaks(self, leads: Mapping[str, float]) -> Iterable[float]:
        """Return the times at which a shock is felt at once, each stage so many months later."""
        return {
            *self._sales.breaks(leads),
            *self._output.breaks(leads),
            *self._added.breaks(leads),
            *self._demand.breaks({}),
            *self._reserves.breaks({}),
        }

    def event(self, begins: float, ends: float, leads: Mapping[str, float]) -> failure_points.Event:
        """Return what is left when products are made, each stage so many months before."""
        span = begins, ends, leads
        output, sales = self._output.means(*span), self._sales.means(*span)
        found = ExactEvent(output=output, sales=sales, added=self._added.means(*span))
        return found if found.output or found.sales or found.added else failure_points.NO_EVENT

    def demand(self, begins: float, ends: float) -> Mapping[Key, float]:
        """Return the factor on what users want, where it is not 1."""
        return self._demand.means(begins, ends, {})

    def reserves(self, begins: float, ends: float) -> Mapping[Key, float]:
        """Return the tonnes that reserves give to users, or take where they are negative."""
        found = self._reserves.means(begins, ends, {})
        return {key: pace * (ends - begins) for key, pace in found.items()}

    def _border(self, each: Resolved) -> list[float]:
        shock, found = each.shock, self._flows.touched(each)
        is_quota = shock.kind == "quota"
        if shock.kind == "licence":
            parts = self._licensed(each, found)
        else:
            passes = shock.number("part", 0.0)
            if is_quota:
                passes = min(1.0, shock.number("tonnes", 0.0) / shock.number("of_tonnes", 1.0))
            during = self.months.within(each.begins, each.ends)
            parts = {key: 1 - part * (1 - passes) * during for key, part in found.items()}
        for key, own in parts.items():
            if is_quota:
                self._caps_by_day[key] = np.minimum(self._caps_by_day[key], own)
            else:
                self._sales_by_day[key] *= own
        return self._mean(parts)

    def _licensed(self, each: Resolved, found: Mapping[Sale, float]) -> dict[Sale, Daily]:
        """What a licence lets pass of each flow, covered by the rule or held beside it."""
        shock = each.shock
        held = {key: part * shock.number("held", 1.0) for key, part in found.items()}
        beside = shock.number("held_outside", 0.0)
        for key in self._flows.like(each, found):
            held[key] = beside  # none of it where customs keep to the text: it counts as well
        first = self.months.first.toordinal()
        starts = each.begins.toordinal() - first
        ends = None if each.ends is None else each.ends.toordinal() - first + 1
        factors = shock.given.get("destinations", {})

        @cache
        def passed(part: float, destination: float) -> Daily:
            rule = Licence(
                starts=starts,
                held=part,
                delay=GammaDelay(shock.number("delay_days", 45), shock.number("delay_shape", 2.0)),
                approved=shock.number("approved", 1.0),
                grace=int(shock.number("grace_days", 0)),
                expires=int(shock.number("expires_days", EXPIRES)),
                destination=destination,
                ends=ends,
            )
            return np.array(flows_by_day(rule, self._every_day(1.0).tolist()).passed())

        return {key: passed(part, float(factors.get(key[2], 1.0))) for key, part in held.items()}

    def _mean(self, parts: Mapping[Sale, Daily]) -> list[float]:
        """What passes of all flows of the last stage that is touched, by their tonnes.

        Of a licence these are all goods that customs look through, covered or not.
        """
        last = max((self._order(key) for key in parts), default=0)
        base = {key: self.programme.base[self.programme.sales[key]] for key in parts}
        weighed = [
            (x, self.months.means(parts[key]))
            for key, x in base.items()
            if self._order(key) == last and x > 0
        ]
        whole, count = fsum(x for x, _ in weighed), self.months.count
        return [
            fsum(x * passed[at] for x, passed in weighed) / whole if weighed else 1.0
            for at in range(count)
        ]

    def _order(self, key: Sale) -> int:
        return self._study.stages.index(key[0]) if key[0] in self._study.stages else 0

    def _ramp(self, each: Resolved, back: str = "reopening_months", late: int = 0) -> Daily:
        """How far something has come back on a day: 0 before its first, 1 when it is as before."""
        months = int(each.shock.number(back, 0))
        since = self.months.since(each.begins) - late
        return np.clip(since / months, 0, 1) if months else (since > 0).astype(np.float64)

    def _closed(self, each: Resolved) -> Daily:
        """The part of something that is closed on a day, with the months of its return."""
        shock, begins, ends = each.shock, each.begins, each.ends
        wait = int(shock.number("closing_months", 0))
        closed = self.months.within(begins, ends)
        closed *= self.months.since(begins) > wait
        back = int(shock.number("reopening_months", 0))
        if ends is None or back == 0:
            return closed
        over = ends + timedelta(days=1)
        if months_between(begins, over) > wait:  # else it never closed
            since = self.months.since(over)
            closed += np.where(since > 0, np.clip(1 - since / back, 0, 1), 0)
        return closed

    def _close(self, each: Resolved, reopened: Sequence[Resolved]) -> list[float]:
        closed = self._closed(each)
        least = [1.0] * self.months.count
        for line, part in each.lines:
            given = self._every_day(0.0)  # by reopenings: what closes after one stays closed
            for other in reopened:
                of_it = any(x.id == line.id for x, _ in other.lines)
                if of_it and each.begins <= other.begins:
                    again = other.shock.number("part", 1.0)
                    given = np.minimum(1.0, given + again * self._ramp(other))
            stays = part * closed * (1 - given)
            least = [min(x, 1 - y) for x, y in zip(least, self.months.means(stays), strict=True)]
            for of, left in self._study.event_of(line).output.items():
                self._output_by_day[of] *= 1 - (1 - left) * stays
        return least

    def _new_capacity(self, each: Resolved) -> list[float]:
        shock = each.shock
        ramp = self._ramp(each, "ramp_months", int(shock.number("slip_months", 0)))
        stage, country, makes = (shock.text(x) for x in ("stage", "country", "makes"))
        base = {  # what plants make, of what the chain makes there already
            key: self.programme.base[column]
            for key, column in self.programme.outputs.items()
            if key[:2] == (stage, country) and is_made(stage, makes, key[2])
        }
        whole = fsum(base.values())
        for key, tonnes in base.items():
            part = tonnes / whole if whole > 0 else 1 / len(base)
            more = shock.number("tonnes", 0.0) * part
            self._added_by_day[key] += more * ramp
        return self.months.means(ramp)

    def _users(self, each: Resolved) -> list[float]:
        during = self.months.within(each.begins, each.ends)
        own = 1 + (each.shock.number("factor", 1.0) - 1) * during
        for key in self._flows.users_of(each.shock):
            self._demand_by_day[key] *= own
        return self.months.means(own)

    def _stockpile(self, each: Resolved) -> list[float]:
        """Spread over all its months, be some of them beyond the scenario."""
        shock = each.shock
        last = each.ends or self.months.last
        whole = months_between(each.begins, last + timedelta(days=1))
        part = self.months.within(each.begins, each.ends) / whole
        sign = -1.0 if shock.text("does") == BUILD else 1.0
        for key in self._flows.users_of(shock):
            tonnes = sign * shock.number("days", 0.0) / 365 * self.programme.demand[key]
            self._reserves_by_day[key] += tonnes * part
        return self.months.means(part)


def scenario_settings(
    scenario: Scenario,
    method: MethodAssumptions,
    drawn: Mapping[str, Amount],
    horizon: Callable[[int], failure_points.Horizon],
) -> TimeAndStocks:
    """Return what is assumed of time and stocks in a scenario; its file comes first."""
    own = scenario.assumed
    found, cover = settings_of(method, drawn, horizon, own.get("leads")), own.get("cover", {})
    assumed = {x: months for x, months in found.cover.items() if x.split(" in ")[0] not in cover}
    return replace(
        found,
        transit=own.get("transit", found.transit),
        cover={**assumed, **cover},
        classes=scenario.firms or found.classes,
    )


class ScenarioRun(Struct):
    """A scenario that was run."""

    run: MonthsRun
    engine: MonthEngine
    effects: Effects


class Trial:
    """The chain of one set of numbers; its programme is built once for all scenarios."""

    def __init__(self, model: ScenarioModel, drawn: Drawn) -> None:
        self._model, self._drawn = model, drawn
        accounts: Accounts = model.base.accounts(drawn or None)
        self.chain: Chain = accounts.chain()
        self._horizon = horizons_of(accounts.base.chemistry, self.chain)
        self._engines: dict[tuple[TimeAndStocks, int], MonthEngine] = {}

    @property
    def kept(self) -> bool:
        """Whether records explain enough of it for a trial to count."""
        return most_unexplained(self.chain, self._model.base.elements.names) <= RESIDUAL_LIMIT

    def run(
        self,
        scenario: Scenario,
        meant: tuple[Resolved, ...],
        *,
        explain: bool = False,
        steps: int = STEPS,
    ) -> ScenarioRun:
        """Run through a scenario."""
        settings = scenario_settings(scenario, self._model.method, self._drawn, self._horizon)
        if (settings, steps) not in self._engines:
            self._engines[settings, steps] = MonthEngine(self.chain, settings, steps=steps)
        engine, elements = self._engines[settings, steps], self._model.base.elements
        study = Study(
            *(self.chain, failure_points.BASE_YEAR, elements.names, Contingency(), WORLD),
            demand=engine.demand,
        )
        months = Months(scenario.start, scenario.months)
        effects = Effects(meant, months, engine.programme, study, elements.members)
        run = engine.run(
            effects, scenario.months, home_first=scenario.allocation == HOME_FIRST, explain=explain
        )
        return ScenarioRun(run, engine, effects)


class ScenarioModel:
    """The base year of a view, asked about an element."""

    def __init__(self, network: Network, facts: Facts, year: int | None = None) -> None:
        self._network, self.facts = network, facts
        self.year = year_of(facts, year, "write the key year in a file of your own")
        self.base = read_base_year(facts, self.year, WORLD, "the world")
        self.method = read_method_assumptions(facts.store)

    @cached_property
    def point(self) -> Trial:
        """The chain at the value of every number."""
        return Trial(self, {})

    @cached_property
    def inputs(self) -> Mapping[str, Amount]:
        """What is drawn in a trial."""
        return drawn_inputs(self.base, HORIZON, self.method)

    def drawn(self, count: int, seed: int) -> Sequence[Drawn]:
        """Return the numbers of the trials."""
        return draw(self.inputs, count, seed)

    @cached_property
    def products(self) -> tuple[str, ...]:
        """The products that hold what was asked about, those that losses are of first."""
        chain, names = self.point.chain, self.base.elements.names
        held = [x for x in chain.products if any((x, name) in chain.recipe for name in names)]
        return tuple(sorted(held, key=lambda x: (x not in chain.main, x)))

    @cached_property
    def markets(self) -> tuple[str, ...]:
        """Codes of users, by what they use, most first."""
        use: dict[str, float] = {}
        for (product, user), tonnes in sorted(self.point.chain.demand.items()):
            if product in self.point.chain.main:
                use[user] = use.get(user, 0.0) + tonnes
        return tuple(sorted(use, key=lambda user: (-use[user], user)))

    def means(self, scenario: Scenario) -> tuple[Resolved, ...]:
        """Return what the shocks of a scenario mean."""
        return Meanings(scenario, self.facts, self.flows, self.markets, lambda: self.lines).all()

    @cached_property
    def flows(self) -> ChainFlows:
        """What shocks may touch of the base year."""
        chain = self.point.chain
        programme = Programme(chain, steps=1)
        return ChainFlows(chain, programme.sales, chain.demand, self.base.elements.members)

    @cached_property
    def lines(self) -> dict[str, failure_points.Candidate]:
        """What may fail, by id."""
        contingency = Contingency(horizon=CONTRACTS)
        model = LossModel(self._network, self.facts, contingency, self.year)
        return {each.id: each for each in model.candidates}
