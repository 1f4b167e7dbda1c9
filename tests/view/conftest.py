"""Each verb is held against its command."""

from __future__ import annotations

from tests.cli.conftest import run

__all__ = ["run"]
