"""A briefing of one question: the answer first, then what it rests on, with numbered sources.

``brief_found`` gathers what is found of a view; ``brief_answer`` and ``brief_parts`` put it in
words by rules. Every number is of a finding, every sentence and line carries the numbers of the
sources of its rows, and what no row says is said to be not known.
"""

from __future__ import annotations

from monazite.findings.brief.answer import answer_of
from monazite.findings.brief.document import Brief
from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.gathered import Gathered, read_found
from monazite.findings.brief.parts import parts_of
from monazite.findings.flow_model.study import Question
from monazite.findings.wording import named
from monazite.network.attributes import about
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.rows.columns import Schema


def find_brief(
    network: Network,
    facts: Facts,
    schema: Schema,
    question: Question | None = None,
    *,
    year: int | None = None,
    command: str = "",
) -> Brief:
    """Write the brief of an element and a market.

    Args:
        network: of the element and the market.
        facts: rows about the element.
        schema: the tables.
        question: horizon and event; an outage in the short run if None.
        year: base year; the last one with trade rows if None.
        command: the words that write it again.

    >>> import monazite
    >>> from monazite.network.facts import read_facts
    >>> view = monazite.load()
    >>> facts = read_facts(view.store, "Sm", view.valid)
    >>> brief = find_brief(view.network("Sm"), facts, view.schema)
    >>> brief.question
    'What can stop samarium for the world?'
    """
    found = read_found(network, facts, schema, question, year=year)
    view = str(about(network).view.get("text", ""))
    return write_brief(found, command=command, view=view)


def write_brief(found: Gathered, *, command: str = "", view: str = "") -> Brief:
    """Put what was found in words.

    Args:
        found: what a brief is written from.
        command: the words that write it again.
        view: the line of its view.
    """
    notes = Footnotes(found.cards)
    market = named(found.report.market_label)
    answer, parts = answer_of(found, notes), parts_of(found, notes)
    return Brief(
        title=f"{found.report.title} for {market}",
        question=f"What can stop {subject_of(found)} for {market}?",
        answer=answer,
        parts=parts,
        sources=notes.sources(),
        rows=tuple(sorted(notes.rows)),
        day=found.day,
        command=command,
        view=view,
    )


def subject_of(found: Gathered) -> str:
    """The element as a question names it: in small letters, but for the names of groups."""
    title = found.report.title
    return title if "(" in title else title.lower()
