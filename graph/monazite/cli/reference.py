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
    from monazite.pages.reference.page import reference_html
    from monazite.rows.alignments import all_alignments, read_prefixes
    from monazite.rows.columns import read_schema
    from monazite.rows.vocabulary import read_vocabulary
    from monazite.shipped import ontology_folder

    folder = ontology_folder()
    schema = read_schema(folder)
    alignments = all_alignments(folder, schema, ())
    page = reference_html(schema, read_vocabulary(schema), alignments, read_prefixes(folder))
    write_out(page, output)
    if str(output) != "-":
        say(f"The reference is in {output}.")
