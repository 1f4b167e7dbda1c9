"""The command line: one sentence for an error, data on stdout, talk on stderr."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

from monazite.core.errors import KeptStoreWarning, MonaziteError, NotKnownError, UnknownNameError
from monazite.core.formats import plain, reveal


def console() -> None:
    """Run the command line as a process, which ends at once when all is said and kept."""
    code = 0
    if hasattr(signal, "SIGPIPE"):  # a reader who has seen enough ends us, as it ends cat
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, int | None):
            code = end.code or 0
        else:
            sys.stderr.write(f"{end.code}\n")
            code = 1
    code = _deliver(code)
    if _may_end_at_once():
        os._exit(code)
    sys.exit(code)


def _deliver(code: int) -> int:
    """Send what was said on its way; return the exit code, which is 2 where that cannot be done."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError as error:
            if code == 0:  # else it was told why
                said = f"What was found could not be written: {error.strerror}; make room."
                with contextlib.suppress(OSError):
                    sys.stderr.write(f"{said}\n")
            code = code or 2
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # or Python tries again
    return code


def _may_end_at_once() -> bool:
    """Do what Python does at its end; False if it must do that itself.

    It must where somebody measures this process, or a thread still runs.
    """
    monitoring: Any = getattr(sys, "monitoring", None)  # from Python 3.12 on
    tools = [monitoring.get_tool(each) for each in range(6)] if monitoring else []
    if any((sys.gettrace(), sys.getprofile(), *tools)):
        return False
    others = [each for each in threading.enumerate() if each is not threading.current_thread()]
    if not all(each.daemon for each in others):
        return False
    atexit._run_exitfuncs()
    return True


def main() -> None:
    """Run the command line; exit 0 is fine, 1 the answer is no, 2 could not do it."""
    gc.set_threshold(200_000, 50, 100)  # rows live to the end: looking for dead ones cost a fifth
    from monazite.cli.app import app
    from monazite.cli.writing import WaitingLine

    warnings.simplefilter("always", KeptStoreWarning)
    warnings.showwarning = partial(_show_warning, warnings.showwarning)
    try:
        _check_words(sys.argv[1:])
        with WaitingLine():
            app(prog_name="monazite")
    except MonaziteError as error:
        # the model's own sentences are brought to the words of reports
        said = plain(str(error)) if isinstance(error, NotKnownError) else str(error)
        sys.stderr.write(f"{reveal(said)}\n")
        sys.exit(2)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        said = f"{place}{error.strerror or error}; make room or name another place."
        sys.stderr.write(f"{reveal(said)}\n")
        sys.exit(2)
    except KeyboardInterrupt:  # the answer is there; what is left is to tidy up
        _end_interrupted()
    finally:
        _wait_for_the_cache()


def _wait_for_the_cache() -> None:
    """Let the store be written; who interrupts that has the answer, and loses nothing else."""
    opening = sys.modules.get("monazite.store.opening")  # what was not imported writes nothing
    try:
        if opening is not None:
            opening.wait_for_all()
    except KeyboardInterrupt:
        _end_interrupted()


def _end_interrupted() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(128 + signal.SIGINT)


def _show_warning(
    show: Callable[..., None],
    message: Warning | str,
    category: type[Warning],
    *place: Any,  # noqa: ANN401 - what others need to show theirs
) -> None:
    """Say in a sentence that the kept store was damaged or lost, also after the command ended."""
    from monazite.cli.writing import erase_waiting

    erase_waiting()
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
