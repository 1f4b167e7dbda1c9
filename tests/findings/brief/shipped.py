"""Findings of briefs of the shipped rows, worked out once for all tests of them."""

from __future__ import annotations

from functools import cache

from monazite.findings.brief.brief import write_brief
from monazite.findings.brief.document import Brief
from monazite.findings.brief.gathered import BriefFindings, read_found
from monazite.network.facts import read_facts
from tests.conftest import view_in_memory


@cache
def found_for(element: str, market: str, tier: int | None = None) -> BriefFindings:
    """What a brief is written from."""
    view = view_in_memory(tier=tier)
    facts = read_facts(view.store, element, view.valid)
    return read_found(view.network(element, market), facts, view.schema)


def brief_for(element: str, market: str, tier: int | None = None) -> Brief:
    """The brief."""
    return write_brief(found_for(element, market, tier))
