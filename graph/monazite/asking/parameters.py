"""What a question may be asked, said once for Python, the terminal, the server and assistants."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, NamedTuple, Union, get_args, get_origin

from monazite.data.parameters import (
    APPROVAL,
    APPROVALS,
    ELEMENT,
    EVENT,
    HORIZON,
    MARKET,
    Contingency,
    NumberBounds,
    check_draws,
    check_word,
    events,
    horizons,
)

if TYPE_CHECKING:
    from monazite.model.network.attributes import Network


class Param(NamedTuple):
    """What is said of a parameter beside its type and default.

    Attributes:
        help: one sentence, for whoever asks.
        short: its letter on the command line.
        metavar: what stands for its value there.
        option: its name outside Python, where that is another.
        flag: its name on the command line alone, where that is another.
        position: whether the command line takes it without a name.
        words: the closed list that it is of.
        suggests: words that the Tab key offers, others may be taken too.
        what: what a word of the list is, in the sentence that refuses another.
        bounds: of a number.
        percent: whether the command line takes it per cent; elsewhere it is a part of 1.
        completes: kinds of entities whose names the Tab key offers; none stands for all.
        check: refuses a value before a store is opened for it.
        reads: reads the value from the text of the command line.
        tool: whether an assistant may ask it.
        most: how much of it may be asked over HTTP.
        tables: whether it says something only where tables are printed.
        file: whether it may be a file, which only Python and the command line can name.
        one_of: parameters of which one must be given, this one among them.
        needed: whether it must be given over HTTP, which has not what does without it elsewhere.
        several: whether the command line takes several words of it, which it reads as a list.
        only: another parameter and its value, without which it says nothing on the command line.
    """

    help: str
    short: str = ""
    metavar: str | None = None
    option: str = ""
    flag: str = ""
    position: bool = False
    words: Callable[[], tuple[str, ...]] | None = None
    what: str = ""
    suggests: Callable[[], tuple[str, ...]] | None = None
    bounds: NumberBounds | None = None
    percent: bool = False
    completes: tuple[str, ...] | None = None
    check: Callable[[Any], object] | None = None
    reads: Callable[[str], object] | None = None
    tool: bool = True
    most: float | None = None
    one_of: tuple[str, ...] = ()
    needed: bool = False
    several: bool = False
    only: tuple[str, str] | None = None
    file: bool = False
    tables: bool = False


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


PLACES = ("country", "area")
Element = Annotated[
    str,
    Param(
        "Symbol, name or group: Dy, NdPr; MREE is Nd, Pr, Dy and Tb together.",
        *("-e", "ELEMENT"),
        completes=("element",),
    ),
]
Market = Annotated[
    str, Param("Country or union; WLD is the world.", "-m", "MARKET", completes=PLACES)
]
Horizon = Annotated[
    str,
    Param(
        "immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.",
        metavar="HORIZON",
        words=horizons,
    ),
]
BaseYear = Annotated[
    int | None, Param("Default: the newest year with trade figures.", "-y", "YEAR")
]
Event = Annotated[
    str,
    Param(
        "outage: plants shut down; embargo: the border closes; licence: a part is approved.",
        metavar="EVENT",
        words=events,
    ),
]
Approval = Annotated[
    float,
    Param(
        "Per cent of sales that a licence covers.",
        bounds=APPROVALS,
        percent=True,
        only=("event", "licence"),
    ),
]
Assumptions = Annotated[bool, Param("Print what is assumed, with its range.", tables=True)]
Seed = Annotated[
    int | None,
    Param(
        "Of --draws; default 0.", metavar="S", check=lambda seed: check_draws(seed=seed), tool=False
    ),
]
POSITIONAL = 2  # fields of a group, element and market, that Python takes without their names


class Failure(NamedTuple):
    """What every question of failures is asked: for whom, what happens, and for how long."""

    element: Element = ELEMENT
    market: Market = MARKET
    horizon: Horizon = HORIZON
    event: Event = EVENT
    approval: Approval = APPROVAL
    year: BaseYear = None
    network: Network | None = None

    @property
    def contingency(self) -> Contingency:
        """What happens, and how long the world has to answer."""
        return Contingency(self.event, self.horizon, self.approval)


ScenarioName = Annotated[
    str | Path | BinaryIO,
    Param(
        "A scenario that is shipped, a TOML file, or one that is open.", position=True, file=True
    ),
]
Markets = Annotated[
    Iterable[str],
    Param(
        "Code of a market to tell of; may be repeated. Default: those of the file.",
        *("-m", "CODE"),
        option="market",
        completes=PLACES,
    ),
]
Months = Annotated[int | None, Param("How many months. Default: as the file says.", metavar="N")]
TrialCount = Annotated[
    int | None, Param("Run N random trials for ranges. Default: none.", metavar="N", most=1_000)
]
Workers = Annotated[int | None, Param("Processes for --draws. Default: this one.", metavar="N")]


class ScenarioRun(NamedTuple):
    """How scenarios are run: for whom, how long, and on how many random trials."""

    markets: Markets = ()
    months: Months = None
    draws: TrialCount = None
    seed: Seed = None
    workers: Workers = None
