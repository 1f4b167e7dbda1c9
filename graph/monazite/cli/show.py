"""``monazite show``: the card of an entity."""

from __future__ import annotations

from typing import Annotated

import typer

from monazite.cli.common import Format, ViewOptions, choose_format, say, with_view, write_out


@with_view
def show(
    options: ViewOptions,
    name: Annotated[str, typer.Argument(help="Id or name, in English or Chinese.")],
    fmt: Format = "table",
    limit: Annotated[int, typer.Option(min=1, help="Rows a table of the card may show.")] = 20,
) -> None:
    """Print what the graph says of an entity: facts, events in order, links, policies, sources.

    Example: monazite show "Mountain Pass"
    """
    from monazite.tables import FORMATS, to_json
    from monazite.triples.card_text import card_dict, write_card
    from monazite.triples.cards import read_cards, rows_about
    from monazite.triples.names import find_entity

    choose_format(fmt, *FORMATS)
    view = options.open()
    entity = find_entity(view.store, name)
    cards = read_cards(view.store, view.schema, rows_about(view.store, entity))
    if fmt == "json":
        write_out(to_json({"view": view.describe(), **card_dict(entity, cards)}))
    else:
        write_out(write_card(entity, cards, fmt, limit=limit, view=view.line()))
        if fmt == "csv":
            say(view.line())
