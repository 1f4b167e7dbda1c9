"""The answers of a brief follow by rules from its numbers, and every footnote has its source."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from monazite.analysis.chokepoints.figures import BaseYearFigures, Chokepoint
from monazite.analysis.chokepoints.result import Chokepoints
from monazite.analysis.concentration.by_year import ConcentrationYear
from monazite.analysis.concentration.shares import OF_A_GROUP, StageShares
from monazite.analysis.mitigation.fixes import AddedCapacity, Fix, Fixes
from monazite.analysis.timeline.dated_events import DatedEvent
from monazite.core.results import Assumption
from monazite.data.parameters import Contingency
from monazite.model.network.facts import read_facts
from monazite.report.brief.brief import write_brief
from monazite.report.brief.dates import headline_subject, leads_in_words, since_answer
from monazite.report.brief.document import Brief, Footnotes
from monazite.report.brief.gathered import BriefFindings, read_found
from monazite.report.brief.news import News
from monazite.store.cards import RowCard, SourceLine
from monazite.view.view import View
from tests.analysis.scenarios.test_released import HARD, SPARED
from tests.conftest import view_in_memory


@cache
def found_for(element: str, market: str, tier: int | None = None) -> BriefFindings:
    """What a brief is written from."""
    view = view_in_memory(tier=tier)
    facts = read_facts(view.store, element, view.valid)
    return read_found(view.network(element, market), facts, view.schema)


SHARES = StageShares(
    *("separation", 0.1, "China", 0.9, 8100.0, "world, as the share is printed", "reo", 2024),
    ("production/a",), "", 0.85, 0.9,
)  # fmt: skip
LINE = Chokepoint(
    rank=1,
    id="separation/CHN",
    label="China separation",
    kind="country",
    stage="separation",
    country="CHN",
    event="outage",
    loss=0.69,
    loss_low=0.5,
    loss_high=0.9,
    limited_by=("Dy",),
    limited_at="separation",
    dominator=True,
    in_minimum_cut=True,
    routes_without=1,
    share=0.9,
    coverage=0.1,
    basis="reo",
    year=2024,
    rows=("production/a",),
    assumptions=("assumptions/a",),
    home_first=0.8,
)
BASE = BaseYearFigures(
    *(2024, "magnets", "t", 1234.0, "short-run", 1.25, 1.1, 0.0, "outage", None),
    {"mine": 0.07, "metal": 0.0},
    {},
    ("production/a", "trade/a", "trade/b"),
    ("trade/a",),
)
CARDS = {
    name: RowCard(name, name.split("/")[0], "", "", "", (SourceLine(*cells),), {})
    for name, cells in {
        "production/a": ("usgs", "USGS", "Summaries", "2026-01", "1", "https://a.example"),
        "trade/a": ("news", "Daily", "Trade", "2025", "3", ""),
        "trade/b": ("baci", "CEPII", "BACI", "", "2", ""),
    }.items()
}
ASSUMED = tuple(
    Assumption(row, "trade", 1.25, 1.0, 2.0, "times", "a choice")
    for row in ("assumptions/a", "assays/a")
)
REPORT = Chokepoints(
    *("Dy", "Dysprosium", "USA", "United States", (SHARES,), (LINE,), BASE), assumptions=ASSUMED
)
OXIDE = AddedCapacity("separation", "Dy", 10.0, {"AUS": (10.0, 10.0)})
FIXES = Fixes(
    *("Dy", "USA", "United States", "separation/CHN", "China separation", "CHN", "China"),
    clause="China stopped separating",
    year=2024,
    horizon="short-run",
    product="magnets",
    loss=0.69,
    below=0.3,
    fixes=(
        Fix("market first", 0.0, 10.0, added=(OXIDE,)),
        Fix("no other loses", 0.0, 10.0, added=(OXIDE,)),
        Fix("all alike", 0.4),
    ),
    likely={2028: {}},
    plan_rows={"separation/Dy": ("production/a",)},
)


def found_of(report: Chokepoints = REPORT, fixes: Fixes | None = FIXES) -> BriefFindings:
    """What a brief is written from, by hand."""
    return BriefFindings(
        contingency=Contingency(),
        report=report,
        border={"embargo": report, "licence": report},
        later=report,
        fixes=fixes,
        controls=(),
        news=News("2026-08-26", (), (), {}, {}, {}, 0),
        mix=None,
        gaps=(),
        led=(),
        costs=(),
        cards=CARDS,
        members=frozenset({"Dy"}),
        labels={"AUS": "Australia"},
        missing=(),
        day="2026-11-24",
    )


HEADINGS = (
    "What stops",
    "Why",
    "Since when",
    "How sure",
    "What would fix it",
    "By when",
    "At what cost",
    "What changed last, what is due next",
)


def told(found: BriefFindings) -> dict[str, str]:
    """The answers by their headings, and the headline by none."""
    brief = write_brief(found)
    assert tuple(each.heading for each in brief.answer) == HEADINGS
    return {each.heading: each.text for each in brief.answer} | {"": brief.headline}


def test_the_answers_follow_from_the_numbers() -> None:
    found = told(found_of())
    assert found == {
        "": (
            "The United States would lose most of its neodymium magnets, 69 %, if China stopped "
            "separating and stocks were gone. In the first year: not known."
        ),
        "What stops": (
            "It used 1,234 t in 2024; trade and plants may adjust for a year. Dy would run short."
        ),
        "Why": (
            "China has 90 % of the world's separation of dysprosium in 2024; source: USGS 2026, "
            "official or company. In the flows of 2024 every route to the market passes it."
        ),
        "Since when": (
            "Since when China leads is not known: we found no figures by year. We found no rule on "
            "its export that is in force."
        ),
        "How sure": (
            "Evidence: not graded. In trials: 50 to 90 %. If producers serve home first: 80 %. "
            "Unaccounted for, of what each stage uses: 7 % at mine."
        ),
        "What would fix it": (
            "10 t more oxide a year outside China would cut the United States' loss to 30 % if the "
            "United States were served first. If all users outside China are served alike, 40 % "
            "stays lost whatever plants are built."
        ),
        "By when": (
            "No plant for separation of Dy that is being built has a date and a size on record. "
            "With all that is being built, in two to three years: 69 % for good (not known in a "
            "first year), of 69 % before, by one balance."
        ),
        "At what cost": ("Not known: we found no plant being built of which a cost is on record."),
        "What changed last, what is due next": (
            "We found nothing dated since 26 Aug 2026. No date to come is on record."
        ),
    }
    notes = [each.notes for each in write_brief(found_of()).answer]
    assert notes == [(1, 2), (1,), (), (1, 2, 3), (1,), (), (), ()]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"loss": 1.0, "loss_low": 1.0, "loss_high": 1.0}, "lose all of its neodymium magnets"),
        ({"loss": 0.99, "loss_low": 0.98, "loss_high": 1.0}, "of its neodymium magnets, 99 %"),
        ({"kind": "site", "label": "Kuantan = Lynas"}, "if Kuantan stopped and stocks were gone."),
        ({"stage": "", "label": "China"}, "if all rare-earth plants in China stopped and stocks"),
        ({"event": "embargo"}, "if China sold no oxide abroad and stocks were gone."),
        ({"event": "embargo", "label": "China", "stage": ""}, "if China sold nothing abroad and"),
        ({"event": "licence", "label": "China"}, "if China licensed only"),
        ({"kind": "policy", "label": "Act 18"}, 'of what "Act 18" applies to were approved'),
        ({"loss": 0.004}, "Of 1 line that could be worked out none takes as much as 1 % of"),
        ({"limited_by": ("Dy", "Tb")}, "Dy and Tb would run short."),
        ({"limited_by": ()}, "trade and plants may adjust for a year."),
    ],
)  # fmt: skip
def test_each_rule_of_what_can_stop_it(change: dict[str, object], said: str) -> None:
    line = replace(LINE, **change)  # type: ignore[arg-type]
    found = told(found_of(replace(REPORT, chokepoints=(line,))))
    assert said in f"{found['']} {found['What stops']}"


def test_a_range_is_told_and_a_wide_one_settles_no_size() -> None:
    def sure(**change: float | None) -> str:
        line = replace(LINE, **change)  # type: ignore[arg-type]
        return told(found_of(replace(REPORT, chokepoints=(line,))))["How sure"]

    assert "In trials: 68 to 70 %. If" in sure(loss_low=0.68, loss_high=0.7)
    assert "In trials: 69 %. If" in sure(loss_low=0.69, loss_high=0.69)
    assert "In trials: 40 to 90 %; size not settled." in sure(loss_low=0.4, loss_high=0.9)
    assert "range not drawn." in sure(loss_low=None, loss_high=None)


def test_where_no_plant_helps_the_brief_says_so() -> None:
    assert told(found_of(fixes=None))["What would fix it"] == "No new plant brings any of it back."


def test_the_share_of_a_wider_group_is_not_given_as_that_of_the_element() -> None:
    group = replace(SHARES, stage="metal", share=0.99, note=f"The share is {OF_A_GROUP}.")
    unknown = replace(REPORT, base=None, chokepoints=(replace(LINE, loss=None),), notes=("No.",))
    brief = write_brief(found_of(replace(unknown, stages=(SHARES, group))))
    text = str((brief.headline, brief.answer, brief.all_parts))
    assert "99 %" not in text
    assert "China leads separation: 90 %" in brief.answer[0].text
    bare = told(found_of(replace(unknown, stages=(group,))))
    assert bare["What stops"].endswith("Only shares of a wider group were found.")


def test_what_is_not_known_is_said_in_each_answer() -> None:
    unknown = replace(
        REPORT, base=None, chokepoints=(replace(LINE, loss=None),), notes=("No rows.",)
    )
    found = told(found_of(unknown))
    assert found[""] == "The United States' loss of dysprosium is not known."
    assert found["What stops"] == (
        "What is missing: no rows. By world share, China leads separation: 90 %, 2024."
    )
    assert found["Why"] == "No loss can be worked out: no records."
    assert found["How sure"].startswith("Shares only.")
    assert found["What would fix it"].startswith("Not known. Look in company")
    assert found["By when"].startswith("Not known: ")
    assert found["At what cost"].startswith("Not known: ")


def test_the_last_change_that_touches_most_leads_and_the_next_date_follows() -> None:
    def event(day: str, subject: str, what: str) -> DatedEvent:
        return DatedEvent("policy", day, day, day, subject, what, what, (f"policy_events/{what}",))

    news = News(
        "2026-08-26",
        (event("2026-10-01", "A ban", "Effective"), event("2026-11-01", "A talk", "Meeting")),
        (event("2026-12-01", "A talk", "Meeting"), event("2027-01-10", "A ban", "Last day")),
        {},
        {"A ban": "its last day has passed, an extension to 10 Jan 2027 was stated"},
        {"A ban": 3, "A talk": 1},
        0,
    )
    assert told(replace(found_of(), news=news))["What changed last, what is due next"] == (
        "1 Oct 2026: A ban: effective. An extension to 10 Jan 2027 was stated. Next: 10 Jan 2027: "
        "A ban: last day."
    )
    front = write_brief(replace(found_of(), news=news)).front[1]
    assert [line.cells for line in front.lines] == [
        ("1 Oct 2026", "A ban: Effective"),
        ("10 Jan 2027", "Due: A ban: Last day"),
    ]
    only = replace(news, events=news.events[1:], due=news.due[:1])
    front = write_brief(replace(found_of(), news=only)).front[1]
    assert [line.cells for line in front.lines] == [
        ("1 Nov 2026", "A talk: Meeting"),
        ("1 Dec 2026", "Due: A talk: Meeting"),
    ]


def test_a_far_end_that_costs_is_told_where_the_loss_is_nothing() -> None:
    nothing = replace(LINE, loss=0.0, loss_low=0.0)
    text = told(found_of(replace(REPORT, chokepoints=(nothing,))))["What stops"]
    assert text.endswith("would lose 90 % if China stopped separating.")
    none = replace(nothing, loss_high=0.001)
    assert told(found_of(replace(REPORT, chokepoints=(none,))))["What stops"].endswith(
        ", if all adjusted for a year and stocks were gone."
    )


@pytest.fixture(scope="module")
def shipped_found() -> BriefFindings:
    return found_for("Dy", "USA")


@pytest.fixture(scope="module")
def brief(shipped_found: BriefFindings) -> Brief:
    return write_brief(shipped_found)


def test_every_footnote_has_its_source_and_every_source_its_footnote(brief: Brief) -> None:
    cited = {number for each in brief.answer for number in each.notes}
    for part in brief.all_parts:
        for each in (*part.sentences, *part.remarks):
            cited |= {*each.notes}
        cited |= {number for line in part.lines for number in line.notes}
    assert sorted(cited) == [source.number for source in brief.sources]
    assert sorted(cited) == list(range(1, len(cited) + 1))
    assert {row for source in brief.sources for row in source.rows} == set(brief.rows)
    assert len({source.id for source in brief.sources}) == len(brief.sources)


def test_no_command_no_key_and_no_remark_of_an_editor_is_printed(brief: Brief) -> None:
    texts = [brief.headline, *(each.text for each in brief.answer)]
    for part in brief.all_parts:
        texts += [part.heading, part.finding]
        texts += [each.text for each in (*part.sentences, *part.remarks)]
        texts += [cell for line in part.lines for cell in line.cells]
    assert not [
        text
        for text in texts
        if re.search(
            r"monazite (?:brief|verify|chokepoints|show|doubt|query) |\B--[a-z]|"
            r"\b[a-z]+(?:_[a-z]+)*/[a-z]+-[a-z]",
            text,
        )
    ]
    assert not [text for text in texts if re.search(r"\b\d{4}-\d{2}-\d{2}\b", text)]
    assert not [text for text in texts if "is left out" in text]


def test_beside_each_loss_stand_its_range_and_home_first(brief: Brief) -> None:
    for part in brief.all_parts:
        if "For good" in part.columns:
            assert {"First year", "Home first"} <= {*part.columns}, part.id
        if "Loss if licensed" in part.columns:
            for line in part.lines:
                cell = line.cells[part.columns.index("Loss if licensed")]
                assert "%" not in cell or ("first year" in cell and "home first" in cell), cell
    assert {"First year", "Home first"} <= {*brief.front[0].columns}


def test_every_line_of_a_table_fits_its_columns(brief: Brief) -> None:
    ids = [part.id for part in brief.parts]
    assert len(ids) == len(set(ids))
    for part in brief.parts:
        assert part.sentences or part.lines, part.id
        assert set(part.right) <= set(part.columns)
        for line in part.lines:
            assert len(line.cells) == len(part.columns)
            assert all(line.cells), (part.id, line)


def test_a_brief_of_which_little_is_known_is_a_brief(view: View) -> None:
    facts = read_facts(view.store, "Dy", view.valid)
    brief = write_brief(read_found(view.network("Dy", "LAO"), facts, view.schema))
    assert brief.question.endswith("for Laos?")
    text = " ".join((brief.headline, *(each.text for each in brief.answer)))
    assert not re.search(r"None|nan|\bNone\b|  |\.\.", text)
    (unknown,) = (part for part in brief.parts if part.id == "unknown")
    assert len(unknown.sentences) > 2
    (bought,) = (part for part in brief.parts if part.id == "bought")
    assert "We found no figure" in bought.sentences[0].text


def test_scenarios_stand_after_borders_and_say_in_how_many_something_is_lacking() -> None:
    brief = write_brief(replace(found_of(), outcomes=(HARD, SPARED)))
    ids = [part.id for part in brief.parts]
    assert ids[ids.index("borders") + 1] == "scenarios"
    part = brief.parts[ids.index("scenarios")]
    assert part.columns[:3] == ("If this happens", "Lacking", "Range")
    assert part.lines[0].cells[:3] == ("A border closes", "50 %", "40 to 70 %")
    assert part.finding.startswith("In 1 of 2 scenarios ")
    past = tuple(replace(each, months=("2010-07", "2010-08")) for each in (HARD, SPARED))
    (only,) = [
        each
        for each in write_brief(replace(found_of(), outcomes=past)).parts
        if each.id == "scenarios"
    ]
    assert (only.lines, only.finding) == ((), ""), "no scenario is left to count"
    assert only.remarks[-1].text.startswith("Set before Nov 2026, not listed: ")
    assert "scenarios" not in [part.id for part in write_brief(found_of()).parts]


MAGNETS = replace(SHARES, stage="magnet", share=0.95)
MINES = replace(SHARES, stage="mine", leader="Australia", share=0.6)
STAGES = (MINES, SHARES, MAGNETS)


def test_a_line_of_a_stage_is_about_that_stage_whatever_else_is_larger() -> None:
    report = replace(REPORT, stages=STAGES)
    found = headline_subject(report)
    assert (found.country, found.stage, found.stages) == ("China", "separation", (SHARES,))
    assert leads_in_words(found_of(report), found) == (
        "China has 90 % of the world's separation of dysprosium"
    )


def test_a_whole_country_is_about_the_stages_that_it_leads() -> None:
    line = replace(LINE, id="country/CHN", label="China", stage="", limited_at="magnet")
    report = replace(REPORT, stages=STAGES, chokepoints=(line,))
    found = headline_subject(report)
    assert (found.country, found.stage, found.stages) == ("China", "", (SHARES, MAGNETS))
    assert leads_in_words(found_of(report), found) == (
        "China leads separation (90 %) and magnet making (95 %)"
    )


def test_a_plant_names_no_country_and_without_a_loss_the_largest_share_speaks() -> None:
    line = replace(LINE, kind="site", label="Kuantan", stage="", country="MYS")
    assert headline_subject(replace(REPORT, chokepoints=(line,))).country == ""
    unknown = replace(REPORT, base=None, stages=STAGES, chokepoints=(replace(LINE, loss=None),))
    found = headline_subject(unknown)
    assert (found.country, found.stage) == ("China", "magnet")
    assert leads_in_words(found_of(unknown), headline_subject(replace(unknown, stages=()))) == ""


def led(year: int, leader: str = "China", share: float = 0.9) -> ConcentrationYear:
    """Who led separation in a year."""
    return ConcentrationYear(
        stage="separation", rank=1, material="dysprosium-oxide", year=year, hhi=None, hhi_low=None,
        hhi_high=None, hhi_countries=None, top3=None, leader=leader[:3].upper(),
        leader_label=leader, share=share, countries=2, rest=0.0, denominator="world", basis="reo",
        series=("a",), rows=(f"production/{year}",), shares={leader[:3].upper(): share},
    )  # fmt: skip


def since(*years: ConcentrationYear) -> str:
    found = found_of()
    told = since_answer(replace(found, led=years), Footnotes(found.cards)).text
    return told.removesuffix(" We found no rule on its export that is in force.")


def test_a_lead_goes_back_as_far_as_figures_do_and_no_farther() -> None:
    assert since(led(2012, share=0.99), led(2023)) == (
        "China has led separation of dysprosium since 2012 at the latest (99 % then); we found no "
        "earlier figures."
    )
    assert since(led(2005), led(2010, "Australia"), led(2012), led(2023)) == (
        "China has led separation of dysprosium since 2012 at the latest (90 % then); in 2010 "
        "Australia led separation."
    )
    assert (
        since(led(2023, "Australia"))
        == since()
        == ("Since when China leads is not known: we found no figures by year.")
    )
