"""IRIs: there and back, and no key can leave its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monazite.rows.iris import BASE, NS, PREFIXES, entity_iri, local_name, row_iri, row_name

KEYS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,9}", fullmatch=True)


@given(st.sampled_from(["capacity", "trade"]), KEYS)
def test_the_name_of_a_row_comes_back(table: str, key: str) -> None:
    name = row_name(row_iri(table, key))
    assert name.split("/", 1) == [table, key.replace("+", "%2B")]


@given(st.text("a/#?%<> ", min_size=1))
def test_no_key_leaves_its_place(key: str) -> None:
    iri = entity_iri("id/facility/", key)
    assert iri.startswith(BASE + "id/facility/")
    assert not {*"/#?<> "} & {*iri.removeprefix(BASE + "id/facility/")}


def test_our_own_prefixes_lie_below_our_address() -> None:
    assert PREFIXES["mz"] == NS
    assert local_name(NS + "value") == local_name(BASE + "scheme/x/value") == "value"
