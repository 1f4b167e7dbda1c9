"""Quotas and nameplates as ceilings of what a pool makes, on rows made by hand and the shipped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monazite.findings.chain.base_year import read_base_year
from monazite.findings.chain.chain import HEAVY_MAGNETS, LIGHT_MAGNETS, Ceiling, Chain
from monazite.findings.chain.elements import ChainElements
from monazite.findings.chain.site_capacity import Capacity
from monazite.findings.chain.spare import (
    NO_SPARE_ROWS,
    Quota,
    SpareRows,
    read_spare_rows,
    with_ceilings,
)
from monazite.findings.reconciliation.year import ReconciledYear
from monazite.network.facts import read_facts
from monazite.quantities.amount import exactly
from monazite.triples.opening import open_store
from tests.findings.reconciliation.by_hand import year_of
from tests.findings.sample import element_chain_of

ELEMENTS = ChainElements(("Nd",), {"Nd": ("Nd",)}, "")


def chain(**more: Any) -> Chain:
    """A mines 100 t of oxide, of it 16 t of Nd, separates 12 t, and B 8 t of what it buys."""
    element_chain = element_chain_of(
        "Nd",
        {("mine", "A"): 16.0, ("separation", "A"): 12.0, ("separation", "B"): 8.0},
        {("mine", "A"): 12.0, ("mine", "B"): 8.0},
        **more,
    )
    return Chain(2024, {"Nd": element_chain}, {}, {}, {}, {})


def ceilings(*quotas: Quota, plates: tuple[Capacity, ...] = (), of: Chain | None = None) -> object:
    """What rows bound in a year in which A mined 100 t of ore and separated 75 t of its own."""
    values = {("mined", "A"): 100.0, ("ore_sold", "A", "pit", "A"): 75.0}
    year = ReconciledYear(year_of(), values, ())
    return with_ceilings(of or chain(), SpareRows(quotas, plates), ELEMENTS, year).ceilings


def plate(facility: str, tonnes: float, **more: Any) -> Capacity:
    """A nameplate of a plant of B, in tonnes of neodymium oxide."""
    found = Capacity(
        row=f"capacity/{facility}",
        facility=facility,
        country="B",
        stage="separation",
        step="separation",
        kind="nameplate",
        earliest="2020-01-01",
        latest="2020-12-31",
        tonnes=exactly(tonnes),
        basis="oxide",
        materials=(frozenset({"Nd"}),),
        families=frozenset(),
    )
    return replace(found, **more)


@pytest.mark.parametrize(
    ("tonnes", "times"),
    # used up; a fifth left; exceeded by rounding; exceeded, so that it bounds a part only
    [(100.0, 1.0), (120.0, 1.2), (99.0, 1.0), (97.0, None)],
)
def test_a_quota_is_the_most_that_its_mines_make(tonnes: float, times: float | None) -> None:
    found = ceilings(Quota("A", "mine", tonnes, "quotas/a"))
    expected = {("mine", "A", "*"): Ceiling(times, "quota", ("quotas/a",))} if times else {}
    assert found == expected


def test_a_quota_holds_for_every_ore_of_a_country() -> None:
    several = chain(ores={("A", "lode", "A"): 9.0, ("A", "clay", "A"): 7.0})
    found = ceilings(Quota("A", "mine", 100.0, "quotas/a"), of=several)
    assert found == {
        ("mine", "A", ore): Ceiling(1.0, "quota", ("quotas/a",)) for ore in ("clay", "lode")
    }


def test_a_quota_on_separation_is_set_beside_the_ore_that_is_separated() -> None:
    assert ceilings(Quota("A", "separation", 90.0, "quotas/a")) == {
        ("separation", "A", "Nd"): Ceiling(pytest.approx(1.2), "quota", ("quotas/a",))  # type: ignore[arg-type]
    }
    assert ceilings(Quota("A", "separation", 70.0, "quotas/a")) == {}
    assert ceilings(Quota("B", "separation", 90.0, "quotas/b")) == {}


def test_plants_make_up_to_their_nameplates_where_they_are_the_pool() -> None:
    """8 t of Nd are 10 t of oxide: 15 t of oxide are one and a half times as much."""
    assert ceilings(plates=(plate("one", 15.0),)) == {
        ("separation", "B", "Nd"): Ceiling(pytest.approx(1.5), "nameplate", ("capacity/one",))  # type: ignore[arg-type]
    }
    assert ceilings(plates=(plate("one", 9.0),)) == {}  # others make the rest
    both = ceilings(plates=(plate("one", 9.0), plate("two", 6.0)))
    assert both == {
        ("separation", "B", "Nd"): Ceiling(
            pytest.approx(1.5),  # type: ignore[arg-type]
            "nameplate",
            ("capacity/one", "capacity/two"),
        )
    }


def test_a_nameplate_counts_until_another_and_the_narrowest_counts() -> None:
    newer = plate("one", 12.0, latest="2022-12-31", row="capacity/newer")
    found = ceilings(plates=(plate("one", 15.0), newer))
    assert found == {
        ("separation", "B", "Nd"): Ceiling(pytest.approx(1.2), "nameplate", ("capacity/newer",))  # type: ignore[arg-type]
    }
    wide = plate("one", 99.0, basis="reo", latest="2023-12-31", row="capacity/wide")
    assert ceilings(plates=(newer, wide)) == found


def test_what_does_not_tell_tonnes_and_plants_of_no_pool_say_nothing() -> None:
    assert ceilings(plates=(plate("one", 15.0, basis="form-not-stated"),)) == {}
    assert ceilings(plates=(plate("one", 15.0, country="X"),)) == {}
    assert with_ceilings(chain(), NO_SPARE_ROWS, ELEMENTS, ReconciledYear(year_of(), {}, ())) == (
        chain()
    )


def test_the_shipped_ceilings_of_2024_are_those_of_three_rows() -> None:
    """The mining quota of 270,000 t was used up; that on separation, 254,000 t, was exceeded.

    Kuantan: 10,500 t of NdPr oxide; Hai Phong: 2,200 t of magnets.
    """
    facts = read_facts(open_store(), "NdPr", "2026-11-24")
    found = read_base_year(facts, 2024, "WLD", "World").accounts().chain()
    assert {key: each.by for key, each in found.ceilings.items()} == {
        ("mine", "CHN", "bayan-obo"): "quota",
        ("mine", "CHN", "maoniuping"): "quota",
        ("mine", "CHN", "south-china-clay"): "quota",
        ("separation", "MYS", "NdPr"): "nameplate",
        ("magnet", "VNM", HEAVY_MAGNETS): "nameplate",
        ("magnet", "VNM", LIGHT_MAGNETS): "nameplate",
    }
    for ore in ("bayan-obo", "maoniuping", "south-china-clay"):
        assert found.ceilings["mine", "CHN", ore] == Ceiling(
            1.0, "quota", ("quotas/chn-mining-quota-2024-reo",)
        )
    made = found.element_chains["NdPr"].made["separation", "MYS"]
    # 10,500 t of oxide of Nd and Pr hold between 0.8535 (Pr as Pr6O11: 0.8277) and 0.8573 of metal
    assert 10_500 * 0.82 < found.ceilings["separation", "MYS", "NdPr"].times * made < 10_500 * 0.86
    magnets = sum(found.made[name, "VNM"] for name in (HEAVY_MAGNETS, LIGHT_MAGNETS))
    assert found.ceilings["magnet", "VNM", HEAVY_MAGNETS].times * magnets == pytest.approx(2200)


def test_plants_that_did_not_surely_run_have_no_nameplate() -> None:
    found = read_spare_rows(read_facts(open_store(), "NdPr", "2026-11-24"), 2024).plates
    plants = {each.facility for each in found}
    assert {"lynas-malaysia-kuantan", "shin-etsu-hai-phong"} <= plants
    # under construction, planned, suspended, not known
    assert not plants & {
        "eneabba-refinery",
        "hitachi-china-grove",
        "leshan-ruifeng",
        "jamr-jiangyin",
    }
    assert all(each.latest <= "2024-12-31" for each in found)
