"""What overturns a conclusion, by hand, by brute force and on the shipped rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monazite.analysis.chokepoints.chokepoints import find_chokepoints
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.robustness.conclusion import (
    ASSUMED,
    CROSSED,
    DROPPED,
    HOLDS,
    LOWEST,
    OTHER,
    OTHERS,
    OWN,
    RIVAL_PART,
    UNKNOWN,
    Baseline,
    Conclusion,
    Doubt,
    Premise,
    RankingModel,
    baseline_of,
    doubts_about,
    dropped_in,
    model_of,
    moved_in,
    premises_of,
)
from monazite.analysis.robustness.evidence_cut import Doubts, OverturningSearch, find_evidence_cut
from monazite.core.errors import NotKnownError, ProgrammeError
from monazite.data.parameters import Contingency
from monazite.model.network.attributes import Network
from monazite.model.network.facts import RevisedFacts, read_facts, record
from tests.conftest import view_in_memory
from tests.model.evidence_by_hand import CUT, SAYS
from tests.results import records_in


@dataclass(frozen=True)
class Row:
    """A row by hand: what the world loses without a place; the first of a place speaks."""

    name: str
    place: str
    loss: float
    ends: tuple[float, float] | None = None


@dataclass
class Rows:
    """Rows by hand as a view: conclusions under doubts, and what they rest on."""

    rows: Sequence[Row]
    premises: dict[str, Premise] = field(init=False)

    def __post_init__(self) -> None:
        self.premises = {row.name: _premise(row) for row in self.rows}

    def speaking(self, doubts: Iterable[Doubt]) -> dict[str, tuple[Row, float]]:
        """For each place the row that speaks, and its number."""
        by_row = {doubt.premise.name: doubt for doubt in doubts}
        found: dict[str, tuple[Row, float]] = {}
        for row in self.rows:
            doubt = by_row.get(row.name)
            if row.place not in found and (doubt is None or doubt.how != DROPPED):
                number = row.loss if doubt is None else doubt.value
                assert number is not None
                found[row.place] = row, number
        return found

    def conclude(self, doubts: Doubts) -> Conclusion:
        """The losses that the speaking rows tell."""
        speaking = self.speaking(doubts)
        places = dict.fromkeys(row.place for row in self.rows)
        return Conclusion(
            {each: speaking[each][1] if each in speaking else None for each in places}
        )

    def about(self, doubts: Doubts) -> list[Doubt]:
        """The doubts about the rows that speak."""
        names = sorted(row.name for row, _ in self.speaking(doubts).values())
        return [doubt for name in names for doubt in doubts_about(self.premises[name])]

    def search(self, threshold: float | None = None, bound: int = 10_000) -> OverturningSearch:
        """A search for what overturns the first conclusion."""
        baseline = baseline_of(self.conclude(frozenset()), threshold)
        return OverturningSearch(self.conclude, self.about, baseline.margin, bound=bound)

    def overturning(self, threshold: float | None = None) -> list[Doubts]:
        """All smallest sets, by trying every subset in every way."""
        baseline = baseline_of(self.conclude(frozenset()), threshold)
        for size in range(len(self.rows) + 1):
            found = [
                frozenset(doubts)
                for some in combinations(sorted(self.premises.values()), size)
                for doubts in product(*map(doubts_about, some))
                if baseline.verdict(self.conclude(frozenset(doubts))) in {OTHER, CROSSED}
            ]
            if found:
                return found
        return []


def _premise(row: Row) -> Premise:
    low, high = row.ends or (None, None)
    return Premise((row.name,), row.name, row.loss, "", low, high, OWN if row.ends else "")


def named(found: Iterable[Doubts]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset((doubt.premise.rows[0], doubt.how) for doubt in doubts) for doubts in found}


def test_the_row_that_takes_the_place_of_another_overturns() -> None:
    rows = Rows([Row("a", "A", 0.9), Row("a2", "A", 0.5), Row("b", "B", 0.6)])
    found, exact = rows.search().smallest(2)
    assert (named(found), exact) == ({frozenset({("a", DROPPED)})}, 1)


def test_two_rows_that_say_the_same_must_both_fall() -> None:
    first = [Row("a", "A", 0.9), Row("a2", "A", 0.88), Row("a3", "A", 0.5)]
    rows = Rows([*first, Row("b", "B", 0.6)])
    found, exact = rows.search().smallest(2)
    assert (named(found), exact) == ({frozenset({("a", DROPPED), ("a2", DROPPED)})}, 2)


def test_a_number_within_its_range_overturns_and_one_that_is_gone_does_not() -> None:
    rows = Rows([Row("a", "A", 0.9, (0.5, 0.9)), Row("b", "B", 0.6)])
    found, _ = rows.search().smallest(1)
    assert named(found) == {frozenset({("a", LOWEST)})}


def test_what_a_bound_forbids_greedy_finds_and_spares_nothing() -> None:
    rows = Rows([Row("a", "A", 0.9, (0.7, 0.9)), Row("b", "B", 0.6, (0.6, 0.75))])
    search = rows.search(bound=2)
    assert search.smallest(2) == ([], 1)
    assert search.greedy() is not None
    assert named([search.greedy() or frozenset()]) == named(rows.overturning())


def test_where_no_set_overturns_it_is_said() -> None:
    search = Rows([Row("a", "A", 1.0)]).search(threshold=0.0)
    assert search.smallest(2) == ([], 2)
    assert search.greedy() is None


LOSSES = st.sampled_from([0.2, 0.5, 0.7, 0.9, 1.0])
ENDS = st.none() | st.tuples(LOSSES, LOSSES).map(lambda ends: (min(ends), max(ends)))


@st.composite
def some_rows(draw: st.DrawFn) -> Rows:
    rows = [
        Row(f"r{place}", draw(st.sampled_from("AB")), draw(LOSSES), draw(ENDS))
        for place in range(draw(st.integers(1, 4)))
    ]
    return Rows([Row("r9", "A", 0.9), Row("r8", "B", 0.5), *rows])


@given(some_rows(), st.sampled_from([None, 0.1, 0.95]))
def test_trying_every_subset_agrees(rows: Rows, threshold: float | None) -> None:
    smallest = rows.overturning(threshold)
    size = len(smallest[0]) if smallest else len(rows.rows)
    search = rows.search(threshold)
    found, exact = search.smallest(max(size, 1))
    assert named(found) == named(smallest)
    assert exact == max(size, 1)
    greedy = search.greedy()
    if greedy is not None:
        assert smallest
        assert len(greedy) >= size
        assert not any(search.overturns(greedy - {doubt}) for doubt in greedy)


def test_what_counts_as_overturned() -> None:
    baseline = Baseline(("A", "B"), 0.9, 0.5)

    def verdict(**losses: float | None) -> str:
        return baseline.verdict(Conclusion(losses))

    assert verdict(A=0.9, B=0.9, C=0.8) == HOLDS
    assert verdict(A=0.906, B=0.897, C=0.9) == HOLDS  # less than a whole percent
    assert verdict(A=0.9, B=0.9, C=0.92) == OTHER
    assert verdict(A=0.9, B=0.88, C=0.1) == OTHER  # one of two is no longer first
    assert verdict(A=0.4, B=0.4, C=0.1) == CROSSED
    assert verdict(A=0.9, B=None) == UNKNOWN
    assert baseline.verdict(Conclusion({}, "nothing")) == UNKNOWN
    assert baseline.margin(Conclusion({"A": 0.9, "B": 0.9, "C": 0.8})) == pytest.approx(0.11)


MIX = "assumptions/method-trade-element-mix"
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
    """Whether a conclusion is that of a report; the losses that it prints."""
    beside = {x.id for x in report.chokepoints if x.id[:8] == "country/"} - found.losses.keys()
    told = [each for each in report.chokepoints if each.id not in beside]
    printed = {each.id: each.loss for each in told if each.loss is not None}
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


def test_without_one_row_the_same_is_first_of_the_magnets_of_the_union() -> None:
    row = "production/chn-separation-ndpr-oxide-2024-argus"
    assert verdict("NdPr", "EUE", (row, DROPPED)) == HOLDS


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


def test_a_view_without_a_chain_says_why() -> None:
    view = view_in_memory()
    facts = read_facts(view.store, "Sm", view.valid)
    with pytest.raises(NotKnownError, match="what the United States loses is not known"):
        find_evidence_cut(view.network("Sm", "USA"), facts, view.schema)


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


def test_a_set_has_one_line_for_each_of_its_rows_and_ends_with_what_follows() -> None:
    sets, _, _ = CUT.tables()
    assert sets.heading.endswith("short run: what would unseat A mining and B metal as first")
    assert [(x["figures"], x["what is wrong"], x["then"]) for x in records_in(sets)] == [
        ("2", f"lowest, 1 t: {SAYS}", "and"),
        ("", "lowest, 0.5: x", "first: C mining"),
    ]
    said = " ".join((*sets.remarks, *sets.details))
    assert "First is A mining, beside B metal, 90 % lost for good; next is C mining, 40 %" in said
    assert (
        "when another overtakes one of them by a whole per cent, or the loss crosses 45 %" in said
    )
    assert "upper bound (1,234 trials)" in said
    assert "without any one of them it is no longer known: production/a." in said
    assert "A note." in said


def test_a_line_tells_what_each_doubt_does() -> None:
    _, lines, resting = CUT.tables()
    (told,) = records_in(lines)
    assert told["what it says"] == f"{SAYS} (2 records of one root)"
    assert (told["evidence"], told["dropped"]) == ("news", "no longer known")
    assert (told["lowest"], told["highest"]) == ("1 t: loss 20 %", "as it is")
    assert told["range from"] == OTHERS
    assert "7 figures; dropping any one changes nothing." in lines.remarks
    (told,) = records_in(resting)
    assert (told["rests on"], told["figures"], told["needed"]) == ("news", "1", "1")
    assert (told["weight"], told["from better alone"]) == ("75 %", "first: C mining")
    assert resting.remarks[0] == (
        "On news, weak sources and assumptions rest 1 of 1 record and 75 % of the weight."
    )


def test_json_and_csv_tell_the_same_in_plain_numbers() -> None:
    plain = json.loads(json.dumps(CUT.content()))
    assert (plain["loss"], plain["needed"], plain["horizon"]) == (
        0.9,
        ["production/a"],
        "short-run",
    )
    table = CUT.csv_tables()[0]
    found = records_in(table)
    outcomes = plain["lines"][0]["outcomes"]
    assert [(each["how"], each["verdict"]) for each in found] == [
        (each["how"], each["verdict"]) for each in outcomes
    ]
    assert found[1]["tried"] == "1"
    assert found[0]["why"] == "No record is left that gives A mining."
