"""What a market is known to hold of an element or its goods, in days of use.

Targets and plans are no stock. Tonnes become days only where a row gives the use of that year. Rows
of one holder, material and date are one holding: the least counts, the others are its range.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monazite.core.formats import whole
from monazite.model.network.facts import Facts
from monazite.store.queries import QueryRecord

DAYS_OF_YEAR = 365
WHOLE_CLASSES = {"group", "other"}
"""Forms of materials that are a class, not goods."""


@dataclass(frozen=True)
class Stock:
    """A holding.

    Attributes:
        holder: code of the country, or id of the firm or agency that holds.
        country: code of the market it is in.
        material_label: what is held; says so where it is a group of which the element is a part.
        days: days of use that it covers, the least that rows say; None where only tonnes are known.
        low: least days that rows say.
        high: most days that rows say.
        as_of: the date as printed, empty if none is.
        row: the row that says the days, or the tonnes.
        note: what was printed beside it, and what the days were worked out from.
        tonnes: what is held, where that is printed; None else.
        rows: all rows used.
    """

    holder: str
    country: str
    material_label: str
    days: float | None
    low: float | None
    high: float | None
    as_of: str
    row: str
    note: str
    tonnes: float | None = None
    rows: tuple[str, ...] = ()


def stocks_of(facts: Facts, market: str) -> tuple[Stock, ...]:
    """Return what a market is known to hold of the element of some facts, newest first."""
    given = {"element": facts.element.id, "market": market, "date": facts.date}
    return to_stocks(facts.ask("stocks", **given), facts.members)


def to_stocks(answers: Iterable[QueryRecord], members: frozenset[str]) -> tuple[Stock, ...]:
    """Take the answers of the query ``stocks``, newest first."""
    found: dict[tuple[str, ...], list[QueryRecord]] = defaultdict(list)
    for answer in answers:
        measure = "days" if answer["days"] else "tonnes"
        key = (answer["latest"], answer["as_of"], answer["holder"], answer["material"], measure)
        found[key].append(answer)
    keys = sorted(found, key=lambda key: key[1:])
    keys.sort(key=lambda key: key[0], reverse=True)
    return tuple(_stock(found[key], members) for key in keys)


def _stock(answers: list[QueryRecord], members: frozenset[str]) -> Stock:
    spans = sorted(span for answer in answers for span in _spans(answer))
    weights = sorted((a.number("tonnes"), a.row()) for a in answers if a["tonnes"])
    row = spans[0][1] if spans else weights[0][1]
    first = min((a for a in answers if a.row() == row), key=lambda a: a["use_row"])
    used = {a.row(name) for a in answers for name in ("row", "use_row")} - {""}
    symbols = {answer["symbol"] for answer in answers} - {""}
    of_class = answers[0]["form"] in WHOLE_CLASSES and not (symbols and symbols <= members)
    of_group = "; a group, the part of the element is not known" if of_class else ""
    return Stock(
        holder=first["holder"],
        country=first["country"],
        material_label=f"{answers[0]['label']}{of_group}",
        days=spans[0][0] if spans else None,
        low=spans[0][0] if spans else None,
        high=spans[-1][0] if spans else None,
        as_of=first["as_of"],
        row=row,
        note="; ".join(_notes(answers)),
        tonnes=weights[0][0] if weights else None,
        rows=tuple(sorted(used)),
    )


def _spans(answer: QueryRecord) -> Iterable[tuple[float, str]]:
    """Days of an answer with the row that holds."""
    if answer["days"]:
        yield answer.number("days"), answer.row()
    elif answer.maybe_number("used"):
        days = answer.number("tonnes") / answer.number("used") * DAYS_OF_YEAR
        yield days, answer.row()


def _notes(answers: list[QueryRecord]) -> Iterable[str]:
    """What was printed beside a holding, each once, and what days were worked out from."""
    said = [
        answer[name].rstrip(".")
        for answer in sorted(answers, key=lambda each: each["row"])
        for name in ("goods", "printed", "note")
        if answer[name]
    ]
    yield from dict.fromkeys(said)
    uses = {
        f"days over the use of {whole(answer.number('used'))} t in the year "
        f"({answer['use_basis']}); "
        "what is weighed in the stock is not said"
        for answer in answers
        if answer["used"] and not answer["days"]
    }
    yield from sorted(uses)
