"""How shares, ranks and concentration moved between two views."""

from __future__ import annotations

from collections.abc import Mapping

from monazite.errors import NotKnownError
from monazite.findings.changes.comparison import Change, ComparedView
from monazite.findings.shares.by_year import ConcentrationYear, concentration_series
from monazite.network.facts import read_facts
from monazite.safe_text import NOT_KNOWN

LEAST_SHARE_CHANGE = 0.005
"""A share that moves by less than half a percentage point has not moved."""
LEAST_INDEX_CHANGE = 50.0
"""An index that moves by less than this has not moved."""
_RANKED = 5


def share_changes(
    before: ComparedView, after: ComparedView, element: str
) -> tuple[list[Change], list[str]]:
    """Return what moved, and which stages cannot be compared.

    A stage is compared for the materials that speak best for the element on both sides.
    """
    old, new = _newest(before, element), _newest(after, element)
    labels = read_facts(after.store, element, after.day).country_labels
    found: list[Change] = []
    notes: list[str] = []
    for stage in dict.fromkeys(stage for stage, _ in (*new, *old)):
        pair = _comparable(old, new, stage)
        if pair is None:
            notes.append(f"{stage}: no shares of one kind on both sides; nothing is compared.")
            continue
        found += _of_stage(labels, *pair)
    return found, notes


def _newest(side: ComparedView, element: str) -> dict[tuple[str, int], ConcentrationYear]:
    """Return the newest year with shares of each stage and rank of materials."""
    facts = read_facts(side.store, element, side.day)
    try:
        lines = concentration_series(facts)
    except NotKnownError:
        return {}
    return {(line.stage, line.rank): line for line in lines if line.shares}


def _comparable(
    old: Mapping[tuple[str, int], ConcentrationYear],
    new: Mapping[tuple[str, int], ConcentrationYear],
    stage: str,
) -> tuple[ConcentrationYear, ConcentrationYear] | None:
    """Return both sides of a stage for the materials that speak best on both."""
    ranks = sorted(rank for where, rank in new if where == stage and (stage, rank) in old)
    return (old[stage, ranks[0]], new[stage, ranks[0]]) if ranks else None


def _of_stage(
    labels: Mapping[str, str], old: ConcentrationYear, new: ConcentrationYear
) -> list[Change]:
    where = f"{new.stage} ({new.material.replace('-', ' ')}, {old.year} to {new.year})"
    told: list[tuple[str, str]] = []
    if old.leader != new.leader and new.leader:
        was = labels.get(old.leader or "", NOT_KNOWN)
        told.append(("leader", f"{labels[new.leader]} leads, before: {was}"))
    if _index_moved(old, new):
        told.append(("hhi", f"HHI {old.hhi or 0:,.0f}, now {new.hhi or 0:,.0f}"))
    told += [("share", _share_change(labels[place], place, old, new)) for place in _moved(old, new)]
    rows = tuple(sorted({*old.rows, *new.rows}))
    ends = [f". {_crossed(old, new)}", *[""] * len(told)]
    return [
        Change("shares", kind, new.stage, f"{where}: {text}{end}".rstrip(" .") + ".", rows)
        for (kind, text), end in zip(told, ends, strict=False)
    ]


def _share_change(label: str, place: str, old: ConcentrationYear, new: ConcentrationYear) -> str:
    then, now = old.share_words(place), new.share_words(place)
    first, last = _rank(old, place), _rank(new, place)
    ranks = f"rank {last}" if first == last else f"rank {first}, now {last}"
    return f"{label} {then}, now {now} ({ranks})"


def _crossed(old: ConcentrationYear, new: ConcentrationYear) -> str:
    """Say what the comparison crosses, where the two years are not of one series."""
    if (old.material, old.basis, old.series) == (new.material, new.basis, new.series):
        return ""
    return f"Not one series: {_series(old)}, then {_series(new)}"


def _index_moved(old: ConcentrationYear, new: ConcentrationYear) -> bool:
    """Tell whether the index moved, where it says more than the one share that is printed."""
    several = len(old.shares) > 1 and len(new.shares) > 1
    known = old.hhi is not None and new.hhi is not None
    return several and known and abs((old.hhi or 0) - (new.hhi or 0)) >= LEAST_INDEX_CHANGE


def _series(line: ConcentrationYear) -> str:
    goods = line.material.replace("-", " ")
    return f"{goods}, {line.basis}, by {' + '.join(line.series)}"


def _moved(old: ConcentrationYear, new: ConcentrationYear) -> list[str]:
    """Countries of the first ranks whose share or rank moved, the largest moves first."""
    first = {*list(old.shares)[:_RANKED], *list(new.shares)[:_RANKED]}
    moves = {place: abs(new.shares.get(place, 0) - old.shares.get(place, 0)) for place in first}
    return sorted(
        (p for p in moves if moves[p] >= LEAST_SHARE_CHANGE), key=lambda p: (-moves[p], p)
    )


def _rank(line: ConcentrationYear, place: str) -> str:
    share = line.shares.get(place, 0.0)
    return str(list(line.shares).index(place) + 1) if share else "none"
