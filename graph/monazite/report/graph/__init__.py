"""The network as one offline HTML page and as SVG."""

from __future__ import annotations
