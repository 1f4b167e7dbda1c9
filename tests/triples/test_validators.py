"""Two validators of SHACL, the fast one and its referee, on triples by hand."""

from __future__ import annotations

import pytest

from monazite.triples.validators import Violation, find_violations, find_violations_again

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix a: <https://a.org/> .
a:Shape a sh:NodeShape ; sh:targetClass a:Mine ;
  sh:property [ sh:path a:name ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path a:share ; sh:maxInclusive 1.0 ] .
"""
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DECIMAL = "<http://www.w3.org/2001/XMLSchema#decimal>"


def mine(name: str, *said: str) -> str:
    lines = [f"{TYPE} <https://a.org/Mine>", *said]
    return "".join(f"<https://a.org/{name}> {line} .\n" for line in lines)


GOOD = mine("good", '<https://a.org/name> "Good"', f'<https://a.org/share> "0.5"^^{DECIMAL}')
BAD = mine(
    "bad",
    '<https://a.org/name> "a"',
    '<https://a.org/name> "b"',
    f'<https://a.org/share> "1.5"^^{DECIMAL}',
)


@pytest.mark.parametrize("validate", [find_violations, find_violations_again])
def test_each_finds_what_is_wrong_and_nothing_else(validate) -> None:  # type: ignore[no-untyped-def]
    assert validate(SHAPES, GOOD) == set()
    assert validate(SHAPES, GOOD + BAD) == {
        Violation("https://a.org/bad", "https://a.org/name", "MaxCount", ""),
        Violation("https://a.org/bad", "https://a.org/share", "MaxInclusive", "1.5"),
    }
    assert validate(SHAPES, mine("none")) == {
        Violation("https://a.org/none", "https://a.org/name", "MinCount", "")
    }
