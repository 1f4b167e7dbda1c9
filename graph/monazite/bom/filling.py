"""Answers put into a bill and a profile: what the bill says already is never overwritten."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from math import isfinite
from pathlib import Path

from monazite.bom.answers import (
    COATING,
    CONTENT,
    COUNT,
    FACTS,
    MADE_IN,
    MASS,
    MATERIAL,
    RECYCLED,
    SEAT,
    STAGES,
    YES_OR_NO,
    YOURS,
    AskableQuestion,
    GivenAnswer,
)
from monazite.bom.bill import Bill, BillLine, BillSupplier, ElementContent, countries_in
from monazite.core.errors import Fault, FaultyTablesError
from monazite.core.files import read_plain, readable
from monazite.core.formats import counted, escaped, exact, grouped, in_brief
from monazite.core.results import Frozen, Value
from monazite.data.vocabulary import ClassWords, classes_named, no_class

LONGEST = 1 << 16  # bytes of a profile
STAFF, TURNOVER, CLASSES, SHIPPED_AS = "staff", "turnover-eur", "product-class", "ships-as"
DOLLARS = "usd-per-eur"
DOCUMENTS = "documents"
_NUMBERS = (STAFF, TURNOVER, DOLLARS)
_SHOWN = 60


class BuyerProfile(Value):
    """What a buyer says of the company and the product; what is left out is not known."""

    staff: float | None = None
    turnover: float | None = None
    classes: tuple[str, ...] = ()  # keys of classes of products
    shipped_as: tuple[str, ...] = ()  # codes of ``shipped-as``: as what magnets reach the buyer
    documents: tuple[str, ...] = ()  # keys of the documents for a licence that the buyer has
    facts: Mapping[str, bool] = field(default_factory=Frozen)  # by codes of ``case-fact``
    dollars: float | None = None  # for a euro


NO_PROFILE = BuyerProfile()


def read_profile(
    file: Path,
    facts: Collection[str],
    classes: ClassWords,
    shipped_as: Collection[str],
    documents: Collection[str],
) -> BuyerProfile:
    """Read a profile, TOML."""
    place = str(file)

    def refused(what: str, fix: str, line: int = 0) -> FaultyTablesError:
        return FaultyTablesError([Fault(place, line, what, fix)])

    with readable(file):
        content = read_plain(file, LONGEST)
    if len(content) > LONGEST:
        raise refused(f"a profile has {grouped(LONGEST)} bytes at most", "leave out what is none")
    try:
        text = content.decode("utf-8-sig")
        said = tomllib.loads(text)
    except UnicodeDecodeError:
        raise refused("the profile is not UTF-8", "save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        number = int(line[1]) if line else 0
        raise refused("this is no TOML", "write name = value", number) from None
    words = {SHIPPED_AS: {*shipped_as}, DOCUMENTS: {*documents}, CLASSES: set[str]()}
    faults = [
        Fault(place, _line_of(name, text), *odd)
        for name, held in said.items()
        if (odd := _wrong(name, held, {*facts}, words, classes))
    ]
    if faults:
        raise FaultyTablesError(faults)
    several = {name: tuple(map(str, _listed(said.get(name, [])))) for name in words}
    return BuyerProfile(
        staff=said.get(STAFF),
        turnover=said.get(TURNOVER),
        classes=classes_named(";".join(several[CLASSES]), classes),
        shipped_as=several[SHIPPED_AS],
        documents=several[DOCUMENTS],
        facts={name: held for name, held in said.items() if name in facts},
        dollars=said.get(DOLLARS),
    )


def _line_of(name: str, text: str) -> int:
    """The line of a profile that begins with a name; 0 where none does."""
    begin = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*[=.\]]""")
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if begin.match(line.lstrip("["))), 0)


def _listed(held: object) -> list[object]:
    return held if isinstance(held, list) else [held]


def _wrong(
    name: str, held: object, facts: set[str], words: Mapping[str, set[str]], classes: ClassWords
) -> tuple[str, str] | None:
    """What is wrong with a value of a profile, and what to write; None where nothing is."""
    shown = in_brief(escaped(name), _SHOWN)
    if name in _NUMBERS:
        if type(held) in {int, float} and isfinite(held) and held >= 0:  # type: ignore[arg-type,operator]
            return None
        return f"{shown} is no number of 0 or more", "write it without a unit"
    if name in facts:
        return None if isinstance(held, bool) else (f"{shown} is not yes or no", "true or false")
    if name not in words:
        known = ", ".join((*_NUMBERS, *sorted(words), *sorted(facts)))
        return f"a profile has no {shown}", f"it may have {known}"
    for each in _listed(held):
        text = each if isinstance(each, str) else ""
        if name == CLASSES and not text.strip():
            return f"{CLASSES} is no name of a class of products", "write it as a text"
        if name == CLASSES and (wrong := no_class(text, classes)):
            return wrong
        if name != CLASSES and text not in words[name]:
            word = in_brief(escaped(str(each)), _SHOWN)
            return f'"{word}" is no {name}', f"write one of {', '.join(sorted(words[name]))}"
    return None


_FIX = "correct the answer or the bill: one of the two is wrong"
_OF_PROFILE = {STAFF: "staff", TURNOVER: "turnover", CLASSES: "classes", SHIPPED_AS: "shipped_as"}

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
    if kind in {COATING, SEAT}:
        return replace(line, **{kind: str(given)}), ""  # type: ignore[arg-type]
    if kind == MASS:
        mass = float(str(given))
        if line.mass is None:
            return replace(line, mass=mass), ""
        same = abs(line.mass - mass) <= 0.005 * max(line.mass, mass)  # masses are rounded
        return line, "" if same else f"{exact(line.mass)} g"
    if kind == CONTENT and isinstance(given, tuple):
        return _with_contents(line, given)
    why = ""
    filled: list[BillSupplier] = []
    own = [each for each in line.suppliers if each.tier == 1]
    for each in line.sources:  # a line without suppliers is its own source
        one = each
        if one.name == asked.supplier:
            one, against = _answered_by(one, kind, given, country)
            why = why or against
        filled.append(one)
    if not own:
        return replace(line, made_in=filled[0].made_in, answers=filled[0].answers), why
    rest = [each for each in line.suppliers if each.tier != 1]
    return replace(line, suppliers=(*filled, *rest)), why


def _with_contents(line: BillLine, given: Sequence[ElementContent]) -> Filled:
    """Contents of a line: of an element that the bill gives as well, what both leave possible."""
    stated = {each.element: each for each in line.contents}
    for each in given:
        own = stated.get(each.element)
        if own is not None and (each.high < own.low or each.low > own.high):
            return line, f"{exact(own.low)} to {exact(own.high)} % {each.element}"
        low = each.low if own is None else max(each.low, own.low)
        high = each.high if own is None else min(each.high, own.high)
        stated[each.element] = ElementContent(each.element, low, high, each.evidence)
    return replace(line, contents=tuple(stated.values())), ""


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
