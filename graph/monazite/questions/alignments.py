"""What corresponds to what elsewhere?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import Form, question
from monazite.data.declared import Param
from monazite.data.parameters import check_text

if TYPE_CHECKING:
    from monazite.data.alignments import Alignments
    from monazite.view.view import View


@question(
    group="What is in it?",
    rank=3,
    forms=(
        Form("turtle", lambda _, found: found.to_turtle()),
        Form("sssom", lambda _, found: found.to_sssom()),
    ),
    form_help="table, json, csv, tsv, markdown (md), turtle or sssom.",
)
def alignments(
    view: View,
    term: Annotated[
        str | None,
        Param(
            "A class, property, concept or entity, or one of theirs.", metavar="NAME", position=True
        ),
    ] = None,
) -> Alignments:
    """List what corresponds to what elsewhere, and what must not be taken for each other.

    Example: monazite alignments Policy

    >>> import monazite
    >>> monazite.load().alignments("Nd").alignments[0].object_label
    'neodymium atom'
    """
    from monazite.data.alignments import (
        Alignments,
        all_alignments,
        find_alignments,
        read_header,
        read_prefixes,
    )

    prefixes = read_prefixes(view.ontology)
    found = all_alignments(view.ontology, view.schema, view.rows())
    if term is not None:
        check_text(term, "term")
        found = find_alignments(found, term, prefixes)
    return Alignments(tuple(found), prefixes, tuple(read_header(view.ontology)), term)
