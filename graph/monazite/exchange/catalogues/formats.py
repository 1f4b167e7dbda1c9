"""The descriptions by name, and what writes them."""

from __future__ import annotations

from collections.abc import Callable

from monazite.errors import UnknownNameError, did_you_mean
from monazite.exchange.catalogues.croissant import to_croissant
from monazite.exchange.catalogues.dcat import to_dcat_jsonld, to_dcat_turtle
from monazite.exchange.catalogues.published import PublishedView
from monazite.exchange.catalogues.ro_crate import to_ro_crate
from monazite.parameters import CATALOGUES, check_text

_WRITERS: dict[str, Callable[[PublishedView], str]] = dict(
    zip(CATALOGUES, (to_croissant, to_ro_crate, to_dcat_turtle, to_dcat_jsonld), strict=True)
)


def find_catalogue(name: str) -> Callable[[PublishedView], str]:
    """Return what writes a description.

    >>> find_catalogue("dcat").__name__
    'to_dcat_turtle'
    """
    if name in _WRITERS:
        return _WRITERS[name]
    check_text(name, "format")
    fix = did_you_mean(name, CATALOGUES) or f"formats are {', '.join(CATALOGUES)}."
    raise UnknownNameError(f'There is no format "{name}"; {fix}')
