"""The methods of a view that stand in files of their own: none is read before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, wraps
from importlib import import_module
from typing import Any

from monazite.core.package import question_names

OTHERS: Mapping[str, tuple[str, ...]] = {
    "bills": ("exposure",),
    "exports": ("catalogue", "export", "exposure_html", "exposure_xlsx", "push"),
    "pictures": ("brief", "centrality_html", "explore", "figure", "graph", "replacement_figure"),
    "scenario_pictures": ("scenario_figure", "scenario_html"),
}
"""What a view can be asked for beside the questions, by the file of this room that has it."""


class Method:
    """A method of the view; its file is read when it is first asked for."""

    def __init__(self, find: Callable[[], Callable[..., Any]]) -> None:
        self._find = find

    def __get__(self, view: object, kind: type | None = None) -> Callable[..., Any]:
        run = self._find()
        bound: Callable[..., Any] = run if view is None else run.__get__(view)
        return bound


@cache
def question_method(name: str) -> Any:  # noqa: ANN401 - a function
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


class Methods:
    """Gives a view its methods."""


for _name in question_names():
    setattr(Methods, _name, Method(lambda name=_name: question_method(name)))
for _file, _names in OTHERS.items():
    for _name in _names:
        _place = (f"monazite.view.{_file}", _name)
        setattr(Methods, _name, Method(lambda at=_place: getattr(import_module(at[0]), at[1])))
