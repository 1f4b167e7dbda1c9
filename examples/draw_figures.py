"""Draw three figures for a document: who leads dysprosium, since when, and what that could cost.

Run: python examples/draw_figures.py
"""

from pathlib import Path

import monazite as mz
from monazite.pages.figures.draw import draw_figure

view = mz.load(valid="2026-11-24")
for kind in ("concentration", "hhi", "losses"):
    figure = draw_figure(view, kind, "Dy", "USA")
    Path(f"figure-{kind}.svg").write_text(figure.svg, "utf-8")
    Path(f"figure-{kind}.png").write_bytes(figure.png(144))
    print(figure.title)
