"""How networks, findings and answers show themselves in a notebook.

A network is its page in a frame whose scripts reach nothing of the notebook; findings and answers
are tables. All of it is text until proven markup: no label runs.
"""

from __future__ import annotations

from monazite.findings.balance.balance import Balance
from monazite.findings.balance.tables import balance_tables
from monazite.findings.doubt.result import EvidenceCut
from monazite.findings.doubt.tables import doubt_tables
from monazite.findings.losses.result import Chokepoints
from monazite.findings.losses.tables import chokepoint_tables
from monazite.findings.responses.cuts_tables import set_table
from monazite.findings.routes.cuts import Cuts
from monazite.network.graph import Network
from monazite.showing import paint
from monazite.tables import tables_html

TOP = 20
"""Rows of a finding that are shown."""


def _network(network: Network) -> str:
    from monazite.pages.graph.iframe import iframe
    from monazite.pages.graph.page import graph_html
    from monazite.pages.graph.svg import draw, title_of

    layout = draw(network, None).layout
    size = layout.width, layout.height
    return iframe(title_of(network), size, page=graph_html(network))


def _chokepoints(found: Chokepoints) -> str:
    return tables_html(chokepoint_tables(found))


def _balance(found: Balance) -> str:
    return tables_html(balance_tables(found, top=TOP, assumptions=False))


def _cuts(found: Cuts) -> str:
    return tables_html([set_table(f"{found.element} for {found.market}", found)])


def _doubt(found: EvidenceCut) -> str:
    return tables_html(doubt_tables(found, TOP))


def register() -> None:
    """Say how each kind of thing shows itself."""
    paint(Network, _network)
    paint(Chokepoints, _chokepoints)
    paint(Balance, _balance)
    paint(Cuts, _cuts)
    paint(EvidenceCut, _doubt)
