"""What is asked about a bill, what an answer settles, and the records that answers make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from monazite.analysis.rules.compiled import CompiledRules, compile_rules
from monazite.analysis.rules.conditions import read_conditions
from monazite.bom.answers import Answers, AskableQuestion, GivenAnswer, askable_of
from monazite.bom.bill import Bill, BillSupplier, ElementContent
from monazite.bom.exposure import country_codes, find_exposure, known_materials
from monazite.bom.figures import MagnetPassport, PublicStage
from monazite.bom.filling import NO_PROFILE, BuyerProfile, filled_bill, filled_line, filled_profile
from monazite.bom.inquiry import Inquiry
from monazite.bom.judged_lines import BillJudge, material_faults, opened_again
from monazite.bom.questionnaire import YOU, AskedQuestion, Questionnaire, questionnaire_tables
from monazite.bom.result import Exposure
from monazite.core.errors import NotKnownError
from monazite.store.names import Entity
from monazite.store.store import Store
from tests.bom.bills import line
from tests.conftest import view_in_memory
from tests.results import records_in

pytestmark = pytest.mark.whole


UNION = Entity("https://w3id.org/monazite/id/area/EUE", "European Union", frozenset())
DAYS = ("2025-03-31", "2025-04-04", "2026-12-02")
BILL = Bill(
    "b.csv",
    "",
    (
        replace(line("motor"), row=2, made_in="Germany"),
        replace(line("rotor", suppliers=(BillSupplier("Rotors"),), above=(0,)), row=3),
        replace(
            line("magnet", 8, mass=20, material="NdFeB", suppliers=(BillSupplier("Magnets"),),
                 above=(1,)),
            row=4,
        ),
        replace(line("sensor magnet", 1, mass=5, grade="40H", above=(0,)), row=5),
        replace(line("housing", 1, mass=900, material="Steel", above=(0,)), row=6),
    ),
)  # fmt: skip


@cache
def compiled(store: Store) -> CompiledRules:
    return compile_rules(store, DAYS)


class AskedBill:
    """A bill with answers, and what is asked about it."""

    def __init__(
        self, store: Store, answers: Sequence[GivenAnswer] = (), bill: Bill = BILL
    ) -> None:
        self.store, self.read, self.answers = store, bill, answers
        self.country = country_codes(store)
        self.askable = askable_of(bill)
        self.bill, self.faults = filled_bill(bill, self.askable, answers, self.country)
        self.buyer, _ = filled_profile(NO_PROFILE, answers)
        self.shown: Exposure = find_exposure(store, self.bill, UNION)
        self.rules = compiled(store)

    def settling(self, profile: BuyerProfile | None = None) -> BillJudge:
        return BillJudge(
            *(self.rules, self.bill, self.shown.lines, known_materials(self.store), "EUE"),
            *(self.country, self.buyer if profile is None else profile),
        )

    def questions(self, *, records: bool = False) -> tuple[AskedQuestion, ...]:
        asking = Questionnaire(
            *(self.settling(), self.askable, self.shown.lines, known_materials(self.store)),
            read_conditions(self.store),
            {each.text: [key for key, _ in each.candidates] for each in self.shown.matches},
            {each.key for each in self.answers},
            records=records,
        )
        return asking.questions(self.buyer)

    def asked(self, kind: str, place: int) -> AskableQuestion:
        return next(x for x in self.askable.values() if x.kind == kind and place in x.places)

    def answer(self, kind: str, place: int, given: object, row: int = 2) -> GivenAnswer:
        key = self.asked(kind, place).key
        return GivenAnswer(key, given, "", "a.csv", row, "column G")  # type: ignore[arg-type]


TESTED = (
    *(ElementContent(x, 0, 0, "tested") for x in ("Tb", "Gd", "Sm", "Ce", "Lu", "Sc", "Y")),
    *(ElementContent("Dy", 0.05, 0.05, "tested"), ElementContent("Nd", 25, 25, "tested")),
    ElementContent("Pr", 5, 5, "tested"),
)


def test_the_answer_that_settles_most_comes_first_and_grams_after(store: Store) -> None:
    found = AskedBill(store).questions()
    assert [each.settles for each in found] == sorted((x.settles for x in found), reverse=True)
    by_key = {(each.supplier, each.question): each for each in found}
    made = by_key["Magnets", "In which country is it made?"]
    assert (made.parts, made.settles > 0, made.write.startswith("a country")) == (
        *(("magnet",), True, True),
    )
    assert by_key["", "Which material and grade is it?"].parts == ("sensor magnet",)
    content = by_key["Magnets", "How much of each rare earth does it hold?"]
    assert content.grams is not None
    assert content.grams > 0
    assert {each.supplier for each in found} == {"", "Magnets", "Rotors", YOU}
    assert not any("housing" in each.parts for each in found)
    assert not any(each.question == "Which coating has it?" for each in found)


def test_what_a_record_of_a_magnet_needs_is_asked_where_one_is_wanted(store: Store) -> None:
    found = {each.question: each for each in AskedBill(store).questions(records=True)}
    assert found["Which coating has it?"].parts == ("magnet",)
    assert found["Which share of its rare earths is recycled?"].settles == 0


@pytest.mark.parametrize("country", ["CHE", pytest.param("CHN", marks=pytest.mark.whole)])
def test_asking_and_answering_and_asking_again_leaves_fewer(store: Store, country: str) -> None:
    first = AskedBill(store)
    answers = [
        first.answer("made-in", 1, (country,)),
        first.answer("made-in", 2, (country,)),
        first.answer("content", 2, TESTED),
        first.answer("material", 3, "ferrite"),
    ]
    left = {each.key for each in first.questions()}
    for count in range(1, len(answers) + 1):
        again = AskedBill(store, answers[:count])
        assert again.faults == []
        keys = {each.key for each in again.questions()}
        assert answers[count - 1].key not in keys
        assert len(keys) < len(left)
        left = keys


def test_the_table_has_blanks_for_the_answers_and_is_grouped_by_supplier(store: Store) -> None:
    found = AskedBill(store).questions()
    tables = questionnaire_tables(found)
    rows = [row for table in tables for row in records_in(table)]
    assert {row["key"] for row in rows} == {each.key for each in found}
    assert {row[name] for row in rows for name in ("answer", "evidence", "date")} == {""}
    suppliers = [row["supplier"] for row in rows]
    assert [name for name, _ in groupby(suppliers)] == [*dict.fromkeys(suppliers)]
    assert all(x.heading.startswith("Questions to ") for x in tables)


MAGNET, SENSOR, HOUSING = 2, 3, 4


def settled(before: BillJudge, after: BillJudge, places: Iterable[int]) -> int:
    """Judgements of some lines that are open before and settled after, one by one."""
    return sum(
        was == "may" and now in {"caught", "not"}
        for place in places
        for old, new in zip(before.outcomes(place), after.outcomes(place), strict=True)
        for was, now in zip(old, new, strict=True)
    )


def test_what_is_open_before_and_settled_after_is_counted(store: Store) -> None:
    """Made in Switzerland: announcement 18 leaves the magnet out, in every layer on two days."""
    rotor = replace(BILL.lines[1], suppliers=(BillSupplier("Rotors", made_in="Germany"),))
    bill = replace(BILL, lines=(BILL.lines[0], rotor, *BILL.lines[2:]))
    asking = AskedBill(store, bill=bill)
    settling = asking.settling()
    assert settling.judged == (MAGNET, SENSOR)  # a grade that may be a steel is asked about too
    each = settling.line(MAGNET)
    made, _ = filled_line(each.line, asking.asked("made-in", MAGNET), ("CHE",), asking.country)
    count = settling.by_making({MAGNET: replace(each, line=made)})
    after = AskedBill(store, [asking.answer("made-in", MAGNET, ("CHE",))], bill).settling()
    assert count == settled(settling, after, [MAGNET]) >= 6
    assert settling.by_making({HOUSING: settling.line(HOUSING)}) == 0  # nothing hangs on it


def test_what_a_thing_is_built_into_settles_judgements_of_what_is_in_it(store: Store) -> None:
    first = AskedBill(store, bill=GRADED)
    asking = AskedBill(store, [first.answer("made-in", MAGNET, ("CHN",))], GRADED)
    settling = asking.settling()
    rotor = settling.line(1)
    made, _ = filled_line(rotor.line, asking.asked("made-in", 1), ("DEU",), asking.country)
    assert settling.by_making({1: replace(rotor, line=made)}) > 0  # whether it leaves China loose


def test_the_buyer_settles_all_lines_at_once(store: Store) -> None:
    asking, civil = AskedBill(store), replace(NO_PROFILE, facts={"us-defence": False})
    settling = asking.settling()
    by_hand = settled(settling, asking.settling(civil), settling.judged)
    assert settling.by_profile(civil) == by_hand > 0
    assert settling.by_profile(BuyerProfile()) == 0


def test_what_is_settled_and_opened_again_is_told(store: Store) -> None:
    asking = AskedBill(store)
    before = asking.settling()
    first = AskedBill(store, [asking.answer("made-in", MAGNET, ("CHE",))]).settling()
    opened = {(place, day) for place, _, day in first.unsettled_by(before)}
    assert (MAGNET, "2025-04-04") in opened
    assert list(before.unsettled_by(first)) == []


GRADED = replace(
    BILL, lines=(*BILL.lines[:2], replace(BILL.lines[2], grade="N42SH"), *BILL.lines[3:])
)


def opened(store: Store, first: AskedBill, *contents: ElementContent) -> list[str]:
    answers = [first.answer("content", 2, contents, row=9)]
    again = AskedBill(store, answers, first.read)
    found = opened_again(answers, first.askable, first.read, first.settling(), again.settling())
    return [str(each) for each in found]


def test_an_answer_that_opens_what_the_bill_settles_is_a_fault(store: Store) -> None:
    """N42SH holds dysprosium by records; 0 to 1 % of it leaves open what was caught."""
    seller = replace(GRADED.lines[2].suppliers[0], made_in="China")
    magnet = replace(GRADED.lines[2], suppliers=(seller,))
    chinese = replace(GRADED, lines=(*GRADED.lines[:2], magnet, *GRADED.lines[3:]))
    first = AskedBill(store, bill=chinese)
    [said] = opened(store, first, ElementContent("Dy", 0, 1, "declared"))
    assert said.startswith("a.csv:9: column G: it makes open what row 4 of the bill settles: ")
    assert "Announcement 18" in said
    assert opened(store, first, ElementContent("Dy", 1, 1, "tested")) == []


def test_an_answer_names_no_other_material_than_the_bill(store: Store) -> None:
    first = AskedBill(store)

    def faults(place: int, given: str) -> list[str]:
        answers = [first.answer("material", place, given)]
        after = AskedBill(store, answers).shown.lines
        materials = known_materials(store)
        found = material_faults(answers, first.askable, first.shown.lines, after, materials)
        return [str(each) for each in found]

    assert faults(2, "NdFeB N42SH") == []  # a grade of what the bill names
    assert "row 4 of the bill says NdFeB magnet" in faults(2, "SmCo 2:17")[0]
    assert "it names no material that is known" in faults(3, "unobtainium")[0]


def passports(store: Store, asking: AskedBill) -> tuple[MagnetPassport, ...]:
    held = Inquiry(store, asking.read, answers=Answers(tuple(asking.answers)))
    return held.passports(asking.shown)


def test_each_magnet_has_one_and_what_nobody_says_stays_blank(store: Store) -> None:
    [found] = passports(store, AskedBill(store, bill=GRADED))  # 40H may be a steel
    assert (found.sheet_row, found.kind, found.mass, found.pieces) == (4, "ndfeb", 20, 8)
    dy = next(each for each in found.contents if each.element == "Dy")
    assert (dy.percent_low, dy.percent_high, dy.evidence) == (2, 4.5, "grade")
    assert dy.rows == ("assumptions/ndfeb-sintered-magnet-sh-dy-content-by-grade-dy",)
    assert (found.coating, found.recycled, found.seat) == ("", None, "rotor in motor")
    assert {**found.asked} == {"crma-28": "not", "crma-29": "not"}


def test_answers_fill_it(store: Store) -> None:
    first = AskedBill(store)
    answers = [
        first.answer("coating", 2, "Ni-Cu-Ni"),
        first.answer("seat", 2, "surface of the rotor"),
        first.answer("recycled", 2, 15.0),
    ]
    [found] = passports(store, AskedBill(store, answers))
    assert (found.coating, found.seat, found.recycled) == ("Ni-Cu-Ni", "surface of the rotor", 15)


PUBLIC = {
    ("Nd", "mine"): PublicStage("CHN", 0.69, 2025, 5000, ("production/x",)),
    ("Nd", "separation"): PublicStage("CHN", 0.9, 2025, 8000, ("production/y",)),
}


def test_coverage_is_by_mass_and_each_line_says_by_what(store: Store) -> None:
    """Magnets of 100, 200 and 700 g: mined as answered, magnets made as the bill says or not."""
    suppliers = (
        [BillSupplier("A", made_in="Japan")],
        [BillSupplier("B")],
        [BillSupplier("C", made_in="China"), BillSupplier("D")],
    )
    held_in = (ElementContent("Nd", 30, 30, "tested"), ElementContent("La", 1, 1, "tested"))
    lines = [
        replace(line("magnet", 1, mass=mass, suppliers=tuple(sold), contents=held_in), row=row)
        for row, (mass, sold) in enumerate(zip((100, 200, 700), suppliers, strict=True), 2)
    ]
    read = Bill("b.csv", "", tuple(lines))
    asking = AskedBill(store, bill=read)
    answers = [
        asking.answer("mine", 0, ("AUS",)),
        asking.answer("made-in", 1, ("DEU",)),
        asking.answer("recycled", 1, 12.0),
    ]
    asking = AskedBill(store, answers, read)
    inquiry = Inquiry(store, read, answers=Answers(tuple(answers)))
    held = inquiry.map_24(asking.shown, asking.rules, PUBLIC)
    assert held.elements == ("Nd",)  # lanthanum is no strategic one
    shares = {each.stage: {**each.shares} for each in held.coverage}
    assert shares == {
        "mine": {"answer": 0.1, "public information": 0.9},
        "separation": {"public information": 1},
        "metal": {"not known": 1},
        "alloy": {"not known": 1},
        "magnet": {"bill": 0.1, "answer": 0.2, "not known": 0.7},
    }
    by_stage = {(each.sheet_row, each.stage): each for each in held.stages}
    assert by_stage[2, "mine"].countries == ("AUS",)
    assert by_stage[3, "mine"].public == PUBLIC["Nd", "mine"]
    assert by_stage[4, "magnet"].countries == ()  # one of two sources does not say
    assert held.single_sources == (2, 3)
    assert {**held.recycled} == {"3": 12.0}
    assert held.outcome == "not"  # nothing was judged


DRIVE_UNIT = Path(__file__).parents[2] / "examples" / "bills" / "drive-unit.xlsx"


def states(market: str, day: str, profile: Path | None = None) -> dict[str, str]:
    found = view_in_memory().exposure(
        DRIVE_UNIT, market, days=[day], profile=profile, licence="mofcom-gac-2025-18"
    )
    return {each.id.removeprefix("mofcom-18-"): each.state for each in found.licence}


def test_it_is_have_missing_or_not_ours(tmp_path: Path) -> None:
    profile = tmp_path / "buyer.toml"
    profile.write_text('documents = ["mofcom-18-end-use-certificate"]', "utf-8")
    told = states("EUE", "2026-11-24", profile)
    assert told["end-use-certificate"] == "have"
    assert told["introduction"] == "missing"  # of importer and end user
    assert told["application-form"] == "not ours"  # of the exporter
    assert states("EUE", "2026-11-24")["end-use-certificate"] == "missing"


def test_what_came_later_or_is_of_another_destination_is_left_out() -> None:
    """Photos of the product are asked for since November 2025, Indian stamps of India."""
    early, late = states("EUE", "2025-06-01"), states("EUE", "2025-12-01")
    assert late.keys() - early.keys() == {
        *("company-introduction", "product-photos", "transactions")
    }
    assert states("IND", "2025-06-01").keys() - early.keys() == {"india-stamps"}


def test_where_no_row_tells_it_is_not_known() -> None:
    with pytest.raises(NotKnownError, match="no documents that a licence under"):
        view_in_memory().exposure(DRIVE_UNIT, "EUE", licence="eu-crma-2024")
