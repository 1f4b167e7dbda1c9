"""Foreign text made safe to see, and numbers that neither vanish nor round up to everything."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeGuard

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monazite
from monazite.safe_text import (
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

BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and signs by their category, which show nothing."""
HIDDEN = [
    chr(code)
    for code in (
        *(0x00, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x200B, 0x2028, 0x202E, 0x2066, 0xD800, 0xFDD0),
        *(0xFEFF, 0xFFFE, 0xFFFF, 0x1FFFE, 0xE0041, 0x10FFFF),
    )
]


@pytest.mark.parametrize("character", HIDDEN, ids=lambda each: f"{ord(each):04x}")
def test_what_hides_or_turns_text_is_shown_as_a_character(character: str) -> None:
    shown = visible(f"a{character}b")
    assert len(shown) == 3
    assert character not in shown


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


@given(st.text(max_size=30))
def test_what_is_escaped_is_read_back(text: str) -> None:
    written = escape_hidden(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert reveal(written) == written


def test_joiners_stay_and_blanks_become_one() -> None:
    assert visible("👩\u200d🔬 \t\r\n  Dy") == "👩\u200d🔬 Dy"


@given(st.text(max_size=60))
def test_text_that_is_safe_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.text(max_size=60), st.floats(2, 40))
def test_what_is_cut_fits_and_begins_as_it_did(text: str, ems: float) -> None:
    cut = shorten(text, ems)
    assert em_width(cut) <= ems
    assert cut == text or text.startswith(cut.removesuffix("…"))


@given(st.text("abc MW中", max_size=60), st.floats(3, 20))
def test_two_lines_fit_each(text: str, ems: float) -> None:
    assert all(em_width(line) <= ems + 1e-9 for line in two_lines(text, ems))


@pytest.mark.parametrize(
    ("share", "wide", "narrow"),
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
def test_percent_at_both_ends(share: object, wide: str, narrow: str) -> None:
    assert (percent(share), percent(share, narrow=True)) == (wide, narrow)


def test_an_amount_has_three_figures_and_its_unit_on_the_line() -> None:
    assert amount(99.96, "t") == f"100{NO_BREAK}t"
    assert amount(0.012345, "t") == f"0.0123{NO_BREAK}t"
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


PACKAGE = Path(monazite.__file__).parent


def _trees() -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.name != "safe_text.py":
            yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def _writes_percent(text: ast.JoinedStr) -> bool:
    """A part of 1 written as per cent by hand: ``{part:.0%}`` or ``{100 * part:.0f} %``."""
    for value, after in pairwise([*text.values, ast.Constant("")]):
        if not isinstance(value, ast.FormattedValue):
            continue
        if value.format_spec is not None and ast.unparse(value.format_spec).endswith(("%'", '%"')):
            return True
        scaled = any(
            isinstance(each, ast.BinOp)
            and isinstance(each.op, ast.Mult)
            and 100 in {getattr(side, "value", None) for side in (each.left, each.right)}
            for each in ast.walk(value.value)
        )
        said = after.value if isinstance(after, ast.Constant) else ""
        if scaled and str(said).lstrip(" \N{NO-BREAK SPACE}").startswith("%"):
            return True
    return False


@pytest.mark.parametrize("code", ["f'{x:.0%}'", "f'{x:+.1%} of'", "f'{round(100 * x)} %'"])
def test_a_per_cent_by_hand_is_seen(code: str) -> None:
    (text,) = (each for each in ast.walk(ast.parse(code)) if is_text(each))
    assert _writes_percent(text)


def is_text(node: ast.AST) -> TypeGuard[ast.JoinedStr]:
    """An f-string, and not the format of one of its values."""
    return isinstance(node, ast.JoinedStr) and any(
        isinstance(each, ast.FormattedValue) for each in node.values
    )


def test_parts_become_per_cent_in_one_place() -> None:
    by_hand = [
        f"{name}:{node.lineno}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if is_text(node) and _writes_percent(node)
    ]
    assert by_hand == []


def test_what_no_row_says_is_named_once() -> None:
    again = [
        f"{name}:{node.lineno}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == NOT_KNOWN
    ]
    assert again == []


def test_a_little_less_than_nothing_keeps_its_sign_in_a_table() -> None:
    assert [percent(each, narrow=True) for each in (-0.004, -0.02, -1e-9)] == [
        "-<1 %",
        "-2 %",
        "0 %",
    ]


@pytest.mark.parametrize(
    ("number", "said"),
    [(3323.4, "3,323"), (99.6, "100"), (9.994, "9.99"), (0.0456, "0.0456"), (0.0004, "0")],
)
def test_tonnes_round_alike_with_and_without_their_unit(number: float, said: str) -> None:
    assert tonnes(number) == said
    assert in_tonnes(number) == f"{said} t"
    assert amount(number, "t") == f"{said}{NO_BREAK}t"


NOUNS = re.compile(
    r" (?:\w+ )?(rows|records|facts|files|tables|lines|sums|faults|sources|fields|columns|months|"
    r"countries|flows|questions|changes|claims|plants|nodes|links|triples|quads|cells|draws)\b"
)
COUNTED_OTHERWISE = {
    "bills/levels.py": "two or more",
    "bills/reading.py": "more than are read",
    "customs/record_files.py": "more than are read",
    "imports/source_file.py": "more than are read",
    "pages/graph/folding.py": "two or more",
    "rows/own_files.py": "more than are read",
    "rows/table_texts.py": "more than are read",
    "triples/reason.py": "as many as a rule may add",
    "triples/remote/copying.py": "a whole graph",
    "triples/remote/pushing.py": "a whole graph",
}
"""Modules that say a number before such a noun without asking whether it is 1, and why they may."""


def test_a_number_before_a_noun_is_counted() -> None:
    found = {
        name
        for name, tree in _trees()
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for number, after in pairwise(text.values)
        if is_number(number) and isinstance(after, ast.Constant) and NOUNS.match(str(after.value))
    }
    assert found == COUNTED_OTHERWISE.keys()


def is_number(value: ast.expr) -> bool:
    """Whether a part of a text is written as a whole number, or is a length; limits are many."""
    if not isinstance(value, ast.FormattedValue):
        return False
    is_limit = isinstance(value.value, ast.Name | ast.Attribute) and ast.unparse(value.value)
    if is_limit and is_limit.rpartition(".")[2].isupper():
        return False
    spec = ast.unparse(value.format_spec) if value.format_spec else ""
    length = isinstance(value.value, ast.Call) and ast.unparse(value.value.func) == "len"
    return spec == "f','" or length
