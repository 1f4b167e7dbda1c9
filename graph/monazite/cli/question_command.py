"""A question as a command: its options, help and output are read off its function."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial, update_wrapper
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, NoReturn, get_args, get_origin

import typer

from monazite.asking.question import Also, Question, find_question
from monazite.cli.common import (
    STDOUT,
    Full,
    Output,
    ViewOptions,
    keyword,
    option_of,
    to_file,
    with_view,
)
from monazite.cli.formats import Format, choose_format, to_format
from monazite.cli.writing import ASKED_VIEW, ProgressBar, say, write_out, write_page, write_result
from monazite.core.errors import SeveralMeantError, UnknownNameError, all_at_once
from monazite.core.results import NotKnown
from monazite.core.spoken_commands import for_view
from monazite.core.tables import FORMATS, Table, write_tables
from monazite.data.declared import Asked, AskedParam, evaluated, params_of

if TYPE_CHECKING:
    from monazite.view.view import View

PROGRAMS = ("json", "csv", "tsv")
"""Formats that have all there is, whatever a table shows."""
_OTHERS = Mapping[str, tuple[Also, Question]]


def command_of(asked: Question) -> Callable[..., None]:
    """Return a question as the function that Typer makes a command of."""
    others = {each.option: (each, find_question(each.question)) for each in asked.also}

    def run(options: ViewOptions | None, **given: Any) -> None:  # noqa: ANN401 - what it declares
        fmt, output, full = given["fmt"], given["output"], given["full"]
        known = (*FORMATS, *(each.name for each in asked.forms))
        says_more = "full" in {each.name for each in asked.params} and fmt in PROGRAMS
        choose_format(fmt, *known, full=full and not says_more, output=output)
        given["full"] = full or fmt == "xlsx"
        for param in asked.params:
            if param.told.reads is not None and given[param.name] != param.default:
                given[param.name] = param.told.reads(given[param.name])
        for each in (asked, *(other for _, other in others.values())):
            each.check(given)
        chosen = _chosen(asked, others, given)
        for also, other in chosen.values():
            other.check({also.by: given[also.option]})
        form = next((each for each in asked.forms if each.name == fmt), None)
        if form is not None and form.of_view and (idle := _given(asked.params, given, set())):
            raise UnknownNameError(f"{_flags(idle)} changes nothing in {fmt}: leave it out.")
        view = None if options is None else _open(options, asked, given)
        if form is not None:
            found = None if form.of_view else _answer(view, None, asked, given)
            write_out(form.write(view, found), output)
        elif only := next((name for name, (also, _) in chosen.items() if also.only), ""):
            write_result(_answer(view, *chosen[only], given), fmt, output, full=full)
        else:
            _write(view, asked, chosen, given)

    run.__doc__ = asked.help
    run.__name__ = asked.verb
    run.__signature__ = signature = _signature(asked, others)  # type: ignore[attr-defined]
    if not asked.is_free:
        return with_view(run)
    free = update_wrapper(partial(run, None), run)
    free.__signature__ = signature.replace(parameters=[*signature.parameters.values()][1:])  # type: ignore[attr-defined]
    return free


def _open(options: ViewOptions, asked: Question, given: Mapping[str, Any]) -> View:
    """Open the view; where its filters are wrong, say as well which names are not known."""
    names = [
        given[each.name]
        for each in asked.params
        if each.told.completes is not None and isinstance(given[each.name], str)
    ]
    try:
        return options.open()
    except UnknownNameError:
        from monazite.store.names import find_entity

        options.ask(lambda view: all_at_once(*(partial(find_entity, view.store, x) for x in names)))
        raise


def _write(view: Any, asked: Question, chosen: _OTHERS, given: dict[str, Any]) -> None:  # noqa: ANN401 - a view, or none
    """Write the answer with its pages and what is asked besides, and say what is said of it."""
    fmt = given["fmt"]
    if "network" in asked.signature.parameters:  # built once for all
        given["network"] = view.network(given["element"], given["market"])
    try:
        found = _answer(view, None, asked, given)
    except SeveralMeantError as several:
        if not asked.lists or fmt not in {"table", "markdown"}:
            raise  # who reads by program asked for one
        listed = _meant(asked.verb, given[asked.params[0].name], several)
        write_out(write_tables([listed], fmt), given["output"])
        return
    drawn = [page for page in asked.pages if given[page.option] is not None]
    drawings = [page.draw(view, found, **_of(page.draw, given)) for page in drawn]
    given["report"] = found
    beside = {name: _answer(view, *other, given) for name, other in chosen.items()}
    known = {name: each for name, each in beside.items() if not isinstance(each, NotKnown)}
    unknown = {each.why: each for each in beside.values() if isinstance(each, NotKnown)}
    is_no, tables = asked.is_no and not found, None
    if asked.shown is not None and not isinstance(found, NotKnown):
        found, tables = asked.shown(found, known, **_of(asked.shown, given))
    if unknown and fmt not in PROGRAMS:
        told = [each for x in unknown.values() for each in x.tables()]
        tables = [*(tables or (found.tables() if given["full"] else found.short_tables())), *told]
    for page, drawing in zip(drawn, drawings, strict=True):  # where one is refused, none is written
        write_page(drawing, given[page.option], page.what)
    to_stdout = "-" in {str(given[page.option]) for page in drawn}
    silent = (to_stdout and given["output"] in {None, STDOUT}) or (is_no and fmt != "json")
    if not silent:
        more = {"full": given["full"], "tables": tables, "others": beside}
        write_result(found, fmt, given["output"], **more)
    for remark in asked.remarks(found, fmt):
        say(remark)
    for why in unknown if fmt in {"csv", "tsv"} else ():
        say(why)
    if fault := asked.fault(found):
        say(fault)
    if is_no or fault:
        raise typer.Exit(1)


def _meant(command: str, name: str, several: SeveralMeantError) -> Table:
    """What a name means, and what to write for each."""
    options = ASKED_VIEW.get()
    return Table(
        f'"{name}" is the name of {len(several.meant)} things',
        ("kind", "id", "name", "to see it"),
        [
            [*each, for_view(f"monazite {command} {quote(f'{each[0]}/{each[1]}')}", options)]
            for each in several.meant
        ],
    )


class DeclaredCommand(NamedTuple):
    """A command that gives its own code what calls a function, with what was asked of that."""

    home: str
    name: str
    command: Callable[..., None]

    @property
    def text(self) -> str:
        """What the function says of itself, read from its file: to be listed it is not loaded."""
        file = Path(__file__).parents[1] / f"{self.home.replace('.', '/')}.py"
        own = rf'def {self.name.rpartition(".")[2]}\(.*?\) -> [^\n:]+:\n +r?"""(.*?)"""'
        found = re.search(own, file.read_text("utf-8"), re.DOTALL)
        return found[1] if found else ""

    def build(self) -> Callable[..., None]:
        """Give it the parameters and the help of the function."""
        found = attrgetter(self.name)(import_module(f"monazite.{self.home}"))
        asked: Asked = getattr(found, "asked", None) or Asked(found)
        told = [*inspect.signature(self.command).parameters.values()]
        options, named = told[: asked.of_view], told[1 + asked.of_view :]
        says = "said" in {each.name for each in named}  # the options of the function that are given
        named = [each for each in named if each.name != "said"]
        known = {each.name for each in asked.params}
        told = [
            each.replace(annotation=evaluated(each.annotation, self.command.__globals__))
            for each in named
        ]
        own = [x for x in told if x.name not in known or get_origin(x.annotation) is Annotated]
        hidden = {each.name for each in own}

        def run(*options: ViewOptions, **given: Any) -> None:  # noqa: ANN401 - what it declares
            _check_only(asked, given)
            asked.check(given)

            def ask(*place: Any, **more: Any) -> Any:  # noqa: ANN401 - what it takes and gives
                at = int(asked.of_view)
                call = getattr(place[0], asked.verb) if at else asked.run
                stand = {each.name for each in asked.params[: len(place) - at]}
                named = {**_named(asked, given), **more}
                return call(*place[at:], **{x: named[x] for x in named if x not in stand})

            own = [each for each in asked.params if not each.is_needed]
            more = {"said": _given(own, given, set())} if says else {}
            self.command(*options, ask, **{x.name: given[x.name] for x in named}, **more)

        told = [option_of(each) for each in asked.params if each.name not in hidden]
        order = [each.name for each in asked.params]
        places = [each for each in (*own, *told) if _is_place(each)]
        places.sort(key=lambda each: order.index(each.name) if each.name in order else -1)
        told = [each for each in told if not _is_place(each)]
        others = [each for each in own if not _is_place(each)]
        run.__doc__, run.__name__ = asked.help, asked.verb
        parameters = [x.replace(kind=x.KEYWORD_ONLY) for x in (*places, *told, *others)]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        run.__signature__ = inspect.Signature([*options, *parameters])  # type: ignore[attr-defined]
        return with_view(run) if asked.of_view else run


def with_function(home: str, name: str) -> Callable[[Callable[..., None]], DeclaredCommand]:
    """Let a command have the parameters and the help of a function, of a view or not.

    The command gets its options of the view where it asks one, what calls the function with what
    was given, and what else it names: parameters of the function, and options of its own, which
    may stand for one.
    """
    return partial(DeclaredCommand, home, name)


def _is_place(each: inspect.Parameter) -> bool:
    """Whether a parameter of a command stands without a name."""
    return isinstance(get_args(each.annotation)[1], typer.models.ArgumentInfo)


def _signature(asked: Question, others: _OTHERS) -> inspect.Signature:
    """The options of a question, of its printing, of what it asks besides, and of all questions."""
    found = {each.name: option_of(each) for each in (*asked.params, *asked.printing)}
    for name, (also, other) in others.items():
        by = next((each for each in other.params if each.name == also.by), None)
        kind, default = (bool, False) if by is None else (str if by.told.reads else by.kind, None)
        found[name] = option_of(AskedParam(name, kind, default, also.told))
        more = (each for each in other.params if each.name not in {also.by, *found})
        found |= {each.name: option_of(each) for each in more}
    fmt = Annotated[str, to_format(asked.form_help, *(each.name for each in asked.forms))]
    found["fmt"] = keyword("fmt", fmt if asked.forms else Format, "table")
    found["output"] = keyword("output", Output, None)
    found["full"] = keyword("full", Full, False)
    for page in asked.pages:
        file = to_file(f"--{page.option.replace('_', '-')} {page.metavar}", page.help)
        found[page.option] = keyword(page.option, Annotated[Path | None, file], None)
        found |= {each.name: option_of(each) for each in params_of(page.draw)}
    options = inspect.Parameter("options", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return inspect.Signature([options, *found.values()])


def _of(run: Callable[..., Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What of all that is given a function takes."""
    return {name: given[name] for name in inspect.signature(run).parameters if name in given}


def _chosen(asked: Question, others: _OTHERS, given: Mapping[str, Any]) -> _OTHERS:
    """What else is asked; options that belong to nothing that is asked are refused."""
    chosen = {
        name: other
        for name, other in others.items()
        if given[name] is not None and given[name] is not False
    }
    for name, (also, other) in chosen.items():
        if also.only:
            kept = {each.name for each in other.params}
            idle = _given((*asked.params, *asked.printing), given, kept)
            idle += [each for each in chosen if each != name]
            idle += [page.option for page in asked.pages if given[page.option] is not None]
            if idle:
                raise UnknownNameError(also.only.format(idle=_flags(idle)))
    known = {each.name for each in asked.params}
    known |= {x.name for also, other in chosen.values() for x in other.params if x.name != also.by}
    for name, (also, other) in others.items():
        if idle := _given(other.params, given, known | {also.by}):
            _refuse(idle, name, also.told.metavar)
    _check_only(asked, given)
    of_pages = {
        x for y in asked.pages if given[y.option] for x in inspect.signature(y.draw).parameters
    }
    of_tables = [each for each in asked.printing if each.told.tables]
    if given["fmt"] in PROGRAMS and (idle := _given(of_tables, given, of_pages)):
        raise UnknownNameError(f"{_flags(idle)} changes nothing in {given['fmt']}: leave it out.")
    for page in asked.pages:
        if given[page.option] is None and (idle := _given(params_of(page.draw), given, set())):
            _refuse(idle, page.option, page.metavar)
    return chosen


def _check_only(asked: Asked, given: Mapping[str, Any]) -> None:
    """Refuse what is of one value of another option, which is not given."""
    for each in (x for x in asked.params if x.told.only):
        needed, *values = each.told.only
        value = " or ".join(filter(None, (", ".join(values[:-1]), *values[-1:])))
        is_there = given[needed] in values if value else given[needed] is not None
        if not is_there and _given([each], given, set()):
            known = {other.name: other.told for other in asked.params}
            if known[needed].position:
                fix = f"--{each.flag} belongs to {asked.verb} {value}: leave it out."
                raise UnknownNameError(fix)
            _refuse([each.flag], needed, value or known[needed].metavar)


def _given(params: Iterable[AskedParam], given: Mapping[str, Any], known: set[str]) -> list[str]:
    """The options that are not known and say something else than their default."""
    return [
        each.flag
        for each in params
        if each.name not in known and each.name in given
        if given[each.name] != each.spoken_default
    ]


def _flags(names: list[str]) -> str:
    return " and ".join(f"--{each}" for each in names)


def _refuse(idle: list[str], option: str, metavar: str | None) -> NoReturn:
    belong = "belong" if idle[1:] else "belongs"
    asking = f"--{option} {metavar or ''}".strip()
    raise UnknownNameError(f"{_flags(idle)} {belong} to --{option}: take {asking} as well.")


def _answer(view: View | None, also: Also | None, asked: Question, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a Result
    """Ask a question by what the command line says; what may take long shows a bar."""
    said = dict(given)
    if also is not None and also.by:
        said[also.by] = given[also.option]
    known = asked.signature.parameters
    beside = {name: said[name] for name in ("network", "report") if name in said and name in known}
    named = _named(asked, said, read=also is None) | beside
    ask = partial(asked.ask, None) if view is None else getattr(view, asked.verb)
    if "step" not in known:
        return ask(**named)
    with ProgressBar(asked.bar) as bar:
        return ask(**named, step=bar)


def _named(asked: Asked, given: Mapping[str, Any], *, read: bool = False) -> dict[str, Any]:
    """What Python takes for what the command line says."""
    named = {}
    for each in (x for x in asked.params if x.name in given):
        value = given[each.name]
        if each.told.percent and value is not None:
            value = value / 100
        if each.told.reads is not None and not read:
            value = each.told.reads(value)
        named[each.name] = () if value is None and each.default == () else value
    return named
