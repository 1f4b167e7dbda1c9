"""The parts of a brief: what it rests on, what stands against it, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable

from monazite.findings.brief_answer import place_of
from monazite.findings.brief_found import FELT, SINCE, Found, first_of, kept_of
from monazite.findings.briefed import Line, Part, Sentence
from monazite.findings.finding import Chokepoint
from monazite.findings.footnotes import Footnotes
from monazite.findings.scopes import Scope
from monazite.findings.wording import (
    NOT_KNOWN,
    STAGES,
    between,
    capital,
    counted,
    listed,
    named,
    percent,
    ranged,
    tonnes,
)

MOST_LINES, MOST_GAPS, MOST_FIXES = 8, 6, 5
HAPPENS = {"outage": "What stops", "embargo": "Who sells nothing abroad", "licence": "Licensed"}
_METHOD = (
    "Output, trade and assays of one year are balanced in tonnes of the element, stage by stage"
    " and country by country, with the least change that closes the books; what stays missing "
    "is kept as unexplained. The balanced year is a chain of countries at stages, joined by the"
    " trade of that year. An event takes output or sales away; how far others may then make or "
    "sell more is set by the horizon. A linear programme serves as much as it can and shares "
    "what is scarce alike. The loss is what the market is served less than in the base year; "
    "its range runs over the horizon's assumptions and over who is served first."
)
_LIMITS = (
    "Magnets inside motors, cars and machines that cross a border are not counted.",
    "Prices, contracts, grades and the will to sell are not modelled, and a substitute only where "
    "an assumption says so.",
    "Stocks are told where a holding is known and are not drawn on in the losses.",
    "A share is of what a row says was made, not of what could be made; a line that does not bind "
    "in the base year may be critical all the same.",
)


def parts_of(found: Found, notes: Footnotes) -> tuple[Part, ...]:
    """Return the parts in their order, an empty one with a sentence that says so.

    Args:
        found: what the brief is written from.
        notes: gives the sources their numbers.
    """
    return (
        _losses(found, notes),
        _stages(found, notes),
        _timeline(found, notes),
        _policies(found, notes),
        _bought(found, notes),
        _borders(found, notes),
        _fixes(found, notes),
        _building(found, notes),
        _unknown(found, notes),
        _assumed(found, notes),
        _limits(found),
        Part("method", "How it is worked out", (Sentence(_METHOD),)),
    )


def _losses(found: Found, notes: Footnotes) -> Part:
    report = found.report
    known = [x for x in report.chokepoints if x.loss is not None][:MOST_LINES]
    if not known:
        shares = [x for x in report.chokepoints if x.share][:MOST_LINES]
        return Part(
            "losses",
            "What would be lost",
            (Sentence("What would be lost is not known; these have the largest shares."),),
            ("What", "Share of its stage", "Year"),
            tuple(
                Line((x.label, percent(x.share), str(x.year or NOT_KNOWN)), notes.of(x.rows[:3]))
                for x in shares
            ),
            right=("Share of its stage", "Year"),
        )
    felt = [x for x in known if x.loss is not None and abs(x.loss) > FELT] or known
    assert report.base is not None, "a known loss has a base"
    left = sum(x.loss is not None for x in report.chokepoints) - len(felt)
    return Part(
        "losses",
        "What would be lost",
        columns=(HAPPENS[found.asked.event], "Loss", "Range", "Then short", "Share of its stage"),
        lines=tuple(_loss(x, notes) for x in felt),
        remarks=(
            Sentence(
                f"Loss: the part of {tonnes(report.base.served)} t of {report.base.product} "
                f"({report.base.year}) that {named(report.market_label)} would not get. "
                + (
                    f"{capital(counted(left, 'more line'))} cost less: not binding in the base "
                    "year, which is not the same as not critical."
                    if left
                    else ""
                ),
                notes.of(report.base.market_rows),
            ),
            *(Sentence(f"{capital(x.label)}: {x.remark}.") for x in felt if x.remark),
        ),
        right=("Loss", "Share of its stage"),
    )


def _loss(point: Chokepoint, notes: Footnotes) -> Line:
    short = f"{listed(point.limited_by)} at {point.limited_at}" if point.limited_at else ""
    return Line(
        (
            point.label,
            percent(point.loss),
            between(point.loss_low, point.loss_high),
            short or "nothing",
            percent(point.share),
        ),
        notes.of(point.rows),
    )


def _stages(found: Found, notes: Footnotes) -> Part:
    return Part(
        "stages",
        "Who leads each stage",
        columns=("Stage", "Leader", "Share", "HHI", "Of", "Year", "Plants known"),
        lines=tuple(
            Line(
                (
                    stage.stage,
                    stage.leader or NOT_KNOWN,
                    ranged(stage.share, stage.share_low, stage.share_high),
                    NOT_KNOWN if stage.hhi is None else f"{stage.hhi:,.0f}",
                    stage.basis.replace("-", " ") if stage.leader else NOT_KNOWN,
                    str(stage.year or NOT_KNOWN),
                    percent(stage.coverage),
                ),
                notes.of((*stage.rows, *stage.range_rows)),
            )
            for stage in found.report.stages
        ),
        remarks=tuple(
            Sentence(f"{capital(stage.stage)}: {stage.note}")
            for stage in found.report.stages
            if stage.note and stage.leader
        ),
        right=("Share", "HHI", "Year", "Plants known"),
    )


def _timeline(found: Found, notes: Footnotes) -> Part:
    all_of_them = found.timeline.happenings
    kept = kept_of(found.timeline)
    what = STAGES.get(found.timeline.stage or "", "its stages")
    heading = "What happened of late"
    if not kept:
        text = f"No dated row of the last {SINCE} years speaks of it."
        return Part("timeline", heading, (Sentence(text),))
    left = len(all_of_them) - len(kept)
    return Part(
        "timeline",
        heading,
        columns=("Date", "What happened"),
        lines=tuple(
            Line((x.date, x.sentence(found.timeline.title)), notes.of(x.rows)) for x in kept
        ),
        remarks=(
            Sentence(
                f"Export controls that name the element, and plants at {what}, of the last "
                f"{SINCE} years" + (f"; {counted(left, 'earlier line')} left out." if left else ".")
            ),
        ),
    )


def _policies(found: Found, notes: Footnotes) -> Part:
    heading = "Export controls that stand, are suspended or in doubt"
    if not found.scopes:
        text = "No row says that a control of exports names it on the day."
        return Part("policies", heading, (Sentence(text),))
    losses = {x.id: x for x in found.border["licence"].chokepoints if x.kind == "policy"}
    return Part(
        "policies",
        heading,
        columns=("Control", "Issued by", "State", "Binds", "To", "Loss if licensed"),
        lines=tuple(
            Line(_policy(found, scope, losses.get(f"policy/{scope.policy}")), notes.of(scope.rows))
            for scope in found.scopes
        ),
        remarks=(
            Sentence(
                "The loss is of sales of the base year that a control binds by element, form and "
                f"destination, of which {percent(found.border['licence'].base.approval)} is "
                "approved; one that is suspended is measured as if it stood."
                if found.border["licence"].base
                else "What a control costs is not known."
            ),
        ),
        right=("Loss if licensed",),
    )


def _policy(found: Found, scope: Scope, point: Chokepoint | None) -> tuple[str, ...]:
    binds = [
        f"{listed(sorted(scope.goods[stage] & found.members))} at {stage}"
        for stage in scope.stages
        if scope.goods[stage] & found.members
    ]
    where = "all countries" if scope.destinations is None else (
        listed(named(found.labels.get(x, x)) for x in sorted(scope.destinations))
        or "named users only"
    )  # fmt: skip
    loss = NOT_KNOWN if found.report.base is None else "binds no flow of the base year"
    if point is not None:
        loss = ranged(point.loss, point.loss_low, point.loss_high)
    issuer = found.labels.get(scope.country, scope.country)
    return scope.title, issuer, scope.state, "; ".join(binds), where, loss


def _bought(found: Found, notes: Footnotes) -> Part:
    market, mix = named(found.report.market_label), found.mix
    heading = f"From where {market} takes its magnets"
    if found.report.market == "WLD":
        return Part("bought", heading, (Sentence("The world takes what all countries make."),))
    if mix is None:
        text = f"No row says from where {market} takes magnets: not known."
        return Part("bought", heading, (Sentence(text),))
    shares = sorted(mix.shares.items(), key=lambda pair: (-pair[1], pair[0]))
    sold = [(capital(named(found.labels.get(each, each))), share) for each, share in shares]
    sold += [("Sellers that no row names", mix.rest)] if mix.rest > 0 else []
    lines = [Line((name, percent(part), tonnes(part * mix.tonnes))) for name, part in sold]
    return Part(
        "bought",
        heading,
        columns=("Seller", "Share", "Tonnes"),
        lines=tuple(lines),
        remarks=(
            Sentence(
                f"{mix.year}, {mix.basis}; {tonnes(mix.tonnes)} t in all.", notes.of(mix.rows)
            ),
            *(Sentence(remark) for remark in mix.remarks),
        ),
        right=("Share", "Tonnes"),
    )


def _borders(found: Found, notes: Footnotes) -> Part:
    heading = "If borders close, or licences are slow"
    lines = []
    for event, report in found.border.items():
        part = report.base.approval if report.base else None
        words = (
            "sells nothing abroad"
            if event == "embargo"
            else f"approves {percent(part)} of what it sold abroad"
        )
        for point in report.chokepoints:
            if point.kind != "policy" and point.loss is not None and abs(point.loss) > FELT:
                cells = (
                    f"{capital(named(point.label))} {words}",
                    percent(point.loss),
                    between(point.loss_low, point.loss_high),
                )
                lines.append(Line(cells, notes.of(point.rows)))
    if not lines:
        text = (
            "What a closed border would cost is not known."
            if found.report.base is None
            else "No closed border of one country costs as much as 1 %."
        )
        return Part("borders", heading, (Sentence(text),))
    return Part(
        "borders",
        heading,
        columns=("Event", "Loss", "Range"),
        lines=tuple(lines[:MOST_LINES]),
        remarks=(
            Sentence("An embargo leaves a country its own use; an outage does not: they differ."),
        ),
        right=("Loss",),
    )


def _fixes(found: Found, notes: Footnotes) -> Part:
    heading = "What would make it good"
    fixes = found.fixes
    if fixes is None or not fixes.fixes:
        text = (
            "What would make it good is not known: no loss can be worked out."
            if found.report.base is None
            else "No capacity added at one stage of one place brings back as much as 1 %."
        )
        return Part("fixes", heading, (Sentence(text),))
    return Part(
        "fixes",
        heading,
        (Sentence(f"After an outage of {fixes.label}, capacity more of:"),),
        ("Stage", "Where", "Of", "Halves the loss", "Half of what can be", "Stays lost",
         "Then short"),
        tuple(
            Line(
                (
                    fix.stage,
                    capital(place_of(found, fix)),
                    listed(f"{name} {percent(part)}" for name, part in fix.mix.items()),
                    "no amount" if fix.halves is None else f"{tonnes(fix.halves)} t a year",
                    NOT_KNOWN if fix.half_back is None else f"{tonnes(fix.half_back)} t a year",
                    percent(fix.best),
                    f"{listed(fix.then_by)} at {fix.then}" if fix.then else "nothing",
                ),
                notes.of(fix.rows),
            )
            for fix in fixes.fixes[:MOST_FIXES]
        ),
        tuple(Sentence(note) for note in fixes.notes),
        ("Halves the loss", "Half of what can be", "Stays lost"),
    )  # fmt: skip


def _building(found: Found, notes: Footnotes) -> Part:
    heading = "What is being built"
    built = found.later.built
    if not built:
        why = (
            "What is being built is counted where a chain is known."
            if found.later.base is None
            else "No plant under construction that rows date and measure adds to it."
        )
        return Part("building", heading, (Sentence(why),))
    first = first_of(found.report)
    after = next((x for x in found.later.chokepoints if first and x.id == first.id), None)
    told = (
        f"Counted at a part, in two to three years: the loss by {first.label} is then "
        f"{ranged(after.loss, after.loss_low, after.loss_high)}."
        if first and after and after.loss is not None and found.asked.event == "outage"
        else "Counted at a part, in two to three years."
    )
    return Part(
        "building",
        heading,
        (Sentence(told),),
        ("Site", "Country", "Stage", "Makes", "Tonnes a year", "Start"),
        tuple(
            Line(
                (
                    each.label,
                    found.labels.get(each.country, each.country),
                    each.stage,
                    each.what,
                    f"{tonnes(each.tonnes.value)} ({each.kind})",
                    each.start,
                ),
                notes.of(each.rows),
            )
            for each in built
        ),
        tuple(Sentence(remark) for remark in found.later.built_remarks),
        ("Tonnes a year",),
    )


def _unknown(found: Found, notes: Footnotes) -> Part:
    report = found.report
    told = [Sentence(text) for text in found.missing]
    base = report.base
    if base is not None:
        parts = listed(
            f"{percent(part)} at {stage}" for stage, part in base.unexplained.items() if part > FELT
        )
        told += [Sentence(f"Of what the stages take, no row explains {parts}.")] if parts else []
    told += [
        Sentence(
            f"Rows differ on the share at {stage.stage}: "
            f"{between(stage.share_low, stage.share_high)}.",
            notes.of(stage.range_rows),
        )
        for stage in report.stages
        if stage.range_rows
    ]
    told += [_stock(found, notes)]
    told += [
        Sentence(
            f"{capital(gap['subject_name'])}: {gap['missing']}"
            + (f". Where one would look: {gap['where_to_look']}." if gap["where_to_look"] else "."),
            notes.of([gap["row"].removeprefix("row/")]),
        )
        for gap in found.gaps[:MOST_GAPS]
    ]
    left = len(found.gaps) - MOST_GAPS
    if left > 0:
        told.append(Sentence(f"{counted(left, 'more gap')} of the kind are recorded."))
    return Part("unknown", "What is not known", tuple(told))


def _stock(found: Found, notes: Footnotes) -> Sentence:
    stocks = found.report.stocks
    if not stocks:
        return Sentence(f"Stock: no row says what {named(found.report.market_label)} holds.")
    told = listed(
        f"{stock.material_label} {_days(stock.days, stock.low, stock.high)} "
        f"({stock.as_of or 'undated'})"
        for stock in stocks
    )
    return Sentence(
        f"Stock held, as rows say it: {told}.", notes.of(row for x in stocks for row in x.rows)
    )


def _days(days: float | None, low: float | None, high: float | None) -> str:
    if days is None:
        return "not known in days"
    if low is None or high is None or low == high:
        return f"{days:g} days"
    return f"{low:g} to {high:g} days"


def _assumed(found: Found, notes: Footnotes) -> Part:
    first = first_of(found.report)
    used = set(first.assumptions if first else ())
    known = [each for each in found.report.assumptions if each.row in used]
    heading = "What is assumed"
    if not known:
        return Part("assumed", heading, (Sentence("Nothing beyond what the method says."),))
    return Part(
        "assumed",
        heading,
        columns=("What", "Value", "Range", "Why"),
        lines=tuple(
            Line(
                (
                    each.text.replace("-", " "),
                    NOT_KNOWN if each.value is None else f"{each.value:g}",
                    NOT_KNOWN
                    if each.low is None or each.high is None
                    else f"{each.low:g} to {each.high:g}",
                    each.reason,
                ),
                notes.of([each.row]),
            )
            for each in known
        ),
        remarks=(
            Sentence(
                f"{counted(len(found.report.assumptions) - len(known), 'more value')} of recipes, "
                "yields and prices stand behind the balance: monazite chokepoints --assumptions "
                "prints them."
            ),
        ),
        right=("Value", "Range"),
    )


def _limits(found: Found) -> Part:
    told = dict.fromkeys((*_own_notes(found), *_LIMITS[1:]))
    return Part("limits", "What the graph cannot say", tuple(map(Sentence, told)))


def _own_notes(found: Found) -> Iterable[str]:
    """The report's remarks; the first limit where it has none on what magnets it counts."""
    if not any("magnets inside motors" in note for note in found.report.notes):
        yield _LIMITS[0]
    yield from found.report.notes
