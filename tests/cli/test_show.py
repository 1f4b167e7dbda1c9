"""The card of an entity, by id, by name, in two languages, and what a misspelling gets."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Run
from tests.conftest import view_in_memory
from tests.results import assert_is_what_the_command_prints


@pytest.mark.parametrize("name", ["lynas-malaysia-kuantan", "Lynas-Malaysia-Kuantan", " dy "])
def test_show_by_id_in_any_case(name: str, run: Run) -> None:
    done = run("show", name)
    assert (done.code, done.err) == (0, "")
    assert name.strip().casefold() in done.out.splitlines()[0].casefold()


def test_show_by_chinese_name(run: Run) -> None:
    done = run("show", "白云鄂博")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Bayan Obo mine (bayan-obo)\n")


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


def test_show_json_names_its_rows_and_sources(run: Run) -> None:
    shown = json.loads(run("show", "lynas-malaysia-kuantan", "-f", "json").out)
    text = json.dumps(shown)
    assert "capacity/" in text
    assert "sources" in text


def test_limit_cuts_the_tables_of_a_card(run: Run) -> None:
    few, many = run("show", "Dy", "--limit", "1"), run("show", "Dy", "--limit", "500")
    assert len(few.out.splitlines()) < len(many.out.splitlines())


def test_the_view_finds_what_the_command_prints(run: Run) -> None:
    found = view_in_memory().show("白云鄂博")
    assert_is_what_the_command_prints(found, run("show", "白云鄂博", "-f", "json").out)
    assert repr(found) == f"<EntityCard bayan-obo: {len(found)} rows>"
    assert found.to_csv() == run("show", "白云鄂博", "-f", "csv").out
    assert found.to_text(limit=1) == run("show", "白云鄂博", "--limit", "1").out
    assert {card.row for card in found} == {*found.row_keys}
