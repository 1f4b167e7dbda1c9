"""Entities: links before their ends, loops, shares in words, dates that are none, our own firms."""

from __future__ import annotations

import json
from pathlib import Path

from monazite.imports.imported import import_file
from tests.imports.importing import example, faults, rows, written


def test_example(tmp_path: Path) -> None:
    found, folder = example("ftm", "entities.ftm.json", tmp_path)
    firms = {row["id"]: row for row in rows(folder, "organisations")}
    assert firms["ftm-inv-magnets"]["name"] == '\'=HYPERLINK("x")', "no formula runs"
    assert firms["ftm-inv-magnets"]["kind"] == "state-enterprise"
    assert firms["ftm-inv-holding"]["names"] == "Invented Holding"
    held = {(row["owner"], row["owned"]): row for row in rows(folder, "ownership")}
    assert held["ftm-inv-holding", "ftm-inv-magnets"]["share_percent"] == "60"
    back = held["ftm-inv-magnets", "ftm-inv-holding"]
    assert (back["value_as_printed"], "share_percent" in back) == ("about a tenth", False)
    assert (back["valid_from"], "valid_until" in back) == ("2022", False)
    assert 'the date "2023-02-31" is none' in back["note"].casefold()
    assert held["ftm-inv-person", "ftm-inv-holding"]["share_percent"] == "51"
    (scope,) = rows(folder, "policy_scope")
    assert (scope["targets"], scope["from"]) == ("ftm-inv-magnets", "2025-01-09")
    assert rows(folder, "policies")[0]["kind"] == "sanction"
    assert any("in a loop (ftm-inv-holding and ftm-inv-magnets)" in each for each in found.notes)
    assert {why for _, why in found.left_out} == {
        "entities of other kinds",
        "firms that a row of ours names alike, in the same country",
        "links to entities that are not in the file",
    }
    assert "not for money" in found.given_on


def test_entities_of_our_own_export_are_those_that_are_here(tmp_path: Path) -> None:
    ours = [
        {"id": "monazite-organisations-mp-materials", "schema": "Company", "properties": {}},
        {"id": "monazite-facilities-mountain-pass", "schema": "Asset", "properties": {}},
    ]
    ends = {"owner": [ours[0]["id"]], "asset": [ours[1]["id"]], "ownershipType": ["controlling"]}
    lines = [*ours, {"id": "x", "schema": "Ownership", "properties": ends}]
    file = written(tmp_path, "mp.ftm", "\n".join(map(json.dumps, lines)))
    import_file("ftm", file, tmp_path / "own")
    assert not (tmp_path / "own" / "organisations.csv").exists()
    (held,) = rows(tmp_path / "own", "ownership")
    assert (held["owner"], held["owned"], held["status"]) == (
        *("mp-materials", "mountain-pass"),
        "controlling",
    )


def test_long_chains_and_faults(tmp_path: Path) -> None:
    def link(owner: int, asset: int, **more: list[str]) -> str:
        held = {"owner": [f"f{owner}"], "asset": [f"f{asset}"], **more}
        return json.dumps({"id": f"o{owner}-{asset}", "schema": "Ownership", "properties": held})

    firms = [
        json.dumps({"id": f"f{n}", "schema": "Company", "properties": {"name": [f"Firm {n}"]}})
        for n in range(1000)
    ]
    chain = [link(n, n + 1) for n in range(999)]
    text = "\n".join([*firms, *chain, link(7, 7)])
    found = import_file("ftm", written(tmp_path, "long.json", text), tmp_path / "own")
    assert found.counts["ownership"] == 999
    assert not any("loop" in note for note in found.notes)
    bad = [
        *firms[:3],
        link(0, 1, percentage=["140"]),
        link(1, 2, startDate=["2022"], endDate=["2020"]),
        '{"id": "x"}',
        '{"schema": "Company", "properties": {"name": ["A"]}}',
    ]
    told = faults("ftm", written(tmp_path, "bad.json", "\n".join(bad)))
    assert told == [
        (4, 'the share "140" is above 100 percent'),
        (5, "it ends (2020) before it begins (2022)"),
        (6, "the line is no entity with id, schema and properties"),
        (7, "the entity has no id"),
    ]
    assert faults("ftm", written(tmp_path, "broken.json", firms[0] + "\n{"))[0][0] == 2
