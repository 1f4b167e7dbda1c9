"""Rules as tables, as CSV and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monazite.findings.rules.conditions import EXEMPTS
from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.rules.conditions import RuleStart
    from monazite.findings.rules.rules import DocumentLine, RuleLine, Rules


def rules_tables(found: Rules) -> list[Table]:
    """Return one line a clause, on what starts hang, and the documents in the full report."""
    columns = (
        "rule",
        "layer",
        "an item where",
        "binds",
        "says so",
        "clause",
        "needs",
        "why",
        "rows",
    )
    rows = [_clause(lines) for lines in _clauses(found)]
    remark = (
        "One clause a line; an item comes under the rule where all it asks is so, but for except."
    )
    spare = ("rows", "why", "needs", "clause")
    tables = [Table(f"Rules on {found.day}", columns, rows, remarks=(remark,), spare=spare)]
    if found.starts:
        started = [[start.rule, start.text, start.row] for start in found.starts]
        tables.append(
            Table(
                "Starts that hang on another act", ("rule", "start", "row"), started, spare=("row",)
            )
        )
    if found.documents:
        tables.append(_documents(found))
    return tables


def _documents(found: Rules) -> Table:
    rows = [
        [
            each.rule,
            each.document,
            each.given_by,
            ", ".join(each.forms),
            "yes" if each.translated else "no",
            ", ".join(each.places) or "all",
            each.begins,
            each.layer,
        ]
        for each in found.documents
    ]
    columns = ("rule", "document", "given by", "form", "translated", "for", "since", "layer")
    return Table("Documents of a licence", columns, rows, long=True)


def _clauses(found: Rules) -> list[list[RuleLine]]:
    """The conditions of each clause, those that cover before those that except."""
    held: dict[tuple[str, ...], list[RuleLine]] = {}
    for line in found.conditions:
        each = line.condition
        held.setdefault((each.rule, each.policy, each.layer, each.role, each.clause), []).append(
            line
        )
    return list(held.values())


def _clause(lines: list[RuleLine]) -> list[str]:
    first = lines[0]
    text = "; ".join(line.asks for line in lines)
    says = [source.publisher for line in lines for source in line.sources]
    return [
        first.condition.rule_label,
        first.condition.layer,
        f"except: {text}" if first.condition.role == EXEMPTS else text,
        first.binds,
        counted_names(says),
        first.condition.clause,
        "; ".join(dict.fromkeys(filter(None, (line.condition.needs for line in lines)))),
        first.status,
        " ".join(line.condition.row for line in lines),
    ]


def counted_names(names: list[str]) -> str:
    """Name the first and count the others.

    >>> counted_names(["MOFCOM", "Crowell", "MOFCOM"]), counted_names([])
    ('MOFCOM and 1 more', 'no source')
    """
    told = list(dict.fromkeys(names))
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    return f"{told[0]}{more}" if told else "no source"


def rules_csv(found: Rules) -> Table:
    """Return one line a condition, with plain values."""
    columns = (
        *("row", "rule", "policy", "part", "layer", "clause", "role", "test", "comparison"),
        *("asks", "percent", "value", "unit", "binds", "why", "words", "needs", "sources"),
    )
    rows = [
        [
            *(each.row, each.rule, each.policy, each.part, each.layer, each.clause, each.role),
            *(each.test, each.comparison, line.asks, _number(each.percent), _number(each.value)),
            *(each.unit, line.binds, line.status, each.words, each.needs),
            ";".join(source.id for source in line.sources),
        ]
        for line in found.conditions
        for each in [line.condition]
    ]
    return Table("", columns, rows)


def _number(number: float | None) -> str:
    return "" if number is None else f"{number:g}" if number < 1_000_000 else f"{number:.0f}"


def rules_dict(found: Rules) -> dict[str, object]:
    """Return the rules as JSON takes them."""
    return {
        "day": found.day,
        "element": found.element,
        "by": found.by,
        "conditions": [_line(line) for line in found.conditions],
        "starts": [_start(start) for start in found.starts],
        "documents": [_document(each) for each in found.documents],
    }


def _line(line: RuleLine) -> dict[str, object]:
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
        "sources": [
            {"id": source.id, "text": str(source), "url": source.url or None}
            for source in line.sources
        ],
    }


def _start(start: RuleStart) -> dict[str, object]:
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


def _document(each: DocumentLine) -> dict[str, object]:
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
