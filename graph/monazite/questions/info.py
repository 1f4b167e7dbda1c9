"""What do the data hold, and how much do they cover?"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from monazite.asking.question import Element, Form, question
from monazite.core.errors import NotKnownError
from monazite.data.parameters import CATALOGUES, ELEMENT

if TYPE_CHECKING:
    from monazite.analysis.inventory import DatasetDescription
    from monazite.view.view import View


def _catalogue(name: str, view: Any, _: object) -> str:  # noqa: ANN401 - a view
    text: str = view.catalogue(name)
    return text


@question(
    group="What is in it?",
    rank=1,
    title="What the data hold and how much they cover",
    says="Counts of records and sources by kind, tier and age, licence and version; coverage is "
    "the part of 1 of national tonnage that known plants explain.",
    range="None: these are counts.",
    forms=(
        Form("turtle", lambda view, _: view.info().to_turtle(), of_view=True),
        *(Form(name, partial(_catalogue, name), of_view=True) for name in CATALOGUES),
    ),
    form_help="table, json, csv, tsv, markdown (md) or turtle (DCAT and VoID); with checksums: "
    "croissant, dcat or dcat-jsonld.",
)
def info(view: View, element: Element = ELEMENT) -> DatasetDescription:
    """Describe the data set: counts, sources by tier and age, coverage, licence, version.

    For catalogues of data: Croissant 1.1 and DCAT 3, of the files that monazite export csv and
    export canonical write, each with its size and SHA-256. monazite verify says whether this copy
    is the one that such a file describes.

    Example: monazite info --tier 1

    >>> import monazite
    >>> found = monazite.load().info()
    >>> found.title.issued, found.inventory.sources > 1000
    ('2026-11-24', True)
    """
    from monazite.analysis.concentration.shares import stage_shares
    from monazite.analysis.inventory import DatasetDescription, take_inventory
    from monazite.data.vocabulary import read_title, read_vocabulary
    from monazite.store.store import read_statistics

    schemes = {scheme.name: scheme for scheme in read_vocabulary(view.schema).schemes}
    try:
        stages = [*stage_shares(view.network(element))]
    except NotKnownError:  # no row of the view splits any stage
        stages = []
    return DatasetDescription(
        title=read_title(view.schema),
        inventory=take_inventory(read_statistics(view.store), view.schema, stages),
        element=element,
        tiers={each.code: each.label for each in schemes["source-tier"].concepts},
    )
