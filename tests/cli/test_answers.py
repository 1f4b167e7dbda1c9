"""What reports say beyond their wording: laws between reports, views, formats, names of things."""

from __future__ import annotations

import csv
import io
import json
import shlex
from typing import Any

import pytest

from monazite.analysis.reproductions import reproductions as workings
from monazite.cli.app import commands
from monazite.store.queries import read_queries
from monazite.store.questions import GROUPS, questions_of
from tests.cli.conftest import Run
from tests.model.evidence_by_hand import CUT

pytestmark = pytest.mark.whole


NOTE = "It matches words, not meaning."
NAMES = {query.name for query in questions_of(read_queries())}


def test_it_lists_all_questions_by_group_with_a_line_to_paste(run: Run) -> None:
    done = run("ask")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line for line in lines if line in GROUPS] == list(GROUPS)
    pasted = [shlex.split(line) for line in lines if line.strip().startswith("monazite ")]
    assert {words[2] for words in pasted if words[1] == "query"} - {"--list"} == NAMES
    assert {words[1] for words in pasted} == {*commands()} - {"ask"}
    assert len(NAMES) >= 36
    assert NOTE in lines[-1]


def test_it_opens_no_store(run_process: Run) -> None:
    done = run_process("ask", "owners", MONAZITE_CACHE="/nowhere/at/all")
    assert (done.code, done.err) == (0, "")


def test_the_losses_are_those_of_chokepoints(run: Run) -> None:
    words = ("-e", "Dy", "-m", "USA", "-f", "json")
    nodes = {x["id"]: x for x in json.loads(run("centrality", *words).out)["nodes"]}
    lines = json.loads(run("chokepoints", *words, "--top", "100").out)["chokepoints"]
    same = [line for line in lines if line["id"] in nodes]
    assert len(same) > 10
    for line in same:
        for name in ("loss", "loss_low", "loss_high"):
            assert nodes[line["id"]][name] == line[name]


def test_today_reads_the_clock(run: Run, on_cut: None) -> None:
    found = json.loads(run("parents", "mountain-pass", "-f", "json", "--valid", "today").out)
    assert found["view"]["valid"] >= "2026-11-24"


def test_draws_stand_beside_the_report(run: Run) -> None:
    words = ("chokepoints", "-e", "Sm", "--year", "2024", "--draws", "2")
    done = run(*words, "-f", "json")
    assert (done.code, done.err) == (0, "")  # no terminal, no bar
    found = json.loads(done.out)
    draws = found["draws"]
    assert (draws["count"], draws["seed"]) == (2, 0)
    assert found["ranges"]["rejected"] == draws["rejected"]
    drawn = {each["id"]: each for each in draws["lines"]}
    for line in found["chokepoints"]:
        if line["loss"] is not None:
            assert line["loss_low"] == drawn[line["id"]]["drawn_loss_p05"]
            assert line["loss_high"] == drawn[line["id"]]["drawn_loss_p95"]


def test_the_view_says_what_it_leaves_out(run: Run) -> None:
    out = run("claims", "c16", "--tier", "1").out
    assert out.startswith("c16-malaysia-1992: not known\n")
    assert "left out by the data used: they do not count" in out
    assert "contradicts: facility_events/bukit-merah-1994-01-19-closed" in out
    assert "sources of tier 1 or better" in " ".join(out.split())


def test_the_concentration_of_mines_keeps_its_numbers(run: Run) -> None:
    found = json.loads(run("concentration", "--stage", "mine", "--series", "-f", "json").out)
    years = {line["year"]: line for line in found["lines"]}
    assert round(years[2024]["hhi_countries"]) == 5_220
    assert years[1985]["hhi"] is None
    assert years[2010]["shares"]["CHN"] == pytest.approx(0.98243, abs=1e-5)
    out = run("concentration", "--stage", "mine", "--series", "--since", "1975", "-f", "csv").out
    lines = list(csv.DictReader(io.StringIO(out)))
    assert (lines[0]["year"], lines[0]["hhi"], lines[0]["leader"]) == ("1975", "", "")
    assert lines[0]["basis"] == "reo and gross-concentrate"


def test_a_tier_leaves_out_sources_of_rows_that_stay(run: Run) -> None:
    found = json.loads(run("conflicts", "-k", "all", "-f", "json", "--tier", "1").out)
    tiers = {
        source["tier"]
        for conflict in found["conflicts"]
        for row in conflict["rows"]
        for source in row["sources"]
    }
    assert tiers == {1}


def test_cuts_and_fixes_keep_their_numbers(run: Run) -> None:
    words = ("cuts", "-e", "Dy", "-m", "USA", "--fix", "separation/CHN", "-f")
    found = json.loads(run(*words, "json").out)
    assert (found["element"], found["market"]) == ("Dy", "USA")
    assert found["cuts"]["complete"] is True
    assert found["cuts"]["fewest"]["left"] == 0
    standing = {one["id"]: one for one in found["structure"]["standings"]}
    assert standing["separation/CHN"]["dominator"] is True
    assert standing["mine/RUS"]["left_out"] is True
    fix = found["fix"]
    assert (fix["id"], fix["horizon"]) == ("separation/CHN", "short-run")
    added = [
        (one["rule"], each["stage"], each["what"], place, least, most)
        for one in fix["fixes"]
        for each in one["added"]
        for place, (least, most) in each["places"].items()
    ]
    lines = list(csv.DictReader(io.StringIO(run(*words, "csv").out)))
    assert [(x["rule"], x["stage"], x["what"], x["place"]) for x in lines] == [x[:4] for x in added]
    for column, of in (("least", 4), ("most", 5)):
        numbers = [float(line[column]) for line in lines]
        assert numbers == pytest.approx([each[of] for each in added], rel=1e-5)


def test_what_changes_for_the_market_comes_first(run: Run) -> None:
    words = ("diff", "2025-11-24", "2026-11-24", "-e", "Dy", "-m", "JPN", "-f", "json")
    found = json.loads(run(*words).out)
    assert found["market"] == "JPN"
    for group in found["counts"]:
        here = [each["market"] for each in found["changes"] if each["group"] == group]
        assert here == sorted(here, reverse=True)
    first = next(each for each in found["changes"] if each["group"] == "policies")
    assert first["market"]
    titles = {each["subject"] for each in found["changes"]}
    assert "Dual-use export ban to Japanese military users and uses" in titles
    assert "Export controls on lithium batteries and graphite anode materials" not in titles


def test_the_options_reach_the_cut_and_the_view_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}

    def find(network: Any, facts: Any, schema: Any, question: Any, **more: Any) -> Any:
        asked.update(more, market=network.graph["market"], element=facts.symbol)
        asked.update(horizon=question.horizon, event=question.event)
        return CUT

    monkeypatch.setattr("monazite.analysis.robustness.evidence_cut.find_evidence_cut", find)
    done = run(
        *("doubt", "-e", "Sm", "--exact", "3", "--trials", "9", "--threshold", "93.7"),
        *("--horizon", "immediate", "--year", "2023", "-f", "json"),
    )
    assert done.code == 0
    assert asked.pop("step") is not None
    assert asked.pop("threshold") == pytest.approx(0.937)
    assert asked == {
        "element": "Sm",
        "market": "WLD",
        "horizon": "immediate",
        "event": "outage",
        "year": 2023,
        "size": 3,
        "bound": 9,
    }
    found = json.loads(done.out)
    assert found["first"] == "mine/A"
    assert found["view"]["without"] == []


def test_a_view_without_the_rows_knows_no_parent(run: Run, on_cut: None) -> None:
    done = run("parents", "--full", "mountain-pass", "--without", "table:ownership")
    assert done.code == 0
    assert "ultimate parent on record not known" in done.out
    assert "who runs it is not ownership" in done.out


def test_reproductions_keep_their_numbers(run: Run) -> None:
    found = json.loads(run("reproduce", "-f", "json").out)
    lines = {line["row"]: line for line in found["reproductions"]}
    assert lines["reproductions/share-mine-china-2024-iea"]["outcome"] == "reproduces"
    assert lines["reproductions/usgs-2025-samarium"]["ours"] is None
    assert {line["broken"] for line in lines.values()} == {False}
    plain = list(csv.DictReader(io.StringIO(run("reproduce", "-f", "csv").out)))
    places = [line for line in plain if line["unit"] == "place"]
    assert {line["row"] for line in plain if line not in places} == set(lines)
    assert all(line["rows"] or line["outcome"] in {"not-known", ""} for line in plain)
    assert len(places) == sum(len(each["places"]) for each in found["orders"] if each["market"])
    dysprosium = next(line for line in places if line["row"].endswith("usa-dysprosium"))
    assert (dysprosium["printed_low"], dysprosium["low"], dysprosium["high"]) == ("2", "1", "2")


def test_a_number_that_no_longer_comes_out_ends_with_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(workings.MEASURES, "three-largest", workings.MEASURES["loss-rank"])
    done = run("reproduce", "-f", "markdown")
    assert done.code == 1
    assert "against what is expected" in done.out
    assert "not as expected: reproductions/three-largest-mine-2024-iea" in done.err


@pytest.mark.parametrize("name", ["Lynas-Malaysia-Kuantan", " dy "])
def test_show_by_id_in_any_case(name: str, run: Run) -> None:
    done = run("show", name, "--full")
    assert (done.code, done.err) == (0, "")
    assert name.strip().casefold() in done.out.splitlines()[0].casefold()


def test_show_by_chinese_name(run: Run) -> None:
    done = run("show", "白云鄂博")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Bayan Obo mine, Inner Mongolia, China. Operating, 24 Nov 2026\n")


def test_show_names_the_deposit_of_a_mine(run: Run) -> None:
    assert "\nSee also  deposit/bayan-obo (Bayan Obo mine)\n" in run("show", "bayan-obo").out
    said = run("show", "bayan-obo", "--full").out.splitlines()
    assert said[:2] == [
        "Bayan Obo mine (bayan-obo)",
        "See also: deposit/bayan-obo (Bayan Obo mine).",
    ]
    deposit = run("show", "deposit/bayan-obo", "--full").out.splitlines()
    assert deposit[:3] == ["Bayan Obo mine (bayan-obo)", "", "deposits"]
    shown = json.loads(run("show", "bayan-obo", "-f", "json").out)
    assert shown["others"] == [{"kind": "deposit", "id": "bayan-obo", "label": "Bayan Obo mine"}]


def test_a_name_of_firm_plant_and_deposit_is_answered_with_all(run: Run) -> None:
    done = run("show", "Steenkampskraal Monazite Mine")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith('"Steenkampskraal Monazite Mine" is the name of 3 things\n')
    for place in ("deposit/steenkampskraal", "facility/steenkampskraal"):
        assert f"monazite show {place}\n" in done.out
        assert run("show", place).code == 0
    assert "monazite show organisation/steenkampskraal-smm\n" in done.out
    asked = run("show", "Steenkampskraal Monazite Mine", "-f", "json").assert_refused()
    assert "organisation/steenkampskraal-smm (Steenkampskraal Monazite Mine)" in asked


@pytest.mark.parametrize("name", ["Announcement 61", "商务部公告2025年第61号"])
def test_a_policy_by_the_number_of_its_announcement(name: str, run: Run) -> None:
    assert "(mofcom-2025-61)\n" in run("show", name, "--full").out
    words = ("query", "policy-history", "-f", "csv", "-p")
    assert run(*words, f"policy={name}").out == run(*words, "policy=mofcom-2025-61").out


def test_a_contract_to_begin_later_is_shown_as_to_come(run: Run) -> None:
    """Agreed by a source of 2025-03-17, to begin in 2027."""
    words = "to come: this to Iwatani Corporation; dysprosium oxide; Offtake"
    card = run("show", "caremag-lacq", "--valid", "2026-11-24").out
    assert "Iwatani Corporation, dysprosium oxide, from 2027 [" in card
    assert words in run("show", "caremag-lacq", "--full", "--valid", "2026-11-24").out
    assert words in run("show", "caremag-lacq", "--full").out
    assert "Iwatani" not in run("show", "caremag-lacq", "--valid", "2025-03-16").out
    later = run("show", "caremag-lacq", "--valid", "2028-01-01").out
    assert "Iwatani" in later
    assert "to come: this to Iwatani" not in later
    rows = json.loads(run("show", "caremag-lacq", "-f", "json").out)["rows"]
    coming = {row["row"] for row in rows if row["to_come"]}
    assert "supply_links/caremag-lacq-iwatani-dysprosium-oxide-2027" in coming


def test_a_valid_day_tells_the_state_on_it(run: Run, on_cut: None) -> None:
    out = run("timeline", "mountain-pass", "--valid", "2015-12-31").out
    assert "On 2015-12-31: suspended. Owner: Molycorp." in out
    assert "2018" not in {line[:4] for line in out.splitlines()}
    assert "List of 35 critical minerals" not in out  # of 2018
