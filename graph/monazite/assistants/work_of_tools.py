"""What is worked out for an assistant: the answer of a tool, the page of a chain, a record."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from monazite.assistants.answers import answer_of, for_model, quoted_rows, unknown_answer
from monazite.assistants.extracts import Wanted
from monazite.assistants.offers import OF_VIEW, PAGING, Offer, offers
from monazite.errors import MonaziteError, NotKnownError, UnknownNameError
from monazite.safe_text import visible

if TYPE_CHECKING:
    from monazite.view import View


def answer_tool(view: View, given: Mapping[str, Any]) -> bytes:
    """Return the answer of a tool, as JSON."""
    offer, arguments = offers()[given["tool"]], given["arguments"]
    wanted = Wanted(**{name: arguments[name] for name in PAGING if name in arguments})
    try:
        found = _ask(view, offer, arguments)
    except NotKnownError as unknown:
        return _json(unknown_answer(view, offer, str(unknown)))
    except MonaziteError as refused:
        refused.args = (for_model(view)(visible(refused)),)
        raise
    return _json(answer_of(view, offer, found, wanted))


def draw_page(view: View, given: Mapping[str, Any]) -> bytes:
    """Return the page of a tool that draws, as HTML."""
    page: Any = _ask(view, offers()[given["tool"]], given["arguments"])
    return str(page.html).encode()


def quote_row(view: View, given: Mapping[str, Any]) -> bytes:
    """Return a record with its sources, as JSON."""
    rows = quoted_rows(view, [given["row"]])
    if not rows:
        raise UnknownNameError(f'The view has no record "{given["row"]}".')
    return _json(rows[0])


def _ask(view: View, offer: Offer, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a Result
    verb = getattr(view, offer.verb)
    first, named = [], {}
    for name, parameter in inspect.signature(verb).parameters.items():
        outside = name.rstrip("_")
        if outside not in arguments or outside not in offer.parameters:
            continue
        if parameter.kind is parameter.POSITIONAL_ONLY:
            first.append(arguments[outside])
        else:
            named[name] = arguments[outside]
    return verb(*first, **named)


def filters_of(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a question says of the view it asks."""
    return {name: arguments[name] for name in OF_VIEW if name in arguments}


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
