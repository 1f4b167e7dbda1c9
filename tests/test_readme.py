"""README, the pages it leads to, and the examples: they run, count true, and lead somewhere.

In an output a line ``...`` stands for any lines, ``...`` inside a line for any text. With
``MONAZITE_UPDATE_README=1`` outputs that no longer fit, and numbers, are written anew.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import monazite
from monazite.core.package import ontology_folder
from monazite.data.parameters import TIERS
from monazite.store.queries import read_queries
from monazite.store.questions import questions_of
from tests.reference_pages import build
from tests.sharing import without_building
from tests.store.remote.servers import missing

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "examples"
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
VIEWS = (FOLDER / "views.md").read_text(encoding="utf-8")
PAGES = (README, *sorted(FOLDER.glob("*.md")))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDS = {"examples/virtuoso.md": "virtuoso-t"}
"""Programs that a page starts and that are no library."""
UPDATE = os.environ.get("MONAZITE_UPDATE_README") == "1"
BUILT_ELSEWHERE = ("bills", "briefings", "explorer")
"""What decides a change builds briefings; bills are verified below, an explorer is long."""
EXAMPLES = sorted(
    file.relative_to(FOLDER).as_posix()
    for file in FOLDER.rglob("*")
    if file.suffix in {".py", ".sh"} and file.parent.name not in BUILT_ELSEWHERE
)


# What it shows


def blocks(page: Path, language: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def places(language: str) -> list[tuple[str, int]]:
    """The blocks of all pages, by the page and the number on it."""
    return [
        (page.relative_to(ROOT).as_posix(), number)
        for page in PAGES
        for number in range(len(blocks(page, language)))
    ]


def steps(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output pasted below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert parts[0] == "", f"a console block starts with '$ ': {parts[0]!r}"
    return list(zip(parts[1::2], parts[2::2], strict=True))


def run_words(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path}
    done = subprocess.run(
        words, cwd=folder, env=environ, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done


def run_shell(command: str, folder: Path) -> str:
    return run_words(["bash", "-o", "pipefail", "-c", command], folder).stdout


def fits(pasted: str, printed: str) -> bool:
    """Tell whether an output is what was pasted, but for blanks at line ends and ``...``."""
    lines = [line.rstrip() for line in pasted.rstrip().splitlines()]
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line).replace(r"\.\.\.", ".*") + "\n"
        for line in lines
    )
    text = "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())
    return re.fullmatch(pattern, text) is not None


def check_block(page: Path, block: str, folder: Path) -> None:
    """Run the commands of a block; with UPDATE, put an output that does not fit in its place."""
    for command, pasted in steps(block):
        printed = run_shell(command, folder)
        if UPDATE and not fits(pasted, printed):
            text = page.read_text(encoding="utf-8")
            old, new = f"$ {command}\n{pasted}", f"$ {command}\n{printed.rstrip()}\n"
            assert text.count(old) == 1
            page.write_text(text.replace(old, new), encoding="utf-8")
            continue
        assert fits(pasted, printed), f"$ {command}\n{printed}"


def test_dots_stand_for_any_text() -> None:
    assert fits("a\n...\nd ...\n", "a \nb\nc\nd e f\n")
    assert not fits("a\n...\n", "b\nc\n")
    assert not fits("a\n", "a\nb\n")


@pytest.mark.parametrize(("page", "number"), places("console"))
@pytest.mark.whole
def test_console_block_prints_what_it_says(page: str, number: int, tmp_path: Path) -> None:
    if page in NEEDS and shutil.which(NEEDS[page]) is None:
        missing(f"No {NEEDS[page]} is on PATH, which {page} starts.")
    check_block(ROOT / page, blocks(ROOT / page, "console")[number], tmp_path)


@pytest.mark.whole
def test_the_walk_through_of_imports_prints_what_it_says(tmp_path: Path) -> None:
    """A country becomes a market, in the folder of its files and from block to block."""
    folder = shutil.copytree(FOLDER / "imports", tmp_path / "imports")
    page = FOLDER / "imports" / "README.md"
    for block in blocks(page, "console"):
        check_block(page, block, folder)


@pytest.mark.parametrize(("page", "number"), places("python"))
@pytest.mark.whole
def test_python_block_runs(page: str, number: int, tmp_path: Path) -> None:
    done = run_words([sys.executable, "-c", blocks(ROOT / page, "python")[number]], tmp_path)
    assert without_building(done.stderr) == ""


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.whole
def test_example_runs(name: str, tmp_path: Path) -> None:
    program = sys.executable if name.endswith(".py") else "sh"
    done = run_words([program, str(FOLDER / name)], tmp_path)
    assert "Traceback" not in done.stderr
    written = [file for file in tmp_path.iterdir() if file.stat().st_size]
    assert done.stdout or written
    for file in written:  # what is kept beside the examples is what they write
        kept = FOLDER / file.name
        assert not kept.exists() or kept.read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("page", "bill"),
    [
        *((f"bills/{Path(x).stem}.html", x) for x in ("petrol-car.csv", "generator.csv")),
        ("bills/drive-unit.html", "drive-unit.xlsx"),
    ],
)
@pytest.mark.whole
def test_a_page_that_is_kept_is_what_the_program_writes(page: str, bill: str | None) -> None:
    verdict = monazite.verify(FOLDER / page, bom=bill and FOLDER / "bills" / bill)
    assert verdict.same, verdict.sentences


# Where it leads


def links_of(page: Path) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))


def test_links_lead_somewhere_and_the_readme_to_every_page() -> None:
    for page in PAGES:
        local = [link.partition("#")[0] for link in links_of(page) if "://" not in link]
        astray = [link for link in local if link and not (page.parent / link).exists()]
        assert astray == [], page
    told = {link.partition("#")[0] for link in links_of(README)}
    assert {page.relative_to(ROOT).as_posix() for page in PAGES[1:]} <= told


def test_an_example_says_how_to_run_it() -> None:
    silent = [
        name for name in EXAMPLES if f" examples/{name}" not in (FOLDER / name).read_text("utf-8")
    ]
    assert (len(EXAMPLES) > 2, silent) == (True, [])


def test_the_two_commands_stand_where_the_checks_look_for_them() -> None:
    lines = TEXT.splitlines()
    assert len([line for line in lines if line.startswith("python3 -m venv .venv && ")]) == 1
    assert len([line for line in lines if line.endswith(" -m pytest -n auto")]) == 1


# What it counts

GROUPS = {
    "sources, with tier, date, address and terms": "sources",
    "facilities, their operations, events, places, capacity and materials": (
        "facilities operations facility_events coordinates capacity facility_materials"
    ),
    "organisations, ownership, supply links, capacity of firms": (
        "organisations ownership supply_links organisation_capacity"
    ),
    "policies, their events, scope and relations": (
        "policies policy_events policy_scope policy_links"
    ),
    "rules as conditions, their starts, documents and classes of products": (
        "rule_conditions rule_starts rule_documents product_classes"
    ),
    "production, reserves, quotas, demand": (
        "production production_totals reserves reserve_totals quotas demand country_demand "
        "area_demand"
    ),
    "trade between countries, its totals, and months": (
        "trade trade_totals baci baci_totals monthly"
    ),
    "prices, costs, stocks, criticality, governance, published losses": (
        "prices costs stocks criticality governance published_losses"
    ),
    "elements, minerals, materials, codes, assays, compositions, yields, uses": (
        "elements element_groups minerals mineral_contents materials codes deposits assays "
        "compositions yields end_uses use_intensities magnet_grades grade_names recipes"
    ),
    "countries and aggregates, with their boxes": "countries areas country_boxes",
    "statements of a newspaper article, what others say, which rows speak to them": (
        "statements statement_links persons responses"
    ),
    "assumptions: values nobody has read, with range and reason": "assumptions",
    "rules, gaps, recorded conflicts, merged and outside identifiers": (
        "series_ranks preferences reproductions stage_materials trade_routes data_gaps "
        "recorded_conflicts id_merges identifiers"
    ),
}
"""The lines of the table of what is in the graph, and the tables that each counts."""


def rows_of(table: str) -> list[dict[str, str]]:
    file = ontology_folder() / "tables" / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def counted() -> str:
    published = {row["id"]: row["published"] for row in rows_of("sources")}
    lines = ["| what | rows | oldest source | newest source |", "| --- | ---: | --- | --- |"]
    for what, tables in GROUPS.items():
        rows = [row for table in tables.split() for row in rows_of(table)]
        used = {s for row in rows for s in row.get("source", row.get("id", "")).split(";")}
        dates = sorted(filter(None, (published.get(source, "") for source in used)))
        lines.append(f"| {what} | {len(rows):,} | {dates[0][:4]} | {dates[-1][:4]} |")
    return "\n".join(lines)


def asked() -> str:
    return f"`ask` finds one of {len(questions_of(read_queries()))} questions"


def test_its_numbers_are_true() -> None:
    tables = sorted(file.stem for file in (ontology_folder() / "tables").glob("*.csv"))
    assert sorted(" ".join(GROUPS.values()).split()) == tables, "GROUPS names each table once"
    kept = README.read_text(encoding="utf-8")
    true = re.sub(r"^\| what \| rows .*?(?=\n\n)", counted(), kept, flags=re.DOTALL | re.MULTILINE)
    true = re.sub(r"`ask` finds one of \d+ questions", asked(), true)
    if UPDATE:
        README.write_text(true, encoding="utf-8")
        return
    stale = {*true.splitlines()} - {*kept.splitlines()}
    assert (counted() in true, asked() in true) == (True, True)
    assert not stale, "\n".join(["MONAZITE_UPDATE_README=1 writes", *sorted(stale)])


def rows_below(head: str, text: str = TEXT) -> dict[str, str]:
    found = re.search(rf"^\| {head} \|.*\n\| ---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found is not None, head
    cells = [line.strip("| ").split(" | ") for line in found[1].splitlines()]
    return {first: " | ".join(rest) for first, *rest in cells}


ASKED = {
    question: {word.split()[0] for word in re.findall(r"`([^`]+)`", commands)}
    for question, commands in rows_below("you ask").items()
}
"""The commands that answer each question of the table."""


def test_the_table_of_questions_names_the_commands_that_are_there() -> None:
    named, commands = set().union(*ASKED.values()), {*build.commands()}
    assert named <= commands, f'no such command, in the table "you ask": {named - commands}'
    parts = {question.partition("? ")[0].rstrip("?."): own for question, own in build.questions()}
    for question, answering in ASKED.items():
        verbs = {*parts.get(question.rstrip("?."), ())} & commands
        assert verbs <= answering, question


def test_filters_and_tiers_of_the_views_are_those_of_every_command() -> None:
    options = [each for each in build.view_options() if each.name != "no_cache"]
    told = rows_below("filter", VIEWS)
    assert [cell.strip("`") for cell in told] == [
        each.opts[0] if each.is_flag else f"{each.opts[0]} {build.metavar(each)}"
        for each in options
    ]
    scheme = (ontology_folder() / "schemes" / "source-tier.ttl").read_text(encoding="utf-8")
    labels = re.findall(r'skos:prefLabel "(\w+)"@en', scheme)
    assert re.findall(r"(\d) (\w+)", told["`--tier N`"]) == [
        (str(tier), label.casefold()) for tier, label in zip(TIERS, labels, strict=True)
    ]
