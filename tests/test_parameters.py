"""Parameters: closed lists from the schemes, and words that are none refused in a sentence."""

from __future__ import annotations

import csv

import pytest

from monazite import parameters
from monazite.errors import UnknownNameError
from monazite.parameters import Contingency, check_word, events, horizons, stages
from monazite.shipped import ontology_folder


def test_the_defaults_are_of_the_lists() -> None:
    assert parameters.HORIZON in horizons()
    assert horizons()[-1] == parameters.FREE
    assert parameters.EVENT in events()
    assert Contingency() == Contingency(parameters.EVENT, parameters.HORIZON, parameters.APPROVAL)


def test_the_market_and_the_importer_are_in_the_tables() -> None:
    known = set()
    for name in ("countries", "areas"):
        with (ontology_folder() / "tables" / f"{name}.csv").open(encoding="utf-8") as lines:
            known |= {row["id"] for row in csv.DictReader(lines)}
    assert {parameters.MARKET, parameters.IMPORTER} <= known


def test_stages_follow_the_chain() -> None:
    assert stages()[0] == "mine"
    assert stages()[-1] == "use"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"event": "outtage"}, 'There is no event "outtage"; did you mean "outage"?'),
        ({"horizon": "soon"}, 'There is no horizon "soon"; there are immediate, short-run'),
        ({"approval": 1.5}, "An approval is a part, 0 to 1, not 1.5."),
        ({"approval": -0.1}, "An approval is a part, 0 to 1, not -0.1."),
        ({"approval": float("nan")}, "An approval is a part, 0 to 1, not nan."),
    ],
)
def test_what_cannot_happen_is_a_sentence(asked: dict[str, object], said: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        Contingency(**asked)  # type: ignore[arg-type]
    assert str(caught.value).startswith(said)


def test_a_word_of_an_iterator_is_found_too() -> None:
    assert check_word("b", iter("abc"), "letter") == "b"
