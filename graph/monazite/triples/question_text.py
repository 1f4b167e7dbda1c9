"""Questions as text and JSON: each with its parameters and a line to paste."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from monazite.tables import Table, markdown_text
from monazite.triples.queries import NamedQuery, Parameter

NOTE = "It matches words, not meaning."
_PARAMETER_COLUMNS = ("parameter", "type", "default", "what it is")


def write_questions(questions: Sequence[NamedQuery], fmt: str, *, grouped: bool) -> str:
    """Return a list of questions as ``table`` or ``markdown`` text, grouped or in their order."""
    marked = fmt == "markdown"
    lines: list[str] = []
    groups = (
        [(group, list(members)) for group, members in groupby(questions, lambda each: each.group)]
        if grouped
        else [("", list(questions))]
    )
    for group, members in groups:
        if group:
            lines += [f"## {markdown_text(group)}\n" if marked else f"{group}\n"]
        for query in members:
            lines += _marked_lines(query) if marked else _plain_lines(query)
        lines.append("")
    lines.append(f"{NOTE} One question in full: monazite ask NAME")
    return "\n".join(lines) + "\n"


def _plain_lines(query: NamedQuery) -> list[str]:
    parameters = "; ".join(map(_short, query.parameters)) or "none"
    return [
        f"  {query.title} ({query.name})",
        f"      parameters: {parameters}",
        f"      {query.example}",
    ]


def _marked_lines(query: NamedQuery) -> list[str]:
    parameters = "; ".join(map(_short, query.parameters)) or "none"
    return [
        f"- **{markdown_text(query.title)}** ({markdown_text(query.name)})  ",
        f"  parameters: {markdown_text(parameters)}  ",
        f"  `{query.example}`",
    ]


def _short(parameter: Parameter) -> str:
    default = f" = {parameter.default}" if parameter.default else ""
    optional = ", optional" if parameter.optional else ""
    return f"{parameter.name} ({parameter.type}{optional}){default}"


def question_table(query: NamedQuery) -> Table:
    """Return the full card of a question: a table of its parameters, with remarks."""
    rows = [
        [
            each.name,
            _type(each),
            each.default or ("none" if each.optional else "must be given"),
            each.about,
        ]
        for each in query.parameters
    ]
    remarks = (query.about, f"To paste: {query.example}", NOTE)
    heading = f"{query.title} ({query.name}, {query.group})"
    return Table(heading, _PARAMETER_COLUMNS, rows, remarks=remarks)


def _type(parameter: Parameter) -> str:
    return f"{parameter.type}, optional" if parameter.optional else parameter.type


def questions_table(questions: Sequence[NamedQuery]) -> Table:
    """Return questions as one flat table."""
    columns = ("group", "name", "title", "parameters", "about", "example")
    rows = [
        [
            query.group,
            query.name,
            query.title,
            "; ".join(map(_short, query.parameters)),
            query.about,
            query.example,
        ]
        for query in questions
    ]
    return Table("", columns, rows)


def questions_dict(questions: Sequence[NamedQuery]) -> dict[str, object]:
    """Return questions as plain values; a default of null is none."""
    return {
        "note": NOTE,
        "questions": [
            {
                "name": query.name,
                "title": query.title,
                "group": query.group,
                "about": query.about,
                "parameters": [
                    {
                        "name": each.name,
                        "type": each.type,
                        "default": each.default or None,
                        "optional": each.optional,
                        "about": each.about,
                    }
                    for each in query.parameters
                ],
                "example": query.example,
            }
            for query in questions
        ],
    }
