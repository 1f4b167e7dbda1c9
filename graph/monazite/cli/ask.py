"""``monazite ask``: which questions there are."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import FORMATS, Format, Output, choose_format, say, write_result
from monazite.cli.options import Full


def ask(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[WORDS...]", help="Words to look for, or a name.")
    ] = None,
    group: Annotated[
        str,
        typer.Option(
            "--group",
            "-g",
            metavar="GROUP",
            help="commands, entities, supply, policies, ownership, time or evidence.",
        ),
    ] = "",
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Find the command or question that answers what you want to know.

    It compares words with the names, titles and parameters of questions and commands, and with
    other words that people use for them; it knows no meaning. Names of elements, countries, plants
    and firms go into the line to paste. Exit 1 if nothing fits.

    Example: monazite ask who owns Mountain Pass
    """
    from monazite.triples.questions import find_questions

    choose_format(fmt, *FORMATS)
    found = find_questions(" ".join(words or []), group)  # the same in every view: no store
    write_result(found, fmt, output, full=full)
    if not found.questions:
        say(f"Nothing fits; no command or question has: {', '.join(found.missing)}; {found.near}")
        raise typer.Exit(1)
    if found.missing:
        say(f"Passed over, as nothing has it: {', '.join(found.missing)}.")
