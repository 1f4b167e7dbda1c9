"""What records name in their own words, as the ids of the tables: codes, countries, firms."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from monazite.core.errors import UnknownNameError, UnreadableError, did_you_mean
from monazite.core.formats import escaped, in_brief
from monazite.core.package import ontology_folder
from monazite.data.own_files import rows_of, which_import

_REQUIRED = ("code", "exporter", "importer", "date", "kg")
COLUMNS = {
    "code": "hs hscode hs6 commodity commoditycode productcode tariffcode cmdcode",
    "exporter": "origin from exportercountry exportcountry countryoforigin origincountry "
    "exporteriso exporteriso3",
    "importer": "destination to importercountry importcountry countryofdestination "
    "destinationcountry importeriso importeriso3",
    "date": "day year period yearmonth shipmentdate arrivaldate exportdate importdate",
    "kg": "kilograms kilogrammes netkg grosskg weightkg netweightkg grossweightkg quantitykg "
    "netwgt",
    "usd": "dollars valueusd usdvalue fobusd cifusd valuefobusd valuecifusd",
    "seller": "shipper supplier consignor exportername sellername",
    "buyer": "consignee customer importername buyername",
    "system": "nomenclature classification classificationcode hsedition",
}
"""What a record may say, and the words that people head it with.

A weight is in kilograms and a value in dollars, or is not taken.
"""
_NO_UNIT = {
    "kg": ("weight", "netweight", "grossweight", "quantity", "qty", "tonnes", "tons"),
    "usd": ("value", "tradevalue", "primaryvalue", "amount", "fob", "cif", "price"),
}


def read_choices(chosen: Sequence[str]) -> dict[str, str]:
    """Return what a reader told of the columns, ``NAME=HEADER`` each."""
    found: dict[str, str] = {}
    for each in chosen:
        name, equals, header = each.partition("=")
        if not equals or name not in COLUMNS or not header:
            fix = did_you_mean(name, COLUMNS) or f"columns are {', '.join(COLUMNS)}."
            raise UnknownNameError(
                f'A column is told as NAME=HEADER, such as "kg=Net weight", not "{each}"; {fix}'
            )
        if name in found:
            raise UnknownNameError(f"Two headers are told for {name}; tell one.")
        found[name] = header
    return found


def find_columns(file: Path, header: Sequence[str], chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the header of each column of the records that a file has."""
    found: dict[str, str] = {}
    faults: list[str] = []
    for name, words in COLUMNS.items():
        if name in chosen:
            named = [each for each in header if each == chosen[name]]
        else:
            exact = [each for each in header if _bare(each) == name]
            named = exact or [each for each in header if _bare(each) in words.split()]
        if len(named) > 1:
            shown = " and ".join(f'"{each}"' for each in named)
            faults.append(f"{shown} may both be {name}: take --column {name}=HEADER")
        elif named:
            found[name] = named[0]
        elif name in chosen:
            faults.append(f'it has no column "{chosen[name]}"')
        elif name in _REQUIRED:
            like = next((each for each in header if _bare(each) in _NO_UNIT.get(name, ())), "")
            hint = f' ("{like}" says no unit: if it is kilograms, take --column "kg={like}")'
            faults.append(f"it has no column {name}{hint if like else ''}")
    if faults:
        has = in_brief(", ".join(header), 200)
        said = f"{escaped(str(file))} is no file of customs records"
        if told := which_import(file):
            raise UnreadableError(f"{said}: {told}.")
        raise UnreadableError(f"{said}: {'; '.join(faults)}. Its columns: {has}.")
    return found


def unread_values(header: Iterable[str], columns: Mapping[str, str]) -> list[str]:
    """Return the headers of values whose currency they do not say."""
    return [] if "usd" in columns else [each for each in header if _bare(each) in _NO_UNIT["usd"]]


def _bare(header: str) -> str:
    return re.sub(r"[\W_]+", "", header).casefold()


_SIX = 6  # digits that codes of the Harmonized System have everywhere
_CODE = re.compile(r"[0-9]+(?:[. -]+[0-9]+)*")


@dataclass(frozen=True)
class KnownNames:
    """The names that the tables have, folded, with the id that each stands for."""

    codes: dict[tuple[str, str], str]
    countries: dict[str, str]
    firms: dict[str, str]
    longest: dict[str, int] = field(default_factory=dict)

    @property
    def systems(self) -> str:
        """Nomenclatures of the codes, as a sentence lists them."""
        return ", ".join(sorted(self.longest))

    def check_system(self, system: str | None) -> str:
        """Return the nomenclature that a reader told, or nothing."""
        found = "" if system is None else fold_system(system)
        if system is not None and found not in self.longest:
            raise UnknownNameError(
                f'There is no nomenclature "{system}" with codes of ours; there are {self.systems}.'
            )
        return found

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
    """Return a name as it is compared."""
    return " ".join(text.casefold().split())


def fold_system(text: str) -> str:
    """Return the name of a nomenclature as it is compared."""
    return re.sub(r"[^a-z0-9-]", "", text.casefold())


def new_firm(name: str) -> str:
    """Return an id for a firm that the tables do not have."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")[:40].strip("-")
    digits = 6 if name.isascii() else 16  # of a hash, which says what letters leave out
    own = hashlib.sha256(fold(name).encode(errors="surrogatepass")).hexdigest()[:digits]
    return "-".join(filter(None, ("firm", slug, own)))


@cache
def read_names() -> KnownNames:
    """Read what the shipped tables name."""
    codes_file, countries_file, firms_file = (
        ontology_folder() / "tables" / f"{name}.csv"
        for name in ("codes", "countries", "organisations")
    )

    def names_of(row: Mapping[str, str], *more: str) -> Iterator[str]:
        for name in (*more, row["name"], *row["names"].split(";")):
            if folded := fold(re.sub(r"@[a-z]{2}$", "", name)):
                yield folded

    codes: dict[tuple[str, str], str] = {}
    longest: dict[str, int] = defaultdict(int)
    for row in rows_of(codes_file):
        digits = re.sub(r"\D", "", row["notation"])
        codes[row["system"], digits] = row["id"]
        longest[row["system"]] = max(longest[row["system"]], len(digits))
    countries: dict[str, str] = {}
    for row in rows_of(countries_file):
        for name in names_of(row, row["id"], row["iso2"]):
            countries.setdefault(name, row["id"])
    firms: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(firms_file):
        for name in names_of(row):
            firms[name].add(row["id"])
    alone = {name: next(iter(ids)) for name, ids in firms.items() if len(ids) == 1}
    return KnownNames(codes, countries, alone, dict(longest))
