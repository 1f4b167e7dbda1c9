"""What is not measured of the element alone is marked, and sole never contradicts a loss."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from monazite.analysis.cuts.routes import REMAINDER
from monazite.core.tables import write_tables
from monazite.model.chain.base_year import read_base_year
from monazite.model.network.facts import read_facts
from monazite.report.brief.page import shown_text
from monazite.view.view import View
from tests.conftest import view_in_memory
from tests.results import records_in
from tests.sharing import only_whole

ELEMENTS = ("Dy", *only_whole("Tb", "NdPr"))
ASKED: Mapping[str, Callable[[View, str], Any]] = {
    "chokepoints": lambda view, element: view.chokepoints(element, "USA"),
    "concentration": lambda view, element: view.concentration(element),
    "series": lambda view, element: view.concentration(element, series=True),
    "indices": lambda view, element: view.indices(element),
    "cuts": lambda view, element: view.cuts(element, "USA"),
    "balance": lambda view, element: view.balance(element, year=2024),
}
BOUND = "upper bound, of dysprosium and terbium together"
PROXY = "proxy of rare earths"


def parts_of(held: object) -> Iterator[Mapping[str, Any]]:
    """All objects of a JSON document but the view."""
    if isinstance(held, Mapping):
        yield held
        held = [each for name, each in held.items() if name != "view"]
    for each in held if isinstance(held, list) else ():
        yield from parts_of(each)


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("verb", ASKED)
def test_what_rests_on_a_row_that_is_not_measured_says_so(verb: str, element: str) -> None:
    view: View = view_in_memory()
    marks = view.facts(element).marks
    told = 0
    for part in parts_of(json.loads(ASKED[verb](view, element).to_json())):
        made = part.get("made")
        rows = made["rows"] if isinstance(made, Mapping) else []
        rows = part["rows"][:1] if "share" in part else rows
        for row in rows:
            assert row not in marks or marks[row] in part["figure"], part
            told += row in marks
    assert told or verb == "indices" or element == "NdPr"


@pytest.mark.whole
def test_a_reproduction_says_what_both_numbers_are() -> None:
    view: View = view_in_memory()
    found = view.reproduce()
    told = json.loads(found.to_json())
    plain = {line["row"]: line for line in csv.DictReader(io.StringIO(found.to_csv()))}
    shown = {cells["printed by"]: cells for cells in records_in(found.tables()[0])}
    seen = set()
    for line in told["reproductions"]:
        marks = view.facts(line["element"]).marks
        printed = marks.get(line["printed_row"], "")
        ours = {marks[row] for row in line["rows"] if row in marks}
        assert printed in line["figure"], line
        assert all(mark in line["our_figure"] for mark in ours), line
        cells, copied = shown[line["printed_row"]], plain[line["row"]]
        for mark in filter(None, (line["figure"], line["our_figure"])):
            assert any(mark in cell for cell in cells.values()), cells
        assert (copied["figure"], copied["our_figure"]) == (line["figure"], line["our_figure"])
        seen |= {printed, *ours}
    assert {"lower bound", "upper bound", "forecast"} <= seen
    for line in told["editions"]:
        assert all(view.facts("TREO").marks.get(row, "") in line["figure"] for row in line["rows"])


def lines_with(text: str, part: str) -> list[str]:
    return [line for line in text.replace("\N{NO-BREAK SPACE}", " ").splitlines() if part in line]


@pytest.mark.whole
def test_a_bound_of_two_elements_is_one_in_every_output() -> None:
    view: View = view_in_memory()
    report, network = view.chokepoints("Tb", "USA"), view.network("Tb", "USA")
    text = write_tables(report.tables(), "markdown")
    assert all("up to 99.9 %" in line for line in lines_with(text, BOUND) if "|" in line)
    assert "| up to 99.9 % | up to 9,980 |" in text
    [[stage]] = [each.others for each in report.stages if each.stage == "separation"]
    assert (stage.hhi, stage.hhi_low, stage.share_low, stage.figure) == (None, None, None, BOUND)
    assert stage.hhi_high == pytest.approx(9980.02)
    brief = view.brief("Tb", "USA").markdown()
    assert f"up to 99.9 % ({BOUND})" in brief
    assert "China has 100 % of the world's separation of terbium in 2024; first source: " in brief
    figure = view.figure("concentration", "Tb")
    assert "up to 99.9 %" in figure.alt.replace("\N{NO-BREAK SPACE}", " ")
    assert BOUND in figure.alt
    drawn = view.graph(network=network, findings=report)
    page = drawn.network_html
    assert not lines_with(drawn.html, "over 99 % of separation")
    assert f"up to 99.9 % ({BOUND})" in shown_text(page).replace("\N{NO-BREAK SPACE}", " ")
    for told in (text, brief, figure.svg, page):
        assert not lines_with(told, "over 99 % of separation")
    exported = view.export("graphml", element="Tb", market="USA")
    assert isinstance(exported, bytes)
    assert BOUND in exported.decode()


@pytest.mark.whole
def test_a_proxy_is_one_in_every_line_that_prints_it() -> None:
    view: View = view_in_memory()
    report = view.chokepoints("Dy", "USA")
    texts = {
        "table": write_tables(report.tables(), "markdown"),
        "brief": view.brief("Dy", "USA").markdown(),
        "title": view.figure("concentration", "Dy").title,
        "alt": re.sub(r"\. ", ".\n", view.figure("concentration", "Dy").alt),
    }
    for name, text in texts.items():
        shares = re.sub(r"\d+ % to \d+ %", "", text)  # a loss may end at the same percent
        lines = lines_with(shares, "84 %")
        assert lines or name in {"title", "brief"}, name  # lines of losses print reconciled shares
        assert [line for line in lines if PROXY not in line] == [], name
    mined = lines_with(write_tables(view.timeline("Dy").tables(), "markdown"), "dysprosium, mine")
    assert mined
    assert [line for line in mined if PROXY not in line] == []


@pytest.mark.whole
def test_the_row_named_first_is_of_the_place_and_prints_output_where_a_row_does() -> None:
    view: View = view_in_memory()
    for element in ("Dy", "Tb", "NdPr"):
        for point in view.chokepoints(element, "USA").chokepoints:
            if point.kind != "country" or not point.stage or point.country in ("ROW", "EUE"):
                continue
            assert point.country is not None
            first, tables = point.rows[0], [row.partition("/")[0] for row in point.rows]
            printing = {"production", "capacity"} & {*tables}
            assert not printing or first.partition("/")[0] in printing, point.id
            if first.startswith(("production/", "baci/")):
                assert point.country.lower() in first.partition("/")[2].split("-")[:2], point.id


def test_a_share_is_that_of_the_flow_whose_loss_is_printed() -> None:
    """Worked out apart from the lines: tonnes of the reconciled balance, over the world's."""
    view: View = view_in_memory()
    for element in ("Dy", "NdPr"):
        facts = read_facts(view.store, element, view.valid)
        base = read_base_year(facts, 2024, "WLD", "the world")
        values = base.accounts().reconciled.values
        members = base.elements.members[element]
        for stage, names in (("separation", ("oxide", "scrap")), ("metal", ("metal",))):
            made: dict[str, float] = {}
            for name, tonnes in values.items():
                if name[0] in names and name[-1] in members:
                    made[name[1]] = made.get(name[1], 0.0) + tonnes
            for point in view.chokepoints(element, year=2024).chokepoints:
                if (point.kind, point.stage) == ("country", stage) and point.country != "ROW":
                    share = made[point.country or ""] / sum(made.values())
                    # the median of draws of the share that this one year has
                    assert point.share == pytest.approx(share, abs=0.05), point.id


SOLE = [
    ("Dy", "USA"),
    *only_whole(
        *(("Dy", market) for market in ("WLD", "JPN", "CHN", "EUE")),
        *(("NdPr", market) for market in ("WLD", "USA", "JPN", "EUE", "DEU")),
        *(("Tb", market) for market in ("USA", "VNM")),
        *((element, "WLD") for element in ("MREE", "Sm")),
    ),
]
MOST = 0.5  # A sole maker costs the market more than this part of what it takes
ALL = 0.995  # A loss that prints as 100 %


@pytest.mark.parametrize("asked", SOLE)
def test_sole_and_loss_tell_one_story(asked: tuple[str, str]) -> None:
    element, market = asked
    view: View = view_in_memory()
    report = view.chokepoints(element, market)
    assert report.base is not None
    stages = [
        each
        for each in report.chokepoints
        if each.kind == "country" and each.stage and each.loss is not None
    ]
    assert stages
    told = False
    for point in stages:
        assert point.loss is not None
        if point.dominator:
            told = True
            assert point.loss > MOST, (point.id, point.loss)
            assert point.routes_without == 0
        if point.dominator is None:
            assert point.country == "ROW", point.id
            continue
        if point.loss >= ALL and market == "WLD":
            assert point.share is not None
            only = 1 - point.share < REMAINDER and not report.base.unexplained.get(point.stage, 0.0)
            assert point.dominator or not only, point.id
    if any(each.dominator is False and each.share and each.share > 0.999 for each in stages):
        pytest.fail("who makes all of a stage stands on every route")
    assert told or element in ("NdPr", "MREE")


@pytest.mark.whole
def test_no_remainder_is_asked_for_in_a_cut() -> None:
    """India, Malaysia, Thailand and Vietnam mine 0.1 to 1 %: no set names them."""
    for element, market in (("Dy", "USA"), ("NdPr", "JPN")):
        found = view_in_memory().cuts(element, market)
        kept = {each.id for each in found.structure.standings if not each.left_out}
        sets = [*found.sets, *found.worst, *filter(None, (found.fewest, found.least))]
        assert {name for each in sets for name in each.members} <= kept
        assert any("together under 2 %" in note for note in found.notes)
