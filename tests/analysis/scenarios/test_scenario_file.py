"""Scenario files: what they say, every fault with its line, and what a hostile one cannot do."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.scenarios import keys
from monazite.analysis.scenarios.keys import value_of
from monazite.analysis.scenarios.scenario_file import (
    Scenario,
    list_scenarios,
    read_scenario,
    read_text,
    shipped_names,
)
from monazite.core.errors import FaultyTablesError, UnknownNameError, UnreadableError
from monazite.core.package import ontology_folder
from monazite.model.months.firms import FirmClass

TOP = 'title = "A"\ndescription = "A."\nstart = "2025-04"\nmonths = 12\n'
SHOCK = '[[shock]]\nkind = "embargo"\nseller = "CHN"\nfrom = 2025-04-04\n'


def faults(text: str) -> list[str]:
    with pytest.raises(FaultyTablesError) as refused:
        read_scenario(text, "a.toml")
    return [str(fault) for fault in refused.value.faults]


def test_a_file_is_read_as_it_is_written() -> None:
    firms = "[[firms]]\ndays = 30\nshare = 0.5\n[[firms]]\ndays = 90\nshare = 0.5\n"
    view = '[view]\ntier = 2\nwithout = ["table:baci"]\n'
    found = read_scenario(TOP + view + firms + SHOCK + 'until = "2025-05-01"\n', "x/a.toml")
    assert (found.id, found.start, found.months) == ("a", date(2025, 4, 1), 12)
    assert found.firms == (FirmClass(30.0, 0.5), FirmClass(90.0, 0.5))
    assert found.view == {"tier": 2, "without": ("table:baci",)}
    (shock,) = found.shocks
    assert (shock.kind, shock.begins, shock.ends) == (
        *("embargo", date(2025, 4, 4)),
        date(2025, 5, 1),
    )
    assert (shock.text("seller"), shock.number("part", 0.0)) == ("CHN", 0.0)


def test_all_faults_are_told_at_once_each_with_its_line() -> None:
    text = (
        'title = 3\ndescription = "A."\nstart = "2025-13"\nmonths = 0\nmarket = ["USA"]\n'
        '[[shock]]\nkind = "embarg"\n'
        '[[shock]]\nkind = "licence"\nseller = "CHN"\nfrom = "2025-02-30"\nheld = 1.5\n'
        '[[shock]]\nkind = "close"\nfrom = 2025-06-01\nuntil = 2025-05-01\n'
    )
    assert faults(text) == [
        "a.toml:1: title is 3; write a text",
        "a.toml:3: start is '2025-13'; write a month, as \"2025-04\"",
        "a.toml:4: months is 0; write a whole number, 1 to 60",
        "a.toml:5: the key 'market' is not known; did you mean \"markets\"?",
        "a.toml:7: kind is 'embarg'; did you mean \"embargo\"?",
        "a.toml:8: delay_days is missing; write a number, 1 to 1000",
        "a.toml:11: from is '2025-02-30'; write a day, as \"2025-04-04\"",
        "a.toml:12: held is 1.5; write a number, 0 to 1",
        "a.toml:13: what is missing; write a text",
        "a.toml:16: it ends on 2025-05-01, before it begins on 2025-06-01; turn the days round",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("part = true", "part is True"),
        ("part = nan", "part is nan"),
        ("buyers = [1]", "buyers is a list"),
        ('file = "/etc/passwd"', "the key 'file' is not known"),
        ("until = 3000-01-01", "until is 3000-01-01"),
    ],
)
def test_what_a_key_does_not_take_is_refused(line: str, said: str) -> None:
    (only,) = faults(TOP + SHOCK + line + "\n")
    assert only.startswith(f"a.toml:9: {said}")


@pytest.mark.parametrize(
    ("kind", "key", "said"),
    [
        ("close", "country", "write what instead (a line of chokepoints: mine/MMR, firm/lynas)"),
        ("embargo", "country", "write seller or buyers instead"),
        ("new-capacity", "until", "leave it out: it is a key of embargo, licence, quota, close,"),
        ("close", "file", "there are kind, label, from, until, what, part, reopening_months"),
        ("close", "unti", 'did you mean "until"?'),
    ],
)
def test_a_key_of_another_kind_of_shock_names_the_one_that_takes_its_place(
    kind: str, key: str, said: str
) -> None:
    found = faults(TOP + f'[[shock]]\nkind = "{kind}"\n{key} = "JPN"\n')
    (fault,) = [each for each in found if "is not known" in each]
    assert fault.startswith(f"a.toml:7: the key '{key}' is not known to {kind}; {said}")


def test_what_is_held_beyond_the_rule_needs_a_reason() -> None:
    licence = '[[shock]]\nkind = "licence"\nseller = "CHN"\nfrom = 2025-04-04\ndelay_days = 45\n'
    assert faults(TOP + licence + "held_outside = 0.5\n") == [
        "a.toml:5: what is held is not what the rule covers; say why by reason"
    ]
    read_scenario(TOP + licence + 'held_outside = 0.5\nreason = "One code."\n', "a.toml")


@pytest.mark.parametrize("blank", ["", "  ", "\\t\\n", "\\u00a0\\u200b"])
def test_a_text_in_which_nothing_shows_is_as_a_missing_one(blank: str) -> None:
    licence = '[[shock]]\nkind = "licence"\nseller = "CHN"\nfrom = 2025-04-04\ndelay_days = 45\n'
    assert faults(TOP.replace('"A"', f'"{blank}"') + licence + f'held = 0\nreason = "{blank}"') == [
        "a.toml:1: title is missing; write a text",
        "a.toml:11: reason is blank; write a text",
    ]
    assert faults(TOP + f'[assumed]\nreason = "{blank}"\ntransit = 2\n') == [
        "a.toml:6: reason is missing; write a text"
    ]


def test_what_cannot_be_or_is_said_twice_is_a_fault() -> None:
    quota = '[[shock]]\nkind = "quota"\nseller = "CHN"\nfrom = 2025-04-04\nof_tonnes = 1000\n'
    firms = "[[firms]]\ndays = 10\nshare = 0.5\n[[firms]]\ndays = 10.0\nshare = 0.5\n"
    again = 'buyers = ["JPN", "USA", "JPN"]\n'
    text = TOP + 'markets = ["USA", "USA"]\n' + firms + quota + "tonnes = 2000\n" + again
    assert faults(text) == [
        "a.toml:5: markets has 'USA' more than once; name each once",
        "a.toml:10: firms of 10 days are on line 7 too; make them one class, with both shares",
        "a.toml:17: tonnes is 2000, more than of_tonnes, which is 1000; "
        "a quota allows a part of what is sold without it: lower tonnes",
        "a.toml:18: buyers has 'JPN' more than once; name each once",
    ]
    read_scenario(TOP + quota + "tonnes = 1000\n", "a.toml")


@pytest.mark.parametrize("months", ["9" * 400, "0x" + "f" * 5_000])
def test_a_number_of_any_length_is_refused_as_any_other(months: str) -> None:
    assert faults(TOP.replace("12", months)) == [
        "a.toml:4: months is a number of more than 18 digits; write a whole number, 1 to 60"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SHOCK.replace("2025-04-04", "2025-04-04T10:00:00"), "8: from is 2025-04-04 10:00:00; "),
        (SHOCK + "buyers = []\n", "9: buyers is an empty list; write a list of 1 to 60 texts"),
        ("[[firms]]\ndays = 3\nshare = 1\n[[firms]]\ndays = 9\nshare = 2\n", "10: share is 2; "),
        ("[[firms]]\ndays = 30\nshare = 0.4\n", "7: shares of firms add up to 0.4; make it 1"),
        ("[vieW]\ntier = 1\n", "5: the key 'vieW' is not known; did you mean \"view\"?"),
    ],
)
def test_one_mistake_is_one_fault_on_its_line(text: str, said: str) -> None:
    (only,) = faults(TOP + text)
    assert only.startswith(f"a.toml:{said}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('shock = [{kind = "embargo", seller = "CHN", from = 2025-02-30}]\n', 0),
        ('shock = [{kind = "embarg", seller = "CHN", from = 2025-04-04}]\n', 5),
        ("assumed = {transit = 9, reason = 'A.'}\n", 5),
        ("[assumed]\nreason = 'A.'\n[assumed.leads]\nmine = -1.5\n", 7),
    ],
)
def test_faults_of_inline_tables_have_the_line_of_their_key(text: str, line: int) -> None:
    (only,) = faults(TOP + text)
    assert only.startswith(f"a.toml:{line}: " if line else "a.toml:5: this is no TOML")


def test_a_key_in_a_text_of_several_lines_is_no_key() -> None:
    text = 'title = "A"\ndescription = """\nmonths = 99\n[[shock]]\n"""\nstart = "2025-04"\n'
    assert faults(text + "months = 99\n") == [
        "a.toml:7: months is 99; write a whole number, 1 to 60"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "this is no TOML"),
        ("a = " + "[" * 5_000, "this is no TOML"),
        ("a = " + "9" * 5_000, "this is no TOML: a number is too long; mend it"),
        ("#" * (keys.MOST_BYTES + 1), "the file has more than 65,536 bytes"),
        (TOP + SHOCK * (keys.MOST_SHOCKS + 1), "more than 40 of shock"),
        (TOP + "markets = []", "markets is an empty list; write a list of 1 to 60 texts"),
        (TOP + 'shock = "a"', "shock is no list of tables"),
        (TOP + "view = 3", "view is no table"),
        (TOP + "firms = 3", "firms is no list of tables"),
        (TOP + "markets = [" + '"USA",' * 61 + "]", "markets is a list"),
    ],
)
def test_a_hostile_file_is_refused_in_a_sentence(text: str, said: str) -> None:
    (only,) = faults(text)
    assert said in only


@pytest.mark.whole
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(FaultyTablesError):
        assert isinstance(read_scenario(TOP + text, "a.toml"), Scenario)


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        (keys.TEXT, "CHN", ["", " ", 3, "x" * (keys.LONGEST_TEXT + 1), ["CHN"]]),
        (
            keys.NAMES,
            ["CHN"],
            [[], "CHN", [3], [""], [" "], [*map(str, range(keys.MOST_NAMES + 1))]],
        ),
        (keys.NUMBER, 0.5, [True, "0.5", 2, -1, 10**400, float("nan"), float("inf")]),
        (keys.WHOLE, 1, [0.5, 1.0, True, 2, 10**400, -(16**5_000)]),
        (keys.DAY, "2025-04-04", ["2025-02-30", "April", 2025, datetime(2025, 4, 4), "1066-10-14"]),
        (keys.MONTH, "2025-04", ["2025-13", "2025-04-04", date(2025, 4, 1), "1066-10"]),
        (keys.DATE, "2025-06", ["yesterday", "2027-02-31", 2025, "", datetime(2025, 4, 4)]),
        (keys.DATE, date(2025, 4, 4), [" 2025", "2025-13"]),
        (keys.PARTS, {"mine": 1}, [{}, {"mine": 2}, {"mine": "1"}, ["mine"]]),
    ],
)
def test_a_kind_takes_its_own_and_nothing_else(
    kind: str, taken: object, refused: list[object]
) -> None:
    key = keys.FileKey("key", kind, "By hand.")
    assert value_of(key, taken) is not None
    assert [x for x in refused if value_of(key, x) is not None] == []


SHIPPED = ontology_folder()


def test_shipped_scenarios_are_found_by_name_and_say_what_happens() -> None:
    names = shipped_names(SHIPPED)
    assert {"japan-2010-embargo", "licence-2025-text", "china-halt-12"} <= {*names}
    assert read_text("china-halt-12", SHIPPED).file == "china-halt-12.toml"
    for each in list_scenarios(SHIPPED).scenarios:
        assert each.title
        assert each.description.endswith(".")
        assert "\n" not in each.description, "lines are joined"


def test_the_mark_of_utf_8_before_a_text_is_no_part_of_it(tmp_path: Path) -> None:
    """Editors of Windows write it."""
    file = tmp_path / "own.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert read_text(file, SHIPPED).text == "a = 1\n"


def test_a_name_that_is_none_is_refused_with_a_near_one(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match='did you mean "china-halt-12"'):
        read_text("china-halt-12x", SHIPPED)
    with pytest.raises(UnknownNameError, match=r"A file ends with \.toml"):
        read_text("../../../etc/passwd", SHIPPED)
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_text(tmp_path / "none.toml", SHIPPED)
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_text(folder, SHIPPED)


def test_what_is_too_long_or_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes(b"#" * (keys.MOST_BYTES + 1))
    with pytest.raises(UnreadableError, match="more than 65,536 bytes"):
        read_text(file, SHIPPED)
    file.write_bytes(b"a = 1\nb = \xff\n")
    with pytest.raises(FaultyTablesError, match=r"own\.toml:2: this is no UTF-8"):
        read_text(file, SHIPPED)
