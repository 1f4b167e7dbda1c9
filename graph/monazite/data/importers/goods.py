"""Customs codes of sources: which are taken, and under which row of codes they stand."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monazite.core.errors import UnknownNameError
from monazite.core.formats import NOT_KNOWN
from monazite.core.package import ontology_folder

SIX = 6
EDITIONS = ("hs1992", "hs1996", "hs2002", "hs2007", "hs2012", "hs2017", "hs2022")
"""Editions of the HS."""
OTHER_GOODS = "lines of other goods"
"""Why lines are left out."""


@dataclass(frozen=True)
class CodedGoods:
    """Ids of rows of codes that a code of a source stands under; several share one number."""

    codes: tuple[str, ...]
    basis: str
    note: str = ""


class GoodsCodes:
    """The codes that are taken, and what they stand under."""

    def __init__(self, wanted: Iterable[str] = (), folder: Path | None = None) -> None:
        home = folder or ontology_folder()
        chosen = tuple(digits_in(each) for each in wanted)
        if not all(len(each) >= SIX for each in chosen):
            raise UnknownNameError(
                "A customs code has six digits or more; write it as --code 850511."
            )
        taken = chosen or tuple(row["digits"] for row in rows_of(home / "imports" / "goods.csv"))
        self._taken = taken
        self._four = {each[:4] for each in taken}
        self._known = {
            (row["system"], digits_in(row["notation"])): row["id"]
            for row in rows_of(home / "tables" / "codes.csv")
        }
        self._stands = {
            (row["system"], row["digits"]): row
            for row in rows_of(home / "imports" / "correspondences.csv")
        }
        self.own: dict[str, dict[str, str]] = {}

    def takes(self, digits: str) -> bool:
        """Tell whether a code is one of those taken, or a part of one."""
        return digits.startswith(self._taken)

    def may_hide(self, code: str) -> bool:
        """Tell whether a code with letters hides goods of a heading that is taken."""
        return not code.isdigit() and code[:4] in self._four

    def stand(self, system: str, digits: str, description: str) -> CodedGoods:
        """Return what a code stands under; what has no row of codes gets one of its own."""
        stands = self._stands.get((system, digits))
        beside = (stands["code"],) if stands and stands["code"] else ()
        basis = stands["basis"] if stands and stands["basis"] else "gross-weight"
        known = self._known.get((system, digits))
        if known is not None:
            return CodedGoods((*beside, known), basis)
        if beside and _is_edition(system):
            return CodedGoods(beside, basis, f"printed under {system}, the same digits there")
        one = f"{system}-{digits}"
        note = f"whether it holds the same goods as hs2022-{digits[:SIX]} is not known"
        if not _is_edition(system):
            note = f"a part of {digits[:SIX]} in the nomenclature of the source"
        self.own[one] = {
            "id": one,
            "notation": f"{digits[:4]}.{digits[4:SIX]}{digits[SIX:] and '.'}{digits[SIX:]}",
            "system": system,
            "description": description or NOT_KNOWN,
            "note": note[:1].upper() + note[1:],
        }
        return CodedGoods((*beside, one), basis, note if _is_edition(system) else "")


def digits_in(code: str) -> str:
    """Return a code without points and blanks."""
    return re.sub(r"[ .\xa0]", "", code)


def _is_edition(system: str) -> bool:
    return re.fullmatch(r"hs[0-9]{4}", system) is not None


def rows_of(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
