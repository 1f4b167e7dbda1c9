"""FollowTheMoney entities: what they say, by hand; and that the library that owns them agrees."""

from __future__ import annotations

import json
import os
from collections import Counter
from importlib import import_module
from typing import Any

import pytest

from monazite.exchange.ftm import write_entities
from monazite.exchange.selection import Selection
from monazite.view import View
from tests.conftest import view_in_memory

REFERENCES = {"owner", "asset", "subject", "object", "entity", "proof"}


def entities(selection: Selection) -> dict[str, dict[str, Any]]:
    lines = write_entities(selection).decode().splitlines()
    found = {entity["id"]: entity for entity in map(json.loads, lines)}
    assert len(found) == len(lines)
    return found


@pytest.fixture(scope="module")
def everything() -> View:
    return view_in_memory()


@pytest.fixture(scope="module")
def found(everything: View) -> dict[str, dict[str, Any]]:
    return entities(Selection(everything))


def test_every_firm_body_person_facility_and_source_is_there(
    found: dict[str, dict[str, Any]], everything: View
) -> None:
    rows = Counter(row.table for row in Selection(everything).rows())
    schemata = Counter(entity["schema"] for entity in found.values())
    assert schemata["Asset"] == rows["facilities"]
    assert schemata["Person"] == rows["persons"]
    assert schemata["Document"] == rows["sources"] + 1  # the view
    assert (
        sum(schemata[name] for name in ("Company", "PublicBody", "Organization"))
        == (rows["organisations"])
    )


def test_a_holding_is_ownership_and_an_announced_one_is_not(
    found: dict[str, dict[str, Any]], everything: View
) -> None:
    status = Counter(row.text("status") for row in everything.rows() if row.table == "ownership")
    owned = [entity for entity in found.values() if entity["schema"] == "Ownership"]
    announced = [
        entity
        for entity in found.values()
        if entity["properties"].get("role") == ["announced owner"]
    ]
    assert len(announced) == status.pop("announced") > 5
    assert {entity["schema"] for entity in announced} == {"UnknownLink"}
    assert Counter(entity["properties"]["ownershipType"][0] for entity in owned) == status


def test_who_owns_mountain_pass(found: dict[str, dict[str, Any]]) -> None:
    entity = found["monazite-ownership-mp-materials-mountain-pass-2017"]
    properties = entity["properties"]
    assert entity["schema"] == "Ownership"
    assert properties["owner"] == ["monazite-organisations-mp-materials"]
    assert properties["asset"] == ["monazite-facilities-mountain-pass"]
    assert properties["percentage"] == ["100"]
    assert properties["startDate"][0].startswith("2017")
    assert "endDate" not in properties
    assert properties["recordId"] == ["ownership/mp-materials-mountain-pass-2017"]
    assert properties["retrievedAt"] == ["2026-11-24"]
    assert "monazite-sources-sbc-2021-08" in properties["proof"]
    source = found["monazite-sources-sbc-2021-08"]["properties"]
    assert source["sourceUrl"][0] in properties["sourceUrl"]
    assert source["publisher"][0] in properties["publisher"]


def test_a_firm_on_an_export_control_list_has_a_sanction(found: dict[str, dict[str, Any]]) -> None:
    listed = [entity for entity in found.values() if entity["schema"] == "Sanction"]
    of_mp = [
        e for e in listed if e["properties"]["entity"] == ["monazite-organisations-mp-materials"]
    ]
    assert [
        (e["properties"]["startDate"], e["properties"]["authority"], e["properties"]["country"])
        for e in of_mp
    ] == [(["2026-06-22"], ["Ministry of Commerce of the People's Republic of China"], ["cn"])]
    programs = {text for entity in listed for text in entity["properties"]["authorityId"]}
    assert programs == {"mofcom-2026-11", "mofcom-2026-28", "mofcom-2026-us-ten", "us-1260h-2026"}


def test_neither_a_loan_nor_a_quota_nor_a_watch_list_is_a_sanction(
    found: dict[str, dict[str, Any]],
) -> None:
    listed = {
        text
        for entity in found.values()
        if entity["schema"] == "Sanction"
        for text in entity["properties"]["entity"]
    }
    assert listed.isdisjoint(
        f"monazite-organisations-{name}" for name in ("lynas", "northern-rare-earth", "tdk")
    )


def test_a_company_has_its_names_country_and_outside_ids(found: dict[str, dict[str, Any]]) -> None:
    company = found["monazite-organisations-mp-materials"]
    assert company["schema"] == "Company"
    properties = company["properties"]
    assert properties["name"] == ["MP Materials Corp."]
    assert (properties["country"], properties["ticker"]) == (["us"], ["NYSE:MP"])
    assert properties["cikCode"] == ["1801368"]
    assert "topics" not in properties
    state_owned = found["monazite-organisations-china-rare-earth-group"]["properties"]
    assert state_owned["topics"] == ["gov.soe"]


def test_every_reference_is_to_an_entity_of_the_file(found: dict[str, dict[str, Any]]) -> None:
    missing = [
        (entity["id"], target)
        for entity in found.values()
        for name in REFERENCES & set(entity["properties"])
        for target in entity["properties"][name]
        if target not in found
    ]
    assert missing == []


def test_every_fact_names_its_sources(found: dict[str, dict[str, Any]]) -> None:
    bare = [
        entity["id"]
        for entity in found.values()
        if entity["schema"] != "Document" and not entity["properties"].get("proof")
    ]
    assert bare == []


def test_the_part_of_one_mine_is_closed_and_records_its_view(mine: Selection) -> None:
    part = entities(mine)
    assert {"monazite-facilities-mountain-pass", "monazite-organisations-mp-materials"} <= set(part)
    test_every_reference_is_to_an_entity_of_the_file(part)
    view = json.loads(part["monazite-view"]["properties"]["summary"][0])
    assert view == {**mine.view.describe(), "entity": "mountain-pass"}


def test_a_filtered_view_names_no_source_that_it_leaves_out(primary: View) -> None:
    part = entities(Selection(primary))
    test_every_reference_is_to_an_entity_of_the_file(part)
    assert "monazite-sources-article-2025-06" not in part


def test_the_library_reads_every_entity_without_changing_a_value(
    found: dict[str, dict[str, Any]],
) -> None:
    if not os.environ.get("MONAZITE_REQUIRE_FTM"):
        pytest.importorskip("followthemoney")
    model = import_module("followthemoney").model
    for entity in found.values():
        schema = model.get(entity["schema"])
        schema.validate(entity)
        read = model.get_proxy(entity, cleaned=False).to_dict()
        properties = {name: sorted(values) for name, values in read["properties"].items()}
        assert properties == entity["properties"], entity["id"]
