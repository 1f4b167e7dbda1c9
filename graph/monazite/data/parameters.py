"""What is asked of a view: element, market, year and contingency, with words, checks, defaults.

Defaults stand here and nowhere else. Parts run from 0 to 1; only the command line has per cent.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import isfinite
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.formats import exact
from monazite.core.package import ontology_folder
from monazite.core.results import Struct

if TYPE_CHECKING:
    from monazite.data.vocabulary import Concept

# Defaults, where nothing is named, unless something else is said.
ELEMENT: Final = "MREE"  # Nd, Pr, Dy and Tb together
ALL_ELEMENTS: Final = "TREO"  # all rare earths together: of concentration
MINE: Final = "mine"
SEPARATION: Final = "separation"
METAL: Final = "metal"
ALLOY: Final = "alloy"
MAGNET: Final = "magnet"
CRMA_24: Final = "crma-24"  # the rule that asks large companies for a map of their chain
USE: Final = "use"
TIERS: Final = range(1, 5)  # of sources, from 1 (primary) to 4 (weak)
MARKET: Final = "WLD"
IMPORTER: Final = "USA"  # whose imports an index counts
EVENT: Final = "outage"
HORIZON: Final = "short-run"
APPROVAL: Final = 0.5  # the part of what the base year sold that a licence lets through
DRAWS: Final = 200
SEED: Final = 0
CONTRACTS: Final = "immediate"  # the horizon in which contracts of the base year are served
FREE: Final = "free"  # the horizon in which trade has no limit
CUT_SIZE: Final = 2  # how many things a set that cuts a market off may have at most
LEFT: Final = 0.1  # the part of the base that may still arrive at a market that is cut off
FIRST: Final = "first"  # asks for the fixes of what costs the market most
EXACT: Final = 2  # the size of sets of doubts up to which all are tried
TRIALS: Final = 2_000  # trials that sets of two and more doubts may take
FLOW: Final = "flow"
FIRMS: Final = "firms"
POLICIES: Final = "policy"
GRAPHS: Final = (FLOW, FIRMS, POLICIES)  # whose centrality is measured
SINCE: Final = 1985  # the first year of a series of concentration
WITHOUT: Final = "CHN"
EPISODES: Final = ("2025", "2010")  # the past export rules that are backtested
EPISODE: Final = EPISODES[0]
ONE_ELEMENT: Final = "Dy"  # of questions whose tonnes cannot be added up over a group
BY: Final = 2030
LAST_BY: Final = 2035
SITES: Final = 40  # sites and firms that a picture shows where nobody says how many
HOPS: Final = 1  # how many links away a picture of what is near something reaches
LISTED: Final = 10  # lines of chokepoints in JSON and CSV, and in the full report
FIGURES: Final = 15  # figures that ``doubt`` lists where no number is named
TIMEOUT: Final = 30.0  # seconds that a question of one's own may take
CATALOGUES: Final = ("croissant", "dcat", "dcat-jsonld")
ANSWER_SECONDS: Final = 300.0  # that a question of an assistant may take; doubt takes two minutes
LONGEST_QUERY: Final = 4 << 20  # characters that a query may have
MAX_ROWS: Final = 100_000  # rows that a question of one's own may give


def shown(value: object) -> str:
    """Return what a reader asked for, as a sentence that refuses it shows it."""
    return exact(value) if isinstance(value, float) else repr(value)


class NumberBounds(Struct):
    """The numbers that may be asked for, both ends included; ``what`` begins the sentence.

    >>> NumberBounds("An approval", 0, 1).check(1.5)
    Traceback (most recent call last):
    monazite.core.errors.UnknownNameError: An approval is a part, 0 to 1, not 1.5.
    """

    what: str
    low: float
    high: float | None = None
    whole: bool = False

    def check(self, value: object) -> None:
        """Refuse what is no number, not finite, or outside."""
        if not self.holds(value):
            part = "a part" if (self.low, self.high) == (0, 1) else "a number"
            kind = "a whole number" if self.whole else part
            end = " or more" if self.high is None else f" to {exact(self.high)}"
            said = f"{self.what} is {kind}, {exact(self.low)}{end}, not {shown(value)}."
            raise UnknownNameError(said)

    def holds(self, value: object) -> bool:
        """Return whether a value is a number, finite, and inside."""
        if not isinstance(value, Integral if self.whole else Real) or isinstance(value, bool):
            return False
        number: Any = value
        inside = self.low <= number and (self.high is None or number <= self.high)
        return bool(inside and (self.whole or isfinite(number)))


APPROVALS: Final = NumberBounds("An approval", 0, 1)
BY_YEARS: Final = NumberBounds("The year", 1990, LAST_BY, whole=True)
CUT_SIZES: Final = NumberBounds("The size of a set", 1, 6, whole=True)
BELOWS: Final = NumberBounds("The loss that is left", 0, 1)
LEFTS: Final = NumberBounds("What may still arrive", 0, 1)
THRESHOLDS: Final = NumberBounds("A threshold", 0, 1)
EXACTS: Final = NumberBounds("The size up to which all sets are tried", 1, 3, whole=True)
TRIAL_COUNTS: Final = NumberBounds("The number of trials", 0, whole=True)
FIRST_YEARS: Final = NumberBounds("The first year", 1900, whole=True)
YEARS: Final = NumberBounds("A year", 1, 9999, whole=True)
COUNTS: Final = NumberBounds("How many to list", 1, whole=True)
SEEDS: Final = NumberBounds("A seed", 0, whole=True)
WORKERS: Final = NumberBounds("The number of workers", 0, 64, whole=True)
SITE_COUNTS: Final = NumberBounds("How many sites to draw", 0, whole=True)
HOP_COUNTS: Final = NumberBounds("How many links away", 0, 20, whole=True)
SCALES: Final = NumberBounds("The scale of a PNG", 0.1, 20)
FIGURE_WIDTHS: Final = NumberBounds("The width of a figure", 600, 2400)
DPIS: Final = NumberBounds("The dots to an inch of a PNG", 24, 600)
PNG_WIDTHS: Final = NumberBounds("The width of a PNG", 16, whole=True)
TIMEOUTS: Final = NumberBounds("The time of a query in seconds", 0.1, 86_400)
ROW_COUNTS: Final = NumberBounds("The number of rows of a query", 1, whole=True)


def check_draws(count: object = 1, seed: object = SEED) -> None:
    """Refuse a number of draws, or a seed, that there is not."""
    if not COUNTS.holds(count) or not SEEDS.holds(seed):
        raise UnknownNameError("--draws takes a number from 1 on, and --seed one from 0 on.")


def check_text(value: object, what: str) -> None:
    """Refuse what is no text where a name, a day or a word is asked for."""
    if not isinstance(value, str):
        raise UnknownNameError(f"The {what} is a text, not {value!r}.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise UnknownNameError(f"The {what} holds half of a character: {value!a}; write it anew.")


def read_path(place: object, what: str) -> Path | None:
    """Return where a file or folder lies, None where none is named."""
    if place is None:
        return None
    if not isinstance(place, str | PathLike) or "\0" in str(place):
        raise UnknownNameError(f"The {what} is a path, not {place!r}.")
    return Path(place)


def check_year(year: object) -> None:
    """Refuse what is no year; None stands for the newest one."""
    if year is not None:
        YEARS.check(year)


@cache
def _concepts(scheme: str) -> tuple[Concept, ...]:
    """The concepts of a shipped scheme, in their order."""
    from monazite.data.columns import read_scheme
    from monazite.data.vocabulary import concepts_in

    def order(concept: Concept) -> int:
        return next((int(value) for iri, value in concept.more if iri.endswith("#order")), 0)

    return tuple(sorted(concepts_in(read_scheme(ontology_folder(), scheme)), key=order))


def horizons() -> tuple[str, ...]:
    """Return the horizons, from the nearest to the one without a limit of trade."""
    return tuple(concept.code for concept in _concepts("horizon"))


def events() -> tuple[str, ...]:
    """Return what may happen to whatever fails."""
    return tuple(concept.code for concept in _concepts("contingency-event"))


def stages() -> tuple[str, ...]:
    """Return the stages that are columns of the network, in the order of the chain."""
    return tuple(
        each.code
        for each in _concepts("stage")
        if any(iri.endswith("#pipelineStage") and value == each.iri for iri, value in each.more)
    )


def check_word(word: str, known: Iterable[str], what: str) -> str:
    """Return a word of a closed list."""
    words = tuple(known)
    check_text(word, what)
    if word not in words:
        fix = did_you_mean(word, words) or f"there are {', '.join(words)}."
        raise UnknownNameError(f'There is no {what} "{word}"; {fix}')
    return word


class Contingency(Struct):
    """What happens to whatever fails, and how long the world has to answer."""

    event: str = EVENT
    horizon: str = HORIZON
    #: the part of what the base year sold that a licence lets through, 0 to 1
    approval: float = APPROVAL

    def __post_init__(self) -> None:
        """Refuse words that it does not know."""
        check_word(self.horizon, horizons(), "horizon")
        check_word(self.event, events(), "event")
        APPROVALS.check(self.approval)
