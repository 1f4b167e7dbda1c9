"""What the models say of three past episodes from what was known, beside what rows print.

A range covers what happened, or not. It is a test where all that it rests on was known before;
where what is drawn was chosen after the fact it is none, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import exp, fsum, log, sqrt
from random import Random

from monazite.analysis.backtest import backtest
from monazite.analysis.backtest.earlier_rules import MONTHS
from monazite.analysis.backtest.japan_2010 import EMBARGO, IMPORTS
from monazite.analysis.backtest.methods import LicenceTrial, ends
from monazite.analysis.backtest.months import day_in, days_in, month_of
from monazite.analysis.backtest.origins import WORLD, DestinationMonth, OriginBase
from monazite.analysis.backtest.result import Backtest
from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import NotKnownError
from monazite.core.formats import NOT_KNOWN, percent, two_decimals
from monazite.core.results import Result, Value
from monazite.core.tables import Table, percent_cell, percent_range
from monazite.model.assumptions import assumed_table, read_method_assumptions
from monazite.model.chemistry import Amount
from monazite.model.licences import LARGEST_SHAPE
from monazite.model.wording import listed
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

KACHIN, JAPAN, LICENCES = "Kachin 2024-25", "Japan 2010", "licences of 2025"
ENGINE, TEXT, FITTED, HELD, PLACES = "flow model", "text", "fitted", "held", "by destination"
ABOUT: Mapping[tuple[str, str], str] = {
    (KACHIN, ENGINE): "all mines of Myanmar stop; flows of 2024 and stocks as assumed later",
    (JAPAN, ENGINE): "flows of 2024 for those of 2010, and stocks as assumed later",
    (JAPAN, EMBARGO): "the days of the embargo as they were, and all assumed times of arrival",
    (LICENCES, TEXT): "what the text covers waits as long as it says; growth as printed before",
    (LICENCES, FITTED): "the process as fitted to the world's first three months, on three bases",
    (LICENCES, HELD): "any part beyond the text waits, too, 35 to 90 days; growth of -5 to 25 %",
    (LICENCES, PLACES): "the same, and each destination differs in what waits, time and growth",
}
"""What ranges rest on, by the episode and the name of the test."""
NO_REBOUND, HELD_MORE = "no rebound after a rule", "more was held"
DRAWS = 1000
_FIRST = 3  # months of the licences in which goods wait for the first of them
_COVERS = 0.9


class HindcastLine(Value):
    """What was said of a market in a month or time, and what happened: parts of 1."""

    _json = "episode test market when measure said low? high? happened? covered? cause rows"

    episode: str  #: what happened, in a few words
    test: str  #: what the range rests on
    market: str  #: its code; WLD is the world
    when: str  #: the month, the year, the first and last month, or for good
    measure: str  #: of what the numbers are parts
    said: float  #: the middle of what is said
    low: float | None = None  #: 5 % of the trials lie below; None where none was drawn
    high: float | None = None  #: 5 % of the trials lie above; None where none was drawn
    happened: float | None = None  #: the same by rows; None where no row prints it
    rows: tuple[str, ...] = ()  #: keys of the rows that print it
    waits: bool = False  #: whether a rule still held goods back

    @property
    def covered(self) -> bool | None:
        """Whether what happened lies in the range; None where one of the two is not known."""
        if self.happened is None or self.low is None or self.high is None:
            return None
        return self.low <= self.happened <= self.high

    @property
    def cause(self) -> str:
        """Why the range misses what happened; empty where it does not."""
        if self.covered is not False:
            return ""
        if self.too_low:
            return NOT_KNOWN if self.waits else NO_REBOUND
        return HELD_MORE if self.waits else NOT_KNOWN

    @property
    def too_low(self) -> bool:
        """Whether the range lies below what happened."""
        return self.covered is False and (self.happened or 0.0) > self.said


class HindcastTest(Value):
    """How many ranges of one kind cover what happened."""

    episode: str  #: what happened, in a few words
    test: str  #: what the ranges rest on
    known: str  #: the day by which all of that was known; empty for no clean test
    ranges: int  #: those beside which a row prints what happened
    covered: int  #: how many of them cover it
    too_low: int  #: how many lie below it
    too_high: int  #: how many lie above it
    explained: int  #: how many of those that miss it have a cause


class ReboundTest(Value):
    """Whether a rebound predicts destinations that it was not fitted on, on one base."""

    _json = "* earns_its_place"

    base: str  #: name of the base: last year, or what it is multiplied by
    destinations: int  #: how many are left out in turn
    without: float  #: typical factor between what happened and what the process says alone
    fitted: float  #: the same with a rebound fitted on all other destinations

    @property
    def earns_its_place(self) -> bool:
        """Whether it comes closer."""
        return self.fitted < self.without


class Hindcast(Result):
    """What the models say of past episodes from what was known, beside what happened."""

    records_key = "lines"
    _json = "tests lines rebound earns_its_place assumptions notes rows=row_keys"

    tests: tuple[HindcastTest, ...]  #: how many ranges cover what happened
    lines: tuple[HindcastLine, ...]  #: every month and time
    rebound: tuple[ReboundTest, ...]  #: whether a rebound would help, by base

    @property
    def earns_its_place(self) -> bool:
        """Whether a rebound in the licence process predicts better, on each base."""
        return bool(self.rebound) and all(each.earns_its_place for each in self.rebound)

    def headline(self) -> str:
        """Return how many ranges cover what happened, where that is a test."""
        clean = [each for each in self.tests if each.known]
        covered, ranges = sum(x.covered for x in clean), sum(x.ranges for x in clean)
        return (
            f"Past episodes: of {ranges} ranges from what was known before, {covered} cover what "
            f"happened; {round(_COVERS * ranges)} should"
        )

    def tables(self) -> list[Table]:
        """Return all tables: tests, episodes, a rebound, and what is assumed."""
        return [*self.short_tables(), assumed_table(self.assumptions)]

    def short_tables(self) -> list[Table]:
        """Return the tests, the episodes, and whether a rebound would help."""
        others = [each for each in self.lines if each.episode != LICENCES]
        heading = "Closure and embargo: what is said, and what happened"
        about = [f"{x.episode}, {x.test}: {ABOUT[x.episode, x.test]}." for x in self.tests]
        said = (
            "No clean test: a part of what the ranges rest on was chosen after the fact. "
            f"Explained: {NO_REBOUND}, or {HELD_MORE} than the text covers.",
        )
        tables = [
            table(self.headline(), self.tests, _TESTS, said, details=tuple(about)),
            table(heading, others, _LINES, self.notes),
            self._licences(),
            table("Would a rebound help?", self.rebound, _REBOUND, [*self._said_of_rebound()]),
        ]
        return [each for each in tables if each.rows]

    def _licences(self) -> Table:
        """A line a month and destination, a column for each test."""
        tests = [each.test for each in self.tests if each.episode == LICENCES]
        found: dict[tuple[str, str], dict[str, HindcastLine]] = {}
        for each in self.lines:
            if each.episode == LICENCES:
                found.setdefault((each.market, each.when), {})[each.test] = each
        rows = []
        for of, said in sorted(found.items()):
            one, missed = said[PLACES], not any(x.covered for x in said.values())
            ranges = [_range(said[x]) if x in said else "" for x in tests]
            cause = one.cause if missed else ""
            rows.append([*of, percent_cell(one.happened), *ranges, cause, " ".join(one.rows)])
        return Table(
            "China's exports of magnets over the same month of the year before",
            ("to", "month", "happened", *tests, "missed by all", "rows"),
            rows,
            remarks=("The world contains the destinations: these are no independent tests.",),
            right=("happened", *tests),
            spare=("missed by all", HELD),
            keys=("rows",),
        )

    def _said_of_rebound(self) -> Iterator[str]:
        yield (
            "A rebound adds each month from July 2025 on a part of what is short so far. It is "
            "fitted on all destinations but one and tested on that one. Without and with are "
            "typical factors between what happened and what is said."
        )
        without = [each.base for each in self.rebound if not each.earns_its_place]
        yield (
            f"A rebound term does not earn its place in the licence process: it does not help on "
            f"{listed(without)}. Its effect cannot be distinguished from growth before the rule."
            if without
            else "A rebound helps on every base: it earns its place in the licence process."
        )

    def csv_tables(self) -> list[Table]:
        """Return every line with bare numbers."""
        names = "episode test market when measure said low high happened covered cause rows"
        return [bare_table(self.lines, names, digits=4)]


def _range(each: HindcastLine) -> str:
    if each.low is None or each.high is None:
        return "not drawn"
    return percent_range(each.low, each.high)


_TESTS = (
    Column("episode", "episode"),
    Column("ranges by", "test"),
    Column("known by", lambda x: x.known or "no clean test"),
    Column("ranges", "ranges", right=True),
    Column("cover it", "covered", right=True),
    Column("too low", "too_low", right=True),
    Column("too high", "too_high", right=True),
    Column("explained", "explained", right=True),
)


def _missed(line: HindcastLine) -> str:
    """Why a range missed, or that there was none to count."""
    untested = line.happened is not None and line.covered is None
    return line.cause or ("not counted: no range" if untested else "")


_LINES = (
    Column("episode", "episode"),
    Column("market", "market"),
    Column("when", "when"),
    Column("part of", "measure", spare=1),
    Column("said", "said", percent_cell, right=True),
    Column("5 to 95 %", _range, right=True),
    Column(
        "happened",
        lambda x: "not known: no record gives it" if x.happened is None else percent(x.happened),
    ),
    Column("missed", _missed),
    Column("rows", lambda x: " ".join(x.rows), full=True),
)
_REBOUND = (
    Column("base", "base"),
    Column("destinations", "destinations", right=True),
    Column("without", "without", two_decimals, right=True),
    Column("with", "fitted", two_decimals, right=True),
)


Drawn = tuple[LicenceTrial, float]
"""Parameters of the process, and the growth of what would be traded without the rule."""


def _by_text(rng: Random, scope: Amount, review: Amount, growth: float) -> Drawn:
    days = float(rng.randint(round(review.low), round(review.high)))
    held = rng.triangular(scope.low, scope.high, scope.value)
    return LicenceTrial(held, 1.0, 0.0, days, LARGEST_SHAPE), rng.uniform(1.0, growth)


def _as_held(rng: Random, scope: Amount, *_: object) -> Drawn:
    covered = rng.triangular(scope.low, scope.high, scope.value)
    held = covered + (1 - covered) * rng.random()
    days, shape = float(rng.randint(35, 90)), rng.choice((2.0, 4.0, 8.0))
    grace, approved = float(rng.randint(0, 14)), rng.uniform(0.6, 1.0)
    return LicenceTrial(held, approved, grace, days, shape), rng.uniform(0.95, 1.25)


def _by_destination(rng: Random, scope: Amount, *_: object) -> Drawn:
    one, _growth = _as_held(rng, scope)
    odds = one.held / max(1 - one.held, 1e-9) * exp(rng.gauss(0, 1))
    days = float(max(1, round(one.mean * exp(rng.gauss(0, 0.25)))))
    differs = LicenceTrial(odds / (1 + odds), rng.uniform(0.5, 1.0), one.grace, days, one.shape)
    return differs, exp(rng.gauss(0.08, 0.2))


_WAYS: Mapping[str, Callable[[Random, Amount, Amount, float], Drawn]] = {
    TEXT: _by_text,
    HELD: _as_held,
    PLACES: _by_destination,
}


def passing_parts(drawn: Drawn, rule_day: str) -> list[float]:
    """Return the part of the year before that passes in each month from that of the rule on."""
    (trial, growth), rule = drawn, month_of(rule_day)
    days = [days_in(month) for month in range(rule, rule + MONTHS)]
    passed = trial.passed([float(x) for x in days], days, day_in(rule_day, rule))
    return [growth * part / length for part, length in zip(passed, days, strict=True)]


def with_rebound(
    parts: Sequence[float], growth: float, rate: float, first: int = _FIRST
) -> list[float]:
    """Add to each month from a first on a part of what is short of the base so far.

    >>> with_rebound([0.5, 0.5, 1.0], 1.0, 0.5, first=2)
    [0.5, 0.5, 1.5]
    """
    short, found = 0.0, list[float]()
    for month, part in enumerate(parts):
        found.append(part + (rate * short if month >= first else 0.0))
        short += growth - found[-1]
    return found


def rebound_tests(
    months: Sequence[DestinationMonth], fits: Sequence[OriginBase], rule_day: str
) -> Iterator[ReboundTest]:
    """Fit a rebound on all destinations but one and predict that one, on each base."""
    rule = month_of(rule_day)
    came: dict[str, dict[int, float]] = {}
    for month in months:
        if _FIRST <= (place := month_of(month.month) - rule) < MONTHS:
            came.setdefault(month.destination, {})[place] = month.part
    count = sum(map(len, came.values()))
    for each in fits:
        if each.fit is None or len(came) < 2:
            continue
        parts = passing_parts((each.fit.nearest, each.factor), rule_day)
        paths = [with_rebound(parts, each.factor, rate / 100) for rate in range(101)]
        errors = {
            to: [fsum(log(path[x] / y) ** 2 for x, y in seen.items()) for path in paths]
            for to, seen in came.items()
        }
        alone = fsum(error[0] for error in errors.values())
        fitted = fsum(_left_out(errors, to) for to in came)
        factors = (exp(sqrt(error / count)) for error in (alone, fitted))
        yield ReboundTest(each.base, len(came), *factors)


def _left_out(errors: Mapping[str, Sequence[float]], to: str) -> float:
    """The error of a destination at the rate that errs least on all others."""
    sums = [fsum(x) for x in zip(*(y for z, y in errors.items() if z != to), strict=True)]
    return errors[to][sums.index(min(sums))]


def _licence_lines(found: Backtest, scope: Amount, review: Amount) -> Iterator[HindcastLine]:
    """What each set of ranges says of each month of the world and of destinations."""
    rule, measure = month_of(found.rule_day), "exports a year before"
    growth = max(each.factor for each in found.fits)
    drawn: dict[str, list[Drawn]] = {}
    for name, way in _WAYS.items():
        rng = Random(0)  # noqa: S311 - trials, no secrets
        drawn[name] = [way(rng, scope, review, growth) for _ in range(DRAWS)]
    drawn[FITTED] = [(y, x.factor) for x in found.fits if x.fit for y in x.fit.trials]
    seen = [(WORLD, x.month, x.happened / x.base, x.rows) for x in found.text]
    seen += [(x.destination, x.month, x.part, x.rows) for x in found.destinations]
    for name, trials in drawn.items():
        columns = [
            sorted(x) for x in zip(*(passing_parts(x, found.rule_day) for x in trials), strict=True)
        ]
        for market, month, part, rows in seen:
            place = month_of(month) - rule
            if (_FIRST if name == FITTED else 0) <= place < len(columns):
                middle = columns[place][len(trials) // 2]
                said = (middle, *ends(columns[place]), part, rows, place < _FIRST)
                yield HindcastLine(LICENCES, name, market, month, measure, *said)


def _imports_of_japan(found: Backtest, ended: str) -> Iterator[HindcastLine]:
    """What the embargo alone would have left of Japan's imports from China."""
    usual = found.reconstruction.japan if found.reconstruction else 0.0
    for each in found.reconstructed:
        if (each.series, each.cause) == (IMPORTS, EMBARGO):
            about = (JAPAN, EMBARGO, "JPN", each.month, "usual imports from China")
            told = (each.tonnes, each.low, each.high, each.happened)
            said, low, high, came = (x / usual for x in told)
            waits = each.month <= ended[:7]
            yield HindcastLine(*about, said, low, high, came, (each.row,), waits)


def _output_of_mines(store: Store, country: str, years: tuple[int, int]) -> Iterator[HindcastLine]:
    """Set no output at all beside what a series prints of a year, over that of another."""
    found: dict[str, dict[int, QueryRecord]] = {}
    for each in ask(store, "production-by-country", country=country):
        if (each["unit"], each["kind_of_figure"]) == ("tonne", "Measured") and each["value"]:
            found.setdefault(each["series"], {})[int(each["year"])] = each
    for series in sorted(x for x in found if {*years} <= {*found[x]})[-1:]:
        before, after = (found[series][year] for year in years)
        part, rows = after.number("value") / before.number("value"), (before.row(), after.row())
        about = (KACHIN, ENGINE, country, f"{years[1]}", f"output of mines of {years[0]}")
        yield HindcastLine(*about, 0.0, happened=part, rows=rows)


def find_hindcast(
    store: Store, engine: Sequence[HindcastLine], notes: Sequence[str] = ()
) -> Hindcast:
    """Set what the models say of the three episodes beside what rows print.

    Args:
        engine: what the flow model says of use that is lost.
        notes: why something of it is not there.
    """
    origin, method = backtest.first_fitted(store), read_method_assumptions(store)
    found, missing = backtest.find_backtest(store, backtest.LICENCES_2025, origin), list(notes)
    assumed, imports = found.assumptions[:2], list[HindcastLine]()
    try:
        japan = backtest.find_backtest(store, backtest.JAPAN_2010)
        imports += _imports_of_japan(
            japan, backtest.step_day(store, backtest.EMBARGO_2010, "ended")
        )
        assumed = (*assumed, japan.assumptions[0])
    except NotKnownError as error:
        missing.append(f"Japan's imports of 2010 are not known: {error}")
    lines = (
        *engine,
        *_output_of_mines(store, "MMR", (2024, 2025)),
        *imports,
        *_licence_lines(found, method.amount(*backtest.SCOPE), method.amount(*backtest.REVIEW)),
    )
    known = {TEXT: found.rule_day, FITTED: origin}
    by_test = {of: [x for x in lines if (x.episode, x.test) == of] for of in ABOUT}
    return Hindcast(
        tests=tuple(
            _test(*of, known.get(of[1], ""), of_test) for of, of_test in by_test.items() if of_test
        ),
        lines=lines,
        rebound=tuple(rebound_tests(found.destinations, found.fits, found.rule_day)),
        assumptions=assumed,
        notes=tuple(missing),
    )


def _test(episode: str, test: str, known: str, lines: Sequence[HindcastLine]) -> HindcastTest:
    measured = [x for x in lines if x.covered is not None]
    missed = [x for x in measured if not x.covered]
    low, explained = sum(x.too_low for x in missed), sum(x.cause != NOT_KNOWN for x in missed)
    counts = (len(measured), len(measured) - len(missed), low, len(missed) - low, explained)
    return HindcastTest(episode, test, known, *counts)
