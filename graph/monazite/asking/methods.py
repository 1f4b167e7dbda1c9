"""The questions as methods of a view: none of their files is read before it is asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from monazite.core.package import question_names


class QuestionMethod:
    """A question as a method of the view; its file is read when it is first asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, view: object, kind: type | None = None) -> Callable[..., Any]:
        run = method_of(self.name)
        bound: Callable[..., Any] = run if view is None else run.__get__(view)
        return bound


@cache
def method_of(name: str) -> Any:  # noqa: ANN401 - a function
    """Return a question as the function that a view has as its method."""
    from monazite.asking.question import find_question

    asked = find_question(name)

    @wraps(asked.run, assigned=("__module__", "__name__"))
    def ask(self: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the signature says
        bound = asked.signature.bind(self, *given, **named)
        bound.arguments.pop("self")
        return asked.ask(self, **bound.arguments)

    ask.__qualname__ = f"View.{name}"
    ask.__doc__ = asked.documentation
    ask.__signature__ = asked.signature  # type: ignore[attr-defined]
    own = [*asked.signature.parameters.values()][1:]
    ask.__annotations__ = {each.name: each.annotation for each in own}
    ask.__annotations__["return"] = asked.signature.return_annotation
    return ask


class Questions:
    """Gives a view a method for each question."""


for _name in question_names():
    setattr(Questions, _name, QuestionMethod(_name))
