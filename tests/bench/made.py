"""Made-up networks, ontologies and chains of any size: for timing, and for nothing else."""

from __future__ import annotations

import csv
import random
import shutil
from itertools import pairwise
from pathlib import Path

from monazite.core.package import ontology_folder
from monazite.model.network.attributes import Network
from monazite.model.network.shares import REST
from tests.model.chains import chain

NETWORK_STAGES = ("mine", "separation", "metal", "magnet")


def layered(countries: int, sellers: int, *, seed: int = 0) -> Network:
    """Build a network in which every country is at every stage, and so is the rest of the world."""
    rng = random.Random(seed)
    names = [f"C{place}" for place in range(countries)]
    shares = {
        stage: {**dict.fromkeys(names, 0.9 / countries), REST: 0.1} for stage in NETWORK_STAGES
    }
    trade = {
        (f"{before}/{seller}", f"{after}/{buyer}"): 0.1 / countries
        for before, after in pairwise(NETWORK_STAGES)
        for buyer in names
        for seller in rng.sample(names, sellers)
        if seller != buyer
    }
    mix = dict.fromkeys(names[::3], 0.1 / countries)
    return chain(shares, trade, mix)


OF_THEM = ("facilities", "organisations")  # Tables of what is copied
ABOUT_THEM = (
    *("operations", "capacity", "coordinates", "facility_events", "facility_materials"),
    *("organisation_capacity", "ownership", "supply_links"),
)
"""Tables of rows that are copied with it."""
NAMED_IN = ("facility", "organisation", "operator", "owner", "owned", "supplier", "customer")
"""Columns that name what is copied."""


def multiply(folder: Path, times: int) -> Path:
    """Write an ontology in which every facility and firm is there a number of times."""
    shutil.copytree(ontology_folder(), folder)
    tables = folder / "tables"
    copied = {row["id"] for table in OF_THEM for row in _read(tables / f"{table}.csv")}
    for table in (*OF_THEM, *ABOUT_THEM):
        rows = _read(tables / f"{table}.csv")
        whole = [_copy(row, number, copied) for number in range(1, times + 1) for row in rows]
        with (tables / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*rows[0]])
            writer.writeheader()
            writer.writerows(whole)
    return folder


def _read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _copy(row: dict[str, str], number: int, copied: set[str]) -> dict[str, str]:
    """A row with the key and the names of its copy; the first copy is the row."""
    if number == 1:
        return row
    key = next(iter(row))
    others = {
        column: f"{name}-copy-{number}"
        for column, name in row.items()
        if column in NAMED_IN and name in copied
    }
    named = {"name": f"{row['name']} {number}", "names": ""} if "name" in row else {}
    return {**row, key: f"{row[key]}-copy-{number}", **others, **named}
