"""What could not be read of a control's scope, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator

from monazite.findings.policies.scope_rows import COUNTRY, ELEMENT, EVERYBODY, ScopeRow
from monazite.findings.policies.status import PolicyStatus
from monazite.findings.reconciliation.line import STAGES


def remarks_on_state(status: PolicyStatus) -> Iterator[str]:
    """Say why a control is not simply in force."""
    if status.state != "in force":
        yield f"{status.text[0].upper()}{status.text[1:]}."


def remarks_on_goods(rows: list[ScopeRow]) -> Iterator[str]:
    """Say which goods were read from words, and which belong to no stage of the chain."""
    formless = [
        (row.text, place)
        for row in rows
        for thing, places in row.covered
        for place in places
        if thing.kind == ELEMENT and not row.forms
    ]
    if formless:
        names = ", ".join(sorted({text for text, _ in formless}))
        stages = ", ".join(s for s in STAGES if s in {stage for _, (stage, _) in formless})
        yield f"The form of {names} is not stated: read as the products of {stages}, not magnets."
    placeless = {
        thing.id
        for row in rows
        for thing, places in row.covered
        if thing.kind == "material" and not places
    }
    if placeless:
        yield f"No stage or element of the chain is known for {', '.join(sorted(placeless))}."
    if not any(row.goods for row in rows):
        yield "No record names goods of the chain: it applies to no flow in the model."


def remarks_on_aims(rows: list[ScopeRow], aimed: list[ScopeRow]) -> Iterator[str]:
    """Say at whom a control is aimed where that is no whole country."""
    for row in rows:
        if row.kind == COUNTRY and row not in aimed:
            yield f"Aimed at users within a country, not at the country: {row.words}."
        elif row.kind == COUNTRY and row.detail and EVERYBODY not in row.named("targets"):
            yield f"Said of the country it is aimed at, and not read: {row.words}."
    firms = [row.text for row in rows if row.kind in ("target-organisation", "target-facility")]
    if firms:
        yield f"Names users or firms, which flows do not tell apart: {'; '.join(firms)}."


def remarks_on_rest(rows: list[ScopeRow]) -> Iterator[str]:
    """Say which rows of a control were not read."""
    codes = [row.text for row in rows if row.kind in ("cn-code", "hs-code")]
    if codes:
        yield f"Customs codes name no elements and are not read: {', '.join(codes)}."
    technology = [row.text for row in rows if row.kind == "technology"]
    if technology:
        yield f"Technology, which no flow of goods carries: {'; '.join(technology)}."
    for row in rows:
        if row.kind in ("threshold", "exempt"):
            yield f"Not read: {row.words}."
