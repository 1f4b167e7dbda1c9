"""The tables of who could replace a country, in their order, whole and short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.findings.replacements.answer_tables import answer_table, stages_table, years_table
from monazite.findings.replacements.plant_tables import (
    all_plants_table,
    orders_table,
    plants_table,
)
from monazite.findings.replacements.slip_tables import plans_table, slips_table
from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.replacements.replacement import Replacement


def replacement_tables(found: Replacement) -> list[Table]:
    """Return the answer, what is covered by year, all plants, and how plans slipped."""
    return [
        answer_table(found),
        years_table(found),
        all_plants_table(found),
        orders_table(found),
        stages_table(found),
        slips_table(found),
        plans_table(found),
    ]


def short_replacement_tables(found: Replacement) -> list[Table]:
    """Return the answer, what is covered by year, the plants that matter most, and how they slip.

    What is longer is of the full report.
    """
    return [
        answer_table(found),
        years_table(found),
        plants_table(found),
        orders_table(found),
        slips_table(found),
    ]
