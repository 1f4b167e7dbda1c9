"""``python -m monazite`` is ``monazite``."""

from monazite.cli import console

if __name__ == "__main__":
    console()
