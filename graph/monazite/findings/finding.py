"""What a finding is: frozen values with their rows, ranges and what is not known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StageShares:
    """Who leads one stage, and how concentrated it is.

    ``share`` and ``coverage`` run from 0 to 1, ``hhi`` from 0 to 10,000; ``None`` is *not known*.
    ``denominator`` names what the shares were divided by (the line sum or a printed world total).
    ``share_low`` to ``share_high`` is what rows print for the leader; ``hhi_low`` to ``hhi_high``
    the index if one country has another share that rows print, and, at the high end, one country
    holds all that the source does not split. ``range_rows`` are the rows that set these ends.
    """

    stage: str
    coverage: float | None
    leader: str | None
    share: float | None
    hhi: float | None
    denominator: str
    basis: str
    year: int | None
    rows: tuple[str, ...]
    note: str = ""
    share_low: float | None = None
    share_high: float | None = None
    hhi_low: float | None = None
    hhi_high: float | None = None
    range_rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chokepoint:
    """What is lost when one country-at-stage, site or firm fails.

    ``loss`` is the share of the element's own supply reaching the market that an outage takes
    away: at most 1, ``None`` where it is not known. ``rows`` and ``assumptions`` are row keys;
    ``range_rows`` are the rows whose shares of what fails widen the range of the loss.
    """

    rank: int | None
    id: str
    label: str
    kind: str
    stage: str
    country: str | None
    loss: float | None
    loss_low: float | None
    loss_high: float | None
    dominator: bool | None
    betweenness: float | None
    share: float | None
    coverage: float | None
    basis: str
    year: int | None
    rows: tuple[str, ...]
    assumptions: tuple[str, ...]
    note: str = ""
    range_rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assumption:
    """A value nobody has read, used all the same: its row, range and reason."""

    row: str
    text: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    reason: str


@dataclass(frozen=True)
class Chokepoints:
    """The chokepoint report of one element (or group) and one market."""

    view: dict[str, object]
    element: str
    market: str
    stages: tuple[StageShares, ...]
    chokepoints: tuple[Chokepoint, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...] = ()
