"""The back-test of an episode: what would have been foretold, and how well.

No test here shows that a method holds for the next rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from monazite.analysis.backtest import earlier_rules, origins
from monazite.analysis.backtest.japan_2010 import EXPORTS, QUOTA, published_sizes, reconstruct_2010
from monazite.analysis.backtest.months import (
    MAGNETS,
    MonthFigure,
    chosen,
    known_by,
    month_of,
    months_known,
    read_months,
)
from monazite.analysis.backtest.result import Backtest
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.data.parameters import EPISODES
from monazite.model.assumptions import read_method_assumptions
from monazite.store.queries import ask
from monazite.store.store import Store

LICENCES_2025, JAPAN_2010 = EPISODES
_RULE, EMBARGO_2010 = "mofcom-gac-2025-18", "china-embargo-japan-2010"
_QUOTA_BASIS = {"second-half": "quota-part", "full-year": "product-weight"}
SCOPE = ("heavy-magnet-share", "NdFeB magnets that hold dysprosium or terbium")
REVIEW = ("review-time", "announcement 18 of 2025")
_LAG = ("arrival-lag", "from China's exports to Japan's imports")
_ABROAD_2025 = ("exported-share", "magnets, 2024")
_ABROAD_2010 = ("exported-share", "rare earths, 2010")
_ERROR = ("allocation-error", "a month under a rule of allocation")
_WIDEN = "widen --valid, --known or --tier."
_FITTED_MONTHS = 3
"""As many as the process has parameters that are fitted: the origin that is shown first."""


def find_backtest(store: Store, episode: str, fit_until: str | None = None) -> Backtest:
    """Foretell an episode from what was published at the time, and score it."""
    figures = read_months(store)
    if episode == JAPAN_2010:
        if fit_until:
            raise UnknownNameError(
                "2010 is a reconstruction and fits nothing; leave --fit-until, or ask for 2025."
            )
        return _of_2010(store, figures)
    return _of_2025(store, figures, fit_until)


def step_day(store: Store, policy: str, event: str) -> str:
    """The first day that a row gives for a step of an act."""
    days = [
        each["date"]
        for each in ask(store, "policy-steps")
        if (each["policy"], each["event"]) == (policy, event) and len(each["date"]) == 10
    ]
    if not days:
        raise NotKnownError(
            f'The view has no day on which the act "{policy}" took effect or ended; {_WIDEN}'
        )
    return min(days)


def _untested(
    sentence: str, world: Sequence[MonthFigure], rule_day: str, days: Sequence[str]
) -> NotKnownError:
    """That nothing can be tested on a day; the day from which something can, if there is one."""
    _, forecasts = origins.run_origins(world, rule_day, days[:1])
    if any(each.kind == origins.OUT_OF_SAMPLE for each in forecasts):
        return NotKnownError(f"{sentence} --fit-until {days[0]}.")
    return NotKnownError(
        f"The data used have no month that was printed after {days[0]}, the first day from which "
        f"one can be foretold: nothing can be tested yet; {_WIDEN}"
    )


def first_fitted(store: Store) -> str:
    """Return the first day by which as many months of the licences were printed as are fitted."""
    world = chosen(read_months(store), MAGNETS, origins.WORLD)
    return _first_fitted(world, month_of(step_day(store, _RULE, "effective")))


def _first_fitted(world: Sequence[MonthFigure], rule: int) -> str:
    days = origins.origins_of(world, rule)
    if not days:
        raise NotKnownError(
            f"The view has no month of China's magnet exports since the rule; {_WIDEN}"
        )
    enough = rule + _FITTED_MONTHS - 1
    fitted = (day for day in days if max(months_known(known_by(world, day))) >= enough)
    return next(fitted, days[-1])


def _of_2025(store: Store, figures: Sequence[MonthFigure], fit_until: str | None) -> Backtest:
    rule_day = step_day(store, _RULE, "effective")
    world = chosen(figures, MAGNETS, origins.WORLD)
    origin = fit_until or _first_fitted(world, month_of(rule_day))
    days = origins.origins_of(world, month_of(rule_day))
    if fit_until and fit_until < days[0]:
        why = f"By {fit_until} no month since the rule was published; the first was on {days[0]}:"
        raise _untested(why, world, rule_day, days)
    asked = (fit_until,) if fit_until else days
    fits, forecasts = origins.run_origins(world, rule_day, asked)
    scored = {each.origin for each in forecasts if each.kind == origins.OUT_OF_SAMPLE}
    if not fit_until and origin not in scored:  # a view that knows little: its last day with a test
        origin = max(scored, default=origin)
    shown = [each for each in forecasts if each.origin == origin]
    if origin not in scored:
        why = f"After {origin} no later month was printed that has a base; ask for an earlier day:"
        raise _untested(why, world, rule_day, days)
    earlier = earlier_rules.earlier_rules(figures, rule_day)
    crossed = earlier_rules.cross_episode(world, rule_day, earlier)
    method = read_method_assumptions(store)
    text = earlier_rules.text_alone(world, rule_day, method.amount(*SCOPE), method.amount(*REVIEW))
    places = origins.destination_months(figures, rule_day, shown)
    parts = [(x.month, x.told / x.base, x.happened / x.base) for x in text[:_FITTED_MONTHS]]
    return Backtest(
        episode=LICENCES_2025,
        label="China's licences on magnets, April 2025",
        rule_day=rule_day,
        origin=origin,
        origins=asked,
        fits=tuple(fits),
        forecasts=(*forecasts, *crossed),
        scores=origins.scores_of(shown),
        all_scores=() if fit_until else origins.scores_of(forecasts, "all origins"),
        cross_scores=origins.scores_of(crossed),
        earlier=earlier,
        text=text,
        catching_up=origins.catching_up(world, rule_day),
        destinations=places,
        destination_score=origins.destination_score(places),
        allocation=earlier_rules.compare_rules(
            parts, method.amount(*_ABROAD_2025), method.amount(*_ERROR)
        ),
        spreads=origins.destination_spreads(places),
        published=published_sizes(store),
        assumptions=tuple(method.assumption(*x) for x in (SCOPE, REVIEW, _ABROAD_2025, _ERROR)),
        notes=_notes(earlier),
    )


def _notes(earlier: earlier_rules.EarlierRules) -> tuple[str, ...]:
    missing = f"No month of {', '.join(earlier.missing)} was found; the test by earlier rules is"
    return (
        "What was known on a day is what a source of ours had printed by then; customs print "
        "earlier, so errors would be smaller or larger.",
        "A deal was struck on 11 June 2025, the 45th working day; the two cannot be told apart.",
        "Months of 2024 of India and Vietnam are not known but for one each; their part in "
        "May 2025 is left out.",
        *([f"{missing} without."] if earlier.missing else []),
    )


def _of_2010(store: Store, figures: Sequence[MonthFigure]) -> Backtest:
    embargo = step_day(store, EMBARGO_2010, "effective"), step_day(store, EMBARGO_2010, "ended")
    quotas = {
        each["part"]: (each.number("tonnes"), each.row())
        for each in ask(store, "export-quotas", year="2010")
        if _QUOTA_BASIS.get(each["part"]) == each["basis"]
    }
    method = read_method_assumptions(store)
    found = reconstruct_2010(figures, quotas, embargo, method.amount(*_LAG))
    if found is None:
        raise NotKnownError(f"The view has too few months of 2010; {_WIDEN}")
    parts = [
        (each.month, each.tonnes / found.base, each.happened / found.base)
        for each in found.months
        if (each.series, each.cause) == (EXPORTS, QUOTA) and each.month > embargo[0][:7]
    ]
    return Backtest(
        episode=JAPAN_2010,
        label="Quota and embargo, autumn 2010",
        rule_day=embargo[0],
        scores=found.scores,
        allocation=earlier_rules.compare_rules(
            parts, method.amount(*_ABROAD_2010), method.amount(*_ERROR)
        ),
        reconstruction=found,
        published=published_sizes(store),
        assumptions=tuple(method.assumption(*x) for x in (_LAG, _ABROAD_2010, _ERROR)),
        notes=(
            "China's exports and Japan's imports are weighed and named apart; arrivals lag.",
            "Months from January to August are shares of sums: no row prints them.",
            "Three parameters on four points would fit anything: nothing is fitted.",
        ),
    )
