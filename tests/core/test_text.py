"""Text and numbers as a reader may safely see them, in tables, columns and sentences."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.main import get_command

from monazite.cli.app import app
from monazite.cli.app import commands as named_commands
from monazite.core.formats import (
    NO_BREAK,
    NOT_KNOWN,
    amount,
    em_width,
    escape_hidden,
    in_tonnes,
    number_of,
    percent,
    plain,
    reveal,
    shorten,
    tonnes,
    two_lines,
    visible,
    web_address,
)
from monazite.core.spoken_commands import (
    FINDINGS,
    TERMINAL,
    TOOLS,
    VIEWED,
    for_assistant,
    for_page,
    for_view,
)
from monazite.core.tables import (
    Table,
    csv_lines,
    csv_text,
    lay_out,
    tables_html,
    to_json,
    wide,
    wrapped,
    write_tables,
)
from monazite.server.assistants.tools import offers
from monazite.server.findings import served_verbs

# Safe text

BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and signs by their category, which show nothing."""


def test_every_character_that_unicode_hides_is_hidden_and_no_other() -> None:
    """The ranges are written out, so that no table of another Python changes a page."""
    for code in range(0x110000):
        letter = chr(code)
        kind = unicodedata.category(letter)
        none = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
        hidden = kind in {"Cc", "Cf", "Cs", "Zl", "Zp"} and letter not in "\t\n\r\u200c\u200d"
        if hidden or none or letter in BLANK:
            assert reveal(letter) != letter, hex(code)
        elif kind != "Cn":
            assert reveal(letter) == letter, hex(code)


@pytest.mark.parametrize("character", "\x00\x1b\x85\xad\u200b\u202e\ud800\ufeff\U000e0041")
def test_what_hides_or_turns_text_is_shown_as_a_character(character: str) -> None:
    shown = visible(f"a{character}b")
    assert len(shown) == 3
    assert character not in shown


@given(st.text(max_size=60), st.floats(2, 40))
def test_what_is_shown_is_safe_fits_and_is_read_back(text: str, ems: float) -> None:
    written = escape_hidden(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert reveal(written) == written
    assert visible(visible(text)) == visible(text)
    cut = shorten(text, ems)
    assert em_width(cut) <= ems
    assert cut == text or text.startswith(cut.removesuffix("…"))


def test_joiners_stay_and_blanks_become_one() -> None:
    assert visible("👩\u200d🔬 \t\r\n  Dy") == "👩\u200d🔬 Dy"


@given(st.text("abc MW中", max_size=60), st.floats(3, 20))
def test_two_lines_fit_each(text: str, ems: float) -> None:
    assert all(em_width(line) <= ems + 1e-9 for line in two_lines(text, ems))


@pytest.mark.parametrize(
    ("share", "long", "narrow"),
    [
        (0.0, "0 %", "0 %"),
        (4e-6, "0 %", "0 %"),
        (6e-6, "under 1 %", "<1 %"),
        (0.0049, "under 1 %", "<1 %"),
        (0.0051, "1 %", "1 %"),
        (0.994, "99 %", "99 %"),
        (0.996, "over 99 %", ">99 %"),
        (1 - 4e-6, "100 %", "100 %"),
        (True, NOT_KNOWN, NOT_KNOWN),
        (float("nan"), NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_percent_at_both_ends(share: object, long: str, narrow: str) -> None:
    assert (percent(share), percent(share, narrow=True)) == (long, narrow)


def test_a_little_less_than_nothing_keeps_its_sign() -> None:
    shown = [percent(each, narrow=True) for each in (-0.004, -0.02, -1e-9)]
    assert shown == ["-<1 %", "-2 %", "0 %"]


@pytest.mark.parametrize(
    ("number", "said"),
    [(3323.4, "3,323"), (99.96, "100"), (9.994, "9.99"), (0.012345, "0.0123"), (0.0004, "0")],
)
def test_tonnes_round_alike_with_and_without_their_unit(number: float, said: str) -> None:
    assert (tonnes(number), in_tonnes(number)) == (said, f"{said} t")
    assert amount(number, "t") == f"{said}{NO_BREAK}t"


def test_what_is_no_number_is_no_amount() -> None:
    assert amount(float("inf"), "t") == ""
    assert number_of(7) == 7.0


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " https://a.org", "//a.org", "https://a b", "https://a\u202eb.org", 7],
)
def test_only_a_plain_address_is_one(url: object) -> None:
    assert web_address(url) is None
    assert web_address("HTTPS://a.org/x") == "HTTPS://a.org/x"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("No row says so.", "No record says so."),
        ('Rows of "this row" differ.', 'Records of "this row" differ.'),
        ("It is left out of this view: widen the view.", "It is left out: use more of the data."),
        ("Rowland is no row.", "Rowland is no record."),
        ("No row says what it takes.", "We found no figure for what it takes."),
        (
            "Nobody prints that; the horizon is 3 percent.",
            "We found no figure for that; the time allowed is 3 %.",
        ),
    ],
)
def test_a_sentence_of_the_model_is_told_in_the_words_of_reports(said: str, told: str) -> None:
    assert plain(said) == told


# Columns

WORDS = st.text(alphabet="ab 中文é9%", max_size=60)


@given(WORDS, st.integers(8, 30))
def test_no_line_is_wider_no_letter_is_lost_and_what_goes_on_is_indented(
    text: str, width: int
) -> None:
    lines = wrapped(text, width, "  ")
    assert max(map(wide, lines)) <= width
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert not lines[0].startswith(" ")
    assert all(line.startswith("  ") and line.strip() for line in lines[1:])


@pytest.mark.parametrize("number", ["69 %", "3,331 t", "12 kt"])
def test_a_number_stays_with_its_unit(number: str) -> None:
    for width in range(len(number), 20):
        assert any(number in line for line in wrapped(f"of {number} lost", width))


@pytest.mark.parametrize("width", [24, 30, 40, 80, 120])
def test_numbers_are_whole_at_any_width_and_heads_wrap(width: int) -> None:
    rows = [["China separation and at mine", "1,234,567", "92 % to 100 %"]]
    right = ["home first", "in trials"]
    lines = lay_out(["what stops", *right], rows, right, width)
    assert max(map(wide, lines)) <= width
    assert any("1,234,567" in line for line in lines)
    assert any("92 % to 100 %" in line for line in lines)


def test_what_does_not_fit_side_by_side_is_told_cell_by_cell() -> None:
    rows = [["Discovered", "1,234,567 t of ore", ""], ["Sold", "2 t", "x"]]
    lines = lay_out(["event", "how much", "note"], rows, ["how much"], 40)
    assert lines[0].split() == ["event", "how", "much", "note"]
    assert lay_out(["event", "how much", "note"], rows, ["how much"], 24) == [
        "event     Discovered",
        "how much  1,234,567 t of",
        "          ore",
        "",
        "event     Sold",
        "how much  2 t",
        "note      x",
    ]


def test_an_address_goes_on_in_the_next_line() -> None:
    address = "https://example.org/" + "x" * 60
    lines = lay_out(["what", "where"], [["a", address]], width=40)
    assert max(map(wide, lines)) <= 40
    assert "".join(line[6:].strip() for line in lines[1:]) == address


# Tables

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
    kept = {width: {"source", "row"} & {*lines_of(width)[0].split()} for width in (60, 44, 30)}
    assert kept == {60: {"source", "row"}, 44: {"source"}, 30: set()}
    assert lines_of(44)[-1] == lines_of(30)[-1] == "More: --full"


def test_details_are_of_the_full_table_alone() -> None:
    table = Table("", ("a",), [["1"]], remarks=("short",), details=("long",), spare=("a",))
    assert "long" not in write_tables([table], "table", width=80)
    assert "long" not in write_tables([table], "markdown")
    assert write_tables([table.full()], "table").splitlines()[-2:] == ["short", "long"]


def test_a_sentence_wraps_at_words_and_keeps_numbers_with_their_units() -> None:
    table = Table("", ("a",), [["1"]], remarks=("It would lose some 69 % of 3,331 t it used.",))
    text = write_tables([table], "table", width=19, view="Data: all dates, none left out")
    lines = text.split("\n")
    assert lines[3:6] == ["It would lose some", "  69 % of 3,331 t", "  it used."]
    assert lines[7:9] == ["Data: all dates,", "  none left out"]


def test_chinese_counts_two_columns() -> None:
    wide_ones = Table("", ("name", "id"), [["白云鄂博", "x"], ["abcdefgh", "y"]])
    assert write_tables([wide_ones], "table").splitlines()[1:] == ["白云鄂博  x", "abcdefgh  y"]


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
    text = "".join(csv_lines(["x", "y"], rows))
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["x", "y"], *rows]
    assert text.startswith("x,y\n")


# Commands in sentences


@pytest.mark.parametrize(
    ("sentence", "tool", "page"),
    [
        (
            "no market; search with: monazite query entities-named.",
            'no market; search with: the tool query with {"question": "entities-named", '
            '"parameters": {"name": "NAME"}}.',
            "no market; search with: /questions/entities-named?name=NAME.",
        ),
        (
            "52 more: monazite policies --by CHN\nAimed",
            '52 more: the tool policies with {"by": "CHN"}\nAimed',
            "52 more: /findings/policies?by=CHN\nAimed",
        ),
        (
            "1 more: monazite query facilities-in -p country=CHN How",
            '1 more: the tool query with {"question": "facilities-in", "parameters": '
            '{"country": "CHN"}} How',
            "1 more: /questions/facilities-in?country=CHN How",
        ),
        (
            "look at monazite balance for what does not close.",
            "look at the tool balance for what does not close.",
            "look at /findings/balance for what does not close.",
        ),
        ("The query x needs --param element=... (y)", *["The query x needs element=... (y)"] * 2),
        ("Only these; --kind all lists them.", *["Only these; kind=all lists them."] * 2),
        ("widen --valid, --known or --tier.", *['widen "valid", "known" or "tier".'] * 2),
        ("Add an assay with --data.", *['Add an assay with the server\'s option "data".'] * 2),
        (
            "8 others; --full names them.",
            "8 others; answer names them.",
            "8 others; JSON names them.",
        ),
        ("No more.\nMore: --full", "No more.", "No more."),
        ("load it: monazite push URL.", *["load it: the terminal command monazite push URL."] * 2),
        ("Steenkampskraal monazite mine, monazite concentrate", *[""] * 2),
        ('style="fill:var(--loss-3)" monazite treatment plant', *[""] * 2),
    ],
)
def test_a_sentence_leads_to_what_is_there(sentence: str, tool: str, page: str) -> None:
    assert for_assistant(sentence) == (tool or sentence)
    assert for_page(sentence) == (page or sentence)


def test_in_markup_signs_of_an_address_are_escaped() -> None:
    told = for_page("<b>monazite doubt -e La -m USA.</b>", markup=True)
    assert told == "<b>/findings/doubt?element=La&amp;market=USA.</b>"


def test_tools_addresses_and_commands_are_those_that_are_offered() -> None:
    assert offers().keys() == TOOLS
    assert served_verbs().keys() >= FINDINGS
    assert {*named_commands()} >= TERMINAL
    commands: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
    for name in VIEWED & commands.keys():
        options = {each.name for each in commands[name].params}
        assert {"valid", "known", "tier", "without", "data"} <= options, name


def test_a_command_asks_the_view_that_its_reader_asked() -> None:
    asked = "--valid 2012 --without 'A & B'"
    said = "4 more: monazite policies -e dy"
    assert for_view(said, asked) == f"{said} {asked}"
    assert for_view(said, "") == said
    for other in (
        "Open it with monazite import baci FILE.",
        "list them with: monazite query --list",
        "The monazite mine of Kerala.",
        'He said "monazite show Pm".',
    ):
        assert for_view(other, asked) == other
