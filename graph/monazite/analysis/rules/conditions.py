"""The conditions of rules as the rows give them, and on what their starts hang."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import ClassVar

from monazite.core.results import Value
from monazite.data.filters import NO, PERHAPS, Bounds, bounds_in, holds
from monazite.data.vocabulary import ClassWords, class_words
from monazite.store.queries import ask
from monazite.store.store import Store

TEXT = "text"
LAYERS = (TEXT, "guidance", "practice")
"""Who says it, codes of the scheme ``rule-layer``, the strongest first."""
COVERS, EXEMPTS = "covers", "exempts"


class RuleCondition(Value):
    """One condition of one clause of a rule."""

    _words: ClassVar = {"layer": LAYERS, "role": (COVERS, EXEMPTS)}

    row: str  #: its row, table/key
    rule: str
    rule_label: str  #: the rule in words
    policy: str  #: id of the act
    policy_title: str
    part: str  #: of the act, as its events name it; empty for the whole
    clause: str  #: its clause, whose conditions must all be met
    role: str  #: whether the clause covers items or exempts them
    layer: str  #: who says it: text, guidance or practice
    test: str  #: what it asks, a code of the scheme ``condition-kind``
    comparison: str  #: how it compares, a code of the scheme ``comparison``
    #: what it names by kind (element, type, place ...): ids with their labels
    named: Mapping[str, Mapping[str, str]]
    fact: str  #: a code of the scheme ``case-fact``; empty for none
    fact_label: str
    goods_of: str  #: the rule whose goods are meant; empty for none
    goods_label: str
    listed_in: str  #: the article that lists the classes of products; empty for none
    percent: float | None  #: the limit where it is a share, 0 to 100; None for none
    value: float | None  #: the limit where it is another number; None for none
    unit: str  #: what the number counts; empty for none
    begins: Bounds  #: first and last day that its first day can mean; None for that of the act
    ends: Bounds  #: the same of its last day; None for none
    needs: str  #: what one must have to show it; empty for nothing named
    words: str  #: what it asks in the words of the records
    note: str  #: remark of the compiler; empty for none

    @cached_property
    def _ids(self) -> dict[str, frozenset[str]]:
        return {kind: frozenset(named) for kind, named in self.named.items()}

    def ids(self, kind: str) -> frozenset[str]:
        """Return the ids of what it names of a kind."""
        return self._ids.get(kind, frozenset())

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """The elements that it names, sorted."""
        return tuple(sorted(self.ids("element")))

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The stages that it names, sorted."""
        return tuple(sorted(self.ids("stage")))

    @property
    def ids_by_kind(self) -> dict[str, tuple[str, ...]]:
        """The ids of what it names, itself or by the scope of the act, by kind."""
        return {kind: tuple(sorted(named)) for kind, named in sorted(self.named.items())}

    @property
    def first_day(self) -> str | None:
        """First day of the clause; None for that of the act."""
        return self.begins[0] if self.begins else None

    @property
    def last_day(self) -> str | None:
        """Last day of the clause; None for none."""
        return self.ends[1] if self.ends else None

    @cached_property
    def places(self) -> frozenset[str]:
        """The countries that it names, and those of the unions that it names."""
        return self.ids("place") | self.ids("member")

    @property
    def limit(self) -> float:
        """The limit: a share as a part of 1, else the number itself; 0 for none."""
        if self.percent is not None:
            return self.percent / 100
        return self.value or 0.0


class RuleStart(Value):
    """On what the start of a rule hangs."""

    _json = "row rule policy depends_on due? years_after starts? state read_to? earliest?"

    row: str  #: its row, table/key
    rule: str
    rule_label: str
    policy: str  #: id of the act
    depends_on: str  #: the act on which it hangs, in words
    due: str  #: the day by which that is due, as printed; empty for none
    years_after: int  #: years from that act to the start
    #: the day of the start, or before which it cannot start, as printed; empty where that is not
    #: known
    starts: str
    bounds: Bounds  #: first and last day that this can mean; None for none
    state: str  #: a code of the scheme ``start-state``: adopted, not-found, stated
    read_to: str  #: the last day up to which the act was looked for; empty where it was not

    @property
    def earliest(self) -> str:
        """The first day on which it can start, as far as was read."""
        floor = self.bounds[0] if self.bounds else ""
        return max(floor, years_later(self.read_to, self.years_after)) if self.read_to else floor

    def started(self, day: str) -> str:
        """Return whether it has started by an ISO day: surely, perhaps or no."""
        if self.state == "adopted":
            return holds(self.bounds, None, day)
        return NO if day < self.earliest else PERHAPS

    @property
    def text(self) -> str:
        """What is known of the start, as a sentence without its stop."""
        if self.state == "adopted":
            return f"it starts on {self.starts}"
        if self.state == "stated":
            return f"{self.starts} is printed as its start, and no act is named"
        return (
            f"its start hangs on the {self.depends_on}, due on {self.due}; none was found up to "
            f"{self.read_to}, so that it starts on {self.earliest} at the earliest"
        )


def years_later(day: str, years: int) -> str:
    """Return the same day some years later; the last of February for the 29th."""
    found = date.fromisoformat(day)
    try:
        return found.replace(year=found.year + years).isoformat()
    except ValueError:
        return found.replace(year=found.year + years, day=28).isoformat()


def read_conditions(store: Store) -> tuple[RuleCondition, ...]:
    """Read the conditions of all rules: the text before others, what covers before what exempts."""
    return store.derive(("rule-conditions",), lambda: _read(store))


def _read(store: Store) -> tuple[RuleCondition, ...]:
    named: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for line in ask(store, "rule-condition-items"):
        named[line.row()][line["kind"]][line["item"]] = line["label"]
    names = ("rule", "rule_label", "policy", "policy_title", "part", "clause", "role", "layer")
    asked = ("test", "comparison", "fact", "fact_label", "goods_of", "listed_in", "unit")
    said = ("needs", "words", "note")
    found = {
        line.row(): RuleCondition(
            row=line.row(),
            named=named.get(line.row(), {}),
            goods_label=line["goods_of_label"],
            percent=line.maybe_number("percent"),
            value=line.maybe_number("value"),
            begins=bounds_in(line, "from"),
            ends=bounds_in(line, "until"),
            **{name: line[name] for name in (*names, *asked, *said)},
        )
        for line in ask(store, "rule-conditions")
    }
    return tuple(
        sorted(
            found.values(),
            key=lambda x: (x.rule, LAYERS.index(x.layer), x.role, x.policy, x.clause, x.row),
        )
    )


def read_starts(store: Store) -> tuple[RuleStart, ...]:
    """Read on what the starts of rules hang."""
    names = ("rule", "rule_label", "policy", "depends_on", "due", "starts", "state", "read_to")
    return tuple(
        RuleStart(
            row=line.row(),
            years_after=int(line.maybe_number("years_after") or 0),
            bounds=bounds_in(line, "starts"),
            **{name: line[name] for name in names},
        )
        for line in ask(store, "rule-starts")
    )


NO_CLASS = "none"  # of a product that belongs to none of the classes that rules list


def product_class_words(store: Store) -> ClassWords:
    """Return the keys of the classes of products that rules list, by key and by name."""
    named = [each.named.get("class", {}) for each in read_conditions(store)]
    return class_words({*(x for labels in named for x in labels.items()), (NO_CLASS, NO_CLASS)})


def profile_words(store: Store) -> tuple[frozenset[str], ...]:
    """Return what rules ask of a buyer: facts, classes of products, ways to ship, documents."""
    conditions = read_conditions(store)
    classes = frozenset[str]().union(*(each.ids("class") for each in conditions))
    return (
        frozenset(each.fact for each in conditions if each.fact),
        classes | {NO_CLASS},
        frozenset[str]().union(*(each.ids("shipped-as") for each in conditions)),
        frozenset(line.row().rpartition("/")[2] for line in ask(store, "rule-documents")),
    )
