"""Which elements, countries, plants and firms a reader names, and where they go in a line."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from monazite.core.errors import MonaziteError
from monazite.core.package import ontology_folder
from monazite.store.names import Entity, cached_names
from monazite.store.queries import NamedQuery

if TYPE_CHECKING:
    from monazite.store.store import Store

COMMANDS = "commands"  # the group of what is a command and no question
FILE = "ask.csv"
_SLOT = re.compile(r"\{(\w+):([^{}]*)\}")


@dataclass(frozen=True)
class Askable:
    """A line of the file; title and line to paste, with slots, are empty for a question."""

    name: str
    title: str
    words: str
    line: str

    def filled(self, found: Mapping[str, Sequence[str]]) -> str:
        """Return the line with what was named in its slots, and else what stands there.

        The slot ``full`` takes ``--full`` where what is named may not be in the short report.
        """
        known = {kind: ids[0] for kind, ids in found.items() if ids}
        known["any"] = next(iter(known.values()), "")
        known["place"] = known.get("facility") or known.get("organisation") or ""
        makers = {*found.get("country", ())} - {*found.get("market", ())}
        known["full"] = "--full" if makers or "facility" in known else ""
        return _SLOT.sub(lambda slot: known.get(slot[1]) or slot[2], self.line).strip()


@cache
def read_askable(ontology: Path | None = None) -> dict[str, Askable]:
    """Read the lines of an ontology folder, by name; none where it has no such file."""
    file = (ontology or ontology_folder()) / FILE
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as opened:
        return {line["name"]: Askable(**line) for line in csv.DictReader(opened)}


def commands(askable: dict[str, Askable]) -> list[NamedQuery]:
    """Return the commands as what is found beside the questions."""

    def command(each: Askable) -> NamedQuery:
        about = f"All its options: monazite {each.name} --help"
        return NamedQuery(each.name, each.title, COMMANDS, about, (), each.filled({}), text="")

    return [command(each) for each in askable.values() if each.line]


# What is told from other words; where two have one name, the first is meant.
KINDS = ("facility", "organisation", "element", "element-group", "country", "area")
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 8  # words that a name may have
_CODE = 3  # letters of a code or symbol, which is told by its capitals: ``in`` is no indium
_FITS = {
    "element": ("element", "element-group"),
    "country": ("country", "area"),
    "countries": ("country", "area"),
    "facility": ("facility",),
    "organisation": ("organisation",),
    "entity": ("facility", "organisation"),
    "subject": ("facility", "organisation"),
    "material": ("material",),
}
_ABOUT, _BUT = "about", "outside"  # take whatever is named, and name what is left out
_ORIGIN, _FROM = "exporter", "from"  # the parameter that takes the country named after a word
_MARKET = "market"  # the slot of who loses
_BUYS = frozenset(
    {"for", "would", "does", "do", "can", "could", "will", "should"}
)  # before its name
_ACTS = ("stop", "ban", "block", "cut", "restrict", "close", "shut", "embargo", "limit", "licens")
_NOT_NAMES = frozenset({"WLD", "ALL", "ROW", "other"})


class Origin(Entity):
    """What is named right after ``from``: where goods come from."""


class Buyer(Entity):
    """What is named as who would lose: a market."""


def find_names(text: str, known: Iterable[tuple[str, Entity]]) -> tuple[list[Entity], list[str]]:
    """Tell names from other words."""
    ranked = sorted(
        ((name, each) for name, each in known if each.kind in KINDS and each.id not in _NOT_NAMES),
        key=lambda pair: (-KINDS.index(pair[1].kind), pair[1].iri),
    )
    names = {_key(_WORD.findall(name)): entity for name, entity in ranked}
    words = _WORD.findall(text)
    found: list[Entity] = []
    left: list[str] = []
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            entity = names.get(_key(words[place : place + length]))
            if entity is not None:
                before = words[place - 1].casefold() if place else ""
                acts = "".join(words[place + length : place + length + 1]).casefold()
                kind = _role(before, acts)
                found.append(kind(entity.iri, entity.label, entity.classes))
                place += length
                break
        else:
            left.append(words[place])
            place += 1
    return found, left


def _role(before: str, after: str) -> type[Entity]:
    """What a country is in a question, by the words beside its name."""
    if before == _FROM:
        return Origin
    return Buyer if before in _BUYS and not after.startswith(_ACTS) else Entity


def _key(words: list[str]) -> tuple[str, ...]:
    alone = len(words) == 1 and len(words[0]) <= _CODE
    return tuple(words) if alone else tuple(word.casefold() for word in words)


def ids_of(
    named: Iterable[Entity], known: Iterable[tuple[str, Entity]] = ()
) -> dict[str, list[str]]:
    """Return the ids that are named, by kind; of an element its oxide too, which has the price."""
    materials = {each.id for _, each in known if each.kind == "material"}
    found: dict[str, list[str]] = {}
    origins: list[str] = []
    for each in named:
        group = each.kind == "element-group"
        kind = {"element-group": "element", "area": "country"}.get(each.kind, each.kind)
        found.setdefault(kind, []).append(each.label if group else each.id)
        found.setdefault(_ABOUT, []).append(each.label if kind == "element" else each.id)
        oxide = f"{each.label.casefold()}-oxide"
        if kind == "element" and oxide in materials:
            found.setdefault("material", []).append(oxide)
        if kind == "country" and isinstance(each, Origin):
            origins.append(each.id)
        if kind == "country" and isinstance(each, Buyer):
            found.setdefault(_MARKET, []).append(each.id)
    return found | ({_ORIGIN: origins} if origins else {})


def filled(query: NamedQuery, named: Mapping[str, Sequence[str]]) -> str:
    """Return a line to paste that asks a question of what is named; its example if nothing fits."""
    left = {kind: list(ids) for kind, ids in named.items()}
    given: dict[str, str] = {}
    if left.get(_ORIGIN) and any(each.name == _ORIGIN for each in query.parameters):
        given[_ORIGIN] = left[_ORIGIN][0]
        left["country"].remove(given[_ORIGIN])
    for each in query.parameters:
        if each.name in given:
            continue
        kinds = (_ABOUT,) if each.name == _ABOUT else _FITS.get(each.type, ())
        kind = next((kind for kind in kinds if left.get(kind)), None)
        if kind is not None and each.name != _BUT:
            given[each.name] = left[kind].pop(0)
    open_ = [each for each in query.parameters if not (each.optional or each.default)]
    if not given or any(each.name not in given for each in open_):
        return query.example
    words = (f"--param {shlex.quote(f'{name}={value}')}" for name, value in given.items())
    return " ".join([f"monazite query {query.name}", *words])


def names_to_ask(store: Store) -> list[tuple[str, Entity]]:
    """Return the names of what a reader may ask about, each with what it names."""

    def read() -> bytes:
        found = cached_names(store, *KINDS, "material")
        if not found:  # to be kept, it would be the answer for ever
            raise FileNotFoundError("Names lie beside a store that was forgotten.")
        return json.dumps([[name, each.iri, each.label] for name, each in found]).encode()

    known = store.kept("names of what a reader may ask about", read)
    return [(name, Entity(iri, label, frozenset())) for name, iri, label in json.loads(known)]


def names_beside_the_store() -> list[tuple[str, Entity]]:
    """Return the names that are kept beside the shipped store, which is built where it is not."""
    from monazite.store.opening import open_store

    for _ in range(3):  # another process may just have forgotten the store, to keep few of them
        with suppress(MonaziteError, OSError):
            open_store().wait()  # names lie beside a store that is written
            return names_to_ask(open_store())
    return []  # whoever asks in earnest is told
