"""What is offered to an assistant: the tools of the table, each with the parameters of its verb."""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from monazite.asking.question import questions
from monazite.asking.schema import parameter_schema
from monazite.core.package import ontology_folder
from monazite.core.results import Value
from monazite.data.dates import TAKE_TODAY, TODAY
from monazite.view.opening import load
from monazite.view.view import View

DATE = r"\d{4}(-\d{2}(-\d{2})?)?"  # what names a folder is no date
DAY = rf"({TODAY}|{DATE})"
PATTERNS = {
    **dict.fromkeys(("from", "until"), DATE),
    **dict.fromkeys(TAKE_TODAY, DAY),
    "question": r"[a-z0-9]+(-[a-z0-9]+)*",
}
OF_VIEW = ("valid", "known", "tier", "without")  # parameters of the view, which every tool takes
MOST = 100  # items of a part that are given at once
USUAL = 20  # the same where nobody says how many
_PART = "A list to page through, as left_out names it; default: the main one."
PAGING: Mapping[str, Mapping[str, object]] = {
    "part": {"type": "string", "description": _PART},
    "offset": {"type": "integer", "minimum": 0, "default": 0,
               "description": "Items of it to pass over."},
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL,
              "description": "Items of it to give."},
}  # fmt: skip
_TYPES: Mapping[str, Mapping[str, object]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "Iterable[str]": {"type": "array", "items": {"type": "string"}},
    "Mapping[str, str]": {"type": "object", "additionalProperties": {"type": "string"}},
}
_PYTHON_ONLY = ", where one has a name that Python"
_TAKES_LESS = {"question": "the name of a question, as ask lists them"}  # than its verb
_ENDING = "Null, and what not_known names, is not known: say so, and add no number of your own."


class Offer(Value):
    """A tool, named as the verb of the view that it asks, and what a model must know."""

    tool: str
    title: str
    says: str
    range: str  # where the range of a number stands, and what it tests
    parameters: Mapping[str, Mapping[str, object]]
    required: tuple[str, ...]

    @property
    def description(self) -> str:
        """What a model reads before it asks."""
        return f"{self.title}. {self.says} Range: {self.range} {_ENDING}"

    @property
    def schema(self) -> dict[str, object]:
        """The JSON schema of its arguments."""
        return {
            "type": "object",
            "properties": {**self.parameters, **of_view(), **PAGING},
            "required": list(self.required),
            "additionalProperties": False,
        }


@cache
def offers() -> Mapping[str, Offer]:
    """Return the tools by name: those of the table in its order, then the questions."""
    found = {}
    for each in read_table("tools"):
        tool, names = each["tool"], tuple(each["parameters"].split())
        parameters, required = parameters_of(getattr(View, tool), names)
        said = (tool, each["title"], each["says"], each["range"])
        found[tool] = Offer(*said, parameters, required)
    for asked in (each for each in questions().values() if each.title):
        told = [each for each in asked.params if each.told.tool]
        schemas = {each.outside: parameter_schema(each) for each in told}
        for name in schemas.keys() & PATTERNS.keys():
            schemas[name]["pattern"] = f"^{PATTERNS[name]}$"
        needed = tuple(each.outside for each in told if each.is_needed)
        found[asked.verb] = Offer(asked.verb, asked.title, asked.says, asked.range, schemas, needed)
    return found


@cache
def of_view() -> Mapping[str, Mapping[str, object]]:
    """Return the parameters of the view, as ``load`` says them."""
    return parameters_of(load, OF_VIEW)[0]


def read_table(name: str) -> list[dict[str, str]]:
    """Return the lines of a table of ``ontology/assistants``."""
    file = ontology_folder() / "assistants" / f"{name}.csv"
    with Path(file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_instructions() -> str:
    """Return what a model is told before it asks anything."""
    file = ontology_folder() / "assistants" / "instructions.txt"
    return file.read_text(encoding="utf-8")


def parameters_of(
    verb: Callable[..., object], names: tuple[str, ...]
) -> tuple[dict[str, Mapping[str, object]], tuple[str, ...]]:
    """Return the JSON schemas of parameters of a verb, and which of them must be given."""
    signature, told = inspect.signature(verb).parameters, parameters_told(verb)
    found: dict[str, Mapping[str, object]] = {}
    required = []
    for name in names:
        given, outside = signature[name], name.rstrip("_")
        kind = str(given.annotation).removesuffix(" | None").removesuffix(" | NamedQuery")
        text = _TAKES_LESS.get(outside) or told[name].partition(_PYTHON_ONLY)[0]
        text = re.sub(r"(?<=\. )None\b", "Not given", text.replace("``", ""))
        schema = {**_TYPES[kind], "description": text}
        if outside in PATTERNS:
            schema["pattern"] = f"^{PATTERNS[outside]}$"
        if given.default is given.empty:
            required.append(outside)
        elif isinstance(given.default, str | int | float) and given.default != "":
            schema["default"] = given.default
        found[outside] = schema
    return found, tuple(required)


def parameters_told(verb: Callable[..., object]) -> dict[str, str]:
    """Return what the docstring of a verb says of its parameters."""
    told = (inspect.getdoc(verb) or "").partition("Args:\n")[2].partition("\n\n")[0]
    items = re.split(r"^ {4}(\w+): ", told, flags=re.MULTILINE)[1:]
    pairs = zip(items[::2], items[1::2], strict=True)
    return {name: " ".join(text.split()) for name, text in pairs}
