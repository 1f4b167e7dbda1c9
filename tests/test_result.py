"""A result: frozen to the last field, with the rows it rests on and the view it was found in."""

from __future__ import annotations

import json
import pickle
from dataclasses import dataclass, field

import pytest

from monazite.result import Assumption, Frozen, Result, Value, ViewSummary, frozen, own_content
from monazite.tables import Table
from monazite.triples.records import QueryRecord


@dataclass(frozen=True)
class Part(Value):
    row: str
    shares: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Lead(Result):
    records_key = "parts"

    parts: tuple[Part, ...]
    other_rows: tuple[str, ...] = ()
    named: str = "not/a-row"

    def content(self) -> dict[str, object]:
        return {"parts": [{"row": part.row} for part in self.parts]}

    def tables(self) -> list[Table]:
        return [Table("", ("row",), [[part.row] for part in self.parts])]


VIEW = ViewSummary("View: all", {"valid": "2026-11-24"})
LEAD = Lead(
    (Part("a/2", {"CHN": 0.9}), Part("a/1")),
    ("b/1", "no key"),
    view=VIEW,
    assumptions=(Assumption("assumptions/c", "x", 1.0, None, None, "t", "y"),),
    sources={"z/9": "USGS"},
)


def test_row_keys_are_those_of_all_fields_of_rows_and_no_others() -> None:
    assert LEAD.row_keys == ("a/1", "a/2", "assumptions/c", "b/1")


def test_json_has_the_view_first_and_then_the_content() -> None:
    assert json.loads(LEAD.to_json()) == LEAD.to_dict()
    assert list(LEAD.to_dict()) == ["view", "parts"]
    assert Lead(()).to_dict()["view"] is None


def test_text_ends_with_the_view_and_csv_does_not() -> None:
    assert LEAD.to_text().rstrip().endswith("View: all")
    assert LEAD.to_csv().split() == ["row", "a/2", "a/1"]


def test_it_says_itself_in_a_line() -> None:
    assert repr(LEAD) == "<Lead 2 parts>"


def test_nothing_it_holds_can_be_changed() -> None:
    assert {LEAD, LEAD} == {LEAD}
    held = LEAD.parts[0].shares
    for change in (lambda: held.update(x=1.0), lambda: held.pop("CHN"), lambda: held.clear()):
        with pytest.raises(TypeError, match="cannot be changed"):
            change()
    assert held == {"CHN": 0.9}
    assert isinstance(LEAD.sources, Frozen)


def test_what_is_frozen_already_stays_what_it_is() -> None:
    record = QueryRecord({"row": "row/prices/a"})
    assert frozen((record,))[0] is record


def test_frozen_values_are_equal_after_a_journey() -> None:
    deep = frozen({"a": [{"b": {1, 2}}]})
    assert pickle.loads(pickle.dumps(deep)) == deep
    assert frozen(deep) is deep
    assert hash(deep) == hash(frozen({"a": [{"b": {2, 1}}]}))


def test_content_of_its_own_is_what_a_result_adds() -> None:
    assert list(own_content(LEAD)) == ["parts", "other_rows", "named"]
