"""Findings: concentration, flow and chokepoints."""
