"""Which indices do people quote of a stage?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import PLACES, Element, question
from monazite.core.errors import UnknownNameError
from monazite.data.declared import Param
from monazite.data.parameters import ALL_ELEMENTS, IMPORTER
from monazite.questions.concentration import Stage

if TYPE_CHECKING:
    from monazite.analysis.concentration.indices import Indices
    from monazite.view.view import View


@question(
    title="Indices of concentration and supply risk",
    says="Published formulas worked out on these records; each says its formula, inputs and unit. "
    "They are not the figures that their authors printed.",
    range="low and high of an index are the ends of what the records leave open; null: not known.",
)
def indices(
    view: View,
    element: Element = ALL_ELEMENTS,
    *,
    stage: Stage = None,
    market: Annotated[
        str, Param("Whose imports GeoPolRisk counts.", *("-m", "COUNTRY"), completes=PLACES)
    ] = IMPORTER,
) -> Indices:
    """Work out the indices that people quote, for the newest year of each stage.

    >>> import monazite
    >>> found = monazite.load().indices("Dy", stage="mine")
    >>> [line.index for line in found][:2]
    ['hhi', 'top-3']
    """
    from monazite.analysis.concentration.indices import find_indices
    from monazite.store.names import find_entity

    facts = view.facts(element)
    place = find_entity(view.store, market, "Country", "Area", what="market")
    if place.is_a("Area") and place.id not in facts.areas:
        raise UnknownNameError(
            f"GeoPolRisk counts the imports of a country or of an area whose members are known "
            f"({', '.join(sorted(facts.areas))}), and {place.label} is neither: take one with "
            "--market."
        )
    return find_indices(facts, stage, market=place.id)
