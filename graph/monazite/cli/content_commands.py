"""``info``, ``reference`` and ``alignments``: what is in it?"""

from __future__ import annotations

from typing import Annotated

from monazite.cli.common import Element, Full, Output, OutputFile, ViewOptions, with_view
from monazite.cli.formats import argument, choose_format, to_format
from monazite.cli.writing import one_place, write_out, write_page, write_result
from monazite.core.errors import UnreadableError
from monazite.core.tables import FORMATS
from monazite.data.parameters import CATALOGUES, ELEMENT


def reference(file: OutputFile = None, output: Output = None) -> None:
    """Write the reference of the ontology: one HTML page that works offline.

    Classes, tables and their columns, properties, closed lists, alignments, and a picture.

    Example: monazite reference ontology.html
    """
    from monazite import reference as reference_page

    place = one_place(file, output)
    if place is None:
        raise UnreadableError("There is nothing to write: name a file, such as ontology.html.")
    write_page(reference_page(), place, "reference")


@with_view
def alignments(
    options: ViewOptions,
    term: Annotated[
        str | None, argument("NAME", "A class, property, concept or entity, or one of theirs.")
    ] = None,
    fmt: Annotated[
        str, to_format("table, json, csv, tsv, markdown (md), turtle or sssom.", "turtle", "sssom")
    ] = "table",
    full: Full = False,
    output: Output = None,
) -> None:
    """List what corresponds to what elsewhere, and what must not be taken for each other.

    Example: monazite alignments Policy
    """
    choose_format(fmt, *FORMATS, "turtle", "sssom")
    found = options.open().alignments(term)
    if fmt == "turtle":
        write_out(found.to_turtle(), output)
    elif fmt == "sssom":
        write_out(found.to_sssom(), output)
    else:
        write_result(found, fmt, output, full=full)


@with_view
def info(
    options: ViewOptions,
    element: Element = ELEMENT,
    fmt: Annotated[
        str,
        to_format(
            "table, json, csv, tsv, markdown (md) or turtle (DCAT and VoID); with checksums: "
            "croissant, dcat or dcat-jsonld.",
            *("turtle", *CATALOGUES),
        ),
    ] = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Describe the data set: counts, sources by tier and age, coverage, licence, version.

    For catalogues of data: Croissant 1.1 and DCAT 3, of the files that monazite export csv and
    export canonical write, each with its size and SHA-256. monazite verify says whether this copy
    is the one that such a file describes.

    Example: monazite info --tier 1
    """
    choose_format(fmt, *FORMATS, "turtle", *CATALOGUES)
    if fmt in CATALOGUES:
        write_out(options.open().catalogue(fmt), output)
        return
    found = options.open().info(element)
    if fmt == "turtle":
        write_out(found.to_turtle(), output)
    else:
        write_result(found, fmt, output, full=full)
