"""Writes the pages of this folder from the code: functions, commands, and the JSON of reports.

Run it again after a change of a name, an option or a docstring:
    python examples/reference/build.py examples/reference
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import typer.main

import monazite
from monazite.analysis.scenarios import keys
from monazite.asking import question as registry
from monazite.asking.schema import (
    imported_for_types,
    names_in,
    report_schema,
    result_schema,
    schema_of,
)
from monazite.cli.app import EXIT_CODES, app
from monazite.cli.common import ViewOptions
from monazite.core.contract import text_of
from monazite.core.results import Result
from monazite.data.declared import parts_of
from monazite.model.wording import listed
from monazite.view.methods import OTHERS, Methods
from monazite.view.view import View

SCHEMAS = Path(__file__).resolve().parent / "schemas"
WRITTEN = "Written by `examples/reference/build.py`; change the code, not this page.\n"
UNSAID = {"ChokepointFigures", "ExposureFigures", "Network", "Schema", "Store", "Term", "View"}
"""Classes that results may name and that are no results."""
RESULTS = {
    "brief": "Briefing: What a briefing says: `monazite brief` writes it, and `View.brief` returns "
    "it.",
    "check": "Report: Every fault of the tables: `monazite check --format json`. It needs no view.",
    "contribute": "Contribution: What own tables would change of the shipped ones: "
    "`monazite contribute DIR --format json`. It needs no view.",
    "exposure": "Exposure: What a bill of materials holds of the rare earths: "
    "`monazite exposure --format json`.",
    "figure": "Figure: A figure in words: `monazite figure` draws it, and `View.figure` returns "
    "it.",
    "graph": "GraphPage: What the page of a network shows: `monazite graph` writes it, and "
    "`View.graph` returns it.",
    "import": "Imported: What an import wrote and left out: `monazite import --format json`. "
    "It needs no view.",
    "new-table": "NewTable: An empty table, and what stands in its columns: "
    "`monazite new-table NAME --format json`. It needs no view.",
    "push": "Pushed: A graph loaded into a SPARQL store: `monazite push URL --format json`.",
    "release": "ReleasedTables: A release of the tables: `monazite release --format json`. "
    "It needs no view.",
    "trade": "TradeSums: Customs records as yearly sums: "
    "`monazite trade aggregate FILES --format json`. It needs no view.",
    "verify": "Verdict: Whether a briefing still says what the tables say: `monazite verify` "
    "prints the sentences, and `monazite.verify` returns it.",
}
"""Reports of commands that ask no question of the registry: the class, and what it is."""
_SECTIONS = ("Args", "Attributes", "Returns", "Raises", "References", "Yields")
_ITEM = re.compile(r"(\*{0,2}[A-Za-z_][\w]*): (.*)")
_ATTRIBUTES = re.compile(r"\*\*Attributes\*\*\n(?:.+\n|\n(?=- ))+\n*")
_WORD = re.compile(r"[A-Za-z_]\w*")


# What is public


@cache
def classes() -> dict[str, type]:
    """All classes of the package, by name: each name is there once."""
    found: dict[str, type] = {}
    for module in walk_packages(monazite.__path__, "monazite."):
        if module.name.rpartition(".")[2] in {"__main__", "query_process"}:
            continue
        members = inspect.getmembers(import_module(module.name), inspect.isclass)
        found |= {name: each for name, each in members if each.__module__ == module.name}
    return found


def functions() -> dict[str, Callable[..., object]]:
    """The public functions of the module."""
    named = {name: getattr(monazite, name) for name in monazite.__all__}
    return {name: each for name, each in named.items() if inspect.isfunction(each)}


def questions() -> list[tuple[str, dict[str, object]]]:
    """The parts of a view, each a question of the README, with its verbs and properties."""
    found = []
    for part in View.__mro__[:-1]:
        own = {
            name: getattr(part, name)
            for name, each in vars(part).items()
            if name[0] != "_" and not isinstance(each, type) and name not in fields_of(View)
        }
        if own and part is not Methods:
            found.append((first_line(part), own))
    for file, names in OTHERS.items():
        heading = first_line(import_module(f"monazite.view.{file}"))
        found.append((heading, {name: getattr(View, name) for name in names}))
    return [*found, *registered().items()]


def registered() -> dict[str, dict[str, object]]:
    """The questions of the registry as methods, below the heading of the command that asks them."""
    found: dict[str, dict[str, object]] = {}
    for name, asked_by in registry.askers().items():
        own = registry.find_question(name).group
        group = own or registry.find_question(asked_by.partition(" ")[0]).group
        found.setdefault(group, {})[name] = getattr(View, name)
    return found


def verbs() -> dict[str, Callable[..., object]]:
    """The methods of a view, by name."""
    own = {name: each for _, part in questions() for name, each in part.items()}
    return {name: each for name, each in sorted(own.items()) if inspect.isfunction(each)}


def results() -> dict[str, type]:
    """The classes of results and of their parts, by name."""
    waiting = [name for name, each in classes().items() if issubclass(each, Result)]
    for each in (*functions().values(), *verbs().values()):
        waiting += _WORD.findall(str(inspect.signature(each).return_annotation))
    found: dict[str, type] = {}
    while waiting:
        name = waiting.pop()
        each = classes().get(name)
        if each is None or name in found or name in UNSAID:
            continue
        found[name] = each
        if dataclasses.is_dataclass(each):
            for field in dataclasses.fields(each):
                waiting += _WORD.findall(str(field.type))
    return dict(sorted(found.items()))


def fields_of(kind: type) -> dict[str, str]:
    """The fields of a class and their types; those that all results have stand with Result."""
    if not dataclasses.is_dataclass(kind):
        return {}
    shared = {} if kind is Result else {field.name for field in dataclasses.fields(Result)}
    own = dataclasses.fields(kind)
    if not issubclass(kind, Result):
        shared = {}
    return {each.name: str(each.type) for each in own if each.name not in shared}


def members_of(kind: type) -> list[str]:
    """What else can be asked of a class: public methods and properties that are its own."""
    known = {*fields_of(kind), *(() if kind is Result else dir(Result)), *dir(dict)}
    return [
        name
        for name, each in sorted(inspect.getmembers(kind))
        if name[0] != "_" and name not in known and home_of(each).startswith("monazite")
    ]


def home_of(member: object) -> str:
    """The module that a method or property was written in, on every Python alike."""
    written = getattr(member, "func", None) or getattr(member, "fget", None) or member
    return str(getattr(written, "__module__", "monazite"))


def signature_of(name: str, function: Callable[..., object]) -> str:
    """The name with its parameters and defaults, on one line."""
    signature = inspect.signature(function)
    plain = [
        each.replace(default=_Named(each.default.__name__))
        if inspect.isfunction(each.default)
        else each
        for each in signature.parameters.values()
        if each.name not in {"self", "view"}
    ]
    text = str(signature.replace(parameters=plain))
    return name + re.sub(r"'([^']*)'", _unquoted(signature), text)


class _Named:
    """A default that is a function: it prints as its name."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


def _unquoted(signature: inspect.Signature) -> Callable[[re.Match[str]], str]:
    """Annotations are texts; a default that is a text keeps its quotes."""
    kept = {each.default for each in signature.parameters.values() if isinstance(each.default, str)}
    types = {each.annotation for each in signature.parameters.values()}
    types.add(signature.return_annotation)
    return lambda found: found[0] if found[1] in kept - types else found[1]


def parameters_of(function: Callable[..., object]) -> list[str]:
    """The names of the parameters."""
    return [name for name in inspect.signature(function).parameters if name not in {"self", "view"}]


def promise() -> list[str]:
    """All public names: functions, verbs of the view, its properties, and fields of results."""
    lines = [f"monazite: {', '.join(sorted(monazite.__all__))}"]
    lines += [signature_of(f"monazite.{name}", each) for name, each in functions().items()]
    lines += [signature_of(f"View.{name}", each) for name, each in verbs().items()]
    properties = {
        name
        for _, part in questions()
        for name, each in part.items()
        if not inspect.isfunction(each)
    }
    lines.append("View: " + ", ".join(sorted({*properties, *fields_of(View)})))
    for name, kind in results().items():
        parts = [*fields_of(kind), *members_of(kind)]
        lines.append(f"{name}: {', '.join(parts)}" if parts else name)
    return lines


# Docstrings as Markdown


def first_line(thing: object) -> str:
    """The sentence with which a docstring begins."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def as_markdown(thing: object) -> str:
    """A docstring with its sections as lists and its example as a block that runs."""
    lines = (inspect.getdoc(thing) or "").splitlines()
    return "\n".join(_marked(lines)).strip() + "\n"


def _marked(lines: Sequence[str]) -> Iterator[str]:
    inside, example = "", False
    for line in lines:
        if line.startswith(">>> ") and not example:
            example, inside = True, ""
            yield "```pycon"
        if example and not line.strip():
            example = False
            yield "```"
        if example:
            yield line
        elif line.rstrip(":") in _SECTIONS and line.endswith(":"):
            inside = line.rstrip(":")
            yield f"**{inside}**\n"
        elif inside and line.strip():
            yield _item(line)
        else:
            inside = inside if line.strip() else ""
            yield _plain(line)
    if example:
        yield "```"


def _item(line: str) -> str:
    """A line of a section: ``name: what it is``, or the rest of one."""
    depth = len(line) - len(line.lstrip())
    found = _ITEM.match(line.strip()) if depth <= len("    ") else None
    if found:
        return f"- `{found[1]}`: {_plain(found[2])}"
    return ("  " if depth > len("    ") else "") + _plain(line.strip())


def _plain(text: str) -> str:
    return re.sub(r":\w+:`~?([^`]*)`", r"`\1`", text.replace("``", "`"))


def _block(text: str) -> str:
    wrapped = textwrap.wrap(text, 96, subsequent_indent="    ", break_on_hyphens=False)
    return "```python\n" + "\n".join(wrapped) + "\n```\n"


# The pages


def api_page() -> str:
    """Functions, verbs and results."""
    parts = ["# Functions, verbs and results\n", WRITTEN, "## Functions\n"]
    for name, each in functions().items():
        parts += [f"### monazite.{name}\n", _block(signature_of(name, each)), as_markdown(each)]
    parts += ["## View\n", as_markdown(View)]
    for question, own in questions():
        parts.append(f"### {question}\n")
        for name, each in sorted(own.items()):
            if inspect.isfunction(each):
                parts += [f"#### View.{name}\n", _block(signature_of(name, each))]
            else:
                parts.append(f"#### View.{name}, a property\n")
            parts.append(as_markdown(each))
    parts += [
        "## Results\n",
        "Their fields cannot be changed; the order is that of the names. What verbs return can be "
        "imported for annotations: `from monazite import Parents`.\n",
    ]
    for name, kind in results().items():
        about = _ATTRIBUTES.sub("", as_markdown(kind)).strip()
        parts += [f"### {name}\n", f"{about}\n", *_fields(kind)]
    return "\n".join(parts)


def _fields(kind: type) -> Iterator[str]:
    fields = fields_of(kind)
    if fields:
        rows = [
            (f"`{name}`", f"`{_cell(text)}`", _cell(_plain(text_of(kind, name))))
            for name, text in fields.items()
        ]
        yield _table(("field", "type", "what it is"), rows)
    if members := members_of(kind):
        yield f"Also: {', '.join(f'`{name}`' for name in members)}.\n"


def commands() -> dict[str, Any]:
    """The commands of the command line, by name."""
    found: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    return dict(sorted(found.items()))


def options_of(command: Any) -> list[Any]:  # noqa: ANN401 - an option of click
    """The arguments and options of a command but for those of the view."""
    shared = {field.name for field in dataclasses.fields(ViewOptions)}
    takes_view = shared <= {each.name for each in command.params}
    return [each for each in command.params if not (takes_view and each.name in shared)]


def view_options() -> list[Any]:
    """The options of the view, which most commands share."""
    shared = {field.name for field in dataclasses.fields(ViewOptions)}
    return [each for each in commands()["show"].params if each.name in shared]


def commands_page() -> str:
    """Each command with its arguments, options and defaults."""
    parts = [
        "# Commands\n",
        WRITTEN,
        "## Exit codes\n",
        _table(("code", "it says"), _exit_codes()),
        "## Options of the view\n",
        "Commands whose usage says VIEW take these.\n",
        _options(view_options()),
    ]
    for name, command in commands().items():
        own = options_of(command)
        words = ["monazite", name, *(_usage(each) for each in own)]
        words += ["VIEW"] if len(own) < len(command.params) else []
        parts += [f"## {name}\n", _block(" ".join(words)).replace("```python", "```")]
        parts.append("\n".join(_plain(line) for line in inspect.cleandoc(command.help).split("\n")))
        parts += ["", _options(own)] if own else [""]
    return "\n".join(parts)


def _exit_codes() -> list[tuple[str, str]]:
    found = re.findall(r"^ +(\d)  (.+)$", EXIT_CODES, re.MULTILINE)
    return [(code, text) for code, text in found]


def _usage(option: Any) -> str:  # noqa: ANN401 - an option of click
    word = option.metavar or str(option.name).upper()
    if option.param_type_name == "argument":
        bare = word.strip("[]")
        return bare if option.required else f"[{bare}]"
    longest = max(option.opts, key=len)
    text = longest if option.is_flag else f"{longest} {metavar(option)}"
    return text if option.required else f"[{text}]"


def metavar(option: Any) -> str:  # noqa: ANN401 - an option of click
    """What an option takes, as its help says."""
    return str(option.metavar or option.type.name.upper())


def _options(options: Sequence[Any]) -> str:
    rows = []
    for each in options:
        argument = each.param_type_name == "argument"
        names = [each.metavar or each.name] if argument else each.opts
        takes = "" if argument or each.is_flag else metavar(each)
        rows.append((", ".join(f"`{name}`" for name in names), takes, _default(each), each.help))
    columns = ("argument or option", "takes", "default", "what it is")
    return _table(columns, [[_cell(str(cell or "")) for cell in row] for row in rows])


def _default(option: Any) -> str:  # noqa: ANN401 - an option of click
    default = option.default
    if (
        option.required
        or default in (None, "", False, ())
        or not isinstance(default, str | int | float)
    ):
        return ""
    return str(default)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def schemas() -> dict[str, dict[str, Any]]:
    """The schemas of the reports, by name."""
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(SCHEMAS.glob("*.json"))
    }


def json_page() -> str:
    """Each report's fields with their types."""
    parts = [
        "# The JSON of reports\n",
        WRITTEN.replace("the code", "the code and `schemas/`"),
        "What `--format json` prints, and `to_dict()` of a result returns, is a contract: a closed "
        "JSON Schema each in `schemas/`. Where a command prints several results, or a page, the "
        "schema says what the result returns. null is not known where nothing else is said.\n",
    ]
    for name, schema in schemas().items():
        parts += [f"## [{name}](schemas/{name}.json)\n", f"{schema['description']}\n"]
        rows = [
            (f"`{path}`", kind, _cell(text))
            for path, kind, text in _paths(_resolved(schema, schema), "", schema)
        ]
        parts.append(_table(("field", "type", "what it is"), rows))
    return "\n".join(parts)


def _paths(
    schema: Mapping[str, Any], path: str, root: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """The fields of a schema, those of records below them."""
    for name, each in schema.get("properties", {}).items():
        inner = _resolved(each, root)
        here = f"{path}{name}"
        yield here, _type(inner), str(each.get("description", inner.get("description", "")))
        if "$ref" not in each or each["$ref"] not in path:
            yield from _paths(_record(inner, root), f"{here}.", root)
    if "items" in schema and not path:
        yield from _paths(_record(schema, root), "[].", root)


def _resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    if "anyOf" in schema:  # all that one of them has
        parts = [each for each in schema["anyOf"] if "properties" in each]
        told = {name: held for part in parts[::-1] for name, held in part["properties"].items()}
        return {**parts[0], "properties": {**parts[0]["properties"], **told}}
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = root["$defs"][schema["$ref"].rpartition("/")[2]]
    return found


def _record(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of the records in a field: of its items, of its values, or of itself."""
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            return _record(_resolved(schema[key], root), root)
    return schema


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "")
    kinds = [kind] if isinstance(kind, str) else list(kind)
    return " or ".join(filter(None, kinds)) or "any"


# Scenario files


def scenarios_page() -> str:
    """All keys of a scenario file, with what each means and takes."""
    known = keys.file_keys()
    parts = [
        "# Scenario files\n",
        WRITTEN,
        "A scenario is a TOML file. `monazite scenario check FILE` tells all its faults with their "
        "lines, `monazite scenario run FILE` runs it; `monazite scenario list` names those that "
        "are shipped. No key names a file, and a file has at most "
        f"{keys.MOST_BYTES:,} bytes, {keys.MOST_MONTHS} months and {keys.MOST_SHOCKS} shocks.\n",
        f"## The file\n\n{_keys(known[keys.TOP])}",
        f"## `[view]`: which data are used\n\n{_keys(known['view'])}",
        f"## `[[firms]]`: firms by their stock\n\n{_keys(known['firms'])}",
        f"## `[assumed]`: time and stocks of your own\n\n{_keys(known['assumed'])}",
        f"## `[[shock]]`: what is done\n\nAll kinds have these; each has its own beside.\n\n"
        f"{_keys(known['shock'])}",
        *(f'### `kind = "{kind}"`\n\n{_keys(own)}' for kind, own in keys.shock_kinds().items()),
        "## How shocks come together\n\nOf one flow across a border the parts that pass are "
        "multiplied, and the tightest quota caps what is left; a closed border stays closed. Of "
        "one plant the parts that are left are multiplied, until a reopening gives back its part: "
        "parts that are reopened one after the other add up, and what closes after a reopening is "
        "closed again. Factors on demand are multiplied; new plants and reserves add up. A part "
        "of a month counts by its days.\n\n"
        "The same kind of shock on the same thing on the same days is a fault. It is the same "
        f"thing where {_things()} have something in common; what is left out and means all has. "
        "The world and one of its markets are two. Goods that hold elements of both shocks, as "
        "heavy magnets hold Dy and Tb, are the same thing: name both elements in one shock. So is "
        "a product that both name: heavy magnets are among magnets. "
        f"Of {listed(_without_end())} there is no last day: each is done on its first.\n",
    ]
    return "\n".join(parts)


def _things() -> str:
    """The keys that say what a shock is done to."""
    own = [key for known in keys.shock_kinds().values() for key in known]
    return listed(dict.fromkeys(f"`{x.name}`" for x in own if not keys.THING.isdisjoint(x.about)))


def _without_end() -> list[str]:
    return [f"`{kind}`" for kind in keys.shock_kinds() if not keys.until_of(kind)]


def _keys(known: Sequence[keys.FileKey]) -> str:
    rows = []
    for key in known:
        ends = f", {key.low:g} to {key.high:g}" if key.kind in keys.NUMBERS else ""
        takes = " or ".join(f"`{word}`" for word in key.words) or f"{key.kind}{ends}"
        without = "needed" if key.needed else key.default
        rows.append([f"`{key.name}`", takes, without, key.help])
    return _table(("key", "takes", "left out", "means"), rows)


def pages() -> dict[str, str]:
    """The pages by the names of their files."""
    return {
        "api.md": api_page(),
        "commands.md": commands_page(),
        "json.md": json_page(),
        "scenarios.md": scenarios_page(),
    }


def generated() -> dict[Path, str]:
    """What else is written from the questions: their schemas, and the methods of the view."""
    found = {
        SCHEMAS / f"{name}.json": f"{json.dumps(report_schema(each), indent=1)}\n"
        for name, each in registry.questions().items()
    }
    for name, told in RESULTS.items():
        found[SCHEMAS / f"{name}.json"] = f"{json.dumps(_result_schema(name, told), indent=1)}\n"
    return found | {Path(monazite.__path__[0]) / "view" / "methods.pyi": view_stub()}


def _result_schema(name: str, told: str) -> dict[str, Any]:
    """The schema of the report of a command that asks no question of the registry."""
    title, _, about = told.partition(": ")
    body = schema_of(classes()["Brief" if name == "brief" else title])
    if name == "import":  # says that it has none
        body["properties"] = {
            "view": {"description": "No view: null", "type": "null"},
            **body["properties"],
        }
        body["required"] = ["view", *body["required"]]
    found = result_schema(classes()[title], about, body, has_view="needs no view" not in about)
    if name != "check":
        return found
    faults = found["properties"]["faults"]  # it prints these alone
    return {**dict([*found.items()][:3]), "type": "array", "items": faults["items"]}


def view_stub() -> str:
    """The methods of a view for type checkers and editors."""
    names = sorted([*registry.questions(), *(name for each in OTHERS.values() for name in each)])
    asked = {name: getattr(View, name) for name in names}
    homes = sorted({home for each in asked.values() for home in _homes(each)})
    imports = [f"from {home} import {name}" for home, name in homes]
    methods = "\n\n".join(_method(name, each) for name, each in asked.items())
    head = '"""Written by ``examples/reference/build.py``; change the functions, not this file."""'
    imports.append("from collections.abc import Mapping")
    files = "OTHERS: Mapping[str, tuple[str, ...]]"
    return "\n".join([head, "", *sorted(imports), "", files, "", "class Methods:", methods, ""])


def _method(name: str, function: Callable[..., object]) -> str:
    signature = inspect.signature(function)
    first, *others = signature.parameters.values()
    own = [first.replace(name="self", annotation=first.empty)]
    own += [each.replace(default=_stub_default(each)) for each in others]
    text = str(signature.replace(parameters=own)).replace("'", "").replace('"', "'")
    body = (inspect.getdoc(function) or "").replace("\\", "\\\\").replace("\n", "\n        ")
    body = re.sub(r"\n +\n", "\n\n", body)
    return f'    def {name}{text}:\n        """{body}\n        """'


def _stub_default(given: inspect.Parameter) -> object:
    """The default as a stub has it: what is no plain value is left to the function."""
    if given.default is given.empty or given.default is None:
        return given.default
    plain = isinstance(given.default, str | int | float)
    return _Named(repr(given.default).replace("'", '"') if plain else "...")


def _homes(function: Callable[..., object]) -> Iterator[tuple[str, str]]:
    """Home and name of the classes that a signature names."""
    signature = inspect.signature(function)
    said = [signature.return_annotation, *(x.annotation for x in signature.parameters.values())]
    words = set(_WORD.findall(" ".join(map(str, said)))) - {"View"}
    asked = registry.questions().get(function.__name__)
    run = function if asked is None else asked.run
    for module in dict.fromkeys(home for _, home in parts_of(run)):
        yield from ((home, name) for home, name in imported_for_types(module) if name in words)
        for name in words & vars(import_module(module)).keys():
            found = names_in(module)[name]
            if getattr(found, "__module__", "builtins") != "builtins":
                yield str(found.__module__), name


def main(folder: Path) -> None:
    """Write the pages into a folder, and what is generated where it belongs."""
    for place, text in generated().items():
        place.write_text(text, encoding="utf-8")
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
        print(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path())
