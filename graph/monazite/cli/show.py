"""``monazite show``: the card of an entity."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.common import (
    FORMATS,
    Format,
    Output,
    ViewOptions,
    choose_format,
    terminal_width,
    with_view,
    write_out,
    write_result,
)
from monazite.cli.completion import complete_id
from monazite.cli.options import Full
from monazite.cli.writing import ASKED_VIEW
from monazite.errors import SeveralMeantError
from monazite.spoken_commands import for_view
from monazite.tables import Table, write_tables

if TYPE_CHECKING:
    from monazite.triples.short_card import ShortCard


@with_view
def show(
    options: ViewOptions,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            autocompletion=complete_id(),
            help="Id or name, in English or Chinese; kind/id for one of several.",
        ),
    ],
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="With --full: records a table may show, 20 unless told."),
    ] = None,
) -> None:
    """Print the card of a plant, firm, act, country, element or material, with its sources.

    State, products, amounts, owners, buyers, rules, what is disputed. --full prints all records. A
    name of several things has an answer for each, with kind and id.

    Example: monazite show "Mountain Pass"
    """
    choose_format(fmt, *FORMATS)
    try:
        found = options.open().show(name, full=full or limit is not None)
    except SeveralMeantError as several:
        if fmt not in {"table", "markdown"}:
            raise  # who reads by program asked for one
        write_out(write_tables([_choice(name, several)], fmt), output)
        return
    if fmt in {"table", "markdown"}:
        from monazite.triples.entity_card import LIMIT

        told = replace(found, short=_of_view(found.short)).to_text(
            fmt, width=terminal_width(), limit=limit or LIMIT, full=full
        )
        write_out(told, output)
    else:
        write_result(found, fmt, output)


def _of_view(card: ShortCard | None) -> ShortCard | None:
    """The card, whose lines lead to commands of the view that was asked."""
    options = ASKED_VIEW.get()
    if card is None or not options:
        return card
    lines = [
        replace(
            line,
            facts=tuple(
                each if each.sources else replace(each, text=for_view(each.text, options))
                for each in line.facts
            ),
        )
        for line in card.lines
    ]
    return replace(card, lines=tuple(lines))


def _choice(name: str, several: SeveralMeantError) -> Table:
    """What a name means, and what to write for each."""
    asked = ASKED_VIEW.get()
    return Table(
        heading=f'"{name}" is the name of {len(several.meant)} things',
        columns=("kind", "id", "name", "to see it"),
        rows=[
            [kind, own, label, for_view(f"monazite show {shlex.quote(f'{kind}/{own}')}", asked)]
            for kind, own, label in several.meant
        ],
    )
