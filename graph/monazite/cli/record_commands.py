"""``show``, ``claims``, ``policies``, ``timeline`` and ``diff``: who says so?"""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from monazite.asking.parameters import Element, Market
from monazite.cli.common import (
    AnyElement,
    Full,
    Issuer,
    Output,
    Since,
    Target,
    ViewOptions,
    to_file,
    with_view,
)
from monazite.cli.formats import Format, argument, choose_format, complete_id, complete_word, option
from monazite.cli.writing import (
    ASKED_VIEW,
    say,
    terminal_width,
    write_out,
    write_page,
    write_result,
)
from monazite.core.errors import SeveralMeantError, UnknownNameError
from monazite.core.spoken_commands import for_view
from monazite.core.tables import FORMATS, Table, write_tables
from monazite.data.dates import read_today
from monazite.data.parameters import ELEMENT, MARKET, stages

if TYPE_CHECKING:
    from monazite.store.entity_card import ShortCard


@with_view
def policies(
    options: ViewOptions,
    element: AnyElement = None,
    to: Target = None,
    by: Issuer = None,
    since: Since = None,
    rules: Annotated[
        bool, option("--rules", "The conditions by which an item comes under acts.")
    ] = False,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """List acts: in force or not, since when, what they cover, at whom, who says so.

    May be in force means that the records leave it open; the column why says how. Without --valid
    it is asked of the release day. To see whether it was so in May, name a day of May and compare.

    Example: monazite policies --to USA --by CHN -e Dy --valid 2026-11-24

    Example: monazite policies --to USA --by CHN -e Dy --valid 2026-05-31

    Example: monazite policies --to JPN --since 2026-01-01

    Example: monazite policies --rules --by CHN -e Dy
    """
    choose_format(fmt, *FORMATS)
    if rules:
        _check_alone(to=to, since=since)
        found = options.ask(lambda view: view.rules(element, by=by))
        write_result(found, fmt, output, full=full)
        return
    day = read_today(since)
    write_result(
        options.ask(lambda view: view.policies(element, to=to, by=by, since=day)),
        fmt,
        output,
        full=full,
    )


def _check_alone(**given: str | None) -> None:
    """Refuse options that choose acts and not conditions."""
    named = [f"--{name}" for name, value in given.items() if value is not None]
    if named:
        raise UnknownNameError(f"--rules prints conditions: leave {' and '.join(named)}.")


@with_view
def timeline(
    options: ViewOptions,
    name: Annotated[
        str | None,
        argument(
            "ENTITY", "A facility, organisation, element, country or material.", complete_id()
        ),
    ] = None,
    policy: Annotated[
        str | None, option("--policy -p NAME", "The steps of a policy.", complete_id("policy"))
    ] = None,
    stage: Annotated[
        str | None,
        option("--stage -s STAGE", "Only, or all of, this stage.", complete_word(stages)),
    ] = None,
    from_: Annotated[str | None, option("--from DATE", "The first day shown.")] = None,
    until: Annotated[str | None, option("--until DATE", "The last day shown.")] = None,
    all_: Annotated[
        bool, option("--all", "Also what changes no state, of a country or stage.")
    ] = False,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
    svg: Annotated[Path | None, to_file("--svg FILE.svg", "Draw the strip to this file.")] = None,
    html: Annotated[Path | None, to_file("--html FILE.html", "Write it as a page.")] = None,
) -> None:
    """Print what happened, in order: events, policies, owners, links, prices, shares, statements.

    Example: monazite timeline "Mountain Pass" --html mountain-pass.html
    """
    from monazite.view.history import check_timeline

    choose_format(fmt, *FORMATS)
    check_timeline(name, policy, stage, from_, until)  # what cannot be asked needs no store
    view = options.open()
    found = view.timeline(name, policy=policy, stage=stage, from_=from_, until=until, all_=all_)
    if svg:
        write_page(view.timeline_svg(found), svg, "timeline")
    if html:
        write_page(view.timeline_html(found), html, "timeline")
    if "-" not in {str(svg), str(html)}:
        write_result(found, fmt, output, full=full)


@with_view
def diff(
    options: ViewOptions,
    date1: Annotated[str, argument("DATE1", "The earlier day, or release.")],
    date2: Annotated[
        str | None,
        argument("DATE2", "The later day, or release; with --known DATE1, none is needed."),
    ] = None,
    element: Element = ELEMENT,
    market: Market = MARKET,
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
) -> None:
    """Say in sentences what changed between two days; --known DATE1 DATE2 compares what was known.

    What changes for the market comes first; what certainly does not touch the element is left out.
    Two folders are two releases of the tables, or folders as ontology/tables: each record that was
    added, changed or removed is told as well.

    Example: monazite diff 2025-05-15 2026-01-15 -e Dy -m JPN

    Example: monazite diff --known 2025-05-20 2026-11-24
    """
    from monazite.view.history import check_comparison
    from monazite.view.release_diff import are_folders

    choose_format(fmt, *FORMATS)
    first, last = read_today(date1) or "", read_today(date2)
    known, valid = read_today(options.known), read_today(options.valid)
    if not are_folders(first, last):
        check_comparison(first, last, known=known, valid=valid)  # what cannot be asked: no store
    found = options.open().diff(first, last, element=element, market=market)
    if not found:
        say(f"Nothing changed from {found.before} to {found.after}.")
    for note in found.notes if fmt in {"table", "markdown"} else ():
        say(note)
    write_result(found, fmt, output, full=full)


@with_view
def show(
    options: ViewOptions,
    name: Annotated[
        str,
        argument(
            "NAME", "Id or name, in English or Chinese; kind/id for one of several.", complete_id()
        ),
    ],
    fmt: Format = "table",
    output: Output = None,
    full: Full = False,
    limit: Annotated[
        int | None,
        option("--limit", "With --full: records a table may show, 20 unless told.", min=1),
    ] = None,
) -> None:
    """Print the card of a plant, firm, act, country, element or material, with its sources.

    State, products, amounts, owners, buyers, rules, what is disputed. --full prints all records. A
    name of several things has an answer for each, with kind and id.

    Example: monazite show "Mountain Pass"
    """
    choose_format(fmt, *FORMATS)
    try:
        found = options.open().show(name, full=full or limit is not None)
    except SeveralMeantError as several:
        if fmt not in {"table", "markdown"}:
            raise  # who reads by program asked for one
        write_out(write_tables([_choice(name, several)], fmt), output)
        return
    if fmt in {"table", "markdown"}:
        from monazite.store.entity_card import LIMIT

        told = replace(found, short=_of_view(found.short)).to_text(
            fmt, width=terminal_width(), limit=limit or LIMIT, full=full
        )
        write_out(told, output)
    else:
        write_result(found, fmt, output)


def _of_view(card: ShortCard | None) -> ShortCard | None:
    """The card, whose lines lead to commands of the view that was asked."""
    options = ASKED_VIEW.get()
    if card is None or not options:
        return card
    lines = [
        replace(
            line,
            facts=tuple(
                each if each.sources else replace(each, text=for_view(each.text, options))
                for each in line.facts
            ),
        )
        for line in card.lines
    ]
    return replace(card, lines=tuple(lines))


def _choice(name: str, several: SeveralMeantError) -> Table:
    """What a name means, and what to write for each."""
    asked = ASKED_VIEW.get()
    return Table(
        heading=f'"{name}" is the name of {len(several.meant)} things',
        columns=("kind", "id", "name", "to see it"),
        rows=[
            [kind, own, label, for_view(f"monazite show {shlex.quote(f'{kind}/{own}')}", asked)]
            for kind, own, label in several.meant
        ],
    )
