"""Scenario files: read, meant and run, or refused in sentences with their lines."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from monazite.errors import FaultyTablesError
from monazite.findings.scenarios import keys
from monazite.findings.scenarios.model import ScenarioModel
from monazite.findings.scenarios.scenario_file import read_scenario
from monazite.shipped import ontology_folder
from tests.conftest import view_in_memory
from tests.fuzz.edits import HOSTILE_TEXT, edited
from tests.fuzz.target import Target, require

WORDS = tuple(
    sorted({key.name for kind in keys.KINDS for key in keys.shock_keys(kind)} | {*keys.KINDS})
)
PIECES = (
    *WORDS,
    "[[shock]]",
    "[view]",
    " = ",
    "1e999",
    "nan",
    "true",
    "1979-05-27",
    '"""',
    "\\u0000",
)


def scenarios(_: Path) -> Target:
    """Any text as a scenario file: what is read can be meant, and shortly run."""
    folder = ontology_folder() / "scenarios"
    texts = [file.read_text("utf-8") for file in sorted(folder.glob("*.toml"))]
    view = view_in_memory()
    model = ScenarioModel(view.network("MREE"), view.facts("MREE"))
    lines: list[None] = []

    def check(text: str) -> None:
        try:
            found = read_scenario(text, "a.toml")
            meant = model.means(found, "a.toml")
        except FaultyTablesError as refused:
            require(refused.faults, "a refusal without a fault")
            for fault in refused.faults:
                require(0 <= fault.line <= text.count("\n") + 2, f"line {fault.line}")
                require("\n" not in str(fault), "a fault of two lines")
            return
        require(found.months <= keys.MOST_MONTHS, "months")
        if found.element == "MREE" and not lines:
            lines.append(None)  # one run is enough to see that what is meant can be run
            model.point.run(found, meant, steps=4)

    return Target(
        st.one_of(edited(texts, PIECES), HOSTILE_TEXT),
        check,
        raw=lambda data: data.decode("utf-8", "replace"),
        seeds=tuple(text.encode() for text in texts[:4]),
        words=WORDS,
    )
