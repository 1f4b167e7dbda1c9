"""Plants that stand behind several suppliers of a bill, or behind a source and its second source."""

from __future__ import annotations

from dataclasses import dataclass

from monazite.result import Value


@dataclass(frozen=True)
class SharedPlant(Value):
    """A plant behind more than one supplier.

    Attributes:
        facility: id of the plant.
        label: its name.
        stage: that it does for them.
        country: code of where it stands.
        elements: symbols that come from it.
        suppliers: whose paths run through it, as the bill writes them.
        sheet_rows: of the lines behind which it stands.
        same_source: rows of the lines with several sources all of which run through it: their
            second source is no second source.
        certainty: surely where every hop to it is sure, else perhaps.
        rows: that say so.
    """

    facility: str
    label: str
    stage: str
    country: str
    elements: tuple[str, ...]
    suppliers: tuple[str, ...]
    sheet_rows: tuple[int, ...]
    same_source: tuple[int, ...]
    certainty: str
    rows: tuple[str, ...]
