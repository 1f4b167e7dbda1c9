"""Two SHACL validators that must agree: a fast one, and pySHACL as its referee.

Both read text. Neither is given a graph over the embedded store: there pySHACL counts literals
whose form the store changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SH = "http://www.w3.org/ns/shacl#"
_BLANK = re.compile(r"\A(?:_:|\[)")


@dataclass(frozen=True, order=True)
class Violation:
    """One thing of a graph that breaks a shape: IRIs without brackets, literals as bare text."""

    focus: str
    path: str
    component: str
    value: str


def find_violations(shapes: str, triples: str) -> set[Violation]:
    """Validate N-Triples with the fast validator.

    >>> shapes = (
    ...     "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix a: <https://a.org/> . "
    ...     "[] a sh:NodeShape ; sh:targetClass a:Mine ;"
    ...     "   sh:property [ sh:path a:name ; sh:minCount 1 ] .")
    >>> kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    >>> for found in find_violations(shapes, f"<https://a.org/x> {kind} <https://a.org/Mine> ."):
    ...     print(found.focus, found.path, found.component)
    https://a.org/x https://a.org/name MinCount
    """
    import shacl

    report = shacl.Shapes.from_turtle(shapes).validate_text(triples, format="ntriples")
    return {
        Violation(
            focus=_bare(result.focus_node),
            path=_bare(result.path or ""),
            component=result.component.removesuffix("ConstraintComponent"),
            value=_unnamed(result.value_plain or ""),
        )
        for result in report.results
    }


def find_violations_again(shapes: str, triples: str) -> set[Violation]:
    """Validate N-Triples with pySHACL in rdflib's own memory: slow, and the referee."""
    import pyshacl
    from rdflib import Graph, URIRef
    from rdflib.namespace import RDF
    from rdflib.term import Node

    data = Graph().parse(data=triples, format="nt")
    rules = Graph().parse(data=shapes, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=rules, inference="none")
    assert isinstance(report, Graph)

    def text(result: Node, predicate: str) -> str:
        return str(report.value(result, URIRef(_SH + predicate)) or "")

    return {
        Violation(
            focus=text(result, "focusNode"),
            path=text(result, "resultPath"),
            component=text(result, "sourceConstraintComponent")
            .removeprefix(_SH)
            .removesuffix("ConstraintComponent"),
            value=text(result, "value"),
        )
        for result in report.subjects(RDF.type, URIRef(_SH + "ValidationResult"))
    }


def _bare(term: str) -> str:
    return term[1:-1] if term.startswith("<") else term


def _unnamed(text: str) -> str:
    """Blank nodes have no name that two validators could share."""
    return "" if _BLANK.match(text) else text
