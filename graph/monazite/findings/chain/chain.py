"""The chain of the elements of a family in a base year, as the contingencies need it.

It has one ``ElementChain`` for each element, joined at the products that the elements go into.
Demand is what the base year serves: magnets by user, in tonnes of finished weight; oxide used as it
is, beside magnets or of elements that no magnet holds, in tonnes of the element.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from functools import reduce
from math import fsum

from monazite.findings.balance.ledger import Ledger
from monazite.findings.balance.line import StageLine
from monazite.findings.chain.element_chain import ElementChain, to_element_chain
from monazite.network.shares import REST
from monazite.network.trade import MarketMix
from monazite.parameters import MAGNET, METAL, SEPARATION, USE
from monazite.quantities.chemistry import Chemistry
from monazite.quantities.trade_content import NDFEB

HEAVY_MAGNETS, LIGHT_MAGNETS = "magnets with Dy or Tb", "magnets without"
SMCO_MAGNETS = "samarium-cobalt magnets"


@dataclass(frozen=True)
class Product:
    """What users take.

    Attributes:
        name: of the product.
        stage: whose plants make it: ``magnet``, or ``use`` where an oxide is used as it is.
        takes: the stage whose product goes into it.
        worth: what a tonne counts for where scarcity is shared; 1 for a tonne of magnets.
    """

    name: str
    stage: str = MAGNET
    takes: str = METAL
    worth: float = 1.0


@dataclass(frozen=True)
class Chain:
    """The element chains, and the products that join them.

    Attributes:
        element_chains: by element.
        products: by name.
        made: tonnes of products made, by product and pool.
        recipe: tonnes of an element in a tonne of a product.
        sold: tonnes of a product sold by a pool to a user, by product, pool and user.
        opened: elements and pools that separate none of it in the base year, and may.
    """

    year: int
    element_chains: Mapping[str, ElementChain]
    products: Mapping[str, Product]
    made: Mapping[tuple[str, str], float]
    recipe: Mapping[tuple[str, str], float]
    sold: Mapping[tuple[str, str, str], float]
    opened: frozenset[tuple[str, str]] = frozenset()

    @property
    def main(self) -> dict[str, Product]:
        """The products that losses are of: magnets, or oxide where no magnet holds the element."""
        magnets = {name: each for name, each in self.products.items() if each.stage == MAGNET}
        return magnets or {**self.products}

    @property
    def outside(self) -> dict[str, float]:
        """Tonnes of each element that are used outside magnets, where magnets hold it."""
        others = sorted(self.products.keys() - self.main.keys())
        return {
            element: fsum(tonnes for (what, _), tonnes in sorted(self.made.items()) if what == name)
            for name in others
            for element in self.element_chains
            if (name, element) in self.recipe
        }

    @property
    def title(self) -> str:
        """What these are called together."""
        return next(iter(self.main)) if len(self.main) == 1 else "magnets"

    @property
    def demand(self) -> dict[tuple[str, str], float]:
        """What the base year sold, by product and user."""
        found: dict[tuple[str, str], float] = {}
        for (product, _, user), tonnes in sorted(self.sold.items()):
            found[product, user] = found.get((product, user), 0.0) + tonnes
        return found


def to_chain(
    year: int,
    lines: Mapping[str, list[StageLine]],
    ledgers: Mapping[str, list[Ledger]],
    chemistry: Chemistry,
    mix: MarketMix | None = None,
    market: str = "",
) -> Chain | None:
    """Join the chains of elements at the magnets that hold them.

    Args:
        year: the base year.
        lines: the lines of each element; the number of magnets made is worked out from the first.
        ledgers: the ledgers behind them.
        chemistry: recipes and assumptions.
        mix: from where a market takes its magnets, to set it apart from the rest of the world.
        market: code of that market.

    Returns:
        The chain; None where no row gives the magnets made, or an assumption on their content is
        left out.
    """
    main = next(iter(lines))
    family = ledgers[main][0].magnet
    shares = _shares(family, chemistry)
    parts = [chemistry.of("element-per-magnet", family, x.element) for x in ledgers[main]]
    content = fsum(part.value for part in parts if part is not None)
    magnets = [x for x in lines[main] if x.stage == MAGNET and x.made is not None]
    if not content or not shares or not magnets:
        return None
    element_chains = {
        each: to_element_chain(each, lines[each], ledgers[each]) for each in sorted(lines)
    }
    made = {
        (name, line.country): line.made.value / content * share
        for name, share in shares.items()
        for line in magnets
        if line.made is not None
    }
    recipe = {(name, main): content for name in shares}
    heavy = fsum(tonnes for (name, _), tonnes in made.items() if name == HEAVY_MAGNETS)
    for element in element_chains:
        if element != main and heavy:
            held = fsum(x.made.value for x in lines[element] if x.stage == MAGNET and x.made)
            recipe[HEAVY_MAGNETS, element] = held / heavy
    sold = _sold(magnets, content, shares)
    if mix is not None:
        sold = _set_apart(sold, mix, market, shares)
    products = {name: Product(name) for name in shares}
    chain = Chain(year, element_chains, products, made, recipe, sold)
    return reduce(with_other_uses, element_chains.values(), chain)


def with_other_uses(chain: Chain, element_chain: ElementChain) -> Chain:
    """Add the use of an element's oxide beside magnets, where the base year has one.

    Args:
        chain: with the magnets that hold the element.
        element_chain: of the element; a tonne of its oxide weighs as much as the magnets that it
            would make.

    Returns:
        The chain with one product more; the same chain where none is used so.
    """
    magnets = fsum(
        tonnes
        for (name, _), tonnes in chain.made.items()
        if (name, element_chain.element) in chain.recipe
    )
    fed = fsum(tonnes for (stage, _), tonnes in element_chain.taken.items() if stage == SEPARATION)
    fed -= fsum(element_chain.used.values())
    if not element_chain.used or not magnets or fed <= 0:
        return chain
    return _with_use(
        chain, element_chain, f"{element_chain.element} outside magnets", magnets / fed
    )


def _with_use(chain: Chain, element_chain: ElementChain, name: str, worth: float = 1.0) -> Chain:
    return replace(
        chain,
        products={**chain.products, name: Product(name, USE, SEPARATION, worth)},
        made={**chain.made, **{(name, pool): used for pool, used in element_chain.used.items()}},
        recipe={**chain.recipe, (name, element_chain.element): 1.0},
        sold={
            **chain.sold,
            **{(name, pool, pool): used for pool, used in element_chain.used.items()},
        },
    )


def _shares(family: str, chemistry: Chemistry) -> dict[str, float]:
    """The products that magnets are sold as, and the part that each is of their weight."""
    if family != NDFEB:
        return {SMCO_MAGNETS: 1.0}
    heavy = chemistry.of("heavy-magnet-share", NDFEB)
    if heavy is None:
        return {}
    return {HEAVY_MAGNETS: heavy.value, LIGHT_MAGNETS: 1 - heavy.value}


def to_use_chain(
    year: int, element: str, lines: list[StageLine], ledgers: list[Ledger]
) -> Chain | None:
    """Return the chain of an element that no magnet holds: its oxide is used where trade takes it.

    Args:
        year: the base year.
        element: symbol.
        lines: its lines.
        ledgers: the ledgers behind them.

    Returns:
        The chain; None where no oxide is used.
    """
    element_chain = to_element_chain(element, lines, ledgers)
    if not element_chain.used:
        return None
    return _with_use(
        Chain(year, {element: element_chain}, {}, {}, {}, {}), element_chain, f"{element} in oxide"
    )


def bought_by(chain: Chain, mix: MarketMix, market: str, products: Set[str]) -> float:
    """Return what a market would take of some products in a chain with another mix.

    Args:
        chain: in which the market is set apart.
        mix: from where it takes how many magnets.
        market: its code.
        products: names of magnets.

    Returns:
        Tonnes; of each seller no more than the rest of the world and the market take together.
    """
    sold: dict[tuple[str, str, str], float] = {}
    for (product, seller, user), tonnes in sorted(chain.sold.items()):
        if product in chain.main:  # who sells oxide besides need not make magnets
            key = (product, seller, REST if user == market else user)
            sold[key] = sold.get(key, 0.0) + tonnes
    whole = {name: fsum(x for (what, *_), x in sold.items() if what == name) for name in chain.main}
    parts = {name: each / fsum(whole.values()) for name, each in whole.items()}
    found = _set_apart(sold, mix, market, parts)
    return fsum(x for (what, _, user), x in found.items() if user == market and what in products)


def _set_apart(
    sold: Mapping[tuple[str, str, str], float],
    mix: MarketMix,
    market: str,
    parts: Mapping[str, float],
) -> dict[tuple[str, str, str], float]:
    """Take a market out of the rest of the world: what it buys of each pool, no more than is sold.

    Sellers that are no pool of magnets are the rest of the world.
    """
    found = dict(sold)
    sellers = {seller for _, seller, _ in sold} - {REST}
    shares = {seller: mix.shares.get(seller, 0.0) for seller in sorted(sellers)}
    shares[REST] = max(0.0, 1 - fsum(shares.values()))
    for product, part in parts.items():
        for seller, share in shares.items():
            there = found.get((product, seller, REST), 0.0)
            bought = min(there, mix.tonnes * share * part)
            if bought > 0:
                found[product, seller, market] = bought
                found[product, seller, REST] = there - bought
    return found


def _sold(
    lines: list[StageLine], content: float, parts: Mapping[str, float]
) -> dict[tuple[str, str, str], float]:
    """Who sells magnets to whom: China's exports go to the rest, all else stays."""
    found: dict[tuple[str, str, str], float] = {}
    for line in lines:
        assert line.made is not None, "the caller leaves out what is not known"
        exported = min(line.exports.value, line.made.value)
        for product, part in parts.items():
            at_home = (line.made.value - exported) / content * part
            found[product, line.country, line.country] = at_home
            if exported:
                found[product, line.country, REST] = exported / content * part
    return found
