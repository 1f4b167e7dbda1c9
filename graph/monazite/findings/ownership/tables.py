"""Parents as tables, and as the JSON that programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from monazite.tables import NOT_KNOWN, Table

if TYPE_CHECKING:
    from monazite.findings.ownership.parents import (
        Holding,
        OwnershipChain,
        OwnershipLink,
        Parents,
    )

_WAYS = {"majority": "more than half", "stated": "control stated", "": ""}


_SURE = {"surely": "yes", "perhaps": "possibly"}
"""A certainty in the words of a report."""


def parents_tables(found: Parents, *, codes: bool = False) -> list[Table]:
    """Return the way up, the other holders, and who runs a plant without an owner on record."""
    sources = found.sources
    tables = [_way_up(found, sources), _others(found, sources), _operators(found, sources)]
    told = [table for table in tables if table.rows or table.remarks]
    return told if codes else [_in_words(table) for table in told]


def _in_words(table: Table) -> Table:
    place = table.columns.index("certainty")
    rows = [
        [*row[:place], _SURE.get(row[place], row[place]), *row[place + 1 :]] for row in table.rows
    ]
    return replace(table, rows=rows, columns=table.columns if rows else ())


def _way_up(found: Parents, sources: Mapping[str, str]) -> Table:
    several = len(found.chains) > 1
    rows = [
        [
            f"{number}.{step}" if several else str(step),
            link.owned_label,
            link.owner_label,
            link.country or NOT_KNOWN,
            _percents(link),
            _WAYS[link.control],
            link.certainty,
            *_first(next(one for one in link.holdings if one.controls), sources),
        ]
        for number, chain in enumerate(found.chains, 1)
        for step, link in enumerate(chain.links, 1)
    ]
    return Table(
        heading=_heading(found),
        columns=(
            *("step", "held", "parent", "country", "share", "by", "certainty"),
            *("from", "until", "source", "row"),
        ),
        rows=rows,
        remarks=(*_products(found.chains), *found.remarks),
        right=("share",),
        keys=("row",),
        spare=("country", "source"),
    )


def _heading(found: Parents) -> str:
    tops = " or ".join(label for _, label in found.tops) or NOT_KNOWN
    doubt = ", perhaps" if found.tops and found.certainty != "surely" else ""
    return f"{found.label} on {found.day}: ultimate parent on record {tops}{doubt}"


def _products(chains: tuple[OwnershipChain, ...]) -> list[str]:
    """The economic interest of the last parent, where every share on the way is known."""
    return [
        f"Multiplied, the shares give {chain.links[-1].owner_label} "
        f"{_range(chain.percent_low, chain.percent_high)}."
        for chain in chains
        if len(chain.links) > 1 and chain.percent_low is not None
    ]


def _others(found: Parents, sources: Mapping[str, str]) -> Table:
    return Table(
        heading="Other holders on the way: no recorded control",
        columns=(
            *("held", "holder", "country", "share", "status", "certainty"),
            *("from", "until", "source", "row", "note"),
        ),
        rows=[
            [
                link.owned_label,
                link.owner_label,
                link.country or NOT_KNOWN,
                NOT_KNOWN if one.percent is None else f"{one.percent:g} %",
                one.status,
                one.certainty,
                *_first(one, sources),
                one.note,
            ]
            for link in found.others
            for one in link.holdings
        ],
        right=("share",),
        keys=("row",),
        spare=("note", "country", "source"),
    )


def _operators(found: Parents, sources: Mapping[str, str]) -> Table:
    return Table(
        heading="No owner is on record; who runs it is not ownership",
        columns=("stage", "operator", "certainty", "source", "row"),
        rows=[
            [one.stage, one.label, one.certainty, sources.get(one.row, ""), one.row]
            for one in found.operators
        ],
    )


def _first(one: Holding, sources: Mapping[str, str]) -> list[str]:
    return [
        one.begins or NOT_KNOWN,
        one.ends or "none on record",
        sources.get(one.row, ""),
        one.row,
    ]


def _percents(link: OwnershipLink) -> str:
    if not link.percents:
        return NOT_KNOWN
    return _range(link.percents[0], link.percents[-1])


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return NOT_KNOWN
    return f"{low:g} %" if low == high else f"{low:g} % to {high:g} %"


def parents_dict(found: Parents) -> dict[str, object]:
    """Return the answer as the documented JSON: percent 0 to 100, null is not known."""
    return {
        "entity": found.entity,
        "label": found.label,
        "day": found.day,
        "ultimate_parents": [{"id": top, "label": label} for top, label in found.tops],
        "certainty": found.certainty,
        "chains": [
            {
                "certainty": chain.certainty,
                "percent_low": chain.percent_low,
                "percent_high": chain.percent_high,
                "steps": [_link_dict(link) for link in chain.links],
            }
            for chain in found.chains
        ],
        "other_holders": [_link_dict(link) for link in found.others],
        "circles": [list(circle) for circle in found.circles],
        "operators": [vars(operator) for operator in found.operators],
        "remarks": list(found.remarks),
        "rows": list(found.rows),
    }


def _link_dict(link: OwnershipLink) -> dict[str, object]:
    return {
        "held": {"id": link.owned, "label": link.owned_label},
        "holder": {"id": link.owner, "label": link.owner_label, "country": link.country or None},
        "control": link.control or None,
        "certainty": link.certainty,
        "rows": [
            {
                "row": one.row,
                "percent": one.percent,
                "status": one.status,
                "certainty": one.certainty,
                "from": one.begins or None,
                "until": one.ends or None,
                "note": one.note or None,
            }
            for one in link.holdings
        ],
    }
