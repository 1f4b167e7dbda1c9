"""Made-up backbones for the page tests: a small one, one without losses, a hostile one."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from monazite.analysis.chokepoints.figures import BaseYearFigures, Chokepoint
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.shares import StageShares
from monazite.analysis.countries_of_chain import (
    Backbone,
    ControlInForce,
    PlaceFlow,
    PlaceSite,
    StagePlace,
)
from monazite.core.results import ViewSummary
from monazite.model.wording import place_at
from tests.report.hostile import HOSTILE

NAMES = {
    "CHN": "China",
    "MMR": "Myanmar",
    "LAO": "Laos",
    "JPN": "Japan",
    "AUS": "Australia",
    "RUS": "Russia",
    "ROW": "Rest of the world",
}
STAGES = (
    ("mine", "Mine"),
    ("separation", "Separation"),
    ("metal", "Metal"),
    ("alloy", "Alloy"),
    ("magnet", "Magnet"),
)


def line(
    stage: str, code: str, loss: float | None, ends: tuple[float, float] | None = None, **more: Any
) -> Chokepoint:
    """A line of a report on a country at a stage."""
    made = Chokepoint(
        rank=1,
        id=f"{stage}/{code}",
        label=place_at(NAMES.get(code, code), stage),
        kind="country",
        stage=stage,
        country=code,
        event="outage",
        loss=loss,
        loss_low=None if ends is None else ends[0],
        loss_high=None if ends is None else ends[1],
        limited_by=("Dy",),
        limited_at=stage,
        year=2024,
        rows=(f"production/{stage}-{code}",),
    )
    return replace(made, **more)


LINES = (
    line("separation", "CHN", 1.0, (1.0, 1.0)),
    line("metal", "CHN", 0.93, (0.9, 0.95)),
    line("magnet", "CHN", 0.92, (0.89, 0.94)),
    line("mine", "CHN", 0.48, (0.44, 0.5)),
    line("mine", "MMR", 0.34, (0.2, 0.36)),
    line("mine", "LAO", 0.07, (0.004, 0.1)),
    line("mine", "AUS", 0.02, None),
    line("magnet", "JPN", 0.0, (0.0, 0.0)),
)
BASE = BaseYearFigures(
    year=2024,
    product="magnets with Dy or Tb",
    unit="t",
    served=3331.2,
    horizon="short-run",
    trade=1.25,
    throughput=1.1,
    new_pairs=0.0,
    event="outage",
    approval=None,
    unexplained={},
    outside={},
    rows=(),
    market_rows=(),
)


def report(*lines: Chokepoint, **more: Any) -> Chokepoints:
    """A report of some lines."""
    made = Chokepoints(
        view=ViewSummary("", {"release": "2026-11-24"}),
        element="Dy",
        title="Dysprosium",
        market="USA",
        market_label="United States",
        stages=(),
        chokepoints=lines,
        base=BASE,
        notes=("Stocks are not counted.",),
    )
    return replace(made, **more)


def place(
    stage: str, code: str, share: float | None, sites: tuple[PlaceSite, ...] = (), **more: Any
) -> StagePlace:
    """A country at a stage, with the line that is on it."""
    found = next((each for each in LINES if each.id == f"{stage}/{code}"), None)
    made = StagePlace(
        stage=stage,
        code=code,
        label=NAMES.get(code, code),
        share=share,
        share_low=None,
        share_high=None,
        figure="",
        year=None if share is None else 2024,
        point=found,
        sites=sites,
    )
    return replace(made, **more)


def site(name: str, status: str = "operating", *, sure: bool = True) -> PlaceSite:
    """A site in Russia."""
    return PlaceSite(f"mine/{name}", name, "Russia", "RUS", status, sure)


SITES = (
    site("Lovozero"),
    site("Kola", "partly operating", sure=False),
    site("Tomtor", "planned"),
    site("Afrikanda", "under construction"),
    site("Old mine", "closed"),
    site("Quiet mine", "suspended"),
    site("Unheard mine", "not known"),
)
PLACES = (
    place("mine", "MMR", 0.46),
    place("mine", "CHN", 0.31),
    place("mine", "LAO", 0.15),
    place("mine", "AUS", 0.03),
    place("mine", "RUS", None, SITES),
    place("separation", "CHN", 1.0, figure="forecast"),
    place("metal", "CHN", 0.95),
    place("metal", "ROW", 0.05),
    place("magnet", "CHN", 0.94),
    place("magnet", "JPN", 0.06),
)
CONTROL = ControlInForce("gac-18", "Controls on seven elements", "CHN", "in force")
FLOWS = (
    PlaceFlow("mine", "MMR", "separation", "CHN", 46.0, 0.46),
    PlaceFlow("mine", "CHN", "separation", "CHN", 31.0, 0.31),
    PlaceFlow("mine", "LAO", "separation", "CHN", 15.0, 0.15),
    PlaceFlow("mine", "AUS", "separation", "CHN", 3.0, 0.03),
    PlaceFlow("separation", "CHN", "metal", "CHN", 95.0, 0.95),
    PlaceFlow("separation", "CHN", "metal", "ROW", 5.0, 0.05, ("gac-18",)),
    PlaceFlow("metal", "CHN", "magnet", "CHN", 94.0, 0.94),
    PlaceFlow("metal", "CHN", "magnet", "JPN", 0.2, 0.002, ("gac-18",)),
    PlaceFlow("metal", "ROW", "magnet", "JPN", 5.8, 0.058),
    PlaceFlow("magnet", "CHN", "use", "USA", 3131.3, 0.94, ("gac-18",)),
    PlaceFlow("magnet", "JPN", "use", "USA", 199.9, 0.06),
)


def small_backbone(**more: Any) -> Backbone:
    """Five stages, one of them not known; a control; each state of a site."""
    made = Backbone(
        report=report(*LINES),
        headline="The United States would lose all of its heavy magnets if China stopped.",
        first="separation/CHN",
        subject="dysprosium",
        product="heavy magnets (with Dy or Tb)",
        day="2026-11-24",
        allowed="one year allowed",
        stages=STAGES,
        places=PLACES,
        flows=FLOWS,
        controls=(CONTROL,),
        world_parts=(("CHN", 0.04), ("JPN", 0.05)),
    )
    return replace(made, **more)


def unknown_backbone() -> Backbone:
    """Shares of two stages alone: no year is reconciled, and no loss is known."""
    leads = StageShares("separation", None, "China", 0.67, None, "", "", 2023, (), note="")
    return small_backbone(
        report=report(base=None, stages=(leads,)),
        headline="The United States' loss of scandium is not known.",
        first="",
        stages=STAGES[:3],
        places=(
            place("mine", "RUS", None, SITES),
            place("separation", "CHN", 0.67, point=None),
            place("separation", "RUS", 0.33, point=None),
            place("metal", "CHN", 0.94, point=None),
        ),
        flows=(
            PlaceFlow("separation", "CHN", "metal", "CHN", None, None),
            PlaceFlow("separation", "RUS", "metal", "CHN", None, None, ("gac-18",)),
        ),
        world_parts=(),
        missing=("No assay gives how much Sc an ore holds.",),
        ask=("monazite concentration -e Sc",),
    )


def hostile_backbone(texts: tuple[str, ...] = HOSTILE) -> Backbone:
    """Every text hostile: names, sites, controls, stages, sentences."""
    count = len(texts)
    places = tuple(
        place(
            stage,
            f"{texts[number % count]}{number}",
            (0.4, None, 0.03)[number % 3],
            tuple(
                PlaceSite(text, text, text, text, text, sure=False, firm=True) for text in texts[:3]
            ),
            label=texts[number % count],
            figure=texts[(number + 1) % count],
            point=line(stage, texts[number % count], (0.5, None)[number % 2], (0.1, 0.9)),
        )
        for number, stage in enumerate(("mine", "separation", "metal", "magnet") * count)
    )
    flows = tuple(
        PlaceFlow(
            first.stage, first.code, second.stage, second.code, 1.0, (0.3, None)[at % 2], texts[:2]
        )
        for at, (first, second) in enumerate(itertools.pairwise(places))
    )
    labels = (("mine", texts[0]), ("separation", texts[1]), ("metal", texts[2]))
    return small_backbone(
        report=report(title=texts[0], market_label=texts[1], notes=texts),
        headline=texts[0],
        subject=texts[2],
        product=texts[3],
        day=texts[1],
        allowed=texts[4],
        stages=(*labels, ("magnet", texts[3])),
        places=places,
        flows=flows,
        controls=tuple(ControlInForce(text, text, text, text) for text in texts),
        missing=texts,
        ask=texts,
    )
