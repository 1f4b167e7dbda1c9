"""Progress of long work, where nobody watches."""

from __future__ import annotations


def do_nothing(*_: object) -> None:
    """Be told that a step, or a part, of the work is done.

    >>> do_nothing(0.5)
    """
