"""An empty bill of materials as a file: CSV, or a workbook with a sheet of help."""

from __future__ import annotations

from pathlib import Path

from monazite.bills.blank import BLANK_COLUMNS, blank_csv
from monazite.exchange.sheets import tables_xlsx
from monazite.files import check_ending
from monazite.tables import Table

_ENDINGS = (".csv", ".xlsx")


def blank_bill(file: Path) -> bytes:
    """Return an empty bill as its ending asks.

    >>> blank_bill(Path("bill.csv"))[:14]
    b'Level,Position'
    """
    check_ending(file, _ENDINGS, "empty bill")
    if file.suffix.lower() == ".csv":
        return blank_csv().encode()
    help_lines = [[each.header, each.help, each.example] for each in BLANK_COLUMNS]
    bill = Table("", tuple(each.header for each in BLANK_COLUMNS), [])
    told = Table("", ("Column", "What stands in it", "Example"), help_lines)
    return tables_xlsx({"bill": bill, "_help": told})  # what begins with _ is not read
