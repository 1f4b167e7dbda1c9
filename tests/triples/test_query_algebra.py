"""What a query names and compares, as its algebra says it, however it is written."""

from __future__ import annotations

import pytest

from monazite.triples.query_algebra import QueryContent, addresses_of, read_algebra

PREFIXES = {"a": "urn:a:", "also": "urn:a:", "xsd": "http://www.w3.org/2001/XMLSchema#"}
DAY = '"2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date>'


def read(text: str) -> QueryContent:
    found = read_algebra(text, PREFIXES, "https://base.org/")
    assert found is not None
    return found


def patterns(text: str) -> dict[str, bool]:
    return {each.text: each.must_match for each in read(text).patterns}


def test_patterns_stand_wherever_they_are_written() -> None:
    found = patterns(
        "SELECT ?x { <rel> a:p ?x . OPTIONAL { ?x a:q ?y } MINUS { ?x a:m ?z } "
        "{ ?x a:u 1 } UNION { GRAPH ?g { ?x a:v 2 } } "
        "FILTER EXISTS { ?x a:e ?k ; a:f ?l } FILTER(?x > 1 && NOT EXISTS { ?x a:n ?k }) "
        "{ SELECT ?x (COUNT(*) AS ?n) { ?x a:s ?w } GROUP BY ?x } }"
    )
    integer = "^^<http://www.w3.org/2001/XMLSchema#integer>"
    assert found == {
        "<https://base.org/rel> <urn:a:p> ?x": True,
        "?x <urn:a:q> ?y": False,
        "?x <urn:a:m> ?z": False,
        f'?x <urn:a:u> "1"{integer}': True,
        f'?x <urn:a:v> "2"{integer}': True,
        "?x <urn:a:e> ?k": True,
        "?x <urn:a:f> ?l": True,
        "?x <urn:a:n> ?k": False,
        "?x <urn:a:s> ?w": True,
    }


def test_what_is_built_is_not_asked_for() -> None:
    assert patterns("CONSTRUCT { ?x a:made ?y } WHERE { ?x a:p ?y }") == {"?x <urn:a:p> ?y": True}


def test_a_path_has_the_properties_of_its_parts() -> None:
    (pattern,) = read("ASK { ?x (a:p/^a:q)+|!a:r|a:s* ?y }").patterns
    assert [*addresses_of(pattern.predicate)] == [f"urn:a:{name}" for name in "pqrs"]
    assert [*addresses_of(pattern.subject)] == []


@pytest.mark.parametrize(
    "text",
    [
        "ASK { VALUES (?x ?y) { (a:n UNDEF) } ?x ?p ?y }",
        "ASK { ?x ?p ?y FILTER(?x = a:n) }",
        "ASK { ?x ?p ?y FILTER(?x IN (a:n)) }",
        "DESCRIBE a:n",
        "DESCRIBE also:n",
    ],
)
def test_what_is_named_outside_of_patterns(text: str) -> None:
    assert read(text).named == ("urn:a:n",)


@pytest.mark.parametrize(
    ("condition", "variable", "other"),
    [
        ('?d >= "2020-01-01"^^xsd:date', "d", DAY),
        ('"2020-01-01"^^xsd:date > ?d', "d", DAY),
        ("?d < NOW()", "d", "NOW()"),
        ("?x = 1 || ?d < xsd:date(NOW())", "d", "<http://www.w3.org/2001/XMLSchema#date>(NOW())"),
        ("YEAR(?d) = 2020", "d", "YEAR(?d)"),
    ],
)
def test_what_is_compared_by_order(condition: str, variable: str, other: str) -> None:
    (found,) = read(f"ASK {{ ?x a:day ?d FILTER({condition}) }}").comparisons
    assert (found.variable, found.with_what) == (variable, other)
    assert found.asks_part is (other == "YEAR(?d)")


def test_two_variables_are_each_compared_with_the_other() -> None:
    found = read("ASK { ?x a:from ?a ; a:until ?b FILTER(?a < ?b) }").comparisons
    assert [(each.variable, each.with_what) for each in found] == [("a", "?b"), ("b", "?a")]


@pytest.mark.parametrize("condition", ["?d = 5", "?d != 5", "STR(?d) < '2020'", "?d + 1 < 5"])
def test_what_is_no_comparison_of_a_value_by_order(condition: str) -> None:
    assert read(f"ASK {{ ?x a:day ?d FILTER({condition}) }}").comparisons == ()


def test_a_prefix_of_the_reader_takes_the_place_of_a_preset_one() -> None:
    assert patterns("PREFIX a: <urn:other:> ASK { ?x a:p ?y }") == {"?x <urn:other:p> ?y": True}


def test_a_short_name_may_hold_an_escape() -> None:
    found = read("ASK { VALUES ?y { a:y\\/b } ?x a:p ?y , a:q\\/c FILTER(?y != a:z\\/d) }")
    assert {pattern.text for pattern in found.patterns} == {
        "?x <urn:a:p> ?y",
        "?x <urn:a:p> <urn:a:q/c>",
    }
    assert {*found.named} == {"urn:a:y/b", "urn:a:z/d"}


@pytest.mark.parametrize("text", ["ASK {", "ASK { ?x none:p ?y }", "ASK { <<?a ?b ?c>> a:p ?y }"])
def test_what_rdflib_does_not_read_is_none(text: str) -> None:
    assert read_algebra(text, PREFIXES, "https://base.org/") is None
