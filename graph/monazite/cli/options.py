"""Options that several commands share; their defaults stand in ``parameters``."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.completion import complete_element, complete_id, complete_word
from monazite.parameters import APPROVAL, events, horizons

complete_market = complete_id("country", "area")
"""Completes a country or a union."""

APPROVAL_PERCENT = round(100 * APPROVAL)
"""The default of ``--approval``; only the command line speaks per cent."""

Element = Annotated[
    str,
    typer.Option(
        "--element",
        "-e",
        metavar="ELEMENT",
        autocompletion=complete_element,
        help="Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.",
    ),
]
Market = Annotated[
    str,
    typer.Option(
        "--market",
        "-m",
        metavar="MARKET",
        autocompletion=complete_market,
        help="Country or union; WLD is the world.",
    ),
]
AnyElement = Annotated[
    str | None,
    typer.Option(
        "--element",
        "-e",
        metavar="ELEMENT",
        autocompletion=complete_element,
        help="Only what covers this element or group.",
    ),
]
Target = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="COUNTRY",
        autocompletion=complete_market,
        help="Only acts aimed at it, at a firm there, or at all countries.",
    ),
]
Issuer = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="COUNTRY",
        autocompletion=complete_market,
        help="Only acts that this country or union issued.",
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="DATE", help="Only acts that began, changed or ended since this day."
    ),
]
HORIZON_HELP = "immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free."
EVENT_HELP = "outage: plants shut down; embargo: the border closes; licence: a part is approved."
YEAR_HELP = "Default: the newest year with trade figures."


def horizon_option(text: str = HORIZON_HELP, *, metavar: str | None = "HORIZON") -> object:
    """Return ``--horizon``, with what a command says of it."""
    return typer.Option(
        "--horizon", metavar=metavar, autocompletion=complete_word(horizons), help=text
    )


def event_option(text: str = EVENT_HELP, *, metavar: str | None = "EVENT") -> object:
    """Return ``--event``, with what a command says of it."""
    return typer.Option("--event", metavar=metavar, autocompletion=complete_word(events), help=text)


def year_option(text: str = YEAR_HELP) -> object:
    """Return ``--year``, with what a command says of it."""
    return typer.Option("--year", "-y", metavar="YEAR", help=text)


Horizon = Annotated[str, horizon_option()]
Event = Annotated[str, event_option()]
Approval = Annotated[
    float,
    typer.Option("--approval", min=0, max=100, help="Per cent of sales that a licence covers."),
]
BaseYear = Annotated[int | None, year_option()]
Full = Annotated[
    bool, typer.Option("--full", help="All columns, notes and record keys; no line wraps.")
]
"""Each report has its short form, which fits 80 columns, and this."""
