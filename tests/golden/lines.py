"""The shipped tables as plain lines, read without any code of the package's reader."""

from __future__ import annotations

import csv
from functools import cache

from monazite.core.package import ontology_folder


@cache
def lines_of(table: str) -> dict[str, dict[str, str]]:
    """Return the lines of a table by ``table/key``."""
    path = ontology_folder() / "tables" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    key = "row" if "row" in found[0] else "id"
    return {f"{table}/{line[key]}": line for line in found}


def line_of(row: str) -> dict[str, str]:
    """Return one line by ``table/key``; a KeyError says that there is no such row."""
    return lines_of(row.split("/", 1)[0])[row]
