"""Rules compiled for some days: many items are held against all of them in seconds.

Each condition is asked once of an item, each clause once of a day; what they make is remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monazite.analysis.policies.acts import IN_FORCE, NOT_IN_FORCE, PolicyStatus, read_acts
from monazite.analysis.policies.status import status_of
from monazite.analysis.rules.conditions import (
    COVERS,
    EXEMPTS,
    LAYERS,
    TEXT,
    RuleCondition,
    RuleStart,
    read_conditions,
    read_starts,
)
from monazite.analysis.rules.weighing import (
    DIFFERS,
    NO,
    STATUS,
    YES,
    Case,
    Truth,
    Weigher,
    all_of,
    any_of,
    negated,
    open_for,
    outcome_of,
    reasons_of,
    weigher,
)
from monazite.core.results import Value
from monazite.data.filters import PERHAPS, SURELY, holds
from monazite.store.names import find_entity
from monazite.store.queries import ask, day_of
from monazite.store.store import Store

WAYS = frozenset({"leaves", "goes-to", "onward", "party", "owned-share"})
"""Tests of the way and the buyer: the goods of a rule are what its other tests ask for."""
_IN_FORCE = {IN_FORCE: YES, NOT_IN_FORCE: NO}
_ALWAYS = ("0001-01-01", "0001-01-01")
_HELD = {SURELY: YES, PERHAPS: open_for(STATUS)}


class RuleClause(Value):
    """One clause of a rule: its conditions must all be met."""

    rule: str
    policy: str
    part: str
    clause: str
    role: str
    layer: str
    conditions: tuple[RuleCondition, ...]

    def speaks_in(self, layer: str) -> bool:
        """Tell whether it counts in a layer: the text in all, another layer in itself."""
        return self.layer in (TEXT, layer)

    def binds(
        self, statuses: Mapping[str, PolicyStatus], starts: Sequence[RuleStart], day: str
    ) -> Truth:
        """Tell whether it binds on a day, by the status of its act, its own days and start."""
        status = self.status(statuses)
        in_force = _IN_FORCE.get(status.value if status else "", open_for(STATUS))
        own = [
            _HELD.get(holds(each.begins or _ALWAYS, each.ends, day), NO)
            for each in self.conditions
            if each.begins or each.ends
        ]
        # Whether the rule has started: where records differ, what they all say, else it is open.
        said = {_HELD.get(start.started(day), NO) for start in starts}
        started = said if len(said) < 2 else {open_for(STATUS)}
        return all_of((in_force, *own, *started))

    def status(self, statuses: Mapping[str, PolicyStatus]) -> PolicyStatus | None:
        """Return the status of its part of the act; of the whole where the part has none."""
        whole = statuses.get(self.policy)
        parts = whole.parts if whole else ()
        return next((part for part in parts if part.part == self.part), whole)


@dataclass(frozen=True, slots=True)
class RuleDays:
    """What one layer of a rule makes of an item, day by day."""

    rule: str
    layer: str
    truths: tuple[Truth, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcome for each day."""
        return tuple(outcome_of(truth) for truth in self.truths)

    def reasons(self, place: int) -> tuple[str, ...]:
        """Return why it is open on a day, or differs from the text."""
        return reasons_of(self.truths[place])


class CompiledRules:
    """Rules for some days, to be held against many items."""

    def __init__(
        self,
        conditions: Iterable[RuleCondition],
        starts: Iterable[RuleStart],
        statuses: Mapping[str, Mapping[str, PolicyStatus]],
        places: Mapping[str, str] | None = None,
    ) -> None:
        self.days = tuple(statuses)
        self.places = places or {}
        self.statuses = statuses
        clauses: dict[tuple[str, str, str, str, str, str], list[RuleCondition]] = defaultdict(list)
        for each in conditions:
            key = (each.rule, each.policy, each.part, each.clause, each.role, each.layer)
            clauses[key].append(each)
        self.clauses = tuple(RuleClause(*key, tuple(held)) for key, held in clauses.items())
        self.starts: dict[str, list[RuleStart]] = defaultdict(list)
        for start in starts:
            self.starts[start.rule].append(start)
        self._spots: dict[object, int] = {}
        self._weighers: list[Weigher] = []
        self._goods: dict[int, tuple[tuple[int, ...], ...]] = {}
        self.rules: dict[str, tuple[RuleClause, ...]] = {}
        for clause in self.clauses:
            self.rules[clause.rule] = (*self.rules.get(clause.rule, ()), clause)
        self._plans = {
            rule: tuple(tuple(map(self._place, clause.conditions)) for clause in clauses)
            for rule, clauses in self.rules.items()
        }
        self.bindings: Mapping[str, tuple[tuple[Truth, ...], ...]] = {
            rule: tuple(
                tuple(clause.binds(statuses[day], self.starts[rule], day) for clause in clauses)
                for day in self.days
            )
            for rule, clauses in self.rules.items()
        }
        self._known: dict[str, dict[tuple[Truth, ...], tuple[RuleDays, ...]]] = {
            rule: {} for rule in self.rules
        }

    def judge(self, case: Case) -> tuple[RuleDays, ...]:
        """Hold an item against all rules on all days."""
        truths: list[Truth | None] = [None] * len(self._weighers)
        found: list[RuleDays] = []
        for rule, plans in self._plans.items():
            met = tuple([self._met(plan, case, truths) for plan in plans])
            known = self._known[rule]
            days = known.get(met)
            if days is None:
                days = known[met] = tuple(self._judged(rule, met))
            found += days
        return tuple(found)

    def met(self, rule: str, truths: Sequence[Truth]) -> list[list[Truth]]:
        """Return whether each condition of each clause of a rule is met, whatever the day."""
        return [[truths[place] for place in plan] for plan in self._plans[rule]]

    def weigh(self, case: Case) -> list[Truth]:
        """Hold an item against each condition once, those that ask the same together."""
        truths: list[Truth | None] = [None] * len(self._weighers)
        return [self._truth(place, case, truths) for place in range(len(truths))]

    def _met(self, plan: Sequence[int], case: Case, truths: list[Truth | None]) -> Truth:
        """Return whether all conditions at some places are met, asking no more than it takes."""
        held = YES
        for place in plan:
            truth = truths[place]
            if truth is None:
                truth = self._truth(place, case, truths)
            if truth == NO:
                return NO
            if truth != YES:
                held = truth if held == YES else held | truth
        return held

    def _truth(self, place: int, case: Case, truths: list[Truth | None]) -> Truth:
        goods = self._goods.get(place)
        if goods is None:
            truth = self._weighers[place](case)
        else:
            truth = any_of([self._met(plan, case, truths) for plan in goods])
        truths[place] = truth
        return truth

    def _judged(self, rule: str, met: tuple[Truth, ...]) -> Iterable[RuleDays]:
        clauses = self.rules[rule]
        text: tuple[Truth, ...] = ()
        for layer in LAYERS:
            if not any(clause.layer == layer for clause in clauses):
                continue
            truths = tuple(joined(clauses, met, binding, layer) for binding in self.bindings[rule])
            if layer == TEXT:
                text = truths
            else:
                truths = tuple(
                    truth | DIFFERS if outcome_of(truth) != outcome_of(beside) else truth
                    for truth, beside in zip(truths, text, strict=False)
                )
            yield RuleDays(rule, layer, truths)

    def _place(self, condition: RuleCondition) -> int:
        """Return the place of what weighs a condition; conditions that ask the same share it."""
        named = sorted(kind for kind in condition.named if kind != "scope")
        key = (
            *(condition.test, condition.comparison, condition.fact, condition.goods_of),
            condition.policy if condition.test == "party" else "",
            condition.limit,
            tuple((kind, condition.ids(kind)) for kind in named),
        )
        if key not in self._spots:
            joins = condition.test == "goods-of"
            goods = tuple(
                tuple(self._place(each) for each in clause.conditions if each.test not in WAYS)
                for clause in self.clauses
                if joins
                and (clause.rule, clause.role, clause.layer) == (condition.goods_of, COVERS, TEXT)
            )
            place = self._spots[key] = len(self._weighers)
            if joins:
                self._weighers.append(lambda _: NO)  # the goods are joined from other places
                self._goods[place] = goods
            else:
                self._weighers.append(weigher(condition))
        return self._spots[key]


def joined(
    clauses: Sequence[RuleClause], met: Sequence[Truth], binding: Sequence[Truth], layer: str
) -> Truth:
    """Join clauses: one that covers is met and binds, and none that exempts does."""
    truths = {
        role: any_of(
            [
                all_of((binding[place], met[place]))
                for place, clause in enumerate(clauses)
                if clause.role == role and clause.speaks_in(layer)
            ]
        )
        for role in (COVERS, EXEMPTS)
    }
    return all_of((truths[COVERS], negated(truths[EXEMPTS])))


def compile_rules(store: Store, days: Iterable[str]) -> CompiledRules:
    """Compile the rules of a store for some days."""
    conditions, acts = read_conditions(store), read_acts(store)
    needed = sorted({each.policy for each in conditions} & acts.acts.keys())
    statuses = {
        day: {policy: status_of(acts.acts[policy], acts, day) for policy in needed}
        for day in map(day_of, days)
    }
    places = {line["id"]: line["label"] for line in ask(store, "network-places")}
    return CompiledRules(conditions, read_starts(store), statuses, places)


def rules_named(store: Store, rules: CompiledRules, name: str) -> tuple[frozenset[str], str]:
    """Return the rules that a name means, and what it names: the code of a rule, or an act."""
    code = name.strip().casefold()
    if code in rules.rules:
        return frozenset({code}), rules.rules[code][0].conditions[0].rule_label
    act = find_entity(store, name, "Policy", what="act")
    return frozenset(each.rule for each in rules.clauses if each.policy == act.id), act.label
