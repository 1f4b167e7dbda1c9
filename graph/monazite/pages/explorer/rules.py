"""The acts of a day as parts of the page: rules in force, those that may be, and what is behind."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from monazite.findings.policies.policies import PolicyLine
from monazite.findings.policies.status_values import IN_FORCE, MAY_BE
from monazite.pages.drawing.templates import fill_template
from monazite.rows.dates import dates_in_words, day_words
from monazite.safe_text import visible

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
