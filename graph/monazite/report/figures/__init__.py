"""Figures for a document, as SVG and PNG."""

from __future__ import annotations
