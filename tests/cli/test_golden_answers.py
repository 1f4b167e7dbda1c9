"""What each command prints, whole: kept in ``tests/golden/answers``, a file for each command.

``MONAZITE_UPDATE_GOLDENS=1 MONAZITE_THOROUGH=1`` writes them anew: read the difference before it
is committed. What names the release is masked, so that new tables change what they say alone.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Ended, Run
from tests.cli.contract import commands
from tests.conftest import write_small_ontology
from tests.data.customs.records import made, write
from tests.data.importers.importing import EXAMPLES

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

ANSWERS = Path(__file__).parents[1] / "golden" / "answers"
BILLS = Path(__file__).parents[2] / "examples" / "bills"
UPDATE = os.environ.get("MONAZITE_UPDATE_GOLDENS") == "1"
QUESTIONS: dict[str, tuple[str, ...]] = {
    "alignments": ("Policy", "Dy", "Polcy"),
    "ask": ("who owns", "-g time", "ownrs"),
    "backtest": ("2010", "2025 --fit-until 2025-07-21", "2024"),
    "balance": ("-e Dy", "-e La --valid 2020-06-30", "-e Xx"),
    "brief": (
        "-e Dy -m LAO -f md -o -",
        "-e NdPr -m USA --event licence --tier 2 -f md -o -",
        "-e Dy -m USA",
    ),
    "centrality": ("-e Dy -m USA", "-e NdPr --kind policy --full", "--by degree"),
    "check": ("small", "own", "nowhere"),
    "chokepoints": ("-e Dy -m USA", "-e NdPr -m EUE --event licence --tier 2 --full", "-e Pm"),
    "claims": ("malaysia", "--speaker lutnick --tier 1", "zzz"),
    "concentration": ("-e Dy", "-e TREO --stage mine --series --tier 1 --full", "--stage use"),
    "conflicts": ("'Mountain Pass'", "China -k edition --tier 2", "Luxembourg"),
    "contribute": ("own", "nowhere", "faulty"),
    "cuts": (
        *("-e Dy -m USA", "-e Y -m JPN --full", "-e Dy -m LAO"),
        "-e Dy -m DEU --fix country/CHN",
    ),
    "diff": (
        "2014-12-31 2016-06-30 -e Dy",
        "2025-05-15 2026-01-15 -e Dy -m JPN --full",
        "2020-02-02 2020-02-02",
    ),
    "doubt": ("-e Sm -m USA", "--horizon soon", "-e Xx"),
    "explore": ("-e TREO -o -", "-o explorer.pdf", "-e Xx -o explorer.html"),
    "export": ("turtle howard-lutnick", "nquads bukit-merah --tier 1", "turtel"),
    "exposure": ("car.csv -m EUE", "unit.xlsx -m USA --losses --redact --full", "none.csv"),
    "figure": ("concentration -e Dy -o a.svg", "losses -e NdPr -m DEU -o a.svg", "los -o a.svg"),
    "graph": ("a.svg -e Dy -m USA --top 5", "-e Sm --around 'Lynas Malaysia' -o a.html", "-e Dy"),
    "import": ("wgi wgi-long.csv -o out", "baci BACI_HS22_Y2024_V202601.csv -o out", "nosuch"),
    "info": ("", "-e Dy --tier 1", "-e Xx"),
    "mcp": ("--tier 7", "--valid soon", "--data nowhere"),
    "new-table": ("persons", "capacity -o capacity.csv", "prises"),
    "parents": ("mountain-pass", "ngualla --valid 2025-12-31 --full", "mountain-pas"),
    "policies": ("-e Dy --to USA", "--rules -e Dy --by CHN --tier 2", "--to Atlantis --since soon"),
    "push": ("here", "https://a.example/sparql --tier 9", ""),
    "query": (
        "facility-life -p facility=mountain-pass",
        "policies-in-force --valid 2025-05-15 --tier 1",
        "policies-in-forse",
    ),
    "reference": ("ontology.html", "- --output other.html", "small"),
    "release": ("small/tables", "--issued soon", "-o small"),
    "replace": ("-e Dy -m DEU --by 2028", "-e NdPr -m USA --tier 2 --full", "-m CHN"),
    "reproduce": ("", "--tier 1 --full", "-f yaml"),
    "scenario": ("list", "run licence-2025-text -m USA -m JPN --months 6", "check halt.toml"),
    "serve": ("--host 192.0.2.1", "--valid soon", "--allow-origin foo"),
    "show": ("mountain-pass", "Dy --tier 1", "'montain pass'"),
    "timeline": ("'Mountain Pass'", "--policy mofcom-2025-61 --full", "bastnaesite"),
    "trade": (
        "aggregate records.csv --system hs2022",
        "aggregate records.csv -o sums",
        "agregate x",
    ),
    "validate": ("hindcast", "hindcast --tier 3 --full", "hindsight"),
    "verify": ("brief.html", "records.csv", "none.html"),
}
"""Of each command the usual question, another one, and one that is refused or finds nothing."""
COSTLY = {
    *(
        "backtest",
        "brief",
        "centrality",
        "contribute",
        "cuts",
        "doubt",
        "explore",
        "exposure",
        "info",
    ),
    *("release", "replace", "reproduce", "verify"),
}
"""Commands whose usual question takes long."""
OWN = "id,name,source\nann,Ann Example,"
HALT = (
    'title = "Halt"\ndescription = "Own."\nstart = "2027-01"\nmonths = 4\n[[shock]]\nkind = "x"\n'
)
MASKED = {
    r"release of \d+ \w+ \d{4}": "release of DAY",
    r"[\d,]+ of [\d,]+ facts": "N of N facts",
    r"[\d,]+ of them": "N of them",
    r"takes [\d,]+": "takes N",
    r"news read to [\d-]+": "news read to DAY",
    r"tables [0-9a-f]{12}": "tables HASH",
    r"Monazite \d+\.\d+\.\d+": "Monazite VERSION",
}
"""What names the release and the program in the line of the data used."""


def cases() -> Iterator[ParameterSet]:
    for command, lines in QUESTIONS.items():
        for place, line in enumerate(lines):
            usual = place == 0 and command not in COSTLY
            marks = () if usual else (pytest.mark.whole,)
            yield pytest.param(command, line, marks=marks, id=f"{command} {line}".strip())


def prepare(folder: Path) -> None:
    """What the questions read."""
    write_small_ontology(folder / "small")
    for name, source in (("own", "monazite-compilation"), ("faulty", "")):
        (folder / name).mkdir()
        (folder / name / "persons.csv").write_text(f"{OWN}{source}\n", encoding="utf-8")
    write(folder / "records.csv", made(12))
    (folder / "halt.toml").write_text(HALT, encoding="utf-8")
    for source, name in (("petrol-car.csv", "car.csv"), ("drive-unit.xlsx", "unit.xlsx")):
        (folder / name).write_bytes((BILLS / source).read_bytes())
    for file in EXAMPLES.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())


def masked(text: str, folder: Path) -> str:
    """The text, with the line of the data used in one line and without what names a release."""
    lines: list[str] = []
    in_view = False
    text = re.sub(r"[\d,]+ of ours", "N of ours", text.replace(str(folder), "FOLDER"))
    text = re.sub(r'"\{\\"all_rows.*\}"', '"VIEW"', text)
    for line in text.splitlines():
        if in_view and line.strip():
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
            in_view = line.startswith("Data: release of ")
        in_view = in_view and bool(line.strip())
    for place, line in enumerate(lines):
        if "Data: release of " in line:
            for pattern, name in MASKED.items():
                line = re.sub(pattern, name, line)
            lines[place] = line
    return "\n".join(lines)


def transcript(words: str, done: Ended, folder: Path) -> str:
    """A question with all that was answered."""
    told = [f"$ monazite {words}", masked(done.out, folder)]
    told += [f"! {line}".rstrip() for line in masked(done.err, folder).splitlines()]
    return "\n".join([*filter(None, told), f"[exit {done.code}]", "", ""])


def kept(file: Path) -> dict[str, str]:
    """The transcripts of a file, by their first line."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    parts = re.split(r"^(?=\$ monazite )", text, flags=re.MULTILINE)
    return {part.partition("\n")[0]: part for part in parts if part}


def test_every_command_is_asked() -> None:
    assert {*QUESTIONS} == {*commands()}
    assert {file.stem for file in ANSWERS.iterdir()} == {*QUESTIONS}


@pytest.mark.parametrize(("command", "line"), [*cases()])
def test_a_command_prints_what_it_printed(
    command: str, line: str, run: Run, tmp_path: Path
) -> None:
    words = f"{command} {line}".strip()
    prepare(tmp_path)
    with pytest.MonkeyPatch.context() as patch:  # as a fixture it would work everything out anew
        patch.chdir(tmp_path)
        patch.setenv("COLUMNS", "80")
        if command == "verify" and line == "brief.html":
            run("brief", "-e", "Dy", "-m", "LAO", "-o", "brief.html")
        done = run(*shlex.split(words))
    found = transcript(words, done, tmp_path)
    file = ANSWERS / f"{command}.txt"
    known = kept(file)
    if UPDATE:
        known[f"$ monazite {words}"] = found
        asked = [f"$ monazite {command} {each}".rstrip() for each in QUESTIONS[command]]
        file.write_text("".join(known[each] for each in asked if each in known), encoding="utf-8")
        return
    expected = known.get(f"$ monazite {words}", "")
    difference = unified_diff(
        expected.splitlines(), found.splitlines(), "kept", "printed", lineterm=""
    )
    assert found == expected, "\n".join(difference)
