"""The text of a table with rows put into it: every other line stays as it was, byte for byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff

from monazite.rows.bounds import Budget
from monazite.rows.csv_records import csv_records

Fields = list[str]


@dataclass(frozen=True)
class EditedTable:
    """A table before and after rows were put into it.

    Attributes:
        lines: the keys of the rows that were put in, by the line on which each begins now.
    """

    name: str
    before: str
    after: str
    lines: Mapping[int, str]

    def patch(self, folder: str) -> str:
        """Return the change as a unified diff, as ``git apply`` takes it."""
        place = f"{folder}/{self.name}.csv"
        return "".join(
            unified_diff(_lines(self.before), _lines(self.after), f"a/{place}", f"b/{place}")
        )


def edit_table(name: str, before: str, rows: Mapping[str, Fields], key: str) -> EditedTable:
    r"""Put rows into the text of a table.

    A row whose key is there takes its place. Where the rows stand in the order of their keys, so
    does a new one; else it comes after all, in the order of the keys of those that are new.

    >>> edit_table("t", "row,x\na,1\nc,3\n", {"b": ["b", "2"], "a": ["a", "0"]}, "row").after
    'row,x\na,0\nb,2\nc,3\n'
    """
    records = list(csv_records(before, Budget()))
    (_, header), *others = records
    place = header.index(key)
    lines = _lines(before)
    ends = [*(line for line, _ in records[1:]), len(lines) + 1]
    there = [fields[place] for _, fields in others]
    texts = ["".join(lines[: ends[0] - 1])]
    new = {each: written(rows[each]) for each in sorted(rows.keys() - {*there})}
    is_sorted = there == sorted(there)
    keys = [""]
    for old, begin, end in zip(there, ends, ends[1:], strict=False):
        while is_sorted and new and next(iter(new)) < old:
            keys.append(first := next(iter(new)))
            texts.append(new.pop(first))
        keys.append(old)
        texts.append(written(rows[old]) if old in rows else "".join(lines[begin - 1 : end - 1]))
    keys += new
    texts += new.values()
    return EditedTable(name, before, "".join(texts), _places(keys, texts, rows))


def written(fields: Iterable[str]) -> str:
    r"""Return a row as it stands in a table: RFC 4180, with a line feed.

    >>> written(["a", "1,5"])
    'a,"1,5"\n'
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(fields)
    return out.getvalue()


def _lines(text: str) -> list[str]:
    """The lines of a text, each with its line feed; nothing else ends one."""
    return [f"{line}\n" for line in text.split("\n")[:-1]]


def _places(keys: list[str], texts: list[str], rows: Mapping[str, Fields]) -> dict[int, str]:
    found: dict[int, str] = {}
    line = 1
    for key, text in zip(keys, texts, strict=True):
        if key in rows:
            found[line] = key
        line += text.count("\n")
    return found
