"""The numbers of a year that are reconciled, gathered from its ledgers."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import fields, is_dataclass
from functools import cached_property
from math import fsum

from monazite.core.results import Struct
from monazite.data.parameters import ALLOY, MAGNET, METAL, MINE, SEPARATION, horizons
from monazite.model.chemistry import NOTHING, Amount, Chemistry, exactly, total
from monazite.model.network.facts import Facts
from monazite.model.network.magnet_sales import own_output
from monazite.model.network.market import magnet_codes
from monazite.model.network.shares import REST
from monazite.model.network.trade import of_magnets
from monazite.model.reconciliation.ledger import BY_SHARE, FLOOR, ROWS, Ledger
from monazite.model.reconciliation.year_rows import YearRows
from monazite.model.trade_content import NDFEB, REO, national_output
from monazite.store.queries import QueryRecord

Pair = tuple[str, str]
AREA = "EUE"  # Countries that are one pool of metal and magnets
MAGNETS_MADE = "magnets-made"
UNKNOWN = 0.01  # of the world's magnets: the most of a maker without a row
QUARTER, QUARTERS = "t-per-quarter", 4


class SoldGoods(Struct):
    """What one pool sells another of the product of a stage."""

    gross: float
    usd: float | None  # dollars paid; None where not all of it is known
    held: Mapping[str, Amount]
    reo: Amount = NOTHING

    def with_other(self, other: SoldGoods) -> SoldGoods:
        """Add up two flows between the same two pools."""
        return SoldGoods(
            gross=self.gross + other.gross,
            usd=None if self.usd is None or other.usd is None else self.usd + other.usd,
            held={
                each: self.held.get(each, NOTHING) + other.held.get(each, NOTHING)
                for each in sorted({*self.held, *other.held})
            },
            reo=self.reo + other.reo,
        )


class Printed(Struct):
    """What a row prints of a pool's output of some elements together, as contained elements."""

    pool: str
    elements: tuple[str, ...]
    amount: Amount


class YearNumbers(Struct):
    """All numbers of a year that one reconciliation takes."""

    chemistry: Chemistry
    prices: Mapping[str, Amount]
    ledgers: Mapping[str, Ledger]
    mined: Mapping[str, Amount]
    goods: Mapping[tuple[str, str, str], SoldGoods]
    output: Mapping[str, tuple[Printed, ...]]
    makers: Mapping[str, frozenset[str]]  # pools that may make a stage's product, by stage
    blanks: Mapping[str, Amount]
    printed: frozenset[str]  # pools of whose magnets a row of the year speaks
    shares: Mapping[Pair, Amount]  # of the world's separation, where no tonnes
    magnets: Mapping[Pair, Amount]  # tonnes of finished magnets sold, by seller and buyer
    areas: Mapping[str, str]
    ore: Mapping[tuple[str, str, str], float] | None = None  # oxide by country, ore, buyer

    @property
    def elements(self) -> tuple[str, ...]:
        """Symbols of the elements, sorted."""
        return tuple(sorted(self.ledgers))

    @property
    def magnet(self) -> str:
        """The family of magnets that hold the elements; empty if none does."""
        return next(iter(self.ledgers.values())).magnet

    def rows_of(self, members: Iterable[str]) -> dict[Pair, tuple[str, ...]]:
        """Return the rows that output rests on, by stage and country or pool."""
        own, found = {*members}, defaultdict[Pair, set[str]](set)
        for stage, amounts in ((MINE, self.mined), (MAGNET, self.blanks)):
            for place, amount in amounts.items():
                found[stage, place].update(amount.rows)
        for stage, printed in self.output.items():
            for each in printed:
                if own & {*each.elements}:
                    found[stage, each.pool].update(each.amount.rows)
        for (pool, element), share in self.shares.items():
            if element in own:
                found[SEPARATION, pool].update(share.rows)
        for (stage, seller, buyer), goods in self.goods.items():
            rows = {row for x, held in goods.held.items() if x in own for row in held.rows}
            for pool in (seller, buyer) if stage == METAL else (seller,):
                found[stage, pool] |= rows
        for (seller, _), amount in self.magnets.items():
            found[MAGNET, seller].update(amount.rows)
        return {key: tuple(sorted(rows)) for key, rows in sorted(found.items()) if rows}


def gather(
    rows: YearRows,
    ledgers: Iterable[Ledger],
    chemistry: Chemistry,
    drawn: Mapping[str, Amount] | None = None,
) -> YearNumbers:
    """Gather the numbers of a year from the ledgers of the elements that share goods."""
    by_symbol = {each.element: each for each in ledgers}
    first = next(iter(by_symbol.values()))
    facts = rows.members[first.element]
    areas = dict.fromkeys(sorted(facts.areas.get(AREA, ())), AREA)
    if not first.magnet:
        areas = dict.fromkeys(sorted(rows.area_members), rows.area)
    gatherer = _Gatherer(rows, by_symbol, areas, facts, chemistry, drawn or {})
    return YearNumbers(
        chemistry=chemistry,
        prices=rows.prices,
        ledgers=by_symbol,
        mined={
            place: made.amount
            for place, made in national_output(
                rows.ore_figures, MINE, rows.year, lambda *_: exactly(1.0), drawn
            ).items()
        },
        goods=gatherer.goods(),
        output=gatherer.output(),
        makers=gatherer.makers,
        blanks=gatherer.blanks(),
        printed=frozenset(areas.get(place, place) for place in first.blanks),
        shares=gatherer.shares(),
        magnets=gatherer.magnets(),
        areas=areas,
    )


def magnet_price_inputs(rows: YearRows) -> dict[str, Amount]:
    """Return what turns the value of traded magnets into tonnes, by the rows of the assumptions."""
    facts = next(iter(rows.members.values()))
    prices = facts.magnet_prices
    if prices is None or rows.year not in prices.numbers:
        return {}
    flows = [*of_magnets(rows.flows, magnet_codes(facts))]
    ranges = prices.ranges() if flows else {}
    found = {}
    for row in sorted(prices.assumed(flows, rows.year, made=True) & ranges.keys()):
        low, value, high = ranges[row]
        found[row] = Amount(value, low, high, assumptions=(row,))
    return found


class _Gatherer(Struct):
    rows: YearRows
    ledgers: Mapping[str, Ledger]
    areas: Mapping[str, str]
    facts: Facts
    chemistry: Chemistry
    drawn: Mapping[str, Amount]

    @property
    def _first(self) -> Ledger:
        return next(iter(self.ledgers.values()))

    def _pool(self, country: str) -> str:
        area = self.areas.get(country, country)
        return area if area in self._known else REST

    @cached_property
    def _known(self) -> frozenset[str]:
        """Pools by themselves: makers, and of what no magnet holds all who buy the oxide."""
        found = {pool for makers in self.makers.values() for pool in makers}
        if not self._first.magnet:
            found |= {
                self.areas.get(flow.importer, flow.importer)
                for flow in self._first.traded
                if flow.stage == SEPARATION
            }
        return frozenset(found)

    @cached_property
    def makers(self) -> dict[str, frozenset[str]]:
        """Pools that make something at a stage: by a row, by net exports, or by a plant."""
        found: dict[str, set[str]] = {stage: set() for stage in (SEPARATION, METAL, MAGNET)}
        for ledger in self.ledgers.values():
            for stage, made in (
                (SEPARATION, ledger.separated),
                (METAL, ledger.metal),
                (MAGNET, ledger.magnets),
            ):
                found[stage] |= {
                    self.areas.get(place, place)
                    for place, each in made.items()
                    if each.amount.high > 0 and each.how in (ROWS, BY_SHARE, FLOOR)
                }
        if self._first.magnet == NDFEB:
            for site in self.facts.sites:
                stage = METAL if site.stage == ALLOY else site.stage
                if stage in (METAL, MAGNET):
                    found[stage].add(self.areas.get(site.country, site.country))
            found[MAGNET] |= self._assumed_blanks.keys()
        return {stage: frozenset(places - {REST}) for stage, places in found.items()}

    @property
    def _assumed_blanks(self) -> dict[str, Amount]:
        """Tonnes of magnets that are assumed, by pool."""
        of = {of: x for (name, of, _), x in self.chemistry.assumed.items() if name == MAGNETS_MADE}
        return {self.areas.get(place, place): amount for place, amount in of.items()}

    def goods(self) -> dict[tuple[str, str, str], SoldGoods]:
        """What is traded of ore, oxide and metal between pools; ore is sold by countries."""
        found: dict[tuple[str, str, str], SoldGoods] = {}
        ore = {
            (flow.exporter, flow.importer): flow.amount
            for flow in self.rows.traded(self.chemistry, REO)
            if flow.stage == MINE
        }
        seen: dict[tuple[str, str, str], SoldGoods] = {}
        for symbol, ledger in sorted(self.ledgers.items()):
            for flow in ledger.traded:
                key = (flow.stage, flow.exporter, flow.importer)
                usd = None if flow.unit_value is None else flow.unit_value * flow.gross * 1000
                before = seen.get(key)
                held = {**(before.held if before else {}), symbol: flow.amount}
                reo = ore.get(key[1:], NOTHING) if flow.stage == MINE else NOTHING
                seen[key] = SoldGoods(flow.gross, usd, held, reo)
        for (stage, seller, buyer), goods in sorted(seen.items()):
            if stage == MAGNET:
                continue
            ends = (seller if stage == MINE else self._pool(seller), self._pool(buyer))
            if ends[0] != ends[1]:
                key = (stage, *ends)
                found[key] = goods if key not in found else found[key].with_other(goods)
        return found

    def output(self) -> dict[str, tuple[Printed, ...]]:
        """What rows print of oxide and metal; elements of one row are bound together."""
        found: dict[str, tuple[Printed, ...]] = {}
        sites = self._site_output()
        for stage in (SEPARATION, METAL):
            parts: dict[tuple[str, str], dict[str, Amount]] = defaultdict(dict)
            for symbol, ledger in sorted(self.ledgers.items()):
                made = ledger.separated if stage == SEPARATION else ledger.metal
                for place, each in made.items():
                    if each.how == ROWS and each.printed is not None:
                        pool = self.areas.get(place, place)
                        parts[pool, each.printed.name][symbol] = each.amount
            printed = []
            for (pool, _), held in sorted(parts.items()):
                elements, amount = tuple(held), total(held.values())
                own = sites.pop((pool, elements), None) if stage == SEPARATION else None
                if own is not None:  # it makes no less than its plants print: ranges of one number
                    value = max(own.value, amount.value)
                    low, high = min(own.low, amount.low), max(own.high, amount.high)
                    amount = Amount(value, low, high, tuple(sorted({*own.rows, *amount.rows})))
                printed.append(Printed(pool, elements, amount))
            found[stage] = tuple(printed)
        return found

    def _site_output(self) -> dict[tuple[str, tuple[str, ...]], Amount]:
        """What the plants of a country print of a calendar year: of the year, or four quarters."""
        chemistry, year = self.chemistry, str(self.rows.year)
        parts: dict[tuple[str, str, str, str], dict[str, Amount]] = defaultdict(dict)
        for answer in self.rows.site_output:
            if answer["unit"] == QUARTER or answer["until"] in (year, f"{year}-12"):
                key = (answer["country"], answer["facility"], answer["material"], answer["unit"])
                parts[key][answer["until"]] = self._contained(answer)
        sums: dict[tuple[str, tuple[str, ...]], dict[str, Amount]] = defaultdict(dict)
        for (country, facility, material, unit), found in sorted(parts.items()):
            members = chemistry.materials.get(material, frozenset()) & self.ledgers.keys()
            if len(found) >= (QUARTERS if unit == QUARTER else 1) and members:
                known = sums[self.areas.get(country, country), tuple(sorted(members))]
                if facility not in known or unit != QUARTER:
                    known[facility] = total(found.values())
        return {place: total(sites.values()) for place, sites in sums.items()}

    def _contained(self, answer: QueryRecord) -> Amount:
        chemistry, tonnes = self.chemistry, answer.number("tonnes")
        material, place = answer["material"], answer["country"]
        held = {
            basis: fsum(
                chemistry.in_material(material, basis, place, each).value
                for each in sorted(chemistry.materials.get(material, ()))
            )
            for basis in ("oxide", "element")
        }
        low = held["element" if answer["basis"] == "element" else "oxide"] * tonnes
        high = held["oxide" if answer["basis"] == "oxide" else "element"] * tonnes
        return Amount(low, low, high, (answer.row(),))

    def shares(self) -> dict[Pair, Amount]:
        """Printed parts of the world's separation, where rows print no tonnes."""
        return {
            (self.areas.get(place, place), symbol): share
            for symbol, ledger in sorted(self.ledgers.items())
            if any(made.how == BY_SHARE for made in ledger.separated.values())
            for place, share in ledger.separated_shares.items()
        }

    def blanks(self) -> dict[str, Amount]:
        """Magnets of the family, in tonnes; a maker without a row begins with nothing.

        What rows of the year print counts first, then an older row, then what is assumed.
        """
        found: dict[str, Amount] = {}
        for place, each in self._first.blanks.items():
            pool = self.areas.get(place, place)
            found[pool] = found.get(pool, NOTHING) + each.amount
        whole = fsum(each.value for each in found.values())
        if not found:
            return {}
        for pool in sorted(self.makers[MAGNET] - found.keys()):
            facts = self.facts
            old = own_output(facts.own_figures, pool, self.rows.year, facts.country_labels)
            older = self.chemistry.of("output-of-older-year", "magnets of a country")
            if old is not None and older is not None:
                found[pool] = exactly(old.tonnes, *old.rows) * older
            elif self._first.magnet == NDFEB and pool in self._assumed_blanks:
                found[pool] = self._assumed_blanks[pool]
            else:
                found[pool] = Amount(0.0, 0.0, UNKNOWN * whole)
        return found

    def magnets(self) -> dict[Pair, Amount]:
        """Finished magnets sold between pools, by the value of trade, net of what comes back."""
        if self._first.magnet != NDFEB:
            return {}
        prices, year = self.facts.magnet_prices, self.rows.year
        sold: list[tuple[str, str, Amount]] = []
        if prices is not None and year in prices.numbers:
            prices = prices.at({row: each.value for row, each in self.drawn.items()})
            for flow in of_magnets(self.rows.flows, magnet_codes(self.facts)):
                least, middle, most = prices.tonnes(flow, year)
                amount = Amount(middle, least, most, (flow.row,))
                sold.append((flow.exporter, flow.importer, amount))
        # where nothing turns the value of trade into tonnes: what rows print of magnets sold
        printed = (
            (each.exporter, each.importer, exactly(each.gross, *each.amount.rows))
            for each in self._first.traded
            if each.stage == MAGNET
        )
        return self._between_pools(sold) or self._between_pools(printed)

    def _between_pools(self, sold: Iterable[tuple[str, str, Amount]]) -> dict[Pair, Amount]:
        parts: dict[Pair, list[Amount]] = defaultdict(list)
        for exporter, importer, amount in sold:
            ends = (self._pool(exporter), self._pool(importer))
            if ends[0] != ends[1]:
                parts[ends].append(amount)
        return {ends: total(found) for ends, found in sorted(parts.items())}


_WORDS = {"rows", "reasons", "materials", "unused"}  # of which nothing is solved


def fingerprint(numbers: YearNumbers) -> str:
    """Return the hash of all numbers of a year that its programme reads."""
    ledgers = {
        element: (ledger.magnet, ledger.mined, ledger.separated, ledger.magnets, ledger.scrap)
        for element, ledger in numbers.ledgers.items()
    }
    others = {
        each.name: getattr(numbers, each.name)
        for each in fields(numbers)
        if each.name not in {"ledgers", "chemistry"}
    }
    chemistry = numbers.chemistry.about({*numbers.elements})
    known = {*horizons()}  # which are no part of a year
    assumed = {key: x for key, x in chemistry.assumed.items() if key[1] not in known}
    return fingerprint_of(others, ledgers, {**_fields(chemistry), "assumed": assumed})


def fingerprint_of(*values: object) -> str:
    """Return the hash of all numbers and names in values: rows and reasons are no part of it.

    >>> fingerprint_of({"Dy": Amount(1, 0, 2, ("a",))}) == fingerprint_of({"Dy": Amount(1, 0, 2)})
    True
    """
    return hashlib.sha256(repr(tuple(map(_plain, values))).encode()).hexdigest()


def _fields(value: object) -> dict[str, object]:
    assert is_dataclass(value)
    return {x.name: getattr(value, x.name) for x in fields(value) if x.name not in _WORDS}


def _plain(value: object) -> object:
    if isinstance(value, Amount):
        return value.value, value.low, value.high
    if isinstance(value, Mapping):
        return tuple(sorted((key, _plain(each)) for key, each in value.items()))
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    if isinstance(value, Set):
        return tuple(sorted(map(_plain, value), key=repr))
    return _plain(_fields(value)) if is_dataclass(value) else value
