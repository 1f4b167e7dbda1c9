"""The plan of the house: what a room may hold, that names say what they name, and its tests."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

import monazite
from tests.mirror import (
    HELD_BY,
    LAWS,
    TESTS,
    files_of_tests,
    has_own_test,
    is_law,
    is_tested,
    mirrored,
    module_names,
)

PACKAGE = Path(monazite.__file__).parent
MOST_FILES = 20
"""Files that a reader can take in at a glance."""
LARGER = {
    "cli": "a file each command: one looks for the name that one types",
    "triples": "the one room of the engine: all that is asked of it",
}
"""Folders with more files, each with its reason."""
RIDDLES = {
    *("said", "sides", "strip", "books", "strand", "fold", "spots", "moves", "between", "util"),
    *("utils", "helpers", "misc", "data", "item", "process", "handle", "manager"),
}
"""Names that only the one who gave them understands."""
ENDINGS = ("s", "es", "d", "ed", "er", "ing")
"""Two names in a folder that differ by one of these are told apart by nobody."""
SENTENCE = re.compile(r"[A-Z]\S*(?: \S+){2,}\.")
"""What a reason is: a few words at least, from a capital to a point."""


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
    rooms = folders()
    for folder in (PACKAGE, *rooms):
        names = {path.stem for path in folder.glob("*.py")} | {
            room.name for room in rooms if room.parent == folder
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
        "HELD_BY of tests/mirror.py the test that sees what it does, and why it is there"
        for module in module_names()
        if not is_tested(module)
    ]
    assert not untested, "\n".join(untested)
    assert [module for module in HELD_BY if has_own_test(module)] == [], "no longer needed"
    assert sorted({*HELD_BY} - {*module_names()}) == [], "there is no such module"
    assert [file for file, _ in HELD_BY.values() if not (TESTS / file).is_file()] == []
    assert [why for _, why in HELD_BY.values() if not SENTENCE.fullmatch(why)] == []


def test_every_test_stands_where_its_module_does() -> None:
    places = {mirrored(module).relative_to(TESTS).as_posix() for module in module_names()}
    astray = [
        f"tests/{file} holds no module of its name: move it to where its module stands, or say in "
        "LAWS of tests/mirror.py what it is about"
        for file in files_of_tests()
        if file not in places and not is_law(file)
    ]
    assert not astray, "\n".join(astray)
    assert sorted({*LAWS} & places) == [], "no longer needed"
    assert [file for file in LAWS if not (TESTS / file).exists()] == []
    assert [why for why in LAWS.values() if not SENTENCE.fullmatch(why)] == []


def test_a_class_has_a_name_of_its_own() -> None:
    homes = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes[node.name.lstrip("_")].append(path.relative_to(PACKAGE).as_posix())
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


FOREIGN = {
    "anyio": ("assistants/",),
    "cryptography": ("pages/brief/", "signatures.py"),
    "docx": ("pages/brief/",),
    "distributed": ("view/scenarios/sweeps.py",),
    "httpx": ("triples/remote/",),
    "duckdb": ("columnar/duckdb_engine.py",),
    "h11": ("serve/connections.py",),
    "highspy": ("findings/linear_programme.py",),
    "jinja2": ("pages/",),
    "joblib": ("view/scenarios/sweeps.py",),
    "matplotlib": ("pages/drawing/",),
    "mcp": ("assistants/server.py",),
    "narwhals": ("customs/yearly_sums.py",),
    "networkx": ("network/", "findings/", "pages/", "exchange/networks.py", "view/pictures.py"),
    "numpy": (
        *("findings/linear_programme.py", "findings/flow_model/contracts.py"),
        *("findings/scenarios/calendar_months.py", "findings/scenarios/effects.py"),
    ),
    "openpyxl": (
        "rows/xlsx/numbers.py",
        "rows/xlsx/parts.py",
        "exchange/workbook.py",
        "exchange/sheets.py",
    ),
    "oxrdflib": ("triples/rdflib_store.py",),
    "pandas": ("result.py",),
    "PIL": ("pages/drawing/", "pages/figures/from_svg.py"),
    "platformdirs": ("triples/cache.py",),
    "pptx": ("pages/brief/",),
    "py4j": ("columnar/spark_engine.py",),
    "prometheus_client": ("serve/health.py",),
    "pyoxigraph": ("triples/", "exchange/", "rows/columns.py"),
    "pyshacl": ("triples/validators.py",),
    "pyspark": ("columnar/spark_engine.py",),
    "pyvis": ("pages/graph/page.py",),
    "rdflib": ("triples/", "exchange/", "view/filtered_rows.py"),
    "resvg_py": ("pages/drawing/", "pages/figures/from_svg.py"),
    "shacl": ("triples/validators.py",),
    "starlette": ("serve/",),
    "typer": ("cli/",),
    "uvicorn": ("serve/server.py", "serve/connections.py"),
    "weasyprint": ("pages/brief/",),
}
"""Foreign libraries and their rooms."""


def imports_of(path: Path) -> set[str]:
    """What a file imports, by the first part of the name, inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_one_foreign_library_has_one_room() -> None:
    used = {
        (name, path.relative_to(PACKAGE).as_posix())
        for path in modules()
        for name in imports_of(path) - sys.stdlib_module_names - {"monazite"}
    }
    assert {name for name, _ in used} - {*FOREIGN, "markupsafe", "IPython"} == set()
    outside = [(name, file) for name, file in used if not file.startswith(FOREIGN.get(name, ("",)))]
    assert sorted(outside) == []
    unneeded = [
        (name, room)
        for name, rooms in FOREIGN.items()
        for room in rooms
        if not any(one == name and file.startswith(room) for one, file in used)
    ]
    assert unneeded == []


ASKED_BY_COMMANDS = {
    "ask": "lists questions of the shipped ontology: no view is opened for that",
    "brief": "the engines and the house style are looked for before any work",
    "claims": "a wrong word needs no store",
    "common": "whether the store has to be built or copied, for the bars",
    "chokepoints": "wrong numbers of draws need no store",
    "completion": "the Tab key opens no view: ids are kept beside the store",
    "conflicts": "a wrong word needs no store",
    "figure": "a wrong kind or size needs no store",
    "import_": "kinds of sources are listed, and no view is opened for that",
    "show": "how many records a table shows where nobody says",
    "query": "a wrong name or text of a question needs no store",
}
"""Commands that look below the view, each with its reason."""


def test_commands_parse_ask_the_view_and_write() -> None:
    below = ("findings", "pages", "exchange", "network", "quantities", "triples", "rows")
    looking = set()
    for path in (PACKAGE / "cli").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        typed = {
            id(each)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
            for each in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and id(node) not in typed:
                room = [*node.module.split("."), ""][1]
                if node.module.startswith("monazite.") and room in below:
                    looking.add(path.stem)
    assert looking == {*ASKED_BY_COMMANDS}
