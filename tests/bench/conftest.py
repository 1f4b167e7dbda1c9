"""What the benches share."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest


@pytest.fixture
def report(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a line even where pytest captures."""

    def say(text: str) -> None:
        with capsys.disabled():
            sys.stderr.write(f"\n{text}\n")

    return say
