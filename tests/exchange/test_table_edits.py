"""Rows put into the text of a table: in their order, and nothing else is touched."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from monazite.exchange.table_edits import edit_table, written

HEADER = "row,x\n"
TEXTS = st.text(alphabet=st.sampled_from('ab ,"\n\u2028稀'), max_size=6)
ROWS = st.dictionaries(st.text(alphabet="abcd", min_size=1, max_size=2), TEXTS, max_size=6)


def read(text: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(text, newline=""), strict=True)][1:]


@given(ROWS, ROWS, st.booleans())
def test_what_is_put_in_is_there_and_all_else_as_it_was(
    there: dict[str, str], new: dict[str, str], in_order: bool
) -> None:
    keys = sorted(there, reverse=not in_order)
    before = HEADER + "".join(written([key, there[key]]) for key in keys)
    fields = {key: [key, text] for key, text in new.items()}
    edited = edit_table("t", before, fields, "row")
    after = read(edited.after)
    assert dict(after) == {**there, **new}
    if in_order or len(there) < 2:
        assert [key for key, _ in after] == sorted({**there, **new})
    else:
        assert [key for key, _ in after] == [*keys, *sorted(new.keys() - there.keys())]
    lines = edited.after.split("\n")
    for line, key in edited.lines.items():
        assert lines[line - 1].startswith(key)
    assert {*edited.lines.values()} == {*new}


@given(ROWS, ROWS)
def test_the_order_of_what_is_put_in_says_nothing(
    there: dict[str, str], new: dict[str, str]
) -> None:
    before = HEADER + "".join(written([key, there[key]]) for key in there)
    fields = {key: [key, text] for key, text in new.items()}
    turned = dict(reversed(fields.items()))
    one, two = (edit_table("t", before, each, "row") for each in (fields, turned))
    assert one.patch("a") == two.patch("a")


def test_a_patch_names_the_table_in_its_folder_and_says_nothing_of_nothing() -> None:
    edited = edit_table("t", "row,x\na,1\n", {"b": ["b", "2"]}, "row")
    assert edited.patch("ontology/tables") == (
        "--- a/ontology/tables/t.csv\n+++ b/ontology/tables/t.csv\n"
        "@@ -1,2 +1,3 @@\n row,x\n a,1\n+b,2\n"
    )
    assert edit_table("t", "row,x\na,1\n", {}, "row").patch("x") == ""
