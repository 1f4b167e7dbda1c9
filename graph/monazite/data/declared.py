"""What a function says of its parameters, once for Python, terminal, server and assistants."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import NoneType, UnionType
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin

from monazite.core.errors import UnknownNameError
from monazite.core.results import Struct
from monazite.data.parameters import NumberBounds, check_word

POSITIONAL = 2  # fields of a group, element and market, that Python takes without their names
AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


class Param(NamedTuple):
    """What is said of a parameter beside its type and default."""

    help: str  #: one sentence, for whoever asks
    short: str = ""  #: its letter on the command line
    metavar: str | None = None  #: what stands for its value there
    option: str = ""  #: its name outside Python, where that is another
    flag: str = ""  #: its name on the command line alone, where that is another
    position: bool = False  #: whether the command line takes it without a name
    words: Callable[[], tuple[str, ...]] | None = None  #: the closed list that it is of
    what: str = ""  #: what a word of the list is, in the sentence that refuses another
    #: words that the Tab key offers, others may be taken too
    suggests: Callable[[], tuple[str, ...]] | None = None
    bounds: NumberBounds | None = None  #: of a number
    #: whether the command line takes it per cent; elsewhere it is a part of 1
    percent: bool = False
    #: kinds of entities whose names the Tab key offers; none stands for all
    completes: tuple[str, ...] | None = None
    check: Callable[[Any], object] | None = None  #: refuses a value before a store is opened for it
    #: reads the value from the text of the command line
    reads: Callable[[str], object] | None = None
    tool: bool = True  #: whether an assistant may ask it
    most: float | None = None  #: how much of it may be asked over HTTP
    one_of: tuple[str, ...] = ()  #: parameters of which one must be given, this one among them
    #: whether it must be given over HTTP, which has not what does without it elsewhere
    needed: bool = False
    #: whether the command line takes several words of it, which it reads as a list
    several: bool = False
    #: another parameter and its values, without which it says nothing on the command line
    only: tuple[str, ...] = ()
    file: bool = False  #: whether it may be a file, which only Python and the command line can name
    tables: bool = False  #: whether it says something only where tables are printed


class AskedParam(NamedTuple):
    """A parameter of a question, with its name and default in Python and the type of its value."""

    name: str
    kind: Any
    default: Any
    told: Param
    kinds: tuple[Any, ...] = ()  # in Python

    @property
    def outside(self) -> str:
        """Its name on the command line, over HTTP and for assistants."""
        return self.told.option or self.name.rstrip("_")

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return self.told.flag or self.outside

    @property
    def is_needed(self) -> bool:
        """Whether a question without it cannot be asked."""
        return self.default is inspect.Parameter.empty

    @property
    def spoken_default(self) -> Any:  # noqa: ANN401 - of any type
        """Its default on the command line, per cent where it is a part."""
        if self.default == ():
            return []
        is_part = self.told.percent and isinstance(self.default, float)
        return round(100 * self.default) if is_part else self.default

    @property
    def help(self) -> str:
        """What is said of it where there is no command line: parts run from 0 to 1."""
        text = self.told.help.replace("--", "")
        if self.told.one_of:
            text += f" One of {', '.join(self.told.one_of)} must be given."
        return text.replace("Per cent", "Part") if self.told.percent else text

    @property
    def type_words(self) -> str:
        """Its type as a signature has it."""
        plain = [
            str(each).replace("collections.abc.", "") if get_args(each) else each.__name__
            for each in self.kinds
        ]
        return " | ".join([*plain, "None"] if self.default is None else plain)

    def check(self, value: Any) -> None:  # noqa: ANN401 - whatever was given
        """Refuse a value that is not of its list, or that its own check refuses."""
        if self.told.words is not None:
            check_word(value, self.told.words(), self.told.what or self.outside)
        if self.told.check is not None:
            self.told.check(value)


def groups_of(function: Callable[..., object]) -> dict[str, Any]:
    """Return the groups that a function takes, named tuples of parameters, by name."""
    names = vars(sys.modules[function.__module__])
    asked = inspect.signature(function).parameters.values()
    found = {each.name: evaluated(each.annotation, names) for each in asked}
    return {name: kind for name, kind in found.items() if hasattr(kind, "_fields")}


def parts_of(function: Callable[..., object]) -> Iterator[tuple[inspect.Parameter, str]]:
    """Yield the parameters of a function with their homes; a group stands for its fields."""
    groups = groups_of(function)
    for given in inspect.signature(function).parameters.values():
        if given.name not in groups:
            yield given, function.__module__
            continue
        kind = groups[given.name]
        for place, (name, annotation) in enumerate(kind.__annotations__.items()):
            how = given.KEYWORD_ONLY if place >= POSITIONAL else given.kind
            default = kind._field_defaults.get(name, given.empty)
            text = getattr(annotation, "__forward_arg__", annotation)
            yield inspect.Parameter(name, how, default=default, annotation=text), kind.__module__


def params_of(function: Callable[..., object]) -> Iterator[AskedParam]:
    """Yield the parameters of which something is said; the others are for Python alone."""
    for given, home in parts_of(function):
        annotation = evaluated(given.annotation, vars(sys.modules[home]))
        if asked := asked_param(given.replace(annotation=annotation)):
            yield asked


def asked_param(given: inspect.Parameter) -> AskedParam | None:
    """Return a parameter with what its annotation says of it; None where it says nothing."""
    metadata = getattr(given.annotation, "__metadata__", ())
    told = next((each for each in metadata if isinstance(each, Param)), None)
    if told is None:
        return None
    kind = given.annotation.__origin__
    several = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
    kinds = tuple(each for each in several if each is not NoneType)
    return AskedParam(given.name, kinds[0], given.default, told, kinds)


def evaluated(annotation: object, names: dict[str, Any]) -> Any:  # noqa: ANN401 - a type
    """Return the type that an annotation names, None where only type checkers know it."""
    try:
        return eval(str(annotation), names)  # noqa: S307 - an annotation of this package
    except (NameError, SyntaxError):  # or there is none
        return None


_END = re.compile(r"\n\n(?=Args:\n|Returns:\n|Raises:\n|>>> )")
"""Where what is said to all ends, and what is said of Python begins."""
_FOR_COMMANDS = re.compile(r"\n\nExample: [^\n]+")


class Asked(Struct, eq=False, repr=False):
    """A function, of a view or not, whose parameters say what they are."""

    run: Callable[..., Any]  #: the function

    @property
    def verb(self) -> str:
        """Its name in Python, over HTTP and for assistants."""
        return self.run.__name__

    @cached_property
    def of_view(self) -> bool:
        """Whether a view is asked."""
        return next(iter(inspect.signature(self.run).parameters)) in {"self", "view"}

    @cached_property
    def params(self) -> tuple[AskedParam, ...]:
        """What may be asked everywhere."""
        return tuple(params_of(self.run))

    @cached_property
    def _groups(self) -> dict[str, Any]:
        return groups_of(self.run)

    @cached_property
    def _text(self) -> str:
        return inspect.getdoc(self.run) or ""

    @property
    def help(self) -> str:
        """All that is said of it, but for the example in Python."""
        return _END.split(self._text)[0]

    @property
    def summary(self) -> str:
        """What it answers, in a sentence."""
        return self.help.partition("\n\n")[0].replace("\n", " ")

    @cached_property
    def signature(self) -> inspect.Signature:
        """How it is asked in Python, with plain types."""
        plain = {each.name: each.type_words for each in self.params}
        own = [
            each.replace(annotation=plain.get(each.name, each.annotation))
            for each, _ in parts_of(self.run)
        ]
        if self.of_view:
            own[0] = inspect.Parameter("self", own[0].kind)
        return inspect.signature(self.run).replace(parameters=own)

    @cached_property
    def documentation(self) -> str:
        """What Python prints of it: its text, a line for each parameter, and the example."""
        text = _FOR_COMMANDS.sub("", self._text)
        args = "".join(f"\n    {each.name}: {each.help}" for each in self.params)
        end = found.start() if (found := _END.search(text)) else len(text)
        own = text[end:].removeprefix("\n\nArgs:")
        return f"{text[:end]}\n\nArgs:{args}{own}" if args else text

    def check(self, given: Mapping[str, Any]) -> None:
        """Refuse what needs no view to be refused."""
        for each in self.params:
            value = given.get(each.name, each.default)
            if each.name in given and not (value is None and each.default is None):
                each.check(value)

    def _check_belongs(self, each: AskedParam, given: Mapping[str, Any]) -> None:
        """Refuse what belongs to a value of another parameter, which is not given."""
        needed, *values = each.told.only or ("", "")
        held = next((given.get(x.name, x.default) for x in self.params if x.name == needed), None)
        values = [value for value in values if value]
        if needed and (held not in values if values else held is None):
            of = " ".join((needed, " or ".join(values))).rstrip()
            raise UnknownNameError(f"{each.outside} belongs to {of}: give that, or leave it out.")

    def ask(self, view: Any, **given: Any) -> Any:  # noqa: ANN401 - a view, and what it returns
        """Call it; what may be refused is refused first."""
        self.check(given)
        for each in self.params:
            if given.get(each.name, each.default) != each.default:
                self._check_belongs(each, given)
        for name, group in self._groups.items():
            given[name] = group(**{x: given.pop(x) for x in group._fields if x in given})
        return self.run(view, **given)


def declared(run: AnyFunction) -> AnyFunction:
    """Let a function that asks no view say in Python what its parameters are."""
    asked = Asked(run)
    run.__doc__ = asked.documentation
    vars(run).update(asked=asked, __signature__=asked.signature)
    return run
