"""From where a market takes its magnets, where no row prints the whole.

Printed rows come first (``trade.market_mix``). Where they do not give the whole, it is worked out:

* a pair's year is its annual row, else the mean of at least two months, times twelve;
* a share that one seller has in the imports, of the same year or one beside it, gives the whole;
* a market that makes magnets takes what it makes, less what rows say it ships.

Only tonnes of rare-earth magnets count; tonnes and dollars are never mixed. One seller's part
alone, without a share and without own output, says nothing of the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monazite.network.shares import WORLD, Figure
from monazite.network.trade import MarketMix

MAGNET = "magnet"
MONTHS_NEEDED = 2
OLDEST_OUTPUT = 5
"""Years after which a country's own output no longer speaks for what it makes."""


@dataclass(frozen=True)
class Record:
    """One row on magnets that a market takes or ships: a weight, or a share of its imports.

    Attributes:
        month: as printed (2025-09), empty where the row is of the whole year.
        tonnes: rare-earth magnets, None in a row of shares.
        percent: share of the exporter in the importer's imports, None in a row of weights.
    """

    exporter: str
    importer: str
    year: int
    month: str
    tonnes: float | None
    percent: float | None
    row: str


@dataclass(frozen=True)
class Part:
    """Tonnes of a year from one seller to one buyer; ``how`` is empty where a row prints them."""

    tonnes: float
    rows: tuple[str, ...]
    how: str = ""
    remarks: tuple[str, ...] = ()


def to_records(answers: Iterable[Mapping[str, str]]) -> list[Record]:
    """Take the answers of the query ``network-trade-market``."""
    return [
        Record(
            exporter=answer["exporter"],
            importer=answer["importer"],
            year=int(answer["year"]),
            month=answer["month"],
            tonnes=float(answer["tonnes"]) if answer["tonnes"] else None,
            percent=float(answer["percent"]) if answer["percent"] else None,
            row=answer["row"].removeprefix("row/"),
        )
        for answer in answers
    ]


def yearly(
    records: Iterable[Record], exporter: str, importer: str, year: int, name: str = ""
) -> Part | None:
    """Return what one pair moved in a year, or None where rows do not give it.

    Rows of one period are prints of one number: their mean counts.

    Args:
        records: weights, of years and months.
        exporter: code of the seller.
        importer: code of the buyer.
        year: the year.
        name: of the seller in what is said; its code if empty.

    Returns:
        Tonnes with their rows, or None.

    >>> months = [Record("CHN", "KOR", 2025, f"2025-{month}", tonnes, None, f"trade/{month}")
    ...     for month, tonnes in (("09", 854.0), ("10", 569.0))]
    >>> part = yearly(months, "CHN", "KOR", 2025)
    >>> part.tonnes, part.how
    (8538.0, 'CHN: mean of 2 months of 2025, times twelve')
    """
    periods: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        pair = (record.exporter, record.importer, record.year)
        if pair == (exporter, importer, year) and record.tonnes is not None:
            periods[record.month].append(record)
    name, annual = name or exporter, periods.pop("", [])
    months = [_mean(periods[month]) for month in sorted(periods)]
    known = len(months) >= MONTHS_NEEDED
    by_months = sum(months) / len(months) * 12 if known else 0.0
    of_months = tuple(record.row for month in sorted(periods) for record in periods[month])
    rows = tuple(sorted({record.row for record in annual} | {*(of_months if known else ())}))
    if not annual:
        how = f"{name}: mean of {len(months)} months of {year}, times twelve"
        said = (
            f"The months from {name} run from {_t(min(months))} to {_t(max(months))}."
            if known
            else ""
        )
        return Part(by_months, rows, how, (said,)) if known else None
    printed = _mean(annual)
    said = (
        f"{len(months)} months of {year} from {name}, times twelve, would be {_t(by_months)}; "
        f"the row of the year prints {_t(printed)}, and counts."
    )
    return Part(printed, rows, remarks=(said,) if known else ())


def _mean(records: Sequence[Record]) -> float:
    return sum(record.tonnes or 0.0 for record in records) / len(records)


def _t(tonnes: float) -> str:
    return f"{tonnes:,.0f} t"


def to_purchases(
    printed: MarketMix | None,
    records: Sequence[Record],
    figures: Iterable[Figure],
    market: str,
    year: int,
    labels: Mapping[str, str] | None = None,
) -> MarketMix | None:
    """Return from where a market takes its magnets in a year, its own plants among the sellers.

    Args:
        printed: the mix of its imports where rows print the whole, else None.
        records: weights of rare-earth magnets that it takes or ships, and shares of its imports.
        figures: national output.
        market: code of the market.
        year: the year.
        labels: names of countries by code, for what is said.

    Returns:
        The mix with what is to be said of it; None where rows do not give it.
    """
    names = labels or {}
    own = _own_part(records, figures, market, year, names)
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
    records: Sequence[Record], market: str, year: int, names: Mapping[str, str]
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
    used, remarks = list(parts.values()), []
    how = [part.how for part in used if part.how]
    whole = listed = sum(part.tonnes for part in used)
    rows = {row for part in used for row in part.rows}
    if total is not None:
        whole = max(listed, total.tonnes)
        rows |= {*total.rows}
        how += [total.how] if total.how else []
    elif share is not None and share.percent:
        whole = max(listed, parts[share.exporter].tonnes / (share.percent / 100))
        rows |= {share.row}
        name = names.get(share.exporter, share.exporter)
        how.append(f"the whole by the share of {name} in imports of {share.year}")
        remarks.append(
            f"The share of {name} ({share.percent:g} percent, {share.year}) is taken as one of "
            "weight; the row does not say of what."
        )
    mix = MarketMix(
        year=year,
        shares={seller: part.tonnes / whole for seller, part in parts.items()},
        rest=max(0.0, 1 - listed / whole),
        tonnes=whole,
        basis="; ".join(["magnets, tonnes", *how]),
        rows=tuple(sorted(rows)),
        remarks=tuple([each for part in used for each in part.remarks] + remarks),
    )
    return mix, total is not None or share is not None or len(parts) > 1


def _share(
    records: Iterable[Record], market: str, year: int, parts: Mapping[str, Part]
) -> Record | None:
    """The share that gives the whole: of the year, else of the year before, else of the next."""
    fits = [
        each
        for each in records
        if each.importer == market
        and each.exporter in parts
        and each.percent
        and abs(each.year - year) <= 1
    ]
    order = {year: 0, year - 1: 1, year + 1: 2}
    return min(fits, key=lambda each: (order[each.year], each.row), default=None)


def own_output(figures: Iterable[Figure], market: str, year: int) -> Figure | None:
    """Return the newest row on the magnets that a country makes, in tonnes of finished weight.

    Args:
        figures: national output.
        market: code of the country.
        year: the year; a row that is later, or older by more than five years, does not speak.
    """
    fits = [
        each
        for each in figures
        if (each.stage, each.place, each.basis) == (MAGNET, market, MAGNET)
        and not each.total
        and each.tonnes[0]
        and 0 <= year - each.year <= OLDEST_OUTPUT
    ]
    key = lambda each: (-each.year, each.rank, each.preference, each.tier, each.row)  # noqa: E731
    return min(fits, key=key, default=None)


def _own_part(
    records: Sequence[Record],
    figures: Iterable[Figure],
    market: str,
    year: int,
    names: Mapping[str, str],
) -> Part | None:
    """What a market takes of its own plants: what they make, less what it ships in tonnes."""
    made, name = own_output(figures, market, year), names.get(market, market)
    if made is None:
        return None
    made_tonnes = made.tonnes[0] or 0.0
    buyers = {each.importer for each in records if each.exporter == market} - {WORLD, market}
    total = yearly(records, market, WORLD, made.year)
    pairs = [yearly(records, market, each, made.year) for each in sorted(buyers)]
    shipped = [total] if total is not None else [pair for pair in pairs if pair is not None]
    left = made_tonnes - sum(part.tonnes for part in shipped)
    if left <= 0:
        return None
    rows = {made.row, *(row for part in shipped for row in part.rows)}
    how = f"own output of {made.year}"
    if total is not None:
        return Part(left, tuple(sorted(rows)), f"{how} less exports")
    known = f"only for {len(shipped)} of its buyers" if shipped else "for none of its buyers"
    said = (
        f"{name} made {_t(made_tonnes)} in {made.year}; what it ships is known in tonnes {known}. "
        f"Its own part ({_t(left)}) is the most it can be."
    )
    return Part(left, tuple(sorted(rows)), how, (said,))


def _with_own(mix: MarketMix, own: Part, market: str) -> MarketMix:
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
