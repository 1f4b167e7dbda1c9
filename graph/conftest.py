"""The examples of docstrings ask the stores of the tests, not the cache of whoever runs them."""

from __future__ import annotations

import pytest
from tests.sharing import share


def pytest_configure(config: pytest.Config) -> None:
    """Share what all tests share."""
    share(config)
