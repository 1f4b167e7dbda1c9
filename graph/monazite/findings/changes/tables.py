"""What changed between two views, as tables and as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from monazite.findings.changes.comparison import GROUPS
from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.changes.changes import Changes


def changes_tables(found: Changes) -> list[Table]:
    """Return one table a group, the most important first, headed by how many of which kind."""
    tables = []
    for group, kinds in found.counts.items():
        counts = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())
        tables.append(
            Table(
                heading=f"{GROUPS[group]}: {counts}",
                columns=("kind", "market", "what changed", "row"),
                rows=[
                    [change.kind, "yes" if change.market else "", change.text, _first(change.rows)]
                    for change in found.changes
                    if change.group == group
                ],
                keys=("row",),
            )
        )
    return tables


def _first(rows: tuple[str, ...]) -> str:
    return f"{rows[0]} +{len(rows) - 1}" if len(rows) > 1 else "".join(rows)


def changes_csv(found: Changes) -> Table:
    """Return all changes as one table, for CSV."""
    rows = [
        [c.group, c.kind, "yes" if c.market else "", c.subject, c.text, ";".join(c.rows)]
        for c in found.changes
    ]
    return Table("", ("group", "kind", "market", "subject", "text", "rows"), rows)


def changes_dict(found: Changes) -> dict[str, object]:
    """Return the comparison as JSON takes it."""
    return {
        "before": found.before,
        "after": found.after,
        "element": found.element,
        "market": found.market,
        "counts": found.counts,
        "changes": [asdict(change) for change in found.changes],
        "notes": list(found.notes),
    }
