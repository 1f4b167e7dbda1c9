"""From where a country or area takes its magnets, by trade or by printed sales, and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import fsum

from monazite.core.formats import exact, figures, in_tonnes, percent, points
from monazite.data.parameters import MAGNET, USE
from monazite.model.network import magnet_sales
from monazite.model.network.facts import Facts
from monazite.model.network.shares import REST, WORLD
from monazite.model.network.trade import (
    CASES,
    MIDDLE,
    Flow,
    MagnetTrade,
    MarketMix,
    OwnOutput,
    Purchases,
    Three,
    TradedMix,
    market_mix,
    of_magnets,
    three,
    to_purchases_by_value,
)
from monazite.model.wording import listed
from monazite.store.names import named

NAMED = 3  # How many countries a sentence names
WORTH_SAYING = 0.02  # The part of what a market takes below which a remark is left out
_WHOLE = 0.5  # Tonnes that are not printed as none
YEARS_APART = 2  # Printed use of another year speaks beside that of the trade if it is no farther
YEARS_LOOKED_AT = 5  # whose rows say where a market takes its magnets


def find_mix(
    facts: Facts, market: str, base_year: int | None = None, own: OwnOutput | None = None
) -> MarketMix | None:
    """Return from where a market takes its magnets."""
    base = base_year or facts.trade_year(set(facts.routes), reconciled=True)
    traded, records = traded_mix(facts, market, base, own), _records(facts, market)
    if traded is not None:
        near = sorted(_years(facts), key=lambda year: abs(year - traded.year))
        printed = _printed(facts, market, records, near)
        remarks = agreement(facts, market, traded, printed, records)
        return replace(traded, remarks=(*traded.remarks, *remarks))
    printed = _printed(facts, market, records, _years(facts))
    if printed is None or base is None or printed.year <= base:
        return printed
    said = f"These records are of {printed.year}, later than the year asked about, {base}."
    return replace(printed, remarks=(*printed.remarks, said))


def _printed(
    facts: Facts, market: str, records: list[magnet_sales.SalesRecord], years: Iterable[int]
) -> MarketMix | None:
    codes = magnet_codes(facts)
    newest = facts.trade_year(codes, importer=market)
    for year in years:
        flows = facts.flows(year) if newest is not None and year <= newest else []
        flows = [flow for flow in flows if flow.code in codes and not flow.reconciled]
        printed, names = market_mix(flows, market, year), facts.country_labels
        mix = magnet_sales.to_purchases(printed, records, facts.own_figures, market, year, names)
        if mix is not None:
            return mix
    return None


def known_markets(facts: Facts, places: Iterable[str]) -> list[str]:
    """Return the places of which rows tell from where they take their magnets."""
    whole, codes = {WORLD, "CHN", REST}, magnet_codes(facts)
    buyers = {
        flow.importer for year in _years(facts) for flow in facts.flows(year) if flow.code in codes
    }
    buyers |= {area for area, members in facts.areas.items() if members & buyers}
    base = facts.trade_year(set(facts.routes), reconciled=True)

    def is_known(place: str) -> bool:
        traded = traded_mix(facts, place, base, None)  # alone, it is cheaper than what is printed
        return traded is not None or find_mix(facts, place, base) is not None

    return [each for each in places if each in whole or (each in buyers and is_known(each))]


def why_no_mix(facts: Facts, market: str) -> str:
    """Say which rows there are on a market whose purchases are not known, and what they lack."""
    records = _records(facts, market)
    return magnet_sales.why_unknown(records, market, _years(facts), facts.country_labels)


def _records(facts: Facts, market: str) -> list[magnet_sales.SalesRecord]:
    """Rows on the magnets that a market buys or sells, of no year after the last full one."""
    found = magnet_sales.to_records(facts.ask("network-trade-market", market=market))
    return [record for record in found if record.year <= facts.year]


def _years(facts: Facts) -> range:
    """Years whose rows may say from where a market takes its magnets, the newest first."""
    return range(facts.year, facts.year - YEARS_LOOKED_AT, -1)


def magnet_codes(facts: Facts) -> set[str]:
    """Return the customs codes of magnets."""
    return {code for code, pairs in facts.routes.items() if any(after == USE for _, after in pairs)}


def traded_mix(
    facts: Facts, market: str, base_year: int | None, own: OwnOutput | None = None
) -> TradedMix | None:
    """Return from where a market takes its magnets by reconciled trade, split by value."""
    prices, codes = facts.magnet_prices, magnet_codes(facts)
    year = facts.trade_year(codes, reconciled=True, until=base_year)
    if prices is None or year is None or year not in prices.numbers:
        return None
    flows = of_magnets(facts.flows(year), codes)
    members = facts.areas.get(market, frozenset({market}))
    made = own or magnet_sales.own_output(facts.own_figures, market, year, facts.country_labels)
    crossing = tuple(each for each in flows if {each.importer, each.exporter} & members)
    trade = MagnetTrade(crossing, prices, members, market, year, made)
    found, mix = trade.purchases(), trade.mix()
    if mix is None or not any(each[MIDDLE] for each in found.bought.values()):
        return None
    name = _name(facts, market)
    low, high = in_tonnes(mix.low or 0.0), in_tonnes(mix.high or 0.0)
    remarks = [
        f"Trade by value gives {name} {in_tonnes(mix.tonnes)} of rare-earth magnets in {mix.year}, "
        f"{low} to {high}. Customs weigh all metal magnets together.",
        *_of_own_output(found, mix, made, name),
        *_of_the_code(facts, trade, found),
        *_of_partners(facts, flows, trade, found, mix.tonnes),
        *_of_area(facts, flows, trade, found),
    ]
    return replace(mix, remarks=tuple(remarks))


def _name(facts: Facts, place: str) -> str:
    return named(facts.country_labels.get(place, place))


def _of_own_output(
    found: Purchases, mix: MarketMix, made: OwnOutput | None, name: str
) -> Iterable[str]:
    sold, own = found.all_sold(MIDDLE), 0.0 if made is None else made.tonnes
    if made is None or not made.rows:
        if sold > WORTH_SAYING * mix.tonnes:
            little = f"; its metal allows {in_tonnes(own)}" if own >= _WHOLE else ""
            yield (
                f"We found no magnet output of {name}{little}. What it sells ({in_tonnes(sold)}) "
                "is subtracted from what it buys. The most is as if it made all that it sells."
            )
        return
    yield from made.remarks
    first = f" What it sells, net of returns ({in_tonnes(sold)}), is subtracted from that first."
    if made.reconciled:
        is_known = made.low is not None and made.high is not None
        ends = f", between {in_tonnes(made.low or 0)} and {in_tonnes(made.high or 0)}"
        assumed = all(row.startswith("assumptions/") for row in made.rows)
        yield (
            f"{'By what we assume, its metal' if assumed else 'By its metal'} and trade, "
            f"reconciled, {name} made {in_tonnes(own)} of magnets "
            f"in {made.year}{ends if is_known else ''} ({', '.join(made.rows)}).{first}"
        )
        return
    yield f"In {made.year} {name} made {in_tonnes(own)}.{first}"
    later = f", and no record says what it made in {mix.year}" if made.year < mix.year else ""
    yield (
        f"No range of the {in_tonnes(own)} is known{later}: the range of what it takes "
        "is of trade alone; with that of its output it would be wider."
    )


def _of_the_code(facts: Facts, trade: MagnetTrade, found: Purchases) -> Iterable[str]:
    """Where the code is mostly of other magnets, or flows are too small to stand in the tables."""
    bought = [
        flow
        for flow in found.flows
        if flow.tonnes and flow.importer in trade.members and flow.exporter not in trade.members
    ]
    weight = fsum(flow.tonnes or 0.0 for flow in bought)
    split = [trade.prices.tonnes(flow, trade.year) for flow in bought]
    _, rare, most = (fsum(each[case] for each in split) for case in CASES)
    if weight and rare < weight / 2:
        yield (
            f"Of {in_tonnes(weight)} that it buys under the code less than half, "
            f"{in_tonnes(rare)}, are rare-earth magnets by their value, at the most "
            f"{in_tonnes(most)}. Cheap magnets of other kinds bring value too: read what it takes "
            "as an upper bound."
        )
    sums, codes = facts.ask("network-trade-sums", year=str(trade.year)), magnet_codes(facts)
    whole = [each for each in sums if each["code"] in codes and each["importer"] == trade.market]
    paid = fsum(each.number("usd") for each in whole)
    there = fsum(flow.usd or 0.0 for flow in found.flows if flow.importer == trade.market)
    if paid - there > WORTH_SAYING * paid:
        yield (
            f"Flows below 300,000 dollars do not stand in the tables one by one: "
            f"{percent(1 - there / paid)} of the {figures(paid / 1e6, 3)} million dollars that "
            f"it pays under the code ({whole[0].row()}) are left out."
        )


def _of_partners(
    facts: Facts, flows: list[Flow], trade: MagnetTrade, found: Purchases, used: float
) -> Iterable[str]:
    """What goes both ways, and sellers that buy more than they sell, without output in a row."""
    most = sorted(found.both_ways.items(), key=lambda pair: (-pair[1], pair[0]))
    partners = [(place, each) for place, each in most if each > WORTH_SAYING * used]
    if partners:
        yield (
            f"What goes out and comes back between it and {_listed(facts, partners)} is counted "
            "once: blanks and finished magnets cross the border both ways."
        )
    makers = {each.place for each in facts.own_figures if each.stage == MAGNET}
    balance: dict[str, float] = {}
    for flow in flows:
        for place, sign in ((flow.exporter, 1), (flow.importer, -1)):
            tonnes = trade.prices.tonnes(flow, trade.year)[MIDDLE]
            balance[place] = balance.get(place, 0.0) + sign * tonnes
    sellers = sorted(found.bought.items(), key=lambda pair: (-pair[1][MIDDLE], pair[0]))
    resold = [
        (place, each[MIDDLE])
        for place, each in sellers
        if place not in makers and balance[place] < 0 and each[MIDDLE] >= _WHOLE
    ]
    if fsum(tonnes for _, tonnes in resold) > WORTH_SAYING * used:
        come = "come from net buyers" if resold[1:] else "comes from a net buyer"
        yield (
            f"Of what it buys, {_listed(facts, resold)} {come} of magnets. We found "
            "no output there: some was made elsewhere."
        )


def _of_area(
    facts: Facts, flows: list[Flow], trade: MagnetTrade, found: Purchases
) -> Iterable[str]:
    for area, members in sorted(facts.areas.items()):
        if trade.market not in members:
            continue
        union = to_purchases_by_value(flows, trade.prices, members, trade.year)
        whole = union.from_places(union.bought.keys())
        outside = found.from_places(found.bought.keys() - members)
        inside = found.from_places(members)
        yield (
            f"Outside {_name(facts, area)}, {_name(facts, trade.market)} buys "
            f"{in_tonnes(outside)} of the {in_tonnes(whole)} that all members buy there. It buys "
            f"{in_tonnes(inside)} from other members, which -m {area} leaves out."
        )


def _listed(facts: Facts, places: list[tuple[str, float]]) -> str:
    found = [f"{_name(facts, place)} ({in_tonnes(each)})" for place, each in places[:NAMED]]
    rest = fsum(each for _, each in places[NAMED:])
    return listed([*found, f"others ({in_tonnes(rest)})"] if rest >= 1 else found)


def own_use(facts: Facts, market: str, year: int, tonnes: float) -> Iterable[str]:
    """Hold what rows print of the use of a country beside what it makes less what it sells."""
    name, made = _name(facts, market), magnet_sales.own_output(facts.own_figures, market, year)
    kinds = {each.row: each.kind for each in facts.own_figures if made and each.row in made.rows}
    for row, kind in kinds.items():
        if kind and made is not None:
            yield f"The {in_tonnes(made.tonnes)} of magnets that {name} makes are a {kind} ({row})."
    for each in facts.ask("network-magnet-use", market=market):
        if each.year() == year and (printed := each.number("tonnes")):
            much = _more_or_less(tonnes, printed)
            yield (
                f"A record gives {in_tonnes(printed)} used in {year} ({each.row()}). What it makes "
                f"less what it sells is {much}, {in_tonnes(tonnes)}."
            )


def _more_or_less(tonnes: float, printed: float) -> str:
    more = tonnes / printed - 1
    much = f"{points(abs(more))} % {'more' if more > 0 else 'less'}"
    return "as much" if much.startswith("0 ") else much


def agreement(
    facts: Facts,
    market: str,
    traded: TradedMix,
    printed: MarketMix | None,
    records: Sequence[magnet_sales.SalesRecord],
) -> Iterable[str]:
    """Hold what rows print of a market beside what trade gives."""
    split: Three = (traded.low or 0.0, traded.tonnes, traded.high or 0.0)
    for each in facts.ask("network-magnet-use", market=market):
        if each.year() <= facts.year and abs(each.year() - traded.year) <= YEARS_APART:
            tonnes = each.number("tonnes")
            yield (
                f"A record gives {in_tonnes(tonnes)} used in {each.year()} ({each.row()}). "
                f"{_against_trade(split, tonnes)}."
            )
    if traded.trade is not None:
        yield from _bought_beside(facts, traded.trade, printed) if printed is not None else ()
        yield from _seller_beside(facts, traded.trade, records)


def _bought_beside(facts: Facts, trade: MagnetTrade, printed: MarketMix) -> Iterable[str]:
    abroad = {place: part for place, part in printed.shares.items() if place != trade.market}
    if len(abroad) + (printed.rest > 0) < 2:
        return
    bought = printed.tonnes * (fsum(abroad.values()) + printed.rest)
    found = trade.purchases()
    split = three(found.from_places(found.inwards.keys(), case) for case in CASES)
    yield (
        f"Records on single sellers ({printed.basis}) give {in_tonnes(bought)} that "
        f"{_name(facts, trade.market)} bought in {printed.year} "
        f"({magnet_sales.first_and_more(printed.rows)}), before sales. "
        f"{_against_trade(split, bought)}."
    )


def _seller_beside(
    facts: Facts, trade: MagnetTrade, records: Sequence[magnet_sales.SalesRecord]
) -> Iterable[str]:
    """What is bought of the largest seller whose weight rows print, and at which price."""
    found, names = trade.purchases(), facts.country_labels
    years = range(trade.year - YEARS_APART, min(facts.year, trade.year + YEARS_APART) + 1)
    for year in sorted(years, key=lambda each: (abs(each - trade.year), -each)):
        parts = {
            place: magnet_sales.yearly(records, place, trade.market, year, names.get(place, place))
            for place in found.inwards
        }
        known = [(part.tonnes, place, part) for place, part in parts.items() if part is not None]
        if not known:
            continue
        tonnes, seller, part = max(known, key=lambda each: each[:2])
        name, of_rows = _name(facts, seller), [each for each in records if each.row in part.rows]
        when = next((each.span for each in of_rows if each.span), str(year))
        how = f"; {part.how}" if part.how else ""
        yield (
            f"Records give {in_tonnes(tonnes)} from {name} in {when} "
            f"({magnet_sales.first_and_more(part.rows)}{how}). "
            f"{_against_trade(found.inwards[seller], tonnes)}."
        )
        low, _, high = trade.prices.seller(seller)
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
    if not tonnes:
        return f"Trade gives more, {in_tonnes(middle)}"
    much = _more_or_less(middle, tonnes)
    said = much if much == "as much" else f"{much}, {in_tonnes(middle)}"
    holds = "holds" if low <= tonnes <= high else "does not hold"
    ends = f"{in_tonnes(low)} to {in_tonnes(high)}"
    return f"Trade gives {said}; its range, {ends}, {holds} that figure"
