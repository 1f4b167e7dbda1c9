"""Findings: pure functions of the network that say what they rest on."""
