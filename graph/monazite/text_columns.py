"""Texts in the columns of a terminal: numbers stay whole, and sentences wrap at words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from unicodedata import east_asian_width

GAP = 2
"""Blanks between two columns."""
COMFORT, WORD = 16, 32
"""A column of text that is no narrower reads well; a word that is longer may be broken."""
SAMPLE = 40
"""Lines of a table by which the widths of its columns are chosen."""
_UNIT = re.compile(r"(?<=[\d.]) (?=(?:%|t|kt|Mt|g|kg)(?:\W|$))")
"""Between a number and its unit no line ends."""
_GLUE = "\x00"


def wide(text: str) -> int:
    """Return the columns that a text takes; Chinese characters take two.

    >>> wide("ore"), wide("白云鄂博")
    (3, 8)
    """
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def wrapped(text: str, width: int, indent: str = "", *, whole: bool = False) -> list[str]:
    """Return a text as lines that end at words, and never between a number and its unit.

    >>> wrapped("It would lose 69 % of it", 15)
    ['It would lose', '69 % of it']
    """
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
    """Return a text whose lines wrap, each under its own first word.

    >>> wrapped_lines("  held by a firm", 12).splitlines()
    ['  held by a', '    firm']
    """
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
    """Return how narrow each column may become.

    >>> least_widths(["what", "loss"], [["China at separation", "99 %"]], ["loss"], text=12)
    [12, 4]
    """
    numbers = set(right)
    found = []
    for place, name in enumerate(columns):
        cells = [row[place] for row in rows]
        head = max(map(wide, _words(name)), default=0)
        most = max(map(wide, cells), default=0)
        longest = max((wide(word) for cell in cells for word in _words(cell)), default=0)
        if name in numbers:
            least = min(most, max(COMFORT, longest))  # a number, not a sentence about it
        else:
            least = min(most, max(text, min(word, longest)))
        found.append(max(head, least))
    return found


def lay_out(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Iterable[str] = (),
    width: int | None = None,
) -> list[str]:
    """Return a table as lines; cells of text that are too wide go on in further lines.

    >>> lay_out(["what", "loss"], [["China at separation", "99 %"]], ["loss"], 17)
    ['what         loss', 'China at     99 %', 'separation']
    """
    numbers = set(right)
    cells = [[cell.replace("\n", " ") for cell in row] for row in (columns, *rows)]
    widths = [max(wide(row[place]) for row in cells) for place in range(len(columns))]
    if width is not None:
        widths = _shrunk(widths, columns, cells[1:], numbers, width)
        if sum(widths) + GAP * (len(widths) - 1) > width and len(widths) > 1:
            return _as_records(cells[0], cells[1:], width)
    lines: list[str] = []
    for row in cells:
        parts = [
            wrapped(cell, widths[place]) if wide(cell) > widths[place] else [cell]
            for place, cell in enumerate(row)
        ]
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
        told = [[name, cell] for name, cell in zip(columns, row, strict=True) if cell.strip()]
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
    lines = sum(max(map(_lines, row, tried)) for row in sizes)
    return lines, -widths[narrowed]


def _lines(size: int, width: int) -> int:
    return -(-size // width)


def _padded(text: str, width: int, *, right: bool) -> str:
    pad = " " * (width - wide(text))
    return pad + text if right else text + pad
