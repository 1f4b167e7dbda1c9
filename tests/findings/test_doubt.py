"""The evidence cut: hand-worked sets, brute force over all subsets, copies, bounds, real rows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monazite.errors import NotKnownError
from monazite.findings.chokepoints import find_chokepoints
from monazite.findings.conclusion import Conclusion, Place, conclude, conclude_network
from monazite.findings.doubt import find_evidence_cut
from monazite.findings.envelope import Flows, loss_bounds
from monazite.findings.evidence import CROSSED, HOLDS, OTHER, UNKNOWN, EvidenceCut
from monazite.findings.flow import Supply, serve
from monazite.findings.overturn import Doubts, Search
from monazite.findings.premises import (
    DROPPED,
    HIGHEST,
    LOWEST,
    OTHERS,
    OWN,
    Doubt,
    Premise,
    Premises,
    doubts_about,
    revise,
)
from monazite.findings.thesis import Thesis, thesis_of
from monazite.network.build import build_network
from monazite.network.facts import read_facts
from monazite.network.graph import Network
from monazite.network.revised import RecordedFacts, record
from monazite.network.shares import Figure
from tests.conftest import view_in_memory
from tests.findings.chains import chain
from tests.findings.test_structure import LAWS, networks

STAGES = ("mine", "magnet")


@dataclass(frozen=True)
class Row:
    """A row by hand: what a country makes at a stage; the first of a place speaks."""

    name: str
    pool: str
    share: float
    ends: tuple[float, float] | None = None


@dataclass
class Chain:
    """Rows by hand as a view: conclusions under doubts, and what they rest on."""

    rows: Sequence[Row]
    drawn: int = 0
    premises: dict[str, Premise] = field(init=False)

    def __post_init__(self) -> None:
        self.premises = {row.name: _premise(row) for row in self.rows}

    def speaking(self, doubts: Iterable[Doubt]) -> dict[str, tuple[Row, float]]:
        """For each pool the row that speaks, and its number."""
        by_row = {name: doubt for doubt in doubts for name in doubt.premise.rows}
        found: dict[str, tuple[Row, float]] = {}
        for row in self.rows:
            doubt = by_row.get(row.name)
            if row.pool not in found and (doubt is None or doubt.how != DROPPED):
                number = row.share if doubt is None else doubt.value
                assert number is not None
                found[row.pool] = row, number
        return found

    def draw(self, doubts: Doubts) -> Conclusion:
        """The conclusion of the chain with each pool's share of its stage."""
        self.drawn += 1
        speaking = self.speaking(doubts)
        shares: dict[str, dict[str, float]] = {stage: {} for stage in STAGES}
        for pool, (_, number) in speaking.items():
            stage, country = pool.split("/")
            shares[stage][country] = number
        if not all(shares.values()):
            return Conclusion((), "a stage has no rows")
        rests_on = frozenset(row.name for row, _ in speaking.values())
        joined = "B" in shares["mine"] and "A" in shares["magnet"]
        trade = {("mine/B", "magnet/A"): 0.3} if joined else {}
        drawn = conclude_network(chain(shares, trade))
        places = (replace(one, rows=(speaking[one.id][0].name,)) for one in drawn.places)
        return Conclusion(tuple(places), rests_on=lambda: rests_on)

    def about(self, conclusion: Conclusion) -> list[Doubt]:
        """The doubts about what a conclusion rests on."""
        names = sorted(conclusion.rests_on())
        return [doubt for name in names for doubt in doubts_about(self.premises[name])]

    def search(self, threshold: float | None = None) -> Search:
        """A search for what overturns the first conclusion."""
        thesis = thesis_of(self.draw(frozenset()), threshold)
        return Search(self.draw, self.about, thesis.nearness)

    def overturning(self, threshold: float | None = None) -> list[Doubts]:
        """All smallest sets, by trying every subset in every way."""
        thesis = thesis_of(self.draw(frozenset()), threshold)
        for size in range(len(self.rows) + 1):
            found = [
                frozenset(doubts)
                for some in combinations(sorted(self.premises.values()), size)
                for doubts in product(*map(doubts_about, some))
                if thesis.verdict(self.draw(frozenset(doubts))) in {OTHER, CROSSED}
            ]
            if found:
                return found
        return []


def _premise(row: Row) -> Premise:
    low, high = row.ends or (None, None)
    return Premise((row.name,), row.share, "percent", low, high, OWN if row.ends else "")


def named(found: Iterable[Doubts]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset((doubt.premise.rows[0], doubt.how) for doubt in doubts) for doubts in found}


def rows_of(a: int = 1, m: int = 1, ends: tuple[float, float] | None = None) -> list[Row]:
    """A mines 0.6 and B 0.4, of which 0.3 go to A; A makes 0.9 of the magnets and B 0.1.

    All of 1.0 arrives. Without A's magnets 0.1 is left, so they stand first with 0.9; without
    A's mine 0.4. If A mines nothing, B's mine is all there is.
    """
    first = [Row(f"a{place}", "mine/A", 0.6, ends) for place in range(a)]
    second = [Row(f"m{place}", "magnet/A", 0.9) for place in range(m)]
    return [*first, *second, Row("b", "mine/B", 0.4), Row("n", "magnet/B", 0.1)]


def test_one_row_overturns_the_first() -> None:
    view = Chain(rows_of(m=2))
    first = view.draw(frozenset()).places[0]
    assert first.id == "magnet/A"
    assert first.loss == pytest.approx(0.9)
    found, exact = view.search().smallest(2)
    assert (named(found), exact) == ({frozenset({("a0", DROPPED)})}, 1)


def test_two_rows_that_say_the_same_must_both_fall() -> None:
    found, exact = Chain(rows_of(a=2, m=2)).search().smallest(2)
    assert exact == 2
    both = [frozenset({(f"{name}0", DROPPED), (f"{name}1", DROPPED)}) for name in "am"]
    assert named(found) == set(both)


def test_a_number_within_its_range_overturns() -> None:
    # A mines 0.05: 0.45 arrive; without A's magnets 0.1, without B's mine 0.05 are left.
    found, _ = Chain(rows_of(m=2, ends=(0.05, 0.6))).search().smallest(1)
    assert named(found) == {frozenset({("a0", how)}) for how in (LOWEST, DROPPED)}


def test_greedy_finds_what_exact_may_not_try_and_spares_nothing() -> None:
    search = Chain(rows_of(a=4, m=5)).search()
    assert search.smallest(2) == ([], 2)
    greedy = search.greedy()
    assert greedy is not None
    assert search.overturns(greedy)
    assert not any(search.overturns(greedy - {doubt}) for doubt in greedy)
    assert len(greedy) >= len(search.smallest(4)[0][0])


def test_where_no_set_overturns_it_is_said() -> None:
    view = Chain([Row("a", "mine/A", 1.0), Row("m", "magnet/A", 1.0)])
    search = view.search(threshold=0.0)
    assert search.smallest(2) == ([], 2)
    assert search.greedy() is None


def test_a_bound_stops_the_search_at_the_size_that_was_whole() -> None:
    search = Chain(rows_of(a=2, m=2)).search()
    search.bound = 6
    assert search.smallest(3) == ([], 1)


SHARES = st.sampled_from([0.2, 0.5, 0.7, 0.9, 1.0])
ENDS = st.none() | st.tuples(SHARES, SHARES).map(lambda ends: (min(ends), max(ends)))


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    pools = [f"{stage}/{country}" for stage in STAGES for country in "AB"]
    count = draw(st.integers(2, 5))
    rows = [
        Row(f"r{place}", draw(st.sampled_from(pools)), draw(SHARES), draw(ENDS))
        for place in range(count)
    ]
    return Chain([Row("r8", "mine/A", 0.9), Row("r9", "magnet/A", 0.8), *rows])


@settings(LAWS, max_examples=25)
@given(chains(), st.sampled_from([None, 0.1, 0.95]))
def test_trying_every_subset_agrees(view: Chain, threshold: float | None) -> None:
    smallest = view.overturning(threshold)
    size = len(smallest[0]) if smallest else len(view.rows)
    search = view.search(threshold)
    found, exact = search.smallest(max(size, 1))
    assert named(found) == named(smallest)
    assert exact == max(size, 1)
    greedy = search.greedy()
    if greedy is not None:
        assert smallest
        assert len(greedy) >= size
    for doubts in found:
        for doubt in doubts:
            assert not search.overturns(doubts - {doubt})


def test_what_counts_as_overturned() -> None:
    thesis = Thesis(Place("mine/A", "A", 0.9, 0.9), 0.5)

    def verdict(**losses: float | None) -> str:
        places = [Place(f"mine/{name}", name, loss, 0.1) for name, loss in losses.items()]
        return thesis.verdict(Conclusion(tuple(places)))

    assert verdict(A=0.9, B=0.8) == HOLDS
    assert verdict(B=0.904, A=0.896) == HOLDS  # equal in whole percent
    assert verdict(B=0.92, A=0.9) == OTHER
    assert verdict(B=0.9) == OTHER
    assert verdict(A=0.4, B=0.1) == CROSSED
    assert verdict(A=None) == UNKNOWN
    assert thesis.verdict(Conclusion((), "nothing")) == UNKNOWN


@LAWS
@given(networks(), st.sampled_from([0.0, 0.3, 1.0]))
def test_a_supply_made_once_serves_as_one_made_anew(network: Network, left: float) -> None:
    supply = Supply(network)
    assert supply.fair() == serve(network).fair
    for pool in sorted(node for node in network if not node.startswith("market")):
        shares = {pool: left * network.nodes[pool]["share"]}
        assert supply.fair(shares) == serve(network, shares=shares).fair


@LAWS
@given(networks(), st.data())
def test_bounds_hold_for_every_network_between(network: Network, data: st.DataObject) -> None:
    low, between = network.copy(), network.copy()
    for source, target, key, arc in network.edges(keys=True, data=True):
        if arc["kind"] == "trade" and not target.startswith("market"):
            part, more = data.draw(st.tuples(st.floats(0, 1), st.floats(0, 1)))
            low.edges[source, target, key]["share"] = part * arc["share"]
            kept = part + (1 - part) * more
            between.edges[source, target, key]["share"] = kept * arc["share"]
    bounds = loss_bounds(low, network)
    if bounds is None:
        return
    for place in conclude_network(between).places:
        least, most = bounds[place.id]
        assert place.loss is not None
        assert least - 1e-9 <= place.loss <= most + 1e-9


@cache
def recorded(element: str) -> RecordedFacts:
    view = view_in_memory()
    return record(read_facts(view.store, element, view.valid))


@pytest.mark.parametrize(
    ("element", "market"), [("Dy", "USA"), ("MREE", "WLD"), ("NdPr", "EUE"), ("Dy", "JPN")]
)
def test_the_conclusion_is_the_report(element: str, market: str) -> None:
    drawn = conclude(recorded(element), market)
    report = find_chokepoints(build_network(recorded(element), market)).chokepoints
    assert [place.id for place in drawn.places] == [point.id for point in report]
    for place, point in zip(drawn.places, report, strict=True):
        assert place.loss == pytest.approx(point.loss)


@pytest.mark.parametrize(("element", "market"), [("Dy", "USA"), ("NdPr", "EUE"), ("La", "WLD")])
def test_rows_that_it_does_not_rest_on_change_nothing_however_many(
    element: str, market: str
) -> None:
    facts = recorded(element)
    inside = sorted(row for row in conclude(facts, market).rests_on() if row in facts.tiers)
    for gone in ((), inside[::7], inside[3::5]):
        after = conclude(revise(facts, [Doubt(Premise(tuple(gone)), DROPPED)]), market)
        outside = sorted(facts.tiers.keys() - after.rests_on())
        assert len(outside) > 1000
        for more in (outside, outside[::3]):
            doubt = Doubt(Premise((*gone, *more)), DROPPED)
            assert conclude(revise(facts, [doubt]), market) == after


def test_flows_that_are_spared_overturn_nothing() -> None:
    facts = recorded("MREE")
    base = conclude(facts, "WLD")
    thesis = thesis_of(base)
    premises = Premises(facts).of(base.rests_on())
    doubts = [doubt for premise in premises for doubt in doubts_about(premise)]
    spared = Flows(facts, "WLD", thesis.surely_holds).spared(frozenset(), doubts)
    assert len(spared) > 20
    for doubt in sorted(spared)[::6]:
        assert thesis.verdict(conclude(revise(facts, [doubt]), "WLD")) == HOLDS
    assert not any(doubt.premise.rows[0] == "baci/aus-mys-2805.30-2024" for doubt in spared)


def figure(row: str, share: float, *, root: str, year: int = 2024, **more: float) -> Figure:
    percent = (share, more.get("low"), more.get("high"))
    return Figure(
        *(row, "CHN", False, "magnet", 1, year, "news", "share", 3, "2025", 99, "m"),
        (None, None, None),
        percent,
        roots=frozenset({root}),
    )


def premises_of(figures: Sequence[Figure], monkeypatch: pytest.MonkeyPatch) -> Premises:
    facts = record(recorded("Dy"))
    facts.__dict__.update(own_figures=list(figures), magnet_figures=[])
    facts._kept["figures", "treo"] = []
    return Premises(facts)


def test_copies_of_one_root_are_one_premise(monkeypatch: pytest.MonkeyPatch) -> None:
    first = figure("production/a", 90.0, root="x")
    copy = figure("production/b", 90.0, root="x")
    other = figure("production/c", 85.0, root="y")
    earlier = figure("production/d", 80.0, root="x", year=2023)
    premises = premises_of([first, copy, other, earlier], monkeypatch)
    found = premises.of(["production/a"])
    assert found == premises.of(["production/b"])
    assert found[0].rows == ("production/a", "production/b")
    assert (found[0].low, found[0].high, found[0].ranged_by) == (80.0, 90.0, OTHERS)
    assert found[0].range_rows == ("production/d",)


def test_a_printed_range_is_a_range_and_a_lone_number_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = premises_of([figure("production/a", 90.0, root="x")], monkeypatch)
    (premise,) = alone.of(["production/a"])
    assert (premise.low, premise.high, premise.ranged_by) == (None, None, "")
    assert [doubt.how for doubt in doubts_about(premise)] == [DROPPED]
    ranged = premises_of([figure("production/a", 90.0, root="x", low=85, high=95)], monkeypatch)
    (premise,) = ranged.of(["production/a"])
    assert (premise.low, premise.high, premise.ranged_by) == (85.0, 95.0, OWN)
    assert [doubt.how for doubt in doubts_about(premise)] == [DROPPED, LOWEST, HIGHEST]


@cache
def cut_of(element: str, market: str) -> EvidenceCut:
    return find_evidence_cut(recorded(element), market, view_in_memory().schema)


def test_a_set_overturns_a_real_view_without_its_rows() -> None:
    cut = cut_of("MREE", "WLD")
    assert cut.exact == 1
    members = [one.members[0] for one in cut.sets if one.outcome.verdict == OTHER]
    dropped = next(one for one in members if one.rows[0].startswith("production/"))
    assert dropped.how == DROPPED
    report = view_in_memory(without=dropped.rows).chokepoints("MREE")
    outcome = next(one.outcome for one in cut.sets if one.members == (dropped,))
    assert report.chokepoints[0].label == outcome.first
    assert report.chokepoints[0].label != cut.label


def test_every_line_tells_its_row_and_sources_and_a_row_in_a_set_has_an_effect() -> None:
    cut = cut_of("MREE", "WLD")
    assert all(line.text and line.sources and line.rows for line in cut.lines)
    told = {line.rows: line for line in cut.lines}
    for found in cut.sets:
        for member in found.members:
            assert any(outcome.verdict != HOLDS for outcome in told[member.rows].outcomes)
    weights = [part.weight for part in cut.resting if part.weight is not None]
    assert sum(weights) == pytest.approx(1)
    assert {"assumptions/method-trade-element-mix"} <= set(cut.needed)


def test_the_threshold_may_be_given() -> None:
    facts, schema = recorded("MREE"), view_in_memory().schema
    cut = find_evidence_cut(facts, "WLD", schema, threshold=0.937, size=1)
    crossed = [one for one in cut.sets if one.outcome.verdict == CROSSED]
    assert len(crossed) > sum(one.outcome.verdict == CROSSED for one in cut_of("MREE", "WLD").sets)


def test_a_market_without_rows_is_ranked_by_share() -> None:
    cut = cut_of("Dy", "JPN")
    assert (cut.loss, cut.threshold) == (None, None)
    assert any("by share" in note for note in cut.notes)


def test_another_model_is_another_function() -> None:
    def always(facts: object, market: str) -> Conclusion:
        del facts, market
        return Conclusion((Place("mine/A", "A at mine", 0.5, 0.5),))

    cut = find_evidence_cut(recorded("Dy"), "WLD", view_in_memory().schema, draw=always)
    assert (cut.first, cut.sets, cut.lines) == ("mine/A", (), ())
    assert any("No set of up to 2" in note for note in cut.notes)

    def nothing(facts: object, market: str) -> Conclusion:
        del facts, market
        return Conclusion((), "nothing is known")

    with pytest.raises(NotKnownError, match="nothing is known"):
        find_evidence_cut(recorded("Dy"), "WLD", view_in_memory().schema, draw=nothing)


HASHED = """
from monazite.findings.doubt import find_evidence_cut
from monazite.network.facts import read_facts
from monazite.pages.doubt import doubt_dict
from monazite.pages.report import to_json
from monazite.view import load
view = load()
cut = find_evidence_cut(read_facts(view.store, "MREE", view.valid), "WLD", view.schema, size=1)
print(to_json(doubt_dict(cut)))
"""


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    def run(seed: str) -> bytes:
        env: Mapping[str, str] = {**os.environ, "PYTHONHASHSEED": seed}
        words = [sys.executable, "-c", HASHED]
        return subprocess.run(words, env=env, capture_output=True, check=True).stdout

    assert run("1") == run("2")
