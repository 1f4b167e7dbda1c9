"""``scenario``: what happens month by month; ``validate``: what it would have said of the past."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from monazite.asking.question import Markets, Months, Seed, TrialCount, Workers
from monazite.cli.common import STDOUT, Full, Output, ViewOptions, with_view
from monazite.cli.formats import Format, argument, choose_format, form_of, option, to_format
from monazite.cli.writing import ProgressBar, say, write_page, write_result
from monazite.core.errors import UnknownNameError
from monazite.core.results import NotKnown
from monazite.core.tables import FORMATS
from monazite.data.parameters import check_word

if TYPE_CHECKING:
    from monazite.view.view import View


ACTIONS = ("list", "check", "run")
PICTURES = ("html", "svg", "png")
"""Forms in which a scenario is drawn."""
STDIN = "-"
"""In place of a name: what is piped in."""
ALL = "all"
"""In place of a name: all that are shipped."""


@with_view
def scenario(
    options: ViewOptions,
    action: Annotated[str, argument("ACTION", "list, check or run.", show_default=False)],
    name: Annotated[
        str,
        argument(
            "[NAME|FILE]",
            "A scenario that is shipped, a TOML file of your own, or - for stdin; "
            "all runs the shipped.",
            show_default=False,
        ),
    ] = "",
    markets: Markets = (),
    months: Months = None,
    draws: TrialCount = None,
    seed: Seed = None,
    workers: Workers = None,
    beside: Annotated[
        str | None, option("--beside NAME", "Another scenario, drawn beside this one.")
    ] = None,
    fmt: Annotated[
        str | None,
        to_format(
            "table, json, csv, tsv, markdown (md), xlsx, html, svg or png; else as FILE ends.",
            *PICTURES,
        ),
    ] = None,
    full: Full = False,
    output: Output = None,
) -> None:
    """Say who would do without what, month by month, after an embargo, a rule or a closure.

    A scenario is a TOML file: months, markets, and what is done to the chain, with its days.
    examples/reference/scenarios.md lists its keys.

    Example: monazite scenario list

    Example: monazite scenario run china-halt-3 -m USA -m JPN

    Example: monazite scenario run licence-2025-text --draws 100 -o licences.html

    -o x.html writes a page that works offline, -o x.svg and -o x.png the picture: what is
    supplied, the rules, firms that stop and stocks. monazite verify works the page out again.

    Example: monazite scenario check licence-2025-text
    """
    form = form_of(output, fmt, *FORMATS, *PICTURES, full=full)
    check_word(action, ACTIONS, "action")
    told = {"markets": markets, "months": months, "draws": draws, "seed": seed, "workers": workers}
    named = {"market" if x == "markets" else x: y for x, y in {**told, "beside": beside}.items()}
    given = [f"--{name}" for name, value in named.items() if value not in (None, (), [])]
    if action != "run" and given:
        raise UnknownNameError(f"Only run takes {' and '.join(given)}.")
    if (action == "list") == bool(name):
        said = "list takes no name." if name else "monazite scenario list shows all names."
        raise UnknownNameError(said if name else f"Name a scenario to {action}; {said}")
    _check_picture(action, name, form, beside)
    view = options.open()
    if action == "list":
        write_result(view.scenario_list(), form, output, full=full)
    elif action == "check":
        check = view.check_scenario(_place(name))
        write_result(check, form, output, full=full)
        say(f"{check.headline()}.")
        if check.faults:
            raise typer.Exit(1)
    elif form in PICTURES:
        found = _run(view, name, told)
        other = None if beside is None else _run(view, beside, told)
        if unknown := next((x for x in (found, other) if isinstance(x, NotKnown)), None):
            say(f"{unknown.why} Nothing is drawn.")
        else:
            _draw(view, found, other, form, output)
    else:
        write_result(_run(view, name, told), form, output, full=full)


def _check_picture(action: str, name: str, form: str, beside: str | None) -> None:
    """Refuse a picture of what none is drawn of, before anything is worked out."""
    if form in PICTURES and (action != "run" or name == ALL):
        what = "all scenarios at once" if action == "run" else f"what {action} finds"
        raise UnknownNameError(
            f"There is no picture of {what}; draw one: "
            "monazite scenario run china-halt-3 -o china-halt-3.html"
        )
    if beside is not None and form not in PICTURES:
        raise UnknownNameError("--beside is for pictures: name a file, -o both.html.")


def _draw(view: View, found: Any, beside: Any, form: str, output: Output) -> None:  # noqa: ANN401 - Results
    """Write a scenario as a page or as a picture."""
    if form == "html":
        write_page(view.scenario_html(found, beside=beside), output or STDOUT, "page")
        return
    import logging

    # Where it keeps its cache of fonts is nothing to a reader.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    figure = view.scenario_figure(found, beside=beside)
    write_page(figure.svg if form == "svg" else figure.png(), output or STDOUT, "figure")


def _run(view: View, name: str, asked: dict[str, Any]) -> Any:  # noqa: ANN401 - a Result
    with ProgressBar("Running random trials") as bar:
        ask = view.scenarios if name == ALL else partial(view.scenario, _place(name))
        return ask(**asked, step=bar)


def _place(name: str) -> str | BinaryIO:
    """Where the text of a scenario is: a name or file, or what is piped in."""
    if name != STDIN:
        return name
    if sys.stdin is None or sys.stdin.isatty():
        raise UnknownNameError("Name a scenario (monazite scenario list), a file, or pipe one in.")
    return sys.stdin.buffer


@with_view
def validate(
    options: ViewOptions,
    action: Annotated[str, argument("ACTION", "hindcast.", show_default=False)],
    fmt: Format = "table",
    full: Full = False,
    output: Output = None,
) -> None:
    """Set what the models say beside what happened.

    hindcast: the takeover of Kachin's mines in 2024, the halt of sales to Japan in 2010, and
    China's magnet exports by destination from April to October 2025. It prints ranges from what
    was known, what happened, and how many ranges cover it.

    Example: monazite validate hindcast
    """
    choose_format(fmt, *FORMATS, full=full, output=output)
    check_word(action, ("hindcast",), "action")
    write_result(options.open().hindcast(), fmt, output, full=full or fmt == "xlsx")
