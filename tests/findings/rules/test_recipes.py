"""Recipes: their numbers are those of the rows they name, with the ends that are given."""

from __future__ import annotations

from monazite.findings.rules.recipes import read_recipes
from monazite.triples.opening import open_store
from monazite.view import load

FOUND = {each.row.removeprefix("recipes/"): each for each in read_recipes(open_store())}


def test_a_number_is_taken_from_the_composition_that_holds_it() -> None:
    car = FOUND["ndfeb-magnet-ev-motor-2012"]
    assert (car.low, car.high, car.elements) == (0.06, 0.1, ("Dy",))
    assert car.composition == "compositions/ndfeb-magnet-ev-motor-dy-nikkei-dy-2012-11"
    assert FOUND["high-performance-2007"].elements == ("Dy", "Tb")


def test_a_bound_has_one_end() -> None:
    assert (FOUND["grade-h-melted"].low, FOUND["grade-h-melted"].high) == (0.03, None)
    assert (FOUND["grade-h-diffusion"].low, FOUND["grade-h-diffusion"].high) == (None, 0.006)
    assert (FOUND["grade-h-melted"].share.low, FOUND["grade-h-melted"].share.high) == (0.03, 1.0)


def test_powder_of_a_bonded_magnet_is_no_element_and_may_be_by_volume() -> None:
    volume, mass = FOUND["bonded-powder-volume-2016"], FOUND["bonded-powder-mass-2023"]
    assert (volume.elements, volume.by_mass, volume.share.low) == ((), False, 0.65)
    assert (mass.by_mass, mass.share.high) == (True, 0.93)


def test_no_number_stands_twice() -> None:
    own = {
        row.key
        for row in load().rows()
        if row.table == "recipes"
        if any(row.text(column) for column in ("percent", "percent_low", "percent_high"))
    }
    assert own == {name for name, each in FOUND.items() if not each.composition}
