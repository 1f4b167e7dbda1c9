"""``monazite alignments``: what the vocabulary and its entities correspond to elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.common import (
    Format,
    Output,
    ViewOptions,
    choose_format,
    with_view,
    write_out,
    write_tables_out,
)

if TYPE_CHECKING:
    from monazite.rows.alignments import Alignment
    from monazite.tables import Table


@with_view
def alignments(
    options: ViewOptions,
    term: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME", help="A class, property, concept or entity, or one of theirs."
        ),
    ] = None,
    fmt: Format = "table",
    output: Output = None,
) -> None:
    """List what corresponds to what elsewhere, and what must not be taken for each other.

    Formats are table, json, csv, markdown, turtle and sssom (a TSV file with its metadata).

    Example: monazite alignments Policy
    """
    from monazite.rows.alignments import (
        all_alignments,
        find_alignments,
        read_header,
        read_prefixes,
    )
    from monazite.triples.alignments import to_sssom, to_turtle

    choose_format(fmt, "table", "json", "csv", "markdown", "turtle", "sssom")
    view = options.open()
    prefixes = read_prefixes(view.ontology)
    found = all_alignments(view.ontology, view.schema, view.rows())
    if term is not None:
        found = find_alignments(found, term, prefixes)
    if fmt == "turtle":
        write_out(to_turtle(found, prefixes), output)
    elif fmt == "sssom":
        write_out(to_sssom(found, prefixes, read_header(view.ontology)), output)
    else:
        table = _table(found, prefixes)
        content = {"alignments": [_record(each) for each in found]}
        write_tables_out(view, [table], fmt, content=content, output=output)


def _table(found: Sequence[Alignment], prefixes: Mapping[str, str]) -> Table:
    from monazite.rows.alignments import short
    from monazite.rows.iris import local_name
    from monazite.tables import Table

    columns = ("ours", "is", "theirs", "label", "confidence", "from", "remark")
    rows = [
        [
            short(each.subject, prefixes),
            ("not " if each.negative else "") + local_name(each.predicate),
            short(each.object, prefixes),
            each.object_label,
            str(each.confidence),
            each.origin,
            each.comment,
        ]
        for each in found
    ]
    return Table("", columns, rows, right=("confidence",), spare=("from", "label"))


def _record(each: Alignment) -> dict[str, object]:
    from dataclasses import asdict

    return {**asdict(each), "confidence": float(each.confidence)}
