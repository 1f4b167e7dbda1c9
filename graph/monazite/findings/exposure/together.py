"""All rare earths of a bill together: what is the most of each element cannot all be there at once.

A magnet holds most neodymium where it holds least of the others. Rows bound them jointly; the sum
of what each may hold at most would be more than the magnet holds of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum

from monazite.findings.exposure.amounts import grams_words
from monazite.findings.exposure.contents import MaterialContents

_WORTH_SAYING = 0.01


def most_together(contents: MaterialContents) -> float:
    """Return what a material holds of all its rare earths together, at most.

    Args:
        contents: of the material, in per cent of its mass.

    Returns:
        Per cent of the mass: the sum of the most of each, less what joint bounds forbid. Of bounds
        that share an element, the first alone narrows the sum.

    >>> from monazite.findings.exposure.contents import ElementContent, SharedBound
    >>> nd, dy = ElementContent("Nd", 20, 28, "family"), ElementContent("Dy", 4, 6.5, "grade")
    >>> whole = SharedBound(frozenset(), 32.5, ())
    >>> most_together(MaterialContents((nd, dy), (whole,)))
    32.5
    """
    high = {each.element: each.high for each in contents.elements}
    stated = fsum(each.low for each in contents.elements)
    total, narrowed = fsum(high.values()), set[str]()
    for bound in contents.bounds:
        if bound.elements and not bound.elements & narrowed:
            own = fsum(high.get(name, 0.0) for name in bound.elements)
            total -= max(0.0, own - bound.high)
            narrowed |= bound.elements
    wholes = [bound.high for bound in contents.bounds if not bound.elements]
    return max(stated, min([total, *wholes]))  # what a bill states stands, whatever rows bound


def together_note(counted: Iterable[tuple[MaterialContents, float]]) -> str:
    """Return what all lines hold of all rare earths together, in a sentence.

    Args:
        counted: contents of each line, and grams of all its pieces.

    Returns:
        The sentence; empty where the most of each element may be there at once.
    """
    low, most, each_most = 0.0, 0.0, 0.0
    for contents, grams in counted:
        low += grams * fsum(each.low for each in contents.elements) / 100
        most += grams * most_together(contents) / 100
        each_most += grams * fsum(each.high for each in contents.elements) / 100
    if most >= each_most * (1 - _WORTH_SAYING):
        return ""
    return (
        f"All rare earths together: {grams_words(low, most)}. The most of each element cannot all "
        "be there at once."
    )
