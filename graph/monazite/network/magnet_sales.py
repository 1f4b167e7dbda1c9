"""What one country sells another of magnets in a year, as rows print it.

A pair's year is its annual row, else the mean of at least two months, times twelve. Twelve months
of two calendar years are the year in which at least half of them lie.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from monazite.safe_text import counted, in_tonnes
from monazite.triples.records import QueryRecord

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
MONTHS_NEEDED = 2
HALF_A_YEAR = 6


@dataclass(frozen=True)
class SalesRecord:
    """One row on magnets that a market takes or ships: a weight, or a share of its imports.

    Attributes:
        month: as printed (2025-09), empty where the row is of the whole year.
        percent: share of the exporter in the importer's imports, None in a row of weights.
        span: the twelve months as printed, where they are no calendar year.
        of_value: whether the share is one of value, which gives no tonnes.
    """

    exporter: str
    importer: str
    year: int
    month: str
    tonnes: float | None
    percent: float | None
    row: str
    span: str = ""
    of_value: bool = False
    usd: float | None = None

    @property
    def unit_value(self) -> float | None:
        """Dollars a kilogram, where both numbers are there."""
        return self.usd / self.tonnes / 1000 if self.usd and self.tonnes else None

    @property
    def when(self) -> str:
        """The year, or the twelve months as printed."""
        return self.span or str(self.year)


@dataclass(frozen=True)
class SoldPart:
    """Tonnes of a year from one seller to one buyer; ``how`` is empty where a row prints them."""

    tonnes: float
    rows: tuple[str, ...]
    how: str = ""
    remarks: tuple[str, ...] = ()


def to_records(answers: Iterable[QueryRecord]) -> list[SalesRecord]:
    """Convert answers of the query ``network-trade-market`` to records.

    A row of some months that are neither one nor twelve is no year and is left out.
    """
    found = []
    for answer in answers:
        period = _period(answer.year(), answer["from"], answer["until"])
        if period is None:
            continue
        year, month, span = period
        record = SalesRecord(
            exporter=answer["exporter"],
            importer=answer["importer"],
            year=year,
            month=month,
            tonnes=answer.maybe_number("tonnes"),
            percent=answer.maybe_number("percent"),
            row=answer.row(),
            span=span,
            of_value=answer.flag("value"),
            usd=answer.maybe_number("usd"),
        )
        found.append(record)
    return found


def _period(year: int, begin: str, until: str) -> tuple[int, str, str] | None:
    """The year that a row speaks of, its month if it is of one, its twelve months if of two years.

    None where it is of anything else.
    """
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
    """Return what one pair moved in a year, or None where rows do not give it.

    Rows of one period are prints of one number: their mean counts.

    >>> months = [SalesRecord("CHN", "KOR", 2025, f"2025-{month}", tonnes, None, f"trade/{month}")
    ...     for month, tonnes in (("09", 854.0), ("10", 569.0))]
    >>> part = yearly(months, "CHN", "KOR", 2025)
    >>> part.tonnes, part.how
    (8538.0, 'CHN: mean of 2 months of 2025, times twelve')
    """
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
