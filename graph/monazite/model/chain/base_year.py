"""The base year: ledgers of the elements that share plants, reconciled into a chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from functools import cached_property
from math import fsum

from monazite.core.errors import LossNotKnownError, NotKnownError, ProgrammeError
from monazite.core.formats import between, exact, percent, tonnes
from monazite.core.results import Assumption, Struct
from monazite.data.parameters import FREE, MAGNET, SEPARATION, check_year, horizons
from monazite.model.assumptions import assumptions_behind, assumptions_of
from monazite.model.balance.balance import merged_lines
from monazite.model.chain.chain import Chain, Market, to_chain, to_use_chain
from monazite.model.chain.element_chain import to_element_chain
from monazite.model.chain.site_capacity import (
    ChainElements,
    SpareRows,
    read_spare_rows,
    with_ceilings,
)
from monazite.model.chemistry import NOTHING, Amount, Chemistry, read_chemistry
from monazite.model.network.facts import MAGNET_RARE_EARTHS, Facts, read_facts
from monazite.model.network.market import find_mix, why_no_mix
from monazite.model.network.shares import REST, WORLD
from monazite.model.network.trade import MarketMix, OwnOutput
from monazite.model.reconciliation.ledger import (
    ELEMENTS_OF_MAGNETS,
    SMCO,
    Ledger,
    StageLine,
    magnet_share,
)
from monazite.model.reconciliation.numbers import YearNumbers, magnet_price_inputs
from monazite.model.reconciliation.year import (
    ReconciledYear,
    cached_year,
    drawn_from,
    magnet_numbers,
    other_numbers,
    reconcile_year,
    year_of_ore,
)
from monazite.model.reconciliation.year_rows import YearRows, read_year_rows
from monazite.model.trade_content import NDFEB
from monazite.store.names import named

NDPR = "NdPr"
NDFEB_CHAINS = {NDPR: ("Nd", "Pr"), "Dy": ("Dy",), "Tb": ("Tb",)}


def assumptions_horizon(horizon: str) -> str:
    """Return the horizon whose assumptions count; free trade takes those of the medium run."""
    return "medium-run" if horizon == FREE else horizon


def chain_elements(facts: Facts) -> ChainElements:
    """Return the elements whose chains have to be worked out for an element or group."""
    members = facts.members
    if members <= ELEMENTS_OF_MAGNETS[NDFEB]:
        names = tuple(name for name, parts in NDFEB_CHAINS.items() if members & {*parts})
        return ChainElements(names, NDFEB_CHAINS, NDFEB)
    if len(members) > 1:
        raise NotKnownError(
            f"The members of {facts.title} go into different products, and what is lost of them "
            "cannot be added up: ask for one element, for NdPr or for MREE."
        )
    (element,) = members
    magnet = SMCO if element in ELEMENTS_OF_MAGNETS[SMCO] else ""
    return ChainElements((element,), {element: (element,)}, magnet)


def year_of(facts: Facts, year: int | None, instead: str = "take --year") -> int:
    """Return the base year."""
    check_year(year)
    chosen = year or facts.trade_year(set(facts.routes), reconciled=True)
    if chosen is None:
        raise NotKnownError(f"We found no trade of any year: use more of the data, or {instead}.")
    return chosen


class BaseYear(Struct):
    """The inputs of the chain of a base year, read once."""

    elements: ChainElements
    year_rows: YearRows
    chemistry: Chemistry
    market: str
    mix: MarketMix | None  # None for the world and China
    magnet_rows: YearRows | None = None  # of neodymium magnets, for what ore is sold
    # at the value of every number
    undrawn: ReconciledYear | None = field(default=None, compare=False, repr=False)
    # not solved again where it stays
    before: ReconciledYear | None = field(default=None, compare=False, repr=False)
    spare: SpareRows = field(default_factory=SpareRows)

    def inputs(self, horizon: str) -> dict[str, Amount]:
        """Return every number that the chain and a horizon rest on, by name."""
        all_rows = [rows for rows in (self.year_rows, self.magnet_rows) if rows is not None]
        found = self.chemistry.inputs({x for rows in all_rows for x in rows.members})
        for (_, subject, _), amount in self.chemistry.assumed.items():
            if subject in horizons() and subject != assumptions_horizon(horizon):
                found.pop(amount.name, None)
        for ledger in (x for rows in all_rows for x in rows.ledgers(self.chemistry)):
            for name, amount in ledger.inputs.items():
                before = found.get(name, amount)
                low, high = min(before.low, amount.low), max(before.high, amount.high)
                found[name] = replace(amount, low=low, high=high)
        found |= self.traded_magnets
        for row, (low, value, high) in self.mix.ranges().items() if self.mix is not None else ():
            found[row] = Amount(value, low, high, assumptions=(row,))
        return dict(sorted(found.items()))

    @property
    def traded_magnets(self) -> dict[str, Amount]:
        """What turns the value of traded magnets into tonnes, by the rows of the assumptions."""
        rows = self.year_rows if self.elements.magnet == NDFEB else self.magnet_rows
        return {} if rows is None else magnet_price_inputs(rows)

    def accounts(
        self, drawn: Mapping[str, Amount] | None = None, known: ReconciledYear | None = None
    ) -> Accounts:
        """Work out the ledgers of all elements of the chain."""
        if not drawn:
            return Accounts(self, drawn, known)
        values = {name: amount.value for name, amount in drawn.items()}
        mix = None if self.mix is None else self.mix.at(values)
        return Accounts(replace(self, chemistry=self.chemistry.at(drawn), mix=mix), drawn, known)


class Accounts(Struct):
    """The ledgers of a base year and their merged lines, by element."""

    base: BaseYear
    drawn: Mapping[str, Amount] | None = None
    known: ReconciledYear | None = None

    @cached_property
    def ledgers(self) -> Mapping[str, list[Ledger]]:
        """The ledgers of the members of each element chain."""
        base = self.base
        element_chains = base.elements.members
        by_symbol = {
            each.element: each for each in base.year_rows.ledgers(base.chemistry, self.drawn)
        }
        lost = sorted({x for parts in element_chains.values() for x in parts} - {*by_symbol})
        if lost:
            raise NotKnownError(
                f"We found no oxide factor of {', '.join(lost)} (yields, stoichiometric "
                "conversion): tonnes cannot be worked out. Use more of the data."
            )
        return {name: [by_symbol[each] for each in parts] for name, parts in element_chains.items()}

    @cached_property
    def lines(self) -> Mapping[str, list[StageLine]]:
        """What countries make, buy, sell and take at each stage, by element chain."""
        return {
            name: merged_lines(ledger.lines() for ledger in parts)
            for name, parts in self.ledgers.items()
        }

    @property
    def rows(self) -> tuple[str, ...]:
        """All rows that the lines rest on, and those that say from where the market buys."""
        found = set(self.base.mix.rows if self.base.mix is not None else ())
        for line in (line for lines in self.lines.values() for line in lines):
            for amount in (line.made, line.imports, line.exports, line.taken, line.scrap):
                found.update(amount.rows if amount is not None else ())
        return tuple(sorted(found))

    @cached_property
    def reconciled(self) -> ReconciledYear:
        """The year, reconciled over all its elements at once."""
        base, drawn = self.base, self.drawn or None
        if self.known is not None:
            return self.known
        found = base.undrawn
        if found is not None and drawn is None and found.numbers.chemistry is base.chemistry:
            return found
        try:
            return reconcile_year(self.numbers(), base.before, chance=drawn_from(drawn))
        except ProgrammeError:
            _named = self.lines  # where a yield is nothing, the lines name its row
            raise

    def numbers(self, solve: Callable[[YearNumbers], ReconciledYear] | None = None) -> YearNumbers:
        """Gather the numbers of the year; for the ore of others that of the magnets is solved."""
        base, drawn, chemistry = self.base, self.drawn or None, self.base.chemistry
        ((ledger, *others), *more) = self.ledgers.values()
        if others or more:
            found = magnet_numbers(base.year_rows, chemistry, drawn)
            assert found is not None, "there are ledgers"
            return found
        rows = base.magnet_rows
        first = None if rows is None else year_of_ore(rows, chemistry, drawn, solve=solve)
        return other_numbers(base.year_rows, ledger, first, chemistry, drawn)

    def chain(self) -> Chain:
        """Reconcile the ledgers into the chain."""
        year, elements = self.base.year_rows.year, self.base.elements
        chains = {
            name: to_element_chain(name, members, self.reconciled)
            for name, members in elements.members.items()
        }
        if not elements.magnet:
            ((element, element_chain),) = chains.items()
            found = to_use_chain(year, element_chain)
            lack = f"figures for how {element} is separated in {year}"
        else:
            known, asked = self.reconciled, self.base.market
            found = to_chain(chains, elements.members, known, self._market(), asked)
            lack = f"magnets made in {year}, or no assumption on what they hold"
        if found is None:
            raise NotKnownError(f"We found no {lack}: ask another --year.")
        return with_ceilings(found, self.base.spare, elements, self.reconciled)

    def _market(self) -> Market | None:
        """The market where it is no pool of the year, and what it buys of each pool."""
        mix, market = self.base.mix, self.base.market
        if mix is None or self._is_pool(market):
            return None
        areas = self.reconciled.numbers.areas
        bought: dict[str, float] = {}
        for seller, share in mix.shares.items():
            pool = areas.get(seller, seller)
            pool = pool if self._is_pool(pool) else REST
            bought[pool] = bought.get(pool, 0.0) + share * mix.tonnes
        bought[REST] = bought.get(REST, 0.0) + mix.rest * mix.tonnes
        area = areas.get(market, REST)
        return Market(market, area if self._is_pool(area) else REST, bought)

    def _is_pool(self, place: str) -> bool:
        return ("magnets_used", place) in self.reconciled.values

    def own_output(self, market: str) -> OwnOutput | None:
        """Return the magnets that a market makes by the reconciled year; None if it is no pool."""
        found = self.reconciled
        if ("finished", market) not in found.values or not self._is_pool(market):
            return None
        ends = [each for each in found.ranges if (each.stage, each.pool) == (MAGNET, market)]
        known = ends[0] if ends and ends[0].carried else None
        made = found.numbers.blanks.get(market, NOTHING)
        return OwnOutput(
            tonnes=found.value("finished", market),
            year=self.base.year_rows.year,
            rows=made.rows or made.assumptions,
            low=None if known is None else known.low,
            high=None if known is None else known.high,
            reconciled=True,
        )


def read_base_year(facts: Facts, year: int, market: str, label: str) -> BaseYear:
    """Read the inputs of a base year, with a market of its own."""
    return replace(_base_for(facts, year, market, label), spare=read_spare_rows(facts, year))


def _base_for(facts: Facts, year: int, market: str, label: str) -> BaseYear:
    elements, chemistry = chain_elements(facts), read_chemistry(facts)
    printed = {element for shares in chemistry.assays.values() for element in shares}
    missing = [x for name in elements.names for x in elements.members[name] if x not in printed]
    if missing:
        why = chemistry.unused.values()
        raise NotKnownError(
            f"We found no assay of {' or '.join(missing)} in ore: what is mined is not known. "
            + " ".join(("Add an assay with --data, or use more of the data.", *why))
        )
    apart = "" if market in (WORLD, "CHN", REST) else market
    if elements.magnet == NDFEB:
        base = _base_of_magnets(facts, elements, chemistry, year, market)
        if not apart:
            return base
        mix = find_mix(facts, market, year, base.accounts().own_output(market))
        if mix is None:
            raise LossNotKnownError(
                f"We found no figures for where {named(label)} buys its magnets: what it loses is "
                "not known. The world (WLD) and all but China (ROW) can be asked about. "
                f"{why_no_mix(facts, market)}"
            )
        return replace(base, mix=mix)
    if elements.magnet and market != WORLD:
        raise LossNotKnownError(
            f"We found no figures for who uses magnets with {facts.title}: what {named(label)} "
            "loses is not known. The world (WLD) can be asked about."
        )
    rows = read_year_rows(facts, year, "" if elements.magnet else apart)
    of_magnets = facts.store.derive(
        ("rows of the ore", facts.date, year),
        lambda: read_year_rows(read_facts(facts.store, MAGNET_RARE_EARTHS, facts.date), year),
    )
    return _with_year(BaseYear(elements, rows, chemistry, market, None, of_magnets), facts)


def _with_year(base: BaseYear, facts: Facts) -> BaseYear:
    """The base year with its reconciled year: the same for all who ask of one view."""
    elements = ("magnets",) if base.elements.magnet == NDFEB else tuple(sorted(facts.members))
    area, year = base.year_rows.area, base.year_rows.year

    def cached(numbers: YearNumbers) -> ReconciledYear:
        return cached_year(numbers, facts.store)

    found = facts.store.derive(
        ("reconciled year", facts.date, year, elements, area),
        lambda: cached(base.accounts().numbers(cached)),
    )
    return replace(base, undrawn=found, before=found, chemistry=found.numbers.chemistry)


def own_output_of(facts: Facts, market: str) -> OwnOutput | None:
    """Return the magnets that a market makes by the reconciled year of a view."""
    if market in (WORLD, REST):
        return None
    try:
        elements, year = chain_elements(facts), year_of(facts, None)
        if elements.magnet != NDFEB:
            return None
        base = _base_of_magnets(facts, elements, read_chemistry(facts), year, market)
        return base.accounts().own_output(market)
    except (NotKnownError, ProgrammeError):
        return None


def _base_of_magnets(
    facts: Facts, elements: ChainElements, chemistry: Chemistry, year: int, market: str
) -> BaseYear:
    rows = read_year_rows(read_facts(facts.store, MAGNET_RARE_EARTHS, facts.date), year)
    return _with_year(BaseYear(elements, rows, chemistry, market, None), facts)


def assumed_in(base: BaseYear, facts: Facts) -> tuple[Assumption, ...]:
    """Return the assumptions that a base year rests on, those behind traded magnets last."""
    sold = set(base.mix.rows) if base.mix is not None else set()
    if base.elements.magnet == NDFEB:
        sold.update(base.traded_magnets)
    return (*assumptions_of(base.chemistry), *assumptions_behind(facts, sold))


def weak_note(accounts: Accounts, facts: Facts) -> tuple[str, ...]:
    """Return the mark of weak losses as a sentence; none where they are not weak."""
    return tuple(f"Weak: {why}." for why in [weak_use(accounts, facts)] if why)


def weak_use(accounts: Accounts, facts: Facts) -> str:
    """Say why losses are weak where one country alone prints the magnets, and of another year."""
    ((ledger, *_), *_) = accounts.ledgers.values()
    printed = {place: each for place, each in ledger.blanks.items() if each.printed is not None}
    if len(printed) != 1 or {each.year for each in printed.values()} == {ledger.year}:
        return ""
    ((place, made),) = printed.items()
    oxide, left = (
        fsum(x for name, x in accounts.reconciled.values.items() if name[: len(what)] == what)
        for what in (("oxide",), ("surplus", SEPARATION))
    )
    assumed = magnet_share(accounts.base.chemistry, ledger.magnet, place)
    share = "" if assumed is None else between(100 * assumed.low, 100 * assumed.high, exact)
    share = f"; its share is assumed, {share} %" if share else ""
    surplus = f", and {percent(left / oxide)} of the oxide is surplus" if left > oxide / 2 else ""
    return (
        f"only {named(facts.country_labels[place])} prints these magnets "
        f"({tonnes(made.amount.value)} t of blanks in {made.year}{share}){surplus}"
    )
