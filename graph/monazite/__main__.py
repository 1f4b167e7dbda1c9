"""``python -m monazite`` is ``monazite``."""

from __future__ import annotations

from monazite.cli import console

if __name__ == "__main__":
    console()
