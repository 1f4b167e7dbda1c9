"""``reference``: what is in the ontology?"""

from __future__ import annotations

from monazite.cli.common import Output, OutputFile
from monazite.cli.writing import one_place, write_page
from monazite.core.errors import UnreadableError


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
