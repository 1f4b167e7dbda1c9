"""Where the tests lie; kept for those that still ask here instead of in ``tests.sharing``."""

from __future__ import annotations

from tests.sharing import TESTS

__all__ = ["TESTS"]
