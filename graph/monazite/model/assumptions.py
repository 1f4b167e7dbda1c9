"""The assumptions that a finding rests on, with value, range and reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monazite.core.errors import NotKnownError
from monazite.core.formats import NOT_KNOWN, grouped_figures
from monazite.core.results import Assumption, Struct
from monazite.core.tables import Table
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.chemistry import Amount, Chemistry
from monazite.model.network.attributes import Network, about, arcs_of
from monazite.model.network.facts import Facts
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

Key = tuple[str, str]  # A property, and what it is assumed of, both as the rows have them
STEPS_BACK = (METAL, SEPARATION, MINE)
"""Stages from the magnet back: each adds the months from its product to the next."""
KEEPING = (MAGNET, *STEPS_BACK)  # stages whose plants keep stocks of what they make
KEPT_BY = (*KEEPING, f"{MAGNET} in CHN")  # and plants of a country, of which more is known
LEAD, TRANSIT = "lead-time", ("transit-time", "maker to a user in another country")
KEPT, FIRMS = "plant-stock", ("firm-stock", "all firms that use magnets")
TIME_AND_STOCKS: tuple[Key, ...] = (
    *((LEAD, stage) for stage in STEPS_BACK),
    TRANSIT,
    *((KEPT, plants) for plants in KEPT_BY),
    FIRMS,
)
"""What is assumed of time and stocks where no row says it, each with a range."""


class MethodAssumptions(Struct):
    """The assumptions of a view by property and subject, as numbers and as they are told."""

    numbers: Mapping[Key, tuple[Amount, Assumption]]  # as parts of one, and as printed

    def amount(self, name: str, subject: str) -> Amount:
        """Return a number that is assumed, with its range."""
        return self._known(name, subject)[0]

    def assumption(self, name: str, subject: str) -> Assumption:
        """Return the row of a number that is assumed, in its own units."""
        return self._known(name, subject)[1]

    @property
    def time_and_stocks(self) -> dict[str, Amount]:
        """What is assumed of time and stocks, by its rows, as far as the view has it."""
        found = (self.numbers[key][0] for key in TIME_AND_STOCKS if key in self.numbers)
        return {amount.name: amount for amount in found}

    def subjects(self, name: str) -> tuple[str, ...]:
        """Return all that a property is assumed of, sorted."""
        return tuple(sorted(subject for each, subject in self.numbers if each == name))

    def _known(self, name: str, subject: str) -> tuple[Amount, Assumption]:
        if (name, subject) not in self.numbers:
            raise NotKnownError(
                f'What is assumed of "{subject}" ({name}) is left out of the data used: use it too.'
            )
        return self.numbers[name, subject]


def read_method_assumptions(store: Store) -> MethodAssumptions:
    """Read what is assumed of time, stocks and months."""
    return MethodAssumptions(
        {
            (each["property"], each["text"]): (
                _amount(each),
                _assumption(each, f"{each['assumed']}: {each['text']}"),
            )
            for each in ask(store, "method-assumptions")
        }
    )


def span(amount: Amount) -> tuple[float, float, float]:
    """Return the value of a number with its ends."""
    return amount.value, amount.low, amount.high


def _amount(answer: QueryRecord) -> Amount:
    scale = 0.01 if answer["unit"] == "percent" else 1.0
    value = answer.number("value") * scale
    ends = [value, *(answer.number(each) * scale for each in ("low", "high") if answer[each])]
    return Amount(value, min(ends), max(ends), assumptions=(answer.row(),))


ASSUMED = "What is assumed"  # Heading of the assumptions
_WRITTEN = {"percent": "{} %", "times": "× {}"}  # units that are no words after a number


def assumed_table(assumed: Iterable[Assumption]) -> Table:
    """Return assumptions with value, range and reason, one to a line."""
    rows = [
        [
            *(each.text, assumed_value(each) or NOT_KNOWN, assumed_range(each) or NOT_KNOWN),
            *(each.reason, each.row),
        ]
        for each in assumed
    ]
    columns = ("what", "value", "range", "why", "row")
    return Table(ASSUMED, columns, rows, right=("value", "range"), long=True)


def assumed_value(each: Assumption) -> str:
    """Return the value of an assumption, with its unit where its text does not begin with that.

    >>> assumed_value(Assumption("a", "Lead time: metal", 1.0, 1.0, 2.0, "months", "A guess."))
    '1 month'
    """
    if each.value is None:
        return ""
    number = grouped_figures(each.value, 6)
    if each.text.lower().startswith(each.unit):
        return number
    unit = each.unit.removesuffix("s") if each.value == 1 else each.unit
    written = _WRITTEN.get(each.unit)
    return written.format(number) if written else f"{number} {unit}"


def assumed_range(each: Assumption) -> str:
    """Return the ends of an assumption, one number where both are one."""
    if each.low is None or each.high is None:
        return ""
    low, high = grouped_figures(each.low, 6), grouped_figures(each.high, 6)
    return low if low == high else f"{low} to {high}"


def assumption_rows(network: Network) -> tuple[str, ...]:
    """Return the rows of the assumptions that the capacities of a network rest on."""
    used = {"stage-total"}
    for arc in arcs_of(network):
        used.update(arc.assumptions)
    known = about(network).assumptions
    return tuple(sorted(known[name].row() for name in used if name in known))


def assumptions_in(network: Network, rows: Iterable[str]) -> tuple[Assumption, ...]:
    """Return the assumptions of a network among some rows."""
    return _among(about(network).assumptions.values(), rows)


def assumptions_behind(facts: Facts, rows: Iterable[str]) -> tuple[Assumption, ...]:
    """Return the assumptions on the price of magnets among the rows behind a market's mix."""
    return _among(facts.ask("network-magnet-prices"), rows)


def _among(answers: Iterable[QueryRecord], rows: Iterable[str]) -> tuple[Assumption, ...]:
    used = set(rows)
    found = sorted((each for each in answers if each.row() in used), key=lambda each: each["row"])
    names = (" ".join(filter(None, (each["subject"], each.get("seller", "")))) for each in found)
    return tuple(
        _assumption(each, f"{each['property']}: {name}")
        for each, name in zip(found, names, strict=True)
    )


def _assumption(answer: QueryRecord, text: str) -> Assumption:
    value, low, high = (
        answer.number("value"),
        answer.maybe_number("low"),
        answer.maybe_number("high"),
    )
    return Assumption(answer.row(), text, value, low, high, answer["unit"], answer["reason"])


def assumptions_of(chemistry: Chemistry) -> tuple[Assumption, ...]:
    """Return the assumptions that a chain rests on; assays are told by ``monazite balance``."""
    rows = (row for row in sorted(chemistry.reasons) if "oxide-distribution" not in row)
    return assumptions_among(chemistry, rows)


def assumptions_among(chemistry: Chemistry, rows: Iterable[str]) -> tuple[Assumption, ...]:
    """Return the assumptions of a chain and its assays among some rows."""
    return tuple(
        Assumption(row, text, *span(value), "", reason)
        for row in rows
        if row in chemistry.reasons
        for text, value, reason in [chemistry.reasons[row]]
    )
