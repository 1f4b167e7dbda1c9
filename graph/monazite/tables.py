"""Tables of texts: for a terminal, as Markdown, CSV, TSV and HTML; and JSON."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate

from monazite import safe_text
from monazite.safe_text import NOT_KNOWN as NOT_KNOWN
from monazite.safe_text import escape_hidden, reveal

percent = partial(safe_text.percent, narrow=True)
"""A share as a cell of a table has it: <1 %, >99 %."""
_LEAST = 16
FORMATS = ("table", "json", "csv", "tsv", "markdown")


@dataclass(frozen=True)
class Table:
    """A table of texts, with a heading and remarks below it."""

    heading: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    remarks: tuple[str, ...] = field(default=())
    right: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()  # columns that give way, in this order, on a narrow terminal


def write_tables(
    tables: Sequence[Table], fmt: str, *, width: int | None = None, view: str = ""
) -> str:
    """Return tables as ``table`` or ``markdown`` text, ending with the line of their view."""
    write = _markdown if fmt == "markdown" else _plain
    parts = [write(_revealed(table), width) for table in tables]
    view = reveal(view)
    if view:
        parts.append(f"{markdown_text(view) if fmt == 'markdown' else view}\n")
    return "\n".join(parts)


def write_records(tables: Sequence[Table], *, width: int, view: str = "") -> str:
    """Return tables as records: a line for each cell that is not empty, none cut.

    Args:
        tables: of texts.
        width: columns of the terminal, at which a long text goes on in the next line.
        view: the line of their view, which ends the text.

    >>> print(write_records([Table("", ("plant", "closed"), [["La Rochelle", "1994"]])], width=80))
    plant   La Rochelle
    closed  1994
    <BLANKLINE>
    """
    parts = [f"{record}\n" for table in tables for record in _records(_revealed(table), width)]
    view = reveal(view)
    return "\n".join([*parts, f"{view}\n"] if view else parts)


def _records(table: Table, width: int) -> Iterator[str]:
    wide = max(map(_wide, table.columns), default=0)
    if not table.rows:
        yield "  ".join(table.columns)
    for row in table.rows:
        lines = []
        for name, cell in zip(table.columns, row, strict=True):
            told = wrapped(cell, max(width - wide - 2, _LEAST))
            for begin, text in zip([name, *[""] * len(told)], told, strict=False):
                lines.append(f"{_fit(begin, wide, right=False)}  {text}")
        yield "\n".join(lines)


def wrapped(text: str, width: int) -> list[str]:
    """Break a text between words; a word that is too long alone, an address, stays whole.

    >>> wrapped("Neodymium and praseodymium", 16)
    ['Neodymium and', 'praseodymium']
    """
    lines: list[str] = []
    for word in text.split():
        if lines and _wide(lines[-1]) + 1 + _wide(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def natural_width(table: Table) -> int:
    """Return how wide a table is where nothing is cut.

    >>> natural_width(Table("", ("plant", "closed"), [["La Rochelle", "1994"]]))
    19
    """
    return sum(_widths(_revealed(table))) + 2 * (len(table.columns) - 1)


def to_json(content: object) -> str:
    """Return JSON as readers and programs like it: indented, Chinese as Chinese."""
    return escape_hidden(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _revealed(table: Table) -> Table:
    """A table whose texts hide nothing: a terminal obeys what it is told."""
    return replace(
        table,
        heading=reveal(table.heading),
        columns=tuple(map(reveal, table.columns)),
        rows=[[*map(reveal, row)] for row in table.rows],
        remarks=tuple(map(reveal, table.remarks)),
        right=tuple(map(reveal, table.right)),
        spare=tuple(map(reveal, table.spare)),
    )


def _plain(table: Table, width: int | None) -> str:
    """Lines of columns; on a narrow terminal spare columns go, then the widest text is cut."""
    table = _narrow(table, width) if width else table
    cells = [list(table.columns), *[list(row) for row in table.rows]]
    widths = _widths(table)
    if width:
        over = sum(widths) + 2 * (len(widths) - 1) - width
        while over > 0 and max(widths) > _LEAST:
            widest = widths.index(max(widths))
            widths[widest] -= 1
            over -= 1
    lines = [table.heading, ""] if table.heading else []
    for row in cells:
        texts = [
            _fit(cell, widths[place], right=table.columns[place] in table.right)
            for place, cell in enumerate(row)
        ]
        lines.append("  ".join(texts).rstrip())
    lines += ["", *table.remarks] if table.remarks else []
    return "\n".join(lines) + "\n"


def _narrow(table: Table, width: int) -> Table:
    """Leave spare columns out, one after the other, until the rest can be cut to fit."""
    left: list[str] = []
    for name in table.spare:
        widths = [min(wide, _LEAST) for wide in _widths(table)]
        if sum(widths) + 2 * (len(widths) - 1) <= width:
            break
        place = table.columns.index(name)
        table = replace(
            table,
            columns=tuple(column for column in table.columns if column != name),
            rows=[[*row[:place], *row[place + 1 :]] for row in table.rows],
        )
        left.append(name)
    if left:
        remark = f"Too narrow here for: {', '.join(left)}; widen, or take --format csv."
        table = replace(table, remarks=(*table.remarks, remark))
    return table


def _widths(table: Table) -> list[int]:
    rows = [table.columns, *table.rows]
    return [max(_wide(row[place]) for row in rows) for place in range(len(table.columns))]


def _fit(text: str, width: int, *, right: bool) -> str:
    text = text.replace("\n", " ")
    if _wide(text) > width:
        taken = accumulate(map(_wide, text), initial=1)  # the ellipsis takes one
        text = text[: bisect_right([*taken], width) - 1] + "…" if width else ""
    pad = " " * (width - _wide(text))
    return pad + text if right else text + pad


def _wide(text: str) -> int:
    """Columns a text takes in a terminal; Chinese characters take two."""
    if text.isascii():
        return len(text)
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _markdown(table: Table, _: int | None) -> str:
    marks = ["---:" if name in table.right else "---" for name in table.columns]
    lines = [f"**{markdown_text(table.heading)}**", ""] if table.heading else []
    body = (table.columns, marks, *table.rows)
    lines += ["| " + " | ".join(markdown_text(cell) for cell in row) + " |" for row in body]
    lines += (
        ["", *(f"- {markdown_text(remark)}" for remark in table.remarks)] if table.remarks else []
    )
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
    for row in (map(reveal, header), *(map(safe_cell, map(reveal, row)) for row in rows)):
        out.seek(0)
        out.truncate()
        writer.writerow(row)
        lines.append(f"{out.getvalue().removesuffix(writer.dialect.lineterminator)}\n")
    return lines


def csv_text(tables: Iterable[Table]) -> str:
    """Return tables as CSV, a blank line between two."""
    return "\n".join("".join(csv_lines(table.columns, table.rows)) for table in tables)


def tsv_text(tables: Iterable[Table]) -> str:
    r"""Return tables as TSV, a blank line between two; a tab or line end in a cell is a space.

    >>> tsv_text([Table("", ("a", "b"), [["1\t2", "=3"]])])
    "a\tb\n1 2\t'=3\n"
    """
    return "\n".join(
        "".join(
            "\t".join(re.sub(r"[\t\r\n]+", " ", cell) for cell in row) + "\n"
            for row in (
                map(reveal, table.columns),
                *(map(safe_cell, map(reveal, row)) for row in table.rows),
            )
        )
        for table in tables
    )


def safe_cell(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; numbers stay.

    >>> safe_cell("=1+1"), safe_cell("-0.44"), safe_cell("Dy")
    ("'=1+1", '-0.44', 'Dy')
    """
    if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def tables_html(tables: Iterable[Table]) -> str:
    """Return tables as HTML.

    >>> print(tables_html([Table("Who <leads>", ("a",), [["1"]], right=("a",))]))
    <table><caption>Who &lt;leads&gt;</caption><thead><tr><th scope="col">a</th></tr></thead>
    <tbody><tr><td style="text-align:right">1</td></tr></tbody></table>
    """
    return "\n".join(_table(_revealed(table)) for table in tables)


def _table(table: Table) -> str:
    from html import escape  # all entities of HTML come with it, and a lookup needs none

    caption = f"<caption>{escape(table.heading)}</caption>" if table.heading else ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    body = "\n".join(
        "<tr>"
        + "".join(_cell(table, *pair) for pair in zip(table.columns, row, strict=True))
        + "</tr>"
        for row in table.rows
    )
    remarks = "".join(f"<li>{escape(remark)}</li>" for remark in table.remarks)
    return f"<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>" + (
        f"<ul>{remarks}</ul>" if remarks else ""
    )


def _cell(table: Table, name: str, text: str) -> str:
    from html import escape

    style = ' style="text-align:right"' if name in table.right else ""
    return f"<td{style}>{escape(text)}</td>"
