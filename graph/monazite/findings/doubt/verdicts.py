"""The words for what a doubt makes of a conclusion, and for who vouches for a premise."""

from __future__ import annotations

HOLDS, OTHER, CROSSED = "holds", "another is first", "the loss crosses"
UNKNOWN = "no longer known"
ASSUMPTION, NO_TIER = "assumption", "no source"
CLASSES = ("tier 1", "tier 2", "tier 3", "tier 4", ASSUMPTION)
WEAK = frozenset(CLASSES[2:])
"""What rests on news, on weak sources, or on what nobody has said."""
