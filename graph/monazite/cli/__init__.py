"""The command line: one sentence for an error, data on stdout, talk on stderr."""

from __future__ import annotations

import os
import sys

from monazite.errors import MonaziteError


def main() -> None:
    """Run the command line; exit 0 is fine, 1 the answer is no, 2 could not do it."""
    from monazite.cli.app import app

    try:
        app()
    except BrokenPipeError:
        _close_stdout()
        sys.exit(0)
    except MonaziteError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"{place}{error.strerror or error}; make room or name another place.\n")
        sys.exit(2)


def _close_stdout() -> None:
    """Let the reader of a pipe go without a complaint at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
