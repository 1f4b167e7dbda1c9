"""The shipped tables on their release date, and rows on magnets that are written by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monazite.core.package import ontology_folder
from monazite.model.network.attributes import Network
from monazite.model.network.magnet_sales import SalesRecord
from monazite.model.network.shares import OutputFigure
from monazite.model.network.trade import Flow
from monazite.store.queries import QueryRecord
from monazite.store.store import Store
from monazite.view.view import View, release_date


@pytest.fixture(scope="session")
def view(store: Store) -> View:
    """The shipped tables on the day of their release."""
    return View(store, ontology_folder(), str(release_date(store)))


@pytest.fixture(scope="session")
def mree(view: View) -> Network:
    """The network of the magnet rare earths and the world."""
    return view.network("MREE")


def weight(pair: str, year: int, tonnes: float, month: str = "") -> SalesRecord:
    exporter, importer = pair.split(">")
    return SalesRecord(
        exporter, importer, year, month, tonnes, None, f"trade/{pair}-{month or year}"
    )


def share(pair: str, year: int, percent: float) -> SalesRecord:
    exporter, importer = pair.split(">")
    return SalesRecord(exporter, importer, year, "", None, percent, f"trade/{pair}-{year}-percent")


def answer(pair: str, year: int, months: str = "", **given: str) -> QueryRecord:
    """An answer of the query, as it comes from the store."""
    exporter, importer = pair.split(">")
    begin, _, until = months.partition("/")
    blank = {"tonnes": "", "percent": "", "value": "", "usd": "", "row": "row/trade/a"}
    pair_of = {"exporter": exporter, "importer": importer, "year": str(year)}
    return QueryRecord({**blank, **pair_of, "from": begin, "until": until, **given})


def magnet_flow(
    pair: str, tonnes: float | None, usd_per_kg: float = 10.0, usd: float = 0.0
) -> Flow:
    """Metal magnets between two countries, reconciled."""
    exporter, importer = pair.split(">")
    value = usd or (tonnes or 0.0) * usd_per_kg * 1000
    row = f"baci/{pair}"
    return Flow("m", exporter, importer, False, tonnes, value, None, row, reconciled=True)


def of_world(place: str, year: int, percent: float) -> OutputFigure:
    shares = (percent, None, None)
    return replace(
        made(place, year, 1, "share-of-world-output"), tonnes=(None, None, None), percent=shares
    )


def world(year: int, tonnes: float) -> OutputFigure:
    return replace(made("WLD", year, tonnes), total=True)


def made(place: str, year: int, tonnes: float, basis: str = "magnet") -> OutputFigure:
    return OutputFigure(
        *(f"production/{place}-{year}-{basis}", place, False, "magnet", 1, year, "news", basis, 3),
        *(f"{year}", 99, "ndfeb-magnet", (tonnes, None, None), (None, None, None)),
    )


MONTHS = [weight("CHN>KOR", 2025, 854, "2025-09"), weight("CHN>KOR", 2025, 569, "2025-10")]
ALONE = weight("CHN>JPN", 2025, 4_000)
