"""All elements, markets and tiers on one page: chain, map, events, cards, rules, and a search."""

from __future__ import annotations
