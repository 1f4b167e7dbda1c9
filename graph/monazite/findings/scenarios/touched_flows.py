"""Which flows and users of a chain a shock is about: of its country or rule, buyers and goods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.findings.chain.chain import Chain
from monazite.findings.losses.policy_events import Sale, event_of_policy
from monazite.findings.scenarios.meaning import Meant
from monazite.findings.scenarios.recorded_names import is_named
from monazite.findings.scenarios.scenario_file import Shock
from monazite.network.shares import WORLD

User = tuple[str, str]


@dataclass(frozen=True)
class ChainFlows:
    """What a shock may touch of a chain.

    Attributes:
        sales: flows by stage, seller, buyer and what is sold.
    """

    chain: Chain
    sales: Iterable[Sale]
    users: Iterable[User]
    members: Mapping[str, tuple[str, ...]]

    def touched(self, each: Meant) -> dict[Sale, float]:
        """Return the flows that a shock of borders is about, and the part of each.

        A part below one is what others sell on of a state's goods, where its rule follows them.
        """
        shock = each.known.shock
        if each.scope is not None:
            event = event_of_policy(each.scope, self.chain, self.sales, self.members, 0.0)
            bound = {key: 1 - left for key, left in event.sales.items() if left < 1}
        else:
            bound = {key: 1.0 for key in self.sales if key[1] == shock.text("seller")}
        return {key: part for key, part in bound.items() if self._meets(shock, key)}

    def like(self, each: Meant, touched: Iterable[Sale]) -> list[Sale]:
        """Return the other goods of the same sellers and stages, to buyers that a rule is aimed at."""
        known = {*touched}
        stages, sellers = {key[0] for key in known}, {key[1] for key in known}
        return [
            key
            for key in self.sales
            if key[0] in stages
            and key[1] in sellers
            and key not in known
            and _aimed_at(each, key[2])
            and self._meets(each.known.shock, key, elements=False)
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


def _aimed_at(each: Meant, buyer: str) -> bool:
    """Whether a rule looks through what goes to a buyer: the state that issued it is none."""
    scope = each.scope
    if scope is None:
        return True
    return buyer != scope.country and (scope.destinations is None or buyer in scope.destinations)
