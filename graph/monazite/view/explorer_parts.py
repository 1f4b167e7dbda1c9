"""What the explorer holds, worked out part by part; each part is kept beside its store."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from monazite.analysis.chokepoints.chokepoints import ReleasedRanges, file_name
from monazite.core.errors import NotKnownError
from monazite.core.formats import visible
from monazite.core.results import NotKnown, Struct
from monazite.data.parameters import HORIZON
from monazite.model.network.shares import WORLD

if TYPE_CHECKING:
    from monazite import View
    from monazite.analysis.chokepoints.result import Chokepoints
    from monazite.analysis.countries_of_chain import Backbone
    from monazite.analysis.policies.acts import Step
    from monazite.model.network.attributes import Network
    from monazite.report.explorer.entity_cards import NamedCard
    from monazite.report.explorer.page import ElementPart
    from monazite.report.explorer.view_parts import RulesPart
    from monazite.store.cards import SourceLine

MARKETS_OF_MAGNETS = "Dy+NdPr+Tb"
"""Whose markets an element has of which no range was drawn."""
_ROOM = "explorer"
BATCH = 60
"""Cards that are worked out, and kept, together."""


class AskedLosses(Struct):
    """How losses are worked out; without draws, the ranges that are shipped are taken."""

    horizon: str = HORIZON
    draws: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """What is asked beside the usual; nothing where nothing is."""
        usual = AskedLosses()
        return () if self == usual else (f"horizon {self.horizon}", f"draws {self.draws}")


USUAL = AskedLosses()


def at_tier(view: View, tier: int | None) -> View:
    """Return the same view of sources of a tier or better."""
    if tier is None or tier == view.tier:
        return view
    filters = replace(view.filters, tier=tier)
    return replace(view, store=view.store_of(filters), filters=filters)


def markets_of(view: View, element: str) -> tuple[str, ...]:
    """Return the markets that an element is shown for: those of which ranges were asked."""
    from monazite.model.chain.base_year import chain_elements

    asked = ReleasedRanges(view.ontology / "ranges", "").markets
    try:
        own = asked.get(file_name(chain_elements(view.facts(element)).names), ())
    except NotKnownError:
        own = ()
    return tuple(sorted({WORLD, *own, *asked.get(MARKETS_OF_MAGNETS, ())}))


def family_of(view: View, element: str) -> str:
    """Return into which magnets an element goes: what shares them shares its chain."""
    from monazite.model.chain.base_year import chain_elements

    return chain_elements(view.facts(element)).magnet


def element_part(
    view: View, element: str, markets: Sequence[str], losses: AskedLosses = USUAL
) -> ElementPart:
    """Return an element at the tier of a view, worked out or as it was kept."""
    from monazite.report.explorer.page import ElementPart

    found = cached_part(
        view,
        ("element", element, *markets, *losses.words),
        partial(worked_out_part, view, element, markets, losses),
    )
    sets = {name: tuple(found[name]) for name in ("cards", "sources")}
    return ElementPart(**{**found, **sets})


def rules_part(view: View) -> RulesPart:
    """Return the acts of a view as a part of the page, worked out or as it was kept."""
    from monazite.report.explorer.view_parts import RulesPart, rules_in_force, rules_markup
    from monazite.store.names import entity_names

    def work() -> list[object]:
        lines = view.policies().policies
        held = {each.place for _, each in entity_names(view.store, "Policy", "Country", "Area")}
        sources = sorted({source.id for line in lines for source in line.sources})
        return [rules_markup(lines, view.valid, held), len(rules_in_force(lines)), sources]

    markup, count, sources = cached_part(view, ("rules",), work)
    return RulesPart(markup, count, tuple(sources))


def card_parts(view: View, places: Sequence[str]) -> list[NamedCard]:
    """Return the cards of entities, worked out or as they were kept, in their order."""
    from monazite.report.explorer.entity_cards import NamedCard
    from monazite.store.entity_card import read_short

    def work() -> list[tuple[str, str]]:
        cards = [view.show(place) for place in places]
        return [(card.entity.label, card.short.to_bytes().decode()) for card in cards if card.short]

    told = cached_part(view, ("cards", *places), work)
    return [
        NamedCard(place, label, (), read_short(short.encode()))
        for place, (label, short) in zip(places, told, strict=True)
    ]


def source_lines(view: View) -> list[SourceLine]:
    """Return all sources of a view."""
    from monazite.store.cards import SourceLine
    from monazite.store.queries import ask

    found: dict[str, SourceLine] = {}
    for line in ask(view.store, "source-list"):
        texts = (line[name] for name in ("publisher", "title", "published", "tier", "url"))
        found.setdefault(line["source"], SourceLine(line["source"], *texts))
    return [found[name] for name in sorted(found)]


def is_kept(view: View, asked: Sequence[str]) -> bool:
    """Tell whether a part is kept."""

    def work() -> bytes:
        raise LookupError

    try:
        return bool(view.store.kept(_question(view, asked), work, apart=_ROOM))
    except LookupError:
        return False


def cached_part(view: View, asked: Sequence[str], work: Callable[[], object]) -> Any:  # noqa: ANN401 - of JSON
    """Return what any process worked out; it is kept compressed, as answers have a bound."""

    def written() -> bytes:
        return gzip.compress(json.dumps(work(), ensure_ascii=False).encode(), 6, mtime=0)

    return json.loads(
        gzip.decompress(view.store.kept(_question(view, asked), written, apart=_ROOM))
    )


def _question(view: View, asked: Sequence[str]) -> str:
    """All that a part depends on beside the rows: the code, its libraries, what is released."""
    from monazite.report.brief.briefing import code_hash, made_with

    ranges = {} if view.released is None else view.released.about
    outcomes = "" if view.released_outcomes is None else view.released_outcomes.digest
    made = json.dumps([made_with(), ranges, outcomes], sort_keys=True)
    return f"explorer {json.dumps(asked)} {view.valid} {code_hash()} {made}"


def worked_out_part(
    view: View, element: str, markets: Iterable[str], losses: AskedLosses
) -> dict[str, Any]:
    """Return the parts of an element for some markets, worked out anew."""
    from monazite.report.chain_diagram.page import rows_behind
    from monazite.report.explorer.view_parts import cards_in, lanes_list, lanes_svg, site_marks
    from monazite.store.cards import read_sources

    facts = view.facts(element)
    views: dict[str, str] = {}
    compared: dict[str, str] = {}
    cards: set[str] = set()
    rows: set[str] = set()
    for market in markets:
        views[market], compared[market], backbone = _view(view, element, market, losses)
        if backbone is not None:
            cards |= cards_in(backbone)
            rows |= {*rows_behind(backbone)}
    sources = read_sources(view.store, rows)
    events = events_of(view, element, cards)
    return {
        "element": facts.symbol,
        "title": visible(facts.title),
        "views": views,
        "compared": compared,
        "marks": site_marks(
            site for site in _mapped(view, element) if f"facility/{site.facility}" in cards
        ),
        "lanes": lanes_svg(events, view.valid),
        "listed": lanes_list(events),
        "cards": sorted(cards),
        "sources": sorted({source.id for told in sources.values() for source in told}),
    }


def _view(
    view: View, element: str, market: str, losses: AskedLosses
) -> tuple[str, str, Backbone | None]:
    """The markup of a view, its lines of the comparison, and what it draws; None for nothing."""
    from monazite.analysis.countries_of_chain import find_backbone
    from monazite.report.chain_diagram.page import rows_behind
    from monazite.report.explorer.view_parts import (
        compared_lines,
        offset_lines,
        scenario_lines,
        untold_markup,
        view_markup,
    )
    from monazite.view.figure_findings import outcomes_of, with_annotations

    try:
        network = view.network(element, market)
        report = view.chokepoints(element, market, horizon=losses.horizon, network=network)
        report = _ranged(view, report, network, losses)
    except NotKnownError as unknown:
        return untold_markup(str(unknown)), "", None
    backbone = find_backbone(with_annotations(view, network), view.facts(element), report)
    evidence = view.evidence(rows_behind(backbone))
    told = offset_lines(_offset(view, element, market, losses))
    told += scenario_lines(outcomes_of(view, view.facts(element), report.market), view.valid)
    return view_markup(backbone, evidence, told), compared_lines(backbone), backbone


def _offset(view: View, element: str, market: str, losses: AskedLosses) -> tuple[str, ...]:
    """What new plants would take, of what costs most; nothing of a view of some sources alone."""
    if view.filters.tier is not None:
        return ()
    found = view.fixes(element, market, horizon=losses.horizon)
    return () if isinstance(found, NotKnown) else found.answer


def _ranged(view: View, report: Chokepoints, network: Network, losses: AskedLosses) -> Chokepoints:
    """The report with the ranges of random trials; as it is where no loss is known."""
    if not losses.draws:
        return report
    asked = report.element, report.market
    with suppress(NotKnownError):
        drawn = view.draws(
            *asked, horizon=losses.horizon, count=losses.draws, network=network, report=report
        ).report
        lines, stages = drawn.chokepoints, drawn.stages
        return replace(report, chokepoints=lines, stages=stages, draws=drawn.draws)
    return report


def _mapped(view: View, element: str) -> Iterable[Any]:
    from monazite.model.facilities.mapped_sites import find_mapped_sites

    facts = view.facts(element)
    key = "mapped", facts.element.iri, facts.date
    return facts.derive(key, lambda: find_mapped_sites(facts)).found


def events_of(view: View, element: str, cards: Iterable[str]) -> list[Any]:
    """Return what happened to the sites of a chain, and to the acts that touch the element."""
    from monazite.analysis.policies.acts import read_acts
    from monazite.analysis.policies.status import own_ends, stopped_starts
    from monazite.model.facilities.status import read_lives
    from monazite.report.explorer.view_parts import LaneEvent

    lives, acts = read_lives(view.store), read_acts(view.store)
    stopped = stopped_starts(view.store)
    found = []
    for place in sorted(cards):
        kind, _, name = place.partition("/")
        if kind == "facility" and name in lives.facilities:
            label = lives.facilities[name][0]
            found += [
                LaneEvent(place, label, x.printed, x.earliest, x.label, x.state)
                for x in lives.events.get(name, ())
                if x.state
            ]
    for line in view.policies(element):
        act = acts.acts[line.policy]
        told = [(x.date, x.earliest, _step(x, stopped)) for x in act.steps]
        ends = own_ends(act, acts, act.steps[0].earliest if act.steps else "", view.valid)
        told += [(x.date, x.date, x.what[:1].lower() + x.what[1:]) for x in ends]
        found += [
            LaneEvent(f"policy/{act.id}", act.title, date, earliest, what, "control")
            for date, earliest, what in told
        ]
    return found


def _step(step: Step, stopped: Mapping[str, object]) -> str:
    """What a step did; a start that had been stopped by then never came."""
    from monazite.analysis.timeline.dated_events import NEVER_BEGAN

    if step.row in stopped:
        return NEVER_BEGAN.lower()
    return f"{step.event.replace('-', ' ')}{f', until {step.until}' if step.until else ''}"
