"""In which format an answer is written: the same names and the same option in every command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from monazite.core.errors import MonaziteError, UnknownNameError, UnreadableError, did_you_mean
from monazite.core.tables import FORMATS

Complete = Callable[..., list[str]]


def option(
    written: str,
    text: str,
    complete: Complete | None = None,
    **more: Any,  # noqa: ANN401 - what Typer takes
) -> Any:  # noqa: ANN401 - of Typer
    """Return an option from how it is written, ``--market -m MARKET``, and its help."""
    words = written.split()
    flags = [word for word in words if word.startswith("-")]
    metavar = " ".join(words[len(flags) :]) or None
    return typer.Option(*flags, metavar=metavar, help=text, autocompletion=complete, **more)


def argument(
    metavar: str,
    text: str,
    complete: Complete | None = None,
    **more: Any,  # noqa: ANN401 - what Typer takes
) -> Any:  # noqa: ANN401 - of Typer
    """Return an argument, with its help."""
    return typer.Argument(metavar=metavar, help=text, autocompletion=complete, **more)


def complete_word(words: Callable[[], Iterable[str]]) -> Complete:
    """Return what completes a word of a closed list.

    >>> complete_word(lambda: ("outage", "embargo"))("e")
    ['embargo']
    """

    def complete(incomplete: str) -> list[str]:
        return _beginning(words(), incomplete)

    return complete


def complete_id(*kinds: str) -> Complete:
    """Return what completes an id of some kinds of entities; of any where none is named."""
    return complete_word(lambda: (each for _, each in _kept(*kinds)))


def complete_element(incomplete: str) -> list[str]:
    """Complete the symbol of an element, or the short name of a group of them."""
    found = _kept("element", "element-group")
    # A symbol is the id of an element; a group is written by its name: NdPr.
    short = (own if own[:1].isupper() else label for label, own in found)
    return _beginning((each for each in short if " " not in each), incomplete)


def complete_question(incomplete: str) -> list[str]:
    """Complete the name of a question."""
    from monazite.store.queries import read_queries

    return _beginning(read_queries(), incomplete)


def complete_parameter(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a parameter of the question that stands before it."""
    from monazite.store.queries import read_queries

    known = read_queries()
    words = [str(context.params.get("question")), *context.args]  # an open -p leaves it in args
    asked = next((known[word] for word in words if word in known), None)
    return _beginning([f"{each.name}=" for each in asked.parameters] if asked else (), incomplete)


def _beginning(words: Iterable[str], incomplete: str) -> list[str]:
    return sorted({word for word in words if word.startswith(incomplete)})


def _kept(*kinds: str) -> list[tuple[str, str]]:
    """Label and id of what is kept beside the store; nothing where that cannot be read."""
    from monazite.store.names import cached_entities
    from monazite.store.opening import is_built, open_store

    try:
        if is_built():
            return [(each.label, each.id) for each in cached_entities(open_store(), *kinds)]
    except (MonaziteError, OSError):
        pass  # whoever asks in earnest is told
    return []


_SHORT = {"md": "markdown", "htm": "html"}
"""Short names of formats, and endings of files that are none themselves."""
_ENDINGS = {"table": "txt", "markdown": "md"}
"""Endings of files that are not called as their format."""
SHOWN = ("table", "markdown")
"""Formats that a reader reads, where --full says more."""
_PLAIN = ("", "txt")
"""Endings that say of no format; they are of a text."""


def to_format(
    help_text: str = "table, json, csv, tsv, markdown (md) or xlsx.",
    *more: str,
    alone: bool = False,
    by_name: bool = True,
) -> object:
    """Return ``--format``, with what a command says of it."""
    known = more if alone else (*FORMATS, *more)

    def chosen(ctx: typer.Context, fmt: str | None) -> str | None:
        source = ctx.get_parameter_source("fmt")
        output = ctx.params.get("output")  # what is given is read before what is not
        silent = source is not None and source.name == "DEFAULT"
        if by_name and silent and fmt is not None and isinstance(output, Path):
            fmt = _named_by(output, known) or fmt
        return fmt if fmt is None else _SHORT.get(fmt, fmt)

    return option("--format -f FORMAT", help_text, complete_word(lambda: known), callback=chosen)


def _named_by(output: Path, known: Iterable[str]) -> str:
    """The format that the name of a file says, of those that there are."""
    ending = output.suffix.lower().removeprefix(".")
    named = _SHORT.get(ending, ending)
    return named if named in known else ""


Format = Annotated[str, to_format()]
FormatOfReport = Annotated[str, to_format(by_name=False)]
"""Of what is told on stdout, where the file is another thing: a table, a patch, a folder."""


def form_of(output: Path | None, fmt: str | None, *known: str, full: bool) -> str:
    """Return in which form data is written: as ``--format`` says, else as the file's name ends.

    A name without an ending, or with that of a text, gets what stdout would.
    """
    if fmt is not None:
        choose_format(fmt, *known, full=full, output=output)
    ending = output.suffix.lower().removeprefix(".") if output is not None else ""
    named = _SHORT.get(ending, ending)
    if fmt is None and named not in {*known, *_PLAIN}:
        endings = [f".{_ENDINGS.get(form, form)}" for form in known]
        raise UnknownNameError(
            f"Nothing is written that ends in .{ending}; name a file that ends in "
            f"{', '.join(endings[:-1])} or {endings[-1]}, or say which --format."
        )
    named = named if named in known else ""
    if fmt is not None and named and fmt != named:
        raise UnknownNameError(
            f"--format says {fmt} and {output} ends as {named} does; leave one of them."
        )
    return choose_format(fmt or named or known[0], *known, full=full, output=output)


def choose_format(fmt: str, *known: str, full: bool = False, output: Path | None = None) -> str:
    """Return a format, or say which there are; refuse what a terminal or the format cannot show."""
    if fmt not in known:
        fix = did_you_mean(fmt, known) or f"formats are {', '.join(known)}."
        raise UnknownNameError(f'There is no format "{fmt}"; {fix}')
    if full and fmt not in SHOWN:
        raise UnknownNameError(f"--full changes nothing in {fmt}: leave it out.")
    if fmt == "xlsx":
        check_terminal(fmt, output)
    return fmt


def check_terminal(fmt: str, output: Path | None) -> None:
    """Refuse to write bytes that are no text to a terminal."""
    if output is None and sys.stdout is not None and sys.stdout.isatty():
        raise UnreadableError(
            f"{fmt} is nothing a terminal can show: name a file with --output, or pipe it."
        )
