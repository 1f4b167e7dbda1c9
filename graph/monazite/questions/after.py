"""What becomes of output and trade after one failure, and what is then short?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Failure, question
from monazite.data.declared import Param

if TYPE_CHECKING:
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.mitigation.after_failure import AfterFailure
    from monazite.core.results import OrNotKnown
    from monazite.view.view import View


@question(
    title="What one failure would change and what would then be short",
    says="line is an id of chokepoints, separation/CHN. Shifts are tonnes a year of output and "
    "trade; marginal values are tonnes served for one tonne more. Results of a model.",
    range="None is drawn: these are central values of the model. Say that the range is not drawn.",
)
def after(
    view: View,
    line: Annotated[str, Param("Id or name of a line: separation/CHN, China separation.")],
    asked: Failure,
    *,
    report: Chokepoints | None = None,
) -> AfterFailure | OrNotKnown:
    """Find what output and trade become after one line of the report, and what is then short.

    Shifts are the least changes, in tonnes; a marginal value is what is served more, in tonnes,
    for a tonne more of what is at its bound.

    >>> import monazite
    >>> monazite.load().after("China separation", "Sm", year=2024)
    <AfterFailure if China stopped separating: 20 shifts, 1 marginal values>
    """
    from monazite.analysis.mitigation.after_failure import find_after
    from monazite.view.validation import model_of, network_of, report_of

    network = network_of(view, asked)
    known = None if report is None else report_of(view, asked, network, report)
    model = model_of(view, asked, network)
    return find_after(model, known or report_of(view, asked, network), line)
