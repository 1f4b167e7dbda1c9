"""A scenario as SVG, the same bytes for the same outcome: fans, rules, firms and stocks.

All parts share one time axis: what is supplied stands above the rules that hold it back, and these
above the firms that stand still and the stocks that they live on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from monazite.findings.scenarios.headline import UseLine, scenario_finding, use_lines, use_sentence
from monazite.findings.scenarios.told_names import NEGLIGIBLE
from monazite.findings.wording import listed
from monazite.pages.drawing.frame import PictureFrame, Piece, file_style, frame_css
from monazite.pages.drawing.palette import FONTS, LOSSES
from monazite.pages.drawing.static_page import LICENCE
from monazite.pages.scenarios.calendar import WIDE, Calendar
from monazite.pages.scenarios.fans import fan, stock_fan
from monazite.pages.scenarios.marks import PicturePart, axis, heading, stacked
from monazite.pages.scenarios.rows import firm_rows, rule_row, rule_words
from monazite.rows.dates import day_words
from monazite.safe_text import counted, exact_percent, visible

if TYPE_CHECKING:
    from monazite.findings.scenarios.outcome import FirmsStopped, MonthStock, ScenarioResult

KIND = "scenario"
SHOWN, NAMED, STOCKS = 6, 4, 3
"""Uses that a picture shows, those without a shortfall that it names, and stocks that it shows."""
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
        desc=describe(found, beside),
        source=source,
        legend=legend(found, beside),
        notes=picture_notes(found, beside),
        least=WIDE,
    )
    style = file_style(f"{scenario_css()}{frame_css(KIND)}", theme=theme)
    return frame.document(block.svg, (WIDE, block.height), style)


def scenario_drawing(
    found: ScenarioResult,
    width: float,
    *,
    beside: ScenarioResult | None = None,
) -> str:
    """Return the picture as SVG to stand in a page, without a frame."""
    block = scenario_block(found, Calendar(found.months, width), beside=beside)
    name = f"{KIND}-{width:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{KIND}" role="img" '
        f'viewBox="0 0 {width:g} {block.height:g}" width="{width:g}" height="{block.height:g}" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{_escaped(found.title)}: month by month</title>'
        f'<desc id="{name}-desc">{_escaped(describe(found, beside))}</desc>{block.svg}</svg>'
    )


def scenario_block(
    found: ScenarioResult,
    calendar: Calendar,
    *,
    beside: ScenarioResult | None = None,
) -> PicturePart:
    """Return the parts of the picture, one below the other."""
    if not found.months:
        return PicturePart("", 0.0)
    lines, others = shown_uses(found, beside), _others(beside)
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
                firm_rows(calendar, x, firms)
                for x in lines
                if (firms := _firms(found, x))
                and max(each.stopped.middle for each in firms) >= NEGLIGIBLE
            ],
        ),
        _section(
            calendar,
            "Stocks with users",
            "At the end of the month, in months of their normal use.",
            [stock_fan(calendar, x, s) for x in lines[:STOCKS] if (s := _stocks(found, x))],
        ),
    ]
    return stacked(sections, 14)


def shown_uses(found: ScenarioResult, beside: ScenarioResult | None = None) -> list[UseLine]:
    """Return the uses that a picture has: of each market the worst, and then the next ones.

    Where nothing is lacking anywhere, the first stands for all. Beside another scenario come first
    the uses in which the two differ.
    """
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


def lines_meet(found: ScenarioResult, beside: ScenarioResult) -> bool:
    """Return whether the lines of two scenarios lie upon each other in every use that is shown."""
    others = _others(beside)
    return not any(_differ(x, others.get(_key(x))) for x in shown_uses(found, beside))


def _key(line: UseLine) -> tuple[str, str]:
    return line.market, line.product


def _others(beside: ScenarioResult | None) -> dict[tuple[str, str], UseLine]:
    return {_key(line): line for line in use_lines(beside)} if beside else {}


def _differ(line: UseLine, other: UseLine | None) -> bool:
    """Whether another part is lacking in some month of both."""
    lacking = {x.month: x.part_short.middle for x in other.months} if other else {}
    return any(
        abs(x.part_short.middle - lacking[x.month]) >= NEGLIGIBLE
        for x in line.months
        if x.month in lacking
    )


def _section(
    calendar: Calendar, name: str, under: str, blocks: Sequence[PicturePart]
) -> PicturePart:
    """A part with its heading and its own names of months; nothing where nothing is in it."""
    if not blocks:
        return PicturePart("", 0.0)
    body = stacked(blocks, 6)
    return stacked([heading(calendar, name, under), axis(calendar), body], 2)


def _firms(found: ScenarioResult, line: UseLine) -> list[FirmsStopped]:
    key = (line.market, line.product)
    return [each for each in found.firms if (each.market, each.product) == key]


def _stocks(found: ScenarioResult, line: UseLine) -> list[MonthStock]:
    key = ("users", line.market, line.product)
    return [each for each in found.stocks if (each.where, each.place, each.what) == key]


def subtitle(found: ScenarioResult, beside: ScenarioResult | None = None) -> str:
    """Return the name of a scenario, its months and how it is worked out."""
    first, last = (found.months[0], found.months[-1]) if found.months else ("", "")
    served = "in proportion" if found.allocation == "proportion" else "home first"
    against = f" Dash-dotted: {beside.title.rstrip('.')}." if beside else ""
    if beside and lines_meet(found, beside):
        against = f"{against.rstrip('.')}, which has the same lines."
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
    drawn = (
        f"Band: 5 to 95 % of {counted(trials.count, 'random trial')}, month by month."
        if trials
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


def describe(found: ScenarioResult, beside: ScenarioResult | None = None) -> str:
    """Return the picture in words."""
    told = sentences(shown_uses(found, beside), beside)
    rules = [f"{rule_words(each)}." for each in found.rules]
    return visible(" ".join([*told, *rules])) or "No months."


def legend(found: ScenarioResult, beside: ScenarioResult | None = None) -> list[Piece]:
    """Return the marks that the picture has, in words."""
    pieces: list[Piece] = [('<path class="supplied" d="M0 12H26"/>', 26.0, "supplied")]
    if found.trials:
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


def _escaped(words: str) -> str:
    return escape(visible(words))


def scenario_css() -> str:
    """Return the rules that the picture needs, in a page and by itself."""
    steps = "".join(
        f".{KIND} .step-{step}{{fill:var(--loss-{step});stroke:var(--loss-edge);stroke-width:.5}}\n"
        f".{KIND} .on-{step}{{fill:var(--on-{step})}}\n"
        for step in LOSSES
    )
    return (
        f".{KIND} text{{font-family:{FONTS};fill:var(--ink);font-size:12.5px;"
        "font-variant-numeric:tabular-nums}\n"
        f".{KIND} .paper{{fill:var(--paper)}}\n"
        f".{KIND} .part{{font-size:14px;font-weight:600}}\n"
        f".{KIND} .name{{font-weight:600}}\n"
        f".{KIND} .aside{{fill:var(--muted)}}\n"
        f".{KIND} .small,.{KIND} .tick,.{KIND} .cell,.{KIND} .value{{font-size:11px}}\n"
        f".{KIND} .tick{{fill:var(--muted)}}\n"
        f".{KIND} .last{{text-anchor:end}}.{KIND} .cell,.{KIND} .value{{text-anchor:middle}}\n"
        f".{KIND} .value{{font-weight:600;paint-order:stroke;stroke:var(--paper);"
        "stroke-width:3px;stroke-linejoin:round}\n"
        f".{KIND} .grid{{fill:none;stroke:var(--hairline)}}\n"
        f".{KIND} .rule{{fill:none;stroke:var(--track)}}\n"
        f".{KIND} .base{{fill:none;stroke:var(--track)}}\n"
        f".{KIND} .band{{fill:var(--country);fill-opacity:.24}}\n"
        f".{KIND} .supplied{{fill:none;stroke:var(--country);stroke-width:2.2}}\n"
        f".{KIND} .wanted{{fill:none;stroke:var(--ink);stroke-width:1.3;stroke-dasharray:5 4}}\n"
        f".{KIND} .beside{{fill:none;stroke:var(--arc-captive);stroke-width:1.8;"
        "stroke-dasharray:9 3 2 3}\n"
        f".{KIND} .dot{{fill:var(--country);stroke:var(--paper);stroke-width:1.5}}\n"
        f".{KIND} .tip{{fill:none;pointer-events:all}}\n"
        f".{KIND} .rule-bar{{fill:var(--muted)}}\n"
        f"{steps}"
    )
