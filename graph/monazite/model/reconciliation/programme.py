"""The linear programme of one reconciled year; each ``add_`` method is a line of METHOD.

Numbers, yields and recipes may move inside their ranges: ``low x b <= a <= high x b``. What does
not close is *missing* or *surplus*; costs are parts of what the world takes at a stage.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property
from math import fsum, inf

from monazite.core.errors import NotKnownError
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chemistry import NOTHING, Amount, exactly
from monazite.model.network.shares import REST
from monazite.model.reconciliation.columns import NamedProgramme
from monazite.model.reconciliation.ledger import magnet_share
from monazite.model.reconciliation.numbers import UNKNOWN, SoldGoods, YearNumbers
from monazite.model.trade_content import HEAVY, NDFEB

MISSING_COST = {MINE: 0.75, SEPARATION: 0.9, METAL: 1.0}
"""Of a tonne missing, as a part of what the world takes: what no row explains is missing early,
though yields make more of it there."""
SURPLUS_COST = {MINE: 0.3, SEPARATION: 0.29, METAL: 0.4}  # of a tonne left over, early as oxide
STOCK_COST = 8.0  # Of ore that goes into stock, as a part of all that is mined: the last resort
ALIKE = 0.15  # Recipes outside the largest maker are those of the world within this part


class YearProgramme(NamedProgramme):
    """The columns and rows of a year."""

    def __init__(self, numbers: YearNumbers) -> None:
        super().__init__()
        self.numbers = numbers
        self.recipes: Mapping[str, float] = {}
        self.chemistry = numbers.chemistry
        self._check()
        self._scale = {  # what the world makes of an element, roughly: costs are parts of it
            element: max(
                *(
                    fsum(made.amount.value for made in stage.values())
                    for stage in (ledger.mined, ledger.separated, ledger.magnets)
                ),
                1e-6,
            )
            for element, ledger in numbers.ledgers.items()
        }
        self._feed: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
        self._oxide: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
        self._metal: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
        self.add_ore()
        self.add_separation()
        self.add_separation_shares()
        self.add_goods_sold()
        self.add_scrap()
        self.add_metal()
        if numbers.magnet:
            self.add_other_uses()
            self._before_magnets = self._copy()
            self._add_from_magnets()

    def with_recipes(self, recipes: Mapping[str, float]) -> YearProgramme:
        """Return the programme of the same numbers with recipes near those of the world."""
        other = self._before_magnets._copy()
        other.recipes = recipes
        other._add_from_magnets()
        return other

    def _add_from_magnets(self) -> None:
        self.add_magnets()
        self.add_swarf()
        self.add_magnets_sold()

    def _copy(self) -> YearProgramme:
        """The programme as it is so far, to add to it and keep this one."""
        other = copy(self)
        other.model, other.columns, other._soft = self.model.copy(), {**self.columns}, [*self._soft]
        for name in ("_feed", "_oxide", "_metal"):
            terms = {key: [*each] for key, each in getattr(self, name).items()}
            setattr(other, name, defaultdict(list, terms))
        return other

    def _check(self) -> None:
        family = self.numbers.magnet
        needed = [("stage-yield", SEPARATION, "")]
        if family:
            needed += [("stage-yield", METAL, ""), ("stage-yield", MAGNET, "")]
            needed += [("finished-per-blank", "sintered magnets", "")]
            needed += [("element-per-magnet", family, each) for each in self.numbers.elements]
        lost = sorted(key for key in needed if self.chemistry.of(*key) is None)
        if lost:
            names = ", ".join(" ".join(filter(None, key)) for key in lost)
            raise NotKnownError(
                f"A year is reconciled with assumptions that the data used leave out ({names}): "
                "use them too."
            )

    def _assumed(self, *key: str) -> Amount:
        found = self.chemistry.of(*key)
        assert found is not None, key  # checked when the programme is built
        return found

    def slack(self, stage: str, pool: str, element: str) -> list[tuple[int, float]]:
        """What is missing and what is left over of an element in a pool at a stage."""
        whole = self._scale[element]
        missing = self.column("missing", stage, pool, element, cost=MISSING_COST[stage] / whole)
        surplus = self.column("surplus", stage, pool, element, cost=SURPLUS_COST[stage] / whole)
        return [(missing, 1.0), (surplus, -1.0)]

    def add_ore(self) -> None:
        """Ore of a deposit goes to its buyers or into stock, its elements as its assay says."""
        numbers = self.numbers
        sales: dict[str, dict[str, SoldGoods]] = defaultdict(dict)
        for (stage, seller, buyer), goods in numbers.goods.items():
            if stage == MINE and buyer in numbers.makers[SEPARATION]:
                sales[seller][buyer] = goods
        whole = fsum(each.value for each in numbers.mined.values()) or 1.0
        for country in sorted({*numbers.mined, *sales}):
            sold = fsum(goods.reo.value for goods in sales[country].values())
            most = fsum(goods.reo.high for goods in sales[country].values())
            made = numbers.mined.get(country, NOTHING)
            if sold > made.value or country not in numbers.mined:
                made = Amount(
                    max(made.value, sold),
                    min(made.low or sold, sold),
                    max(made.high, most),
                    made.rows,
                )
            if made.high > 0:
                self._ore_of(country, made, sales[country], whole)

    def _ore_of(
        self, country: str, made: Amount, sales: Mapping[str, SoldGoods], whole: float
    ) -> None:
        ores = self.chemistry.ores.get(country) or self.chemistry.ores.get(REST, ())
        if not ores:  # no assay that is used says what it holds
            return
        if self.numbers.ore is not None:  # as mined, or as sold: what is found may lie apart
            made = replace(made, low=0.0, high=inf)
        mined = self.number(made, "mined", country)
        buyers = sorted({*sales, *({country} & self.numbers.makers[SEPARATION])})
        parts = fsum(part.value for _, part in ores) or 1.0
        sold: dict[str, list[int]] = defaultdict(list)
        of_ores = []
        for ore, part in ores:
            amount = self.column("ore_mined", country, ore)
            of_ores.append(amount)
            if self.numbers.ore is None:
                self.ratio(
                    amount, mined, part.times(1 / parts), made.value, "ore_share", country, ore
                )
            stock = self.column("ore_stocked", country, ore, cost=STOCK_COST / whole)
            out = []
            for buyer in buyers:
                found = self.numbers.ore  # as it was found for the magnet elements, if it was
                ends = (0.0, inf) if found is None else (found.get((country, ore, buyer), 0.0),) * 2
                sale = self.column("ore_sold", country, ore, buyer, lower=ends[0], upper=ends[1])
                sold[buyer].append(sale)
                out.append(sale)
                assays = self.chemistry.assays.get(ore, {})
                for element in self.numbers.elements:
                    if element in assays and assays[element].high:
                        share = assays[element] / self.chemistry.factors[element]
                        scale = made.value * part.value / parts
                        held = self.column("in_ore", country, ore, buyer, element)
                        self.ratio(held, sale, share, scale, "assay", country, ore, buyer, element)
                        self._feed[buyer, element].append((held, 1.0))
            self.zero(
                [*((x, 1.0) for x in out), (stock, 1.0), (amount, -1.0)],
                ("ore_balance", country, ore),
            )
        self.zero([*((x, 1.0) for x in of_ores), (mined, -1.0)], ("mined_of", country))
        for buyer, goods in sales.items() if self.numbers.ore is None else ():
            reo = goods.reo
            if buyers == [buyer]:  # its one buyer may have bought what no customs office booked
                reo = replace(reo, high=max(reo.high, made.high))
            self.sum_of(sold[buyer], reo, "ore_bought", country, buyer)

    def add_separation(self) -> None:
        """Oxide is between the least and the most yield of the feed; heavies may pass on."""
        gain = self._assumed("stage-yield", SEPARATION)
        named = {(each.pool, x) for each in self.numbers.output[SEPARATION] for x in each.elements}
        for element in self.numbers.elements:
            passes = {
                pool: buyer
                for stage, pool, buyer in sorted(self.numbers.goods)
                if stage == SEPARATION
                and element in HEAVY
                and pool in self.numbers.makers[SEPARATION]
                and (pool, element) not in named
                and (buyer, element) in named
            }
            for pool, buyer in passes.items():
                passed = self.column("passed_on", pool, buyer, element)
                self._feed[buyer, element].append((passed, 1.0))
                self.row(
                    [(passed, 1.0), *((x, -y * gain.value) for x, y in self._feed[pool, element])],
                    ("passed_on_of_feed", pool, element),
                    upper=0.0,
                )
            for pool in sorted(self.numbers.makers[SEPARATION]):
                feed = self.column("feed", pool, element)
                self.zero(
                    [*self._feed[pool, element], (feed, -1.0), *self.slack(MINE, pool, element)],
                    ("feed_balance", pool, element),
                )
                held = element not in HEAVY or (pool, element) in named
                oxide = self.column("oxide", pool, element, upper=inf if held else 0.0)
                self.ratio(
                    oxide, feed, gain, self._part(pool, element), "yield", SEPARATION, pool, element
                )
                self._oxide[pool, element].append((oxide, 1.0))

    def _part(self, pool: str, element: str) -> float:
        """What a pool takes of an element, roughly: a ratio is held as close as it is large."""
        made = self.numbers.ledgers[element].separated.get(pool)
        return made.amount.value if made and made.amount.value else 0.05 * self._scale[element]

    def add_separation_shares(self) -> None:
        """Where rows print no tonnes: the part of a pool in what the world separates."""
        for element in sorted({element for _, element in self.numbers.shares}):
            world = self.column("oxide_world", element)
            made = [
                (self.columns["oxide", pool, element], 1.0)
                for pool in sorted(self.numbers.makers[SEPARATION])
            ]
            self.zero([*made, (world, -1.0)], ("oxide_of", element))
            for (pool, of), share in sorted(self.numbers.shares.items()):
                if of == element:
                    self.ratio(
                        self.columns["oxide", pool, element],
                        world,
                        share,
                        self._scale[element],
                        "oxide_share",
                        pool,
                        element,
                    )

    def add_scrap(self) -> None:
        """Oxide from scrap, and the rows that print it together with what comes from ore."""
        for element, ledger in sorted(self.numbers.ledgers.items()):
            for place, amount in sorted(ledger.scrap.items()):
                scrap = self.number(amount, "scrap", place, element)
                self._oxide[place, element].append((scrap, 1.0))
        for printed in self.numbers.output[SEPARATION]:
            parts = [
                self.columns[name]
                for element in printed.elements
                for name in (("oxide", printed.pool, element), ("scrap", printed.pool, element))
                if name in self.columns
            ]
            if parts and printed.amount.high > 0:
                self.sum_of(
                    parts, printed.amount, "oxide_printed", printed.pool, "+".join(printed.elements)
                )

    def add_goods_sold(self) -> None:
        """What goods hold is inside their ranges, and together no more than was paid for them."""
        assumed = self.chemistry.of("value-margin", "compounds and metals")
        margin = 1.1 if assumed is None else assumed.value
        split = self.chemistry.of("praseodymium-in-ndpr", "traded praseodymium and neodymium")
        for (stage, seller, buyer), goods in sorted(self.numbers.goods.items()):
            if stage not in (SEPARATION, METAL):
                continue
            balance = self._oxide if stage == SEPARATION else self._metal
            columns = {}
            prices = self._prices(stage)
            least = fsum(prices.get(each, 0.0) * x.low for each, x in goods.held.items())
            paid = None if goods.usd is None else goods.usd / 1000 * margin
            fits = min(1.0, paid / least) if paid is not None and least else 1.0
            for element, amount in sorted(goods.held.items()):
                if not amount.high:
                    continue
                low = amount.low * fits * (1 - 1e-9)
                held = self.number(
                    replace(amount, low=min(low, amount.value)),
                    "sold",
                    stage,
                    seller,
                    buyer,
                    element,
                )
                columns[element] = held
                balance[buyer, element].append((held, 1.0))
                balance[seller, element].append((held, -1.0))
            if paid is not None and all(each in prices for each in columns):
                self.row(
                    [(x, prices[each]) for each, x in columns.items()],
                    ("paid", stage, seller, buyer),
                    upper=paid,
                )
            if split is not None and {"Nd", "Pr"} <= columns.keys():
                nd, pr, name = columns["Nd"], columns["Pr"], ("split", stage, seller, buyer)
                low, high = split.low, split.high
                self.row([(pr, 1 - low), (nd, -low)], (*name, "low"), lower=0.0)
                self.row([(pr, 1 - high), (nd, -high)], (*name, "high"), upper=0.0)

    def _prices(self, stage: str) -> dict[str, float]:
        """Thousand dollars for what a tonne of an element in goods is worth, as oxide."""
        gain = self.chemistry.of("stage-yield", METAL)
        loss = gain.value if stage == METAL and gain is not None else 1.0
        return {
            element: price.low * self.chemistry.factors[element].value / loss
            for element, price in self.numbers.prices.items()
            if element in self.numbers.ledgers
        }

    @property
    def pools(self) -> list[str]:
        """All pools that oxide and metal come to."""
        return sorted({pool for pool, _ in (*self._oxide, *self._metal)} | {REST})

    def add_metal(self) -> None:
        """Oxide becomes metal or is used as it is; metal is what rows print."""
        gain = self.chemistry.of("stage-yield", METAL) or exactly(1.0)
        makers = (
            self.numbers.makers[METAL] | self.numbers.makers[MAGNET] | {REST}
            if self.numbers.magnet
            else frozenset()
        )
        for element in self.numbers.elements:
            for pool in self.pools:
                used = self.column("used", pool, element)
                into = self.column(
                    "into_metal", pool, element, upper=inf if pool in makers else 0.0
                )
                made = self.column("metal", pool, element)
                self.ratio(
                    made, into, gain, self._part(pool, element), "yield", METAL, pool, element
                )
                self.zero(
                    [
                        *self._oxide[pool, element],
                        (used, -1.0),
                        (into, -1.0),
                        *self.slack(SEPARATION, pool, element),
                    ],
                    ("oxide_balance", pool, element),
                )
                self._metal[pool, element].append((made, 1.0))
        for printed in self.numbers.output[METAL]:
            parts = [self.columns["metal", printed.pool, element] for element in printed.elements]
            self.sum_of(
                parts, printed.amount, "metal_printed", printed.pool, "+".join(printed.elements)
            )

    def add_other_uses(self) -> None:
        """Of the world's oxide a part goes into magnets; what rows do not print is not counted."""
        family = self.numbers.magnet
        for element in self.numbers.elements:
            share = self.chemistry.of("magnet-use-share", family, element)
            used = [self.columns["used", pool, element] for pool in self.pools]
            into = [self.columns["into_metal", pool, element] for pool in self.pools]
            if share is None:
                for column in used:
                    self.model.upper[column] = 0.0
                continue
            others, magnets = (
                self.column("used_world", element),
                self.column("magnets_world", element),
            )
            self.zero([(others, -1.0), *((x, 1.0) for x in used)], ("used_of", element))
            self.zero([(magnets, -1.0), *((x, 1.0) for x in into)], ("magnets_of", element))
            part = (exactly(1.0) / share).less(exactly(1.0))
            self.ratio(others, magnets, part, self._scale[element], "other_uses", element)

    def add_magnets(self) -> None:
        """Blanks hold the elements of their recipe; finished magnets are a part of blanks."""
        numbers = self.numbers
        family = numbers.magnet
        loss = self._assumed("stage-yield", MAGNET)
        finished = self._assumed("finished-per-blank", "sintered magnets")
        for pool in self._magnet_makers:
            printed = numbers.blanks.get(pool)
            blanks = (
                self.column("blanks", pool)
                if printed is None
                else self.number(printed, "blanks", pool)
            )
            scale = max(printed.value if printed is not None else 0.0, UNKNOWN * self._magnets)
            magnets = self.column("finished", pool)
            self.ratio(magnets, blanks, finished, scale, "finished_of_blanks", pool)
            for element in numbers.elements:
                recipe = self._assumed("element-per-magnet", family, element)
                if element in self.recipes and pool not in numbers.printed:
                    recipe = _near(recipe, self.recipes[element])
                held = self.column("in_blanks", pool, element)
                taken = self.column("into_magnets", pool, element)
                self.ratio(held, blanks, recipe, scale, "recipe", pool, element)
                self.ratio(held, taken, loss, scale * recipe.value, "yield", MAGNET, pool, element)
                self._metal[pool, element].append((taken, -1.0))
        for element in numbers.elements:
            for pool in sorted({pool for pool, each in self._metal if each == element}):
                self.zero(
                    [*self._metal[pool, element], *self.slack(METAL, pool, element)],
                    ("metal_balance", pool, element),
                )
        self._magnet_shares()

    @cached_property
    def _magnets(self) -> float:
        return fsum(each.value for each in self.numbers.blanks.values())

    @property
    def _magnet_makers(self) -> list[str]:
        """The rest of the world makes magnets where a share of the world bounds what it makes."""
        rest = {REST} if self.numbers.magnet == NDFEB or self._shares_of_magnets else set()
        return sorted(self.numbers.makers[MAGNET] | rest)

    @cached_property
    def _shares_of_magnets(self) -> dict[str, Amount]:
        """The parts of the world's magnets that are assumed, by pool."""
        family, makers = self.numbers.magnet, sorted(self.numbers.makers[MAGNET])
        found = {pool: magnet_share(self.chemistry, family, pool) for pool in makers}
        return {  # of samarium as assumed: oxide left over says nothing of who makes magnets
            pool: share if family == NDFEB else exactly(share.value)
            for pool, share in found.items()
            if share is not None
        }

    def _magnet_shares(self) -> None:
        for pool, share in self._shares_of_magnets.items():
            world = self.column("finished_world")
            made = [(self.columns["finished", each], 1.0) for each in self._magnet_makers]
            self.zero([(world, -1.0), *made], ("finished_of",))
            self.ratio(
                self.columns["finished", pool], world, share, self._magnets, "magnet_share", pool
            )

    def add_swarf(self) -> None:
        """Scrap is a part of what grinding takes off the blanks of the pool, or of other origin."""
        found = self.chemistry.of("swarf-recovery", "sintered magnets")
        finished = self.chemistry.of("finished-per-blank", "sintered magnets")
        if found is None or finished is None:
            return
        for element, ledger in sorted(self.numbers.ledgers.items()):
            for place, amount in sorted(ledger.scrap.items()):
                if ("in_blanks", place, element) in self.columns:
                    part = Amount(
                        found.value * (1 - finished.value),
                        found.low * (1 - finished.high),
                        found.high * (1 - finished.low),
                    )
                    other = self.column("other_scrap", place, element)
                    swarf = self.column("swarf", place, element)
                    self.zero(
                        [(self.columns["scrap", place, element], -1.0), (swarf, 1.0), (other, 1.0)],
                        ("scrap_of", place, element),
                    )
                    blanks = self.columns["in_blanks", place, element]
                    scale = amount.value / part.value
                    self.ratio(swarf, blanks, part, scale, "swarf", place, element)

    def add_magnets_sold(self) -> None:
        """A pool sells no more finished magnets than it makes and buys."""
        terms: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for (seller, buyer), amount in self.numbers.magnets.items():
            sold = self.number(amount, "magnets_sold", seller, buyer)
            terms[seller].append((sold, -1.0))
            terms[buyer].append((sold, 1.0))
        for pool in sorted(terms):
            if ("finished", pool) in self.columns:
                terms[pool].append((self.columns["finished", pool], 1.0))
            used = self.column("magnets_used", pool)
            cost = 1 / self._magnets if self._magnets else 1.0
            terms[pool].append((self.column("magnets_missing", pool, cost=cost), 1.0))
            self.zero([*terms[pool], (used, -1.0)], ("magnets_balance", pool))


def _near(recipe: Amount, world: float) -> Amount:
    """A recipe about that of the world, inside its own range."""
    value = min(max(world, recipe.low), recipe.high)
    low, high = max(recipe.low, value * (1 - ALIKE)), min(recipe.high, value * (1 + ALIKE))
    return Amount(value, low, high, (), recipe.assumptions)
