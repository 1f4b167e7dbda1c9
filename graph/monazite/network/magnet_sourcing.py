"""From where a market takes its magnets, where no row prints the whole.

Printed rows come first (``trade.market_mix``). Where they do not give the whole, it is worked out:

* a pair's year is its annual row, else the mean of at least two months, times twelve;
* twelve months of two calendar years are the year in which at least half of them lie;
* a share that one seller has in the imports, of the same year or one beside it, gives the whole;
* a market that makes magnets takes what it makes, less what rows say it ships; where no row
  prints its tonnes, they are its printed share of the world's tonnes of the same year.

Only tonnes of rare-earth magnets count; tonnes and dollars are never mixed. One seller's part
alone, without a share and without own output, says nothing of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import fsum

from monazite.network.magnet_own_output import own_part
from monazite.network.magnet_sales import SalesRecord, SoldPart, yearly
from monazite.network.shares import WORLD, OutputFigure
from monazite.network.trade import MarketMix
from monazite.safe_text import in_tonnes


def to_purchases(
    printed: MarketMix | None,
    records: Sequence[SalesRecord],
    figures: Iterable[OutputFigure],
    market: str,
    year: int,
    labels: Mapping[str, str] | None = None,
) -> MarketMix | None:
    """Return from where a market takes its magnets in a year, its own plants among the sellers."""
    names = labels or {}
    own = own_part(records, figures, market, year, names)
    if printed is not None:
        return printed if own is None else _with_own(printed, own, market)
    mix, whole = _imports(records, market, year, names)
    if mix is None or (own is None and not whole):
        return None
    if not whole:
        sellers = " and ".join(names.get(each, each) for each in mix.shares)
        said = f"What {names.get(market, market)} takes from others than {sellers} is not known."
        mix = replace(mix, remarks=(*mix.remarks, f"{said} It is left out."))
    return mix if own is None else _with_own(mix, own, market)


def _imports(
    records: Sequence[SalesRecord], market: str, year: int, names: Mapping[str, str]
) -> tuple[MarketMix | None, bool]:
    """The mix of what is bought abroad, and whether rows give the whole of it."""
    sellers = {each.exporter for each in records if each.importer == market} - {WORLD, market}
    found = {
        each: yearly(records, each, market, year, names.get(each, each)) for each in sorted(sellers)
    }
    parts = {seller: part for seller, part in found.items() if part is not None}
    if not parts:
        return None, False
    total = yearly(records, WORLD, market, year, names.get(WORLD, WORLD))
    share = _share(records, market, year, parts)
    used = list(parts.values())
    remarks = [said for part in used for said in part.remarks]
    how = [part.how for part in used if part.how]
    whole = listed = fsum(part.tonnes for part in used)
    rows = {row for part in used for row in part.rows}
    if total is not None:
        whole = max(listed, total.tonnes)
        rows |= {*total.rows}
        how += [total.how] if total.how else []
        remarks += total.remarks
    elif share is not None and share.percent:
        whole = max(listed, parts[share.exporter].tonnes / (share.percent / 100))
        rows |= {share.row}
        name = names.get(share.exporter, share.exporter)
        how.append(f"the whole by the share of {name} in imports of {share.when}")
        remarks += _remark_on_share(share, name, records)
    mix = MarketMix(
        year=year,
        shares={seller: part.tonnes / whole for seller, part in parts.items()},
        rest=max(0.0, 1 - listed / whole),
        tonnes=whole,
        basis="; ".join(["magnets, tonnes", *how]),
        rows=tuple(sorted(rows)),
        remarks=tuple(remarks),
    )
    return mix, total is not None or share is not None or len(parts) > 1


def _share(
    records: Iterable[SalesRecord], market: str, year: int, parts: Mapping[str, SoldPart]
) -> SalesRecord | None:
    """The share that gives the whole: of the year, else of the year before, else of the next.

    A share of value gives no tonnes, and does not count.
    """
    fits = [
        each
        for each in records
        if each.importer == market
        and each.exporter in parts
        and each.percent
        and not each.of_value
        and abs(each.year - year) <= 1
    ]
    order = {year: 0, year - 1: 1, year + 1: 2}
    return min(fits, key=lambda each: (order[each.year], each.row), default=None)


def _remark_on_share(share: SalesRecord, name: str, records: Iterable[SalesRecord]) -> list[str]:
    """What a share is taken for, and what rows of the same time print otherwise."""
    said = [
        f"The share of {name} ({share.percent:g} %, {share.when}) is used as one of the "
        "weight of rare-earth magnets, which the record need not mean."
    ]
    beside = [
        each
        for each in records
        if (each.importer, each.year, each.span) == (share.importer, share.year, share.span)
        and not each.month
    ]
    for each in sorted(beside, key=lambda each: each.row):
        if each.percent and each.of_value and each.exporter == share.exporter:
            said.append(f"Of the value of imports it is {each.percent:g} % ({each.row}).")
        elif each.tonnes is not None and each.exporter == WORLD:
            said.append(
                f"A record prints {in_tonnes(each.tonnes)} for the whole of {each.when} "
                f"({each.row}), and is not used."
            )
    return said


def why_unknown(
    records: Iterable[SalesRecord], market: str, years: Sequence[int], labels: Mapping[str, str]
) -> str:
    """Say which rows there are on what a market buys, and what they lack to give its mix.

    >>> row = SalesRecord("CHN", "THA", 2025, "2025-09", 150.0, None, "trade/a")
    >>> why_unknown([row], "THA", [2025], {})
    'Records give single months only (trade/a): two of one year are needed.'
    """
    bought = [
        each
        for each in records
        if each.importer == market and each.exporter != WORLD and each.tonnes is not None
    ]
    if not bought:
        return (
            "We found no weight of rare-earth magnets bought from any one country. Weights of all "
            "magnets, or dollars alone, do not tell it."
        )
    late = [each for each in bought if each.year in years]
    if not late:
        newest = max(each.year for each in bought)
        rows = _named(each.row for each in bought if each.year == newest)
        return f"The newest records of its purchases are of {newest} ({rows}); older are not used."
    sellers = sorted({each.exporter for each in late})
    found = {
        each: part
        for each in sellers
        for year in reversed(years)
        if (part := yearly(late, each, market, year)) is not None
    }
    if not found:
        rows = _named(each.row for each in late)
        return f"Records give single months only ({rows}): two of one year are needed."
    names = " and ".join(labels.get(each, each) for each in found)
    rows = _named(row for part in found.values() for row in part.rows)
    return (
        f"Records give its purchases from {names} ({rows}), and not the rest. One seller's share "
        "of imports, a second seller or own output is needed."
    )


def _named(rows: Iterable[str]) -> str:
    """Rows by their keys: the first, and how many more."""
    first, *more = sorted(set(rows))
    return f"{first} +{len(more)}" if more else first


def _with_own(mix: MarketMix, own: SoldPart, market: str) -> MarketMix:
    """The mix with the market's own plants as a seller."""
    tonnes = mix.tonnes + own.tonnes
    bought = mix.tonnes / tonnes
    shares = {seller: share * bought for seller, share in mix.shares.items()}
    shares[market] = own.tonnes / tonnes
    return replace(
        mix,
        shares=dict(sorted(shares.items())),
        rest=mix.rest * bought,
        tonnes=tonnes,
        basis=f"{mix.basis}; {own.how}",
        rows=tuple(sorted({*mix.rows, *own.rows})),
        remarks=(*mix.remarks, *own.remarks),
    )
