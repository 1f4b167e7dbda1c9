"""A brief as a page, the answer first, with its pictures: one file that needs no network."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from html import unescape
from typing import Any

import networkx as nx

from monazite.analysis.chokepoints.headline import of_group
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.analysis.countries_of_chain import Backbone
from monazite.core.contract import to_json_value
from monazite.core.formats import ELLIPSIS, NO_BREAK, counted, visible, web_address
from monazite.core.package import VERSION
from monazite.core.results import Struct
from monazite.data.dates import day_words
from monazite.model.network.attributes import about
from monazite.report.brief.dates import headline_subject, leads_in_words, listed_losses
from monazite.report.brief.document import Brief, BriefPart, runs
from monazite.report.brief.gathered import BriefFindings
from monazite.report.brief.house_style import HouseStyle, fill
from monazite.report.chain_diagram.page import sheet_svg
from monazite.report.chain_diagram.svg import alt_text, backbone_svg
from monazite.report.drawing.palette import FONTS, LIGHT, css_variables, theme_variables
from monazite.report.drawing.plotting import Drawing
from monazite.report.drawing.templates import LICENCE, framing_policy, template
from monazite.store.names import named

WIDTH = 760.0  # CSS pixels across a figure
TOP = "top"  # The place of a picture above all parts


class BriefPicture(Struct):
    """A picture of a brief."""

    id: str
    place: str
    caption: str
    alt: str
    svg: str
    plain: str  # for print and for documents: light, without rules for screens
    titled: bool = False

    def address(self, *, dark: bool = True) -> str:
        """The picture as an address that needs no file."""
        held = (self.svg if dark else self.plain).encode()
        return f"data:image/svg+xml;base64,{b64encode(held).decode()}"


def pictures_of(
    found: BriefFindings, network: nx.MultiDiGraph[Any], backbone: Backbone
) -> tuple[BriefPicture, ...]:
    """Draw the pictures of a brief; one that would be empty is left out."""
    report = found.report
    of = named(visible(backbone.report.market_label))
    title = f"{visible(backbone.report.title)} for {of}: mine to market"
    told = f"{visible(backbone.headline)} {alt_text(backbone)}"
    chain, plain = backbone_svg(backbone, narrow=True), sheet_svg(backbone)
    drawings: dict[str, Drawing] = {}
    losses = listed_losses(report)
    if any(abs(point.loss or 0) > NEGLIGIBLE_LOSS for point in losses):
        from monazite.report.figures.losses import losses_drawing

        # Those of the table beside it, in its order, which is not that of ranks.
        lines = tuple(replace(point, rank=None) for point in losses)
        listed = replace(report, chokepoints=lines)
        drawings["losses"] = losses_drawing(listed, WIDTH, len(lines))
    own = tuple(stage for stage in report.stages if not of_group(stage))
    if any(stage.share is not None for stage in own):
        from monazite.report.figures.concentration import concentration_drawing

        stages = {str(code): visible(label) for code, label in about(network).stages}
        finding = visible(leads_in_words(found, headline_subject(report)))
        drawings["stages"] = concentration_drawing(
            own, stages, visible(report.title), WIDTH, finding=finding
        )
    found_pictures = [BriefPicture("network", TOP, title, f"{title}. {told}", chain, plain)]
    for place, drawing in drawings.items():  # the same on screen and on paper
        drawn = drawing.svg()
        words = drawing.title, drawing.alt
        found_pictures.append(BriefPicture(f"figure-{place}", place, *words, drawn, drawn, True))
    return tuple(found_pictures)


SERIF = (
    'Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Georgia,"DejaVu Serif",serif'
)
_WITH_UNIT = re.compile(r"(?<=\d) (?=%|t\b)")  # between a number and its unit
_LONG_WORD, _MAY_BREAK = re.compile(r"\S{60}(?=\S{20})"), "\N{ZERO WIDTH SPACE}"
_ENDLESS = re.compile(r"(\S{300})\S+")
_CONTENT = ("title", "question", "headline", "answers", "front", "parts", "sources", "view")


class Extras(Struct):
    """What a page holds beside its brief."""

    pictures: Sequence[BriefPicture] = ()
    graph: str = ""
    carries: str = ""  # what rows the page carries, in words; empty where it carries none
    house: HouseStyle = field(default_factory=HouseStyle)


def brief_html(brief: Brief, extras: Extras | None = None) -> str:
    """Return the page for a screen; the same brief gives the same bytes."""
    more = extras or Extras()
    style = css_variables() + _style(more.house)
    page = _page(brief, more, style, dark=True)
    policy = framing_policy(style, more.graph)
    return fill(more.house, page | {"policy": policy, "graph": more.graph})


def print_html(brief: Brief, extras: Extras | None = None) -> str:
    """Return the page for paper: plain colours, pictures, nothing that runs."""
    more = extras or Extras()
    style = f"{theme_variables(LIGHT)}\n{_style(more.house)}"
    page = _page(brief, more, style, dark=False)
    page |= {name: _each_text(_breakable, page[name]) for name in _CONTENT}
    return fill(more.house, page | {"policy": "", "graph": ""})


def _breakable(text: str) -> str:
    """What is said, with places to break long words; endless ones, slow in a PDF, are cut."""
    if web_address(text):
        return text
    return _LONG_WORD.sub(rf"\g<0>{_MAY_BREAK}", _ENDLESS.sub(rf"\g<1>{ELLIPSIS}", text))


def _each_text(form: Callable[[str], str], held: Any) -> Any:  # noqa: ANN401 - whatever holds text
    """The same with each of its texts in another form."""
    if isinstance(held, str):
        return form(held)
    if isinstance(held, list):
        return [_each_text(form, each) for each in held]
    if isinstance(held, dict):
        return {name: _each_text(form, each) for name, each in held.items()}
    return held


def as_shown(brief: Brief) -> dict[str, Any]:
    """Return what a brief says, as its page shows it: no hidden character is left in it."""
    said: dict[str, Any] = _each_text(visible, to_json_value(brief))
    return said


def _page(brief: Brief, more: Extras, style: str, *, dark: bool) -> dict[str, Any]:
    said = as_shown(brief)
    return {
        **{name: said[name] for name in ("title", "question")},
        "headline": _WITH_UNIT.sub(NO_BREAK, said["headline"]),
        "day": day_words(said["day"]),
        "answers": [_noted(answer) for answer in said["answers"]],
        "front": [*map(_part, said["front"], brief.front)],
        "parts": [*map(_part, said["parts"], brief.parts)],
        "sources": [
            {
                **source,
                "url": url or "",
                "address": "" if url else source["url"],
                "rows": counted(len(source["rows"]), "record"),
            }
            for source in said["sources"]
            for url in [web_address(source["url"])]
        ],
        "pictures": [
            {
                "id": picture.id,
                "place": picture.place,
                "caption": visible(picture.caption),
                "alt": visible(picture.alt),
                "titled": picture.titled,
                "address": picture.address(dark=dark),
            }
            for picture in more.pictures
        ],
        "view": visible(brief.view),
        "carries": more.carries,
        "version": VERSION,
        "licence": LICENCE,
        "logo": more.house.logo,
        "style": style,
    }


def _style(house: HouseStyle) -> str:
    own = f"{house.fonts}:root{{--fonts:{FONTS};--serif:{SERIF}}}\n"
    return f"{own}{template('brief.css')}{house.css}"


def _noted(sentence: Mapping[str, Any]) -> dict[str, Any]:
    text = _WITH_UNIT.sub(NO_BREAK, sentence["text"])
    return {**sentence, "text": text, "notes": _runs(sentence["notes"])}


def _runs(notes: Sequence[int]) -> list[dict[str, Any]]:
    """Footnotes as runs: 3, 4 and 5 are one link that reads 3-5."""
    return [
        {"first": first, "last": last, "text": str(first) if first == last else f"{first}–{last}"}
        for first, last in runs(notes)
    ]


def _part(part: Mapping[str, Any], own: BriefPart) -> dict[str, Any]:
    columns = [{"name": name, "right": name in own.right} for name in part["columns"]]
    return {
        **part,
        "sentences": list(map(_noted, part["sentences"])),
        "remarks": list(map(_noted, part["remarks"])),
        "columns": columns,
        "lines": [
            {
                "cells": [
                    {"text": text, "right": column["right"]}
                    for text, column in zip(line["cells"], columns, strict=True)
                ],
                "notes": _runs(line["notes"]),
            }
            for line in part["lines"]
        ],
    }


_WITHIN = frozenset({"a", "bdi", "cite", "span", "sup", "b", "strong", "em", "i", "tspan"})
_MARK = re.compile(  # a comment, what no reader sees, or a tag; what has no end goes on to the last
    r"<!(?=--).*?(?:-->|\Z)"
    r"|<(script|style|sup|iframe|template|noscript|svg)\b.*?(?:</\1[^>]*>|\Z)"
    r"|</?([a-z][a-z0-9]*)?[^>]*(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)


def shown_text(page: str) -> str:
    """Return the text that a reader of a page sees, in one line, without footnotes and frames."""
    return " ".join(unescape(_MARK.sub(_gap, page)).split())


def _gap(mark: re.Match[str]) -> str:
    """What stands in place of a mark: nothing within a line, else a blank."""
    return "" if (mark[1] or mark[2] or "").lower() in _WITHIN else " "


def not_shown(brief: Brief, shown: str) -> list[str]:
    """The sentences and lines of tables of a brief that a page does not show."""
    texts = [brief.question, brief.headline, *(answer.text for answer in brief.answer)]
    for part in brief.all_parts:
        texts += [part.heading, *(each.text for each in (*part.sentences, *part.remarks))]
        texts += [" ".join(line.cells) for line in part.lines]
    lines = {" ".join(visible(text).split()) for text in texts}
    return sorted(line for line in lines if line not in shown)


def as_list(value: object) -> list[Any]:
    """A list of a record; anything else is an empty one."""
    return value if isinstance(value, list) else []


def as_dict(value: object) -> Mapping[str, Any]:
    """A mapping of a record; anything else is an empty one."""
    return value if isinstance(value, dict) else {}
