"""How a scenario names products, markets and shocks, and the smallest part that it tells of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from monazite.errors import UnknownNameError, did_you_mean
from monazite.findings.losses.headline import product_names
from monazite.findings.wording import STAGE_NOUNS, listed
from monazite.parameters import check_text

if TYPE_CHECKING:
    from monazite.findings.events.failure_points import Candidate

NEGLIGIBLE = 0.005
"""A smaller part is not shown as a loss."""


def name_of(product: str) -> str:
    """Return a product as a cell of a table has it.

    >>> name_of("magnets with Dy or Tb")
    'heavy magnets'
    >>> name_of("Y in oxide")
    'Y in oxide'
    """
    return product if product.endswith(" in oxide") else product_names(product, "")[1]


def name_meant(kind: str, name: str, known: Mapping[str, str]) -> str:
    """Return the market or product that is meant by a name.

    >>> name_meant("market", "the United States", {"USA": "the United States"})
    'USA'
    """
    codes = {printed: code for code, printed in known.items()} | {code: code for code in known}
    if isinstance(name, str) and (name in codes or name_of(name) in codes):
        return codes[name if name in codes else name_of(name)]
    check_text(name, kind)
    near = did_you_mean(name, codes) or f"it tells of {listed(sorted({*known.values()}))}."
    raise UnknownNameError(f'The scenario tells of no {kind} "{name}"; {near}')


def line_name(line: Candidate) -> str:
    """Return what may fail as the name of a shock: the label of a country says its stage already."""
    if line.kind == "country" or not line.stage:
        return line.label
    done = listed(STAGE_NOUNS.get(stage, stage) for stage in line.stage.split(" + "))
    return f"{line.label}: {done}"
