"""``monazite exposure``: which rare earths a bill of materials holds, and what is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from monazite.cli.common import STDOUT, Full, Output, ViewOptions, no_names_in_errors, to_file
from monazite.cli.formats import argument, form_of, to_format
from monazite.cli.question_command import with_function
from monazite.cli.writing import say, write_out, write_page, write_result
from monazite.core.errors import UnknownNameError
from monazite.core.formats import counted
from monazite.core.tables import FORMATS

if TYPE_CHECKING:
    from monazite.bom.result import Exposure

PAGE = "html"
"""The format that this command has beside those of tables."""
_ALONE = "Name the file of a bill, or write an empty one: monazite exposure --blank bill.csv."


@with_function("view.bills", "exposure")
def exposure(
    options: ViewOptions,
    ask: Callable[..., Any],
    redact: bool,
    said: list[str],
    bill: Annotated[
        Path | None, argument("[BILL]", "Bill of materials: .csv, .tsv or .xlsx.")
    ] = None,
    questions: Annotated[
        Path | None,
        to_file(
            "--questions FILE",
            "Write what to ask whom, .csv, .xlsx or .md; - is CSV on stdout, alone.",
        ),
    ] = None,
    matches_out: Annotated[
        Path | None, to_file("--matches-out FILE", "Write the matches, to edit and give back.")
    ] = None,
    blank: Annotated[
        Path | None, to_file("--blank FILE", "Write an empty bill, .csv or .xlsx, with help.")
    ] = None,
    fmt: Annotated[
        str | None,
        to_format("table, json, csv, tsv, markdown (md), xlsx or html; else as FILE ends.", PAGE),
    ] = None,
    output: Output = None,
    full: Full = False,
) -> None:
    """Write what a bill holds, and the files that go with it."""
    form = form_of(output, fmt, *FORMATS, PAGE, full=full)
    if blank is not None and bill is None and said:
        told = " and ".join(f"--{each}" for each in said)
        raise UnknownNameError(
            f"An empty bill takes no {told}: leave out what changes nothing in it."
        )
    if blank is not None:
        from monazite.export.bills import blank_bill

        empty = blank_bill(blank)
        if blank.is_file() and blank.read_bytes() not in {empty, b""}:
            raise UnknownNameError(
                "The file of --blank is there already and is no empty bill; name another file."
            )
        write_out(empty, blank)
        say(f"An empty bill is in {blank}; what stands in each column is told there.")
        if bill is None:
            return
    if bill is None:
        raise UnknownNameError(_ALONE)
    if redact and matches_out is not None:
        raise UnknownNameError(
            "The file of matches has the names of the bill; leave out --redact or --matches-out."
        )
    if questions is not None:  # refused before anything is worked out
        from monazite.export.bills import check_questionnaire

        check_questionnaire(questions)
    # several days between commas are asked one by one; one day stays a filter
    days = tuple(filter(None, map(str.strip, (options.valid or "").split(","))))
    options, asked = (replace(options, valid=None), days) if len(days) > 1 else (options, ())
    with no_names_in_errors():
        view, found = options.ask(
            lambda view: (view, ask(view, days=asked, questionnaire=questions is not None))
        )
        _tell_reading(found)
        if questions is not None:
            _write_questions(found, questions)
            if str(questions) == "-":
                return
        if matches_out is not None:
            write_out(found.match_file(), matches_out)
            say(
                f"The matches are in {matches_out}; edit the column decision, and give it with "
                "--matches."
            )
        if form == PAGE:
            write_page(view.exposure_html(found), output or STDOUT, "page")
        else:
            write_result(found, form, output, full=full)


def _tell_reading(found: Exposure) -> None:
    """Say on stderr what each column was taken for, and what was not read."""
    read = [each for each in found.columns if each.meaning]
    unread = [each for each in found.columns if not each.meaning]
    say(f"Read: {'; '.join(f'{each.header} ({each.meaning})' for each in read)}.")
    if unread:
        say(f"Not read: {', '.join(each.header for each in unread)}.")
    for note in found.reading:
        say(note)


def _write_questions(found: Exposure, place: Path) -> None:
    from monazite.export.bills import write_questionnaire

    write_out(write_questionnaire(found.questionnaire, place), place)
    if str(place) != "-":
        say(
            f"{counted(len(found.questionnaire), 'question is', 'questions are')} in {place}; "
            "fill in the column answer, and give the file with --answers."
        )
