"""Who stands above a firm or plant on a day, as far as the rows tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice, pairwise
from math import fsum, prod
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeAlias

import networkx as nx

from monazite.core.columns import Column, table
from monazite.core.formats import NOT_KNOWN, exact
from monazite.core.results import Result, Struct
from monazite.core.tables import Table
from monazite.data.filters import NO, PERHAPS, SURELY, bounds_in, holds
from monazite.model.network.attributes import Network, node_of
from monazite.model.network.facts import Facts
from monazite.store.names import find_entity
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store

_WAYS = {"majority": "more than half", "stated": "control stated", "": ""}
_SURE = {"surely": "yes", "perhaps": "possibly"}  # A certainty in the words of a report

if TYPE_CHECKING:
    Above: TypeAlias = nx.DiGraph[str]
else:
    Above = nx.DiGraph  # networkx is generic for type checkers only

MAX_CHAINS = 50  # Chains listed: rows that contradict each other can make many


class NamedFirm(NamedTuple):
    """A firm or plant."""

    id: str
    label: str


class Holding(Struct):
    """One row: who holds how much of what."""

    owned: str  #: id of the firm or plant that is held
    owner: str  #: id of the holder
    percent: float | None  #: the share, 0 to 100; None where it is not known
    status: str  #: stated, controlling, joint or announced
    in_place: bool  #: whether the status means a holding that exists, no plan
    gives_control: bool  #: whether the status alone gives control
    certainty: str  #: surely or perhaps, as the dates allow on the day
    begins: str  #: its first day as printed; empty where it is not known
    ends: str  #: its last day as printed; empty where none is on record
    note: str  #: the remark of the row; empty where there is none
    row: str  #: the row, ``table/key``

    _json = "row percent status certainty from?=begins until?=ends note?"

    @property
    def controls(self) -> bool:
        """Whether the row alone makes its holder a parent."""
        more_than_half = self.percent is not None and self.percent > 50
        return self.in_place and (more_than_half or self.gives_control)


class OwnershipLink(Struct):
    """A holder and what it holds, with all rows that speak of it on the day."""

    owned: str  #: id of the firm or plant that is held
    owned_label: str  #: its name
    owner: str  #: id of the holder
    owner_label: str  #: its name
    country: str  #: code of the holder's country; empty where it is not known
    control: str  #: ``majority``, ``stated``, or empty where the holder is no parent
    certainty: str  #: surely or perhaps, as the surest row that makes it a parent
    holdings: tuple[Holding, ...]  #: the rows

    _json = (
        "held.id=owned held.label=owned_label holder.id=owner holder.label=owner_label "
        "holder.country?=country control? certainty rows=holdings"
    )
    _parts: ClassVar = {"held": "What is held", "holder": "Who holds it"}

    @property
    def percents(self) -> tuple[float, ...]:
        """The shares that rows give, smallest first; several where they differ."""
        known = {one.percent for one in self.holdings if one.in_place and one.percent is not None}
        return tuple(sorted(known))

    @property
    def rows(self) -> tuple[str, ...]:
        """The rows, in order."""
        return tuple(one.row for one in self.holdings)


class OwnershipChain(Struct):
    """One way up: parents from the nearest to the last on record."""

    #: one for each step; its shares multiply to ``percent_low`` to ``percent_high``
    links: tuple[OwnershipLink, ...]

    _json = "certainty percent_low percent_high steps=links"

    @property
    def certainty(self) -> str:
        """Perhaps, if one link is."""
        return SURELY if all(link.certainty == SURELY for link in self.links) else PERHAPS

    @property
    def percent_low(self) -> float | None:
        """The smallest product of the shares, in percent."""
        return self._product(0)

    @property
    def percent_high(self) -> float | None:
        """The greatest product of the shares, in percent."""
        return self._product(-1)

    def _product(self, which: int) -> float | None:
        if not all(link.percents for link in self.links):
            return None
        return round(100 * prod(link.percents[which] / 100 for link in self.links), 4)


class Operator(Struct):
    """Who runs a stage of a plant: that is not ownership."""

    id: str  #: id of the firm
    label: str
    stage: str  #: the stage; empty for the whole plant
    certainty: str
    row: str


class Parents(Result):
    """The ultimate parents of a firm or plant on a day, and the way to them."""

    entity: str  #: its id
    label: str
    day: str  #: the day
    #: id and name of the ultimate parents on record; none where no parent is on record or the
    #: parents go in a circle
    tops: tuple[tuple[str, str], ...]
    certainty: str  #: surely, perhaps or not known
    chains: tuple[OwnershipChain, ...]  #: the ways up
    others: tuple[OwnershipLink, ...]  #: the holders on the way who are no parents
    circles: tuple[tuple[str, ...], ...]  #: ids of firms that control each other, by the rows
    operators: tuple[Operator, ...]  #: who runs a plant without an owner on record
    remarks: tuple[str, ...]  #: in sentences, what is doubtful or missing

    records_key = "chains"
    _json = (
        "entity label day ultimate_parents certainty chains other_holders=others circles operators "
        "remarks rows"
    )

    @property
    def rows(self) -> tuple[str, ...]:
        """All rows that the answer rests on."""
        links = [link for chain in self.chains for link in chain.links] + list(self.others)
        named = {row for link in links for row in link.rows}
        return tuple(sorted(named | {operator.row for operator in self.operators}))

    @property
    def quoted_rows(self) -> tuple[str, ...]:
        """All rows that the answer rests on."""
        return self.rows

    @property
    def ultimate_parents(self) -> tuple[NamedFirm, ...]:
        """The ultimate parents on record; none where no parent is, or they go in a circle."""
        return tuple(NamedFirm(*each) for each in self.tops)

    def tables(self) -> list[Table]:
        """Return the way up, the other holders, and who runs a plant without an owner."""
        return _tables(self)

    def csv_tables(self) -> list[Table]:
        """Return the same tables with the codes of certainty."""
        return _tables(self, codes=True)

    def headline(self) -> str:
        """Return the entity, the day and the ultimate parents."""
        return f"{self.label} {self.day}: {' or '.join(x for _, x in self.tops) or NOT_KNOWN}"


class _Step(NamedTuple):
    """A line of a table: a holder, one of its rows, and which step on the way up it is."""

    step: str
    link: OwnershipLink
    row: Holding


def _tables(found: Parents, *, codes: bool = False) -> list[Table]:
    """The way up, the other holders, and who runs a plant without an owner on record."""

    def sure(word: str) -> str:
        return word if codes else _SURE.get(word, word)

    def share(line: _Step) -> str:
        known = line.link.percents
        return _range(known[0], known[-1]) if known else NOT_KNOWN

    country = Column("country", lambda line: line.link.country or NOT_KNOWN, spare=2)
    dates = (
        Column("from", lambda line: line.row.begins or NOT_KNOWN),
        Column("until", lambda line: line.row.ends or "none on record"),
        Column("source", lambda line: found.sources.get(line.row.row, ""), spare=3),
        Column("row", "row.row", full=True),
    )
    steps = [
        _Step(
            f"{number}.{step}" if len(found.chains) > 1 else f"{step}",
            link,
            next(one for one in link.holdings if one.controls),
        )
        for number, chain in enumerate(found.chains, 1)
        for step, link in enumerate(chain.links, 1)
    ]
    products = [
        f"Multiplied, the shares give {chain.links[-1].owner_label} "
        f"{_range(chain.percent_low, chain.percent_high)}."
        for chain in found.chains
        if len(chain.links) > 1 and chain.percent_low is not None
    ]
    tops = " or ".join(label for _, label in found.tops) or NOT_KNOWN
    doubt = ", perhaps" if found.tops and found.certainty != "surely" else ""
    way_up = table(
        f"{found.label} on {found.day}: ultimate parent on record {tops}{doubt}",
        steps,
        (
            Column("step", "step"),
            Column("held", "link.owned_label"),
            Column("parent", "link.owner_label"),
            country,
            Column("share", share, right=True),
            Column("by", lambda line: _WAYS[line.link.control]),
            Column("certainty", "link.certainty", sure),
            *dates,
        ),
        (*products, *found.remarks),
    )
    others = table(
        "Other holders on the way: no recorded control",
        [_Step("", link, one) for link in found.others for one in link.holdings],
        (
            Column("held", "link.owned_label"),
            Column("holder", "link.owner_label"),
            country,
            Column("share", lambda line: _range(line.row.percent, line.row.percent), right=True),
            Column("status", "row.status"),
            Column("certainty", "row.certainty", sure),
            *dates,
            Column("note", "row.note", spare=1),
        ),
    )
    operators = table(
        "No owner is on record; who runs it is not ownership",
        found.operators,
        (
            Column("stage", "stage"),
            Column("operator", "label"),
            Column("certainty", "certainty", sure),
            Column("source", lambda line: found.sources.get(line.row, "")),
            Column("row", "row"),
        ),
    )
    told = [each for each in (way_up, others, operators) if each.rows or each.remarks]
    return told if codes else [x if x.rows else replace(x, columns=()) for x in told]


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return NOT_KNOWN
    return f"{exact(low)} %" if low == high else f"{exact(low)} % to {exact(high)} %"


def find_parents(store: Store, name: str, day: str) -> Parents:
    """Find the parents of a firm or plant on a day, up to the ultimate ones on record."""
    entity = find_entity(store, name, "Facility", "Organisation", what="facility or firm")
    links = links_on(ask(store, "network-holdings"), day)
    operators = ask(store, "network-operators") if entity.is_a("Facility") else []
    return trace(entity.id, entity.label, links, day, operators)


def links_on(answers: Iterable[QueryRecord], day: str) -> dict[str, list[OwnershipLink]]:
    """Take the answers of ``network-holdings`` that surely or perhaps hold on a day, by owned."""
    grouped: dict[tuple[str, str], list[tuple[QueryRecord, Holding]]] = {}
    for answer in answers:
        certainty = holds(bounds_in(answer, "from"), bounds_in(answer, "until"), day)
        if certainty != NO and answer["owned"] != answer["owner"]:
            pair = answer["owned"], answer["owner"]
            found = grouped.setdefault(pair, [])
            if answer["row"] not in {other["row"] for other, _ in found}:
                dates = {"begins": answer["from"], "ends": answer["until"]}
                found.append((answer, answer.to(Holding, certainty=certainty, **dates)))
    links: dict[str, list[OwnershipLink]] = {}
    for (owned, _), group in sorted(grouped.items()):
        links.setdefault(owned, []).append(_link(group))
    return links


def _link(group: list[tuple[QueryRecord, Holding]]) -> OwnershipLink:
    first = group[0][0]
    holdings = sorted((holding for _, holding in group), key=lambda one: one.row)
    parents = [one for one in holdings if one.controls]
    majority = any((one.percent or 0) > 50 for one in parents)
    control = "majority" if majority else "stated" if parents else ""
    speaking = parents or holdings
    return first.to(
        OwnershipLink,
        country=first["ownerCountry"],
        control=control,
        certainty=SURELY if any(one.certainty == SURELY for one in speaking) else PERHAPS,
        holdings=tuple(holdings),
    )


def trace(
    entity: str,
    label: str,
    links: Mapping[str, list[OwnershipLink]],
    day: str,
    operations: Iterable[QueryRecord] = (),
) -> Parents:
    """Follow the parents among the links of a day, with networkx, from one entity up."""
    above: Above = nx.DiGraph()
    above.add_node(entity)
    on_the_way = [entity]
    for node in on_the_way:  # grows while it is walked
        for link in links.get(node, ()):
            if link.control:
                on_the_way += [] if link.owner in above else [link.owner]
                above.add_edge(node, link.owner, link=link)
    known = [link for node in sorted(on_the_way) for link in links.get(node, ())]
    tops = sorted(node for node in above if node != entity and not above.out_degree(node))
    paths = (
        path
        for top in tops
        for path in sorted(islice(nx.all_simple_paths(above, entity, top), MAX_CHAINS))
    )
    chains = tuple(
        OwnershipChain(tuple(above.edges[step]["link"] for step in pairwise(path)))
        for path in islice(paths, MAX_CHAINS)
    )
    circles = sorted(
        tuple(sorted(part)) for part in nx.strongly_connected_components(above) if len(part) > 1
    )
    labels = {link.owner: link.owner_label for link in known}
    labels |= {link.owned: link.owned_label for link in known}
    others = tuple(link for link in known if not link.control)
    sure = len(chains) == 1 and not circles and chains[0].certainty == SURELY
    certainty = (SURELY if sure else PERHAPS) if chains else NOT_KNOWN
    runs = [
        Operator(row["operator"], row["operatorLabel"], row["stage"], certain, row.row())
        for row in (() if chains or others else operations)
        if row["facility"] == entity and row["operator"]
        for certain in [holds(bounds_in(row, "from"), bounds_in(row, "until"), day)]
        if certain != NO
    ]
    found = Parents(
        entity=entity,
        label=label,
        day=day,
        tops=tuple((top, labels[top]) for top in tops),
        certainty=certainty,
        chains=chains,
        others=others,
        circles=tuple(circles),
        operators=tuple(runs),
        remarks=(),
    )
    return replace(found, remarks=tuple(_remarks(found, above, labels)))


def _remarks(found: Parents, above: Above, labels: Mapping[str, str]) -> Iterator[str]:
    if not found.chains and not found.circles:
        yield (
            f"No parent of {found.label} is on record on {found.day}; that does not mean that "
            "there is none."
        )
    for circle in found.circles:
        names = ", ".join(labels[node] for node in circle)
        yield f"A circle: the records let {names} control each other."
    for node in sorted(above):
        parents = "; ".join(sorted(labels[parent] for parent in above.successors(node)))
        if above.out_degree(node) > 1:
            yield f"Several chains: {labels[node]} has more than one parent on record ({parents})."
    if len(found.chains) == MAX_CHAINS:
        yield f"Only {MAX_CHAINS} chains are shown."
    yield from _doubts(found.chains)
    yield from _without_parent(found.others, {x for x in above if not above.out_degree(x)})


def _doubts(chains: tuple[OwnershipChain, ...]) -> Iterator[str]:
    told: set[tuple[str, str]] = set()
    for link in (link for chain in chains for link in chain.links):
        if link.certainty == SURELY or (link.owned, link.owner) in told:
            continue
        told.add((link.owned, link.owner))
        row = next(one for one in link.holdings if one.controls)
        dates = " to ".join(part for part in (row.begins, row.ends) if part)
        why = f"the dates {dates} do not tell" if row.begins else "no first day is on record"
        yield f"Perhaps only: {link.owner_label} above {link.owned_label}; {why}."


def _without_parent(others: tuple[OwnershipLink, ...], ends: set[str]) -> Iterator[str]:
    """Say why nobody stands above the ends of the way up: joint ventures, halves, small shares."""
    for owned in sorted(ends):
        links = [
            link
            for link in others
            if link.owned == owned and any(one.in_place for one in link.holdings)
        ]
        joint = [
            link
            for link in links
            if any(x.in_place and (x.status == "joint" or x.percent == 50) for x in link.holdings)
        ]
        if len(joint) > 1:
            names = " and ".join(link.owner_label for link in joint)
            yield f"Joint control: {names} hold {links[0].owned_label} together."
        elif links:
            known = fsum(link.percents[-1] for link in links if link.percents)
            unknown = sum(not link.percents for link in links)
            shares = f"shares on record {exact(known)} %" if known else "no share is known"
            more = f", {unknown} not known" if unknown and known else ""
            yield (
                f"No holder of {links[0].owned_label} is known to have more than half: "
                f"{shares}{more}."
            )


class Owner(Struct):
    """An ultimate parent, and the rows that say so."""

    id: str
    label: str
    rows: tuple[str, ...]


Owners = Mapping[str, Owner]  # By node of the site


def owners_of(network: Network, facts: Facts) -> dict[str, Owner]:
    """Return the ultimate parent of each site that has one on record."""
    found = {}
    for node in sorted(network):
        site = node_of(network, node)
        if site.kind == "site":
            plant, runs = parents_on(facts, node.partition("/")[2]), site.operators
            if not plant.tops and len(runs) == 1:
                plant = parents_on(facts, runs[0][0])
            if len(plant.tops) == 1:
                firm, label = plant.tops[0]
                rows = (row for x in plant.chains for link in x.links for row in link.rows)
                found[node] = Owner(firm, label, tuple(dict.fromkeys(rows)))
    return found


def parents_on(facts: Facts, entity: str) -> Parents:
    """Return the parents of a plant or firm on the day of the facts, without its label."""
    day = facts.date

    def links() -> Mapping[str, list[OwnershipLink]]:
        return links_on(facts.ask("network-holdings"), day)

    return facts.derive(
        ("parents", day, entity),
        lambda: trace(entity, "", facts.derive(("holdings", day), links), day),
    )
