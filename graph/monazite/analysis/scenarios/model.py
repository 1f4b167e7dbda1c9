"""The chain of a base year, read once, run through scenarios as it is and in random trials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from monazite.analysis.chokepoints.loss_model import LossModel
from monazite.analysis.robustness.sampling import RESIDUAL_LIMIT, Drawn, draw
from monazite.analysis.scenarios.assumed import horizons_of, inputs, settings_of
from monazite.analysis.scenarios.effects import ChainFlows, Effects
from monazite.analysis.scenarios.engine import MonthEngine, MonthsRun
from monazite.analysis.scenarios.firms import Months
from monazite.analysis.scenarios.keys import HOME_FIRST
from monazite.analysis.scenarios.month_programme import STEPS
from monazite.analysis.scenarios.resolve import Resolved, Surroundings, mean
from monazite.analysis.scenarios.scenario_file import Scenario
from monazite.data.parameters import CONTRACTS, HORIZON, METAL, MINE, SEPARATION, Contingency
from monazite.model.assumptions import read_method_assumptions
from monazite.model.chain.base_year import Accounts, read_base_year, year_of
from monazite.model.chain.chain import Chain
from monazite.model.chemistry import Amount
from monazite.model.contingencies.event import BASE_YEAR
from monazite.model.contingencies.failure_points import Candidate
from monazite.model.flow.programme import Programme
from monazite.model.flow.study import Study, unexplained_at
from monazite.model.network.attributes import Network
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD


@dataclass(frozen=True)
class ScenarioRun:
    """A scenario that was run."""

    run: MonthsRun
    engine: MonthEngine
    effects: Effects


class Trial:
    """The chain of one set of numbers; its programme is built once for all scenarios."""

    def __init__(self, model: ScenarioModel, drawn: Drawn) -> None:
        """Work out the chain."""
        self._model, self._drawn = model, drawn
        accounts: Accounts = model.base.accounts(drawn or None)
        self.chain: Chain = accounts.chain()
        self._horizon = horizons_of(accounts.chemistry, self.chain)
        self._engines: dict[object, MonthEngine] = {}

    @property
    def kept(self) -> bool:
        """Whether records explain enough of it for a trial to count."""
        names = self._model.base.elements.names
        parts = (unexplained_at(self.chain, names, x) for x in (MINE, SEPARATION, METAL))
        return max((x for x in parts if x is not None), default=0.0) <= RESIDUAL_LIMIT

    def run(
        self,
        scenario: Scenario,
        meant: tuple[Resolved, ...],
        *,
        explain: bool = False,
        steps: int = STEPS,
    ) -> ScenarioRun:
        """Run through a scenario."""
        settings = settings_of(scenario, self._model.method, self._drawn, self._horizon)
        key = (
            *sorted(settings.leads.items()),
            *sorted(settings.cover.items()),
            *(settings.transit, settings.classes, steps),
        )
        if key not in self._engines:
            self._engines[key] = MonthEngine(self.chain, settings, steps=steps)
        engine, elements = self._engines[key], self._model.base.elements
        study = Study(
            *(self.chain, BASE_YEAR, elements.names, Contingency(), WORLD), demand=engine.demand
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
        """Read the base year."""
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
        return inputs(self.base.inputs(HORIZON), self.method)

    def drawn(self, count: int, seed: int) -> list[dict[str, Amount]]:
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

    def means(self, scenario: Scenario, file: str) -> tuple[Resolved, ...]:
        """Return what the shocks of a scenario mean."""
        chain = self.point.chain
        sellers = {seller for x in chain.element_chains.values() for _, seller, _ in x.flows}
        sellers |= {pool for _, pool, user in chain.sold if pool != user}
        outputs = {(chain.products[name].stage, pool, name) for name, pool in chain.made}
        for element, each in chain.element_chains.items():
            outputs |= {(stage, pool, element) for stage, pool in each.made}
        return mean(
            scenario,
            Surroundings(
                store=self.facts.store,
                file=file,
                members=frozenset(self.facts.members),
                title=self.facts.symbol,
                markets=self.markets,
                sellers=tuple(sorted(sellers)),
                outputs=tuple(sorted(outputs)),
                lines=self._lines,
                flows=lambda each: [*self._flows.touched(each)],
                users=lambda each: bool(self._flows.users_of(each.known.shock)),
                products=tuple(sorted({product for product, _ in chain.demand})),
            ),
        )

    @cached_property
    def _flows(self) -> ChainFlows:
        """What shocks may touch of the base year."""
        chain = self.point.chain
        programme = Programme(chain, steps=1)
        return ChainFlows(chain, programme.sales, chain.demand, self.base.elements.members)

    def _lines(self) -> dict[str, Candidate]:
        contingency = Contingency(horizon=CONTRACTS)
        model = LossModel(self._network, self.facts, contingency, self.year)
        return {each.id: each for each in model.candidates}
