"""Columns and constraints of the flow model; ``programme`` gives the formulas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import product
from math import fsum, inf

from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ANY, ElementChain
from monazite.model.linear_programme import LinearProgramme
from monazite.model.network.shares import REST

STEPS = 250  # of a user's demand, 0.4 % each: none ends where rounding turns
COARSER_BY = 5  # Coarser steps for uses outside magnets; losses are never computed from them
HIGHEST_WEIGHT, LOWEST_WEIGHT = 1.3, 0.7  # of the first and last tonne of a demand
GOLDEN = (5**0.5 - 1) / 2  # its multiples modulo 1 lie far apart: users take turns


class Flows:
    """The linear programme of a chain, and what its columns and rows stand for."""

    def __init__(
        self,
        chain: Chain,
        demand: Mapping[tuple[str, str], float] | None = None,
        *,
        steps: int = STEPS,
        new_pairs: bool = False,
        thrift: Mapping[str, float] | None = None,
    ) -> None:
        self.chain, self.steps = chain, steps
        self.thrift, self.new_pairs = thrift or {}, new_pairs
        self.demand = demand or chain.demand
        self.columns = LinearProgramme()
        self.made: dict[tuple[str, str], int] = {}
        self.sold: dict[tuple[str, str, str], int] = {}
        self.outputs: dict[tuple[str, str, str], int] = {}  # stage, pool, what is made
        self.sales: dict[tuple[str, str, str, str], int] = {}  # stage, seller, buyer, what
        self.balances: dict[tuple[str, str], list[int]] = defaultdict(list)  # by element
        self.floors: dict[tuple[str, str], int] = {}  # rows; nothing as built
        self.base: dict[int, float] = {}  # of columns, but of what is served
        self._new: set[int] = set()
        self._backed: set[int] = set()  # flows that output explains, and that may grow
        self._home: list[int] = []
        self._fed: dict[tuple[str, str], int] = {}  # oxide into metal, by element and place
        self.intake: dict[int, float] = {}
        self._kept: dict[tuple[str, str, str], int] = {}
        self._room: dict[int, float] = {}  # a buyer's intake, by new pair
        self._scrap: dict[int, tuple[float, float, tuple[str, str, str]]] = {}
        self._swarf: dict[int, tuple[str, str, str]] = {}  # the plant that takes it, by column
        self.by_products: set[int] = set()  # rows of what comes of itself: nobody makes it for that
        self._products()
        for own in chain.element_chains.values():
            self._element_chain(own)
            self._ore_sold(own)
        self.served = {
            key: self._user(key, tonnes, place)
            for place, (key, tonnes) in enumerate(sorted(self.demand.items()))
        }

    def _column(self, base: float, *name: str) -> int:
        column = self.columns.column(upper=max(0.0, base), name=name)
        self.base[column] = max(0.0, base)
        return column

    def _at_most(self, terms: Mapping[int, float], bound: float, *name: str) -> int:
        there = {x: y for x, y in sorted(terms.items()) if y}
        return self.columns.row(there, upper=bound, name=name)

    def _sale(self, stage: str, seller: str, buyer: str, what: str, base: float | None) -> int:
        """The column of a flow across a border; without a base it is a new pair."""
        column = self._column(base or 0.0, "exported", stage, seller, buyer, what)
        if base is None:
            self._new.add(column)
        known = self.chain.element_chains
        if what in self.chain.products:
            makes = (what, seller) in self.chain.made
        else:
            makers = known.values() if stage == MINE else [known[what]]
            makes = any(each.made.get((stage, seller), 0.0) > 0 for each in makers)
        if makes:
            self._backed.add(column)
        self.sales[stage, seller, buyer, what] = column
        return column

    def _products(self) -> None:
        chain = self.chain
        for (name, pool), tonnes in sorted(chain.made.items()):
            stage = chain.products[name].stage
            column = self._column(tonnes, "made", stage, pool, name)
            self.made[name, pool] = self.outputs[stage, pool, name] = column
        for (name, pool, user), tonnes in sorted(chain.sold.items()):
            stage = chain.products[name].stage
            if pool == user:
                self.sold[name, pool, user] = self._column(tonnes, "sold_at_home", pool, name)
                self._home.append(self.sold[name, pool, user])
            else:
                self.sold[name, pool, user] = self._sale(stage, pool, user, name, tonnes)
        if self.new_pairs:
            self._new_sellers()
        for (name, pool), made in self.made.items():
            sold = [x for (what, who, _), x in self.sold.items() if (what, who) == (name, pool)]
            terms = {**dict.fromkeys(sold, 1.0), made: -1.0}
            self._at_most(terms, 0.0, "sold_of_made", pool, name)

    def _new_sellers(self) -> None:
        """Products to users that did not buy them of a pool before."""
        for name, user in sorted(self.chain.demand):
            stage = self.chain.products[name].stage
            if stage != "magnet":
                continue
            sellers = [pool for what, pool in sorted(self.made) if what == name and pool != user]
            new = [pool for pool in sellers if (name, pool, user) not in self.sold]
            for pool in new:
                self.sold[name, pool, user] = self._sale(stage, pool, user, name, None)
            pairs = {self.sold[name, pool, user]: 1.0 for pool in new}
            self._limit(pairs, self.demand[name, user], stage, user, name)

    def _limit(self, terms: Mapping[int, float], intake: float, *of: str) -> None:
        """New pairs into a pool are no more than a part of its intake."""
        for column, factor in terms.items():
            self._room[column] = min(intake / factor, self._room.get(column, inf))
        if terms:
            self.intake[self._at_most(terms, 0.0, "new_pairs", *of)] = intake

    def _element_chain(self, own: ElementChain) -> None:
        """Oxide and metal of an element, and what its products may take."""
        self._plants(own)
        for (stage, seller, buyer), amount in sorted(own.flows.items()):
            if stage in (SEPARATION, METAL):
                self._sale(stage, seller, buyer, own.element, amount)
        if self.new_pairs:
            for stage, buyer in sorted(own.taken):
                if stage in (SEPARATION, METAL):
                    self._new_buyer(own, stage, buyer)
        new = product((SEPARATION,), self._pools(own, SEPARATION))
        for stage, pool in sorted({*own.taken, *own.made, *new}):
            if stage in (SEPARATION, METAL):
                self._balance(own, stage, pool)

    def _plants(self, own: ElementChain) -> None:
        for stage in (SEPARATION, METAL):
            for pool in self._pools(own, stage):
                key = (stage, pool, own.element)
                base = own.made.get((stage, pool), 0.0)
                self.outputs[key] = self._column(base, "made", *key)
        for pool in self._pools(own, SEPARATION):
            self._oxide(own, pool)
        for pool in own.pools(METAL):
            self._metal(own, pool)

    def _pools(self, own: ElementChain, stage: str) -> list[str]:
        """The pools that make an element at a stage, and those that may after an event."""
        new = {pool for what, pool in self.chain.opened if what == own.element}
        return sorted({*own.pools(stage), *(new if stage == SEPARATION else ())})

    def _metal(self, own: ElementChain, pool: str) -> None:
        feeding = {
            at: taken - own.used.get(at, 0.0)
            for (stage, at), taken in sorted(own.taken.items())
            if stage == SEPARATION and own.pool(METAL, at) == pool
            if taken > own.used.get(at, 0.0)
        }
        whole, made = fsum(feeding.values()), own.made[METAL, pool]
        if whole > 0 and made > 0:
            fed = {at: self.columns.column(name=("oxide_fed", at, own.element)) for at in feeding}
            self.base |= {column: feeding[at] for at, column in fed.items()}
            self._fed |= {(own.element, at): column for at, column in fed.items()}
            gain = dict.fromkeys(fed.values(), -made / whole)
            terms = {self.outputs[METAL, pool, own.element]: 1.0, **gain}
            self._at_most(terms, 0.0, "metal_of_oxide", pool, own.element)

    def _new_buyer(self, own: ElementChain, stage: str, buyer: str) -> None:
        new = [
            self._sale(stage, seller, buyer, own.element, None)
            for seller in self._pools(own, stage)
            if seller != buyer and (stage, seller, buyer, own.element) not in self.sales
        ]
        of = (stage, buyer, own.element)
        self._limit(dict.fromkeys(new, 1.0), own.taken[stage, buyer], *of)

    def _balance(self, own: ElementChain, stage: str, pool: str) -> None:
        """What a pool takes of a product is no more than it makes, buys less sells, or lacks."""
        terms: dict[int, float] = defaultdict(float)
        if (stage, pool, own.element) in self.outputs:
            terms[self.outputs[stage, pool, own.element]] -= 1.0
        for (where, seller, buyer, what), column in self.sales.items():
            if (where, what) == (stage, own.element):
                terms[column] += (seller == pool) - (buyer == pool)
        for column, factor in self._takers(own, stage, pool):
            terms[column] += factor
        missing = own.missing.get((stage, pool), 0.0)
        row = self._at_most(terms, missing, "taken_of", stage, pool, own.element)
        self.balances[own.element, stage].append(row)

    def _takers(self, own: ElementChain, stage: str, pool: str) -> Iterable[tuple[int, float]]:
        element = own.element
        taken = own.taken.get((stage, pool), 0.0)
        if stage == SEPARATION:
            taken = own.used.get(pool, 0.0)
        if stage == SEPARATION and (element, pool) in self._fed:
            yield self._fed[element, pool], 1.0
        recipe = self.chain.recipe
        by_place = {
            (name, at): tonnes
            for (name, at), tonnes in self.chain.made.items()
            if self.chain.products[name].takes == stage and (name, element) in recipe
        }
        target = pool if any(at == pool for _, at in by_place) else REST
        there = {key: tonnes for key, tonnes in by_place.items() if key[1] == target}
        held = fsum(tonnes * recipe[name, element] for (name, _), tonnes in there.items())
        if held > 0 and taken > 0:
            for name, at in there:
                magnet = self.chain.products[name].stage == MAGNET
                spared = 1 - self.thrift.get(element, 0.0) if magnet else 1.0
                yield self.made[name, at], taken / held * recipe[name, element] * spared

    def _oxide(self, own: ElementChain, pool: str) -> None:
        """Oxide of a pool from the ore that its countries mine, buy and do not explain."""
        column = self.outputs[SEPARATION, pool, own.element]
        sources = [at for (where, at) in own.taken if where == MINE]
        feeding = [at for at in sources if own.pool(SEPARATION, at) == pool]
        opened = (own.element, pool) in self.chain.opened
        fed = [at for at in feeding if opened or own.taken[MINE, at] > 0]
        all_scrap = own.scrap.get(pool, 0.0)
        terms: dict[int, float] = defaultdict(float)
        terms[column] = 1.0
        cut = self._cut_off(own, pool) if fed else {}
        scrap = max(0.0, all_scrap - fsum(cut.values()))
        terms |= dict.fromkeys(cut, -1.0)
        gain = own.gain(None if opened else pool)
        fixed = fsum(self._ore(own, at, gain, terms) for at in fed)
        made = own.made.get((SEPARATION, pool), 0.0)
        most = fixed + scrap if fed else made
        row = self._at_most(terms, most, "oxide_of_ore", pool, own.element)
        if fed:
            self._scrap[row] = (fixed, scrap, (SEPARATION, pool, own.element))
        self.balances[own.element, MINE].append(row)
        if fed and all_scrap:
            for each in (column, *cut):
                del terms[each]  # what is sold as ore does not come from scrap
            row = self._at_most(terms, fixed, "sold_of_ore", pool, own.element)
            self.balances[own.element, MINE].append(row)

    def _cut_off(self, own: ElementChain, pool: str) -> dict[int, float]:
        """Oxide from swarf: of what the blanks of a pool hold, the part of the base year."""
        found = {}
        for (at, maker), tonnes in own.swarf.items():
            swarf = min(tonnes, own.scrap.get(pool, 0.0))
            held = {
                column: self.base[column] * self.chain.recipe.get((name, own.element), 0.0)
                for (name, where), column in self.made.items()
                if where == maker and self.chain.products[name].stage == MAGNET
            }
            whole = fsum(held.values())
            if at != pool or whole <= 0 or swarf <= 0:
                continue
            column = self._column(swarf, "swarf", pool, maker, own.element)
            terms = {x: -swarf * part / whole / self.base[x] for x, part in held.items() if part}
            row = self._at_most(
                {column: 1.0, **terms}, 0.0, "swarf_of_blanks", pool, maker, own.element
            )
            self.by_products.add(row)
            self._swarf[column] = (SEPARATION, pool, own.element)
            found[column] = swarf
        return found

    def _ore(self, own: ElementChain, at: str, gain: float, terms: dict[int, float]) -> float:
        """Add the ore of a country; return the oxide of what no row explains."""
        for ore, mined in own.mined(at).items():
            if (at, ore) in self._parted:
                terms[self._keep(own, at, ore)] -= gain
            else:
                terms[self._mine(at, ore)] -= gain * mined
        for (seller, ore, buyer), amount in self._ore_flows(own).items():
            if at == buyer or (at == seller and (at, ore) not in self._parted):
                sign = 1.0 if seller == at else -1.0
                terms[self._ship(seller, ore, buyer)] += sign * gain * amount
        return gain * own.missing.get((MINE, at), 0.0)

    def _ore_flows(self, own: ElementChain) -> dict[tuple[str, str, str], float]:
        """Tonnes of an element at a level of 1; a new pair carries all that its seller sold."""
        flows = own.ore_sold
        if not self.new_pairs:
            return flows
        buyers = [at for (where, at), taken in sorted(own.taken.items()) if where == MINE and taken]
        return flows | {
            (seller, ore, buyer): amount
            for (seller, ore), amount in _sold_by(flows).items()
            for buyer in buyers
            if seller != buyer and (seller, ore, buyer) not in self._ore_pairs
            if own.made.get((MINE, seller), 0.0) > 0
        }

    @cached_property
    def _ore_pairs(self) -> frozenset[tuple[str, str, str]]:
        """Pairs that traded an ore in the base year, whatever element it holds."""
        element_chains = self.chain.element_chains.values()
        return frozenset(key for own in element_chains for key in own.ore_sold)

    @cached_property
    def _parted(self) -> frozenset[tuple[str, str]]:
        """Ores of who mines several that are both kept and sold: none stands in for another."""
        kept = {key[:2] for each in self.chain.element_chains.values() for key in each.ores}
        return frozenset(kept & {(seller, ore) for seller, ore, _ in self._ore_pairs})

    def _keep(self, own: ElementChain, pool: str, ore: str) -> int:
        name = ("ore_kept", pool, ore, own.element)
        column = self._kept[own.element, pool, ore] = self.columns.column(name=name)
        self.base[column] = own.ores.get((pool, ore, pool), 0.0)
        return column

    def _mine(self, pool: str, ore: str) -> int:
        """The level of a mine, 1 in the base year: one for all elements of its ore."""
        key = (MINE, pool, ore)
        if key not in self.outputs:
            self.outputs[key] = self._column(1.0, "made", *key)
        return self.outputs[key]

    def _ship(self, seller: str, ore: str, buyer: str) -> int:
        """The level of a flow of ore: one for all elements that it holds."""
        key = (MINE, seller, buyer, ore)
        if key not in self.sales:
            base = 1.0 if (seller, ore, buyer) in self._ore_pairs else None
            self._sale(MINE, seller, buyer, ore, base)
        return self.sales[key]

    def _ore_sold(self, own: ElementChain) -> None:
        """No more ore is kept and sold than its mine gives."""
        flows = self._ore_flows(own)
        base = _sold_by({pair: flows[pair] for pair in flows if pair in self._ore_pairs})
        kept = {key[1:]: x for key, x in self._kept.items() if key[0] == own.element}
        for seller, ore in sorted({*base, *kept}):
            mined = own.mined(seller).get(ore, 0.0)
            separates = own.taken.get((MINE, seller), 0.0) > 0
            if mined > 0 and not (separates and ore == ANY):
                whole = base[seller, ore] if ore == ANY else mined
                terms = {
                    self._ship(*pair): amount / whole
                    for pair, amount in flows.items()
                    if pair[:2] == (seller, ore)
                }
                terms |= {x: 1 / whole for key, x in kept.items() if key == (seller, ore)}
                terms[self._mine(seller, ore)] = -1.0
                self._at_most(terms, 0.0, "ore_of_mine", seller, ore, own.element)
        for (where, buyer), taken in sorted(own.taken.items()):
            if where == MINE and taken:
                new = {
                    self._ship(*pair): amount
                    for pair, amount in flows.items()
                    if pair[2] == buyer and pair not in self._ore_pairs
                }
                self._limit(new, taken, MINE, buyer, own.element)

    def _user(self, key: tuple[str, str], tonnes: float, place: int) -> range:
        """Serve the demand of a user in equal steps of falling weight.

        Weights differ across users, so the optimum is unique; squares, as turns in a row cancel.
        """
        main = key[0] in self.chain.main
        steps = self.steps if main else max(1, self.steps // COARSER_BY)
        fall = (HIGHEST_WEIGHT - LOWEST_WEIGHT) / steps
        later = place * place * GOLDEN % 1.0 / 2 if steps > 1 else 0.0
        worth = self.chain.products[key[0]].worth
        served = self.columns.columns(
            (worth * (HIGHEST_WEIGHT - fall * (step + later)) for step in range(steps)),
            upper=tonnes / steps,
            name=("served", *key),
        )
        sold = {x: -1.0 for (what, _, who), x in self.sold.items() if (what, who) == key}
        self._at_most({**dict.fromkeys(served, 1.0), **sold}, 0.0, "served_of_sold", *key)
        self.floors[key] = self._at_most(sold, 0.0, "floor", *key)
        return served


def _sold_by(flows: Mapping[tuple[str, str, str], float]) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (seller, ore, _), amount in sorted(flows.items()):
        found[seller, ore] += amount
    return {key: amount for key, amount in found.items() if amount > 0}
