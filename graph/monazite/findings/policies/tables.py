"""The acts of a day as a table, as CSV and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monazite.tables import Table

if TYPE_CHECKING:
    from monazite.findings.policies.policies import Policies, PolicyLine
    from monazite.findings.policies.status_values import PolicyStatus
    from monazite.triples.cards import SourceLine


def policies_tables(found: Policies) -> list[Table]:
    """Return one line an act."""
    rows = [
        [
            line.status.with_state,
            line.status.since,
            f"{line.title} ({line.country_label})",
            line.covers,
            line.aimed_at,
            line.says_so,
            line.status.reason,
            line.policy,
        ]
        for line in found.policies
    ]
    columns = ("status", "since", "act", "covers", "aimed at", "says so", "why", "id")
    return [Table("", columns, rows, spare=("id", "why"))]


def policies_csv(found: Policies) -> Table:
    """Return one line an act, with plain values."""
    columns = (
        *("policy", "status", "words", "since", "reason", "begins", "title", "kind", "country"),
        *("issuers", "covers", "aimed_at", "touches", "last", "sources", "urls", "rows"),
    )
    rows = [
        [
            *(line.policy, line.status.value, line.status.with_state, line.status.since),
            *(line.status.reason, line.status.begins, line.title, line.kind, line.country),
            *("; ".join(line.issuers), line.covers, line.aimed_at, "; ".join(line.touches)),
            *(line.last, ";".join(source.id for source in line.sources)),
            *(_addresses(line.sources), ";".join(line.rows)),
        ]
        for line in found.policies
    ]
    return Table("", columns, rows)


def policies_dict(found: Policies) -> dict[str, object]:
    """Return the acts as JSON takes them."""
    return {
        "day": found.day,
        "element": found.element,
        "to": found.to,
        "by": found.by,
        "since": found.since,
        "policies": [_line(line) for line in found.policies],
    }


def _line(line: PolicyLine) -> dict[str, object]:
    return {
        "policy": line.policy,
        "title": line.title,
        "kind": line.kind,
        "country": line.country,
        "issuers": list(line.issuers),
        **_status(line.status),
        "parts": [{"part": part.part, **_status(part)} for part in line.status.parts],
        "covers": line.covers,
        "aimed_at": line.aimed_at,
        "touches": list(line.touches),
        "last": line.last or None,
        "sources": [
            {
                "id": source.id,
                "text": str(source),
                "url": source.url or None,
                "original": source.original or None,
            }
            for source in line.sources
        ],
        "rows": list(line.rows),
    }


def _status(status: PolicyStatus) -> dict[str, object]:
    return {
        "status": status.value,
        "words": status.with_state,
        "reason": status.reason,
        "since": status.since or None,
        "begins": status.begins or None,
    }


def _addresses(sources: Iterable[SourceLine]) -> str:
    """Where the sources were read, and where their originals stand."""
    found = [address for source in sources for address in (source.url, source.original) if address]
    return " ".join(dict.fromkeys(found))
