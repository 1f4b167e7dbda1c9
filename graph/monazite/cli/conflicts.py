"""``monazite conflicts``: where rows differ, and whether that is a contradiction."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import Format, ViewOptions, choose_format, with_view, write_tables_out
from monazite.errors import UnknownNameError, did_you_mean

KINDS = ("real", "basis", "definition", "year", "edition", "rounding")


@with_view
def conflicts(
    options: ViewOptions,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[ENTITY]", help="A name or id: a plant, firm, country, element."),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            "-k",
            metavar="KIND",
            help="real, basis, definition, year, edition, rounding or all.",
        ),
    ] = "real",
    fmt: Format = "table",
) -> None:
    """List facts on which rows differ, the biggest difference first, with who says what.

    Rows that copy one root count once, and a later edition takes the place of an earlier one.

    Example: monazite conflicts "Mountain Pass"
    """
    choose_format(fmt, "table", "json", "csv", "markdown")
    wanted = _choose_kind(kind)
    view = options.open()
    from monazite.findings.conflicts.tables import conflict_dict, conflict_tables, csv_table
    from monazite.triples.names import find_entity

    entity = find_entity(view.store, name) if name else None
    found = view.conflicts(name)
    counts = {each: sum(conflict.kind == each for conflict in found) for each in KINDS}
    listed = [conflict for conflict in found if conflict.kind in wanted]
    label = entity.label if entity else ""
    tables = [csv_table(listed)] if fmt == "csv" else conflict_tables(listed, counts, label)
    content = {
        "entity": entity.id if entity else None,
        "kind": kind,
        "counts": counts,
        "conflicts": [conflict_dict(conflict) for conflict in listed],
    }
    write_tables_out(view, tables, fmt, content=content)


def _choose_kind(kind: str) -> tuple[str, ...]:
    if kind == "all":
        return KINDS
    if kind in KINDS:
        return (kind,)
    fix = did_you_mean(kind, (*KINDS, "all")) or f"kinds are {', '.join(KINDS)} and all."
    raise UnknownNameError(f'There is no kind of conflict "{kind}"; {fix}')
