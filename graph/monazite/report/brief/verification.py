"""Whether a page still says what the tables say: rendered anew with its claims, it is the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any, ClassVar

from monazite.core.errors import UnreadableError
from monazite.core.formats import counted, grouped, shorten, visible
from monazite.core.results import Result, Struct
from monazite.core.tables import Table
from monazite.report.brief.seal import HTML, OpenedPage

_MOST = 12  # Differences that are told
_WIDE, _LONG = 110, 400
BYTES, RELEASE = "bytes", "release"  # What is the same: all, or all but the release that it names
BROKEN_SEAL = "The page was altered after it was written: its seal does not fit."
_DAY = "[0-9]{4}-[01][0-9]-[0-3][0-9]"
_FORMS = {  # What a page may claim of how it was made, whole: no other word finds a place in these
    "version": re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"),
    "code": re.compile("[0-9a-f]{12}"),
    "tables": re.compile("[0-9a-f]{12}"),
}
_SIGNER = re.compile("[0-9a-f]{64}")
_MADE_WITH = re.compile("[0-9][0-9A-Za-z.+-]{0,30}|not installed|[a-z0-9]{1,10} [A-Za-z0-9_]{1,10}")
_NUMBER = "([0-9]{1,3}(?:,[0-9]{3}){0,3})"
_COUNTS = re.compile(
    rf"; {_NUMBER} of {_NUMBER} facts?(?:, {_NUMBER} of them possibly)?(?: \([^()<>]{{0,400}}\))?"
    rf"(?:; news read to ({_DAY}))?; tables [0-9a-f]{{12}}\."
)
_TAG = re.compile("<[^<>]*>")
_OF_TABLES = ("rows", "all_rows", "perhaps", "news_read_to")
_HIDDEN = ("code", "made_with", "signer")  # which no reader sees: what they decide is in the bytes


class Verdict(Result):
    """Whether a briefing still says what the tables say."""

    records_key = "sentences"
    _json = "same compared signer sentences"
    _words: ClassVar = {"compared": (BYTES, RELEASE, "")}

    same: bool  #: whether each byte is the same, and the page issued by the signer that was named
    #: what differs and why; of a briefing that is the same, what it rests on
    sentences: tuple[str, ...]
    #: ``bytes``, the page was rendered anew and compared byte for byte; ``release``, it is the same
    #: but for the release, version and counts that it names, which are others here; empty where
    #: nothing could be compared
    compared: str = ""
    signer: str = ""  #: the fingerprint of the key that signed the page, empty where none did

    def __post_init__(self) -> None:
        """Show what is hidden in the sentences, which quote pages from elsewhere."""
        object.__setattr__(self, "sentences", tuple(map(visible, self.sentences)))

    @property
    def exit_code(self) -> int:
        """What a command ends with: 0 the same, 3 of another release, else 1."""
        return 0 if self.same else 3 if self.compared == RELEASE else 1

    @property
    def records(self) -> tuple[dict[str, object], ...]:
        """The sentences, one to a record."""
        return tuple({"sentence": each} for each in self.sentences)

    def tables(self) -> list[Table]:
        """Return the sentences, one to a line."""
        heading = "The same" if self.same else "Not the same"
        return [Table(heading, ("sentence",), [[each] for each in self.sentences])]

    def headline(self) -> str:
        """Return the verdict in a line."""
        return shorten(" ".join(self.sentences), _WIDE)


class Anew(Struct):
    """A file that was rendered anew, with what another claims of its making."""

    blank: str  # the whole file, the places of seal and signature blank
    page: str  # what of it a reader sees
    told: str  # from what it was rendered
    otherwise: str  # why it may differ where version, code and tables are the same


def read_claims(opened: OpenedPage, name: str, known: Iterable[str]) -> dict[str, Any]:
    """Read what a file says of its making: hashes, and versions of known things; no more."""
    record = opened.record
    found: dict[str, Any] = {each: record.get(each) for each in (*_FORMS, "signer", "made_with")}
    for each, form in _FORMS.items():
        if not isinstance(found[each], str) or form.fullmatch(found[each]) is None:
            raise UnreadableError(f"{name} carries no {each} of Monazite: it was altered.")
    made, signer = found["made_with"], found["signer"]
    if (
        not isinstance(made, dict)
        or made.keys() != {*known}
        or not all(isinstance(each, str) and _MADE_WITH.fullmatch(each) for each in made.values())
    ):
        raise UnreadableError(
            f"{name} does not say what it was made with as this version says: it was altered, or "
            "verify it with the version that wrote it."
        )
    if signer is not None and not (isinstance(signer, str) and _SIGNER.fullmatch(signer)):
        raise UnreadableError(f"{name} names a signer that is no key: it was altered.")
    return found


def read_counts(opened: OpenedPage) -> dict[str, Any]:
    """Read how many facts a page says that its tables had, and to which day news was read."""
    counts = _COUNTS.search(opened.page)
    if counts is None:
        return {}
    *numbers, news = counts.groups()
    named = zip(("rows", "all_rows", "perhaps"), numbers, strict=True)
    found: dict[str, Any] = {name: int((said or "0").replace(",", "")) for name, said in named}
    return found | ({"news_read_to": news} if news else {})


def judge(
    opened: OpenedPage,
    anew: Anew,
    claims: Mapping[str, Any],
    ours: Mapping[str, Any],
    differs: Iterable[str],
) -> Verdict:
    """Compare a file with the same rendered anew with its claims, byte for byte.

    ``ours`` is what of its claims is here, ``differs`` what the tables have otherwise.
    """
    others = tuple(_others(claims, ours))
    if opened.fits and opened.blank == anew.blank:
        if all(claims[each] == ours[each] for each in claims if each not in _HIDDEN):
            return Verdict(True, (f"Same, byte for byte: {anew.told}.",), BYTES)
        told = f"Same but for the release that it names: {anew.told}."
        return Verdict(False, (told, *others), RELEASE)
    sentences = [] if opened.fits else [BROKEN_SEAL]
    sentences += first_of([*_unlike(opened, anew), *differs]) or [_place(opened, anew)]
    return Verdict(False, (*sentences, *(others or (anew.otherwise,))), BYTES)


def _unlike(opened: OpenedPage, anew: Anew) -> Iterator[str]:
    """A sentence of each text that the one shows and the other does not."""
    then, now = (Counter(filter(None, _texts(page))) for page in (opened.page, anew.page))
    what = "page" if opened.kind == HTML else "file"
    for text in then - now:
        yield f'The {what} shows what the tables do not say: "{shorten(visible(text), _WIDE)}".'
    for text in now - then:
        yield f'The {what} does not show what it records: "{shorten(visible(text), _WIDE)}".'


def _texts(page: str) -> Iterator[str]:
    lines = page.split("\n") if "<" not in page else _TAG.split(page)
    return (" ".join(unescape(line).split()) for line in lines)


def first_of(differs: Sequence[str]) -> list[str]:
    """Return the first differences, and how many more there are."""
    left = len(differs) - _MOST
    return [*differs[:_MOST], *([f"And {counted(left, 'more difference')}."] if left > 0 else [])]


def _place(opened: OpenedPage, anew: Anew) -> str:
    then, now = opened.blank, anew.blank
    pairs = enumerate(zip(then, now, strict=False))
    place = next((at for at, (a, b) in pairs if a != b), min(len(then), len(now)))
    if opened.kind != HTML:
        return f"Rendered anew it is another file from byte {grouped(place + 1)} on."
    near = shorten(visible(then[max(0, place - 40) : place + 40]), _WIDE)
    return (
        f'Rendered anew it is another page from character {grouped(place + 1)} on, near "{near}".'
    )


def moved_rows(
    then: Mapping[str, frozenset[str]],
    now: Mapping[str, frozenset[str]],
    recorded: Iterable[str] = (),
    what: str = "page",
) -> Iterator[str]:
    """Say which rows that a file carries the tables have otherwise, and which it lacks."""
    for row in sorted(then):
        if row not in now:
            yield f"{visible(row)} is not in the tables."
        elif then[row] != now[row]:
            yield f"{visible(row)} says something else in the tables."
    for row in sorted({*recorded} - {*then}):
        yield f"{row} is missing among the rows that the {what} carries."


def _others(claims: Mapping[str, Any], ours: Mapping[str, Any]) -> Iterator[str]:
    """Say what is not as it was when a page was written: tables, code, libraries."""
    version = claims["version"]
    if claims["tables"] != ours["tables"]:
        yield (
            f"The tables are others: it was written from {claims['tables']}, these are "
            f"{ours['tables']}."
        )
    elif any(claims[each] != ours[each] for each in _OF_TABLES if each in claims):
        yield "It names other counts of facts, or another day of news, than these tables have."
    if version != ours["version"]:
        yield f"It was written by Monazite {version}; this is {ours['version']}."
    elif claims["code"] != ours["code"]:
        yield f"It was written by other code of Monazite {version}: this is {ours['code']}."
    then, now = claims["made_with"], ours["made_with"]
    if then != now:
        changed = (name for name in now if then.get(name) != now[name])
        told = (f"{name} {then.get(name, 'not named')} ({now[name]})" for name in changed)
        yield f"It was made with other versions than are here: {shorten('; '.join(told), _LONG)}."
