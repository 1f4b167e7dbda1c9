"""Options that several commands share; their defaults stand in ``parameters``."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.parameters import APPROVAL

APPROVAL_PERCENT = round(100 * APPROVAL)
"""The default of ``--approval``; only the command line speaks per cent."""

Element = Annotated[
    str,
    typer.Option(
        "--element",
        "-e",
        metavar="ELEMENT",
        help="Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.",
    ),
]
Market = Annotated[
    str,
    typer.Option("--market", "-m", metavar="MARKET", help="Country or union; WLD is the world."),
]
Horizon = Annotated[
    str,
    typer.Option(
        "--horizon",
        metavar="HORIZON",
        help="immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.",
    ),
]
Event = Annotated[
    str,
    typer.Option(
        "--event",
        metavar="EVENT",
        help="outage: plants stop; embargo: the border closes; licence: a part is approved.",
    ),
]
Approval = Annotated[
    float, typer.Option("--approval", min=0, max=100, help="Percent approved, of a licence.")
]
BaseYear = Annotated[
    int | None,
    typer.Option("--year", "-y", metavar="YEAR", help="Default: the last with trade rows."),
]
