"""The base of what only holds fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import dataclass_transform


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
@dataclass(frozen=True)
class Struct:
    """A frozen dataclass, as each class made from it is.

    >>> class Amount(Struct):
    ...     tonnes: float
    ...     year: int = 2024
    >>> Amount(3.5)
    Amount(tonnes=3.5, year=2024)
    """

    def __init_subclass__(cls, **options: bool) -> None:
        """Make it a frozen dataclass, with other options of one where they are given."""
        super().__init_subclass__()
        dataclass(frozen=True, **options)(cls)
