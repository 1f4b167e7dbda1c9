"""The templates of the pages: where they are, how they are read and filled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from monazite.pages.drawing.palette import FONTS, css_variables

if TYPE_CHECKING:
    from jinja2 import Environment, Template

TEMPLATES = files("monazite.pages") / "templates"
"""The folder of templates, styles and scripts."""


@cache
def template(name: str) -> str:
    """Return the text of a template, with the line ends that an HTML parser makes of them."""
    return (TEMPLATES / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def page_style(*names: str, drawing: str = "") -> str:
    """Return the style of a page: both themes, the rules of its drawing, and those of its text."""
    text = "".join(map(template, names))
    return f"{css_variables()}{drawing}:root{{--fonts:{FONTS}}}\n{text}"


def fill_template(
    name: str,
    fields: Mapping[str, object],
    *,
    filters: Mapping[str, Callable[..., object]] | None = None,
    trimmed: bool = False,
) -> str:
    """Return a template filled with fields; what is not marked safe is escaped."""
    if not filters:
        return _compiled(name, trimmed=trimmed).render(**fields)
    environment = _environment(trimmed=trimmed)
    environment.filters.update(filters)
    return environment.from_string(template(name)).render(**fields)


@cache
def _compiled(name: str, *, trimmed: bool) -> Template:
    return _environment(trimmed=trimmed).from_string(template(name))


def _environment(*, trimmed: bool) -> Environment:
    from jinja2 import Environment, FunctionLoader

    return Environment(
        autoescape=True,
        trim_blocks=trimmed,
        lstrip_blocks=trimmed,
        loader=FunctionLoader(template),  # what several templates begin with is one
    )
