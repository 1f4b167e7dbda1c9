"""``monazite ask``: which questions there are."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import Format, choose_format, say, terminal_width, write_out


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
) -> None:
    """List the questions that can be asked, or search them by words.

    This is no language model and does not understand a sentence: it compares words with the
    names, titles and parameters of the questions. Run a question with monazite query. Exit 1 if
    no question has the words.

    Example: monazite ask who owns
    """
    from monazite.tables import csv_lines, to_json, write_tables
    from monazite.triples.queries import read_queries
    from monazite.triples.question_text import (
        question_table,
        questions_dict,
        questions_table,
        write_questions,
    )
    from monazite.triples.questions import FoundQuestions, near_word, questions_of, search_questions

    choose_format(fmt, "table", "json", "csv", "markdown")
    text = " ".join(words or []).strip()
    every = questions_of(read_queries(), group)
    found = search_questions(every, text) if text else FoundQuestions(tuple(every))
    if fmt == "json":
        write_out(to_json(questions_dict(found.questions)))
    elif fmt == "csv" and found.questions:
        table = questions_table(found.questions)
        write_out("".join(csv_lines(table.columns, table.rows)))
    elif found.exactly:
        tables = [question_table(found.questions[0])]
        write_out(write_tables(tables, fmt, width=terminal_width()))
    elif found.questions:
        write_out(write_questions(found.questions, fmt, grouped=not text))
    if found.missing:
        near = "names are given as parameters."
        if not found.questions:
            near = near_word(every, found.missing) or "monazite ask lists all questions."
        say(f"No question has: {', '.join(found.missing)}; {near}")
    if not found.questions:
        raise typer.Exit(1)
