"""``monazite ask``: which questions there are."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import FORMATS, Format, choose_format, say, write_result
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
            help="entities, supply, policies, ownership, time or evidence.",
        ),
    ] = "",
    fmt: Format = "table",
    full: Full = False,
) -> None:
    """List the questions that can be asked, or search them by words.

    This is no language model and does not understand a sentence: it compares words with the
    names, titles and parameters of the questions. Run a question with monazite query. Exit 1 if
    no question has the words.

    Example: monazite ask who owns
    """
    from monazite.triples.questions import find_questions

    choose_format(fmt, *FORMATS)
    found = find_questions(" ".join(words or []), group)  # the same in every view: no store
    write_result(found, fmt, full=full)
    if found.missing:
        say(f"No question has: {', '.join(found.missing)}; {found.near}")
    if not found.questions:
        raise typer.Exit(1)
