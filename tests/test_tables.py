"""Tables of text: what gives way on a narrow terminal, and that it is said."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite import tables
from monazite.safe_text import reveal
from monazite.tables import Table, csv_text, percent, tables_html, to_json, write_tables

TABLE = Table(
    heading="",
    columns=("rank", "what stops", "source", "row"),
    rows=[["1", "China separation", "International Energy Agency 2025", "production/" + "x" * 60]],
    right=("rank",),
    spare=("row", "source"),
)


def lines_of(width: int | None) -> list[str]:
    return write_tables([TABLE], "table", width=width).splitlines()


def test_a_pipe_gets_every_column_whole() -> None:
    text = "\n".join(lines_of(None))
    assert "x" * 60 in text
    assert "--full" not in text


@pytest.mark.parametrize("width", [30, 44, 60, 80, 120])
def test_no_line_of_the_table_is_wider_than_the_terminal(width: int) -> None:
    table = [line for line in lines_of(width) if line.startswith(("rank", "   1"))]
    assert len(table) == 2
    assert max(map(len, table)) <= width


def test_what_gives_way_goes_in_its_order_and_full_is_named() -> None:
    assert [
        ("source" in lines_of(width)[0], "row" in lines_of(width)[0]) for width in (60, 44)
    ] == [
        (True, True),
        (True, False),
    ]
    assert "source" not in lines_of(30)[0]
    assert lines_of(44)[-1] == lines_of(30)[-1] == "More: --full"


def test_details_are_of_the_full_table_alone() -> None:
    table = Table("", ("a",), [["1"]], remarks=("short",), details=("long",), spare=("a",))
    assert "long" not in write_tables([table], "table", width=80)
    assert "long" not in write_tables([table], "markdown")
    full = write_tables([table.full()], "table")
    assert full.splitlines()[-2:] == ["short", "long"]


def test_a_sentence_wraps_at_words_and_keeps_numbers_with_their_units() -> None:
    table = Table("", ("a",), [["1"]], remarks=("It would lose some 69 % of 3,331 t it used.",))
    lines = write_tables([table], "table", width=19, view="Data: all dates, none left out").split(
        "\n"
    )
    assert lines[3:6] == ["It would lose some", "  69 % of 3,331 t", "  it used."]
    assert lines[7:9] == ["Data: all dates,", "  none left out"]


def test_chinese_counts_two_columns() -> None:
    wide = Table("", ("name", "id"), [["白云鄂博", "x"], ["abcdefgh", "y"]])
    first, second = write_tables([wide], "table").splitlines()[1:]
    assert first == "白云鄂博  x"
    assert second == "abcdefgh  y"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.004, "<1 %"), (0.914, "91 %"), (0.996, ">99 %"), (1.0, "100 %")],
)
def test_what_rounds_away_is_neither_nothing_nor_everything(share: float, text: str) -> None:
    assert percent(share) == text


def test_what_is_no_number_is_no_json() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"loss": float("nan")})


@given(st.text(max_size=20))
def test_whatever_a_cell_holds_no_output_hides_anything(text: str) -> None:
    table = Table(text, (text,), [[text]], (text,), (text,), (text,), (text,))
    for written in (
        write_tables([table], "table", view=text),
        write_tables([table], "table", width=20, view=text),
        write_tables([table], "markdown", view=text),
        csv_text([table]),
        tables_html([table]),
        to_json({"a": text}),
    ):
        assert reveal(written) == written
        written.encode()


def test_an_end_of_a_line_in_a_cell_ends_no_row_of_csv() -> None:
    rows = [["a\r=1+1", "b"], ["c\nd", "e"], ["f\r\ng", "h"]]
    text = "".join(tables.csv_lines(["x", "y"], rows))
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["x", "y"], *rows]
    assert text.startswith("x,y\n")
