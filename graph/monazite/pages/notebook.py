"""How findings and answers that are no results yet show themselves in a notebook: as tables."""

from __future__ import annotations

from monazite.findings.balance.balance import Balance
from monazite.findings.balance.tables import balance_tables
from monazite.findings.doubt.result import EvidenceCut
from monazite.findings.doubt.tables import doubt_tables
from monazite.findings.losses.result import Chokepoints
from monazite.findings.losses.tables import chokepoint_tables
from monazite.findings.responses.cuts_tables import set_table
from monazite.findings.routes.cuts import Cuts
from monazite.showing import paint
from monazite.tables import Table, tables_html
from monazite.triples.answers import Answer

TOP = 20
"""Rows of a finding that are shown."""


def _answer(answer: Answer) -> str:
    return tables_html([Table("", answer.variables, answer.texts())])


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
    paint(Answer, _answer)
    paint(Chokepoints, _chokepoints)
    paint(Balance, _balance)
    paint(Cuts, _cuts)
    paint(EvidenceCut, _doubt)
