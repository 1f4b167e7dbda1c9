"""The ranges of losses that were drawn with a release: they stand beside its tables.

They hold for the tables that they were drawn from, and for a loss that is still what it was then;
of anything else the range is not drawn.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from monazite.findings.losses.result import Chokepoints, DrawsMade, LineRange

ABOUT = "about.json"
COLUMNS = (
    *("market", "line", "loss", "loss_low", "loss_median", "loss_high"),
    *("home_first", "home_first_low", "home_first_high", "moved_by"),
)
QUESTIONS = "questions.csv"
QUESTION_COLUMNS = ("element", "market", "rejected", "limit", "taken_low", "taken", "taken_high")
SAME = 1e-6
"""Two losses, in parts of 1, that differ by less are one."""


@dataclass(frozen=True)
class ReleasedRanges:
    """The ranges of a release.

    Attributes:
        folder: where they lie.
        tables: hash of the tables that are asked; they must be those that the ranges were drawn of.
    """

    folder: Path
    tables: str

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """What the draws were: event, horizon, year, count, seed, hashes; empty if there are none.

        A file that cannot be read is none.
        """
        try:
            found = json.loads((self.folder / ABOUT).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def beside(self, report: Chokepoints, names: tuple[str, ...]) -> Chokepoints:
        """Return a report with the ranges of its losses; as it is where they were not drawn.

        Args:
            report: without ranges.
            names: the element chains that it asks about.
        """
        base, about = report.base, self.about
        if base is None or about.get("tables") != self.tables:
            return report
        asked = (base.event, base.horizon, base.year)
        if asked != tuple(about.get(each) for each in ("event", "horizon", "year")):
            return report
        element = file_name(names)
        try:
            made, ranges = self._made(element, report.market), self._ranges(element, report)
        except (ValueError, KeyError):
            return report  # a file that is not what a release writes
        return report if made is None or ranges is None else report.with_ranges(ranges, made)

    def _made(self, element: str, market: str) -> DrawsMade | None:
        for of, who, rejected, limit, *_ in self._read(QUESTIONS, QUESTION_COLUMNS):
            if (of, who) == (element, market):
                draws, seed = self.about["draws"], self.about["seed"]
                return DrawsMade(int(draws), int(seed), int(rejected), float(limit), shipped=True)
        return None

    def _ranges(self, element: str, report: Chokepoints) -> dict[str, LineRange] | None:
        """The ranges by line; None where a loss is not what it was when they were drawn."""
        found: dict[str, LineRange] = {}
        losses = {each.id: each.loss for each in report.chokepoints}
        for market, line, *texts, moved_by in self._read(f"{element}.csv", COLUMNS):
            if market != report.market:
                continue
            loss, low, median, high, _, home_low, home_high = map(float, texts)
            now = losses.get(line)
            if now is None or abs(now - loss) > SAME:
                return None
            found[line] = LineRange(low, median, high, home_low, home_high, moved_by)
        return found

    def _read(self, name: str, columns: tuple[str, ...]) -> list[list[str]]:
        """The lines of a file; none where it is not there, or has other columns."""
        try:
            with (self.folder / name).open(encoding="utf-8", newline="") as file:
                header, *lines = csv.reader(file)
        except (OSError, ValueError):
            return []
        return lines if tuple(header) == columns else []


def file_name(names: tuple[str, ...]) -> str:
    """Return what the ranges of some element chains are called.

    >>> file_name(("NdPr", "Dy"))
    'Dy+NdPr'
    """
    return "+".join(sorted(names))
