"""The rule of preference, as the tables give it: which series, row and year speaks for a share.

The criteria, their order and their limits are rows (``preferences``); here is only what each
criterion looks at. Without rows there is no rule: the first by name speaks, whatever its year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monazite.result import Frozen, Value
from monazite.triples.records import QueryRecord

SERIES, ROW, YEAR, RANGE = "series", "row", "year", "range"

Criteria = tuple[tuple[str, int | None], ...]
"""Criteria in the order in which they decide, each with its limit."""


@dataclass(frozen=True)
class Preferences(Value):
    """For each choice its criteria, the one that decides first at the front."""

    choices: Mapping[str, Criteria] = field(default_factory=Frozen)

    def order(self, choice: str, looks: Mapping[str, object]) -> tuple[object, ...]:
        """Return what sorts the preferred first.

        >>> of_row = {"choice": "row", "limit": ""}
        >>> rule = read_preferences([
        ...     QueryRecord({**of_row, "rank": "2", "criterion": "name"}),
        ...     QueryRecord({**of_row, "rank": "1", "criterion": "better-tier"}),
        ... ])
        >>> rule.order("row", {"better-tier": 3, "name": "a"})
        (3, 'a')
        """
        criteria = self.choices.get(choice) or (("name", None),)
        return tuple(_capped(looks[criterion], limit) for criterion, limit in criteria)

    def speaks(self, choice: str, age: int) -> bool:
        """Return whether a row of some age counts; else it only widens the range.

        >>> Preferences({"year": (("not-older", 10),)}).speaks("year", 11)
        False
        """
        limits = [limit for name, limit in self.choices.get(choice, ()) if name == "not-older"]
        return age >= 0 and all(limit is None or age <= limit for limit in limits)


def _capped(value: object, limit: int | None) -> object:
    """Past its limit a criterion that counts makes no difference; counts are negative."""
    return max(value, -limit) if limit is not None and isinstance(value, int) else value


def read_preferences(answers: Iterable[QueryRecord]) -> Preferences:
    """Convert answers of the query ``network-preferences`` to the rule."""
    found: dict[str, list[tuple[int, str, int | None]]] = defaultdict(list)
    for answer in answers:
        limit = answer.maybe_integer("limit")
        found[answer["choice"]].append((answer.integer("rank"), answer["criterion"], limit))
    for rules in found.values():
        rules.sort(key=lambda rule: rule[:2])
    return Preferences(
        {choice: tuple(rule[1:] for rule in rules) for choice, rules in found.items()}
    )
