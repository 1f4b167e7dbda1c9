"""The formats by name, and the one way to write them."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from monazite.core.errors import UnknownNameError, did_you_mean
from monazite.core.results import Struct
from monazite.data.parameters import check_text


class ExportFormat(Struct):
    """A format: its name, what it holds, what is written, and who writes it."""

    name: str
    about: str
    home: str  # module:function, imported when it is asked for
    kind: str = "text"  # text | binary | folder | network

    @property
    def writer(self) -> Callable[..., Any]:
        """The function that writes the format."""
        module, function = self.home.split(":")
        found: Callable[..., Any] = getattr(import_module(f"monazite.export.{module}"), function)
        return found


EXPORT_FORMATS = {
    form.name: form
    for form in (
        ExportFormat("turtle", "the union of all rows, one RDF graph", "rdf:write_turtle"),
        ExportFormat("trig", "each row a named graph", "rdf:write_trig"),
        ExportFormat("nquads", "each row a named graph, a quad a line", "rdf:write_nquads"),
        ExportFormat("canonical", "the same in canonical form (RDFC-1.0)", "rdf:write_canonical"),
        ExportFormat("jsonld", "each row a named graph, as JSON", "rdf:write_jsonld"),
        ExportFormat("rdfxml", "the union of all rows, as XML", "rdf:write_rdfxml"),
        ExportFormat(
            "rdf12", "the union, each triple annotated with its rows", "rdf:write_annotations"
        ),
        ExportFormat("cube", "the statistics as an RDF Data Cube (Turtle)", "cube:write_cube"),
        ExportFormat("ftm", "firms, facilities, owners: FollowTheMoney", "ftm:write_entities"),
        ExportFormat("csv", "a folder of tables", "tables:write_folder", "folder"),
        ExportFormat("xlsx", "a workbook, a sheet a table", "workbook:write_xlsx", "binary"),
        ExportFormat("sqlite", "a data base, a table a table", "tables:write_sqlite", "binary"),
        ExportFormat("parquet", "a folder of tables in columns", "tables:write_parquet", "folder"),
        ExportFormat("graphml", "the network of -e and -m", "tables:write_graphml", "network"),
        ExportFormat("context", "the JSON-LD context of the vocabulary", "rdf:write_context"),
    )
}
_ALSO = {"ttl": "turtle", "nq": "nquads", "json-ld": "jsonld", "rdf": "rdfxml", "excel": "xlsx"}


def find_format(name: str) -> ExportFormat:
    """Return a format by name."""
    if name in EXPORT_FORMATS:
        return EXPORT_FORMATS[name]
    check_text(name, "format")
    also = _ALSO.get(name.lower())
    fix = f'did you mean "{also}"?' if also else did_you_mean(name, EXPORT_FORMATS)
    raise UnknownNameError(
        f'There is no format "{name}"; {fix or "formats are " + ", ".join(EXPORT_FORMATS) + "."}'
    )
