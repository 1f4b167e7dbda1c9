"""Which countries supply a market at each stage, and what it loses if the largest of them stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monazite.result import Value


@dataclass(frozen=True)
class StageSupply(Value):
    """A stage of what a market uses of an element.

    Attributes:
        stage: mine, separation, metal or magnet.
        shares: parts of what the market uses by the country that makes it, 0 to 1, by name, the
            largest first; what no figure accounts for is left out.
        of_world: whether they are parts of the world's output, where no flow to the market is
            known.
        largest: name of the country with the largest part; empty where none is known.
        failure: id of the line of the report that is lost with it; empty where there is none.
        failure_label: the same in words.
        loss: part of its products that the market would lose, 0 to 1, central; None is not known.
        low: 5 % of the trials; None where none were drawn.
        high: 95 % of the trials.
        home_first: the loss if producers serve home first; another rule, never part of the range.
    """

    stage: str
    shares: Mapping[str, float]
    of_world: bool
    largest: str
    failure: str
    failure_label: str
    loss: float | None
    low: float | None
    high: float | None
    home_first: float | None


@dataclass(frozen=True)
class ElementSupply(Value):
    """The stages of an element, or of the group that the model counts as one.

    Attributes:
        element: as the model counts it: ``NdPr`` for neodymium and praseodymium.
        elements: symbols of the bill that it stands for.
        year: of the flows; None where none are known.
        product: what the market would lose; empty where no loss is known.
        stages: in the order of the chain.
        missing: why no loss is known; empty where it is.
    """

    element: str
    elements: tuple[str, ...]
    year: int | None
    product: str
    stages: tuple[StageSupply, ...]
    missing: str = ""
