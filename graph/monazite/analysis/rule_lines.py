"""What rules for direct facts need of findings: acts in force, plants that run, points of sites.

Each is lines of short texts that are bound in a rule (``ontology/direct``), of a store and a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monazite.analysis.policies.acts import IN_FORCE, NOT_IN_FORCE
from monazite.analysis.policies.status import read_statuses
from monazite.core.formats import NOT_KNOWN
from monazite.data.filters import NO, PERHAPS, SURELY
from monazite.model.facilities.status import OPERATING, PARTLY, best_points, read_lives
from monazite.store.store import Store

_ANY = "any"  # any stage: of a good that is of none, a plant that runs may be the maker
_RUNS = {OPERATING, PARTLY}
_Line = tuple[str, ...]


def acts_in_force(store: Store, day: str) -> Iterator[_Line]:
    """Yield the acts that are or may be in force on a day: act, certainty, a row that decides."""
    for policy, status in sorted(read_statuses(store, day).items()):
        if status.value != NOT_IN_FORCE:
            certainty = SURELY if status.value == IN_FORCE else PERHAPS
            for row in status.rows or ("",):
                yield f"id/policy/{policy}", certainty, f"row/{row}"


def running_plants(store: Store, day: str) -> Iterator[_Line]:
    """Yield the stages that run or may run on a day: plant, stage, certainty, a row of it."""
    lives = read_lives(store)
    on = {facility: lives.on(facility, day) for facility in sorted(lives.facilities)}
    stages = sorted({state.stage for life in on.values() for state in life.stages} - {""})
    for facility, life in on.items():
        found = {x.stage: (_runs(x.state, x.certainty, x.others), x.rows) for x in life.stages}
        runs = _runs(life.state, life.certainty, life.others)
        elsewhere = found.get("", (NO if runs == NO else PERHAPS, ()))
        whole = (NO if runs == NO else PERHAPS, life.rows)
        for stage in (*stages, _ANY):
            certainty, rows = whole if stage == _ANY else found.get(stage, elsewhere)
            for row in (rows or ("",)) if certainty != NO else ():
                yield f"id/facility/{facility}", stage, certainty, f"row/{row}"


def stopped_plants(store: Store, day: str) -> Iterator[_Line]:
    """Yield the plants that run nowhere on a day: closed, suspended, planned or being built."""
    lives = read_lives(store)
    for facility in sorted(lives.facilities):
        life = lives.on(facility, day)
        if _runs(life.state, life.certainty, life.others) == NO:
            yield f"id/facility/{facility}", life.state


def _runs(state: str, certainty: str, others: Iterable[str]) -> str:
    if state in _RUNS:
        return SURELY if certainty == SURELY else PERHAPS
    return PERHAPS if state == NOT_KNOWN or _RUNS.intersection(others) else NO


def points_of_sites(store: Store, _day: str) -> Iterator[_Line]:
    """Yield the row of the point of each plant, and whether it is on the plant itself."""
    for answer in best_points(store).values():
        exact = answer["precision"] in ("site", "precision", "station-or-street")
        yield f"row/{answer.row()}", SURELY if exact else PERHAPS


BY_NAME = {
    "policy-status": acts_in_force,
    "running-plant": running_plants,
    "stopped-plant": stopped_plants,
    "site-point": points_of_sites,
}
"""What rules call them."""
