"""How much of a question an act touches, and each of its steps: what touches more leads a brief.

A step may be about one clause of an act, and records may say that the element falls under another:
such a step touches only what the act does beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from monazite.findings.policies.acts import Acts
from monazite.findings.policies.reach import read_reach
from monazite.findings.policies.selection import CHAIN, ELEMENT, MARKET, PolicySelection

BOTH, OF_ELEMENT, OTHER = 3, 2, 1
"""The element with the market or the chain; the element; another."""
_CLAUSE = re.compile(r"\bclause (\d+)\b", re.IGNORECASE)


def weights_of(
    selection: PolicySelection, acts: Acts, policies: Iterable[str]
) -> Mapping[str, int]:
    """Return how much acts touch, by their names, and by their rows steps that touch less."""
    details = {row.row: row.detail for rows in read_reach(selection.store).values() for row in rows}
    links = {link.row: link for link in acts.links}
    found: dict[str, int] = {}
    for policy in policies:
        act, rows = acts.acts[policy], selection.rows(policy, ELEMENT)
        what = {touch.what for touch in selection.touched[policy]}
        weight = OTHER if ELEMENT not in what else BOTH if what & {MARKET, CHAIN} else OF_ELEMENT
        moved = {links[row].other: links[row].note for row in rows if row in links}
        if moved and all(
            _of_others(note, selection.rows(other, ELEMENT), details)
            for other, note in moved.items()
        ):
            weight = OTHER
        found[act.title] = weight
        for step in act.steps:
            if weight > OTHER and _of_others(step.part, rows, details):
                found[step.row] = OTHER
    return found


def _of_others(text: str, rows: Iterable[str], details: Mapping[str, str]) -> bool:
    """Whether a text names clauses, and each row by which an act touches the element others."""
    named = {*_CLAUSE.findall(text)}
    held = [{*_CLAUSE.findall(details.get(row, ""))} for row in rows]
    return bool(named and held) and all(each and not each & named for each in held)
