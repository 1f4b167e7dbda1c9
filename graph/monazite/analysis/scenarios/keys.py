"""The keys of a scenario file: what each means, what it takes, and how far it may go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from monazite.core.errors import BadDateError
from monazite.core.formats import exact
from monazite.core.results import Value
from monazite.data.dates import date_bounds
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.model.wording import listed

MOST_BYTES = 64 * 1024
MOST_MONTHS, MOST_SHOCKS, MOST_FIRMS, MOST_NAMES, MOST_DRAWS = 60, 40, 12, 60, 2_000
LONGEST_TEXT = 2_000  # characters
LARGEST_TOLD = 10**18  # whole numbers beyond it are not written out
YEARS = range(1985, 2101)  # in which a day may lie
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
PROPORTION, HOME_FIRST = "proportion", "home-first"
RELEASE, BUILD = "release", "build"
TEXT, NAMES, NUMBER, WHOLE = "text", "list of texts", "number", "whole number"
DAY, MONTH, DATE = "day", "month", "day, month or year"
PARTS, WHOLES = "table of numbers", "table of whole numbers"
NUMBERS = {NUMBER, WHOLE, PARTS, WHOLES}  # kinds that have ends
ONES = {PARTS: NUMBER, WHOLES: WHOLE}  # of what kind the numbers of a table are
STEPS_BACK = (METAL, SEPARATION, MINE)
"""Stages from the magnet back: each adds the months from its product to the next."""
KEEPING = (MAGNET, *STEPS_BACK)  # stages whose plants keep stocks of what they make


@dataclass(frozen=True)
class FileKey(Value):
    """A key of a scenario file; of no words it takes any; about is what of a shock it says."""

    name: str
    kind: str
    help: str
    needed: bool = False
    low: float = 0.0
    high: float = 1.0
    words: tuple[str, ...] = ()
    default: str = ""
    about: tuple[str, ...] = ()


def _part(name: str, text: str, default: str = "", *about: str, needed: bool = False) -> FileKey:
    return FileKey(name, NUMBER, text, needed, 0.0, 1.0, default=default, about=about)


def _months(name: str, text: str, most: int, *about: str, default: str = "") -> FileKey:
    return FileKey(name, WHOLE, text, False, 0, most, default=default, about=about)


def _of(
    name: str,
    kind: str,
    text: str,
    *about: str,
    needed: bool = False,
    high: float = 1.0,
    default: str = "",
) -> FileKey:
    return FileKey(name, kind, text, needed, high=high, default=default, about=about)


MAKER, BUYER, STAGE, GOODS = "who makes", "who buys", "at which stage", "of what"
RULE, DEED, SIZE = "by which rule", "what is done", "how much"
RETURN, DELAY = "until all runs", "until it begins"
"""What a key says of a shock: keys of different kinds that say the same stand in for each other."""
THING = frozenset({MAKER, BUYER, STAGE, GOODS, RULE, DEED})
"""Of these, what a shock is done to: two of a kind that agree in all of it do the same."""
ALL, TO_THE_END, FIRST_DAY = "all", "to the end", "the first day"
"""What is meant where a key is left out: whatever there is; until."""

_LEADS = (
    f"Months from a stage to the magnet, for {listed(STEPS_BACK)}; one that is left out "
    "counts on from the one before it."
)
_COVER = f"Months of use that plants keep, for {listed(KEEPING)}."
_POLICY = "Id of a policy: its dates, scope, elements and exemptions are taken."
_SELLER = "Code of the country whose sales abroad are touched."
_ELEMENTS = "Symbols; goods that hold one of them. Every heavy magnet is read as holding Dy and Tb."
_PRODUCT_HELP = (
    "Name of the product as tables print it, such as heavy magnets, magnets without Dy or Tb, NdPr "
    'outside magnets, or words of it: magnets is all magnets. Only a name with "outside" is of '
    "goods outside magnets."
)
_COSTS = "Cost in USD per kg, by line of chokepoints."
_COUNTRY = "Code of a country with plants that make it already: it adds to them."
_MAKES = "Element, or name of the product as tables print it, or words of it."
_TONNES = "Tonnes a year, of the element or product."
TOP = (
    FileKey("title", TEXT, "What happens, in a few words.", needed=True),
    FileKey("description", TEXT, "What happens, what is assumed, what is not known.", needed=True),
    FileKey("start", MONTH, 'First month, as "2025-04".', needed=True),
    FileKey("months", WHOLE, "How many months are worked out.", True, 1, MOST_MONTHS),
    FileKey("element", TEXT, "Symbol, name or group.", default="MREE"),
    FileKey("markets", NAMES, "Codes of markets to show; the world comes last.", default="all"),
    FileKey(
        name="allocation",
        kind=TEXT,
        help="Who is served first by contract.",
        words=(PROPORTION, HOME_FIRST),
        default=PROPORTION,
    ),
    FileKey("year", WHOLE, "Base year.", False, 1990, 2100, default="the last with trade"),
    FileKey("sources", NAMES, "Ids of the table of sources that the description rests on."),
)
VIEW = (
    FileKey("valid", DATE, "Only what holds on this day."),
    FileKey("known", DATE, "Only what could be read by this day."),
    FileKey("tier", WHOLE, "Only from sources of this tier or better.", False, 1, 4),
    FileKey("without", NAMES, "Leave out records, sources, publishers or tables."),
)
FIRM = (
    FileKey("days", NUMBER, "Days of stock that firms of the class hold.", True, 0, 1_000),
    _part("share", "Part of the market's use that they take; all add up to 1.", needed=True),
)
ASSUMED = (
    FileKey("reason", TEXT, "Why these, and not what is assumed otherwise.", needed=True),
    FileKey("transit", WHOLE, "Months from a maker to a user abroad.", False, 0, 6, default="1"),
    FileKey("leads", WHOLES, _LEADS, False, 0, 12),
    FileKey("cover", PARTS, _COVER, False, 0, 24),
)
COMMON = (
    FileKey("kind", TEXT, "What it does.", needed=True),
    FileKey("label", TEXT, "What it is, in a few words."),
    FileKey("from", DAY, "First day; that of the policy if it is left out."),
)
_UNTIL = FileKey("until", DAY, "Last day.", default=TO_THE_END)
_BORDER = (
    replace(_UNTIL, help="Last day; that of the policy if from is left out too."),
    _of("policy", TEXT, _POLICY, RULE),
    _of("seller", TEXT, _SELLER, MAKER, default="that of the policy"),
    _of("buyers", NAMES, "Codes of buyers.", BUYER, default=ALL),
    _of("stages", NAMES, "Whose product crosses the border.", STAGE, default=ALL),
    _of("elements", NAMES, _ELEMENTS, GOODS, default=ALL),
)
_WHAT = _of("what", TEXT, "A line of chokepoints: mine/MMR, firm/lynas.", MAKER, STAGE, needed=True)
_LAG = _months("reopening_months", "Months from reopening to normal output.", 36, RETURN)
_PRODUCT = _of("product", TEXT, _PRODUCT_HELP, GOODS, default=ALL)
KINDS: Mapping[str, tuple[FileKey, ...]] = {
    "embargo": (*_BORDER, _part("part", "Part of the sales that passes all the same.", "0", SIZE)),
    "licence": (
        *_BORDER,
        _part("held", "Part of what the rule covers that waits for a licence.", "1", SIZE),
        _part("held_outside", "Part of like goods that the rule does not cover, held too.", "0"),
        FileKey("reason", TEXT, "Why so much is held; needed with held or held_outside."),
        FileKey("grace_days", WHOLE, "Days before anything is held.", False, 0, 365, default="0"),
        FileKey("delay_days", NUMBER, "Mean days from filing to approval.", True, 1, 1_000),
        FileKey("delay_shape", NUMBER, "Shape of the gamma delay.", False, 0.1, 100, default="2"),
        _part("approved", "Part of what is held that is ever approved.", "1"),
        FileKey("expires_days", WHOLE, "Days after which an order is given up.", False, 1, 1_000),
        FileKey("destinations", PARTS, "Factor on what passes, by buyer.", False, 0, 10),
    ),
    "quota": (
        *_BORDER,
        _of("tonnes", NUMBER, "Tonnes that the quota allows.", SIZE, needed=True, high=1e9),
        FileKey("of_tonnes", NUMBER, "Tonnes sold in as long a time without it.", True, 1e-6, 1e9),
    ),
    "close": (_UNTIL, _WHAT, _part("part", "Part that closes.", "1", SIZE), _LAG),
    "reopen": (_WHAT, _part("part", "Part of what an earlier shock closed.", "1", SIZE), _LAG),
    "price-flood": (
        _UNTIL,
        FileKey("price", NUMBER, "Price in USD per kg of oxide.", True, 0, 1e6),
        _of("costs", PARTS, _COSTS, MAKER, STAGE, needed=True, high=1e6),
        FileKey("reason", TEXT, "Where price and costs are from.", needed=True),
        _months("closing_months", "Months until who loses closes.", 36, DELAY, default="0"),
        _LAG,
    ),
    "new-capacity": (
        _of("country", TEXT, _COUNTRY, MAKER, BUYER, needed=True),
        _of("stage", TEXT, "Stage of the plant.", STAGE, needed=True),
        _of("makes", TEXT, _MAKES, GOODS, needed=True),
        _of("tonnes", NUMBER, _TONNES, SIZE, needed=True, high=1e7),
        _months("ramp_months", "Months from opening to full output.", 60, RETURN),
        _months("slip_months", "Months that it opens late.", 60, DELAY),
    ),
    "demand": (
        _UNTIL,
        _of("market", TEXT, "Code of the market; WLD is all.", BUYER, needed=True),
        FileKey("factor", NUMBER, "Times what users want.", True, 0, 10, about=(SIZE,)),
        _PRODUCT,
    ),
    "stockpile": (
        FileKey("until", DAY, "Last day of the days over which it is spread.", default=FIRST_DAY),
        _of("market", TEXT, "Code of the market.", BUYER, needed=True),
        FileKey("days", NUMBER, "Days of use.", True, 0, 3_650, about=(SIZE,)),
        FileKey("does", TEXT, "What is done.", True, words=(RELEASE, BUILD), about=(DEED,)),
        _PRODUCT,
    ),
}
"""The keys of each kind of shock, beside those that all have."""


def shock_keys(kind: str) -> tuple[FileKey, ...]:
    """Return the keys that a shock of a kind may have."""
    return (*COMMON, *KINDS[kind])


def until_of(kind: str) -> str:
    """Return what is meant where a shock of a kind has no last day; empty where it has none."""
    return next((key.default for key in KINDS[kind] if key.name == "until"), "")


def instead_of(name: str, kind: str) -> str:
    """Return what to write in a shock in place of a key that only other kinds have.

    >>> instead_of("country", "close")
    'write what instead (a line of chokepoints: mine/MMR, firm/lynas)'
    """
    others = {other: x for other, own in KINDS.items() for x in own if x.name == name}
    said = {about for key in others.values() for about in key.about}
    own = [key for key in KINDS[kind] if not said.isdisjoint(key.about)]
    if not own:
        return f"leave it out: it is a key of {listed(others)}" if others else ""
    names = " or ".join(key.name for key in own)
    told = own[0].help.partition(". ")[0].rstrip(".") if len(own) == 1 else ""
    return f"write {names} instead" + (f" ({told[:1].lower()}{told[1:]})" if told else "")


def shown(value: object) -> str:
    """Return a value as a fault tells it."""
    if isinstance(value, int) and abs(value) > LARGEST_TOLD:
        return f"a number of more than {len(str(LARGEST_TOLD)) - 1} digits"
    if isinstance(value, str | int | float | bool | date):
        return repr(value) if isinstance(value, str) else str(value)
    what = "list" if isinstance(value, list) else "table"
    return f"a {what}" if value else f"an empty {what}"


def wanted(key: FileKey) -> str:
    """Return what a key takes, as a fault tells it."""
    ends = f"{exact(key.low)} to {exact(key.high)}"
    return {
        TEXT: f"one of {', '.join(key.words)}" if key.words else "a text",
        NAMES: f"a list of 1 to {MOST_NAMES} texts",
        NUMBER: f"a number, {ends}",
        WHOLE: f"a whole number, {ends}",
        DAY: 'a day, as "2025-04-04"',
        MONTH: 'a month, as "2025-04"',
        PARTS: f"a table of numbers, {ends}",
        WHOLES: f"a table of whole numbers, {ends}",
        DATE: 'a date, as "2025", "2025-06" or "2025-06-11"',
    }[key.kind]


def refused(key: FileKey, value: object) -> Iterator[tuple[str, str]]:
    """Tell what is wrong with a value, and what to write; nothing where a key takes it.

    >>> list(refused(FileKey("cover", PARTS, "By stage."), {"mine": 0.5, "magnet": -1}))
    [('cover.magnet is -1', 'write a number, 0 to 1')]
    """
    taken = value_of(key, value)
    if taken is not None:
        if key.kind == NAMES and isinstance(value, list) and len(taken) < len(value):
            twice = [name for name in taken if value.count(name) > 1]
            yield f"{key.name} has {listed(map(shown, twice))} more than once", "name each once"
    elif key.kind in ONES and isinstance(value, Mapping) and 0 < len(value) <= MOST_NAMES:
        one = replace(key, kind=ONES[key.kind])
        for name, part in value.items():
            if not _inside(one, part):
                yield f"{key.name}.{name} is {shown(part)}", f"write {wanted(one)}"
    elif is_blank(value):
        yield f"{key.name} is {'missing' if key.needed else 'blank'}", f"write {wanted(key)}"
    else:
        yield f"{key.name} is {shown(value)}", f"write {wanted(key)}"


def value_of(key: FileKey, value: object) -> Any:  # noqa: ANN401 - whatever the key takes
    """Return the value of a key, as its kind has it, each name once; None where it is none."""
    if key.kind == TEXT:
        return value if _is_text(value) and (not key.words or value in key.words) else None
    if key.kind == NAMES:
        if not isinstance(value, list) or not 0 < len(value) <= MOST_NAMES:
            return None
        return tuple(dict.fromkeys(value)) if all(map(_is_text, value)) else None
    if key.kind == DAY:
        return _day(value)
    if key.kind == MONTH:
        at = _MONTH.fullmatch(value) if isinstance(value, str) else None
        return date(int(at[1]), int(at[2]), 1) if at and int(at[1]) in YEARS else None
    if key.kind == DATE:
        return _date(value)
    if key.kind in ONES:
        if not isinstance(value, Mapping) or not 0 < len(value) <= MOST_NAMES:
            return None
        one = replace(key, kind=ONES[key.kind])
        return value if all(_inside(one, x) for x in value.values()) else None
    return value if _inside(key, value) else None


def is_blank(value: object) -> bool:
    """Return whether a value is a text in which nothing shows: it says as much as none."""
    return isinstance(value, str) and not any(x.isprintable() and x != " " for x in value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not is_blank(value) and len(value) <= LONGEST_TEXT


def _inside(key: FileKey, value: object) -> bool:
    kinds = int if key.kind == WHOLE else int | float
    if isinstance(value, bool) or not isinstance(value, kinds):
        return False
    return key.low <= value <= key.high  # neither of what is no number, nor of any beyond all


def _day(value: object) -> date | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    if type(value) is not date:
        return None
    return value if value.year in YEARS else None


def _date(value: object) -> str | None:
    """A date as a view takes it: a day may stand without quotes, as elsewhere in the file."""
    text = f"{value}" if isinstance(value, str) or type(value) is date else ""
    try:
        date_bounds(text)
    except BadDateError:
        return None
    return text
