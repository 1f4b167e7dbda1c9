"""What rules for direct facts need of findings: acts in force, plants that run, points of sites.

Each is lines of short texts that are bound in a rule (``ontology/direct``), of a store and a day.
"""

from __future__ import annotations

from collections.abc import Iterator

from monazite.findings.plants.lives import read_lives
from monazite.findings.plants.mapped_sites import best_points
from monazite.findings.plants.states import OPERATING, PARTLY
from monazite.findings.policies.status import IN_FORCE, NOT_IN_FORCE, read_statuses
from monazite.rows.filters import PERHAPS, SURELY
from monazite.safe_text import NOT_KNOWN
from monazite.triples.store import Store

_ANY = "any"
"""Stands for the plant as a whole where the lines speak of its stages."""
_ON_SITE = ("site", "precision", "station-or-street")
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
    """Yield the plants and stages that run or may run: plant, stage, certainty, a row of it."""
    lives = read_lives(store)
    for facility in sorted(lives.facilities):
        life = lives.on(facility, day)
        states = [(x.stage, x.state, x.certainty, x.others, x.rows) for x in life.stages]
        whole = (_ANY, life.state, life.certainty, life.others, life.rows)
        for stage, state, certainty, others, rows in (*states, whole):
            if _RUNS & {state, *others} or state == NOT_KNOWN:
                sure = state in _RUNS and certainty == SURELY
                for row in rows or ("",):
                    told = SURELY if sure else PERHAPS
                    yield f"id/facility/{facility}", stage, told, f"row/{row}"


def points_of_sites(store: Store, _day: str) -> Iterator[_Line]:
    """Yield the row of the point of each plant, and whether it is on the plant itself."""
    for answer in best_points(store).values():
        exact = answer["precision"] in _ON_SITE
        yield f"row/{answer.row()}", SURELY if exact else PERHAPS


BY_NAME = {
    "policy-status": acts_in_force,
    "running-plant": running_plants,
    "site-point": points_of_sites,
}
"""What rules call them."""
