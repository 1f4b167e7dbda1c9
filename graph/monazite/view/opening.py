"""Opening the tables as a view."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from monazite.core.errors import UnknownNameError, all_at_once
from monazite.core.results import do_nothing
from monazite.data.filters import Filters
from monazite.data.parameters import TIERS, check_text, read_path
from monazite.store.opening import Step, open_store
from monazite.store.queries import day_of
from monazite.view.own_tables import choose_tables
from monazite.view.view import View, release_date


def load(
    *,
    valid: str | None = None,
    known: str | None = None,
    tier: int | None = None,
    without: Iterable[str] = (),
    data: Path | str | None = None,
    tables: Path | str | None = None,
    reason: bool = False,
    ontology: Path | str | None = None,
    cache: bool = True,
    step: Step = do_nothing,
    hold: bool = True,
) -> View:
    """Open the tables as a view: the rows that pass every filter at once.

    Identity (what exists, its names and country), assumptions and rules are in every view. A
    row stays if one of its sources passes ``known``, ``tier`` and ``without`` together.

    Args:
        valid: only rows that hold on this day, ``2025``, ``2025-06`` or ``2025-06-11`` (the last
            day it can mean). None leaves no row out for its time, and questions are asked of
            the release date of the tables, so that answers do not move with the clock.
        known: only rows that could be known by the end of this day.
        tier: only rows from sources of this tier or better, 1 (primary) to 4 (weak).
        without: rows (``table/key``), sources, publishers or tables to leave out.
        data: tables of the reader's own, added to the shipped ones: a folder or a workbook.
        tables: a release of the tables in place of the shipped ones, as ``monazite release``
            writes it: hashes and schema are checked.
        reason: add what the rules in ``ontology/rules`` infer; see :meth:`View.reason`.
        ontology: another ontology folder than the shipped one.
        cache: keep the store in the user's cache folder; False builds it in memory.
        step: called after each step of building the store, for a progress bar.
        hold: open all files now, whoever takes them away later; a command, which asks at once,
            opens them when a question comes whose answer is not kept.

    Returns:
        The view, of which everything else is asked.

    Raises:
        FaultyTablesError: the tables have faults, or are not what was released.
        UnreadableError: the tables cannot be read, or the cache cannot be written.
        UnknownNameError: a day is no date, a tier none, or ``without`` names what is not there.
        NotKnownError: no fact is left; the sentence says which filter emptied the view.

    >>> load().valid
    '2026-11-24'
    >>> early = load(valid="2010-12-31", tier=1)
    >>> early.describe()["rows"] < load().describe()["rows"]
    True
    """
    folder = choose_tables(tables, ontology=ontology).ontology
    own = read_path(data, "folder of tables")
    on, by, _ = all_at_once(
        lambda: day_of(valid) if valid else None,
        lambda: day_of(known) if known else None,
        lambda: _check_tier(tier),
    )
    filters = Filters(valid=on, known=by, tier=tier, without=_names(without))
    store = open_store(folder, data=own, filters=filters, cache=cache, step=step)
    day = filters.valid or release_date(store)
    if day is None:
        raise UnknownNameError("The tables give no release date; name a day with valid=...")
    view = View(store, folder, day, filters, own, cached=cache)
    if reason:
        view = view.reason()
    if hold:
        view.store.hold()
        view.describe()  # names the tables by their hash before anybody edits them
    return view


def _check_tier(tier: int | None) -> None:
    if tier is not None and tier not in TIERS:
        raise UnknownNameError(f"There is no tier {tier}; tiers are 1 (primary) to 4 (weak).")


def _names(without: object) -> tuple[str, ...]:
    """What is left out, of one name or several."""
    if isinstance(without, str):
        return (without,)
    if not isinstance(without, Iterable):
        raise UnknownNameError(f"What is left out is a name or a list of names, not {without!r}.")
    names = tuple(without)
    for name in names:
        check_text(name, "name of what is left out")
    return names
