"""The shipped tables as a view on their release date, and as plain lines."""

from __future__ import annotations

import pytest

from monazite.network.graph import Network
from monazite.shipped import ontology_folder
from monazite.triples.store import Store
from monazite.view import View, release_date


@pytest.fixture(scope="session")
def view(store: Store) -> View:
    """The shipped tables on the day of their release."""
    return View(store, ontology_folder(), str(release_date(store)))


@pytest.fixture(scope="session")
def mree(view: View) -> Network:
    """The network of the magnet rare earths and the world."""
    return view.network("MREE")
