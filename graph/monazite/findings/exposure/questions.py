"""What to ask about a bill: the answer that settles most grams first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from monazite.bills.decisions import ASKED
from monazite.findings.exposure.lines import NO_CONTENT, NO_MASS, TO_BE_ASKED, ExposedLine

_MATERIAL = "Which material is it?"
_GRADE = "Which grade and process has it, or what was tested?"
_MASS = "What does one piece weigh?"
_TEST = "What was tested or declared?"
_FIRM = "Which firm is it?"
_SPLIT = "Which share has each of these sources?"


@dataclass(frozen=True)
class OpenQuestion:
    """A question to whoever knows.

    Attributes:
        question: in a sentence.
        about: the material or the firm, as the bill names it.
        grams: that the answer settles: of magnets whose content is not known, or between the ends
            of ranges; None where not even the mass is known.
        lines: that it is about.
    """

    question: str
    about: str
    grams: float | None
    lines: int


def rank_questions(lines: Iterable[ExposedLine]) -> tuple[OpenQuestion, ...]:
    """Return the questions of a bill, the one that settles most first.

    What has no mass comes before all: nothing of it is known. Of firms, the number of lines
    decides.
    """
    materials: dict[tuple[str, str], list[ExposedLine]] = defaultdict(list)
    firms: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        question = _question(line)
        if question:
            materials[question, line.material_text].append(line)
        for supplier in line.suppliers:
            if supplier.decision == ASKED:
                firms[_FIRM, supplier.text] += 1
        if sources := _without_share(line):
            firms[_SPLIT, "; ".join(sources)] += 1
    asked = [
        OpenQuestion(question, about, _settled(question, same), len(same))
        for (question, about), same in materials.items()
    ]
    asked.sort(key=lambda each: (each.grams is not None, -(each.grams or 0), each.about))
    named = [OpenQuestion(*key, 0.0, count) for key, count in firms.items()]
    named.sort(key=lambda each: (-each.lines, each.about, each.question))
    return (*asked, *named)


def _question(line: ExposedLine) -> str:
    known = {TO_BE_ASKED: _MATERIAL, NO_CONTENT: _GRADE, NO_MASS: _MASS}
    if line.not_known:
        return known.get(line.not_known, "")
    wide = any(each.high > each.low for each in line.grams)
    return _TEST if wide else ""


def _without_share(line: ExposedLine) -> list[str]:
    """The sources of one part where a share is not known: what they supply is never added up."""
    sources = [each for each in line.suppliers if each.tier == 1]
    unknown = len(sources) > 1 and any(each.split is None for each in sources)
    return sorted(each.text for each in sources) if unknown else []


def _settled(question: str, lines: Sequence[ExposedLine]) -> float | None:
    if question == _TEST:
        return fsum(each.high - each.low for line in lines for each in line.grams)
    masses = [None if line.mass is None else line.mass * line.pieces for line in lines]
    if None in masses:
        return None
    return fsum(mass for mass in masses if mass is not None)
