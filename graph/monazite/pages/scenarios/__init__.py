"""Scenarios as fan charts over months, with the rules and the firms that stop, and their page."""
