"""Chokepoints: what a market loses by each failure, beside its share and its place in the routes.

Each event is applied to the flow model of the base year. In an *outage* plants stop; in an
*embargo* a country sells nothing abroad; under a *licence* it sells the approved part.

Medians and ranges of losses that were drawn with a release stand beside its tables. They hold for
those tables, and for a report whose least-move solution is still what it was then.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import replace
from functools import cached_property
from math import fsum, isinf
from pathlib import Path
from typing import Any

from monazite.analysis.chokepoints import loss_model
from monazite.analysis.chokepoints.figures import (
    FIRST_YEAR,
    LOSS,
    MEASURES,
    BaseYearFigures,
    Chokepoint,
    DrawsMade,
    LineRange,
    ranked,
    stocks_of,
)
from monazite.analysis.chokepoints.headline import evidence_of, product_names, rests_on
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration import standing
from monazite.analysis.cuts.disjoint_routes import NodeRole, find_structure
from monazite.core.errors import NotKnownError
from monazite.core.files import read_plain
from monazite.core.formats import exact_percent, figures
from monazite.core.results import Percentiles, Struct
from monazite.data.parameters import ALLOY, MAGNET, METAL, MINE, SEPARATION, Contingency
from monazite.model.chain.base_year import assumed_in, chain_elements, weak_use
from monazite.model.chain.chain import Ceiling
from monazite.model.contingencies import failure_points
from monazite.model.contingencies.under_construction import without_base
from monazite.model.flow.study import Study, unexplained_at
from monazite.model.months.first_year import FirstYear
from monazite.model.network.attributes import Network, about, node_of
from monazite.model.network.facts import Facts, tiers_of
from monazite.model.network.market import own_use
from monazite.model.network.shares import WORLD
from monazite.model.ownership import owners_of
from monazite.model.reconciliation.numbers import fingerprint_of
from monazite.model.trade_content import NDFEB
from monazite.model.wording import RECONCILED, STAGES, capital, listed
from monazite.store.names import named
from monazite.store.queries import QueryRecord
from monazite.store.store import Store

ABOUT = "about.json"
COLUMNS = (
    *("market", "line", "moved_by", "cap_lifted"),
    *(f"{x}{end}" for x in MEASURES for end in ("_least_move", "", "_low", "_high")),
)
"""Of each measure the number of the least-move solution, then the median of draws and its ends."""
SHARES = "shares.csv"
SHARE_COLUMNS = ("element", "what", "least_move", "median", "low", "high")
QUESTIONS = "questions.csv"
QUESTION_COLUMNS = ("element", "market", "rejected", "limit", "taken_low", "taken", "taken_high")
MOST = 1 << 24  # bytes of a file of ranges that are read
SAME = 1e-6  # two losses, in parts of 1, that differ by less are one


class ReleasedRanges(Struct):
    """The ranges of a release; they must be drawn from tables with the hash that is asked for."""

    folder: Path
    tables: str

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """Event, horizon, year, count, seed and hashes of the draws; empty if unreadable."""
        try:
            found = json.loads(read_plain(self.folder / ABOUT, MOST))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def markets(self) -> Mapping[str, tuple[str, ...]]:
        """The markets of which losses were asked, by element as its file is called; else none."""
        found: dict[str, tuple[str, ...]] = {}
        try:
            for element, market, *_ in self._read(QUESTIONS, QUESTION_COLUMNS):
                found[element] = (*found.get(element, ()), market)
        except (KeyError, OSError, TypeError, ValueError, csv.Error):
            return {}  # a file that is not what a release wrote
        return found

    def beside(self, report: Chokepoints, names: tuple[str, ...], stocks: str = "") -> Chokepoints:
        """Return a report with the ranges of its losses; as it is where they were not drawn.

        Those of first years hold for what is assumed of time and stocks too: its fingerprint.
        """
        base, about = report.base, self.about
        if base is None or about.get("tables") != self.tables:
            return report
        asked = (base.event, base.horizon, base.year)
        if asked != tuple(about.get(each) for each in ("event", "horizon", "year")):
            return report
        element = file_name(names)
        try:
            made, ranges = self._made(element, report.market), self._ranges(element, report)
        except (KeyError, OSError, TypeError, ValueError, csv.Error):
            return report  # a file that is not what a release wrote
        if made is None or not ranges:
            return report
        if about.get("stocks") != stocks:
            ranges = {line: each.without(FIRST_YEAR) for line, each in ranges.items()}
        return report.with_ranges(ranges, made)

    def shares(
        self, names: tuple[str, ...], year: int, now: Mapping[str, float]
    ) -> Mapping[str, Percentiles]:
        """Return what was drawn of shares and indices; nothing where they are not as they were."""
        if (self.about.get("tables"), self.about.get("year")) != (self.tables, year):
            return {}
        told, element = dict[str, tuple[float, Percentiles]](), file_name(names)
        try:
            for of, what, *texts in self._read(SHARES, SHARE_COLUMNS):
                then, *numbers = map(float, texts)
                if of == element:
                    told[what] = then, Percentiles(*numbers)
        except (KeyError, OSError, TypeError, ValueError, csv.Error):
            return {}  # a file that is not what a release wrote
        places = {what for what in told if what.partition("/")[2]}
        same = places == now.keys() and all(abs(now[x] - told[x][0]) <= SAME for x in places)
        return {what: drawn for what, (_, drawn) in told.items()} if same else {}

    def _made(self, element: str, market: str) -> DrawsMade | None:
        for of, who, rejected, limit, *_ in self._read(QUESTIONS, QUESTION_COLUMNS):
            if (of, who) == (element, market):
                draws, seed = self.about["draws"], self.about["seed"]
                return DrawsMade(int(draws), int(seed), int(rejected), float(limit), shipped=True)
        return None

    def _ranges(self, element: str, report: Chokepoints) -> dict[str, LineRange] | None:
        """The ranges by line; None where a loss is not what it was when they were drawn."""
        found: dict[str, LineRange] = {}
        losses = {each.id: each.loss for each in report.chokepoints}
        for market, line, moved_by, lifted, *texts in self._read(f"{element}.csv", COLUMNS):
            if market != report.market or line not in losses:
                continue
            given = [texts[at : at + 4] for at in range(0, len(texts), 4)]
            told = {x: [*map(float, of)] for x, of in zip(MEASURES, given, strict=True) if of[0]}
            loss = losses[line]
            if loss is None or abs(loss - told[LOSS][0]) > SAME:
                return None
            drawn = {x: Percentiles(*numbers) for x, (_, *numbers) in told.items()}
            found[line] = LineRange(drawn, moved_by, float(lifted) if lifted else None)
        return found

    def _read(self, name: str, columns: tuple[str, ...]) -> list[list[str]]:
        """The lines of a file, as a release wrote it."""
        content = read_plain(self.folder / name, MOST)
        if hash_of_file(content) != self.about["files"][name]:
            raise ValueError(f"{name} is not what was written")
        header, *lines = csv.reader(content.decode().splitlines())
        return lines if tuple(header) == columns else []


def hash_of_file(content: bytes) -> str:
    """Return what ``about.json`` says of a file: the first part of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def file_name(names: tuple[str, ...]) -> str:
    """Return what the ranges of some element chains are called: ``Dy+NdPr``."""
    return "+".join(sorted(names))


def shared_study(study: Study, store: Store) -> Study:
    """Return a study that remembers, while the store is open, what any of its chain has solved."""
    solved_from = fingerprint_of(study.chain, study.horizon)
    first = store.derive(("solved", solved_from), lambda: study)
    if study.contingency != first.contingency:
        first = copy(first)
        first.contingency = study.contingency
    return first.asked(study.names, study.market)


def find_chokepoints(
    network: Network,
    facts: Facts,
    contingency: Contingency | None = None,
    *,
    year: int | None = None,
    full: bool = False,
    released: ReleasedRanges | None = None,
) -> Chokepoints:
    """Rank what a market cannot do without."""
    chosen = contingency or Contingency()
    try:
        model = loss_model.LossModel(network, facts, chosen, year)
    except NotKnownError as unknown:
        # What the market loses is not known; who makes what in the world may be.
        world, _ = standing.read_known_year(facts, year=year)
        roles = find_structure(network).standings
        candidates = failure_points.candidates_of(
            network, chosen.event, owners_of(network, facts), world
        )
        found = [_line(network, each, chosen, None, roles) for each in candidates]
        told = (str(unknown), *([standing.PRINTED] if world is None else []))
        return _report(network, facts, found, world, notes=told, asked=year)
    roles = find_structure(network, model.year).standings
    asked = [(each, model.study.event_of(each)) for each in model.candidates]
    asked += model.policies()
    study = shared_study(model.study, facts.store)
    losses = loss_model.cached_losses(study, [event for _, event in asked], facts.store, full=full)
    found = [
        _line(network, each, chosen, lost, roles, model.assumed)
        for (each, _), lost in zip(asked, losses, strict=True)
    ]
    told = tuple(_notes(model, chosen))
    report = replace(
        _report(network, facts, found, model.year, notes=told),
        assumptions=assumed_in(model.base, facts),
        base=_base(model, chosen),
        built=model.built.found,
        built_remarks=(*without_base(model.built.found, model.chain), *model.built.remarks),
    )
    try:
        first = model.first_year
    except NotKnownError:  # rows of time and stocks are left out
        first = None
    if released is not None:
        stocks = fingerprint_of(*first.assumed) if first is not None else ""
        report = released.beside(report, model.base.elements.names, stocks)
    if first is None:
        return report
    report = with_first_years(report, study, first, facts.store, asked)
    if not full:
        return report
    bare = replace(first, settings=first.settings.without_stocks)
    return with_first_years(report, study, bare, facts.store, asked, "without_stocks")


def with_first_years(
    report: Chokepoints,
    study: Study,
    first: FirstYear,
    store: Store,
    events: Iterable[tuple[failure_points.Candidate, failure_points.Event]],
    field: str = FIRST_YEAR,
) -> Chokepoints:
    """Return a report with what is lost in twelve months by each line that costs something."""
    by_line = {candidate.id: event for candidate, event in events}
    lines = [x for x in report.chokepoints if getattr(x, field) is None and x.costs]
    horizon = study.contingency.horizon
    served = loss_model.cached_first_years(first, [by_line[each.id] for each in lines], store)
    years: dict[str, Any] = {
        x.id: {field: loss_model.of_first_year(study.lost(after), x.single or 0.0, horizon)}
        for x, after in zip(lines, served, strict=True)
    }
    found = (replace(x, **years.get(x.id, {})) for x in report.chokepoints)
    return replace(report, chokepoints=(*found,))


def with_evidence(report: Chokepoints, facts: Facts) -> Chokepoints:
    """Return a report with how good the figures are that it rests on."""
    tiers = tiers_of(facts, rests_on(report))
    return replace(report, evidence=evidence_of(report, tiers))


def _report(
    network: Network,
    facts: Facts,
    found: list[Chokepoint],
    year: failure_points.ModelYear | None = None,
    *,
    notes: tuple[str, ...],
    asked: int | None = None,
) -> Chokepoints:
    try:
        beyond = () if chain_elements(facts).magnet else (ALLOY, MAGNET)
    except NotKnownError:
        beyond = ()
    standings = standing.stage_standings(network, facts, year, asked)
    unknown = [x.stage for x in standings if x.leader is None and f"gap/{x.stage}" in network]
    if passed := [stage for stage in unknown if stage not in beyond]:
        notes += (f"We found no country shares for {listed(passed)}: no route has it.",)
    return Chokepoints(
        element=about(network).element,
        title=facts.title,
        market=about(network).market,
        market_label=about(network).market_label,
        stages=tuple(each for each in standings if each.stage not in beyond),
        chokepoints=ranked(found),
        notes=notes,
        stocks=stocks_of(facts, about(network).market),
    )


def _line(
    network: Network,
    candidate: failure_points.Candidate,
    chosen: Contingency,
    lost: loss_model.Loss | None,
    roles: Iterable[NodeRole],
    assumed: tuple[str, ...] = (),
) -> Chokepoint:
    role = next((each for each in roles if each.id == candidate.id), None)
    loss = lost.loss if lost else None
    costs = loss is None or loss > loss_model.NEGLIGIBLE_LOSS
    share = candidate.share if candidate.hits else None
    # the rows that print the lowest and the highest share of the pools that fail
    pools = [node_of(network, x) for x in candidate.hits if candidate.basis != RECONCILED]
    known = {**vars(candidate), **(vars(lost) if lost else {})}
    known["rows"] = tuple(dict.fromkeys(candidate.rows))
    known["remark"] = candidate.remark or loss_model.remark_on(
        loss, share if candidate.stage else None
    )
    if share is None:
        known |= {"share": None, "figure": "", "share_at": ""}
    if role is not None:
        known |= {
            "dominator": None if role.dominator is None else role.dominator and costs,
            "in_minimum_cut": role.in_minimum_cut,
            "routes_without": role.routes_without,
        }
    return Chokepoint(
        **known,
        event=chosen.event,
        assumptions=assumed if lost else (),
        range_rows=tuple(dict.fromkeys(row for pool in pools for row in pool.range_rows)),
    )


def _base(model: loss_model.LossModel, chosen: Contingency) -> BaseYearFigures:
    study, horizon, base = model.study, model.horizon, model.base
    mix, low, high = base.mix, None, None
    if mix is not None and mix.low is not None and mix.high is not None:
        part = study.base / mix.tonnes if mix.tonnes else 0.0
        low, high = min(mix.low * part, study.base), max(mix.high * part, study.base)
    parts = {at: unexplained_at(model.chain, study.names, at) for at in (MINE, SEPARATION, METAL)}
    return BaseYearFigures(
        year=model.chain.year,
        product=study.title,
        unit="t",
        served=study.base,
        horizon=horizon.name,
        trade=None if isinf(horizon.trade) else horizon.trade,
        throughput=horizon.throughput,
        new_pairs=None if isinf(horizon.new_pairs) else horizon.new_pairs,
        event=chosen.event,
        approval=chosen.approval if chosen.event == "licence" else None,
        unexplained={stage: part for stage, part in parts.items() if part is not None},
        outside=model.chain.outside if SEPARATION in study.stages else {},
        rows=model.accounts.rows,
        market_rows=mix.rows if mix is not None else (),
        served_low=low,
        served_high=high,
        weak=weak_use(model.accounts, model.facts),
    )


def _ceilings(model: loss_model.LossModel) -> Iterable[str]:
    """Say what can be made at the most by rows, where the assumed throughput does not hold."""
    whats: dict[tuple[str, str, Ceiling], list[str]] = {}
    for (stage, pool, what), ceiling in model.chain.ceilings.items():
        if ceiling.by in model.horizon.ceilings and stage in model.study.stages:
            whats.setdefault((stage, pool, ceiling), []).append(what)
    for (stage, pool, ceiling), found in whats.items():
        where, times = named(model.year.named(pool)), model.horizon.times(ceiling)
        goods = "ore" if stage == MINE else listed(product_names(each)[1] for each in found)
        most = f"{figures(times, 3)} times the {goods}" if times > 1 else f"the {goods}"
        rows = ", ".join(ceiling.rows)
        yield (
            f"{capital(STAGES[stage])} in {where} gives at most {most} of {model.chain.year}, "
            f"by its {ceiling.by} ({rows})."
        )


def _no_lines(model: loss_model.LossModel) -> Iterable[str]:
    """Who makes or sells something and is no line, and why."""
    small = failure_points.too_small(model.year, model.study.stages)
    if small:
        who = "; ".join(f"{STAGES[at]} {listed(map(named, each))}" for at, each in small.items())
        least = exact_percent(failure_points.LEAST_PART)
        yield f"Not listed, being under {least} of their stage: {who}."
    sold_on = failure_points.resellers(model.year) if MINE in model.study.stages else []
    if sold_on:
        yield f"Not listed, as we found ore sold but none mined: {listed([*map(named, sold_on)])}."


def _rationing(facts: Facts) -> Iterable[str]:
    """What records say against cutting all buyers in proportion, by year and goods."""
    found = facts.ask("allocation-evidence")
    for year, what in sorted({(each["year"], each["what"]) for each in found}):
        own = [each for each in found if (each["year"], each["what"]) == (year, what)]
        world, places = (
            [each for each in own if (each["to"] == WORLD) is of_all] for of_all in (True, False)
        )
        if world and places:
            parts = listed(f"those to {each['toLabel']} {_change(each)}" for each in places)
            yield (
                f"Records speak against cutting all in proportion: in {year} China's exports of "
                f"{what} {_change(world[0])}, {parts} ({listed(each.row() for each in own)}). "
                "Whom China would serve first is not in the model."
            )


def _change(answer: QueryRecord) -> str:
    change = answer.maybe_number("percent")
    least = change is None
    change = answer.number("low") if change is None else change
    verb = "rose" if change > 0 else "fell"
    return f"{verb} by {'at least ' if least else ''}{exact_percent(abs(change) / 100)}"


def _notes(model: loss_model.LossModel, chosen: Contingency) -> Iterable[str]:
    yield (
        f"Losses are of magnets used by industry in {model.chain.year}. Magnets inside motors, "
        "cars and machines that cross a border are not counted."
    )
    yield "We assume that what is unaccounted for continues; if not, losses grow."
    yield (
        "Contracts are served first, all buyers of a country in proportion. What remains is bid "
        "for. Home first: producing countries serve their own users before buyers abroad."
    )
    if model.base.elements.magnet == NDFEB:
        yield from _rationing(model.facts)
    yield from _ceilings(model)
    marks = model.facts.marks
    not_measured = Counter(marks[row] for row in model.accounts.rows if row in marks)
    if not_measured:
        kinds = ", ".join(f"{count} {mark}" for mark, count in sorted(not_measured.items()))
        yield f"Not every record behind the losses is measured: {kinds}."
    yield from _no_lines(model)
    before = [stage for stage in (MINE, SEPARATION, METAL) if stage not in model.study.stages]
    if before:
        yield (
            f"Records of {model.chain.year} explain less than half of what is used after "
            f"{STAGES[before[-1]]}: losses by {listed(STAGES[each] for each in before)} are not "
            "known."
        )
    if model.chain.year < model.facts.year - 1:
        yield (
            f"Sites, and shares of stages that the reconciled year does not follow, are those of "
            f"{model.facts.date}, not of {model.chain.year}."
        )
    if model.base.mix is not None:
        yield from model.base.mix.remarks
    elif model.base.elements.magnet == NDFEB:
        market, main = model.base.market, model.chain.main
        demand = sorted(model.chain.demand.items())
        taken = fsum(tonnes for (name, of), tonnes in demand if name in main and of == market)
        yield from own_use(model.facts, market, model.chain.year, taken)
    if chosen.horizon == "free":
        yield (
            "Trade without limits is no forecast, and for one market no bound: others may be "
            "served in its place."
        )
