"""How much of an element a kind of magnet holds by the way it is made."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.findings.rules.case import Between
from monazite.result import Value
from monazite.triples.queries import ask
from monazite.triples.store import Store


@dataclass(frozen=True)
class Recipe(Value):
    """A content of a magnet and the way it came about.

    Attributes:
        elements: symbols that share the number; none for the magnet powder.
        low: lower end as a part of 1; None where only an upper bound is given.
        high: upper end as a part of 1; None where only a lower bound is given.
        by_mass: whether it is a share of mass; else of volume.
        composition: the row of compositions that holds the number; empty for its own.
    """

    row: str
    material: str
    process: str
    elements: tuple[str, ...]
    low: float | None
    high: float | None
    by_mass: bool
    year: str
    method: str
    composition: str

    @property
    def share(self) -> Between:
        """The share: an end that is not given is nothing, or the whole."""
        return Between(self.low or 0.0, 1.0 if self.high is None else self.high)


def read_recipes(store: Store) -> tuple[Recipe, ...]:
    """Read the recipes; the number of one that is taken from a composition is that of the row.

    >>> from monazite.triples.opening import open_store
    >>> found = {each.row: each for each in read_recipes(open_store())}
    >>> found["recipes/tb-diffusion-2025"].share.high, found["recipes/tb-melted-2025"].share.low
    (0.004, 0.0173)
    """
    return store.derive(("recipes",), lambda: _read(store))


def _read(store: Store) -> tuple[Recipe, ...]:
    found: dict[str, Recipe] = {}
    for line in ask(store, "recipes"):
        known = found.get(line.row())
        elements = dict.fromkeys((*(known.elements if known else ()), line["element"]))
        number = line.maybe_number("percent")
        low, high = (
            end if end is not None else number
            for end in (line.maybe_number("low"), line.maybe_number("high"))
        )
        found[line.row()] = Recipe(
            row=line.row(),
            material=line["material"],
            process=line["process"],
            elements=tuple(filter(None, elements)),
            low=None if low is None else round(low / 100, 9),
            high=None if high is None else round(high / 100, 9),
            by_mass=line["unit"] == "wt-percent",
            year=line["year"],
            method=line["method"],
            composition=line.row("composition"),
        )
    return tuple(found.values())
