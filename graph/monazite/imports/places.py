"""Countries and areas as sources write them: codes of their own, and names."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from monazite.shipped import ontology_folder

_FOOTNOTE = re.compile(r"(?<=[^\W\d_])\s?[0-9,]+$")
NO_PLACE = "lines of places that are no country here"
"""Why lines are left out."""


@dataclass(frozen=True)
class NamedPlace:
    """A country or an area.

    Attributes:
        is_area: whether it is an area, whose trade is a sum.
    """

    id: str
    is_area: bool
    note: str = ""


class NamedPlaces:
    """Countries and areas by what sources call them.

    >>> places = NamedPlaces()
    >>> places.coded("comtrade", "842").id, places.named("Korea, South").id
    ('USA', 'KOR')
    """

    def __init__(self, folder: Path | None = None) -> None:
        home = folder or ontology_folder()
        self._by_code: dict[tuple[str, str], NamedPlace] = {}
        self._by_name: dict[str, NamedPlace] = {}
        for table, is_area in (("areas", True), ("countries", False)):
            for row in _rows(home / "tables" / f"{table}.csv"):
                place = NamedPlace(row["id"], is_area)
                self._by_code["iso", row["id"]] = place
                if row.get("iso2"):
                    self._by_code["iso", row["iso2"]] = place
                for name in filter(None, (row["name"], *row["names"].split(";"))):
                    self._by_name[_folded(name.partition("@")[0])] = place
        for row in _rows(home / "imports" / "places.csv"):
            known = self._by_code["iso", row["country"]]
            place = NamedPlace(known.id, known.is_area, row["note"])
            if row["system"] == "name":
                self._by_name[_folded(row["code"])] = place
            else:
                self._by_code[row["system"], row["code"]] = place

    def coded(self, system: str, code: str) -> NamedPlace | None:
        """Return the place of a code, in the words of a system first, of ISO else."""
        found = self._by_code.get((system, code.strip().upper()))
        return found or self._by_code.get(("iso", code.strip().upper()))

    def only(self, system: str, code: str) -> NamedPlace | None:
        """Return the place of a code of a system that knows no other."""
        return self._by_code.get((system, code.strip()))

    def named(self, name: str) -> NamedPlace | None:
        """Return the place of a name; the mark of a footnote at its end is passed over."""
        plain = _folded(name)
        return (
            self._by_name.get(plain)
            or self._by_name.get(_FOOTNOTE.sub("", plain).strip())
            or (self._by_name.get(plain[:-1].strip()) if plain[-1:] == "e" else None)
        )


def _folded(name: str) -> str:
    return " ".join(name.replace("\xa0", " ").replace("’", "'").split()).casefold().rstrip(".")


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
