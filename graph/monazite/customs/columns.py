"""Which column of a file says what: by its own name, by words that people use, or as told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monazite.errors import UnknownNameError, UnreadableError, did_you_mean
from monazite.rows.foreign_files import which_import
from monazite.safe_text import escaped, in_brief

_REQUIRED = ("code", "exporter", "importer", "date", "kg")


@dataclass(frozen=True)
class RecordColumn:
    """A column of a record: its name, the words that people head it with, whether it must be."""

    name: str
    words: tuple[str, ...]
    required: bool = False


COLUMNS = {
    name: RecordColumn(name, tuple(words.split()), name in _REQUIRED)
    for name, words in {
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
    }.items()
}
"""What a record may say. A weight is in kilograms and a value in dollars, or is not taken."""
_NO_UNIT = {
    "kg": ("weight", "netweight", "grossweight", "quantity", "qty", "tonnes", "tons"),
    "usd": ("value", "tradevalue", "primaryvalue", "amount", "fob", "cif", "price"),
}
"""Words for a weight or value whose unit they do not say, or which is another."""


def read_choices(chosen: Sequence[str]) -> dict[str, str]:
    """Return what a reader told of the columns, ``NAME=HEADER`` each.

    >>> read_choices(["kg=Net weight"])
    {'kg': 'Net weight'}
    """
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
    """Return the header of each column of the records that a file has.

    >>> find_columns(Path("a.csv"), ["HS code", "Origin", "To", "Date", "Net kg"], {})["kg"]
    'Net kg'
    """
    found: dict[str, str] = {}
    faults: list[str] = []
    for column in COLUMNS.values():
        named = _headers_of(column, header, chosen)
        if len(named) > 1:
            shown = " and ".join(f'"{each}"' for each in named)
            faults.append(f"{shown} may both be {column.name}: take --column {column.name}=HEADER")
        elif named:
            found[column.name] = named[0]
        elif column.name in chosen:
            faults.append(f'it has no column "{chosen[column.name]}"')
        elif column.required:
            faults.append(f"it has no column {column.name}" + _hint(column, header))
    if faults:
        has = in_brief(", ".join(header), 200)
        said = f"{escaped(str(file))} is no file of customs records"
        if told := which_import(file):
            raise UnreadableError(f"{said}: {told}.")
        raise UnreadableError(f"{said}: {'; '.join(faults)}. Its columns: {has}.")
    return found


def unread_values(header: Iterable[str], columns: Mapping[str, str]) -> list[str]:
    """Return the headers of values whose currency they do not say.

    >>> unread_values(["kg", "Value"], {"kg": "kg"})
    ['Value']
    """
    return [] if "usd" in columns else [each for each in header if _bare(each) in _NO_UNIT["usd"]]


def _headers_of(
    column: RecordColumn, header: Sequence[str], chosen: Mapping[str, str]
) -> Sequence[str]:
    if column.name in chosen:
        return [each for each in header if each == chosen[column.name]]
    exact = [each for each in header if _bare(each) == column.name]
    return exact or [each for each in header if _bare(each) in column.words]


def _hint(column: RecordColumn, header: Sequence[str]) -> str:
    near = [each for each in header if _bare(each) in _NO_UNIT.get(column.name, ())]
    if not near:
        return ""
    return f' ("{near[0]}" says no unit: if it is kilograms, take --column "kg={near[0]}")'


def _bare(header: str) -> str:
    return re.sub(r"[\W_]+", "", header).casefold()
