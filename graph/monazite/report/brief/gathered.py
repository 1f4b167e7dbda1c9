"""What a brief is written from, gathered of a view: losses, borders, fixes, policies, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import chain

from monazite.analysis.chokepoints.chokepoints import (
    ReleasedRanges,
    find_chokepoints,
    with_evidence,
)
from monazite.analysis.chokepoints.figures import BaseYearFigures, Chokepoint
from monazite.analysis.chokepoints.headline import first_line, in_no_magnet
from monazite.analysis.chokepoints.loss_model import NEGLIGIBLE_LOSS
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import ConcentrationYear, find_concentration
from monazite.analysis.mitigation.fixes import Fixes, find_fixes
from monazite.analysis.policies.acts import read_acts
from monazite.analysis.policies.export_controls import Scope, read_scopes
from monazite.analysis.policies.policies import (
    BORDER_KINDS,
    DESTINATION,
    ELEMENT,
    MARKET,
    PolicyLine,
    PolicySelection,
    lines_of,
    select,
)
from monazite.analysis.scenarios.released import ReleasedOutcome
from monazite.analysis.timeline.dated_events import DatedEvent
from monazite.core.errors import NotKnownError
from monazite.core.formats import NOT_KNOWN, between_ends, percent, shorten
from monazite.core.results import Value, rows_in
from monazite.data.columns import Schema, TableShape
from monazite.data.dates import dates_in_words
from monazite.data.parameters import ALLOY, APPROVAL, FIRST, MAGNET, SEPARATION, Contingency
from monazite.model.chain.base_year import read_base_year
from monazite.model.contingencies.under_construction import Addition
from monazite.model.network.attributes import Network, about, node_of
from monazite.model.network.facts import Facts
from monazite.model.network.market import find_mix
from monazite.model.network.trade import MarketMix
from monazite.model.wording import listed
from monazite.report.brief.news import News, read_news
from monazite.store.cards import RowCard, read_cards
from monazite.store.names import named
from monazite.store.queries import QueryRecord, ask


class KnownCost(Value):
    """A cost of a plant, as a record prints it."""

    plant: str  #: its name
    measure: str  #: what was measured, in words
    number: str  #: value or range with its unit
    date: str  #: of the period, as printed
    row: str  #: that says so


def read_costs(facts: Facts, built: Iterable[Addition]) -> tuple[KnownCost, ...]:
    """Return what records say of the costs of plants that are being built."""
    names, found = {each.site: each.label for each in built}, []
    for line in ask(facts.store, "plant-costs"):
        if line["plant"] not in names:
            continue
        low, high = line["low"], line["high"]
        ends = f"{low} to {high}" if low and high else f"at least {low}" if low else f"up to {high}"
        number = f"{line['value'] or ends} {line['unit']}".strip()
        named_here = names[line["plant"]], line["measure"], number, line["date"]
        found.append(KnownCost(*named_here, line.row()))
    return tuple(found)


def range_of(point: Chokepoint) -> str:
    """Return the range of a loss, or that it was not drawn."""
    if point.loss_low is None or point.loss_high is None:
        return "not drawn"
    return between_ends(point.loss_low, point.loss_high)


def loss_with_range(point: Chokepoint) -> str:
    """Return a loss with its range, and with what it would be if producers served home first."""
    if point.loss is None:
        return NOT_KNOWN
    home = percent(point.home_first)
    return f"first year {point.first_year_cell}, for good {point.loss_cell}, home first {home}"


def loss_then(then: Chokepoint, first: Chokepoint) -> str:
    """Return a loss of a later horizon beside that of the first, both of one balance."""
    at_first, later = percent(first.single), percent(then.single)
    year = percent(then.told_at_first)
    return f"{later} for good ({year} in a first year), of {at_first} before, by one balance"


_LONG = 42.0  # Letters of whom an act is aimed at, as wide as an m, before the rest is left out
COLUMNS = ("Act", "Issued by", "On the day", "Applies to", "To", "Loss if licensed")


class ListedAct(Value):
    """An act that a brief lists."""

    line: PolicyLine  #: the act on the day, as ``policies`` lists it
    scope: Scope | None  #: what it binds of the chain; None for what no flow of goods carries
    rows: tuple[str, ...]  #: the rows of its status, and those by which it touches the element

    @property
    def since(self) -> str:
        """The date, as printed, since when it stands; empty where it is not known."""
        return self.line.status.begins or self.line.status.since

    def names(self, members: frozenset[str]) -> bool:
        """Whether it binds some of these elements by what they are, not only other goods."""
        return self.scope is None or bool(self.scope.elements & members)


def read_controls(
    facts: Facts,
    tables: Mapping[str, TableShape],
    selection: PolicySelection,
    bound: frozenset[str],
    by: str = "",
) -> tuple[ListedAct, ...]:
    """Read the acts that stand, are suspended or in doubt on the day of the facts."""
    scopes = {scope.policy: scope for scope in read_scopes(facts.store, facts.date)}
    of_element = selection.touching(ELEMENT)
    for_all = {
        name
        for name, scope in scopes.items()
        if scope.elements & facts.members or (not scope.goods and name in of_element)
        if scope.destinations is None or not selection.places
    }
    kinds = read_acts(facts.store).acts
    at_market = {  # that guard a country's border, aimed at the market by name, of any element
        policy
        for policy, touches in selection.touched.items()
        if any(touch.what == MARKET and touch.way == DESTINATION for touch in touches)
        if (act := kinds[policy]).kind in BORDER_KINDS and act.country == by
        if policy not in selection.of_other_goods
    }
    asked = of_element | for_all | bound | at_market
    found = lines_of(facts.store, tables, facts.date, asked, selection)
    of_market = of_element & selection.aimed | at_market
    return tuple(
        ListedAct(line, scope, scope.rows if scope else others)
        for line in found
        if line.policy in of_market | for_all | bound
        if line.status.stands
        for scope in [scopes.get(line.policy)]
        for reach in [selection.rows(line.policy, ELEMENT)]
        for others in [tuple(dict.fromkeys((*line.status.rows, *reach)))]
    )


def cells_of(
    act: ListedAct,
    members: frozenset[str],
    labels: Mapping[str, str],
    points: Mapping[str, Chokepoint],
    *,
    measured: bool,
) -> tuple[str, ...]:
    """Return the cells of an act in the table of a brief."""
    line, scope = act.line, act.scope
    goods = ""
    if scope:
        named_here = scope.elements & members or scope.elements
        bound: dict[str, list[str]] = {}
        for stage in scope.stages:
            bound.setdefault(listed(sorted(scope.goods[stage] & named_here)), []).append(stage)
        told = (f"{names} at {listed(stages)}" for names, stages in bound.items() if names)
        goods = "; ".join(told)
    if line.kind == "technology-export-ban":
        goods = "technology"
    loss = "not measured"
    if scope is not None and scope.goods:
        loss = "applies to no flow of that year in the model" if measured else NOT_KNOWN
    if point := points.get(f"policy/{line.policy}"):
        loss = loss_with_range(point)
    to = shorten(line.aimed_at, _LONG)
    if scope:
        places = sorted(scope.destinations or ())
        some = listed(named(labels.get(x, x)) for x in places) or "named users only"
        to = "all countries" if scope.destinations is None else some
    status = dates_in_words(line.status.text)
    return line.title, line.country_label, status, goods or line.covers, to, loss


_OF_MAGNETS = frozenset({f"gap/{ALLOY}", f"gap/{MAGNET}"})  # if no magnet holds the element


class BriefFindings(Value):
    """What a brief is written from."""

    contingency: Contingency  #: horizon, event and approval
    report: Chokepoints  #: the chokepoints of that contingency
    #: the same where borders close, and where half is licensed, by event
    border: Mapping[str, Chokepoints]
    later: Chokepoints  #: what is under construction counts in it: the medium run
    fixes: Fixes | None  #: what makes the first line good; None where no loss is known
    #: acts that touch the element and the market, or bind a flow of its chain
    controls: tuple[ListedAct, ...]
    news: News  #: what changed in the ninety days before the day, and what is due after it
    mix: MarketMix | None  #: from where the market takes its magnets; None is not known
    gaps: tuple[QueryRecord, ...]  #: what was looked for and not found, the most important first
    #: who led the stage of the first line by year, or all stages where it is of all, as records
    #: print it of the element
    led: tuple[ConcentrationYear, ...]
    costs: tuple[KnownCost, ...]  #: what plants that are being built cost, as records say it
    cards: Mapping[str, RowCard]  #: all rows used, with their sources
    members: frozenset[str]  #: symbols of the element, or of the group's members
    labels: Mapping[str, str]
    missing: tuple[str, ...]
    day: str
    #: what shipped scenarios lead to for the market, most lacking first
    outcomes: tuple[ReleasedOutcome, ...] = ()


def read_found(
    network: Network,
    facts: Facts,
    schema: Schema,
    contingency: Contingency | None = None,
    *,
    year: int | None = None,
    released: ReleasedRanges | None = None,
) -> BriefFindings:
    """Work out the findings that a brief is written from."""
    chosen = contingency or Contingency()
    found_report = find_chokepoints(network, facts, chosen, year=year, released=released)
    report = with_evidence(found_report, facts)
    approval = chosen.approval if chosen.event == "licence" else APPROVAL
    border = {
        event: find_chokepoints(
            network, facts, Contingency(event, chosen.horizon, approval), year=year
        )
        for event in ("embargo", "licence")
    }
    later = find_chokepoints(network, facts, Contingency(horizon="medium-run"), year=year)
    bound = frozenset(
        point.id.removeprefix("policy/")
        for point in border["licence"].chokepoints
        if point.kind == "policy"
    )
    market = about(network).market
    selection = select(facts.store, facts.element.id, market)
    first = first_of(report)
    by = (first.country if first else "") or ""
    controls = read_controls(facts, schema.tables, selection, bound, by)
    stage = (first.limited_at or first.stage) if first else SEPARATION
    gaps = _gaps(facts, controls)
    oxide = in_no_magnet(report)
    asked = {"element": facts.element.id, "stage": stage, "date": facts.date}
    sites = (
        {line["facility_id"] for line in facts.ask("facilities-by-element", **asked)}
        if oxide
        else {node.rpartition("/")[2] for node in network if node_of(network, node).kind == "site"}
    )
    news = read_news(facts, schema, selection, stage, frozenset(sites), named=oxide)
    if oxide:
        news = replace(news, events=_of_no_magnet(news.events), due=_of_no_magnet(news.due))
    what = first.id if first is not None and first.event == "outage" else FIRST
    fixes = find_fixes(network, facts, what, chosen, year=year) if report.base else None
    found = BriefFindings(
        contingency=chosen,
        report=report,
        border=border,
        later=later,
        fixes=fixes,
        controls=controls,
        news=news,
        mix=find_mix(facts, market)
        if report.base is None
        else read_base_year(facts, report.base.year, market, report.market_label).mix,
        gaps=gaps,
        led=_led(facts, first.stage if first else ""),
        costs=read_costs(facts, later.built),
        cards={},
        members=facts.members,
        labels=facts.country_labels,
        missing=tuple(
            node_of(network, node).text
            for node in sorted(network)
            if node_of(network, node).kind == "gap"
            if not (in_no_magnet(report) and node in _OF_MAGNETS | {f"gap/market-{market}"})
        ),
        day=facts.date,
    )
    cards = read_cards(facts.store, schema.tables, rows_of(found))
    return replace(found, cards=cards)


def unaccounted(base: BaseYearFigures) -> list[str]:
    """Say, if anything, what rows do not explain of the balance."""
    parts = base.unexplained.items()
    told = listed(f"{percent(part)} at {at}" for at, part in parts if part > NEGLIGIBLE_LOSS)
    return [f"Unaccounted for, of what each stage uses: {told}."] if told else []


def first_of(report: Chokepoints) -> Chokepoint | None:
    """Return the line that the headline is of, where it costs anything."""
    found = first_line(report)
    return found if found is not None and (found.loss or 0.0) > NEGLIGIBLE_LOSS else None


def subject_of(found: BriefFindings) -> str:
    """Return the element as a question names it, in lower case but for names of groups."""
    title = found.report.title
    return title if "(" in title else title.lower()


def of_magnets(text: str) -> bool:
    """Tell whether a record speaks of magnets and not of rare earths beside them."""
    low = text.lower()
    return "magnet" in low and "earths" not in low


def rows_of(found: BriefFindings) -> frozenset[str]:
    """Return all rows that a brief may cite; plans whose time is over are told without a source."""
    cited = rows_in(replace(found, news=replace(found.news, passed=())))
    plans = found.fixes.plan_rows.values() if found.fixes else ()
    return frozenset({*cited, *(gap.row() for gap in found.gaps), *chain.from_iterable(plans)})


def _gaps(facts: Facts, controls: tuple[ListedAct, ...]) -> tuple[QueryRecord, ...]:
    subjects = [facts.element.label, *(act.line.policy for act in controls)]
    answers = (ask(facts.store, "gaps-about", about=about) for about in subjects)
    found = {gap["row"]: gap for answer in answers for gap in answer}
    return tuple(
        sorted(found.values(), key=lambda gap: (-(gap.maybe_number("importance") or 0), gap["row"]))
    )


def _of_no_magnet(events: tuple[DatedEvent, ...]) -> tuple[DatedEvent, ...]:
    return tuple(each for each in events if not of_magnets(each.sentence()))


def _led(facts: Facts, stage: str) -> tuple[ConcentrationYear, ...]:
    with suppress(NotKnownError):
        found = find_concentration(facts, stage or None, series=True, since=1985)
        return tuple(line for line in found.lines if line.rank == 1 and line.leader)
    return ()
