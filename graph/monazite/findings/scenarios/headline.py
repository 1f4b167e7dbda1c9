"""What a scenario finds, in words: who would lack how much of what and when, or why nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from monazite.findings.losses.headline import product_names
from monazite.findings.scenarios.assumed import (
    IMMEDIATE,
    PLANT_STOCK_ROW,
    STRETCH,
    plant_stock_row,
)
from monazite.findings.scenarios.firms import DAYS
from monazite.findings.scenarios.told_names import NEGLIGIBLE, name_of
from monazite.findings.wording import capital
from monazite.network.shares import WORLD
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.result import Value
from monazite.rows.dates import day_words
from monazite.safe_text import counted, exact_percent, percent

if TYPE_CHECKING:
    from monazite.findings.scenarios.outcome import (
        MonthStock,
        MonthSupply,
        ScenarioResult,
        UseTotal,
    )
    from monazite.findings.uncertainty.spans import Span

UNSETTLED = 0.4
"""A range that is wider, in parts of 1, leaves the size open."""
HARDLY = 0.99
"""A stock that stays above this part of what it begins with has not fallen."""
MATTERS = 0.01
"""Places that keep less than this part of all that is kept of a thing are passed over."""
_GOODS = {MINE: "ore", SEPARATION: "oxide", METAL: "metal"}
_USERS, _PLANTS = "users", "plants"
_NUMBERS = {3: "three"}


def is_spared(found: ScenarioResult) -> bool:
    """Whether nothing is lacking in any month, nor may be by the trials."""
    return all(max(size_of(x.most_short)) < NEGLIGIBLE for x in found.totals)


def worst_month(months: Iterable[MonthSupply]) -> MonthSupply:
    """Return the month in which the largest part is missing, the first of several."""
    return max(months, key=lambda each: size_of(each.part_short))


def size_of(part: Span) -> tuple[float, float]:
    """Return by what parts are compared: the number, then the upper end of its trials."""
    return part.middle, part.high or 0.0


def spread_cell(part: Span) -> str:
    """Return the range of the trials of a part; empty where none was made."""
    return "" if part.low is None or part.high is None else range_words(part)


def range_words(part: Span) -> str:
    """Return the range of the trials of a part, as words.

    A number at the value of every figure may lie outside of what most trials find.

    >>> from monazite.findings.uncertainty.spans import Span
    >>> range_words(Span(0.71, 0.49, 0.82)), range_words(Span(0.5)), range_words(Span(1, 1, 1))
    ('49 to 82 %', 'range not drawn', 'in all trials')
    >>> range_words(Span(0.3, 0.4, 0.6))
    '40 to 60 %, number outside'
    """
    if part.low is None or part.high is None:
        return "range not drawn"
    low, high = percent(part.low), percent(part.high)
    if low == high == percent(part.middle):
        return "in all trials"
    outside = not round(part.low, 2) <= round(part.middle, 2) <= round(part.high, 2)
    return f"{low.removesuffix(' %')} to {high}{', number outside' if outside else ''}"


@dataclass(frozen=True)
class UseLine(Value):
    """A product that a market uses, over all months of a scenario.

    Attributes:
        months: what is wanted, supplied and short, month by month.
    """

    market: str
    label: str
    product: str
    name: str
    months: tuple[MonthSupply, ...]
    total: UseTotal

    @property
    def worst(self) -> MonthSupply:
        """The month in which the largest part is missing, the first of several."""
        return worst_month(self.months)

    @property
    def is_short(self) -> bool:
        """Whether something is missing in some month, or may be by the trials."""
        return max(size_of(self.total.most_short)) >= NEGLIGIBLE


def use_lines(found: ScenarioResult) -> tuple[UseLine, ...]:
    """Return what each market uses, in the order of the scenario, the worst month first."""
    lines = [
        UseLine(
            each.market,
            found.named(each.market),
            each.product,
            name_of(each.product),
            found.of(each.market, each.product),
            each,
        )
        for each in sorted(found.totals, key=lambda each: each.market == WORLD)
        if each.wanted > 0
    ]
    place = {line.market: number for number, line in reversed([*enumerate(lines)])}
    main = {product: number for number, product in enumerate(found.products)}
    most = {line: size_of(line.worst.part_short)[0] for line in lines}
    key = {line: (place[line.market], -most[line], main[line.product]) for line in lines}
    return tuple(sorted(lines, key=key.__getitem__))


def scenario_finding(found: ScenarioResult) -> str:
    """Return what a scenario finds of the market that it asks about, in one sentence."""
    lines = use_lines(found)
    if not lines:
        return "What users would do without is not known: no use of these products is found"
    first = next((line for line in lines if line.is_short), None)
    if first is None:
        return ". ".join([_nobody(found), *_stocks(found)[:1]])
    return f"{_lack(first)} of {counted(len(first.months), 'month')}"


def use_sentence(line: UseLine) -> str:
    """Return what a market would lack of a product, in one sentence."""
    if not line.is_short:
        who, what = capital(line.label), f"of its {line.name}"
        if round(line.total.short.middle) == 0:
            return f"{who} would lack none {what}."
        return f"{who} would lack less than {exact_percent(NEGLIGIBLE)} {what} in any month."
    until = line.total.until
    ends = f", and go short until {until.words}" if until.middle else ""
    if not until.middle and until.high:
        ends = f", and go short in trials until {day_words(until.high)}"
    over = counted(len(line.months), "month")
    whole = f"{spread(line.total.part_short)} of {line.total.wanted:,.0f} t"
    return f"{_lack(line)} month{ends}; over {over} {whole}."


def _lack(line: UseLine) -> str:
    """Who would lack how much of what in the worst month, with the range of the trials."""
    part = line.total.most_short
    who, what = capital(line.label), f"of its {line.name}"
    if part.middle < NEGLIGIBLE and part.high is not None:  # the worst month of no value
        return f"{who} would lack up to {percent(part.high)} {what} in the worst"
    return f"{who} would lack {spread(part)} {what} in {day_words(line.worst.month)}, the worst"


def spread(part: Span) -> str:
    """Return a part as a percentage with the range of its trials.

    >>> from monazite.findings.uncertainty.spans import Span
    >>> spread(Span(0.71, 0.49, 0.82)), spread(Span(0.5)), spread(Span(0.5, 0.1, 0.9))
    ('71 % (49 to 82 %)', '50 % (range not drawn)', '50 % (10 to 90 %: size not settled)')
    """
    middle, ends = percent(part.middle), range_words(part)
    open_ = ": size not settled" if _is_open(part) else ""
    return f"{middle} ({ends}{open_})"


def _is_open(part: Span) -> bool:
    return part.low is not None and part.high is not None and part.high - part.low > UNSETTLED


def why_nothing_is_short(found: ScenarioResult) -> str:
    """Return why no user goes short, from the stocks and assumptions of the scenario itself."""
    return ". ".join([_nobody(found), *_stocks(found), *_trade(found)])


def _nobody(found: ScenarioResult) -> str:
    """That nobody goes short; that nobody does so by much, where a few tonnes are lacking."""
    if all(round(each.short.middle) == 0 for each in found.totals):
        return "No user would go short"
    return f"In no month would a market lack {exact_percent(NEGLIGIBLE)} of a product"


def _stocks(found: ScenarioResult) -> list[str]:
    """What the stocks of plants and of users fall to that fall furthest."""
    lowest = [x for x in (deepest_stock(found, _PLANTS), deepest_stock(found, _USERS)) if x]
    if not lowest:
        return ["Assumed stocks would not fall"]
    return [f"{x}would fall to {y}" for x, y in map(partial(_stock, found), lowest)]


def _stock(found: ScenarioResult, each: MonthStock) -> tuple[str, str]:
    name = product_names(each.what, "")[1] if each.stage == MAGNET else each.what
    goods = f"{name} {_GOODS.get(each.stage, '')}".strip()
    where = {_PLANTS: f"at {_PLANTS}", _USERS: f"with {_USERS}"}[each.where]
    what = f"Assumed stocks of {goods} {where} in {found.named(each.place)} "
    months = each.cover.middle
    told = f"{months:.2g}" if months < 10 else f"{months:,.0f}"
    return what, f"{told} months of use in {day_words(each.month)}"


def deepest_stock(found: ScenarioResult, where: str) -> MonthStock | None:
    """Return the month of the stock that falls furthest below its start; None where none falls.

    What plants and users begin with is assumed, by the scenario file where it sets it; of others it
    is the most in any month. What a reserve adds to it is no fall when it is used. A place that
    keeps next to nothing is told only where no other falls.
    """
    normal = {each.row: each.value for each in found.assumptions}
    held: dict[tuple[str, str], float] = {}
    for market, product, days, share in dict.fromkeys(
        (x.market, x.product, x.days, x.share) for x in found.firms
    ):
        held[market, product] = held.get((market, product), 0.0) + share * days / DAYS
    places: dict[tuple[str, str, str], list[MonthStock]] = {}
    for each in found.stocks:
        if each.where == where and each.place != WORLD:
            places.setdefault((each.stage, each.what, each.place), []).append(each)
    kept = {key: max(x.tonnes.middle for x in months) for key, months in places.items()}
    whole: dict[tuple[str, str], float] = {}
    for (stage, what, _), tonnes in kept.items():
        whole[stage, what] = whole.get((stage, what), 0.0) + tonnes
    falls = []
    for key, months in places.items():
        most = max(x.cover.middle for x in months)
        own = normal.get(plant_stock_row(found.id, key[0]))
        usual = own or normal.get(f"{PLANT_STOCK_ROW}{key[0]}") or most
        if where != _PLANTS:
            usual = held.get((key[2], key[1])) or most
        low = min(months, key=lambda x: x.cover.middle)
        if usual > 0 and low.cover.middle < HARDLY * usual:
            next_to_nothing = kept[key] < MATTERS * whole[key[:2]]
            falls.append((next_to_nothing, low.cover.middle / usual, key, low))
    return min(falls, key=lambda x: x[:3])[-1] if falls else None


def _trade(found: ScenarioResult) -> list[str]:
    """How far trade may stretch after the first months."""
    return [
        f"After {_NUMBERS.get(IMMEDIATE, IMMEDIATE)} months we assume that trade may grow to "
        f"{each.value:g} times"
        for each in found.assumptions
        if each.row == f"{STRETCH}trade-short-run" and each.value is not None
    ]
