"""The rules that an item can be held against: their conditions, starts and documents, on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import ClassVar

from monazite.analysis.policies.acts import read_acts
from monazite.analysis.rules.compiled import CompiledRules, compile_rules
from monazite.analysis.rules.conditions import (
    EXEMPTS,
    LAYERS,
    RuleCondition,
    RuleStart,
    read_starts,
)
from monazite.analysis.rules.judgements import asks
from monazite.analysis.rules.weighing import NO, YES
from monazite.core.columns import Column, bare_table, table
from monazite.core.errors import all_at_once
from monazite.core.results import Listing, Value
from monazite.core.tables import Table
from monazite.data.columns import TableShape
from monazite.data.dates import date_bounds
from monazite.data.filters import NO as NOT_HELD
from monazite.data.filters import holds
from monazite.store.cards import SourceLine, read_cards
from monazite.store.names import find_entity
from monazite.store.queries import QueryRecord, ask
from monazite.store.store import Store


def counted_names(names: list[str]) -> str:
    """Name the first and count the others."""
    told = list(dict.fromkeys(names))
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    return f"{told[0]}{more}" if told else "no source"


def _of(names: str) -> str:
    """Say that some names are of the condition of a line."""
    return " ".join(f"{each}=condition.{each.removesuffix('?')}" for each in names.split())


_BARE = (
    f"{_of('row rule policy part layer clause role test comparison')} asks "
    f"{_of('percent value unit')} binds why=status {_of('words needs')} sources=sources.id"
)


class RuleLine(Value):
    """A condition of a rule on a day."""

    _json = (
        f"{_of('row rule rule_label policy part? layer clause role test comparison')} asks "
        f"named=condition.ids_by_kind {_of('fact? goods_of? listed_in? percent value unit?')} "
        "begins=condition.first_day ends=condition.last_day binds status "
        f"{_of('words needs? note?')} sources(id,text,url?)"
    )
    _words: ClassVar = {"binds": ("yes", "may", "no")}

    condition: RuleCondition
    asks: str  #: what it asks, in words
    binds: str  #: whether its clause binds on the day: yes, may or no
    status: str  #: why, by the status of its act and its own days
    sources: tuple[SourceLine, ...]  #: who says so, the best first


class DocumentLine(Value):
    """A document that the licence of a rule asks for."""

    _json = "row rule document given_by forms translated places layer begins?"
    _words: ClassVar = {"layer": LAYERS}

    row: str  #: its row, table/key
    rule: str
    document: str  #: what it is
    given_by: str  #: who gives it, a code of the scheme ``document-giver``
    forms: tuple[str, ...]  #: codes of the scheme ``document-form``
    translated: bool  #: whether a translation is asked for
    places: tuple[str, ...]  #: destinations for which it is asked; none for all
    layer: str  #: text, guidance or practice
    begins: str  #: since when, as printed; empty for the start of the act

    def asked_on(self, day: str) -> bool:
        """Tell whether it can be asked for on an ISO day."""
        return not self.begins or date_bounds(self.begins)[0] <= day


class Rules(Listing[RuleLine]):
    """The rules that an item can be held against, on a day."""

    day: str  #: the day asked about, an ISO date
    element: str | None  #: id of the element asked about; None for any
    by: str | None  #: code of the country or union that issued the acts; None for any
    conditions: tuple[RuleLine, ...]  #: the conditions, by rule, act, layer and clause
    starts: tuple[RuleStart, ...]  #: on what the starts of rules hang
    documents: tuple[DocumentLine, ...]  #: what licences ask for

    records_key = "conditions"
    _json = "day element by conditions starts documents"

    def tables(self) -> list[Table]:
        """Return a line a clause, the starts that hang on others, and the documents in full."""
        clauses: dict[tuple[str, ...], list[RuleLine]] = {}
        for line in self.conditions:
            each = line.condition
            key = (each.rule, each.policy, each.layer, each.role, each.clause)
            clauses.setdefault(key, []).append(line)
        told = "One clause a line; an item comes under the rule where all it asks is so, but for "
        tables = [table(f"Rules on {self.day}", clauses.values(), _CLAUSE, (f"{told}except.",))]
        if self.starts:
            title = "Starts that hang on another act"
            tables.append(table(title, self.starts, _START))
        if self.documents:
            title = "Documents of a licence"
            tables.append(table(title, self.documents, _DOCUMENT, long=True))
        return tables

    def csv_tables(self) -> list[Table]:
        """Return the conditions as one table of plain values."""
        return [bare_table(self.conditions, _BARE, digits=12)]

    def headline(self) -> str:
        """Return the day, and how many rules, clauses and conditions there are."""
        held = [line.condition for line in self.conditions]
        rules = {each.rule for each in held}
        clauses = {(each.rule, each.policy, each.clause) for each in held}
        return f"{self.day}: {len(rules)} rules, {len(clauses)} clauses, {len(held)} conditions"


def _asked(lines: list[RuleLine]) -> str:
    text = "; ".join(line.asks for line in lines)
    return f"except: {text}" if lines[0].condition.role == EXEMPTS else text


_CLAUSE = (
    Column("rule", lambda lines: lines[0].condition.rule_label),
    Column("layer", lambda lines: lines[0].condition.layer),
    Column("an item where", _asked),
    Column("binds", lambda lines: lines[0].binds),
    Column(
        "says so",
        lambda lines: [x.publisher for line in lines for x in line.sources],
        counted_names,
    ),
    Column("clause", lambda lines: lines[0].condition.clause, spare=4),
    Column(
        "needs",
        lambda lines: dict.fromkeys(filter(None, (x.condition.needs for x in lines))),
        "; ".join,
        spare=3,
    ),
    Column("why", lambda lines: lines[0].status, spare=2),
    Column("rows", lambda lines: " ".join(line.condition.row for line in lines), spare=1),
)
_START = (Column("rule", "rule"), Column("start", "text"), Column("row", "row", spare=1))
_DOCUMENT = (
    Column("rule", "rule"),
    Column("document", "document"),
    Column("given by", "given_by"),
    Column("form", "forms", ", ".join),
    Column("translated", "translated", lambda asked: "yes" if asked else "no"),
    Column("for", lambda each: ", ".join(each.places) or "all"),
    Column("since", "begins"),
    Column("layer", "layer"),
)


def find_rules(
    store: Store,
    tables: Mapping[str, TableShape],
    day: str,
    element: str | None = None,
    *,
    by: str | None = None,
    whole: bool = True,
) -> Rules:
    """Find the rules of an item by clause; without ``whole`` what can count on the day alone."""

    def id_of(name: str | None, what: str, *classes: str) -> str | None:
        return None if name is None else find_entity(store, name, *classes, what=what).id

    what, issuer = all_at_once(
        lambda: id_of(element, "element", "ChemicalElement"),
        lambda: id_of(by, "country", "Country", "Area"),
    )
    compiled, acts = compile_rules(store, [day]), read_acts(store).acts
    lines = list(_lines(compiled, day, store, tables))
    if issuer:
        lines = [line for line in lines if acts[line.condition.policy].country == issuer]
    if what:
        lines = [line for line in lines if not _asks_for_others(line.condition, compiled, what)]
    if not whole:
        own = [(line.condition.begins, line.condition.ends) for line in lines]
        lines = [x for x, days in zip(lines, own, strict=True) if holds(*days, day) != NOT_HELD]
    kept = {line.condition.rule for line in lines}
    return Rules(
        day=day,
        element=what,
        by=issuer,
        conditions=tuple(lines),
        starts=tuple(start for start in read_starts(store) if start.rule in kept),
        documents=tuple(
            each
            for each in read_documents(store)
            if each.rule in kept and (whole or each.asked_on(day))
        ),
    )


def _lines(
    compiled: CompiledRules, day: str, store: Store, tables: Mapping[str, TableShape]
) -> Iterator[RuleLine]:
    rows = {each.row for clause in compiled.clauses for each in clause.conditions}
    cards = read_cards(store, tables, rows)
    for rule, clauses in compiled.rules.items():
        for clause, binds in zip(clauses, compiled.bindings[rule][0], strict=True):
            status = clause.status(compiled.statuses[day])
            for each in clause.conditions:
                yield RuleLine(
                    condition=each,
                    asks=asks(each),
                    binds={YES: "yes", NO: "no"}.get(binds, "may"),
                    status=status.text if status else "the records hold no such act",
                    sources=cards[each.row].sources if each.row in cards else (),
                )


def _asks_for_others(condition: RuleCondition, compiled: CompiledRules, element: str) -> bool:
    """Tell whether the clause of a condition weighs elements, and not this one."""
    clause = next(x for x in compiled.rules[condition.rule] if condition in x.conditions)
    asked = [x for x in clause.conditions if x.test in ("content", "value-share")]
    weighed = [x.ids("element") for x in asked]
    return bool(weighed) and not all(element in named for named in weighed)


def read_documents(store: Store) -> tuple[DocumentLine, ...]:
    """Read the documents that licences ask for."""
    found: dict[str, list[QueryRecord]] = defaultdict(list)
    for line in ask(store, "rule-documents"):
        found[line.row()].append(line)
    return tuple(
        DocumentLine(
            row=row,
            forms=tuple(dict.fromkeys(line["form"] for line in lines)),
            translated=lines[-1].flag("translated"),
            places=tuple(dict.fromkeys(line["place"] for line in lines if line["place"])),
            begins=lines[-1]["from"],
            **{name: lines[-1][name] for name in ("rule", "document", "given_by", "layer")},
        )
        for row, lines in found.items()
    )
