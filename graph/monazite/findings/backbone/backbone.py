"""The backbone of a chain: its countries at each stage, and what flows between them to a market.

Every number is one that the chokepoint report prints, or the flow of the reconciled year that
these rest on. Where no year is reconciled the shares are those that rows print, the flows are
those that the network knows, without a size, and what is missing stands in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import fsum

from monazite.findings.annotations.annotations import BOUND_KINDS
from monazite.findings.backbone.origins import bought_by, flows_of, is_of_magnets
from monazite.findings.backbone.result import (
    Backbone,
    ControlInForce,
    PlaceFlow,
    PlaceSite,
    StagePlace,
)
from monazite.findings.events.failure_points import ModelYear, find_candidates
from monazite.findings.losses.headline import (
    ALLOWED,
    first_line,
    loss_answer,
    of_group,
    of_oxide,
    product_names,
)
from monazite.findings.losses.result import Chokepoint, Chokepoints
from monazite.findings.policies.export_controls import Scope, read_scopes
from monazite.findings.standing.makers import read_known_year
from monazite.findings.wording import maker_of
from monazite.network.attributes import NetworkNode, about, arcs_of, node_of, nodes_of
from monazite.network.facts import Facts
from monazite.network.graph import Network
from monazite.network.shares import WORLD
from monazite.parameters import MAGNET, SEPARATION, USE
from monazite.rows.filters import SURELY
from monazite.safe_text import NOT_KNOWN

_NEXT = {"mine": "separation", "separation": "metal", "metal": "magnet"}


def find_backbone(network: Network, facts: Facts, report: Chokepoints) -> Backbone:
    """Return the backbone of a chain.

    >>> from monazite.findings.losses.chokepoints import find_chokepoints
    >>> from monazite.network.build import build_network
    >>> from monazite.network.facts import read_facts
    >>> from monazite.triples.opening import open_store
    >>> facts = read_facts(open_store(), "Y", "2026-11-24")
    >>> network = build_network(facts)
    >>> found = find_backbone(network, facts, find_chokepoints(network, facts))
    >>> [stage for stage, _ in found.stages]
    ['mine', 'separation']
    """
    asked = report.base.year if report.base else None
    model, _ = read_known_year(facts, about(network).market, about(network).market_label, asked)
    if model is None:
        model, _ = read_known_year(facts, year=asked)
    places = _Places(network, report, model, _plants(facts))
    stages = _stages(network, model, places)
    found = tuple(place for stage, _ in stages for place in places.at(stage))
    scopes = _in_force(facts)
    flows = tuple(_flows(network, report, model, scopes, facts.members, [x for x, _ in stages]))
    used = {name for flow in flows for name in flow.controls}
    first, base, subject = first_line(report), report.base, subject_of(report.title)
    return Backbone(
        report=report,
        headline=loss_answer(report).headline,
        first="" if first is None else first.id,
        subject=subject,
        product=subject if base is None else product_names(base.product, report.title)[0],
        day=about(network).date,
        allowed="" if base is None else ALLOWED[base.horizon],
        stages=tuple(stages),
        places=found,
        flows=flows,
        controls=tuple(
            ControlInForce(each.policy, each.title, each.country, each.state)
            for each in scopes
            if each.policy in used
        ),
        world_parts=tuple(_world_parts(report, model)),
        missing=tuple(_missing(report, dict(stages))),
        ask=tuple(_ask(report, model)),
    )


def subject_of(title: str) -> str:
    """Return an element as it stands inside a sentence.

    >>> subject_of("Dysprosium"), subject_of("NdPr (Nd, Pr)")
    ('dysprosium', 'NdPr (Nd, Pr)')
    """
    name = title.partition(" (")[0] if len(title) > 30 else title
    return name.lower() if name.istitle() and name.isalpha() else name


@dataclass(frozen=True)
class _ToldShare:
    """A share of a stage as it is told."""

    label: str
    share: float | None
    low: float | None
    high: float | None
    figure: str
    year: int | None


class _Places:
    """The countries at each stage, with their shares, lines and sites."""

    def __init__(
        self,
        network: Network,
        report: Chokepoints,
        model: ModelYear | None,
        plants: frozenset[str],
    ) -> None:
        self.lines = {each.id: each for each in report.chokepoints if each.kind == "country"}
        self.whole = report.base is not None and report.base.event != "outage"
        self.shares = {} if model is None else dict(_reconciled(model))
        followed = {stage for stage, _ in self.shares}
        if of_oxide(report):  # what leads a wider group says nothing of a by-product
            followed |= {each.stage for each in report.stages if of_group(each)}
        for node in nodes_of(network):
            if node.kind == "country" and node.stage not in followed:
                self.shares[node.stage, node.country or ""] = _printed(node)
        self.sites: dict[tuple[str, str], list[PlaceSite]] = defaultdict(list)
        self.labels = {node.country or "": node.country_label for node in nodes_of(network)}
        for node in nodes_of(network):
            if node.kind in {"site", "firm"} and node.stage != USE:
                self.sites[node.stage, node.country or ""].append(_site(node, plants))

    def at(self, stage: str) -> list[StagePlace]:
        """The places of a stage, the largest share first, then those of which none is known."""
        codes = {code for at, code in (*self.shares, *self.sites) if at == stage}
        found = [self._place(stage, code) for code in codes]
        return sorted(found, key=lambda each: (-(each.share or 0.0), each.share is None, each.code))

    def known_at(self, stage: str) -> bool:
        """Whether a share of a stage is known."""
        return any(at == stage and each.share is not None for (at, _), each in self.shares.items())

    def _place(self, stage: str, code: str) -> StagePlace:
        told = self.shares.get((stage, code))
        label = (told.label if told else "") or self.labels.get(code) or code or "Country not known"
        return StagePlace(
            stage=stage,
            code=code,
            label=label,
            share=told.share if told else None,
            share_low=told.low if told else None,
            share_high=told.high if told else None,
            figure=told.figure if told else "",
            year=told.year if told else None,
            point=self._line(stage, code),
            sites=tuple(sorted(self.sites.get((stage, code), []), key=lambda x: (x.label, x.id))),
        )

    def _line(self, stage: str, code: str) -> Chokepoint | None:
        """The line of a country at a stage; behind a closed border that of the whole country."""
        if self.whole and (stage, code) in self.shares:
            return self.lines.get(f"country/{code}") or self.lines.get(f"{stage}/{code}")
        return self.lines.get(f"{stage}/{code}")


def _reconciled(model: ModelYear) -> Iterator[tuple[tuple[str, str], _ToldShare]]:
    for each in find_candidates(Network(), None, model):
        if each.kind == "country" and not model.resells(each.stage, each.country):
            label = maker_of(each.label, each.stage)
            yield (
                (each.stage, each.country),
                _ToldShare(label, each.share, None, None, each.figure, each.year),
            )


def _printed(node: NetworkNode) -> _ToldShare:
    return _ToldShare(
        node.label, node.share, node.share_low, node.share_high, node.kind_of_figure, node.year
    )


def _plants(facts: Facts) -> frozenset[str]:
    """The ends of supply links that are plants, though no record may tell their stage."""
    ends = ("supplier", "customer")
    return frozenset(
        link[end] for link in facts.links for end in ends if link[f"{end}Kind"] == "facility"
    )


def _site(node: NetworkNode, plants: frozenset[str]) -> PlaceSite:
    return PlaceSite(
        id=str(node.id),
        label=node.label,
        country=node.country_label,
        code=node.country or "",
        status=node.status or NOT_KNOWN,
        sure=node.status_sure in {SURELY, "", NOT_KNOWN},
        firm=node.kind == "firm" and node.firm not in plants,
    )


def _stages(network: Network, model: ModelYear | None, places: _Places) -> list[tuple[str, str]]:
    """The stages to the last product that the market takes; without a year to the last known."""
    listed = [(stage, label) for stage, label in about(network).stages if stage != USE]
    codes = [stage for stage, _ in listed]
    if model is not None:
        last = MAGNET if is_of_magnets(model.chain) else SEPARATION
    else:
        last = max((each for each in codes if places.known_at(each)), key=codes.index, default="")
    return listed[: codes.index(last) + 1] if last in codes else listed


def _in_force(facts: Facts) -> list[Scope]:
    return [each for each in read_scopes(facts.store, facts.date) if each.in_force]


def _flows(
    network: Network,
    report: Chokepoints,
    model: ModelYear | None,
    scopes: Iterable[Scope],
    members: Iterable[str],
    stages: list[str],
) -> Iterator[PlaceFlow]:
    if model is None:
        yield from _known_flows(network, stages)
        return
    symbols = sorted(members)
    market = about(network).market
    for (stage, seller, buyer), tonnes in flows_of(model).items():
        if _NEXT[stage] in stages:
            bound = _covering(scopes, stage, symbols, seller, buyer)
            whole = model.made(stage)
            part = tonnes / whole if whole else None
            yield PlaceFlow(stage, seller, _NEXT[stage], buyer, tonnes, part, bound)
    if report.base is None:
        return
    bought = bought_by(model, market, report.base.product)
    whole = fsum(bought.values())
    for seller, tonnes in bought.items():
        bound = () if market == WORLD else _covering(scopes, stages[-1], symbols, seller, market)
        yield PlaceFlow(stages[-1], seller, USE, market, tonnes, tonnes / whole, bound)


def _covering(
    scopes: Iterable[Scope], stage: str, symbols: Iterable[str], seller: str, buyer: str
) -> tuple[str, ...]:
    return tuple(
        scope.policy
        for scope in scopes
        if seller and any(scope.binds(stage, symbol, seller, buyer) for symbol in symbols)
    )


def _known_flows(network: Network, stages: list[str]) -> Iterator[PlaceFlow]:
    """Flows that the network knows between countries, without a size, each once."""
    policies = about(network).policies
    found: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for arc in arcs_of(network):
        source, target = node_of(network, arc.source), node_of(network, arc.target)
        between = source.kind == "country" and target.kind in {"country", "market"}
        if between and arc.kind in {*BOUND_KINDS, "domestic"} and source.stage in stages:
            key = (source.stage, source.country or "", target.stage, target.country or "")
            found[key] |= {x for x in arc.policies if policies.get(x, {}).get("in_force")}
    for (stage, seller, to, buyer), controls in sorted(found.items()):
        if to == USE or to in stages:
            yield PlaceFlow(stage, seller, to, buyer, None, None, tuple(sorted(controls)))


def _world_parts(report: Chokepoints, model: ModelYear | None) -> Iterator[tuple[str, float]]:
    """What of all that it makes each maker sells to the market."""
    if model is None or report.base is None:
        return
    world = bought_by(model, WORLD, report.base.product)
    bought = bought_by(model, report.market, report.base.product)
    yield from ((maker, tonnes / world[maker]) for maker, tonnes in bought.items())


def _missing(report: Chokepoints, stages: Mapping[str, str]) -> Iterator[str]:
    if report.base is not None:
        return
    yield from report.notes[:1]
    yield from (
        f"{stages[each.stage]}: no country shares found."
        for each in report.stages
        if each.share is None and each.stage in stages
    )


def _ask(report: Chokepoints, model: ModelYear | None) -> Iterator[str]:
    """Commands that answer where this picture cannot."""
    if report.base is not None:
        return
    if model is not None and report.market != WORLD:
        yield f"monazite graph {report.element.lower()}.html -e {report.element} -m {WORLD}"
    yield f"monazite concentration -e {report.element}"
    yield f"monazite query gaps-about --param about={report.element}"
