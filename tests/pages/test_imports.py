"""Pages show what was found: they name results and how they are told, and find nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import monazite

PAGES = Path(monazite.__file__).parent / "pages"
TELLING = ("wording", "footnotes", "tables", "headline", "told_names", "released.lines")
"""Modules of the findings that put results in words: texts in, texts out."""
READERS = {"Store", "Facts"}
"""What rows are read from."""


def imports() -> Iterator[tuple[Path, str, str]]:
    for path in PAGES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                yield from ((path, node.module, each.name) for each in node.names)
            elif isinstance(node, ast.Import):
                yield from ((path, each.name, "") for each in node.names)


def test_pages_name_results_and_run_no_findings() -> None:
    called = [
        (path.name, module, name)
        for path, module, name in imports()
        if module.startswith("monazite.findings") and not module.endswith(TELLING)
        if not name[:1].isupper()  # neither a type nor a constant
    ]
    assert called == []


def test_pages_read_no_rows() -> None:
    read = [
        (path.name, module, name)
        for path, module, name in imports()
        if name in READERS
        or (module.startswith(("monazite.triples", "monazite.network")) and name.startswith("read"))
        or module.startswith(("monazite.triples.opening", "monazite.triples.queries"))
    ]
    assert read == []
