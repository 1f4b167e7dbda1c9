"""The colours, line styles and marks of every picture, for light and for dark screens.

Hues of Okabe and Ito (*Color Universal Design*, 2008); no kind is told by its hue alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import cos, pi, sin

from monazite.core.results import Struct

ORANGE, SKY, GREEN = "#E69F00", "#56B4E9", "#009E73"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
FONTS = (
    'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,'
    '"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif'
)

SERIF = 'Charter,"Bitstream Charter","Iowan Old Style",Georgia,"DejaVu Serif",serif'


class Kind(Struct):
    """How one kind of node looks: its words in the legend, its mark, whether it is only assumed."""

    code: str
    words: str
    shape: str
    dashed: bool = False


class LineStyle(Struct):
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
    Kind("other", "Other", "circle", dashed=True),  # that nobody has drawn yet
)
LINES = (
    LineStyle("trade", "Trade (customs)", 1.2, scaled=True, opacity=0.62),
    LineStyle("domestic", "Within a country", 1.2, scaled=True, opacity=0.8),
    LineStyle("observed", "Observed supply", 2.4),
    LineStyle("captive", "Captive (one firm)", 2.2, dash=(2, 4)),
    LineStyle("possible", "Possible, not known", 1.3, dash=(9, 6)),
    LineStyle("part", "Part of a country", 1.0, arrow=False),
    LineStyle("other", "Other link", 1.0, dash=(1, 3)),
)

CUT_WORDS = "Bound by a policy in force"
CUT_DASH, CUT_REACH = (1.6, 12.0), 6.5  # ties across a bound arc: pitch, width

_HUES = {  # on a light and on a dark screen
    "paper": ("#fbfaf7", "#15171b"),
    "card": ("#ffffff", "#1e2127"),
    "ink": ("#1d1f23", "#eceae4"),
    "muted": ("#5a5f68", "#a7acb6"),
    "hairline": ("#d9d5cb", "#3b3f48"),
    "band": ("#f3f1ea", "#191c21"),
    "link": ("#00558a", "#8ccbf2"),
    "ring": (VERMILLION, "#f08a3c"),
    "country": (BLUE, SKY),
    "market": (ORANGE, ORANGE),
    "firm": (PURPLE, PURPLE),
    "site": (GREEN, "#1fbf92"),
    "group": (GREEN, "#1fbf92"),
    "rest": ("#ffffff", "#1e2127"),
    "gap": ("#ffffff", "#1e2127"),
    "other": ("#ffffff", "#1e2127"),
    "cut": ("#b3261e", "#ff9a8a"),
    "arc-trade": (BLUE, SKY),
    "arc-domestic": ("#8f9aa6", "#76808d"),
    "arc-observed": ("#1d1f23", "#eceae4"),
    "arc-captive": ("#a3427a", "#e39ac4"),
    "arc-possible": ("#b26a00", ORANGE),
    "arc-part": ("#a9a69d", "#6b6f78"),
    "arc-other": ("#5a5f68", "#a7acb6"),
    "loss-none": ("#efece4", "#2b2f36"),
    "loss-quarter": ("#f6cb97", "#5b3d25"),
    "loss-half": ("#eb9a52", "#96551f"),
    "loss-most": ("#d4671f", "#d97a2c"),
    "loss-all": ("#8f2f05", "#ffb784"),
    "on-none": ("#1d1f23", "#eceae4"),
    "on-quarter": ("#1d1f23", "#eceae4"),
    "on-half": ("#1d1f23", "#ffffff"),
    "on-most": ("#000000", "#000000"),
    "on-all": ("#ffffff", "#15171b"),
    "loss-edge": ("#8a8472", "#8f959f"),
    "hatch": ("#8a8472", "#7d838d"),
    "track": ("#b9b4a6", "#5b606a"),
    "share": ("#7a808c", "#8a919c"),
    "alive": ("#00684a", "#3fd0a4"),
}
LIGHT = {name: light for name, (light, _) in _HUES.items()}
DARK = {name: dark for name, (_, dark) in _HUES.items()}
LOSSES = ("none", "quarter", "half", "most", "all")  # none, then to 25, 50, 75 and 100 %


def kind_of(code: object) -> Kind:
    """The look of a node kind; a kind nobody has drawn yet gets a look of its own."""
    return next((kind for kind in KINDS if kind.code == code), KINDS[-1])


def line_of(code: object) -> LineStyle:
    """The look of an arc kind; a kind nobody has drawn yet gets a look of its own."""
    return next((line for line in LINES if line.code == code), LINES[-1])


def css_variables() -> str:
    """Both themes as CSS custom properties; the screen's preference chooses."""
    dark = theme_variables(DARK)
    return f"{theme_variables(LIGHT)}\n@media (prefers-color-scheme:dark){{{dark}}}\n"


def theme_variables(theme: Mapping[str, str]) -> str:
    """A theme as CSS custom properties."""
    return ":root{" + "".join(f"--{name}:{hue};" for name, hue in theme.items()) + "}"


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
