"""The file of a licence: which documents it asks for, who gives each, and which are there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monazite.core.errors import NotKnownError
from monazite.core.results import Value
from monazite.core.tables import Table
from monazite.model.network.shares import WORLD

if TYPE_CHECKING:
    from monazite.analysis.rules.rules import DocumentLine

HAVE, MISSING, NOT_OURS = "have", "missing", "not ours"
_THEIRS = frozenset({"exporter", "authority"})  # who gives what a buyer has not to bring


@dataclass(frozen=True)
class LicenceDocument(Value):
    """A document that a licence asks for.

    Attributes:
        id: key of its row, by which a profile names it.
        document: what it is.
        given_by: who gives it.
        forms: original, copy or system.
        translated: whether with a Chinese translation.
        layer: text, guidance or practice.
        since: from when it is asked for, as printed; empty where no row says.
        state: have, missing or not ours.
        row: that says so.
    """

    id: str
    document: str
    given_by: str
    forms: tuple[str, ...]
    translated: bool
    layer: str
    since: str
    state: str
    row: str


def licence_file(
    documents: Iterable[DocumentLine],
    rules: Collection[str],
    act: str,
    market: str,
    day: str,
    held: Collection[str],
) -> tuple[LicenceDocument, ...]:
    """Return the documents that a licence under an act asks of a market."""
    found = []
    for each in documents:
        is_for = not each.places or (market != WORLD and market in each.places)
        if each.rule in rules and is_for and each.asked_on(day):
            key = each.row.rpartition("/")[2]
            state = HAVE if key in held else NOT_OURS if each.given_by in _THEIRS else MISSING
            said = (each.document, each.given_by, each.forms, each.translated, each.layer)
            found.append(LicenceDocument(key, *said, each.begins, state, each.row))
    if not found:
        raise NotKnownError(f"We found no documents that a licence under {act} asks for.")
    return tuple(found)


def licence_table(documents: Iterable[LicenceDocument], act: str) -> Table:
    """Return the file of a licence as a table, what is missing first."""
    order = (MISSING, HAVE, NOT_OURS)
    rows = []
    for each in sorted(documents, key=lambda each: order.index(each.state)):
        form = " or ".join("in their system" if x == "system" else x for x in each.forms)
        form += ", in Chinese too" if each.translated else ""
        own = [each.document, each.given_by.replace("-", " "), form, each.state]
        rows.append([*own, each.layer, each.since, each.id])
    return Table(
        heading=f"The file of a licence: {act}",
        columns=("Document", "From", "Form", "State", "By its", "Since", "Name in a profile"),
        rows=rows,
        remarks=(
            "Have: by your profile (documents = [...]). Not ours: the exporter or an authority "
            "gives it. This is no legal advice.",
        ),
        keys=("Name in a profile", "Since"),
    )
