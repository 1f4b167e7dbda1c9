"""The ore of a country: which deposits it is taken to be like, and which mine gives nearly all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monazite.findings.plants.lives import read_lives
from monazite.findings.plants.states import OPERATING
from monazite.network.facts import Facts
from monazite.parameters import MINE
from monazite.safe_text import exact_percent
from monazite.triples.names import named

WHOLE_COUNTRY_PART = 0.95
"""A mine or plant that gives this part of its country's output at a stage is the country there."""


@dataclass(frozen=True)
class Ore:
    """A deposit that stands for a part of what a country mines.

    Attributes:
        facility: id of the mine that works it; empty for none.
        part: of what the country mines, 0 to 1, as it is assumed.
    """

    country: str
    id: str
    label: str
    facility: str
    part: float
    low: float
    high: float
    note: str
    row: str

    @property
    def name(self) -> str:
        """Its name without what is said of it in brackets."""
        return self.label.partition(" (")[0]

    def says(self, country: str) -> str:
        """Say which part of a country's ore it stands for, and for what.

        >>> ore = Ore("A", "pit", "Pit (sample)", "", 0.25, 0.2, 0.3, "All of the north.", "row")
        >>> ore.says("Atlantis")
        'We assume that 25 % (20 % to 30 %) of what Atlantis mines is this ore. All of the north.'
        """
        part, low, high = map(exact_percent, (self.part, self.low, self.high))
        ends = f"{low} to {high}"
        said = f"We assume that {part} ({ends}) of what {named(country)} mines is this ore."
        return " ".join(filter(None, (said, self.note)))


def read_ores(facts: Facts) -> Mapping[tuple[str, str], Ore]:
    """Read the deposits that stand for the ore of countries.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> found = read_ores(read_facts(open_store(), "Dy", "2026-11-24"))
    >>> [ore for country, ore in found if country == "CHN"]
    ['bayan-obo', 'maoniuping', 'south-china-clay']
    """
    found = {}
    for answer in facts.ask("network-ores"):
        value = answer.number("percent")
        low, high = (answer.number(end) if answer[end] else value for end in ("low", "high"))
        ore = Ore(
            answer["country"],
            answer["ore"],
            answer["label"],
            answer["facility"],
            value / 100,
            low / 100,
            high / 100,
            answer["note"],
            answer.row(),
        )
        found[ore.country, ore.id] = ore
    return found


def sole_mines(ores: Iterable[Ore], facts: Facts, year: int) -> dict[str, Ore]:
    """Return the mines that give nearly all of the ore of their country.

    A mine does where a row takes no less than ``WHOLE_COUNTRY_PART`` of the country's ore to be
    that of its deposit, and where it alone of the country's mines surely ran at the end of the
    year: a deposit may stand for the ore of mines without an assay.

    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "NdPr", "2026-11-24")
    >>> sorted(sole_mines(read_ores(facts).values(), facts, 2024))
    ['mine/lovozero', 'mine/mountain-pass', 'mine/mt-weld', 'mine/serra-verde-pela-ema']
    """
    lives, end = read_lives(facts.store), f"{year}-12-31"
    running: dict[str, set[str]] = {}
    for site in facts.sites:
        states = {x.state for x in lives.on(site.facility, end).stages if x.stage == MINE}
        if site.stage == MINE and OPERATING in states:
            running.setdefault(site.country, set()).add(site.facility)
    return {
        f"{MINE}/{ore.facility}": ore
        for ore in ores
        if ore.low >= WHOLE_COUNTRY_PART and running.get(ore.country) == {ore.facility}
    }
