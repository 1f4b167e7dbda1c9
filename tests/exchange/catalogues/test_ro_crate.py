"""RO-Crate 1.2: what its specification asks for, and as its own library reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monazite.exchange.catalogues.published import PublishedView
from monazite.exchange.catalogues.ro_crate import METADATA, to_ro_crate
from tests.exchange.catalogues.conftest import WriteCopy


@pytest.fixture
def things(published: PublishedView) -> dict[str, Any]:
    told = json.loads(to_ro_crate(published))
    assert told["@context"][0] == "https://w3id.org/ro/crate/1.2/context"
    assert len({each["@id"] for each in told["@graph"]}) == len(told["@graph"])
    return {each["@id"]: each for each in told["@graph"]}


def test_the_descriptor_and_the_root_are_as_the_specification_asks(things: dict[str, Any]) -> None:
    crate, root = things[METADATA], things["./"]
    assert crate["@type"] == "CreativeWork"
    assert crate["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert crate["about"] == {"@id": "./"}
    assert root["@type"] == "Dataset"
    assert {"name", "description", "datePublished", "license"} <= {*root}


def test_whatever_is_named_is_described(things: dict[str, Any]) -> None:
    """Flattened: nothing is nested, and each reference has its entity."""
    for each in things.values():
        assert {"@id", "@type"} <= {*each}
        for name, held in each.items():
            for one in held if isinstance(held, list) else [held]:
                if isinstance(one, dict):
                    assert {*one} == {"@id"}, name
                    assert name == "conformsTo" or one["@id"] in things


def test_each_file_has_its_checksum(things: dict[str, Any], published: PublishedView) -> None:
    parts = [things[each["@id"]] for each in things["./"]["hasPart"]]
    assert [(each["@id"], each["sha256"], each["contentSize"]) for each in parts] == [
        (each.name, each.sha256, str(each.size)) for each in published.files
    ]
    assert {each["@type"] for each in parts} == {"File"}


@pytest.mark.filterwarnings("ignore")
def test_its_own_library_reads_it(write_copy: WriteCopy, published: PublishedView) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate")
    crate = rocrate.ROCrate(str(write_copy("ro-crate", METADATA).parent))
    assert crate.name == published.title.title
    assert {each.id for each in crate.data_entities} == {each.name for each in published.files}
    assert crate.root_dataset["license"].id == published.title.licence
