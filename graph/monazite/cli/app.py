"""The Typer application; a command is a module of its name, loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
import typer.main
from typer.core import TyperGroup

COMMANDS = (
    *("chokepoints", "graph", "brief", "verify", "balance", "show", "query", "check"),
    *("conflicts", "export", "claims", "ask", "alignments", "info", "reference"),
    *("concentration", "cuts", "diff", "doubt", "parents", "reproduce", "figure", "timeline"),
    *("policies", "centrality"),
)
"""The commands, in the order of the help."""


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


@cache
def _build(name: str) -> Any:  # noqa: ANN401 - a command of Click
    """Load a command and its parameters."""
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(getattr(import_module(f"monazite.cli.{name}"), name))
    return typer.main.get_command(alone)


app = typer.Typer(
    name="monazite",
    cls=_CommandGroup,
    help="What in the rare-earth supply chain can stop you, how sure that is, and who says so.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
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
