"""Figures for a document, as SVG and PNG."""
