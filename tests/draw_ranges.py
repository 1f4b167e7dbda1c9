"""Draw the ranges that stand beside the shipped tables, or those of a question to compare.

``python -m tests.draw_ranges`` writes ``ontology/ranges`` (half an hour);
``--question "Sm WLD"`` draws one anew and compares it with what stands there.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import monazite
from monazite.analysis.chokepoints.chokepoints import (
    ABOUT,
    COLUMNS,
    QUESTION_COLUMNS,
    QUESTIONS,
    SHARE_COLUMNS,
    SHARES,
    file_name,
    find_chokepoints,
    hash_of_file,
)
from monazite.analysis.chokepoints.figures import MEASURES
from monazite.analysis.chokepoints.loss_model import LossModel
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.robustness.draws import (
    DrawnLosses,
    DrawnYear,
    Question,
    SummedUp,
    drawn_lines,
    question_of,
    summed_up,
)
from monazite.analysis.robustness.sampling import ClosestDraws, Step, draw
from monazite.core.errors import NotKnownError
from monazite.core.results import do_nothing
from monazite.data.parameters import Contingency
from monazite.model.chain.base_year import chain_elements
from monazite.model.chemistry import Amount
from monazite.model.network.facts import Facts
from monazite.model.reconciliation.numbers import fingerprint_of
from monazite.view.view import View

ONTOLOGY = Path(__file__).parents[1] / "ontology"
FOLDER = ONTOLOGY / "ranges"
DRAWS, SEED, YEAR = 100, 0, 2024
ASKED = Contingency("outage", "short-run")
MAGNETS = ("NdPr", "Dy", "Tb", "MREE")
KINDS = (MAGNETS, ("Sm",))
BY_FILE = {"Dy+NdPr+Tb": "MREE"}
MARKETS_APART = ("DEU", "FRA", "GBR", "TWN")
"""Markets that are no pool of the year, of which a range is shipped."""


@dataclass(frozen=True)
class DrawnRanges:
    """What draws say of a question, and of how many draws they say it."""

    found: SummedUp
    rejected: int
    limit: float


def draw_many(
    questions: Mapping[str, tuple[Question, Facts]], count: int, seed: int, step: Step
) -> dict[str, DrawnRanges]:
    """Draw for many questions; each gets what it would get alone."""
    found: dict[str, DrawnRanges] = {}
    groups = [*_groups(questions).values()]
    for place, names in enumerate(groups):
        group = {name: questions[name] for name in names}
        done = place / len(groups)
        found |= _draw_group(group, count, seed, _part_of(step, done, len(groups)))
    return found


def _part_of(step: Step, done: float, parts: int) -> Step:
    """Progress of one of some parts."""
    return lambda share: step(done + share / parts)


def _groups(questions: Mapping[str, tuple[Question, Facts]]) -> dict[tuple[object, ...], list[str]]:
    """Questions that rest on one reconciliation: their draws are one."""
    found: dict[tuple[object, ...], list[str]] = {}
    for name, (question, _) in questions.items():
        rows = question.base.year_rows
        key = (rows.year, *sorted(rows.members), rows.area, question.contingency.horizon)
        found.setdefault(key, []).append(name)
    return found


def _draw_group(
    group: Mapping[str, tuple[Question, Facts]], count: int, seed: int, step: Step
) -> dict[str, DrawnRanges]:
    inputs: dict[str, Amount] = {}  # a number has one range, whoever asks of it
    for question, _ in group.values():
        inputs |= question.inputs
    drawn = draw(inputs, count, seed)
    kept: dict[str, ClosestDraws[DrawnLosses]] = {name: ClosestDraws() for name in group}
    for place, each in enumerate(drawn, start=1):
        year = DrawnYear(each)
        for name, (question, _) in group.items():
            kept[name].add(year.ask(question))
        step(place / count)
    return {
        name: _summed(question, facts, drawn, kept[name])
        for name, (question, facts) in group.items()
    }


def _summed(
    question: Question,
    facts: Facts,
    drawn: Sequence[Mapping[str, Amount]],
    kept: ClosestDraws[DrawnLosses],
) -> DrawnRanges:
    places, losses, limit = kept.closest(
        lambda place: DrawnYear(drawn[place]).ask(question).losses()
    )
    found = summed_up(question, facts, [drawn[place] for place in places], losses)
    return DrawnRanges(found, len(drawn) - len(places), limit)


def reports(
    view: View, element: str, markets: Iterable[str]
) -> dict[str, tuple[Question, Facts, Chokepoints]]:
    """What is asked of an element, for the markets whose loss is known, by ``Dy USA``."""
    found, facts = {}, view.facts(element)
    for market in sorted(markets):
        try:
            network = view.network(element, market)
            report = find_chokepoints(network, facts, ASKED, year=YEAR)
            asked = question_of(network, facts, ASKED, report, drawn_lines(report))
        except NotKnownError:
            continue
        name = f"{file_name(chain_elements(facts).names)} {market}"
        found[name] = (asked, facts, report)
    return found


def markets_of(view: View, element: str) -> set[str]:
    """Those that the flow model of the year names, and some that it sets apart."""
    try:
        network = view.network(element, "WLD")
        report = view.chokepoints(element, "WLD", year=YEAR, network=network)
        question = question_of(network, view.facts(element), ASKED, report, ())
    except NotKnownError:
        return set()
    users = {user for _, user in question.base.accounts().chain().demand}
    return {"WLD", "EUE", *users, *MARKETS_APART} - {"ROW"}


def rows_of(report: Chokepoints, drawn: DrawnRanges) -> Iterable[list[str]]:
    for line in report.chokepoints:
        found = drawn.found.lines.get(line.id)
        if found is None or line.loss is None:
            continue
        lifted = "" if found.cap_lifted is None else f"{found.cap_lifted:.7f}"
        told = [report.market, line.id, found.moved_by, lifted]
        for measure in MEASURES:
            of = found.drawn.get(measure)
            told.append("" if of is None else repr(getattr(line, measure)))
            ends = [] if of is None else [of.median, of.low, of.high]
            told += [f"{number:.7f}" for number in ends] or [""] * 3
        yield told


def share_rows(question: Question, drawn: DrawnRanges) -> Iterable[list[str]]:
    """The shares and indices of an element chain, as its question for the world drew them."""
    for what, number in sorted(question.shares.items()):
        of = drawn.found.shares[what]
        ends = (f"{x:.7f}" for x in (of.median, of.low, of.high))
        yield [file_name(question.names), what, repr(number), *ends]


def question_row(name: str, drawn: DrawnRanges) -> list[str]:
    """How many draws of a question are kept, and what the market takes in them."""
    taken = drawn.found.taken
    tonnes = (f"{number:.1f}" for number in (taken.low, taken.median, taken.high))
    return [*name.split(), str(drawn.rejected), f"{drawn.limit:.4f}", *tonnes]


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return file.getvalue()


def told(share: float) -> None:
    sys.stderr.write(f"\r{100 * share:5.1f} %")
    sys.stderr.flush()


def draw_some(elements: Iterable[str]) -> dict[str, list[list[str]]]:
    """Draw elements together; return the lines of each file."""
    view = monazite.load()
    asked: dict[str, tuple[Question, Facts, Chokepoints]] = {}
    for element in elements:
        asked |= reports(view, element, markets_of(view, element))
    questions = {name: (question, facts) for name, (question, facts, _) in asked.items()}
    drawn = draw_many(questions, DRAWS, SEED, do_nothing)
    files: dict[str, list[list[str]]] = {QUESTIONS: [], SHARES: []}
    for name, (question, _, report) in sorted(asked.items()):
        files.setdefault(f"{name.split()[0]}.csv", []).extend(rows_of(report, drawn[name]))
        files[QUESTIONS].append(question_row(name, drawn[name]))
        if name.endswith(" WLD"):
            files[SHARES] += share_rows(question, drawn[name])
    return files


def draw_all(jobs: int) -> None:
    """Draw everything, the elements of a kind of magnets together."""
    files: dict[str, list[list[str]]] = {}
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        for part in pool.map(draw_some, KINDS):
            for name, rows in part.items():
                files[name] = [*files.get(name, []), *rows]
    write(files)


def write(files: Mapping[str, list[list[str]]]) -> None:
    """Write the files, and what they were drawn of; a file of lines is in the order of markets."""
    columns = {QUESTIONS: QUESTION_COLUMNS, SHARES: SHARE_COLUMNS}
    texts = {
        name: csv_text(columns[name], sorted(rows))
        if name in columns
        else csv_text(COLUMNS, sorted(rows, key=lambda row: next(iter(row))))
        for name, rows in sorted(files.items())
    }
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts.items():
        (FOLDER / name).write_text(text, "utf-8")
    (FOLDER / ABOUT).write_text(about(texts), "utf-8")


def stocks_of(view: View) -> str:
    """What first years assume of time and stocks."""
    model = LossModel(view.network("MREE"), view.facts("MREE"), ASKED, YEAR)
    return fingerprint_of(*model.first_year.assumed)


def about(texts: Mapping[str, str]) -> str:
    view = monazite.load()
    said = {
        "event": ASKED.event,
        "horizon": ASKED.horizon,
        "year": YEAR,
        "draws": DRAWS,
        "seed": SEED,
        "tables": view.describe()["tables"],
        "stocks": stocks_of(view),
        "files": {name: hash_of_file(text.encode()) for name, text in sorted(texts.items())},
    }
    return json.dumps(said, indent=1) + "\n"


def differences(name: str) -> list[str]:
    """Draw a question anew; return what differs from what is shipped."""
    view = monazite.load()
    element, market = name.split()
    asked = reports(view, BY_FILE.get(element, element), [market])
    ((question, facts, report),) = asked.values()
    drawn = draw_many({name: (question, facts)}, DRAWS, SEED, told)[name]
    with (FOLDER / f"{element}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["market"] == market]
    shipped = {row["line"]: [*row.values()] for row in rows}
    line_of = COLUMNS.index("line")
    new = {row[line_of]: row for row in rows_of(report, drawn)}
    return [
        f"{name}: {line}: {shipped.get(line)} is shipped, {new.get(line)} is drawn"
        for line in sorted({*new, *shipped})
        if not same(shipped.get(line, []), new.get(line, []))
    ]


def same(one: list[str], other: list[str]) -> bool:
    """Whether two lines are one: processors may differ in the last digits."""
    texts, numbers = slice(0, 3), slice(3, None)
    if len(one) != len(other) or one[texts] != other[texts]:
        return False
    pairs = zip(one[numbers], other[numbers], strict=True)
    return all(x == y or abs(float(x or "nan") - float(y or "nan")) < 1e-4 for x, y in pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--question", help="an element and a market to draw anew and compare")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    if asked.question:
        apart = differences(asked.question)
        sys.stdout.write("\n".join([f"Drawn anew: {asked.question}.", *apart, ""]))
        return 1 if apart else 0
    draw_all(asked.jobs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
