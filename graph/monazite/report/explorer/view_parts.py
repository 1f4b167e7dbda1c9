"""What stands in a view of the explorer: lines, events in lanes, scenarios, acts, and its map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from typing import Any

from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.analysis.countries_of_chain import Backbone
from monazite.analysis.policies.acts import IN_FORCE, MAY_BE
from monazite.analysis.policies.policies import PolicyLine
from monazite.analysis.scenarios.released import SPARED, ReleasedOutcome, trials_words
from monazite.analysis.scenarios.resolve import name_of
from monazite.analysis.scenarios.result import range_words
from monazite.core.formats import em_width, grouped, percent, visible
from monazite.core.results import Struct
from monazite.data.dates import dates_in_words, day_words
from monazite.model.facilities.mapped_sites import MappedSite
from monazite.model.wording import listed
from monazite.report.chain_diagram.cards import LEAST, STATUSES, BackboneCard, status_mark, subtitle
from monazite.report.chain_diagram.page import backbone_main, entity_of
from monazite.report.chain_diagram.svg import state_mark, whisker
from monazite.report.drawing.shapes import path, text_at
from monazite.report.drawing.templates import fill_template
from monazite.report.figures.sites_map import MIDDLE, label_lines, naming_order, project, read_world

_WIDE = 220.0


def compared_lines(backbone: Backbone) -> str:
    """Return the lines as rows of a table, which a page pairs by ``data-key``."""
    names = dict(backbone.stages)
    lines = []
    for place in backbone.places:
        if (place.share or 0.0) < LEAST and abs(place.loss or 0.0) <= NEGLIGIBLE_LOSS:
            continue
        stage = visible(names[place.stage])
        card = BackboneCard("", place.stage, stage, visible(place.label), (place,))
        point = place.point
        single = "" if point is None or point.least_move is None else percent(point.least_move)
        told = (card.loss_range, single and f"least move {single}", single and card.first_year)
        ends = "; ".join(filter(None, told))
        words = f"{card.loss_words} ({ends})" if ends else card.loss_words
        lines.append(
            f'<tr data-key="{escape(visible(place.id))}"><td>{escape(stage)}</td>'
            f'<th scope="row"><bdi>{escape(card.name)}</bdi></th><td>{escape(words)}</td>'
            f'<td><svg class="backbone strip" width="{_WIDE:g}" height="14" viewBox="-4 0 228 14" '
            f'aria-hidden="true">{whisker(card, 0, 7, _WIDE)}</svg></td></tr>'
        )
    return "".join(lines)


def view_markup(
    backbone: Backbone, evidence: Mapping[str, Mapping[str, Any]], scenarios: str = ""
) -> str:
    """Return a view, with a link to the card of each site, firm and act."""
    drawn = replace(backbone, ask=())  # a page has no commands
    main = backbone_main(drawn, evidence=evidence, card_of=visible)
    return f"{_head(backbone.headline, subtitle(backbone))}{main}</section>{scenarios}"


def offset_lines(sentences: Iterable[str]) -> str:
    """Return what new plants together would offset, as a section; nothing where none was asked."""
    told = "".join(f"<li><bdi>{escape(visible(each))}</bdi></li>" for each in sentences)
    head = '<section aria-labelledby="offset"><h2 id="offset">What would offset it</h2>'
    return f"{head}<ul>{told}</ul></section>" if told else ""


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


ACROSS, FIRST, STEP, TALL = (560.0, 1990, 12.0, 8)  # STEP and TALL: a mark's room, marks on another
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


class LaneEvent(Struct):
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
    width = ACROSS / ((last - FIRST) * 2)
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
        parts.append(path("rule", f"M0 {y:g}H{ACROSS:g}"))
    x = (int(day[:4]) - FIRST + (int(day[5:7]) - 1 if len(day) > 4 else 0) / 12) * 2 * width
    today = path("today", f"M{x:.1f} 4V{y:g}")
    places = ((year, (year - FIRST) * 2 * width) for year in range(FIRST, last, 5))
    years = "".join(
        path("rule", f"M{x:.1f} 4V{y:g}") + text_at("quiet", f"{x + 2:.1f}", y + 15, str(year))
        for year, x in places
    )
    return (
        f'<svg class="backbone lanes" role="group" viewBox="0 0 {ACROSS:g} {y + 20:g}" '
        f'width="{ACROSS:g}" height="{y + 20:g}" aria-label="Events by half-year; the list below '
        f'says the same">{years}{"".join(parts)}{today}</svg>'
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
        f"<title>{escape(f'{day_words(each.date)}: {visible(each.name)}, ')}"
        f"{escape(dates_in_words(visible(each.what)))}</title>"
        f'<rect class="hit" width="12" height="12"/>'
        f"{_DIAMOND if each.mark == 'control' else state_mark(each.mark)}</g>"
        for number, each in enumerate(events)
    )


LINE_WIDE, LINE_HIGH = 150.0, 28.0  # The size of a line of months


def scenario_lines(outcomes: Sequence[ReleasedOutcome], day: str) -> str:
    """Return the scenarios as a section, which says so where none tells of the market."""
    shown = sorted(outcomes, key=lambda each: each.is_past(day))
    spared = [visible(each.title) for each in shown if not each.is_short]
    fields = {
        "lines": [_scenario_line(each, day) for each in shown if each.is_short],
        "trials": trials_words(outcomes),
        "untold": SPARED,
        "spared": listed(spared),
        "size": {"wide": f"{LINE_WIDE:g}", "high": f"{LINE_HIGH:g}"},
    }
    return fill_template("explorer_scenarios.html", fields, trimmed=True)


def _scenario_line(each: ReleasedOutcome, day: str) -> dict[str, object]:
    month, part = each.worst
    first, last = day_words(each.months[0]), day_words(each.months[-1])
    ends = [end for part in each.parts for end in (part.low, part.high)]
    there = _points([part.high or 0.0 for part in each.parts])
    back = _points([part.low or 0.0 for part in each.parts]).removeprefix("M").split("L")
    return {
        "title": visible(each.title),
        "past": each.is_past(day),
        "part": percent(part.middle),
        "range": range_words(part),
        "month": day_words(month),
        "until": each.until.words,
        "product": visible(name_of(each.product)),
        "over": percent(each.over.middle),
        "months": f"{first} to {last}",
        # the area between the ends of the trials; empty where none were made
        "band": f"{there}L{'L'.join(reversed(back))}Z" if None not in ends else "",
        "line": _points([part.middle for part in each.parts]),
    }


def _points(parts: Sequence[float]) -> str:
    """A path through parts, all of what is wanted at the top and nothing lacking at the foot."""
    step = LINE_WIDE / max(1, len(parts) - 1)
    points = (
        f"{place * step:.1f} {1 + (LINE_HIGH - 2) * (1 - part):.1f}"
        for place, part in enumerate(parts)
    )
    return f"M{'L'.join(points)}"


_MAY_BE = "Whether these are in force is not surely known; each says why."


class RulesPart(Struct):
    """The acts of a tier as a part of the page."""

    markup: str
    count: int
    sources: tuple[str, ...]


def rules_markup(lines: Iterable[PolicyLine], day: str, held: Container[str]) -> str:
    """Return the acts as a part of the page, by whether they are in force."""
    known = list(lines)
    standing = [line for line in known if line.status.value in {IN_FORCE, MAY_BE}]
    may_be = [line for line in standing if line.rule and line.status.value == MAY_BE]
    others = [line for line in standing if not line.rule]
    away = [line for line in known if line.status.value not in {IN_FORCE, MAY_BE}]
    groups = [
        ("Rules in force", rules_in_force(known), "", False),
        ("Rules that may be in force", may_be, _MAY_BE, False),
        ("Agreements, support, permits and lists", others, "", True),
        ("Not in force: ended, suspended, proposed or to come", away, "", True),
    ]
    fields = {
        "groups": [
            {
                "heading": heading,
                "lines": [_act_line(each, held) for each in acts],
                "note": note,
                "folded": folded,
            }
            for heading, acts, note, folded in groups
        ],
        "day": day_words(day),
    }
    return fill_template("explorer_rules.html", fields, trimmed=True)


def rules_in_force(lines: Iterable[PolicyLine]) -> list[PolicyLine]:
    """Return the acts that limit who may make, sell or buy what, and are in force."""
    return [line for line in lines if line.rule and line.status.value == IN_FORCE]


def _act_line(line: PolicyLine, held: Container[str]) -> dict[str, str]:
    state = visible(line.status.text)
    lands = (f"country/{line.country}", f"area/{line.country}")
    card = f"policy/{line.policy}"
    return {
        "card": card if card in held else "",
        "title": visible(line.title),
        "kind": visible(line.kind_label),
        "by": visible(line.country_label),
        "country": next((each for each in lands if each in held), ""),
        "state": dates_in_words(f"{state[:1].upper()}{state[1:]}"),
        "covers": visible(line.covers),
        "aimed_at": visible(line.aimed_at),
        "says": visible(line.says_so),
    }


WIDE = 660.0
SOUTH, NORTH, EAST = -50.0, 76.0, 2.45
_SIZE, _HALF, _ROOM = 11.0, 6.0, 110.0
_TOP = 6  # Sites whose names may stand further from their marks
_STEPS = (0, -16, 16, -28, 28, -40, 40, -52, 52)  # How far below its mark a name may stand
_ORDER = [mark for mark, _ in STATUSES]
Box = tuple[float, float, float, float]


def _at(longitude: float, latitude: float) -> tuple[float, float]:
    scale = WIDE / (2 * EAST)
    x, y = project(longitude, latitude)
    return round((x + EAST) * scale, 1), round((project(MIDDLE, NORTH)[1] - y) * scale, 1)


HIGH = _at(MIDDLE, SOUTH)[1]


@cache
def land_path() -> str:
    """The land as one path, without points that lie on those before them."""
    rings = []
    for ring in read_world().land:
        points: list[tuple[int, int]] = []
        for place in ring:
            x, y = _at(*place)
            if not points or abs(x - points[-1][0]) + abs(y - points[-1][1]) > 1.4:
                points.append((round(x), round(min(y, HIGH + 4))))
        if len(points) > 2:
            rings.append("M" + "L".join(f"{x} {y}" for x, y in points) + "Z")
    return "".join(rings)


def site_marks(sites: Iterable[MappedSite]) -> str:
    """Return the marks of sites with their names, as a part of the map."""
    chosen: dict[str, MappedSite] = {}
    for site in sites:
        held = chosen.get(site.facility)
        if held is None or _rank(site) < _rank(held):
            chosen[site.facility] = site
    drawn = sorted(chosen.values(), key=lambda site: (_rank(site), site.facility))
    places = {site.facility: _at(site.longitude, site.latitude) for site in drawn}
    placed = _apart([places[site.facility] for site in drawn])
    taken: list[Box] = [(x - _HALF, y - _HALF, x + _HALF, y + _HALF) for x, y in placed]
    there = list(zip(drawn, placed, strict=True))
    marks: list[str] = []
    for site, (x, y) in there:
        words = f"{visible(site.label)}, {visible(site.country)}: {visible(site.state)}"
        marks.append(
            f'<g class="site" data-card="facility/{escape(visible(site.facility))}" '
            f'transform="translate({x - _HALF:g} {y - _HALF:g})">'
            f"<title>{escape(words)}</title>"
            f'<rect class="hit" x="-2" y="-2" width="16" height="16"/>'
            f"{state_mark(status_mark(site.state))}</g>"
        )
    by_size = sorted(there, key=lambda pair: (*naming_order(pair[0]), _rank(pair[0])))
    names = [
        text
        for number, (site, at) in enumerate(by_size)
        for text in _name(site, at, taken, far=number < _TOP)
    ]
    return "".join((*names, *marks))


def _rank(site: MappedSite) -> int:
    return _ORDER.index(status_mark(site.state))


def _apart(places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those at one spot stand side by side."""
    found: list[tuple[float, float]] = []
    held: dict[tuple[int, int], int] = {}
    for x, y in places:
        spot = round(x / 7), round(y / 7)
        number = held[spot] = held.get(spot, -1) + 1
        found.append((round(x + 9 * (number % 4), 1), round(y + 9 * (number // 4), 1)))
    return found


def _name(
    site: MappedSite, place: tuple[float, float], taken: list[Box], *, far: bool
) -> Iterator[str]:
    """The name beside its mark, where it has room; that of a top site may stand further away."""
    lines = label_lines(site.label, _ROOM, _SIZE)
    wide, more = max(map(em_width, lines)) * _SIZE, _SIZE * (len(lines) - 1)
    x, y = place
    for step in _STEPS if far else _STEPS[:1]:
        for left, end in ((x + 9, ""), (x - 9 - wide, " end")):
            up = y + step - more / 2
            box = left - 1, up - 7, left + wide + 1, up + more + 6
            inside = box[0] > 0 and box[2] < WIDE and box[1] > 0 and box[3] < HIGH
            if not inside or any(
                box[2] >= other[0]
                and box[0] <= other[2]
                and box[3] >= other[1]
                and box[1] <= other[3]
                for other in taken
            ):
                continue
            taken.append(box)
            at = x + 9 if not end else x - 9
            if step:
                yield path("leader", f"M{x:g} {y:g}L{at:g} {y + step:g}")
            for number, line in enumerate(lines):
                yield text_at(f"label{end}", at, round(up + 4 + _SIZE * number, 1), line)
            return
