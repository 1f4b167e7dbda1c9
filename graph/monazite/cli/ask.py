"""``monazite ask``: which questions there are."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    choose_format,
    say,
    terminal_width,
    write_out,
    write_result,
)
from monazite.cli.options import Full

_PASTED = "monazite "
"""What a line to paste has: it is never broken."""


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
    if fmt == "table" and not full:
        lines = found.to_text().split("\n")
        width = terminal_width()
        write_out("\n".join(_fitted(each, width) for each in lines), output)
    else:
        write_result(found, fmt, output, full=full)
    if not found.questions:
        say(f"Nothing fits; no command or question has: {', '.join(found.missing)}; {found.near}")
        raise typer.Exit(1)
    if found.missing:
        say(f"Passed over, as nothing has it: {', '.join(found.missing)}.")


def _fitted(line: str, width: int) -> str:
    """A line that goes on below its last column, or as a sentence; one to paste is not broken."""
    from monazite.text_columns import COMFORT, wrapped, wrapped_lines

    head, gap, text = line.rpartition("  ")
    if _PASTED in line or not head.strip():
        return line if _PASTED in line else wrapped_lines(line, width)
    room = max(width - len(head + gap), COMFORT)
    margin = " " * len(head + gap)
    return head + gap + f"\n{margin}".join(wrapped(text, room))
