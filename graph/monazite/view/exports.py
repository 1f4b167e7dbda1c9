"""May I take it with me?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from monazite.asking.question import PLACES
from monazite.core.errors import UnknownNameError
from monazite.core.package import VERSION
from monazite.core.results import do_nothing
from monazite.data.declared import Param
from monazite.data.parameters import ELEMENT, MARKET

if TYPE_CHECKING:
    from monazite.bom.result import Exposure
    from monazite.export.formats import ExportFormat
    from monazite.export.selection import Progress
    from monazite.store.remote.pushing import Pushed
    from monazite.view.view import View


def balance_programme(view: View, element: str = ELEMENT, *, year: int | None = None) -> str:
    """Return the linear programme that reconciles a year, in the LP format, with its names.

    Args:
        element: symbol, name or group of elements that share one reconciliation.
        year: the last one with trade rows if None.

    Returns:
        The text of an LP file.

    Raises:
        UnknownNameError: there is no such element, or its members have several programmes.
        NotKnownError: the view leaves out an assumption that is needed.

    >>> import monazite
    >>> "ore_sold(AUS,mt_weld,MYS)" in monazite.load().balance_programme("Dy", year=2024)
    True
    """
    from monazite.model.balance.balance import programme_of

    return programme_of(view.store, element, view.valid, year)


def export(
    view: View,
    format: Annotated[  # noqa: A002 - the word of the command
        str,
        Param(
            "turtle, trig, nquads, canonical, jsonld, rdfxml, rdf12, cube, ftm, csv, xlsx, "
            "sqlite, parquet, graphml or context.",
            metavar="FORMAT",
            position=True,
        ),
    ],
    name: Annotated[
        str | None,
        Param(
            "Only the records that speak of it: id or name.",
            metavar="[ENTITY]",
            position=True,
            completes=(),
        ),
    ] = None,
    *,
    element: Annotated[
        str | None, Param("Of graphml; as in graph.", *("-e", "ELEMENT"), completes=("element",))
    ] = None,
    market: Annotated[
        str | None, Param("Of graphml; as in graph.", *("-m", "MARKET"), completes=PLACES)
    ] = None,
    progress: Progress | None = None,
) -> bytes | dict[str, bytes]:
    """Write the rows, or those of one entity, in a format that other tools read.

    Example: monazite export turtle mountain-pass -o mountain-pass.ttl

    Args:
        progress: told now and then which share of the work is done, 0 to 1.

    Returns:
        The bytes of one file; for csv and parquet those of each file of a folder, by name.

    Raises:
        UnknownNameError: there is no such format, entity, element or market, or the format
            takes no entity, or no element and market.
        NotKnownError: no row splits any stage of the element.
        NotInstalledError: parquet is asked for, and its extra is not installed.

    >>> import monazite
    >>> view = monazite.load()
    >>> sorted(view.export("csv", "mountain-pass"))[:2]
    ['area_demand.csv', 'areas.csv']
    """
    from monazite.export.selection import Selection
    from monazite.store.names import find_entity

    form = check_export(format, name, element=element, market=market)
    asked: tuple[object, ...]
    if form.kind == "network":
        asked = (view.network(element or ELEMENT, market or MARKET),)
    else:
        entity = None if name is None else find_entity(view.store, name)
        asked = (Selection(view, entity), progress or do_nothing)
    content: bytes | dict[str, bytes] = form.writer(*asked)
    return content


def push(
    view: View,
    address: Annotated[
        str, Param("The address where the store takes queries.", metavar="URL", position=True)
    ],
    *,
    update: Annotated[
        str | None,
        Param(
            "Where it takes updates. Default: as Oxigraph, Virtuoso or Fuseki does.", metavar="URL"
        ),
    ] = None,
    progress: Callable[[float], object] | None = None,
) -> Pushed:
    """Load the graph, or the data used, into a SPARQL store.

    It takes the place of what the store holds below https://w3id.org/monazite/. Run it again where
    it broke off; query --endpoint asks it. Name and password come from MONAZITE_ENDPOINT_USER and
    MONAZITE_ENDPOINT_PASSWORD, a token from MONAZITE_ENDPOINT_TOKEN.

    Example: monazite push http://localhost:7878/query

    Args:
        progress: told now and then which share of the work is done, 0 to 1.

    Returns:
        How many quads the store holds, and how many were sent now.

    Raises:
        EndpointError: the store does not answer, or does not take them.
        NotInstalledError: the extra ``remote`` is not installed.

    >>> import monazite
    >>> monazite.load().push("ftp://example.org")
    Traceback (most recent call last):
    monazite.core.errors.EndpointError: ftp://example.org is no address of an endpoint; ...
    """
    from monazite.store.remote.endpoint import Endpoint
    from monazite.store.remote.pushing import push

    about = {
        "version": VERSION,
        "tables": view._hash,
        "filters": asdict(view.filters),
        "data": view._data_name,
    }
    place = Endpoint(address, update)
    return view._recorded(push(view.store, place, about, progress or do_nothing))


def exposure_html(view: View, found: Exposure) -> str:
    """Return an exposure as one HTML file that needs nothing else, with its record and seal.

    The bill is not in it; the records that it was held against are.

    Args:
        found: what ``exposure`` returned.

    Returns:
        The text of the page.

    >>> import monazite
    >>> view = monazite.load()
    >>> found = view.exposure("examples/bills/generator.csv", "EUE")
    >>> view.exposure_html(found)[:15]
    '<!doctype html>'
    """
    from monazite.export.rdf import enclose
    from monazite.report.brief.seal import seal_page
    from monazite.report.exposure_page import carried_rows, exposure_html, exposure_record

    trig = enclose(view, carried_rows(found))
    return seal_page(exposure_html(found), exposure_record(found), trig)


def catalogue(view: View, format: str) -> str:  # noqa: A002 - the word of the command
    """Describe the view for catalogues of data, with checksums by which copies are compared.

    Args:
        format: croissant (1.1), dcat (DCAT 3 as Turtle) or dcat-jsonld.

    Returns:
        The description: the files that ``export csv`` and ``export canonical`` write, each
        with its size and SHA-256, and what repeats the view. ``verify`` compares it.

    Raises:
        UnknownNameError: there is no such format.

    >>> import monazite
    >>> monazite.load().catalogue("dcat").count("spdx:checksumValue") > 60
    True
    """
    from monazite.export.catalogues import find_catalogue, publish

    write = find_catalogue(format)
    return write(publish(view))


def check_export(
    format: str,  # noqa: A002 - the word of the command
    name: str | None,
    *,
    element: str | None,
    market: str | None,
) -> ExportFormat:
    """Return a format, if it takes what is asked of it."""
    from monazite.export.formats import find_format

    form = find_format(format)
    if form.kind == "network" and name is not None:
        raise UnknownNameError(
            f"{form.name} is the network of an element: take -e and -m, not an entity."
        )
    if form.kind != "network" and (element or market):
        raise UnknownNameError(f"-e and -m are for graphml; {form.name} takes an entity.")
    return form
