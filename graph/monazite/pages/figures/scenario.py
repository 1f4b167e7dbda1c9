"""A scenario as a figure: the picture in its frame, in its own size or scaled to a width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from monazite.findings.scenarios.headline import scenario_finding
from monazite.findings.scenarios.outcome import ScenarioResult
from monazite.pages.drawing.static_page import LICENCE
from monazite.pages.figures.from_svg import painted, scaled
from monazite.pages.scenarios.svg import describe, scenario_svg
from monazite.safe_text import visible


@dataclass(frozen=True)
class ScenarioFigure:
    """A scenario as SVG and as PNG, from one drawing."""

    found: ScenarioResult
    beside: ScenarioResult | None = None
    width: float | None = None
    source: str = LICENCE

    @property
    def title(self) -> str:
        """What it finds."""
        return visible(scenario_finding(self.found))

    @property
    def alt(self) -> str:
        """What it shows, in words."""
        return describe(self.found)

    def svg(self, theme: str = "screen") -> str:
        """Return it as one SVG document."""
        return scaled(self._document(theme), self.width)

    def pixels(self, dpi: float, theme: str = "light") -> Any:  # noqa: ANN401 - an image of Pillow
        """Return the picture as an image of so many dots to an inch."""
        return painted(self._document(theme), self.width, dpi)

    def _document(self, theme: str) -> str:
        return scenario_svg(self.found, theme=theme, beside=self.beside, source=self.source)
