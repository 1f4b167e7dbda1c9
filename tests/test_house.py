"""The plan of the house: what a room may hold, that names say what they name, and its tests."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

import monazite
from tests.mirror import HELD_BY, TESTS, has_own_test, mirrored, module_names

PACKAGE = Path(monazite.__file__).parent
MOST_FILES = 20
"""Files that a reader can take in at a glance."""
LARGER = {"cli": "a file each command: one looks for the name that one types"}
"""Folders with more files, each with its reason."""
RIDDLES = {
    *("said", "sides", "strip", "books", "strand", "fold", "spots", "moves", "between", "util"),
    *("utils", "helpers", "misc", "data", "item", "process", "handle", "manager"),
}
"""Names that only the one who gave them understands."""
ENDINGS = ("s", "es", "d", "ed", "er", "ing")
"""Two names in a folder that differ by one of these are told apart by nobody."""


FORMER_NAMES = {
    *("said", "told", "seen", "felt", "thesis", "crumb", "crumbs", "plenty", "happening"),
    *("strand", "strands", "strip", "books", "spot", "spots", "util", "utils"),
}
"""Words that only we would understand, or that say nothing of what is named."""
RESULT_IS_MARKED = {"_seen"}
"""The view that a result was seen in: the one method whose name says just that."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def folders() -> list[Path]:
    return sorted({path.parent for path in modules()} - {PACKAGE})


def test_a_folder_answers_one_question_and_says_so_in_a_sentence() -> None:
    for folder in (PACKAGE, *folders()):
        told = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
        sentence = told.partition("\n\n")[0]
        assert re.fullmatch(r"[A-Z][^.?!]*[.?]", sentence), (folder, sentence)


def test_a_folder_holds_no_more_than_one_can_see() -> None:
    sizes = {
        folder.relative_to(PACKAGE).as_posix(): len([*folder.glob("*.py")]) - 1
        for folder in folders()
    }
    assert {name for name, size in sizes.items() if size > MOST_FILES} == {*LARGER}


def test_no_name_of_a_file_is_a_riddle() -> None:
    named = {path.stem for path in modules()} | {folder.name for folder in folders()}
    assert sorted(RIDDLES & named) == []


def test_no_name_is_the_twin_of_another() -> None:
    for folder in (PACKAGE, *folders()):
        names = {path.stem for path in folder.glob("*.py")} | {
            path.name for path in folder.iterdir() if path in folders()
        }
        twins = [(name, name + end) for name in names for end in ENDINGS if name + end in names]
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


def test_every_module_has_a_test() -> None:
    untested = [
        f"{module} has no test: write {mirrored(module).relative_to(TESTS.parent)}, or name in "
        "HELD_BY of tests/mirror.py the test that sees what it does"
        for module in module_names()
        if not has_own_test(module) and module not in HELD_BY
    ]
    assert not untested, "\n".join(untested)
    assert [file for file in HELD_BY.values() if not (TESTS / file).is_file()] == []
    assert [module for module in HELD_BY if has_own_test(module)] == [], "no longer needed"


def test_a_class_has_a_name_of_its_own() -> None:
    homes = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(path.relative_to(PACKAGE).as_posix())
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}
