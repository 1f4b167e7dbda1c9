"""The explorer of a server: the same page, whose script asks the server for each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monazite.core.formats import visible
from monazite.report.drawing.templates import fill_template, page_policy, page_style, template
from monazite.report.explorer.page import (
    TIER_WORDS,
    as_of,
    framed_explorer,
    labelled,
    script_index,
    view_title,
)

ASKS = ("valid", "known", "horizon", "draws")  # beside element, market, tier
TRIALS = {"": "those shipped", "20": "20", "50": "50", "100": "100"}
PAGES = (("/query", "Ask"), ("/ns", "Vocabulary"))  # other pages of the server
_EMPTY = ("views", "behind", "compared", "marks", "lanes", "listed")


@dataclass(frozen=True)
class LiveIndex:
    """What there is to choose from."""

    first: tuple[str, str]
    elements: Mapping[str, str]
    markets: Mapping[str, str]
    tiers: Sequence[str]
    horizons: Mapping[str, str]  # what may be allowed in time: words by code; the one usual first
    day: str
    data: str


def live_html(index: LiveIndex, first: Mapping[str, str] | None = None) -> str:
    """Return the page."""
    symbol, market = index.first
    title = view_title(index.elements[symbol], index.markets[market])
    usual, *others = index.horizons.items()
    views = {symbol: list(index.markets) for symbol in index.elements}
    return framed_explorer(
        {
            "title": title,
            "element": symbol,
            "market": market,
            "elements": labelled(index.elements),
            "markets": labelled(index.markets),
            "tiers": labelled({tier: TIER_WORDS[tier] for tier in index.tiers}),
            "asks": {
                "horizons": labelled({"": usual[1], **dict(others)}),
                "draws": labelled(TRIALS),
            },
            "first": dict.fromkeys(_EMPTY, "") if first is None else first,
            "working": first is None,
            "rules": "",
            "rules_count": "…",
            "source": as_of(index.day),
            "data": visible(index.data),
            "pages": [{"href": href, "label": label} for href, label in PAGES],
            "blocks": [],
        },
        {
            **script_index(index.first, views, index.tiers, index.elements, index.markets),
            "asks": list(ASKS),
            "drawn": first is not None,
        },
        "explorer_live",
        "'self'",
    )


def waiting_html(sentence: str) -> str:
    """Return a page that says why it has nothing to show yet, and comes again by itself."""
    style, script = page_style("chain_diagram.css", drawing=""), template("waiting.js")
    page = {
        "sentence": visible(sentence),
        "style": style,
        "script": script,
        "policy": page_policy(style, [script]),
    }
    return fill_template("waiting.html", {"page": page}, trimmed=True)
