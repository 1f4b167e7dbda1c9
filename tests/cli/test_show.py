"""The card of an entity, by id, by name, in two languages, and what a misspelling gets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


@pytest.mark.parametrize("name", ["lynas-malaysia-kuantan", "Lynas-Malaysia-Kuantan", " dy "])
def test_show_by_id_in_any_case(name: str, run: Run) -> None:
    done = run("show", name, "--full")
    assert (done.code, done.err) == (0, "")
    assert name.strip().casefold() in done.out.splitlines()[0].casefold()


def test_show_by_chinese_name(run: Run) -> None:
    done = run("show", "白云鄂博")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Bayan Obo mine, Inner Mongolia, China. Operating, 24 Nov 2026\n")


def test_show_a_near_name_when_only_one_is_meant(run: Run) -> None:
    assert run("show", "Advanced Materials Plant (Gebeng").out == (
        run("show", "lynas-malaysia-kuantan").out
    )


def test_show_unknown_lists_near_names(run: Run) -> None:
    said = run("show", "montain pass").assert_refused()
    assert said.startswith('There is no name "montain pass"; near matches: ')
    assert "mountain-pass (Mountain Pass mine and processing facility, facility)" in said


@pytest.mark.parametrize("name", ["mountain-pass", "bayan-obo", "Mountain Pass"])
def test_show_a_mine_that_is_a_deposit_too(name: str, run: Run) -> None:
    assert run("show", name).code == 0


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


@pytest.mark.parametrize("name", ["Announcement 61", "商务部公告2025年第61号", "mofcom-2025-61"])
def test_a_policy_by_the_number_of_its_announcement(name: str, run: Run) -> None:
    assert "(mofcom-2025-61)\n" in run("show", name, "--full").out
    words = ("query", "policy-history", "-f", "csv", "-p")
    assert run(*words, f"policy={name}").out == run(*words, "policy=mofcom-2025-61").out


@pytest.mark.whole
def test_a_number_of_several_years_names_them_all(run: Run, tmp_path: Path) -> None:
    (tmp_path / "policies.csv").write_text(
        "id,title,names,kind,issuer,country,legal_basis,source,note\n"
        "mofcom-2024-61,Another rule,,other,mofcom,CHN,,monazite-vocabulary,\n",
        encoding="utf-8",
    )
    own = ("--data", str(tmp_path))
    listed = run("show", "Announcement 61", *own).out
    assert listed.startswith('"Announcement 61" is the name of 2 things\n')
    assert "policy  mofcom-2024-61  Another rule" in listed
    assert "policy  mofcom-2025-61  " in listed
    assert "(mofcom-2024-61)\n" in run("show", "Announcement 61 of 2024", "--full", *own).out
    asked = run("query", "policy-history", "-p", "policy=Announcement 61", *own).assert_refused()
    assert asked.startswith('"Announcement 61" names more than one policy: policy/mofcom-2024-61 ')
    assert "policy/mofcom-2025-61" in asked


def test_show_json_names_its_rows_and_sources(run: Run) -> None:
    shown = json.loads(run("show", "lynas-malaysia-kuantan", "-f", "json").out)
    text = json.dumps(shown)
    assert "capacity/" in text
    assert "sources" in text


def test_a_card_is_short_and_its_records_are_behind_full(run: Run) -> None:
    card, full = run("show", "mountain-pass").out, run("show", "mountain-pass", "--full").out
    headings = [line.split("  ")[0] for line in card.splitlines()[2:] if line[:1].isalpha()]
    assert headings[:7] == ["Makes", "How much", "Owner", "Buyers", "Rules", "Disputed", "See also"]
    assert headings[7].startswith("Sources")
    assert len(card.splitlines()) < 80 < len(full.splitlines())
    assert "facility events" in full


def test_limit_cuts_the_tables_of_a_card(run: Run) -> None:
    few, many = run("show", "Dy", "--limit", "1"), run("show", "Dy", "--limit", "500")
    assert len(few.out.splitlines()) < len(many.out.splitlines())


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    found = view_in_memory().show("白云鄂博")
    assert_is_what_the_command_prints(found, run("show", "白云鄂博", "-f", "json").out)
    assert repr(found) == f"<EntityCard bayan-obo: {len(found)} rows>"
    assert found.to_csv() == run("show", "白云鄂博", "-f", "csv").out
    assert found.to_text(full=True, limit=1) == run("show", "白云鄂博", "--limit", "1").out
    assert found.to_text() == run("show", "白云鄂博").out
    assert {card.row for card in found} == {*found.row_keys}


def test_the_original_stands_beside_the_copy_that_was_read(run: Run) -> None:
    """The ministry's page of Announcement 61, which copies repeat."""
    official = "http://exportcontrol.mofcom.gov.cn/article/zcfg/gnzcfg/zcfggzqd/202510/1171.html"
    assert f" (original: {official})" in run("show", "mofcom-2025-61", "--limit", "1").out
    shown = json.loads(run("show", "mofcom-2025-61", "-f", "json").out)
    copies = [each for row in shown["rows"] for each in row["sources"] if each["original"]]
    assert official in {each["original"] for each in copies}
    assert official not in {each["url"] for each in copies}
    listed = run("policies", "-e", "Dy", "--by", "CHN", "-f", "csv").out
    assert "exportcontrol.mofcom.gov.cn" in listed  # of Announcement 18


@pytest.mark.whole
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
