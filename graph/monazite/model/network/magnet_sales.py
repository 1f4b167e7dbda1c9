"""What one country sells another of magnets in a year, as rows print it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import fsum

from monazite.core.formats import counted, exact, in_tonnes, marked
from monazite.core.results import Struct
from monazite.data.parameters import MAGNET
from monazite.model.network.shares import WORLD, OutputFigure
from monazite.model.network.trade import MarketMix, OwnOutput
from monazite.store.queries import QueryRecord

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MONTHS_NEEDED = 2
HALF_A_YEAR = 6


class SalesRecord(Struct):
    """One row on magnets that a market takes or ships: a weight, or a share of its imports."""

    exporter: str
    importer: str
    year: int
    month: str  # as printed (2025-09), empty where the row is of the whole year
    tonnes: float | None
    percent: float | None  # of imports; None in a row of weights
    row: str
    span: str = ""  # the twelve months as printed, where they are no calendar year
    of_value: bool = False  # whether the share is one of value, which gives no tonnes
    usd: float | None = None

    @property
    def unit_value(self) -> float | None:
        """Dollars a kilogram, where both numbers are there."""
        return self.usd / self.tonnes / 1000 if self.usd and self.tonnes else None

    @property
    def when(self) -> str:
        """The year, or the twelve months as printed."""
        return self.span or str(self.year)


class SoldPart(Struct):
    """Tonnes of a year from one seller to one buyer; ``how`` is empty where a row prints them."""

    tonnes: float
    rows: tuple[str, ...]
    how: str = ""
    remarks: tuple[str, ...] = ()


def to_records(answers: Iterable[QueryRecord]) -> list[SalesRecord]:
    """Convert answers of ``network-trade-market`` to records of one month, or of twelve."""
    found = []
    for answer in answers:
        period = _period(answer.year(), answer["from"], answer["until"])
        if period is not None:
            year, month, span = period
            own = {"year": year, "month": month, "span": span, "of_value": answer.flag("value")}
            found.append(answer.to(SalesRecord, **own))
    return found


def _period(year: int, begin: str, until: str) -> tuple[int, str, str] | None:
    """The year, its month if it is of one, and its twelve months if of two years; else None."""
    if not begin and not until:
        return year, "", ""
    if not (_MONTH.fullmatch(begin) and _MONTH.fullmatch(until)):
        return None
    first, last = (int(each[:4]) * 12 + int(each[5:]) - 1 for each in (begin, until))
    if first == last:
        return year, begin, ""
    if last - first != 11:
        return None
    before = first % 12  # months of the first year that are not of the row
    return first // 12 + (before > HALF_A_YEAR), "", f"{begin} to {until}" if before else ""


def yearly(
    records: Iterable[SalesRecord], exporter: str, importer: str, year: int, name: str = ""
) -> SoldPart | None:
    """Return what one pair moved in a year, the mean of rows of one period; None if not known."""
    periods: dict[str, list[SalesRecord]] = defaultdict(list)
    for record in records:
        pair = (record.exporter, record.importer, record.year)
        if pair == (exporter, importer, year) and record.tonnes is not None:
            periods[record.month].append(record)
    name, annual = name or exporter, periods.pop("", [])
    spans = {record.span for record in annual}
    if "" in spans:  # a calendar year counts before twelve months of two years
        annual, spans = [record for record in annual if not record.span], set()
    months = [_mean(periods[month]) for month in sorted(periods)]
    known = len(months) >= MONTHS_NEEDED
    by_months = fsum(months) / len(months) * 12 if known else 0.0
    of_months = tuple(record.row for month in sorted(periods) for record in periods[month])
    rows = tuple(sorted({record.row for record in annual} | {*(of_months if known else ())}))
    if not annual:
        how = f"{name}: mean of {counted(len(months), 'month')} of {year}, times twelve"
        said = (
            f"The months from {name} run from {in_tonnes(min(months))} to {in_tonnes(max(months))}."
            if known
            else ""
        )
        return SoldPart(by_months, rows, how, (said,)) if known else None
    printed = _mean(annual)
    remarks = [f"{span} from {name} stand for {year}." for span in sorted(spans)]
    if known:
        remarks.append(
            f"{counted(len(months), 'month')} of {year} from {name}, times twelve, would be "
            f"{in_tonnes(by_months)}; the record of the year prints {in_tonnes(printed)}, and "
            "counts."
        )
    return SoldPart(printed, rows, remarks=tuple(remarks))


def _mean(records: Sequence[SalesRecord]) -> float:
    return fsum(record.tonnes or 0.0 for record in records) / len(records)


WORLD_OUTPUT = "share-of-world-output"
OLDEST_OUTPUT = 5  # Years after which a country's own output no longer speaks for what it makes


def own_output(
    figures: Iterable[OutputFigure], market: str, year: int, labels: Mapping[str, str] | None = None
) -> OwnOutput | None:
    """Return what a country makes of magnets: printed tonnes, else a share of the world's."""
    speaking = sorted(
        (
            each
            for each in figures
            if each.stage == MAGNET and 0 <= year - each.year <= OLDEST_OUTPUT
        ),
        key=lambda each: (-each.year, each.rank, each.preference, each.tier, each.row),
    )
    weights = [each for each in speaking if each.basis == MAGNET and each.tonnes[0]]
    for each in weights:
        if each.place == market and not each.total:
            return OwnOutput(each.tonnes[0] or 0.0, each.year, (each.row,))
    worlds: dict[int, OutputFigure] = {}
    for each in weights:
        if each.place == WORLD:
            worlds.setdefault(each.year, each)
    for each in speaking:
        of_output = (each.place, each.basis) == (market, WORLD_OUTPUT)
        if of_output and each.percent[0] and each.year in worlds:
            share, world = each.percent[0], worlds[each.year]
            whole, name = world.tonnes[0] or 0.0, (labels or {}).get(market, market)
            said = (
                f"What {name} makes is worked out: {exact(share)} % of the world's "
                f"{marked(in_tonnes(whole), world.figure)} of {each.year}. Plants opened since are "
                "not in it."
            )
            rows = tuple(sorted((each.row, world.row)))
            return OwnOutput(whole * share / 100, each.year, rows, (said,))
    return None


def own_part(
    records: Sequence[SalesRecord],
    figures: Iterable[OutputFigure],
    market: str,
    year: int,
    labels: Mapping[str, str],
) -> SoldPart | None:
    """Return what a market takes of its own plants, in tonnes: output less exports."""
    made, name = own_output(figures, market, year, labels), labels.get(market, market)
    if made is None:
        return None
    buyers = {each.importer for each in records if each.exporter == market} - {WORLD, market}
    total = yearly(records, market, WORLD, made.year)
    pairs = [yearly(records, market, each, made.year) for each in sorted(buyers)]
    shipped = [total] if total is not None else [pair for pair in pairs if pair is not None]
    left = made.tonnes - fsum(part.tonnes for part in shipped)
    if left <= 0:
        return None
    rows = tuple(sorted({*made.rows, *(row for part in shipped for row in part.rows)}))
    how = f"own output of {made.year}"
    if total is not None:
        return SoldPart(left, rows, f"{how} less exports", made.remarks)
    known = f"only for {len(shipped)} of its buyers" if shipped else "for none of its buyers"
    said = (
        f"{name} made {in_tonnes(made.tonnes)} in {made.year}; what it ships is known in tonnes "
        f"{known}. Its own part ({in_tonnes(left)}) is the most it can be."
    )
    return SoldPart(left, rows, how, (*made.remarks, said))


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
    sellers = {each.exporter for each in records if each.importer == market} - {WORLD, market}
    found = {
        each: yearly(records, each, market, year, names.get(each, each)) for each in sorted(sellers)
    }
    parts = {seller: part for seller, part in found.items() if part is not None}
    total = yearly(records, WORLD, market, year, names.get(WORLD, WORLD))
    share = _share(records, market, year, parts)
    is_whole = total is not None or share is not None or len(parts) > 1
    if not parts or (own is None and not is_whole):
        return None
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
    elif not is_whole:
        others = " and ".join(names.get(each, each) for each in parts)
        said = f"What {names.get(market, market)} takes from others than {others} is not known."
        remarks.append(f"{said} It is left out.")
    mix = MarketMix(
        year=year,
        shares={seller: part.tonnes / whole for seller, part in parts.items()},
        rest=max(0.0, 1 - listed / whole),
        tonnes=whole,
        basis="; ".join(["magnets, tonnes", *how]),
        rows=tuple(sorted(rows)),
        remarks=tuple(remarks),
    )
    return mix if own is None else _with_own(mix, own, market)


def _share(
    records: Iterable[SalesRecord], market: str, year: int, parts: Mapping[str, SoldPart]
) -> SalesRecord | None:
    """The share of weight that gives the whole: of the year, the year before, else the next."""
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
        f"The share of {name} ({exact(share.percent)} %, {share.when}) is used as one of the "
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
            said.append(f"Of the value of imports it is {exact(each.percent)} % ({each.row}).")
        elif each.tonnes is not None and each.exporter == WORLD:
            said.append(
                f"A record prints {in_tonnes(each.tonnes)} for the whole of {each.when} "
                f"({each.row}), and is not used."
            )
    return said


def why_unknown(
    records: Iterable[SalesRecord], market: str, years: Sequence[int], labels: Mapping[str, str]
) -> str:
    """Say which rows there are on what a market buys, and what they lack to give its mix."""
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
        rows = first_and_more(sorted({each.row for each in bought if each.year == newest}))
        return f"The newest records of its purchases are of {newest} ({rows}); older are not used."
    sellers = sorted({each.exporter for each in late})
    found = {
        each: part
        for each in sellers
        for year in reversed(years)
        if (part := yearly(late, each, market, year)) is not None
    }
    if not found:
        rows = first_and_more(sorted({each.row for each in late}))
        return f"Records give single months only ({rows}): two of one year are needed."
    names = " and ".join(labels.get(each, each) for each in found)
    rows = first_and_more(sorted({row for part in found.values() for row in part.rows}))
    return (
        f"Records give its purchases from {names} ({rows}), and not the rest. One seller's share "
        "of imports, a second seller or own output is needed."
    )


def first_and_more(rows: Sequence[str]) -> str:
    """Return the first of some rows, and how many more there are."""
    return f"{rows[0]} +{len(rows) - 1}" if rows[1:] else rows[0]


def _with_own(mix: MarketMix, own: SoldPart, market: str) -> MarketMix:
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
