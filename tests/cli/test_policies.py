"""Acts from the command line: a line each, the JSON, CSV, the line of a card, bad input."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints

JAPAN = ("policies", "--to", "JPN", "--by", "CHN", "--since", "2026")


def test_the_table_has_a_line_for_each_act(run: Run) -> None:
    done = run(*JAPAN, "-f", "markdown")
    (line,) = [line for line in done.out.splitlines() if "mofcom-2026-1 |" in line]
    cells = [cell.strip() for cell in line.strip("| ").split("|")]
    assert cells[:3] == [
        "in force",
        "2026-01-06",
        "Dual-use export ban to Japanese military users and uses (China)",
    ]
    assert (cells[4], *cells[6:]) == ("Japan", "since 2026-01-06", "mofcom-2026-1")
    assert "HK01" in cells[5]
    assert "Data: release of " in done.out


def test_the_json_tells_status_reason_scope_and_addresses(run: Run) -> None:
    words = ("policies", "-e", "Dy", "--to", "USA", "--valid", "2026-11-24", "-f", "json")
    found = json.loads(run(*words).out)
    assert (found["day"], found["element"], found["to"]) == ("2026-11-24", "Dy", "USA")
    (act,) = [act for act in found["policies"] if act["policy"] == "mofcom-2025-61"]
    assert act["status"] == "may be in force"
    assert act["words"] == "may be in force or suspended"
    assert act["reason"].endswith("no formal notice was seen")
    assert {part["status"] for part in act["parts"]} == {"may be in force"}
    assert any((source["url"] or "").startswith("http") for source in act["sources"])


def test_csv_has_one_act_a_line(run: Run) -> None:
    done = run(*JAPAN, "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert {"mofcom-2026-1", "china-japan-informal-2026"} <= {row["policy"] for row in rows}
    assert {row["country"] for row in rows} == {"CHN"}


def test_the_card_of_an_act_begins_with_its_line_and_has_addresses(run: Run) -> None:
    heading, line = run("show", "mofcom-2025-61", "--full").out.splitlines()[:2]
    assert heading.endswith("(mofcom-2025-61)")
    assert line.startswith("May be in force or suspended: its suspension ended on 2026-11-10")
    card = run("show", "mofcom-2025-61", "--full").out
    assert " http" in card[card.index("\nsources") :]
    before = run("show", "mofcom-2025-61", "--full", "--valid", "2025-10-20").out.splitlines()[1]
    assert before.startswith("In force in part: items of Chinese origin (since 2025-10-09)")
    assert json.loads(run("show", "mp-materials", "-f", "json").out)["opening"] is None


def test_bad_input_is_a_sentence(run: Run) -> None:
    assert "Atlantis" in run("policies", "--to", "Atlantis").assert_refused()
    assert "not a date" in run("policies", "--since", "soon").assert_refused()
    assert "no format" in run("policies", "-f", "xml").assert_refused()


def test_all_that_is_wrong_is_said_at_once(run: Run) -> None:
    said = run("policies", "-e", "Xq", "--to", "Atlantis", "--since", "soon").assert_refused()
    assert all(word in said for word in ("Xq", "Atlantis", "soon"))
    words = ("policies", "-e", "Xq", "--by", "Atlantis", "--valid", "soon", "--tier", "9")
    said = run(*words).assert_refused()
    assert all(word in said for word in ("Xq", "Atlantis", "soon", "tier 9"))
    assert "Xq" not in run("policies", "-e", "Dy", "--valid", "soon").assert_refused()


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    found = view_in_memory().policies(to="JPN", by="CHN", since="2026")
    assert_is_what_the_command_prints(found, run(*JAPAN, "-f", "json").out)
    assert repr(found).startswith("<Policies 2026-11-24: ")
    assert found.row_keys
    assert found.to_csv() == run(*JAPAN, "-f", "csv").out


def test_the_rules_have_a_line_for_each_clause_with_layer_and_source(run: Run) -> None:
    done = run("policies", "--rules", "--by", "CHN", "-f", "markdown")
    lines = [line.strip("| ").split(" | ") for line in done.out.splitlines() if "| " in line]
    (low,) = [line for line in lines if "at most 0.1 %" in " ".join(line)]
    assert [cell.strip() for cell in low[:5]] == [
        *("Announcement 18 of 2025", "practice"),
        "except: Dy + Tb at most 0.1 % of mass; NdFeB magnet; Dy + Tb content was tested",
        *("yes", "Mainrich International"),
    ]
    assert "Starts that hang" not in done.out  # of the Union alone
    assert "Data: release of " in done.out


def test_the_rules_fit_into_80_columns(run: Run) -> None:
    text = view_in_memory().rules().to_text(width=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "2028-11-28" in text
    assert "given by" not in text
    assert "given by" in run("policies", "--rules", "--full").out


def test_csv_and_json_of_rules_have_a_condition_each_with_its_row(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("policies", "--rules", "-f", "csv").out)))
    found = json.loads(run("policies", "--rules", "-f", "json").out)
    assert [row["row"] for row in rows] == [each["row"] for each in found["conditions"]]
    (value,) = [
        row
        for row in rows
        if row["clause"] == "value-ndfeb" and row["percent"] and row["test"] == "value-share"
    ]
    assert (value["percent"], value["layer"], value["binds"]) == ("0.1", "text", "may")
    assert value["sources"] == "mofcom61-sscollege"
    assert {start["state"] for start in found["starts"]} == {"not-found", "stated"}
    assert all(each["sources"] for each in found["conditions"])


@pytest.mark.whole
def test_rules_of_a_day_hold_the_clauses_of_that_day(run: Run) -> None:
    words = ("policies", "--rules", "-f", "json", "--valid")
    later = json.loads(run(*words, "2027-06-01").out)
    assert "cots" not in {each["clause"] for each in later["conditions"]}
    (binds,) = {each["binds"] for each in later["conditions"] if each["clause"] == "new"}
    assert binds == "yes"
    # what a clause leans on may be a row of a later day: the limit of COTS is that of 2027
    early = json.loads(run(*words, "2025-10-10").out)
    whole = json.loads(run("policies", "--rules", "-f", "json").out)
    named = {each["row"]: each["named"] for each in whole["conditions"]}
    assert [x["row"] for x in early["conditions"] if x["named"] != named[x["row"]]] == []
    percents = {each["row"]: each["percent"] for each in whole["conditions"]}
    assert {x["row"]: x["percent"] for x in early["conditions"]}.items() <= percents.items()
    assert "mofcom-18-company-introduction" not in {
        each["row"].rpartition("/")[2] for each in early["documents"]
    }


def test_options_that_choose_acts_choose_no_conditions(run: Run) -> None:
    said = run("policies", "--rules", "--to", "USA", "--since", "2026").assert_refused()
    assert "--to and --since" in said
    said = run("policies", "--rules", "-e", "Xq", "--by", "Atlantis").assert_refused()
    assert all(word in said for word in ("Xq", "Atlantis"))


def test_the_rules_that_the_verb_finds_are_what_the_command_prints(run: Run) -> None:
    found = view_in_memory().rules("Dy", by="CHN")
    words = ("policies", "--rules", "-e", "Dy", "--by", "CHN", "-f")
    assert_is_what_the_command_prints(found, run(*words, "json").out)
    assert repr(found).startswith("<Rules 2026-11-24: ")
    assert found.to_csv() == run(*words, "csv").out
