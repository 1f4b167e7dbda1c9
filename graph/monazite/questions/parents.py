"""Who stands above a firm or plant on a day?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import question
from monazite.data.declared import Param

if TYPE_CHECKING:
    from monazite.model.ownership import Parents
    from monazite.view.view import View


@question(
    group="Who says so, and since when?",
    rank=6,
    title="Who stands above a firm or plant",
    says="Owners up to the last on record on a day; percent_low and percent_high are 0 to 100. "
    "No parent on record does not mean that there is none.",
    range="percent_low and percent_high are the least and the most that shares on the way "
    "multiply to; null where one is not known.",
)
def parents(
    view: View,
    name: Annotated[
        str,
        Param(
            "Id or name of a firm or plant.",
            metavar="NAME",
            position=True,
            completes=("facility", "organisation"),
        ),
    ],
) -> Parents:
    """Follow a firm or plant up to its ultimate parent on a day; list the other holders.

    A parent holds more than half, or a source says that it controls; a share that is not known is
    no control. Each step names its record and source.

    Example: monazite parents mountain-pass --valid 1998-12-31

    >>> import monazite
    >>> monazite.load(valid="1998-12-31").parents("mountain-pass").tops
    (('unocal', 'Union Oil Company of California (Unocal)'),)
    """
    from monazite.model.ownership import find_parents

    return find_parents(view.store, name, view.valid)
