"""``monazite chokepoints``: the main job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monazite.cli.common import (
    Element,
    Format,
    Market,
    ViewOptions,
    choose_format,
    say,
    to_file,
    with_view,
    write_out,
    write_tables_out,
)
from monazite.cli.progress import ProgressBar
from monazite.errors import UnknownNameError, did_you_mean

if TYPE_CHECKING:
    from monazite.findings.flow_model.study import Question
    from monazite.findings.losses.result import Chokepoints
    from monazite.findings.uncertainty.draws import Draws
    from monazite.network.facts import Facts
    from monazite.network.graph import Network
    from monazite.tables import Table

Horizon = Annotated[
    str,
    typer.Option(
        "--horizon",
        metavar="HORIZON",
        help="immediate (0-3 months), short-run (a year), medium-run (2-3 years), or free.",
    ),
]
BaseYear = Annotated[
    int | None,
    typer.Option("--year", "-y", metavar="YEAR", help="Default: the last with trade rows."),
]


@with_view
def chokepoints(
    options: ViewOptions,
    element: Element = "MREE",
    market: Market = "WLD",
    horizon: Horizon = "short-run",
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
    year: BaseYear = None,
    top: Annotated[int, typer.Option("--top", "-n", min=1, help="How many to print.")] = 10,
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
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Pairs that cost more than their two losses too.")
    ] = False,
    after: Annotated[
        str | None,
        typer.Option(
            "--after",
            metavar="WHAT",
            help='What shifts and what a tonne more is worth after a line, "China at metal".',
        ),
    ] = None,
    fmt: Format = "table",
    graph: Annotated[
        Path | None,
        to_file("--graph", metavar="FILE.html", help="Draw the network to this file too."),
    ] = None,
) -> None:
    """Rank what a market cannot do without: who leads each stage, and what a failure takes away.

    By the balance of a year: the loss is of the magnets that hold the element, or of its oxide;
    alone is what the element itself would cost. Scarcity is shared alike; the range runs over who
    comes first and how far trade and plants can stretch. With draws, all that is assumed or
    contradicted moves at once, and losses and ranks get a median and the middle nine tenths.

    Example: monazite chokepoints -e Dy -m USA --graph dy.html
    """
    from monazite.findings.chain.base_year import HORIZONS
    from monazite.findings.flow_model.study import EVENTS, Question
    from monazite.tables import FORMATS

    choose_format(fmt, *FORMATS)
    check_name(horizon, HORIZONS, "horizon")
    check_name(event, EVENTS, "event")
    _check_draws(draws, seed, line)
    view = options.open()
    network = view.network(element, market)
    from monazite.findings.losses.chokepoints import find_chokepoints
    from monazite.findings.losses.tables import chokepoint_tables, chokepoints_csv, chokepoints_dict
    from monazite.network.facts import read_facts

    facts = read_facts(view.store, element, view.valid)
    asked = Question(network.graph["market"], horizon, event, approval / 100)
    report = find_chokepoints(network, facts, asked, year=year)
    if graph is not None:
        write_out(view.graph(network=network, findings=report).html, graph)
        say(f"The graph is in {graph}.")
    shown, drawn = replace(report, chokepoints=report.chokepoints[:top]), None
    content = chokepoints_dict(shown)
    if draws is not None:
        drawn = _draw(network, facts, asked, report, count=draws, seed=seed or 0, line=line or [])
        from monazite.findings.uncertainty.tables import draws_dict, draws_tables, numbers_of

        content |= draws_dict(drawn)
    if fmt == "csv":
        by_line = {} if drawn is None else {x: numbers_of(y) for x, y in drawn.ranges.items()}
        tables = [chokepoints_csv(shown, by_line)]
    else:
        rows = [*(stage.rows for stage in shown.stages), *(p.rows for p in shown.chokepoints)]
        people = fmt in {"table", "markdown"}
        sources = view.sources(each[0] for each in rows if each) if people else {}
        tables = chokepoint_tables(shown, assumptions=assumptions, sources=sources)
        tables += [] if drawn is None else draws_tables(report, drawn, top)
    if pairs or after:
        more, told = _besides(network, facts, asked, report, pairs=pairs, after=after)
        content |= told
        tables += [] if fmt == "csv" else more
    write_tables_out(view, tables, fmt, content=content)


def _besides(
    network: Network,
    facts: Facts,
    asked: Question,
    report: Chokepoints,
    *,
    pairs: bool,
    after: str | None,
) -> tuple[list[Table], dict[str, object]]:
    """Pairs, and what happens after one line, as tables and as JSON."""
    from monazite.findings.losses.model import Bench
    from monazite.findings.losses.tables import HAPPENS
    from monazite.findings.responses.joint_failure_tables import pair_table, pairs_dict
    from monazite.findings.responses.joint_failures import find_pairs
    from monazite.findings.responses.marginal_value_tables import margin_table, margins_dict
    from monazite.findings.responses.marginal_values import find_margins
    from monazite.findings.responses.rerouting import find_shifts
    from monazite.findings.responses.rerouting_tables import shift_table, shifts_dict

    _known(report)
    bench = Bench(network, facts, asked, report.base.year if report.base else None)
    tables: list[Table] = []
    told: dict[str, object] = {}
    if pairs:
        found = find_pairs(bench.study, bench.candidates)
        tables.append(pair_table(found))
        told |= {"pairs": pairs_dict(found)}
    if after:
        line = find_line(report, after)
        label = next(each.label for each in report.chokepoints if each.id == line)
        what = f"{label} {HAPPENS[asked.event]}"
        event = bench.event_of(line)
        shifts, margins = find_shifts(bench.study, event), find_margins(bench.study, event)
        tables += [shift_table(shifts, what), margin_table(margins, what)]
        after_it = {"shifts": shifts_dict(shifts), "margins": margins_dict(margins)}
        told |= {"after": {"id": line, **after_it}}
    return tables, told


def _known(report: Chokepoints) -> None:
    """Refuse where no loss is known: the report's first note says why."""
    if report.base is None:
        raise UnknownNameError(f"No loss is known: {report.notes[0]}")


def _check_draws(draws: int | None, seed: int | None, line: list[str] | None) -> None:
    if draws is None and (seed is not None or line):
        raise UnknownNameError("--seed and --line belong to draws: take --draws N as well.")
    if (draws is not None and draws < 1) or (seed or 0) < 0:
        raise UnknownNameError("--draws takes a number from 1 on, and --seed one from 0 on.")


def _draw(
    network: Network,
    facts: Facts,
    asked: Question,
    report: Chokepoints,
    *,
    count: int,
    seed: int,
    line: list[str],
) -> Draws:
    from monazite.findings.uncertainty.draws import find_draws

    _known(report)
    assert report.base is not None, "a known loss has a base"
    lines = [each for each in report.chokepoints if each.loss is not None]
    known = [each.id for each in lines if each.kind != "policy"]
    chosen = [known[0], *(find_line(report, word) for word in line)]
    if not {*chosen} <= {*known}:
        raise UnknownNameError("--line takes what is drawn: a line with a loss, and no policy.")
    with ProgressBar("Drawing what is not sure") as bar:
        return find_draws(
            network,
            facts,
            asked,
            year=report.base.year,
            lines=known,
            chosen=list(dict.fromkeys(chosen)),
            count=count,
            seed=seed,
            step=bar,
        )


def find_line(report: Chokepoints, word: str) -> str:
    """The id of a line that a reader names by it, or by one of its names."""
    names = {name: each.id for each in report.chokepoints for name in each.label.split(" = ")}
    known = names | {each.id: each.id for each in report.chokepoints}
    if word not in known:
        fix = did_you_mean(word, known) or "take one as the report prints it."
        raise UnknownNameError(f'There is no line "{word}"; {fix}')
    return known[word]


def check_name(word: str, known: tuple[str, ...], what: str) -> None:
    """Refuse a word that an option does not know."""
    if word not in known:
        fix = did_you_mean(word, known) or f"there are {', '.join(known)}."
        raise UnknownNameError(f'There is no {what} "{word}"; {fix}')
