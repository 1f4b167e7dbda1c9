"""The templates of pages, how they are filled, and what every page says of itself."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from hashlib import sha256
from html import escape, unescape
from importlib.resources import files
from typing import TYPE_CHECKING

from monazite.core.formats import NOT_KNOWN, visible, web_address
from monazite.data.dates import day_words
from monazite.data.sameness import tier_word
from monazite.report.drawing.palette import FONTS, LOSSES, SERIF, css_variables
from monazite.report.drawing.shapes import digits

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from monazite.store.cards import SourceLine


_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


def page_policy(style: str, scripts: Iterable[str] = (), *, connects: str = "'none'") -> str:
    """Return the policy of a page that has this style and these scripts."""
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


def html_page(
    name: str,
    page: Mapping[str, object],
    *styles: str,
    drawing: str = "",
    scripts: Iterable[str] = (),
    connects: str = "'none'",
    trimmed: bool = True,
) -> str:
    """Return a page with its style and what every page says of itself."""
    about = page_frame(*styles, drawing=drawing, scripts=scripts, connects=connects)
    return fill_template(name, {"page": {**page, **about}}, trimmed=trimmed)


def page_frame(
    *styles: str, drawing: str = "", scripts: Iterable[str] = (), connects: str = "'none'"
) -> dict[str, str]:
    """Return the style of a page, the policy that lets it and its scripts through, the licence."""
    style = page_style(*styles, drawing=drawing)
    policy = page_policy(style, scripts, connects=connects)
    return {"style": style, "policy": policy, "licence": LICENCE}


def drawing_rules(name: str, /, **fields: object) -> str:
    """Return the rules of a drawing, which stand in its page and in a file of its own."""
    shared = {"fonts": FONTS, "serif": SERIF, "steps": LOSSES}
    sizes = {key: digits(each) for key, each in fields.items() if isinstance(each, float)}
    filled = fill_template(f"drawn_{name}.css", {**shared, **fields, **sizes}, trimmed=True)
    return f"{filled.rstrip()}\n"


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

    environment = Environment(
        autoescape=True,
        trim_blocks=trimmed,
        lstrip_blocks=trimmed,
        loader=FunctionLoader(template),  # what several templates begin with is one
    )
    environment.filters["visible"] = visible
    return environment


LICENCE = "Data: CC BY 4.0, each source's own terms; drawn by Monazite"
_NAMED = 3  # Publishers that a credit names; the others are counted
_NOBODY = ("Author not known", "Not known", "Monazite")


def release_words(day: str, view: Mapping[str, object]) -> str:
    """Return of which release a picture is; of which day and rows, where its view is of others."""
    release = str(view.get("release") or day)
    left = "".join(f", {each}" for each in _filters(view))
    if release == day:
        return f"Release of {day_words(day)}{left}"
    as_of = f"s of {day_words(day)}{left}"
    return f"A{as_of}" if release == NOT_KNOWN else f"Release of {day_words(release)}, a{as_of}"


def _filters(view: Mapping[str, object]) -> list[str]:
    """What else chose the rows of a view, in a few words: the line has little room."""
    known, tier, without = (view.get(name) for name in ("known", "tier", "without"))
    names = [visible(each) for each in without] if isinstance(without, (list, tuple)) else []
    return [
        *([f"known by {day_words(str(known))}"] if known else []),
        *([f"tier {tier} or better"] if tier else []),
        *([f"without {names[0] if len(names) == 1 else f'{len(names)} names'}"] if names else []),
        *(["with own tables"] if view.get("data") else []),
    ]


def credit_line(publishers: Mapping[str, int], day: str, view: Mapping[str, object]) -> str:
    """Return who says what a picture shows, of which day it is, and under which licence."""
    known = {name: count for name, count in publishers.items() if not name.startswith(_NOBODY)}
    first = sorted(known, key=lambda name: (-known[name], name))
    named = 1 if _filters(view) else _NAMED  # what chose the rows takes the room of the others
    more = f" and {len(first) - named} more" if len(first) > named else ""
    told = [f"Sources: {', '.join(first[:named])}{more}."] if first else []
    told += [f"{release_words(day, view)}."] if day else []
    return visible(" ".join([*told, f"{LICENCE}."]))


def record_view(svg: str, view_line: str) -> str:
    """Record in a picture, where a program finds it, the view that it was made from."""
    body, end, rest = svg.rpartition("</svg>")
    return f"{body}<metadata>{escape(visible(view_line))}</metadata>{end}{rest}"


def page_source(source: SourceLine) -> dict[str, str]:
    """Return a source as a template takes it: a link only where its address is a web page's."""
    url, original = web_address(source.url), web_address(source.original)
    return {
        "publisher": visible(source.publisher),
        "title": visible(source.title) or "Untitled",
        "published": day_words(visible(source.published)) or "undated",
        "tier": visible(tier_word(source.tier)),
        "url": url or "",
        "address": "" if url else visible(source.url),
        "original": original if original and original != source.url else "",
    }
