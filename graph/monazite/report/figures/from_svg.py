"""Pictures whose SVG is written by hand as figures, with a sentence above and the source below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from monazite.analysis.concentration.by_year import OTHER_FIGURE
from monazite.analysis.scenarios.result import ScenarioResult, scenario_finding
from monazite.analysis.timeline.dated_events import KINDS
from monazite.analysis.timeline.result import Timeline
from monazite.core.formats import NOT_KNOWN, counted, marked, tonnes, visible
from monazite.core.results import Struct
from monazite.model.balance.result import Balance, Closing
from monazite.model.network.shares import REST
from monazite.report.drawing.lettering import accessible_text, in_sentence, percent
from monazite.report.drawing.plotting import DrawnFigure
from monazite.report.sankey.balance_picture import balance_picture
from monazite.report.sankey.page import framed_sankey
from monazite.report.scenario import describe_scenarios, scenario_svg
from monazite.report.timeline import describe, timeline_svg

_DOING = {
    "mine": "mined",
    "separation": "separated",
    "metal": "made into metal",
    "magnet": "put in magnets",
}


def timeline_figure(timeline: Timeline, width: float | None = None) -> DrawnFigure:
    """Return a timeline as a figure: the picture in its frame."""
    alt, events = visible(timeline.finding), timeline.events
    if events:
        counts = Counter(each.kind for each in events)
        kinds = ", ".join(f"{KINDS[kind]} {count}" for kind, count in sorted(counts.items()))
        lines = counted(len(events), "line")
        alt = f"{alt} {describe(timeline)}. Of all {lines} by kind: {kinds}."

    def document(theme: str, _: str) -> str:
        return timeline_svg(timeline, theme=theme, desc=accessible_text(alt))

    return DrawnFigure(visible(timeline.finding), alt, document, width, None)


def scenario_figure(
    found: ScenarioResult, beside: ScenarioResult | None = None, width: float | None = None
) -> DrawnFigure:
    """Return a scenario as a figure."""

    def document(theme: str, source: str) -> str:
        return scenario_svg(found, theme=theme, beside=beside, source=source)

    title = visible(scenario_finding(found))
    return DrawnFigure(title, describe_scenarios(found), document, width)


def balance_figure(balance: Balance, width: float | None = None) -> DrawnFigure:
    """Return a balance as a figure: its picture in a frame that says who makes most."""
    title, alt = balance_title(balance), balance_alt(balance)

    def document(theme: str, source: str) -> str:
        return framed_sankey(balance_picture(balance), title, alt, source, theme)

    return DrawnFigure(title, alt, document, width)


def balance_title(balance: Balance) -> str:
    """Say who makes most of an element, at the stage where that part is largest."""
    leaders = list(_leaders(balance))
    name = in_sentence(balance.title)
    if not leaders:
        return f"Who makes {name} in {balance.year} is not known"
    first = max(leaders, key=lambda each: (not each.alone, each.made / each.whole))
    doing = _DOING.get(first.closing.stage, first.closing.stage)
    if first.alone:
        return f"{first.label} alone is known to have {doing} {name} in {balance.year}: {first}"
    known = "known to be " if first.silent else ""
    return f"Of the {name} {known}{doing} in {balance.year}, {first.label} has {first}"


def balance_alt(balance: Balance) -> str:
    """Say who makes most at each stage of a balance, how much in which year, and what is left."""
    events = []
    for leader in _leaders(balance):
        stage = leader.closing
        text = f"{_DOING.get(stage.stage, stage.stage).capitalize()}: {leader.label} {leader}"
        if stage.left is not None and abs(stage.left) >= 0.5:
            word = "surplus" if stage.left >= 0 else "short"
            text += f", {tonnes(abs(stage.left))} t {word} before the next stage"
        events.append(f"{text}.")
    name, rest = in_sentence(balance.title), " ".join(events) or f"Who makes it: {NOT_KNOWN}."
    return f"Flows of {name} in {balance.year}, in tonnes of the element. {rest}"


READ = f"{OTHER_FIGURE}, before the year is reconciled"  # parts as rows read, which need not close


class _Leader(Struct):
    closing: Closing
    label: str
    made: float
    whole: float
    silent: int
    figure: str

    @property
    def alone(self) -> bool:
        """Whether of nobody else it is known, so that its part of the whole is not."""
        return self.silent > 0 and self.made >= self.whole

    def __str__(self) -> str:
        text = f"{tonnes(self.made)} t"
        if not self.alone:
            share = percent(self.made / self.whole)
            text = f"{share} ({READ}): {tonnes(self.made)} of {tonnes(self.whole)} t"
        others = f"what {counted(self.silent, 'other place')} made is not known"
        return f"{marked(text, self.figure)}{f'; {others}' if self.silent else ''}"


def _leaders(balance: Balance) -> Iterator[_Leader]:
    for closing in balance.closings:
        here = [line for line in balance.lines if line.stage == closing.stage]
        made = {line.country: line.made.value for line in here if line.made is not None}
        whole = sum(made.values()) if closing.made is None else closing.made
        named = {country: tonnes for country, tonnes in made.items() if country != REST}
        if named and whole > 0:
            leader = min(named, key=lambda country: (-named[country], country))
            yield _Leader(
                closing=closing,
                label=visible(balance.labels.get(leader, leader)),
                made=named[leader],
                whole=whole,
                silent=len(here) - len(made),
                figure=closing.figure,
            )
