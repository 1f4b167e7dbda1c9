"""Which test holds a module: the file of its name in its room, one that imports it, one listed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import monazite

PACKAGE = Path(monazite.__file__).parent
TESTS = Path(__file__).parent

HELD_BY = {
    "cli/common.py": "cli/test_errors.py",
    "files.py": "cli/test_errors.py",
    "findings/assumptions.py": "findings/balance/test_balance.py",
    "findings/balance/year_rows.py": "findings/balance/test_balance.py",
    "findings/brief/help.py": "findings/brief/test_brief.py",
    "findings/brief/limits.py": "findings/brief/test_brief.py",
    "findings/brief/parts.py": "findings/brief/test_brief.py",
    "findings/changes/new_sources.py": "findings/changes/test_changes.py",
    "findings/changes/share_changes.py": "findings/changes/test_changes.py",
    "findings/changes/tables.py": "cli/test_diff.py",
    "findings/indices/n_minus_1.py": "findings/indices/test_by_stage.py",
    "findings/indices/supply_risks.py": "findings/indices/test_by_stage.py",
    "findings/losses/model.py": "findings/losses/test_chokepoints.py",
    "findings/ownership/tables.py": "cli/test_parents.py",
    "findings/partial_dates.py": "findings/plants/test_states.py",
    "findings/policies/scope_remarks.py": "findings/policies/test_export_controls.py",
    "findings/policies/scope_rows.py": "findings/policies/test_export_controls.py",
    "findings/responses/fix_sites.py": "findings/responses/test_fixes.py",
    "findings/shares/tables.py": "cli/test_concentration.py",
    "findings/timeline/mentions.py": "findings/timeline/test_timeline.py",
    "findings/wording.py": "findings/brief/test_brief.py",
    "network/pools.py": "network/test_build.py",
    "network/site_nodes.py": "network/test_sites.py",
    "pages/brief/office_files.py": "pages/brief/test_documents.py",
    "pages/drawing/policy.py": "pages/test_any_text.py",
    "pages/drawing/svg_cleaning.py": "pages/figures/test_figure.py",
    "pages/drawing/templates.py": "pages/graph/test_page.py",
    "pages/reference/class_diagram.py": "pages/reference/test_page.py",
    "quantities/output.py": "findings/balance/test_balance.py",
    "rows/sheets.py": "rows/test_own_tables.py",
    "triples/child.py": "cli/test_query.py",
    "triples/entity_card.py": "cli/test_show.py",
    "triples/question_text.py": "cli/test_ask.py",
    "view/balances.py": "cli/test_balance.py",
    "view/brief_findings.py": "cli/test_brief.py",
    "view/certainty.py": "cli/test_doubt.py",
    "view/chokepoints.py": "cli/test_chokepoints.py",
    "view/filtered_rows.py": "test_view.py",
    "view/graph_evidence.py": "cli/test_graph.py",
    "view/history.py": "cli/test_timeline.py",
    "view/pictures.py": "cli/test_graph.py",
    "view/statements.py": "cli/test_claims.py",
    "view/verification.py": "cli/test_verify.py",
    "view/view.py": "test_view.py",
}
"""Modules without a test of their own, by the test that sees what they do from outside."""


def module_names() -> list[str]:
    """The modules of the package as paths below it, without what begins with an underscore."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return [path.relative_to(PACKAGE).as_posix() for path in paths if path.name[0] != "_"]


def mirrored(module: str) -> Path:
    """Where the test of a module stands: ``tests`` has the rooms of the package."""
    path = TESTS / module
    return path.with_name(f"test_{path.name}")


def is_tested(module: str) -> bool:
    """Tell whether a module has a test file of its name, is imported by a test, or is listed."""
    return has_own_test(module) or module in HELD_BY


def has_own_test(module: str) -> bool:
    """Tell whether a module has a test file of its name, or is imported by a test."""
    dotted = f"monazite.{module.removesuffix('.py').replace('/', '.')}"
    return mirrored(module).is_file() or dotted in imported()


@cache
def imported() -> frozenset[str]:
    """What tests import, as dotted names."""
    files = [path for path in TESTS.rglob("*.py") if "bench" not in path.parts]
    return frozenset(name for path in files for name in imports_of(path))


def imports_of(path: Path) -> Iterator[str]:
    """The modules and names that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
