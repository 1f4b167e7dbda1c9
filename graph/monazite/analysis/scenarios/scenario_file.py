"""Scenario files, shipped or a reader's own: TOML, read with all its faults at once, with lines.

No key names a file; what a file may ask for is bounded.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date
from math import fsum
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from monazite.analysis.scenarios import keys
from monazite.analysis.scenarios.keys import YEARS, refused, shown, value_of, wanted
from monazite.core.columns import Column, table
from monazite.core.errors import (
    Fault,
    FaultyTablesError,
    UnknownNameError,
    UnreadableError,
    did_you_mean,
)
from monazite.core.files import read_bounded
from monazite.core.formats import exact, grouped
from monazite.core.results import Frozen, Result, Value
from monazite.core.tables import Table
from monazite.data.parameters import ELEMENT, check_text
from monazite.model.months.firms import MONTHS_OF_YEAR, FirmClass

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_-]{1,40})\s*\]")
_INNER = re.compile(r"\s*\[\s*([A-Za-z0-9_-]{1,40})\s*\.\s*([A-Za-z0-9_-]{1,40})\s*\]")
_KEY = re.compile(r"\s*[\"']?([A-Za-z0-9_-]{1,40})[\"']?\s*[.=]")
_AT_LINE = re.compile(r"line (\d+)")
_ALL_MONTHS = {"start": date(YEARS.start, 1, 1), "months": MONTHS_OF_YEAR * len(YEARS)}


class Shock(Value):
    """One thing that is done to the chain.

    If something of it is wrong as text, it is not ``whole``: its names can be looked up, no more.
    """

    id: str
    kind: str
    line: int
    begins: date | None
    ends: date | None
    given: Mapping[str, Any] = field(default_factory=Frozen)
    whole: bool = True
    lines: Mapping[str, int] = field(default_factory=Frozen)

    def at(self, key: str) -> int:
        """Return the line of a key; where the shock begins if the file does not say it."""
        return self.lines.get(key, self.line)

    def text(self, key: str) -> str:
        """Return a text; empty where the file does not say it."""
        return str(self.given.get(key, ""))

    def number(self, key: str, default: float) -> float:
        """Return a number."""
        return float(self.given.get(key, default))

    def names(self, key: str) -> tuple[str, ...]:
        """Return texts; none where the file does not say any."""
        return tuple(self.given.get(key, ()))


class Scenario(Value):
    """What a scenario file says."""

    id: str
    file: str
    title: str
    description: str
    start: date
    months: int
    shocks: tuple[Shock, ...]
    element: str = ELEMENT
    markets: tuple[str, ...] = ()
    allocation: str = keys.PROPORTION
    year: int | None = None
    sources: tuple[str, ...] = ()
    view: Mapping[str, Any] = field(default_factory=Frozen)
    firms: tuple[FirmClass, ...] = ()
    #: months of transit, leads and cover that the file sets, by name, with its reason
    assumed: Mapping[str, Any] = field(default_factory=Frozen)
    #: of the file, by key of the top, of what is assumed and of the view
    lines: Mapping[str, int] = field(default_factory=Frozen)


def read_scenario(text: str, name: str) -> Scenario:
    r"""Read the text of a scenario file.

    >>> lines = ['title = "A"', 'description = "A."', 'start = "2025-04"', "months = 100"]
    >>> read_scenario("\n".join(lines), "a.toml")
    Traceback (most recent call last):
    monazite.core.errors.FaultyTablesError: a.toml:4: months is 100; write a whole number, 1 to 60
    """
    found, faults = read_with_faults(text, name)
    if faults or found is None:
        raise FaultyTablesError(faults)
    return found


def read_with_faults(text: str, name: str) -> tuple[Scenario | None, tuple[Fault, ...]]:
    """Read what can be read of a scenario file, so that what it names can be looked up too."""
    reader = _FileReader(text, name)
    return reader.scenario(), tuple(reader.faults)


class _FileReader:
    """Reads one file, and gathers its faults."""

    def __init__(self, text: str, name: str) -> None:
        self.name, self.faults = name, list[Fault]()
        self.lines = dict[tuple[str, int, str], int]()
        self.document: Mapping[str, Any] = {}
        if len(text.encode("utf-8", "replace")) > keys.MOST_BYTES:
            self.fault(0, f"the file has more than {grouped(keys.MOST_BYTES)} bytes", "shorten it")
            return
        try:
            self.document = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            at = _AT_LINE.search(str(error))
            self.fault(int(at[1]) if at else 0, f"this is no TOML: {_no_toml(error)}", "mend it")
        else:
            self.lines = dict(_lines_of(text))

    def fault(self, line: int, what: str, fix: str) -> None:
        self.faults.append(Fault(self.name, line, what, fix))

    def line(self, table: str, place: int, key: str) -> int:
        """The line of a key; of its table where the key is not there, or written otherwise."""
        places = ((table, place, key), (table or key, place, ""), ("", 0, table))
        return next((self.lines[x] for x in places if x in self.lines), 0)

    def scenario(self) -> Scenario | None:
        if self.faults:
            return None
        top = {key: x for key, x in self.document.items() if key not in keys.BLOCKS}
        given = self.values(top, "")
        view = self.values(self.table("view"), "view")
        assumed = self.table("assumed")
        own = self.values(assumed, "assumed") if assumed else {}
        firms = self.firms()
        shocks = tuple(self.shocks())
        if not {"start", "months"} <= given.keys():
            given |= _ALL_MONTHS
        given = {"title": "", "description": "", **given}
        return Scenario(
            id=self.name.rsplit("/", 1)[-1].removesuffix(".toml"),
            file=self.name,
            shocks=shocks,
            view=view,
            firms=firms,
            assumed=own,
            lines={
                **{key: self.line("assumed", 0, key) for key in own},
                **{key: self.line("view", 0, key) for key in view},
                **{key: self.line("", 0, key) for key in (*top, "view")},
            },
            **given,
        )

    def table(self, name: str) -> Mapping[str, Any]:
        found = self.document.get(name, {})
        if not isinstance(found, Mapping):
            self.fault(self.line("", 0, name), f"{name} is no table", f"write [{name}] above it")
            return {}
        return found

    def tables(self, name: str, most: int) -> list[Mapping[str, Any]]:
        found = self.document.get(name, [])
        if not isinstance(found, list) or not all(isinstance(x, Mapping) for x in found):
            what = f"{name} is no list of tables"
            self.fault(self.line("", 0, name), what, f"write [[{name}]] above each")
            return []
        if len(found) > most:
            self.fault(self.line(name, most, ""), f"more than {most} of {name}", "leave some out")
            return []
        return found

    def firms(self) -> tuple[FirmClass, ...]:
        found, classes = [], self.tables("firms", keys.MOST_FIRMS)
        seen = dict[float, int]()
        for place, each in enumerate(classes):
            given = self.values(each, "firms", place)
            line = self.line("firms", place, "days")
            if "days" in given and seen.setdefault(given["days"], line) != line:
                what = f"firms of {exact(given['days'])} days are on line {seen[given['days']]} too"
                self.fault(line, what, "make them one class, with both shares")
            if {"days", "share"} <= given.keys():
                found.append(FirmClass(float(given["days"]), float(given["share"])))
        shares = fsum(x.share for x in found)
        if found and len(found) == len(classes) and abs(shares - 1) > 1e-6:
            line = self.line("firms", 0, "share")
            self.fault(line, f"shares of firms add up to {exact(shares)}", "make it 1")
        return tuple(found)

    def shocks(self) -> Iterator[Shock]:
        kinds = keys.shock_kinds()
        for place, each in enumerate(self.tables("shock", keys.MOST_SHOCKS)):
            line, kind = self.line("shock", place, ""), each.get("kind")
            if not isinstance(kind, str) or kind not in kinds:
                fix = did_you_mean(kind, kinds) or f"there are {', '.join(kinds)}"
                said = shown(kind) if "kind" in each else "missing"
                self.fault(self.line("shock", place, "kind"), f"kind is {said}", fix)
                continue
            before = len(self.faults)
            given = self.values(each, "shock", place, kind)
            begins, ends = given.pop("from", None), given.pop("until", None)
            for key, what, fix in _contradictions(begins, ends, given, each.keys()):
                self.fault(self.line("shock", place, key), what, fix)
            given["kind"], whole = kind, len(self.faults) == before
            lines = Frozen({key: self.line("shock", place, key) for key in each})
            yield Shock(f"shock {place + 1}", kind, line, begins, ends, given, whole, lines)

    def values(
        self, table: Mapping[str, Any], name: str, place: int = 0, kind: str = ""
    ) -> dict[str, Any]:
        """What a table says, as the types of its keys; its faults are gathered."""
        known = [*keys.file_keys()[name or keys.TOP], *keys.shock_kinds().get(kind, ())]
        names = [*(key.name for key in known), *(() if name else keys.BLOCKS)]
        for other in sorted(table.keys() - {*names}):
            fix = (
                (kind and keys.instead_of(other, kind))
                or did_you_mean(other, names)
                or f"there are {', '.join(names)}"
            )
            of = f" to {kind}" if kind else ""
            what = f"the key {shown(other)} is not known{of}"
            self.fault(self.line(name, place, other), what, fix)
        found: dict[str, Any] = {}
        for key in known:
            if key.name in table:
                for what, fix in refused(key, table[key.name]):
                    self.fault(self.line(name, place, key.name), what, fix)
                value = value_of(key, table[key.name])
                if value is not None:
                    found[key.name] = value
            elif key.needed:
                line = self.line(name, place, "")
                self.fault(line, f"{key.name} is missing", f"write {wanted(key)}")
        return found


def _contradictions(
    begins: date | None, ends: date | None, given: Mapping[str, Any], written: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """What keys of a shock say together: key, fault, fix; one at fault itself is not missing."""
    if "from" not in written and "policy" not in written:
        yield "", "from is missing", "write its first day"
    if begins is not None and ends is not None and ends < begins:
        yield "until", f"it ends on {ends}, before it begins on {begins}", "turn the days round"
    if ("held_outside" in given or given.get("held", 1) != 1) and "reason" not in written:
        yield "held", "what is held is not what the rule covers", "say why by reason"
    borders = ("embargo", "licence", "quota")
    if given.get("kind") in borders and "seller" not in written and "policy" not in written:
        yield "", "seller is missing", "name it or a policy"
    tonnes, whole = given.get("tonnes", 0), given.get("of_tonnes")
    if whole is not None and tonnes > whole:
        what = f"tonnes is {shown(tonnes)}, more than of_tonnes, which is {shown(whole)}"
        yield "tonnes", what, "a quota allows a part of what is sold without it: lower tonnes"


def _no_toml(error: Exception) -> str:
    """Why a text is no TOML; of numbers and of depth Python itself says what it can bear."""
    if isinstance(error, tomllib.TOMLDecodeError):
        return str(error).split(" (at", 1)[0]
    deep = isinstance(error, RecursionError)
    return "it is nested too deeply" if deep else "a number is too long"


def _lines_of(text: str) -> Iterable[tuple[tuple[str, int, str], int]]:
    """Table, its place among those of its name, and key: the line on which each begins."""
    table, place, quoted = "", 0, ""
    count: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not quoted:
            header, key = _HEADER.match(line), _KEY.match(line)
            if inner := _INNER.match(line):
                yield (inner[1], max(0, count.get(inner[1], 1) - 1), inner[2]), number
                table, place = f"{inner[1]}.{inner[2]}", 0
            elif header:
                table = header[2]
                place = count.get(table, 0) if header[1] == "[[" else 0
                count[table] = place + 1
                yield (table, place, ""), number
            elif key:
                yield (table, place, key[1]), number
        for marks in ('"""', "'''"):
            if line.count(marks) % 2:
                quoted = "" if quoted == marks else quoted or marks


ENDING = ".toml"
OPEN = "stdin"  # what is open already, as faults name it


class ScenarioText(Value):
    """The text of a scenario file."""

    file: str
    text: str


class ShippedScenario(Value):
    """A scenario that is shipped."""

    name: str  #: by which it is run
    title: str  #: what happens
    start: str  #: the first month
    months: int  #: how many
    kinds: tuple[str, ...]  #: of its shocks
    description: str  #: plain sentences
    source_ids: tuple[str, ...]  #: ids of the table of sources


class ScenarioList(Result):
    """The scenarios that are shipped."""

    records_key = "scenarios"

    scenarios: tuple[ShippedScenario, ...]  #: by name

    def tables(self) -> list[Table]:
        """Return a line for each scenario."""
        return [table("Scenarios", self.scenarios, _SHIPPED)]


_SHIPPED = (
    Column("name", "name"),
    Column("what happens", "title"),
    Column("from", "start"),
    Column("months", "months", right=True),
    Column("shocks", "kinds", ", ".join, spare=1),
)


def _where(fault: Fault) -> str:
    name = PurePath(fault.file).name
    return f"{name}:{fault.line}" if fault.line else name


_FAULTS = (Column("where", _where), Column("what", "what"), Column("what to do", "fix"))


class ScenarioCheck(Result):
    """What is wrong with a scenario file."""

    records_key = "faults"

    file: str  #: as the reader named it
    faults: tuple[Fault, ...]  #: all of them, by line

    def tables(self) -> list[Table]:
        """Return the faults, a line each, without the folder of the file; no table for none."""
        return [table("Faults", self.faults, _FAULTS)] if self.faults else []

    def headline(self) -> str:
        """Return how many faults there are."""
        count = len(self.faults)
        return f"{self.file}: {count or 'no'} {'fault' if count == 1 else 'faults'} found"


def shipped_names(ontology: Path) -> tuple[str, ...]:
    """Return the names of the scenarios that are shipped."""
    return tuple(sorted(x.stem for x in (ontology / "scenarios").glob(f"*{ENDING}")))


def read_text(place: str | Path | BinaryIO, ontology: Path) -> ScenarioText:
    """Read the text of a scenario: a shipped one by its name, else a file."""
    too_big = f"has more than {grouped(keys.MOST_BYTES)} bytes: it is no scenario."
    if isinstance(place, str) or not (isinstance(place, Path) or hasattr(place, "read")):
        check_text(place, "scenario")
    if not isinstance(place, str | Path):
        content = place.read(keys.MOST_BYTES + 1)
        if len(content) > keys.MOST_BYTES:
            raise UnreadableError(f"What stands on {OPEN} {too_big}")
        return _decoded(content, OPEN)
    names = shipped_names(ontology)
    if str(place) in names:
        file, said = ontology / "scenarios" / f"{place}{ENDING}", f"{place}{ENDING}"
    elif str(place).endswith(ENDING):
        file, said = Path(place), str(place)
    else:
        fix = did_you_mean(str(place), names) or "monazite scenario list shows all."
        raise UnknownNameError(f'There is no scenario "{place}"; {fix} A file ends with {ENDING}.')
    return _decoded(read_bounded(file, keys.MOST_BYTES, too_big), said)


def _decoded(content: bytes, name: str) -> ScenarioText:
    try:
        return ScenarioText(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        fault = Fault(name, line, "this is no UTF-8", "save it as UTF-8")
        raise FaultyTablesError([fault]) from None


def read_shipped(ontology: Path) -> tuple[Scenario, ...]:
    """Read all scenarios that are shipped."""
    texts = [read_text(name, ontology) for name in shipped_names(ontology)]
    return tuple(read_scenario(each.text, each.file) for each in texts)


def list_scenarios(ontology: Path) -> ScenarioList:
    """Return the scenarios that are shipped."""
    return ScenarioList(
        tuple(
            ShippedScenario(
                *(x.id, x.title, f"{x.start:%Y-%m}", x.months),
                tuple(dict.fromkeys(shock.kind for shock in x.shocks)),
                *(x.description, x.sources),
            )
            for x in read_shipped(ontology)
        )
    )
