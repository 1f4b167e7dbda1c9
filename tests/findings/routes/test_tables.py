"""The sets that cut a market off as tables, JSON and CSV, from a chain by hand."""

from __future__ import annotations

import json

from monazite.findings.routes.cuts import Cuts, find_cuts
from monazite.findings.routes.tables import cuts_csv, cuts_dict, cuts_tables
from tests.findings.chains import chain


def cuts(left: float = 0.1) -> Cuts:
    """A mines and makes all; B could make a fifth of the magnets."""
    shares = {"mine": {"A": 1.0}, "magnet": {"A": 0.8, "B": 0.2}}
    return find_cuts(chain(shares, {("mine/A", "magnet/B"): 0.2}), k=1, left=left)


def test_a_set_says_why_it_is_told_and_what_still_arrives() -> None:
    sets, standings = cuts_tables(cuts())
    assert sets.heading == "Xx for The market: what cuts the market off"
    assert [(row[0], row[5]) for row in sets.rows] == [
        ("fewest, nothing arrives", "0 %"),
        ("least supply, nothing arrives", "0 %"),
        ("up to 1, leaves at most 10 %", "0 %"),
    ]
    assert [row[3] for row in standings.rows] == ["yes", "no", "no"]
    assert standings.remarks[0] == "Routes that share no country: 1."


def test_json_and_csv_tell_the_same_in_plain_numbers() -> None:
    found = cuts(left=0.25)
    plain = json.loads(json.dumps(cuts_dict(found)))
    assert [*plain] == ["element", "market", "structure", "cuts", "fix"]
    assert [*plain["structure"]] == ["routes", "fewest", "standings", "assumptions", "notes"]
    assert [one["members"] for one in plain["cuts"]["sets"]] == [["mine/A"], ["magnet/A"]]
    rows = cuts_csv(found).rows
    assert [row[1] for row in rows[-2:]] == ["mine/A", "magnet/A"]
    assert [float(row[4]) for row in rows[-2:]] == [one.left for one in found.sets]
