"""A target of fuzzing: inputs of one kind, and what must hold whatever they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

SECONDS = 5.0
"""Of the processor; an input of a few kilobytes that takes longer is a find."""


class FindError(AssertionError):
    """An input that is handled wrongly, though nothing broke off."""


def require(holds: object, what: str) -> None:
    """Make a find of what does not hold."""
    if not holds:
        raise FindError(what)


@dataclass
class Target:
    """What is tried.

    Attributes:
        inputs: whatever may come from outside.
        check: reads an input. A sentence for the reader is fine and caught there; whatever else
            is raised is a find.
        seconds: that an input may take.
        raw: an input as it stands in some bytes, where bytes can be one: quick, and what a fuzzer
            changes in them it changes in the input.
        seeds: bytes that hold good inputs.
        words: that stand in inputs, for a fuzzer to put in.
        last: the input that was checked last.
    """

    inputs: SearchStrategy[Any]
    check: Callable[[Any], None]
    seconds: float = SECONDS
    raw: Callable[[bytes], Any] | None = None
    seeds: tuple[bytes, ...] = ()
    words: tuple[str, ...] = ()
    last: object = field(default=None, init=False)

    def check_timed(self, chosen: object) -> None:
        """Check an input; one that takes too long is a find."""
        self.last = chosen
        begun = time.process_time()
        self.check(chosen)
        require(time.process_time() - begun < self.seconds, f"it took more than {self.seconds:g} s")

    def law(self, check: Callable[[Any], None], **how: Any) -> Callable[[], None]:
        """Return a test of hypothesis: any input is checked; ``how`` are settings for it."""

        def holds(chosen: object) -> None:
            check(chosen)

        shared = settings(deadline=None, suppress_health_check=list(HealthCheck), **how)
        return shared(given(self.inputs)(holds))

    def of_bytes(self) -> Callable[[bytes], bool]:
        """Return what a fuzzer calls: bytes give an input; False where they give no whole one.

        Below 128, the first byte says that the others are the input. Otherwise they choose one,
        which keeps its structure whatever they are, so that a fuzzer that knows nothing of XLSX
        gets behind the first line of a parser.
        """
        test: Any = self.law(self.check_timed, database=None, print_blob=False)
        choose: Callable[[bytes], bytes | None] = test.hypothesis.fuzz_one_input

        def one(data: bytes) -> bool:
            if self.raw is not None and data[:1] < b"\x80":
                self.check_timed(self.raw(data[1:]))
                return True
            return choose(data[1:]) is not None

        return one
