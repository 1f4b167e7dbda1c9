"""The page of a scenario: one file without a script, its picture for a screen and for a phone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.analysis.scenarios.result import scenario_finding, use_lines
from monazite.core.formats import in_brief, plain, visible, web_address
from monazite.core.package import VERSION
from monazite.data.dates import dates_in_words, day_words
from monazite.data.roots import tier_word
from monazite.model.assumptions import ASSUMED, assumed_range, assumed_value
from monazite.report.drawing.static_page import LICENCE, page_table
from monazite.report.drawing.templates import fill_template, page_policy, page_style
from monazite.report.scenario_fans import NARROW, WIDE
from monazite.report.scenario_svg import (
    KIND,
    legend,
    picture_notes,
    scenario_css,
    scenario_drawing,
    sentences,
    subtitle,
)

if TYPE_CHECKING:
    from monazite.analysis.scenarios.result import ScenarioResult
    from monazite.core.results import Assumption
    from monazite.core.tables import Table
    from monazite.store.cards import SourceLine

_ADVICE = re.compile(r": --.*")  # What to ask the program for, which is no part of a page
_LONGEST = 1_200  # Letters of a sentence, of which a page shows the middle left out


def scenario_html(
    found: ScenarioResult,
    sources: Sequence[SourceLine] = (),
    *,
    beside: ScenarioResult | None = None,
) -> str:
    """Return the page as text; the same outcome gives the same bytes."""
    style = page_style("sheet.css", "scenario.css", drawing=scenario_css())
    short, whole = found.short_tables(), found.tables()
    told = {ASSUMED, *(table.heading for table in short)}
    page: dict[str, object] = {
        "title": _set(found.title),
        "about": _set(f"Scenario {found.id}"),
        "months": f"{day_words(found.months[0])} to {day_words(found.months[-1])}"
        if found.months
        else "",
        "finding": _set(f"{scenario_finding(found)}."),
        "subtitle": _set(subtitle(found, beside)),
        "description": _set(dates_in_words(found.description)),
        "sentences": [_set(x) for x in sentences(use_lines(found), beside)],
        "wide": scenario_drawing(found, WIDE, beside=beside) if found.months else "",
        "narrow": scenario_drawing(found, NARROW, beside=beside) if found.months else "",
        "legend": [(mark, wide, words) for mark, wide, words in legend(found, beside)],
        "kind": KIND,
        "drawn": [_set(note) for note in picture_notes(found, beside)],
        "tables": [_table(table, found) for table in short],
        "folded": [_table(table, found) for table in whole if table.heading not in told],
        "assumptions": [_assumption(each) for each in found.assumptions],
        "notes": [_set(_ADVICE.sub(".", plain(note))) for note in found.notes],
        "sources": [_source(each) for each in sources],
        "style": style,
        "policy": page_policy(style),
        "view": "" if found.view is None else visible(found.view.text),
        "version": VERSION,
        "licence": LICENCE,
    }
    return fill_template("scenario.html", {"page": page}, trimmed=True) + "\n"


def _set(text: str) -> str:
    return in_brief(visible(text), _LONGEST)


def _table(table: Table, found: ScenarioResult) -> dict[str, object]:
    """A table without the remarks that are told elsewhere on the page."""
    whole = table.full()
    told = (found.description, *found.notes)
    remarks = tuple(each for each in whole.remarks if each not in told)
    return page_table(replace(whole, remarks=remarks))


def _assumption(each: Assumption) -> dict[str, str]:
    ends = assumed_range(each)
    return {
        "text": _set(each.text),
        "value": assumed_value(each) + (f" ({ends})" if ends else ""),
        "reason": _set(each.reason),
    }


def _source(source: SourceLine) -> dict[str, str]:
    url = web_address(source.url)
    return {
        "publisher": _set(source.publisher),
        "title": _set(source.title),
        "published": visible(day_words(source.published)) or "undated",
        "tier": visible(tier_word(source.tier)),
        "url": url or "",
        "address": "" if url else visible(source.url),
    }
