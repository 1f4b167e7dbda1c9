"""Draw the picture of the README: the chain of dysprosium to the United States, as SVG.

Run: python examples/draw_picture.py dysprosium-usa.svg
"""

import sys
from pathlib import Path

import monazite as mz
from monazite.network.selection import select
from monazite.pages.graph.svg import graph_svg

view = mz.load()
network = view.network("Dy", market="USA")
findings = view.chokepoints("Dy", "USA", network=network)
picture = graph_svg(select(network, top=14), findings)
Path(sys.argv[1] if len(sys.argv) > 1 else "dysprosium-usa.svg").write_text(picture, "utf-8")
