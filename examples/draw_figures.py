"""Draw three figures for a document: who leads dysprosium, since when, and what that could cost.

Run: python examples/draw_figures.py
"""

import monazite as mz

view = mz.load(valid="2026-11-24")
for kind, market in (("concentration", "WLD"), ("hhi", "WLD"), ("losses", "USA")):
    figure = view.figure(kind, "Dy", market)
    figure.write(f"figure-{kind}.svg")
    figure.write(f"figure-{kind}.png", dpi=144)
    print(figure.title)
