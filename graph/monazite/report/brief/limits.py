"""The parts of a brief on gaps, assumptions and limits of the method."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.analysis.chokepoints.headline import of_group, of_oxide
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.core.formats import NOT_KNOWN, counted, percent, plain, tonnes
from monazite.model.wording import between, capital, listed
from monazite.report.brief.document import BriefLine, BriefPart, Footnotes, Sentence, in_words
from monazite.report.brief.gathered import BriefFindings, first_of, unaccounted
from monazite.store.names import named

MAX_GAPS = 6  # Recorded gaps that a brief tells
_OF_A_ROW = "row/"  # how a gap's subject begins that is a record
_METHOD = (
    "Output, trade and assays of one year are balanced in tonnes of the element, stage by stage"
    " and country by country, with the least change that closes the books; what stays missing "
    "is kept as unaccounted for. The balanced year is a chain of countries at stages, joined by the"
    " trade of that year. An event takes output or sales away; how far others may then make or "
    "sell more is set by the time allowed. Contracts of that year are met first, all buyers of "
    "a country in proportion; a linear programme shares out what can be had beyond them. The loss "
    "is what the market gets less than in that year; random trials give its range. What it would "
    "be if producers served home first stands beside it."
)

METHOD = BriefPart("method", "How it is worked out", (Sentence(_METHOD),))
_LIMITS = (
    "Magnets inside motors, cars and machines that cross a border are not counted.",
    "Prices, contracts, grades and the will to sell are not modelled, and a substitute only where "
    "an assumption says so.",
    "Stocks are told where a holding is known and are not drawn on in the losses.",
    "A share is of what a record says was made, not of what could be made.",
    "What loses nothing on the flows of that year may be critical all the same.",
)
_OUTSIDE = (
    "Uses outside magnets are printed as shares only; {} a year are counted for them, and share "
    "what is short."
)


def unknown_of(found: BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on gaps: what is missing, what rows differ on, what was searched in vain."""
    report = found.report
    told = [Sentence(text) for text in found.missing]
    base = report.base
    if base is not None:
        told += map(Sentence, unaccounted(base))
        outside = listed(f"{tonnes(held)} t of {name}" for name, held in base.outside.items())
        told += [Sentence(_OUTSIDE.format(outside))] if outside else []
    told += [
        Sentence(
            f"Records differ on the share at {stage.stage}"
            f"{f', an {OTHER_FIGURE}' if stage.why else ''}: "
            f"{between(stage.share_low, stage.share_high)}.",
            notes.of(stage.range_rows),
        )
        for each in report.stages
        for stage in each.figures
        if stage.range_rows and not of_group(stage)
        if None not in (stage.share_low, stage.share_high)
    ]
    told += [_stock(found, notes)]
    shown = [gap for gap in found.gaps if not gap["subject_name"].startswith(_OF_A_ROW)][:MAX_GAPS]
    told += [
        Sentence(
            f"{capital(gap['subject_name'])}: {gap['missing']}"
            + (f". Where one would look: {gap['where_to_look']}." if gap["where_to_look"] else "."),
            notes.of([gap.row()]),
        )
        for gap in shown
    ]
    left = len(found.gaps) - len(shown)
    if left > 0:
        told.append(Sentence(f"{counted(left, 'more gap')} of the kind are recorded."))
    return BriefPart("unknown", "What is not known", tuple(told), finding=_finding(report))


def _finding(report: Chokepoints) -> str:
    if report.evidence is None:
        return "How good the evidence is was not graded"
    weak = percent(report.evidence.weak / max(report.evidence.figures, 1))
    return f"The evidence is {report.evidence.word}: {weak} of its figures have only news or weaker"


def _stock(found: BriefFindings, notes: Footnotes) -> Sentence:
    stocks = found.report.stocks
    if not stocks:
        return Sentence(
            f"Stock: we found no figure for what {named(found.report.market_label)} holds."
        )
    told = listed(
        f"{stock.material_label} {_days(stock.days, stock.low, stock.high)} "
        f"({stock.as_of or 'undated'})"
        for stock in stocks
    )
    return Sentence(
        f"Stock held, as records say it: {told}.", notes.of(row for x in stocks for row in x.rows)
    )


def _days(days: float | None, low: float | None, high: float | None) -> str:
    if days is None:
        return "not known in days"
    if low is None or high is None or low == high:
        return f"{days:g} days"
    return f"{low:g} to {high:g} days"


def assumed_of(found: BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on the assumptions of the horizon, with range and reason."""
    first = first_of(found.report)
    used = set(first.assumptions if first else ())
    known = [each for each in found.report.assumptions if each.row in used]
    heading = "What is assumed"
    if not known:
        return BriefPart("assumed", heading, (Sentence("Nothing beyond what the method says."),))
    return BriefPart(
        "assumed",
        heading,
        columns=("What", "Value", "Range", "Why"),
        lines=tuple(
            BriefLine(
                (
                    plain(each.text.replace("-", " ").removeprefix("horizon ")),
                    NOT_KNOWN if each.value is None else f"{each.value:g}",
                    NOT_KNOWN
                    if each.low is None or each.high is None
                    else f"{each.low:g} to {each.high:g}",
                    plain(each.reason),
                ),
                notes.of([each.row]),
            )
            for each in known
        ),
        remarks=(
            Sentence(
                f"{counted(len(found.report.assumptions) - len(known), 'more value')} of recipes, "
                "yields and prices stand behind the balance."
            ),
        ),
        right=("Value", "Range"),
    )


def limits_of(found: BriefFindings) -> BriefPart:
    """Write the part on what rows of this kind cannot tell."""
    told = dict.fromkeys((*_own_notes(found), *_LIMITS[1:]))
    return BriefPart("limits", "What the model cannot say", tuple(map(Sentence, told)))


def _own_notes(found: BriefFindings) -> Iterable[str]:
    """The report's remarks; the first limit where it has none on what magnets it counts."""
    if not of_oxide(found.report) and not any(
        "magnets inside motors" in note for note in found.report.notes
    ):
        yield _LIMITS[0]
    beside = {} if found.mix is None or of_oxide(found.report) else {*found.mix.remarks}
    yield from (in_words(note) for note in found.report.notes if note not in beside)
