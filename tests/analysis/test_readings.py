"""When two readings can both be true, which stand, and what kind of difference they make."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.conflicts.conflicts import differences_between, find_superseded, kind_within
from monazite.analysis.conflicts.readings import (
    PrintedDate,
    PrintedName,
    PrintedNumber,
    PrintedPoint,
    Reading,
    apart,
    difference,
    kilometres,
    read_number,
    to_readings,
)
from monazite.core.package import ontology_folder
from monazite.data.columns import read_schema
from monazite.data.dates import date_bounds
from monazite.data.reader import read_tables
from monazite.data.sameness import Sameness, SourceAttribution

T = "https://w3id.org/monazite/scheme/unit/t"


def says(
    name: str, author: str, known: str = "2024-12-31", root: str = "", tier: int = 2
) -> SourceAttribution:
    newest = tuple(-ord(character) for character in known)
    return SourceAttribution(tier, newest, name, author, known[:4], root or name, author, known)


def reading(value: str, *sources: SourceAttribution, **other: object) -> Reading:
    given: dict[str, object] = {
        "row": f"capacity/{value}-{'-'.join(source.id for source in sources)}",
        "table": "capacity",
        "fact": (("facility", "plant"),),
        "labels": ("Plant",),
        "unit": T,
        "basis": ("",),
        "defined": (),
        "period": ("2024",),
        "printed": read_number([value]),
        "text": value,
        "sources": sources,
        "line": "",
        **other,
    }
    return Reading(**given)  # type: ignore[arg-type]


NUMBERS = st.decimals(min_value=0, max_value=10**7, places=3, allow_nan=False).map(str)
SAID = st.builds(lambda text: read_number([text]), NUMBERS)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("3700", "3676", True),  # printed in hundreds
        ("1.51", "2", True),  # printed in whole dollars
        ("91", "92", False),
        ("85", "94", False),
        ("95000", "100000", False),  # a round number stands for 97,500 to 102,500 at most
        ("300000", "296837", True),
        ("30258", "30259", True),  # adding up leaves one
        ("17.979", "17.99", True),
        ("0", "150", False),
    ],
)
def test_numbers_agree_within_the_digits_printed(one: str, other: str, agree: bool) -> None:
    assert read_number([one]).agrees(read_number([other])) is agree


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (["", "80", "90"], ["85"], True),
        (["", "29", "32"], ["", "20", "25"], False),
        (["", "55", ""], ["60"], True),  # more than 55
        (["", "55", ""], ["50"], False),
        (["", "", "9"], ["5"], True),  # less than 9
        (["", "", "9"], ["12"], False),
        (["4", "3", "5"], ["5"], True),
    ],
)
def test_ranges_and_bounds_agree_with_what_they_hold(
    one: list[str], other: list[str], agree: bool
) -> None:
    assert read_number(one).agrees(read_number(other)) is agree


def test_units_are_brought_to_one_base() -> None:
    assert read_number(["45.8"], 1000).agrees(read_number(["45787"]))
    assert not read_number(["45.8"], 1000).agrees(read_number(["46787"]))


@given(SAID, SAID)
def test_agreement_is_mutual_and_every_number_agrees_with_itself(
    one: PrintedNumber, other: PrintedNumber
) -> None:
    assert one.agrees(other) == other.agrees(one)
    assert one.agrees(one)
    assert apart([one], [other]) == (not one.agrees(other))
    size, measure = difference([one, other])
    assert size is not None
    assert (0 <= size <= 1, measure) == (True, "part")


@given(SAID, SAID, SAID)
def test_a_side_of_several_means_what_lies_between(
    a: PrintedNumber, b: PrintedNumber, c: PrintedNumber
) -> None:
    assert apart([a, b], [c]) == apart([c], [a, b])
    low, high = sorted((a.low, b.low))
    if low <= c.low <= high:
        assert not apart([a, b], [c])


@pytest.mark.parametrize(
    ("one", "other", "agree", "days"),
    [
        ("2011", "2011-04-01", True, 0),
        ("2011-04", "2011-05", False, 1),
        ("1992", "1994-01-19", False, 384),  # 1992-12-31 to 1994-01-19
        ("1997", "2000", False, 731),  # 1997-12-31 to 2000-01-01
    ],
)
def test_dates_agree_where_a_day_may_be_the_same(
    one: str, other: str, agree: bool, days: float
) -> None:
    said = [PrintedDate(*date_bounds(one)), PrintedDate(*date_bounds(other))]
    assert said[0].agrees(said[1]) is agree
    assert difference(said) == (days, "days")


def test_points_agree_within_what_their_precision_allows() -> None:
    berlin, potsdam = PrintedPoint(52.52, 13.405, 5), PrintedPoint(52.4, 13.06, 5)
    assert kilometres(berlin, potsdam) == pytest.approx(27, abs=0.5)
    assert not berlin.agrees(potsdam)
    assert berlin.agrees(PrintedPoint(52.4, 13.06, 30))


def test_names_agree_if_they_are_equal_and_have_no_distance() -> None:
    assert PrintedName("lynas").agrees(PrintedName("lynas"))
    assert apart([PrintedName("lynas")], [PrintedName("molycorp")])
    assert difference([PrintedName("lynas"), PrintedName("molycorp")]) == (None, "")


def kind_of(*cell: Reading) -> tuple[str, list[str]]:
    """The kind of the difference, and what the rows say that stand."""
    remarks = find_superseded(list(cell))
    stand = [one for one in cell if one.row not in remarks]
    return kind_within(list(cell), stand), [one.text for one in stand]


def test_two_authors_who_say_different_things_contradict_each_other() -> None:
    assert kind_of(reading("100", says("a", "A")), reading("10", says("b", "B"))) == (
        "real",
        ["100", "10"],
    )
    assert kind_of(reading("100", says("a", "A")), reading("100", says("b", "B")))[0] == ""


def test_copies_of_one_root_count_once_and_the_original_stands() -> None:
    original, copy = says("agency", "Agency"), says("blog", "Agency", root="agency", tier=1)
    assert kind_of(reading("90", copy), reading("100", original)) == ("edition", ["100"])
    assert kind_of(reading("100", copy), reading("100", original)) == ("", ["100"])
    other = reading("50", says("b", "B"))
    kind, stand = kind_of(reading("90", copy), reading("100", original), other)
    assert (kind, stand) == ("real", ["100", "50"])


def test_of_two_copies_without_their_original_the_better_one_stands() -> None:
    good, bad = (says(n, "Agency", root="agency", tier=t) for n, t in (("good", 2), ("bad", 4)))
    assert kind_of(reading("90", bad), reading("100", good)) == ("edition", ["100"])


def test_a_later_edition_takes_the_place_of_an_earlier_one() -> None:
    old, new = says("mcs-2024", "USGS", "2024-01-31"), says("mcs-2025", "USGS", "2025-01-31")
    agrees_with_new = reading("255", says("bgs", "BGS"))
    assert kind_of(reading("240", old), reading("255", new), agrees_with_new) == (
        "edition",
        ["255", "255"],
    )
    agrees_with_old = reading("240", says("bgs", "BGS"))
    assert kind_of(reading("240", old), reading("255", new), agrees_with_old)[0] == "real"


def test_one_source_that_gives_two_numbers_speaks_of_two_things() -> None:
    both = says("a", "A")
    assert kind_of(reading("4", both), reading("8", both))[0] == "definition"
    between, outside = reading("6", says("b", "B")), reading("20", says("b", "B"))
    assert kind_of(reading("4", both), reading("8", both), between)[0] == "definition"
    assert kind_of(reading("4", both), reading("8", both), outside)[0] == "real"


@pytest.mark.parametrize(
    ("value", "special"), [("0", ""), ("50", "partial"), ("50", "repeats")], ids=str
)
def test_zeros_parts_and_repeats_contradict_nobody(value: str, special: str) -> None:
    one = reading(value, says("a", "A"), special=special)
    assert kind_of(one, reading("100", says("b", "B")))[0] == "definition"


def test_numbers_that_round_to_each_other_agree() -> None:
    assert kind_of(reading("3700", says("a", "A")), reading("3676", says("b", "B")))[0] == (
        "rounding"
    )


def between(sameness: Sameness, one: Reading, other: Reading) -> list[str]:
    return [kind for kind, _ in differences_between([one, other], sameness, years=2)]


BASIS = "https://w3id.org/monazite/scheme/basis/"


def test_rows_on_other_terms_differ_by_the_first_term(sameness: Sameness) -> None:
    one = reading("100", says("a", "A"), basis=(f"{BASIS}reo",))
    b = says("b", "B")
    reo, metal, price = f"{BASIS}reo", f"{BASIS}metal", f"{BASIS}price-europe"
    assert between(sameness, one, reading("50", b, basis=(metal,))) == ["basis"]
    assert between(sameness, one, reading("50", b, basis=(price,))) == []  # another dimension
    assert between(sameness, one, reading("50", b, basis=(reo,), defined=("planned",))) == [
        "definition"
    ]
    assert between(sameness, one, reading("50", b, basis=(reo,), period=("2022",))) == ["year"]
    assert between(sameness, one, reading("50", b, basis=(reo,), period=("2021",))) == []
    assert between(sameness, one, reading("50", b, basis=(reo,), period=("2023-05",))) == []
    assert between(sameness, one, reading("50", b, basis=(reo,), unit="cny")) == []


def test_a_series_is_no_disagreement(sameness: Sameness) -> None:
    """Nor are two series, where each speaks of the other's year itself."""
    a, b = says("a", "A"), says("b", "B")
    years = [reading("100", a), reading("50", a, period=("2023",))]
    assert list(differences_between(years, sameness, years=2)) == []
    both = [*years, reading("100", b), reading("50", b, period=("2023",))]
    assert list(differences_between(both, sameness, years=2)) == []


@pytest.fixture(scope="module")
def sameness() -> Sameness:
    return Sameness(read_schema(ontology_folder()), [])


ANNUAL, DIGEST = says("annual", "Lynas", tier=1), says("digest", "A newspaper", tier=3)
UNIT = "https://w3id.org/monazite/scheme/unit/"
HOLDING = "lynas-kuantan-2,lynas,kuantan,{},stated,2012,,,digest,,,\n"


def readings(folder: Path, *sources: SourceAttribution) -> dict[str, Reading]:
    schema = read_schema(folder)
    rows = read_tables(folder / "tables", schema).rows
    found = to_readings(rows, Sameness(schema, rows), {source.id: source for source in sources})
    return {each.row: each for each in found}


def test_a_capacity_speaks_of_a_plant_and_a_stage(small_ontology: Path) -> None:
    found = readings(small_ontology, ANNUAL, DIGEST)["capacity/kuantan-2024"]
    fact = dict(found.fact)
    assert fact["facility"].endswith("/kuantan")
    assert fact["stage"].endswith("/separation")
    assert found.text == "1.50 (1 to 2) t-per-year"
    assert found.sources == (ANNUAL, DIGEST)
    assert found.author == "Lynas"


def test_a_source_that_is_not_of_the_view_does_not_speak(small_ontology: Path) -> None:
    found = readings(small_ontology, DIGEST)
    assert found["capacity/kuantan-2024"].sources == (DIGEST,)
    assert found["capacity/kuantan-2025"].sources == ()
    assert found["capacity/kuantan-2025"].author == ""


def test_the_terms_tell_rows_of_one_fact_apart(small_ontology: Path) -> None:
    found = readings(small_ontology, ANNUAL)
    one, other = (found[f"capacity/kuantan-{year}"] for year in (2024, 2025))
    assert (one.period, one.unit) == (("2024-02",), UNIT + "t-per-year")
    assert (other.period, other.unit) == (("2025",), UNIT + "t"), "those of a year are tonnes"
    assert one.basis == other.basis
    assert one.period != other.period or one.defined != other.defined


@pytest.mark.parametrize(("percent", "told"), [("90", True), ("", False)])
def test_a_row_that_prints_nothing_is_no_reading(
    small_ontology: Path, percent: str, told: bool
) -> None:
    table = small_ontology / "tables" / "ownership.csv"
    table.write_text(table.read_text("utf-8") + HOLDING.format(percent), "utf-8")
    assert ("ownership/lynas-kuantan-2" in readings(small_ontology, DIGEST)) is told


def test_a_place_is_its_point(small_ontology: Path) -> None:
    assert readings(small_ontology, ANNUAL)["coordinates/kuantan-site"].text == "3.99, 103.38"


def test_the_newest_source_says_since_when_and_the_roots_who_in_the_end() -> None:
    copy = says("blog", "A blog", known="2026-01-31", root="annual")
    found = reading("100", ANNUAL, copy)
    assert found.known == "2026-01-31"
    assert found.roots == {"annual"}
    assert reading("100").known == ""
