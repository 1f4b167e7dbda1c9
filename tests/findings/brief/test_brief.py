"""The sentences of a brief follow by rules from its numbers, and every footnote has its source."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from monazite.findings.brief.answer import answer_of
from monazite.findings.brief.brief import write_brief
from monazite.findings.brief.document import Brief
from monazite.findings.brief.footnotes import Footnotes
from monazite.findings.brief.gathered import BriefFindings, drawn_of, first_of, read_found, rows_of
from monazite.findings.brief.news import News
from monazite.findings.losses.result import BaseYearFigures, Chokepoint, Chokepoints
from monazite.findings.responses.fixes import Fix, Fixes
from monazite.findings.shares.concentration import OF_A_GROUP, StageShares
from monazite.findings.timeline.dated_events import DatedEvent
from monazite.network.facts import read_facts
from monazite.parameters import Contingency
from monazite.result import Assumption
from monazite.safe_text import in_tonnes, percent
from monazite.triples.cards import RowCard, SourceLine
from monazite.view import View

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
    alone=0.6,
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
FIX = Fix(
    *("separation", "AUS", (), {"Dy": 1.0}, (), 210.0, 100.0, 0.3, "", (), 0.0, ("production/a",))
)


def found_of(report: Chokepoints = REPORT, fixes: tuple[Fix, ...] = (FIX,)) -> BriefFindings:
    """What a brief is written from, by hand."""
    return BriefFindings(
        contingency=Contingency(),
        report=report,
        border={"embargo": report, "licence": report},
        later=report,
        fixes=Fixes(
            element="Dy",
            market="USA",
            market_label="United States",
            id="separation/CHN",
            label="China separation",
            clause="China stopped separating",
            year=2024,
            horizon="short-run",
            product="magnets",
            loss=0.69,
            limited_by=("Dy",),
            limited_at="separation",
            fixes=fixes,
            tried=3,
            rows=(),
            assumptions=(),
            notes=(),
        ),
        controls=(),
        news=News("2025-11-24", (), {}, 0),
        mix=None,
        gaps=(),
        cards=CARDS,
        members=frozenset({"Dy"}),
        labels={"AUS": "Australia"},
        missing=(),
        day="2026-11-24",
    )


def told(found: BriefFindings) -> tuple[str, str, str]:
    one, two, three = answer_of(found, Footnotes(found.cards))
    return one.text, two.text, three.text


def test_the_three_sentences_follow_from_the_numbers() -> None:
    what, sure, helps = answer_of(found_of(), Footnotes(CARDS))
    assert what.text == (
        "The United States would lose most of its neodymium magnets, 69 %, if China stopped "
        "separating. It used 1,234 t in 2024; one year is allowed. Dy would run short."
    )
    assert sure.text == (
        "It rests on 3 figures: 33 % have only news or weaker, 33 % an official or company source, "
        "and on 1 assumption. In trials: 50 % to 90 %. If producers serve home first: 80 %. "
        "Unaccounted for, of what each stage uses: 7 % at mine. Of what is made, known plants "
        "stand for 10 % at separation."
    )
    assert helps.text == (
        "210 t a year of Dy more from separation in "
        "Australia would halve the loss. That China has 90 % of separation is said by USGS (2026, "
        "official or company)."
    )
    assert (what.notes, sure.notes, helps.notes) == ((1, 2), (1, 2, 3), (1,))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"loss": 1.0, "loss_low": 1.0, "loss_high": 1.0}, "lose all of its neodymium magnets"),
        ({"loss": 0.99, "loss_low": 0.98, "loss_high": 1.0}, "of its neodymium magnets, 99 %"),
        ({"kind": "site", "label": "Kuantan = Lynas"}, "if Kuantan stopped."),
        ({"stage": "", "label": "China"}, "if all rare-earth plants in China stopped."),
        ({"event": "embargo"}, "if China sold no oxide abroad."),
        ({"event": "embargo", "label": "China", "stage": ""}, "if China sold nothing abroad."),
        ({"event": "licence", "label": "China"}, "if China licensed only"),
        ({"kind": "policy", "label": "Act 18"}, 'of what "Act 18" applies to were approved'),
        ({"loss": 0.004}, "Of 1 line that could be worked out none takes as much as 1 % of"),
        ({"limited_by": ("Dy", "Tb")}, "Dy and Tb would run short."),
        ({"limited_by": ()}, "one year is allowed."),
    ],
)  # fmt: skip
def test_each_rule_of_what_can_stop_it(change: dict[str, object], said: str) -> None:
    line = replace(LINE, **change)  # type: ignore[arg-type]
    assert said in told(found_of(replace(REPORT, chokepoints=(line,))))[0]


def test_a_range_is_told_and_a_wide_one_settles_no_size() -> None:
    def sure(**change: float | None) -> str:
        line = replace(LINE, **change)  # type: ignore[arg-type]
        return told(found_of(replace(REPORT, chokepoints=(line,))))[1]

    assert "In trials: 68 % to 70 %. If" in sure(loss_low=0.68, loss_high=0.7)
    assert "In trials: 69 %. If" in sure(loss_low=0.69, loss_high=0.69)
    assert "In trials: 40 % to 90 %; size not settled." in sure(loss_low=0.4, loss_high=0.9)
    assert "range not drawn." in sure(loss_low=None, loss_high=None)


def test_a_fix_that_does_not_halve_says_what_stays_lost() -> None:
    fix = replace(FIX, halves=None, pool="ROW")
    assert (
        "Nothing tried halves the loss; the most leaves 30 %: Dy more from separation in the rest "
        "of the world."
    ) in told(found_of(fixes=(fix,)))[2]
    assert told(found_of(fixes=()))[2].startswith("No capacity added at one stage")
    better = replace(fix, best=0.2, pool="AUS")
    assert "the most leaves 20 %: Dy more" in told(found_of(fixes=(fix, better)))[2]
    assert " would halve the loss." in told(found_of(fixes=(better, FIX)))[2]


def test_the_share_of_a_wider_group_is_not_given_as_that_of_the_element() -> None:
    group = replace(SHARES, stage="metal", share=0.99, note=f"The share is {OF_A_GROUP}.")
    unknown = replace(REPORT, base=None, chokepoints=(replace(LINE, loss=None),), notes=("No.",))
    text = told(found_of(replace(unknown, stages=(SHARES, group))))[0]
    assert "99 %" not in text
    assert "China has 90 %" in text
    bare = told(found_of(replace(unknown, stages=(group,))))[0]
    assert bare.endswith("and we found no country shares.")


def test_a_share_that_is_a_sum_of_lines_is_not_said_to_be_printed() -> None:
    summed = replace(SHARES, denominator="line sum")
    text = told(found_of(replace(REPORT, stages=(summed,))))[2]
    assert "follows from figures of USGS" in text


def test_what_is_not_known_is_said_in_each_sentence() -> None:
    unknown = replace(
        REPORT, base=None, chokepoints=(replace(LINE, loss=None),), notes=("No rows.",)
    )
    what, sure, helps = told(found_of(unknown))
    assert what == (
        "What the United States would lose is not known; by share alone the narrowest stage is "
        "separation, where China has 90 % (85 % to 90 %) in 2024."
    )
    assert sure.startswith("No loss can be worked out: No records. The shares rest on 1 figure:")
    assert helps.startswith("What would help is not known. Where one would look: company")
    bare = replace(unknown, stages=(replace(SHARES, share=None, leader=None),))
    assert told(found_of(bare))[0].endswith("and we found no country shares.")


def test_only_the_last_happenings_of_each_kind_are_drawn() -> None:
    many = tuple(
        DatedEvent(kind, day, day, day, "A", "B", "B", (f"{kind}/{day}",))
        for kind in ("event", "policy")
        for day in (f"2025-01-{number:02}" for number in range(1, 21))
    )
    kept = drawn_of(many)
    assert [each.date for each in kept] == sorted(each.date for each in kept)
    assert {each.kind for each in kept} == {"event", "policy"}
    assert min(each.date for each in kept) == "2025-01-12"


def test_a_far_end_that_costs_is_told_where_the_loss_is_nothing() -> None:
    nothing = replace(LINE, loss=0.0, loss_low=0.0)
    text = told(found_of(replace(REPORT, chokepoints=(nothing,))))[0]
    assert text.endswith("would lose 90 % if China stopped separating.")
    none = replace(nothing, loss_high=0.001)
    assert told(found_of(replace(REPORT, chokepoints=(none,))))[0].endswith(", within a year.")


def test_where_one_would_look_is_about_the_market_first() -> None:
    missing = (
        "Not known: shares at alloy. Where one would look: company reports.",
        "Not known: magnets that United States takes. Where one would look: customs.",
    )
    unknown = found_of(replace(REPORT, base=None))
    assert "would look: customs." in told(replace(unknown, missing=missing))[2]
    assert "would look: company reports." in told(replace(unknown, missing=missing[:1]))[2]


@pytest.fixture(scope="module")
def shipped_found(view: View) -> BriefFindings:
    network = view.network("Dy", "USA")
    return read_found(network, read_facts(view.store, "Dy", view.valid), view.schema)


@pytest.fixture(scope="module")
def brief(shipped_found: BriefFindings) -> Brief:
    return write_brief(shipped_found)


def test_every_footnote_has_its_source_and_every_source_its_footnote(brief: Brief) -> None:
    told = [*brief.answer, *(x for part in brief.parts for x in (*part.sentences, *part.remarks))]
    cited = {number for each in told for number in each.notes}
    cited |= {number for part in brief.parts for line in part.lines for number in line.notes}
    assert sorted(cited) == [source.number for source in brief.sources]
    assert sorted(cited) == list(range(1, len(cited) + 1))
    assert {row for source in brief.sources for row in source.rows} == set(brief.rows)
    assert len({source.id for source in brief.sources}) == len(brief.sources)


def test_the_answers_numbers_are_the_reports(brief: Brief, shipped_found: BriefFindings) -> None:
    first, base = first_of(shipped_found.report), shipped_found.report.base
    assert first is not None
    assert base is not None
    assert percent(first.loss) == "100 %"
    assert "would lose 100 % of its heavy magnets" in brief.answer[0].text
    assert f"It used {in_tonnes(base.served)} in {base.year}" in brief.answer[0].text
    rows = {*base.rows, *base.market_rows, *first.rows}
    assert f"It rests on {len(rows & {*shipped_found.cards}):,} figures" in brief.answer[1].text
    assert all(each.notes for each in brief.answer)


def test_every_line_of_a_table_fits_its_columns(brief: Brief) -> None:
    ids = [part.id for part in brief.parts]
    assert len(ids) == len(set(ids))
    for part in brief.parts:
        assert part.sentences or part.lines, part.id
        assert set(part.right) <= set(part.columns)
        for line in part.lines:
            assert len(line.cells) == len(part.columns)
            assert all(line.cells), (part.id, line)


def test_announcement_18_binds_dysprosium_and_is_cited(brief: Brief) -> None:
    (policies,) = (part for part in brief.parts if part.id == "policies")
    (line,) = (x for x in policies.lines if "seven medium and heavy" in x.cells[0])
    assert line.cells[1:3] == ("China", "in force: since 2025-04-04")
    assert line.cells[3] == "Dy at separation, metal and magnet"
    assert line.notes


def test_what_is_being_built_names_what_counts_and_what_is_left_out(brief: Brief) -> None:
    (part,) = [part for part in brief.parts if part.id == "building"]
    # capacity.csv: 600 t of dysprosium and terbium oxides at Lacq, begun in March 2025
    assert [line.cells[2:] for line in part.lines if line.cells[0].startswith("Caremag")] == [
        ("separation", "Dy", "431 (planned)", "2026"),
        ("separation", "NdPr", "681 (planned)", "2026"),
        ("separation", "Tb", "89 (planned)", "2026"),
    ]
    said = [remark.text for remark in part.remarks]
    assert any(text.startswith("Ngualla rare earth project: We found no date") for text in said)
    assert any(text.startswith("Planned, and we found no start of building") for text in said)


def test_all_rows_that_may_be_cited_are_read(shipped_found: BriefFindings) -> None:
    missing = rows_of(shipped_found) - {*shipped_found.cards}
    assert not missing


def test_a_brief_of_which_little_is_known_is_a_brief(view: View) -> None:
    facts = read_facts(view.store, "Dy", view.valid)
    brief = write_brief(read_found(view.network("Dy", "LAO"), facts, view.schema))
    assert brief.question.endswith("for Laos?")
    text = " ".join(each.text for each in brief.answer)
    assert not re.search(r"None|nan|\bNone\b|  |\.\.", text)
    (unknown,) = (part for part in brief.parts if part.id == "unknown")
    assert len(unknown.sentences) > 2
    (bought,) = (part for part in brief.parts if part.id == "bought")
    assert "We found no figure" in bought.sentences[0].text
