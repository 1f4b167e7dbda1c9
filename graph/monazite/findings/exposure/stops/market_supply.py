"""Which countries supply a market at each stage, and what it loses if the largest of them stops."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monazite.network.shares import REST
from monazite.parameters import MAGNET, METAL, MINE, SEPARATION
from monazite.result import Value

if TYPE_CHECKING:
    from monazite.findings.losses.result import Chokepoint, Chokepoints

STAGES = (MINE, SEPARATION, METAL, MAGNET)
UNKNOWN = ""
"""The maker of what no figure accounts for."""


@dataclass(frozen=True)
class StageSupply(Value):
    """A stage of what a market uses of an element.

    Attributes:
        stage: mine, separation, metal or magnet.
        shares: parts of what the market uses by the country that makes it, 0 to 1, by name, the
            largest first; what no figure accounts for is left out.
        of_world: whether they are parts of the world's output, where no flow to the market is
            known.
        largest: name of the country with the largest part; empty where none is known.
        country: its code.
        failure: id of the line of the report that is lost with it; empty where there is none.
        failure_label: the same in words.
        loss: part of its products that the market would lose, 0 to 1, central; None is not known.
        low: 5 % of the trials; None where none were drawn.
        high: 95 % of the trials; None where none were drawn.
        home_first: the loss if producers serve home first; another rule, never part of the range;
            None is not known.
    """

    stage: str
    shares: Mapping[str, float]
    of_world: bool
    largest: str
    country: str
    failure: str
    failure_label: str
    loss: float | None
    low: float | None
    high: float | None
    home_first: float | None


@dataclass(frozen=True)
class ElementSupply(Value):
    """The stages of an element, or of the group that the model counts as one.

    Attributes:
        element: as the model counts it: ``NdPr`` for neodymium and praseodymium.
        elements: symbols of the bill that it stands for.
        year: of the flows; None where none are known.
        product: what the market would lose; empty where no loss is known.
        stages: in the order of the chain.
        missing: why no loss is known; empty where it is.
    """

    element: str
    elements: tuple[str, ...]
    year: int | None
    product: str
    stages: tuple[StageSupply, ...]
    missing: str = ""


def element_supply(
    report: Chokepoints,
    elements: Iterable[str],
    parts: Mapping[str, Mapping[str, float]],
    label: Callable[[str], str],
) -> ElementSupply:
    """Return who supplies a market at each stage, and what it loses if the largest of them stops."""
    countries = [each for each in report.chokepoints if each.kind == "country"]
    points = {each.id: each for each in countries}
    stages = []
    for stage in STAGES:
        if parts.get(stage):
            stages.append(_of_market(stage, parts[stage], points, label))
        elif not parts:
            stages += _of_world(report, stage, countries)
    return ElementSupply(
        element=report.element,
        elements=tuple(elements),
        year=None if report.base is None else report.base.year,
        product="" if report.base is None else report.base.product,
        stages=tuple(stages),
        missing="" if report.base is not None else next(iter(report.notes), ""),
    )


def _of_market(
    stage: str,
    parts: Mapping[str, float],
    points: Mapping[str, Chokepoint],
    label: Callable[[str], str],
) -> StageSupply:
    ranked = sorted(parts, key=lambda code: (-parts[code], code))
    country = next((code for code in ranked if code not in (UNKNOWN, REST)), "")
    shares = {label(code): parts[code] for code in ranked if code != UNKNOWN}
    name = label(country) if country else ""
    return _stage(stage, shares, name, country, points.get(f"{stage}/{country}"), of_world=False)


def _of_world(
    report: Chokepoints, stage: str, countries: Iterable[Chokepoint]
) -> Iterable[StageSupply]:
    told = next((each for each in report.stages if each.stage == stage), None)
    if told is None or told.leader is None or told.share is None:
        return
    own = [each for each in countries if each.stage == stage and each.share is not None]
    point = max(own, key=lambda each: (each.share or 0.0, each.id), default=None)
    shares = {told.leader: told.share, **told.then}
    country = "" if point is None else point.country or ""
    yield _stage(stage, shares, told.leader, country, point, of_world=True)


def _stage(
    stage: str,
    shares: Mapping[str, float],
    largest: str,
    country: str,
    point: Chokepoint | None,
    *,
    of_world: bool,
) -> StageSupply:
    return StageSupply(
        stage=stage,
        shares=shares,
        of_world=of_world,
        largest=largest,
        country=country,
        failure="" if point is None else point.id,
        failure_label="" if point is None else point.label.split(" = ")[0],
        loss=None if point is None else point.loss,
        low=None if point is None else point.loss_low,
        high=None if point is None else point.loss_high,
        home_first=None if point is None else point.home_first,
    )
