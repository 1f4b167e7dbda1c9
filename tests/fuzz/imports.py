"""Files of open sources: rows that are tables, or faults in sentences, and nothing between."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from hypothesis import strategies as st

from monazite.errors import MonaziteError
from monazite.imports.imported import import_file
from monazite.rows.cells import read_cell, split_cell
from monazite.rows.columns import read_schema
from monazite.rows.foreign_files import kind_of_file
from monazite.rows.own_files import find_own_files
from monazite.shipped import ontology_folder
from tests.fuzz.edits import edited, encoded
from tests.fuzz.target import Target, require
from tests.imports.importing import EXAMPLES

PIECES = (
    *("-1", "NA", "W", "e", "1e9", "9" * 40, "490", "W00", "H5", "202452", "8505SSS1", "=1+1"),
    *(",", ";", "\t", '"', "\n", "\r", "\0", "[", "]", "{", "}", ":", "null", "—", "100 kg"),
    *("850511", "28469000", "CHN", "WORLD", "Q1", "Point(1 2)", "2024", "\ufeff", "\u202e"),
)
SEEDS = {
    "comtrade": "comtrade.csv",
    "comext": "comext.dat",
    "ftm": "entities.ftm.json",
    "japan-customs": "japan-customs.csv",
    "us-census": "us-census.json",
    "usgs-mcs": "mcs2023-raree_world.csv",
    "usitc": "usitc.csv",
    "wgi": "wgi-wide.csv",
    "wikidata": "wikidata.json",
    "world-mining-data": "world-mining-data.csv",
}
"""Kinds with an example without a fault."""


def imports(folder: Path) -> Target:
    """A file of a kind that was changed, in any encoding."""
    texts = {kind: (EXAMPLES / name).read_text(encoding="utf-8") for kind, name in SEEDS.items()}
    inputs = st.one_of(
        *(st.tuples(st.just(kind), encoded(edited([text], PIECES))) for kind, text in texts.items())
    )

    def check(given: tuple[str, bytes]) -> None:
        kind, content = given
        file, own = folder / Path(SEEDS[kind]).name, folder / "own"
        file.write_bytes(content)
        shutil.rmtree(own, ignore_errors=True)
        kind_of_file(file)
        try:
            import_file(kind, file, own, edition="hs2022", again=True)
        except MonaziteError as error:
            require(str(error).strip() != "", "an error says what is wrong")
            require(not own.exists(), "nothing is written where anything is wrong")
        else:
            check_cells(own)

    kinds = [*texts]
    return Target(
        inputs,
        check,
        raw=lambda data: (kinds[data[0] % len(kinds)] if data else "wgi", data[1:]),
        seeds=tuple(bytes([at]) + text.encode() for at, text in enumerate(texts.values())),
        words=PIECES,
    )


def check_cells(own: Path) -> None:
    """Each cell that was written is one that tables may have."""
    tables = read_schema(ontology_folder()).tables
    files = find_own_files(own).tables
    require(len(files) > 1, "rows stand with their source")
    for file in files:
        shape = tables[file.stem]
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for column in shape.columns:
                    parts = split_cell(row[column.name], column)
                    require(parts or not column.required, f"{file.stem}: {column.name} is blank")
                    for part in parts:
                        read_cell(part, column)
