"""Which rows and assumptions, if wrong, overturn the first chokepoint?"""

from __future__ import annotations
