"""The sheets of an XLSX file, and the cells of each: every one, or a sentence about why not.

A workbook is a ZIP of XML parts, and a stranger's. openpyxl, which writes ours, leaves out in
silence what it does not find or expect: sheets, rows that are not in order, cells beyond the
size that a sheet says it has. This reader takes the few parts that hold cells, within bounds,
and has openpyxl only say which number is a date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monazite.errors import BadFileError
from monazite.rows.bounds import SHEETS, Budget
from monazite.rows.xlsx.package import WorkbookPackage
from monazite.rows.xlsx.parts import ListedSheets, NumberStyles, SharedTexts, parse_part
from monazite.rows.xlsx.sheet_cells import Cells, SharedParts, SheetCells

_MACROS = "xl/vbaProject.bin"


@dataclass(frozen=True)
class Sheet:
    """A sheet that a workbook lists.

    Attributes:
        kind: worksheet, chartsheet and so on; blank where the workbook does not hold it.
    """

    name: str
    kind: str
    part: str


@dataclass(frozen=True)
class SheetContent:
    """What a sheet holds.

    Attributes:
        merged: places of cells that were made one, as ``A1:B2``, in the order of the file.
    """

    cells: Cells
    merged: tuple[str, ...]


class Workbook:
    """The sheets of an XLSX file, which are read one at a time.

    >>> import io
    >>> from openpyxl import Workbook as NewWorkbook
    >>> book, file = NewWorkbook(), io.BytesIO()
    >>> book.active.append(["row", 0.1, None, True])
    >>> book.save(file)
    >>> read = Workbook(file.getvalue(), Budget())
    >>> [(sheet.name, read.cells(sheet)) for sheet in read.sheets]
    [('Sheet', {1: {1: 'row', 2: '0.1', 4: 'true'}})]
    """

    def __init__(self, content: bytes, budget: Budget) -> None:
        self._package = package = WorkbookPackage(content, budget)
        self._budget = budget
        main = _of_kind(package.related(""), "officeDocument") or "xl/workbook.xml"
        related = package.related(main)
        listed, texts, styles = ListedSheets(), SharedTexts(), NumberStyles()
        parse_part(package.read(main), listed)
        if not 0 < len(listed.sheets) <= SHEETS:
            what = f"it has {len(listed.sheets)} sheets, and no more than {SHEETS} are read"
            raise BadFileError(what, "write a table a sheet")
        self.sheets = [Sheet(name, *related.get(link, ("", ""))) for name, link in listed.sheets]
        for kind, reader in (("sharedStrings", texts), ("styles", styles)):
            if place := _of_kind(related, kind):
                parse_part(package.read(place), reader)
        self._shared = SharedParts(texts.found, styles.formats(), listed.from_1904)

    @property
    def has_macros(self) -> bool:
        """Whether the workbook carries programs, whatever its name says."""
        return self._package.has(_MACROS)

    def cells(self, sheet: Sheet, *, computed: bool = False) -> Cells:
        """Read the cells of a sheet."""
        return self.content(sheet, computed=computed).cells

    def content(self, sheet: Sheet, *, computed: bool = False) -> SheetContent:
        """Read the cells of a sheet, and which of them were made one."""
        if sheet.kind != "worksheet":
            what = "the workbook does not hold it" if not sheet.kind else "it holds no cells"
            raise BadFileError(what, "take it out, or write it anew")
        reader = SheetCells(self._shared, self._budget, computed=computed)
        parse_part(self._package.read(sheet.part), reader)
        return SheetContent(reader.cells, tuple(reader.merged))


def _of_kind(related: Mapping[str, tuple[str, str]], kind: str) -> str:
    return next((place for found, place in related.values() if found == kind), "")
