"""What a briefing is written from, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.parameters import Contingency

if TYPE_CHECKING:
    from monazite.findings.brief.document import Brief
    from monazite.findings.brief.gathered import BriefFindings
    from monazite.network.graph import Network
    from monazite.pages.brief.briefing import BriefQuestion
    from monazite.view.chokepoints import ChokepointQuestions


def write_findings(
    view: ChokepointQuestions, question: BriefQuestion
) -> tuple[Brief, BriefFindings, Network]:
    """Return a brief, what it was written from, and the network of its question.

    Args:
        view: that is asked.
        question: what is asked of it.
    """
    from monazite.findings.brief.brief import write_brief
    from monazite.findings.brief.gathered import read_found
    from monazite.pages.brief.briefing import command_of

    network = view.network(question.element, question.market)
    chosen = Contingency(question.event, question.horizon, question.approval)
    facts = view.facts(question.element)
    found = read_found(
        network, facts, view.schema, chosen, year=question.year, released=view.released
    )
    command = command_of(question, view.summary)
    return write_brief(found, command=command, view=view.line()), found, network
