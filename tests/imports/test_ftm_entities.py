"""Entities of files: what several lines say of one, in their order, and what is nested."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monazite.errors import BadFileError
from monazite.imports import ftm_entities
from monazite.imports.collected import Collected
from monazite.imports.ftm_entities import OF_TWO_KINDS, FtmEntity, read_entities
from monazite.imports.goods import GoodsCodes
from monazite.imports.places import NamedPlaces
from monazite.imports.source_file import look_through
from tests.imports.importing import written


def read(tmp_path: Path, *lines: object) -> tuple[list[FtmEntity], Collected]:
    file = written(tmp_path, "x.json", "\n".join(map(json.dumps, lines)))
    taken = Collected(NamedPlaces(), GoodsCodes(()))
    return read_entities([look_through(file)], taken), taken


def line(own: object, schema: str = "Company", **said: object) -> dict[str, object]:
    return {"id": own, "schema": schema, "properties": said}


def test_an_id_is_taken_letter_for_letter(tmp_path: Path) -> None:
    ids = ["a b", "a  b", "A b", "é", "e\u0301", 5]
    found, _ = read(tmp_path, *map(line, ids), line("o", "Ownership", owner=["a  b"], asset=[5]))
    assert [each.id for each in found] == ["a b", "a  b", "A b", "é", "e\u0301", "5", "o"]
    assert (found[-1].one("owner"), found[-1].one("asset")) == ("a  b", "5")


def test_an_id_that_is_none_is_a_fault(tmp_path: Path) -> None:
    found, taken = read(tmp_path, line(None), line([1], name="A"), line("", name="B"))
    assert found == []
    assert {fault.what.partition(" (")[0] for fault in taken.faults.gathered()} == {
        "the entity has no id"
    }
    assert len(taken.faults) == 3


@pytest.mark.parametrize(
    ("first", "second", "schema"),
    [
        ("LegalEntity", "Company", "Company"),
        ("Company", "Organization", "Company"),
        ("Organization", "PublicBody", "PublicBody"),
        ("Person", "LegalEntity", "Person"),
        ("Company", "PublicBody", ""),
        ("Company", "Ownership", ""),
    ],
)
def test_the_narrower_kind_holds(tmp_path: Path, first: str, second: str, schema: str) -> None:
    said = [line("f", first, name=["B", None, "A"]), line("f", second, name="C", country="kz")]
    (found,), taken = read(tmp_path, *said)
    assert found.schema == (schema or first)
    assert found.all("name") == (("B", "A", "C") if schema else ("B", "A"))
    assert taken.left_out[OF_TWO_KINDS] == (not schema)
    assert len(taken.notes) == bool(schema)


def test_lines_that_differ_in_what_is_nested_are_no_repeats(tmp_path: Path) -> None:
    def whole(share: str) -> dict[str, object]:
        return line("f", ownershipAsset=[line("o", "Ownership", owner="g", percentage=share)])

    found, _ = read(tmp_path, whole("60"), whole("70"))
    assert {each.id: each.all("percentage") for each in found} == {"f": (), "o": ("60", "70")}
    assert found[1].all("asset") == ("f",)


def test_more_than_can_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ftm_entities, "ROWS", 2)
    assert len(read(tmp_path, *map(line, "abcd"), line("a", name="A"))[0]) == 4
    with pytest.raises(BadFileError, match="rows would be written"):
        read(tmp_path, *map(line, "abcde"))
