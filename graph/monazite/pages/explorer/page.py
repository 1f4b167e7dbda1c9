"""The explorer as one HTML file that asks the network for nothing; its first view needs no script.

The first view is drawn in the page. All others lie in blocks of data, drawn already and cut into
pieces, each piece once; the script of the page puts them together and draws nothing itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monazite.pages.backbone.marks import backbone_css
from monazite.pages.backbone.svg import HATCH
from monazite.pages.drawing.policy import page_policy
from monazite.pages.drawing.static_page import LICENCE
from monazite.pages.drawing.templates import fill_template, page_style, template
from monazite.pages.explorer.entity_cards import KINDS
from monazite.pages.explorer.pieces import block_of, packed
from monazite.pages.explorer.sites_map import HIGH, WIDE, land_path
from monazite.rows.dates import day_words
from monazite.safe_text import escape_hidden, visible
from monazite.triples.names import named

RULES = "rules"
"""Under which name a block has its rules."""
ALL = "all"
"""What stands for sources of any tier."""
TIER_WORDS = {
    ALL: "all",
    "3": "no weak ones (tier 1 to 3)",
    "2": "official, company, agency or study (tier 1 and 2)",
    "1": "official or company only (tier 1)",
}
"""Tiers as a reader chooses them; the worst that is in."""
_BEHIND = '<section aria-labelledby="behind">'


@dataclass(frozen=True)
class ElementPart:
    """An element at a tier, as parts of the page.

    Attributes:
        element: its symbol.
        title: its name.
        views: the picture and all behind it, by market.
        compared: rows of the comparison, by market.
        marks: on the map.
        lanes: events as a drawing.
        listed: the same events as a list.
        cards: kinds and ids of what stands in its chain: sites, firms, acts, countries.
        sources: ids of the sources that its views cite.
    """

    element: str
    title: str
    views: Mapping[str, str]
    compared: Mapping[str, str]
    marks: str
    lanes: str
    listed: str
    cards: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExplorerParts:
    """All that the page holds.

    Attributes:
        first: symbol and market of the first view.
        markets: names of the markets, by code.
        tiers: the elements of each tier, ``all`` first.
        cards: of entities and sources, by kind and id.
        names: what the search looks in: card, name, other names.
        rules: the acts of each tier, as a part of the page, and how many rules are in force.
        day: of the view.
        data: the line that records the view.
    """

    first: tuple[str, str]
    markets: Mapping[str, str]
    tiers: Mapping[str, Sequence[ElementPart]]
    cards: Mapping[str, str]
    names: Sequence[tuple[str, str, str]]
    rules: Mapping[str, tuple[str, int]]
    day: str
    data: str


def explorer_html(parts: ExplorerParts) -> str:
    """Return the page; the same parts give the same bytes.

    Args:
        parts: what it holds.
    """
    symbol, market = parts.first
    first_tier = next(iter(parts.tiers))
    first = next(each for each in parts.tiers[first_tier] if each.element == symbol)
    scripts = [template(f"{name}.js") for name in ("explorer_head", "backbone", "explorer")]
    style = page_style("backbone.css", "explorer.css", drawing=backbone_css(HATCH))
    rules, count = parts.rules[first_tier]
    view, begin, behind = first.views[market].partition(_BEHIND)
    page = {
        "title": f"{visible(first.title)} for {named(visible(parts.markets[market]))}",
        "element": symbol,
        "market": market,
        "elements": [
            {"id": each.element, "label": visible(each.title)} for each in parts.tiers[first_tier]
        ],
        "markets": [{"id": code, "label": visible(label)} for code, label in parts.markets.items()],
        "tiers": [{"id": tier, "label": TIER_WORDS[tier]} for tier in parts.tiers],
        "view": view,
        "behind": f"{begin}{behind}",
        "marks": first.marks,
        "lanes": first.lanes,
        "listed": first.listed,
        "map": {"width": f"{WIDE:g}", "height": f"{HIGH:g}", "land": land_path()},
        "rules": rules,
        "rules_count": count,
        "source": f"Sites and controls as of {day_words(parts.day)}",
        "licence": LICENCE,
        "data": visible(parts.data),
        "index": _inert(_index(parts, first_tier)),
        "blocks": [{"id": name, "text": packed(block)} for name, block in _blocks(parts)],
        "style": style,
        "policy": page_policy(style, scripts),
        **dict(zip(("head", "chain_script", "script"), scripts, strict=True)),
    }
    return fill_template("explorer.html", {"page": page}, trimmed=True)


def _index(parts: ExplorerParts, first_tier: str) -> dict[str, object]:
    """What the script knows before it unpacks anything."""
    elements = parts.tiers[first_tier]
    return {
        "first": list(parts.first),
        "tiers": list(parts.tiers),
        "views": {each.element: list(each.views) for each in elements},
        "labels": {
            **{each.element: visible(each.title) for each in elements},
            **{code: named(visible(label)) for code, label in parts.markets.items()},
        },
        "kinds": KINDS,
        "rules": {tier: count for tier, (_, count) in parts.rules.items()},
    }


def _blocks(parts: ExplorerParts) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = [
        (tier, block_of({**tier_markup(elements), "rules": {RULES: parts.rules[tier][0]}}))
        for tier, elements in parts.tiers.items()
    ]
    found.append(("cards", block_of({"cards": parts.cards})))
    found.append(("names", [list(each) for each in parts.names]))
    return found


def tier_markup(elements: Sequence[ElementPart]) -> dict[str, dict[str, str]]:
    """Return the markup of all views of a tier, by group and name.

    Args:
        elements: of the tier.
    """
    views = {f"{x.element}/{code}": text for x in elements for code, text in x.views.items()}
    parted = {name: text.partition(_BEHIND) for name, text in views.items()}
    return {
        "views": {name: picture for name, (picture, _, _) in parted.items()},
        "behind": {name: f"{begin}{rest}" for name, (_, begin, rest) in parted.items()},
        "compared": {
            f"{x.element}/{code}": text for x in elements for code, text in x.compared.items()
        },
        "marks": {x.element: x.marks for x in elements},
        "lanes": {x.element: x.lanes for x in elements},
        "listed": {x.element: x.listed for x in elements},
    }


def _inert(data: object) -> str:
    """JSON that no parser of HTML can take for the end of its script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return escape_hidden(text).replace("<", "\\u003c")
