"""A bill: its levels, the codes that hide it, decisions on matches, the profile of its buyer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.bom.bill import Bill, top_down
from monazite.bom.decisions import (
    COLUMNS,
    Codes,
    Decision,
    read_decisions,
    without_quotes,
    write_decisions,
)
from monazite.bom.filling import LONGEST, BuyerProfile, read_profile
from monazite.bom.reading import BillPlaces, find_above, parts_too_heavy
from monazite.core.errors import Fault, FaultyTablesError, MonaziteError, UnreadableError
from monazite.data.vocabulary import class_words, classes_named, no_class
from tests.bom.bills import line


def test_pieces_of_an_assembly_that_is_used_twice_add_up() -> None:
    lines = (
        line("product"),
        line("left", 2, above=(0,)),
        line("right", 3, above=(0,)),
        line("magnet", 4, above=(1, 2)),
    )
    bill = Bill("b.csv", "", lines)
    assert bill.quantities == (1, 2, 3, 20)
    assert bill.below == ((1, 2), (3,), (3,), ())


def test_a_bill_of_several_tops_has_the_name_of_its_file() -> None:
    assert Bill("b.csv", "", (line("a"), line("b"))).product == "b.csv"
    assert Bill("b.csv", "", (line("a"), line("b", above=(0,)))).product == "a"


def above(places: BillPlaces) -> tuple[list[tuple[int, ...]], list[str]]:
    told: list[str] = []
    found, _ = find_above(places, lambda row, field, what, _: told.append(f"{row} {field}: {what}"))
    return found, told


def of(
    positions: list[str],
    parts: list[str] | None = None,
    parents: list[str] | None = None,
    levels: list[str] | None = None,
) -> BillPlaces:
    count = len(positions)
    return BillPlaces([*range(2, count + 2)], positions, parts or [""] * count, parents, levels)


@pytest.mark.parametrize(
    ("places", "found"),
    [
        (of(["1", "1.1", "1.1.1", "1.2", "2"]), [(), (0,), (1,), (0,), ()]),
        (of([""] * 5, levels=["0", ".1", "..2", "..2", ".1"]), [(), (0,), (1,), (1,), (0,)]),
        (of(["10", "20", "30"], ["A", "B", "C"], ["", "10", "B"]), [(), (0,), (1,)]),
        (of(["1", "2", "3"], ["A", "A", "C"], ["", "", "A"]), [(), (), (0, 1)]),  # used twice
    ],
    ids=["points of positions", "levels", "parents", "an assembly used twice"],
)
def test_what_stands_above_each_line(places: BillPlaces, found: list[tuple[int, ...]]) -> None:
    assert above(places) == (found, [])


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (
            of(["1", "2", "3"], parents=["2", "1", "2"]),
            "2 parent: the line is a part of itself, by the parents that lines name",
        ),
        (of(["1", "1.2.1"]), '3 position: position "1.2.1" has no line "1.2" above it'),
        (of(["", ""], levels=["0", "2"]), "3 level: level 2 has nothing of level 1 above it"),
        (of(["", ""], levels=["0", "x"]), '3 level: "x" is no level'),
        (
            of(["1", "2"], parents=["", "9"]),
            '3 parent: no line has the position or part number "9" of its parent',
        ),
        (of(["1", "1.1", "1.1"]), '4 position: the position "1.1" stands in row 3 already'),
    ],
)
def test_circles_and_gaps_are_told(places: BillPlaces, said: str) -> None:
    assert above(places)[1] == [said]


def test_a_long_circle_is_told_once() -> None:
    count = 3_000
    parents = [str((place + 1) % count) for place in range(count)]
    assert len(above(of([*map(str, range(count))], parents=parents))[1]) == 1


def test_without_levels_all_lines_are_parts() -> None:
    found, how = find_above(of(["10", "20"]), lambda *_: None)
    assert (found, how) == ([(), ()], "No column gives levels: all lines are parts of one product.")


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_an_order_follows_what_lines_are_a_part_of(tops: list[int]) -> None:
    lines = [(each,) if each < place else () for place, each in enumerate(tops)]
    order, left = top_down(lines)
    assert not left
    assert sorted(order) == [*range(len(lines))]
    for place, each in enumerate(lines):
        assert all(order.index(one) < order.index(place) for one in each)


def test_parts_are_no_heavier_than_what_they_are_in() -> None:
    def told(mass: float | None, part: float | None) -> str:
        top, magnet = line("rotor", mass=mass), line("magnet", 48, mass=part, above=(0,))
        return parts_too_heavy(Bill("b.csv", "", (replace(top, row=2), magnet)))

    assert told(50, 31.25).startswith("Parts weigh more than what they are in: row 2. ")
    assert {told(1500, 31.25), told(1450, 31.25), told(None, 31.25), told(50, None)} == {""}


def test_a_name_has_one_code_of_its_kind() -> None:
    codes = Codes(hide=True)
    names = [("firm", "A b"), ("part", "A b"), ("firm", "a  B"), ("firm", "")]
    assert [codes(*each) for each in names] == ["firm 1", "part 1", "firm 1", ""]


@given(st.text(min_size=1), st.text(min_size=1))
def test_no_fault_has_what_it_quotes(header: str, cell: str) -> None:
    fault = Fault("secret.csv", 3, f'column B ("#{header}#"): "#{cell}#" is none', "write it")
    (shown,) = without_quotes([fault])
    assert "#" not in str(shown)
    assert "secret" not in str(shown)


WORDS = class_words(
    [
        ("article-24-traction-motors", "traction motors"),
        ("article-24-heat-pumps", "heat pumps"),
        ("article-28-heat-pumps", "heat pumps"),
        ("article-28-electric-motors", "electric motors, also in other products"),
        ("none", "none"),
    ]
)


def test_a_class_is_known_by_its_key_and_by_its_name_in_one_or_in_many() -> None:
    for text in ("traction motor", "Traction Motors", "article-24-traction-motors"):
        assert classes_named(text, WORDS) == ("article-24-traction-motors",)
    assert classes_named("electric motor", WORDS) == ("article-28-electric-motors",)
    assert classes_named("heat pump; traction motor", WORDS) == (
        *("article-24-heat-pumps", "article-28-heat-pumps", "article-24-traction-motors"),
    )
    assert classes_named("", WORDS) == ()


def test_a_word_that_is_none_is_told_with_the_near_ones() -> None:
    assert no_class("heat pumps; None", WORDS) is None
    assert no_class("tracton motor", WORDS) == (
        *('"tracton motor" is no class of products that rules list',),
        *('did you mean "traction motor", "article-24-traction-motor", "electric motor"?',),
    )
    what, fix = no_class("gibberish\x1b[31m" * 20, WORDS) or ("", "")
    assert "\x1b" not in what
    assert len(what) < 120
    assert fix == "write a name of the table product_classes, or none"


KNOWN_FACTS = (
    {"us-defence", "cots"},
    class_words([("article-24-drones", "drones"), ("none", "none")]),
    {"magnet", "assembly"},
    {"contract"},
)


def read(folder: Path, text: str | bytes) -> BuyerProfile:
    file = folder / "buyer.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_profile(file, *KNOWN_FACTS)


def test_it_says_what_it_says(tmp_path: Path) -> None:
    said = (
        'staff = 600\nturnover-eur = 2e8\nproduct-class = ["article-24-drones"]\n'
        'ships-as = "magnet"\nus-defence = false\ndocuments = ["contract"]\n'
        "usd-per-eur = 1.1\n"
    )
    assert read(tmp_path, said) == BuyerProfile(
        *(600, 2e8, ("article-24-drones",), ("magnet",), ("contract",), {"us-defence": False}),
        dollars=1.1,
    )
    assert read(tmp_path, "") == BuyerProfile()
    assert read(tmp_path, 'product-class = "Drone"').classes == ("article-24-drones",)


def test_all_faults_of_a_profile_are_told(tmp_path: Path) -> None:
    said = (
        "staff = -1\nturnover-eur = true\n\nproduct-class = 'cars'\nus-defence = 1\n"
        "colour = 'red'\nusd-per-eur = '1,1'\n[cots]\nyes = 1\n"
    )
    with pytest.raises(FaultyTablesError) as told:
        read(tmp_path, said)
    assert [(each.line, each.what) for each in told.value.faults] == [
        (1, "staff is no number of 0 or more"),
        (2, "turnover-eur is no number of 0 or more"),
        (4, '"cars" is no class of products that rules list'),
        (5, "us-defence is not yes or no"),
        (6, "a profile has no colour"),
        (7, "usd-per-eur is no number of 0 or more"),
        (8, "cots is not yes or no"),
    ]


@pytest.mark.parametrize("text", ["staff = ", "a = 1\na = 2", b"\xff\xfe", "x" * (LONGEST + 1)])
def test_what_is_no_profile_is_refused(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(FaultyTablesError):
        read(tmp_path, text)
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_profile(tmp_path / "none.toml", *KNOWN_FACTS)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: bytes
) -> None:
    with suppress(MonaziteError):
        read(tmp_path_factory.getbasetemp(), text)


KNOWN_IDS = {"firm": {"vac", "jl-mag"}, "material": {"smco-magnet"}}


def write(tmp_path: Path, *records: tuple[str, ...]) -> Path:
    file = tmp_path / "matches.csv"
    wide = [[*each, *[""] * (len(COLUMNS) - len(each))] for each in records]
    file.write_text(write_decisions(wide), encoding="utf-8")
    return file


def test_what_is_decided_comes_back(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        ("firm", "Vac", "accepted", "vac"),
        ("firm", "=HYPERLINK(1)", "none"),
        ("firm", "JL", "not", "jl-mag"),
        ("firm", "Later", "asked"),
        ("material", "Ferrite, -1", "no rare earths"),
    )
    assert "'=HYPERLINK" in file.read_text(encoding="utf-8")
    assert read_decisions(file, KNOWN_IDS) == (
        Decision("firm", "Vac", "accepted", "vac"),
        Decision("firm", "=HYPERLINK(1)", "none"),
        Decision("firm", "JL", "not", "jl-mag"),
        Decision("material", "Ferrite, -1", "no rare earths"),
    )


def test_all_faults_are_told_with_their_lines(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        ("firm", "A", "accepted", "nobody"),
        ("plant", "B", "none"),
        ("firm", "C", "perhaps"),
        ("firm", "D", "no rare earths"),
        ("firm", "E", "none"),
        ("firm", "e", "accepted", "vac"),
    )
    with pytest.raises(FaultyTablesError) as told:
        read_decisions(file, KNOWN_IDS)
    assert [(each.line, each.what) for each in told.value.faults] == [
        (0, '"e" is decided in two ways'),
        (2, 'no firm has the id "nobody"'),
        (3, '"plant" is neither firm nor material'),
        (4, '"perhaps" is no decision'),
        (5, "a firm is no material"),
    ]


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        read_decisions(tmp_path / "none.csv", KNOWN_IDS)
    for content in (b"", b"a,b\n1,2\n", b"\xff", b'kind,text,decision,id\n"x\n'):
        (tmp_path / "bad.csv").write_bytes(content)
        with pytest.raises(FaultyTablesError):
            read_decisions(tmp_path / "bad.csv", KNOWN_IDS)
