"""Findings: pure functions of a network or its facts; each folder answers one question."""
