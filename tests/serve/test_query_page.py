"""The page to ask on: what it offers, and the words that a query can hold."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from tests.conftest import view_in_memory


def index(near: httpx.Client) -> dict[str, dict[str, object]]:
    [text] = re.findall(r'id="index">(.*?)</script>', near.get("/query").text)
    found: dict[str, dict[str, object]] = json.loads(text)
    return found


def test_it_offers_the_questions_and_the_examples(near: httpx.Client) -> None:
    held = index(near)
    assert {"owners", "policies-in-force"} <= held["questions"].keys()
    assert "network-members" not in held["questions"]  # an inner one, which nobody asks
    assert len(held["examples"]) == 20
    owners = held["questions"]["owners"]
    assert isinstance(owners, dict)
    assert [each["name"] for each in owners["parameters"]] == ["entity", "date"]
    assert owners["text"].startswith("PREFIX")


@pytest.mark.whole
def test_examples_and_questions_can_be_asked_of_the_store(near: httpx.Client) -> None:
    held = index(near)
    for text in held["examples"].values():
        assert len(view_in_memory().query(str(text))) > 0


def test_it_may_ask_this_server_and_nobody_else(near: httpx.Client) -> None:
    policy = near.get("/query").headers["content-security-policy"]
    assert "connect-src 'self'" in policy
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_words_are_terms_concepts_and_things_with_their_preset_prefix(near: httpx.Client) -> None:
    words = {word: (kind, about) for word, kind, about in near.get("/query/words").json()}
    assert words["mz:Facility"][0] == "class"
    assert words["mz:operatedBy"][0] == "object property"
    assert words["stage:mine"][0] == "concept"
    assert "白云鄂博" in words["facility:bayan-obo"][1]
    prefixes = view_in_memory().prefixes
    assert all(word.partition(":")[0] in prefixes for word in words)
    ask = "ASK { %s a ?kind }"
    for word in ("facility:bayan-obo", "organisation:mp-materials", "element:Dy"):
        assert word in words
        assert view_in_memory().query(ask % word)
