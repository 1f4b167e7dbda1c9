"""The explorer as one HTML file, its result, and the same page on a server."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from monazite.core.files import check_ending, write_whole
from monazite.core.formats import counted, escape_hidden, visible
from monazite.core.results import Result, Struct
from monazite.core.tables import Table
from monazite.data.dates import day_words
from monazite.report.chain_diagram.svg import HATCH, backbone_css
from monazite.report.drawing.templates import html_page, template
from monazite.report.explorer.entity_cards import KINDS
from monazite.report.explorer.view_parts import HIGH, WIDE, land_path
from monazite.store.names import named

_PIECE = re.compile(r"<[^>]*>|[^<]+")
_LEVEL = 9


def cut_up(markup: str) -> list[str]:
    """Return the tags and texts of markup, one after the other."""
    found: list[str] = _PIECE.findall(markup)
    return found


def block_of(markup: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """Return markup by group and name as the numbers of pieces, those of all groups together."""
    numbers: dict[str, int] = {}
    cut = {
        group: {
            name: [numbers.setdefault(piece, len(numbers)) for piece in cut_up(text)]
            for name, text in held.items()
        }
        for group, held in markup.items()
    }
    return {"pieces": list(numbers), **cut}


def packed(block: object) -> str:
    """Return data as text that a script block holds: JSON, compressed, in Base64."""
    text = json.dumps(block, ensure_ascii=False, separators=(",", ":"))
    return b64encode(gzip.compress(text.encode(), _LEVEL, mtime=0)).decode()


def unpacked(text: str, most: int = 1 << 28) -> object:
    """Return what :func:`packed` wrote."""
    try:
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        plain = reader.decompress(b64decode(text, validate=True), most)
    except zlib.error:
        raise ValueError("it is no compressed block") from None
    if reader.unconsumed_tail or not reader.eof or reader.unused_data:
        raise ValueError("it is not one whole block")
    return json.loads(plain)


RULES = "rules"  # Under which name a block has its rules
ALL = "all"  # What stands for sources of any tier
TIER_WORDS = {  # by the worst tier that is in
    ALL: "all",
    "3": "no weak ones (tier 1 to 3)",
    "2": "official, company, agency or study (tier 1 and 2)",
    "1": "official or company only (tier 1)",
}
_BEHIND = '<section aria-labelledby="behind">'


class ElementPart(Struct):
    """An element at a tier, as parts of the page."""

    element: str  #: its symbol
    title: str
    views: Mapping[str, str]  #: the picture and all behind it, by market
    compared: Mapping[str, str]  #: rows of the comparison, by market
    marks: str  #: on the map
    lanes: str  #: events as a drawing
    listed: str  #: the same events as a list
    #: kinds and ids of what stands in its chain: sites, firms, acts, countries
    cards: tuple[str, ...]
    sources: tuple[str, ...] = ()  #: ids of the sources that its views cite


class ExplorerParts(Struct):
    """All that the page holds."""

    first: tuple[str, str]  #: symbol and market of the first view
    markets: Mapping[str, str]  #: names of the markets, by code
    tiers: Mapping[str, Sequence[ElementPart]]  #: the elements of each tier, ``all`` first
    cards: Mapping[str, str]  #: of entities and sources, by kind and id
    names: Sequence[tuple[str, str, str]]  #: what the search looks in: card, name, other names
    #: the acts of each tier, as a part of the page, and how many rules are in force
    rules: Mapping[str, tuple[str, int]]
    day: str  #: of the view
    data: Mapping[str, str]  #: the line that records the view, by tier


def explorer_html(parts: ExplorerParts) -> str:
    """Return the page; the same parts give the same bytes."""
    symbol, market = parts.first
    tier, elements = next(iter(parts.tiers.items()))
    first = next(each for each in elements if each.element == symbol)
    rules, count = parts.rules[tier]
    titles = {each.element: each.title for each in elements}
    views = {each.element: list(each.views) for each in elements}
    return _framed(
        LiveIndex(
            parts.first, titles, parts.markets, (*parts.tiers,), {}, parts.day, parts.data[tier]
        ),
        views,
        {
            "first": part_markup(first, market),
            "rules": rules,
            "rules_count": count,
            "blocks": [{"id": name, "text": packed(block)} for name, block in _blocks(parts)],
        },
        {
            "rules": {tier: count for tier, (_, count) in parts.rules.items()},
            "data": {tier: visible(line) for tier, line in parts.data.items()},
        },
        "explorer_packed",
    )


def _framed(
    held: LiveIndex,
    views: Mapping[str, list[str]],
    fields: Mapping[str, object],
    index: Mapping[str, object],
    script: str,
    connects: str = "'none'",
) -> str:
    """The page around a first view; its script knows what there is to choose from, in words."""
    names = ("explorer_head", "chain_diagram", script, "explorer")
    scripts = [template(f"{name}.js") for name in names]
    (symbol, market), tiers = held.first, list(held.tiers)
    labels = {symbol: visible(title) for symbol, title in held.elements.items()}
    labels |= {code: named(visible(label)) for code, label in held.markets.items()}
    known = {"first": list(held.first), "tiers": tiers, "views": views, "labels": labels}
    page = {
        "title": f"{visible(held.elements[symbol])} for {named(visible(held.markets[market]))}",
        "element": symbol,
        "market": market,
        "elements": labelled(held.elements),
        "markets": labelled(held.markets),
        "tiers": labelled({tier: TIER_WORDS[tier] for tier in tiers}),
        "source": as_of(held.day),
        "data": visible(held.data),
        **fields,
        "map": {"width": f"{WIDE:g}", "height": f"{HIGH:g}", "land": land_path()},
        "index": inert({**known, "kinds": KINDS, **index}),
        **dict(zip(("head", "chain_script", "parts_script", "script"), scripts, strict=True)),
    }
    styles, rules = ("chain_diagram.css", "explorer.css"), backbone_css(HATCH)
    return html_page(
        "explorer.html", page, *styles, drawing=rules, scripts=scripts, connects=connects
    )


def as_of(day: str) -> str:
    """Return of which day the sites and controls are."""
    return f"Sites and controls as of {day_words(day)}"


def labelled(labels: Mapping[str, str]) -> list[dict[str, str]]:
    """Return choices as a template takes them."""
    return [{"id": name, "label": visible(label)} for name, label in labels.items()]


def _blocks(parts: ExplorerParts) -> Iterator[tuple[str, object]]:
    for tier, elements in parts.tiers.items():
        found: dict[str, dict[str, str]] = {}
        for part in elements:
            for market in part.views:
                for group, markup in part_markup(part, market).items():
                    name = part.element if group in OF_ELEMENT else f"{part.element}/{market}"
                    found.setdefault(group, {})[name] = markup
        yield tier, block_of({**found, "rules": {RULES: parts.rules[tier][0]}})
    yield "cards", block_of({"cards": parts.cards})
    yield "names", [list(each) for each in parts.names]


def part_markup(part: ElementPart, market: str) -> dict[str, str]:
    """Return a view as the page puts it in: its picture, all behind it, map and events."""
    picture, begin, behind = part.views[market].partition(_BEHIND)
    return {
        "views": picture,
        "behind": f"{begin}{behind}",
        "compared": part.compared.get(market, ""),
        "marks": part.marks,
        "lanes": part.lanes,
        "listed": part.listed,
    }


OF_ELEMENT = ("marks", "lanes", "listed")  # What all views of an element share


def inert(data: object) -> str:
    """Return JSON that no parser of HTML can take for the end of its script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return escape_hidden(text).replace("<", "\\u003c")


ENDINGS = (".html",)  # What a file may end in


class ExplorerPage(Result, eq=False):
    """The page of many elements, markets and tiers; the same parts give the same bytes."""

    records_key = "elements"

    parts: ExplorerParts  #: what it holds
    #: elements and markets that were named, to be asked again
    question: tuple[tuple[str, ...], tuple[str, ...]]

    @cached_property
    def html(self) -> str:
        """The page with its record and seal: one file that asks the network for nothing."""
        from monazite.report.brief.seal import seal_page

        return seal_page(self.page, self.record, "")

    @cached_property
    def page(self) -> str:
        """The page without record and seal."""
        return explorer_html(self.parts)

    @cached_property
    def record(self) -> dict[str, object]:
        """What it was made from, and with which versions, for whoever verifies it."""
        from monazite.report.brief.briefing import page_record

        elements, markets = self.question
        question = {"elements": list(elements), "markets": list(markets)}
        return page_record(self.view, question, page=EXPLORER)

    def write(self, path: Path | str) -> None:
        """Write the page; the file ends in .html and its folder must exist."""
        check_ending(path, ENDINGS, "page")
        write_whole(Path(path), self.html.encode())

    def content(self) -> dict[str, object]:
        """Return what the page holds: elements with their markets, tiers, how many cards."""
        first, *_ = self.parts.tiers.values()
        return {
            "tiers": list(self.parts.tiers),
            "elements": [
                {"element": each.element, "title": each.title, "markets": list(each.views)}
                for each in first
            ],
            "cards": len(self.parts.cards),
        }

    def tables(self) -> list[Table]:
        """Return the elements, and for how many markets each is shown."""
        first, *_ = self.parts.tiers.values()
        rows = [[each.element, each.title, str(len(each.views))] for each in first]
        return [Table(self.headline(), ("element", "name", "markets"), rows)]

    def headline(self) -> str:
        """Return how many views and cards there are."""
        views = sum(len(each.views) for held in self.parts.tiers.values() for each in held)
        return f"{counted(views, 'view')}, {counted(len(self.parts.cards), 'card')}"


EXPLORER = "explorer"  # What the record of such a page says it is


ASKS = ("valid", "known", "horizon", "draws")  # beside element, market, tier
TRIALS = {"": "those shipped", "20": "20", "50": "50", "100": "100"}
PAGES = (("/query", "Ask"), ("/ns", "Vocabulary"))  # other pages of the server
_EMPTY = ("views", "behind", "compared", "marks", "lanes", "listed")


class LiveIndex(Struct):
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
    usual, *others = index.horizons.items()
    return _framed(
        index,
        {symbol: list(index.markets) for symbol in index.elements},
        {
            "asks": {
                "horizons": labelled({"": usual[1], **dict(others)}),
                "draws": labelled(TRIALS),
            },
            "first": dict.fromkeys(_EMPTY, "") if first is None else first,
            "working": first is None,
            "rules": "",
            "rules_count": "…",
            "pages": [{"href": href, "label": label} for href, label in PAGES],
            "blocks": [],
        },
        {"asks": list(ASKS), "drawn": first is not None},
        "explorer_live",
        "'self'",
    )


def waiting_html(sentence: str) -> str:
    """Return a page that says why it has nothing to show yet, and comes again by itself."""
    script = template("waiting.js")
    page = {"sentence": visible(sentence), "script": script}
    return html_page("waiting.html", page, "chain_diagram.css", scripts=[script])
