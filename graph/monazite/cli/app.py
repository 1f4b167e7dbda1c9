"""The Typer application: commands by group, whose modules are loaded when one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from functools import cache
from importlib import import_module
from inspect import cleandoc
from itertools import chain
from keyword import iskeyword
from pathlib import Path
from typing import Any

import typer.main
from typer.core import TyperCommand, TyperGroup

from monazite.asking.question import by_group, find_question
from monazite.core.errors import UnknownNameError
from monazite.core.package import question_names


def refuse_overwriting(parameters: Iterable[Any], given: Mapping[str, Any]) -> None:
    """Refuse a file to write that is to be read, or written otherwise, before anything is."""
    read: list[tuple[str, object]] = []
    written: list[tuple[str, object]] = []
    for each in parameters:
        place = given.get(each.name)
        readable = getattr(each.type, "readable", None)
        if place is None or not (readable is not None or "FILE" in (each.metavar or "")):
            continue
        (written if readable is False else read).append((_name(each), place))
    for output, target in written:
        for source, file in (*read, *written):
            if source != output and _is_same(target, file):
                raise UnknownNameError(
                    f"{output} and {source} name the same file, which would be overwritten; name "
                    f"another for {output}."
                )


def _name(parameter: Any) -> str:  # noqa: ANN401 - of Click
    """An option as it is written, an argument as the help names it."""
    option = next((each for each in parameter.opts if each.startswith("--")), "")
    return option or str(parameter.metavar or parameter.name).strip("[]")


def _is_same(one: object, other: object) -> bool:
    try:
        place, its = Path(str(one)), Path(str(other))
        if place.exists() and its.exists():
            return place.is_file() and place.samefile(its)
        return str(one) != "-" and place.resolve() == its.resolve()
    except (OSError, ValueError):  # no system has a file of that name
        return False


class PanelCommand(TyperCommand):
    """A command whose help is drawn in panels; no file is read and written."""

    def format_help(self, ctx: Any, formatter: object) -> None:  # noqa: ANN401 - of Click
        """Draw the help of the command."""
        del formatter
        write_help(self, ctx)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - of Click
        """Run the command, unless it would write over what it reads."""
        refuse_overwriting(self.get_params(ctx), ctx.params)
        return super().invoke(ctx)


def write_help(command: Any, ctx: Any) -> None:  # noqa: ANN401 - of Click
    """Write the help of a command or of the group of all commands to stdout.

    Brackets in our texts are brackets, not markup: ``pip install 'monazite[brief]'``.
    """
    from typer import rich_utils

    plain = copy(command)
    escape = rich_utils.escape_before_html_export  # of brackets
    plain.help = escape(_joined(command.help or ""))
    plain.get_params = lambda ctx: [_escaped(each, escape) for each in command.get_params(ctx)]
    rich_utils.STYLE_HELPTEXT = ""  # dim text is hard to read on many terminals
    rich_utils.rich_format_help(obj=plain, ctx=ctx, markup_mode="rich")


def _joined(text: str) -> str:
    """A paragraph a line: the lines of a docstring are not those of a terminal."""
    return "\n\n".join(" ".join(each.split("\n")) for each in cleandoc(text).split("\n\n"))


def _escaped(parameter: Any, escape: Any) -> Any:  # noqa: ANN401 - of Click and rich
    shown = copy(parameter)
    shown.help = escape(getattr(parameter, "help", None) or "")
    return shown


GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "What can stop us?": {"exposure": ("exposure",)},
    "What happens, and when does it end?": {"scenario": ("scenario",)},
    "What would fix it?": {},
    "How sure is that?": {"scenario": ("validate",)},
    "Who says so, and since when?": {},
    "Ask something of your own": {"query_commands": ("query", "mcp", "trade")},
    "Show it to others": {
        "page_commands": ("brief", "explore", "serve", "verify", "graph", "figure", "export")
    },
    "What is in it?": {"page_commands": ("reference",)},
    "Bring your own": {
        "own_table_commands": ("import", "new-table", "check", "contribute", "release", "push")
    },
}
"""The modules and their commands by what a reader wants to know, in the order of the help; the
questions of the registry say themselves where they stand."""
HOMES = {
    name: (title, module)
    for title, modules in GROUPS.items()
    for module, names in modules.items()
    for name in names
}


@cache
def groups() -> dict[str, list[str]]:
    """Return the names of all commands below their headings, in the order of the help."""
    found = {title: list(chain(*modules.values())) for title, modules in GROUPS.items()}
    for title, asked in by_group():
        for each in asked:
            found[title].insert(each.rank - 1, each.verb)
    return found


def commands() -> tuple[str, ...]:
    """Return the names of all commands, in the order of the help."""
    return tuple(name for names in groups().values() for name in names)


EXIT_CODES = """Exit codes
  0  The answer is there, or is yes.
  1  The answer is no: nothing found, faults found, or a brief that differs.
  2  It could not be done; a sentence on stderr says why and what next.
  3  A page says the same, but of another release: verify alone."""
"""What ends the help: which code says what."""


class _Commands(Mapping[str, Any]):
    """The commands by name, none of them built before it is asked for."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a command of Click
        if name not in HOMES and (name not in question_names() or name not in commands()):
            raise KeyError(name)
        return _build(name)

    def __iter__(self) -> Iterator[str]:
        return iter(commands())

    def __len__(self) -> int:
        return len(commands())


class _CommandGroup(TyperGroup):
    """Knows the names of all commands, and loads the one that is asked for."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - whatever Typer tells a group
        super().__init__(**given)
        self.commands = _Commands()  # type: ignore[assignment]

    def list_commands(self, ctx: object) -> list[str]:
        del ctx
        return list(commands())

    def format_help(self, ctx: Any, formatter: object) -> None:  # noqa: ANN401 - of Click
        del formatter
        listing = copy(self)
        listing.get_command = _listed  # type: ignore[method-assign, assignment]
        write_help(listing, ctx)


def _listed(_: object, name: str) -> Any:  # noqa: ANN401 - a command of Click
    """A command as the list of all has it: its parameters are left unread."""
    if name in HOMES:
        panel, run = HOMES[name][0], _run_of(name)
        text = getattr(run, "text", None) or run.__doc__
    else:
        asked = find_question(name)
        panel, text = asked.group, asked.help
    return PanelCommand(name, help=cleandoc(text or ""), rich_help_panel=panel)


def _run_of(name: str) -> Callable[..., None]:
    """The function of a command that asks no question of the registry."""
    own = f"{name}_" if iskeyword(name) else name.replace("-", "_")
    run: Callable[..., None] = getattr(import_module(f"monazite.cli.{HOMES[name][1]}"), own)
    return run


@cache
def _build(name: str) -> Any:  # noqa: ANN401 - a command of Click
    """Load a command and its parameters."""
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    if name in HOMES:
        panel, run = HOMES[name][0], _run_of(name)
        run = run.build() if hasattr(run, "build") else run
    else:
        from monazite.cli.question_command import command_of

        asked = find_question(name)
        panel, run = asked.group, command_of(asked)
    alone.command(name, cls=PanelCommand, rich_help_panel=panel)(run)
    return typer.main.get_command(alone)


app = typer.Typer(
    name="monazite",
    cls=_CommandGroup,
    help="What in the rare-earth supply chain can stop you, how sure that is, and who says so.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # errors stay a plain line; help_panels draws the help
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def version(
    context: typer.Context,
    show_version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """What in the rare-earth supply chain can stop you, how sure that is, and who says so."""
    if show_version:
        from monazite.core.package import VERSION

        typer.echo(f"monazite {VERSION}")
        raise typer.Exit
    del context
