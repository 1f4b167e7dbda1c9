"""A scenario as SVG and as a page without a script: fans, rules, firms and stocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from math import fsum

from monazite.analysis.scenarios.outcome import FirmsStopped, RuleInForce
from monazite.analysis.scenarios.resolve import NEGLIGIBLE
from monazite.analysis.scenarios.result import (
    ScenarioResult,
    UseLine,
    scenario_finding,
    use_lines,
    use_sentence,
)
from monazite.core.formats import counted, exact_percent, fixed, in_brief, percent, plain, visible
from monazite.core.package import VERSION
from monazite.core.tables import Table
from monazite.data.dates import dates_in_words, day_words
from monazite.model.assumptions import ASSUMED, assumed_range, assumed_value
from monazite.model.wording import capital, listed
from monazite.report.drawing.frame import PictureFrame, Piece
from monazite.report.drawing.lettering import drawable, wrap
from monazite.report.drawing.palette import LOSSES
from monazite.report.drawing.shapes import moved, opened, path
from monazite.report.drawing.templates import LICENCE, drawing_rules, html_page, page_source
from monazite.report.scenario_fans import (
    CELL,
    EDGE,
    NARROW,
    SMALL,
    TEXT,
    WIDE,
    Calendar,
    PicturePart,
    axis,
    cells,
    cut,
    fan,
    grid,
    heading,
    stacked,
    stock_fan,
    text,
)
from monazite.store.cards import SourceLine

HOLDS_BACK = ("embargo", "licence", "quota", "close", "price-flood")  # shocks that let a part pass
_BAR = 6.0


def rule_row(calendar: Calendar, rule: RuleInForce) -> PicturePart:
    """Return a rule: a bar from its first to its last day, and under it what it holds back."""
    begins = calendar.day(rule.begins)
    ends = calendar.day(rule.ends, end=True) if rule.ends else calendar.end
    right = max(ends, begins + 2)
    bar = path("rule-bar", f"M{begins:g} 0H{right:g}V{_BAR:g}H{begins:g}Z")
    if not rule.ends:
        bar += path("rule-bar", f"M{ends:g} -3L{ends + 9:g} {_BAR / 2:g}L{ends:g} 9Z")
    places = {month: place for place, month in enumerate(calendar.months)}
    passes = {places[month]: part for month, part in rule.passes if month in places}
    held = {place: min(1.0, max(0.0, 1 - part)) for place, part in passes.items()}
    shown = held if rule.kind in HOLDS_BACK else {}
    told = [
        f"{rule.label}, {day_words(calendar.months[place])}: holds back {percent(part)}"
        for place, part in shown.items()
    ]
    row = cells(calendar, shown, told, _BAR + 3)
    tip = f"<title>{escape(visible(rule_words(rule)))}</title>"
    high = _BAR + 3 + (CELL if shown else 0)
    drawn = f"<g>{tip}{bar}{row}</g>"
    # Its name stands beside it where there is room, and else above it.
    first, room = (11, calendar.gutter - 14) if calendar.wide else (12, calendar.width - EDGE)
    lines = wrap(drawable(visible(capital(rule.label))), room, TEXT, most=3)
    y = first + 15 * len(lines)
    words = [text("words", EDGE, first + 15 * number, line) for number, line in enumerate(lines)]
    named = "".join([*words, text("aside small", EDGE, y, _when(rule))])
    if calendar.wide:
        tall = max(15.0 * len(lines) + 20, high + 6)
        return PicturePart(f"{grid(calendar, tall)}{named}{moved(0, 3, drawn)}", tall)
    return PicturePart(named + moved(0, y + 9, drawn), y + 9 + high + 10)


def rule_words(rule: RuleInForce) -> str:
    """Return a rule in words: what it is, and from when to when."""
    return f"{capital(rule.label)}: {_when(rule)}"


def _when(rule: RuleInForce) -> str:
    ends = f" to {day_words(rule.ends)}" if rule.ends else ", no end known"
    return f"{day_words(rule.begins)}{ends}"


def firm_rows(calendar: Calendar, line: UseLine, firms: Sequence[FirmsStopped]) -> PicturePart:
    """Return the firms of a market as rows, one a class of stock: the part that stands still."""
    most: dict[tuple[float, float], float] = {}
    for each in firms:
        key = (each.days, each.share)
        most[key] = max(most.get(key, 0.0), each.stopped.middle)
    stop = [key for key in sorted(most) if most[key] >= NEGLIGIBLE]
    spared = [key for key in sorted(most) if most[key] < NEGLIGIBLE]
    name = f"{capital(line.label)}: {line.name}"
    head = text("name", EDGE, 13, cut(name, calendar.width - EDGE, TEXT, bold=True))
    blocks = [PicturePart(head, 20)]
    places = {month: place for place, month in enumerate(calendar.months)}
    for days, share in stop:
        here = [x for x in firms if (x.days, x.share) == (days, share) and x.month in places]
        stopped = {places[each.month]: each.stopped.middle for each in here}
        stock = f"{fixed(days, 0)} days"
        told = [
            f"{day_words(each.month)}: of firms with {stock} of stock "
            f"{percent(each.stopped.middle)} stopped"
            for each in here
        ]
        words = f"{stock} of stock ({exact_percent(share)} of use)" if calendar.wide else stock
        label = text("words small", EDGE, 12.5, cut(words, calendar.gutter - 4, SMALL))
        blocks.append(PicturePart(label + cells(calendar, stopped, told), CELL + 2))
    if spared:
        held = listed(fixed(days, 0) for days, _ in spared)
        part = exact_percent(fsum(share for _, share in spared))
        none = f"None stop with {held} days of stock ({part} of use)."
        lines = wrap(drawable(none), calendar.end - calendar.gutter, SMALL)
        drawn = (text("aside small", calendar.gutter, 11 + 14 * x, y) for x, y in enumerate(lines))
        blocks.append(PicturePart("".join(drawn), 4 + 14 * len(lines)))
    return stacked(blocks)


KIND = "scenario"
SHOWN, NAMED, STOCKS = 6, 4, 3  # uses shown, named without shortfall, stocks
_HEAT = ("held back or stopped: 0 %", "to 25 %", "to 50 %", "to 75 %", "to 100 %")


def scenario_svg(
    found: ScenarioResult,
    *,
    theme: str = "screen",
    beside: ScenarioResult | None = None,
    source: str = LICENCE,
) -> str:
    """Return a scenario as one SVG document with title, legend, source and notes."""
    block = scenario_block(found, Calendar(found.months, WIDE), beside=beside)
    frame = PictureFrame(
        kind=KIND,
        title=f"{scenario_finding(found)}.",
        subtitle=subtitle(found, beside),
        desc=describe_scenarios(found, beside),
        source=source,
        legend=legend(found, beside),
        notes=picture_notes(found, beside),
        least=WIDE,
    )
    return frame.document(block.svg, (WIDE, block.height), drawing_rules(KIND), theme)


def scenario_drawing(
    found: ScenarioResult, width: float, *, beside: ScenarioResult | None = None
) -> str:
    """Return the picture as SVG to stand in a page, without a frame."""
    block = scenario_block(found, Calendar(found.months, width), beside=beside)
    title = f"{visible(found.title)}: month by month"
    desc = visible(describe_scenarios(found, beside))
    start = opened(KIND, f"{KIND}-{width:g}", (width, block.height), title, desc)
    return f"{start}{block.svg}</svg>"


def scenario_block(
    found: ScenarioResult, calendar: Calendar, *, beside: ScenarioResult | None = None
) -> PicturePart:
    """Return the parts of the picture, one below the other."""
    if not found.months:
        return PicturePart("", 0.0)
    lines, others = shown_uses(found, beside), _others(beside)
    stopped = [(x, [y for y in found.firms if (y.market, y.product) == _key(x)]) for x in lines]
    with_users = [each for each in found.stocks if each.where == "users"]
    held = [(x, [y for y in with_users if (y.place, y.what) == _key(x)]) for x in lines]
    fans = [fan(calendar, x, others.get((x.market, x.product))) for x in lines]
    sections = [
        _section(calendar, "What is supplied", "% of what users want in the month.", fans),
        _section(
            calendar,
            "Rules and shocks",
            "Bar: in force. Cells: held back in the month, % of what passes without it.",
            [rule_row(calendar, each) for each in found.rules],
        ),
        _section(
            calendar,
            "Firms that stand still",
            "By the days of stock that they hold: % of the firms of the class in the month.",
            [
                firm_rows(calendar, line, firms)
                for line, firms in stopped
                if firms and max(each.stopped.middle for each in firms) >= NEGLIGIBLE
            ],
        ),
        _section(
            calendar,
            "Stocks with users",
            "At the end of the month, in months of their normal use.",
            [stock_fan(calendar, line, stocks) for line, stocks in held[:STOCKS] if stocks],
        ),
    ]
    return stacked(sections, 14)


def shown_uses(found: ScenarioResult, beside: ScenarioResult | None = None) -> list[UseLine]:
    """Return the worst use of each market, then others; beside another, those that differ."""
    lines, others = use_lines(found), _others(beside)
    short = [
        line
        for line in lines
        if line.is_short or ((x := others.get(_key(line))) is not None and x.is_short)
    ] or [*lines][:1]
    before: Counter[str] = Counter()
    rank = []
    for place, line in enumerate(short):
        alike = beside is not None and not _differ(line, others.get(_key(line)))
        rank.append((alike, before[line.market], place))
        before[line.market] += 1
    return [short[place] for place in sorted(place for *_, place in sorted(rank)[:SHOWN])]


def _key(line: UseLine) -> tuple[str, str]:
    return line.market, line.product


def _others(beside: ScenarioResult | None) -> dict[tuple[str, str], UseLine]:
    return {_key(line): line for line in use_lines(beside)} if beside else {}


def _differ(line: UseLine, other: UseLine | None) -> bool:
    lacking = {x.month: x.part_short.middle for x in other.months} if other else {}
    return any(
        abs(x.part_short.middle - lacking[x.month]) >= NEGLIGIBLE
        for x in line.months
        if x.month in lacking
    )


def _section(
    calendar: Calendar, name: str, under: str, blocks: Sequence[PicturePart]
) -> PicturePart:
    if not blocks:
        return PicturePart("", 0.0)
    body = stacked(blocks, 6)
    return stacked([heading(calendar, name, under), axis(calendar), body], 2)


def subtitle(found: ScenarioResult, beside: ScenarioResult | None = None) -> str:
    """Return the name of a scenario, its months and how it is worked out."""
    first, last = (found.months[0], found.months[-1]) if found.months else ("", "")
    served = "in proportion" if found.allocation == "proportion" else "home first"
    against = ""
    if beside:
        others = _others(beside)
        alike = not any(_differ(x, others.get(_key(x))) for x in shown_uses(found, beside))
        same = ", which has the same lines" if alike else ""
        against = f" Dash-dotted: {beside.title.rstrip('.')}{same}."
    return (
        f"{found.title.rstrip('.')}. {day_words(first)} to {day_words(last)}; users are served "
        f"{served}; a normal month is a twelfth of {found.base_year}.{against}"
    )


def sentences(lines: Iterable[UseLine], beside: ScenarioResult | None) -> list[str]:
    """Return what markets would lack, and beside it what they would in another scenario."""
    others, told = _others(beside), []
    for line in lines:
        other = others.get(_key(line))
        told.append(use_sentence(line))
        if other is not None and beside is not None and _differ(line, other):
            told[-1] += f" {beside.title.rstrip('.')}: {use_sentence(other)}"
    return told


def picture_notes(found: ScenarioResult, beside: ScenarioResult | None = None) -> list[str]:
    """Return what the picture leaves out."""
    lines, trials = use_lines(found), found.trials
    shown = shown_uses(found, beside)
    spared = [f"{line.label} ({line.name})" for line in lines if not line.is_short]
    left = len({x for x in lines if x.is_short} - {*shown})
    of = counted(trials.count, "random trial") if trials else "the random trials of the release"
    drawn = (
        f"Band: 5 to 95 % of {of}, month by month."
        if found.is_drawn
        else "No random trials were made: the line has no range."
    )
    told = [
        drawn,
        *([f"{counted(left, 'more use')} in the tables of the page."] if left > 0 else []),
    ]
    if spared and len(lines) > len(shown):
        more = len(spared) - NAMED
        named = [*spared[:NAMED], *([f"{more} more"] if more > 0 else [])]
        few = any(round(line.total.short.middle) for line in lines if not line.is_short)
        part = f"Less than {exact_percent(NEGLIGIBLE)}" if few else "Nothing"
        told.append(f"{part} would be lacking in any month: {listed(named)}.")
    return told


def describe_scenarios(found: ScenarioResult, beside: ScenarioResult | None = None) -> str:
    """Return the picture in words."""
    told = sentences(shown_uses(found, beside), beside)
    rules = [f"{rule_words(each)}." for each in found.rules]
    return visible(" ".join([*told, *rules])) or "No months."


def legend(found: ScenarioResult, beside: ScenarioResult | None = None) -> list[Piece]:
    """Return the marks that the picture has, in words."""
    pieces: list[Piece] = [('<path class="supplied" d="M0 12H26"/>', 26.0, "supplied")]
    if found.is_drawn:
        pieces.append(('<rect class="band" y="5" width="26" height="14"/>', 26.0, "in trials"))
    pieces.append(('<path class="wanted" d="M0 12H26"/>', 26.0, "what users want"))
    if beside:
        pieces.append(('<path class="beside" d="M0 12H26"/>', 26.0, "the other scenario"))
    if found.rules:
        pieces.append(('<rect class="rule-bar" y="9" width="26" height="6"/>', 26.0, "in force"))
    heat = [
        (f'<rect class="step-{step}" y="5" width="16" height="14"/>', 16.0, words)
        for step, words in zip(LOSSES, _HEAT, strict=True)
    ]
    return [*pieces, *heat]


_ADVICE = re.compile(r": --.*")  # What to ask the program for, which is no part of a page
_LONGEST = 1_200  # Letters of a sentence, of which a page shows the middle left out


def scenario_html(
    found: ScenarioResult,
    sources: Sequence[SourceLine] = (),
    *,
    beside: ScenarioResult | None = None,
) -> str:
    """Return the page as text; the same outcome gives the same bytes."""
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
        "assumptions": [
            {
                "text": _set(each.text),
                "value": f"{assumed_value(each)} ({ends})" if ends else assumed_value(each),
                "reason": _set(each.reason),
            }
            for each in found.assumptions
            for ends in [assumed_range(each)]
        ],
        "notes": [_set(_ADVICE.sub(".", plain(note))) for note in found.notes],
        "sources": [
            {**told, "publisher": _set(told["publisher"]), "title": _set(told["title"])}
            for told in map(page_source, sources)
        ],
        "view": "" if found.view is None else visible(found.view.text),
        "version": VERSION,
    }
    rules = drawing_rules(KIND)
    return html_page("scenario.html", page, "sheet.css", "scenario.css", drawing=rules) + "\n"


def _set(text: str) -> str:
    return in_brief(visible(text), _LONGEST)


def _table(table: Table, found: ScenarioResult) -> Table:
    """A table without the remarks that are told elsewhere on the page."""
    whole = table.full()
    told = (found.description, *found.notes)
    remarks = tuple(each for each in whole.remarks if each not in told)
    return replace(whole, remarks=remarks)
