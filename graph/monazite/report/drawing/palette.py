"""The colours, line styles and marks of every picture, for light and for dark screens.

Hues of Okabe and Ito (*Color Universal Design*, 2008); no kind is told by its hue alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin

ORANGE, SKY, GREEN = "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
FONTS = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,'
    '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'
)


@dataclass(frozen=True)
class Kind:
    """How one kind of node looks: its words in the legend, its mark, whether it is only assumed."""

    code: str
    words: str
    shape: str
    dashed: bool = False


@dataclass(frozen=True)
class LineStyle:
    """How one kind of arc looks; no ``dash`` is a solid line, ``scaled`` follows quantity."""

    code: str
    words: str
    width: float
    dash: tuple[int, ...] = ()
    arrow: bool = True
    scaled: bool = False
    opacity: float = 1.0


KINDS = (
    Kind("country", "Country at a stage", "circle"),
    Kind("market", "Market", "hexagon"),
    Kind("firm", "Firm", "box"),
    Kind("site", "Site", "square"),
    Kind("group", "Sites of a country", "diamond"),
    Kind("rest", "Rest of a country", "square", dashed=True),
    Kind("gap", "Not known", "triangle", dashed=True),
)
LINES = (
    LineStyle("trade", "Trade (customs)", 1.2, scaled=True, opacity=0.62),
    LineStyle("domestic", "Within a country", 1.2, scaled=True, opacity=0.8),
    LineStyle("observed", "Observed supply", 2.4),
    LineStyle("captive", "Captive (one firm)", 2.2, dash=(2, 4)),
    LineStyle("possible", "Possible, not known", 1.3, dash=(9, 6)),
    LineStyle("part", "Part of a country", 1.0, arrow=False),
)
OTHER_KIND = Kind("other", "Other", "circle", dashed=True)
OTHER_LINE = LineStyle("other", "Other link", 1.0, dash=(1, 3))

CUT_WORDS = "Bound by a policy in force"
CUT_DASH, CUT_REACH = (1.6, 12.0), 6.5  # ties: pitch, width

LIGHT = {
    "paper": "#fbfaf7",
    "card": "#ffffff",
    "ink": "#1d1f23",
    "muted": "#5a5f68",
    "hairline": "#d9d5cb",
    "band": "#f3f1ea",
    "link": "#00558a",
    "ring": VERMILLION,
    "country": BLUE,
    "market": ORANGE,
    "firm": PURPLE,
    "site": GREEN,
    "group": GREEN,
    "rest": "#ffffff",
    "gap": "#ffffff",
    "other": "#ffffff",
    "cut": "#b3261e",
    "arc-trade": BLUE,
    "arc-domestic": "#8f9aa6",
    "arc-observed": "#1d1f23",
    "arc-captive": "#a3427a",
    "arc-possible": "#b26a00",
    "arc-part": "#a9a69d",
    "arc-other": "#5a5f68",
    "loss-none": "#efece4",
    "loss-quarter": "#f6cb97",
    "loss-half": "#eb9a52",
    "loss-most": "#d4671f",
    "loss-all": "#8f2f05",
    "on-none": "#1d1f23",
    "on-quarter": "#1d1f23",
    "on-half": "#1d1f23",
    "on-most": "#000000",
    "on-all": "#ffffff",
    "loss-edge": "#8a8472",
    "hatch": "#8a8472",
    "track": "#b9b4a6",
    "share": "#7a808c",
    "alive": "#00684a",
}
DARK = {
    **LIGHT,
    "paper": "#15171b",
    "card": "#1e2127",
    "ink": "#eceae4",
    "muted": "#a7acb6",
    "hairline": "#3b3f48",
    "band": "#191c21",
    "link": "#8ccbf2",
    "ring": "#f08a3c",
    "country": SKY,
    "site": "#1fbf92",
    "group": "#1fbf92",
    "rest": "#1e2127",
    "gap": "#1e2127",
    "other": "#1e2127",
    "cut": "#ff9a8a",
    "arc-trade": SKY,
    "arc-domestic": "#76808d",
    "arc-observed": "#eceae4",
    "arc-captive": "#e39ac4",
    "arc-possible": ORANGE,
    "arc-part": "#6b6f78",
    "arc-other": "#a7acb6",
    "loss-none": "#2b2f36",
    "loss-quarter": "#5b3d25",
    "loss-half": "#96551f",
    "loss-most": "#d97a2c",
    "loss-all": "#ffb784",
    "on-none": "#eceae4",
    "on-quarter": "#eceae4",
    "on-half": "#ffffff",
    "on-most": "#000000",
    "on-all": "#15171b",
    "loss-edge": "#8f959f",
    "hatch": "#7d838d",
    "track": "#5b606a",
    "share": "#8a919c",
    "alive": "#3fd0a4",
}
LOSSES = ("none", "quarter", "half", "most", "all")  # none, then to 25, 50, 75 and 100 %


def kind_of(code: object) -> Kind:
    """The look of a node kind; a kind nobody has drawn yet gets a look of its own."""
    return next((kind for kind in KINDS if kind.code == code), OTHER_KIND)


def line_of(code: object) -> LineStyle:
    """The look of an arc kind; a kind nobody has drawn yet gets a look of its own."""
    return next((line for line in LINES if line.code == code), OTHER_LINE)


def css_variables() -> str:
    """Both themes as CSS custom properties; the screen's preference chooses."""

    def block(theme: dict[str, str]) -> str:
        return ":root{" + "".join(f"--{name}:{hue};" for name, hue in theme.items()) + "}"

    return f"{block(LIGHT)}\n@media (prefers-color-scheme:dark){{{block(DARK)}}}\n"


def without_variables(style: str, theme: Mapping[str, str]) -> str:
    """Style with its custom properties, which most programs do not know, as values."""
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: theme[found[1]], style)


def dark_rules() -> str:
    """Return rules that turn light attributes dark; of a colour the first name counts."""
    pairs: dict[str, str] = {}
    for name, hue in LIGHT.items():
        pairs.setdefault(hue.lower(), DARK[name].lower())
    rules = "".join(
        f'[{kind}="{light}"]{{{kind}:{dark}}}'
        for light, dark in pairs.items()
        if light != dark
        for kind in ("fill", "stroke")
    )
    return f"@media (prefers-color-scheme:dark){{{rules}}}"


def mark_path(shape: str, radius: float) -> str:
    """A mark round the origin as SVG path data, which the canvas draws too."""
    half = round(radius * 0.9, 2)
    if shape == "circle":
        r = round(radius, 2)
        return f"M{-r} 0A{r} {r} 0 1 1 {r} 0A{r} {r} 0 1 1 {-r} 0Z"
    if shape == "square":
        return f"M{-half} {-half}H{half}V{half}H{-half}Z"
    if shape == "box":
        wide, high = round(radius * 1.15, 2), round(radius * 0.62, 2)
        return f"M{-wide} {-high}H{wide}V{high}H{-wide}Z"
    corners, turn = {"triangle": (3, -pi / 2), "diamond": (4, 0.0)}.get(shape, (6, 0.0))
    points = [
        f"{radius * 1.1 * cos(turn + 2 * pi * i / corners):.2f} "
        f"{radius * 1.1 * sin(turn + 2 * pi * i / corners):.2f}"
        for i in range(corners)
    ]
    return "M" + "L".join(points) + "Z"
