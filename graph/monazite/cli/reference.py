"""``monazite reference``: the vocabulary and its tables as one HTML page."""

from __future__ import annotations

from monazite.cli.common import OutputFile, say, write_out


def reference(
    output: OutputFile,
) -> None:
    """Write the reference of the ontology: one HTML page that works offline.

    Classes, tables and their columns, properties, closed lists, alignments, and a picture.

    Example: monazite reference ontology.html
    """
    from monazite import reference as reference_page

    write_out(reference_page(), output)
    if str(output) != "-":
        say(f"The reference is in {output}.")
