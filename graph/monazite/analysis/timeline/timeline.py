"""The timeline of an entity or a stage: all that dated rows tell of it, in one order.

A facility or firm has also what its holders or its plants have, and the policies that touch them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from monazite.analysis.concentration.by_year import ConcentrationYear, concentration_series
from monazite.analysis.policies.acts import named_as, read_acts
from monazite.analysis.policies.policies import ELEMENT, MARKET, acts_on_sites, chain_of, select
from monazite.analysis.timeline.dated_events import order, read_dated_events, share_event
from monazite.analysis.timeline.result import Timeline
from monazite.core.errors import NotKnownError, UnknownNameError, did_you_mean
from monazite.core.formats import counted
from monazite.core.results import Struct
from monazite.data.columns import Schema
from monazite.model.facilities.mapped_sites import largest_sites
from monazite.model.facilities.status import FacilityStatus, FacilityStatuses, read_lives
from monazite.model.network.facts import ALL_RARE_EARTHS, read_facts
from monazite.store.cards import read_cards
from monazite.store.names import Entity
from monazite.store.queries import ask
from monazite.store.store import Store


class Mentions(Struct):
    """The dated rows of a store by role and thing, and what is asked about them."""

    store: Store
    schema: Schema
    day: str
    lives: FacilityStatuses
    mentions: Mapping[tuple[str, str], frozenset[str]]
    stage: str | None = None
    whole: bool = False

    def naming(self, entity: str, *roles: str, tables: Iterable[str] = ()) -> set[str]:
        """Return the rows that name a thing in one of some roles."""
        found = set().union(*(self.mentions.get((role, entity), frozenset()) for role in roles))
        starts = tuple(f"{table}/" for table in tables)
        return {row for row in found if row.startswith(starts)} if starts else found

    def of_policies(self, policies: Iterable[str]) -> set[str]:
        """Return the events of policies and the statements on them."""
        found: set[str] = set()
        for policy in policies:
            found |= self.naming(policy, "policy", tables=["policy_events"])
            found |= self.naming(policy, "subject", tables=["statements"])
        return found

    def touching(self, entities: Iterable[str], standing: Iterable[str]) -> set[str]:
        """Return the policies that touch plants and firms, or the countries of some of them."""
        named, placed = ([each.removeprefix("id/") for each in x] for x in (entities, standing))
        return {f"id/policy/{policy}" for policy in acts_on_sites(self.store, named, placed)}

    def holders_above(self, entity: str) -> dict[str, set[str]]:
        """Return the rows of ownership above a thing, by owner: all of them, whenever they held."""
        owner_of = {
            row: x for (as_, x), rows in self.mentions.items() if as_ == "owner" for row in rows
        }
        found: dict[str, set[str]] = defaultdict(set)
        level = {entity}
        for _ in range(6):  # the longest chain of holders that is followed
            rows = {row for held in level for row in self.naming(held, "owned")}
            level = {owner_of[row] for row in rows} - found.keys()
            for row in rows:
                found[owner_of[row]].add(row)
        return found


_LARGEST = "Plants: the largest of each stage by recorded tonnes; the others have their own."
_OWN_TABLES = ("facility_events", "operations", "supply_links", "ownership", "statements")


def timeline_of(
    store: Store,
    schema: Schema,
    day: str,
    entity: Entity | None = None,
    *,
    stage: str | None = None,
    whole: bool = False,
) -> Timeline:
    """Return the timeline of an entity, a stage, or an entity at a stage."""
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for answer in ask(store, "network-mentions"):
        named[answer["as"].removeprefix("ns#"), answer["thing"]].add(answer.row())
    mentions = {key: frozenset(found) for key, found in named.items()}
    rows = Mentions(store, schema, day, read_lives(store), mentions, stage, whole)
    if stage is not None:
        known = [answer["stage"] for answer in ask(store, "network-stages")]
        if stage not in known:
            fix = did_you_mean(stage, known) or f"stages are {', '.join(known)}."
            raise UnknownNameError(f'There is no stage "{stage}" in the network; {fix}')
    if entity is None:
        if stage is None:
            raise UnknownNameError("Name an entity, a policy (--policy) or a stage (--stage).")
        return _of_stage(rows)
    for classes, tell in _TELLERS:
        if entity.is_a(*classes):
            found = tell(rows, entity)
            if found.events:
                return found
            raise NotKnownError(f"No dated record of the data used speaks of {entity.label}.")
    raise NotKnownError(
        f"{entity.label} has no timeline; take a facility, organisation, element, country, "
        "policy or material."
    )


def _of_facility(rows: Mentions, entity: Entity) -> Timeline:
    me = f"id/{entity.place}"
    above = rows.holders_above(me)
    firms = set(above) | {
        f"id/organisation/{row['operator']}"
        for row in rows.lives.operations.get(entity.id, ())
        if row["operator"]
    }
    found = rows.naming(me, "facility", "supplier", "customer", "subject", tables=_OWN_TABLES)
    found = found.union(*above.values())
    for firm in firms:
        found |= rows.naming(firm, "subject", tables=["statements"])
    found |= _steps(rows, rows.touching({me, *firms}, [me]))
    found -= _elsewhere(rows, entity.id)
    life = rows.lives.on(entity.id, rows.day)
    return _timeline(rows, entity, found, life=life)


def _steps(rows: Mentions, policies: Iterable[str]) -> set[str]:
    """The steps of acts, but for those of which the first comes only after the day."""
    acts = read_acts(rows.store).acts
    return rows.of_policies(
        policy
        for policy in policies
        if not (steps := acts[policy.rsplit("/", 1)[-1]].steps) or steps[0].earliest <= rows.day
    )


def _elsewhere(rows: Mentions, facility: str) -> set[str]:
    """The events of a facility that concern another stage only."""
    events = rows.lives.events.get(facility, ())
    stage = rows.stage
    return {event.row for event in events if stage and event.stage not in ("", stage)}


def _of_organisation(rows: Mentions, entity: Entity) -> Timeline:
    me = f"id/{entity.place}"
    own = rows.naming(me, "owner", tables=["ownership"])
    plants = {
        thing
        for (role, thing), named in rows.mentions.items()
        if role == "owned" and thing.startswith("id/facility/") and not own.isdisjoint(named)
    } | {
        f"id/facility/{row['facility']}"
        for operations in rows.lives.operations.values()
        for row in operations
        if row["operator"] == entity.id
    }
    found = rows.naming(me, "owner", "owned", "operator", "supplier", "customer")
    found |= rows.naming(me, "subject", "speaker", "actor", tables=["statements"])
    for plant in plants:
        found |= rows.naming(plant, "facility", "supplier", "customer", tables=_OWN_TABLES)
        found |= rows.naming(plant, "owned")
        found -= _elsewhere(rows, plant.rsplit("/", 1)[-1])
    of_chain = plants or ("organisation", entity.id) in chain_of(rows.store)
    touching = rows.touching({me, *plants}, {me, *plants} if of_chain else ())
    found |= _steps(rows, touching | rows.naming(me, "issuer"))
    return _timeline(rows, entity, found)


def _of_element(rows: Mentions, entity: Entity) -> Timeline:
    me = f"id/{entity.place}"
    reach = select(rows.store, entity.id).touching(ELEMENT)
    found = _steps(rows, {f"id/policy/{policy}" for policy in reach})
    found |= rows.naming(me, "subject", tables=["statements"])
    for answer in ask(rows.store, "network-materials", element=entity.id):
        if rows.stage in (None, answer["stage"]):
            found |= rows.naming(f"id/material/{answer['material']}", "material", tables=["prices"])
    facts = read_facts(rows.store, entity.id, rows.day)
    events, left = _state_changes(rows, largest_sites(facts, rows.stage))
    shares, left = _shares(rows, entity.id), [_LARGEST, *left] if events else left
    told = _timeline(rows, entity, found | events, shares=shares, left_out=left)
    own = (ELEMENT, entity.id)  # covered by its own name
    core = [
        act.title
        for act in read_acts(rows.store).acts.values()
        if own in {(x.kind, x.id) for x in named_as(act.reach, "covers")}
    ]
    return replace(told, core=frozenset(core))


def _shares(rows: Mentions, element: str) -> list[ConcentrationYear]:
    """The shares of each stage and year, of the materials that speak best for the element."""
    facts = read_facts(rows.store, element, rows.day)
    try:
        lines = concentration_series(facts, rows.stage)
    except NotKnownError:
        return []
    best: dict[tuple[str, int], ConcentrationYear] = {}
    for line in sorted(lines, key=lambda line: line.rank):
        best.setdefault((line.stage, line.year), line)
    return list(best.values())


def _of_country(rows: Mentions, entity: Entity) -> Timeline:
    me = f"id/{entity.place}"
    plants = {x for x, (_, country) in rows.lives.facilities.items() if country == entity.label}
    reach = select(rows.store, market=entity.id).touching(MARKET)
    found = _steps(rows, {f"id/policy/{policy}" for policy in reach})
    found |= rows.naming(me, "subject", tables=["statements"])
    events, left = _state_changes(rows, plants)
    shares = [line for line in _shares(rows, ALL_RARE_EARTHS) if entity.id in line.shares]
    left.append("Ownership and supply links are left out: see the firms and facilities themselves.")
    told = found | events
    return _timeline(rows, entity, told, shares=shares, country=entity, left_out=left)


def _of_stage(rows: Mentions) -> Timeline:
    operations = rows.lives.operations.items()
    plants = {plant for plant, own in operations if any(row["stage"] == rows.stage for row in own)}
    events, left = _state_changes(rows, plants)
    shares = _shares(rows, ALL_RARE_EARTHS)
    return _timeline(rows, None, events, shares=shares, left_out=left)


def _state_changes(rows: Mentions, plants: Iterable[str]) -> tuple[set[str], list[str]]:
    """The events of some facilities that change a state; a remark says what is left out."""
    events = [
        event
        for plant in plants
        for event in rows.lives.events.get(plant, ())
        if rows.stage is None or event.stage in ("", rows.stage)
    ]
    kept = [event for event in events if rows.whole or event.state not in ("", "planned")]
    cut = len(events) - len(kept)
    what = "that changes no state is", "plans, sales and other events that change no state are"
    left = f"{counted(cut, f'event {what[0]}', what[1])} left out (see --all)."
    return {event.row for event in kept}, [left] if cut else []


def _of_material(rows: Mentions, entity: Entity) -> Timeline:
    found = rows.naming(f"id/{entity.place}", "material", tables=["prices", "supply_links"])
    return _timeline(rows, entity, found)


def _timeline(
    rows: Mentions,
    entity: Entity | None,
    found: Iterable[str],
    *,
    life: FacilityStatus | None = None,
    shares: Iterable[ConcentrationYear] = (),
    country: Entity | None = None,
    left_out: Iterable[str] = (),
) -> Timeline:
    events, undated = read_dated_events(rows.store, rows.schema, {*found})
    lines = list(shares)
    cards = read_cards(rows.store, rows.schema.tables, {row for line in lines for row in line.rows})
    for line in lines:
        said = {source for row in line.rows if row in cards for source in cards[row].sources}
        sources = tuple(sorted(said, key=lambda source: (source.tier, source.id)))
        events.append(share_event(line, sources, country=country))
    without = counted(undated, "record without a date is", "records without a date are")
    title = entity.label if entity else f"Stage: {rows.stage}"
    return Timeline(
        title=f"{title}, {rows.stage}" if entity and rows.stage else title,
        entity=entity.id if entity else None,
        stage=rows.stage,
        day=rows.day,
        life=life,
        events=tuple(sorted(events, key=order)),
        left_out=(*left_out, *([f"{without} left out."] if undated else ())),
    )


_TELLERS: tuple[tuple[tuple[str, ...], Callable[[Mentions, Entity], Timeline]], ...] = (
    (("Facility",), _of_facility),
    (("Organisation",), _of_organisation),
    (("ChemicalElement", "ElementGroup"), _of_element),
    (("Country", "Area"), _of_country),
    (("Policy",), lambda rows, x: _timeline(rows, x, rows.of_policies({f"id/{x.place}"}))),
    (("Material",), _of_material),
)
