"""Entities: ids that fold to one, links before their ends, loops, shares, dates, our own firms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monazite.core.errors import BadFileError
from monazite.data.importers import ftm
from monazite.data.importers.collected import Collected, GoodsCodes, NamedPlaces
from monazite.data.importers.ftm import OF_TWO_KINDS, FtmEntity, read_entities
from monazite.data.importers.imported import Imported
from monazite.data.importers.source_file import look_through
from tests.data.importers.importing import example, faults, left, rows, taken, written


def entity(own: str, schema: str, **said: object) -> dict[str, object]:
    """An entity; one value of a property stands for a list of it."""
    held = {name: each if isinstance(each, list) else [each] for name, each in said.items()}
    return {"id": own, "schema": schema, "properties": held}


def firm(own: str, name: str, **said: object) -> dict[str, object]:
    return entity(own, "Company", name=name, country="kz", **said)


def taken_of(tmp_path: Path, *lines: dict[str, object]) -> tuple[Imported, Path]:
    """What comes of entities, and the folder."""
    return taken("ftm", tmp_path, "\n".join(map(json.dumps, lines)), "x.json")


def held(folder: Path) -> list[tuple[str, str, str]]:
    """Owner, what is owned and the share of each holding."""
    return [
        (row["owner"], row["owned"], row.get("share_percent", ""))
        for row in rows(folder, "ownership")
    ]


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
    _, folder = taken_of(
        tmp_path,
        entity("monazite-organisations-mp-materials", "Company"),
        entity("monazite-facilities-mountain-pass", "Asset"),
        entity(
            *("x", "Ownership"),
            owner="monazite-organisations-mp-materials",
            asset="monazite-facilities-mountain-pass",
            ownershipType="controlling",
        ),
    )
    assert not (folder / "organisations.csv").exists()
    (holding,) = rows(folder, "ownership")
    assert (holding["owner"], holding["owned"]) == ("mp-materials", "mountain-pass")
    assert holding["status"] == "controlling"


def test_long_chains_loops_and_faults(tmp_path: Path) -> None:
    def link(owner: int, asset: int, **more: str) -> dict[str, object]:
        own = f"o{owner}-{asset}"
        return entity(own, "Ownership", owner=f"f{owner}", asset=f"f{asset}", **more)

    firms = [firm(f"f{n}", f"Firm {n}") for n in range(1000)]
    chain = [link(n, n + 1) for n in range(999)]
    found, _ = taken_of(tmp_path, *firms, *chain, link(7, 7))
    assert found.counts["ownership"] == 999
    assert not any("loop" in note for note in found.notes)
    loops = [link(0, 1), link(1, 0), link(2, 3), link(3, 2), link(4, 0)]
    found, _ = taken_of(tmp_path, *firms[:5], *loops)
    assert found.notes[0] == (
        "Firms hold each other in 2 loops (ftm-f0 and ftm-f1; ftm-f2 and ftm-f3): the rows stand "
        "as the source has them."
    )
    bad = [
        *map(json.dumps, firms[:3]),
        json.dumps(link(0, 1, percentage="140")),
        json.dumps(link(1, 2, startDate="2022", endDate="2020")),
        '{"id": "x"}',
        '{"schema": "Company", "properties": {"name": ["A"]}}',
    ]
    assert faults("ftm", written(tmp_path, "bad.json", "\n".join(bad))) == [
        (4, 'the share "140" is above 100 percent'),
        (5, "it ends (2020) before it begins (2022)"),
        (6, "the line is no entity with id, schema and properties"),
        (7, "the entity has no id"),
    ]
    assert faults("ftm", written(tmp_path, "broken.json", bad[0] + "\n{"))[0][0] == 2


def test_ids_that_differ_by_the_case_of_a_letter_are_two_firms(tmp_path: Path) -> None:
    found, folder = taken_of(
        tmp_path,
        *(firm("NK-aBc1", "Alpha"), firm("NK-AbC1", "Beta"), firm("公司甲", "甲公司")),
        entity("o1", "Ownership", owner="公司甲", asset="NK-AbC1", percentage="60"),
        entity("o2", "Ownership", owner="NK-AbC1", asset="NK-aBc1", percentage="70"),
    )
    alpha, beta = "ftm-nk-abc1-9d6fda010adc", "ftm-nk-abc1-b134ac15a89b"
    own = "ftm-74abc198911a"  # letters that no key has
    names = {row["id"]: row["name"] for row in rows(folder, "organisations")}
    assert names == {alpha: "Alpha", beta: "Beta", own: "甲公司"}
    assert {*held(folder)} == {(own, beta, "60"), (beta, alpha, "70")}
    assert found.left_out == ()


def test_a_listing_stands_under_the_programme_and_the_authority_that_it_names(
    tmp_path: Path,
) -> None:
    listings = (
        ("Office of Foreign Assets Control", "制裁一", "ftm-usa-7ffda8e3ae3c"),
        ("BIS", "制裁二", "ftm-usa-3646b3f3e7c4"),
        ("BIS", "EAR/744", "ftm-usa-ear-744-d7607d6bef04"),
        ("Treasury", "EAR-744", "ftm-usa-ear-744-9fd1ba9947ab"),
        ("BIS", "list-one", "ftm-usa-list-one"),
        ("Treasury", "list-one", "ftm-usa-list-one-2"),
        ("BIS", "list-one", "ftm-usa-list-one"),
    )
    sanctions = [
        entity(f"s{at}", "Sanction", entity="f1", startDate=f"2024-0{at}", country="us",
               authority=authority, program=program)
        for at, (authority, program, _) in enumerate(listings, 1)
    ]  # fmt: skip
    _, folder = taken_of(tmp_path, firm("f1", "Alpha"), *sanctions)
    policies = {row["id"]: row["note"].partition(";")[0] for row in rows(folder, "policies")}
    assert policies == {policy: f"Listed by {authority}" for authority, _, policy in listings}
    scopes = sorted((row["from"], row["policy"]) for row in rows(folder, "policy_scope"))
    assert scopes == [(f"2024-0{at}", each[2]) for at, each in enumerate(listings, 1)]


def test_a_listing_of_several_firms_under_several_programmes(tmp_path: Path) -> None:
    both: dict[str, object] = {"program": ["a", "b"], "entity": ["f1", "f2", "p", "nobody"]}
    found, folder = taken_of(
        tmp_path,
        *(firm("f1", "Alpha"), firm("f2", "Beta"), entity("p", "Person", name="Somebody")),
        entity("s", "Sanction", authority="BIS", country=["us", "kz"], **both),
    )
    listed = {(row["policy"], row["targets"]) for row in rows(folder, "policy_scope")}
    assert listed == {(f"ftm-usa-{p}", f"ftm-f{n}") for p in "ab" for n in (1, 2)}
    assert left(found) == {
        "links to entities that are not in the file": 1,
        "sanctions of persons": 1,
        "further countries of sanctions": 1,
    }


def test_an_entity_of_several_lines_is_one_row(tmp_path: Path) -> None:
    found, folder = taken_of(
        tmp_path,
        entity("f1", "LegalEntity", name="Alpha", country="kz"),
        entity("f1", "Company", name=["Alpha", "Alpha Mining"], website="https://a.example"),
        entity("f1", "Person", name="Somebody else"),
        entity("o", "Ownership", owner="f2", asset="f1"),
        entity("o", "Ownership", percentage=["60", "60%"], startDate=["2020", "2020-05"]),
        firm("f2", "Holder"),
    )
    first, _ = rows(folder, "organisations")
    assert (first["name"], first["names"]) == ("Alpha", "Alpha Mining")
    assert first["website"] == "https://a.example"
    (holding,) = rows(folder, "ownership")
    assert (holding["share_percent"], holding["value_as_printed"]) == ("60", "60; 60%")
    assert (holding["valid_from"], holding["note"]) == ("2020", "Dated 2020-05 too")
    assert left(found) == {"entities that are of another kind on a line above": 1}
    assert any(each.startswith("2 lines speak of an entity") for each in found.notes)


def test_several_owners_of_one_holding_have_a_row_each(tmp_path: Path) -> None:
    found, folder = taken_of(
        tmp_path,
        *(firm("a", "Alpha"), firm("b", "Beta"), firm("c", "Gamma")),
        entity("o1", "Ownership", owner=["b", "c", "nobody"], asset="a", percentage="70"),
        entity("o2", "Ownership", owner=["b", "c"], asset="c"),
    )
    assert held(folder) == [("ftm-b", "ftm-a", ""), ("ftm-b", "ftm-c", ""), ("ftm-c", "ftm-a", "")]
    first, second, third = rows(folder, "ownership")
    share = 'The share "70" is of 3 holdings together: what each has is not known'
    assert first["note"] == third["note"] == share
    assert second["note"] == "The holding is of 2 holdings together: what each has is not known"
    assert "value_as_printed" not in first
    assert left(found) == {
        "links to entities that are not in the file": 1,
        "holdings of a firm in itself": 1,
    }


def test_what_is_nested_in_an_entity_is_read(tmp_path: Path) -> None:
    owner = firm("n2", "Owner", ownershipOwner=[])
    above = entity("no1", "Ownership", percentage="80", owner=owner)
    below = entity("no2", "Ownership", percentage="30", asset=firm("n3", "Below"))
    listing = entity("s1", "Sanction", authority="OFAC", country="us", program="sdn")
    address = entity("x", "Address", full="1 Street")
    nested = {"ownershipAsset": above, "ownershipOwner": below, "sanctions": listing}
    whole = firm("n1", "Nested", addressEntity=address, **nested)
    found, folder = taken_of(tmp_path, whole, firm("n3", "Below"), whole)
    assert [row["name"] for row in rows(folder, "organisations")] == ["Nested", "Owner", "Below"]
    assert {*held(folder)} == {("ftm-n2", "ftm-n1", "80"), ("ftm-n1", "ftm-n3", "30")}
    (scope,) = rows(folder, "policy_scope")
    assert (scope["policy"], scope["targets"]) == ("ftm-usa-sdn", "ftm-n1")
    assert left(found) == {
        "entities of other kinds": 1,
        "lines that repeat one that is taken, cell for cell": 1,
    }


def read(tmp_path: Path, *lines: object) -> tuple[list[FtmEntity], Collected]:
    file = written(tmp_path, "x.json", "\n".join(map(json.dumps, lines)))
    taken = Collected(NamedPlaces(), GoodsCodes(()))
    return read_entities([look_through(file)], taken), taken


def line(own: object, schema: str = "Company", **said: object) -> dict[str, object]:
    return {"id": own, "schema": schema, "properties": said}


@pytest.mark.parametrize(
    ("first", "second", "schema"),
    [
        ("LegalEntity", "Company", "Company"),
        ("Company", "Organization", "Company"),
        ("Organization", "PublicBody", "PublicBody"),
        ("Person", "LegalEntity", "Person"),
        ("Company", "PublicBody", ""),
        ("Company", "Ownership", ""),
    ],
)
def test_the_narrower_kind_holds(tmp_path: Path, first: str, second: str, schema: str) -> None:
    said = [line("f", first, name=["B", None, "A"]), line("f", second, name="C", country="kz")]
    (found,), taken = read(tmp_path, *said)
    assert found.schema == (schema or first)
    assert found.all("name") == (("B", "A", "C") if schema else ("B", "A"))
    assert taken.left_out[OF_TWO_KINDS] == (not schema)
    assert len(taken.notes) == bool(schema)


def test_more_than_can_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ftm, "ROWS", 2)
    assert len(read(tmp_path, *map(line, "abcd"), line("a", name="A"))[0]) == 4
    with pytest.raises(BadFileError, match="rows would be written"):
        read(tmp_path, *map(line, "abcde"))


def test_shares_that_differ_are_none(tmp_path: Path) -> None:
    two = entity("o", "Ownership", owner="b", asset="a", percentage=["60", "70"])
    _, folder = taken_of(tmp_path, firm("a", "Alpha"), firm("b", "Beta"), two)
    (holding,) = rows(folder, "ownership")
    assert "share_percent" not in holding
    assert (holding["value_as_printed"], holding["note"]) == (
        *("60; 70",),
        "More than one share is printed",
    )
