"""The balance as a Sankey picture and its page."""

from __future__ import annotations
