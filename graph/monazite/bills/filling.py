"""Answers put into a bill and a profile: what the bill says already is never overwritten."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from monazite.bills.answer_values import COUNT, YES_OR_NO
from monazite.bills.answers import GivenAnswer
from monazite.bills.askable import (
    COATING,
    CONTENT,
    FACTS,
    MADE_IN,
    MASS,
    MATERIAL,
    RECYCLED,
    SEAT,
    STAGES,
    YOURS,
    AskableQuestion,
)
from monazite.bills.bill import Bill, BillLine, BillSupplier, StatedContent, countries_in
from monazite.bills.profile import CLASSES, SHIPPED_AS, STAFF, TURNOVER, BuyerProfile
from monazite.errors import Fault
from monazite.safe_text import counted

_SAME = 0.005
"""Part by which two masses may differ and still be one."""
_FIX = "correct the answer or the bill: one of the two is wrong"
_OF_PROFILE = {
    STAFF: "staff",
    TURNOVER: "turnover",
    CLASSES: "classes",
    SHIPPED_AS: "shipped_as",
}

Filled = tuple[BillLine, str]
"""A line with an answer in it, and what the bill says against the answer; blank for nothing."""


def filled_bill(
    bill: Bill,
    askable: Mapping[str, AskableQuestion],
    answers: Iterable[GivenAnswer],
    country: Callable[[str], str],
) -> tuple[Bill, list[Fault]]:
    """Put answers into a bill."""
    lines = list(bill.lines)
    faults: list[Fault] = []
    for answer in answers:
        if answer.key not in askable:
            continue
        asked = askable[answer.key]
        against: list[str] = []
        for place in asked.places:
            lines[place], why = filled_line(lines[place], asked, answer.given, country)
            if why:
                against.append(f"row {bill.lines[place].row} of the bill says {why}")
        if against:
            more = f", and {counted(len(against) - 1, 'more row')}" if len(against) > 1 else ""
            faults.append(answer.fault(f"{against[0]}{more}", _FIX))
    return replace(bill, lines=tuple(lines)), faults


def filled_line(
    line: BillLine, asked: AskableQuestion, given: object, country: Callable[[str], str]
) -> Filled:
    """Put an answer into a line."""
    kind = asked.kind
    if kind == MATERIAL:
        return replace(line, material=str(given), grade=""), ""
    if kind == COATING:
        return replace(line, coating=str(given)), ""
    if kind == SEAT:
        return replace(line, seat=str(given)), ""
    if kind == MASS:
        return _with_mass(line, float(str(given)))
    if kind == CONTENT and isinstance(given, tuple):
        return _with_contents(line, given)
    return _with_source(line, asked, given, country)


def _with_mass(line: BillLine, mass: float) -> Filled:
    if line.mass is not None:
        same = abs(line.mass - mass) <= _SAME * max(line.mass, mass)
        return line, "" if same else f"{line.mass:g} g"
    return replace(line, mass=mass), ""


def _with_contents(line: BillLine, given: Sequence[StatedContent]) -> Filled:
    """Contents of a line: of an element that the bill gives as well, what both leave possible."""
    stated = {each.element: each for each in line.contents}
    for each in given:
        own = stated.get(each.element)
        if own is not None and (each.high < own.low or each.low > own.high):
            return line, f"{own.low:g} to {own.high:g} % {each.element}"
        low = each.low if own is None else max(each.low, own.low)
        high = each.high if own is None else min(each.high, own.high)
        stated[each.element] = StatedContent(each.element, low, high, each.evidence)
    return replace(line, contents=tuple(stated.values())), ""


def _with_source(
    line: BillLine, asked: AskableQuestion, given: object, country: Callable[[str], str]
) -> Filled:
    """What one source of a line answered: a line without suppliers is its own source."""
    why = ""
    filled: list[BillSupplier] = []
    own = [each for each in line.suppliers if each.tier == 1]
    for each in own or line.sources:
        one = each
        if one.name == asked.supplier:
            one, against = _answered_by(one, asked.kind, given, country)
            why = why or against
        filled.append(one)
    if not own:
        return replace(line, made_in=filled[0].made_in, answers=filled[0].answers), why
    rest = [each for each in line.suppliers if each.tier != 1]
    return replace(line, suppliers=(*filled, *rest)), why


def _answered_by(
    source: BillSupplier, kind: str, given: object, country: Callable[[str], str]
) -> tuple[BillSupplier, str]:
    if kind == MADE_IN and isinstance(given, tuple):
        known = {code for code in map(country, countries_in(source.made_in)) if code}
        if known and known != {*given}:
            return source, source.made_in
        return replace(source, made_in="; ".join(given)), ""
    held = source.answers
    if kind in FACTS:
        held = replace(held, facts={**held.facts, kind: bool(given)})
    elif kind in STAGES and isinstance(given, tuple):
        held = replace(held, stages={**held.stages, kind: given})
    elif kind == RECYCLED:
        held = replace(held, recycled=float(str(given)))
    return replace(source, answers=held), ""


def filled_profile(
    profile: BuyerProfile, answers: Iterable[GivenAnswer]
) -> tuple[BuyerProfile, list[Fault]]:
    """Put the answers of the buyer into a profile."""
    faults: list[Fault] = []
    for answer in answers:
        if answer.key.startswith(f"{YOURS}-"):
            name = answer.key.removeprefix(f"{YOURS}-")
            if profile_says(profile, name) not in (None, (), answer.given):
                faults.append(answer.fault("your profile says otherwise", _FIX))
            profile = profile_with(profile, name, answer.given)
    return profile, faults


def profile_says(profile: BuyerProfile, name: str) -> object:
    """Return what a profile says of something; None or nothing where it does not."""
    return getattr(profile, _OF_PROFILE[name]) if name in _OF_PROFILE else profile.facts.get(name)


def profile_with(profile: BuyerProfile, name: str, given: object) -> BuyerProfile:
    """Return a profile that says something more."""
    if name in _OF_PROFILE:
        return replace(profile, **{_OF_PROFILE[name]: given})  # type: ignore[arg-type]
    return replace(profile, facts={**profile.facts, name: bool(given)})


def kinds_of_profile(
    facts: Collection[str], classes: Collection[str], shipped_as: Collection[str]
) -> tuple[Mapping[str, str], Mapping[str, frozenset[str]]]:
    """Return the kinds of what can be asked of the buyer by key, and the words of some of them."""
    words = {CLASSES: frozenset(classes), SHIPPED_AS: frozenset(shipped_as)}
    kinds = {name: YES_OR_NO for name in facts if name not in FACTS}
    kinds |= {STAFF: COUNT, TURNOVER: COUNT, **{name: name for name in words}}
    return {f"{YOURS}-{name}": kind for name, kind in kinds.items()}, words
