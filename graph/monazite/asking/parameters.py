"""What a question may be asked, said once for Python, the terminal, the server and assistants."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, NamedTuple

from monazite.data.declared import Param
from monazite.data.parameters import (
    APPROVAL,
    APPROVALS,
    ELEMENT,
    EVENT,
    HORIZON,
    MARKET,
    Contingency,
    check_draws,
    events,
    horizons,
)

if TYPE_CHECKING:
    from monazite.model.network.attributes import Network


PLACES = ("country", "area")
Element = Annotated[
    str,
    Param(
        "Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.",
        *("-e", "ELEMENT"),
        completes=("element",),
    ),
]
Market = Annotated[
    str, Param("Country or union; WLD is the world.", "-m", "MARKET", completes=PLACES)
]
Horizon = Annotated[
    str,
    Param(
        "immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.",
        metavar="HORIZON",
        words=horizons,
    ),
]
BaseYear = Annotated[
    int | None, Param("Default: the newest year with trade figures.", "-y", "YEAR")
]
Event = Annotated[
    str,
    Param(
        "outage: plants shut down; embargo: the border closes; licence: a part is approved.",
        metavar="EVENT",
        words=events,
    ),
]
Approval = Annotated[
    float,
    Param(
        "Per cent of sales that a licence covers.",
        bounds=APPROVALS,
        percent=True,
        only=("event", "licence"),
    ),
]
Assumptions = Annotated[bool, Param("Print what is assumed, with its range.", tables=True)]
Seed = Annotated[
    int | None,
    Param(
        "Of --draws; default 0.", metavar="S", check=lambda seed: check_draws(seed=seed), tool=False
    ),
]


class Failure(NamedTuple):
    """What every question of failures is asked: for whom, what happens, and for how long."""

    element: Element = ELEMENT
    market: Market = MARKET
    horizon: Horizon = HORIZON
    event: Event = EVENT
    approval: Approval = APPROVAL
    year: BaseYear = None
    network: Network | None = None

    @property
    def contingency(self) -> Contingency:
        """What happens, and how long the world has to answer."""
        return Contingency(self.event, self.horizon, self.approval)


ScenarioName = Annotated[
    str | Path | BinaryIO,
    Param(
        "A scenario that is shipped, a TOML file, or one that is open.", position=True, file=True
    ),
]
Markets = Annotated[
    Iterable[str],
    Param(
        "Code of a market to tell of; may be repeated. Default: those of the file.",
        *("-m", "CODE"),
        option="market",
        completes=PLACES,
    ),
]
Months = Annotated[int | None, Param("How many months. Default: as the file says.", metavar="N")]
TrialCount = Annotated[
    int | None, Param("Run N random trials for ranges. Default: none.", metavar="N", most=1_000)
]
Workers = Annotated[int | None, Param("Processes for --draws. Default: this one.", metavar="N")]


class ScenarioRun(NamedTuple):
    """How scenarios are run: for whom, how long, and on how many random trials."""

    markets: Markets = ()
    months: Months = None
    draws: TrialCount = None
    seed: Seed = None
    workers: Workers = None
