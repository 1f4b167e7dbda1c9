"""The chokepoint report of the shipped rows: what must hold whatever the numbers, and more."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from monazite.analysis.chokepoints.figures import Chokepoint
from monazite.analysis.chokepoints.headline import loss_answer
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.core.errors import NotKnownError, UnknownNameError
from monazite.data.parameters import APPROVAL
from monazite.model.chain.base_year import own_output_of
from monazite.model.network.facts import read_facts
from monazite.view.view import View
from tests.conftest import view_in_memory
from tests.golden.lines import line_of
from tests.sharing import only_whole

ASKED = [("MREE", "WLD"), ("Dy", "LAO"), *only_whole(("NdPr", "USA"))]


@cache
def of(
    element: str,
    market: str = "WLD",
    horizon: str = "short-run",
    event: str = "outage",
    approval: float = 0.0,
) -> Chokepoints:
    view: View = view_in_memory()
    return view.chokepoints(
        element,
        market,
        horizon=horizon,
        event=event,
        year=2024,
        approval=approval if event == "licence" else APPROVAL,
    )


def line(report: Chokepoints, label: str) -> Chokepoint:
    (found,) = [each for each in report.chokepoints if each.label.split(" = ")[0] == label]
    return found


def lost(report: Chokepoints, label: str) -> float:
    loss = line(report, label).loss
    assert loss is not None
    return loss


@pytest.mark.parametrize("asked", ASKED)
def test_every_number_is_in_its_range(asked: tuple[str, str]) -> None:
    report = of(*asked)
    for stage in report.stages:
        assert stage.share is None or 0 <= stage.share <= 1
        assert stage.coverage is None or 0 <= stage.coverage <= 1
        assert stage.hhi is None or 0 <= stage.hhi <= 10_000
    for point in report.chokepoints:
        assert point.share is not None
        assert 0 < point.share <= 1
        if point.loss is not None:
            assert point.loss <= 1
            if point.loss_low is not None and point.loss_high is not None:
                assert point.loss_low <= point.loss_high <= 1
            assert bool(point.limited_at) == ((point.single or 0.0) > 0.005)


@pytest.mark.parametrize("asked", ASKED)
def test_ranks_follow_whole_percents_and_the_rest_is_not_known(asked: tuple[str, str]) -> None:
    points = of(*asked).chokepoints
    known = [point for point in points if point.loss is not None]
    assert list(points[: len(known)]) == known
    by = [round(100 * (point.loss or 0)) for point in known]
    assert by == sorted(by, reverse=True)
    assert [point.rank for point in points][:1] == [1]
    for (one, first), (other, second) in pairwise(zip(known, by, strict=True)):
        assert (one.rank == other.rank) == (first == second)


@pytest.mark.parametrize("asked", ASKED)
def test_every_row_and_assumption_is_a_line_of_the_tables(asked: tuple[str, str]) -> None:
    report = of(*asked)
    named = {assumption.row for assumption in report.assumptions}
    for point in report.chokepoints:
        assert point.rows, point.id
        assert all(line_of(row) for row in (*point.rows, *point.range_rows))
        assert set(point.assumptions) <= named
        assert bool(point.assumptions) == (point.loss is not None)
    assert all(line_of(row) for row in named)
    assert all(line_of(row) for row in (report.base.rows if report.base else ()))
    for stage in report.stages:
        assert all(line_of(row) for row in stage.rows)


@pytest.mark.parametrize("asked", [each for each in ASKED if each != ("Dy", "LAO")])
def test_a_share_is_of_the_flow_that_the_loss_is_of(asked: tuple[str, str]) -> None:
    report = of(*asked)
    assert report.base is not None
    for stage in ("mine", "separation", "metal", "magnet"):
        own = [x for x in report.chokepoints if x.kind == "country" and x.stage == stage]
        assert {(x.basis, x.year) for x in own} <= {
            ("reconciled, contained element", report.base.year)
        }
        whole = sum(x.share or 0.0 for x in own if x.country != "ROW")
        rest = sum(x.share or 0.0 for x in own if x.country == "ROW")
        # lines of the rest of the world, and of the places in it, are of the same tonnes; each is
        # a median of its own, so that all together are about the whole
        assert whole <= 1.05
        assert whole + rest >= 0.95 or not own


def test_the_share_of_myanmar_is_that_of_the_reconciled_ore() -> None:
    # customs: about 40,000 t of oxide, of which three per cent is dysprosium's
    share = line(of("Dy"), "Myanmar mining").share
    assert share == pytest.approx(0.45, abs=0.05)
    assert line(of("Dy"), "Laos mining").share == pytest.approx(0.15, abs=0.05)


def test_chinese_separation_is_all_of_dysprosium() -> None:
    # EU 2023 study and later: China refines 98 to 100 %
    first = of("Dy").chokepoints[0]
    assert (first.rank, first.id, first.limited_at) == (1, "separation/CHN", "separation")
    assert first.loss == pytest.approx(1.0, abs=0.001)
    assert "Dy" in first.limited_by


@pytest.mark.whole
def test_an_embargo_spares_the_country_itself() -> None:
    assert lost(of("MREE", "ROW", event="embargo"), "China") > 0.7
    assert lost(of("MREE", "WLD", event="embargo"), "China") < 0.4
    assert lost(of("MREE", "CHN", event="embargo"), "China") == pytest.approx(0, abs=0.005)


@pytest.mark.whole
def test_a_licence_lies_between_all_and_nothing() -> None:
    losses = [
        lost(of("MREE", "ROW", "immediate", "licence", part), "China") for part in (0.0, 0.5, 1.0)
    ]
    assert losses[0] == pytest.approx(lost(of("MREE", "ROW", "immediate", "embargo"), "China"))
    assert losses == sorted(losses, reverse=True)
    assert losses[2] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("element", "market"), [("Dy", "USA")])
def test_deposits_share_what_their_country_mines_and_cost_no_more(
    element: str, market: str
) -> None:
    report = of(element, market)
    china = line(report, "China mining")
    deposits = [point for point in report.chokepoints if point.kind == "deposit"]
    assert {each.id for each in deposits} == {
        "mine/CHN/bayan-obo",
        "mine/CHN/maoniuping",
        "mine/CHN/south-china-clay",
    }
    assert sum(each.share or 0.0 for each in deposits) == pytest.approx(china.share)
    for each in deposits:
        assert each.loss is not None
        assert china.loss is not None
        assert each.loss <= china.loss
        assert (each.country, each.stage, each.figure) == ("CHN", "mine", "derived")
        assert {*china.rows} < {*each.rows}
        name = each.id.rpartition("/")[2]
        assert f"assumptions/method-ore-share-chn-{name}" in each.rows
        assert any(row.startswith(("assays/", "assumptions/")) and name in row for row in each.rows)
        assert ") of what China mines is this ore." in each.note


def test_samarium_fails_with_its_metal() -> None:
    report = of("Sm")
    assert report.base is not None
    assert report.base.product == "samarium-cobalt magnets"
    # 3,723 t of samarium-cobalt blanks in 2023, as the Chinese society prints; 0.713 of a blank
    # is left when it is finished, and China makes 86 % of the world's
    assert report.base.served == pytest.approx(0.713 * 3723 / 0.86, rel=1e-3)
    assert report.line("China metal").single == pytest.approx(0.86)
    told = "only China prints these magnets (3,723 t of blanks in 2023; its share is assumed, 60 to"
    assert report.base.weak.startswith(f"{told} 95 %), and ")
    said = loss_answer(report)
    assert "These numbers are weak." in said.headline
    assert report.base.weak in said.answer
    assert of("Dy").known_base().weak == ""


def test_two_names_of_one_thing_are_one_number() -> None:
    points = of("MREE").chokepoints
    merged = next(point for point in points if point.id == "separation/MYS")
    assert merged.label.startswith("Malaysia separation = ")  # Lynas runs its only plant
    assert merged.label.count(" = ") == 2  # the plant, and who runs it
    # who owns it in the end owns its mine too, which is nearly all that Australia mines
    lynas = next(point for point in points if point.id == "firm/lynas")
    assert lynas.stage == "mine + separation"
    assert lynas.label == "Lynas Rare Earths Ltd"
    assert "ownership/lynas-lynas-malaysia" in lynas.rows
    assert any(row.startswith("capacity/lynas-malaysia-kuantan") for row in merged.rows)
    assert len({point.id for point in points}) == len(points)
    assert not {"separation/lynas-malaysia-kuantan", "firm/lynas-malaysia"} & {
        point.id for point in points
    }


@pytest.mark.whole
def test_what_is_not_known_is_said_and_the_order_is_by_share() -> None:
    for element, market, why in (
        ("Dy", "LAO", "where Laos buys its magnets"),
        ("Sm", "USA", "who uses magnets"),
        ("TREO", "WLD", "cannot be added up"),
    ):
        report = of(element, market)
        assert report.base is None
        assert any(why in note for note in report.notes)
        assert {point.loss for point in report.chokepoints} == {None}
        assert {point.assumptions for point in report.chokepoints} == {()}
        stages = [point.share or 0 for point in report.chokepoints if point.stage]
        assert stages == sorted(stages, reverse=True)
    view: View = view_in_memory()
    early = view.chokepoints("Dy", year=2010)
    assert "We found no magnets made in 2010" in early.notes[0]


@pytest.mark.whole
def test_plants_being_built_count_in_the_medium_run_only() -> None:
    assert of("NdPr").built == ()
    built = {each.site: each for each in of("NdPr", horizon="medium-run").built}
    # capacity.csv: Neo's plant in Narva is to make 2,000 t of sintered magnets a year
    assert built["neo-narva"].stage == "magnet"


@pytest.mark.parametrize(
    ("market", "tonnes", "china"),
    [
        # baci.csv by value: 7,418 t bought and 5,678 t sold, beside what it makes
        ("VNM", 7_418 - 5_678, 0.9744),
        # baci.csv by value: 2,676 t bought and 206 t sold
        ("IND", 2_676 - 206, 0.96),
    ],
)
def test_vietnam_and_india_lose_what_china_sells_them_and_others_cannot(
    market: str, tonnes: float, china: float
) -> None:
    report = of("MREE", market)
    assert report.base is not None
    facts = read_facts(view_in_memory().store, "MREE", view_in_memory().valid)
    own = own_output_of(facts, market)
    assert own is not None
    assert report.base.served == pytest.approx(tonnes + own.tonnes, rel=2e-3)
    without = lost(report, "China magnets")
    # its own plants go on, if they find metal; goods that others sell on were made in China
    assert 0.5 * china <= without <= china + 0.005


@pytest.mark.whole
def test_what_lies_before_a_stage_that_no_row_explains_is_not_known() -> None:
    """No record of 2022 gives separated Dy: mines cost not nothing, but nobody knows what."""
    report = view_in_memory().chokepoints("Dy", year=2022)
    assert report.base is not None
    assert report.base.unexplained["separation"] == pytest.approx(1)
    for label in ("China mining", "Myanmar mining", "China separation"):
        assert label not in {each.label for each in report.chokepoints}
    assert lost(report, "China metal") > 0.9
    assert any("losses by mining and separation are not known" in note for note in report.notes)
    assert any("not of 2022" in note for note in report.notes)
    assert not any("not of 2024" in note for note in of("Dy").notes)


def _years(row: str) -> list[int]:
    read = line_of(row)
    dated = [read[name] for name in ("year", "as_of", "valid_from") if read.get(name)]
    return [int(text[:4]) for text in dated]


def test_a_view_of_june_2012_uses_nothing_of_2012(view: View) -> None:
    then = replace(view, valid="2012-06-30")
    network = then.network("MREE")
    report = then.chokepoints("MREE", network=network)
    statistics = {"production", "production_totals", "baci", "trade", "trade_totals", "capacity"}
    used = {row for point in report.chokepoints for row in point.rows}
    used |= {row for _, found in network.nodes(data=True) for row in found["rows"]}
    used |= {row for *_, arc in network.edges(data=True) for row in arc["rows"]}
    found = [year for row in used if row.split("/")[0] in statistics for year in _years(row)]
    assert found
    assert max(found) <= 2011
    links = [year for row in used if row.startswith("supply_links/") for year in _years(row)]
    assert all(year <= 2012 for year in links)
    metal = {stage.stage: stage for stage in report.stages}["metal"]
    assert (metal.leader, metal.denominator) == (None, "not known")
    assert "We found no country shares for metal and alloy: no route has it." in report.notes


@pytest.mark.whole
def test_a_country_that_costs_less_than_a_part_of_it_says_why() -> None:
    whole = of("NdPr", "JPN", "medium-run").line("country/CHN")
    part = of("NdPr", "JPN", "medium-run").line("separation/CHN")
    assert whole.loss is not None
    assert part.loss is not None
    assert whole.loss < part.loss
    assert whole.remark.startswith("less than China separation alone")


def test_what_is_not_there_is_refused(view: View) -> None:
    with pytest.raises(NotKnownError, match="no country shares up to 1899"):
        replace(view, valid="1900-06-30").chokepoints("Dy")
    for element, market in (("Dyy", "WLD"), ("", "WLD"), ("Dy", "Atlantis")):
        with pytest.raises(UnknownNameError):
            view.chokepoints(element, market)


@pytest.mark.whole
@pytest.mark.parametrize("market", ["DEU", "GBR", "JPN", "KOR", "USA", "EUE"])
def test_what_a_market_takes_is_told_with_the_range_of_its_trade(market: str) -> None:
    base = of("NdPr", market).base
    assert base is not None
    assert base.served_low is not None
    assert base.served_high is not None
    assert base.served_low < base.served < base.served_high
    # as the notes say: no pool sells less than that
    low, high = f"{base.served_low:,.0f} t", f"{base.served_high:,.0f} t"
    assert any(f"{low} to {high}" in note for note in of("NdPr", market).notes)
    heading = of("NdPr", market).tables()[1].heading
    assert (
        f"(neodymium magnets, 2024; {base.served_low:,.0f} to {base.served_high:,.0f} t)" in heading
    )
    assert ";" not in of("NdPr").tables()[1].heading  # the world buys of nobody


def test_what_speaks_against_the_rule_of_proportion_is_told_with_its_rows() -> None:
    (told,) = (
        note
        for note in of("Dy").notes
        if note.startswith("Records speak against cutting all in proportion")
    )
    assert "exports of dysprosium fell by 35 %" in told  # as printed of all of 2025
    assert "those to Japan fell by 95 %" in told
    assert "those to South Korea rose by at least 200 %" in told  # more than tripled
    assert "monthly/chn-jpn-rare-earth-exports-dysprosium-change-2025" in told
