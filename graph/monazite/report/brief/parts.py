"""The parts of a brief that say what is found: losses, stages, dates, policies, trade."""

from __future__ import annotations

from dataclasses import replace
from math import fsum

from monazite.analysis.chokepoints.figures import Chokepoint, Stock
from monazite.analysis.chokepoints.headline import in_no_magnet, of_group, product_names
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.analysis.concentration.shares import StageShares
from monazite.analysis.scenarios.released import outcome_table
from monazite.core import formats
from monazite.core.columns import Column
from monazite.core.formats import (
    NOT_KNOWN,
    bounded_percent,
    counted,
    exact,
    marked,
    percent,
    plain,
    tonnes,
)
from monazite.core.results import Assumption
from monazite.model.wording import at_stage, basis_words, between, capital, listed, ranged
from monazite.report.brief import dates, gathered
from monazite.report.brief.document import (
    BriefLine,
    BriefPart,
    Footnotes,
    Sentence,
    in_words,
    table_part,
)
from monazite.report.brief.help import building_of, fixes_of, short_words
from monazite.store.names import named

MAX_GAPS = 6  # Recorded gaps that a brief tells
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

_ONE = "No range was drawn: these are of one balance of the year."
METHOD = BriefPart("method", "How it is worked out", (Sentence(_METHOD),))
_LIMITS = (
    "Magnets inside motors, cars and machines that cross a border are not counted.",
    "Prices, contracts, grades and the will to sell are not modelled, and a substitute only where "
    "an assumption says so.",
    "The first year draws on stocks that are assumed; what is lost for good on none. Holdings that "
    "are known are told.",
    "A share is of what a record says was made, not of what could be made.",
    "What loses nothing on the flows of that year may be critical all the same.",
)
_OUTSIDE = (
    "Uses outside magnets are printed as shares only; {} a year are counted for them, and share "
    "what is short."
)


def unknown_of(found: gathered.BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on gaps: what is missing, what rows differ on, what was searched in vain."""
    report = found.report
    told = [Sentence(text) for text in found.missing]
    base = report.base
    if base is not None:
        told += map(Sentence, gathered.unaccounted(base))
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
    shown = [gap for gap in found.gaps if not gap["subject_name"].startswith("row/")][:MAX_GAPS]
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
    finding = "How good the evidence is was not graded"
    if graded := report.evidence:
        weak = percent(graded.weak / max(graded.figures, 1))
        finding = f"The evidence is {graded.word}: {weak} of its figures have only news or weaker"
    return BriefPart("unknown", "What is not known", tuple(told), finding=finding)


def _limits(found: gathered.BriefFindings) -> BriefPart:
    """What rows of this kind cannot tell: magnets in goods only where no remark counts them."""
    notes, oxide = found.report.notes, in_no_magnet(found.report)
    counted_in = oxide or any("magnets inside motors" in note for note in notes)
    beside = set() if found.mix is None or oxide else {*found.mix.remarks}
    own = [in_words(note) for note in notes if note not in beside]
    told = dict.fromkeys((*_LIMITS[: 0 if counted_in else 1], *own, *_LIMITS[1:]))
    return BriefPart("limits", "What the model cannot say", tuple(map(Sentence, told)))


def _stock(found: gathered.BriefFindings, notes: Footnotes) -> Sentence:
    stocks = found.report.stocks
    if not stocks:
        return Sentence(
            f"Stock: we found no figure for what {named(found.report.market_label)} holds."
        )
    told = []
    for stock in stocks:
        days = "not known in days"
        if stock.days is not None:
            ends = None not in (stock.low, stock.high) and stock.low != stock.high
            days = f"{_range(stock) if ends else exact(stock.days)} days"
        told.append(f"{stock.material_label} {days} ({stock.as_of or 'undated'})")
    rows = (row for stock in stocks for row in stock.rows)
    return Sentence(f"Stock held, as records say it: {listed(told)}.", notes.of(rows))


def _range(each: Assumption | Stock) -> str:
    if each.low is None or each.high is None:
        return NOT_KNOWN
    return formats.between(each.low, each.high, exact)


def assumed_of(found: gathered.BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on the assumptions of the horizon, with range and reason."""
    first = gathered.first_of(found.report)
    used = set(first.assumptions if first else ())
    known = [each for each in found.report.assumptions if each.row in used]
    heading = "What is assumed"
    if not known:
        return BriefPart("assumed", heading, (Sentence("Nothing beyond what the method says."),))
    more = counted(len(found.report.assumptions) - len(known), "more value")
    return table_part(
        "assumed",
        heading,
        known,
        (
            Column("What", lambda x: plain(x.text.replace("-", " ").removeprefix("horizon "))),
            Column("Value", "value", exact, right=True),
            Column("Range", _range, right=True),
            Column("Why", "reason", plain),
        ),
        lambda each: notes.of([each.row]),
        remarks=(Sentence(f"{more} of recipes, yields and prices stand behind the balance."),),
    )


_LOSS_COLUMNS = (
    Column("First year", "first_year_cell", right=True),
    Column("For good", "loss_cell", right=True),
    Column("Home first", "home_first", percent, right=True),
)
HALF = 0.495  # A loss that prints as half or more, in parts of 1
SELLERS = 10  # Sellers that are told one by one
EVENT_WORDS = {"outage": "What stops", "embargo": "Who sells nothing abroad", "licence": "Licensed"}


def parts_of(found: gathered.BriefFindings, notes: Footnotes) -> tuple[BriefPart, ...]:
    """Write the parts on losses, stages, events, controls and trade."""
    return (
        losses_of(found, notes),
        dates.changed_of(found, notes),
        dates.due_of(found, notes),
        _stages(found, notes),
        _policies(found, notes),
        *([] if in_no_magnet(found.report) else [_bought(found, notes)]),
        _borders(found, notes),
        *([_scenarios(found)] if found.outcomes else []),
        fixes_of(found, notes),
        building_of(found, notes),
        unknown_of(found, notes),
        assumed_of(found, notes),
        _limits(found),
        METHOD,
    )


def losses_of(found: gathered.BriefFindings, notes: Footnotes) -> BriefPart:
    """Write the part on what would be lost, the largest loss first."""
    report = found.report
    known = dates.listed_losses(report)
    if not known:
        group = {stage.stage for stage in report.stages if of_group(stage)}
        shares = [x for x in report.chokepoints if x.share and not group & {x.stage, x.share_at}]
        return table_part(
            "losses",
            "What would be lost",
            shares[: dates.MAX_LINES],
            (
                Column("What", "label"),
                Column("Share of its stage", _share, right=True),
                Column("Year", lambda x: x.year or NOT_KNOWN, right=True),
            ),
            lambda x: notes.of(x.rows[:3]),
            sentences=(
                Sentence("What would be lost is not known; these have the largest shares."),
            ),
            finding=f"What {named(report.market_label)} would lose is not known",
        )
    assert report.base is not None, "a known loss has a base"
    left = sum(x.loss is not None for x in report.chokepoints) - len(known)
    market = named(report.market_label)
    losses = [x.loss or 0.0 for x in report.chokepoints]
    half = sum(loss >= HALF for loss in losses)
    part = table_part(
        "losses",
        "What would be lost",
        known,
        (
            Column(EVENT_WORDS[found.contingency.event], "label"),
            *_LOSS_COLUMNS,
            Column("Then short", lambda x: short_words(x.limited_by, x.limited_at)),
            Column("Share of its stage", _share, right=True),
        ),
        lambda x: notes.of(x.rows),
        finding=f"Each of {half} failures alone would cost {market} half or more for good"
        if half > 1
        else f"The largest single loss of {market} is {percent(max(losses))} for good",
    )
    text = (
        f"Loss: the part of {tonnes(report.base.served)} t of "
        f"{product_names(report.base.product)[1]} ({report.base.year}) that "
        f"{market} would not get in a year, in the first by assumed stocks and lead times, for "
        "good once stocks are gone. "
        + ("In brackets: 5 to 95 % of trials. " if report.draws else "No range was drawn. ")
    )
    if left:
        more = capital(counted(left, "more line"))
        text += f"{more} cost less, or nothing; they may matter all the same."
    remarks = [Sentence(text, notes.of(report.base.market_rows))]
    remarks += [Sentence(f"{capital(x.label)}: {x.remark}.") for x in known if x.remark]
    return replace(part, remarks=tuple(remarks))


def _share(point: Chokepoint) -> str:
    share = at_stage(bounded_percent(point.share, point.figure), point.share_at)
    return marked(share, point.figure)


def _stages(found: gathered.BriefFindings, notes: Footnotes) -> BriefPart:
    told = [
        stage
        for each in found.report.stages
        for stage in each.figures
        if not (stage.why and of_group(stage))
    ]
    return BriefPart(
        "stages",
        "Who leads each stage",
        columns=("Stage", "Leader", "Share", "Of", "Year", "Plants known"),
        lines=tuple(_stage(stage, notes) for stage in told),
        remarks=(
            *(
                Sentence(f"{capital(stage.stage)}{said}")
                for stage in told
                if (said := _stage_remark(stage)) and stage.leader and not of_group(stage)
            ),
            *(
                Sentence(f"{capital(stage.stage)}: only shares of a wider group were found.")
                for stage in told
                if of_group(stage)
            ),
        ),
        right=("Share", "Year", "Plants known"),
        finding=dates.leads_in_words(found, dates.headline_subject(found.report))
        or "We found no country shares",
    )


def _stage(stage: StageShares, notes: Footnotes) -> BriefLine:
    """A line on who leads a stage; what leads a wider group says nothing of the element."""
    if of_group(stage):
        return BriefLine((stage.stage, *[NOT_KNOWN] * 5))
    return BriefLine(
        (
            OTHER_FIGURE if stage.why else stage.stage,
            stage.leader or NOT_KNOWN,
            ranged(stage.share, stage.share_low, stage.share_high, stage.figure),
            basis_words(stage.basis) if stage.leader else NOT_KNOWN,
            str(stage.year or NOT_KNOWN),
            percent(stage.coverage),
        ),
        notes.of((*stage.rows, *stage.range_rows)),
    )


def _stage_remark(stage: StageShares) -> str:
    """What a figure cannot tell, or why it differs from that of the reconciled year."""
    if stage.why:
        return f", {OTHER_FIGURE}: {stage.why}."
    return f": {stage.note}" if stage.note else ""


def _policies(found: gathered.BriefFindings, notes: Footnotes) -> BriefPart:
    heading = "Controls and other acts that stand, are suspended or in doubt"
    if not found.controls:
        text = "No record says that an act on it stands on the day."
        return BriefPart("policies", heading, (Sentence(text),))
    licence = found.border["licence"]
    points = {x.id: x for x in licence.chokepoints if x.kind == "policy"}
    measured = found.report.base is not None
    stand = counted(len(found.controls), "act")
    return BriefPart(
        "policies",
        heading,
        columns=gathered.COLUMNS,
        lines=tuple(
            BriefLine(
                gathered.cells_of(act, found.members, found.labels, points, measured=measured),
                notes.of(act.rows),
            )
            for act in found.controls
        ),
        remarks=(
            Sentence(
                "The loss is of sales of that year that a control applies to by element, form and "
                f"destination, of which {percent(licence.base.approval)} is approved; one that is "
                "suspended is measured as if it stood. What technology or other acts cost is not "
                f"measured. {_ONE}"
                if licence.base
                else "What a control costs is not known."
            ),
        ),
        finding=f"{stand} on {gathered.subject_of(found)} stand or are in doubt",
    )


def _bought(found: gathered.BriefFindings, notes: Footnotes) -> BriefPart:
    market, mix = named(found.report.market_label), found.mix
    heading = f"From where {market} buys its magnets"
    if found.report.market == "WLD":
        return BriefPart("bought", heading, (Sentence("The world takes what all countries make."),))
    if mix is None:
        text = f"We found no figure for where {market} buys magnets."
        return BriefPart("bought", heading, (Sentence(text),))
    shares = sorted(mix.shares.items(), key=lambda pair: (-pair[1], pair[0]))
    sold = [(capital(named(found.labels.get(each, each))), share) for each, share in shares]
    sold += [("Sellers not known", mix.rest)] if mix.rest > 0 else []
    if len(sold) > SELLERS + 1:
        rest = sold[SELLERS:]
        sold = [*sold[:SELLERS], (counted(len(rest), "other"), fsum(part for _, part in rest))]
    whole = mix.tonnes
    return table_part(
        "bought",
        heading,
        sold,
        (
            Column("Seller", lambda line: line[0]),
            Column("Share", lambda line: percent(line[1]), right=True),
            Column("Tonnes", lambda line: tonnes(line[1] * whole), right=True),
        ),
        remarks=(
            Sentence(
                f"{mix.year}, {mix.basis}; {tonnes(mix.tonnes)} t in all.", notes.of(mix.rows)
            ),
            *(Sentence(in_words(remark)) for remark in mix.remarks),
        ),
    )


def _borders(found: gathered.BriefFindings, notes: Footnotes) -> BriefPart:
    heading = "If borders close, or licences are slow"
    closed = []
    for event, report in found.border.items():
        part = report.base.approval if report.base else None
        words = (
            "sells nothing abroad"
            if event == "embargo"
            else f"approves {percent(part)} of what it sold abroad"
        )
        closed += [
            replace(x, label=f"{capital(named(x.label))} {words}")
            for x in report.chokepoints
            if x.kind != "policy" and abs(x.loss or 0.0) > NEGLIGIBLE_LOSS
        ]
    if not closed:
        text = (
            "What a closed border would cost is not known."
            if found.report.base is None
            else "No closed border of one country costs as much as 1 %."
        )
        return BriefPart("borders", heading, (Sentence(text),))
    cited = {id(x): notes.of(x.rows) for x in closed}  # also of what is left out below
    return table_part(
        "borders",
        heading,
        closed[: dates.MAX_LINES],
        (Column("Event", "label"), *_LOSS_COLUMNS),
        lambda x: cited[id(x)],
        remarks=(
            Sentence("An embargo leaves a country its own use; a shutdown does not: they differ."),
            Sentence(_ONE),
        ),
    )


def _scenarios(found: gathered.BriefFindings) -> BriefPart:
    table, market = outcome_table(found.outcomes, found.day), named(found.report.market_label)
    coming = [each for each in found.outcomes if not each.is_past(found.day)]
    short = sum(each.is_short for each in coming)
    return BriefPart(
        "scenarios",
        table.heading,
        columns=tuple(table.columns) if table.rows else (),
        lines=tuple(BriefLine(tuple(row)) for row in table.rows),
        remarks=tuple(map(Sentence, table.remarks)),
        right=tuple(table.right),
        finding=f"In {short} of {counted(len(coming), 'scenario')} {market} would lack something"
        if coming
        else "",
    )
