"""Parts of a made-up explorer: two elements, two markets, two tiers, and hostile ones."""

from __future__ import annotations

from monazite.findings.backbone.result import Backbone
from monazite.findings.plants.mapped_sites import MappedSite
from monazite.pages.explorer.comparing import compared_lines
from monazite.pages.explorer.entity_cards import (
    NamedCard,
    cards_markup,
    search_lines,
    sources_markup,
)
from monazite.pages.explorer.lanes import LaneEvent, lanes_list, lanes_svg
from monazite.pages.explorer.page import ElementPart, ExplorerParts
from monazite.pages.explorer.rules import rules_markup
from monazite.pages.explorer.sites_map import site_marks
from monazite.pages.explorer.view_parts import untold_markup, view_markup
from monazite.triples.cards import SourceLine
from monazite.triples.short_card import CardFact, CardLine, ShortCard
from tests.pages.backbones import hostile_backbone, report, small_backbone, unknown_backbone
from tests.pages.hostile import HOSTILE

DAY = "2026-11-24"
SOURCE = SourceLine("paper", "A ministry", "Notice 18", "2025-04-04", "1", "https://a.org/18")


def japan() -> Backbone:
    """The same chain for another market."""
    return small_backbone(
        report=report(market="JPN", market_label="Japan"), headline="Japan would lose half."
    )


def mapped(name: str, state: str, at: tuple[float, float], label: str = "") -> MappedSite:
    """A site with a point."""
    place = (*at, "site", state, ())
    return MappedSite(name, label or name.title(), "mine", "Land", *place)


def happened(card: str, date: str, state: str, what: str = "Opened", name: str = "") -> LaneEvent:
    """Something that happened."""
    return LaneEvent(card, name or card.rpartition("/")[2].title(), date, date, what, state)


EVENTS = [
    happened("facility/Lovozero", "2010-03-01", "operating"),
    happened("facility/old-mine", "1995-06-30", "closed", "Closed"),
    happened("policy/gac-18", "2025-04-04", "control", "Takes effect"),
    happened("facility/new", "2024-01-01", "planned", "Planned"),
]
SITES = [mapped("Lovozero", "operating", (68.0, 35.0)), mapped("new", "planned", (-20.0, 120.0))]


def element(symbol: str, views: dict[str, Backbone], *, title: str) -> ElementPart:
    """An element with its views."""
    return ElementPart(
        element=symbol,
        title=title,
        views={code: view_markup(each, {}) for code, each in views.items()},
        compared={code: compared_lines(each) for code, each in views.items()},
        marks=site_marks(SITES),
        lanes=lanes_svg(EVENTS, DAY),
        listed=lanes_list(EVENTS),
        cards=("facility/Lovozero",),
    )


def card(place: str, name: str, *names: str, text: str = "Makes oxide") -> NamedCard:
    """A card with one line and one source."""
    lines = (CardLine("Makes", (CardFact(text, (SOURCE,)),)),)
    return NamedCard(place, name, names, ShortCard(f"{name}, Land. Operating", lines), ("Dy",))


CARDS = (
    card("facility/Lovozero", "Lovozero mine", "洛沃泽罗"),
    card("organisation/mp", "MP Materials", "MP"),
    card("policy/gac-18", "Controls on seven elements", "Announcement 18"),
)


def parts(cards: tuple[NamedCard, ...] = CARDS) -> ExplorerParts:
    """A small explorer."""
    whole = [
        element("Dy", {"USA": small_backbone(), "JPN": japan()}, title="Dysprosium"),
        element("Sc", {"USA": unknown_backbone()}, title="Scandium"),
    ]
    narrow = [
        element("Dy", {"USA": unknown_backbone(), "JPN": japan()}, title="Dysprosium"),
        ElementPart(
            "Sc", "Scandium", {"USA": untold_markup("Not known.")}, {"USA": ""}, "", "", "", ()
        ),
    ]
    return ExplorerParts(
        first=("Dy", "USA"),
        markets={"JPN": "Japan", "USA": "United States"},
        tiers={"all": whole, "1": narrow},
        cards=cards_markup(cards) | sources_markup([SOURCE]),
        names=search_lines(cards, [SOURCE]),
        rules=(rules_markup((), DAY), 0),
        day=DAY,
        data="Data: all.",
    )


def hostile_parts() -> ExplorerParts:
    """Every text hostile."""
    cards = tuple(
        card(f"facility/h{number}", text, text, text=text) for number, text in enumerate(HOSTILE)
    )
    sources = [SourceLine(f"s{n}", text, text, text, text, text) for n, text in enumerate(HOSTILE)]
    events = [happened(f"facility/h{n}", "2020", "closed", x, x) for n, x in enumerate(HOSTILE)]
    sites = [mapped(f"h{n}", x, (10.0 * n, 20.0), x) for n, x in enumerate(HOSTILE)]
    whole = ElementPart(
        element="Dy",
        title=HOSTILE[0],
        views={"USA": view_markup(hostile_backbone(), {})},
        compared={"USA": compared_lines(hostile_backbone())},
        marks=site_marks(sites),
        lanes=lanes_svg(events, DAY),
        listed=lanes_list(events),
        cards=(),
    )
    return ExplorerParts(
        first=("Dy", "USA"),
        markets={"USA": HOSTILE[1]},
        tiers={"all": [whole]},
        cards=cards_markup(cards) | sources_markup(sources),
        names=search_lines(cards, sources),
        rules=(rules_markup((), DAY), 0),
        day=DAY,
        data=HOSTILE[2],
    )
