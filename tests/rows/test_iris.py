"""Names of rows, entities and concepts: there and back, whatever is in a key."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import example, given
from hypothesis import strategies as st

from monazite.rows.iris import PREFIXES, SCHEME, entity_iri, local_name, row_iri, row_name


def test_the_short_name_of_a_row_leads_back_to_it() -> None:
    assert row_name(row_iri("capacity", "mt-weld-2024")) == "capacity/mt-weld-2024"
    assert row_name("https://example.org/a") == "https://example.org/a"


@given(st.text(min_size=1))
@example("a/b#c?d")
def test_a_key_is_one_segment_of_an_iri_that_parses(key: str) -> None:
    key = key.encode("utf-8", "replace").decode()
    for iri in (row_iri("capacity", key), entity_iri("id/facility/", key)):
        assert ox.NamedNode(iri).value == iri
        assert iri.count("/") == 6
        assert "#" not in iri


def test_a_local_name_is_what_stands_last() -> None:
    assert local_name(PREFIXES["mz"] + "Facility") == "Facility"
    assert local_name(SCHEME + "stage/mine") == "mine"
    assert local_name("mine") == "mine"
