"""A question: a function of a view, the registry of them, and what several of them may be asked.

The folder ``questions`` is the registry: a file has the name of its question.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, NamedTuple

from monazite.core.errors import LossNotKnownError
from monazite.core.package import question_names
from monazite.core.results import NotKnown, Result
from monazite.data.declared import Asked, AskedParam, Param, params_of
from monazite.data.parameters import (
    APPROVAL,
    APPROVALS,
    ELEMENT,
    EVENT,
    HORIZON,
    MARKET,
    Contingency,
    check_draws,
    events,
    horizons,
)

if TYPE_CHECKING:
    from monazite.core.tables import Table
    from monazite.model.network.attributes import Network


class Also(NamedTuple):
    """Another question that the command asks when an option is given."""

    question: str  #: its name
    told: Param  #: of the option
    by: str = ""  #: the parameter of it that the option sets; without one the option is a flag
    #: how options of the first question are refused, ``{idle}``, where this answer stands in place
    #: of the first; empty where it stands beside it, in JSON under the option's name
    only: str = ""
    null: bool = False  #: whether JSON says null there where it was not asked

    @property
    def option(self) -> str:
        """The name of the option."""
        return self.told.option or self.question


class Form(NamedTuple):
    """A format of the answer beside those of all; of the view, where no option changes it."""

    name: str
    write: Callable[[Any, Any], str]
    of_view: bool = False


class Page(NamedTuple):
    """A page of the answer, which an option of the command names a file for.

    What is said of parameters of ``draw`` makes options that belong to the page.
    """

    option: str
    help: str
    what: str
    draw: Callable[..., str]
    metavar: str = "FILE.html"


class Question(Asked, eq=False, repr=False):
    """A question that can be asked of a view."""

    #: the heading of the help under which its command stands; empty where it has none
    group: str = ""
    rank: int = 1  #: its place below the heading, from 1
    title: str = ""  #: for an assistant that chooses among tools; empty where it is no tool
    says: str = ""  #: what the numbers of the answer mean, for an assistant
    range: str = ""  #: where their range stands, and what it tests, for an assistant
    command: str = ""  #: what asks it on the command line, where that is no command of its name
    also: tuple[Also, ...] = ()  #: what its command asks besides
    pages: tuple[Page, ...] = ()  #: what its command draws besides
    #: the method of the answer that keeps its first lines, and how many HTTP gives where nobody
    #: says; None where it gives all
    first: tuple[str, int] | None = None
    #: takes the answer and what was asked besides, and returns the answer to write, with its tables
    #: where they are not its own; its parameters are options of the command
    shown: Callable[..., tuple[Result, Sequence[Table] | None]] | None = None
    #: formats that its command writes besides, which ``form_help`` names
    forms: tuple[Form, ...] = ()
    form_help: str = ""
    #: whether an answer of nothing is no: its command ends with 1, and writes JSON alone
    is_no: bool = False
    #: what its command says beside an answer, by its format
    remarks: Callable[[Any, str], Iterable[str]] = lambda *_: ()
    #: whether its answer is the same in all views, so that its command opens none
    is_free: bool = False
    lists: bool = False  #: whether its command lists what a name means that several things have
    #: refuses what of its parameters cannot be asked together
    together: Callable[..., object] | None = None
    #: what stands before the bar of a question that may take long
    bar: str = "Running random trials"
    #: says of an answer why the command ends with exit code 1; nothing where it does not
    fault: Callable[[Any], str] = lambda _: ""

    @cached_property
    def printing(self) -> tuple[AskedParam, ...]:
        """What may be said of how its command writes the answer."""
        return () if self.shown is None else tuple(params_of(self.shown))

    def ask(self, view: Any, **given: Any) -> Any:  # noqa: ANN401 - a view, and a Result
        """Answer it; the answer records its view and who says what it shows."""
        try:
            found = super().ask(view, **given)
        except LossNotKnownError as unknown:
            if "OrNotKnown" not in str(self.signature.return_annotation):
                raise
            asked = {each.name: given.get(each.name, each.default) for each in self.params}
            found = NotKnown(asked.get("element", ""), asked.get("market", ""), str(unknown))
        if self.is_free or found.view:
            return found
        return view._recorded(found, rows=found.quoted_rows)

    def check(self, given: Mapping[str, Any]) -> None:
        """Refuse what needs no view to be refused, each alone and together."""
        super().check(given)
        if self.together is not None:
            known = inspect.signature(self.together).parameters
            self.together(**{name: value for name, value in given.items() if name in known})

    def ask_outside(self, view: Any, given: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as above
        """Answer it, asked by the names that its parameters have outside Python."""
        inside = {each.outside: each.name for each in self.params}
        named = {inside[name]: value for name, value in given.items()}
        return getattr(view, self.verb)(**named)


def question(**told: Any) -> Callable[[Callable[..., Any]], Question]:  # noqa: ANN401 - fields
    """Make a function of a view a question."""
    return lambda run: Question(run, **told)


@cache
def method_of(home: str, name: str) -> Any:  # noqa: ANN401 - a function
    """Return a function of a file as the method of a view."""
    run = getattr(import_module(home), name)
    asked = run if isinstance(run, Asked) else Asked(run)

    @wraps(asked.run, assigned=("__module__", "__name__"))
    def ask(self: Any, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the signature says
        bound = asked.signature.bind(self, *given, **named)
        bound.arguments.pop("self")
        return asked.ask(self, **bound.arguments)

    ask.__qualname__ = f"View.{name}"
    ask.__doc__ = asked.documentation
    ask.__signature__ = asked.signature  # type: ignore[attr-defined]
    ask.asked = asked  # type: ignore[attr-defined]
    own = [*asked.signature.parameters.values()][1:]
    ask.__annotations__ = {each.name: each.annotation for each in own}
    ask.__annotations__["return"] = asked.signature.return_annotation
    return ask


@cache
def find_question(name: str) -> Question:
    """Return the question of a name.

    >>> find_question("parents").group
    'Who says so, and since when?'
    """
    found = getattr(import_module(f"monazite.questions.{name}"), name)
    assert isinstance(found, Question)
    return found


@cache
def questions() -> Mapping[str, Question]:
    """Return all questions by name."""
    return {name: find_question(name) for name in question_names()}


@cache
def askers() -> Mapping[str, str]:
    """Return by question the command that asks it, with the option where it takes one."""
    also = {
        each.question: f"{asked.verb} --{each.option}"
        for asked in questions().values()
        for each in asked.also
    }
    return {name: also.get(name, each.command or name) for name, each in questions().items()}


def by_group() -> Iterator[tuple[str, list[Question]]]:
    """Yield the headings of the help with their questions by rank."""
    named = [each for each in questions().values() if each.group and not each.command]
    named.sort(key=lambda each: each.rank)
    for group in dict.fromkeys(each.group for each in named):
        yield group, [each for each in named if each.group == group]


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
