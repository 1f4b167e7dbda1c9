"""Hand-made findings to draw, and what stands where in a picture."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from monazite.analysis.chokepoints.figures import BaseYearFigures, Chokepoint
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.analysis.timeline.dated_events import DatedEvent
from monazite.report.drawing.plotting import Drawable
from monazite.report.figures.figure import Figure

SVG = "{http://www.w3.org/2000/svg}"


def part(figure: Figure | Drawable, name: str) -> list[tuple[float, float]]:
    """The corners of a named part of an SVG."""
    text = figure.svg if isinstance(figure, Figure) else figure.svg()
    root = ElementTree.fromstring(text)
    found = next(each for each in root.iter() if each.get("id") == name)
    numbers = re.findall(r"-?[\d.]+", found.findall(f".//{SVG}path")[0].get("d", ""))
    return [(float(x), float(y)) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


def words(figure: Figure | Drawable, name: str) -> str:
    text = figure.svg if isinstance(figure, Figure) else figure.svg()
    root = ElementTree.fromstring(text)
    return "".join(next(e for e in root.iter() if e.get("id") == name).itertext()).strip()


def across(points: list[tuple[float, float]]) -> float:
    xs = [x for x, _ in points]
    return max(xs) - min(xs)


def middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2


def point(**given: object) -> Chokepoint:
    plain = Chokepoint(
        rank=1, id="separation/CHN", label="China separation", kind="country", stage="separation",
        country="CHN", event="outage", loss=0.7, loss_low=0.5, loss_high=0.9, year=2024,
    )  # fmt: skip
    return replace(plain, **given)  # type: ignore[arg-type]


def report(*points: Chokepoint, **given: object) -> Chokepoints:
    base = BaseYearFigures(
        2024, "magnets", "t", 100.0, "short-run", 1.5, 1.0, None, "outage", None, {}, {}, (), ()
    )
    plain = Chokepoints("Dy", "Dysprosium", "USA", "United States", (), points, base)
    return replace(plain, **given)  # type: ignore[arg-type]


def year(**given: object) -> ConcentrationYear:
    plain = ConcentrationYear(
        "mine", 1, "dysprosium", 2020, 5000.0, 5000.0, 5000.0, None, None, "CHN", "China", 0.7,
        3, 0.0, "line sum", "reo", ("bgs",), (), {"CHN": 0.7},
    )  # fmt: skip
    return replace(plain, **given)  # type: ignore[arg-type]


def step(title: str, what: str, day: str, until: str = "") -> DatedEvent:
    return DatedEvent(
        "policy", day, day, day, title, what, what, (f"policy_events/{title}-{what}",),
        until=until, until_earliest=until, until_latest=until,
    )  # fmt: skip
