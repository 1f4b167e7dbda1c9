"""``monazite verify``: whether a page still says what the tables say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monazite.cli.common import (
    NoCache,
    Output,
    Tables,
    TablesKey,
    UnsignedTables,
    building_store,
    chosen_tables,
    say_unread,
    terminal_width,
    write_out,
)
from monazite.cli.options import Full
from monazite.text_columns import wrapped_lines


def verify(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Page, PDF, DOCX or PPTX of monazite brief, explore, exposure or scenario; or a "
            "description with checksums, of monazite info.",
        ),
    ],
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Your own tables, where the brief rests on some."),
    ] = None,
    bom: Annotated[
        Path | None,
        typer.Option("--bom", metavar="BILL", help="The bill of materials that the page is of."),
    ] = None,
    matches: Annotated[
        Path | None,
        typer.Option("--matches", metavar="FILE", help="The matches given with the bill."),
    ] = None,
    profile: Annotated[
        Path | None,
        typer.Option("--profile", metavar="FILE.toml", help="The profile given with the bill."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", metavar="FILE", help="The answers given with the bill."),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The house style that the page was written with."),
    ] = None,
    tables: Tables = None,
    tables_key: TablesKey = None,
    unsigned_tables: UnsignedTables = False,
    signer: Annotated[
        Path | None,
        typer.Option(metavar="KEY.pub", help="Who should have issued it: Ed25519 as PEM."),
    ] = None,
    output: Output = None,
    no_cache: NoCache = False,
    full: Full = False,
) -> None:
    """Render a page anew from the tables: is it the same, and who signed it?

    With the versions that it was made with, byte for byte; else every number, sentence and link of
    a page, and the first line says which. PDF, DOCX and PPTX are the same byte for byte or not at
    all, and need pip install 'monazite[brief]'; only pages are signed. Markdown cannot be checked.
    A description (info --format croissant, ro-crate or dcat) is compared with this copy of the
    tables by the hashes of its files, and what differs is named.
    The page of a bill is worked out again where the bill is named (--bom), which is not in it.
    Exit 0 the same; 1 it differs, and why: other tables or records,
    another version or look, an altered page, another signer; 2 it cannot be checked. Nothing in it
    is run.

    Example: monazite verify brief.html
    """
    from monazite.view import verification

    say_unread(data)
    chosen = chosen_tables(tables, tables_key, unsigned_tables)
    with building_store(data, no_cache=no_cache, ontology=chosen) as step:
        verdict = verification.verify(
            *(file, data),
            bom=bom,
            matches=matches,
            profile=profile,
            answers=answers,
            template=template,
            signer=signer,
            ontology=chosen,
            cache=not no_cache,
            step=step,
        )
    told = "".join(f"{sentence}\n" for sentence in verdict.sentences)
    write_out(told if full else wrapped_lines(told, terminal_width()), output)
    if not verdict.same:
        raise typer.Exit(1)
