"""Serve: what the commands find, over HTTP: SPARQL, findings as JSON, pages.

Nothing is written and nobody is called. A request's own work runs in a process that has limits and
is killed with its work (:mod:`monazite.server.team`).
"""

from __future__ import annotations
