"""What pages without a script share: their templates, their style, and a policy that lets in both.

A page is one file. Its policy names the one style by its hash and forbids everything else, so
that no text from a table can load, run or colour anything.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files

from monazite.pages.drawing.palette import FONTS, css_variables
from monazite.safe_text import visible

LICENCE = "Data: CC BY 4.0, each source's own terms; drawn by Monazite"
_TEMPLATES = files("monazite.pages") / "templates"


def sheet_style(drawing: str, own: str) -> str:
    """Return the style of a page: both themes, the rules of its drawing, and those of its text.

    Args:
        drawing: the rules that its SVG needs.
        own: name of the template with what this page adds to ``sheet.css``.
    """
    text = template("sheet.css") + template(own)
    return f"{css_variables()}{drawing}:root{{--fonts:{FONTS}}}\n{text}"


def quiet_policy(style: str) -> str:
    """Return the Content-Security-Policy of a page that has this style and no script.

    >>> quiet_policy("").split(";")[0]
    "default-src 'none'"
    """
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def fill_template(name: str, page: dict[str, object]) -> str:
    """Return a template filled with a page; what is not marked safe is escaped."""
    from jinja2 import Environment

    environment = Environment(autoescape=True)
    return environment.from_string(template(name)).render(page=page) + "\n"


def template(name: str) -> str:
    """Return the text of a template, with the line ends that an HTML parser makes of them."""
    return (_TEMPLATES / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def record_view(svg: str, view_line: str) -> str:
    """Record in a picture, where a program finds it, the view that it was made from.

    >>> record_view("<svg></svg>", "View: A & B")
    '<svg><metadata>View: A &amp; B</metadata></svg>'
    """
    body, end, rest = svg.rpartition("</svg>")
    return f"{body}<metadata>{escape(visible(view_line))}</metadata>{end}{rest}"
