"""The backbone as one HTML file that asks the network for nothing; whole with scripts off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from monazite.analysis.countries_of_chain import Backbone, PlaceFlow, PlaceSite
from monazite.core.formats import counted, marked, tonnes, visible, web_address, without_keys
from monazite.data.dates import dates_in_words, day_words
from monazite.data.parameters import USE
from monazite.data.sameness import tier_word
from monazite.report.chain_diagram.cards import (
    CONTROLS,
    STATUSES,
    BackboneCard,
    cards_of,
    known_lines,
    market_words,
    mix_lines,
    status_mark,
    subtitle,
    taken_words,
)
from monazite.report.chain_diagram.layout import lay_out
from monazite.report.chain_diagram.stack import stack_svg
from monazite.report.chain_diagram.svg import (
    HATCH,
    backbone_css,
    hatches,
    page_svg,
    share_bar,
    source_words,
    state_mark,
    whisker,
)
from monazite.report.drawing.lettering import bounded_percent, percent
from monazite.report.drawing.palette import LOSSES
from monazite.report.drawing.templates import (
    LICENCE,
    fill_template,
    framing_policy,
    page_style,
    template,
)
from monazite.store.names import named

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
    style = page_style("chain_diagram.css", drawing=backbone_css(HATCH) + widest)
    script = template("chain_diagram.js")
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
        "licence": LICENCE,
        "style": style,
        "script": script,
        "policy": framing_policy(style, network, [script]),
    }
    return fill_template("chain_diagram.html", {"page": page}, trimmed=True)


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
    return fill_template("chain_diagram_main.html", {"page": part}, trimmed=True)


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
        if point is not None and place.loss is not None:
            drawn = point.loss_low is not None and point.loss_high is not None
            ends = f"{percent(point.loss_low)} to {percent(point.loss_high)}"
            trials = ends if drawn else "not drawn"
        if point is not None and point.home_first is not None:
            home = percent(point.home_first)
        share = marked(bounded_percent(place.share, place.figure), visible(place.figure))
        said = [visible(names[place.stage]), visible(place.label), share, str(place.year or "")]
        lines.append([*said, percent(place.loss), trials, home, str(len(place.sites))])
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
