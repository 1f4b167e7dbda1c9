"""What is said of a query that found nothing, or that leaves dates out, on the shipped rows."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest

from monazite.rows.iris import SCHEME
from monazite.shipped import ontology_folder
from monazite.triples.answers import Answer, YesOrNo, read_answer
from monazite.triples.prefixes import preset_prefixes
from monazite.triples.query_hints import find_hints, found_nothing
from monazite.triples.sparql_text import judge
from monazite.triples.store import Store
from tests.conftest import view_in_memory

Ask = Callable[[str], list[str]]
PRESET = preset_prefixes(ontology_folder())


def hints(store: Store, text: str, *, of_nothing: bool = True) -> list[str]:
    return find_hints(judge(text).text, store, PRESET, of_nothing=of_nothing)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("?x mz:shareprecent ?y", "The vocabulary has no property mz:shareprecent; "
         "did you mean mz:sharePercent?"),
        ("?x a mz:Facilty", "The vocabulary has no class mz:Facilty; did you mean mz:Facility?"),
        ("?x a mz:facility", "The vocabulary has no class mz:facility; did you mean mz:Facility?"),
        ("?x mz:zzzzzz ?y", "The vocabulary has no property mz:zzzzzz."),
        ("?x mz:suppliesNow ?y", "Nothing in the data used has the property mz:suppliesNow; "
         "it is deprecated: ask mz:supplies."),
        ("?x mz:country/^mz:opertor ?y", "The vocabulary has no property mz:opertor; "
         "did you mean mz:operator?"),
        ("?x rdfs:lable ?y", "The data used have no property rdfs:lable; did you mean rdfs:label?"),
        ("facility:mountain-pas ?p ?y", "The data used have no facility:mountain-pas; "
         "did you mean facility:mountain-pass?"),
        ("?x mz:country country:China", "The data used have no country:China; "
         "did you mean country:CHN?"),
        ("VALUES ?x { element:dysprosium } ?x ?p ?y", "The data used have no element:dysprosium; "
         "did you mean element:Dy?"),
        ("?x mz:stage ?y FILTER(?y = stage:mining)", "The data used have no stage:mining; "
         "did you mean stage:mine?"),
        ("facility:mp-materials ?p ?y", "The data used have no facility:mp-materials; "
         "did you mean firm:mp-materials?"),
        ("<> ?p ?y", "The data used have no <>."),
        ("<row/capacity/none> ?p ?y", "The data used have no <row/capacity/none>."),
        ("?x a mz:Facility OPTIONAL { ?x mz:contry ?y }", "The vocabulary has no property "
         "mz:contry; did you mean mz:country?"),
    ],
)  # fmt: skip
def test_a_term_that_is_not_there_is_named(store: Store, pattern: str, sentence: str) -> None:
    assert hints(store, f"SELECT * {{ {pattern} }}") == [sentence]


def test_each_term_is_named_once(store: Store) -> None:
    found = hints(store, "ASK { ?x a mz:Facilty ; mz:contry ?y . ?z a mz:Facilty }")
    assert [each.partition(";")[0] for each in found] == [
        "The vocabulary has no class mz:Facilty",
        "The vocabulary has no property mz:contry",
    ]


def test_what_the_vocabulary_has_and_no_row_of_the_view_is_named() -> None:
    view = view_in_memory(without=("table:prices", "table:use_intensities"))
    assert hints(view.store, "ASK { ?x a mz:Price }") == [
        "Nothing in the data used is of the class mz:Price."
    ]
    properties = "SELECT * { ?x mz:kgPerUnit ?y . OPTIONAL { ?x mz:gramPerUnit ?z } }"
    (first, *_) = hints(view.store, properties)
    assert first.startswith(("Nothing in the data used has the property", "The vocabulary has no"))


@pytest.mark.parametrize(
    ("patterns", "sentence"),
    [
        ('?x mz:year "2024"', 'Nothing in the data used matches ?x mz:year "2024".'),
        ('?x rdfs:label "Mountain Pass"', 'Nothing in the data used matches ?x rdfs:label '
         '"Mountain Pass"; did you mean facility:mountain-pass?'),
    ],
)  # fmt: skip
def test_where_all_terms_are_there_the_pattern_is_named(
    store: Store, patterns: str, sentence: str
) -> None:
    assert hints(store, f"SELECT * {{ {patterns} }}") == [sentence]


def test_what_has_no_such_property_is_told_what_it_has(store: Store) -> None:
    (found,) = hints(store, "SELECT * { facility:mountain-pass mz:owner ?x }")
    start = (
        "Nothing in the data used matches facility:mountain-pass mz:owner ?x; facility:mountain-"
    )
    assert found.startswith(f"{start}pass has ")
    assert "mz:ownedBy, " in found
    (found,) = hints(store, "SELECT * { ?x mz:year 2024 ; a mz:Price }")
    start = "Nothing in the data used matches all of ?x a mz:Price . ?x mz:year 2024; mz:Price has "
    assert found.startswith(f"{start}mz:basis, ")
    assert "mz:dateEarliest" in found
    (found,) = hints(store, "SELECT * { ?x mz:year 2024 ; mz:atomicNumber ?y }")
    assert found.endswith("mz:atomicNumber ?y.")


def test_a_query_that_is_sound_is_left_alone(store: Store) -> None:
    assert hints(store, "ASK { ?x a mz:Facility ; mz:country country:CHN }") == []
    assert hints(store, "ASK { ?x a mz:Facilty }", of_nothing=False) == []
    assert hints(store, f"PREFIX s: <{SCHEME}> ASK {{ ?x mz:stage s:stage\\/mine }}") == []


def test_dates_that_a_comparison_leaves_out_are_counted(store: Store) -> None:
    """Counted by hand: the events of the table whose date is no whole day."""
    file = ontology_folder() / "tables" / "facility_events.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        dates = [row["date"] for row in csv.DictReader(lines) if row["date"]]
    parts = sum(len(date) < len("2025-01-31") for date in dates)
    assert 0 < parts < len(dates)
    ask = "SELECT * {{ ?x a mz:FacilityEvent ; {} ?d FILTER(?d >= {}) }}"
    text = ask.format("mz:date", '"2023-01-01"^^xsd:date')
    (found,) = hints(store, text, of_nothing=False)
    count = f"{parts:,} of {len(dates):,} values of mz:date"
    start = f'A comparison with "2023-01-01"^^xsd:date leaves out {count}; a year or a month is no '
    assert found.startswith(f"{start}day: ask mz:dateEarliest")
    assert found.endswith('and compare it with a day, as "2025-01-31"^^xsd:date.')
    assert "mz:dateLatest" in found
    text = ask.format("mz:dateEarliest", '"2023-01-01"^^xsd:date')
    assert hints(store, text, of_nothing=False) == []
    (found,) = hints(store, ask.format("mz:dateLatest", "NOW()"))
    assert found.startswith(
        f"A comparison with NOW() leaves out {len(dates):,} of {len(dates):,} values of "
        "mz:dateLatest; compare it with a day"
    )


@pytest.mark.parametrize(
    ("subject", "count"),
    [
        ("<row/facility_events/bukit-merah-1982-opened> mz:date ?d", "1 of 1"),
        ("[ mz:facility facility:bukit-merah ; mz:date ?d ]", "4 of 7"),
    ],
)
def test_dates_of_one_row_are_counted_too(subject: str, count: str, store: Store) -> None:
    (found,) = hints(store, f'ASK {{ {subject} FILTER(?d > "1980-01-01"^^xsd:date) }}')
    assert f" leaves out {count} values of mz:date; " in found


def test_two_dates_of_a_row_are_counted_where_they_cannot_be_compared(store: Store) -> None:
    """Counted by hand: rows with both days, of which one is printed shorter than the other."""
    file = ontology_folder() / "tables" / "ownership.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        pairs = [(row["valid_from"], row["valid_until"]) for row in csv.DictReader(lines)]
    both = [pair for pair in pairs if all(pair)]
    unlike = [pair for pair in both if len(pair[0]) != len(pair[1])]
    assert 0 < len(unlike) < len(both)
    dates = "?x a mz:Ownership ; mz:validFrom ?a ; mz:validUntil ?b"
    found = hints(store, f"ASK {{ {dates} FILTER(?a > ?b) }}", of_nothing=False)
    assert [each.partition(";")[0] for each in found] == [
        f"A comparison with ?{other} leaves out {len(unlike)} of {len(both)} values of mz:{name}"
        for other, name in (("b", "validFrom"), ("a", "validUntil"))
    ]
    apart = "?x mz:validFrom ?a . ?y mz:validUntil ?b FILTER(?a > ?b)"
    assert hints(store, f"ASK {{ {apart} }}", of_nothing=False) == []


def test_a_number_compared_with_a_text_is_told(store: Store) -> None:
    (found,) = hints(store, 'ASK { ?x a mz:Production ; mz:value ?v FILTER(?v > "100") }')
    assert found.endswith("values of mz:value; its values are of the type xsd:decimal.")
    assert hints(store, "ASK { ?x a mz:Production ; mz:value ?v FILTER(?v > 100) }") == []


@pytest.mark.parametrize(
    ("answer", "is_nothing"),
    [
        (b'{"head": {}, "boolean": false}', True),
        (b'{"head": {}, "boolean": true}', False),
        (b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}', True),
        (b'{"head": {"vars": ["n"]}, "results": {"bindings": '
         b'[{"n": {"type": "literal", "value": "0"}}]}}', True),
        (b'{"head": {"vars": ["n"]}, "results": {"bindings": '
         b'[{"n": {"type": "literal", "value": "7"}}]}}', False),
        (b'{"head": {"vars": ["n"]}, "results": {"bindings": [{}, {}]}}', False),
        (b"", True),
    ],
)  # fmt: skip
def test_what_an_empty_answer_is(answer: bytes, is_nothing: bool) -> None:
    found = read_answer(answer)
    assert isinstance(found, Answer | YesOrNo)
    assert found_nothing(found) is is_nothing
