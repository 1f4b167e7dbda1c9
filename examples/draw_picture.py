"""Draw the picture of the README: the chain of dysprosium to the United States, as SVG.

Run: python examples/draw_picture.py dysprosium-usa.svg
"""

import sys

import monazite as mz

page = mz.load().graph("Dy", market="USA")
page.write(sys.argv[1] if len(sys.argv) > 1 else "dysprosium-usa.svg")
