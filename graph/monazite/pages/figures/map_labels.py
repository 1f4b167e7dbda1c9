"""How a site is called on a map: by its own name, in lines, and never cut."""

from __future__ import annotations

import re

from monazite.findings.plants.mapped_sites import MappedSite
from monazite.pages.drawing.lettering import wrap
from monazite.safe_text import visible

_KINDS = frozenset(
    {"mine", "mines", "mining", "plant", "plants", "facility", "refinery", "works", "project"}
    | {"operation", "operations", "complex", "processing", "separation", "rare", "rare-earth"}
    | {"magnet", "factory", "smelter", "advanced", "concentrator", "campus", "deposit", "hub"}
)
"""Words that say what a site is; its own name ends before the first of them."""
_JOINTS = frozenset({"and", "of", "the", "for", "at", "&"})
_ASIDE = re.compile(r"\s*\([^()]*\)")
_LINES = 6
_LEAST = 3
"""Letters that a name of its own has."""


def own_name(label: str) -> str:
    """Return the name of a site without what it is; its whole label stands in lists and tips.

    >>> own_name("Mountain Pass mine and processing facility"), own_name("Pangwa (Panwa) mine")
    ('Mountain Pass', 'Pangwa')
    >>> own_name("USA Rare Earth Stillwater magnet plant"), own_name("Plant 7")
    ('USA Rare Earth Stillwater', 'Plant 7')
    """
    plain = _ASIDE.sub("", visible(label)) or visible(label)
    words = plain.split(" ")
    end = next((at for at, word in enumerate(words) if at and word in _KINDS), len(words))
    while end > 1 and words[end - 1] in _JOINTS:
        end -= 1
    name = " ".join(words[:end]).rstrip(",;:")
    return name if len(name) >= _LEAST else plain


def label_lines(label: str, room: float, size: float) -> tuple[str, ...]:
    """Return the name of a site as lines that fit a width.

    >>> label_lines("Lynas Kalgoorlie processing facility", 70, 11)
    ('Lynas', 'Kalgoorlie')
    """
    return tuple(wrap(own_name(label), room, size, most=_LINES))


def naming_order(site: MappedSite) -> tuple[float, bool, str, str]:
    """Return where a site stands among those that are named: by tonnes, then those that run."""
    return -max(site.tonnes or 0.0, site.gross or 0.0), not site.runs, site.label, site.stage
