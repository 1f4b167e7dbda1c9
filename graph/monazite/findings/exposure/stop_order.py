"""Which part stops the product first: days of stock, then its loss, then what it holds up."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.result import Value


@dataclass(frozen=True)
class StoppingLine(Value):
    """A line with rare earths, and what would stop it.

    Attributes:
        rank: 1 stops first; lines whose days are not known come after those whose days are.
        sheet_row: of the line.
        name: of the part, as the line shows it.
        days: that the stock lasts if nothing more comes; None where the bill does not say.
        element: whose loss is the largest of the line; a loss is never added to another's.
        failure: what stops, in words; empty where no loss is known.
        stage: where it stops.
        country: name of the country that stops.
        loss: part of its products that the market would lose, 0 to 1; None is not known.
        low: 5 % of the trials; None where none were drawn.
        high: 95 % of the trials.
        home_first: the loss if producers serve home first.
        reaches: yes where records say that all sources run through it, may where they do not tell.
        through_low: the least part of the need, 0 to 1, that runs through it by the bill's split.
        through_high: the most.
        holds_up: name of the product that cannot be built without it, the largest that has a
            value.
        value: of that product; None where the bill gives none.
        currency: of the value.
        plant: name of the plant that most of its sources run through; empty where none is on
            record.
        plant_country: code of where that stands.
        plants: how many plants stand behind it by record.
    """

    rank: int
    sheet_row: int
    name: str
    days: float | None
    element: str
    failure: str
    stage: str
    country: str
    loss: float | None
    low: float | None
    high: float | None
    home_first: float | None
    reaches: str
    through_low: float
    through_high: float
    holds_up: str
    value: float | None
    currency: str
    plant: str
    plant_country: str
    plants: int
