"""The methods of a view that stand in files of their own: none is read before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from monazite.core.package import question_names

OTHERS: Mapping[str, tuple[str, ...]] = {
    "bills": ("exposure",),
    "exports": (*("balance_programme", "catalogue", "export", "exposure_html"), "push"),
    "pictures": (
        *("balance_html", "balance_svg", "brief", "centrality_html", "explore", "figure", "graph"),
        *("replacement_figure", "timeline_html", "timeline_svg"),
    ),
    "scenario_runs": ("scenario_figure", "scenario_html"),
}
"""What a view can be asked for beside the questions, by the file of this room that has it."""


class Method:
    """A method of the view; its file is read when it is first asked for."""

    def __init__(self, home: str, name: str) -> None:
        self._place = home, name

    def __get__(self, view: object, kind: type | None = None) -> Callable[..., Any]:
        from monazite.asking.question import method_of

        run = method_of(*self._place)
        bound: Callable[..., Any] = run if view is None else run.__get__(view)
        return bound


class Methods:
    """Gives a view its methods."""


for _name in question_names():
    setattr(Methods, _name, Method(f"monazite.questions.{_name}", _name))
for _file, _names in OTHERS.items():
    for _name in _names:
        setattr(Methods, _name, Method(f"monazite.view.{_file}", _name))
