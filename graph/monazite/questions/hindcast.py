"""What would the models have said of three past episodes?"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING, Any

from monazite.asking.question import question
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monazite.analysis.backtest.hindcast import Hindcast, HindcastLine
    from monazite.analysis.robustness.sampling import Span
    from monazite.model.contingencies.failure_points import Event
    from monazite.view.view import View

_HEAVY, _OTHER = "heavy magnets", "magnets without Dy or Tb"
_HALF_YEAR = 6


@question(
    group="How sure is that?",
    command="validate hindcast",
    title="What the models would have said of three past episodes, beside what happened",
    says="said, low, high and happened are parts of 1 of what measure names; happened is null "
    "where no record gives it. covered says whether the range holds what happened.",
    range="low and high are 5 and 95 % of random trials. It is a test only where known is a day: "
    "else a part of what is drawn was chosen after the fact.",
)
def hindcast(view: View) -> Hindcast:
    """Set what the models say of three past episodes beside what happened.

    The takeover of Kachin's mines in October 2024, the halt of sales to Japan in 2010, and China's
    magnet exports by destination from April to October 2025: ranges from what was known, what
    happened, how many ranges cover it, and whether a rebound after a rule would help.

    Example: monazite validate hindcast

    >>> import monazite
    >>> monazite.load().hindcast().earns_its_place
    False
    """
    from monazite.analysis.backtest.hindcast import JAPAN, KACHIN, HindcastLine, find_hindcast
    from monazite.core.errors import MonaziteError
    from monazite.model.chain.element_chain import ANY
    from monazite.model.contingencies.failure_points import Event

    stages = (MINE, SEPARATION, METAL, MAGNET)
    halted = Event(sales={(stage, "CHN", "JPN", ANY): 0.0 for stage in stages})
    closed = Event(output={(MINE, "MMR"): 0.0})
    lines, notes = list[HindcastLine](), list[str]()
    for asked in (
        (KACHIN, "myanmar-halt-2024", "WLD", (_HEAVY,), closed),
        (JAPAN, "japan-2010-embargo", "JPN", (_HEAVY, _OTHER), halted),
    ):
        try:
            lines += _lost(view, *asked)
        except MonaziteError as error:
            notes.append(f"{asked[0]}: what the flow model says is not known here: {error}")
    return find_hindcast(view.store, lines, notes)


def _lost(
    view: View, episode: str, scenario: str, market: str, products: Sequence[str], event: Event
) -> Iterator[HindcastLine]:
    """The use of magnets that is lost: in half a year, in a whole scenario, and for good.

    Of a shipped scenario it is the outcome that is shipped, with its range.
    """
    from monazite.analysis.backtest.hindcast import ENGINE, HindcastLine
    from monazite.asking.question import Failure
    from monazite.view.validation import model_of, network_of

    shipped = view.released_outcomes.outcomes if view.released_outcomes else ()
    kept = [x for x in shipped if (x.scenario, x.market) == (scenario, market)]
    found = [(x.wanted, x.over, x.parts) for x in kept if x.product in products]
    months = kept[0].months if kept else ()
    if not kept:
        run = view.scenario(scenario, markets=[market])
        months, of = run.months, [x for x in run.totals if x.market == market]
        found = [
            (x.wanted, x.part_short, tuple(y.part_short for y in run.of(market, x.product)))
            for x in of
            if x.product in products
        ]
    asked = Failure("DyTb" if len(products) == 1 else "MREE", market)
    loss = model_of(view, asked, network_of(view, asked)).study.loss(event)
    measure = "use of heavy magnets" if len(products) == 1 else "use of magnets"
    early = [(wanted, x) for wanted, _, parts in found for x in parts[:_HALF_YEAR]]
    whole = [(wanted, over) for wanted, over, _ in found]
    for last, spans in ((months[_HALF_YEAR - 1], early), (months[-1], whole)):
        said = (_mean(spans, end) for end in ("middle", "low", "high"))
        when = f"{months[0]} to {last}"
        yield HindcastLine(episode, ENGINE, market, when, measure, *said)
    yield HindcastLine(episode, ENGINE, market, "for good", measure, loss)


def _mean(spans: Sequence[tuple[float, Span]], end: str) -> Any:  # noqa: ANN401 - a float or None
    """The mean of one end of some ranges, by what is used; None where they were not drawn."""
    values = [(weight, getattr(x, end)) for weight, x in spans]
    if any(x is None for _, x in values):
        return None
    return fsum(weight * x for weight, x in values) / fsum(weight for weight, _ in values)
