"""The ranges of losses that were drawn with a release: they stand beside its tables.

They hold for those tables, and for a loss that is still what it was then.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from monazite.analysis.chokepoints.figures import DrawsMade, LineRange
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.core.files import read_plain

ABOUT = "about.json"
COLUMNS = (
    *("market", "line", "loss", "loss_low", "loss_median", "loss_high"),
    *("home_first", "home_first_low", "home_first_high", "moved_by"),
)
QUESTIONS = "questions.csv"
QUESTION_COLUMNS = ("element", "market", "rejected", "limit", "taken_low", "taken", "taken_high")
MOST = 1 << 24  # bytes of a file of ranges that are read
SAME = 1e-6  # two losses, in parts of 1, that differ by less are one


@dataclass(frozen=True)
class ReleasedRanges:
    """The ranges of a release; they must be drawn from tables with the hash that is asked for."""

    folder: Path
    tables: str

    @cached_property
    def about(self) -> Mapping[str, Any]:
        """Event, horizon, year, count, seed and hashes of the draws; empty if unreadable."""
        try:
            found = json.loads(read_plain(self.folder / ABOUT, MOST))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def markets(self) -> Mapping[str, tuple[str, ...]]:
        """The markets of which losses were asked, by element as its file is called; else none."""
        found: dict[str, tuple[str, ...]] = {}
        try:
            for element, market, *_ in self._read(QUESTIONS, QUESTION_COLUMNS):
                found[element] = (*found.get(element, ()), market)
        except (KeyError, OSError, TypeError, ValueError, csv.Error):
            return {}  # a file that is not what a release wrote
        return found

    def beside(self, report: Chokepoints, names: tuple[str, ...]) -> Chokepoints:
        """Return a report with the ranges of its losses; as it is where they were not drawn."""
        base, about = report.base, self.about
        if base is None or about.get("tables") != self.tables:
            return report
        asked = (base.event, base.horizon, base.year)
        if asked != tuple(about.get(each) for each in ("event", "horizon", "year")):
            return report
        element = file_name(names)
        try:
            made, ranges = self._made(element, report.market), self._ranges(element, report)
        except (KeyError, OSError, TypeError, ValueError, csv.Error):
            return report  # a file that is not what a release wrote
        return report.with_ranges(ranges, made) if made is not None and ranges else report

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
            if market != report.market or line not in losses:
                continue
            then, low, median, high, _, home_low, home_high = map(float, texts)
            loss = losses[line]
            if loss is None or abs(loss - then) > SAME:
                return None
            found[line] = LineRange(low, median, high, home_low, home_high, moved_by)
        return found

    def _read(self, name: str, columns: tuple[str, ...]) -> list[list[str]]:
        """The lines of a file, as a release wrote it."""
        content = read_plain(self.folder / name, MOST)
        if hash_of_file(content) != self.about["files"][name]:
            raise ValueError(f"{name} is not what was written")
        header, *lines = csv.reader(content.decode().splitlines())
        return lines if tuple(header) == columns else []


def hash_of_file(content: bytes) -> str:
    """Return what ``about.json`` says of a file: the first part of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


def file_name(names: tuple[str, ...]) -> str:
    """Return what the ranges of some element chains are called.

    >>> file_name(("NdPr", "Dy"))
    'Dy+NdPr'
    """
    return "+".join(sorted(names))
