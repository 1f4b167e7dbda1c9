"""The page to ask on: its script asks the server that sent it, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from monazite.core.formats import visible
from monazite.data.iris import BASE
from monazite.report.drawing.templates import (
    LICENCE,
    fill_template,
    page_policy,
    page_style,
    template,
)
from monazite.report.explorer.page import inert

SCRIPTS = ("query_completion", "query_results", "query")  # each leans on those before it


@dataclass(frozen=True)
class AskedField:
    """A parameter of a question, as a field of its form."""

    name: str
    default: str  # what counts where nothing is written; empty for nothing
    optional: bool
    about: str


@dataclass(frozen=True)
class PageQuestion:
    """A question or an example, as the page offers it."""

    name: str
    title: str
    text: str
    group: str = ""
    about: str = ""
    fields: tuple[AskedField, ...] = ()


def asking_html(
    questions: Iterable[PageQuestion], examples: Iterable[PageQuestion], prefixes: Mapping[str, str]
) -> str:
    """Return the page; the same questions give the same bytes."""
    known, shown = [*questions], [*examples]
    groups = [
        {"label": group.capitalize(), "questions": [_choice(each) for each in held]}
        for group, held in groupby(known, key=lambda each: each.group)
    ]
    index = {
        "base": BASE,
        "prefixes": dict(prefixes),
        "questions": {each.name: _form_of(each) for each in known},
        "examples": {each.name: each.text for each in shown},
    }
    scripts = [template(f"{name}.js") for name in SCRIPTS]
    style = page_style("entity.css", "query.css", drawing="")
    page = {
        "groups": groups,
        "examples": [_choice(each) for each in shown],
        "index": inert(index),
        "scripts": scripts,
        "style": style,
        "policy": page_policy(style, scripts, connects="'self'"),
        "licence": LICENCE,
    }
    return fill_template("query.html", {"page": page}, trimmed=True)


def _choice(question: PageQuestion) -> dict[str, str]:
    return {"id": question.name, "label": visible(question.title)}


def _form_of(question: PageQuestion) -> dict[str, object]:
    return {
        "about": visible(question.about),
        "text": question.text,
        "parameters": [
            {
                "name": each.name,
                "default": each.default,
                "optional": each.optional,
                "about": visible(each.about),
            }
            for each in question.fields
        ],
    }
