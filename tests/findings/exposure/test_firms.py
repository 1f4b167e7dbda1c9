"""Firms: none accepted wrongly of names with traps, and at least half accepted of those there."""

from __future__ import annotations

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.exposure.exposure import known_firms
from monazite.findings.exposure.firms import (
    FIRST_WORDS,
    OLD_FIRM,
    OTHER_COUNTRY,
    OTHER_FORM,
    SEVERAL,
    SHARED_NAME,
    SHORT_NAME,
    Firms,
    name_and_form,
)
from monazite.triples.names import find_entity
from monazite.triples.records import QueryRecord
from monazite.triples.store import Store
from tests.findings.exposure.firm_names import HELD_OUT, HELD_OUT_AGAIN, TUNED


@pytest.fixture(scope="module")
def firms(store: Store) -> Firms:
    return known_firms(store)


def country(store: Store, text: str) -> str:
    try:
        return find_entity(store, text, "Country", "Area").id if text else ""
    except UnknownNameError:
        return ""


@pytest.mark.parametrize(
    "names", [TUNED, HELD_OUT, HELD_OUT_AGAIN], ids=["tuned", "held out", "again"]
)
def test_none_is_accepted_wrongly_and_half_are_accepted(
    names: tuple[tuple[str, str, str], ...], firms: Firms, store: Store
) -> None:
    found = [(text, firms.name(text, country(store, place)), meant) for text, place, meant in names]
    accepted = [(text, named.firm, meant) for text, named, meant in found if named.firm]
    assert [each for each in accepted if each[1] != each[2]] == []
    assert 2 * len(accepted) >= sum(bool(meant) for _, _, meant in names)


def test_there_are_sixty_names_to_begin_with() -> None:
    assert len(TUNED) == 60
    assert not {text for text, *_ in TUNED} & {text for text, *_ in HELD_OUT}


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        ("Magnequench", "", SEVERAL),
        ("Hitachi Metals, Ltd.", "", OLD_FIRM),
        ("ASM", "", SHORT_NAME),
        ("Sumitomo", "", SHARED_NAME),
        ("Tesla a.s.", "", OTHER_FORM),
        ("Proterial, Ltd.", "CHN", OTHER_COUNTRY),
        ("Noveon", "", FIRST_WORDS),
        ("Arnold", "", FIRST_WORDS),
    ],
)
def test_a_doubt_says_why(text: str, place: str, why: str, firms: Firms) -> None:
    named = firms.name(text, place)
    assert (named.state, named.firm, named.why) == ("asked", "", why)
    assert named.candidates


def test_a_group_is_not_the_firm_in_it(firms: Firms) -> None:
    assert firms.name("宁波韵升").firm == "ningbo-yunsheng"
    assert firms.name("宁波韵升集团").state == "asked"
    assert name_and_form("Muster Group GmbH") == ("muster group", "gmbh")


def test_a_name_of_two_firms_is_asked() -> None:
    def record(firm: str) -> QueryRecord:
        texts = {
            "id": firm,
            "label": "Peak Ore Ltd",
            "name": "Peak Ore Ltd",
            "country": "GBR",
            "now": "",
        }
        return QueryRecord(texts)

    assert Firms([record("a")]).name("Peak Ore Limited").firm == "a"
    assert Firms([record("a"), record("b")]).name("Peak Ore Limited").candidates == ("a", "b")


@pytest.mark.parametrize("text", ["", "GmbH", "()", "株式会社", "\N{ZERO WIDTH SPACE}", "&", "=1"])
def test_what_names_nobody(text: str, firms: Firms) -> None:
    assert firms.name(text).firm == ""
