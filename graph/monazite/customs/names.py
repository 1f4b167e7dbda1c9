"""What records name in their own words, as the ids of the tables: codes, countries, firms."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from monazite.errors import UnknownNameError
from monazite.rows.bounds import Budget
from monazite.rows.csv_records import csv_records, utf8_text

_SIX = 6
"""Digits that codes of the Harmonized System have everywhere."""
_CODE = re.compile(r"[0-9]+(?:[. -]+[0-9]+)*")
_SLUG = 40
_DIGITS, _DIGITS_ALONE = 6, 16
"""Of a hash beside the letters of a name, and where these leave some out."""


@dataclass(frozen=True)
class KnownNames:
    """The names that the tables have, folded, with the id that each stands for."""

    codes: dict[tuple[str, str], str]
    countries: dict[str, str]
    firms: dict[str, str]
    longest: dict[str, int] = field(default_factory=dict)

    @property
    def systems(self) -> tuple[str, ...]:
        """Nomenclatures of the codes, sorted."""
        return tuple(sorted(self.longest))

    def check_system(self, system: str | None) -> str:
        """Return the nomenclature that a reader told, or nothing."""
        if system is None:
            return ""
        if fold_system(system) not in self.longest:
            raise UnknownNameError(
                f'There is no nomenclature "{system}" with codes of ours; '
                f"there are {', '.join(self.systems)}."
            )
        return fold_system(system)

    def code(self, text: str, system: str) -> str | None:
        """Return the id of a code in a nomenclature, which may stand before it.

        A national code is taken by its first six digits where its nomenclature has no more. What
        says more than digits, with points, blanks or hyphens between them, is no code: the rest
        may name another nomenclature.
        """
        before, dash, after = text.rpartition("-")
        if dash and fold_system(before) in self.longest:
            system, text = fold_system(before), after
        if not _CODE.fullmatch(text.strip()):
            return None
        digits = re.sub(r"\D", "", text)
        if self.longest.get(system) == _SIX:
            digits = digits[:_SIX]
        return self.codes.get((system, digits))

    def country(self, text: str) -> str | None:
        """Return the id of a country by its code of two or three letters, or its name."""
        return self.countries.get(fold(text))

    def firm(self, text: str) -> str | None:
        """Return the id of a firm by one of its names, letter for letter but for their case."""
        return self.firms.get(fold(text))


def names_system(text: str, names: KnownNames) -> bool:
    """Tell whether a code names its nomenclature."""
    before, dash, _ = text.rpartition("-")
    return bool(dash) and fold_system(before) in names.longest


def fold(text: str) -> str:
    """Return a name as it is compared.

    >>> fold("  Viet  Nam ")
    'viet nam'
    """
    return " ".join(text.casefold().split())


def fold_system(text: str) -> str:
    """Return the name of a nomenclature as it is compared.

    >>> fold_system("HS 2022")
    'hs2022'
    """
    return re.sub(r"[^a-z0-9-]", "", text.casefold())


def new_firm(name: str) -> str:
    """Return an id for a firm that the tables do not have.

    >>> new_firm("Baotou Magnets Co., Ltd.")
    'firm-baotou-magnets-co-ltd-5e6b29'
    """
    slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:_SLUG].strip("-")
    digits = _DIGITS if name.isascii() else _DIGITS_ALONE
    own = hashlib.sha256(fold(name).encode(errors="surrogatepass")).hexdigest()[:digits]
    return "-".join(filter(None, ("firm", slug, own)))


def read_names(tables: Path) -> KnownNames:
    """Read what the tables name.

    >>> from monazite.shipped import ontology_folder
    >>> names = read_names(ontology_folder() / "tables")
    >>> names.code("8505.11.0070", "hs2022"), names.country("Viet Nam"), names.country("cn")
    ('hs2022-850511', 'VNM', 'CHN')
    """
    codes: dict[tuple[str, str], str] = {}
    longest: dict[str, int] = defaultdict(int)
    for row in _rows(tables / "codes.csv"):
        digits = re.sub(r"\D", "", row["notation"])
        codes[row["system"], digits] = row["id"]
        longest[row["system"]] = max(longest[row["system"]], len(digits))
    countries: dict[str, str] = {}
    for row in _rows(tables / "countries.csv"):
        for name in (row["id"], row["iso2"], row["name"], *row["names"].split(";")):
            countries.setdefault(fold(re.sub(r"@[a-z]{2}$", "", name)), row["id"])
    firms: dict[str, set[str]] = defaultdict(set)
    for row in _rows(tables / "organisations.csv"):
        for name in (row["name"], *row["names"].split(";")):
            firms[fold(re.sub(r"@[a-z]{2}$", "", name))].add(row["id"])
    for known in (countries, firms):
        known.pop("", None)
    alone = {name: next(iter(ids)) for name, ids in firms.items() if len(ids) == 1}
    return KnownNames(codes, countries, alone, dict(longest))


def _rows(file: Path) -> list[dict[str, str]]:
    lines = csv_records(utf8_text(file.read_bytes()), Budget())
    _, header = next(lines)
    return [dict(zip(header, fields, strict=True)) for _, fields in lines]
