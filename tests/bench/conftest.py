"""What the benches share."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest

from tests.browser import conftest


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    def say(text: str) -> None:
        with capsys.disabled():
            sys.stderr.write(f"\n{text}\n")

    return say


browser = conftest.browser


def seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def cpu_seconds(do: Callable[[], object]) -> float:
    """Seconds of the processor; the machine may do other things."""
    started = time.process_time()
    do()
    return time.process_time() - started
