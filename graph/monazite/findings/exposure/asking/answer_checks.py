"""Answers held against the bill: what it settles, an answer may not open again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from monazite.bills.answers import GivenAnswer
from monazite.bills.askable import MATERIAL, AskableQuestion
from monazite.bills.bill import Bill
from monazite.errors import Fault
from monazite.findings.exposure.asking.settling import Settling
from monazite.findings.exposure.contents import Materials
from monazite.findings.exposure.lines import NO_RARE_EARTHS, ExposedLine

_FIX = "hold the answer against the bill: one of the two is wrong"


def material_faults(
    answers: Iterable[GivenAnswer],
    askable: Mapping[str, AskableQuestion],
    before: Sequence[ExposedLine],
    after: Sequence[ExposedLine],
    materials: Materials,
) -> Iterator[Fault]:
    """Yield a fault for each answer that names another material than the bill."""
    for answer in answers:
        asked = askable.get(answer.key)
        if asked is None or asked.kind != MATERIAL:
            continue
        for place in asked.places:
            old, new = before[place], after[place]
            if old.material and old.material not in materials.line_up(new.material):
                what = f"row {old.sheet_row} of the bill says {old.material_label}"
                yield answer.fault(what, _FIX)
                break
            if not new.material and new.not_known != NO_RARE_EARTHS and not old.material:
                what = "it names no material that is known"
                yield answer.fault(what, "write a grade or a material, as NdFeB N42SH")
                break


def opened_again(
    answers: Iterable[GivenAnswer],
    askable: Mapping[str, AskableQuestion],
    bill: Bill,
    before: Settling,
    after: Settling,
) -> Iterator[Fault]:
    """Yield a fault for each answer that makes open what the bill settles."""
    opened: dict[int, tuple[str, str]] = {}
    for place, rule, day in before.unsettled_by(after):
        opened.setdefault(place, (rule, day))
    if not opened:
        return
    touching = {place: _with_all_above(bill, place) for place in opened}
    for answer in answers:
        asked = askable.get(answer.key)
        places = {*asked.places} if asked else set()
        for place, (rule, day) in opened.items():
            if places & touching[place]:
                row = bill.lines[place].row
                what = f"it makes open what row {row} of the bill settles: {rule}, {day}"
                yield answer.fault(what, _FIX)
                break


def _with_all_above(bill: Bill, place: int) -> set[int]:
    found = {place: None}
    waiting = [place]
    for each in waiting:  # grows while it is walked
        for above in bill.lines[each].above:
            if above not in found:
                found[above] = None
                waiting.append(above)
    return {*found}
