"""The rules that an item can be held against: their conditions, starts and documents, on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monazite.analysis.policies.acts import read_acts
from monazite.analysis.rules.case import NO, YES
from monazite.analysis.rules.compiled import CompiledRules, compile_rules
from monazite.analysis.rules.conditions import EXEMPTS, RuleCondition, RuleStart, read_starts
from monazite.analysis.rules.judgements import asks
from monazite.core.errors import all_at_once
from monazite.core.results import Result, Value
from monazite.core.tables import Table
from monazite.data.dates import date_bounds
from monazite.data.filters import NO as NOT_HELD
from monazite.data.filters import holds
from monazite.store.cards import SourceLine, read_cards
from monazite.store.names import find_entity
from monazite.store.queries import ask
from monazite.store.store import Store

if TYPE_CHECKING:
    from monazite.data.columns import TableShape


def counted_names(names: list[str]) -> str:
    """Name the first and count the others.

    >>> counted_names(["MOFCOM", "Crowell", "MOFCOM"]), counted_names([])
    ('MOFCOM and 1 more', 'no source')
    """
    told = list(dict.fromkeys(names))
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    return f"{told[0]}{more}" if told else "no source"


_BINDS = {YES: "yes", NO: "no"}


@dataclass(frozen=True)
class RuleLine(Value):
    """A condition of a rule on a day.

    Attributes:
        asks: what it asks, in words.
        binds: whether its clause binds on the day: yes, may or no.
        status: why, by the status of its act and its own days.
        sources: who says so, the best first.
    """

    condition: RuleCondition
    asks: str
    binds: str
    status: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True)
class DocumentLine(Value):
    """A document that the licence of a rule asks for.

    Attributes:
        document: what it is.
        given_by: who gives it, a code of the scheme ``document-giver``.
        forms: codes of the scheme ``document-form``.
        translated: whether a translation is asked for.
        places: destinations for which it is asked; none for all.
        layer: text, guidance or practice.
        begins: since when, as printed; empty for the start of the act.
    """

    row: str
    rule: str
    document: str
    given_by: str
    forms: tuple[str, ...]
    translated: bool
    places: tuple[str, ...]
    layer: str
    begins: str

    def asked_on(self, day: str) -> bool:
        """Tell whether it can be asked for on an ISO day."""
        return not self.begins or date_bounds(self.begins)[0] <= day


@dataclass(frozen=True)
class Rules(Result):
    """The rules that an item can be held against, on a day.

    Attributes:
        element: id of the element asked about; None for any.
        by: code of the country or union that issued the acts; None for any.
        conditions: the conditions, by rule, act, layer and clause.
        starts: on what the starts of rules hang.
        documents: what licences ask for.
    """

    day: str
    element: str | None
    by: str | None
    conditions: tuple[RuleLine, ...]
    starts: tuple[RuleStart, ...]
    documents: tuple[DocumentLine, ...]

    records_key = "conditions"

    def __len__(self) -> int:
        return len(self.conditions)

    def __iter__(self) -> Iterator[RuleLine]:
        return iter(self.conditions)

    def content(self) -> dict[str, object]:
        """Return the rules as JSON has them."""
        return {
            "day": self.day,
            "element": self.element,
            "by": self.by,
            "conditions": [_line_dict(line) for line in self.conditions],
            "starts": [_start_dict(start) for start in self.starts],
            "documents": [_document_dict(each) for each in self.documents],
        }

    def tables(self) -> list[Table]:
        """Return a line a clause, the starts that hang on others, and the documents in full."""
        clauses: dict[tuple[str, ...], list[RuleLine]] = {}
        for line in self.conditions:
            each = line.condition
            key = (each.rule, each.policy, each.layer, each.role, each.clause)
            clauses.setdefault(key, []).append(line)
        tables = [
            Table(
                f"Rules on {self.day}",
                (
                    *("rule", "layer", "an item where", "binds", "says so", "clause", "needs"),
                    *("why", "rows"),
                ),
                [_clause_cells(lines) for lines in clauses.values()],
                remarks=(
                    "One clause a line; an item comes under the rule where all it asks is so, but "
                    "for except.",
                ),
                spare=("rows", "why", "needs", "clause"),
            )
        ]
        if self.starts:
            title, columns = "Starts that hang on another act", ("rule", "start", "row")
            started = [[start.rule, start.text, start.row] for start in self.starts]
            tables.append(Table(title, columns, started, spare=("row",)))
        if self.documents:
            cells = [[show(each) for show in _DOCUMENT.values()] for each in self.documents]
            tables.append(Table("Documents of a licence", tuple(_DOCUMENT), cells, long=True))
        return tables

    def csv_tables(self) -> list[Table]:
        """Return the conditions as one table of plain values."""
        rows = [
            [
                *(getattr(line.condition, name) for name in _OWN),
                *(cell(line, line.condition) for cell in _PLAIN.values()),
            ]
            for line in self.conditions
        ]
        return [Table("", (*_OWN, *_PLAIN), rows)]

    def headline(self) -> str:
        """Return the day, and how many rules, clauses and conditions there are."""
        held = [line.condition for line in self.conditions]
        rules = {each.rule for each in held}
        clauses = {(each.rule, each.policy, each.clause) for each in held}
        return f"{self.day}: {len(rules)} rules, {len(clauses)} clauses, {len(held)} conditions"


def _clause_cells(lines: list[RuleLine]) -> list[str]:
    first = lines[0]
    text = "; ".join(line.asks for line in lines)
    return [
        first.condition.rule_label,
        first.condition.layer,
        f"except: {text}" if first.condition.role == EXEMPTS else text,
        first.binds,
        counted_names([source.publisher for line in lines for source in line.sources]),
        first.condition.clause,
        "; ".join(dict.fromkeys(filter(None, (line.condition.needs for line in lines)))),
        first.status,
        " ".join(line.condition.row for line in lines),
    ]


_DOCUMENT: Mapping[str, Callable[[DocumentLine], str]] = {
    "rule": lambda x: x.rule,
    "document": lambda x: x.document,
    "given by": lambda x: x.given_by,
    "form": lambda x: ", ".join(x.forms),
    "translated": lambda x: "yes" if x.translated else "no",
    "for": lambda x: ", ".join(x.places) or "all",
    "since": lambda x: x.begins,
    "layer": lambda x: x.layer,
}
_OWN = ("row", "rule", "policy", "part", "layer", "clause", "role", "test", "comparison")
_PLAIN: Mapping[str, Callable[[RuleLine, RuleCondition], str]] = {
    "asks": lambda line, _: line.asks,
    "percent": lambda _, x: _number(x.percent),
    "value": lambda _, x: _number(x.value),
    "unit": lambda _, x: x.unit,
    "binds": lambda line, _: line.binds,
    "why": lambda line, _: line.status,
    "words": lambda _, x: x.words,
    "needs": lambda _, x: x.needs,
    "sources": lambda line, _: ";".join(source.id for source in line.sources),
}


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:g}" if number < 1_000_000 else f"{number:.0f}"


def _line_dict(line: RuleLine) -> dict[str, object]:
    each = line.condition
    return {
        "row": each.row,
        "rule": each.rule,
        "rule_label": each.rule_label,
        "policy": each.policy,
        "part": each.part or None,
        "layer": each.layer,
        "clause": each.clause,
        "role": each.role,
        "test": each.test,
        "comparison": each.comparison,
        "asks": line.asks,
        "named": {kind: sorted(named) for kind, named in sorted(each.named.items())},
        "fact": each.fact or None,
        "goods_of": each.goods_of or None,
        "listed_in": each.listed_in or None,
        "percent": each.percent,
        "value": each.value,
        "unit": each.unit or None,
        "begins": each.begins[0] if each.begins else None,
        "ends": each.ends[1] if each.ends else None,
        "binds": line.binds,
        "status": line.status,
        "words": each.words,
        "needs": each.needs or None,
        "note": each.note or None,
        "sources": [{"id": x.id, "text": str(x), "url": x.url or None} for x in line.sources],
    }


def _start_dict(start: RuleStart) -> dict[str, object]:
    return {
        "row": start.row,
        "rule": start.rule,
        "policy": start.policy,
        "depends_on": start.depends_on,
        "due": start.due or None,
        "years_after": start.years_after,
        "starts": start.starts or None,
        "state": start.state,
        "read_to": start.read_to or None,
        "earliest": start.earliest or None,
    }


def _document_dict(each: DocumentLine) -> dict[str, object]:
    return {
        "row": each.row,
        "rule": each.rule,
        "document": each.document,
        "given_by": each.given_by,
        "forms": list(each.forms),
        "translated": each.translated,
        "places": list(each.places),
        "layer": each.layer,
        "begins": each.begins or None,
    }


def find_rules(
    store: Store,
    tables: Mapping[str, TableShape],
    day: str,
    element: str | None = None,
    *,
    by: str | None = None,
    whole: bool = True,
) -> Rules:
    """Find the rules that an item can be held against, clause by clause.

    Without ``whole`` only the conditions and documents that can count on the day.
    """

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
        lines = [line for line in lines if _can_hold(line.condition, day)]
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


def _can_hold(condition: RuleCondition, day: str) -> bool:
    """Tell whether a condition can hold on a day, by its own first and last day."""
    begins, ends = condition.begins, condition.ends
    return not (begins or ends) or holds(begins, ends, day) != NOT_HELD


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
                    binds=_BINDS.get(binds, "may"),
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
    found: dict[str, DocumentLine] = {}
    for line in ask(store, "rule-documents"):
        known = found.get(line.row())
        forms = dict.fromkeys((*(known.forms if known else ()), line["form"]))
        places = dict.fromkeys((*(known.places if known else ()), line["place"]))
        found[line.row()] = DocumentLine(
            row=line.row(),
            rule=line["rule"],
            document=line["document"],
            given_by=line["given_by"],
            forms=tuple(forms),
            translated=line.flag("translated"),
            places=tuple(filter(None, places)),
            layer=line["layer"],
            begins=line["from"],
        )
    return tuple(found.values())
