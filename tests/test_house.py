"""The plan of the house, where no tool checks it: sizes, names, circles, and the map of its rooms.

``python tests/test_house.py`` prints the lines of today as ``.ci/budgets`` holds them;
``MONAZITE_UPDATE_MAP=1`` writes the map of CONTRIBUTING.md anew.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx

from monazite.core.formats import NOT_KNOWN
from monazite.core.spoken_commands import TOOLS, for_assistant, for_page

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "graph" / "monazite"
BUDGETS = ROOT / ".ci" / "budgets"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
LOOSE = {"__init__.py", "__init__.pyi", "__main__.py", "py.typed", "schemas", "__pycache__"}
"""What may lie beside the rooms; the schemas come in with the wheel."""
LEAST_LINES = 40
MOST_ROOMS = 13


def rooms() -> list[Path]:
    return sorted(file.parent for file in PACKAGE.glob("*/__init__.py"))


@cache
def modules() -> dict[Path, ast.Module]:
    return {file: ast.parse(file.read_text("utf-8")) for file in sorted(PACKAGE.rglob("*.py"))}


def name_of(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def lines_in(folder: Path) -> int:
    return sum(len(file.read_bytes().splitlines()) for file in folder.rglob("*.py"))


def lines_of_today() -> dict[str, int]:
    return {room.name: lines_in(room) for room in rooms()} | {"tests": lines_in(ROOT / "tests")}


def test_no_room_outgrows_its_budget() -> None:
    told = [line.split() for line in BUDGETS.read_text("utf-8").splitlines() if line.strip()]
    budgets = {room: int(lines) for room, lines in told}
    today = lines_of_today()
    assert budgets.keys() == today.keys(), "python tests/test_house.py prints a line for each room"
    over = [
        f"{room} has {lines:,} lines, {budgets[room]:,} are allowed: make it shorter, or raise its "
        "line of .ci/budgets in the same change and say in the commit what the lines are for"
        for room, lines in today.items()
        if lines > budgets[room]
    ]
    assert not over, "\n".join(over)


def test_a_class_has_a_name_of_its_own_in_its_room() -> None:
    homes = defaultdict(list)
    for file, tree in modules().items():
        room = file.relative_to(PACKAGE).parts[0]
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[room, node.name.lstrip("_")].append(file.relative_to(PACKAGE).as_posix())
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_a_file_is_worth_opening() -> None:
    short = [
        f"{file.relative_to(PACKAGE)} has less than {LEAST_LINES} lines: put them into another file"
        for file in modules()
        if file.name not in {"__init__.py", "__main__.py"} and file.parent.name != "questions"
        if len(file.read_bytes().splitlines()) < LEAST_LINES
    ]
    assert not short, "\n".join(short)


def test_nothing_lies_loose_beside_the_rooms() -> None:
    known = {room.name for room in rooms()} | LOOSE
    assert {each.name for each in PACKAGE.iterdir()} - known == set()


def imported_by(file: Path, tree: ast.Module, known: set[str]) -> Iterator[str]:
    """The modules of the package that a file imports: for annotations and in functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named = {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = (f"{node.module}.{each.name}" for each in node.names)
            named = {name if name in known else node.module for name in inner}
        else:
            continue
        yield from named & known - {name_of(file)}


def test_files_import_each_other_in_no_circle() -> None:
    names = {name_of(file) for file in modules()}
    graph: nx.DiGraph[str] = nx.DiGraph()
    for file, tree in modules().items():
        if file.parent != PACKAGE:  # the package root loads its names by name
            others = imported_by(file, tree, names - {"monazite"})
            graph.add_edges_from((name_of(file), other) for other in others)
    parts = nx.strongly_connected_components(graph)
    circles = sorted(" ".join(sorted(each)) for each in parts if len(each) > 1)
    assert not circles, "\n".join(["take out of one file what another needs:", *circles])


def test_importing_the_package_loads_little() -> None:
    code = "import sys, monazite; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name for name in done.stdout.split() if name.partition(".")[0] == "monazite"}
    rooms = {"core", "core.errors", "core.formats", "core.package"}
    assert loaded == {"monazite", *(f"monazite.{name}" for name in rooms)}
    slow = {"networkx", "pyvis", "pyoxigraph", "rdflib", "typer", "pyshacl", "matplotlib"}
    assert slow.isdisjoint(done.stdout.split())


def map_of_today() -> str:
    """The rooms as a table, each with the first line of its docstring."""
    lines = ["| room | what it is for |", "| --- | --- |"]
    for room in rooms():
        told = ast.get_docstring(modules()[room / "__init__.py"]) or ""
        assert re.match(r"[A-Z].+[.?]$", told.partition("\n")[0]), f"{room.name} says no sentence"
        lines.append(f"| `{room.name}/` | {told.partition(chr(10))[0]} |")
    return "\n".join(lines)


def test_the_map_is_that_of_the_house() -> None:
    text = CONTRIBUTING.read_text("utf-8")
    found = re.search(r"^\| room \| what it is for \|\n(?:\|.*\n)+", text, re.MULTILINE)
    assert found is not None
    if os.environ.get("MONAZITE_UPDATE_MAP") == "1":
        CONTRIBUTING.write_text(text.replace(found[0], map_of_today() + "\n"), "utf-8")
        return
    assert found[0].rstrip() == map_of_today(), "MONAZITE_UPDATE_MAP=1 pytest tests/test_house.py"
    assert len(rooms()) <= MOST_ROOMS


def test_every_file_that_is_named_to_contributors_is_there() -> None:
    text = CONTRIBUTING.read_text("utf-8")
    named = set(re.findall(r"`((?:graph|tests|ontology|examples)/[\w/.-]+)`", text))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


# What modules do not do


def nodes(*names: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of the modules of some rooms, or of all, with the place where it stands."""
    for file, tree in modules().items():
        place = file.relative_to(PACKAGE)
        if not names or place.parts[0] in names:
            for node in ast.walk(tree):
                yield f"{place}:{getattr(node, 'lineno', 0)}", node


SPARQL = re.compile(
    r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b[^.]*\{|\bPREFIX\s+\w*:\s*<|(?i:\bselect\b[^.]*\?\w)"
)
"""A query, or the beginning of one."""


def test_questions_are_asked_by_name() -> None:
    texts = (
        (place, re.sub(r"(?m)^ *Example: .*", "", node.value))
        for place, node in nodes("analysis", "model", "bom", "report", "cli")
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    assert [place for place, text in texts if SPARQL.search(text)] == []


def writes(call: ast.Call) -> bool:
    """Whether a call writes a file: by its name, or by the mode in which it opens one."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    modes = [each.value for each in call.args if isinstance(each, ast.Constant)]
    opens = any(isinstance(mode, str) and re.fullmatch("[wax][bt+]*", mode) for mode in modes)
    return name in WRITERS or (name in {"open", "fdopen"} and opens)


WRITERS = {"write_text", "write_bytes", "touch", "copyfile", "copytree", "move", "mkstemp"}


def test_what_a_reader_names_is_written_whole() -> None:
    by_hand = [
        place
        for place, node in nodes("cli", "model", "analysis", "bom", "report")
        if isinstance(node, ast.Call) and writes(node)
    ]
    assert by_hand == [], "ask monazite.core.files.write_whole"


def test_all_errors_of_the_package_are_defined_in_one_file() -> None:
    defined = {
        place.partition(":")[0].rpartition("/")[2]
        for place, node in nodes()
        if isinstance(node, ast.ClassDef)
        if any(getattr(x, "id", "").endswith(("Error", "Exception")) for x in node.bases)
    }
    assert defined == {"errors.py"}


def per_cent_by_hand(text: ast.JoinedStr) -> bool:
    """A part of 1 that is written as per cent: ``{part:.0%}`` or ``{100 * part:.0f} %``."""
    written = ast.unparse(text)
    return bool(re.search(r":[^{}]*%\}|\b100 \*[^{}]*\} ?%|\* 100\b[^{}]*\} ?%", written))


def test_parts_become_per_cent_and_nothing_is_not_known_in_one_place() -> None:
    for code in ("f'{x:.0%}'", "f'{x:+.1%} of'", "f'{round(100 * x)} %'"):
        (body,) = ast.parse(code).body
        assert isinstance(body, ast.Expr)
        assert isinstance(body.value, ast.JoinedStr)
        assert per_cent_by_hand(body.value), code
    again = [
        place
        for place, node in nodes()
        if (isinstance(node, ast.JoinedStr) and per_cent_by_hand(node))
        or (isinstance(node, ast.Constant) and node.value == NOT_KNOWN)
        if "core/formats.py" not in place
    ]
    assert again == []


NUMBER = re.compile(
    r"(?!0)(?:[+]|\{\})?\d*[,_]?(\.(\d+|\{\}))?[bdeEfFgGn%]?"
)  # 02 is of a date or a key
COORDINATES = {"g", ".0f", ".1f", ".2f"}  # of a drawing


def number_format(node: ast.AST) -> str:
    """The format of a number that a node writes, or nothing."""
    match node:
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=parts)):
            found = "".join(
                str(getattr(x, "value", "")) if isinstance(x, ast.Constant) else "{}" for x in parts
            )
        case ast.Call(func=ast.Name(id="format"), args=[_, ast.Constant(value=str(found))]):
            pass
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(found))):
            found = "d"
        case _:
            return ""
    return found if NUMBER.fullmatch(found) else ""


def test_numbers_are_formatted_in_one_place() -> None:
    codes = (
        *("f'{x:,}'", "f'{x:.{digits}g}'", "f'{x:{sign},.{digits}f}'"),
        *("format(x, '.2f')", "'%s' % x"),
    )
    assert all(any(map(number_format, ast.walk(ast.parse(code)))) for code in codes)
    found = {
        place: form
        for place, node in nodes()
        if (form := number_format(node)) and "core/formats.py" not in place
        if not (place.startswith("report/") and form in COORDINATES)
    }
    assert found == {}, "take a format of monazite.core.formats"


def test_no_sentence_of_the_package_keeps_a_command_that_has_a_tool() -> None:
    told = [
        node.value
        for place, node in nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if not place.startswith("cli/")
    ]
    whole = [text for text in told if "\n\n" not in text and "var(" not in text]
    # A part of a sentence may begin within quotes of the whole one.
    sentences = [
        text.replace('"', "") if text.startswith('" ') or text.count('"') % 2 else text
        for text in whole
    ]
    left = re.compile(
        rf"(?<!command )\bmonazite ({'|'.join(sorted(TOOLS))})\b(?![a-z-])|[ (]--[a-z]+\b(?!:)"
    )
    for said in (for_assistant, for_page):
        assert [text for text in map(said, sentences) if left.search(text)] == []


if __name__ == "__main__":
    print(*(f"{room} {lines}" for room, lines in lines_of_today().items()), sep="\n")
