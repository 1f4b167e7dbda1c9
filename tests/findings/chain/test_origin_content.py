"""Origin tags: mixtures worked by hand, and a circle of two pools."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.findings.chain.chain import Chain, Product
from monazite.findings.chain.origin_content import content_of
from monazite.parameters import METAL, SEPARATION
from tests.findings.sample import Draw, element_chain_of, five_nodes, renamed


def oxide(made: dict[str, float], flows: dict[tuple[str, str], float], **given: object) -> Chain:
    """Oxide that is used as it is."""
    element_chain = element_chain_of(
        "Y",
        {(SEPARATION, pool): tonnes for pool, tonnes in made.items()},
        {},
        {(SEPARATION, *pair): tonnes for pair, tonnes in flows.items()},
    )
    name = "Y in oxide"
    use = Product(name, "use", SEPARATION)
    used = {(name, pool): 1.0 for pool in sorted({*made, *(x for pair in flows for x in pair)})}
    element_chain = replace(element_chain, **given)  # type: ignore[arg-type]
    return Chain(2024, {"Y": element_chain}, {name: use}, used, {(name, "Y"): 1.0}, {})


def parts(chain: Chain, country: str, stage: str = SEPARATION, what: str = "Y") -> dict[str, float]:
    found = content_of(chain, country)
    return {pool: part for (at, pool, of), part in found.items() if (at, of) == (stage, what)}


def test_what_is_bought_mixes_with_what_is_made() -> None:
    # B makes 10 t and buys 30 of A's: three quarters of all that it has.
    found = parts(oxide({"A": 50.0, "B": 10.0}, {("A", "B"): 30.0}), "A")
    assert found == pytest.approx({"A": 1.0, "B": 0.75})
    # C buys 5 t of that, and 5 t of D's: half of three quarters.
    flows = {("A", "B"): 30.0, ("B", "C"): 5.0, ("D", "C"): 5.0}
    found = parts(oxide({"A": 50.0, "B": 10.0, "D": 5.0}, flows), "A")
    assert found == pytest.approx({"A": 1.0, "B": 0.75, "C": 0.375, "D": 0.0})


def test_what_no_row_explains_is_of_nobody() -> None:
    chain = oxide({"A": 50.0, "B": 10.0}, {("A", "B"): 30.0}, missing={(SEPARATION, "B"): 20.0})
    assert parts(chain, "A")["B"] == pytest.approx(0.5)


def test_a_circle_of_two() -> None:
    # A makes 60 t and buys 20 of B's, B makes 40 and buys 30 of A's. Their parts a and b of A:
    # 80 a = 60 + 20 b and 70 b = 30 a, so 80 a = 60 + 60 a / 7, a = 420 / 500 = 0.84, b = 0.36.
    chain = oxide({"A": 60.0, "B": 40.0}, {("A", "B"): 30.0, ("B", "A"): 20.0})
    assert parts(chain, "A") == pytest.approx({"A": 0.84, "B": 0.36})
    assert parts(chain, "B") == pytest.approx({"A": 0.16, "B": 0.64})


def test_a_circle_that_hardly_anything_enters() -> None:
    # A and B make 1 t each and pass 99 t to and fro: 100 a = 1 + 99 b and 100 b = 99 a, so
    # a = 1 / (100 - 98.01) = 0.502513 and b = 0.497487.
    chain = oxide({"A": 1.0, "B": 1.0}, {("A", "B"): 99.0, ("B", "A"): 99.0})
    assert parts(chain, "A") == pytest.approx({"A": 0.502513, "B": 0.497487}, abs=1e-6)


def test_goods_that_nobody_made_are_of_nobody() -> None:
    chain = oxide({"C": 1.0}, {("A", "B"): 5.0, ("B", "A"): 5.0})
    assert parts(chain, "A") == {"A": 0.0, "B": 0.0, "C": 0.0}


def test_the_tag_follows_the_chain_into_metal() -> None:
    # S separates all: what T makes and G buys holds nothing else.
    found = content_of(five_nodes(), "S")
    assert found[METAL, "G", "Dy"] == found[METAL, "T", "NdPr"] == 1
    assert set(content_of(five_nodes(), "T").values()) == {0.0}


@given(st.integers(0, 10**6))
def test_the_parts_of_all_countries_are_never_more_than_all(seed: int) -> None:
    draw = Draw(seed)
    chain = draw.chain()
    found = [content_of(chain, country) for country in draw.pools]
    for key in found[0]:
        assert all(each[key] >= 0 for each in found)
        assert sum(each[key] for each in found) <= 1 + 1e-6


@given(st.integers(0, 10**6))
def test_names_do_not_matter(seed: int) -> None:
    chain, names = Draw(seed).chain(), {"A": "Z", "B": "Y"}
    there = content_of(renamed(chain, names), "Z")
    for (stage, pool, what), part in content_of(chain, "A").items():
        assert there[stage, names.get(pool, pool), what] == pytest.approx(part, abs=1e-9)
