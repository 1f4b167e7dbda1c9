"""Help in panels: commands in groups, each with its whole summary, and options by their purpose."""

from __future__ import annotations

from copy import copy
from inspect import cleandoc
from typing import Any

from typer.core import TyperCommand

from monazite.cli.overwriting import refuse_overwriting


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
