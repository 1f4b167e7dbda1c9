"""What can be asked beside the questions: commands, and other words for both.

``ontology/ask.csv`` has a line for each: its name, what it answers, the words that people use for
it, and of a command a line to paste, in which ``{element:Dy}`` stands for the element that is
asked about, or Dy.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from monazite.shipped import ontology_folder
from monazite.triples.queries import NamedQuery

COMMANDS = "commands"
"""The group of what is a command and no question."""
FILE = "ask.csv"
_SLOT = re.compile(r"\{(\w+):([^{}]*)\}")


@dataclass(frozen=True)
class Askable:
    """A line of the file.

    Attributes:
        title: what a command answers; empty for a question, whose file says it.
        line: of a command, to paste, with slots; empty for a question.
    """

    name: str
    title: str
    words: str
    line: str

    def filled(self, found: Mapping[str, Sequence[str]]) -> str:
        """Return the line with what was named in its slots, and else what stands there.

        The slot ``full`` takes ``--full`` where a country or plant is named that is no market: the
        short report may not list it.

        >>> Askable("show", "", "", "monazite show {any:Dy}").filled({"facility": ["bayan-obo"]})
        'monazite show bayan-obo'
        """
        known = {kind: ids[0] for kind, ids in found.items() if ids}
        known["any"] = next(iter(known.values()), "")
        known["place"] = known.get("facility") or known.get("organisation") or ""
        makers = {*found.get("country", ())} - {*found.get("market", ())}
        known["full"] = "--full" if makers or "facility" in known else ""
        return _SLOT.sub(lambda slot: known.get(slot[1]) or slot[2], self.line).strip()


@cache
def read_askable(ontology: Path | None = None) -> dict[str, Askable]:
    """Read the lines of an ontology folder, by name; none where it has no such file.

    >>> read_askable()["doubt"].title
    'What would overturn the first chokepoint'
    """
    file = (ontology or ontology_folder()) / FILE
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as opened:
        return {line["name"]: Askable(**line) for line in csv.DictReader(opened)}


def commands(askable: dict[str, Askable]) -> list[NamedQuery]:
    """Return the commands as what is found beside the questions.

    >>> [each.example for each in commands(read_askable()) if each.name == "info"]
    ['monazite info']
    """
    return [
        NamedQuery(
            name=each.name,
            title=each.title,
            group=COMMANDS,
            about=f"All its options: monazite {each.name} --help",
            parameters=(),
            example=each.filled({}),
            text="",
        )
        for each in askable.values()
        if each.line
    ]
