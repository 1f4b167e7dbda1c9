"""What a briefing is written from, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.core.errors import NotKnownError
from monazite.data.parameters import Contingency

if TYPE_CHECKING:
    from monazite.analysis.scenarios.released import ReleasedOutcome
    from monazite.bom.result import Exposure
    from monazite.model.network.attributes import Network
    from monazite.model.network.facts import Facts
    from monazite.report.brief.briefing import BriefQuestion
    from monazite.report.brief.document import Brief
    from monazite.report.brief.gathered import BriefFindings
    from monazite.view.view import View


def write_findings(
    view: View, question: BriefQuestion, bill: Exposure | None = None
) -> tuple[Brief, BriefFindings, Network]:
    """Return a brief, what it was written from, and the network of its question."""
    from dataclasses import replace

    from monazite.report.brief.brief import bill_rows, write_brief
    from monazite.report.brief.briefing import command_of
    from monazite.report.brief.gathered import read_found
    from monazite.store.cards import read_cards

    network = view.network(question.element, question.market)
    chosen = Contingency(question.event, question.horizon, question.approval)
    facts = view.facts(question.element)
    found = read_found(
        network, facts, view.schema, chosen, year=question.year, released=view.released
    )
    found = replace(found, outcomes=outcomes_of(view, facts, found.report.market))
    asked = None
    if bill is not None:
        cards = read_cards(view.store, view.schema.tables, bill_rows(bill))
        found, asked = replace(found, cards={**cards, **found.cards}), bill.asked
    command = command_of(question, view.summary, asked)
    written = write_brief(found, command=command, view=view.line(), bill=bill)
    return written, found, network


def outcomes_of(view: View, facts: Facts, market: str) -> tuple[ReleasedOutcome, ...]:
    """Return what the shipped scenarios lead to for a market, by the release; else none."""
    from monazite.model.chain.base_year import chain_elements

    if view.released_outcomes is None:
        return ()
    try:
        names = chain_elements(facts).names
    except NotKnownError:
        return ()
    return view.released_outcomes.of(names, market)
