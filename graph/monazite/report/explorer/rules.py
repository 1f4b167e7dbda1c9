"""The acts of a day as parts of the page: rules in force, those that may be, and what is behind."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from monazite.analysis.policies.acts import IN_FORCE, MAY_BE
from monazite.analysis.policies.policies import PolicyLine
from monazite.analysis.scenarios.names import name_of
from monazite.analysis.scenarios.released import SPARED, ReleasedOutcome, trials_words
from monazite.analysis.scenarios.result import range_words
from monazite.core.formats import percent, visible
from monazite.data.dates import dates_in_words, day_words
from monazite.model.wording import listed
from monazite.report.drawing.templates import fill_template

WIDE, HIGH = 150.0, 28.0  # The size of a line of months


def scenario_lines(outcomes: Sequence[ReleasedOutcome], day: str) -> str:
    """Return the scenarios as a section, which says so where none tells of the market."""
    shown = sorted(outcomes, key=lambda each: each.is_past(day))
    spared = [visible(each.title) for each in shown if not each.is_short]
    fields = {
        "lines": [_scenario_line(each, day) for each in shown if each.is_short],
        "trials": trials_words(outcomes),
        "untold": SPARED,
        "spared": listed(spared),
        "size": {"wide": f"{WIDE:g}", "high": f"{HIGH:g}"},
    }
    return fill_template("explorer_scenarios.html", fields, trimmed=True)


def _scenario_line(each: ReleasedOutcome, day: str) -> dict[str, object]:
    month, part = each.worst
    first, last = day_words(each.months[0]), day_words(each.months[-1])
    return {
        "title": visible(each.title),
        "past": each.is_past(day),
        "part": percent(part.middle),
        "range": range_words(part),
        "month": day_words(month),
        "until": each.until.words,
        "product": visible(name_of(each.product)),
        "over": percent(each.over.middle),
        "months": f"{first} to {last}",
        "band": _band(each),
        "line": _points([part.middle for part in each.parts]),
    }


def _band(each: ReleasedOutcome) -> str:
    """The area between the ends of the trials; empty where none were made."""
    upper = [part.high for part in each.parts]
    lower = [part.low for part in each.parts]
    if None in upper or None in lower:
        return ""
    there = _points([high or 0.0 for high in upper])
    back = _points([low or 0.0 for low in lower]).removeprefix("M").split("L")
    return f"{there}L{'L'.join(reversed(back))}Z"


def _points(parts: Sequence[float]) -> str:
    """A path through parts, all of what is wanted at the top and nothing lacking at the foot."""
    step = WIDE / max(1, len(parts) - 1)
    points = (
        f"{place * step:.1f} {1 + (HIGH - 2) * (1 - part):.1f}" for place, part in enumerate(parts)
    )
    return f"M{'L'.join(points)}"


_MAY_BE = "Whether these are in force is not surely known; each says why."


@dataclass(frozen=True)
class RuleGroup:
    """Acts that stand under one heading."""

    heading: str
    lines: Sequence[PolicyLine]
    note: str = ""
    folded: bool = False


@dataclass(frozen=True)
class RulesPart:
    """The acts of a tier as a part of the page."""

    markup: str
    count: int
    sources: tuple[str, ...]


def rules_markup(lines: Iterable[PolicyLine], day: str, held: Container[str]) -> str:
    """Return the acts as a part of the page, by whether they are in force."""
    known = list(lines)
    standing = [line for line in known if line.status.value in {IN_FORCE, MAY_BE}]
    may_be = [line for line in standing if line.rule and line.status.value == MAY_BE]
    others = [line for line in standing if not line.rule]
    away = [line for line in known if line.status.value not in {IN_FORCE, MAY_BE}]
    groups = [
        RuleGroup("Rules in force", rules_in_force(known)),
        RuleGroup("Rules that may be in force", may_be, note=_MAY_BE),
        RuleGroup("Agreements, support, permits and lists", others, folded=True),
        RuleGroup("Not in force: ended, suspended, proposed or to come", away, folded=True),
    ]
    fields = {
        "groups": [
            {"head": each, "lines": [_line(x, held) for x in each.lines]} for each in groups
        ],
        "day": day_words(day),
    }
    return fill_template("explorer_rules.html", fields, trimmed=True)


def rules_in_force(lines: Iterable[PolicyLine]) -> list[PolicyLine]:
    """Return the acts that limit who may make, sell or buy what, and are in force."""
    return [line for line in lines if line.rule and line.status.value == IN_FORCE]


def _line(line: PolicyLine, held: Container[str]) -> dict[str, str]:
    state = visible(line.status.text)
    lands = (f"country/{line.country}", f"area/{line.country}")
    card = f"policy/{line.policy}"
    return {
        "card": card if card in held else "",
        "title": visible(line.title),
        "kind": visible(line.kind_label),
        "by": visible(line.country_label),
        "country": next((each for each in lands if each in held), ""),
        "state": dates_in_words(f"{state[:1].upper()}{state[1:]}"),
        "covers": visible(line.covers),
        "aimed_at": visible(line.aimed_at),
        "says": visible(line.says_so),
    }
