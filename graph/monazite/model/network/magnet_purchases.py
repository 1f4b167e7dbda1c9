"""What a country or area buys of rare-earth magnets by trade, and what has to be said of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import fsum

from monazite.core.formats import exact, figures, in_tonnes, percent
from monazite.data.parameters import MAGNET, USE
from monazite.model.network.facts import Facts
from monazite.model.network.magnet_sales import OwnOutput, SalesRecord, own_output, yearly
from monazite.model.network.trade import (
    CASES,
    MIDDLE,
    Flow,
    MagnetPrices,
    MagnetTrade,
    MarketMix,
    Purchases,
    Three,
    TradedMix,
    of_magnets,
    three,
    to_purchases_by_value,
)
from monazite.store.names import named

NAMED = 3  # How many countries a sentence names
WORTH_SAYING = 0.02  # The part of what a market takes below which a remark is left out
_WHOLE = 0.5  # Tonnes that are not printed as none
YEARS_APART = 2  # Printed use of another year speaks beside that of the trade if it is no farther


def magnet_codes(facts: Facts) -> set[str]:
    """Return the customs codes of magnets."""
    return {code for code, pairs in facts.routes.items() if any(after == USE for _, after in pairs)}


def traded_mix(
    facts: Facts, market: str, base_year: int | None, own: OwnOutput | None = None
) -> TradedMix | None:
    """Return from where a market takes its magnets by reconciled trade, split by value."""
    prices, codes = facts.magnet_prices, magnet_codes(facts)
    year = facts.trade_year(codes, reconciled=True, until=base_year)
    if prices is None or year is None or year not in prices.levels:
        return None
    flows = of_magnets(facts.flows(year), codes)
    members = facts.areas.get(market, frozenset({market}))
    made = own or own_output(facts.own_figures, market, year, facts.country_labels)
    trade = MagnetTrade(
        flows=tuple(each for each in flows if {each.importer, each.exporter} & members),
        prices=prices,
        members=members,
        market=market,
        year=year,
        own=None if made is None else made.tonnes,
        own_range=None
        if made is None or made.low is None or made.high is None
        else (made.low, made.tonnes, made.high),
        own_rows=() if made is None else made.rows,
    )
    found, mix = trade.purchases(), trade.mix()
    if mix is None or not any(each[MIDDLE] for each in found.bought.values()):
        return None
    names = facts.country_labels
    name = named(names.get(market, market))
    low, high = in_tonnes(mix.low or 0.0), in_tonnes(mix.high or 0.0)
    remarks = [
        f"Trade by value gives {name} {in_tonnes(mix.tonnes)} of rare-earth magnets in {mix.year}, "
        f"{low} to {high}. Customs weigh all metal magnets together.",
        *_own(found, mix, made, name),
        *_mostly_others(found, prices, members, year),
        *_too_small(facts, found, codes, market, year),
        *_both_ways(found, mix, names),
        *_sold_on(facts, flows, prices, found, mix),
        *_part_of_area(facts, flows, prices, found, market, year),
    ]
    return replace(mix, remarks=tuple(remarks))


def _own(found: Purchases, mix: MarketMix, made: OwnOutput | None, name: str) -> Iterable[str]:
    sold = found.all_sold(MIDDLE)
    if made is not None and made.rows:
        yield from made.remarks
        yield from _made(made, name, in_tonnes(sold), mix.year)
    elif sold > WORTH_SAYING * mix.tonnes:
        own = made.tonnes if made is not None else 0.0
        little = f"; its metal allows {in_tonnes(own)}" if own >= _WHOLE else ""
        yield (
            f"We found no magnet output of {name}{little}. What it sells ({in_tonnes(sold)}) is "
            "subtracted from what it buys. The most is as if it made all that it sells."
        )


def _made(made: OwnOutput, name: str, sold: str, year: int) -> Iterable[str]:
    first = f" What it sells, net of returns ({sold}), is subtracted from that first."
    if made.reconciled:
        ends = (
            f", between {in_tonnes(made.low)} and {in_tonnes(made.high)}"
            if made.low is not None and made.high is not None
            else ""
        )
        yield (
            f"By its metal and trade, reconciled, {name} made {in_tonnes(made.tonnes)} of magnets "
            f"in {made.year}{ends} ({', '.join(made.rows)}).{first}"
        )
        return
    yield f"In {made.year} {name} made {in_tonnes(made.tonnes)}.{first}"
    later = f", and no record says what it made in {year}" if made.year < year else ""
    yield (
        f"No range of the {in_tonnes(made.tonnes)} is known{later}: the range of what it takes "
        "is of trade alone; with that of its output it would be wider."
    )


def _mostly_others(
    found: Purchases, prices: MagnetPrices, members: frozenset[str], year: int
) -> Iterable[str]:
    bought = [
        flow
        for flow in found.flows
        if flow.tonnes and flow.importer in members and flow.exporter not in members
    ]
    weight = fsum(flow.tonnes or 0.0 for flow in bought)
    _, rare, most = (fsum(prices.tonnes(flow, year)[case] for flow in bought) for case in CASES)
    if weight and rare < weight / 2:
        yield (
            f"Of {in_tonnes(weight)} that it buys under the code less than half, "
            f"{in_tonnes(rare)}, are rare-earth magnets by their value, at the most "
            f"{in_tonnes(most)}. Cheap magnets of other kinds bring value too: read what it takes "
            "as an upper bound."
        )


def _too_small(
    facts: Facts, found: Purchases, codes: set[str], market: str, year: int
) -> Iterable[str]:
    """Where flows that are too small to stand in the tables are a part of the value."""
    sums = facts.ask("network-trade-sums", year=str(year))
    whole = [each for each in sums if each["code"] in codes and each["importer"] == market]
    paid = fsum(each.number("usd") for each in whole)
    there = fsum(flow.usd or 0.0 for flow in found.flows if flow.importer == market)
    if paid - there > WORTH_SAYING * paid:
        yield (
            f"Flows below 300,000 dollars do not stand in the tables one by one: "
            f"{percent(1 - there / paid)} of the {figures(paid / 1e6, 3)} million dollars that "
            f"it pays under the code ({whole[0].row()}) are left out."
        )


def _both_ways(found: Purchases, mix: MarketMix, names: Mapping[str, str]) -> Iterable[str]:
    most = sorted(found.both_ways.items(), key=lambda pair: (-pair[1], pair[0]))
    partners = [(place, each) for place, each in most if each > WORTH_SAYING * mix.tonnes]
    if partners:
        yield (
            f"What goes out and comes back between it and {_listed(partners, names)} is counted "
            "once: blanks and finished magnets cross the border both ways."
        )


def _sold_on(
    facts: Facts, flows: list[Flow], prices: MagnetPrices, found: Purchases, mix: MarketMix
) -> Iterable[str]:
    """Sellers that buy more than they sell, and of whose output no row speaks."""
    makers = {each.place for each in facts.own_figures if each.stage == MAGNET}
    balance: dict[str, float] = {}
    for flow in flows:
        for place, sign in ((flow.exporter, 1), (flow.importer, -1)):
            balance[place] = balance.get(place, 0.0) + sign * prices.tonnes(flow, mix.year)[MIDDLE]
    sellers = sorted(found.bought.items(), key=lambda pair: (-pair[1][MIDDLE], pair[0]))
    resold = [
        (place, each[MIDDLE])
        for place, each in sellers
        if place not in makers and balance[place] < 0 and each[MIDDLE] >= _WHOLE
    ]
    if fsum(tonnes for _, tonnes in resold) > WORTH_SAYING * mix.tonnes:
        come = "come from net buyers" if resold[1:] else "comes from a net buyer"
        yield (
            f"Of what it buys, {_listed(resold, facts.country_labels)} {come} of magnets. We found "
            "no output there: some was made elsewhere."
        )


def _part_of_area(
    facts: Facts, flows: list[Flow], prices: MagnetPrices, found: Purchases, market: str, year: int
) -> Iterable[str]:
    name = named(facts.country_labels.get(market, market))
    for area, members in sorted(facts.areas.items()):
        if market not in members:
            continue
        union = to_purchases_by_value(flows, prices, members, year)
        whole = union.from_places(union.bought.keys())
        outside = found.from_places(found.bought.keys() - members)
        inside = found.from_places(members)
        union_name = named(facts.country_labels.get(area, area))
        yield (
            f"Outside {union_name}, {name} buys {in_tonnes(outside)} of the {in_tonnes(whole)} "
            f"that all members buy there. It buys {in_tonnes(inside)} from other members, which "
            f"-m {area} leaves out."
        )


def _listed(places: list[tuple[str, float]], names: Mapping[str, str]) -> str:
    found = [
        f"{named(names.get(place, place))} ({in_tonnes(each)})" for place, each in places[:NAMED]
    ]
    rest = fsum(each for _, each in places[NAMED:])
    if rest >= 1:
        found.append(f"others ({in_tonnes(rest)})")
    return f"{', '.join(found[:-1])} and {found[-1]}" if found[1:] else found[0]


def own_use(facts: Facts, market: str, year: int, tonnes: float) -> Iterable[str]:
    """Hold what rows print of the use of a country beside what it makes less what it sells."""
    name = named(facts.country_labels.get(market, market))
    made = own_output(facts.own_figures, market, year, facts.country_labels)
    kinds = {each.row: each.kind for each in facts.own_figures if made and each.row in made.rows}
    for row, kind in kinds.items():
        if kind and made is not None:
            yield f"The {in_tonnes(made.tonnes)} of magnets that {name} makes are a {kind} ({row})."
    for each in facts.ask("network-magnet-use", market=market):
        if each.year() == year and each.number("tonnes"):
            printed = each.number("tonnes")
            percent = round(100 * (tonnes / printed - 1))
            much = f"{abs(percent)} % {'more' if percent > 0 else 'less'}"
            yield (
                f"A record gives {in_tonnes(printed)} used in {year} ({each.row()}). What it makes "
                f"less what it sells is {much if percent else 'as much'}, {in_tonnes(tonnes)}."
            )


def agreement(
    facts: Facts,
    market: str,
    traded: TradedMix,
    printed: MarketMix | None,
    records: Iterable[SalesRecord],
) -> Iterable[str]:
    """Hold what rows print of a market beside what trade gives."""
    answers = facts.ask("network-magnet-use", market=market)
    near = [each for each in answers if abs(each.year() - traded.year) <= YEARS_APART]
    split: Three = (traded.low or 0.0, traded.tonnes, traded.high or 0.0)
    for each in near:
        if each.year() <= facts.year:
            tonnes = each.number("tonnes")
            yield (
                f"A record gives {in_tonnes(tonnes)} used in {each.year()} ({each.row()}). "
                f"{_against_trade(split, tonnes)}."
            )
    trade, names = traded.trade, facts.country_labels
    if trade is not None:
        yield from _bought_beside(trade, printed, names) if printed is not None else ()
        yield from _seller_beside(trade, [*records], names, facts.year)


def _bought_beside(
    trade: MagnetTrade, printed: MarketMix, names: Mapping[str, str]
) -> Iterable[str]:
    abroad = {place: part for place, part in printed.shares.items() if place != trade.market}
    if len(abroad) + (printed.rest > 0) < 2:
        return
    bought = printed.tonnes * (fsum(abroad.values()) + printed.rest)
    found = trade.purchases()
    split = three(found.from_places(found.inwards.keys(), case) for case in CASES)
    first, more = printed.rows[0], len(printed.rows) - 1
    yield (
        f"Records on single sellers ({printed.basis}) give {in_tonnes(bought)} that "
        f"{named(names.get(trade.market, trade.market))} bought in {printed.year} "
        f"({first}{f' +{more}' if more else ''}), before sales. {_against_trade(split, bought)}."
    )


def _seller_beside(
    trade: MagnetTrade, records: Sequence[SalesRecord], names: Mapping[str, str], last: int
) -> Iterable[str]:
    """What is bought of the largest seller whose weight rows print, and at which price."""
    found, market = trade.purchases(), trade.market
    years = range(trade.year - YEARS_APART, min(last, trade.year + YEARS_APART) + 1)
    for year in sorted(years, key=lambda each: (abs(each - trade.year), -each)):
        parts = {
            place: yearly(records, place, market, year, names.get(place, place))
            for place in found.inwards
        }
        known = [(part.tonnes, place, part) for place, part in parts.items() if part is not None]
        if not known:
            continue
        tonnes, seller, part = max(known, key=lambda each: each[:2])
        name, (first, *more) = named(names.get(seller, seller)), part.rows
        of_rows = [each for each in records if each.row in part.rows]
        when = next((each.span for each in of_rows if each.span), str(year))
        how = f"; {part.how}" if part.how else ""
        yield (
            f"Records give {in_tonnes(tonnes)} from {name} in {when} "
            f"({first}{f' +{len(more)}' if more else ''}{how}). "
            f"{_against_trade(found.inwards[seller], tonnes)}."
        )
        low, _, high = trade.prices.sellers.get(seller, trade.prices.sellers[""])
        prices = [each.unit_value for each in of_rows if each.unit_value is not None]
        if prices and not low <= prices[0] <= high:
            yield (
                f"They are valued at {figures(prices[0], 3)} dollars a kilogram; from {name} we "
                f"assume {exact(low)} to {exact(high)}. Other magnets may be among them, or cheap "
                "ones: the range does not hold that."
            )
        return


def _against_trade(split: Three, tonnes: float) -> str:
    low, middle, high = split
    ends = f"{in_tonnes(low)} to {in_tonnes(high)}"
    if not tonnes:
        return f"Trade gives more, {in_tonnes(middle)}"
    percent = round(100 * (middle / tonnes - 1))
    said = (
        "as much"
        if not percent
        else f"{abs(percent)} % {'more' if percent > 0 else 'less'}, {in_tonnes(middle)}"
    )
    holds = "holds" if low <= tonnes <= high else "does not hold"
    return f"Trade gives {said}; its range, {ends}, {holds} that figure"
