"""A cut of the tables as catalogues know it, with its files beside its description."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monazite.exchange.catalogues.published import PublishedView, publish
from monazite.view import View, load

WriteCopy = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def small_view(cut: Path) -> View:
    return load(ontology=cut)


@pytest.fixture(scope="session")
def published(small_view: View) -> PublishedView:
    return publish(small_view)


@pytest.fixture
def write_copy(small_view: View, tmp_path: Path) -> WriteCopy:
    """Write the files of the view, and a description beside them; return its path."""

    def write(form: str, name: str) -> Path:
        files = small_view.export("csv")
        assert isinstance(files, dict)
        canonical = small_view.export("canonical")
        assert isinstance(canonical, bytes)
        for each, content in {**files, "canonical.nq": canonical}.items():
            (tmp_path / each).write_bytes(content)
        (tmp_path / name).write_text(small_view.catalogue(form), encoding="utf-8")
        return tmp_path / name

    return write
