"""The backbone of a chain: its countries at each stage, and what flows between them to a market.

Where no year is reconciled the shares are those that rows print, and the flows have no size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import fsum

from monazite.analysis.annotations import BOUND_KINDS
from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.headline import (
    ALLOWED,
    first_line,
    in_no_magnet,
    loss_answer,
    of_group,
    product_names,
)
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.standing import read_known_year
from monazite.analysis.cuts.routes import UNEXPLAINED, YearRoutes
from monazite.analysis.policies.export_controls import Scope, read_scopes
from monazite.core.formats import NOT_KNOWN
from monazite.core.results import Value
from monazite.data.filters import SURELY
from monazite.data.parameters import MAGNET, METAL, MINE, SEPARATION, USE
from monazite.model.chain.chain import Chain
from monazite.model.chain.element_chain import ElementChain
from monazite.model.contingencies.failure_points import ModelYear, find_candidates
from monazite.model.network.attributes import (
    Network,
    NetworkNode,
    about,
    arcs_of,
    node_of,
    nodes_of,
)
from monazite.model.network.facts import Facts
from monazite.model.network.shares import WORLD
from monazite.model.wording import maker_of

UNKNOWN = ""  # the maker of what no figure accounts for
NEXT = {MINE: SEPARATION, SEPARATION: METAL, METAL: MAGNET}
Tonnes = dict[tuple[str, str, str], float]


def flows_of(model: ModelYear) -> Tonnes:
    """Return what each pool uses of each stage, by who made it."""
    found: Tonnes = defaultdict(float)
    for name in model.names:
        element_chain = model.chain.element_chains[name]
        for (maker, user), tonnes in _ore(element_chain).items():
            found[MINE, maker, user] += tonnes
        for stage in (SEPARATION, METAL):
            for (maker, user), tonnes in _traced(model, name, stage).items():
                taken = element_chain.taken.get((stage, user), 0.0)
                used = element_chain.used.get(user, 0.0) if stage == SEPARATION else 0.0
                part = max(0.0, 1 - used / taken) if taken > 0 else 0.0  # not into other uses
                to = element_chain.pool(NEXT[stage], user)
                found[stage, maker, to] += tonnes * part
    return {key: tonnes for key, tonnes in sorted(found.items()) if tonnes > 0}


def bought_by(model: ModelYear, market: str, product: str) -> dict[str, float]:
    """Return what a market takes of the last product of the chain, by who made it."""
    chain = model.chain
    if is_of_magnets(chain):
        names = {product} & chain.main.keys() or chain.main
        sold = [(*key[1:], tonnes) for key, tonnes in chain.sold.items() if key[0] in names]
    else:
        traced = (_traced(model, name, SEPARATION).items() for name in model.names)
        sold = [(*key, tonnes) for items in traced for key, tonnes in items]
    found: dict[str, float] = defaultdict(float)
    for maker, user, tonnes in sold:
        found[maker] += tonnes if market in {user, WORLD} else 0.0
    return {maker: tonnes for maker, tonnes in sorted(found.items()) if tonnes > 0}


def parts_of_market(model: ModelYear, market: str, product: str) -> dict[str, dict[str, float]]:
    """Return which part of what a market uses each country made, back from the last stage."""
    flows = flows_of(model)
    parts = _parts(bought_by(model, market, product))
    found = {MAGNET if is_of_magnets(model.chain) else SEPARATION: parts}
    for stage in (METAL, SEPARATION, MINE):
        if NEXT[stage] not in found:
            continue
        before: dict[str, float] = defaultdict(float)
        for user, part in parts.items():
            own = _parts({x: t for (at, x, to), t in flows.items() if (at, to) == (stage, user)})
            for maker, share in (own or {UNKNOWN: 1.0}).items():
                before[maker] += part * share
        parts = found[stage] = dict(before)
    return found


def _parts(tonnes: Mapping[str, float]) -> dict[str, float]:
    whole = fsum(tonnes.values())
    return {name: each / whole for name, each in tonnes.items()} if whole else {}


def _parts_of_world(model: ModelYear, stage: str, bought: Mapping[str, float]) -> dict[str, float]:
    """Which part of what the world uses each country made: its share of output, as it is drawn."""
    drawn = {maker: model.drawn.get(f"{stage}/{maker}") for maker in bought if maker != UNKNOWN}
    named = {maker: each.median for maker, each in drawn.items() if each}
    others = _parts({maker: tonnes for maker, tonnes in bought.items() if maker not in named})
    left = max(0.0, 1 - fsum(named.values()))
    found = {**named, **{maker: left * part for maker, part in others.items()}}
    return found if others else _parts(named)


def is_of_magnets(chain: Chain) -> bool:
    """Return whether the losses of a chain are of magnets."""
    return any(product.stage == MAGNET for product in chain.main.values())


def _ore(element_chain: ElementChain) -> dict[tuple[str, str], float]:
    """Ore whose element is separated, over those who separate any of what a country sells them."""
    separates = {pool for (stage, pool), x in element_chain.taken.items() if stage == MINE and x}
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (stage, country), tonnes in sorted(element_chain.parts.items()):
        if stage != MINE:
            continue
        sold = [
            (buyer, amount)
            for (at, seller, buyer), amount in sorted(element_chain.flows.items())
            if (at, seller) == (MINE, country)
        ]
        home = element_chain.made.get((MINE, country), 0.0) - fsum(amount for _, amount in sold)
        held = [(element_chain.pool(SEPARATION, country), home), *sold]
        buyers = [(x, amount) for x, amount in held if x in separates and amount > 0]
        whole = fsum(amount for _, amount in buyers)
        for buyer, amount in buyers:
            found[element_chain.pool(MINE, country), buyer] += tonnes * amount / whole
    return found


def _traced(model: ModelYear, name: str, stage: str) -> dict[tuple[str, str], float]:
    """What each pool uses of a stage's product, by who made it."""
    stages = YearRoutes(replace(model, names=(name,)), WORLD).stages
    found: dict[tuple[str, str], float] = {}
    for (at, user), tonnes in model.chain.element_chains[name].taken.items():
        mixed = next((each for each in stages if each.code == at == stage), None)
        for maker, part in mixed.origins({user: tonnes}).items() if mixed else ():
            if maker != UNEXPLAINED:
                found[maker, user] = part
            elif part > 1e-6 * tonnes:
                found[UNKNOWN, user] = part
    return found


class PlaceSite(Value):
    """A site or a firm of a country at a stage."""

    id: str
    label: str
    country: str
    code: str
    status: str  #: operating, planned ... as the events leave it; not known where none says
    sure: bool  #: whether the events are sure of it
    firm: bool = False  #: whether it is a firm of which no site is known


class StagePlace(Value):
    """A country at a stage."""

    stage: str
    code: str  #: of the country or area; ``ROW`` is the rest of the world
    label: str
    #: its part of the world's output at the stage, 0 to 1; None is not known
    share: float | None = None
    share_low: float | None = None  #: the least that figures print
    share_high: float | None = None
    figure: str = ""  #: what the share is where it is not measured: forecast
    year: int | None = None
    #: the line of the report that says what is lost if it fails; None where none does
    point: Chokepoint | None = None
    sites: tuple[PlaceSite, ...] = ()  #: known sites and firms there

    @property
    def id(self) -> str:
        """``stage/code``, as lines of the report have it."""
        return f"{self.stage}/{self.code}"

    @property
    def loss(self) -> float | None:
        """What is lost if it fails, 0 to 1."""
        return None if self.point is None else self.point.told


class PlaceFlow(Value):
    """What one place delivers to another, or to the market."""

    stage: str  #: of the seller
    seller: str  #: code of who made it; empty where no figure says who
    to: str  #: the stage of the buyer; ``use`` is the market
    buyer: str  #: code of who uses it
    #: of the element, to the market of the product; None where no year is reconciled
    tonnes: float | None
    part: float | None  #: of the world's output of the stage; to the market, of what that takes
    controls: tuple[str, ...] = ()  #: ids of the controls in force that cover it


class ControlInForce(Value):
    """A control of exports in force on the day that covers a flow."""

    id: str
    title: str
    country: str
    state: str


class Backbone(Value):
    """The countries that carry a chain to a market, and what flows between them."""

    report: Chokepoints
    headline: str
    first: str  #: id of the line that it speaks of; empty where none
    subject: str  #: the element, as a sentence names it
    product: str  #: what the market loses, in words
    day: str  #: of the view; states of sites and of controls are of it
    allowed: str  #: the time that losses allow, in words
    #: codes and names of the stages that are drawn, in order, without the market
    stages: tuple[tuple[str, str], ...]
    places: tuple[StagePlace, ...]  #: by stage
    flows: tuple[PlaceFlow, ...]
    controls: tuple[ControlInForce, ...]
    #: what of all that each maker makes of the last product the market takes, by code
    world_parts: tuple[tuple[str, float], ...] = ()
    missing: tuple[str, ...] = ()  #: what is not known, in sentences
    ask: tuple[str, ...] = ()  #: commands that ask for what is known instead


def find_backbone(network: Network, facts: Facts, report: Chokepoints) -> Backbone:
    """Return the backbone of a chain."""
    asked = report.base.year if report.base else None
    model, _ = read_known_year(facts, about(network).market, about(network).market_label, asked)
    if model is None:
        model, _ = read_known_year(facts, year=asked)
    ends = ("supplier", "customer")  # plants among them, though no record may tell their stage
    plants = {x[end] for x in facts.links for end in ends if x[f"{end}Kind"] == "facility"}
    places = _places(network, report, model, frozenset(plants))
    stages = _stages(network, model, places)
    found = tuple(place for stage, _ in stages for place in places.get(stage, ()))
    scopes = [each for each in read_scopes(facts.store, facts.date) if each.in_force]
    flows = tuple(_flows(network, report, model, scopes, facts.members, [x for x, _ in stages]))
    used = {name for flow in flows for name in flow.controls}
    first, base, subject = first_line(report), report.base, subject_of(report.title)
    world_parts: list[tuple[str, float]] = []
    missing: list[str] = []
    ask: list[str] = []  # what answers where this picture cannot
    if base is None:
        missing = [*report.notes[:1]]
        for each in report.stages:
            if each.share is None and each.stage in dict(stages):
                missing.append(f"{dict(stages)[each.stage]}: no country shares found.")
        if model is not None and report.market != WORLD and not in_no_magnet(report):
            graph = f"graph {report.element.lower()}.html -e {report.element}"
            ask.append(f"monazite {graph} -m {WORLD}")
        ask.append(f"monazite concentration -e {report.element}")
        ask.append(f"monazite query gaps-about --param about={report.element}")
    elif model is not None:
        world = bought_by(model, WORLD, base.product)
        bought = bought_by(model, report.market, base.product)
        world_parts = [(maker, tonnes / world[maker]) for maker, tonnes in bought.items()]
    return Backbone(
        report=report,
        headline=loss_answer(report).headline,
        first="" if first is None else first.id,
        subject=subject,
        product=subject if base is None else product_names(base.product)[0],
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
        world_parts=tuple(world_parts),
        missing=tuple(missing),
        ask=tuple(ask),
    )


def subject_of(title: str) -> str:
    """Return an element as it stands inside a sentence: dysprosium, NdPr (Nd, Pr)."""
    name = title.partition(" (")[0] if len(title) > 30 else title
    return name.lower() if name.istitle() and name.isalpha() else name


def _places(
    network: Network, report: Chokepoints, model: ModelYear | None, plants: frozenset[str]
) -> Mapping[str, list[StagePlace]]:
    """The countries at each stage, the largest share first, with their shares, lines and sites."""
    shares: dict[tuple[str, str], StagePlace] = {}
    for each in find_candidates(Network(), None, model) if model else ():
        if each.kind == "country" and model and not model.resells(each.stage, each.country):
            shares[each.stage, each.country] = StagePlace(
                *(each.stage, each.country, maker_of(each.label, each.stage)),
                share=each.share,
                figure=each.figure,
                year=each.year,
            )
    followed = {stage for stage, _ in shares}
    if in_no_magnet(report):  # what leads a wider group says nothing of a by-product
        followed |= {each.stage for each in report.stages if of_group(each)}
    sites: dict[tuple[str, str], list[PlaceSite]] = defaultdict(list)
    labels: dict[str, str] = {}
    for node in nodes_of(network):
        place = (node.stage, node.country or "")
        labels[place[1]] = node.country_label
        if node.kind == "country" and node.stage not in followed:
            shares[place] = StagePlace(
                *(*place, node.label, node.share, node.share_low, node.share_high),
                figure=node.kind_of_figure,
                year=node.year,
            )
        elif node.kind in {"site", "firm"} and node.stage != USE:
            sites[place].append(_site(node, plants))
    lines = {each.id: each for each in report.chokepoints if each.kind == "country"}
    whole = report.base is not None and report.base.event != "outage"
    found: dict[str, list[StagePlace]] = defaultdict(list)
    for stage, code in {**shares, **sites}:
        point = lines.get(f"{stage}/{code}")
        if whole and (stage, code) in shares:  # the line of the whole country
            point = lines.get(f"country/{code}") or point
        label = labels.get(code) or code or "Country not known"
        told = shares.get((stage, code), StagePlace(stage, code, label))
        own = tuple(sorted(sites.get((stage, code), []), key=lambda x: (x.label, x.id)))
        found[stage].append(replace(told, label=told.label or label, point=point, sites=own))
    for here in found.values():
        here.sort(key=lambda each: (-(each.share or 0.0), each.share is None, each.code))
    return found


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


def _stages(
    network: Network, model: ModelYear | None, places: Mapping[str, list[StagePlace]]
) -> list[tuple[str, str]]:
    """The stages to the last product that the market takes; without a year to the last known."""
    listed = [(stage, label) for stage, label in about(network).stages if stage != USE]
    codes = [stage for stage, _ in listed]
    if model is not None:
        last = MAGNET if is_of_magnets(model.chain) else SEPARATION
    else:
        shared = [x for x in codes if any(y.share is not None for y in places.get(x, ()))]
        last = shared[-1] if shared else ""
    return listed[: codes.index(last) + 1] if last in codes else listed


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
        if NEXT[stage] in stages:
            bound = _covering(scopes, stage, symbols, seller, buyer)
            part = model.part(stage, seller, tonnes) if model.made(stage) else None
            yield PlaceFlow(stage, seller, NEXT[stage], buyer, tonnes, part, bound)
    if report.base is None:
        return
    bought = bought_by(model, market, report.base.product)
    parts = _parts_of_world(model, stages[-1], bought) if market == WORLD else _parts(bought)
    for seller, tonnes in bought.items():
        bound = () if market == WORLD else _covering(scopes, stages[-1], symbols, seller, market)
        yield PlaceFlow(stages[-1], seller, USE, market, tonnes, parts[seller], bound)


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
