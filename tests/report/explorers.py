"""Parts of a made-up explorer: two elements, two markets, two tiers, and hostile ones."""

from __future__ import annotations

from monazite.analysis.countries_of_chain import Backbone
from monazite.analysis.policies.acts import IN_FORCE, MAY_BE, NOT_IN_FORCE, PolicyStatus
from monazite.analysis.policies.policies import PolicyLine
from monazite.model.facilities.mapped_sites import MappedSite
from monazite.report.explorer.entity_cards import (
    NamedCard,
    cards_markup,
    search_lines,
    sources_markup,
)
from monazite.report.explorer.page import ElementPart, ExplorerParts
from monazite.report.explorer.view_parts import (
    LaneEvent,
    compared_lines,
    lanes_list,
    lanes_svg,
    rules_in_force,
    rules_markup,
    scenario_lines,
    site_marks,
    untold_markup,
    view_markup,
)
from monazite.store.cards import SourceLine
from monazite.store.entity_card import CardFact, CardLine, ShortCard
from tests.report.diagrams import hostile_backbone, report, small_backbone, unknown_backbone
from tests.report.hostile import HOSTILE
from tests.report.outcomes import HARD

DAY = "2026-11-24"
SOURCE = SourceLine("paper", "A ministry", "Notice 18", "2025-04-04", "1", "https://a.org/18")


def japan() -> Backbone:
    """The same chain for another market."""
    return small_backbone(
        report=report(market="JPN", market_label="Japan"), headline="Japan would lose half."
    )


HAPPENS = {"USA": (HARD,)}  # Scenarios by market; no other market has any


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
        views={
            code: view_markup(each, {}, scenario_lines(HAPPENS.get(code, ()), DAY))
            for code, each in views.items()
        },
        compared={code: compared_lines(each) for code, each in views.items()},
        marks=site_marks(SITES),
        lanes=lanes_svg(EVENTS, DAY),
        listed=lanes_list(EVENTS),
        cards=("facility/Lovozero",),
    )


def card(
    place: str, name: str, *names: str, text: str = "Makes oxide", also: CardLine | None = None
) -> NamedCard:
    """A card with one source, and one line or two."""
    lines = [CardLine("Makes", (CardFact(text, (SOURCE,)),)), *([also] if also else [])]
    told = ShortCard(f"{name}, Land. Operating", tuple(lines), (("Land", "country/LND"),))
    return NamedCard(place, name, names, told, ("Dy",))


def naming(heading: str, text: str, *named: tuple[str, str]) -> CardLine:
    """A line that names things."""
    return CardLine(heading, (CardFact(text, (SOURCE,), named),))


MP, MINE = ("MP Materials", "organisation/mp"), ("Lovozero mine", "facility/Lovozero")
CARDS = (
    card("facility/Lovozero", MINE[0], "洛沃泽罗", also=naming("Owner", "MP Materials 100 %", MP)),
    card("organisation/mp", MP[0], "MP", also=naming("Runs", "Lovozero mine: mining", MINE)),
    card("policy/gac-18", "Controls on seven elements", "Announcement 18"),
)


def act(name: str, value: str, *, rule: bool = True, title: str = "") -> PolicyLine:
    """An act on a day."""
    status = PolicyStatus(value, value, "since 2025-04-04", since="2025-04-04")
    return PolicyLine(
        *(name, title or name.title(), "export-licence", "LND", "Land", ("A ministry",), status),
        *("Dy", "all destinations", (), "2025-04-04", (SOURCE,), ()),
        kind_label="Export licence",
        rule=rule,
    )


ACTS = (
    act("gac-18", IN_FORCE, title="Controls on seven elements"),
    act("gac-61", MAY_BE),
    act("a-loan", IN_FORCE, rule=False),
    act("quota-2014", NOT_IN_FORCE),
)


def rules(*acts: PolicyLine) -> tuple[str, int]:
    """Acts as a page has them, and how many rules are in force."""
    held = {f"policy/{each.policy}" for each in acts if each.policy == "gac-18"}
    return rules_markup(acts, DAY, held), len(rules_in_force(acts))


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
        cards=cards_markup(cards) | sources_markup([SOURCE], cards),
        names=search_lines(cards, [SOURCE]),
        rules={"all": rules(*ACTS), "1": rules(*ACTS[1:])},
        day=DAY,
        data={"all": "Data: all.", "1": "Data: tier 1."},
    )


def hostile_parts() -> ExplorerParts:
    """Every text hostile."""
    cards = tuple(
        card(
            f"facility/h{n}",
            text,
            text,
            text=text,
            also=naming("Owner", text, (text, "facility/h0")),
        )
        for n, text in enumerate(HOSTILE)
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
        cards=cards_markup(cards) | sources_markup(sources, cards),
        names=search_lines(cards, sources),
        rules={"all": rules(*(act(f"a{n}", IN_FORCE, title=x) for n, x in enumerate(HOSTILE)))},
        day=DAY,
        data={"all": HOSTILE[2]},
    )
