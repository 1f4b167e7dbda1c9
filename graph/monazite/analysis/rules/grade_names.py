"""What the name of a magnet grade means, by patterns, with what else bears it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from monazite.core.errors import UnreadableError
from monazite.core.results import Value
from monazite.store.queries import ask
from monazite.store.store import Store

SURE, LIKELY, AMBIGUOUS = "sure", "likely", "ambiguous"
_ORDER = (SURE, LIKELY, AMBIGUOUS)
_LEFT_OUT = re.compile(r"[\s\-_]+")
_PLAIN = re.compile(r"(?:\[[^\[\]\\]+\](?:\{[0-9]{1,2}(?:,[0-9]{1,2})?\})?|[^\[\]{}*+\\.^$])+")
"""What a pattern is made of: letters, classes with a count, groups, alternatives, what may be."""
_LONGEST = 40  # what is longer is no name, and is held against no pattern


@dataclass(frozen=True)
class GradeName(Value):
    """A pattern of a name and what it means; empty where it does not tell, or many use it."""

    row: str
    pattern: str
    material: str
    magnet_type: str
    grade: str
    maker: str
    certainty: str
    means_instead: str
    example: str

    def matches(self, name: str) -> bool:
        """Tell whether a name is of the pattern, whatever its capitals, blanks and hyphens."""
        plain = _LEFT_OUT.sub("", name).upper()
        return len(plain) <= _LONGEST and re.fullmatch(self.pattern, plain) is not None


def read_grade_names(store: Store) -> tuple[GradeName, ...]:
    """Read the patterns of grade names, once."""
    names = ("material", "grade", "maker", "certainty", "example")
    return store.derive(
        ("grade-names",),
        lambda: tuple(
            GradeName(
                row=line.row(),
                pattern=checked_pattern(line.row(), line["pattern"]),
                magnet_type=line["type"],
                means_instead=line["instead"],
                **{name: line[name] for name in names},
            )
            for line in ask(store, "grade-names")
        ),
    )


def checked_pattern(row: str, pattern: str) -> str:
    """Return a pattern of which no name takes long.

    >>> checked_pattern("grade_names/ndfeb-sh", "N(2[7-9]|[34][0-9])SH?")
    'N(2[7-9]|[34][0-9])SH?'
    """
    try:
        plain = _PLAIN.fullmatch(pattern)
        if plain and re.compile(pattern):
            return pattern
    except re.error:
        pass
    raise UnreadableError(
        f"{row}: the pattern is not plain; write letters, classes such as [0-9]{{2}}, "
        "alternatives such as (L|M), and ? after a letter or a group."
    )


class GradeNames:
    """The names of grades, to be looked up again and again."""

    def __init__(self, names: Iterable[GradeName] = ()) -> None:
        self._names = sorted(names, key=lambda each: (_ORDER.index(each.certainty), each.row))
        self._known: dict[str, GradeName | None] = {}

    def all(self, name: str) -> tuple[GradeName, ...]:
        """Return what a name can mean, the surest first."""
        return tuple(each for each in self._names if each.matches(name))

    def find(self, name: str) -> GradeName | None:
        """Return what a name means most surely; None where no pattern matches."""
        if name not in self._known:
            self._known[name] = next(iter(self.all(name)), None)
        return self._known[name]
