"""Would the model have foretold a past episode?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import question
from monazite.data.declared import Param
from monazite.data.parameters import EPISODE, EPISODES

if TYPE_CHECKING:
    from monazite.analysis.backtest.result import Backtest
    from monazite.view.view import View


@question(group="How sure is that?", rank=2)
def backtest(
    view: View,
    episode: Annotated[
        str,
        Param(
            "2025, China's licences on magnets; or 2010, quota and embargo.",
            metavar="EPISODE",
            position=True,
            words=lambda: EPISODES,
        ),
    ] = EPISODE,
    *,
    fit_until: Annotated[
        str | None,
        Param("Foretell from this day alone, by what was published until then.", metavar="DATE"),
    ] = None,
) -> Backtest:
    """Foretell a past episode from what was published at the time, and score it.

    Every later month is scored from every day on which a month was printed, on three bases, beside
    simple methods; then earlier rules alone, the text alone, the rule of allocation that the months
    support, and sizes of lost output by others. 2010 is put together again, with nothing fitted.

    Example: monazite backtest 2025 --fit-until 2025-07-21

    >>> import monazite
    >>> monazite.load().backtest("2025", fit_until="2025-07-21").verdict
    'no skill'
    """
    from monazite.analysis.backtest.backtest import find_backtest
    from monazite.store.queries import day_of

    return find_backtest(view.store, episode, None if fit_until is None else day_of(fit_until))
