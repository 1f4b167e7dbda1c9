"""Small reports of losses, made by hand."""

from __future__ import annotations

from typing import Any

from monazite.findings.losses.headline import Evidence
from monazite.findings.losses.result import BaseYearFigures, Chokepoint, Chokepoints
from monazite.findings.shares.concentration import StageShares

_NOT_ASKED: dict[str, Any] = {
    "rank": 1,
    "loss_low": None,
    "loss_high": None,
    "alone": None,
    "dominator": None,
    "in_minimum_cut": None,
    "routes_without": None,
    "coverage": None,
    "basis": "",
    "year": 2024,
    "rows": (),
    "assumptions": (),
}


def a_line(**given: Any) -> Chokepoint:
    """China separation, of which what is given is otherwise."""
    own: dict[str, Any] = {
        "id": "separation/CHN",
        "label": "China separation",
        "kind": "country",
        "stage": "separation",
        "country": "CHN",
        "event": "outage",
        "loss": 0.93,
        "home_first": 0.95,
        "limited_by": ("Dy", "NdPr"),
        "limited_at": "separation",
        "share": 0.9,
    }
    return Chokepoint(**{**_NOT_ASKED, **own, **given})


def a_base() -> BaseYearFigures:
    """Heavy magnets of the United States within a year."""
    return BaseYearFigures(
        year=2024,
        product="magnets with Dy or Tb",
        unit="t",
        served=3331.4,
        horizon="short-run",
        trade=1.25,
        throughput=1.1,
        new_pairs=0.0,
        event="outage",
        approval=None,
        unexplained={"mine": 0.04, "separation": 0.0},
        outside={},
        rows=(),
        market_rows=(),
    )


def a_stage(stage: str, share: float | None, *, note: str = "", **given: Any) -> StageShares:
    """A stage that China leads."""
    leader = None if share is None else "China"
    return StageShares(
        stage, None, leader, share, None, "", "", 2024, ("production/a",), note, **given
    )


def a_report(*lines: Chokepoint, **given: Any) -> Chokepoints:
    """A report of some lines."""
    own: dict[str, Any] = {"base": a_base(), "evidence": Evidence(271, 65, "mixed")}
    return Chokepoints(
        element="Dy",
        title="Dysprosium",
        market="USA",
        market_label="United States",
        chokepoints=lines,
        **{"stages": (), **own, **given},
    )
