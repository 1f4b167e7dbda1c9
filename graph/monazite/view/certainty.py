"""How sure is that? Doubt, draws."""

from __future__ import annotations

from monazite.view.chokepoints import ChokepointQuestions


class CertaintyQuestions(ChokepointQuestions):
    """How sure is that?"""
