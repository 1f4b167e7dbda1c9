"""``validate``: what the models say beside what is known otherwise."""

from __future__ import annotations

from typing import Annotated

from monazite.cli.common import Full, Output, ViewOptions, with_view
from monazite.cli.formats import Format, argument, choose_format
from monazite.cli.writing import write_result
from monazite.core.tables import FORMATS
from monazite.data.parameters import check_word

ACTIONS = ("hindcast",)


@with_view
def validate(
    options: ViewOptions,
    action: Annotated[str, argument("ACTION", "hindcast.", show_default=False)],
    fmt: Format = "table",
    full: Full = False,
    output: Output = None,
) -> None:
    """Set what the models say beside what happened.

    hindcast: the takeover of Kachin's mines in 2024, the halt of sales to Japan in 2010, and
    China's magnet exports by destination from April to October 2025: what is said from what was
    known, with ranges, what rows print, and how many ranges cover it.

    Example: monazite validate hindcast
    """
    choose_format(fmt, *FORMATS, full=full, output=output)
    check_word(action, ACTIONS, "action")
    write_result(options.open().hindcast(), fmt, output, full=full)
