"""The command line: one sentence for an error, data on stdout, talk on stderr."""

from __future__ import annotations

import gc
import signal
import sys
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from monazite.errors import KeptStoreWarning, MonaziteError, UnknownNameError
from monazite.safe_text import reveal


def main() -> None:
    """Run the command line; exit 0 is fine, 1 the answer is no, 2 could not do it."""
    gc.set_threshold(200_000, 50, 100)  # rows live to the end: looking for dead ones cost a fifth
    from monazite.cli.app import app

    if hasattr(signal, "SIGPIPE"):  # a reader who has seen enough ends us, as it ends cat
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    warnings.simplefilter("always", KeptStoreWarning)
    warnings.showwarning = partial(_show_warning, warnings.showwarning)
    try:
        _check_words(sys.argv[1:])
        app(prog_name="monazite")
    except MonaziteError as error:
        sys.stderr.write(f"{reveal(str(error))}\n")
        sys.exit(2)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        said = f"{place}{error.strerror or error}; make room or name another place."
        sys.stderr.write(f"{reveal(said)}\n")
        sys.exit(2)


def _show_warning(
    show: Callable[..., None],
    message: Warning | str,
    category: type[Warning],
    *place: Any,  # noqa: ANN401 - what others need to show theirs
) -> None:
    """Say in a sentence that the kept store was damaged or lost, also after the command ended."""
    if issubclass(category, KeptStoreWarning):
        sys.stderr.write(f"{message}\n")
    else:
        show(message, category, *place)


def _check_words(words: list[str]) -> None:
    """Refuse words that the terminal did not send as UTF-8."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise UnknownNameError(
                f"{word!a} is not UTF-8; set the terminal to UTF-8, or write the id."
            ) from None
