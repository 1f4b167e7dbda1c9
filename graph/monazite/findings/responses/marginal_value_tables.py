"""Margins as a table and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from monazite.findings.responses.marginal_values import LEAST, PART, MarginalValue
from monazite.findings.responses.rerouting_tables import goods, place, taker
from monazite.result import Frozen
from monazite.safe_text import tonnes
from monazite.tables import NOT_KNOWN, Table, percent

_STEP = (
    f"Worked out with a step of {percent(PART)} of that year, at least {LEAST:g} t. What is not "
    "here is not at its bound, or a tonne of it is worth nothing."
)
_RIGHT = ("that year, t", "a tonne more", "a tonne less")
_MARKET = ("market: more", "market: less", "known to")


def margin_table(
    margins: Sequence[MarginalValue], what: str = "", names: Mapping[str, str] = Frozen()
) -> Table:
    """Return margins as a table."""
    market = any(each.market_right is not None for each in margins)
    more = _MARKET if market else ()
    remarks = [_STEP, "A tonne less: not known where nothing is left."]
    if market:
        remarks.append(
            "Market: of the product asked for. What one market gets is known give or take what "
            "stands beside it."
        )
    return Table(
        heading=f"What one tonne changes{f' if {what}' if what else ''}",
        columns=("stage", "what", "from", "to", *_RIGHT, *more, "unit"),
        rows=[
            [
                each.stage,
                goods(each.what, names),
                place(each.pool, names),
                taker(each.stage, each.buyer, names),
                tonnes(each.base),
                _tonnes(each.right),
                _tonnes(each.left),
                *([*map(_tonnes, (each.market_right, each.market_left))] if market else ()),
                *([f"+-{_tonnes(each.resolution)}"] if market else ()),
                each.unit,
            ]
            for each in margins
        ],
        remarks=tuple(remarks) if margins else ("Nothing that is at its bound is worth anything.",),
        right=(*_RIGHT, *more),
        spare=("known to",) if market else (),
    )


def margins_dict(margins: Sequence[MarginalValue]) -> dict[str, object]:
    """Return margins as JSON: tonnes served for a tonne; null is not known."""
    return {"margins": [asdict(each) for each in margins], "notes": [_STEP]}


def _tonnes(amount: float | None) -> str:
    return NOT_KNOWN if amount is None else f"{amount + 0:.3g}"
