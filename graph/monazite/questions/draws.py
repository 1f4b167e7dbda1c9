"""How far do losses and ranks reach when all that they rest on is drawn together?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Failure, Seed, question
from monazite.core.results import do_nothing
from monazite.data.declared import Param
from monazite.data.parameters import DRAWS, SEED, check_draws

if TYPE_CHECKING:
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.robustness.draws import Draws
    from monazite.analysis.robustness.sampling import Step
    from monazite.core.results import OrNotKnown
    from monazite.view.view import View


@question()
def draws(
    view: View,
    asked: Failure,
    *,
    count: Annotated[
        int, Param("How many random trials; 200 take two minutes.", check=check_draws, most=1_000)
    ] = DRAWS,
    seed: Seed = None,
    line: Annotated[
        Iterable[str],
        Param(
            'With --draws: what moves this line, one number at a time, "China mining".',
            metavar="WHAT",
        ),
    ] = (),
    report: Chokepoints | None = None,
    step: Step | None = None,
) -> Draws | OrNotKnown:
    """Draw all assumptions and contradicted numbers, and tell how far losses and ranks reach.

    The middle nine tenths of the random trials are the range of a loss and of a rank, of the first
    ten lines and of those that are named. They are drawn by a Latin hypercube (McKay, Beckman and
    Conover 1979).

    >>> import monazite
    >>> monazite.load().draws("Sm", year=2024, count=3)
    <Draws Sm for WLD 2024, short run: 3 draws, 1 rejected, 10 lines>
    """
    from monazite.analysis.robustness.draws import chosen_lines, find_draws
    from monazite.view.validation import network_of, report_of

    network = network_of(view, asked)
    found = report_of(view, asked, network, report)
    told = (network, view.facts(asked.element), asked.contingency, found)
    chosen, chance = chosen_lines(found, line), SEED if seed is None else seed
    return find_draws(*told, chosen=chosen, count=count, seed=chance, step=step or do_nothing)
