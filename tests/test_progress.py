"""Progress that nobody watches."""

from __future__ import annotations

from monazite.progress import do_nothing


def test_it_takes_a_part_or_a_step() -> None:
    do_nothing()
    do_nothing(0.5)
