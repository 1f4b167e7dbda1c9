"""A questionnaire as a file: CSV or XLSX to be filled in and read back, Markdown to be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monazite.bom.answers import BLANK_COLUMNS, blank_csv
from monazite.bom.questionnaire import questionnaire_table, questionnaire_tables
from monazite.core.files import check_ending
from monazite.core.tables import Table, csv_text, write_tables
from monazite.export.workbook import tables_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monazite.bom.questionnaire import AskedQuestion

_BLANK_ENDINGS = (".csv", ".xlsx")


def blank_bill(file: Path) -> bytes:
    """Return an empty bill as its ending asks."""
    check_ending(file, _BLANK_ENDINGS, "empty bill")
    if file.suffix.lower() == ".csv":
        return blank_csv().encode()
    help_lines = [[each.header, each.help, each.example] for each in BLANK_COLUMNS]
    bill = Table("", tuple(each.header for each in BLANK_COLUMNS), [])
    told = Table("", ("Column", "What stands in it", "Example"), help_lines)
    return tables_xlsx({"bill": bill, "_help": told})  # what begins with _ is not read


_ENDINGS = (".csv", ".md", ".xlsx")
_HELP = (
    ("Column", "What stands in it"),
    ("key", "Leave it as it is: the answer is read back by it."),
    ("judgements settled", "The most that one answer settles, by line, rule, layer and day."),
    ("write", "How the answer is read."),
    ("answer", "Blank changes nothing."),
    ("evidence", "Of a content: tested, declared or datasheet; else the document."),
    ("date", "Of the answer, as 2026-11-28."),
    ("", "This is no legal advice."),
)


def check_questionnaire(file: Path) -> None:
    """Refuse a file as which no questionnaire is written."""
    if str(file) != "-":
        check_ending(file, _ENDINGS, "questionnaire")


def write_questionnaire(questions: Sequence[AskedQuestion], file: Path) -> bytes:
    """Return a questionnaire as the ending of its file asks; ``-`` is CSV."""
    if str(file) == "-":
        return csv_text([questionnaire_table(questions)]).encode()
    check_questionnaire(file)
    if file.suffix.lower() == ".md":
        return write_tables(questionnaire_tables(questions), "markdown").encode()
    table = questionnaire_table(questions)
    if file.suffix.lower() == ".csv":
        return csv_text([table]).encode()
    told = Table("", _HELP[0], [[*row] for row in _HELP[1:]])
    return tables_xlsx({"questions": table, "_help": told})  # what begins with _ is not read
