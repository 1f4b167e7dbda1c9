"""The evidence cut, its conclusions and premises, on the shipped rows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest

from monazite.errors import NotKnownError, ProgrammeError
from monazite.findings.chain.base_year import assumed_in
from monazite.findings.doubt.baseline import baseline_of
from monazite.findings.doubt.conclusion import RIVAL_PART, Conclusion, RankingModel, model_of
from monazite.findings.doubt.evidence_cut import find_evidence_cut
from monazite.findings.doubt.overturning_sets import Doubts, OverturningSearch
from monazite.findings.doubt.premises import (
    ASSUMED,
    DROPPED,
    HIGHEST,
    LOWEST,
    OTHERS,
    Doubt,
    Premise,
    doubts_about,
    dropped_in,
    moved_in,
    premises_of,
)
from monazite.findings.doubt.verdicts import CROSSED, HOLDS, OTHER, UNKNOWN
from monazite.findings.losses.chokepoints import find_chokepoints
from monazite.findings.losses.result import Chokepoints
from monazite.network.facts import read_facts
from monazite.network.facts_without import RevisedFacts, record
from monazite.network.graph import Network
from monazite.parameters import Contingency
from tests.conftest import view_in_memory
from tests.findings.doubt.test_overturning_sets import named

MIX = "assumptions/method-trade-element-mix"
TERBIUM = "production/chn-separation-terbium-oxide-2024-argus"
ND = "assumptions/method-element-per-magnet-nd"
SEPARATED = "production/chn-separation-dysprosium-oxide-2024-argus"
SOLD = "trade_totals/chn-wld-8505.11-2024"


@cache
def recorded(element: str) -> RevisedFacts:
    view = view_in_memory()
    return record(read_facts(view.store, element, view.valid))


@cache
def network_of(element: str, market: str) -> Network:
    return view_in_memory().network(element, market)


@cache
def model(element: str, market: str) -> RankingModel:
    return model_of(network_of(element, market), recorded(element), Contingency())


@cache
def premises(element: str, market: str) -> dict[str, Premise]:
    found = premises_of(model(element, market).base.accounts(), "short-run")
    return {row: premise for premise in found for row in premise.rows}


def under(element: str, market: str, *doubts: tuple[str, str]) -> Conclusion:
    known = premises(element, market)
    wrong = [Doubt(known[row], how) for row, how in doubts]
    return model(element, market).conclude(dropped_in(wrong), moved_in(wrong))


def verdict(element: str, market: str, *doubts: tuple[str, str]) -> str:
    baseline = baseline_of(model(element, market).conclude())
    return baseline.verdict(under(element, market, *doubts))


def agrees(found: Conclusion, report: Chokepoints) -> dict[str, float]:
    """Whether a conclusion is that of a report; the losses that it prints.

    Without the country that costs no more than its plants at one stage.
    """
    beside = {"country/CHN"} - found.losses.keys()
    told = [each for each in report.chokepoints if each.id not in beside]
    ranked = {x.id: x.loss if x.alone is None else x.alone for x in told}
    printed = {line: loss for line, loss in ranked.items() if loss is not None}
    assert {line: printed[line] for line in found.losses} == pytest.approx(found.losses)
    assert {each.id for each in told if each.rank == 1} == {*found.first}
    return printed


def test_the_conclusion_is_the_report() -> None:
    report = find_chokepoints(network_of("Sm", "WLD"), recorded("Sm"), Contingency())
    found = model("Sm", "WLD").conclude()
    printed = agrees(found, report)
    least = RIVAL_PART * max(printed.values())
    assert {line for line, loss in printed.items() if loss >= least} == found.losses.keys()


@pytest.mark.whole
def test_without_a_row_it_is_the_report_of_a_view_without_it() -> None:
    rows = ("production/chn-separation-ndpr-oxide-2024-argus", SOLD)
    view = view_in_memory(without=rows)
    facts = read_facts(view.store, "NdPr", view.valid)
    report = find_chokepoints(view.network("NdPr", "EUE"), facts, Contingency())
    agrees(under("NdPr", "EUE", *((row, DROPPED) for row in rows)), report)


@pytest.mark.whole
def test_what_overturns_dysprosium_of_the_world() -> None:
    asked = ("Dy", "WLD")
    base = model(*asked).conclude()
    assert base.first == ("separation/CHN",)  # all of China costs no more, and is not beside it
    assert "country/CHN" not in base.losses
    # without the row of its oxide no row explains a third of what China's magnets need of it
    assert verdict(*asked, (SEPARATED, DROPPED)) == OTHER
    ways = [(ND, LOWEST), (MIX, LOWEST), (MIX, HIGHEST), (TERBIUM, DROPPED)]
    baseline = baseline_of(base)
    known = [Doubt(premises(*asked)[row], how) for row, how in ways]

    def conclude(doubts: Doubts) -> Conclusion:
        return model(*asked).conclude(dropped_in(doubts), moved_in(doubts))

    search = OverturningSearch(conclude, lambda _: known, baseline.margin)
    found, exact = search.smallest(2)
    pairs = [frozenset(each) for each in combinations(known, 2)]
    rows_apart = [each for each in pairs if len({doubt.premise for doubt in each}) == 2]
    brute = [each for each in rows_apart if baseline.verdict(conclude(each)) in {OTHER, CROSSED}]
    assert exact == 2
    assert named(found) == named(brute)
    assert not found
    both = ((MIX, LOWEST), (TERBIUM, DROPPED))
    assert under(*asked, *both).first == ("separation/CHN",)
    assert search.greedy() is None


@pytest.mark.parametrize(
    ("row", "how", "then"),
    [
        (MIX, HIGHEST, HOLDS),
        ("production/chn-separation-ndpr-oxide-2024-argus", DROPPED, HOLDS),
        (SOLD, DROPPED, HOLDS),
        ("baci/chn-deu-8505.11-2024", DROPPED, HOLDS),
        ("assumptions/method-heavy-magnet-share", LOWEST, HOLDS),
        ("production/chn-metal-ndpr-metal-2024-argus", DROPPED, HOLDS),
    ],
)
def test_what_single_rows_do_to_magnets_of_the_european_union(
    row: str, how: str, then: str
) -> None:
    assert verdict("NdPr", "EUE", (row, how)) == then


def test_what_nothing_is_left_for_is_not_known_and_says_why() -> None:
    gone = under("NdPr", "DEU", ("baci/chn-deu-8505.11-2024", DROPPED))
    assert gone.losses == {}
    assert gone.why == "No record is left that says where DEU buys its magnets."


def test_premises_are_numbers_with_their_rows_and_ranges() -> None:
    found = premises("Dy", "WLD")
    assert found[MIX].assumption
    assert (found[MIX].low, found[MIX].high, found[MIX].ranged_by) == (0.5, 2.0, ASSUMED)
    assert DROPPED not in {doubt.how for doubt in doubts_about(found[MIX])}
    assay = found["assays/mountain-pass-nd-reo-of-bastnaesite"]
    assert assay == found["assays/mountain-pass-nd-treo-gree-projects"]  # one median of the two
    flow = found["baci/mmr-chn-2846.90-2024"]
    assert [doubt.how for doubt in doubts_about(flow)] == [DROPPED]
    ordered = premises_of(model("Dy", "WLD").base.accounts(), "short-run")
    assert ordered == sorted(ordered)
    factors = model("Dy", "WLD").base.chemistry.factors.values()
    assert not found.keys() & {row for each in factors for row in each.rows}


def test_copies_of_one_root_are_one_premise_and_rivals_a_range() -> None:
    base = model("Dy", "WLD").base
    row = next(
        row for row, each in premises("Dy", "WLD").items() if "-mine-" in row and each.name == row
    )
    (own,) = (each for each in base.year_rows.ore_figures if each.row == row)
    tonnes = own.tonnes[0] or 0.0
    copy = replace(own, row="production/z-copy")
    rival = replace(own, row="production/z-rival", roots=frozenset({"z"}), tier=4)
    rival = replace(rival, tonnes=(2 * tonnes, None, None), preference=99)
    year_rows = replace(base.year_rows, ore_figures=[*base.year_rows.ore_figures, copy, rival])
    accounts = replace(base, year_rows=year_rows).accounts()
    found = {one: each for each in premises_of(accounts, "short-run") for one in each.rows}
    assert found[row] == found["production/z-copy"]
    assert found[row].rows == (row, "production/z-copy")
    assert (found[row].high, found[row].ranged_by) == (2 * tonnes, OTHERS)
    assert "production/z-rival" in found[row].range_rows
    assert [each.how for each in doubts_about(found["production/z-rival"])] == [DROPPED]


@pytest.mark.whole
def test_the_whole_cut_of_samarium() -> None:
    shares: list[float] = []
    cut = find_evidence_cut(
        network_of("Sm", "WLD"),
        recorded("Sm"),
        view_in_memory().schema,
        bound=0,
        step=shares.append,
    )
    assert shares == sorted(shares)
    assert shares[-1] <= 1
    assert (cut.label, cut.exact) == ("China magnets", 1)
    separated = "production/chn-separation-samarium-2025-news"
    other = "production/chn-separation-samarium-oxide-2024-benchmark"
    # without both rows nobody is printed to separate it, and separation is no longer beside it
    assert [[x.rows[0] for x in found.members] for found in cut.sets] == [[separated, other]]
    assert cut.method.startswith("exact up to 1: there are none; greedy beyond")
    assert cut.needed == ("production/chn-magnet-smco-magnet-2023-csre", separated)
    assert [line.rows[0] for line in cut.lines] == [*cut.needed]
    assert sum(part.premises for part in cut.resting) == len(cut.lines) + cut.untouched
    assert sum(part.needed for part in cut.resting) == 2
    better = {part.tier: part.without.verdict for part in cut.resting if part.without}
    assert better["tier 3"] == UNKNOWN  # magnets are printed by a weak source only
    assert better["assumption"] == UNKNOWN
    report = find_chokepoints(network_of("Sm", "WLD"), recorded("Sm"), Contingency())
    assert cut.assumptions == report.assumptions != ()
    assert {row for line in cut.lines for row in line.rows} < {*cut.rows} <= {*cut.row_keys}
    assert len(cut.rows) >= len(cut.lines) + cut.untouched
    assert replace(cut, lines=()).row_keys == cut.row_keys
    assert "rows" not in cut.to_dict()


def test_a_view_without_a_chain_says_why() -> None:
    view = view_in_memory()
    facts = read_facts(view.store, "Sm", view.valid)
    with pytest.raises(NotKnownError, match="what the United States loses is not known"):
        find_evidence_cut(view.network("Sm", "USA"), facts, view.schema)


def test_what_a_seller_is_paid_is_one_premise_that_can_be_wrong() -> None:
    known = premises("NdPr", "DEU")
    china = known["assumptions/method-magnet-unit-value-chn"]
    assert (china.low, china.value, china.high) == (44, 49.2, 60)
    assert (china.assumption, china.ranged_by) == (True, ASSUMED)
    assert [each.how for each in doubts_about(china)] == [LOWEST, HIGHEST]
    before = model("NdPr", "DEU").conclude().losses["magnet/CHN"]
    cheap, dear = (
        under("NdPr", "DEU", (china.rows[0], how)).losses["magnet/CHN"] for how in (LOWEST, HIGHEST)
    )
    assert before is not None
    assert cheap is not None
    assert dear is not None
    assert cheap > before > dear  # the dearer China's magnets are, the less of Germany's it sells
    named_there = {each.row for each in assumed_in(model("NdPr", "DEU").base, recorded("NdPr"))}
    assert china.rows[0] in named_there
    assert china.rows[0] in premises("NdPr", "WLD")
    named = {each.row for each in assumed_in(model("NdPr", "WLD").base, recorded("NdPr"))}
    assert china.rows[0] in named


def test_what_is_dropped_is_dropped_from_the_ore_too() -> None:
    mined = next(row for row in premises("Sm", "WLD") if row.startswith("production/chn-mine"))
    base = model("Sm", "WLD").without(frozenset({mined}))
    assert base.magnet_rows is not None
    for rows in (base.year_rows, base.magnet_rows):
        assert mined not in {each.row for each in rows.ore_figures}


def test_a_doubt_that_no_balance_agrees_with_is_not_known_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = model("Sm", "WLD")

    def contradict(*_: object) -> None:
        raise ProgrammeError("The numbers contradict each other.")

    monkeypatch.setattr(RankingModel, "accounts", contradict)
    found = asked.conclude(frozenset({"production/any"}))
    assert found.losses == {}
    assert found.why == "The numbers of the year would contradict each other."
