"""What is worked out for an assistant: the answer of a tool, the page of a chain, a record."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import anyio

from monazite.asking.question import questions
from monazite.core.errors import LimitError, MonaziteError, NotKnownError, UnknownNameError
from monazite.core.formats import exact, visible
from monazite.server.assistants.answers import (
    Wanted,
    answer_of,
    for_model,
    quoted_rows,
    unknown_answer,
)
from monazite.server.assistants.tools import OF_VIEW, PAGING, Offer, offers
from monazite.server.settings import Settings
from monazite.server.worker import Worker

if TYPE_CHECKING:
    from monazite.view.view import View


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
    if offer.verb in questions():
        own = {name: value for name, value in arguments.items() if name in offer.parameters}
        return questions()[offer.verb].ask_outside(view, own)
    verb = getattr(view, offer.verb)
    first, named = [], {}
    for name, parameter in inspect.signature(verb).parameters.items():
        outside = name.rstrip("_")
        if outside in arguments and outside in offer.parameters:
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


class AssistantWorker:
    """Works in a process of its own, one question after the other."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._worker: Worker | None = None
        self._turn = anyio.Lock()

    @property
    def number(self) -> int | None:
        """The number of its process; None while there is none."""
        return None if self._worker is None else self._worker.number

    async def work(
        self, work: str, given: Mapping[str, object], filters: Mapping[str, Any]
    ) -> bytes:
        """Do some work; where it is given up, or takes too long, its process is dead after it."""
        seconds = self._settings.seconds
        asked = {
            "module": __name__,
            "name": work,
            "given": given,
            "filters": asdict(self._settings.filters.narrowed(filters)),
            "seconds": seconds,
        }
        async with self._turn:
            try:
                with anyio.fail_after(seconds):
                    if self._worker is None:
                        self._worker = await Worker.start(self._settings)
                    return await self._worker.work(json.dumps(asked).encode())
            except TimeoutError:
                said = f"The question was stopped after {exact(seconds)} seconds; narrow it."
                raise LimitError(said) from None
            except RuntimeError as fault:
                kind = str(fault).partition(":")[0]
                said = f"The question met a fault ({kind}); ask it in another way."
                raise LimitError(said) from None
            finally:
                if self._worker is not None and not self._worker.is_sound:
                    await self.close()

    async def close(self) -> None:
        """Kill the process, and wait until it is dead."""
        worker, self._worker = self._worker, None
        if worker is not None:
            with anyio.CancelScope(shield=True):
                await worker.end()
