"""The projection of the map: areas are kept, and the land is where it should be."""

from __future__ import annotations

from itertools import pairwise

import pytest

from monazite.pages.figures.projection import project, read_world


def test_the_projection_keeps_areas() -> None:
    """A cell of a degree has, on the sphere of radius 1, the area that its sine gives."""
    from math import radians, sin

    for south in (-50.0, 0.0, 30.0, 70.0):
        ring = [(11.0, south), (12.0, south), (12.0, south + 1), (11.0, south + 1)]
        flat = [project(*each) for each in ring]
        area = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*flat, flat[0]]))) / 2
        true = radians(1) * (sin(radians(south + 1)) - sin(radians(south)))
        assert area == pytest.approx(true, rel=1e-3)


def test_the_land_is_where_it_should_be() -> None:
    def inside(longitude: float, latitude: float) -> bool:
        odd = False
        for ring in read_world().land:
            for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
                if (y1 > latitude) != (y2 > latitude):
                    odd ^= longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
        return odd

    land = [(109.97, 41.78), (-115.5, 35.5), (122.5, -28.9), (178.5, 67.0), (185.0, 67.0)]
    assert all(inside(*place) for place in land)  # Bayan Obo, Mountain Pass, Mt Weld, Chukotka
    assert not any(inside(*place) for place in [(-30.0, 30.0), (-140.0, 0.0), (51.0, 42.0)])
