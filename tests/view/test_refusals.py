"""What cannot be asked is refused in a sentence, whatever its type, before anything is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from monazite.errors import MonaziteError, UnknownNameError
from monazite.triples.checks import check
from monazite.view import View, load
from tests.conftest import view_in_memory

Ask = Callable[..., object]
OPEN: Ask = load
CHECK: Ask = check
STRANGE: dict[str, Ask] = {
    "element": lambda view: view.network(None),
    "market": lambda view: view.network("Sm", 5),
    "facts": lambda view: view.facts(5),
    "card": lambda view: view.show(None),
    "parents": lambda view: view.parents(5),
    "empty name": lambda view: view.conflicts(""),
    "kind": lambda view: view.conflicts(kind=None),
    "words": lambda view: view.ask(None),
    "group": lambda view: view.ask("", 5),
    "claim": lambda view: view.claims(5),
    "verdict": lambda view: view.claims(verdict=5),
    "speaker": lambda view: view.claims(speaker=5),
    "day": lambda view: view.diff(2025, "2026"),
    "first day": lambda view: view.timeline("Mountain Pass", from_=2025),
    "stage": lambda view: view.timeline(stage=5),
    "question": lambda view: view.query(5),
    "parameter": lambda view: view.query("owners", entity=5),
    "date": lambda view: view.query("policies-in-force", date=2025),
    "horizon": lambda view: view.chokepoints("Sm", horizon=None),
    "approval": lambda view: view.brief("Sm", approval="a"),
    "year of a report": lambda view: view.chokepoints("Sm", year="2024"),
    "year of a balance": lambda view: view.balance("Sm", year="2024"),
    "line": lambda view: view.after(None, "Sm", year=2024),
    "what fails": lambda view: view.fixes("Sm", what=None, year=2024),
    "sizes": lambda view: view.cuts("Sm", k=7),
    "left": lambda view: view.cuts("Sm", left=float("nan")),
    "threshold": lambda view: view.doubt("Sm", threshold=float("nan")),
    "exact": lambda view: view.doubt("Sm", exact=4),
    "trials": lambda view: view.doubt("Sm", trials=-1),
    "since": lambda view: view.concentration("TREO", since=1800),
    "stage of shares": lambda view: view.concentration("TREO", stage=5),
    "stage of indices": lambda view: view.indices("TREO", stage=5),
    "draws": lambda view: view.draws("Sm", count="a"),
    "seed": lambda view: view.draws("Sm", seed=0.5),
    "no path": lambda view: view.graph("Sm", path=()),
    "half a path": lambda view: view.graph("Sm", path=["CHN"]),
    "path of a text": lambda view: view.graph("Sm", path="ab"),
    "path of None": lambda view: view.graph("Sm", path=(None, None)),
    "hops": lambda view: view.graph("Sm", around="CHN", hops=10**9),
    "around": lambda view: view.graph("Sm", around=5),
    "sites": lambda view: view.graph("Sm", top=-1),
    "horizon of a figure": lambda view: view.figure("concentration", "Sm", horizon="x"),
    "event of a figure": lambda view: view.figure("map", "Sm", event="x"),
    "year of a figure": lambda view: view.figure("map", "Sm", year="2024"),
    "width": lambda view: view.figure("map", "Sm", width="a"),
    "figure": lambda view: view.figure(None),
    "rows": lambda view: view.evidence(["x"]),
    "a row alone": lambda view: view.evidence("production/x"),
    "sources": lambda view: view.sources([5]),
    "rows that are no text": lambda view: view.evidence([None]),
    "format": lambda view: view.export(None),
    "term": lambda view: view.alignments(5),
    "element of info": lambda view: view.info(None),
    "valid": lambda _: OPEN(valid=2025),
    "without": lambda _: OPEN(without=5),
    "names without": lambda _: OPEN(without=[5]),
    "tier": lambda _: OPEN(tier="a"),
    "own tables": lambda _: OPEN(data=5),
    "no path of own tables": lambda _: OPEN(data="a\0b"),
    "ontology": lambda _: OPEN(ontology=5),
    "no path of an ontology": lambda _: OPEN(ontology="a\0b"),
    "tables to check": lambda _: CHECK(5),
    "no path of tables to check": lambda _: CHECK("a\0b"),
}


@pytest.mark.parametrize("ask", STRANGE.values(), ids=STRANGE)
def test_what_cannot_be_asked_is_refused_in_a_sentence(ask: Ask) -> None:
    with pytest.raises(MonaziteError) as refused:
        ask(view_in_memory())
    assert str(refused.value).rstrip().endswith((".", "?"))


def test_a_parameter_may_have_any_name() -> None:
    said = r'^The query owners has no parameter "reason"; it takes date, entity\.$'
    with pytest.raises(UnknownNameError, match=said):
        view_in_memory().query("owners", parameters={"reason": "x"})
    view: View = view_in_memory()
    asked: dict[str, Any] = {"entity": "Mountain Pass"}
    assert view.query("owners", parameters=asked) == view.query("owners", **asked)
    assert asked == {"entity": "Mountain Pass"}
