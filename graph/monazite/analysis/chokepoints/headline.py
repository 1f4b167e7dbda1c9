"""What a report of losses says first: one sentence, its number, and how sure it is.

The terminal, the page and the brief all take these sentences from here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from monazite.analysis.chokepoints.figures import (
    BaseYearFigures,
    Chokepoint,
    ChokepointFigures,
    Evidence,
)
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.analysis.concentration.shares import OF_A_GROUP, StageShares
from monazite.core.columns import Column, blank, table
from monazite.core.formats import between_ends, bounded_percent, counted, percent, tonnes, with_ends
from monazite.core.results import Struct
from monazite.core.tables import MORE, Table
from monazite.data.parameters import HORIZON, LISTED, MAGNET
from monazite.model.wording import (
    DOING,
    SOLD,
    STAGE_NOUNS,
    STAGES,
    capital,
    elements_listed,
    maker_of,
)
from monazite.store.names import named

SETTLED = 0.4  # a wider range, in parts of 1, says that the size of a loss is not settled
ALL, MOST, SOME = 0.995, 0.5, 0.01
"""Low ends of a range, in parts of 1, from which a loss is of all, of most, or of some."""
WEAK_TIER = 3  # news; what is worse is weak
MUCH = 0.5  # the part of weak figures above which evidence is thin
ALLOWED = {
    "immediate": "trade and plants may adjust for three months",
    "short-run": "trade and plants may adjust for a year",
    "medium-run": "trade and plants may adjust for two to three years",
    "free": "trade has no limits",
}
WITHIN = {
    "immediate": "if all adjusted for three months",
    "short-run": "if all adjusted for a year",
    "medium-run": "if all adjusted for two to three years",
    "free": "if trade had no limits",
}
_MAGNETS = {
    "magnets": ("neodymium magnets", "magnets"),
    "magnets with Dy or Tb": ("heavy magnets (with Dy or Tb)", "heavy magnets"),
    "magnets without": ("magnets without Dy or Tb", "magnets without Dy or Tb"),
}
"""What is lost, at its first use and after it."""


class LossAnswer(Struct):
    """The first sentences of a report of losses."""

    headline: str
    answer: str
    sure: str

    def __str__(self) -> str:
        """Return the sentences as one paragraph."""
        return " ".join(filter(None, (self.headline, self.answer, self.sure)))


def rests_on(report: ChokepointFigures) -> tuple[str, ...]:
    """Return the rows whose numbers a report rests on, each once."""
    base = report.base
    if base is not None:
        return tuple(dict.fromkeys((*base.rows, *base.market_rows)))
    return tuple(dict.fromkeys(row for stage in report.stages for row in stage.rows))


def evidence_of(report: ChokepointFigures, tiers: Mapping[str, int]) -> Evidence:
    """Return how good the figures are that a report rests on."""
    known = [tiers[row] for row in rests_on(report) if row in tiers]
    weak = sum(tier >= WEAK_TIER for tier in known)
    part = weak / len(known) if known else 1.0
    return Evidence(len(known), weak, "thin" if part > MUCH else "mixed")


def loss_word(low: float | None, high: float | None) -> str:
    """Return the fixed word for a loss, by its range of trials; none where that was not drawn."""
    if low is None or high is None:
        return ""
    for least, word in ((ALL, "all"), (MOST, "most"), (SOME, "some")):
        if low >= least:
            return word
    if low >= -SOME:
        return "perhaps none" if high >= SOME else "none"
    return "gain" if high <= -SOME else "perhaps a gain"


def first_line(report: ChokepointFigures) -> Chokepoint | None:
    """Return the line that the headline is of: the largest loss, of a stage if one ranks first."""
    known = [each for each in report.chokepoints if each.loss is not None]
    losing = [each for each in known if (each.loss or 0.0) > NEGLIGIBLE_LOSS]
    if losing:
        alike = (each for each in losing if each.stage or not losing[0].stage)
        return max(alike, key=lambda each: round(100 * (each.loss or 0.0)))
    return max(known, key=lambda each: (each.loss_high or 0.0, each.loss or 0.0), default=None)


def stops(point: Chokepoint, base: BaseYearFigures | None = None) -> str:
    """Return what happens to a line, as the clause of an if."""
    name = point.label.split(" = ")[0]
    approved = percent(base.approval if base is not None else None)
    if point.kind == "policy":
        return f'only {approved} of what "{name}" applies to were approved'
    country = named(maker_of(name, point.stage))
    goods = SOLD.get(point.stage, "")
    if point.event == "embargo":
        return f"{country} sold no {goods} abroad" if goods else f"{country} sold nothing abroad"
    if point.event == "licence":
        whole = f"the {goods}" if goods else "what"
        return f"{country} licensed only {approved} of {whole} it sold abroad"
    return stopped(point.label, point.kind, point.stage)


def stopped(label: str, kind: str, stage: str) -> str:
    """Return what stops, as the clause of an if."""
    if kind != "country":
        return f"{label.split(' = ')[0]} stopped"
    country = named(maker_of(label, stage))
    if stage:
        return f"{country} stopped {DOING.get(stage, stage)}"
    return f"all rare-earth plants in {country} stopped"


def product_names(product: str) -> tuple[str, str]:
    """Return the name of what is lost at its first use, and after it.

    >>> product_names("magnets with Dy or Tb")[1]
    'heavy magnets'
    """
    return _MAGNETS.get(product, (product, product))


def loss_answer(report: ChokepointFigures) -> LossAnswer:
    """Return the first sentences of a report of losses, by the case that it is."""
    point, base = first_line(report), report.base
    if base is None or point is None:
        return _not_known(report)
    why, mark = (f" Weak: {base.weak}.", "These numbers are weak.") if base.weak else ("", "")
    told = (_headline(report, base, point), _first_year(point), mark)
    number = f"{_number(base, point)}{why}"
    return LossAnswer(" ".join(filter(None, told)), number, _sure(report, point))


def in_no_magnet(report: ChokepointFigures) -> bool:
    """Whether no magnet holds the element: its stages end before magnets, and no loss is known."""
    return report.base is None and not any(stage.stage == MAGNET for stage in report.stages)


def _headline(report: ChokepointFigures, base: BaseYearFigures, point: Chokepoint) -> str:
    market = capital(named(report.market_label))
    product, clause = product_names(base.product)[0], f"{stops(point, base)} and stocks were gone"
    low, high = point.loss_low, point.loss_high
    word, loss = loss_word(low, high), percent(point.told)
    if word == "gain" or (not word and (point.loss or 0.0) <= -NEGLIGIBLE_LOSS):
        return f"{market} would gain if {clause}."
    if word == "perhaps a gain":
        return f"{market} would perhaps gain {product} if {clause}."
    if is_wide(point):
        width = between_ends(low, high)
        return f"{market} would lose {width} of its {product} if {clause}; size not settled."
    if not word:
        return f"{market} would lose {loss} of its {product} if {clause}; range not drawn."
    if word in {"all", "none"}:
        return f"{market} would lose {word} of its {product} if {clause}."
    if loss == percent(1.0):  # and the range has less
        return f"{market} would lose {between_ends(low, high)} of its {product} if {clause}."
    return f"{market} would lose {word} of its {product}, {loss}, if {clause}."


def _first_year(point: Chokepoint) -> str:
    """What is lost in the first year, in a sentence; nothing of what costs nothing."""
    first = point.told_at_first
    if (point.loss or 0.0) <= NEGLIGIBLE_LOSS:
        return ""
    told = with_ends(first, point.first_year_low, point.first_year_high, " to ")
    return f"In the first year: {told}."


def is_wide(point: Chokepoint) -> bool:
    """Whether the range of a line leaves the size of its loss open."""
    low, high = point.loss_low, point.loss_high
    return low is not None and high is not None and high - low > SETTLED


def _number(base: BaseYearFigures, point: Chokepoint) -> str:
    """Of which whole, within which time, and what then runs short."""
    told = f"It used {tonnes(base.served)} t in {base.year}; {ALLOWED[base.horizon]}."
    wide = f" Central case {percent(point.told)}." if is_wide(point) else ""
    if (point.loss or 0.0) <= -NEGLIGIBLE_LOSS:
        return f"{told} Rival buyers drop out."
    short = f" {elements_listed(point.limited_by)} would run short." if point.limited_by else ""
    return f"{told}{wide}{short}"


def _sure(report: ChokepointFigures, point: Chokepoint) -> str:
    low, high = point.loss_low, point.loss_high
    drawn = low is not None and high is not None and loss_word(low, high)
    trials = f"In trials {between_ends(low, high)}. " if drawn and not is_wide(point) else ""
    evidence = "" if report.evidence is None else f"Evidence: {report.evidence}."
    return f"{trials}{evidence}".strip()


def _not_known(report: ChokepointFigures) -> LossAnswer:
    """What is not known, what is missing for it, and who leads the narrowest stage."""
    market = capital(named(report.market_label))
    whose = f"{market}'" if market.endswith("s") else f"{market}'s"
    group = report.title[1:2].isupper()
    name = report.title if group else report.title[:1].lower() + report.title[1:]
    headline = f"{whose} loss of {name} is not known."
    missing = report.notes[0].partition(":")[0] if report.notes else ""
    lack = missing.removeprefix("We found no ").rstrip(".")
    if lack != missing.rstrip("."):
        why = f"We lack {lack}."
    else:
        why = f"What is missing: {lack[:1].lower()}{lack[1:]}." if lack else ""
    known = [stage for stage in report.stages if stage.share is not None and not of_group(stage)]
    if not known:
        of_others = any(stage.share is not None for stage in report.stages)
        found = "Only shares of a wider group" if of_others else "No country shares"
        return LossAnswer(headline, f"{why} {found} were found.".strip(), "")
    most = max(known, key=lambda stage: (stage.share or 0.0, stage.stage))
    what = STAGES.get(most.stage, most.stage)
    share = bounded_percent(most.share, most.figure)
    lead = (
        f"By world share, {named(most.leader or '')} leads {what}: {share}, "
        f"{most.year or 'undated'}."
    )
    sure = "Shares only" if report.evidence is None else f"Shares only; evidence {report.evidence}"
    return LossAnswer(headline, f"{why} {lead}".strip(), f"{sure}.")


def of_group(stage: StageShares) -> bool:
    """Whether the share of a stage is that of a wider group, and none of the element."""
    return OF_A_GROUP in stage.note


SINGLE = "One balance of the year, no median: --draws 200 runs random trials."
"""Of numbers beside which nothing was drawn."""
ONE_BALANCE = (
    "Losses here are for good, all of one balance (least move); medians lie some points apart."
)
"""Of losses that are compared with each other, and not with those of trials."""
LINES = 5  # losses of the short report
_POINT = 0.01  # of a year's use, by which losses print apart
_APART = 0.1  # in parts of 1, by how much another figure differs that it quotes
IF_STOPS = {
    "outage": "If this stops",
    "embargo": "If this sells nothing abroad",
    "licence": "If this is licensed",
}
_ORE = {"mine": "ore", "separation": "oxide", "metal": "metal"}
"""What a stage takes of which a part is unaccounted for."""


def first_screen(report: ChokepointFigures, lines: int = LINES) -> list[Table]:
    """Return the report as its reader meets it: at most 80 columns, and one screen."""
    asked = f"-e {report.element} -m {report.market}"
    base, answer = report.base, str(loss_answer(report))
    if base is None:
        return [_leaders(report, answer)]
    asked += f" --horizon {base.horizon}" if base.horizon != HORIZON else ""
    ranked = base.event == "outage" and any(map(_tells, report.chokepoints))
    test = f" To test it: monazite doubt {asked}." if ranked else ""
    return [_losses(report, f"{answer}{test}", lines)]


def _losses(report: ChokepointFigures, heading: str, lines: int) -> Table:
    telling = sorted(filter(_tells, report.chokepoints), key=lambda x: -round(100 * (x.loss or 0)))
    shown, others = telling[:lines], telling[lines:]
    event = report.base.event if report.base is not None else "outage"
    of_groups = {stage.stage for stage in report.stages if of_group(stage)}

    def share(point: Chokepoint) -> str:
        known = point.share is not None and point.stage and point.stage not in of_groups
        return bounded_percent(point.share, point.figure, narrow=True) if known else ""

    shares = any(map(share, shown))
    columns = (
        Column(IF_STOPS[event], line_name),
        Column("First year", "first_year_cell"),
        Column("For good", "loss_cell"),
        Column("Home first", lambda x: percent(x.home_first, narrow=True), right=True),
        Column("Short", "limited_by", ", ".join),
        Column("Share", share, right=True, when=shares),
    )
    told = f"Share: of the world's output at the stage in {report.known_base().year}."
    remarks = [*_remarks(report, shown), *([told] if shares else []), *_sources(report), MORE]
    if others:
        losses = [each.loss or 0.0 for each in others]
        width = between_ends(min(losses), max(losses)).replace(" to ", "-")
        count = len(report.chokepoints)
        names = "--full" if count <= LISTED else f"--full --top {count}"
        remarks.insert(0, f"{counted(len(others), 'other')}: {width}; {names} names them.")
    return table(heading, shown, columns if shown else (), remarks)


def _tells(point: Chokepoint) -> bool:
    """Whether a line takes something away, or may, or gives."""
    ends = (point.loss or 0.0, point.loss_low or 0.0, point.loss_high or 0.0)
    return point.loss is not None and max(map(abs, ends)) > NEGLIGIBLE_LOSS


def _all_cost_less(lines: Sequence[Chokepoint]) -> bool:
    """Whether all stages of a country cost a point less than one of them, at first or for good."""
    countries = [x for x in lines if x.kind == "country"]
    whole = {x.country: (x.told_at_first or 0.0, x.loss or 0.0) for x in countries if not x.stage}
    return any(
        (x.told_at_first or 0.0) - whole[x.country][0] >= _POINT
        or (x.loss or 0.0) - whole[x.country][1] >= _POINT
        for x in countries
        if x.stage and x.country in whole
    )


def line_name(point: Chokepoint) -> str:
    """Return the name of a line: who, and what is done there."""
    name = point.label.split(" = ")[0]
    if point.kind == "country" and not point.stage:
        return f"{name}, all stages"
    return name


def _remarks(report: ChokepointFigures, shown: list[Chokepoint]) -> Iterator[str]:
    base = report.known_base()
    if _all_cost_less(shown):
        yield "All stages of a country may cost less than one: its plants then take nothing."
    if any((point.loss or 0.0) <= -NEGLIGIBLE_LOSS for point in shown):
        yield "A negative loss is a gain: rival buyers drop out."
    if base.approval is not None:
        yield f"Assumed: licences cover {percent(base.approval)} of {base.year} sales."
    missing = [
        f"{percent(part)} of {_ORE.get(stage, stage)}" for stage, part in base.unexplained.items()
    ]
    if any(part > NEGLIGIBLE_LOSS for part in base.unexplained.values()):
        yield f"Unaccounted for: {', '.join(missing)}. If it stops, losses grow."
    yield "First year: with stocks, lead times, transit as assumed. For good: stocks gone."
    yield "Not counted: magnets in traded goods. Losses may be larger or smaller."
    yield SINGLE if report.draws is None else "In brackets: 5 to 95 % of trials."


def _sources(report: ChokepointFigures) -> Iterator[str]:
    """Who says the first share, and which other figures are printed."""
    told_of = [each for each in report.stages if each.rows and each.rows[0] in report.sources]
    first = first_line(report)
    at = "" if first is None else first.stage or first.share_at or first.limited_at
    told_of.sort(key=lambda each: each.stage != at)
    apart = [
        (stage, other)
        for stage in report.stages
        for other in stage.others
        if other.share is not None and stage.share is not None
        if other.leader != stage.leader or abs(other.share - stage.share) >= _APART
    ]
    if told_of:
        yield f"Source for {_noun(told_of[0])}: {report.sources[told_of[0].rows[0]]}."
    if apart:
        told = (
            f"{other.leader} {_noun(stage)} {bounded_percent(other.share, other.figure)}"
            f"{_by(other, report)}"
            for stage, other in apart[:2]
        )
        yield f"Others print: {'; '.join(told)}."


def _noun(stage: StageShares) -> str:
    return STAGE_NOUNS.get(stage.stage, stage.stage)


def _by(stage: StageShares, report: ChokepointFigures) -> str:
    said = report.sources.get(stage.rows[0], "") if stage.rows else ""
    return f" ({said.partition(', ')[0]}{', proxy' if 'proxy' in stage.figure else ''})"


def _leaders(report: ChokepointFigures, heading: str) -> Table:
    """Who leads each stage, where no loss is known."""
    known = [x for x in report.stages if x.share is not None and not of_group(x)]
    columns = (
        Column("Stage", lambda x: capital(_noun(x))),
        Column("Leader", "leader", blank(str)),
        Column(
            "World share", lambda x: bounded_percent(x.share, x.figure, narrow=True), right=True
        ),
        Column("Year", lambda x: x.year or "undated", right=True),
        Column("Source", lambda x: report.sources.get(x.rows[0], "") if x.rows else ""),
    )
    return table(heading, known, columns if known else (), [*_unknown(report)])


def _unknown(report: ChokepointFigures) -> Iterator[str]:
    """What is missing, and what to ask for."""
    group = [_noun(x) for x in report.stages if x.share is not None and of_group(x)]
    none = [_noun(x) for x in report.stages if x.share is None]
    if group:
        yield f"{capital(', '.join(group))}: only shares of a wider group were found."
    if none:
        yield f"{capital(', '.join(none))}: no country shares found."
    yield "Figures of your own count with --data DIR."
    yield f"What is recorded: monazite show {report.element}."
    yield MORE
