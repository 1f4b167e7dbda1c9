"""The templates of the pages: where they are, how they are read and filled."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from hashlib import sha256
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING

from monazite.report.drawing.palette import FONTS, css_variables

if TYPE_CHECKING:
    from jinja2 import Environment, Template

_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def page_policy(style: str, scripts: Iterable[str] = (), *, connects: str = "'none'") -> str:
    """Return the policy of a page that has this style and these scripts.

    >>> page_policy("").split("; ")[:2]
    ["default-src 'none'", "style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"]
    >>> "script-src 'sha256-" in page_policy("", ["f()"])
    True
    """
    hashes = " ".join(map(_hashed, scripts))
    runs = f"script-src {hashes}; " if hashes else ""
    asks = f"connect-src {connects}; " if hashes else ""
    return (
        f"default-src 'none'; {runs}style-src {_hashed(style)}; img-src data:; {asks}"
        "base-uri 'none'; form-action 'none'"
    )


def framing_policy(style: str, framed: str, own_scripts: Iterable[str] = ()) -> str:
    """Return the policy of a page with fonts and a frame, whose content it must allow as well."""
    runs = [*map(_hashed, own_scripts)]
    own = page_policy(style)
    found = _POLICY.search(framed)
    if found is None:
        more = f"; script-src {' '.join(runs)}; connect-src 'none'" if runs else ""
        return f"{own}{more}; font-src data:"
    rules = (rule.partition(" ") for rule in unescape(found[1]).split("; "))
    inner = {name: said for name, _, said in rules}
    styles = f"{inner['style-src']} " if "style-src" in inner else ""
    framed_scripts = inner.get("script-src", "'none'")
    scripts = " ".join([*runs, *(x for x in [framed_scripts] if x != "'none'")]) or "'none'"
    return (
        f"{own.replace('style-src ', f'style-src {styles}')}; script-src {scripts}; "
        "font-src data:; connect-src 'none'"
    )


def policy_of(page: str) -> str:
    """Return the policy that a page has, for who sends it with the page as well."""
    found = _POLICY.search(page)
    if found is None:
        raise ValueError("the page has no policy")
    return unescape(found[1])


def _hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


TEMPLATES = files("monazite.report") / "templates"  # The folder of templates, styles and scripts


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
