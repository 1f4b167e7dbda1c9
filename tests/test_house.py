"""The plan of the house: what a room may hold, and that names say what they name."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import monazite

PACKAGE = Path(monazite.__file__).parent
MOST_FILES = 20
"""Files that a reader can take in at a glance."""
RIDDLES = {"said", "sides", "strip", "books", "strand", "fold", "spots", "moves", "between", "util"}


FORMER_NAMES = RIDDLES - {"sides", "fold", "moves", "between"} | {
    *(
        "strands",
        "plenty",
        "thesis",
        "crumb",
        "crumbs",
        "felt",
        "told",
        "spot",
        "seen",
        "happening",
    ),
}
"""Words that only we would understand, or that say nothing of what is named."""
RESULT_IS_MARKED = {"_seen"}
"""The view that a result was seen in: the one method whose name says just that."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_a_folder_answers_one_question_and_says_so_in_a_sentence() -> None:
    for init in PACKAGE.rglob("__init__.py"):
        first = (ast.get_docstring(ast.parse(init.read_text("utf-8"))) or "").partition("\n")[0]
        assert first.endswith((".", "?")), init
        assert first[0].isupper(), init


def test_a_folder_holds_no_more_than_one_can_see() -> None:
    for folder in {path.parent for path in modules()} - {PACKAGE}:
        names = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(names) <= MOST_FILES or folder.name == "cli", (folder, len(names))


def test_no_name_of_a_file_is_a_riddle_or_the_twin_of_another() -> None:
    for folder in {path.parent for path in modules()}:
        names = sorted(path.stem for path in folder.glob("*.py"))
        assert not RIDDLES & {*names}, folder
        twins = [
            (a, b) for a in names for b in names if a != b and b in {a + "s", a + "ed", a + "er"}
        ]
        assert twins == [], folder


def test_no_function_class_or_parameter_is_named_by_a_riddle() -> None:
    found = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names = [node.name]
                if isinstance(node, ast.FunctionDef):
                    names += [each.arg for each in (*node.args.args, *node.args.kwonlyargs)]
                for name in names:
                    if FORMER_NAMES & {*name.casefold().split("_")}:
                        found.add((path.name, name))
    assert {name for _, name in found} <= RESULT_IS_MARKED, found


def test_a_class_has_a_name_of_its_own() -> None:
    homes = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(path.relative_to(PACKAGE).as_posix())
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}
