"""``monazite contingencies``: what a market loses when something fails, within a horizon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.common import (
    Element,
    Format,
    Market,
    ViewOptions,
    choose_format,
    with_view,
    write_tables_out,
)
from monazite.cli.export import Bar
from monazite.errors import UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from monazite.findings.contingencies import Contingencies, Question
    from monazite.findings.draws import Draws
    from monazite.network.facts import Facts
    from monazite.network.graph import Network


@with_view
def contingencies(
    options: ViewOptions,
    element: Element = "MREE",
    market: Market = "WLD",
    horizon: Annotated[
        str,
        typer.Option(
            "--horizon",
            metavar="HORIZON",
            help="immediate (0-3 months), short-run (a year) or medium-run (2-3 years).",
        ),
    ] = "short-run",
    event: Annotated[
        str,
        typer.Option(
            "--event",
            metavar="EVENT",
            help="outage: plants stop; embargo: the border closes; licence: a part is approved.",
        ),
    ] = "outage",
    approval: Annotated[
        float, typer.Option("--approval", min=0, max=100, help="Percent approved, of a licence.")
    ] = 50,
    year: Annotated[
        int | None,
        typer.Option("--year", "-y", metavar="YEAR", help="Default: the last with trade rows."),
    ] = None,
    top: Annotated[int, typer.Option("--top", "-n", min=1, help="How many to print.")] = 12,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="Print what is assumed, with its range.")
    ] = False,
    draws: Annotated[
        int | None,
        typer.Option(
            "--draws",
            metavar="N",
            help="Draw all ranges N times; 200 take half a minute. Default: none.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="S", help="Of --draws; default 0."),
    ] = None,
    line: Annotated[
        list[str] | None,
        typer.Option(
            "--line",
            metavar="WHAT",
            help='With --draws: what moves this line too, "China at mine"; may be repeated.',
        ),
    ] = None,
    fmt: Format = "table",
) -> None:
    """Work out what a market loses when a country, plant or firm fails, by the balance of a year.

    Magnets need their recipe: the loss is of the magnets that hold the element; alone is what
    the element itself would cost. Scarcity is shared alike; the range runs over who comes first
    and how far trade and plants can stretch. With draws, all that is assumed or contradicted
    moves at once, and the losses and ranks get a median and the middle nine tenths.

    Example: monazite contingencies -e Dy --event outage --horizon short-run
    """
    from monazite.findings.contingencies import EVENTS, HORIZONS, Question, find_contingencies
    from monazite.pages.report import FORMATS

    choose_format(fmt, *FORMATS)
    _check(horizon, HORIZONS, "horizon")
    _check(event, EVENTS, "event")
    _check_draws(draws, seed, line)
    view = options.open()
    network = view.network(element, market)
    from monazite.network.facts import read_facts
    from monazite.pages.contingencies import (
        contingencies_csv,
        contingencies_dict,
        contingency_tables,
    )

    facts = read_facts(view.store, element, view.valid)
    asked = Question(network.graph["market"], horizon, event, approval / 100)
    report = find_contingencies(network, facts, asked, year=year)
    drawn = None
    if draws is not None:
        drawn = _draw(network, facts, asked, report, count=draws, seed=seed or 0, line=line or [])
    if fmt == "csv":
        tables = [contingencies_csv(report, drawn)]
    else:
        tables = contingency_tables(report, top=top, assumptions=assumptions, draws=drawn)
    write_tables_out(view, tables, fmt, content=contingencies_dict(report, drawn))


def _check_draws(draws: int | None, seed: int | None, line: list[str] | None) -> None:
    if draws is None and (seed is not None or line):
        raise UnknownNameError("--seed and --line belong to draws: take --draws N as well.")
    if (draws is not None and draws < 1) or (seed or 0) < 0:
        raise UnknownNameError("--draws takes a number from 1 on, and --seed one from 0 on.")


def _draw(
    network: Network,
    facts: Facts,
    asked: Question,
    report: Contingencies,
    *,
    count: int,
    seed: int,
    line: list[str],
) -> Draws:
    from monazite.findings.draws import find_draws

    chosen = [report.found[0].id, *(_line(report, word) for word in line)]
    with Bar("Drawing what is not sure") as bar:
        return find_draws(
            network,
            facts,
            asked,
            year=report.year,
            lines=[each.id for each in report.found],
            chosen=list(dict.fromkeys(chosen)),
            count=count,
            seed=seed,
            step=bar,
        )


def _line(report: Contingencies, word: str) -> str:
    """The id of a line that a reader names by it, or by one of its names."""
    names = {name: each.id for each in report.found for name in each.label.split(" = ")}
    known = names | {each.id: each.id for each in report.found}
    if word not in known:
        fix = did_you_mean(word, known) or "take one as the report prints it."
        raise UnknownNameError(f'There is no line "{word}"; {fix}')
    return known[word]


def _check(word: str, known: tuple[str, ...], what: str) -> None:
    if word not in known:
        fix = did_you_mean(word, known) or f"there are {', '.join(known)}."
        raise UnknownNameError(f'There is no {what} "{word}"; {fix}')
