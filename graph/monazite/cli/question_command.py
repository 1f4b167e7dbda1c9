"""A question as a command: its options, help and output are read off its function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from monazite.asking.parameters import AskedParam
from monazite.asking.question import Also, Question, find_question
from monazite.cli.common import Full, Output, ViewOptions, to_file, with_view
from monazite.cli.formats import (
    Complete,
    Format,
    choose_format,
    complete_element,
    complete_id,
    complete_word,
)
from monazite.cli.progress import ProgressBar
from monazite.cli.writing import write_page, write_result
from monazite.core.errors import UnknownNameError
from monazite.core.tables import FORMATS

if TYPE_CHECKING:
    from monazite.view.view import View

_OTHERS = Mapping[str, tuple[Also, Question]]
_PRINTING: Mapping[str, tuple[object, object]] = {
    "fmt": (Format, "table"), "output": (Output, None), "full": (Full, False)
}  # fmt: skip
"""The options that say how an answer is printed, of every question."""


def command_of(asked: Question) -> Callable[..., None]:
    """Return a question as the function that Typer makes a command of."""
    others = {each.option: (each, find_question(each.question)) for each in asked.also}

    def run(options: ViewOptions, **given: Any) -> None:  # noqa: ANN401 - what it declares
        fmt, output, full = (given.pop(name) for name in _PRINTING)
        choose_format(fmt, *FORMATS)
        for each in (asked, *(other for _, other in others.values())):
            each.check(given)
        chosen = _chosen(asked, others, given)
        view = options.open()
        beside = {name: _answer(view, others[name][1], given, others[name][0]) for name in chosen}
        only = next((name for name in chosen if others[name][0].only), None)
        found = beside[only] if only else _answer(view, asked, given)
        for name in chosen:
            if (join := others[name][0].joined) is not None:
                found = join(found, beside[name])
        drawn = [] if only else [page for page in asked.pages if given[page.option] is not None]
        for page in drawn:
            write_page(page.draw(view, found), given[page.option], page.what)
        if "-" not in {str(given[page.option]) for page in drawn}:
            write_result(found, fmt, output, full=full)

    run.__doc__ = asked.help
    run.__name__ = asked.verb
    run.__signature__ = _signature(asked, others)  # type: ignore[attr-defined]
    return with_view(run)


def _signature(asked: Question, others: _OTHERS) -> inspect.Signature:
    """The options of a question, of what it asks besides, and of all questions."""
    found = {each.name: _option(each) for each in asked.params}
    for name, (also, other) in others.items():
        by = next((each for each in other.params if each.name == also.by), None)
        kind, default = (bool, False) if by is None else (str if by.told.reads else by.kind, None)
        found[name] = _option(AskedParam(name, kind, default, also.told))
        more = (each for each in other.params if each.name not in {also.by, *found})
        found |= {each.name: _option(each) for each in more}
    found |= {name: _keyword(name, *told) for name, told in _PRINTING.items()}
    for page in asked.pages:
        file = to_file(f"--{page.option} {page.metavar}", page.help)
        found[page.option] = _keyword(page.option, Annotated[Path | None, file], None)
    options = inspect.Parameter("options", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([options, *found.values()])


def _keyword(name: str, kind: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _option(each: AskedParam) -> inspect.Parameter:
    """A parameter as Typer takes it: an argument or an option, per cent where it is a part."""
    told, default = each.told, each.spoken_default
    more: dict[str, Any] = {"help": told.help, "autocompletion": _completion(each)}
    scale = 100 if told.percent else 1
    if each.kind is not bool:
        more["metavar"] = told.metavar
    if told.bounds is not None:
        more |= {"min": scale * told.bounds.low}
        more |= {} if told.bounds.high is None else {"max": scale * told.bounds.high}
    flags = [f"--{each.outside.replace('_', '-')}", *([told.short] if told.short else [])]
    declared = typer.Argument(**more) if told.position else typer.Option(*flags, **more)
    kind = each.kind if default is not None else each.kind | None
    return _keyword(each.name, Annotated[kind, declared], default)


def _completion(each: AskedParam) -> Complete | None:
    if each.told.words is not None:
        return complete_word(each.told.words)
    if each.told.completes == ("element",):
        return complete_element
    return None if each.told.completes is None else complete_id(*each.told.completes)


def _chosen(asked: Question, others: _OTHERS, given: Mapping[str, Any]) -> list[str]:
    """The options that ask another question; what belongs to none that is asked is refused."""
    chosen = [name for name in others if given[name] is not None and given[name] is not False]
    for name in (each for each in chosen if others[each][0].only):
        kept = {each.name for each in others[name][1].params}
        idle = _given(asked, given, kept) + [each for each in chosen if each != name]
        idle += [page.option for page in asked.pages if given[page.option] is not None]
        if idle:
            listed = " and ".join(f"--{each}" for each in idle)
            raise UnknownNameError(others[name][0].only.format(idle=listed))
    known = {each.name for each in asked.params}
    known |= {each.name for name in chosen for each in others[name][1].params}
    for name, (also, other) in others.items():
        if idle := _given(other, given, known | {also.by}):
            _refuse(idle, name, also.told.metavar)
    return chosen


def _given(asked: Question, given: Mapping[str, Any], known: set[str]) -> list[str]:
    """The options of a question that are not known and say something else than their default."""
    return [
        each.outside
        for each in asked.params
        if each.name not in known and each.name in given
        if given[each.name] != each.spoken_default
    ]


def _refuse(idle: list[str], option: str, metavar: str | None) -> NoReturn:
    named, belong = " and ".join(f"--{each}" for each in idle), "belong" if idle[1:] else "belongs"
    asking = f"--{option} {metavar or ''}".strip()
    raise UnknownNameError(f"{named} {belong} to --{option}: take {asking} as well.")


def _answer(view: View, asked: Question, given: Mapping[str, Any], also: Also | None = None) -> Any:  # noqa: ANN401 - a Result
    """Ask a question by what the command line says; what may take long shows a bar."""
    said = dict(given)
    if also is not None and also.by:
        said[also.by] = given[also.option]
    named = {}
    for each in (x for x in asked.params if x.name in said):
        value = said[each.name]
        if each.told.percent:
            value = value / 100
        if each.told.reads is not None:
            value = each.told.reads(value)
        named[each.name] = value
    ask = getattr(view, asked.verb)
    if "step" not in asked.signature.parameters:
        return ask(**named)
    with ProgressBar("Running random trials") as bar:
        return ask(**named, step=bar)
