"""The chain as one HTML file, and as bars from above downwards for a narrow screen or paper."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from math import fsum
from typing import Any

from monazite.analysis.countries_of_chain import Backbone, PlaceFlow, PlaceSite
from monazite.core.formats import (
    NOT_KNOWN,
    between_ends,
    counted,
    em_width,
    marked,
    shorten,
    tonnes,
    visible,
    web_address,
    without_keys,
)
from monazite.core.results import Struct
from monazite.data.dates import dates_in_words, day_words
from monazite.data.parameters import USE
from monazite.data.sameness import tier_word
from monazite.report.chain_diagram.cards import (
    CONTROLS,
    STATUSES,
    BackboneCard,
    BackboneCards,
    Ribbon,
    cards_of,
    known_lines,
    market_words,
    mix_lines,
    status_mark,
    subtitle,
    taken_words,
)
from monazite.report.chain_diagram.layout import lay_out
from monazite.report.chain_diagram.svg import (
    HATCH,
    alt_text,
    backbone_css,
    file_css,
    hatches,
    page_svg,
    share_bar,
    source_words,
    state_mark,
    whisker,
)
from monazite.report.drawing import templates
from monazite.report.drawing.lettering import bounded_percent, percent
from monazite.report.drawing.palette import LOSSES
from monazite.report.drawing.shapes import opened, rect, text_at
from monazite.store.names import named

LEAST = 12.0  # A card has at least so much of its bar, that it can be seen
_PAD = 7.0
_HATCH = "hatch-stack"
_OWN = ".backbone .onbuyer{fill:#fff}.backbone .head{font-size:12.5px}\n"
Span = tuple[float, float]


class StackSizes(Struct):
    """How large the bars of a stack are, in pixels, and where they begin."""

    wide: float
    bar: float
    thin: float  # of a stage that is not known
    flow: float  # between two bars
    left: float = 0.0


NARROW = StackSizes(340.0, 30.0, 22.0, 26.0)
SHEET = StackSizes(594.0, 35.0, 20.0, 11.0, 86.0)


def stack_svg(cards: BackboneCards) -> str:
    """Return the chain as a drawing 340 wide, for the top of a narrow page."""
    rows, flows, y = _bars(cards, 0.0, NARROW, _bar)
    wide, high = NARROW.wide, y + NARROW.bar
    told = "The chain from mine to market; the cards below say the same."
    return (
        f"{opened('backbone stack', 'stack', (wide, high), told, None)}"
        f"{hatches(_HATCH)}{flows}{rows}"
        f'<rect class="buyer" y="{y:g}" width="{wide:g}" height="{NARROW.bar:g}" rx="3"/>'
        f"{text_at('onbuyer', 8, y + 20, shorten(market_words(cards.backbone), 20))}</svg>"
    )


def sheet_svg(backbone: Backbone) -> str:
    """Return the chain for paper, 680 wide, with its legend and source."""
    cards = cards_of(backbone)
    rows, flows, y = _bars(cards, 2.0, SHEET, _row)
    foot = y + SHEET.bar + 8
    wide, high = SHEET.left + SHEET.wide, foot + 40
    title = visible(backbone.headline)
    says = f"{source_words(backbone)}. {templates.LICENCE}."
    return (
        f"{opened('backbone', 'picture', (wide, high), title, alt_text(backbone))}"
        f"<style>{file_css(dark=False)}{_OWN}</style>{hatches(HATCH)}{flows}{rows}"
        f"{_market(cards, y)}{_legend(foot)}"
        f"{text_at('quiet', 0, high - 4, says)}</svg>\n"
    )


def _bars(
    cards: BackboneCards,
    y: float,
    sizes: StackSizes,
    segment: Callable[[BackboneCard, Span, float, str], str],
) -> tuple[str, str, float]:
    """The bars, each begun with the name of its stage, the ribbons, and the market's place."""
    rows: list[str] = []
    spans: dict[str, Span] = {}
    tops: dict[str, float] = {}
    for stage, name in cards.backbone.stages:
        label = visible(name)
        if not cards.is_known(stage):
            rows.append(_unknown(label, y, sizes))
            y += sizes.thin + sizes.flow
            continue
        here = cards.at(stage)
        for card, span in zip(here, _spans(here, sizes), strict=True):
            spans[card.id], tops[card.id] = span, y
            rows.append(segment(card, span, y, "" if card is not here[0] else label))
        y += sizes.bar + sizes.flow
    return "".join(rows), "".join(_flows(cards, spans, tops, y, sizes)), y


def _spans(cards: list[BackboneCard], sizes: StackSizes) -> list[Span]:
    """Where each card of a bar begins, and how wide it is."""
    widths = [max(LEAST, (card.share or 0.0) * sizes.wide) for card in cards]
    over = fsum(widths) + 2 * (len(cards) - 1) - sizes.wide
    largest = max(range(len(widths)), key=lambda place: widths[place])
    if over > widths[largest] - LEAST:  # shares of more than the whole
        room = max(1.0, sizes.wide - 2 * (len(cards) - 1))
        widths = [wide * room / fsum(widths) for wide in widths]
    elif over > 0 or len(cards) == 1:
        widths[largest] -= over
    found, x = [], sizes.left
    for wide in widths:
        found.append((x, wide))
        x += wide + 2
    return found


def _unknown(label: str, y: float, sizes: StackSizes) -> str:
    """A bar that no figure splits, with words on a plate in its middle."""
    head, words, low, x = "", f"{label}: {NOT_KNOWN}", y + 15.5, ".5"
    if sizes is SHEET:
        head = text_at("head", 0, y + SHEET.thin / 2 + 4.5, label)
        words, low, x = NOT_KNOWN, y + 14.5, f"{SHEET.left + 0.5:g}"
    wide, middle = em_width(words) * 12 + 10, sizes.left + sizes.wide / 2
    return (
        head
        + rect("f-unknown gap", x, y, sizes.wide - 1, sizes.thin, 3)
        + rect("plate", f"{middle - wide / 2:.0f}", y + 2, f"{wide:.0f}", sizes.thin - 4)
        + text_at("center", middle, low, words)
    )


def _bar(card: BackboneCard, span: Span, y: float, label: str) -> str:
    x, wide = span
    text = _named(card, wide - 12 - (em_width(label) * 12 + 6 if label else 0))
    hatched = card.step == "unknown"
    stage = f'<tspan class="strong">{escape(label)}</tspan> ' if label else ""
    plate = ""
    if hatched and (stage or text):
        size = em_width(f"{label} {text}" if label else text) * 12 + 8
        plate = rect("plate", x + 3, y + 6, f"{size:.0f}", 18)
    return (
        f"{rect(f'f-{card.step} edged', f'{x:.1f}', y, f'{wide:.1f}', NARROW.bar, 2)}{plate}"
        f'<text class="{"plain" if hatched else f"on-{card.step}"}" x="{x + 6:.1f}" '
        f'y="{y + 20:g}">{stage}{escape(text)}</text>'
    )


def _row(card: BackboneCard, span: Span, y: float, label: str) -> str:
    x, wide = span
    room = wide - 2 * _PAD
    lines = [_named(card, room), _longest(_losses(card), room)]
    hatched = card.step == "unknown"
    letters = "plain" if hatched else f"on-{card.step}"
    placed = (f"{letters} strong", y + 15, lines[0]), (letters, y + 30, lines[1])
    texts = "".join(
        text_at(look, f"{x + _PAD:.1f}", low, line) for look, low, line in placed if line
    )
    plate = ""
    if hatched and texts:
        size = max(em_width(line) for line in lines) * 12 + 8
        plate = rect("plate", x + 3, y + 2, f"{size:.0f}", 32)
    head = text_at("head", 0, y + SHEET.bar / 2 + 4.5, label) if label else ""
    box = rect(f"f-{card.step} edged", f"{x:.1f}", y, f"{wide:.1f}", SHEET.bar, 2)
    return f"{head}{box}{plate}{texts}"


def _losses(card: BackboneCard) -> tuple[str, ...]:
    if card.loss is None:
        return ("loss not known",)
    loss = percent(card.loss, narrow=True)
    ends = "range not drawn" if card.ends is None else between_ends(*card.ends)
    point = card.place.point
    home = "" if point is None else percent(point.home_first, narrow=True)
    most, year = "at most, " if card.folded else "", card.first_year
    short = ends.replace(" to ", "\N{EN DASH}").removesuffix("%").rstrip()
    return (
        f"{most}{loss} lost for good ({ends}; home first {home}); {year}",
        f"{most}{loss} for good ({ends}); {year}",
        f"{loss} ({short}); {year}",
    )


def _named(card: BackboneCard, room: float) -> str:
    made = "" if card.share is None else f" {percent(card.share, narrow=True)}"
    return _longest((f"{card.name}{made}", card.name, card.code), room)


def _longest(words: tuple[str, ...], room: float) -> str:
    return next((each for each in words if each and em_width(each) * 12 <= room), "")


def _market(cards: BackboneCards, y: float) -> str:
    name, base = market_words(cards.backbone), cards.backbone.report.base
    taken = "use not known" if base is None else " ".join(taken_words(cards.backbone))
    told = "; ".join(f"{part} {whom}" for part, whom, _ in mix_lines(cards))
    room = SHEET.wide - 2 * _PAD
    lines = (y + 15, _longest((f"{name}: {taken}", name), room)), (y + 30, _longest((told,), room))
    return (
        text_at("head", 0, y + SHEET.bar / 2 + 4.5, "Market")
        + rect("buyer", SHEET.left, y, SHEET.wide, SHEET.bar, 3)
        + "".join(text_at("onbuyer", SHEET.left + _PAD, low, x) for low, x in lines if x)
    )


def _legend(y: float) -> str:
    ramp = (
        rect(f"f-{step} edged", f"{12 + 20 * number}", y, 20, 12)
        for number, step in enumerate(LOSSES)
    )
    return (
        text_at("quiet", 0, y + 10.5, "0")
        + "".join(ramp)
        + text_at("quiet", 118, y + 10.5, "100 % lost for good")
        + text_at("quiet", 262, y + 10.5, "width: share of world output")
        + rect("f-unknown edged", 448, y, 32, 12)
        + text_at("quiet", 486, y + 10.5, NOT_KNOWN)
    )


def _flows(
    cards: BackboneCards,
    spans: Mapping[str, Span],
    tops: Mapping[str, float],
    market: float,
    sizes: StackSizes,
) -> Iterator[str]:
    used: dict[str, float] = defaultdict(float)
    filled: dict[str, float] = defaultdict(float)
    order = {card.id: place for place, card in enumerate(cards.cards)}
    last = len(order)

    def reading(ribbon: Ribbon) -> tuple[int, int]:
        source, target = ribbon.source, ribbon.target
        return (order[source.id] if source else last, order[target.id] if target else last)

    for ribbon in sorted(cards.ribbons, key=reading):
        source, target = ribbon.source, ribbon.target
        if source is None or source.id not in spans or ribbon.arriving is None:
            continue
        if target is not None and target.id not in spans:
            continue
        x, wide = spans[source.id]
        into, whole = (sizes.left, sizes.wide) if target is None else spans[target.id]
        end = target.id if target else ""
        size = min(wide, (ribbon.part or 0.0) * sizes.wide)
        arriving = min(whole, ribbon.arriving * (whole if target is None else sizes.wide))
        start = x + (used[source.id] if target else (wide - size) / 2)
        stop = into + filled[end]
        used[source.id] += size
        filled[end] += arriving
        top = tops[source.id] + sizes.bar
        foot = market if target is None else tops[target.id]
        half = (top + foot) / 2
        right, to_right = start + max(1.0, size), stop + max(1.0, arriving)
        yield (
            f'<path class="flow band f-{source.step}" d="M{start:.1f} {top:g}C{start:.1f} {half:g} '
            f"{stop:.1f} {half:g} {stop:.1f} {foot:g}H{to_right:.1f}"
            f'C{to_right:.1f} {half:g} {right:.1f} {half:g} {right:.1f} {top:g}Z"/>'
        )


_CARD = 155.0
MAX_SCALE = 1.04  # The picture is drawn no larger than this on a wide screen


def backbone_html(
    backbone: Backbone,
    *,
    evidence: Mapping[str, Mapping[str, Any]] | None = None,
    view: Mapping[str, object] | None = None,
    network: str = "",
    title: str | None = None,
) -> str:
    """Return the page of a backbone; the same backbone gives the same bytes."""
    widest = f"svg.wide{{max-width:{MAX_SCALE * lay_out(cards_of(backbone)).width:.0f}px}}\n"
    style = templates.page_style("chain_diagram.css", drawing=backbone_css(HATCH) + widest)
    script = templates.template("chain_diagram.js")
    held = json.dumps(network, ensure_ascii=False)  # no parser of HTML sees the end of its script
    held = held.replace("<", "\\u003c").replace("\u2028", "\\u2028")
    page = {
        "title": visible(title)
        or f"{visible(backbone.report.title)} for {named(market_words(backbone))}",
        "headline": visible(backbone.headline),
        "subtitle": subtitle(backbone),
        "main": backbone_main(backbone, evidence=evidence),
        "network": held if network else "",
        "view": view or {},
        "source": source_words(backbone),
        "licence": templates.LICENCE,
        "style": style,
        "script": script,
        "policy": templates.framing_policy(style, network, [script]),
    }
    return templates.fill_template("chain_diagram.html", {"page": page}, trimmed=True)


def backbone_main(
    backbone: Backbone,
    *,
    evidence: Mapping[str, Mapping[str, Any]] | None = None,
    card_of: Callable[[str], str] = lambda _: "",
) -> str:
    """Return picture, legend and what is behind it; the last section stays open, to go on in."""
    cards = cards_of(backbone)
    found: dict[tuple[str, ...], dict[str, object]] = {}
    for row in rows_behind(backbone):
        for source in ((evidence or {}).get(row) or {}).get("sources") or ():
            told = [visible(source.get(name)) for name in ("tier", "publisher", "title")]
            url = web_address(source.get("url"))
            found.setdefault(
                (*told, str(url)),
                {
                    "tier": tier_word(told[0]),
                    "publisher": told[1],
                    "title": told[2] or "Untitled",
                    "published": day_words(visible(source.get("published"))) or "undated",
                    "url": url or "",
                },
            )
    part = {
        "known": known_lines(backbone),
        "missing": [visible(each) for each in backbone.missing],
        "ask": [visible(each) for each in backbone.ask],
        "svg": page_svg(lay_out(cards)),
        "stack": stack_svg(cards),
        "stages": [
            (visible(label), cards.at(stage) if cards.is_known(stage) else [])
            for stage, label in backbone.stages
        ],
        "market": market_words(backbone),
        "taken": taken_words(backbone),
        "mix": mix_lines(cards),
        "whisker": lambda card: _framed(
            "strip", _CARD, 14, "-4 0 163 14", whisker(card, 0, 7, _CARD)
        ),
        "bar": lambda card: _framed("strip", _CARD, 6, "-4 0 163 6", share_bar(card, 0, 3, _CARD)),
        "mark": lambda mark: _framed("mark", 13, 13, "0 0 12 12", state_mark(mark)),
        "cards": [_sites(card, backbone.day, card_of) for card in cards.cards if card.sites],
        "controls": [
            {
                "title": visible(x.title),
                "by": visible(x.country),
                "state": visible(x.state),
                "card": card_of(f"policy/{x.id}"),
            }
            for x in backbone.controls
        ],
        "places": _place_lines(backbone),
        "flows": _flow_lines(backbone),
        "notes": [dates_in_words(without_keys(visible(note))) for note in backbone.report.notes],
        "sources": [found[key] for key in sorted(found)],
        "ramp": LOSSES,
        "statuses": STATUSES,
        "hatch": hatches("hatch-legend"),
        "pill": CONTROLS,
        "sized": any(flow.tonnes is not None for flow in backbone.flows),
        "others": any(each.share is not None and each.figure for each in cards.cards),
    }
    return templates.fill_template("chain_diagram_main.html", {"page": part}, trimmed=True)


def _framed(kind: str, wide: float, high: int, box: str, drawn: str) -> str:
    """A small drawing beside words, which say the same."""
    size = f'width="{wide:g}" height="{high}" viewBox="{box}"'
    return f'<svg class="backbone {kind}" {size} aria-hidden="true">{drawn}</svg>'


def _sites(card: BackboneCard, day: str, card_of: Callable[[str], str]) -> dict[str, object]:
    held = {
        mark: [_site(site, card_of) for site in card.sites if status_mark(site.status) == mark]
        for mark, _ in STATUSES
    }
    count = counted(len(card.sites), "site")
    firms = " and firms" if any(site.firm for site in card.sites) else ""
    name = card.name.lower() if card.folded else card.name
    return {
        "id": card.id,
        "heading": f"{card.stage_name}, {name}: {count}{firms} on {day_words(day)}",
        "groups": [(mark, words, held[mark]) for mark, words in STATUSES if held[mark]],
    }


def _site(site: PlaceSite, card_of: Callable[[str], str]) -> dict[str, object]:
    planned = status_mark(site.status) == "planned" and site.status != "planned"
    notes = [visible(site.status)] if planned else []
    notes += ([] if site.sure else ["perhaps"]) + (["firm"] if site.firm else [])
    return {
        "label": visible(site.label) or visible(site.id),
        "country": visible(site.country) or "country not known",
        "note": ", ".join(notes),
        "card": card_of(entity_of(site)),
    }


def entity_of(site: PlaceSite) -> str:
    """The kind and id of a site or a firm, by its node: ``separation/firm-lynas``."""
    name = site.id.partition("/")[2].removeprefix("firm-")
    return f"organisation/{name}" if site.firm else f"facility/{name}"


def _place_lines(backbone: Backbone) -> list[list[str]]:
    names = dict(backbone.stages)
    lines = []
    for place in backbone.places:
        point, trials, home = place.point, "", ""
        first = "" if point is None else point.first_year_cell
        if point is not None and place.loss is not None:
            drawn = point.loss_low is not None and point.loss_high is not None
            ends = f"{percent(point.loss_low)} to {percent(point.loss_high)}"
            trials = ends if drawn else "not drawn"
        if point is not None and point.home_first is not None:
            home = percent(point.home_first)
        share = marked(bounded_percent(place.share, place.figure), visible(place.figure))
        said = [visible(names[place.stage]), visible(place.label), share, str(place.year or "")]
        lines.append([*said, first, percent(place.loss), trials, home, str(len(place.sites))])
    return lines


def _flow_lines(backbone: Backbone) -> list[list[str]]:
    names = {**dict(backbone.stages), USE: "Market"}
    labels = {place.id: visible(place.label) for place in backbone.places}
    titles = {each.id: visible(each.title) for each in backbone.controls}
    order = [*names]

    def rank(flow: PlaceFlow) -> tuple[int, float, str, str]:
        return order.index(flow.stage), -(flow.part or 0.0), flow.seller, flow.buyer

    lines = []
    for flow in sorted(backbone.flows, key=rank):
        if flow.tonnes is not None and flow.tonnes < 0.05:
            continue
        seller = labels.get(f"{flow.stage}/{flow.seller}", visible(flow.seller))
        buyer = labels.get(f"{flow.to}/{flow.buyer}", visible(flow.buyer))
        lines.append(
            [
                visible(names[flow.stage]),
                seller if flow.seller else "unaccounted for",
                visible(names[flow.to]),
                market_words(backbone) if flow.to == USE else buyer,
                tonnes(flow.tonnes),
                percent(flow.part),
                "; ".join(titles[name] for name in flow.controls),
            ]
        )
    return lines


def rows_behind(backbone: Backbone) -> Iterable[str]:
    """The rows whose sources a page lists: those of its losses, and of what the market takes."""
    held = [row for place in backbone.places if place.point for row in place.point.rows]
    base = backbone.report.base
    held += base.market_rows if base is not None else ()
    return dict.fromkeys(held)
