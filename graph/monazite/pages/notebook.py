"""How networks, findings and answers show themselves in a notebook.

A network is its page in a frame whose scripts reach nothing of the notebook; findings and answers
are tables. All of it is text until proven markup: no label runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

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
from monazite.tables import Table
from monazite.triples.answers import Answer

TOP = 20
"""Rows of a finding that are shown."""


def tables_html(tables: Iterable[Table]) -> str:
    """Return tables as HTML.

    >>> print(tables_html([Table("Who <leads>", ("a",), [["1"]], right=("a",))]))
    <table><caption>Who &lt;leads&gt;</caption><thead><tr><th scope="col">a</th></tr></thead>
    <tbody><tr><td style="text-align:right">1</td></tr></tbody></table>
    """
    return "\n".join(_table(table) for table in tables)


def _table(table: Table) -> str:
    caption = f"<caption>{escape(table.heading)}</caption>" if table.heading else ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    body = "\n".join(
        "<tr>"
        + "".join(_cell(table, *pair) for pair in zip(table.columns, row, strict=True))
        + "</tr>"
        for row in table.rows
    )
    remarks = "".join(f"<li>{escape(remark)}</li>" for remark in table.remarks)
    return f"<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>" + (
        f"<ul>{remarks}</ul>" if remarks else ""
    )


def _cells(table: Table, row: Sequence[str]) -> str:
    return "".join(_cell(table, *pair) for pair in zip(table.columns, row, strict=True))


def _cell(table: Table, name: str, text: str) -> str:
    style = ' style="text-align:right"' if name in table.right else ""
    return f"<td{style}>{escape(text)}</td>"


def _network(network: Network) -> str:
    from monazite.pages.graph.iframe import iframe
    from monazite.pages.graph.page import graph_html
    from monazite.pages.graph.svg import draw, title_of

    layout = draw(network, None).layout
    size = layout.width, layout.height
    return iframe(title_of(network), size, page=graph_html(network))


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
    paint(Network, _network)
    paint(Answer, _answer)
    paint(Chokepoints, _chokepoints)
    paint(Balance, _balance)
    paint(Cuts, _cuts)
    paint(EvidenceCut, _doubt)
