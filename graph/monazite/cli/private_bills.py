"""What keeps a bill of materials out of the errors that a reader may report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monazite.errors import MonaziteError, UnreadableError


@contextmanager
def no_names_in_errors() -> Iterator[None]:
    """Tell a mistake of ours without the bill: a traceback would quote what stands in it."""
    try:
        yield
    except (MonaziteError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may name a part or a firm
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        file = Path(place.tb_frame.f_code.co_filename).name if place else "?"
        line = place.tb_lineno if place else 0
        raise UnreadableError(
            f"The bill was not worked out: a mistake of this program ({type(error).__name__} in "
            f"{file}:{line}); please report that place, and nothing of the bill."
        ) from None
