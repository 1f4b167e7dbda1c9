"""What a brief is written from, gathered of a view: losses, borders, fixes, policies, gaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monazite.errors import NotKnownError
from monazite.findings.brief.controls import ListedAct, read_controls
from monazite.findings.brief.news import News, read_news
from monazite.findings.chain.base_year import read_base_year
from monazite.findings.losses.chokepoints import find_chokepoints
from monazite.findings.losses.headline import of_oxide
from monazite.findings.losses.measure import NEGLIGIBLE_LOSS
from monazite.findings.losses.released_ranges import ReleasedRanges
from monazite.findings.losses.result import Chokepoint, Chokepoints
from monazite.findings.policies.selection import select
from monazite.findings.responses.fixes import Fixes, find_fixes
from monazite.findings.timeline.dated_events import DatedEvent, order
from monazite.findings.timeline.timeline import Timeline
from monazite.network.attributes import about, node_of
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.market import find_mix
from monazite.network.trade import MarketMix
from monazite.parameters import ALLOY, APPROVAL, MAGNET, SEPARATION, Contingency
from monazite.result import Value
from monazite.rows.columns import Schema
from monazite.triples.cards import RowCard, read_cards
from monazite.triples.queries import ask
from monazite.triples.records import QueryRecord

DRAWN = 9
"""Dated events of a kind that the picture of a brief draws: the last ones."""
_DRAWN_KINDS = ("policy", "event")
_OF_MAGNETS = frozenset({f"gap/{ALLOY}", f"gap/{MAGNET}"})
"""Gaps that tell nothing of an element that no magnet holds."""


@dataclass(frozen=True)
class BriefFindings(Value):
    """What a brief is written from.

    Attributes:
        contingency: horizon, event and approval.
        report: the chokepoints of that contingency.
        border: the same where borders close, and where half is licensed, by event.
        later: what is under construction counts in it: the medium run.
        fixes: what makes the first line good; None where no loss is known.
        controls: acts that touch the element and the market, or bind a flow of its chain.
        news: what happened in the year before the day: acts that touch the element, the market or
            the chain, and plants.
        mix: from where the market takes its magnets; None is not known.
        gaps: what was looked for and not found, the most important first.
        cards: all rows used, with their sources.
        members: symbols of the element, or of the group's members.
    """

    contingency: Contingency
    report: Chokepoints
    border: Mapping[str, Chokepoints]
    later: Chokepoints
    fixes: Fixes | None
    controls: tuple[ListedAct, ...]
    news: News
    mix: MarketMix | None
    gaps: tuple[QueryRecord, ...]
    cards: Mapping[str, RowCard]
    members: frozenset[str]
    labels: Mapping[str, str]
    missing: tuple[str, ...]
    day: str

    @property
    def recent(self) -> Timeline:
        """The news as a timeline, with the last dated events of each kind alone."""
        return Timeline(
            title=self.report.title,
            entity=self.report.element,
            stage=None,
            day=self.day,
            life=None,
            events=drawn_of(self.news.events),
            left_out=(),
        )


def read_found(
    network: Network,
    facts: Facts,
    schema: Schema,
    contingency: Contingency | None = None,
    *,
    year: int | None = None,
    released: ReleasedRanges | None = None,
) -> BriefFindings:
    """Work out the findings that a brief is written from.

    Args:
        network: of the element and the market.
        facts: rows about the element.
        schema: the tables.
        contingency: horizon and event; an outage in the short run if None.
        year: base year; the last one with trade rows if None.
        released: ranges that were drawn with the tables that are asked.

    Returns:
        The findings, for :func:`write_brief`.

    Raises:
        NotKnownError: no row splits any stage.
    """
    chosen = contingency or Contingency()
    report = find_chokepoints(network, facts, chosen, year=year, released=released)
    approval = chosen.approval if chosen.event == "licence" else APPROVAL
    border = {
        event: find_chokepoints(
            network, facts, Contingency(event, chosen.horizon, approval), year=year
        )
        for event in ("embargo", "licence")
    }
    later = find_chokepoints(network, facts, Contingency(horizon="medium-run"), year=year)
    bound = frozenset(
        point.id.removeprefix("policy/")
        for point in border["licence"].chokepoints
        if point.kind == "policy"
    )
    market = about(network).market
    selection = select(facts.store, facts.element.id, market)
    controls = read_controls(facts, schema.tables, selection, bound)
    first = first_of(report)
    stage = (first.limited_at or first.stage) if first else SEPARATION
    gaps = _gaps(facts, controls)
    news = read_news(facts, schema, selection, stage)
    if of_oxide(report):
        kept = tuple(each for each in news.events if not of_magnets(each.sentence()))
        news = replace(news, events=kept)
    fixes = _fixes(network, facts, chosen, year) if report.base else None
    found = BriefFindings(
        contingency=chosen,
        report=report,
        border=border,
        later=later,
        fixes=fixes,
        controls=controls,
        news=news,
        mix=_mix(facts, market, report),
        gaps=gaps,
        cards={},
        members=facts.members,
        labels=facts.country_labels,
        missing=tuple(
            node_of(network, node).text
            for node in sorted(network)
            if node_of(network, node).kind == "gap"
            if not (of_oxide(report) and node in _OF_MAGNETS | {f"gap/market-{market}"})
        ),
        day=facts.date,
    )
    cards = read_cards(facts.store, schema.tables, rows_of(found))
    return replace(found, cards=cards)


def first_of(report: Chokepoints) -> Chokepoint | None:
    """Return the first chokepoint whose loss is known and not 0.

    Args:
        report: chokepoints, ranked.

    Returns:
        The chokepoint; None where there is none.
    """
    return next(
        (x for x in report.chokepoints if x.loss is not None and x.loss > NEGLIGIBLE_LOSS), None
    )


def of_magnets(text: str) -> bool:
    """Tell whether a record speaks of magnets and not of rare earths beside them.

    Args:
        text: of the record.

    >>> of_magnets("Tariff on permanent magnets"), of_magnets("Control of rare earths and magnets")
    (True, False)
    """
    low = text.lower()
    return "magnet" in low and "earths" not in low


def rows_of(found: BriefFindings) -> frozenset[str]:
    """Return all rows that a brief may cite, those of assumptions included.

    Args:
        found: the findings of the brief.

    Returns:
        Row keys.
    """
    reports = (found.report, found.later, *found.border.values())
    rows = {row for report in reports if report.base for row in report.base.rows}
    rows |= {row for report in reports if report.base for row in report.base.market_rows}
    for report in reports:
        for point in report.chokepoints:
            rows |= {*point.rows, *point.assumptions}
        rows |= {
            row
            for stage in report.stages
            for each in stage.figures
            for row in (*each.rows, *each.range_rows)
        }
        rows |= {row for stock in report.stocks for row in (stock.row, *stock.rows)}
        rows |= {row for each in report.built for row in each.rows}
    rows |= {row for act in found.controls for row in act.rows}
    rows |= {act.scope.threshold_row for act in found.controls if act.scope}
    rows |= {row for each in found.news.events for row in each.rows}
    rows |= {gap.row() for gap in found.gaps}
    rows |= {*(found.mix.rows if found.mix else ())}
    rows |= {row for fix in found.fixes.fixes for row in fix.rows} if found.fixes else set()
    return frozenset(rows - {""})


def drawn_of(events: tuple[DatedEvent, ...]) -> tuple[DatedEvent, ...]:
    """Return the last events of each kind that a picture has room for.

    Args:
        events: all events, in order of time.

    Returns:
        At most ``DRAWN`` of a kind, in order of time.
    """
    last = [[x for x in events if x.kind == kind][-DRAWN:] for kind in _DRAWN_KINDS]
    return tuple(sorted((each for kind in last for each in kind), key=order))


def _mix(facts: Facts, market: str, report: Chokepoints) -> MarketMix | None:
    """From where the market takes its magnets, as the report has it."""
    if report.base is None:
        return find_mix(facts, market)
    return read_base_year(facts, report.base.year, market, report.market_label).mix


def _gaps(facts: Facts, controls: tuple[ListedAct, ...]) -> tuple[QueryRecord, ...]:
    """What is recorded as missing about the element and the policies that name it."""
    subjects = [facts.element.label, *(act.line.policy for act in controls)]
    answers = (ask(facts.store, "gaps-about", about=about) for about in subjects)
    found = {gap["row"]: gap for answer in answers for gap in answer}
    return tuple(
        sorted(found.values(), key=lambda gap: (-(gap.maybe_number("importance") or 0), gap["row"]))
    )


def _fixes(
    network: Network, facts: Facts, contingency: Contingency, year: int | None
) -> Fixes | None:
    try:
        return find_fixes(network, facts, contingency=contingency, year=year)
    except NotKnownError:
        return None
