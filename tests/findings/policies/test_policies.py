"""The acts of a day in a line each, against the rows as read by hand."""

from __future__ import annotations

from functools import cache

import pytest

from monazite.errors import UnknownNameError
from monazite.findings.policies.acts import read_acts
from monazite.findings.policies.policies import (
    Policies,
    aims_in_words,
    covers_in_words,
    find_policies,
    lines_of,
)
from monazite.findings.policies.reach import read_reach
from monazite.rows.columns import TableShapes
from monazite.shipped import ontology_folder
from monazite.triples.opening import open_store


@cache
def found(element: str | None = None, day: str = "2026-11-24", **given: str) -> Policies:
    return find_policies(open_store(), TableShapes(ontology_folder()), day, element, **given)


def test_every_act_has_a_line_and_those_in_force_come_first() -> None:
    everything = found()
    assert {line.policy for line in everything} == set(read_acts(open_store()).acts)
    order = [line.status.value for line in everything]
    assert order == sorted(order, key=["in force", "may be in force", "not in force"].index)
    assert everything.headline().startswith("2026-11-24: ")


def test_announcement_18_in_a_line() -> None:
    (line,) = [line for line in found("Dy", to="USA", by="CHN") if "2025-18" in line.policy]
    assert line.status.text == "in force: since 2025-04-04"
    assert line.covers.startswith("Dy, Gd, Lu, Sc, Sm, Tb, Y; ")
    assert line.covers.endswith("12 customs codes; not Nd, Pr")
    assert line.aimed_at == "all destinations, US defence firms"
    assert {"element: element", "market: all destinations"} <= {*line.touches}
    assert {source.id for source in line.sources} == {
        *("mofcom18-hymag", "mofcom18-osenc", "mofcom18-gtic", "mofcom18-snapshot"),
    }
    assert line.text.startswith("In force: since 2025-04-04. Covers: Dy, Gd")


def test_the_last_step_is_no_start_that_never_came() -> None:
    last = {line.policy: line.last for line in found()}
    assert last["mofcom-2025-61"] == "2025-11-07"  # not 2025-12-01, when it stood suspended
    assert last["mofcom-gac-2025-57"] == "2025-11-07"
    assert last["mofcom-gac-2025-18"] == "2025-04-04"


def test_what_hits_a_country_of_late() -> None:
    """By hand from policy_scope.csv: firms and goods that acts of 2026 aim at."""
    to_america = {line.policy for line in found(to="USA", since="2026-01-01")}
    assert {"mofcom-2026-us-ten", "mof-china-2026-46", "truce-extension-2026"} <= to_america
    assert "mofcom-2026-1" not in to_america  # aimed at Japan
    assert "us-1260h-2026" not in to_america  # its own act
    to_japan = {line.policy for line in found(to="JPN", by="CHN", since="2026-01-01")}
    assert {"mofcom-2026-1", "mofcom-2026-11", "china-japan-informal-2026"} <= to_japan
    assert {line.country for line in found(by="CHN")} == {"CHN"}


def test_a_step_counts_if_its_date_may_fall_between() -> None:
    names = {line.policy for line in found(by="CHN", day="2026-01-15", since="2026-01-10")}
    assert names == {"china-japan-informal-2026"}  # printed 2026-01; the ban is of 01-06


def test_words_of_scope() -> None:
    reach, acts = read_reach(open_store()), read_acts(open_store()).acts
    ten = covers_in_words(reach["mofcom-2026-us-ten"])
    assert ten == "dual-use items of the Chinese control list (rare earths among them)"
    assert covers_in_words(reach["us-project-vault-2026"]) == "not stated"
    ten = aims_in_words(acts["mofcom-2026-us-ten"], reach["mofcom-2026-us-ten"])
    assert ten == "United States, Aveox, MP Materials Corp. and 1 more"
    licence = acts["china-export-licence-2015"]
    assert aims_in_words(licence, ()) == "all destinations, none is named"
    assert aims_in_words(acts["forge-2026"], ()) == "not stated"


def test_an_act_that_is_not_there_has_no_line() -> None:
    assert lines_of(open_store(), TableShapes(ontology_folder()), "2026-11-24", ["none"]) == ()


def test_a_name_that_means_nothing_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        found("kryptonite")
    with pytest.raises(UnknownNameError):
        found(to="Atlantis")


def test_since_takes_what_has_been_so_since_a_day_of_which_no_step_tells() -> None:
    """The suspension of Announcements 61 and 62 ended on 2026-11-10 by its own text."""
    acts = {line.policy: line for line in found("Dy", to="USA", since="2026-11-01")}
    assert acts["mofcom-2025-61"].status.since == "2026-11-10"
    assert acts["mofcom-2025-62"].status.since == "2026-11-10"
    assert not {line.policy for line in found("Dy", to="USA", since="2026-11-11")}
    every = {line.policy: line.status.since for line in found("Dy", to="USA")}
    taken = {line.policy for line in found("Dy", to="USA", since="2026-01-01")}
    assert {name for name, since in every.items() if since >= "2026-01-01"} <= taken


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("us-dfars-7052-2024", "not in force (announced)"),  # since 2024-05-30: not stopped then
        ("mofcom-2025-22", "not in force (ended)"),
        ("us-hr1496-2025", "not in force (proposed)"),
        ("mofcom-2025-61", "may be in force or suspended"),
        ("mofcom-gac-2025-18", "in force"),
    ],
)
def test_what_is_not_in_force_says_why_beside_it(policy: str, told: str) -> None:
    everything = found()
    (csv,), (table,) = everything.csv_tables(), everything.tables()
    assert [row[2] for row in csv.rows if row[0] == policy] == [told]
    assert [row[0] for row in table.rows if row[-1] == policy] == [told]
