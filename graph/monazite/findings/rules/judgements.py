"""What a rule makes of one item on a day, with the arithmetic in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monazite.findings.rules.case import Case
from monazite.findings.rules.compiled import CompiledRules, RuleClause, RuleDays
from monazite.findings.rules.condition_words import asks, has
from monazite.findings.rules.conditions import COVERS, EXEMPTS, TEXT
from monazite.findings.rules.truth import (
    CAUGHT,
    NO,
    NOT,
    YES,
    Truth,
    all_of,
    outcome_of,
    reasons_of,
)
from monazite.result import Value

_ANSWERS = {YES: "yes", NO: "no"}


@dataclass(frozen=True)
class Judgement(Value):
    """What one layer of a rule makes of an item on a day.

    Attributes:
        reasons: why it is open, or differs from the text; of the closed list.
    """

    rule: str
    rule_label: str
    layer: str
    day: str
    outcome: str
    reasons: tuple[str, ...]
    because: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True)
class _Weighed(Value):
    """A clause held against an item on a day: what it is met by, and whether it binds."""

    clause: RuleClause
    met: tuple[Truth, ...]
    binds: Truth

    @property
    def truth(self) -> Truth:
        return all_of((self.binds, *self.met))


def explain(rules: CompiledRules, case: Case, day: str) -> tuple[Judgement, ...]:
    """Hold one item against all rules on a day, and say why."""
    place = rules.days.index(day)
    truths = rules.weigh(case)
    return tuple(_judgement(rules, case, day, found, truths, place) for found in rules.judge(case))


def _judgement(
    rules: CompiledRules,
    case: Case,
    day: str,
    found: RuleDays,
    truths: Sequence[Truth],
    place: int,
) -> Judgement:
    rule, truth, clauses = found.rule, found.truths[place], rules.rules[found.rule]
    weighed = [
        _Weighed(clause, tuple(met), binds)
        for clause, met, binds in zip(
            clauses, rules.met(rule, truths), rules.bindings[rule][place], strict=True
        )
        if clause.speaks_in(found.layer)
    ]
    deciding = list(_deciding(weighed, outcome_of(truth)))
    said = [sentence for each in deciding for sentence in _sentences(rules, each, case, day)]
    return Judgement(
        rule=rule,
        rule_label=clauses[0].conditions[0].rule_label,
        layer=found.layer,
        day=day,
        outcome=outcome_of(truth),
        reasons=reasons_of(truth),
        because=tuple(dict.fromkeys(said)),
        rows=tuple(dict.fromkeys(each.row for one in deciding for each in one.clause.conditions)),
    )


def _deciding(weighed: Sequence[_Weighed], outcome: str) -> Iterator[_Weighed]:
    """Return the clauses that decide: what covers, what takes out, or what comes nearest."""
    covering = [each for each in weighed if each.clause.role == COVERS]
    exempting = [each for each in weighed if each.clause.role == EXEMPTS]
    met = [each for each in covering if each.truth == YES]
    if outcome == CAUGHT:
        yield met[0]
        return
    out = [each for each in exempting if each.truth == YES]
    if outcome == NOT and out and any(each.truth != NO for each in covering):
        yield from (*(met or covering)[:1], out[0])
        return
    if outcome == NOT:
        yield max(covering, key=_nearness)
        return
    left = [each for each in covering if each.truth not in (YES, NO)]
    yield from (*(met[:1] or [max(left, key=_nearness)]),)
    yield from (each for each in exempting if each.truth not in (YES, NO))


def _nearness(weighed: _Weighed) -> tuple[int, int, int]:
    """How near a clause comes to being met: few conditions that fail, many that are met."""
    failed = sum(truth == NO for truth in weighed.met)
    return (-failed, sum(truth == YES for truth in weighed.met), weighed.binds != NO)


def _sentences(rules: CompiledRules, weighed: _Weighed, case: Case, day: str) -> Iterator[str]:
    """Say what each condition of a clause asks, what the item has to it, and whether it binds."""
    clause = weighed.clause
    held = list(zip(clause.conditions, weighed.met, strict=True))
    if weighed.truth == NO and any(truth == NO for truth in weighed.met):
        held = [(condition, truth) for condition, truth in held if truth == NO]
    taken_out = "" if clause.role == COVERS else "Taken out where: "
    layer = "" if clause.layer == TEXT else f" (by {clause.layer})"
    for condition, truth in held:
        found = has(condition, case, rules.places)
        here = f"; here {found}" if found else ""
        answer = _ANSWERS.get(truth, "open")
        yield f"{taken_out}{_capital(asks(condition))}{layer}{here}: {answer}."
    if weighed.binds != YES:
        yield from _binding(rules, clause, day)


def _binding(rules: CompiledRules, clause: RuleClause, day: str) -> Iterator[str]:
    """Say why a clause does not bind on a day, or may not."""
    label = clause.conditions[0].rule_label
    status = clause.status(rules.statuses[day])
    starts = rules.starts.get(clause.rule, ())
    if status is None:
        yield f"The records hold no act behind {label}."
    elif status.text.startswith("in force"):
        own = {(each.begins or ("",))[0] for each in clause.conditions} - {""}
        ends = {(each.ends or ("", ""))[1] for each in clause.conditions} - {""}
        yield from (f"{label}: this clause holds from {each} on." for each in sorted(own))
        yield from (f"{label}: this clause holds until {each}." for each in sorted(ends))
    else:
        yield f"{label} on {day}: {status.text}."
    for start in starts:
        if start.started(day) != "surely":
            yield f"{label}: {start.text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
