"""What the cards say: numbers as they are printed, ranges, counts of sites, the market's lines."""

from __future__ import annotations

from collections.abc import Mapping

from monazite.findings.backbone.result import Backbone
from monazite.findings.losses.headline import between_ends, is_wide, of_group
from monazite.pages.backbone.cards import STATUSES, BackboneCard, BackboneCards, Ribbon
from monazite.pages.drawing.lettering import bounded_percent, percent
from monazite.rows.dates import day_words
from monazite.safe_text import NO_BREAK, NOT_KNOWN, marked, short_mark, tonnes, visible
from monazite.triples.names import named

DASH = "\N{EN DASH}"
CONTROLS = "controls in force on a flow"
"""What a pill counts."""


def loss_words(card: BackboneCard) -> str:
    """What is lost, in large letters."""
    return "Loss not known" if card.loss is None else percent(card.loss, narrow=True)


def range_words(card: BackboneCard) -> str:
    """Its range, short."""
    if card.loss is None:
        return ""
    if card.ends is None:
        return "range not drawn"
    low, high = (percent(end, narrow=True) for end in card.ends)
    if low == high:
        return "in all trials" if low == loss_words(card) else f"in trials {low}"
    return f"{low.removesuffix(NO_BREAK + '%')}{DASH}{high}"


def loss_label(card: BackboneCard) -> str:
    """What the loss is of."""
    point = card.place.point
    if point is None or card.loss is None:
        return ""
    if point.event == "embargo":
        return "lost if it sells nothing abroad"
    if point.event == "licence":
        return "lost if it licenses a part only"
    return "at most, if one stops" if card.folded else "lost if it stops"


def share_words(card: BackboneCard) -> str:
    """What it makes of the world's output, short; a star where the number is not measured."""
    if card.share is None:
        return "no output found"
    return short_mark(card.share, card.figure, space=NO_BREAK)


def count_words(card: BackboneCard) -> str:
    """Its sites in words: 10 sites, 3 operating."""
    whole = len(card.sites)
    if not whole:
        return "no site known"
    named_marks = dict(STATUSES)
    told = ", ".join(f"{count} {named_marks[mark]}" for mark, count in card.counts)
    return f"{whole} site{'s' if whole != 1 else ''}: {told}"


def controls_words(count: int) -> str:
    """A pill: 1 control."""
    return f"{count} control{'s' if count != 1 else ''}"


def market_words(backbone: Backbone) -> str:
    """The market as its card names it."""
    return visible(backbone.report.market_label)


def taken_words(backbone: Backbone) -> tuple[str, str]:
    """How much the market took, and of what; not known where no figure says."""
    base = backbone.report.base
    if base is None:
        return "Use not known", "no figure of what it uses"
    return f"{tonnes(base.served)}{NO_BREAK}t", f"{_goods(backbone)} used in {base.year}"


def _goods(backbone: Backbone) -> str:
    """What the market takes, short."""
    base = backbone.report.base
    if base is not None and base.unit != "t":
        return f"of {visible(backbone.subject)} in oxide"
    return visible(backbone.product).partition(" (")[0]


def subtitle(backbone: Backbone) -> str:
    """The line under the headline: how much, when, in which time, how sure, on which day."""
    base = backbone.report.base
    told = []
    if base is not None:
        goods = _goods(backbone)
        made = goods if goods.startswith("of ") else f"of {goods}"
        told.append(f"{tonnes(base.served)} t {made} used in {base.year}; {backbone.allowed}.")
        told += [_first_range(backbone)]
    told.append(f"Sites and controls as of {day_words(backbone.day)}.")
    return visible(" ".join(filter(None, told)))


def _first_range(backbone: Backbone) -> str:
    first = next((x for x in backbone.report.chokepoints if x.id == backbone.first), None)
    if first is None:
        return ""
    if is_wide(first):
        return f"Central case {percent(first.loss)}."
    if first.loss_low is None or first.loss_high is None:
        return ""  # the headline says so
    return f"In trials {between_ends(first.loss_low, first.loss_high)}."


def mix_lines(cards: BackboneCards) -> list[tuple[str, str, str]]:
    """From whom the market buys: how much, from whom, and what that is to the seller."""
    lines = []
    for ribbon in cards.to_market():
        if ribbon.source is None or ribbon.arriving is None:
            continue
        part = percent(ribbon.arriving, narrow=True)
        lines.append((part, f"from {lower_name(ribbon.source)}", _of_output(ribbon)))
    return lines


def _of_output(ribbon: Ribbon) -> str:
    if ribbon.source is None or ribbon.part is None or not ribbon.source.share:
        return ""
    whole = ribbon.part / ribbon.source.share
    if whole > 0.995:  # of the world: all of it
        return ""
    part = percent(whole, narrow=True)
    return f"{part} of {'their' if ribbon.source.folded else 'its'} output"


def lower_name(card: BackboneCard) -> str:
    """The name of a card inside a sentence."""
    if card.name == "Rest of the world":
        return f"the {card.name[0].lower()}{card.name[1:]}"
    return card.name.lower() if card.folded else named(card.name)


def ribbon_words(cards: BackboneCards, ribbon: Ribbon, titles: Mapping[str, str]) -> str:
    """A ribbon as a sentence, for those who point at it or hear it."""
    source = "An unknown seller" if ribbon.source is None else ribbon.source.name
    stage = "" if ribbon.source is None else ribbon.source.stage_name.lower()
    if ribbon.target is None:
        target = market_words(cards.backbone)
        size = _part_words(ribbon.arriving, "of what it uses")
    else:
        target = f"{ribbon.target.name} ({ribbon.target.stage_name.lower()})"
        size = _part_words(ribbon.arriving, "of the stage\u2019s world output")
    told = f"{source} ({stage}) to {target}: {size}"
    names = "; ".join(titles[name] for name in ribbon.controls if name in titles)
    return f"{told}. Controls in force: {names}." if names else f"{told}."


def _part_words(part: float | None, of: str) -> str:
    return f"size {NOT_KNOWN}" if part is None else f"{percent(part, narrow=True)} {of}"


def known_lines(backbone: Backbone) -> list[str]:
    """Where no loss is known: who leads each stage by world share."""
    if backbone.report.base is not None:
        return []
    names = dict(backbone.stages)
    return [
        f"{visible(names[each.stage])}: {named(visible(each.leader))} leads with "
        f"{marked(bounded_percent(each.share, each.figure), visible(each.figure))} "
        f"of world output, {each.year or 'year not known'}."
        for each in backbone.report.stages
        if each.leader and each.share is not None and each.stage in names and not of_group(each)
    ]
