"""The Typer application; a command is a module of its name, loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from keyword import iskeyword
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup

from monazite.cli.help_panels import PanelCommand, write_help

GROUPS = {
    "What can stop us?": ("chokepoints", "cuts", "concentration", "centrality", "exposure"),
    "What happens, and when does it end?": ("scenario",),
    "What would fix it?": ("replace",),
    "How sure is that?": ("doubt", "backtest", "conflicts", "balance", "reproduce"),
    "Who says so, and since when?": ("show", "claims", "policies", "timeline", "diff", "parents"),
    "Ask something of your own": ("ask", "query", "mcp", "trade"),
    "Show it to others": ("brief", "explore", "serve", "verify", "graph", "figure", "export"),
    "What is in it?": ("info", "reference", "alignments"),
    "Bring your own": ("import", "new-table", "check", "contribute", "release", "push"),
}
"""The commands by what a reader wants to know, in the order of the help."""
COMMANDS = tuple(name for names in GROUPS.values() for name in names)
EXIT_CODES = """Exit codes
  0  The answer is there, or is yes.
  1  The answer is no: nothing found, faults found, or a brief that differs.
  2  It could not be done; a sentence on stderr says why and what next."""
"""What ends the help: which code says what."""


class _Commands(Mapping[str, Any]):
    """The commands by name, none of them built before it is asked for."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a command of Click
        if name not in COMMANDS:
            raise KeyError(name)
        return _build(name)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _CommandGroup(TyperGroup):
    """Knows the names of all commands, and loads the one that is asked for."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - whatever Typer tells a group
        super().__init__(**given)
        self.commands = _Commands()  # type: ignore[assignment]

    def list_commands(self, ctx: object) -> list[str]:
        del ctx
        return list(COMMANDS)

    def format_help(self, ctx: Any, formatter: object) -> None:  # noqa: ANN401 - of Click
        del formatter
        write_help(self, ctx)


@cache
def _build(name: str) -> Any:  # noqa: ANN401 - a command of Click
    """Load a command and its parameters."""
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    panel = next(title for title, names in GROUPS.items() if name in names)
    own = f"{name}_" if iskeyword(name) else name.replace("-", "_")
    module = import_module(f"monazite.cli.{own}")
    alone.command(name, cls=PanelCommand, rich_help_panel=panel)(getattr(module, own))
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
        from monazite.shipped import VERSION

        typer.echo(f"monazite {VERSION}")
        raise typer.Exit
    del context
