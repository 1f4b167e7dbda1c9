"""Laws of the world, each in a sentence: on shipped tables, on a cut of them, on drawn worlds."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from math import fsum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import monazite
from monazite.analysis.chokepoints.chokepoints import ReleasedRanges, find_chokepoints
from monazite.analysis.concentration.by_year import find_concentration
from monazite.analysis.concentration.standing import with_reconciled
from monazite.core.package import ontology_folder
from monazite.core.results import Result
from monazite.data.parameters import Contingency
from monazite.model.contingencies.failure_points import BASE_YEAR, Event, Horizon
from monazite.model.flow.constraints import STEPS
from monazite.model.flow.study import Study
from monazite.view.view import View
from tests.conftest import view_in_memory
from tests.draw_ranges import BY_FILE
from tests.model.sample import MEDIUM, SHORT, Draw, drawn_event

BILL = Path(__file__).parents[2] / "examples" / "bills" / "generator.csv"
Question = Callable[[View], Result]


def balance_of(element: str) -> Question:
    return lambda view: view.balance(element, year=2024)


def losses_of(element: str, market: str, event: str = "outage") -> Question:
    return lambda view: view.chokepoints(element, market, event=event)


ASKED: dict[str, Question] = {
    "concentration": lambda view: view.concentration("Dy"),
    "indices": lambda view: view.indices("MREE", stage="mine"),
    "balance": balance_of("Dy"),
    "losses": losses_of("Dy", "USA"),
    "reconstruction": lambda view: view.backtest("2010"),
    "exposure": lambda view: view.exposure(BILL),
}
WHOLE: dict[str, Question] = {
    **{f"balance of {x}": balance_of(x) for x in ("NdPr", "Tb", "Sm", "Y", "La", "TREO")},
    **{
        f"losses of {element} for {market}, {event}": losses_of(element, market, event)
        for element in ("Dy", "NdPr", "MREE", "Sm")
        for market in ("USA", "JPN", "EUE", "WLD")
        for event in ("outage", "embargo")
    },
    "backtest": lambda view: view.backtest("2025"),
    "replacement": lambda view: view.replace("Dy", "USA"),
    "reproductions": lambda view: view.reproduce(),
    "centrality": lambda view: view.centrality("Dy", "USA"),
    "exposure with losses": lambda view: view.exposure(BILL, losses=True),
}
NUMBERS = ("value", "tonnes", "found", "left", "ours", "ratio", "median")
"""Names of numbers that stand beside a plain ``low`` and ``high``."""


def spans(told: object, place: str = "") -> Iterator[tuple[str, float, float, float]]:
    """Where a number stands with both ends of its range: the place, the low end, it, the high."""
    if isinstance(told, list):
        for each in told:
            yield from spans(each, place)
    elif isinstance(told, Mapping):
        for key, each in told.items():
            high = told.get(key.removesuffix("low") + "high")
            if key.endswith("low") and isinstance(each, float) and isinstance(high, float):
                yield from (
                    (f"{place}.{key} of {_named(told)}", each, x, high) for x in _at(key, told)
                )
            yield from spans(each, f"{place}.{key}")


def _at(key: str, told: Mapping[str, Any]) -> list[float]:
    """The numbers beside the low end of a range; that end itself where there are none."""
    names = NUMBERS if key == "low" else (key.removesuffix("_low"),)
    found = [told[name] for name in names if isinstance(told.get(name), float)]
    return found or [told[key]]


def _named(told: Mapping[str, Any]) -> str:
    return " ".join(str(told[key]) for key in ("id", "row", "stage", "country") if told.get(key))


def outside(found: Result) -> list[tuple[str, float, float, float]]:
    """The numbers of a result that do not lie inside their range; there is one that has a range."""
    every = [*spans(json.loads(found.to_json(), parse_int=float))]
    assert every
    return [
        (place, low, number, high)
        for place, low, number, high in every
        if not low - 1e-9 * abs(low) - 1e-9 <= number <= high + 1e-9 * abs(high) + 1e-9
    ]


@pytest.mark.parametrize("name", ASKED)
def test_each_number_lies_inside_its_own_range(name: str) -> None:
    assert outside(ASKED[name](view_in_memory())) == []


@pytest.mark.whole
@pytest.mark.parametrize("name", sorted(WHOLE))
def test_each_number_of_the_whole_lies_inside_its_own_range(name: str) -> None:
    assert outside(WHOLE[name](view_in_memory())) == []


SHIPPED = [
    (element, market)
    for element, markets in ReleasedRanges(ontology_folder() / "ranges", "").markets.items()
    for market in markets
]


@pytest.mark.whole
@pytest.mark.parametrize(("element", "market"), SHIPPED)
def test_each_shipped_median_lies_inside_its_range(element: str, market: str) -> None:
    found = view_in_memory().chokepoints(BY_FILE.get(element, element), market, year=2024)
    assert found.draws is not None
    assert outside(found) == []
    for line in found.chokepoints:
        ends = ((line.first_year_low, line.loss_low), (line.first_year_high, line.loss_high))
        for first, for_good in ((line.first_year, line.loss), *ends):
            assert first is None or for_good is None or first <= max(0.0, for_good) + 1e-9, line.id


Asked = tuple[Callable[[View], str], ...]
READ: Asked = (
    lambda view: view.policies("Dy", to="USA").to_json(),
    lambda view: view.conflicts().to_json(),
    lambda view: view.show("mountain-pass").to_json(),
    lambda view: view.rules("Dy").to_json(),
    lambda view: view.timeline("mountain-pass").to_json(),
    lambda view: view.claims().to_json(),
)
"""Questions that a cut of the tables answers."""


def losses_told(view: View) -> str:
    """What is lost, of one balance: what was drawn is of the tables as shipped."""
    facts = replace(view.facts("Dy"), drawn=None)  # shares order the lines of equal losses
    found = find_chokepoints(view.network("Dy", "USA"), facts)
    return str([(x.id, x.loss, x.home_first) for x in found.chokepoints])


def shares_told(view: View) -> str:
    """Who makes what, of one balance."""
    facts = replace(view.facts("Dy"), drawn=None)
    return with_reconciled(find_concentration(facts), facts).to_json()


WORKED_OUT: Asked = (
    shares_told,
    lambda view: view.balance("Dy", year=2024).to_json(),
    lambda view: view.indices("MREE", stage="mine").to_json(),
    losses_told,
)


def answers(ontology: Path, questions: Asked, *, backwards: bool = False) -> list[str]:
    """What a fresh view of some tables answers, but for the hash of their files."""
    view = monazite.load(ontology=ontology, cache=False)
    order = questions[::-1] if backwards else questions
    found = [ask(view).replace(str(view.describe()["tables"]), "") for ask in order]
    return found[::-1] if backwards else found


def shuffled(ontology: Path, folder: Path) -> Path:
    """The same tables with their rows in another order."""
    shutil.copytree(ontology, folder)
    for table in sorted((folder / "tables").glob("*.csv")):
        with table.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        random.Random(table.stem).shuffle(rows)
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([head, *rows])
    return folder


@pytest.mark.usefixtures("anew")
def test_neither_the_order_of_rows_nor_that_of_questions_changes_an_answer(
    cut: Path, tmp_path: Path
) -> None:
    expected = answers(cut, READ)
    assert answers(cut, READ, backwards=True) == expected
    assert answers(shuffled(cut, tmp_path / "shuffled"), READ) == expected


@pytest.mark.whole
@pytest.mark.usefixtures("anew")
def test_neither_order_changes_what_is_worked_out_of_the_whole(tmp_path: Path) -> None:
    whole = ontology_folder()
    expected = answers(whole, WORKED_OUT)
    assert answers(whole, WORKED_OUT, backwards=True) == expected
    assert answers(shuffled(whole, tmp_path / "shuffled"), WORKED_OUT) == expected


NO_USE = ("Y", "La", "Ce", "Eu", "Gd", "Ho", "Er", "Tm", "Yb", "Lu")
"""Elements of which no record says how much is used."""


@pytest.mark.whole
@pytest.mark.parametrize("element", NO_USE)
def test_no_loss_is_told_of_an_element_whose_use_is_not_known(element: str) -> None:
    view = view_in_memory()
    found = view.chokepoints(element, year=2024)
    assert found.chokepoints
    for line in found.chokepoints:
        assert {line.loss, line.first_year, line.home_first} == {None}
    assert any(stage.hhi for stage in found.stages)


@pytest.mark.whole
@pytest.mark.usefixtures("anew")
def test_ten_times_the_ore_of_an_element_whose_use_is_not_known_changes_no_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All ores hold ten times the erbium, though their assays then add up to more than all."""
    monkeypatch.setattr("monazite.model.chemistry.WHOLE", (0.0, 2.0))
    more = shutil.copytree(ontology_folder(), tmp_path / "more")
    table = more / "tables" / "assays.csv"
    with table.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    of = {name: place for place, name in enumerate(head)}
    numbers = [of[name] for name in ("percent", "percent_low", "percent_high")]
    for row in (row for row in rows if row[of["element"]] == "Er"):
        for place in numbers:
            row[place] = str(10 * float(row[place])) if row[place] else ""
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])
    before, after = (
        answers(folder, (losses_told, erbium_told)) for folder in (ontology_folder(), more)
    )
    assert before[0] == after[0]
    assert before[1] != after[1], "the balance of erbium itself changes"


def erbium_told(view: View) -> str:
    """What is made of erbium; of none of its lines a loss is told."""
    found = find_chokepoints(view.network("Er"), view.facts("Er"))
    assert {line.loss for line in found.chokepoints} == {None}
    return view.balance("Er", year=2024).to_json()


WORLDS = st.integers(0, 10**6)
HORIZONS = st.sampled_from((BASE_YEAR, SHORT, MEDIUM))


def study_of(draw: Draw, horizon: Horizon, market: str = "WLD") -> Study:
    chain = draw.chain()
    return Study(chain, horizon, tuple(chain.element_chains), Contingency(), market)


def failures_of(study: Study, seed: int) -> tuple[Event, Event]:
    rng = random.Random(seed)
    one, other = (drawn_event(study.chain, rng, added=False) for _ in range(2))
    return one, other


@given(WORLDS, HORIZONS)
def test_what_markets_lose_sums_to_what_the_world_loses(seed: int, horizon: Horizon) -> None:
    """Each market counts as much as it uses."""
    world = study_of(Draw(seed), horizon)
    users = {user for name, user in world.chain.demand if name in world.products}
    markets = [world.asked(world.names, user) for user in sorted(users)]
    assert fsum(each.base for each in markets) == pytest.approx(world.base)
    for event in failures_of(world, seed):
        lost = fsum(each.loss(event) * each.base for each in markets)
        assert lost == pytest.approx(world.loss(event) * world.base, abs=1e-9 * world.base)


@given(WORLDS, HORIZONS)
def test_a_failure_costs_the_world_no_more_than_any_pair_that_holds_it(
    seed: int, horizon: Horizon
) -> None:
    """Within a step of demand; a single market may gain, where another's plants stop too."""
    world = study_of(Draw(seed), horizon)
    one, other = failures_of(world, seed)
    both = world.loss(one.together_with(other))
    assert max(world.loss(one), world.loss(other)) <= both + 1 / STEPS


@pytest.mark.whole
@pytest.mark.parametrize(("element", "market"), [("Sm", "WLD"), ("Dy", "USA")])
def test_a_shipped_pair_costs_at_least_what_each_of_the_two_costs(
    element: str, market: str
) -> None:
    view = view_in_memory()
    pairs = view.pairs(element, market, year=2024)
    report = view.chokepoints(element, market, year=2024)
    losses = {each.id: each.loss or 0.0 for each in report.chokepoints}
    assert len(pairs)
    for pair in pairs:
        assert pair.loss >= max(losses[pair.one], losses[pair.other]) - 0.005
