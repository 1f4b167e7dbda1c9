"""Assistants: the questions of a view as tools of a model, by the Model Context Protocol.

What is offered is a table, ``ontology/assistants/tools.csv``; what a parameter means is what its
verb says. A question is worked out in a process of its own, which ends when it is given up.
"""

from __future__ import annotations
