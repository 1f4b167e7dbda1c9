"""What the shipped scenarios lead to, as it was worked out with a release of the tables.

It holds for these tables, and for scenario files that say what they said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from monazite.analysis.robustness.sampling import MonthSpan, Span
from monazite.analysis.scenarios.outcome import MonthSupply, UseTotal
from monazite.analysis.scenarios.resolve import NEGLIGIBLE, name_of
from monazite.analysis.scenarios.result import NOT_DRAWN, ScenarioResult, range_words, size_of
from monazite.core.columns import Column, table
from monazite.core.files import read_plain
from monazite.core.formats import counted, percent
from monazite.core.results import Struct, Value
from monazite.core.tables import Table
from monazite.data.dates import day_words
from monazite.model.wording import listed

FILE = "outcomes.json"  # beside the scenario files
SAME = 1e-4  # how far a part may lie from the one that was kept, which is rounded
MOST = 1 << 24  # bytes of the file that are read


class ReleasedOutcome(Value):
    """What a market would lack of a product in a scenario, as it was worked out with a release."""

    scenario: str
    title: str
    market: str
    product: str
    elements: tuple[str, ...]
    months: tuple[str, ...]
    wanted: float  #: tonnes over all months
    over: Span  #: the part of them that is lacking, with the range of the trials
    #: the part that is lacking month by month, with the range of the trials
    parts: tuple[Span, ...]
    most: Span  #: the part that is lacking in the worst month, of each trial its own
    until: MonthSpan  #: last month in which something is lacking, of each trial its own
    draws: int = 0  #: random trials that the ranges rest on; 0 where that is not known

    def is_past(self, day: str) -> bool:
        """Whether it is set in a time that began before the month of an ISO day."""
        return self.months[0] < day[:7]

    @property
    def worst(self) -> tuple[str, Span]:
        """The month in which most is lacking, the first of several; how much in each trial's."""
        pairs = zip(self.months, self.parts, strict=True)
        month, _ = max(pairs, key=lambda pair: size_of(pair[1]))
        return month, self.most

    @property
    def is_short(self) -> bool:
        """Whether something is lacking in some month, or may be by the trials."""
        return max(size_of(self.most)) >= NEGLIGIBLE


class ReleasedOutcomes(Struct):
    """The outcomes of the shipped scenarios, if they are of the tables with this hash."""

    folder: Path
    tables: str

    @cached_property
    def digest(self) -> str:
        """The first part of the SHA-256 of what fits; empty where nothing does."""
        return _hash(repr(self.outcomes).encode()) if self.outcomes else ""

    @cached_property
    def outcomes(self) -> tuple[ReleasedOutcome, ...]:
        """All outcomes of scenarios whose files say what they said; none of other tables."""
        try:
            about = json.loads(read_plain(self.folder / FILE, MOST))
            if about["tables"] != self.tables:
                return ()
            scenarios = {
                name: each
                for name, each in about["scenarios"].items()
                if hash_of_scenario(self.folder, name) == each["hash"]
            }
            kept = [x for x in about["outcomes"] if x["scenario"] in scenarios]
            draws = int(about.get("draws", 0))
            return tuple(_read(x, scenarios[x["scenario"]], draws) for x in kept)
        except (OSError, KeyError, TypeError, ValueError, AttributeError, RecursionError):
            return ()  # a file that is not what a release wrote

    def of(self, elements: Collection[str], market: str) -> tuple[ReleasedOutcome, ...]:
        """Return what a market would lack of what holds some elements, the worst use a scenario."""
        found: dict[str, ReleasedOutcome] = {}
        for each in self.outcomes:
            if each.market == market and not {*elements}.isdisjoint(each.elements):
                before = found.setdefault(each.scenario, each)
                if size_of(each.most) > size_of(before.most):
                    found[each.scenario] = each
        return tuple(sorted(found.values(), key=lambda x: (-x.most.middle, x.scenario)))

    def beside(self, result: ScenarioResult) -> ScenarioResult:
        """Return a shipped scenario that ran without trials, with the ranges of the release.

        They are of the parts that are lacking and of their end, where these are still the same.
        """
        known = [x for x in self.outcomes if (x.scenario, x.months) == (result.id, result.months)]
        lines = {(x.market, x.product): x for x in result.totals}
        told = {key: x for x in known if (key := (x.market, x.product)) in lines}
        moved = (abs(x.most.middle - lines[key].most_short.middle) for key, x in told.items())
        if not told or max(moved) > SAME:
            return result
        parts = {
            (*key, month): part
            for key, each in told.items()
            for month, part in zip(each.months, each.parts, strict=True)
        }
        notes = (_of_release(known[0].draws) if x == NOT_DRAWN else x for x in result.notes)
        return replace(
            result,
            totals=tuple(_ranged(each, told.get(key)) for key, each in lines.items()),
            supply=tuple(
                replace(x, part_short=_within(x.part_short, parts.get(_key(x))))
                for x in result.supply
            ),
            notes=tuple(notes),
        )


def _key(line: MonthSupply) -> tuple[str, str, str]:
    return line.market, line.product, line.month


def _ranged(total: UseTotal, kept: ReleasedOutcome | None) -> UseTotal:
    """What is lacking over all months, with the ranges that were kept of it."""
    if kept is None:
        return total
    over, most = _within(total.part_short, kept.over), _within(total.most_short, kept.most)
    return replace(total, part_short=over, most_short=most, until=kept.until)


def _within(part: Span, kept: Span | None) -> Span:
    """A part in its full digits, with the range that was kept of it."""
    return part if kept is None else Span(part.middle, kept.low, kept.high)


def _of_release(draws: int) -> str:
    return (
        f"Ranges are of the release, {counted(draws, 'random trial')}, of parts that are lacking "
        f"in the markets that it drew; --draws {draws} runs trials of all numbers."
    )


def hash_of_scenario(folder: Path, name: str) -> str:
    """Return the first part of the SHA-256 of a scenario file."""
    if Path(name).name != name:
        raise ValueError(name)
    return _hash(read_plain(folder / f"{name}.toml", MOST).replace(b"\r\n", b"\n"))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _read(line: Mapping[str, Any], scenario: Mapping[str, Any], draws: int) -> ReleasedOutcome:
    """An outcome as it was kept."""
    months = tuple(map(str, scenario["months"]))
    parts = tuple(Span(*map(float, each)) for each in line["parts"] or [(0, 0, 0)] * len(months))
    if len(parts) != len(months) or not parts:
        raise ValueError(line["scenario"])
    return ReleasedOutcome(
        scenario=str(line["scenario"]),
        title=str(scenario["title"]),
        market=str(line["market"]),
        product=str(line["product"]),
        elements=tuple(map(str, line["elements"])),
        months=months,
        wanted=float(line["wanted"]),
        over=Span(*map(float, line["over"])),
        parts=parts,
        most=Span(*map(float, line["most"])),
        until=MonthSpan(*map(str, line["until"])),
        draws=draws,
    )


SPARED = "Nothing is short while assumed stocks last"
PAST = "Set before"
MAX_LINES = 6  # scenarios that are told one by one


def outcome_table(outcomes: Sequence[ReleasedOutcome], day: str) -> Table:
    """Return the worst scenarios of a market, a line each, and what is said of the others."""
    coming = [each for each in outcomes if not each.is_past(day)]
    short = [each for each in coming if each.is_short]
    past = _titles(each for each in outcomes if each.is_past(day))
    more = len(short) - MAX_LINES
    of_columns = (
        "Lacking is the part that users in the month would go without; ranges are those of "
        "5 to 95 % of trials, each with its own worst month and end.",
        trials_words(outcomes),
    )
    remarks = (
        "Supposed, not predicted: each is a scenario, whose rules are taken as given.",
        *(of_columns if short else ()),
        f"{counted(more, 'more scenario')} would cost less." if more > 0 else "",
        f"{SPARED}: {_titles(x for x in coming if not x.is_short)}.",
        f"{PAST} {day_words(day[:7])}, not listed: {past}.",
    )
    return table(
        "What would happen month by month",
        short[:MAX_LINES],
        (
            Column("If this happens", "title"),
            Column("Lacking", "most.middle", percent, right=True),
            Column("Range", "most", range_words),
            Column("In the worst month", lambda x: day_words(x.worst[0])),
            Column("Until", "until.words"),
            Column("Of", "product", name_of),
        ),
        [x for x in remarks if x and not x.endswith(": .")],
    )


def trials_words(outcomes: Sequence[ReleasedOutcome]) -> str:
    """Return on how many random trials the ranges rest; empty where that is not known."""
    least = min((each.draws for each in outcomes), default=0)
    return f"Ranges rest on {counted(least, 'random trial')}." if least else ""


def _titles(outcomes: Iterable[ReleasedOutcome]) -> str:
    """Titles, of which the first few are told."""
    titles = [each.title for each in outcomes]
    if len(titles) > MAX_LINES:
        titles = [*titles[:MAX_LINES], f"{len(titles) - MAX_LINES} more"]
    return listed(titles) if titles else ""
