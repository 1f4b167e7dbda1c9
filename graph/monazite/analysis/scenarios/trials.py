"""From months that were run, and those of the random trials, to what a reader is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import fsum
from typing import Any

from monazite.analysis.backtest.japan_2010 import PublishedSize, published_sizes, sizes_for
from monazite.analysis.robustness.sampling import Span, last_short, month_span_of, span_of
from monazite.analysis.scenarios import outcome
from monazite.analysis.scenarios.model import ScenarioModel, ScenarioRun, Trial
from monazite.analysis.scenarios.resolve import BORDERS, NEGLIGIBLE, Resolved, name_of
from monazite.analysis.scenarios.result import NOT_DRAWN, STRETCH, ScenarioResult, plant_stock_row
from monazite.analysis.scenarios.scenario_file import Scenario
from monazite.core.errors import NotKnownError, ProgrammeError
from monazite.core.formats import exact
from monazite.core.results import Assumption, Value
from monazite.data.parameters import MAGNET
from monazite.model.assumptions import (
    FIRMS,
    KEPT,
    LEAD,
    TIME_AND_STOCKS,
    TRANSIT,
    MethodAssumptions,
)
from monazite.model.chain.base_year import weak_note
from monazite.model.chemistry import Chemistry
from monazite.model.months.engine import FELT
from monazite.model.months.firms import IMMEDIATE, YEARS, Months
from monazite.model.months.settings import CLASSES
from monazite.model.network.shares import WORLD

Numbers = Mapping[tuple[str, ...], Sequence[float]]
"""Numbers by month, by what they are and of what."""
_WANTED, _SHORT, _USED, _STOPPED = "wanted", "short", "used", "stopped"
_HELD, _WAY, _KEPT = "held", "under way", "kept"
_PART, _COVER, _TOTAL, _OVER, _MOST, _LAST = "part", "cover", "total", "over", "most", "last"
"""All are those of each trial: what is wanted, and the worst and last month, differ there, too."""


def numbers_of(
    journey: ScenarioRun, markets: Iterable[str], products: Iterable[str]
) -> dict[tuple[str, ...], list[float]]:
    """Return what a run found as plain numbers: what trials are summed up from."""
    found: dict[tuple[str, ...], list[float]] = {}
    for product in products:
        for market in markets:
            found |= _of_market(journey, market, product)
    for row, place_ in journey.engine.programme.places.items():
        name = (_KEPT, place_.stage, place_.pool, place_.what)
        found[name] = list(journey.run.kept[row])
        found[_COVER, *name] = [_over(x, place_.month) for x in found[name]]
    return found


def _of_market(
    journey: ScenarioRun, market: str, product: str
) -> dict[tuple[str, ...], list[float]]:
    run, of = journey.run, (market, product)
    own = [key for key in run.used if key[0] == product and market in (WORLD, key[1])]
    if not own:
        return {}
    wanted, used, held, way = (
        [fsum(x) for x in zip(*(by_key[key] for key in own), strict=True)]
        for by_key in (run.wanted, run.used, run.held, run.under_way)
    )
    lacking = [(x - y, x) for x, y in zip(wanted, used, strict=True)]
    short = [x if x > 1e-6 * whole else 0.0 for x, whole in lacking]  # the rest is rounding
    parts = [_over(x, y) for x, y in zip(short, wanted, strict=True)]
    month = fsum(journey.engine.demand.get(key, 0.0) for key in own) / 12
    found: dict[tuple[str, ...], list[float]] = {
        (_WANTED, *of): wanted,
        (_USED, *of): used,
        (_HELD, *of): held,
        (_WAY, *of): way,
        (_SHORT, *of): short,
        (_PART, *of): parts,
        (_TOTAL, *of): [fsum(short)],
        (_OVER, *of): [_over(fsum(short), fsum(wanted))],
        (_MOST, *of): [max(parts)],
        (_LAST, *of): [last_short(parts, NEGLIGIBLE)],
        (_COVER, _HELD, *of): [_over(x, month) for x in held],
        (_COVER, _WAY, *of): [_over(x, month) for x in way],
    }
    if market != WORLD:
        for place, _ in enumerate(journey.engine.settings.classes):
            found[_STOPPED, *of, str(place)] = [x[place] for x in run.stopped[own[0]]]
    return found


def _over(number: float, whole: float) -> float:
    return number / whole if whole > 0 else 0.0


def _result(
    asked: AskedScenario,
    model: ScenarioModel,
    journey: ScenarioRun,
    trials: Sequence[Numbers],
    made: outcome.TrialsMade | None,
) -> ScenarioResult:
    """Sum up a scenario."""
    scenario, meant = asked.scenario, asked.meant
    markets, months = markets_of(scenario, model), Months(scenario.start, scenario.months).names
    numbers = numbers_of(journey, markets, model.products)
    labels = model.facts.country_labels
    told = sorted({*chain(*numbers), *(user for _, user in journey.run.used)} & {*labels})
    return ScenarioResult(
        id=scenario.id,
        title=scenario.title,
        description=scenario.description,
        element=model.facts.symbol,
        start=months[0],
        months=months,
        base_year=model.year,
        allocation=scenario.allocation,
        **_found(numbers, trials, journey, months),
        limits=tuple(_limits(numbers, journey, model, months)),
        rules=tuple(_rules(meant, journey, months)),
        trials=made,
        source_ids=scenario.sources,
        labels={code: labels[code].partition(" (")[0] for code in told},  # of the rest, no remark
        assumptions=(
            *assumptions_of(scenario, model.method),
            *stretch_of(model.base.chemistry, scenario.months),
        ),
        published=_published(model, meant, markets),
        notes=tuple(_notes(model, meant, made)),
    )


def _found(
    numbers: Numbers, trials: Sequence[Numbers], journey: ScenarioRun, months: Sequence[str]
) -> dict[str, Any]:
    """What markets are supplied, lack and hold, and firms that stop, with the trials' ranges."""
    engine = journey.engine
    spans = {name: _spans(name, middle, trials) for name, middle in numbers.items()}
    supply, totals = list[outcome.MonthSupply](), list[outcome.UseTotal]()
    stocks, firms = list[outcome.MonthStock](), list[outcome.FirmsStopped]()

    def lies(name: tuple[str, ...], place: str, where: str, stage: str, what: str) -> None:
        for month, *each in zip(months, spans[name], spans[_COVER, *name], strict=True):
            stocks.append(outcome.MonthStock(month, place, where, stage, name_of(what), *each))

    for of in (name[1:] for name in numbers if name[0] == _WANTED):
        market, product = of
        wanted, *others = (spans[x, *of] for x in (_WANTED, _USED, _SHORT, _PART))
        for month, *each in zip(months, wanted, *others, strict=True):
            supply.append(outcome.MonthSupply(month, market, name_of(product), *each))
        (short,), (part,), (most,) = (spans[x, *of] for x in (_TOTAL, _OVER, _MOST))
        last = (_LAST, *of)
        until = month_span_of(numbers[last][0], (x[last][0] for x in trials if last in x), months)
        whole = fsum(x.middle for x in wanted)
        totals.append(outcome.UseTotal(market, name_of(product), whole, short, part, most, until))
        stage = engine.chain.products[product].stage
        lies((_HELD, *of), market, outcome.USERS, stage, product)
        lies((_WAY, *of), market, outcome.UNDER_WAY, stage, product)
        for place, own in enumerate(engine.settings.classes if market != WORLD else ()):
            for month, stopped in zip(months, spans[_STOPPED, *of, str(place)], strict=True):
                line = (month, market, name_of(product), own.days, own.share, stopped)
                firms.append(outcome.FirmsStopped(*line))
    for kept in engine.programme.places.values():
        name = (_KEPT, kept.stage, kept.pool, kept.what)
        lies(name, kept.pool, outcome.PLANTS, kept.stage, kept.what)
    return {"supply": supply, "totals": totals, "stocks": stocks, "firms": firms}


def markets_of(scenario: Scenario, model: ScenarioModel) -> tuple[str, ...]:
    """Return the markets that a scenario tells of, the world last."""
    chosen = [x for x in scenario.markets if x != WORLD]
    return (*dict.fromkeys(chosen if scenario.markets else model.markets), WORLD)


def _spans(name: tuple[str, ...], middle: Sequence[float], trials: Sequence[Numbers]) -> list[Span]:
    series = [x[name] for x in trials if name in x]
    drawn = zip(*series, strict=True) if series else [()] * len(middle)
    return [span_of(x, own) for x, own in zip(middle, drawn, strict=True)]


def _limits(
    numbers: Numbers, journey: ScenarioRun, model: ScenarioModel, months: Sequence[str]
) -> Iterable[outcome.MonthLimit]:
    """Months in which the world does without something; what limits did when goods were sent."""
    run = journey.run
    main = [x for x in model.products if x in journey.engine.chain.main] or [*model.products]
    users = sorted({user for product, user in run.used if product in main})
    last: tuple[str, ...] = ()
    for at, month in enumerate(months):
        last = run.limits[at] or last
        wanted = fsum(numbers[_WANTED, WORLD, x][at] for x in main)
        short = fsum(numbers[_SHORT, WORLD, x][at] for x in main)
        if wanted <= 0 or short <= FELT * wanted:
            continue
        by_user = {
            user: fsum(
                run.wanted[key][at] - run.used[key][at]
                for key in ((x, user) for x in main)
                if key in run.used
            )
            for user in users
        }
        order = sorted((-tonnes, user) for user, tonnes in by_user.items())
        cut = tuple(user for less, user in order if -less > FELT * short)
        yield outcome.MonthLimit(month, short / wanted, last, cut)


def _rules(
    meant: Sequence[Resolved], journey: ScenarioRun, months: Sequence[str]
) -> Iterable[outcome.RuleInForce]:
    for each in meant:
        shock, kind = each.shock, each.shock.kind
        normal = 0.0 if kind in ("new-capacity", "stockpile", "reopen") else 1.0
        passes = journey.effects.passes.get(shock.id, [])
        yield outcome.RuleInForce(
            id=shock.id,
            kind=kind,
            label=each.label,
            policy=shock.text("policy"),
            begins=f"{each.begins}",
            ends=f"{each.ends}" if each.ends is not None else "",
            passes=tuple(
                (month, round(x, 6))
                for month, x in zip(months, passes, strict=True)
                if abs(x - normal) > 1e-9
            ),
            rows=each.scope.rows if each.scope is not None else (),
        )


def _published(
    model: ScenarioModel, meant: Sequence[Resolved], markets: Sequence[str]
) -> tuple[PublishedSize, ...]:
    """Sizes that others published of the markets; all suppose that China holds exports back."""
    sellers = {
        each.shock.text("seller") or (each.scope.country if each.scope is not None else "")
        for each in meant
        if each.shock.kind in BORDERS
    }
    if "CHN" not in sellers:
        return ()
    labels = model.facts.country_labels
    told = {labels[code] for code in markets if code in labels}
    return sizes_for(published_sizes(model.facts.store), told, model.facts.members)


def _notes(
    model: ScenarioModel, meant: Sequence[Resolved], made: outcome.TrialsMade | None
) -> Iterable[str]:
    yield f"A normal month is a twelfth of {model.year}: seasons and growth are not followed."
    if MAGNET in {x.stage for x in model.point.chain.products.values()}:
        yield "Magnets inside motors, cars and machines that cross a border are not counted."
    yield from weak_note(model.base.accounts(), model.facts)
    yield "No rule or end is foreseen. What firms hold, and lead times, are assumed."
    if made is None:
        yield NOT_DRAWN
    else:
        yield (
            "The range tests figures, yields, assays, stocks and lead times together, under one "
            "rule of who is served. It does not test the rule, or the days of shocks."
        )
    if any({*each.shock.names("elements")} & {"Dy", "Tb"} for each in meant):
        yield "Every heavy magnet is read as holding Dy and Tb: a halt of one stops all of them."
    for each in meant:
        if each.scope is not None:
            yield from (f"{each.scope.policy}: {x}" for x in each.scope.remarks)


def assumptions_of(scenario: Scenario, method: MethodAssumptions) -> tuple[Assumption, ...]:
    """Return what is assumed of time and stocks; what the file sets stands in place of rows."""
    own, found = scenario.assumed, []
    reason = str(own.get("reason", "The scenario file gives no reason."))

    def of_file(row: str, text: str, value: float, unit: str = "months") -> Assumption:
        return Assumption(row, f"{text}, by this file", value, value, value, unit, reason)

    cover = own.get("cover", {})
    for name, subject in TIME_AND_STOCKS[:-1]:
        if name == KEPT and subject not in cover and subject.split(" in ")[0] in cover:
            continue  # the file speaks for the plants of all countries
        assumed = method.assumption(name, subject)
        if name == LEAD and subject in own.get("leads", {}):
            row, text = f"{scenario.id}/leads.{subject}", f"Time from {subject} to magnet"
            assumed = of_file(row, text, own["leads"][subject])
        elif (name, subject) == TRANSIT and "transit" in own:
            assumed = of_file(f"{scenario.id}/transit", assumed.text, own["transit"])
        elif name == KEPT and subject in cover:
            row = plant_stock_row(scenario.id, subject)
            assumed = of_file(row, assumed.text, cover[subject])
        found.append(assumed)
    for each in scenario.firms:
        text = f"Firms by days of stock: {exact(each.days)} days"
        row = f"{scenario.id}/firms.{exact(each.days)}-days"
        found.append(of_file(row, text, 100 * each.share, "percent"))
    if not scenario.firms:
        classes = sorted(method.subjects(CLASSES), key=lambda text: (len(text), text))
        found += [method.assumption(*x) for x in (FIRMS, *((CLASSES, x) for x in classes))]
    return tuple(found)


def stretch_of(chemistry: Chemistry, months: int) -> tuple[Assumption, ...]:
    """Return what is assumed of trade and output in the steps that a scenario goes through."""
    steps = (
        (f"in the first {IMMEDIATE} months", 0, "immediate"),
        (f"after {IMMEDIATE} months", IMMEDIATE, "short-run"),
        (f"after {YEARS} months", YEARS, "medium-run"),
    )
    found = []
    for when, first, name in steps:
        for what, text in (("trade", "trade"), ("throughput", "output of plants")):
            row = f"{STRETCH}{what}-{name}"
            if months > first and row in chemistry.reasons:
                _, amount, reason = chemistry.reasons[row]
                told = f"Times the {text} of the base year, {when}"
                ends = (amount.value, amount.low, amount.high)
                found.append(Assumption(row, told, *ends, "times", reason))
    return tuple(found)


LEAST_KEPT = 10  # trials that a range needs at the least


class AskedScenario(Value):
    """A scenario, and what its shocks mean."""

    scenario: Scenario
    meant: tuple[Resolved, ...]


TrialNumbers = tuple[Numbers, ...] | None
"""What a trial led to: the numbers of each scenario; None where the trial does not count."""


def run_trial(
    model: ScenarioModel, asked: Sequence[AskedScenario], place: int, count: int, seed: int
) -> TrialNumbers:
    """Make one trial of all scenarios."""
    try:
        trial = Trial(model, model.drawn(count, seed)[place])
        if not trial.kept:
            return None
        journeys = [(x.scenario, trial.run(x.scenario, x.meant)) for x in asked]
        return tuple(
            numbers_of(journey, markets_of(scenario, model), model.products)
            for scenario, journey in journeys
        )
    except (NotKnownError, ProgrammeError):
        return None


def results_of(
    model: ScenarioModel, asked: Sequence[AskedScenario], found: Sequence[TrialNumbers], seed: int
) -> tuple[ScenarioResult, ...]:
    """Return what scenarios lead to, with the range of the trials that count."""
    count, kept = len(found), [numbers for numbers in found if numbers is not None]
    if count >= LEAST_KEPT and len(kept) < LEAST_KEPT:
        raise NotKnownError(
            f"Only {len(kept)} of {count} trials could be worked out: run more of them."
        )
    made = outcome.TrialsMade(count, seed, count - len(kept)) if count else None
    return tuple(
        _result(
            each,
            model,
            model.point.run(each.scenario, each.meant, explain=True),
            [numbers[at] for numbers in kept],
            made,
        )
        for at, each in enumerate(asked)
    )
