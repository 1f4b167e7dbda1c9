"""Tables of texts: for a terminal, as Markdown, CSV, TSV and HTML; and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from typing import Any
from unicodedata import east_asian_width

from monazite.core import formats
from monazite.core.formats import escape_hidden, reveal

GAP = 2  # blanks between two columns
COMFORT, WORD = 16, 32
"""A column of text that is no narrower reads well; a word that is longer may be broken."""
SAMPLE = 40  # lines of a table by which the widths of its columns are chosen
_UNIT = re.compile(r"(?<=[\d.]) (?=(?:%|t|kt|Mt|g|kg)(?:\W|$))")  # no line ends here
_GLUE = "\x00"


def wide(text: str) -> int:
    """Return the columns that a text takes; Chinese characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, width: int, indent: str = "", *, whole: bool = False) -> list[str]:
    """Return a text as lines that end at words, and never between a number and its unit."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        start = line if not lines or line.strip() else indent
        joined = f"{start} {word}" if start.strip() else start + word
        if wide(joined) <= width:
            line = joined
            continue
        if start.strip():
            lines.append(start)
            start = indent
        *full, line = [start + word] if whole else _broken(start + word, width, indent)
        lines += full
    return [*lines, line] if line or not lines else lines


def wrapped_lines(text: str, width: int) -> str:
    """Return a text whose lines wrap, each under its own first word."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip(" "))]
        if wide(line) <= width:
            lines.append(line)
            continue
        first, *others = wrapped(line.strip(), width - len(indent), "  ")
        lines += [indent + part for part in (first, *others)]
    return "\n".join(lines)


def _words(text: str) -> list[str]:
    glued = _UNIT.sub(_GLUE, text.replace(_GLUE, " "))
    return [word.replace(_GLUE, " ") for word in glued.split()]


def _broken(word: str, width: int, indent: str) -> Iterator[str]:
    """A word in parts that fit; a part holds one letter at least."""
    part = ""
    for letter in word:
        if part.strip() and wide(part + letter) > width:
            yield part
            part = indent
        part += letter
    yield part


def least_widths(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Iterable[str],
    *,
    text: int,
    word: int = COMFORT,
) -> list[int]:
    """Return how narrow each column may become."""
    numbers = set(right)
    found = []
    for place, name in enumerate(columns):
        cells = [row[place] for row in rows]
        head = max(map(wide, _words(name)), default=0)
        most = max(map(wide, cells), default=0)
        longest = max((wide(word) for cell in cells for word in _words(cell)), default=0)
        # a number, not a sentence about it
        least = max(COMFORT, longest) if name in numbers else max(text, min(word, longest))
        found.append(max(head, min(most, least)))
    return found


def lay_out(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Iterable[str] = (),
    width: int | None = None,
) -> list[str]:
    """Return a table as lines; cells of text that are too wide go on in further lines."""
    numbers = set(right)
    cells = [[cell.replace("\n", " ") for cell in row] for row in (columns, *rows)]
    widths = [max(wide(row[place]) for row in cells) for place in range(len(columns))]
    if width is not None:
        widths = _shrunk(widths, columns, cells[1:], numbers, width)
        if sum(widths) + GAP * (len(widths) - 1) > width and len(widths) > 1:
            return _as_records(cells[0], cells[1:], width)
    lines: list[str] = []
    for row in cells:
        pairs = zip(row, widths, strict=True)
        parts = [wrapped(cell, size) if wide(cell) > size else [cell] for cell, size in pairs]
        for texts in zip_longest(*parts, fillvalue=""):
            fitted = (
                _padded(text, widths[place], right=columns[place] in numbers)
                for place, text in enumerate(texts)
            )
            lines.append((" " * GAP).join(fitted).rstrip())
    return lines


def _as_records(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Rows that are too wide side by side: a line for each cell that says something."""
    head = min(max(map(wide, columns)), width // 3)
    lines: list[str] = []
    for row in rows:
        told = [pair for pair in zip(columns, row, strict=True) if pair[1].strip()]
        block: list[str] = []
        for name, cell in told:
            names, texts = wrapped(name, head), wrapped(cell, width - head - GAP)
            for one, other in zip_longest(names, texts, fillvalue=""):
                block.append(f"{_padded(one, head + GAP, right=False)}{other}".rstrip())
        lines += ["", *block] if lines else block
    return lines


def _shrunk(
    widths: list[int],
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: set[str],
    width: int,
) -> list[int]:
    """Widths that fit: the text that least heightens the table gives way first, then words."""
    room = width - GAP * (len(widths) - 1)
    widths = [min(held, width) for held in widths]
    shown = rows[:: max(1, len(rows) // SAMPLE)]
    sizes = [[wide(cell) for cell in row] for row in shown]
    for text, word in ((COMFORT, WORD), (0, WORD), (0, COMFORT)):
        least = least_widths(columns, rows, numbers, text=text, word=word)
        while sum(widths) > room:
            given = [place for place, held in enumerate(widths) if held > least[place]]
            if not given:
                break
            texts = [place for place in given if columns[place] not in numbers] or given
            widths[min(texts, key=lambda place: _cost(sizes, widths, place))] -= 1
    return widths


def _cost(sizes: Sequence[Sequence[int]], widths: Sequence[int], narrowed: int) -> tuple[int, int]:
    """Lines of a table one of whose columns is narrower by one; of equals the widest column."""
    tried = [held - (place == narrowed) for place, held in enumerate(widths)]
    lines = sum(max(-(-size // width) for size, width in zip(row, tried)) for row in sizes)  # noqa: B905
    return lines, -widths[narrowed]


def _padded(text: str, width: int, *, right: bool) -> str:
    pad = " " * (width - wide(text))
    return pad + text if right else text + pad


percent_cell = partial(formats.percent, narrow=True)  # <1 %, >99 %


def percent_range(low: float, high: float) -> str:
    """Return two shares as a range in a cell of a table."""
    least, most = percent_cell(low), percent_cell(high)
    return most if least == most else f"{least.removesuffix(' %')} to {most}"


MORE = "More: --full"  # what stands below a report that has left something out
_HANGING = "  "
_LEAST = 16
FORMATS = ("table", "json", "csv", "tsv", "markdown", "xlsx")


@dataclass(frozen=True)
class Table:
    """A table of texts, with a heading and remarks below it."""

    heading: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    remarks: tuple[str, ...] = field(default=())
    right: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()  # columns that give way, in this order, where there is no room
    details: tuple[str, ...] = ()  # remarks of the full table alone
    keys: tuple[str, ...] = ()  # columns of the full table alone: keys of records, and method
    long: bool = False  # whether the table is of the full report alone

    def full(self) -> Table:
        """Return the table with all its columns and remarks: nothing gives way."""
        remarks = (*self.remarks, *self.details)
        return replace(self, remarks=remarks, details=(), spare=(), keys=(), long=False)

    def without(self, *names: str) -> Table:
        """Return the table without some columns."""
        kept = [place for place, name in enumerate(self.columns) if name not in names]
        return replace(
            self,
            columns=tuple(self.columns[place] for place in kept),
            rows=[[row[place] for place in kept] for row in self.rows],
            spare=tuple(name for name in self.spare if name not in names),
            keys=tuple(name for name in self.keys if name not in names),
        )


def write_tables(
    tables: Sequence[Table], fmt: str, *, width: int | None = None, view: str = ""
) -> str:
    """Return tables as ``table`` or ``markdown`` text, ending with the line of their view."""
    write = _markdown if fmt == "markdown" else _plain
    width = None if fmt == "markdown" else width  # its cells wrap where they are shown
    shown = [_revealed(table) for table in tables]
    short = [_short(table, width) for table in shown if not table.long]
    parts = [write(table, width) for table in short]
    if short != shown:
        parts.append(f"{MORE}\n")
    view = reveal(view)
    if view:
        line = markdown_text(view) if fmt == "markdown" else "\n".join(_lines(view, width))
        parts.append(f"{line}\n")
    return "\n".join(parts)


def write_records(tables: Sequence[Table], *, width: int, view: str = "") -> str:
    """Return tables as records: a line for each cell that is not empty, none cut."""
    parts = [f"{record}\n" for table in tables for record in _records(_revealed(table), width)]
    view = reveal(view)
    return "\n".join([*parts, *([*_lines(view, width), ""] if view else [])])


def _records(table: Table, width: int) -> Iterator[str]:
    head = max(map(wide, table.columns), default=0)
    if not table.rows:
        yield "  ".join(table.columns)
    for row in table.rows:
        lines = []
        for name, cell in zip(table.columns, row, strict=True):
            if cell.strip():
                told = wrapped(cell, max(width - head - GAP, _LEAST), whole=True)
                for begin, text in zip([name, *[""] * len(told)], told, strict=False):
                    lines.append(f"{begin}{' ' * (head + GAP - wide(begin))}{text}")
        yield "\n".join(lines)


def natural_width(table: Table) -> int:
    """Return how wide a table is where nothing is cut."""
    shown = _revealed(table)
    columns = zip(shown.columns, *shown.rows, strict=True)
    widths = [max(map(wide, cells)) for cells in columns]
    return sum(widths) + GAP * (len(widths) - 1)


def _lines(text: str, width: int | None) -> list[str]:
    """A sentence as lines."""
    return [text] if width is None else wrapped(text, width, _HANGING)


def to_json(content: object) -> str:
    """Return JSON as readers and programs like it: indented, Chinese as Chinese."""
    return escape_hidden(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _revealed(table: Table) -> Table:
    """A table whose texts hide nothing: a terminal obeys what it is told."""
    names = ("columns", "remarks", "right", "spare", "details", "keys")
    texts: dict[str, Any] = {name: tuple(map(reveal, getattr(table, name))) for name in names}
    rows = [[*map(reveal, row)] for row in table.rows]
    return replace(table, heading=reveal(table.heading), rows=rows, **texts)


def _plain(table: Table, width: int | None) -> str:
    """Lines of columns; where they are too wide spare columns go, and texts wrap at words."""
    lines = wrapped(table.heading, width) if width and table.heading else [table.heading]
    body = lay_out(table.columns, table.rows, table.right, width) if table.columns else []
    remarks = [line for remark in table.remarks for line in _lines(remark, width)]
    blocks = [lines if table.heading else [], body, remarks]
    lines = [line for block in blocks if block for line in ("", *block)][1:]
    return "\n".join(lines) + "\n"


def _short(table: Table, width: int | None) -> Table:
    """Leave out what the full table alone has, then spare columns until the rest fits and reads."""
    table = replace(table.without(*table.keys), details=())
    for name in table.spare if width else ():
        widths = least_widths(table.columns, table.rows, table.right, text=COMFORT)
        if sum(widths) + GAP * (len(widths) - 1) <= (width or 0):
            break
        table = table.without(name)
    return table


def _markdown(table: Table, _: int | None) -> str:
    marks = ["---:" if name in table.right else "---" for name in table.columns]
    lines = [f"**{markdown_text(table.heading)}**", ""] if table.heading else []
    body = (table.columns, marks, *table.rows) if table.columns else ()
    lines += ["| " + " | ".join(markdown_text(cell) for cell in row) + " |" for row in body]
    remarks = [f"- {markdown_text(remark)}" for remark in table.remarks]
    lines += ["", *remarks] if remarks else []
    return "\n".join(lines) + "\n"


def markdown_text(text: str) -> str:
    """Return a text that Markdown shows as it is: no cell ends early, no tag starts."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return escaped.replace("\n", " ")


def csv_lines(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a CSV text line by line; a cell that a spreadsheet would run is quoted as text."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # a cell that holds either is quoted
    lines: list[str] = []
    for row in _safe_rows(header, rows):
        out.seek(0)
        out.truncate()
        writer.writerow(row)
        lines.append(f"{out.getvalue().removesuffix(writer.dialect.lineterminator)}\n")
    return lines


def csv_text(tables: Iterable[Table]) -> str:
    """Return tables as CSV, a blank line between two."""
    return "\n".join("".join(csv_lines(table.columns, table.rows)) for table in tables)


def tsv_text(tables: Iterable[Table]) -> str:
    r"""Return tables as TSV, a blank line between two; a tab or line end in a cell is a space."""
    return "\n".join(
        "".join(
            "\t".join(re.sub(r"[\t\r\n]+", " ", cell) for cell in row) + "\n"
            for row in _safe_rows(table.columns, table.rows)
        )
        for table in tables
    )


def _safe_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Iterable[str]]:
    """The header and the rows, so that nothing is hidden and no cell runs."""
    yield map(reveal, header)
    yield from (map(safe_cell, map(reveal, row)) for row in rows)


def safe_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; numbers stay."""
    if text[:1] not in {"=", "+", "-", "@", "\t", "\r"}:
        return text
    try:
        float(text)
    except ValueError:
        return "'" + text
    return text


def tables_html(tables: Iterable[Table]) -> str:
    """Return tables as HTML."""
    return "\n".join(_table(_revealed(table)) for table in tables)


def _table(table: Table) -> str:
    from html import escape  # all entities of HTML come with it, and a lookup needs none

    caption = f"<caption>{escape(table.heading)}</caption>" if table.heading else ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    align = [' style="text-align:right"' if x in table.right else "" for x in table.columns]
    rows = (
        "".join(f"<td{x}>{escape(text)}</td>" for x, text in zip(align, row, strict=True))
        for row in table.rows
    )
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    told = (*table.remarks, *table.details)
    remarks = "".join(f"<li>{escape(remark)}</li>" for remark in told)
    return f"<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>" + (
        f"<ul>{remarks}</ul>" if remarks else ""
    )
