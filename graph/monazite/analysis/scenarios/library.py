"""Where scenarios lie: those that are shipped, and files of a reader's own, as bounded text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO, ClassVar

from monazite.analysis.scenarios import keys
from monazite.analysis.scenarios.scenario_file import Scenario, read_scenario
from monazite.core.columns import Column, table
from monazite.core.errors import (
    Fault,
    FaultyTablesError,
    UnknownNameError,
    UnreadableError,
    did_you_mean,
)
from monazite.core.files import read_bounded
from monazite.core.formats import grouped
from monazite.core.results import Result, Value
from monazite.core.tables import Table
from monazite.data.parameters import check_text

ENDING = ".toml"
OPEN = "stdin"  # what is open already, as faults name it


@dataclass(frozen=True)
class ScenarioText(Value):
    """The text of a scenario file."""

    file: str
    text: str


@dataclass(frozen=True)
class ShippedScenario(Value):
    """A scenario that is shipped.

    Attributes:
        name: by which it is run.
        title: what happens.
        start: the first month.
        months: how many.
        kinds: of its shocks.
        description: plain sentences.
        source_ids: ids of the table of sources.
    """

    name: str
    title: str
    start: str
    months: int
    kinds: tuple[str, ...]
    description: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class ScenarioList(Result):
    """The scenarios that are shipped.

    Attributes:
        scenarios: by name.
    """

    records_key: ClassVar[str] = "scenarios"

    scenarios: tuple[ShippedScenario, ...]

    def tables(self) -> list[Table]:
        """Return a line for each scenario."""
        return [table("Scenarios", self.scenarios, _SHIPPED)]

    def headline(self) -> str:
        """Return how many there are."""
        return f"{len(self.scenarios)} scenarios"


_SHIPPED = (
    Column("name", "name"),
    Column("what happens", "title"),
    Column("from", "start"),
    Column("months", "months", right=True),
    Column("shocks", "kinds", ", ".join, spare=1),
)


def _where(fault: Fault) -> str:
    name = PurePath(fault.file).name
    return f"{name}:{fault.line}" if fault.line else name


_FAULTS = (Column("where", _where), Column("what", "what"), Column("what to do", "fix"))


@dataclass(frozen=True)
class ScenarioCheck(Result):
    """What is wrong with a scenario file.

    Attributes:
        file: as the reader named it.
        faults: all of them, by line.
    """

    records_key: ClassVar[str] = "faults"

    file: str
    faults: tuple[Fault, ...]

    def tables(self) -> list[Table]:
        """Return the faults, a line each, without the folder of the file; no table for none."""
        return [table("Faults", self.faults, _FAULTS)] if self.faults else []

    def headline(self) -> str:
        """Return how many faults there are."""
        count = len(self.faults)
        return f"{self.file}: {count or 'no'} {'fault' if count == 1 else 'faults'} found"


def shipped_names(ontology: Path) -> tuple[str, ...]:
    """Return the names of the scenarios that are shipped."""
    return tuple(sorted(x.stem for x in (ontology / "scenarios").glob(f"*{ENDING}")))


def read_text(place: str | Path | BinaryIO, ontology: Path) -> ScenarioText:
    """Read the text of a scenario: a shipped one by its name, else a file."""
    too_big = f"has more than {grouped(keys.MOST_BYTES)} bytes: it is no scenario."
    if isinstance(place, str) or not (isinstance(place, Path) or hasattr(place, "read")):
        check_text(place, "scenario")
    if not isinstance(place, str | Path):
        content = place.read(keys.MOST_BYTES + 1)
        if len(content) > keys.MOST_BYTES:
            raise UnreadableError(f"What stands on {OPEN} {too_big}")
        return _decoded(content, OPEN)
    names = shipped_names(ontology)
    if str(place) in names:
        file, said = ontology / "scenarios" / f"{place}{ENDING}", f"{place}{ENDING}"
    elif str(place).endswith(ENDING):
        file, said = Path(place), str(place)
    else:
        fix = did_you_mean(str(place), names) or "monazite scenario list shows all."
        raise UnknownNameError(f'There is no scenario "{place}"; {fix} A file ends with {ENDING}.')
    return _decoded(read_bounded(file, keys.MOST_BYTES, too_big), said)


def _decoded(content: bytes, name: str) -> ScenarioText:
    try:
        return ScenarioText(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        fault = Fault(name, line, "this is no UTF-8", "save it as UTF-8")
        raise FaultyTablesError([fault]) from None


def read_shipped(ontology: Path) -> tuple[Scenario, ...]:
    """Read all scenarios that are shipped."""
    texts = [read_text(name, ontology) for name in shipped_names(ontology)]
    return tuple(read_scenario(each.text, each.file) for each in texts)


def list_scenarios(ontology: Path) -> ScenarioList:
    """Return the scenarios that are shipped."""
    found = []
    for x in read_shipped(ontology):
        kinds = tuple(dict.fromkeys(shock.kind for shock in x.shocks))
        start = f"{x.start:%Y-%m}"
        found.append(
            ShippedScenario(x.id, x.title, start, x.months, kinds, x.description, x.sources)
        )
    return ScenarioList(tuple(found))
