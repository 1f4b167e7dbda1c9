"""``monazite info``: what the data set holds, how old its sources are, and how much they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.cli.common import (
    Format,
    ViewOptions,
    choose_format,
    with_view,
    write_out,
    write_tables_out,
)
from monazite.cli.options import Element

if TYPE_CHECKING:
    from monazite.findings.shares.concentration import StageShares
    from monazite.view import View


@with_view
def info(options: ViewOptions, element: Element = "MREE", fmt: Format = "table") -> None:
    """Describe the data set: counts, sources by tier and age, coverage, licence, version.

    Formats are table, json, csv, markdown and turtle (DCAT and VoID).

    Example: monazite info --tier 1
    """
    from monazite.findings.dataset.inventory import take_inventory
    from monazite.findings.dataset.tables import (
        Described,
        dataset_dict,
        dataset_tables,
        dataset_turtle,
    )
    from monazite.rows.vocabulary import read_title, read_vocabulary
    from monazite.triples.statistics import read_statistics

    choose_format(fmt, "table", "json", "csv", "markdown", "turtle")
    view = options.open()
    schemes = {scheme.name: scheme for scheme in read_vocabulary(view.schema).schemes}
    stages = [] if fmt == "turtle" else _stages(view, element)
    described = Described(
        title=read_title(view.schema),
        inventory=take_inventory(read_statistics(view.store), view.schema, stages),
        view=view.describe(),
        line=view.line(),
        element=element,
        tiers={each.code: each.label for each in schemes["source-tier"].concepts},
    )
    if fmt == "turtle":
        write_out(dataset_turtle(described))
    else:
        tables = dataset_tables(described)
        write_tables_out(view, tables, fmt, content=dataset_dict(described))


def _stages(view: View, element: str) -> list[StageShares]:
    """Who leads each stage; nothing where no row of the view splits any."""
    from monazite.errors import NotKnownError
    from monazite.findings.shares.concentration import stage_shares

    try:
        return list(stage_shares(view.network(element)))
    except NotKnownError:
        return []
