"""What the rows of an element are worked out to is kept, and nobody who gets it can change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.conftest import view_in_memory

HELD: dict[str, Callable[[], Mapping[Any, Any]]] = {
    "splits": lambda: view_in_memory().facts("Dy").splits,
    "shares": lambda: view_in_memory().facts("Dy").splits["separation"].shares,
    "all rare earths": lambda: view_in_memory().facts("Dy").all_rare_earths,
    "shares of all": lambda: view_in_memory().facts("Dy").all_rare_earths["mine"].shares,
    "choices": lambda: view_in_memory().facts("Dy").preferences.choices,
    "materials": lambda: view_in_memory().facts("Dy").materials,
    "splits of a network": lambda: view_in_memory().network("Dy").graph["splits"],
    "shares of a network": lambda: view_in_memory().network("Dy").graph["splits"]["mine"].shares,
    "assumptions of a network": lambda: view_in_memory().network("Dy").graph["assumptions"],
    "cells of a row": lambda: view_in_memory().rows()[0].cells,
    "tables": lambda: view_in_memory().schema.tables,
}


@pytest.mark.parametrize("held", HELD.values(), ids=HELD)
def test_what_is_kept_cannot_be_changed(held: Callable[[], Mapping[Any, Any]]) -> None:
    got: Any = held()
    before = dict(got)
    with pytest.raises(TypeError):
        got.clear()
    with pytest.raises(TypeError):
        got["x"] = 1
    assert dict(held()) == before != {}


def test_a_list_of_rows_is_the_callers_own() -> None:
    rows = view_in_memory().rows()
    count = len(rows)
    rows.clear()
    assert len(view_in_memory().rows()) == count > 0


def test_a_share_of_several_materials_says_so() -> None:
    found = {figure.row: figure.joint for figure in view_in_memory().facts("Tb").own_figures}
    row = "production/chn-separation-dysprosium-2025-news"
    assert found[row] == ("dysprosium", "terbium")
    assert found["production/chn-separation-terbium-oxide-2024-argus"] == ()


def test_tonnes_of_several_materials_are_of_none_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    facts, row = (
        view_in_memory().facts("Tb"),
        "row/production/chn-separation-terbium-oxide-2024-argus",
    )
    assert row.removeprefix("row/") in {figure.row for figure in facts.figures("Tb")}
    answers = facts.ask("network-shares")
    other = "id/material/dysprosium-oxide"
    shared = [answer.beside(material=other) for answer in answers if answer["row"] == row]
    asked = facts.ask
    monkeypatch.setattr(
        type(facts),
        "ask",
        lambda _, name, **given: (
            (*answers, *shared) if name == "network-shares" else asked(name, **given)
        ),
    )
    monkeypatch.setattr(type(facts.store), "derive", lambda _self, _key, work: work())
    assert row.removeprefix("row/") not in {figure.row for figure in facts.figures("Tb")}
