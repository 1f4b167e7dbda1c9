"""Which pairs of failures cost more together than apart?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.asking.question import Failure, question

if TYPE_CHECKING:
    from monazite.analysis.mitigation.after_failure import JointFailures
    from monazite.core.results import OrNotKnown
    from monazite.view.view import View


@question(
    title="Pairs of failures that lose more than their two losses added",
    says="Losses are parts of 1 of what the market used in the base year. Results of a model.",
    range="None is drawn: these are central values of the model. Say that the range is not drawn.",
)
def pairs(view: View, asked: Failure) -> JointFailures | OrNotKnown:
    """Find the pairs of failures that cost more together than their two losses added up.

    >>> import monazite
    >>> monazite.load().pairs("Sm", year=2024)
    <JointFailures 1 of 92 pairs cost more together than apart>
    """
    from monazite.analysis.mitigation.after_failure import find_pairs
    from monazite.view.validation import model_of, network_of

    return find_pairs(model_of(view, asked, network_of(view, asked)))
