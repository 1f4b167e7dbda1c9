"""``tests/`` mirrors the rooms: ``graph/monazite/a/b.py`` is tested in ``tests/a/test_b.py``.

That is asked of each public module, one that another room or the reader imports from. What only
its own room uses is an inside of that room, and tested through it.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

import monazite

PACKAGE = Path(monazite.__file__).parent
TESTS = Path(__file__).parent
HELD_ELSEWHERE: dict[str, str] = {
    "exchange/enclosed.py": "tests/pages/brief/test_seal.py: the rows that a sealed page encloses",
    "findings/balance/year_rows.py": "tests/findings/balance/test_balance.py: one year in and out",
    "findings/brief/document.py": "tests/findings/brief/test_brief.py: the plain parts of a brief",
    "findings/brief/footnotes.py": "tests/findings/brief/test_brief.py: a brief numbers its notes",
    "findings/brief/gathered.py": "tests/findings/brief/test_brief.py: what a brief gathers",
    "findings/brief/parts.py": "tests/findings/brief/test_brief.py: its parts in their order",
    "findings/chain/site_capacity.py": "tests/findings/events/test_under_construction.py: by hand",
    "findings/changes/comparison.py": "tests/findings/changes/test_changes.py: two days compared",
    "findings/claims/verdicts.py": "tests/findings/claims/test_claims.py: a verdict on each claim",
    "findings/conflicts/kinds.py": "tests/findings/conflicts/test_conflicts.py: one of each kind",
    "findings/doubt/result.py": "tests/findings/doubt/test_tables.py: a result and its tables",
    "findings/events/horizons.py": "tests/findings/events/test_under_construction.py: by hand",
    "findings/indices/supply_risks.py": "tests/findings/indices/test_by_stage.py: risks by stage",
    "findings/losses/model.py": "tests/findings/losses/test_measure.py: what a measure rests on",
    "findings/losses/tables.py": "tests/findings/losses/test_chokepoints.py: of a report",
    "findings/ownership/site_owners.py": "tests/findings/events/test_failure_points.py: who fails",
    "findings/plants/mapped_sites.py": "tests/pages/figures/test_figure.py: the plants of the map",
    "findings/shares/editions.py": "tests/findings/reproductions/test_reproductions.py: as printed",
    "findings/timeline/dated_events.py": "tests/findings/timeline/test_timeline.py: its events",
    "network/facts.py": "tests/network/test_build.py: a network is built of its facts",
    "network/preferences.py": "tests/network/test_shares.py: which series speaks for a stage",
    "pages/brief/briefing.py": "tests/cli/test_brief.py: the files of a brief are the command's",
    "pages/brief/verification.py": "tests/pages/brief/test_seal.py: a page that was touched",
    "pages/drawing/plotting.py": "tests/pages/figures/test_figure.py: every figure is plotted",
    "pages/figures/bars.py": "tests/pages/figures/test_figure.py: all kinds of figures",
    "pages/figures/from_svg.py": "tests/pages/figures/test_figure.py: all kinds of figures",
    "pages/figures/hhi.py": "tests/pages/figures/test_figure.py: all kinds of figures",
    "pages/figures/losses.py": "tests/pages/figures/test_figure.py: all kinds of figures",
    "pages/figures/worldmap.py": "tests/pages/figures/test_figure.py: all kinds of figures",
    "pages/sankey/balance_picture.py": "tests/findings/balance/test_tables.py: as the tables say",
    "rows/columns.py": "tests/rows/test_reader.py: tables are read by their columns",
    "triples/entity_card.py": "tests/cli/test_show.py: a card is what show prints",
    "triples/guard.py": "tests/cli/test_query.py: a reader's query meets its limits",
    "view/history.py": "tests/cli/test_timeline.py: verbs are held against their commands",
    "view/pictures.py": "tests/cli/test_graph.py: verbs are held against their commands",
    "view/verification.py": "tests/cli/test_verify.py: verbs are held against their commands",
}
"""Public modules without a file of their own: which file tests them, and why there."""
OF_NO_MODULE: dict[str, str] = {
    "bench/": "timings, as ratios",
    "browser/": "pages in a Chromium: what a reader sees and does",
    "cli/test_contract.py": "the JSON of every report, against its schema",
    "cli/test_errors.py": "what every command does with what cannot be",
    "cli/test_help.py": "the help of every command",
    "cli/test_views.py": "the options of a view, which every command has",
    "pages/brief/test_documents.py": "a brief as PDF, DOCX, PPTX and Markdown: one list of tests",
    "pages/test_any_text.py": "hostile text in every page",
    "pages/test_imports.py": "what pages may import",
    "rows/test_own_tables.py": "tables of the reader's own, as CSV and as workbook",
    "test_contributing.py": "CONTRIBUTING",
    "test_door.py": "that each finding has its verb, its command, its test",
    "test_examples.py": "the scripts in examples/",
    "test_house.py": "the plan of the house",
    "test_method.py": "METHOD.md",
    "test_mirror.py": "this",
    "test_notebooks.py": "results in a notebook",
    "test_ontology.py": "the ontology itself",
    "test_packaging.py": "the wheel",
    "test_public_api.py": "the promised names and signatures",
    "test_public_names.py": "what the package exports",
    "test_readme.py": "the blocks of the README",
    "test_readme_counts.py": "the counts of the README",
    "test_readme_tables.py": "the tables of the README",
    "test_reference_pages.py": "examples/reference/",
    "test_seams.py": "typed seams between the rooms",
    "test_view.py": "the view as a whole",
    "triples/test_policies_on_dates.py": "one question on many days, by hand",
    "triples/test_views.py": "the store of a view",
}
"""Folders and files of tests that are about no one module: what they are about."""


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@cache
def modules() -> tuple[str, ...]:
    found = (path for path in PACKAGE.rglob("*.py") if not path.name.startswith("__"))
    return tuple(sorted(map(named, found)))


@cache
def users() -> dict[str, frozenset[str]]:
    """By module, the modules that import from it."""
    found: dict[str, set[str]] = {name: set() for name in modules()}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{each.name}" for each in node.names)):
                    imported = name.removeprefix("monazite.").replace(".", "/") + ".py"
                    found.get(imported, set()).add(named(path))
    return {name: frozenset(each) for name, each in found.items()}


def is_public(name: str) -> bool:
    """Tell whether another room, or the command line, imports from a module."""
    return any(Path(user).parent != Path(name).parent for user in users()[name])


def mirror_of(name: str) -> Path:
    path = Path(name)
    return TESTS / path.parent / f"test_{path.name}"


@pytest.mark.parametrize("name", [name for name in modules() if is_public(name)])
def test_a_public_module_has_its_test_file(name: str) -> None:
    mirror = mirror_of(name).relative_to(TESTS)
    has_file, is_listed = mirror_of(name).is_file(), name in HELD_ELSEWHERE
    assert has_file or is_listed, (
        f"graph/monazite/{name} is used by {min(users()[name])} and has no tests/{mirror}: write "
        f'it, or add "{name}": "tests/...: why there" to HELD_ELSEWHERE in tests/test_mirror.py'
    )
    assert not (has_file and is_listed), f"tests/{mirror} is there: take {name} off the list"


@pytest.mark.parametrize("name", HELD_ELSEWHERE)
def test_what_is_held_elsewhere_is_held_there(name: str) -> None:
    assert name in modules(), f"graph/monazite/{name} is gone: take it off HELD_ELSEWHERE"
    file, _, reason = HELD_ELSEWHERE[name].partition(": ")
    assert reason
    assert (TESTS.parent / file).is_file(), f"{file}, which should test {name}, is gone"


def test_what_is_held_elsewhere_stays_the_exception() -> None:
    assert len(HELD_ELSEWHERE) < 40


def test_a_test_file_has_its_module() -> None:
    strays = []
    for path in sorted(TESTS.rglob("test_*.py")):
        name = path.relative_to(TESTS).as_posix()
        module = path.relative_to(TESTS).parent / path.name.removeprefix("test_")
        is_listed = name in OF_NO_MODULE or f"{name.split('/')[0]}/" in OF_NO_MODULE
        if not is_listed and not (PACKAGE / module).is_file():
            strays.append(name)
    assert strays == [], (
        f"tests/{strays[0]} mirrors no module: call it as its module is called, or add "
        f'"{strays[0]}": "what it is about" to OF_NO_MODULE in tests/test_mirror.py'
    )
    assert [name for name in OF_NO_MODULE if not (TESTS / name).exists()] == []
