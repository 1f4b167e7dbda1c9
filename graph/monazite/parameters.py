"""What is asked of a view: element, market, year and contingency, with words, checks, defaults.

The words of horizons, events and stages are the closed lists of ``ontology/schemes``; a default
stands here and nowhere else. Parts run from 0 to 1; only the command line speaks per cent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from monazite.errors import UnknownNameError, did_you_mean
from monazite.shipped import ontology_folder

if TYPE_CHECKING:
    from monazite.rows.vocabulary import Concept

ELEMENT: Final = "MREE"
"""The element that is asked about where none is named: Nd, Pr, Dy and Tb together."""
ALL_ELEMENTS: Final = "TREO"
"""All rare earths together, of which concentration is asked where no element is named."""
MINE: Final = "mine"
SEPARATION: Final = "separation"
METAL: Final = "metal"
ALLOY: Final = "alloy"
MAGNET: Final = "magnet"
USE: Final = "use"
"""The stages that code names, in the order of the chain; :func:`stages` reads them all."""
TIERS: Final = range(1, 5)
"""Of sources, from 1 (primary) to 4 (weak)."""
MARKET: Final = "WLD"
"""The market that is asked about where none is named: the world."""
IMPORTER: Final = "USA"
"""Whose imports an index counts where nobody is named."""
EVENT: Final = "outage"
HORIZON: Final = "short-run"
APPROVAL: Final = 0.5
"""The part of what the base year sold that a licence lets through where none is named."""
DRAWS: Final = 200
"""How often ranges are drawn where no number is named."""
SEED: Final = 0
"""Of the draws, where none is named."""
FREE: Final = "free"
"""The horizon in which trade has no limit."""
CUT_SIZE: Final = 2
"""How many things a set that cuts a market off may have at most."""
LEFT: Final = 0.1
"""The part of the base that may still arrive at a market that is cut off."""
FIRST: Final = "first"
"""Asks for the fixes of what costs the market most."""
EXACT: Final = 2
"""The size of sets of doubts up to which all are tried."""
TRIALS: Final = 2_000
"""Trials that sets of two and more doubts may take."""
SINCE: Final = 1985
"""The first year of a series of concentration."""


@cache
def _concepts(scheme: str) -> tuple[Concept, ...]:
    """The concepts of a shipped scheme, in their order."""
    from monazite.rows.columns import read_scheme
    from monazite.rows.vocabulary import concepts_in

    return tuple(sorted(concepts_in(read_scheme(ontology_folder(), scheme)), key=_order))


def _order(concept: Concept) -> int:
    return next((int(value) for iri, value in concept.more if iri.endswith("#order")), 0)


def horizons() -> tuple[str, ...]:
    """Return the horizons, from the nearest to the one without a limit of trade.

    >>> horizons()
    ('immediate', 'short-run', 'medium-run', 'free')
    """
    return tuple(concept.code for concept in _concepts("horizon"))


def events() -> tuple[str, ...]:
    """Return what may happen to whatever fails.

    >>> events()
    ('outage', 'embargo', 'licence')
    """
    return tuple(concept.code for concept in _concepts("contingency-event"))


def stages() -> tuple[str, ...]:
    """Return the stages that are columns of the network, in the order of the chain.

    >>> stages()
    ('mine', 'separation', 'metal', 'alloy', 'magnet', 'use')
    """
    return tuple(
        concept.code
        for concept in _concepts("stage")
        if any(
            iri.endswith("#pipelineStage") and value == concept.iri for iri, value in concept.more
        )
    )


def check_word(word: str, known: Iterable[str], what: str) -> str:
    """Return a word of a closed list.

    Raises:
        UnknownNameError: it is none; the sentence says which is near, or which there are.

    >>> check_word("free", horizons(), "horizon")
    'free'
    """
    words = tuple(known)
    if word not in words:
        fix = did_you_mean(word, words) or f"there are {', '.join(words)}."
        raise UnknownNameError(f'There is no {what} "{word}"; {fix}')
    return word


@dataclass(frozen=True)
class Contingency:
    """What happens to whatever fails, and how long the world has to answer.

    Attributes:
        event: outage, embargo or licence.
        horizon: immediate, short-run, medium-run or free.
        approval: the part of what the base year sold that a licence lets through, 0 to 1.

    Raises:
        UnknownNameError: the event or the horizon is none, or the approval no part.

    >>> Contingency(event="embargo").horizon
    'short-run'
    """

    event: str = EVENT
    horizon: str = HORIZON
    approval: float = APPROVAL

    def __post_init__(self) -> None:
        """Refuse words that it does not know."""
        check_word(self.horizon, horizons(), "horizon")
        check_word(self.event, events(), "event")
        if not 0 <= self.approval <= 1:
            raise UnknownNameError(f"An approval is a part, 0 to 1, not {self.approval:g}.")
