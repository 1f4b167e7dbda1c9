"""``monazite exposure``: which rare earths a bill of materials holds, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from monazite.cli.common import (
    STDOUT,
    Full,
    Market,
    Output,
    ViewOptions,
    no_names_in_errors,
    to_file,
    with_view,
)
from monazite.cli.formats import argument, complete_id, form_of, option, to_format
from monazite.cli.writing import say, write_out, write_page, write_result
from monazite.core.errors import UnknownNameError
from monazite.core.formats import counted
from monazite.core.tables import FORMATS
from monazite.data.parameters import MARKET

if TYPE_CHECKING:
    from monazite.bom.bill import ReadColumn
    from monazite.bom.result import Exposure
    from monazite.view.view import View

FILES = ("html", "xlsx")
"""Formats that this command has beside those of tables."""
_ALONE = "Name the file of a bill, or write an empty one: monazite exposure --blank bill.csv."


@with_view
def exposure(
    options: ViewOptions,
    bill: Annotated[
        Path | None, argument("[BILL]", "Bill of materials: .csv, .tsv or .xlsx.")
    ] = None,
    market: Market = MARKET,
    matches: Annotated[
        Path | None, option("--matches FILE", "What you decided on firms and materials.")
    ] = None,
    profile: Annotated[
        Path | None, option("--profile FILE.toml", "What is so of the company and product.")
    ] = None,
    licence: Annotated[
        str | None,
        option(
            "--licence ACT",
            "Also the documents that a licence under this act asks for.",
            complete_id("policy"),
        ),
    ] = None,
    answers: Annotated[Path | None, option("--answers FILE", "Answers to a questionnaire.")] = None,
    questions: Annotated[
        Path | None,
        to_file(
            "--questions FILE",
            "Write what to ask whom, .csv, .xlsx or .md; - is CSV on stdout, alone.",
        ),
    ] = None,
    record: Annotated[
        str | None, option("--for ARTICLE", "Also the map that crma-24 asks for.")
    ] = None,
    passport: Annotated[
        bool, option("--passport", "Also what CRMA 28 and 29 ask of each magnet.")
    ] = False,
    losses: Annotated[
        bool, option("--losses", "Also what stops first: losses, paths, shared plants, what helps.")
    ] = False,
    redact: Annotated[bool, option("--redact", "Codes in place of all names of the bill.")] = False,
    matches_out: Annotated[
        Path | None, to_file("--matches-out FILE", "Write the matches, to edit and give back.")
    ] = None,
    blank: Annotated[
        Path | None, to_file("--blank FILE", "Write an empty bill, .csv or .xlsx, with help.")
    ] = None,
    fmt: Annotated[
        str | None,
        to_format("table, json, csv, tsv, markdown (md), html or xlsx; else as FILE ends.", *FILES),
    ] = None,
    output: Output = None,
    full: Full = False,
) -> None:
    """Weigh the rare earths in a bill of materials, line by line, and say what is not known.

    A material, grade or firm is matched only where it is sure; all else is asked. Contents are
    ranges by kind of evidence: what the bill says, then records of the grade, then of the material.
    Where no record gives a content it is not known. Nothing of the bill leaves the machine or is
    kept.

    Rules are asked about each line on the day of --valid; several days stand between commas:
    --valid 2025-03-31,2025-04-04 asks all records about each of them.

    A profile says once what rules ask of the company and the product, and of every line:
    staff = 600, turnover-eur = 2e8, product-class, ships-as = "magnet", us-defence = false.

    With --losses: in which order parts stop the product, by days of stock, then by the loss of the
    market; through which plants each supplier's path runs; and what would help, worked out anew.
    The weakest hop of a path is the least certain; then one that no other record doubles; then the
    one nearest to the mine. usd-per-eur = 1.1 in the profile holds prices against euros.

    Example: monazite exposure --blank bill.csv

    What to ask is written with --questions questions.xlsx, the answer that settles most judgements
    first; filled in, it is given back with --answers questions.xlsx, and the judgements change.

    -o bill.html writes a page that works offline, -o bill.xlsx a workbook with every line, -o
    bill.json the JSON. The bill is in none; monazite verify takes it to check the page.

    Matches are decided in a file: write it with --matches-out matches.csv, set decision to
    accepted, not, none or no rare earths, and give it back with --matches matches.csv.
    """
    form = form_of(output, fmt, *FORMATS, *FILES)
    if blank is not None:
        from monazite.view.bills import blank_bill

        empty = blank_bill(blank)
        _check_blank(blank, empty)
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
    _check_questions(questions)
    options, asked = _several_days(options)
    with no_names_in_errors():
        view, found = options.ask(
            lambda view: (
                view,
                view.exposure(
                    bill,
                    market,
                    matches=matches,
                    losses=losses,
                    redact=redact,
                    days=asked,
                    profile=profile,
                    licence=licence,
                    answers=answers,
                    questionnaire=questions is not None,
                    record=record,
                    passport=passport,
                ),
            )
        )
        _tell_reading(found)
        if questions is not None:
            _write_questions(found, questions)
            if str(questions) == "-":
                return
        if matches_out is not None:
            _write_matches(found, matches_out)
        _write(view, found, form, output, full=full)


def _check_blank(place: Path, empty: str | bytes) -> None:
    """Refuse to write an empty bill over a file that holds anything else."""
    content = empty.encode() if isinstance(empty, str) else empty
    if place.is_file() and place.read_bytes() not in {content, b""}:
        raise UnknownNameError(
            "The file of --blank is there already and is no empty bill; name another file."
        )


def _check_questions(place: Path | None) -> None:
    """Refuse a file as which no questionnaire is written, before anything is worked out."""
    if place is not None:
        from monazite.view.bills import check_questionnaire

        check_questionnaire(place)


def _several_days(options: ViewOptions) -> tuple[ViewOptions, tuple[str, ...]]:
    """Days between commas, and options that filter by none of them; one day stays a filter."""
    days = tuple(filter(None, map(str.strip, (options.valid or "").split(","))))
    return (replace(options, valid=None), days) if len(days) > 1 else (options, ())


def _write(view: View, found: Exposure, form: str, output: Path | None, *, full: bool) -> None:
    if form == "html":
        write_page(view.exposure_html(found), output or STDOUT, "page")
    elif form == "xlsx":
        write_page(view.exposure_xlsx(found), output or STDOUT, "workbook")
    else:
        write_result(found, form, output, full=full)


def _tell_reading(found: Exposure) -> None:
    """Say on stderr what each column was taken for, and what was not read."""
    read = [each for each in found.columns if each.meaning]
    unread = [each for each in found.columns if not each.meaning]
    say(f"Read: {'; '.join(map(_column, read))}.")
    if unread:
        say(f"Not read: {', '.join(each.header for each in unread)}.")
    for note in found.reading:
        say(note)


def _column(each: ReadColumn) -> str:
    return f"{each.header} ({each.meaning})"


def _write_questions(found: Exposure, place: Path) -> None:
    from monazite.view.bills import questionnaire_file

    write_out(questionnaire_file(found, place), place)
    if str(place) != "-":
        say(
            f"{counted(len(found.questionnaire), 'question is', 'questions are')} in {place}; "
            "fill in the column answer, and give the file with --answers."
        )


def _write_matches(found: Exposure, place: Path) -> None:
    write_out(found.match_file(), place)
    say(f"The matches are in {place}; edit the column decision, and give it with --matches.")
