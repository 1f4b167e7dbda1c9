"""A view as a part of the page: its headline, its picture, and all that is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

from monazite.findings.backbone.result import Backbone
from monazite.pages.backbone.page import backbone_main, entity_of
from monazite.pages.backbone.words import subtitle
from monazite.safe_text import visible


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
