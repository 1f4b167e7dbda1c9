"""Pages show what was found: they name results and their words, and find nothing themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import monazite

PAGES = Path(monazite.__file__).parent / "pages"
WORDS = {"monazite.findings.wording", "monazite.findings.brief.footnotes"}
"""How a name or a number is written: of texts and numbers alone."""
SOURCES = ("monazite.triples", "monazite.network.facts", "monazite.network.build")
"""Where rows are read."""


def imports(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, each.name) for each in node.names)
        elif isinstance(node, ast.Import):
            yield from ((each.name, "") for each in node.names)


def test_pages_name_results_and_run_no_findings() -> None:
    for path in PAGES.rglob("*.py"):
        for module, name in imports(path):
            if module.startswith("monazite.findings") and module not in WORDS:
                assert name[:1].isupper(), (path, module, name)


def test_pages_read_no_rows() -> None:
    for path in PAGES.rglob("*.py"):
        for module, name in imports(path):
            assert not module.startswith(SOURCES), (path, module)
            assert name != "Store", path
