"""What happened to an element's sites, and which controls came and went: marks in four lanes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from monazite.analysis.chokepoints.measure import NEGLIGIBLE_LOSS
from monazite.analysis.countries_of_chain import Backbone, StagePlace
from monazite.core.formats import grouped, visible
from monazite.data.dates import dates_in_words, day_words
from monazite.report.chain_diagram.cards import (
    LEAST,
    BackboneCard,
    loss_words,
    range_words,
    status_mark,
    subtitle,
)
from monazite.report.chain_diagram.page import backbone_main, entity_of
from monazite.report.chain_diagram.svg import state_mark, whisker

_WIDE = 220.0


def compared_lines(backbone: Backbone) -> str:
    """Return the lines as rows of a table, which a page pairs by ``data-key``."""
    names = dict(backbone.stages)
    return "".join(
        _line(place, visible(names[place.stage]))
        for place in backbone.places
        if (place.share or 0.0) >= LEAST or abs(place.loss or 0.0) > NEGLIGIBLE_LOSS
    )


def _line(place: StagePlace, stage: str) -> str:
    card = BackboneCard("", place.stage, stage, visible(place.label), (place,))
    ends = range_words(card)
    words = f"{loss_words(card)} ({ends})" if ends else loss_words(card)
    return (
        f'<tr data-key="{escape(visible(place.id))}"><td>{escape(stage)}</td>'
        f'<th scope="row"><bdi>{escape(card.name)}</bdi></th><td>{escape(words)}</td>'
        f'<td><svg class="backbone strip" width="{_WIDE:g}" height="14" viewBox="-4 0 228 14" '
        f'aria-hidden="true">{whisker(card, 0, 7, _WIDE)}</svg></td></tr>'
    )


def view_markup(
    backbone: Backbone, evidence: Mapping[str, Mapping[str, Any]], scenarios: str = ""
) -> str:
    """Return a view, with a link to the card of each site, firm and act."""
    drawn = replace(backbone, ask=())  # a page has no commands
    main = backbone_main(drawn, evidence=evidence, card_of=visible)
    return f"{_head(backbone.headline, subtitle(backbone))}{main}</section>{scenarios}"


def untold_markup(sentence: str) -> str:
    """Return a view that cannot be drawn: the sentence that says why."""
    return _head(sentence, "")


def cards_in(backbone: Backbone) -> set[str]:
    """Return what stands in a view and may have a card: sites, firms, countries, acts."""
    found = {entity_of(site) for place in backbone.places for site in place.sites}
    found |= {f"country/{place.code}" for place in backbone.places}
    return found | {f"policy/{each.id}" for each in backbone.controls}


def _head(headline: str, below: str) -> str:
    sub = f'<p class="sub"><bdi>{escape(below)}</bdi></p>' if below else ""
    return f"<header><h1><bdi>{escape(visible(headline))}</bdi></h1>{sub}</header>"


WIDE, FIRST, STEP, TALL = 560.0, 1990, 12.0, 8  # STEP and TALL: a mark's room, marks on another
LANES = (
    ("control", "Controls"),
    ("opened", "Opened or restarted"),
    ("shut", "Suspended or closed"),
    ("planned", "Planned, or building begun"),
)
_LANE_OF = {
    "control": "control",
    "operating": "opened",
    "partly": "opened",
    "suspended": "shut",
    "closed": "shut",
    "planned": "planned",
}
_DIAMOND = '<path class="act" d="M6 .6L11.4 6L6 11.4L.6 6Z"/>'


@dataclass(frozen=True)
class LaneEvent:
    """Something that happened on a date."""

    card: str  # kind and id of the site or the act
    name: str
    date: str
    earliest: str
    what: str
    state: str  # the state of a site after it; ``control`` for an act

    @property
    def mark(self) -> str:
        """Its mark."""
        return "control" if self.state == "control" else status_mark(self.state)

    @property
    def lane(self) -> str:
        """The lane in which it stands; empty for none."""
        return _LANE_OF.get(self.mark, "")


def lanes_svg(events: Sequence[LaneEvent], day: str) -> str:
    """Return the marks of events in lanes over years, as a drawing."""
    last = int(day[:4]) + 2
    columns: dict[tuple[str, int], list[LaneEvent]] = defaultdict(list)
    width = WIDE / ((last - FIRST) * 2)
    for each in sorted(events, key=lambda each: (each.earliest, each.card, each.what)):
        year = int(each.earliest[:4])
        if each.lane and FIRST <= year < last:
            half = (year - FIRST) * 2 + (each.earliest[5:7] > "06")
            columns[each.lane, half].append(each)
    parts, y = [], 4.0
    for lane, words in LANES:
        held = {half: each for (at, half), each in sorted(columns.items()) if at == lane}
        most = max(map(len, held.values()), default=1)
        hidden = sum(max(0, len(each) - TALL) for each in held.values())
        more = f'<tspan class="quiet" dx="8">{hidden} more in the list</tspan>' if hidden else ""
        y += 20
        parts.append(f'<text class="head" x="4" y="{y - 4:g}">{words}{more}</text>')
        y += STEP * min(TALL, most)
        parts += [_column(each[:TALL], half * width, y) for half, each in held.items()]
        y += 6
        parts.append(f'<path class="rule" d="M0 {y:g}H{WIDE:g}"/>')
    return (
        f'<svg class="backbone lanes" role="group" viewBox="0 0 {WIDE:g} {y + 20:g}" '
        f'width="{WIDE:g}" height="{y + 20:g}" aria-label="Events by half-year; the list below '
        f'says the same">{_years(last, width, y)}{"".join(parts)}{_today(day, width, y)}</svg>'
    )


def lanes_list(events: Iterable[LaneEvent]) -> str:
    """Return the same events as a list, the newest first."""
    drawn = [each for each in events if each.lane]
    drawn.sort(key=lambda each: (each.earliest, each.card, each.what), reverse=True)
    lines = "".join(
        f'<li><span class="quiet">{escape(day_words(visible(each.date)))}</span> '
        f'<a data-card="{escape(visible(each.card))}"><bdi>{escape(visible(each.name))}</bdi></a>: '
        f"<bdi>{escape(dates_in_words(visible(each.what)))}</bdi></li>"
        for each in drawn
    )
    return f"<summary>Events as a list ({grouped(len(drawn))})</summary><ul>{lines}</ul>"


def _column(events: Sequence[LaneEvent], x: float, foot: float) -> str:
    return "".join(
        f'<g class="site" data-card="{escape(visible(each.card))}" '
        f'transform="translate({x:.1f} {foot - STEP * (number + 1):g}) scale(.86)">'
        f"<title>{escape(_words(each))}</title>"
        f'<rect class="hit" width="12" height="12"/>'
        f"{_DIAMOND if each.mark == 'control' else state_mark(each.mark)}</g>"
        for number, each in enumerate(events)
    )


def _words(event: LaneEvent) -> str:
    return f"{day_words(event.date)}: {visible(event.name)}, {dates_in_words(visible(event.what))}"


def _years(last: int, width: float, high: float) -> str:
    return "".join(
        f'<path class="rule" d="M{(year - FIRST) * 2 * width:.1f} 4V{high:g}"/>'
        f'<text class="quiet" x="{(year - FIRST) * 2 * width + 2:.1f}" y="{high + 15:g}">'
        f"{year}</text>"
        for year in range(FIRST, last, 5)
    )


def _today(day: str, width: float, high: float) -> str:
    months = int(day[5:7]) - 1 if len(day) > 4 else 0
    x = ((int(day[:4]) - FIRST) + months / 12) * 2 * width
    return f'<path class="today" d="M{x:.1f} 4V{high:g}"/>'
